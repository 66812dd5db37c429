//! This module is the area under the ROC curve: how often one of the first scores above one of the second.
//!
//! The probability is estimated over all pairs, a tie counting half (Mann and Whitney 1947; Bamber 1975). Within a group
//! the first are its positives and the second its negatives. With the negatives of another group it is the cross-group
//! AUC (xAUC: Kallus and Zhou, The fairness of risk scores beyond classification, NeurIPS 2019, definition 2). With
//! two groups regardless of labels it is the probability of superiority.

use super::{Step, steps};
use crate::amounts::Gap;
use crate::inference::Interval;
use crate::tally::Numbers;

/// The area under a ROC curve, with its variance.
#[derive(Clone, Debug, PartialEq)]
pub struct Auc {
    /// The area, from 0 to 1: 0.5 if scores say nothing, 1 if every one of the first scores above all of the second.
    /// Exact if every number was kept as it is; else numbers that fall together count as ties.
    pub point: f64,
    /// The least that the area can be, whatever the order of numbers that fall together.
    pub lowest: f64,
    /// The most that it can be.
    pub highest: f64,
    /// How many the first are.
    pub first: u64,
    /// How many the second are.
    pub second: u64,
    /// Its variance, or why there is none.
    pub variance: Result<f64, &'static str>,
}

/// Why a variance of nothing is no certainty.
const PERFECT: &str = "every pair has the same order, and the spread of the area cannot be estimated from that";
const TOO_FEW: &str = "a spread needs at least two on either side";

/// The area under the ROC curve of the first against the second.
///
/// Its variance is DeLong's (DeLong, DeLong and Clarke-Pearson 1988): with V10 of one of the first the share of the second
/// that it beats, and V01 of one of the second the share of the first that beat it, `var(V10)/m + var(V01)/n`, both
/// variances with one degree of freedom less than rows. Rows are taken to be independent.
///
/// ```
/// use evenhand_measure::scores::auc::auc;
/// use evenhand_measure::tally::Numbers;
/// let positives = Numbers::of([(0.9, 1), (0.8, 1), (0.4, 1)], 0);
/// let negatives = Numbers::of([(0.4, 1), (0.1, 1)], 0);
/// let area = auc(&positives, &negatives).unwrap();
/// assert_eq!(area.point, 5.5 / 6.0);
/// assert_eq!((area.lowest, area.highest), (area.point, area.point));
/// ```
///
/// # Errors
/// When one of the two has no score: there is no pair to look at.
pub fn auc(first: &Numbers, second: &Numbers) -> Result<Auc, &'static str> {
    of_steps(&steps(first, second))
}

fn of_steps(steps: &[Step]) -> Result<Auc, &'static str> {
    let m: u128 = steps.iter().map(|step| u128::from(step.first)).sum();
    let n: u128 = steps.iter().map(|step| u128::from(step.second)).sum();
    if m == 0 {
        return Err("there is no positive with a score");
    }
    if n == 0 {
        return Err("there is no negative with a score");
    }
    // Twice the number of pairs won, so that a tie counts one: whole numbers are exact.
    let (mut won, mut blurred, mut below) = (0u128, 0u128, 0u128);
    for step in steps {
        let (a, b) = (u128::from(step.first), u128::from(step.second));
        won += a * (2 * below + b);
        if step.is_blurred {
            blurred += a * b;
        }
        below += b;
    }
    let pairs = 2.0 * (m as f64) * (n as f64);
    let share = |won: u128| (won as f64 / pairs).clamp(0.0, 1.0);
    Ok(Auc {
        point: share(won),
        lowest: share(won.saturating_sub(blurred)),
        highest: share(won.saturating_add(blurred)),
        first: u64::try_from(m).unwrap_or(u64::MAX),
        second: u64::try_from(n).unwrap_or(u64::MAX),
        variance: delong(steps, (m, n), won),
    })
}

/// DeLong's variance.
fn delong(steps: &[Step], (m, n): (u128, u128), won: u128) -> Result<f64, &'static str> {
    if m < 2 || n < 2 {
        return Err(TOO_FEW);
    }
    // Twice how many of the others each beats, again whole.
    let (mut below_second, mut below_first) = (0u128, 0u128);
    let (mean_first, mean_second) = (won as f64 / m as f64, won as f64 / n as f64);
    let (mut spread_first, mut spread_second) = (Spread::new(mean_first), Spread::new(mean_second));
    for step in steps {
        let (a, b) = (u128::from(step.first), u128::from(step.second));
        spread_first.add(2 * below_second + b, a);
        spread_second.add(2 * (m - below_first - a) + a, b);
        below_second += b;
        below_first += a;
    }
    if spread_first.is_none() && spread_second.is_none() {
        return Err(PERFECT);
    }
    let (m, n) = (m as f64, n as f64);
    // V10 is (twice the pairs)/(2n), V01 is (twice the pairs)/(2m).
    let first = spread_first.sum / (m - 1.0) / (4.0 * n * n) / m;
    let second = spread_second.sum / (n - 1.0) / (4.0 * m * m) / n;
    Ok(first + second)
}

/// A sum of squared distances from a known mean.
struct Spread {
    mean: f64,
    sum: f64,
    seen: Option<u128>,
    differs: bool,
}

impl Spread {
    fn new(mean: f64) -> Self {
        Self {
            mean,
            sum: 0.0,
            seen: None,
            differs: false,
        }
    }

    fn add(&mut self, twice: u128, times: u128) {
        if times == 0 {
            return;
        }
        self.differs |= self.seen.is_some_and(|seen| seen != twice);
        self.seen = Some(twice);
        let distance = twice as f64 - self.mean;
        self.sum += times as f64 * distance * distance;
    }

    fn is_none(&self) -> bool {
        !self.differs
    }
}

/// Twice the pairs that a part of the rows takes part in and the first win, a tie counting half: what goes from the whole
/// when the part is left out. Of all rows it is twice all pairs won.
pub(crate) fn taken(whole: (&Numbers, &Numbers), part: (&Numbers, &Numbers)) -> f64 {
    let won = |first: &Numbers, second: &Numbers| {
        let (mut won, mut below) = (0u128, 0u128);
        for step in steps(first, second) {
            won += u128::from(step.first) * (2 * below + u128::from(step.second));
            below += u128::from(step.second);
        }
        won
    };
    // Pairs within the part are in both of the others.
    (won(part.0, whole.1) + won(whole.0, part.1) - won(part.0, part.1)) as f64
}

impl Auc {
    /// Whether numbers that fall together leave open what the area is.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.lowest == self.highest
    }

    /// The interval on the scale of `ln(A / (1 - A))`, which stays within 0 and 1 and is better near the ends.
    ///
    /// # Errors
    /// When there is no variance, or the area is 0 or 1.
    pub fn logit_interval(&self, z: f64) -> Result<Interval, &'static str> {
        let variance = self.variance?;
        if self.point <= 0.0 || self.point >= 1.0 {
            return Err(PERFECT);
        }
        let logit = (self.point / (1.0 - self.point)).ln();
        // The derivative of the logit is 1 / (A (1 - A)).
        let half = z * variance.sqrt() / (self.point * (1.0 - self.point));
        let back = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        Ok(Interval {
            lower: back(logit - half),
            upper: back(logit + half),
        })
    }
}

/// The difference of the areas of two groups that have no row in common: `z = (A1 - A2) / sqrt(v1 + v2)`.
///
/// # Errors
/// When one of them has no variance.
pub fn gap(one: &Auc, other: &Auc) -> Result<Gap, &'static str> {
    Ok(Gap {
        point: one.point - other.point,
        se: (one.variance? + other.variance?).sqrt(),
        freedom: f64::INFINITY,
    })
}

#[cfg(test)]
#[path = "auc_tests.rs"]
mod tests;
