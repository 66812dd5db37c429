//! What the score tests of a difference and of a ratio have in common.
//!
//! Both compare a linear contrast of two observed rates with its value at the bound, in units of its standard
//! deviation under the maximum-likelihood rates that satisfy the bound.

use super::{Sample, normal_cdf, normal_sf};

/// How the variance of the score statistic is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Correction {
    /// No factor: the statistic of Mee (1984) for differences and of Koopman (1984) for ratios.
    None,
    /// The variance times N/(N-1), N being all trials of both groups (Miettinen & Nurminen 1985). With N not above
    /// 1, which only weighted data can produce, the factor is unbounded: the statistic is 0 and every interval is
    /// the whole range.
    #[default]
    MiettinenNurminen,
}

impl Correction {
    /// What the statistic is multiplied by: `sqrt((N-1)/N)` or 1.
    pub(super) fn shrink(self, total: f64) -> f64 {
        match self {
            Self::None => 1.0,
            Self::MiettinenNurminen => ((total - 1.0) / total).max(0.0).sqrt(),
        }
    }
}

/// A side of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Under the bound.
    Below,
    /// Over the bound.
    Above,
}

impl Side {
    /// The other side.
    pub fn opposite(self) -> Self {
        match self {
            Self::Below => Self::Above,
            Self::Above => Self::Below,
        }
    }
}

/// The two one-sided p-values of one bound; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneSided {
    /// p of H0 "at or above the bound": small means evidence that the truth lies below it. `Phi(Z)`.
    pub below: f64,
    /// p of H0 "at or below the bound": small means evidence that the truth lies above it. `1 - Phi(Z)`.
    pub above: f64,
}

impl OneSided {
    /// Both p-values of a score statistic.
    pub fn of(z: f64) -> Self {
        Self {
            below: normal_cdf(z),
            above: normal_sf(z),
        }
    }

    /// The p-value of the evidence for one side.
    pub fn on(self, side: Side) -> f64 {
        match side {
            Side::Below => self.below,
            Side::Above => self.above,
        }
    }
}

/// Success probabilities of both groups that satisfy the bound, with their complements. The complements are carried
/// because `1 - p` would have lost its digits where p is near 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    pub(super) p_a: f64,
    pub(super) q_a: f64,
    pub(super) p_b: f64,
    pub(super) q_b: f64,
}

/// The contrast `weight_a p_a - weight_b p_b - offset`, which is 0 on the bound, and its variances.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contrast {
    /// The contrast at the observed rates; exactly 0 if it is 0 but for rounding.
    pub(super) effect: f64,
    /// Group a's part of its variance under the restricted rates.
    pub(super) null_a: f64,
    /// Group b's part.
    pub(super) null_b: f64,
    /// Group a's part of its variance under the observed rates.
    pub(super) observed_a: f64,
    /// Group b's part.
    pub(super) observed_b: f64,
    /// Group b's restricted rate.
    pub(super) restricted_b: f64,
    total: f64,
}

impl Contrast {
    pub(super) fn new(a: Sample, b: Sample, weights: (f64, f64), offset: f64, rates: Rates) -> Self {
        let (weight_a, weight_b) = weights;
        let variance_a = |p: f64, q: f64| weight_a * weight_a * p * q / a.trials;
        let variance_b = |p: f64, q: f64| weight_b * weight_b * p * q / b.trials;
        Self {
            effect: effect(a, b, weights, offset),
            null_a: variance_a(rates.p_a, rates.q_a),
            null_b: variance_b(rates.p_b, rates.q_b),
            observed_a: variance_a(a.rate(), a.reflected().rate()),
            observed_b: variance_b(b.rate(), b.reflected().rate()),
            restricted_b: rates.p_b,
            total: a.trials + b.trials,
        }
    }

    /// The score statistic. With no variance at the bound it is 0 if the estimate is on the bound, else +-infinity.
    pub(super) fn z(&self, correction: Correction) -> f64 {
        let shrink = correction.shrink(self.total);
        let variance = self.null_a + self.null_b;
        if self.effect == 0.0 || shrink == 0.0 {
            0.0
        } else if variance <= 0.0 {
            self.effect.signum() * f64::INFINITY
        } else {
            self.effect / variance.sqrt() * shrink
        }
    }
}

/// The observed contrast. The failures give it as well as the successes do; whichever has the smaller terms loses
/// fewer digits to cancellation (two rates of 1 - 1e-15 differ in their last bit only, their failure rates in all).
fn effect(a: Sample, b: Sample, (weight_a, weight_b): (f64, f64), offset: f64) -> f64 {
    let by_success = (weight_a * a.rate(), weight_b * b.rate());
    let by_failure = (weight_a * a.reflected().rate(), weight_b * b.reflected().rate());
    let gap = weight_a - weight_b;
    let size_success = by_success.0 + by_success.1 + offset.abs();
    let size_failure = by_failure.0 + by_failure.1 + gap.abs() + offset.abs();
    let (value, size) = if size_success <= size_failure {
        (by_success.0 - by_success.1 - offset, size_success)
    } else {
        (gap - by_failure.0 + by_failure.1 - offset, size_failure)
    };
    // 4 units in the last place: two divisions, two products and two subtractions cannot leave more of an exact tie
    // such as 450/1000 - 500/1000 against -0.05. A true difference this small is beyond any sample size.
    if value.abs() <= 4.0 * f64::EPSILON * size {
        0.0
    } else {
        value
    }
}

/// The zero of a monotone function between `left` and `right`, whose values there have different signs (an infinite
/// value is fine). Chandrupatla (1997): inverse quadratic interpolation where it is safe, else bisection.
pub(super) fn root(left: f64, right: f64, absolute: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (mut x1, mut x2) = (left, right);
    let (mut f1, mut f2) = (function(x1), function(x2));
    if f1 == 0.0 {
        return x1;
    }
    if f2 == 0.0 {
        return x2;
    }
    let mut fraction = 0.5;
    // 200: bisection alone halves [-1, 1] down to 1e-60, far past any root that counts can have.
    for _ in 0..200 {
        let x = x1 + fraction * (x2 - x1);
        let f = function(x);
        let (x3, f3);
        if (f > 0.0) == (f1 > 0.0) {
            (x3, f3) = (x1, f1);
        } else {
            (x3, f3) = (x2, f2);
            (x2, f2) = (x1, f1);
        }
        (x1, f1) = (x, f);
        let best = if f1.abs() < f2.abs() { x1 } else { x2 };
        let least = (2.0 * f64::EPSILON * best.abs() + absolute) / (x2 - x1).abs();
        if least.is_nan() || least > 0.5 || f1 == 0.0 {
            return best;
        }
        let xi = (x1 - x2) / (x3 - x2);
        let phi = (f1 - f2) / (f3 - f2);
        // Both comparisons are false where an infinite value has made phi a NaN: then it bisects.
        fraction = if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
            f1 / (f2 - f1) * (f3 / (f2 - f3)) + (x3 - x1) / (x2 - x1) * (f1 / (f3 - f1)) * (f2 / (f3 - f2))
        } else {
            0.5
        };
        fraction = if fraction.is_finite() {
            fraction.clamp(least, 1.0 - least)
        } else {
            0.5
        };
    }
    if f1.abs() < f2.abs() { x1 } else { x2 }
}
