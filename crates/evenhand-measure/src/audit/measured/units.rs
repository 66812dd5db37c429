//! This module is sums per unit that repeats, such as a user, and what follows from them: values, gaps and how sure they
//! are.

use std::collections::BTreeMap;

use super::{Found, never};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, FEWEST_BUCKETS, Scale, Spread, jackknife};
use crate::inference::z_for;
use crate::tally::{Axis, Cell, Cube};

/// The sums of a group, by bucket of the units.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Units(BTreeMap<u32, Vec<f64>>);

/// The number of each bucket of a cube. The order of its levels is that of texts, and differs from cube to cube.
pub(super) fn buckets<V: Cell>(cube: &Cube<V>) -> impl Fn(&[u32]) -> u32 + use<V> {
    let position = cube.positions(Axis::Bucket).next();
    let numbers: Vec<u32> = position.map_or_else(Vec::new, |position| {
        let levels = cube.dimensions()[position].levels.iter();
        // Those without an id share a bucket.
        levels
            .map(|level| level.text().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX))
            .collect()
    });
    move |key| position.map_or(u32::MAX, |position| numbers[key[position] as usize])
}

/// A function of sums.
pub(super) type OfSums = fn(&[f64]) -> Option<f64>;

/// A function of sums, with what is known of it.
#[derive(Clone, Copy)]
pub(super) struct Of<F> {
    pub(super) function: F,
    /// Why it has no value where it has none, as a clause.
    pub(super) undefined: &'static str,
    /// Whether it is a mean of values from 0 to 1.
    pub(super) is_share: bool,
}

const METHOD: &str = "bucket-jackknife";

/// Why a value has no interval whose units are all alike.
const ALIKE: &str = "it is the same for all units of one of the groups, so nothing says how sure it is";

impl Units {
    /// Adds an amount to the sum at this place.
    pub(super) fn add(&mut self, bucket: u32, place: usize, width: usize, amount: f64) {
        self.0.entry(bucket).or_insert_with(|| vec![0.0; width])[place] += amount;
    }

    /// Adds all sums of others.
    pub(super) fn merge(&mut self, other: &Self) {
        for (bucket, sums) in &other.0 {
            let own = self.0.entry(*bucket).or_insert_with(|| vec![0.0; sums.len()]);
            own.iter_mut().zip(sums).for_each(|(own, sum)| *own += sum);
        }
    }

    /// These sums, and behind them those of others about the same units.
    pub(super) fn beside(&self, other: &Self) -> Self {
        let (width, wide) = (self.width(), other.width());
        let mut joined = self.clone();
        joined.0.values_mut().for_each(|sums| sums.resize(width + wide, 0.0));
        for (bucket, sums) in &other.0 {
            let own = joined.0.entry(*bucket).or_insert_with(|| vec![0.0; width + wide]);
            own[width..].copy_from_slice(sums);
        }
        joined
    }

    fn width(&self) -> usize {
        self.0.values().next().map_or(0, Vec::len)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn whole(&self) -> Vec<f64> {
        let mut whole = vec![0.0; self.width()];
        for sums in self.0.values() {
            whole.iter_mut().zip(sums).for_each(|(own, sum)| *own += sum);
        }
        whole
    }

    fn parts(&self) -> Vec<Vec<f64>> {
        self.0.values().cloned().collect()
    }

    /// The value of a function.
    pub(super) fn value<F: Fn(&[f64]) -> Option<f64>>(&self, of: &Of<F>) -> Found {
        let whole = self.whole();
        let point = self.point(of)?;
        if of.is_share && point == 0.0 {
            return Ok(never::shown(self.0.len(), 1.0));
        }
        Ok(estimate(
            point,
            Scale::Linear,
            jackknife(&whole, &self.parts(), &of.function),
        ))
    }

    /// The value alone.
    pub(super) fn point<F: Fn(&[f64]) -> Option<f64>>(&self, of: &Of<F>) -> Result<f64, String> {
        let value = (!self.is_empty()).then(|| (of.function)(&self.whole())).flatten();
        value.ok_or_else(|| of.undefined.to_owned())
    }

    /// The function of these sums against that of others.
    ///
    /// Both may share buckets, so each bucket is left out of both at once. How many units each has decides how far the
    /// error itself may be off (Welch and Satterthwaite): a small group beside a large one is not made surer by it.
    pub(super) fn compared<F: Fn(&[f64]) -> Option<f64>>(
        &self,
        other: &Self,
        of: &Of<F>,
        comparison: Comparison,
    ) -> Found {
        let (one, two) = (self.point(of)?, other.point(of)?);
        if of.is_share && comparison == Comparison::Ratio && (one == 0.0) != (two == 0.0) {
            // The value of the group that has one, so low that the ratio is as close to 1 as these data allow.
            let least = |units: &Self| Ok::<f64, String>(never::least(&units.value(of)?, units.0.len()));
            return Ok(if one == 0.0 {
                never::shown(self.0.len(), 1.0 / least(other)?)
            } else {
                never::against(other.0.len(), 1.0 / least(self)?)
            });
        }
        let (point, scale) = match comparison {
            Comparison::Difference => (one - two, Scale::Linear),
            Comparison::Ratio if two == 0.0 && one == 0.0 => return Err("it is 0 in both groups".to_owned()),
            Comparison::Ratio if two == 0.0 => return Err("it is 0 in the group that is compared with".to_owned()),
            Comparison::Ratio => (one / two, Scale::Log),
        };
        if scale == Scale::Log && point <= 0.0 {
            let why = "a ratio of 0 or less has no logarithm, so nothing says how sure it is";
            return Ok(Estimate::bare(point, scale, why));
        }
        let on_scale = |value: f64| match scale {
            Scale::Log => (value > 0.0).then(|| value.ln()),
            Scale::Linear | Scale::Inverse => Some(value),
        };
        let of_one = |sums: &[f64]| (of.function)(sums).and_then(on_scale);
        let width = self.width();
        let both = |sums: &[f64]| Some(of_one(&sums[..width])? - of_one(&sums[width..])?);
        let joined = self.beside(other);
        let apart = [self, other].map(|units| units.variance(of, scale, of_one));
        let spread = match apart {
            // Where both sides have no variance of their own, neither has what they share.
            [Ok(a), Ok(b)] if a.variance + b.variance == 0.0 => Ok(Spread {
                se: (a.floor + b.floor).sqrt(),
                freedom: a.freedom.min(b.freedom),
            }),
            [Ok(a), Ok(b)] => jackknife(&joined.whole(), &joined.parts(), both).map(|joint| {
                let (se, floor) = (joint.se, a.floor + b.floor);
                let (va, vb) = (a.variance + a.floor, b.variance + b.floor);
                let freedom = (va + vb).powi(2) / (va.powi(2) / a.freedom + vb.powi(2) / b.freedom);
                Spread {
                    se: (se * se + floor).sqrt(),
                    freedom,
                }
            }),
            [Err(why), _] | [_, Err(why)] => Err(why),
        };
        Ok(estimate(point, scale, spread))
    }

    /// Whether the function has the same value in all buckets.
    fn is_alike<F: Fn(&[f64]) -> Option<f64>>(&self, of: &Of<F>) -> bool {
        let mut values = self.0.values().filter_map(|sums| (of.function)(sums));
        values
            .next()
            .is_none_or(|first| values.all(|value| (value - first).abs() <= 1e-12 * first.abs()))
    }

    /// The variance of one side of a comparison.
    fn variance<F: Fn(&[f64]) -> Option<f64>>(
        &self,
        of: &Of<F>,
        scale: Scale,
        function: impl Fn(&[f64]) -> Option<f64>,
    ) -> Result<Side, String> {
        let n = self.0.len();
        let freedom = n as f64 - 1.0;
        match jackknife(&self.whole(), &self.parts(), function) {
            Ok(spread) => Ok(Side {
                variance: spread.se * spread.se,
                floor: 0.0,
                freedom,
            }),
            Err(why) if n < FEWEST_BUCKETS => Err(why),
            // All units are alike. As many others may be there as would leave that a chance of 2.5 %, and each of them
            // moves the mean by at most 1.
            Err(_) if of.is_share && self.is_alike(of) => {
                let reach = (1.0 - 0.025f64.powf(1.0 / n as f64)) / z_for(0.95);
                // A logarithm is off by as much as a part of the value itself.
                let unit = if scale == Scale::Log { self.point(of)? } else { 1.0 };
                Ok(Side {
                    variance: 0.0,
                    floor: (reach / unit).powi(2),
                    freedom,
                })
            }
            Err(_) if self.is_alike(of) => Err(ALIKE.to_owned()),
            Err(why) => Err(why),
        }
    }
}

/// How far one side of a comparison may be off.
struct Side {
    variance: f64,
    /// In place of a variance that is 0 because all units are alike.
    floor: f64,
    freedom: f64,
}

fn estimate(point: f64, scale: Scale, spread: Result<Spread, String>) -> Estimate {
    match spread {
        Ok(spread) => Estimate::new(point, scale, spread.se, spread.freedom, METHOD),
        Err(why) => Estimate::bare(point, scale, why),
    }
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
