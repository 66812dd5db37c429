//! The p-values of a common effect against a bound, and the interval that inverts them.
//!
//! In one stratum the score statistic falls as the bound rises. Over several it nearly always does, too; but where
//! strata contradict each other or hold a handful of people it can turn back, because the variance of one of them may
//! grow faster than the distance to the bound. "At or above the bound" is then more than the bound itself: its p-value
//! is the largest over all effects in it. So p and interval are made of the statistic's nearest return to 0 beyond the
//! bound, looked for on a fixed grid that is dense around equality and at the ends, where the variances vanish.

use super::super::normal::usable;
use super::super::score::root;
use super::super::{Comparison, Correction, Interval, OneSided, Sample};
use super::{point, score_z};

/// Both one-sided p-values of the common effect against a bound; they sum to 1.
///
/// They are those of [`super::score_z`] at the bound, or at an effect further away from the estimate than the bound
/// where that one is easier to believe.
pub fn one_sided(comparison: Comparison, strata: &[(Sample, Sample)], bound: f64, correction: Correction) -> OneSided {
    let at = |bound: f64| score_z(comparison, strata, bound, correction);
    let on_bound = at(bound);
    if strata.len() < 2 || on_bound == 0.0 {
        return OneSided::of(on_bound);
    }
    let above = on_bound < 0.0;
    let beyond = grid(comparison)
        .into_iter()
        .filter(|&probe| if above { probe > bound } else { probe < bound });
    OneSided::of(beyond.map(at).fold(
        on_bound,
        |nearest, z| {
            if above { nearest.max(z) } else { nearest.min(z) }
        },
    ))
}

/// The interval of the common difference or ratio: from the lowest to the highest bound whose `|score_z|` is at most
/// `z`. A one-sided p-value of [`one_sided`] is below the tail of `z` exactly where the interval leaves the bound out
/// on that side.
///
/// A difference stays within [-1, 1]. The lower end of a ratio is 0 when no stratum has a success of group a, the upper
/// end +infinity when none has one of group b. It contains [`point`] wherever there is one. NaN for `z` counts as
/// +infinity, a negative `z` as 0. Without strata it is the whole range.
pub fn interval(comparison: Comparison, strata: &[(Sample, Sample)], z: f64, correction: Correction) -> Interval {
    let z = usable(z);
    let estimate = point(comparison, strata);
    let known = |group: fn(&(Sample, Sample)) -> Sample| strata.iter().any(|pair| group(pair).successes > 0.0);
    let (lowest, highest) = match comparison {
        Comparison::Difference => (-1.0, 1.0),
        Comparison::Ratio => (0.0, f64::INFINITY),
    };
    let end = |limit: f64, upward: bool| {
        let far = |bound: f64| score_z(comparison, strata, bound, correction) * if upward { -1.0 } else { 1.0 } - z;
        outermost(comparison, estimate, upward, far).unwrap_or(limit)
    };
    // Rounding must not put an end past the estimate.
    let cap = |end: f64, pick: fn(f64, f64) -> f64| estimate.map_or(end, |estimate| pick(end, estimate));
    let is_ratio = comparison == Comparison::Ratio;
    Interval {
        lower: if is_ratio && !known(|pair| pair.0) {
            lowest
        } else {
            cap(end(lowest, false), f64::min)
        },
        upper: if is_ratio && !known(|pair| pair.1) {
            highest
        } else {
            cap(end(highest, true), f64::max)
        },
    }
}

/// The outermost zero, seen from the estimate, of a function of the bound that is above 0 far away. `None` if it is not
/// above 0 even at the end of the grid.
fn outermost(comparison: Comparison, estimate: Option<f64>, upward: bool, far: impl Fn(f64) -> f64) -> Option<f64> {
    let mut probes = grid(comparison);
    if let Some(estimate) = estimate {
        probes.retain(|&probe| if upward { probe > estimate } else { probe < estimate });
        // A ratio of 0 is no bound; the grid's smallest is as good.
        if comparison == Comparison::Difference || (estimate > 0.0 && estimate.is_finite()) {
            probes.push(estimate);
        }
    }
    probes.sort_by(f64::total_cmp);
    if upward {
        probes.reverse();
    }
    // From the outside inward.
    let mut outside = None;
    for probe in probes {
        let value = far(probe);
        if value > 0.0 {
            outside = Some(probe);
        } else {
            let outside = outside?;
            return Some(match comparison {
                Comparison::Difference => root(outside, probe, f64::MIN_POSITIVE, far),
                // 1e-17: the ratio itself has a relative precision of 1e-16.
                Comparison::Ratio => {
                    probe * root((outside / probe).ln(), 0.0, 1e-17, |step| far(probe * step.exp())).exp()
                }
            });
        }
    }
    // Every probe is beyond, the estimate too: z is 0 but for rounding.
    estimate.or(outside)
}

/// Bounds over the whole range of a comparison, upward.
fn grid(comparison: Comparison) -> Vec<f64> {
    let positive: Vec<f64> = match comparison {
        // 1e-9 to 1/2 four to the decade; the same distances from 1.
        Comparison::Difference => {
            let near: Vec<f64> = (0..35).map(|step| 10f64.powf(f64::from(step) / 4.0 - 9.0)).collect();
            let far = near.iter().rev().map(|distance| 1.0 - distance);
            near.iter().copied().chain([0.4, 0.5]).chain(far).chain([1.0]).collect()
        }
        // Logarithms from 1e-9 to 1 four to the decade, then up to the largest number.
        Comparison::Ratio => {
            let near = (0..36).map(|step| 10f64.powf(f64::from(step) / 4.0 - 9.0));
            let middle = (2..=20).map(|step| f64::from(step) / 2.0);
            let far = (0..34).map(|step| 12.0 * 1.13f64.powi(step));
            near.chain(middle).chain(far).collect()
        }
    };
    let both = positive
        .iter()
        .rev()
        .map(|value| -value)
        .chain([0.0])
        .chain(positive.iter().copied());
    match comparison {
        Comparison::Difference => both.collect(),
        Comparison::Ratio => both.map(f64::exp).collect(),
    }
}
