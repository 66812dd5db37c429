//! Intervals, tests, exact p-values, multiplicity and power for two binomial rates.
//!
//! Pure functions over counts; nothing here reads, prints or remembers anything.
//!
//! - [`proportion`]: intervals of one rate: Wilson, Clopper-Pearson, mid-p, Jeffreys.
//! - [`difference`], [`ratio`]: the score test of two rates against a bound, and the interval that inverts it;
//!   [`mover`], [`agresti_caffo`], [`katz`]: the others that a policy may choose.
//! - [`odds_ratio`]: odds ratios by score, Woolf and the exact conditional method.
//! - [`two_by_two`], [`hypergeometric`]: the named tests of equality.
//! - [`Comparison`]: one name for a difference or a ratio.
//! - [`exact`]: an exact unconditional (Barnard type) one-sided test against a bound for small tables.
//! - [`strata`], [`standardisation`]: groups compared like with like, and what composition makes of a gap.
//! - [`multiplicity`]: Holm, Benjamini-Hochberg, Benjamini-Yekutieli; [`resampling`]: max-T by seeded resampling.
//! - [`power`]: what the data could have shown, and how many more rows would settle the question.
//! - [`practical`]: people instead of p-values; [`pooling`]: empirical Bayes.
//! - [`prefixes`], [`relabelling`]: exact tests of one ranking, and of the labels of its items.
//! - [`betting`]: e-processes against a bound, for tests that are looked at again and again.
//!
//! The tests and the intervals use the same statistic. A one-sided p-value is therefore under 0.025 exactly when the
//! 95 % interval leaves the bound out on that side, and the two printed numbers never contradict each other.
//!
//! No function returns NaN for valid samples and a bound that is a number. Where a quantity is undefined the return
//! type says so (`Option`), or the limit is used and its choice is documented at the function.

pub mod agresti_caffo;
mod beta;
pub mod betting;
pub mod comparison;
pub mod difference;
pub mod estimate;
pub mod exact;
pub mod hypergeometric;
pub mod katz;
pub mod mover;
pub mod multiplicity;
pub mod normal;
pub mod odds_ratio;
pub mod paired;
pub mod pooling;
pub mod power;
pub mod practical;
pub mod prefixes;
pub mod proportion;
pub mod ratio;
pub mod relabelling;
pub mod resampling;
pub mod score;
pub mod standardisation;
pub mod strata;
pub mod two_by_two;

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(crate) mod testing;

pub use comparison::Comparison;
pub use exact::{Counts, Null, TooLarge, unconditional, unconditional_near};
pub use multiplicity::holm;
pub use normal::{normal_cdf, normal_sf, z_above, z_for};
pub use power::{Plan, Settle, detectable, multiplier_to_settle};
pub use proportion::{clopper_pearson, jeffreys, mid_p, wilson};
pub use score::{Correction, OneSided, Side};

/// How many trials a group has and how many of them succeeded.
///
/// Fractions are allowed: the effective counts of weighted data are rarely whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Trials with the counted outcome, from 0 to `trials`.
    pub successes: f64,
    /// All trials; above 0.
    pub trials: f64,
}

impl Sample {
    /// A valid sample, or `None` if a number is not finite, `trials` is not above 0, or `successes` is not within
    /// `0..=trials`. The functions of this module promise their results only for samples that would pass here.
    pub fn new(successes: f64, trials: f64) -> Option<Self> {
        let valid = trials.is_finite() && trials > 0.0 && (0.0..=trials).contains(&successes);
        valid.then_some(Self { successes, trials })
    }

    /// The rate `successes / trials`, from 0 to 1; the maximum-likelihood estimate of the success probability.
    pub fn rate(self) -> f64 {
        self.successes / self.trials
    }

    /// Trials without the counted outcome. Exact for whole counts below 2^53.
    pub(super) fn failures(self) -> f64 {
        self.trials - self.successes
    }

    /// The same trials with success and failure exchanged.
    pub(super) fn reflected(self) -> Self {
        Self {
            successes: self.failures(),
            trials: self.trials,
        }
    }
}

/// A confidence interval; `lower <= upper`. An end may be infinite where the data do not limit it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

impl Interval {
    /// Whether `value` lies within the interval, the ends included.
    pub fn contains(self, value: f64) -> bool {
        (self.lower..=self.upper).contains(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_refuses_what_cannot_be_counted() {
        for (successes, trials) in [
            (-1.0, 5.0),
            (6.0, 5.0),
            (0.0, 0.0),
            (0.0, -1.0),
            (f64::NAN, 5.0),
            (1.0, f64::NAN),
            (1.0, f64::INFINITY),
            (f64::INFINITY, f64::INFINITY),
        ] {
            assert_eq!(Sample::new(successes, trials), None, "{successes}/{trials}");
        }
        assert_eq!(Sample::new(2.5, 10.0).map(Sample::rate), Some(0.25));
    }
}
