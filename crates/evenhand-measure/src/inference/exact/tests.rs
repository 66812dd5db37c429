//! The exact test against brute force, published software and the asymptotic test.

use super::*;

fn counts(successes: u64, trials: u64) -> Counts {
    Counts::new(successes, trials).unwrap()
}

const NULLS: [Null; 8] = [
    Null::Ratio(0.8),
    Null::Ratio(1.0),
    Null::Ratio(1.25),
    Null::Ratio(0.05),
    Null::Difference(0.0),
    Null::Difference(-0.1),
    Null::Difference(0.1),
    Null::Difference(0.9),
];

#[test]
fn equals_a_double_loop_over_all_tables() {
    let pmf = |n: u64, p: f64, x: u64| {
        let choose = (0..x).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64);
        choose * p.powi(x as i32) * (1.0 - p).powi((n - x) as i32)
    };
    for (n_a, n_b) in [(1, 1), (1, 8), (3, 5), (8, 8), (7, 4), (8, 2)] {
        for (x_a, x_b) in (0..=n_a).flat_map(|x_a| (0..=n_b).map(move |x_b| (x_a, x_b))) {
            for null in NULLS {
                for side in [Side::Below, Side::Above] {
                    let (a, b) = (counts(x_a, n_a), counts(x_b, n_b));
                    // The function itself exchanges the groups when a is the larger; so does this.
                    let (c, d, bound, towards) = if n_a > n_b {
                        (b, a, null.exchanged(), side.opposite())
                    } else {
                        (a, b, null, side)
                    };
                    let observed = bound.z(c.with(c.successes), d.with(d.successes));
                    let brute = nuisance::supremum(c, d, bound, bound.range_of_rate_b(), |rate| {
                        let mut sum = 0.0;
                        for i in 0..=c.trials {
                            for j in 0..=d.trials {
                                let z = bound.z(c.with(i), d.with(j));
                                let extreme = match towards {
                                    Side::Below => z <= observed + TIE,
                                    Side::Above => z >= observed - TIE,
                                };
                                if extreme {
                                    sum += pmf(c.trials, bound.rate_a(rate), i) * pmf(d.trials, rate, j);
                                }
                            }
                        }
                        sum
                    });
                    let got = unconditional(a, b, null, side).unwrap();
                    // 1e-9: golden section may settle on another rate of a flat top.
                    assert!(
                        (got - brute).abs() < 1e-9,
                        "{a:?} {b:?} {null:?} {side:?}: {got} {brute}"
                    );
                }
            }
        }
    }
}

#[test]
fn z_is_monotone_in_both_counts() {
    for (n_a, n_b) in [(30, 30), (5, 60), (60, 3), (1, 40), (200, 7)] {
        for null in NULLS {
            for i in 0..=n_a {
                for j in 0..=n_b {
                    let z = |i, j| null.z(counts(i, n_a).with(i), counts(j, n_b).with(j));
                    assert!(
                        i == n_a || z(i + 1, j) >= z(i, j) - TIE,
                        "{null:?} {i}/{n_a} {j}/{n_b} in a"
                    );
                    assert!(
                        j == n_b || z(i, j + 1) <= z(i, j) + TIE,
                        "{null:?} {i}/{n_a} {j}/{n_b} in b"
                    );
                }
            }
        }
    }
}

#[test]
fn barnards_test_of_equality() {
    // scipy 1.17.1, scipy.stats.barnard_exact(pooled=True, n=256), columns (successes, failures) of a and b.
    for (a, b, side, expected) in [
        ((7, 34), (1, 34), Side::Above, 0.01405292055814906),
        ((0, 20), (5, 30), Side::Below, 0.03569076885073149),
        ((3, 15), (11, 16), Side::Below, 0.003628763995271206),
        ((0, 20), (5, 30), Side::Above, 1.0),
    ] {
        for null in [Null::Difference(0.0), Null::Ratio(1.0)] {
            let got = unconditional(counts(a.0, a.1), counts(b.0, b.1), null, side).unwrap();
            // 1e-6: both search for the supremum numerically.
            assert!((got - expected).abs() < 1e-6, "{got} {expected}");
        }
    }
}

#[test]
fn exchanging_the_groups_changes_nothing() {
    for null in NULLS {
        for side in [Side::Below, Side::Above] {
            let (a, b) = (counts(3, 25), counts(11, 25));
            let one = unconditional(a, b, null, side).unwrap();
            let other = unconditional(b, a, null.exchanged(), side.opposite()).unwrap();
            // 1e-4 relative: the grids of the two orders differ, and with them the peaks found.
            assert!((one - other).abs() <= 1e-4 * one, "{null:?} {side:?}: {one} {other}");
        }
    }
}

#[test]
fn near_the_asymptotic_p_in_a_moderate_table() {
    // 450/1000 : 500/1000 at 0.8 has the score p 0.0063847.
    let got = unconditional(counts(450, 1000), counts(500, 1000), Null::Ratio(0.8), Side::Above).unwrap();
    assert!((0.0060..0.0075).contains(&got), "{got}");
    // On the bound neither side has evidence.
    for side in [Side::Below, Side::Above] {
        let got = unconditional(counts(48, 100), counts(60, 100), Null::Ratio(0.8), side).unwrap();
        assert!(got >= 0.5, "{got}");
    }
    // An empty and a small group: 5 of 30 leave little evidence that the ratio is under 0.8.
    let got = unconditional(counts(0, 20), counts(5, 30), Null::Ratio(0.8), Side::Below).unwrap();
    assert!((0.03..0.12).contains(&got), "{got}");
}

#[test]
fn the_sizes_it_refuses() {
    let small = counts(1, 10);
    assert!(unconditional(small, counts(1, LARGEST_LARGER_GROUP), Null::Ratio(0.8), Side::Below).is_ok());
    let error = unconditional(
        small,
        counts(1, LARGEST_LARGER_GROUP + 1),
        Null::Ratio(0.8),
        Side::Below,
    );
    assert_eq!(
        error,
        Err(TooLarge {
            smaller: 10,
            larger: LARGEST_LARGER_GROUP + 1
        })
    );
    let side = LARGEST_SMALLER_GROUP + 1;
    assert!(unconditional(counts(1, side), counts(1, side), Null::Ratio(0.8), Side::Below).is_err());
}

#[test]
fn a_denser_grid_finds_no_higher_peak() {
    for (a, b) in [
        ((3, 25), (11, 25)),
        ((2, 40), (60, 300)),
        ((38, 40), (299, 300)),
        ((8, 3000), (25, 3000)),
    ] {
        let (a, b) = (counts(a.0, a.1), counts(b.0, b.1));
        for null in NULLS {
            let got = unconditional(a, b, null, Side::Below).unwrap();
            let extreme = Extreme::new(a, b, null, Side::Below);
            let mut scratch = (Window::default(), Window::default());
            let (low, high) = null.range_of_rate_b();
            for step in 0..=4_000 {
                let rate = low + (high - low) * (std::f64::consts::FRAC_PI_2 * f64::from(step) / 4e3).sin().powi(2);
                let p = extreme.probability(rate, &mut scratch);
                // 1e-5 relative: what the golden section leaves.
                assert!(p <= got * (1.0 + 1e-5), "{a:?} {b:?} {null:?} at {rate}: {p} {got}");
            }
        }
    }
}

#[test]
fn odd_bounds_are_survived() {
    let (a, b) = (counts(3, 25), counts(11, 25));
    for bound in [f64::NAN, 0.0, -3.0, 7.0, 1e300, f64::INFINITY, f64::NEG_INFINITY] {
        for comparison in [Comparison::Ratio, Comparison::Difference] {
            for side in [Side::Below, Side::Above] {
                let p = unconditional(a, b, Null::new(comparison, bound), side).unwrap();
                assert!(p > 0.0 && p <= 1.0, "{comparison:?} {bound} {side:?}: {p}");
            }
        }
    }
}

#[test]
fn a_small_group_beside_a_huge_one_is_not_held_to_rates_that_the_data_rule_out() {
    let (a, b) = (
        Counts {
            successes: 3,
            trials: 50,
        },
        Counts {
            successes: 10_000,
            trials: 40_000,
        },
    );
    let null = Null::Difference(0.0);
    let over_all_rates = unconditional(a, b, null, Side::Below).unwrap();
    let near_the_data = unconditional_near(a, b, null, Side::Below).unwrap();
    assert!(over_all_rates > 0.025, "{over_all_rates}");
    assert!(near_the_data < 0.005, "{near_the_data}");
    // The probability of at most 3 of 50 at a rate of a quarter is 0.00021 in the binomial's lower tail; no valid
    // p-value at that rate can be below it.
    assert!(near_the_data > 0.0002, "{near_the_data}");
}

#[test]
fn near_the_data_is_never_more_lenient_than_the_excluded_rates_allow() {
    for (a, b) in [((0, 20), (5, 30)), ((3, 15), (11, 16)), ((7, 34), (1, 34))] {
        let counts = |(successes, trials)| Counts { successes, trials };
        for null in [Null::Ratio(0.8), Null::Difference(0.0)] {
            for side in [Side::Below, Side::Above] {
                let plain = unconditional(counts(a), counts(b), null, side).unwrap();
                let near = unconditional_near(counts(a), counts(b), null, side).unwrap();
                assert!(
                    near <= plain + confidence::EXCLUDED + 1e-12,
                    "{a:?} {b:?} {null:?} {side:?}"
                );
            }
        }
    }
}
