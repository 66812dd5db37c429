//! How sure gaps between groups of units are: against textbook formulas and by simulation.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::*;

fn of_mean() -> Of<OfSums> {
    Of {
        function: |sums| (sums[0] > 0.0).then(|| sums[1] / sums[0]),
        undefined: "nobody",
        is_share: true,
    }
}

/// One unit in each bucket.
fn units(first: u32, values: impl IntoIterator<Item = f64>) -> Units {
    let mut units = Units::default();
    for (bucket, value) in (first..).zip(values) {
        units.add(bucket, 0, 2, 1.0);
        units.add(bucket, 1, 2, value);
    }
    units
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// With one unit in each bucket the gap of two means has the standard error and the degrees of freedom of Welch's test,
/// but for a part of 1 / n, by which the jackknife over both groups at once is wider.
#[test]
fn with_one_unit_in_each_bucket_it_is_the_test_of_welch() {
    let one: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 11) / 11.0).collect();
    let two: Vec<f64> = (0..90).map(|i| f64::from(i * 5 % 13) / 26.0).collect();
    let found = units(0, one.clone())
        .compared(&units(500, two.clone()), &of_mean(), Comparison::Difference)
        .unwrap();
    let ((a, va), (b, vb)) = (mean_and_variance(&one), mean_and_variance(&two));
    let (va, vb) = (va / 40.0, vb / 90.0);
    let spread = found.spread.unwrap();
    assert!((found.point - (a - b)).abs() < 1e-12);
    let wider = spread.se / (va + vb).sqrt();
    assert!((1.0..1.0 + 1.0 / 40.0).contains(&wider), "{wider}");
    let welch = (va + vb).powi(2) / (va * va / 39.0 + vb * vb / 89.0);
    assert!(
        (spread.freedom - welch).abs() < 1e-6 * welch,
        "{} {welch}",
        spread.freedom
    );
}

#[test]
fn a_gap_is_minus_the_gap_the_other_way_and_a_ratio_its_inverse() {
    let one = units(0, (0..30).map(|i| f64::from(i % 5 + 1) / 6.0));
    let two = units(20, (0..60).map(|i| f64::from(i % 7 + 1) / 9.0));
    for comparison in [Comparison::Difference, Comparison::Ratio] {
        let there = one.compared(&two, &of_mean(), comparison).unwrap();
        let back = two.compared(&one, &of_mean(), comparison).unwrap();
        match comparison {
            Comparison::Difference => assert!((there.point + back.point).abs() < 1e-15),
            Comparison::Ratio => assert!((there.point * back.point - 1.0).abs() < 1e-12),
        }
        let (there, back) = (there.spread.unwrap(), back.spread.unwrap());
        assert!((there.se - back.se).abs() < 1e-12 && (there.freedom - back.freedom).abs() < 1e-9);
    }
}

#[test]
fn fewer_than_20_buckets_of_either_group_give_no_interval() {
    let many = units(0, (0..100).map(|i| f64::from(i % 3) / 2.0));
    let few = units(200, (0..19).map(|i| f64::from(i % 3) / 2.0));
    for (one, two) in [(&many, &few), (&few, &many)] {
        let found = one.compared(two, &of_mean(), Comparison::Difference).unwrap();
        assert!(found.spread.is_err());
        assert!(found.interval(0.95).is_none());
    }
}

#[test]
fn two_groups_at_opposite_ends_are_far_apart_but_not_certain() {
    let (all, none) = (units(0, vec![1.0; 25]), units(100, vec![0.0; 25]));
    let found = all.compared(&none, &of_mean(), Comparison::Difference).unwrap();
    let interval = found.interval(0.95).unwrap();
    // With no failure in 25 the chance of one is below 0.1372 (Clopper and Pearson, one side at 2.5 %).
    assert!(interval.lower < 1.0 - 0.1372 && interval.lower > 0.7, "{interval:?}");
}

#[test]
fn a_ratio_to_or_of_0_is_as_sure_as_so_many_units_without_any() {
    let (none, some) = (units(0, vec![0.0; 40]), units(100, (0..40).map(|i| f64::from(i % 2))));
    let found = none.compared(&some, &of_mean(), Comparison::Ratio).unwrap();
    assert_eq!(found.point, 0.0);
    // At most 1 - 0.025^(1/40) of the units has it, against the least that the others have.
    let least = some.value(&of_mean()).unwrap().interval(0.95).unwrap().lower;
    let most = (1.0 - 0.025f64.powf(1.0 / 40.0)) / least;
    assert!((found.interval(0.95).unwrap().upper - most).abs() < 1e-9, "{found:?}");
    // The other way round there is no value, but a least one.
    let found = some.compared(&none, &of_mean(), Comparison::Ratio).unwrap();
    let interval = found.interval(0.95).unwrap();
    assert!(found.point.is_infinite() && interval.upper.is_infinite());
    assert!((interval.lower * most - 1.0).abs() < 1e-8, "{interval:?}");
    assert!(none.compared(&none, &of_mean(), Comparison::Ratio).is_err());
    let few = units(0, vec![0.0; 10])
        .compared(&some, &of_mean(), Comparison::Ratio)
        .unwrap();
    assert!(few.spread.is_err());
}

/// Intervals of 95 % hold the true gap in 95 % of samples, also where one group is small and skewed.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut uniform = move || (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    for (sizes, power) in [((25, 400), 1), ((25, 400), 3), ((60, 60), 2)] {
        let samples = 1000;
        let mut held = 0;
        for _ in 0..samples {
            let mut draw = |n: u32| (0..n).map(|_| uniform().powi(power)).collect::<Vec<f64>>();
            let (one, two) = (units(0, draw(sizes.0)), units(500, draw(sizes.1)));
            let found = one.compared(&two, &of_mean(), Comparison::Difference).unwrap();
            let interval = found.interval(0.95).unwrap();
            held += i32::from(interval.lower <= 0.0 && interval.upper >= 0.0);
        }
        // 950 are expected, with a standard error of 7.
        assert!((925..=975).contains(&held), "{sizes:?}, {power}: {held} of {samples}");
    }
}
