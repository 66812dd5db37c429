//! Partial pooling of many rates (empirical Bayes).
//!
//! Of forty small groups some look bad by chance alone. Partial pooling moves each rate towards the common one, the
//! further the smaller the group, by as much as the spread of all the rates says. It orders groups for a closer look;
//! it judges none.

use super::normal::usable;
use super::{Interval, Sample, normal_sf, wilson};

mod beta;
mod entropy;
mod likelihood;
#[cfg(test)]
mod tests;

use likelihood::Likelihood;

/// How the true rates of the groups are taken to be spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prior {
    /// Not at all: the rates differ no more than chance makes them, and one rate is the best guess for every group.
    Same {
        /// The rate of all groups together.
        rate: f64,
    },
    /// As a beta distribution with the parameters `mean * precision` and `(1 - mean) * precision`.
    Beta {
        /// The mean of the rates, within (0, 1).
        mean: f64,
        /// How many trials the prior is worth: a group of that size moves half the way. 1 or above.
        precision: f64,
    },
}

/// A group's rate after pooling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrunken {
    /// `(x + a)/(n + a + b)` with the prior's parameters a and b; between the group's own rate and the common one.
    pub rate: f64,
    /// How much of it is the group's own rate, `n / (n + a + b)`; the rest is the common one. 0 if they are the same.
    pub own: f64,
    /// The interval of the group's true rate, within [0, 1].
    pub interval: Interval,
}

/// All groups after pooling, in the order of the input.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// How the true rates are spread.
    pub prior: Prior,
    /// The groups.
    pub groups: Vec<Shrunken>,
}

/// Beta-binomial empirical Bayes: the prior by maximum marginal likelihood, then each group's rate given the prior.
///
/// The likelihood of a group with x of n is `B(x + a, n - x + b) / B(a, b)`. Where it is highest at infinite precision,
/// the groups differ no more than chance makes them: they are pooled completely, and each gets the common rate with its
/// Wilson interval. So they are when more than 10,000 times the largest group would be needed to tell the precision
/// from infinity, and when every group has one trial, of which the spread cannot be seen. A precision under 1 is
/// taken as 1, so that no group of zeros is taken for certain.
///
/// The interval is the beta distribution's with the tails of `z`, whose variance is that of the posterior,
/// `p (1 - p) / (n + a + b + 1)`, plus that of the prior's mean, `((a + b)/(n + a + b))^2 / I`, I being the Fisher
/// information of the mean at the given precision (Kass & Steffey 1989, to first order). Without the second part,
/// which most software leaves out, it would be narrower than the common rate's own. What is not known of the precision
/// is still left out: over five to fifteen groups of 10 to 200 whose rates spread by half a point to 8 points, the 95
/// % interval held 81 to 94 % of the true rates in a simulation (without the second part, 35 to 91 %). NaN for `z`
/// counts as +infinity, a negative `z` as 0.
///
/// `None` with fewer than three groups: two say next to nothing about a spread.
pub fn partial_pooling(groups: &[Sample], z: f64) -> Option<Pooled> {
    if groups.len() < 3 {
        return None;
    }
    let z = usable(z);
    let likelihood = Likelihood::new(groups);
    let prior = likelihood.maximum();
    let groups = match prior {
        Prior::Same { rate } => {
            let interval = wilson(likelihood.all(), z);
            let same = Shrunken {
                rate,
                own: 0.0,
                interval,
            };
            vec![same; groups.len()]
        }
        Prior::Beta { mean, precision } => {
            let information = likelihood.information(mean, precision);
            let of = |&group| shrunken(group, mean, precision, information, z);
            groups.iter().map(of).collect()
        }
    };
    Some(Pooled { prior, groups })
}

fn shrunken(group: Sample, mean: f64, precision: f64, information: f64, z: f64) -> Shrunken {
    let total = group.trials + precision;
    let rate = (group.successes + mean * precision) / total;
    let rest = (group.failures() + (1.0 - mean) * precision) / total;
    let prior_share = precision / total;
    let variance = rate * rest / (total + 1.0) + prior_share * prior_share / information;
    // What the posterior is worth in trials once the prior's mean is not taken for certain; no less than the least
    // prior.
    let worth = (rate * rest / variance - 1.0).clamp(likelihood::LEAST_PRECISION, total);
    let tail = normal_sf(z);
    Shrunken {
        rate,
        own: group.trials / total,
        interval: Interval {
            lower: beta::lower_quantile(rate * worth, rest * worth, tail).min(rate),
            upper: beta::upper_quantile(rate * worth, rest * worth, tail).max(rate),
        },
    }
}
