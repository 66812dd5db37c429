//! One name for the two ways of comparing two rates.

use super::score::Contrast;
use super::{Correction, Interval, OneSided, Sample, difference, ratio};

/// How two rates are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `p_a / p_b`; its bounds are numbers above 0 and equality is 1.
    Ratio,
    /// `p_a - p_b`; its bounds are within [-1, 1] and equality is 0.
    Difference,
}

impl Comparison {
    /// The observed ratio or difference. `None` for a ratio whose reference rate is 0: 0/0 is undefined and x/0 is
    /// infinite, and neither is a number to print.
    pub fn point(self, a: Sample, b: Sample) -> Option<f64> {
        match self {
            Self::Ratio => (b.successes > 0.0).then(|| a.rate() / b.rate()),
            Self::Difference => Some(a.rate() - b.rate()),
        }
    }

    /// The ratio or difference of two rates, `None` for a ratio to a rate of 0.
    pub fn of(self, rate_a: f64, rate_b: f64) -> Option<f64> {
        match self {
            Self::Ratio => (rate_b > 0.0).then(|| rate_a / rate_b),
            Self::Difference => Some(rate_a - rate_b),
        }
    }

    /// The score statistic against a bound: [`ratio::score_z`] or [`difference::score_z`].
    pub fn score_z(self, a: Sample, b: Sample, bound: f64, correction: Correction) -> f64 {
        self.contrast(a, b, bound).z(correction)
    }

    /// Both one-sided p-values against a bound.
    pub fn one_sided(self, a: Sample, b: Sample, bound: f64, correction: Correction) -> OneSided {
        OneSided::of(self.score_z(a, b, bound, correction))
    }

    /// The score interval: [`ratio::interval`] or [`difference::interval`].
    pub fn interval(self, a: Sample, b: Sample, z: f64, correction: Correction) -> Interval {
        match self {
            Self::Ratio => ratio::interval(a, b, z, correction),
            Self::Difference => difference::interval(a, b, z, correction),
        }
    }

    /// The smallest of the four expected counts when the rates satisfy the bound: successes and failures of either
    /// group under the restricted maximum-likelihood rates.
    pub fn smallest_expected(self, a: Sample, b: Sample, bound: f64) -> f64 {
        let rate_b = self.contrast(a, b, bound).restricted_b;
        let rate_a = self.rate_on(bound, rate_b).clamp(0.0, 1.0);
        let smaller = |trials: f64, rate: f64| (trials * rate).min(trials * (1.0 - rate));
        smaller(a.trials, rate_a).min(smaller(b.trials, rate_b))
    }

    pub(super) fn contrast(self, a: Sample, b: Sample, bound: f64) -> Contrast {
        match self {
            Self::Ratio => ratio::contrast(a, b, bound),
            Self::Difference => difference::contrast(a, b, bound),
        }
    }

    /// The rate of group a that lies on the bound when group b's is `rate_b`; may be outside [0, 1].
    pub(super) fn rate_on(self, bound: f64, rate_b: f64) -> f64 {
        match self {
            Self::Ratio => bound * rate_b,
            Self::Difference => bound + rate_b,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undefined_or_infinite_ratio_is_no_number() {
        let sample = |successes, trials| Sample::new(successes, trials).unwrap();
        assert_eq!(Comparison::Ratio.point(sample(1.0, 2.0), sample(0.0, 3.0)), None);
        assert_eq!(Comparison::Ratio.point(sample(0.0, 2.0), sample(0.0, 3.0)), None);
        assert_eq!(Comparison::Ratio.point(sample(0.0, 2.0), sample(1.0, 4.0)), Some(0.0));
        assert_eq!(
            Comparison::Difference.point(sample(0.0, 2.0), sample(1.0, 4.0)),
            Some(-0.25)
        );
    }
}
