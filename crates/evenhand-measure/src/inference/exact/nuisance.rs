//! The supremum over the unknown rate.

use super::{Counts, Null};

/// Points spread over the whole range by the arc sine rule, which is denser towards the ends, where a rate's
/// distribution changes fastest.
const SPREAD: u32 = 200;
/// Points within six standard errors of the maximum-likelihood rate on the bound, where large tables have a peak.
const CENTRAL: u32 = 60;
/// Points at halvings of the range towards each end: 2^-22 is one success in 4 million, the largest group.
const HALVINGS: u32 = 22;
/// Points closer than this share of the range count as one.
const CLOSEST: f64 = 1e-10;
/// Peaks refined: neighbouring peaks of the staircase are nearly equal in height, and the highest on the grid need not
/// be the highest of all.
const PEAKS: usize = 3;
/// Golden-section steps: each keeps 0.618 of the bracket, 30 leave 5e-7 of it, and p is flat to the second order there.
const STEPS: u32 = 30;

/// The largest value of `probability` over group b's rates on the bound that lie in `range`.
pub(in crate::inference) fn supremum(
    a: Counts,
    b: Counts,
    null: Null,
    range: (f64, f64),
    mut probability: impl FnMut(f64) -> f64,
) -> f64 {
    let rates = grid(a, b, null, range);
    let values: Vec<f64> = rates.iter().map(|&rate| probability(rate)).collect();
    let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
    let mut peaks: Vec<usize> = (0..values.len())
        .filter(|&index| at(index) >= at(index.saturating_sub(1)) && at(index) >= at(index + 1))
        .collect();
    peaks.sort_by(|&left, &right| at(right).total_cmp(&at(left)));
    let mut best = values.iter().copied().fold(0.0, f64::max);
    for &peak in peaks.iter().take(PEAKS) {
        let rate = |index: usize| rates.get(index).copied();
        let middle = rate(peak).unwrap_or(0.0);
        let left = rate(peak.saturating_sub(1)).unwrap_or(middle);
        let right = rate(peak + 1).unwrap_or(middle);
        best = best.max(golden_section(left, right, &mut probability));
    }
    best
}

/// The rates tried first, ascending.
fn grid(a: Counts, b: Counts, null: Null, (low, high): (f64, f64)) -> Vec<f64> {
    let width = high - low;
    let mut rates: Vec<f64> = (0..=SPREAD)
        .map(|step| {
            low + width
                * (std::f64::consts::FRAC_PI_2 * f64::from(step) / f64::from(SPREAD))
                    .sin()
                    .powi(2)
        })
        .collect();
    for halving in 1..=HALVINGS {
        let part = width * 0.5f64.powi(halving as i32);
        rates.extend([low + part, high - part]);
    }
    // Only the place of these points depends on the observed table, not the value at any of them.
    let centre = null.restricted_rate_b(a, b);
    let trials = (a.trials + b.trials) as f64;
    // One more success and one more failure: an observed rate of 0 still has a spread.
    let smoothed = (centre * trials + 1.0) / (trials + 2.0);
    let error = (smoothed * (1.0 - smoothed) / trials).sqrt();
    rates.extend((0..=CENTRAL).map(|step| centre + (12.0 * f64::from(step) / f64::from(CENTRAL) - 6.0) * error));
    rates.iter_mut().for_each(|rate| *rate = rate.clamp(low, high));
    rates.sort_by(f64::total_cmp);
    // Two points on top of each other would hide the peak beside them: rounding decides which of the two is the higher,
    // and the bracket around it may end at the other.
    rates.dedup_by(|later, earlier| *later - *earlier <= CLOSEST * width);
    rates
}

/// The largest value met by golden-section search between two rates.
fn golden_section(mut left: f64, mut right: f64, probability: &mut impl FnMut(f64) -> f64) -> f64 {
    /// 1 / golden ratio: the share that lets one of two inner points be used again.
    const SHARE: f64 = 0.618_033_988_749_894_9;
    let mut inner_left = right - SHARE * (right - left);
    let mut inner_right = left + SHARE * (right - left);
    let (mut value_left, mut value_right) = (probability(inner_left), probability(inner_right));
    let mut best = value_left.max(value_right);
    for _ in 0..STEPS {
        if value_left >= value_right {
            right = inner_right;
            (inner_right, value_right) = (inner_left, value_left);
            inner_left = right - SHARE * (right - left);
            value_left = probability(inner_left);
        } else {
            left = inner_left;
            (inner_left, value_left) = (inner_right, value_right);
            inner_right = left + SHARE * (right - left);
            value_right = probability(inner_right);
        }
        best = best.max(value_left).max(value_right);
    }
    best
}
