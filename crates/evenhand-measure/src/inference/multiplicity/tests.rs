use proptest::prelude::*;

use super::super::testing::agrees;
use super::*;

/// Each adjustment of the raw values; columns: Holm, Benjamini-Hochberg, Benjamini-Yekutieli. 9 digits are printed.
fn check(rows: &[(f64, [&str; 3])]) {
    let raw: Vec<f64> = rows.iter().map(|row| row.0).collect();
    for (column, adjust) in [holm, benjamini_hochberg, benjamini_yekutieli].into_iter().enumerate() {
        let got = adjust(&raw);
        assert_eq!(got.len(), rows.len());
        for (value, (_, printed)) in got.iter().zip(rows) {
            agrees(*value, printed[column], 9);
        }
    }
}

#[test]
fn benjamini_and_hochbergs_1995_data() {
    // Values: statsmodels 0.15, multipletests.
    let rows = [
        (0.0001, ["0.0015", "0.0015", "0.00497734349"]),
        (0.0004, ["0.0056", "0.003", "0.00995468698"]),
        (0.0019, ["0.0247", "0.0095", "0.0315231754"]),
        (0.0095, ["0.114", "0.035625", "0.118211908"]),
        (0.0201, ["0.2211", "0.0603", "0.200089208"]),
        (0.0278, ["0.278", "0.0638571429", "0.211892623"]),
        (0.0298, ["0.278", "0.0638571429", "0.211892623"]),
        (0.0344, ["0.278", "0.0645", "0.21402577"]),
        (0.0459, ["0.3213", "0.0765", "0.253844518"]),
        (0.324, ["1", "0.486", "1"]),
        (0.4262, ["1", "0.581181818", "1"]),
        (0.5719, ["1", "0.714875", "1"]),
        (0.6528, ["1", "0.753230769", "1"]),
        (0.759, ["1", "0.813214286", "1"]),
        (1.0, ["1", "1", "1"]),
    ];
    check(&rows);
    // The paper rejects 4 at 0.05 where Bonferroni's and Holm's procedures reject 3.
    let raw = rows.map(|row| row.0);
    let rejected = |adjusted: Vec<f64>| adjusted.into_iter().filter(|&p| p <= 0.05).count();
    assert_eq!(rejected(holm(&raw)), 3);
    assert_eq!(rejected(benjamini_hochberg(&raw)), 4);
    assert_eq!(rejected(benjamini_yekutieli(&raw)), 3);
}

#[test]
fn unsorted_input_keeps_its_order() {
    check(&[
        (0.01, ["0.04", "0.025", "0.0570833333"]),
        (0.04, ["0.09", "0.05", "0.114166667"]),
        (0.03, ["0.09", "0.05", "0.114166667"]),
        (0.005, ["0.025", "0.025", "0.0570833333"]),
        (0.2, ["0.2", "0.2", "0.456666667"]),
    ]);
}

#[test]
fn the_ends() {
    for adjust in [holm, benjamini_hochberg, benjamini_yekutieli] {
        assert_eq!(adjust(&[]), Vec::<f64>::new());
        assert_eq!(adjust(&[0.03]), [0.03]);
        assert_eq!(adjust(&[f64::NAN, f64::NAN]), [1.0, 1.0]);
    }
    assert_eq!(holm(&[0.02, f64::NAN]), [0.04, 1.0]);
    assert_eq!(benjamini_hochberg(&[0.02, f64::NAN]), [0.04, 1.0]);
    assert_eq!(benjamini_yekutieli(&[0.02, f64::NAN]), [0.06, 1.0]);
}

proptest! {
    #[test]
    fn the_adjustments_are_ordered(raw in prop::collection::vec(0.0..=1.0f64, 0..30)) {
        let (strict, lenient, dependent) = (holm(&raw), benjamini_hochberg(&raw), benjamini_yekutieli(&raw));
        for (index, &p) in raw.iter().enumerate() {
            // 1e-15: a product and a quotient near 1.
            prop_assert!(p <= lenient[index] + 1e-15 && lenient[index] <= strict[index] + 1e-15);
            prop_assert!(lenient[index] <= dependent[index] && dependent[index] <= 1.0);
            for (other, &q) in raw.iter().enumerate() {
                for adjusted in [&strict, &lenient, &dependent] {
                    prop_assert!(p > q || adjusted[index] <= adjusted[other]);
                }
            }
        }
    }

    #[test]
    fn the_definition_by_brute_force(raw in prop::collection::vec(0.0..=1.0f64, 1..12), alpha in 0.001..0.5f64) {
        // Reject the k smallest, k being the largest rank with p_(k) <= alpha k / m.
        let mut sorted = raw.clone();
        sorted.sort_by(f64::total_cmp);
        let m = raw.len() as f64;
        let rejected = (1..=raw.len()).rev().find(|&k| sorted[k - 1] <= alpha * k as f64 / m).unwrap_or(0);
        let got = benjamini_hochberg(&raw).into_iter().filter(|&p| p <= alpha).count();
        prop_assert_eq!(got, rejected);
    }
}
