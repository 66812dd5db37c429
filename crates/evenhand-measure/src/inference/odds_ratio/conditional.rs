//! Inference conditional on the margins of the table: Fisher's noncentral hypergeometric distribution.

use super::{positive, search::crossing};
use crate::inference::hypergeometric::{Hypergeometric, Split};
use crate::inference::two_by_two::{Counts, Limit, NotComputed};
use crate::inference::{Interval, OneSided, Sample, z_above};

/// Up to these sizes. An interval sums the distribution, some sixteen standard deviations of at most 5,000 outcomes,
/// some twenty times: 10 ms.
pub const EXACT: Limit = Limit {
    method: "the exact odds ratio",
    smaller: 100_000_000,
    larger: 1 << 53,
};

/// The conditional maximum-likelihood estimate of the odds ratio: the odds at which the mean of the noncentral
/// hypergeometric distribution is the observed count (Cornfield 1956); what R's `fisher.test` prints.
///
/// 0 where group a has as few successes as the margins allow, +infinity where it has as many; `Ok(None)` where the
/// margins allow one table only, because nothing or everything succeeded, which tells nothing.
pub fn conditional_estimate(a: Counts, b: Counts) -> Result<Option<f64>, NotComputed> {
    let table = Table::new(a, b)?;
    Ok(match table.extremes() {
        (true, true) => None,
        (true, false) => Some(0.0),
        (false, true) => Some(f64::INFINITY),
        (false, false) => {
            let observed = a.successes as f64;
            table.crossing(0.1, |odds| observed - table.at(odds).mean())
        }
    })
}

/// The exact conditional interval (Cornfield 1956): at the lower end P(X >= x) is half of `1 - confidence`, at the
/// upper end P(X <= x) is. It covers the true odds ratio at least as often as it says.
///
/// The lower end is 0, or the upper +infinity, where the conditional estimate is. A confidence of 1 or more, or NaN,
/// gives (0, +infinity); one of 0 or less counts as 0.
pub fn exact(a: Counts, b: Counts, confidence: f64) -> Result<Interval, NotComputed> {
    let table = Table::new(a, b)?;
    let (at_lowest, at_highest) = table.extremes();
    let tail = ((1.0 - confidence) / 2.0).min(0.5);
    // False for NaN as well.
    let limited = confidence < 1.0;
    // Logarithms: a tail falls by many orders of magnitude within the search.
    let end = |p: &dyn Fn(Split) -> f64, sign: f64| {
        table.crossing(z_above(tail), |odds| sign * (p(table.split(odds)).ln() - tail.ln()))
    };
    let lower = if at_lowest || !limited {
        None
    } else {
        end(&Split::at_least, -1.0)
    };
    let upper = if at_highest || !limited {
        None
    } else {
        end(&Split::at_most, 1.0)
    };
    Ok(Interval {
        lower: lower.unwrap_or(0.0),
        upper: upper.unwrap_or(f64::INFINITY),
    })
}

/// The exact conditional p-values of the odds ratio against `bound`: P(X <= x) for the evidence that it is below, and
/// P(X >= x) that it is above. They sum to 1 and the probability of the observed table. At a bound of 1 they are
/// Fisher's one-sided p-values.
///
/// One is under `alpha` exactly when the [`exact`] interval of confidence `1 - 2 alpha` leaves the bound out on that
/// side. `bound` must be above 0; anything else is moved to the nearest such number. NaN has p = 1: a bound that is no
/// number has no evidence against it.
pub fn exact_one_sided(a: Counts, b: Counts, bound: f64) -> Result<OneSided, NotComputed> {
    let table = Table::new(a, b)?;
    if bound.is_nan() {
        return Ok(OneSided { below: 1.0, above: 1.0 });
    }
    let split = table.split(positive(bound));
    Ok(OneSided {
        below: split.at_most(),
        above: split.at_least(),
    })
}

/// An observed table of a size for which the method is offered.
#[derive(Debug, Clone, Copy)]
struct Table {
    a: Counts,
    b: Counts,
}

impl Table {
    fn new(a: Counts, b: Counts) -> Result<Self, NotComputed> {
        EXACT.check(a, b)?;
        Ok(Self { a, b })
    }

    /// The distribution of a's successes at some odds that are a number not below 0.
    fn at(self, odds: f64) -> Hypergeometric {
        Hypergeometric::with(self.a.trials, self.b.trials, self.a.successes + self.b.successes, odds)
    }

    fn split(self, odds: f64) -> Split {
        self.at(odds).split(self.a.successes)
    }

    /// Whether the observed count is the lowest, and whether it is the highest, that the margins allow.
    fn extremes(self) -> (bool, bool) {
        let margins = self.at(1.0);
        let observed = self.a.successes;
        (observed == margins.lowest(), observed == margins.highest())
    }

    fn crossing(self, z: f64, excess: impl Fn(f64) -> f64) -> Option<f64> {
        let sample = |counts: Counts| Sample {
            successes: counts.successes as f64,
            trials: counts.trials as f64,
        };
        crossing(sample(self.a), sample(self.b), z, excess)
    }
}
