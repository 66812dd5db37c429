//! This module is the choice of methods: one default each, the rest by name.

use serde::Serialize;

use crate::catalogue::{
    Compute, MIETTINEN_NURMINEN_DIFFERENCE, MIETTINEN_NURMINEN_ODDS_RATIO, MIETTINEN_NURMINEN_RATIO, Method, WILSON,
};
use crate::inference::{Comparison, Interval, Sample, wilson};

/// Which method computes what.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Methods {
    /// The interval of one rate.
    pub rate: &'static Method,
    /// The test and interval of a difference of rates.
    pub difference: &'static Method,
    /// The test and interval of a ratio of rates.
    pub ratio: &'static Method,
    /// The interval of an odds ratio.
    pub odds_ratio: &'static Method,
}

impl Default for Methods {
    /// The score family: Wilson for a rate, Miettinen and Nurminen for comparisons.
    fn default() -> Self {
        Self {
            rate: &WILSON,
            difference: &MIETTINEN_NURMINEN_DIFFERENCE,
            ratio: &MIETTINEN_NURMINEN_RATIO,
            odds_ratio: &MIETTINEN_NURMINEN_ODDS_RATIO,
        }
    }
}

impl Methods {
    /// The method of a comparison.
    #[must_use]
    pub fn of(&self, comparison: Comparison) -> &'static Method {
        match comparison {
            Comparison::Ratio => self.ratio,
            Comparison::Difference => self.difference,
        }
    }
}

impl Method {
    /// The interval of one rate; Wilson's for a method of something else.
    #[must_use]
    pub fn rate_interval(&self, sample: Sample, z: f64) -> Interval {
        match self.compute {
            Compute::Rate(interval) => interval(sample, z),
            Compute::Pair { .. } | Compute::Named => wilson(sample, z),
        }
    }

    /// The interval of a comparison; `None` when undefined, or for a method of something else.
    #[must_use]
    pub fn pair_interval(&self, a: Sample, b: Sample, z: f64) -> Option<Interval> {
        match self.compute {
            Compute::Pair { interval, .. } => interval(a, b, z),
            Compute::Rate(_) | Compute::Named => None,
        }
    }

    /// The statistic of a comparison against a bound; `None` when undefined, or for a method of something else.
    #[must_use]
    pub fn pair_z(&self, a: Sample, b: Sample, bound: f64) -> Option<f64> {
        match self.compute {
            Compute::Pair { z, .. } => z(a, b, bound).filter(|z| !z.is_nan()),
            Compute::Rate(_) | Compute::Named => None,
        }
    }
}
