//! Power and size against the textbook formulas.

use super::super::testing::sample;
use super::*;

/// The test of the reference values: no N/(N-1) factor.
const PLAIN: Plan = Plan {
    alpha: 0.025,
    power: 0.8,
    correction: Correction::None,
};

#[test]
fn power_of_the_pooled_test() {
    // R's power.prop.test formula: n per group, the rates, the power. With equal sizes the restricted rate at a
    // difference of 0 is the mean rate, which that formula uses.
    for (n, p_a, p_b, expected) in [
        (50.0, 0.5, 0.75, 0.7401659013),
        (100.0, 0.5, 0.6, 0.2941273269),
        (200.0, 0.48, 0.6, 0.6740172484),
        (500.0, 0.4, 0.5, 0.8896076866),
    ] {
        let (a, b) = (sample(p_a * n, n), sample(p_b * n, n));
        for (comparison, bound) in [(Comparison::Difference, 0.0), (Comparison::Ratio, 1.0)] {
            let has = |power: f64| {
                let quantiles = (z_above(PLAIN.alpha), z_above(1.0 - power));
                is_shown(&comparison.contrast(a, b, bound), Side::Below, a, b, &PLAIN, quantiles)
            };
            // 1e-10: half a unit of the last printed digit, and the same again for decimal rates.
            assert!(has(expected - 1e-10) && !has(expected + 1e-10), "{expected}");
        }
    }
}

#[test]
fn sizes_of_the_pooled_test() {
    // The rates, the power and the size per group by the normal formula; one trial per group times that factor.
    for (p_a, p_b, power, expected) in [
        (0.5, 0.75, 0.9, 76.70692845),
        (0.48, 0.6, 0.8, 269.6044039),
        (0.4, 0.5, 0.8, 387.3385167),
        (0.24, 0.3, 0.8, 858.2724504),
        (0.08, 0.1, 0.8, 3212.937062),
    ] {
        let plan = Plan { power, ..PLAIN };
        let got = multiplier_to_settle(Comparison::Difference, 0.0, sample(p_a, 1.0), sample(p_b, 1.0), &plan);
        let Settle::Factor(factor) = got else { panic!("{got:?}") };
        assert!((factor / expected - 1.0).abs() < 1e-8, "{factor} {expected}");
    }
}

#[test]
fn smallest_detectable_gaps() {
    // Sizes, the reference rate, the detectable rate of a for the two-sided pooled test, whose other tail adds
    // under 1e-6 to the power: hence 1e-5.
    for (n_a, n_b, p_b, expected) in [
        (50.0, 200.0, 0.5, 0.28424855),
        (100.0, 100.0, 0.5, 0.306775),
        (390.0, 797.0, 0.5169, 0.43052599),
        (1000.0, 1000.0, 0.3, 0.24427113),
    ] {
        let reference = sample(p_b * n_b, n_b);
        let gap = detectable(Comparison::Difference, 0.0, Side::Below, n_a, reference, &PLAIN).unwrap();
        assert!((p_b + gap - expected).abs() < 1e-5, "{} {expected}", p_b + gap);
        let ratio = detectable(Comparison::Ratio, 1.0, Side::Below, n_a, reference, &PLAIN).unwrap();
        assert!((ratio * p_b - expected).abs() < 1e-5, "{ratio} {expected}");
    }
}

#[test]
fn what_is_detectable_settles_with_a_factor_of_one() {
    let plan = Plan::default();
    let reference = sample(60.0, 100.0);
    for (comparison, bound, side) in [
        (Comparison::Ratio, 0.8, Side::Below),
        (Comparison::Ratio, 1.25, Side::Above),
        (Comparison::Difference, -0.1, Side::Below),
        (Comparison::Difference, 0.1, Side::Above),
    ] {
        let disparity = detectable(comparison, bound, side, 80.0, reference, &plan).unwrap();
        let a = sample(comparison.rate_on(disparity, 0.6) * 80.0, 80.0);
        let got = multiplier_to_settle(comparison, bound, a, reference, &plan);
        let Settle::Factor(factor) = got else { panic!("{got:?}") };
        assert!((factor - 1.0).abs() < 1e-6, "{comparison:?} {bound}: {factor}");
    }
}

#[test]
fn too_few_to_show_anything() {
    let plan = Plan::default();
    // Two trials: even two failures are no evidence of a ratio under 0.8.
    assert_eq!(
        detectable(Comparison::Ratio, 0.8, Side::Below, 2.0, sample(50.0, 100.0), &plan),
        None
    );
    // A reference rate of 0 has no ratios; one of 0.9 leaves no room above 1.25 times it.
    assert_eq!(
        detectable(Comparison::Ratio, 0.8, Side::Below, 2e3, sample(0.0, 100.0), &plan),
        None
    );
    assert_eq!(
        detectable(Comparison::Ratio, 1.25, Side::Above, 2e3, sample(900.0, 1e3), &plan),
        None
    );
    assert_eq!(
        detectable(Comparison::Difference, -0.1, Side::Below, 2e3, sample(50.0, 1e3), &plan),
        None
    );
}

#[test]
fn on_the_bound_nothing_settles() {
    let plan = Plan::default();
    let settle = |comparison, bound, a, b| multiplier_to_settle(comparison, bound, a, b, &plan);
    assert_eq!(
        settle(Comparison::Ratio, 0.8, sample(48.0, 100.0), sample(60.0, 100.0)),
        Settle::Never
    );
    assert_eq!(
        settle(Comparison::Difference, -0.05, sample(450.0, 1e3), sample(500.0, 1e3)),
        Settle::Never
    );
    assert_eq!(
        settle(Comparison::Ratio, 0.8, sample(0.0, 100.0), sample(0.0, 100.0)),
        Settle::Never
    );
}

#[test]
fn rates_of_zero_and_one_keep_a_variance() {
    let plan = Plan {
        correction: Correction::None,
        ..Plan::default()
    };
    // 20/20 against 20/20 at 0.8: the restricted rates are 0.8 and 1, the null variance 0.16 / 20, so
    // k = ((1.95996 + 0.84162) / 0.2)^2 * 0.008.
    let full = sample(20.0, 20.0);
    let got = multiplier_to_settle(Comparison::Ratio, 0.8, full, full, &plan);
    let Settle::Factor(factor) = got else { panic!("{got:?}") };
    assert!(
        (factor - (1.959963984540054f64 + 0.8416212335729143).powi(2) * 0.2).abs() < 1e-9,
        "{factor}"
    );
}
