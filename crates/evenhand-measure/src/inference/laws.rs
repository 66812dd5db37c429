//! Laws that tie the tests, the intervals and the comparisons to each other.

use proptest::prelude::*;

use super::testing::{extreme_samples, sample, samples};
use super::*;

const Z: f64 = 1.959963984540054;

fn corrections() -> impl Strategy<Value = Correction> {
    prop_oneof![Just(Correction::None), Just(Correction::MiettinenNurminen)]
}

fn bounds() -> impl Strategy<Value = (Comparison, f64)> {
    prop_oneof![
        prop_oneof![Just(0.8), Just(1.0), Just(1.25), 0.01..100.0f64].prop_map(|bound| (Comparison::Ratio, bound)),
        prop_oneof![Just(0.1), Just(0.0), Just(-0.1), -1.0..=1.0f64].prop_map(|bound| (Comparison::Difference, bound)),
    ]
}

fn close(left: f64, right: f64, tolerance: f64) -> bool {
    left == right || (left - right).abs() <= tolerance * (1.0 + left.abs().min(right.abs()))
}

/// How far Z is from `target` at the end of an interval and at the numbers next to it: 0 if it passes through the
/// target there. The end is only as exact as a floating-point number can be, which for a billion trials at a rate
/// near 0 or 1 moves Z by more than 1e-6.
fn miss(z: impl Fn(f64) -> f64, end: f64, target: f64) -> f64 {
    let step = 4.0 * f64::EPSILON * end.abs();
    let (left, right) = (z(end - step) - target, z(end + step) - target);
    if left * right <= 0.0 {
        0.0
    } else {
        (z(end) - target).abs()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn exchanging_the_groups_negates_or_inverts(
        a in samples(), b in samples(), (comparison, bound) in bounds(), correction in corrections(),
    ) {
        let exchanged = match comparison { Comparison::Ratio => 1.0 / bound, Comparison::Difference => -bound };
        let z = comparison.score_z(a, b, bound, correction);
        prop_assert!(close(z, -comparison.score_z(b, a, exchanged, correction), 1e-9));
        let one = comparison.interval(a, b, Z, correction);
        let other = comparison.interval(b, a, Z, correction);
        let (lower, upper) = match comparison {
            Comparison::Ratio => (1.0 / other.upper, 1.0 / other.lower),
            Comparison::Difference => (-other.upper, -other.lower),
        };
        prop_assert!(close(one.lower, lower, 1e-9) && close(one.upper, upper, 1e-9), "{one:?} {other:?}");
    }

    #[test]
    fn exchanging_success_and_failure_negates_a_difference(
        a in samples(), b in samples(), delta in -1.0..=1.0f64, correction in corrections(),
    ) {
        let z = difference::score_z(a, b, delta, correction);
        prop_assert!(close(z, -difference::score_z(a.reflected(), b.reflected(), -delta, correction), 1e-9));
    }

    #[test]
    fn an_end_of_the_interval_has_the_z_it_was_asked_for(
        a in samples(), b in samples(), correction in corrections(), ratio in any::<bool>(),
    ) {
        let comparison = if ratio { Comparison::Ratio } else { Comparison::Difference };
        prop_assume!(correction == Correction::None || a.trials + b.trials > 1.0);
        let got = comparison.interval(a, b, Z, correction);
        let z = |bound| comparison.score_z(a, b, bound, correction);
        let (least, most) = if ratio { (0.0, f64::INFINITY) } else { (-1.0, 1.0) };
        if got.lower > least {
            prop_assert!(miss(z, got.lower, Z) < 1e-6, "{got:?} {}", z(got.lower));
        }
        if got.upper < most {
            prop_assert!(miss(z, got.upper, -Z) < 1e-6, "{got:?} {}", z(got.upper));
        }
    }

    #[test]
    fn an_interval_contains_its_point(
        a in extreme_samples(), b in extreme_samples(), z in 0.0..6.0f64, correction in corrections(),
    ) {
        for comparison in [Comparison::Ratio, Comparison::Difference] {
            let got = comparison.interval(a, b, z, correction);
            prop_assert!(got.lower <= got.upper, "{got:?}");
            if let Some(point) = comparison.point(a, b) {
                prop_assert!(got.contains(point), "{got:?} {point}");
            }
        }
        let got = wilson(a, z);
        prop_assert!(got.contains(a.rate()) && got.lower >= 0.0 && got.upper <= 1.0, "{got:?}");
    }

    #[test]
    fn more_of_the_same_never_widens(
        a in samples(), b in samples(), factor in 1.0..50.0f64, correction in corrections(),
    ) {
        let larger = |s: Sample| sample(s.successes * factor, s.trials * factor);
        for comparison in [Comparison::Ratio, Comparison::Difference] {
            let small = comparison.interval(a, b, Z, correction);
            let large = comparison.interval(larger(a), larger(b), Z, correction);
            // 1e-9: the rounding of the scaled counts.
            prop_assert!(large.lower >= small.lower - 1e-9 * small.lower.abs().max(1.0), "{small:?} {large:?}");
            prop_assert!(large.upper <= small.upper + 1e-9 * small.upper.abs().max(1.0), "{small:?} {large:?}");
        }
        let (small, large) = (wilson(a, Z), wilson(larger(a), Z));
        prop_assert!(large.lower >= small.lower - 1e-12 && large.upper <= small.upper + 1e-12);
    }

    #[test]
    fn the_test_rejects_exactly_what_the_interval_excludes(
        a in samples(), b in samples(), (comparison, bound) in bounds(), correction in corrections(),
    ) {
        let p = comparison.one_sided(a, b, bound, correction);
        let got = comparison.interval(a, b, z_for(0.95), correction);
        // Within rounding of the line itself either answer is right.
        prop_assume!((p.below - 0.025).abs() > 1e-9 && (p.above - 0.025).abs() > 1e-9);
        prop_assert_eq!(p.below < 0.025, got.upper < bound, "{:?} {:?}", got, p);
        prop_assert_eq!(p.above < 0.025, got.lower > bound, "{:?} {:?}", got, p);
    }

    #[test]
    fn z_falls_as_the_bound_rises(
        a in samples(), b in samples(), (comparison, bound) in bounds(), step in 1e-6..0.5f64,
    ) {
        let higher = if comparison == Comparison::Ratio { bound * (1.0 + step) } else { (bound + step).min(1.0) };
        let (low, high) =
            (comparison.score_z(a, b, bound, Correction::None), comparison.score_z(a, b, higher, Correction::None));
        prop_assert!(high <= low + 1e-9 * (1.0 + low.abs()), "{low} {high}");
    }

    #[test]
    fn never_a_nan(
        a in extreme_samples(), b in extreme_samples(), (comparison, bound) in bounds(), z in 0.0..40.0f64,
        correction in corrections(), below in any::<bool>(),
    ) {
        let p = comparison.one_sided(a, b, bound, correction);
        prop_assert!((0.0..=1.0).contains(&p.below) && (0.0..=1.0).contains(&p.above), "{p:?}");
        let got = comparison.interval(a, b, z, correction);
        prop_assert!(got.lower <= got.upper, "{got:?}");
        let plan = Plan { correction, ..Plan::default() };
        let side = if below { Side::Below } else { Side::Above };
        if let Some(disparity) = detectable(comparison, bound, side, a.trials, b, &plan) {
            prop_assert!(if below { disparity < bound } else { disparity > bound }, "{disparity}");
        }
        if let Settle::Factor(factor) = multiplier_to_settle(comparison, bound, a, b, &plan) {
            prop_assert!(factor > 0.0 && factor.is_finite(), "{factor}");
        }
    }

    #[test]
    fn holm_is_between_the_raw_and_the_bonferroni_values(raw in prop::collection::vec(0.0..=1.0f64, 0..30)) {
        let adjusted = holm(&raw);
        for (p, q) in raw.iter().zip(&adjusted) {
            prop_assert!(p <= q && *q <= (p * raw.len() as f64).min(1.0) + 1e-15);
            for (other, adjusted_other) in raw.iter().zip(&adjusted) {
                prop_assert!(p > other || q <= adjusted_other);
            }
        }
    }
}

#[test]
fn the_pooled_test_is_both_comparisons_at_equality() {
    let (a, b) = (sample(170.0, 390.0), sample(412.0, 797.0));
    let pooled: f64 = 582.0 / 1187.0;
    let z = (170.0 / 390.0 - 412.0 / 797.0) / (pooled * (1.0 - pooled) * (1.0 / 390.0 + 1.0 / 797.0)).sqrt();
    for (comparison, bound) in [(Comparison::Ratio, 1.0), (Comparison::Difference, 0.0)] {
        assert!((comparison.score_z(a, b, bound, Correction::None) - z).abs() < 1e-12);
    }
}

#[test]
fn extremes_have_definite_answers() {
    let huge = 1e15;
    let all = [
        sample(0.0, 1.0),
        sample(1.0, 1.0),
        sample(0.0, huge),
        sample(huge, huge),
        sample(1.0, huge),
    ];
    for (a, b) in all.iter().flat_map(|&a| all.iter().map(move |&b| (a, b))) {
        for (comparison, bounds) in [
            (Comparison::Ratio, [0.8, 1.0, 1.25, 1e-12, 1e12]),
            (Comparison::Difference, [-1.0, -1e-15, 0.0, 0.1, 1.0]),
        ] {
            for correction in [Correction::None, Correction::MiettinenNurminen] {
                for bound in bounds {
                    let z = comparison.score_z(a, b, bound, correction);
                    assert!(!z.is_nan(), "{a:?} {b:?} {comparison:?} {bound}");
                }
                for z in [0.0, Z, 30.0, f64::INFINITY, f64::NAN] {
                    let got = comparison.interval(a, b, z, correction);
                    assert!(got.lower <= got.upper, "{a:?} {b:?} {comparison:?} {z}: {got:?}");
                }
            }
        }
    }
    // Rates of 1 - 2e-15 and 1: the failures say what the rates' last digits cannot. Poisson counts 2 and 0.
    let z = difference::score_z(sample(huge - 2.0, huge), sample(huge, huge), 0.0, Correction::None);
    assert!((z + 2f64.sqrt()).abs() < 1e-9, "{z}");
    let z = ratio::score_z(sample(huge - 2.0, huge), sample(huge, huge), 1.0, Correction::None);
    assert!((z + 2f64.sqrt()).abs() < 1e-9, "{z}");
}
