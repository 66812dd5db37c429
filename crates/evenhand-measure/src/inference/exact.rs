//! An exact unconditional one-sided test of a bound on a ratio or a difference.
//!
//! Barnard's (1945) construction: order all tables with the given group sizes by a statistic, add up the probability
//! of those at least as extreme as the observed one, and take the largest such sum over the unknown common rate. The
//! statistic is the score Z at the bound (Chan 1998), so that the order is that of the asymptotic test it checks; at
//! a difference of 0 it is the pooled Z. Z rises with a's successes and falls with b's, hence the tables at least as
//! extreme form a staircase and the largest sum is attained on the bound itself (Barnard's convexity condition).

use std::fmt;

use super::{Comparison, Correction, Sample, Side};

pub(super) mod binomial;
mod confidence;
pub(super) mod nuisance;
#[cfg(test)]
mod tests;

use binomial::{LOST_MASS, Window};

/// A group of an integer table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Trials with the counted outcome, at most `trials`.
    pub successes: u64,
    /// All trials; above 0.
    pub trials: u64,
}

impl Counts {
    /// A valid group, or `None` if `trials` is 0 or `successes` exceeds it.
    pub fn new(successes: u64, trials: u64) -> Option<Self> {
        (trials > 0 && successes <= trials).then_some(Self { successes, trials })
    }

    fn with(self, successes: u64) -> Sample {
        Sample {
            successes: successes as f64,
            trials: self.trials as f64,
        }
    }
}

/// The bound that the null hypothesis reaches up to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Null {
    /// On `p_a / p_b`; above 0.
    Ratio(f64),
    /// On `p_a - p_b`; within [-1, 1].
    Difference(f64),
}

impl Null {
    /// The null hypothesis that this comparison reaches up to `bound`.
    pub fn new(comparison: Comparison, bound: f64) -> Self {
        match comparison {
            Comparison::Ratio => Self::Ratio(bound),
            Comparison::Difference => Self::Difference(bound),
        }
    }

    /// The comparison and its bound, moved into its range if it is outside.
    fn parts(self) -> (Comparison, f64) {
        match self {
            Self::Ratio(bound) => (Comparison::Ratio, bound.clamp(f64::MIN_POSITIVE, f64::MAX)),
            Self::Difference(bound) => (Comparison::Difference, bound.clamp(-1.0, 1.0)),
        }
    }

    fn z(self, a: Sample, b: Sample) -> f64 {
        let (comparison, bound) = self.parts();
        // The N/(N-1) factor is the same for every table of these sizes and cannot change the order.
        comparison.score_z(a, b, bound, Correction::None)
    }

    /// Group b's maximum-likelihood rate on the bound.
    fn restricted_rate_b(self, a: Counts, b: Counts) -> f64 {
        let (comparison, bound) = self.parts();
        comparison
            .contrast(a.with(a.successes), b.with(b.successes), bound)
            .restricted_b
    }

    /// The same bound with the groups exchanged.
    fn exchanged(self) -> Self {
        match self {
            Self::Ratio(bound) => Self::Ratio(1.0 / bound),
            Self::Difference(bound) => Self::Difference(-bound),
        }
    }

    fn rate_a(self, rate_b: f64) -> f64 {
        let (comparison, bound) = self.parts();
        comparison.rate_on(bound, rate_b).clamp(0.0, 1.0)
    }

    /// Group b's rates for which both rates are probabilities on the bound.
    fn range_of_rate_b(self) -> (f64, f64) {
        match self.parts() {
            (Comparison::Ratio, bound) => (0.0, (1.0 / bound).min(1.0)),
            (Comparison::Difference, bound) => ((-bound).max(0.0), (1.0 - bound).min(1.0)),
        }
    }
}

/// Largest size of the smaller group. The order needs about log2(larger group) statistics for each of its outcomes:
/// 4,000 times 24 statistics of a tenth of a microsecond are 10 ms.
pub const LARGEST_SMALLER_GROUP: u64 = 4_000;

/// Largest size of the larger group. Its probabilities are summed over some 15 standard deviations, up to 15,000
/// outcomes at this size, for each of about 400 nuisance rates: 20 ms. The asymptotic test wants checking where an
/// expected count is small, which a larger group than this hardly leaves possible unless the smaller one is tiny.
pub const LARGEST_LARGER_GROUP: u64 = 4_000_000;

/// The table is past the sizes for which the exact test is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// Trials in the smaller group.
    pub smaller: u64,
    /// Trials in the larger group.
    pub larger: u64,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "groups of {} and {} are too large for the exact test, which takes up to {LARGEST_SMALLER_GROUP} in the \
             smaller and {LARGEST_LARGER_GROUP} in the larger",
            self.smaller, self.larger
        )
    }
}

impl std::error::Error for TooLarge {}

/// The exact unconditional p-value of the evidence that the truth lies on `side` of the bound.
///
/// `Side::Below` tests H0 "ratio (or difference) at or above the bound" against "below", `Side::Above` the opposite.
/// p is the supremum, over the rates on the bound, of the probability of a Z at least as far to that side; ties are
/// included within 1e-9. Probabilities are summed over windows that hold all but 1e-13 of the mass, and the missing
/// mass is added, so p is never understated by that (and never under 1e-13). The supremum is looked for on a
/// grid of a few hundred rates, refined around its three highest peaks; a narrower peak than that would be missed.
///
/// The supremum is over all rates, also those that the data rule out; where the groups differ much in size it can lie
/// far from the observed rates, and p is then well above the asymptotic one.
///
/// 0 < p <= 1 for counts that [`Counts::new`] accepts and a bound in its range; [`TooLarge`] past the stated sizes.
pub fn unconditional(a: Counts, b: Counts, null: Null, side: Side) -> Result<f64, TooLarge> {
    over(a, b, null, side, Nuisance::All)
}

/// The same p-value with the supremum taken near the data only (Berger & Boos 1994): over a confidence set of the
/// larger group's rate, whose error rate of one in 100,000 is added to p.
///
/// It is as exact as [`unconditional`] and does not hold a small group beside a huge one to rates of the huge one that
/// its own counts rule out.
pub fn unconditional_near(a: Counts, b: Counts, null: Null, side: Side) -> Result<f64, TooLarge> {
    over(a, b, null, side, Nuisance::NearTheData)
}

/// Which of the unknown rates are considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nuisance {
    All,
    NearTheData,
}

fn over(a: Counts, b: Counts, null: Null, side: Side, nuisance: Nuisance) -> Result<f64, TooLarge> {
    let (smaller, larger) = (a.trials.min(b.trials), a.trials.max(b.trials));
    if smaller > LARGEST_SMALLER_GROUP || larger > LARGEST_LARGER_GROUP {
        return Err(TooLarge { smaller, larger });
    }
    // The larger group is b: its outcomes are the ones found by bisection.
    if a.trials > b.trials {
        return over(b, a, null.exchanged(), side.opposite(), nuisance);
    }
    // A bound that is no number has no evidence against it.
    if matches!(null, Null::Ratio(bound) | Null::Difference(bound) if bound.is_nan()) {
        return Ok(1.0);
    }
    let extreme = Extreme::new(a, b, null, side);
    let mut scratch = (Window::default(), Window::default());
    let all = null.range_of_rate_b();
    let (range, excluded) = match nuisance {
        Nuisance::All => (all, 0.0),
        Nuisance::NearTheData => {
            let (low, high) = confidence::rates_not_excluded(b);
            // A set that misses the bound's range altogether leaves the nearest rate of that range.
            let near = (low.clamp(all.0, all.1), high.clamp(all.0, all.1));
            (near, confidence::EXCLUDED)
        }
    };
    let supremum = nuisance::supremum(a, b, null, range, |rate_b| extreme.probability(rate_b, &mut scratch));
    Ok((supremum + excluded).min(1.0))
}

/// How far from the observed statistic another still counts as equal to it: rounding leaves less than this in a Z. In
/// large tables truly different statistics may be this close; counting them as ties only raises p.
const TIE: f64 = 1e-9;

/// The tables at least as extreme as the observed one.
struct Extreme {
    a: Counts,
    b: Counts,
    null: Null,
    side: Side,
    /// For each outcome of a, the first outcome of b that is in (`Below`) or no longer in (`Above`).
    boundary: Vec<u64>,
}

impl Extreme {
    fn new(a: Counts, b: Counts, null: Null, side: Side) -> Self {
        let observed = null.z(a.with(a.successes), b.with(b.successes));
        // Z falls as b's successes rise, so this is false up to the boundary and true from there on.
        let past = |of_a: u64, of_b: u64| {
            let z = null.z(a.with(of_a), b.with(of_b));
            match side {
                Side::Below => z <= observed + TIE,
                Side::Above => z < observed - TIE,
            }
        };
        let mut first = 0;
        let boundary = (0..=a.trials)
            .map(|of_a| {
                // Z rises with a's successes, so the boundary never moves back.
                let mut beyond = b.trials + 1;
                while first < beyond {
                    let middle = first + (beyond - first) / 2;
                    if past(of_a, middle) {
                        beyond = middle;
                    } else {
                        first = middle + 1;
                    }
                }
                first
            })
            .collect();
        Self {
            a,
            b,
            null,
            side,
            boundary,
        }
    }

    /// Their probability on the bound, group b having this rate.
    fn probability(&self, rate_b: f64, (of_a, of_b): &mut (Window, Window)) -> f64 {
        of_a.fill(self.a.trials, self.null.rate_a(rate_b));
        of_b.fill(self.b.trials, rate_b);
        of_b.accumulate();
        let inside = self.boundary.iter().skip(of_a.first as usize).zip(&of_a.weights);
        let sum: f64 = inside
            .map(|(&boundary, weight)| {
                let below = of_b.below(boundary);
                weight * if self.side == Side::Below { below.1 } else { below.0 }
            })
            .sum();
        // Each window lacks at most that much, and rounding errors are smaller.
        (sum + 2.0 * LOST_MASS).min(1.0)
    }
}
