use proptest::prelude::*;

use super::super::auc::auc;
use super::super::testing::{agrees, labelled, oracle, set, sets, tied, within};
use super::*;

fn area_under(curve: &[Point]) -> f64 {
    let strip = |pair: &[Point]| {
        (pair[1].false_positive_rate - pair[0].false_positive_rate)
            * f64::midpoint(pair[0].true_positive_rate, pair[1].true_positive_rate)
    };
    curve.windows(2).map(strip).sum()
}

#[test]
fn curves_are_those_of_scikit_learn() {
    for (name, expected, scores) in sets() {
        let curve = roc(&scores).unwrap();
        let (fpr, tpr) = (expected["fpr"].as_array().unwrap(), expected["tpr"].as_array().unwrap());
        assert_eq!(curve.len(), fpr.len(), "{name}");
        for ((point, x), y) in curve.iter().zip(fpr).zip(tpr) {
            agrees(point.false_positive_rate, x, &name);
            agrees(point.true_positive_rate, y, &name);
        }
    }
}

#[test]
fn area_between_is_that_of_a_fine_grid() {
    for pair in oracle()["pairs"].as_array().unwrap() {
        let curve = |side: &str| roc(&set(pair[side].as_str().unwrap())).unwrap();
        let area = area_between(&curve("one"), &curve("other"));
        // 1e-6: a grid of 4 million points.
        within(area, &pair["area_between"], 1e-6, "area");
    }
}

/// A known defect elsewhere: the difference of the two areas is 0 where curves cross symmetrically.
#[test]
fn crossing_curves_with_equal_areas_are_apart() {
    // (0,0) (0,1/2) (1,1/2) (1,1) and (0,0) (1/2,0) (1/2,1) (1,1).
    let one = labelled(&[0.9, 0.1], &[0.5, 0.5]);
    let other = labelled(&[0.5, 0.5], &[0.9, 0.1]);
    let area = |scores: &Labelled| auc(&scores.positives, &scores.negatives).unwrap().point;
    assert_eq!(area(&one), area(&other));
    let between = area_between(&roc(&one).unwrap(), &roc(&other).unwrap());
    assert_eq!(between, 0.5);
}

#[test]
fn no_positive_or_no_negative_has_no_curve() {
    assert!(roc(&labelled(&[], &[0.1])).is_err());
    assert!(roc(&labelled(&[0.1], &[])).is_err());
}

#[test]
fn thinning_keeps_the_ends() {
    let curve = roc(&set("bold")).unwrap();
    let thin = thinned(&curve, 20);
    assert!(thin.len() <= 20 && thin.len() > 15, "{}", thin.len());
    assert_eq!((thin.first(), thin.last()), (curve.first(), curve.last()));
    assert_eq!(thinned(&curve, 10_000), curve);
}

proptest! {
    #[test]
    fn area_under_the_curve_is_the_auc(first in tied(), second in tied()) {
        let scores = labelled(&first, &second);
        let curve = roc(&scores).unwrap();
        let area = auc(&scores.positives, &scores.negatives).unwrap().point;
        prop_assert!((area_under(&curve) - area).abs() < 1e-13);
    }

    #[test]
    fn area_between_is_a_distance(a in tied(), b in tied(), c in tied(), d in tied()) {
        let (one, other) = (labelled(&a, &b), labelled(&c, &d));
        let (first, second) = (roc(&one).unwrap(), roc(&other).unwrap());
        prop_assert_eq!(area_between(&first, &first), 0.0);
        prop_assert!((area_between(&first, &second) - area_between(&second, &first)).abs() < 1e-13);
        // It is never less than the gap of the areas.
        let gap = (area_under(&first) - area_under(&second)).abs();
        prop_assert!(area_between(&first, &second) >= gap - 1e-13);
    }
}
