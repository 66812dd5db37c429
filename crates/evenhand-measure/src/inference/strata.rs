//! Groups compared within strata and pooled over them.
//!
//! A stratum is a part of the data in which the two groups are alike in something that may matter: one department, one
//! job, one site. It is given as the pair of its samples, group a first and the reference b second. A stratum in which
//! a group has nobody compares nothing; it cannot be written as a pair of samples, and the caller leaves it out and
//! says how many it left out.
//!
//! - [`point`], [`score_z`], [`one_sided`], [`interval`]: one common difference or ratio, the score test of Miettinen
//!   and Nurminen (1985) and the interval that inverts it.
//! - [`cochran_mantel_haenszel`]: is there any effect in one direction?
//! - [`common_odds_ratio`], [`common_risk_ratio`], [`common_risk_difference`]: the Mantel-Haenszel estimates.
//! - [`breslow_day`], [`heterogeneity`]: do the strata differ in their effects?
//!
//! The order of the strata does not matter but for rounding in the last digit.

use statrs::function::gamma::checked_gamma_ur;

use super::Sample;

mod homogeneity;
mod inversion;
mod mantel_haenszel;
mod score;
#[cfg(test)]
mod tests;

pub use homogeneity::{BreslowDay, Heterogeneity, breslow_day, heterogeneity};
pub use inversion::{interval, one_sided};
pub use mantel_haenszel::{
    CochranMantelHaenszel, CommonEffect, Continuity, cochran_mantel_haenszel, common_odds_ratio,
    common_risk_difference, common_risk_ratio,
};
pub use score::{point, score_z};

/// The weight of a stratum in every Mantel-Haenszel sum, `n_a n_b / (n_a + n_b)`: half the harmonic mean of the sizes.
pub(crate) fn weight(a: Sample, b: Sample) -> f64 {
    a.trials * (b.trials / (a.trials + b.trials))
}

/// The upper tail of the chi-squared distribution; 1 at 0 and 0 at infinity.
fn chi_squared_sf(statistic: f64, degrees: u32) -> f64 {
    if statistic <= 0.0 {
        return 1.0;
    }
    // Refused is only what is infinite: its tail is 0.
    checked_gamma_ur(f64::from(degrees) / 2.0, statistic / 2.0).map_or(0.0, |tail| tail.clamp(0.0, 1.0))
}
