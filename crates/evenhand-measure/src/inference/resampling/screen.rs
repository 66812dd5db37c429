//! A cheap look at a comparison, before its statistic is worked out: the largest of hundreds is wanted, and nearly all
//! of them are plainly smaller.

use super::super::{Comparison, Sample};

/// Whether the score statistic of two samples against a bound is surely at most `z` in size, whatever its correction.
///
/// The likeliest rates that satisfy the bound lie between the two observed ones: one group's must rise where the
/// other's falls, as the derivative of the likelihood is `(x_a - n_a p_a)/(p_a q_a)` plus the same of b, weighted, and
/// its parts must cancel. The variance is a concave function of b's rate, so that between two points it is nowhere
/// below the smaller of its values there; with that value the statistic can only be larger. `false` says nothing.
pub(crate) fn is_surely_at_most(z: f64, comparison: Comparison, a: Sample, b: Sample, bound: f64) -> bool {
    let (rate_a, rate_b) = (a.successes / a.trials, b.successes / b.trials);
    let (one_a, one_b) = (1.0 / a.trials, 1.0 / b.trials);
    let spread = |p: f64| p * (1.0 - p);
    // The rate of a that goes with b's, the rate of b that goes with a's, and the weights of the contrast.
    let (with_b, with_a, weight_a, weight_b, offset) = match comparison {
        Comparison::Difference => (rate_b + bound, rate_a - bound, 1.0, 1.0, bound),
        // Refused rather than divided by something near 0: such a bound is rare.
        Comparison::Ratio if !(1e-6..=1e6).contains(&bound) => return false,
        Comparison::Ratio => (rate_b * bound, rate_a / bound, 1.0, bound, 0.0),
    };
    let variance =
        |p_a: f64, p_b: f64| weight_a * weight_a * spread(p_a) * one_a + weight_b * weight_b * spread(p_b) * one_b;
    // Beyond 0 and 1 there are no rates; the range ends where either group's does.
    let at_b = match with_b {
        p if (0.0..=1.0).contains(&p) => variance(p, rate_b),
        _ => return false,
    };
    let at_a = match with_a {
        p if (0.0..=1.0).contains(&p) => variance(rate_a, p),
        _ => return false,
    };
    // Rounding: some units in the last place of the rates, whose size is at most 1 each, and of the bound.
    let rounding = 16.0 * f64::EPSILON;
    let scale = weight_b.max(1.0);
    let least = at_a.min(at_b) - rounding * scale * scale * (one_a + one_b);
    let effect = (weight_a * rate_a - weight_b * rate_b - offset).abs() + rounding * scale;
    effect * effect <= z * z * least * (1.0 - 1e-9)
}
