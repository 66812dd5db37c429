//! Replicates against exact moments, rows drawn one by one, and their own promises.

use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::super::{Correction, Sample};
use super::urn::Urn;
use super::*;
use crate::inference::Comparison;

const SETTINGS: Resampling = Resampling {
    replicates: 1999,
    seed: 7,
    level: 0.95,
};

fn one_by_one(cells: usize) -> Layout {
    Layout::of((0..cells).map(|group| {
        [Part {
            group,
            outcome: 0,
            rows: 1,
        }]
    }))
}

#[test]
fn counts_have_the_moments_of_the_multinomial() {
    let shares = [0.001, 0.199, 0.0, 0.05, 0.3, 0.45];
    for total in [40_u64, 100_000, 1_000_000_000_000] {
        let weights: Vec<f64> = shares.iter().map(|share| share * total as f64).collect();
        let settings = Resampling {
            replicates: 40_000,
            ..SETTINGS
        };
        let replicates = bootstrap(&weights, total, &one_by_one(shares.len()), &settings).unwrap();
        let (n, size) = (total as f64, 40_000.0);
        let count = |replicate, cell| replicates.counts(replicate, cell)[0] as f64 - n * shares[cell];
        let mean = |of: &dyn Fn(usize) -> f64| (0..replicates.len()).map(of).sum::<f64>() / size;
        for a in 0..shares.len() {
            let variance = n * shares[a] * (1.0 - shares[a]);
            // 4.5 standard errors; there are 3 x 6 means and 3 x 21 moments of second order.
            let found = mean(&|r| count(r, a));
            assert!(found.abs() <= 4.5 * (variance / size).sqrt(), "{total} {a}: {found}");
            for b in 0..=a {
                let other = n * shares[b] * (1.0 - shares[b]);
                let covariance = if a == b { variance } else { -n * shares[a] * shares[b] };
                let found = mean(&|r| count(r, a) * count(r, b));
                // A product of two nearly normal counts has at most twice the variance of independent ones; a rare
                // count, of mean m, has a fourth moment that is larger by m.
                let error = ((2.0 * variance * other + variance.min(other)) / size).sqrt();
                assert!(
                    (found - covariance).abs() <= 4.5 * error,
                    "{total} {a} {b}: {found} {covariance}"
                );
            }
        }
    }
}

/// 8 rows in group A (3 of them selected) and 6 in group B (4 of them), all drawn with replacement.
fn rows_drawn_one_by_one(random: &mut ChaCha8Rng) -> [u64; 4] {
    let mut cells = [0; 4];
    for _ in 0..14 {
        // The remainder of a 64-bit number is uneven by less than one in 10^18.
        let row = random.next_u64() % 14;
        let cell = match row {
            0..3 => 0,
            3..8 => 1,
            8..12 => 2,
            _ => 3,
        };
        cells[cell] += 1;
    }
    cells
}

#[test]
fn cells_drawn_are_rows_drawn() {
    const RUNS: u32 = 60_000;
    let layout = Layout::of((0..4).map(|cell| {
        [Part {
            group: cell / 2,
            outcome: cell % 2,
            rows: 1,
        }]
    }));
    let settings = Resampling {
        replicates: RUNS,
        ..SETTINGS
    };
    let replicates = bootstrap(&[3.0, 5.0, 4.0, 2.0], 14, &layout, &settings).unwrap();
    let selected = Share {
        inside: vec![0],
        all: vec![0, 1],
    };
    // Difference of selection rates in twentieths, or undefined.
    let class = |difference: Option<f64>| difference.map_or(41, |value| ((value + 1.0) * 20.0).round() as usize);
    let mut seen = [[0_u32; 42]; 2];
    for difference in replicates.comparisons(Comparison::Difference, &selected, 0, 1) {
        seen[0][class(difference)] += 1;
    }
    let mut random = ChaCha8Rng::seed_from_u64(99);
    for _ in 0..RUNS {
        let [a, b, c, d] = rows_drawn_one_by_one(&mut random);
        let rate =
            |inside: u64, outside: u64| (inside + outside > 0).then(|| inside as f64 / (inside + outside) as f64);
        let difference = rate(a, b).zip(rate(c, d)).map(|(a, b)| a - b);
        seen[1][class(difference)] += 1;
    }
    // Chi-square of two samples of the same size; classes that are too rare are put together.
    let (mut chi_square, mut classes, mut rest) = (0.0, 0, (0.0, 0.0));
    let mut add = |x: f64, y: f64| {
        chi_square += (x - y) * (x - y) / (x + y);
        classes += 1;
    };
    for (&x, &y) in seen[0].iter().zip(&seen[1]) {
        let (x, y) = (f64::from(x), f64::from(y));
        if x + y >= 20.0 {
            add(x, y);
        } else {
            rest = (rest.0 + x, rest.1 + y);
        }
    }
    if rest.0 + rest.1 > 0.0 {
        add(rest.0, rest.1);
    }
    assert!(classes > 25, "{classes}");
    // The 0.9999 quantile of chi-square with 41 degrees of freedom, the most there can be, is 84.0.
    assert!(chi_square < 84.0, "{chi_square}");
}

#[test]
fn threads_change_nothing() {
    let weights: Vec<f64> = (0..200).map(|cell| f64::from(cell % 17)).collect();
    let layout = one_by_one(200);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bootstrap(&weights, 5000, &layout, &SETTINGS).unwrap())
    };
    assert_eq!(on(1), on(3));
    // The replicates are the very resamples that critical values are made of.
    let urn = Urn::new(&weights, 5000, SETTINGS.seed).unwrap();
    let mut cells = vec![0; 200];
    urn.draw(1234, &mut cells);
    let replicates = on(2);
    assert!((0..200).all(|cell| replicates.counts(1234, cell) == [cells[cell]]));
}

#[test]
fn families_share_resamples_and_nothing_else() {
    let weights = [30.5, 70.5, 45.5, 55.5];
    let one = |cells: &[u64]| Some(cells[0] as f64 / 10.0);
    let other = |cells: &[u64]| (cells[1] > 55).then_some(cells[3] as f64 / 11.0);
    let together = critical_values(&weights, 200, &SETTINGS, || (), |(), cells| [one(cells), other(cells)]).unwrap();
    assert_eq!(together[0], critical_value_around(&weights, 200, &SETTINGS, one));
    assert_eq!(together[1], critical_value_around(&weights, 200, &SETTINGS, other));
}

#[test]
fn percentiles_are_the_ranks_that_they_say() {
    let values = (1..=999).rev().map(|value| Some(f64::from(value)));
    let spread = Spread::of(values.chain([None]), 0.95).unwrap();
    let interval = spread.interval.unwrap();
    // (999 + 1) 0.025 = 25 from either end.
    assert_eq!((interval.lower, interval.upper), (25.0, 975.0));
    assert_eq!((spread.mean, spread.undefined), (500.0, 1));
    // n(n + 1)/12 is the variance of 1, ..., n with the divisor n - 1; 1e-12: rounding of a sum of a thousand squares.
    assert!((spread.standard_error / (999.0_f64 * 1000.0 / 12.0).sqrt() - 1.0).abs() < 1e-12);
    let few = Spread::of((0..38).map(|value| Some(f64::from(value))), 0.95).unwrap();
    assert_eq!(few.interval, None);
    assert_eq!(Spread::of([Some(1.0), None], 0.95), None);
    assert_eq!(Spread::of([Some(1.0), Some(2.0)], f64::NAN), None);
}

#[test]
fn a_group_that_is_not_drawn_has_no_share() {
    let layout = one_by_one(2);
    let replicates = bootstrap(&[1.0, 0.0], 5, &layout, &SETTINGS).unwrap();
    let share = Share {
        inside: vec![0],
        all: vec![0],
    };
    assert!(replicates.shares(0, &share).all(|rate| rate == Some(1.0)));
    assert!(replicates.shares(1, &share).all(|rate| rate.is_none()));
    assert!(replicates.shares(2, &share).all(|rate| rate.is_none()));
    let ratio = replicates.comparisons(Comparison::Ratio, &share, 0, 1);
    assert!(ratio.into_iter().all(|ratio| ratio.is_none()));
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let whole = |rows| {
        Layout::of([[Part {
            group: 0,
            outcome: 0,
            rows,
        }]])
    };
    let with = |draws, layout: &Layout, replicates| {
        let settings = Resampling { replicates, ..SETTINGS };
        bootstrap(&[1.0], draws, layout, &settings).map(|replicates| replicates.len())
    };
    assert_eq!(with(5, &whole(1), 10), Ok(10));
    assert_eq!(with(5, &whole(1), 0), Err(NoCritical::NothingToResample));
    assert_eq!(with(0, &whole(1), 10), Err(NoCritical::NothingToResample));
    assert_eq!(with(LARGEST_TOTAL + 1, &whole(1), 10), Err(NoCritical::TooMany));
    assert_eq!(with(5, &whole(u64::MAX / 4), 10), Err(NoCritical::TooMany));
    assert_eq!(with(5, &Layout::of([[]]), 10), Err(NoCritical::NothingToResample));
    let wide = Layout::of([[Part {
        group: 1 << 20,
        outcome: 3,
        rows: 1,
    }]]);
    assert!(matches!(with(5, &wide, 1000), Err(NoCritical::TableTooLarge { .. })));
}

fn sample() -> impl Strategy<Value = Sample> {
    let trials = prop_oneof![1_u64..30, 30_u64..3000, Just(1_000_000_000_000_000)];
    (trials, prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0]).prop_map(|(trials, share): (u64, f64)| {
        let successes = (share * trials as f64).round();
        Sample::new(successes, trials as f64).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// What the screen passes over could not have been the largest.
    #[test]
    fn the_screen_never_hides_a_larger_statistic(
        a in sample(),
        b in sample(),
        is_ratio: bool,
        near in -1.5..1.5_f64,
        z in prop_oneof![0.0..4.0_f64, Just(f64::INFINITY)],
    ) {
        let comparison = if is_ratio { Comparison::Ratio } else { Comparison::Difference };
        // Bounds all over the range, and near the estimate, where samples as large as these have small statistics.
        let point = comparison.of(a.rate(), b.rate()).unwrap_or(1.0);
        for bound in [near, point + near / a.trials.sqrt(), point * (1.0 + near / b.trials), point] {
            let bound = if is_ratio { bound.abs().max(1e-9) } else { bound.clamp(-1.0, 1.0) };
            if is_surely_at_most(z, comparison, a, b, bound) {
                for correction in [Correction::None, Correction::MiettinenNurminen] {
                    let size = comparison.score_z(a, b, bound, correction).abs();
                    prop_assert!(size <= z, "{size} {z} at {bound}");
                }
            }
        }
    }

    /// It passes over what is plainly smaller, or it would be no use.
    #[test]
    fn the_screen_is_close(x in 40_u64..60, y in 40_u64..60) {
        let (a, b) = (Sample::new(x as f64, 100.0).unwrap(), Sample::new(y as f64, 100.0).unwrap());
        let z = comparison_z(a, b);
        prop_assert!(is_surely_at_most(1.1 * z + 0.01, Comparison::Difference, a, b, 0.05));
        prop_assert!(z == 0.0 || !is_surely_at_most(0.999 * z, Comparison::Difference, a, b, 0.05));
    }

    /// One pass over flat tables counts what adding up each group by itself counts.
    #[test]
    fn a_layout_counts_each_group(
        cells in prop::collection::vec(prop::collection::vec((0_usize..5, 0_usize..3, 0_u64..100), 0..4), 0..12),
        drawn in prop::collection::vec(0_u64..1000, 12),
    ) {
        let part = |&(group, outcome, rows): &(usize, usize, u64)| Part { group, outcome, rows };
        let layout = Layout::of(cells.iter().map(|parts| parts.iter().map(part).collect::<Vec<_>>()));
        // What was in the table before does not matter.
        let mut table = vec![77; layout.places()];
        layout.count(&drawn[..cells.len()], &mut table);
        for group in 0..layout.groups() {
            for outcome in 0..layout.outcomes() {
                let here = |parts: &Vec<(usize, usize, u64)>| -> u64 {
                    let mine = parts.iter().filter(|part| (part.0, part.1) == (group, outcome));
                    mine.map(|part| part.2).sum()
                };
                let expected: u64 = cells.iter().zip(&drawn).map(|(parts, times)| times * here(parts)).sum();
                prop_assert_eq!(table[group * layout.outcomes() + outcome], expected);
            }
        }
    }
}

fn comparison_z(a: Sample, b: Sample) -> f64 {
    Comparison::Difference.score_z(a, b, 0.05, Correction::None).abs()
}
