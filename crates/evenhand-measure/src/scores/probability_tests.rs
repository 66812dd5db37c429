use proptest::prelude::*;

use super::super::testing::{agrees, labelled, numbers, sets, shortened, spread, within};
use super::*;
use crate::tally::Numbers;

#[test]
fn errors_are_those_of_other_software() {
    for (name, expected, scores) in sets() {
        let check = |found: Mean, key: &str| {
            agrees(found.point, &expected[key], &format!("{name}: {key}"));
            let se = format!("{key}_se");
            agrees(found.se.unwrap(), &expected[se.as_str()], &format!("{name}: {se}"));
        };
        check(mean_score(&scores.all()).unwrap(), "mean_score");
        check(in_the_large(&scores).unwrap(), "in_the_large");
        check(brier(&scores).unwrap(), "brier");
        check(log_loss(&scores).unwrap(), "log_loss");
    }
}

#[test]
fn points_stay_exact_where_numbers_fall_together() {
    for (name, expected, scores) in sets() {
        let short = shortened(&scores, 16);
        for (found, key) in [
            (mean_score(&short.all()).unwrap(), "mean_score"),
            (in_the_large(&short).unwrap(), "in_the_large"),
            (brier(&short).unwrap(), "brier"),
            (log_loss(&short).unwrap(), "log_loss"),
        ] {
            agrees(found.point, &expected[key], &format!("{name}: {key}"));
            let se = format!("{key}_se");
            // 2 %: scores of 16 leading bits are within an eighth of a binary digit of one another.
            within(
                found.se.unwrap(),
                &expected[se.as_str()],
                0.02,
                &format!("{name}: {se}"),
            );
        }
    }
}

/// A score of exactly 1 that is wrong has no finite loss: scikit-learn would clip it to a number of its own making.
#[test]
fn certain_and_wrong_has_no_log_loss() {
    let scores = labelled(&[1.0, 0.9, 0.0], &[0.0, 1.0]);
    assert_eq!(certain_and_wrong(&scores), 2);
    let why = log_loss(&scores).unwrap_err();
    assert!(why.starts_with("2 rows have a score of exactly 0 or 1"), "{why}");
    // Certain and right costs nothing.
    let right = log_loss(&labelled(&[1.0, 1.0], &[0.0])).unwrap();
    assert_eq!(right.point.to_bits(), 0f64.to_bits());
    assert!(right.se.is_err());
}

#[test]
fn scores_beyond_one_are_no_probabilities() {
    for scores in [labelled(&[7.0], &[0.2, 3.0]), labelled(&[0.5], &[-0.1, -0.2])] {
        let why = brier(&scores).unwrap_err();
        assert!(why.starts_with("2 scores are not within 0 and 1"), "{why}");
        assert!(log_loss(&scores).is_err() && in_the_large(&scores).is_err());
    }
    // 1 begins a bar of its own, and 1.001 falls together with it.
    let short = shortened(&labelled(&[1.0, 1.001], &[0.0]), 13);
    assert!(brier(&short).is_err());
    let short = shortened(&labelled(&[1.0, 1.0], &[0.0]), 13);
    assert!(brier(&short).is_ok());
    // Their mean is still one.
    assert_eq!(mean_score(&numbers(&[7.0, 3.0])).unwrap().point, 5.0);
}

#[test]
fn nobody_has_no_mean_and_one_row_no_spread() {
    assert!(mean_score(&Numbers::default()).is_err());
    assert!(brier(&Labelled::default()).is_err());
    assert!(log_loss(&Labelled::default()).is_err());
    assert!(in_the_large(&Labelled::default()).is_err());
    assert!(brier(&labelled(&[0.3], &[])).unwrap().se.is_err());
    assert!(mean_score(&numbers(&[0.3; 10])).unwrap().se.is_err());
    assert!(in_the_large(&labelled(&[0.3; 10], &[])).unwrap().se.is_err());
}

proptest! {
    #[test]
    fn brier_is_that_over_all_rows(first in spread(), second in spread()) {
        let scores = labelled(&first, &second);
        let n = (first.len() + second.len()) as f64;
        let over = |of: fn(f64, f64) -> f64| {
            let rows = first.iter().map(|s| of(*s, 1.0)).chain(second.iter().map(|s| of(*s, 0.0)));
            rows.sum::<f64>() / n
        };
        // 1e-13: sums of up to 80 numbers.
        prop_assert!((brier(&scores).unwrap().point - over(|s, y| (s - y).powi(2))).abs() < 1e-13);
        prop_assert!((in_the_large(&scores).unwrap().point - over(|s, y| s - y)).abs() < 1e-13);
        let loss = over(|s, y| if y == 1.0 { -s.ln() } else { -(1.0 - s).ln() });
        prop_assert!((log_loss(&scores).unwrap().point - loss).abs() < 1e-12);
    }

    #[test]
    fn complement_of_label_and_score_leaves_errors(first in spread(), second in spread()) {
        let turned = |scores: &[f64]| scores.iter().map(|s| 1.0 - s).collect::<Vec<_>>();
        let one = labelled(&first, &second);
        let other = labelled(&turned(&second), &turned(&first));
        // 1e-12: 1 - s is rounded.
        prop_assert!((brier(&one).unwrap().point - brier(&other).unwrap().point).abs() < 1e-12);
        prop_assert!((log_loss(&one).unwrap().point - log_loss(&other).unwrap().point).abs() < 1e-12);
        let sum = in_the_large(&one).unwrap().point + in_the_large(&other).unwrap().point;
        prop_assert!(sum.abs() < 1e-12);
    }
}
