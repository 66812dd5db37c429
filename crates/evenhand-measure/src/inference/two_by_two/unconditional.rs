//! The two-sided exact tests that fix the sizes of the groups only: Barnard's and Boschloo's.
//!
//! Fisher's test takes the number of successes as given. In an audit only the group sizes are, and the tests here let
//! the successes vary: p is the largest probability, over the unknown common rate, of a table at least as extreme. The
//! largest value is looked for on a grid of a few hundred rates and refined around its highest peaks. The sums lack up
//! to 1e-13, which is added, so no p-value is under that.

use super::region::{Region, Trivial};
use super::{Counts, Limit, NotComputed, TwoByTwo};
use crate::inference::exact::binomial::LOST_MASS;

#[cfg(test)]
mod tests;

/// Up to these sizes. The probabilities are summed over some 15 standard deviations of each group for each of about 400
/// rates: 18 ms at these sizes, 2 ms where both groups have 4,000.
pub const BARNARD: Limit = Limit {
    method: "Barnard's exact test",
    smaller: 4_000,
    larger: 4_000_000,
};

/// Up to these sizes. Fisher's p-value is needed for every step along the boundary of the extreme tables, as many as
/// there are trials: 16 ms at these sizes, 4 ms where both groups have 2,000.
pub const BOSCHLOO: Limit = Limit {
    method: "Boschloo's exact test",
    smaller: 2_000,
    larger: 20_000,
};

/// Boschloo's (1970) p-values; each at most the one of Fisher's test of the same name, but for 1e-13.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boschloo {
    /// Small means evidence that group a's rate is the lower.
    pub less: f64,
    /// Small means evidence that group a's rate is the higher.
    pub greater: f64,
}

impl Boschloo {
    /// Twice the smaller one-sided p-value, at most 1.
    pub fn two_sided(&self) -> f64 {
        (2.0 * self.less.min(self.greater)).min(1.0)
    }
}

impl TwoByTwo {
    /// Barnard's (1945) two-sided p-value, tables ordered by the size of the pooled z. The largest probability is that
    /// of both tails together. A table with equal rates has p = 1.
    ///
    /// Up to the sizes of [`BARNARD`].
    pub fn barnard(&self) -> Result<f64, NotComputed> {
        BARNARD.check(self.a, self.b)?;
        if self.cross_difference() == 0.0 {
            return Ok(1.0);
        }
        let (mut a, mut b) = (self.a, self.b);
        if a.trials > b.trials {
            (a, b) = (b, a);
        }
        // Success and failure exchanged, the same tables are extreme: the rates above one half repeat those below.
        if a.successes + b.successes > (a.trials + b.trials) / 2 {
            (a, b) = (reflected(a), reflected(b));
        }
        Ok(Region::of_pooled_z(a, b).supremum((0.0, 0.5)))
    }

    /// Boschloo's (1970) p-values: an unconditional test whose order is that of Fisher's one-sided p-value.
    ///
    /// Up to the sizes of [`BOSCHLOO`].
    pub fn boschloo(&self) -> Result<Boschloo, NotComputed> {
        BOSCHLOO.check(self.a, self.b)?;
        let fisher = self.fisher()?;
        let one_sided = |a: Counts, b: Counts, fisher_p: f64| {
            // The smaller group is the one listed. Less for a is less for the failures of b.
            let (a, b) = if a.trials <= b.trials {
                (a, b)
            } else {
                (reflected(b), reflected(a))
            };
            match Region::of_fisher_less(a, b, fisher.point, fisher_p) {
                Ok(region) => region.supremum((0.0, 1.0)),
                Err(Trivial::Everything) => 1.0,
                Err(Trivial::Nothing) => 2.0 * LOST_MASS,
            }
        };
        Ok(Boschloo {
            less: one_sided(self.a, self.b, fisher.less),
            // Group a's rate is the higher where group b's is the lower.
            greater: one_sided(self.b, self.a, fisher.greater),
        })
    }
}

/// The same group with success and failure exchanged.
fn reflected(counts: Counts) -> Counts {
    Counts {
        successes: counts.trials - counts.successes,
        ..counts
    }
}
