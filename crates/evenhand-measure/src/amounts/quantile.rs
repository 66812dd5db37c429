//! Intervals of quantiles, and of the gap between the quantiles of two groups.
//!
//! A quantile's interval ends at two of the numbers themselves, so it takes nothing for granted about the distribution.
//! Which two is read off the binomial distribution of the rows below the quantile; where rows belong together (the
//! quotes of one customer), off the variance of their share between buckets (Woodruff, "Confidence intervals for medians
//! and other position measures", JASA 47, 1952).

use statrs::function::beta::beta_reg;

use super::distribution::{Distribution, Within};
use super::gap::quantile as student;
use crate::inference::estimate::FEWEST_BUCKETS;
use crate::inference::{Interval, z_for};

/// Where the curve of quantile gaps is looked at.
pub const TAUS: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

/// Up to so many rows the ranks are read off the binomial distribution itself, beyond it off the normal one.
const MOST_EXACT: u64 = 1_000;

/// The gap between a quantile of a group and the same quantile of its reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantileGap {
    /// Which quantile.
    pub tau: f64,
    /// The group's less the reference's.
    pub gap: Within,
    /// Its interval, unless there are too few rows for one.
    pub interval: Option<Interval>,
}

/// Which rows make up an interval, counted from 0 for the lowest number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranks {
    /// Its lower end.
    pub lower: u64,
    /// Its upper end.
    pub upper: u64,
}

/// The ranks between which the quantile at `tau` of a population lies with this confidence, for `n` independent rows:
/// the narrowest that leave no more than half of the rest on each side. `None` if there are too few rows.
///
/// ```
/// use evenhand_measure::amounts::quantile::{Ranks, ranks};
/// // The second lowest to the second highest of nine: 96.1 % (Conover 1999, section 3.2).
/// assert_eq!(ranks(9, 0.5, 0.95), Some(Ranks { lower: 1, upper: 7 }));
/// assert_eq!(ranks(5, 0.5, 0.95), None);
/// ```
#[must_use]
pub fn ranks(n: u64, tau: f64, confidence: f64) -> Option<Ranks> {
    if n == 0 || !(tau > 0.0 && tau < 1.0 && (0.0..1.0).contains(&confidence)) {
        return None;
    }
    let tail = (1.0 - confidence) / 2.0;
    if n > MOST_EXACT {
        let reach = z_for(confidence) * (tau * (1.0 - tau) / n as f64).sqrt();
        return ranks_between(n, tau - reach, tau + reach);
    }
    // No more than `k` of the rows are below the quantile.
    let at_most = |k: u64| {
        if k >= n {
            1.0
        } else {
            beta_reg((n - k) as f64, k as f64 + 1.0, 1.0 - tau)
        }
    };
    // The number at rank l is above the quantile if no more than l rows are below it. 1e-12 is rounding of the tails.
    let lower = (0..n).take_while(|k| at_most(*k) <= tail + 1e-12).last()?;
    let upper = (0..n).find(|k| 1.0 - at_most(*k) <= tail + 1e-12)?;
    (lower <= upper).then_some(Ranks { lower, upper })
}

/// The same where rows belong together: by bucket how many rows there are of a group, and how many of them are at or
/// below its quantile. `None` if there are too few rows, or fewer than [`FEWEST_BUCKETS`] buckets with rows.
#[must_use]
pub fn clustered_ranks(buckets: &[(u64, u64)], tau: f64, confidence: f64) -> Option<Ranks> {
    let full = || buckets.iter().filter(|(rows, _)| *rows > 0);
    let (count, n) = (full().count(), full().map(|(rows, _)| *rows).sum::<u64>());
    if count < FEWEST_BUCKETS || !(tau > 0.0 && tau < 1.0 && (0.0..1.0).contains(&confidence)) {
        return None;
    }
    let below: u64 = full().map(|(_, below)| *below).sum();
    let share = below as f64 / n as f64;
    let squares: f64 = full()
        .map(|(rows, below)| (*below as f64 - share * *rows as f64).powi(2))
        .sum();
    let g = count as f64;
    let se = (g / (g - 1.0) * squares).sqrt() / n as f64;
    let reach = student(confidence, g - 1.0) * se;
    // Rows that all lie on one side show no spread, which is no certainty.
    (se > 0.0).then(|| ranks_between(n, tau - reach, tau + reach))?
}

/// The ranks of shares of the rows, rounded outwards.
fn ranks_between(n: u64, low: f64, high: f64) -> Option<Ranks> {
    let rows = n as f64;
    let (lower, upper) = ((rows * low).floor() - 1.0, (rows * high).ceil());
    (lower >= 0.0 && upper <= rows - 1.0).then_some(Ranks {
        lower: lower as u64,
        upper: upper as u64,
    })
}

/// The interval of a quantile, from the ranks of its ends.
#[must_use]
pub fn between(numbers: &Distribution, ranks: Ranks) -> Interval {
    Interval {
        lower: numbers.at(ranks.lower).low,
        upper: numbers.at(ranks.upper).high,
    }
}

/// The gap between the quantiles at `tau`, with the ranks of each group's own interval; `None` where the numbers are
/// too far apart to subtract.
///
/// The interval of the gap recovers the variances from the distances of each quantile to the ends of its own interval
/// (MOVER: Zou and Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27, 2008).
/// Rows of one group are taken as independent of those of the other.
#[must_use]
pub fn gap(
    (group, of_group): (&Distribution, Option<Ranks>),
    (reference, of_reference): (&Distribution, Option<Ranks>),
    tau: f64,
) -> Option<QuantileGap> {
    let (one, two) = (group.quantile(tau)?, reference.quantile(tau)?);
    let gap = one.less(two);
    let interval = of_group.zip(of_reference).map(|(a, b)| {
        let (a, b) = (between(group, a), between(reference, b));
        // From the ends of what is known of the gap, so that both doubts are in it.
        Interval {
            lower: gap.low - (one.low - a.lower).max(0.0).hypot((b.upper - two.high).max(0.0)),
            upper: gap.high + (a.upper - one.high).max(0.0).hypot((two.low - b.lower).max(0.0)),
        }
    });
    let is_finite = gap.low.is_finite() && gap.high.is_finite();
    is_finite.then_some(QuantileGap {
        tau,
        gap,
        interval: interval.filter(|ends| ends.lower.is_finite() && ends.upper.is_finite()),
    })
}
