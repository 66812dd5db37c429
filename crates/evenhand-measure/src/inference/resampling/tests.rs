//! The resampler against enumeration, published quantiles and its own promises.

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::prelude::*;

use super::super::Comparison;
use super::coverage::{Truth, joint_z};
use super::*;

const SETTINGS: Resampling = Resampling {
    replicates: 1999,
    seed: 1,
    level: 0.95,
};

/// Every way to part `total` into as many cells as there are shares, with its multinomial probability.
fn outcomes(total: u64, shares: &[f64]) -> Vec<(Vec<u64>, f64)> {
    let Some((&share, rest)) = shares.split_last() else {
        return if total == 0 {
            vec![(Vec::new(), 1.0)]
        } else {
            Vec::new()
        };
    };
    let mut all = Vec::new();
    for here in 0..=total {
        let ways = (0..here).fold(1.0, |product, i| product * (total - i) as f64 / (i + 1) as f64);
        for (mut cells, probability) in outcomes(total - here, rest) {
            cells.push(here);
            all.push((cells, probability * ways * share.powi(here as i32)));
        }
    }
    all
}

#[test]
fn resamples_are_multinomial() {
    let counts = [3, 0, 1, 2];
    let seen: Mutex<BTreeMap<Vec<u64>, u64>> = Mutex::default();
    let settings = Resampling {
        replicates: 100_000,
        ..SETTINGS
    };
    critical_value(&counts, &settings, |cells| {
        *seen.lock().unwrap().entry(cells.to_vec()).or_default() += 1;
        Some(1.0)
    })
    .unwrap();
    let seen = seen.into_inner().unwrap();
    let shares = [0.5, 0.0, 1.0 / 6.0, 1.0 / 3.0];
    let (mut chi_square, mut cells) = (0.0, 0);
    for (outcome, probability) in outcomes(6, &shares) {
        let observed = seen.get(&outcome).copied().unwrap_or(0) as f64;
        let expected = probability * 100_000.0;
        if expected == 0.0 {
            assert_eq!(observed, 0.0);
        } else {
            chi_square += (observed - expected).powi(2) / expected;
            cells += 1;
        }
    }
    assert_eq!(cells, 28);
    // The 0.9999 quantile of chi-square with 27 degrees of freedom is 63.2.
    assert!(chi_square < 63.2, "{chi_square}");
}

#[test]
fn z_is_the_quantile_of_the_enumerated_statistic() {
    // A statistic with a value of its own for every outcome.
    let statistic = |cells: &[u64]| {
        2.0 + cells
            .iter()
            .zip([0.9, -0.41, 0.13])
            .map(|(&c, w)| c as f64 * w)
            .sum::<f64>()
    };
    let counts = [8, 5, 7];
    let settings = Resampling {
        replicates: 20_000,
        ..SETTINGS
    };
    let z = critical_value(&counts, &settings, |cells| Some(statistic(cells)))
        .unwrap()
        .z;
    let below: f64 = outcomes(20, &[0.4, 0.25, 0.35])
        .iter()
        .filter(|(cells, _)| statistic(cells) <= z)
        .map(|(_, probability)| probability)
        .sum();
    // 4 standard errors of a share of 0.95 in 20,000, and the probability of the outcome at z itself.
    assert!((below - 0.95).abs() < 0.0062 + 0.004, "{below}");
}

#[test]
fn equal_groups_give_the_studentised_range() {
    // q(0.95, k, infinity) / sqrt 2, from the tables of the studentised range (Tukey's all-pairs comparison).
    for (groups, q) in [(2, 2.772), (3, 3.314), (5, 3.858), (10, 4.474)] {
        for comparison in [Comparison::Difference, Comparison::Ratio] {
            let truth = Truth::equal(groups, 1_000_000, 0.4);
            let cells: Vec<u64> = truth.sizes.iter().flat_map(|&n| [n * 2 / 5, n * 3 / 5]).collect();
            let settings = Resampling {
                replicates: 4999,
                ..SETTINGS
            };
            let z = joint_z(&cells, comparison, true, &settings);
            // The density there is about 0.11 to 0.13, so the standard error of the quantile is 0.027.
            assert!((z - q / 2_f64.sqrt()).abs() < 0.08, "{groups}: {z}");
        }
    }
}

#[test]
fn neither_threads_nor_the_rest_of_the_family_change_a_draw() {
    let counts = [30, 70, 45, 55, 0, 12];
    let statistic = |cells: &[u64]| Some(cells[0] as f64 / 10.0 + cells[5] as f64 / 7.0);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| critical_value(&counts, &SETTINGS, statistic).unwrap())
    };
    assert_eq!(on(1), on(3));
    let other = critical_value(&counts, &Resampling { seed: 2, ..SETTINGS }, statistic).unwrap();
    assert_ne!(on(1).z, other.z);
}

#[test]
fn replicate_streams_differ() {
    let seen: Mutex<Vec<Vec<u64>>> = Mutex::default();
    critical_value(&[1_000_000; 4], &SETTINGS, |cells| {
        seen.lock().unwrap().push(cells.to_vec());
        Some(0.0)
    })
    .unwrap();
    let mut seen = seen.into_inner().unwrap();
    assert!(seen.iter().all(|cells| cells.iter().sum::<u64>() == 4_000_000));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 1999);
}

#[test]
fn the_rank_is_the_conservative_one() {
    // 20 replicates: the ceil(21 x 0.95) = 20th of 20, the largest.
    let settings = Resampling {
        replicates: 20,
        ..SETTINGS
    };
    let seen: Mutex<Vec<f64>> = Mutex::default();
    let statistic = |cells: &[u64]| {
        let value = 5.0 + cells[0] as f64;
        seen.lock().unwrap().push(value);
        Some(value)
    };
    let z = critical_value(&[500, 500], &settings, statistic).unwrap().z;
    assert_eq!(z, seen.into_inner().unwrap().into_iter().fold(0.0, f64::max));
}

#[test]
fn undefined_replicates_only_widen() {
    let value = |cells: &[u64]| 3.0 + cells[0] as f64 / 100.0;
    let all = critical_value(&[50, 50], &SETTINGS, |cells| Some(value(cells))).unwrap();
    let some = critical_value(&[50, 50], &SETTINGS, |cells| (cells[0] >= 42).then(|| value(cells))).unwrap();
    assert_eq!(all.undefined, 0);
    assert!(some.undefined > 0 && some.z > all.z, "{some:?} {all:?}");
    let most = critical_value(&[50, 50], &SETTINGS, |cells| (cells[0] >= 50).then(|| value(cells)));
    assert!(
        matches!(most, Err(NoCritical::Unbounded { replicates: 1999, .. })),
        "{most:?}"
    );
    let nan = critical_value(&[50, 50], &SETTINGS, |_| Some(f64::NAN));
    assert_eq!(
        nan,
        Err(NoCritical::Unbounded {
            unbounded: 1999,
            replicates: 1999
        })
    );
}

#[test]
fn never_below_one_comparison() {
    let none = critical_value(&[10, 0], &SETTINGS, |_| Some(0.0)).unwrap();
    assert_eq!(none.z, z_for(0.95));
}

#[test]
fn what_cannot_be_resampled_is_refused() {
    let with = |counts: &[u64], replicates, level| {
        let settings = Resampling {
            replicates,
            seed: 0,
            level,
        };
        critical_value(counts, &settings, |_| Some(0.0)).map(|critical| critical.replicates)
    };
    assert_eq!(with(&[], 99, 0.95), Err(NoCritical::NothingToResample));
    assert_eq!(with(&[0, 0], 99, 0.95), Err(NoCritical::NothingToResample));
    assert_eq!(with(&[u64::MAX, 1], 99, 0.95), Err(NoCritical::TooMany));
    assert_eq!(with(&[LARGEST_TOTAL, 1], 99, 0.95), Err(NoCritical::TooMany));
    assert_eq!(with(&[1], 99, 1.0), Err(NoCritical::Level(1.0)));
    assert!(matches!(with(&[1], 99, f64::NAN), Err(NoCritical::Level(_))));
    let few = NoCritical::TooFewReplicates {
        replicates: 18,
        level: 0.95,
    };
    assert_eq!(with(&[1], 18, 0.95), Err(few));
    assert!(with(&[1], 0, 0.95).is_err());
    assert_eq!(with(&[1], 19, 0.95), Ok(19));
    for weights in [[-1.0, 2.0], [f64::NAN, 1.0], [f64::INFINITY, 1.0], [f64::MAX, f64::MAX]] {
        let got = critical_value_around(&weights, 5, &SETTINGS, |_| Some(0.0));
        assert_eq!(got, Err(NoCritical::NothingToResample));
    }
}

#[test]
fn nothing_selected_is_not_taken_for_certainty() {
    // Resampled as they are, groups without a success never vary and the joint value falls to that of one comparison.
    let cells = [0, 50, 0, 50, 0, 50];
    assert_eq!(joint_z(&cells, Comparison::Difference, false, &SETTINGS), z_for(0.95));
    assert_eq!(joint_z(&cells, Comparison::Ratio, false, &SETTINGS), f64::INFINITY);
    assert!(joint_z(&cells, Comparison::Ratio, true, &SETTINGS).is_finite());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_draw_is_kept(counts in prop::collection::vec(prop_oneof![Just(0_u64), 1_u64..50, 1_u64..1_000_000_000_000_000], 1..9), seed: u64) {
        let sum: u64 = counts.iter().sum();
        let settings = Resampling { replicates: 19, seed, level: 0.95 };
        let kept = |cells: &[u64]| {
            let empty_stays_empty = cells.iter().zip(&counts).all(|(&drawn, &count)| count > 0 || drawn == 0);
            (cells.iter().sum::<u64>() == sum && empty_stays_empty).then_some(0.0)
        };
        match critical_value(&counts, &settings, kept) {
            Ok(critical) => prop_assert_eq!(critical.undefined, 0),
            Err(reason) => prop_assert!(sum == 0, "{}", reason),
        }
    }
}
