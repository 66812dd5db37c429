//! The standard normal distribution, accurate in its tails.

use std::f64::consts::{PI, SQRT_2};

use statrs::function::erf::erfc_inv;

/// Up to here the series around 0 is used: `1/2 - sum` then loses less than two digits.
const SERIES_LIMIT: f64 = 2.0;
/// Levels of the continued fraction: at `SERIES_LIMIT`, where it converges slowest, 80 leave 1e-14 and 100 leave 2e-16.
const FRACTION_LEVELS: u32 = 100;

/// The upper tail `P(Z > z)`.
///
/// It keeps its relative accuracy far out (`1 - cdf` would be 0 from z = 8.3 on), until it underflows near z = 38.
/// Laplace's continued fraction for the tail, the series of `P(0 < Z < z)` near 0 (Abramowitz & Stegun 1964, 26.2.14
/// and 26.2.11). Library approximations of erfc that are good to ten digits only would let a p-value and the interval
/// disagree near the line.
pub fn normal_sf(z: f64) -> f64 {
    if z < -SERIES_LIMIT {
        return 1.0 - normal_sf(-z);
    }
    let density = (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
    if z <= SERIES_LIMIT {
        // z + z^3/3 + z^5/(3 5) + ...: the terms have one sign, and 25 of them reach the last digit at z = 2.
        let (mut term, mut sum) = (z, z);
        for odd in 1..25 {
            term *= z * z / f64::from(2 * odd + 1);
            sum += term;
        }
        return 0.5 - density * sum;
    }
    let denominator = (1..=FRACTION_LEVELS)
        .rev()
        .fold(z, |tail, level| z + f64::from(level) / tail);
    density / denominator
}

/// The lower tail `P(Z <= z)`, as accurate on the far left as [`normal_sf`] is on the far right.
pub fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// The z above which the upper tail holds `alpha`: `P(Z > z) = alpha`.
///
/// `alpha <= 0` gives +infinity and `alpha >= 1` gives -infinity, their limits.
pub fn z_above(alpha: f64) -> f64 {
    if alpha <= 0.0 {
        f64::INFINITY
    } else if alpha >= 1.0 {
        f64::NEG_INFINITY
    } else {
        SQRT_2 * erfc_inv(2.0 * alpha)
    }
}

/// The z of a two-sided interval: `P(|Z| <= z) = confidence`. 0.95 gives 1.959963984540054.
///
/// `confidence <= 0` gives 0 (the interval is its point) and `confidence >= 1` gives +infinity (the whole range).
pub fn z_for(confidence: f64) -> f64 {
    z_above((1.0 - confidence) / 2.0).max(0.0)
}

/// The z that an interval uses: not negative, and infinite (an interval that claims nothing) in place of NaN.
pub(super) fn usable(z: f64) -> f64 {
    if z.is_nan() { f64::INFINITY } else { z.max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_hold_their_relative_accuracy() {
        // scipy 1.17.1, scipy.stats.norm.sf.
        for (z, expected) in [
            (0.0, 0.5),
            (1.0, 0.15865525393145707),
            (1.959963984540054, 0.025),
            (2.0, 0.022750131948179195),
            (2.0000001, 0.02275012654908309),
            (2.5, 0.006209665325776132),
            (5.0, 2.866515718791933e-7),
            (8.5, 9.47953482220325e-18),
            (19.2, 1.8504600699425322e-82),
            (37.0, 5.7255712225239266e-300),
        ] {
            let got = normal_sf(z);
            // 3e-13: z^2/2, which is 685 at z = 37, is rounded before the exponential. 1e-14: the series ends in 0.5 - 0.48.
            let tolerance = if z < 5.0 { 1e-14 } else { 3e-13 };
            assert!((got / expected - 1.0).abs() < tolerance, "{z}: {got:e}");
            assert_eq!(normal_cdf(-z), got);
        }
        assert_eq!(normal_sf(f64::INFINITY), 0.0);
        assert_eq!(normal_sf(f64::NEG_INFINITY), 1.0);
    }

    #[test]
    fn quantiles_invert_the_tail() {
        // 1e-14: a few units in the last place of 1.96.
        assert!((z_for(0.95) - 1.959963984540054).abs() < 1e-14);
        assert!((z_above(0.2) - 0.8416212335729143).abs() < 1e-14);
        assert!((z_above(0.8) + 0.8416212335729143).abs() < 1e-14);
        assert_eq!(z_for(0.0), 0.0);
        assert_eq!(z_for(-1.0), 0.0);
        assert_eq!(z_for(1.0), f64::INFINITY);
        assert_eq!(usable(f64::NAN), f64::INFINITY);
    }
}
