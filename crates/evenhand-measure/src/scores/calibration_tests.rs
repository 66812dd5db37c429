use proptest::prelude::*;

use super::super::testing::{agrees, labelled, sets, shortened, spread};
use super::*;

#[test]
fn bins_are_those_of_scikit_learn() {
    for (name, expected, scores) in sets() {
        for curve in expected["calibration"].as_array().unwrap() {
            let bins = curve["bins"].as_u64().unwrap() as u32;
            let what = format!("{name} in {bins} bins");
            let found = calibration(&scores, bins).unwrap();
            assert_eq!(found.bins.len(), curve["n"].as_array().unwrap().len(), "{what}");
            for (index, bin) in found.bins.iter().enumerate() {
                assert_eq!(Some(bin.n), curve["n"][index].as_u64(), "{what}");
                agrees(bin.observed(), &curve["observed"][index], &what);
                agrees(bin.mean_score, &curve["mean_score"][index], &what);
            }
            agrees(found.expected_error, &curve["expected_error"], &what);
            agrees(found.largest_error, &curve["largest_error"], &what);
            assert_eq!(found.blurred, 0);
        }
    }
}

#[test]
fn borders_belong_to_the_bin_below() {
    for tenth in 1..=10u32 {
        let border = f64::from(tenth) / 10.0;
        assert_eq!(bin_of(border, 10), tenth as usize - 1);
        if tenth < 10 {
            assert_eq!(bin_of(border.next_up(), 10), tenth as usize);
        }
    }
    assert_eq!(bin_of(0.0, 10), 0);
    assert_eq!(bin_of(0.3, 1), 0);
    for bins in [3, 7, 30, 1_000] {
        for border in 1..bins {
            let at = f64::from(border) / f64::from(bins);
            assert_eq!(bin_of(at, bins), border as usize - 1, "{border}/{bins}");
            assert_eq!(bin_of(at.next_up(), bins), border as usize, "{border}/{bins}");
        }
    }
}

#[test]
fn scores_that_are_no_probabilities_are_not_binned() {
    assert!(calibration(&labelled(&[650.0], &[300.0]), 10).is_err());
    assert!(calibration(&Labelled::default(), 10).is_err());
}

#[test]
fn perfect_calibration_has_no_error() {
    let scores = labelled(&[0.25, 0.75, 0.75, 0.75], &[0.25, 0.25, 0.25, 0.75]);
    let found = calibration(&scores, 10).unwrap();
    assert_eq!((found.expected_error, found.largest_error), (0.0, 0.0));
    assert_eq!(found.parts.reliability, 0.0);
    // Quarters: all terms are exact.
    assert_eq!(found.parts.resolution, 0.0625);
    assert_eq!(found.parts.uncertainty, 0.25);
    assert_eq!(found.parts.within, 0.0);
}

#[test]
fn bars_over_a_border_are_counted() {
    // With 13 bits 0.59 and 0.61 fall together from 0.5 to 0.75, and 0.9 lies between 0.75 and 1.
    let scores = shortened(&labelled(&[0.59, 0.61, 0.9], &[0.1]), 13);
    assert_eq!(calibration(&scores, 10).unwrap().blurred, 4);
    // Of two bins the lower holds 0.5 itself.
    assert_eq!(calibration(&scores, 2).unwrap().blurred, 2);
    assert_eq!(calibration(&scores, 1).unwrap().blurred, 0);
}

/// The variance of scores within bins, less twice their covariance with what happened (Stephenson and others 2008).
fn within(first: &[f64], second: &[f64], bins: u32) -> f64 {
    let rows: Vec<(f64, f64)> = first
        .iter()
        .map(|s| (*s, 1.0))
        .chain(second.iter().map(|s| (*s, 0.0)))
        .collect();
    let mut sum = 0.0;
    for bin in 0..bins as usize {
        let mine: Vec<_> = rows.iter().filter(|(s, _)| bin_of(*s, bins) == bin).collect();
        let n = mine.len().max(1) as f64;
        let mean_s = mine.iter().map(|(s, _)| s).sum::<f64>() / n;
        let mean_y = mine.iter().map(|(_, y)| y).sum::<f64>() / n;
        for (s, y) in mine {
            sum += (s - mean_s).powi(2) - 2.0 * (s - mean_s) * (y - mean_y);
        }
    }
    sum / rows.len() as f64
}

proptest! {
    #[test]
    fn parts_add_up_to_the_brier_score(first in spread(), second in spread(), bins in 1u32..15) {
        let scores = labelled(&first, &second);
        let found = calibration(&scores, bins).unwrap();
        // 1e-12: the rest of a difference of sums.
        prop_assert!((found.parts.within - within(&first, &second, bins)).abs() < 1e-12);
        prop_assert!(found.expected_error <= found.largest_error + 1e-15);
        let n: u64 = found.bins.iter().map(|bin| bin.n).sum();
        prop_assert_eq!(n as usize, first.len() + second.len());
        // No binned error is below that in the large.
        let large = super::super::probability::in_the_large(&scores).unwrap().point.abs();
        prop_assert!(found.expected_error >= large - 1e-12);
    }

    #[test]
    fn the_error_is_off_by_no_more_than_the_blurred_share(first in spread(), second in spread(), bits in 13u8..20) {
        let scores = labelled(&first, &second);
        let n = (first.len() + second.len()) as f64;
        let (exact, short) = (calibration(&scores, 10).unwrap(), calibration(&shortened(&scores, bits), 10).unwrap());
        // Moving a row from one bin to another moves each of two terms by at most 1.
        let most = 2.0 * short.blurred as f64 / n;
        prop_assert!((exact.expected_error - short.expected_error).abs() <= most + 1e-12);
    }
}
