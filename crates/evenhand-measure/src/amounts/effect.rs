//! This module is the standardized mean difference.

use super::gap::Gap;
use super::moments::Moments;

/// The standard deviation that a mean difference is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denominator {
    /// That of all rows about the mean of their group, with n - 2 degrees of freedom (Cohen's d).
    Pooled,
    /// The root of the mean of the two variances, which does not depend on how large the groups are.
    Average,
}

/// The standardized mean difference (SMD) of two groups: how many standard deviations apart their means lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smd {
    /// The difference of the means over the standard deviation (Cohen's d where that is the pooled one).
    pub d: f64,
    /// Hedges' g: d times `1 - 3 / (4 f - 1)`, f = n1 + n2 - 2, which takes out most of the bias of few rows
    /// (Hedges, "Distribution theory for Glass's estimator of effect size", J. Educational Statistics 6, 1981).
    pub g: f64,
    /// The standard error of d, `sqrt((n1 + n2) / (n1 n2) + d^2 / (2 (n1 + n2)))` (Hedges and Olkin, "Statistical
    /// Methods for Meta-Analysis", 1985, ch. 5). It takes equal variances for granted.
    pub se: f64,
    /// What the difference was divided by.
    pub denominator: Denominator,
    correction: f64,
}

impl Smd {
    /// Of a group against its reference.
    ///
    /// # Errors
    /// When a group has fewer than two numbers, or no number differs from another of its group.
    ///
    /// ```
    /// use evenhand_measure::amounts::{Denominator, Moments, Smd};
    /// let group = Moments { n: 6, mean: 25.333333, variance: Some(8.666667) };
    /// let reference = Moments { n: 6, mean: 21.666667, variance: Some(4.666667) };
    /// let smd = Smd::new(&group, &reference, Denominator::Pooled).unwrap();
    /// assert!((smd.d - 1.420094).abs() < 1e-6 && (smd.g - 1.310856).abs() < 1e-6);
    /// ```
    pub fn new(group: &Moments, reference: &Moments, denominator: Denominator) -> Result<Self, String> {
        let (Some(one), Some(two)) = (group.variance, reference.variance) else {
            return Err("a group has fewer than two amounts".to_owned());
        };
        let (n, m) = (group.n as f64, reference.n as f64);
        let freedom = n + m - 2.0;
        let variance = match denominator {
            Denominator::Pooled => ((n - 1.0) * one + (m - 1.0) * two) / freedom,
            Denominator::Average => f64::midpoint(one, two),
        };
        if variance <= 0.0 {
            return Err("the amounts of each group are all the same".to_owned());
        }
        let d = (group.mean - reference.mean) / variance.sqrt();
        let correction = 1.0 - 3.0 / (4.0 * freedom - 1.0);
        Ok(Self {
            d,
            g: d * correction,
            se: ((n + m) / (n * m) + d * d / (2.0 * (n + m))).sqrt(),
            denominator,
            correction,
        })
    }

    /// Hedges' g with its standard error, which is that of d made smaller by the same factor.
    #[must_use]
    pub fn gap(self) -> Gap {
        Gap {
            point: self.g,
            se: self.se * self.correction,
            freedom: f64::INFINITY,
        }
    }
}
