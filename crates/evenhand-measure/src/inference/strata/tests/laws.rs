//! Laws that tie the stratified functions to each other and to those of one stratum.

use super::super::super::OneSided;
use super::super::super::testing::{extreme_samples, samples};
use super::*;

const Z: f64 = 1.959963984540054;

fn small() -> impl Strategy<Value = Sample> {
    let trials = prop_oneof![1u64..10, 1u64..200];
    (trials, 0.0..=1.0f64, 0..5u8).prop_map(|(trials, share, kind)| {
        let successes = match kind {
            0 => 0,
            1 => trials,
            _ => ((trials as f64) * share).round() as u64,
        };
        sample(successes as f64, trials as f64)
    })
}

fn many() -> impl Strategy<Value = Vec<(Sample, Sample)>> {
    prop::collection::vec((samples(), samples()), 1..8)
}

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

/// Few people in contradicting strata, where the statistic can turn back.
fn contradicting() -> impl Strategy<Value = Vec<(Sample, Sample)>> {
    prop::collection::vec((small(), small()), 1..5)
}

fn exchanged(rows: &[(Sample, Sample)]) -> Vec<(Sample, Sample)> {
    rows.iter().map(|&(a, b)| (b, a)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn one_stratum_is_the_plain_test(
        a in samples(), b in samples(), (comparison, bound) in bounds(), correction in corrections(),
    ) {
        let rows = [(a, b)];
        let plain = comparison.score_z(a, b, bound, correction);
        prop_assert!(close(score_z(comparison, &rows, bound, correction), plain, 1e-12));
        let p = comparison.one_sided(a, b, bound, correction);
        prop_assert!(close(one_sided(comparison, &rows, bound, correction).below, p.below, 1e-12));
        let (got, expected) = (interval(comparison, &rows, Z, correction), comparison.interval(a, b, Z, correction));
        prop_assert!(close(got.lower, expected.lower, 1e-9), "{got:?} {expected:?}");
        prop_assert!(close(got.upper, expected.upper, 1e-9), "{got:?} {expected:?}");
    }

    #[test]
    fn at_no_difference_it_is_cochran_mantel_haenszel(rows in many()) {
        let z = score_z(Comparison::Difference, &rows, 0.0, Correction::MiettinenNurminen);
        match cochran_mantel_haenszel(&rows, Continuity::Uncorrected) {
            // 1e-7: rates of counts of a billion near 0 or 1 keep nine digits of their failures.
            Some(test) => prop_assert!(close(test.z, z, 1e-7), "{} {z}", test.z),
            None => prop_assert_eq!(z, 0.0),
        }
    }

    #[test]
    fn interval_and_p_agree_at_every_bound(
        rows in prop_oneof![many(), contradicting()], (comparison, bound) in bounds(), correction in corrections(),
    ) {
        let p = one_sided(comparison, &rows, bound, correction);
        prop_assume!((p.below - 0.025).abs() > 1e-6 && (p.above - 0.025).abs() > 1e-6);
        let got = interval(comparison, &rows, Z, correction);
        prop_assert_eq!(p.below < 0.025, got.upper < bound, "{:?} {:?}", got, p);
        prop_assert_eq!(p.above < 0.025, got.lower > bound, "{:?} {:?}", got, p);
        prop_assert!((p.below + p.above - 1.0).abs() < 1e-12);
        // Never easier to reject than at the bound itself.
        let on_bound = OneSided::of(score_z(comparison, &rows, bound, correction));
        prop_assert!(p.below.min(p.above) >= on_bound.below.min(on_bound.above));
    }

    #[test]
    fn exchanging_the_groups_negates_or_inverts(
        rows in many(), (comparison, bound) in bounds(), correction in corrections(),
    ) {
        let other = exchanged(&rows);
        let opposite = match comparison { Comparison::Ratio => 1.0 / bound, Comparison::Difference => -bound };
        let z = score_z(comparison, &rows, bound, correction);
        prop_assert!(close(z, -score_z(comparison, &other, opposite, correction), 1e-9));
        let (got, mirrored) = (interval(comparison, &rows, Z, correction), interval(comparison, &other, Z, correction));
        let (lower, upper) = match comparison {
            Comparison::Ratio => (1.0 / mirrored.upper, 1.0 / mirrored.lower),
            Comparison::Difference => (-mirrored.upper, -mirrored.lower),
        };
        prop_assert!(close(got.lower, lower, 1e-8) && close(got.upper, upper, 1e-8), "{got:?} {mirrored:?}");
        let tests = [&rows, &other].map(|rows| cochran_mantel_haenszel(rows, Continuity::Corrected));
        if let [Some(one), Some(two)] = tests {
            prop_assert!(close(one.z, -two.z, 1e-9) && close(one.p, two.p, 1e-9));
        }
        for estimate in [common_odds_ratio, common_risk_ratio] {
            if let (Some(one), Some(two)) = (estimate(&rows, Z), estimate(&other, Z))
                && let (Some(left), Some(right)) = (one.interval, two.interval)
            {
                prop_assert!(close(one.point * two.point, 1.0, 1e-9));
                prop_assert!(close((left.upper * right.lower).ln(), 0.0, 1e-8));
            }
        }
        let tests = [&rows, &other].map(|rows| breslow_day(rows));
        if let [Some(one), Some(two)] = tests {
            prop_assert!(close(one.plain.statistic, two.plain.statistic, 1e-6), "{one:?} {two:?}");
        }
    }

    #[test]
    fn exchanging_success_and_failure_negates_a_difference(
        rows in many(), delta in -1.0..=1.0f64, correction in corrections(),
    ) {
        let reflected: Vec<_> = rows.iter().map(|(a, b)| (a.reflected(), b.reflected())).collect();
        let z = score_z(Comparison::Difference, &rows, delta, correction);
        prop_assert!(close(z, -score_z(Comparison::Difference, &reflected, -delta, correction), 1e-9));
    }

    #[test]
    fn repeated_strata_add_evidence_and_no_heterogeneity(
        rows in many(), times in 2..5usize, (comparison, bound) in bounds(), correction in corrections(),
    ) {
        let repeated = rows.repeat(times);
        let factor = (times as f64).sqrt();
        let z = score_z(comparison, &rows, bound, correction);
        prop_assert!(close(score_z(comparison, &repeated, bound, correction), factor * z, 1e-9));
        let (one, all) = (point(comparison, &rows), point(comparison, &repeated));
        prop_assert!(one.is_some() == all.is_some() && one.zip(all).is_none_or(|(one, all)| close(one, all, 1e-12)));
        let same = vec![rows[0]; times];
        if let Some(test) = heterogeneity(comparison, &same, correction) {
            prop_assert!(test.statistic < 1e-9 && test.p > 0.999 && test.degrees as usize == times - 1, "{test:?}");
        }
        if let Some(test) = breslow_day(&same) {
            // 1e-5: at rates of a billionth from 1 a fitted count keeps seven digits of what is left.
            prop_assert!(test.plain.statistic < 1e-5, "{test:?}");
        }
    }

    #[test]
    fn strata_that_know_nothing_change_nothing(
        rows in many(), n in 1..100u32, m in 1..100u32, bound in 0.01..100.0f64, correction in corrections(),
    ) {
        let mut more = rows.clone();
        more.insert(0, (sample(0.0, f64::from(n)), sample(0.0, f64::from(m))));
        let z = |rows: &[(Sample, Sample)]| score_z(Comparison::Ratio, rows, bound, correction);
        prop_assert!(close(z(&rows), z(&more), 1e-12));
        more.insert(0, (sample(f64::from(n), f64::from(n)), sample(f64::from(m), f64::from(m))));
        let z = |rows: &[(Sample, Sample)]| cochran_mantel_haenszel(rows, Continuity::Uncorrected).map(|test| test.z);
        let (one, two) = (z(&rows), z(&more));
        prop_assert!(one == two || one.zip(two).is_some_and(|(one, two)| close(one, two, 1e-9)));
        let tests = [&rows, &more].map(|rows| breslow_day(rows).map(|test| test.plain.degrees));
        prop_assert_eq!(tests[0], tests[1]);
    }

    #[test]
    fn satos_variance_is_the_plain_one_where_the_strata_agree(
        n in 2..200u32, m in 2..200u32, x in 0..200u32, y in 0..200u32, times in 1..4u32,
    ) {
        // Sato's terms are unbiased for each stratum's share; with one observed difference they are equal to it.
        let (x, y) = (x.min(n), y.min(m));
        prop_assume!((x, y) != (0, 0) && (x, y) != (n, m) && (x, y) != (0, m) && (x, y) != (n, 0));
        let rows: Vec<_> = (1..=times).map(|k| {
            let k = f64::from(k);
            (sample(k * f64::from(x), k * f64::from(n)), sample(k * f64::from(y), k * f64::from(m)))
        }).collect();
        let (mut variance, mut weights) = (0.0, 0.0);
        for &(a, b) in &rows {
            let (p, q) = (a.rate(), b.rate());
            variance += weight(a, b).powi(2) * (p * (1.0 - p) / a.trials + q * (1.0 - q) / b.trials);
            weights += weight(a, b);
        }
        let expected = variance.sqrt() / weights;
        // A z this small keeps the ends within [-1, 1].
        let got = common_risk_difference(&rows, 0.001).unwrap().interval.unwrap();
        prop_assert!(close((got.upper - got.lower) / 0.002, expected, 1e-9));
    }

    #[test]
    fn never_a_nan(
        rows in prop::collection::vec((extreme_samples(), extreme_samples()), 0..6), (comparison, bound) in bounds(),
        z in prop_oneof![0.0..40.0f64, Just(0.0), Just(f64::INFINITY), Just(f64::NAN)], correction in corrections(),
    ) {
        prop_assert!(!score_z(comparison, &rows, bound, correction).is_nan());
        let p = one_sided(comparison, &rows, bound, correction);
        prop_assert!((0.0..=1.0).contains(&p.below) && (0.0..=1.0).contains(&p.above), "{p:?}");
        let got = interval(comparison, &rows, z, correction);
        prop_assert!(got.lower <= got.upper, "{got:?}");
        if let Some(point) = point(comparison, &rows) {
            prop_assert!(got.contains(point), "{got:?} {point}");
        }
        for continuity in [Continuity::Uncorrected, Continuity::Corrected] {
            if let Some(test) = cochran_mantel_haenszel(&rows, continuity) {
                prop_assert!(test.z.is_finite() && (0.0..=1.0).contains(&test.p), "{test:?}");
            }
        }
        for estimate in [common_odds_ratio, common_risk_ratio, common_risk_difference] {
            if let Some(effect) = estimate(&rows, z) {
                prop_assert!(!effect.point.is_nan(), "{effect:?}");
                prop_assert!(effect.interval.is_none_or(|ends| ends.lower <= ends.upper), "{effect:?}");
            }
        }
        let tests = [
            heterogeneity(comparison, &rows, correction),
            breslow_day(&rows).map(|test| test.plain),
            breslow_day(&rows).map(|test| test.adjusted),
        ];
        for test in tests.into_iter().flatten() {
            prop_assert!(test.statistic >= 0.0 && (0.0..=1.0).contains(&test.p), "{test:?}");
        }
    }
}
