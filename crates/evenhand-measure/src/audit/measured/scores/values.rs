//! This module is the measures of scores: values by group, and comparisons of two groups.
//!
//! Rows are independent, or they come in units that repeat. Then every error is that of the jackknife over buckets of
//! units, and nothing else of a measure changes.

mod binned;
mod errors;
mod gaps;
mod median;
mod rank;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::binned::{BRIER_PARTS, CALIBRATION_ERROR, INTERCEPT, LARGEST_CALIBRATION_ERROR, SLOPE};
pub(crate) use self::errors::{BRIER, IN_THE_LARGE, LOG_LOSS, MEAN};
pub(crate) use self::gaps::{DISTANCE, STANDARDIZED};
pub(crate) use self::median::SCORING_RATE;
pub(crate) use self::rank::{AREA_BETWEEN, AUC, CROSS_AUC};
use super::{Part, Rows};
use crate::amounts::Gap;
use crate::audit::measured::Found;
use crate::inference::estimate::{Estimate, Scale, jackknife};

type Values = Vec<(Option<String>, Found)>;

/// What a measure needs of all rows and of those of each bucket: the first less one of the others is what the rows
/// without that bucket would have.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    whole: Vec<f64>,
    parts: BTreeMap<u32, Vec<f64>>,
}

impl Sums {
    fn of(part: &Part, sums: impl Fn(&Rows) -> Vec<f64>) -> Self {
        Self {
            whole: sums(&part.rows),
            parts: part
                .buckets
                .iter()
                .map(|(bucket, rows)| (*bucket, sums(rows)))
                .collect(),
        }
    }

    /// Side by side with those of another group, bucket by bucket.
    fn beside(&self, other: &Self) -> Self {
        let nothing = |sums: &Self| vec![0.0; sums.whole.len()];
        let (none, no_other) = (nothing(self), nothing(other));
        let join = |one: &Vec<f64>, two: &Vec<f64>| [one.as_slice(), two.as_slice()].concat();
        let parts = buckets(&self.parts, &other.parts).map(|bucket| {
            let one = self.parts.get(&bucket).unwrap_or(&none);
            let two = other.parts.get(&bucket).unwrap_or(&no_other);
            (bucket, join(one, two))
        });
        Self {
            whole: join(&self.whole, &other.whole),
            parts: parts.collect(),
        }
    }

    /// An estimate with the error of the jackknife, on the scale of `function`.
    fn estimate(&self, point: f64, scale: Scale, function: impl Fn(&[f64]) -> Option<f64>) -> Estimate {
        let parts: Vec<Vec<f64>> = self.parts.values().cloned().collect();
        match jackknife(&self.whole, &parts, function) {
            Ok(spread) => Estimate::new(point, scale, spread.se, spread.freedom, "jackknife"),
            Err(why) => Estimate::bare(point, scale, why),
        }
    }
}

/// The buckets that either has.
fn buckets<V>(one: &BTreeMap<u32, V>, other: &BTreeMap<u32, V>) -> impl Iterator<Item = u32> + use<V> {
    let all: BTreeSet<u32> = one.keys().chain(other.keys()).copied().collect();
    all.into_iter()
}

/// A sum over a number of rows.
fn ratio(sums: &[f64]) -> Option<f64> {
    (sums[1] > 0.0).then(|| sums[0] / sums[1])
}

fn one(found: Found) -> Values {
    vec![(None, found)]
}

fn reported(why: &str, point: f64) -> Estimate {
    Estimate::bare(point, Scale::Linear, why)
}

fn of_gap(gap: Gap, method: &'static str) -> Estimate {
    Estimate::new(gap.point, Scale::Linear, gap.se, gap.freedom, method)
}
