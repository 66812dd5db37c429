//! Laws that every method of the table keeps.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::inference::testing::{extreme_samples, sample};
use crate::inference::{OneSided, odds_ratio, z_for};

type Pair = (
    &'static Method,
    fn(Sample, Sample, f64) -> Option<f64>,
    fn(Sample, Sample, f64) -> Option<Interval>,
);

fn pairs() -> impl Iterator<Item = Pair> {
    METHODS.iter().filter_map(|&method| match method.compute {
        Compute::Pair { z, interval } => Some((method, z, interval)),
        _ => None,
    })
}

fn rates() -> impl Iterator<Item = (&'static Method, fn(Sample, f64) -> Interval)> {
    METHODS.iter().filter_map(|&method| match method.compute {
        Compute::Rate(interval) => Some((method, interval)),
        _ => None,
    })
}

/// Success and failure exchanged.
fn reflected(of: Sample) -> Sample {
    sample(of.trials - of.successes, of.trials)
}

/// From tiny to large, whole or not, the ends overrepresented.
fn samples() -> impl Strategy<Value = Sample> {
    let trials = prop_oneof![1u64..40, 1u64..2_000, 1_000_000u64..1_000_000_000];
    (trials, 0.0..=1.0f64, 0..7u8).prop_map(|(trials, share, kind)| {
        let trials = trials as f64;
        let successes = match kind {
            0 => 0.0,
            1 => trials,
            // A multiple of 2^-10, so that the failures are as exact as the successes.
            2 => (trials * share * 1024.0).round() / 1024.0,
            _ => (trials * share).round(),
        };
        sample(successes, trials)
    })
}

/// A bound of either kind: the difference, and the ratio.
fn bounds() -> impl Strategy<Value = (f64, f64)> {
    (
        prop_oneof![Just(0.1), Just(0.0), Just(-0.1), -1.0..=1.0f64],
        prop_oneof![Just(0.8), Just(1.0), Just(1.25), 0.01..100.0f64],
    )
}

/// Whether equality is 1 and exchanging the groups inverts it.
fn is_ratio(method: &Method) -> bool {
    matches!(method.of, MethodOf::Ratio | MethodOf::OddsRatio)
}

fn bound_of(method: &Method, (difference, ratio): (f64, f64)) -> f64 {
    if method.of == MethodOf::Difference {
        difference
    } else {
        ratio
    }
}

fn close(left: f64, right: f64, tolerance: f64) -> bool {
    left == right || (left - right).abs() <= tolerance * (1.0 + left.abs().min(right.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_test_rejects_exactly_what_the_interval_excludes(
        a in samples(), b in samples(), bound in bounds(), near in -1e-2..1e-2f64, confidence in 0.5..0.999f64,
    ) {
        let (z_of, alpha) = (z_for(confidence), (1.0 - confidence) / 2.0);
        for (method, z, interval) in pairs() {
            let Some(got) = interval(a, b, z_of) else {
                prop_assert_eq!(z(a, b, bound_of(method, bound)), None);
                continue;
            };
            // Any bound, and bounds just inside and outside of the ends.
            for bound in [bound_of(method, bound), got.lower + near * (1.0 + got.lower), got.upper * (1.0 + near)] {
                if !bound.is_finite() || is_ratio(method) && bound <= 0.0 || bound.abs() > 1.0 && method.of == MethodOf::Difference {
                    continue;
                }
                let p = OneSided::of(z(a, b, bound).unwrap());
                // Within rounding of the line itself either answer is right.
                if (p.below - alpha).abs() < 1e-9 || (p.above - alpha).abs() < 1e-9 {
                    continue;
                }
                prop_assert_eq!(p.below < alpha, got.upper < bound, "{:?} {:?} {:?} {}", method, got, p, bound);
                prop_assert_eq!(p.above < alpha, got.lower > bound, "{:?} {:?} {:?} {}", method, got, p, bound);
            }
        }
    }

    #[test]
    fn exchanging_the_groups_negates_or_inverts(a in samples(), b in samples(), bound in bounds()) {
        let z_95 = z_for(0.95);
        for (method, z, interval) in pairs() {
            let bound = bound_of(method, bound);
            let exchanged = if is_ratio(method) { 1.0 / bound } else { -bound };
            match (z(a, b, bound), z(b, a, exchanged)) {
                (Some(one), Some(other)) => prop_assert!(close(one, -other, 1e-9), "{method:?} {one} {other}"),
                (one, other) => prop_assert_eq!(one, other),
            }
            let (Some(one), Some(other)) = (interval(a, b, z_95), interval(b, a, z_95)) else { continue };
            let (lower, upper) = if is_ratio(method) {
                (1.0 / other.upper, 1.0 / other.lower)
            } else {
                (-other.upper, -other.lower)
            };
            prop_assert!(close(one.lower, lower, 1e-9) && close(one.upper, upper, 1e-9), "{method:?} {one:?} {other:?}");
        }
    }

    #[test]
    fn exchanging_success_and_failure_negates_a_difference(a in samples(), b in samples(), bound in -1.0..=1.0f64) {
        for (method, z, interval) in pairs().filter(|(method, ..)| method.of == MethodOf::Difference) {
            let (one, other) = (z(a, b, bound).unwrap(), z(reflected(a), reflected(b), -bound).unwrap());
            prop_assert!(close(one, -other, 1e-9), "{method:?} {one} {other}");
            let (one, other) = (interval(a, b, 1.96).unwrap(), interval(reflected(a), reflected(b), 1.96).unwrap());
            prop_assert!(close(one.lower, -other.upper, 1e-9), "{method:?} {one:?} {other:?}");
        }
        for (method, interval) in rates() {
            let (one, other) = (interval(a, 1.96), interval(reflected(a), 1.96));
            prop_assert!(close(one.lower, 1.0 - other.upper, 1e-12), "{method:?} {one:?} {other:?}");
            prop_assert!(close(one.upper, 1.0 - other.lower, 1e-12), "{method:?} {one:?} {other:?}");
        }
    }

    #[test]
    fn more_of_the_same_never_widens(a in samples(), b in samples(), factor in 1.0..50.0f64) {
        let z = z_for(0.95);
        let larger = |s: Sample| sample(s.successes * factor, s.trials * factor);
        for (method, _, interval) in pairs() {
            let (Some(small), Some(large)) = (interval(a, b, z), interval(larger(a), larger(b), z)) else { continue };
            // 1e-9: the rounding of the scaled counts.
            if *method == super::intervals::AGRESTI_CAFFO {
                // Its centre moves as the added counts lose weight, so the longer interval need not hold the shorter.
                prop_assert!(large.upper - large.lower <= small.upper - small.lower + 1e-9, "{small:?} {large:?}");
                continue;
            }
            prop_assert!(large.lower >= small.lower - 1e-9 * small.lower.abs().max(1.0), "{method:?} {small:?} {large:?}");
            prop_assert!(large.upper <= small.upper + 1e-9 * small.upper.abs().max(1.0), "{method:?} {small:?} {large:?}");
        }
        for (method, interval) in rates() {
            let (small, large) = (interval(a, z), interval(larger(a), z));
            prop_assert!(large.upper - large.lower <= small.upper - small.lower + 1e-12, "{method:?} {small:?} {large:?}");
        }
    }

    #[test]
    fn an_interval_of_one_rate_is_within_0_and_1_and_grows_with_z(
        a in extreme_samples(), z in 0.0..38.0f64, more in 0.0..3.0f64,
    ) {
        for (method, interval) in rates() {
            let (got, wider) = (interval(a, z), interval(a, z + more));
            prop_assert!(0.0 <= got.lower && got.lower <= got.upper && got.upper <= 1.0, "{method:?} {got:?}");
            prop_assert!(got.contains(a.rate()), "{method:?} {got:?}");
            prop_assert!(a.successes > 0.0 || got.lower == 0.0, "{method:?} {got:?}");
            prop_assert!(a.successes < a.trials || got.upper == 1.0, "{method:?} {got:?}");
            // 1e-12 of the end: two searches round differently.
            prop_assert!(wider.lower <= got.lower * (1.0 + 1e-12) && wider.upper >= got.upper * (1.0 - 1e-12), "{method:?}");
        }
    }

    #[test]
    fn never_a_nan(a in extreme_samples(), b in extreme_samples(), bound in bounds(), z_of in 0.0..40.0f64) {
        for (method, z, interval) in pairs() {
            let statistic = z(a, b, bound_of(method, bound));
            prop_assert!(statistic.is_none_or(|z| !z.is_nan()), "{method:?}");
            let Some(got) = interval(a, b, z_of) else {
                prop_assert_eq!(statistic, None);
                continue;
            };
            prop_assert!(got.lower <= got.upper, "{method:?} {got:?}");
            let least = if is_ratio(method) { 0.0 } else { -1.0 };
            prop_assert!(got.lower >= least && (got.upper <= 1.0 || is_ratio(method)), "{method:?} {got:?}");
            // Agresti and Caffo's centre is not the observed difference.
            let point = match method.of {
                MethodOf::Ratio if b.successes == 0.0 => f64::INFINITY,
                MethodOf::Ratio => a.rate() / b.rate(),
                // 0/0 is in no interval, and in the whole range.
                MethodOf::OddsRatio => match odds_ratio::point(a, b) {
                    Some(point) => point,
                    None if got.upper == f64::INFINITY => got.lower,
                    None => f64::NAN,
                },
                _ => a.rate() - b.rate(),
            };
            let holds = got.contains(point) || *method == super::intervals::AGRESTI_CAFFO;
            prop_assert!(holds || a.successes + b.successes == 0.0, "{method:?} {got:?} {point}");
        }
    }

    #[test]
    fn z_falls_as_the_bound_rises(a in samples(), b in samples(), bound in bounds(), step in 1e-6..0.5f64) {
        for (method, z, _) in pairs() {
            let bound = bound_of(method, bound);
            let higher = if is_ratio(method) { bound * (1.0 + step) } else { (bound + step).min(1.0) };
            let (Some(low), Some(high)) = (z(a, b, bound), z(a, b, higher)) else { continue };
            prop_assert!(high <= low || close(high, low, 1e-9), "{method:?} {low} {high}");
        }
    }
}

#[test]
fn extreme_tables_have_definite_answers() {
    let huge = 1e15;
    let all = [
        (0.0, 1.0),
        (1.0, 1.0),
        (0.0, huge),
        (huge, huge),
        (1.0, huge),
        (1e-200, 0.25),
    ];
    let all = all.map(|(successes, trials)| sample(successes, trials));
    for (a, b) in all.iter().flat_map(|&a| all.iter().map(move |&b| (a, b))) {
        for (method, z, interval) in pairs() {
            for bound in [-1.0, -1e-15, 0.0, 1e-300, 0.8, 1.0, 1.25, 1e300, f64::INFINITY] {
                assert!(
                    z(a, b, bound).is_none_or(|z| !z.is_nan()),
                    "{method:?} {a:?} {b:?} {bound}"
                );
            }
            for z in [-1.0, 0.0, 1.96, 30.0, 1e9, 1e300, f64::INFINITY, f64::NAN] {
                let sound = interval(a, b, z).is_none_or(|got| got.lower <= got.upper);
                assert!(sound, "{method:?} {a:?} {b:?} {z} {:?}", interval(a, b, z));
            }
        }
        for (method, interval) in rates() {
            for z in [-1.0, 0.0, 1.96, 30.0, 1e9, 1e300, f64::INFINITY, f64::NAN] {
                assert!(
                    interval(a, z).contains(a.rate()),
                    "{method:?} {a:?} {z} {:?}",
                    interval(a, z)
                );
            }
        }
    }
}

#[test]
fn every_entry_is_complete_and_unmistakable() {
    let mut ids = BTreeSet::new();
    let mut names = BTreeSet::new();
    for method in METHODS {
        assert!(ids.insert(method.id), "{method:?} is defined twice");
        for name in method.aliases.iter().chain([&method.id]) {
            assert!(names.insert((method.of.name(), *name)), "{name} means two things");
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(name.chars().all(kebab), "{name}");
            assert_eq!(
                find_method(method.of, &name.to_uppercase().replace('-', " ")),
                Ok(*method)
            );
        }
        let paragraphs = method.doc.split("\n\n").filter(|text| !text.trim().is_empty()).count();
        assert!(paragraphs >= 2, "{method:?}: says what it means and what it does not");
        for text in [method.name, method.formula, method.assumptions, method.undefined_when] {
            assert!(!text.is_empty(), "{method:?}");
        }
        assert!(!method.citations.is_empty(), "{method:?}");
        let of_its_kind = match method.compute {
            Compute::Rate(_) => method.of == MethodOf::Rate,
            Compute::Pair { .. } => !matches!(method.of, MethodOf::Rate | MethodOf::Test),
            Compute::Named => matches!(method.of, MethodOf::Test | MethodOf::OddsRatio),
        };
        assert!(of_its_kind, "{method:?}");
    }
    assert_eq!(METHODS.len(), INTERVALS.len() + NAMED.len() + CONTROLS.len());
}

#[test]
fn names_and_defaults() {
    assert_eq!(
        find_method(MethodOf::Difference, "score").unwrap().id,
        "miettinen-nurminen-difference"
    );
    assert_eq!(find_method(MethodOf::Rate, "score").unwrap().id, "wilson");
    assert_eq!(find_method(MethodOf::Ratio, "newcomb").unwrap_err(), Vec::<&str>::new());
    assert_eq!(find_method(MethodOf::Difference, "newcomb").unwrap_err()[0], "newcombe");
    for of in [
        MethodOf::Rate,
        MethodOf::Difference,
        MethodOf::Ratio,
        MethodOf::OddsRatio,
    ] {
        assert_eq!(default_method(of).unwrap().of, of);
        assert!(METHODS.contains(&default_method(of).unwrap()));
    }
    assert_eq!(default_method(MethodOf::Test), None);
    let wilson = default_method(MethodOf::Rate).unwrap();
    assert_eq!(serde_json::to_string(wilson).unwrap(), "\"wilson\"");
    assert_eq!(format!("{wilson:?}"), "wilson");
}

#[test]
fn a_fraction_that_is_exact_both_ways_is_reflected_exactly() {
    let (a, b, bound) = (
        sample(74_146_995.0 + 518.0 / 1024.0, 246_649_976.0),
        sample(0.0, 6.0),
        -0.920_927_694_289_676,
    );
    for (method, z, _) in pairs().filter(|(method, ..)| method.of == MethodOf::Difference) {
        let (one, other) = (z(a, b, bound).unwrap(), z(reflected(a), reflected(b), -bound).unwrap());
        assert!(close(one, -other, 1e-9), "{method:?} {one} {other}");
    }
}
