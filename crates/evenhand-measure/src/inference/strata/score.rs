//! The score statistic of an effect that the strata share.

use super::super::{Comparison, Correction, Sample};
use super::weight;

/// The common difference or ratio: Mantel-Haenszel, `sum w (p_a - p_b) / sum w` or `sum w p_a / sum w p_b` with
/// `w = n_a n_b / (n_a + n_b)`.
///
/// `None` without strata, and for a ratio when no stratum has a success of group b: 0/0 is undefined and x/0 infinite.
pub fn point(comparison: Comparison, strata: &[(Sample, Sample)]) -> Option<f64> {
    let (mut of_a, mut of_b, mut gap, mut weights) = (0.0, 0.0, 0.0, 0.0);
    for &(a, b) in strata {
        let weight = weight(a, b);
        weights += weight;
        of_a += weight * a.rate();
        of_b += weight * b.rate();
        gap += weight * (a.rate() - b.rate());
    }
    match comparison {
        Comparison::Difference => (weights > 0.0).then(|| gap / weights),
        Comparison::Ratio => (of_b > 0.0).then(|| of_a / of_b),
    }
}

/// The stratified score statistic of a common difference or ratio against a bound (Miettinen & Nurminen 1985);
/// positive when the strata together lie above it.
///
/// `Z = sum w e / sqrt(sum w^2 V)` over the strata, with `w = n_a n_b / (n_a + n_b)`, e the stratum's
/// `p_a - p_b - d` or `p_a - f p_b`, and V its variance at the maximum-likelihood rates that satisfy the bound there,
/// times N/(N-1) of the stratum if so corrected. It is 0 at [`point`].
///
/// With one stratum it is [`Comparison::score_z`]; at a difference of 0, corrected, its square is the statistic of
/// [`super::cochran_mantel_haenszel`]. Where no stratum has variance at the bound it is 0 if every effect is on the
/// bound, else +-infinity. Strata that know nothing (no success in either group, for a ratio) change nothing. A
/// stratum of at most one trial in all, which only weighted data can have, has no bound on its corrected variance: Z
/// is then 0. So it is without strata.
pub fn score_z(comparison: Comparison, strata: &[(Sample, Sample)], bound: f64, correction: Correction) -> f64 {
    let (mut effect, mut variance) = (0.0, 0.0);
    for &(a, b) in strata {
        let contrast = comparison.contrast(a, b, bound);
        let weight = weight(a, b);
        effect += weight * contrast.effect;
        let spread = weight * weight * (contrast.null_a + contrast.null_b);
        let scale = scale_of_variance(correction, a, b);
        if scale.is_infinite() {
            return 0.0;
        }
        variance += spread * scale;
    }
    if effect == 0.0 {
        0.0
    } else if variance <= 0.0 {
        effect.signum() * f64::INFINITY
    } else {
        effect / variance.sqrt()
    }
}

/// What a stratum's variance is multiplied by: N/(N-1) or 1; infinite where N is at most 1.
pub(super) fn scale_of_variance(correction: Correction, a: Sample, b: Sample) -> f64 {
    let shrink = correction.shrink(a.trials + b.trials);
    1.0 / (shrink * shrink)
}
