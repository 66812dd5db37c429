//! Fisher's exact test and its mid-p variants.

use super::{Limit, NotComputed, TwoByTwo};
use crate::inference::hypergeometric::Hypergeometric;

/// Up to these sizes. The distribution's standard deviation is at most half the root of the smaller group, 160,000
/// outcomes here, and some sixteen of those are summed twice: 20 ms. Counts above 2^53 are not exact in a `f64`.
pub const FISHER: Limit = Limit {
    method: "Fisher's exact test",
    smaller: 100_000_000_000,
    larger: 1 << 53,
};

/// Fisher's (1935) exact test of equal rates: the successes of group a given all margins of the table, which are then
/// hypergeometric. All p-values are within [0, 1]; one under 1e-300 may be 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fisher {
    /// P(X <= x): small means evidence that group a's rate is the lower.
    pub less: f64,
    /// P(X >= x): small means evidence that group a's rate is the higher.
    pub greater: f64,
    /// The probability of the observed table, P(X = x).
    pub point: f64,
    /// Two-sided by likelihood ("minlike"): the probability of all tables no likelier than the observed one, where one
    /// that is up to 1e-7 likelier, relatively, counts as equal (as in R's `fisher.test`).
    pub two_sided: f64,
    /// Lancaster's (1961) mid-p of `less`: P(X < x) + P(X = x)/2.
    pub mid_p_less: f64,
    /// Lancaster's mid-p of `greater`: P(X > x) + P(X = x)/2.
    pub mid_p_greater: f64,
}

impl Fisher {
    /// The two-sided mid-p by doubling: twice the smaller one-sided mid-p, which is `2 min(less, greater) - point`,
    /// at most 1.
    pub fn mid_p_doubled(&self) -> f64 {
        (2.0 * self.mid_p_less.min(self.mid_p_greater)).min(1.0)
    }

    /// The two-sided mid-p by likelihood: `two_sided - point/2`.
    pub fn mid_p_minlike(&self) -> f64 {
        self.two_sided - 0.5 * self.point
    }
}

impl TwoByTwo {
    /// Fisher's exact test, up to the sizes of [`FISHER`]. Where nothing or everything succeeded the table is the only
    /// one with its margins: every p-value is 1, and every mid-p of one side is 1/2.
    pub fn fisher(&self) -> Result<Fisher, NotComputed> {
        FISHER.check(self.a, self.b)?;
        let successes = self.a.successes + self.b.successes;
        let distribution = Hypergeometric::with(self.a.trials, self.b.trials, successes, 1.0);
        let split = distribution.split(self.a.successes);
        Ok(Fisher {
            less: split.at_most(),
            greater: split.at_least(),
            point: split.at,
            two_sided: distribution.no_likelier_than(self.a.successes),
            mid_p_less: split.below + 0.5 * split.at,
            mid_p_greater: split.above + 0.5 * split.at,
        })
    }
}
