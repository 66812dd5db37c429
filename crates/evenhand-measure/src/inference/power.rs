//! What the data could have shown, and how many more rows would settle the question.
//!
//! Both answers use the asymptotic power of the one-sided score test of size alpha (Farrington & Manning 1990):
//! `Phi((|theta - bound| - z_alpha sd_null) / sd_alternative)`, where theta - bound is the contrast
//! `p_a - f p_b` or `p_a - p_b - d`, sd_null its standard deviation under the maximum-likelihood rates on the bound
//! (with the N/(N-1) factor if the test has it) and sd_alternative the one under the rates supposed to be true. They
//! are approximations for planning, best where no expected count is small.

use super::score::Contrast;
use super::{Comparison, Correction, Sample, Side, z_above};

#[cfg(test)]
mod tests;

/// How the test is carried out and how surely it should decide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// The one-sided size of the test.
    pub alpha: f64,
    /// The probability with which it should decide.
    pub power: f64,
    /// The statistic it uses.
    pub correction: Correction,
}

impl Default for Plan {
    /// One-sided 0.025, the test that a 95 % interval inverts; 80 % power, the customary aim (Cohen 1988); the
    /// Miettinen-Nurminen statistic.
    fn default() -> Self {
        Self {
            alpha: 0.025,
            power: 0.8,
            correction: Correction::MiettinenNurminen,
        }
    }
}

/// How many times larger both groups would have to be for a test to decide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Settle {
    /// This many times as many trials in both groups, at the observed rates. It may be under 1: then the data had more
    /// power than asked for. It may exceed 1 though the data have decided: a result that just crosses the line would
    /// repeat in half of all samples only.
    Factor(f64),
    /// No number of rows can: the estimate lies on the bound, or the observed rates contain no information about it
    /// (a ratio of 0 to 0).
    Never,
}

/// The disparity nearest to the bound that a test of these sizes would have shown with the planned power.
///
/// `reference` is group b, its rate taken as true; group a has `trials_a`. The test asks whether the ratio
/// `p_a / p_b` (or the difference `p_a - p_b`) lies on `side` of `bound`. The answer is a ratio or a
/// difference on that side of the bound. `None` if there is none: not even the farthest rates of group a (0 below, 1
/// above) would have been shown, no rate of group a lies on that side, the ratio is undefined because the reference rate is 0,
/// or a number is out of its range.
///
/// Where the alternative has no variance at all (the rates of both groups 0 or 1) the null variance takes its
/// place, as in [`multiplier_to_settle`].
pub fn detectable(
    comparison: Comparison,
    bound: f64,
    side: Side,
    trials_a: f64,
    reference: Sample,
    plan: &Plan,
) -> Option<f64> {
    let rate_b = reference.rate();
    if comparison == Comparison::Ratio && rate_b <= 0.0 {
        return None;
    }
    let on_bound = comparison.rate_on(bound, rate_b);
    let (start, farthest) = match side {
        Side::Below => (on_bound.min(1.0), 0.0),
        Side::Above => (on_bound.max(0.0), 1.0),
    };
    let room = match side {
        Side::Below => start - farthest,
        Side::Above => farthest - start,
    };
    if !(room > 0.0 && trials_a > 0.0) {
        return None;
    }
    let rate_at = |share: f64| (start + (farthest - start) * share).clamp(0.0, 1.0);
    // The power reaches the plan's exactly where the distance reaches both normal quantiles, which are the same for
    // every rate that is tried.
    let quantiles = (z_above(plan.alpha), z_above(1.0 - plan.power));
    let shown = |share: f64| {
        Sample::new(rate_at(share) * trials_a, trials_a).is_some_and(|a| {
            is_shown(
                &comparison.contrast(a, reference, bound),
                side,
                a,
                reference,
                plan,
                quantiles,
            )
        })
    };
    // The power nearly always rises with the distance, but not quite at the far end, where the variance shrinks; so
    // the first crossing is looked for in steps before it is bisected. A step is at most two points of the rate.
    const STEPS: u32 = 50;
    let share_at = |step: u32| f64::from(step) / f64::from(STEPS);
    let first = (1..=STEPS).find(|&step| shown(share_at(step)))?;
    let (mut short, mut enough) = (share_at(first - 1), share_at(first));
    // 30 halvings of a step of 1/50 leave 2e-11: more digits than a plan deserves.
    for _ in 0..30 {
        let middle = f64::midpoint(short, enough);
        if shown(middle) {
            enough = middle;
        } else {
            short = middle;
        }
    }
    let rate_a = rate_at(enough);
    Some(match comparison {
        Comparison::Ratio => rate_a / rate_b,
        Comparison::Difference => rate_a - rate_b,
    })
}

/// Whether the test on one side has the planned power when the rates of these samples are the true ones.
fn is_shown(
    contrast: &Contrast,
    side: Side,
    a: Sample,
    b: Sample,
    plan: &Plan,
    (z_alpha, z_power): (f64, f64),
) -> bool {
    let distance = match side {
        Side::Below => -contrast.effect,
        Side::Above => contrast.effect,
    };
    let shrink = plan.correction.shrink(a.trials + b.trials);
    let null = (contrast.null_a + contrast.null_b).sqrt();
    let alternative = (contrast.observed_a + contrast.observed_b).sqrt();
    let spread = if alternative > 0.0 { alternative } else { null };
    distance > 0.0 && shrink > 0.0 && distance >= z_alpha * null / shrink + z_power * spread
}

/// The smallest factor by which both groups would have to be larger, at the observed rates, for the test that points
/// the way of the estimate (breach if it is beyond the bound, else compliance) to decide with the planned power.
///
/// With E the distance of the contrast from 0: the k that solves
/// `E sqrt(k) = z_alpha sd_null sqrt(kN/(kN-1)) + z_power sd_alternative`; without the N/(N-1) factor
/// `k = ((z_alpha sd_null + z_power sd_alternative) / E)^2`.
///
/// An observed rate of 0 or 1 gives its group no variance under the alternative, which claims more than the data
/// know; that group's restricted variance is used instead. [`Settle::Never`] if the estimate is on the bound. A
/// question with two bounds is settled by the larger of its two factors, approximately.
pub fn multiplier_to_settle(comparison: Comparison, bound: f64, a: Sample, b: Sample, plan: &Plan) -> Settle {
    let contrast = comparison.contrast(a, b, bound);
    if contrast.effect == 0.0 {
        return Settle::Never;
    }
    let distance = contrast.effect.abs();
    let or_null = |observed: f64, null: f64| if observed > 0.0 { observed } else { null };
    let null = (contrast.null_a + contrast.null_b).sqrt();
    let alternative =
        (or_null(contrast.observed_a, contrast.null_a) + or_null(contrast.observed_b, contrast.null_b)).sqrt();
    let size = z_above(plan.alpha) * null;
    let sureness = z_above(1.0 - plan.power) * alternative;
    let total = a.trials + b.trials;
    let enough = |factor: f64| {
        let shrink = plan.correction.shrink(factor * total);
        shrink > 0.0 && distance * factor.sqrt() >= size / shrink + sureness
    };
    // Doubling finds the power of two above the answer; the distance is at least 1e-16, so 200 are past any answer.
    let mut high = 1.0 / total;
    let mut doublings = 0;
    while !enough(high) {
        if doublings == 200 {
            return Settle::Never;
        }
        high *= 2.0;
        doublings += 1;
    }
    let mut low = if doublings == 0 { 0.0 } else { high / 2.0 };
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Settle::Factor(high)
}
