//! This module is a difference with its standard error.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::inference::{Interval, normal_sf, z_for};

/// A difference, with what an interval of it is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// The group less its reference.
    pub point: f64,
    /// The standard error: above 0.
    pub se: f64,
    /// Degrees of freedom of Student's t; infinite for the normal distribution.
    pub freedom: f64,
}

impl Gap {
    /// The difference over its standard error.
    #[must_use]
    pub fn t(self) -> f64 {
        self.point / self.se
    }

    /// The two-sided p-value of no difference.
    #[must_use]
    pub fn p(self) -> f64 {
        let t = self.t().abs();
        match StudentsT::new(0.0, 1.0, self.freedom) {
            Ok(student) if self.freedom.is_finite() => (2.0 * student.sf(t)).min(1.0),
            _ => (2.0 * normal_sf(t)).min(1.0),
        }
    }

    /// The two-sided interval.
    #[must_use]
    pub fn interval(self, confidence: f64) -> Interval {
        let reach = self.se * quantile(confidence, self.freedom);
        Interval {
            lower: self.point - reach,
            upper: self.point + reach,
        }
    }
}

/// The point of Student's t that leaves `confidence` between itself and its negative.
pub(super) fn quantile(confidence: f64, freedom: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, freedom) {
        Ok(student) if freedom.is_finite() && (0.0..1.0).contains(&confidence) => {
            student.inverse_cdf(f64::midpoint(1.0, confidence))
        }
        _ => z_for(confidence),
    }
}
