//! The distribution against enumeration, scipy and its own laws.

use proptest::prelude::*;

use super::*;

fn distribution(trials_a: u64, trials_b: u64, successes: u64, odds: f64) -> Hypergeometric {
    Hypergeometric::new(trials_a, trials_b, successes, odds).unwrap()
}

fn near(got: f64, expected: f64, relative: f64) {
    assert!(
        (got - expected).abs() <= relative * expected.abs(),
        "{got:e} is not {expected:e}"
    );
}

/// n over k, exactly, as long as it is below 2^53.
fn choose(n: u64, k: u64) -> f64 {
    (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
}

/// Trials, trials, successes, outcome.
const LARGE: [([u64; 4], f64, f64); 5] = [
    ([2032, 15175, 15536, 1593], 6.150698571731819e-67, 4.186683217218603e-67),
    (
        [10000, 30000, 8000, 1200],
        2.0577604445536693e-128,
        1.101598377747856e-128,
    ),
    (
        [100000, 50000, 70000, 44000],
        1.7893434859237054e-188,
        4.920633210531692e-189,
    ),
    ([3000, 3000, 200, 170], 1.0, 4.78691582697905e-26),
    ([20000, 20000, 20000, 10300], 0.9999999990748969, 1.2129677517234483e-10),
];

/// Odds, outcome, pmf, cdf, mean.
const NONCENTRAL: [(f64, u64, f64, f64, f64); 10] = [
    (
        0.05,
        3,
        2.9598503176077935e-06,
        3.079645966353069e-06,
        12.471878595225707,
    ),
    (0.05, 14, 0.1344749360041661, 0.8162171400581308, 12.471878595225707),
    (0.7, 22, 0.0007919553551395322, 0.0011100619683321092, 31.26711138373314),
    (0.7, 33, 0.1145467222532717, 0.7798285394591927, 31.26711138373314),
    (1.0, 25, 0.0008346231717944067, 0.0011853478149142702, 34.2857142857143),
    (1.0, 36, 0.11543030397784473, 0.7773897383139569, 34.2857142857143),
    (3.0, 34, 0.0006745698266730251, 0.0009514990031277944, 43.21469391709726),
    (3.0, 45, 0.11954258951536391, 0.7966453394007703, 43.21469391709726),
    (
        50.0,
        48,
        1.652280318163904e-06,
        1.8476557236484259e-06,
        57.22352046885766,
    ),
    (50.0, 59, 0.1594736575916122, 0.9534868498691096, 57.22352046885766),
];

#[test]
fn equals_the_products_of_binomial_coefficients() {
    for (n_a, n_b) in [(1, 1), (1, 6), (5, 3), (8, 8), (12, 7)] {
        for successes in 0..=n_a + n_b {
            for odds in [1e-3, 0.4, 1.0, 2.5, 700.0] {
                let got = distribution(n_a, n_b, successes, odds);
                let weight = |x: u64| {
                    let possible = x <= n_a && x <= successes && successes - x <= n_b;
                    if possible {
                        choose(n_a, x) * choose(n_b, successes - x) * odds.powi(x as i32)
                    } else {
                        0.0
                    }
                };
                let sum =
                    |included: &dyn Fn(u64) -> bool| -> f64 { (0..=n_a).filter(|&x| included(x)).map(weight).sum() };
                let total = sum(&|_| true);
                for x in 0..=n_a {
                    let split = got.split(x);
                    // 1e-13: a dozen factors, each with its rounding, and powers of the odds.
                    near(split.below, sum(&|y| y < x) / total, 1e-13);
                    near(split.at, weight(x) / total, 1e-13);
                    near(split.above, sum(&|y| y > x) / total, 1e-13);
                    if (got.lowest..=got.highest).contains(&x) {
                        let expected = sum(&|y| weight(y) <= weight(x) * (1.0 + 1e-7)) / total;
                        near(got.no_likelier_than(x), expected, 1e-13);
                    }
                }
                let mean = (0..=n_a).map(|x| x as f64 * weight(x)).sum::<f64>() / total;
                near(got.mean(), mean, 1e-13);
            }
        }
    }
}

#[test]
fn large_tables_and_far_tails() {
    // Summed in exact integers, since library functions lose digits in such tables: P(X <= x) and P(X = x).
    for ([n_a, n_b, successes, x], at_most, at) in LARGE {
        let split = distribution(n_a, n_b, successes, 1.0).split(x);
        // 1e-11: tens of thousands of factors, each rounded.
        near(split.at_most(), at_most, 1e-11);
        near(split.at, at, 1e-11);
    }
}

#[test]
fn noncentral_values() {
    // scipy 1.17.1, scipy.stats.nchypergeom_fisher(M = 140, n = 80, N = 60, odds): pmf(x), cdf(x), mean.
    for (odds, x, pmf, cdf, mean) in NONCENTRAL {
        let got = distribution(60, 80, 80, odds);
        // 1e-9: scipy computes these to 1e-10 or so.
        near(got.probability(x), pmf, 1e-9);
        near(got.split(x).at_most(), cdf, 1e-9);
        near(got.mean(), mean, 1e-9);
    }
}

#[test]
fn certain_outcomes() {
    for (n_a, n_b, successes, odds, outcome) in [
        (5, 7, 0, 1.0, 0),
        (5, 7, 12, 1.0, 5),
        (5, 7, 4, 0.0, 0),
        (5, 7, 9, 0.0, 2),
        (5, 7, 4, f64::INFINITY, 4),
        (5, 7, 9, f64::INFINITY, 5),
        (5, 7, 9, 1e300, 5),
        (5, 7, 9, 1e-300, 2),
    ] {
        let got = distribution(n_a, n_b, successes, odds);
        near(got.probability(outcome), 1.0, 1e-15);
        near(got.mean(), outcome as f64, 1e-15);
        assert_eq!(got.no_likelier_than(outcome), 1.0);
        assert!(got.split(outcome + 1).below <= 1.0);
    }
    assert_eq!(Hypergeometric::new(3, 4, 8, 1.0), None);
    assert_eq!(Hypergeometric::new(3, 4, 2, f64::NAN), None);
    assert_eq!(Hypergeometric::new(3, 4, 2, -1.0), None);
}

#[test]
fn huge_groups_with_few_successes() {
    // Nearly binomial (5, 1/3): P(X = 2) = 10 * 4/243 * ... = 80/243.
    let got = distribution(1_000_000_000_000_000, 2_000_000_000_000_000, 5, 1.0);
    near(got.probability(2), 80.0 / 243.0, 1e-13);
    near(got.mean(), 5.0 / 3.0, 1e-13);
    let got = Hypergeometric::new(u64::MAX, u64::MAX, 3, 1.0).unwrap();
    near(got.probability(0), 0.125, 1e-13);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn relabelling_reflects_the_distribution(
        n_a in 1..3_000u64, n_b in 1..3_000u64, share in 0.0..=1.0f64, place in 0.0..=1.0f64, log_odds in -12.0..12.0f64,
    ) {
        let successes = ((n_a + n_b) as f64 * share) as u64;
        let one = distribution(n_a, n_b, successes, log_odds.exp());
        let x = one.lowest + ((one.highest - one.lowest) as f64 * place) as u64;
        let here = one.split(x);
        let total = here.below + here.at + here.above;
        prop_assert!((total - 1.0).abs() < 1e-14, "{total}");
        // Exchanging the groups inverts the odds; so does exchanging success and failure.
        let exchanged = distribution(n_b, n_a, successes, (-log_odds).exp()).split(successes - x);
        let reflected = distribution(n_a, n_b, n_a + n_b - successes, (-log_odds).exp()).split(n_a - x);
        for other in [exchanged, reflected] {
            for (left, right) in [(here.at, other.at), (here.below, other.above), (here.above, other.below)] {
                // 1e-10: thousands of factors, and the odds are rounded in each.
                prop_assert!((left - right).abs() <= 1e-10 * left, "{left:e} {right:e}");
            }
        }
        // Near an end of the support the mean is within rounding of that end.
        prop_assert!(one.mean() >= one.lowest as f64 - 1e-9 && one.mean() <= one.highest as f64 + 1e-9);
    }

    #[test]
    fn tails_and_mean_rise_with_the_odds(
        n_a in 1..500u64, n_b in 1..500u64, share in 0.0..=1.0f64, place in 0.0..=1.0f64, log_odds in -6.0..6.0f64,
        step in 1e-6..1.0f64,
    ) {
        let successes = ((n_a + n_b) as f64 * share) as u64;
        let low = distribution(n_a, n_b, successes, log_odds.exp());
        let high = distribution(n_a, n_b, successes, (log_odds + step).exp());
        let x = low.lowest + ((low.highest - low.lowest) as f64 * place) as u64;
        prop_assert!(high.split(x).at_least() >= low.split(x).at_least() * (1.0 - 1e-12));
        prop_assert!(high.mean() >= low.mean() - 1e-9);
    }
}

#[test]
fn what_is_out_of_reach_is_found_without_going_there() {
    // 10 million against 10 million: some 75 standard deviations to the side, where each counts 1,118.
    let far = Hypergeometric::new(10_000_000, 10_000_000, 10_000_000, 1.0).unwrap();
    for outcome in [far.mode + 84_000, far.mode - 84_000, far.lowest, far.highest] {
        assert!(far.is_beyond_reach(outcome));
        assert_eq!(far.no_likelier_than(outcome), 0.0);
        let split = far.split(outcome);
        assert_eq!(split.at, 0.0);
        assert_eq!(split.below.max(split.above), 1.0);
    }
    // 1e-300 and more is reached: 37 standard deviations are about 1e-299.
    let near = far.mode + 37 * 1_118;
    assert!(!far.is_beyond_reach(near));
    assert!(far.no_likelier_than(near) > 1e-305);
}

proptest! {
    #[test]
    fn what_is_called_out_of_reach_is_zero(a in 1u64..3_000, b in 1u64..3_000, share in 0.0f64..1.0, odds in 1e-6f64..1e6, at in 0.0f64..1.0) {
        let successes = ((a + b) as f64 * share) as u64;
        let distribution = Hypergeometric::new(a, b, successes, odds).unwrap();
        let outcome = distribution.lowest + ((distribution.highest - distribution.lowest) as f64 * at) as u64;
        if distribution.is_beyond_reach(outcome) {
            // Step by step, the probability falls below the smallest that is kept.
            let up = outcome > distribution.mode;
            let mut reached = false;
            distribution.outward(up, |step| { reached |= step.outcome == outcome; false });
            prop_assert!(!reached);
        }
    }
}
