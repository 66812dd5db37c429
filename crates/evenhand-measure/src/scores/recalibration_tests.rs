use proptest::prelude::*;

use super::super::testing::{labelled, sets, spread, within};
use super::*;

#[test]
fn lines_are_those_of_statsmodels() {
    for (name, expected, scores) in sets() {
        let found = recalibration(&scores).unwrap();
        // 1e-9: both stop where the likelihood is flat to rounding.
        within(found.intercept, &expected["intercept"], 1e-9, &name);
        within(found.slope, &expected["slope"], 1e-9, &name);
        within(found.intercept_se, &expected["intercept_se"], 1e-9, &name);
        within(found.slope_se, &expected["slope_se"], 1e-9, &name);
    }
}

#[test]
fn separation_has_no_slope() {
    for (positives, negatives) in [
        (vec![0.8, 0.9], vec![0.1, 0.2]),
        (vec![0.1, 0.2], vec![0.8, 0.9]),
        // Tied on the border alone.
        (vec![0.5, 0.9], vec![0.1, 0.5]),
        // One score for all.
        (vec![0.5, 0.5], vec![0.5]),
    ] {
        let why = recalibration(&labelled(&positives, &negatives)).unwrap_err();
        assert!(why.contains("no most likely slope"), "{why}");
    }
}

#[test]
fn what_has_no_logit_is_counted() {
    let why = recalibration(&labelled(&[1.0, 0.3], &[0.0, 0.0, 0.6])).unwrap_err();
    assert!(why.starts_with("3 rows have a score of exactly 0 or 1"), "{why}");
    assert!(recalibration(&labelled(&[2.0], &[0.5])).is_err());
    assert!(recalibration(&labelled(&[], &[0.5])).is_err());
    assert!(recalibration(&labelled(&[0.5], &[])).is_err());
}

#[test]
fn extreme_scores_are_fitted() {
    let scores = labelled(&[1e-200, 0.9, 1.0 - 1e-15], &[1e-300, 0.2, 1.0 - 1e-14, 1e-10]);
    let found = recalibration(&scores).unwrap();
    // Logits of -690 leave next to no slope.
    assert!(
        found.slope > 0.0 && found.slope < 0.1 && found.slope_se > 0.0,
        "{found:?}"
    );
}

proptest! {
    /// The line at which both derivatives are 0, and the mean of its probabilities is the base rate.
    #[test]
    fn the_line_is_the_most_likely(first in spread(), second in spread()) {
        let scores = labelled(&first, &second);
        if let Ok(line) = recalibration(&scores) {
            let p = |s: f64| 1.0 / (1.0 + (-(line.intercept + line.slope * (s / (1.0 - s)).ln())).exp());
            let residual = |of: fn(f64) -> f64| {
                let up: f64 = first.iter().map(|s| (1.0 - p(*s)) * of(*s)).sum();
                let down: f64 = second.iter().map(|s| p(*s) * of(*s)).sum();
                up - down
            };
            // 1e-7: logits reach 7, and a nearly separated line is steep.
            prop_assert!(residual(|_| 1.0).abs() < 1e-7, "{}", residual(|_| 1.0));
            prop_assert!(residual(|s| (s / (1.0 - s)).ln()).abs() < 1e-6);
        }
    }

    #[test]
    fn complement_of_label_and_score_turns_the_intercept(first in spread(), second in spread()) {
        let turned = |scores: &[f64]| scores.iter().map(|s| 1.0 - s).collect::<Vec<_>>();
        let one = recalibration(&labelled(&first, &second));
        let other = recalibration(&labelled(&turned(&second), &turned(&first)));
        if let (Ok(one), Ok(other)) = (one, other) {
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + a.abs());
            prop_assert!(near(one.slope, other.slope), "{one:?} {other:?}");
            prop_assert!(near(one.intercept, -other.intercept), "{one:?} {other:?}");
        }
    }
}
