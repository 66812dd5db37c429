use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Binomial, Distribution};

use super::super::testing::{agrees, sample, strata};
use super::super::z_for;
use super::*;

const BERKELEY: [[f64; 4]; 6] = [
    [89.0, 19.0, 512.0, 313.0],
    [17.0, 8.0, 353.0, 207.0],
    [202.0, 391.0, 120.0, 205.0],
    [131.0, 244.0, 138.0, 279.0],
    [94.0, 299.0, 53.0, 138.0],
    [24.0, 317.0, 22.0, 351.0],
];

/// Two groups that are ten points apart one way in each stratum and the other way overall.
const REVERSAL: [[f64; 4]; 2] = [[45.0, 5.0, 80.0, 20.0], [30.0, 70.0, 10.0, 40.0]];

const MIGRAINE: [[f64; 4]; 2] = [[16.0, 11.0, 5.0, 20.0], [12.0, 16.0, 7.0, 19.0]];

#[test]
fn recomputed_decompositions() {
    // numpy 2, from the formulas. Columns: gap, rate part and its standard error, composition and its standard error.
    for (rows, expected) in [
        (
            &BERKELEY[..],
            [
                "-0.1416454282",
                "0.03602848291",
                "0.01727338607",
                "-0.1776739112",
                "0.0128703349",
            ],
        ),
        (
            &BERKELEY[1..],
            [
                "-0.09664114055",
                "0.0004101009433",
                "0.02023521487",
                "-0.09705124149",
                "0.01523917439",
            ],
        ),
        (
            &MIGRAINE,
            [
                "0.2737967914",
                "0.2737629981",
                "0.09016098394",
                "3.379336713e-05",
                "0.009795732869",
            ],
        ),
        (&REVERSAL, ["-0.1", "0.1", "0.04670593586", "-0.2", "0.03625986456"]),
    ] {
        let got = kitagawa(&strata(rows), z_for(0.95)).unwrap();
        // 10 digits are printed; the fewer of small differences are lost to subtraction.
        for (value, printed) in [
            (got.gap, expected[0]),
            (got.rate.point, expected[1]),
            (got.rate.standard_error, expected[2]),
            (got.composition.point, expected[3]),
            (got.composition.standard_error, expected[4]),
        ] {
            agrees(value, printed, 9);
        }
        let reach = z_for(0.95) * got.rate.standard_error;
        assert!((got.rate.interval.upper - got.rate.point - reach).abs() < 1e-15);
    }
    let reversal = kitagawa(&strata(&REVERSAL), z_for(0.95)).unwrap();
    assert!(reversal.reversed());
    agrees(reversal.adjusted, "0.1", 10);
    assert!(reversal.composition.p().unwrap() < 1e-7);
    assert!(kitagawa(&strata(&MIGRAINE), 1.96).unwrap().composition.p().unwrap() > 0.9);
}

#[test]
fn nothing_to_explain() {
    assert_eq!(kitagawa(&[], 1.96), None);
    let one = kitagawa(&strata(&[[3.0, 7.0, 6.0, 4.0]]), 1.96).unwrap();
    assert_eq!(one.composition.point, 0.0);
    assert_eq!((one.composition.z(), one.composition.p()), (None, None));
    assert!((one.rate.point - one.gap).abs() < 1e-15);
    // One stratum: the standard error is that of a difference of two rates.
    assert!((one.rate.standard_error - (0.21f64 / 10.0 + 0.24 / 10.0).sqrt()).abs() < 1e-15);
}

/// The spread of both parts over samples drawn anew from the observed cells, which is the bootstrap of the people.
fn resampled(rows: &[[f64; 4]], times: usize) -> [f64; 2] {
    let mut random = ChaCha8Rng::seed_from_u64(1955);
    let mut parts = [Vec::new(), Vec::new()];
    // A multinomial draw, cell by cell: each takes its share of what is left.
    let mut draw = |cells: Vec<f64>| -> Vec<f64> {
        let mut people = cells.iter().sum::<f64>();
        let mut chance = people;
        let drawn = cells.iter().map(|&cell| {
            let share = if chance > 0.0 { (cell / chance).min(1.0) } else { 0.0 };
            let got = Binomial::new(people as u64, share).unwrap().sample(&mut random) as f64;
            people -= got;
            chance -= cell;
            got
        });
        drawn.collect()
    };
    while parts[0].len() < times {
        let of_a = draw(rows.iter().flat_map(|row| [row[0], row[1]]).collect());
        let of_b = draw(rows.iter().flat_map(|row| [row[2], row[3]]).collect());
        let table: Option<Vec<(Sample, Sample)>> = of_a
            .chunks(2)
            .zip(of_b.chunks(2))
            .map(|(a, b)| Sample::new(a[0], a[0] + a[1]).zip(Sample::new(b[0], b[0] + b[1])))
            .collect();
        if let Some(got) = table.and_then(|table| kitagawa(&table, 1.96)) {
            parts[0].push(got.rate.point);
            parts[1].push(got.composition.point);
        }
    }
    parts.map(|values| {
        let mean = values.iter().sum::<f64>() / times as f64;
        (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / times as f64).sqrt()
    })
}

#[test]
fn the_standard_errors_are_those_of_resampling() {
    for rows in [&BERKELEY[..], &REVERSAL, &MIGRAINE] {
        let got = kitagawa(&strata(rows), 1.96).unwrap();
        let [rate, composition] = resampled(rows, 20_000);
        // 3 %: four standard errors of a spread over 20,000 samples are 2 %; what the delta method leaves out adds 1 %.
        assert!((got.rate.standard_error / rate - 1.0).abs() < 0.03, "{rate} {got:?}");
        assert!(
            (got.composition.standard_error / composition - 1.0).abs() < 0.03,
            "{composition} {got:?}"
        );
    }
}

fn many() -> impl Strategy<Value = Vec<(Sample, Sample)>> {
    let group = prop_oneof![1u64..40, 1u64..2_000, Just(1_000_000_000_000_000)];
    let group = (group, 0.0..=1.0f64).prop_map(|(trials, share)| {
        let successes = (trials as f64 * share).round();
        sample(successes, trials as f64)
    });
    prop::collection::vec((group.clone(), group), 1..8)
}

proptest! {
    #[test]
    fn the_parts_sum_and_stay_in_range(
        rows in many(), z in prop_oneof![0.0..40.0f64, Just(f64::INFINITY), Just(f64::NAN)],
    ) {
        let got = kitagawa(&rows, z).unwrap();
        prop_assert!((got.rate.point + got.composition.point - got.gap).abs() < 1e-12);
        for part in [got.rate, got.composition] {
            prop_assert!(part.standard_error >= 0.0 && part.interval.contains(part.point), "{part:?}");
            prop_assert!(part.interval.lower >= -1.0 - 1e-15 && part.interval.upper <= 1.0 + 1e-15, "{part:?}");
            prop_assert!(part.p().is_none_or(|p| (0.0..=1.0).contains(&p)));
        }
    }

    #[test]
    fn exchanging_the_groups_turns_the_sign(rows in many()) {
        let other: Vec<_> = rows.iter().map(|&(a, b)| (b, a)).collect();
        let (one, two) = (kitagawa(&rows, 1.96).unwrap(), kitagawa(&other, 1.96).unwrap());
        for (left, right) in [(one.rate, two.rate), (one.composition, two.composition)] {
            prop_assert!((left.point + right.point).abs() < 1e-12);
            prop_assert!((left.standard_error - right.standard_error).abs() < 1e-12);
        }
    }

    #[test]
    fn a_stratum_cut_into_equal_halves_is_the_same_stratum(rows in many()) {
        // Exactly equal rates and shares: nothing but the second-order term of the variance may tell.
        let mut halves = rows.clone();
        let half = |group: Sample| sample(group.successes / 2.0, group.trials / 2.0);
        let (a, b) = halves[0];
        halves[0] = (half(a), half(b));
        halves.push((half(a), half(b)));
        let (whole, cut) = (kitagawa(&rows, 1.96).unwrap(), kitagawa(&halves, 1.96).unwrap());
        prop_assert!((whole.rate.point - cut.rate.point).abs() < 1e-12);
        prop_assert!((whole.composition.point - cut.composition.point).abs() < 1e-12);
    }
}
