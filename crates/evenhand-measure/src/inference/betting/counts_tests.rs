//! The bet on counts against enumeration of all outcomes and seeded simulation.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Binomial, Distribution};

use super::*;

fn sample(successes: u32, trials: u32) -> Sample {
    Sample::new(f64::from(successes), f64::from(trials)).unwrap()
}

fn pmf(trials: u32, rate: f64) -> impl Iterator<Item = (u32, f64)> {
    (0..=trials).map(move |x| {
        let ways: f64 = (0..x).map(|i| f64::from(trials - i) / f64::from(i + 1)).product();
        (x, ways * rate.powi(x as i32) * (1.0 - rate).powi((trials - x) as i32))
    })
}

/// The expectation of E over every stream of batches of these sizes, and the chance that it ever is 1.5 or more.
fn over_all(bet: &CountBet, sizes: &[(u32, u32)], rates: (f64, f64), ever: bool) -> (f64, f64) {
    let Some((&(n_a, n_b), rest)) = sizes.split_first() else {
        return (bet.log_e().exp(), f64::from(u8::from(ever)));
    };
    let (mut expected, mut chance) = (0.0, 0.0);
    for (x, p_x) in pmf(n_a, rates.0) {
        for (y, p_y) in pmf(n_b, rates.1) {
            let mut bet = bet.clone();
            bet.observe(sample(x, n_a), sample(y, n_b));
            let ever = ever || bet.log_e() >= 1.5_f64.ln();
            let (e, c) = over_all(&bet, rest, rates, ever);
            expected += p_x * p_y * e;
            chance += p_x * p_y * c;
        }
    }
    (expected, chance)
}

#[test]
fn the_expectation_over_all_streams_is_at_most_one() {
    let sizes = [(3, 5), (6, 2), (4, 4)];
    for (comparison, least, most) in [
        (Comparison::Ratio, Some(0.8), None),
        (Comparison::Ratio, Some(0.8), Some(1.25)),
        (Comparison::Difference, Some(-0.1), Some(0.1)),
        (Comparison::Difference, None, Some(0.05)),
    ] {
        let bet = CountBet::new(comparison, least, most).unwrap();
        for rate_b in [0.1, 0.5, 0.75] {
            for bound in [least, most].into_iter().flatten() {
                let rate_a = comparison.rate_on(bound, rate_b);
                let (expected, ever) = over_all(&bet, &sizes, (rate_a, rate_b), false);
                // 1e-12: sums of tens of thousands of products.
                assert!(expected <= 1.0 + 1e-12, "{comparison:?} {bound} {rate_b}: {expected}");
                assert!(ever <= 1.0 / 1.5, "{comparison:?} {bound} {rate_b}: {ever}");
            }
        }
        // Beyond the bound it grows: else the bet would be no use.
        let (expected, _) = over_all(&bet, &[(12, 12), (12, 12)], (0.98, 0.02), false);
        let (other, _) = over_all(&bet, &[(12, 12), (12, 12)], (0.02, 0.98), false);
        assert!(expected.max(other) > 100.0, "{comparison:?}: {expected} {other}");
    }
}

#[test]
fn the_path_of_another_implementation() {
    // Written apart in Python: log-gamma functions, and the likeliest rates within the bound by ternary search.
    let mut bet = CountBet::new(Comparison::Ratio, Some(0.8), Some(1.25)).unwrap();
    let batches = [
        (30, 100, 50, 100),
        (31, 100, 52, 100),
        (50, 100, 50, 100),
        (10, 40, 45, 60),
    ];
    let expected = [-0.670_053_939, -0.551_267_987, -1.377_136_521, -1.261_142_877];
    for ((x, n, y, m), expected) in batches.into_iter().zip(expected) {
        bet.observe(sample(x, n), sample(y, m));
        // Half a unit of the last printed digit, and what the search leaves.
        assert!((bet.log_e() - expected).abs() < 2e-9, "{} {expected}", bet.log_e());
    }
}

#[test]
fn what_cannot_be_bet_against_is_refused() {
    for (comparison, least, most) in [
        (Comparison::Ratio, None, None),
        (Comparison::Ratio, Some(0.0), None),
        (Comparison::Ratio, Some(1.25), Some(0.8)),
        (Comparison::Ratio, Some(f64::NAN), None),
        (Comparison::Ratio, None, Some(f64::INFINITY)),
        (Comparison::Difference, Some(-1.0), None),
        (Comparison::Difference, None, Some(f64::NAN)),
    ] {
        assert_eq!(CountBet::new(comparison, least, most), None);
    }
    let bet = CountBet::new(Comparison::Ratio, Some(0.8), None).unwrap();
    assert_eq!((bet.log_e(), bet.always_valid_p()), (0.0, 1.0));
    assert!(!bet.alarms(0.05));
}

#[test]
fn no_counts_are_too_small_or_too_large() {
    let mut bet = CountBet::new(Comparison::Ratio, Some(0.8), Some(1.25)).unwrap();
    for (x, n, y, m) in [
        (0, 1, 0, 1),
        (1, 1, 1, 1),
        (0, 1, 1, 1),
        (0, 4_000_000_000, 4_000_000_000, 4_000_000_000),
        (2_000_000_000, 4_000_000_000, 2_000_000_000, 4_000_000_000),
        (0, 10, 0, 1_000_000),
    ] {
        bet.observe(sample(x, n), sample(y, m));
        assert!(!bet.log_e().is_nan());
        let p = bet.always_valid_p();
        assert!(p > 0.0 && p <= 1.0);
    }
    assert!(bet.alarms(1e-9));
}

/// How many of the histories alarm within a hundred batches, and the batch at which half of them have.
fn alarms(histories: u64, trials: u64, rates: impl Fn(u64) -> (f64, f64)) -> (u64, Option<u64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_131);
    let mut first = Vec::new();
    for _ in 0..histories {
        let mut bet = CountBet::new(Comparison::Ratio, Some(0.8), Some(1.25)).unwrap();
        for batch in 1..=100 {
            let (rate_a, rate_b) = rates(batch);
            let mut draw = |rate: f64| {
                let successes = Binomial::new(trials, rate).unwrap().sample(&mut rng);
                Sample::new(successes as f64, trials as f64).unwrap()
            };
            let (a, b) = (draw(rate_a), draw(rate_b));
            bet.observe(a, b);
            if bet.alarms(0.05) {
                first.push(batch);
                break;
            }
        }
    }
    first.sort_unstable();
    let half = histories.div_ceil(2) as usize;
    (first.len() as u64, first.get(half - 1).copied())
}

#[test]
fn looking_after_every_batch_does_not_inflate_the_error() {
    // 5 % of 300 and three standard deviations.
    for trials in [20, 200, 5_000] {
        let (at_bound, _) = alarms(300, trials, |_| (0.4, 0.5));
        assert!(at_bound <= 15 + 11, "{trials}: {at_bound} of 300");
    }
}

#[test]
fn a_breach_is_shown_soon_even_after_a_long_good_time() {
    let (found, median) = alarms(60, 1_000, |_| (0.3, 0.5));
    assert_eq!(found, 60);
    assert!(median <= Some(3), "{median:?}");
    let (found, median) = alarms(60, 1_000, |batch| if batch <= 50 { (0.49, 0.5) } else { (0.3, 0.5) });
    assert_eq!(found, 60);
    assert!(median <= Some(56), "{median:?}");
}
