//! Laws of gaps and distances, and slow twins that follow the definitions.

use proptest::prelude::*;

use super::distance::{kolmogorov_smirnov, superiority, wasserstein};
use super::permutation::all_splits;
use super::*;
use crate::tally::{ALL_BITS, Axis, Coding, Cube, Dimension, Level, Measured, NumberRole, Numbers};

fn numbers(of: &[f64]) -> Numbers {
    Numbers::of(of.iter().map(|x| (*x, 1)), 0)
}

/// Numbers with ties, and of both signs.
fn amounts() -> impl Strategy<Value = Vec<f64>> {
    let amount = prop_oneof![(-20i32..20).prop_map(|n| f64::from(n) / 4.0), -50.0f64..50.0];
    prop::collection::vec(amount, 2..40)
}

fn share_at_most(of: &[f64], x: f64) -> f64 {
    of.iter().filter(|y| **y <= x).count() as f64 / of.len() as f64
}

/// The rows of two groups in a column that keeps too many numbers to keep them all as they are.
fn crowded(one: &[f64], two: &[f64]) -> (Measured, Numbers, Numbers) {
    let mut group = Dimension::new(Axis::Protected, "g", Coding::AsWritten);
    group.levels = ["one", "two"].map(Level::of).to_vec();
    let cells = [one, two].map(numbers);
    let cells = cells.into_iter().enumerate().map(|(g, cell)| (vec![g as u32], cell));
    let column = Measured::new(
        NumberRole::Amount,
        "price",
        ALL_BITS,
        Cube::new(vec![group], cells).unwrap(),
    );
    let kept = |g: u32| {
        let found = column.cells.cells().find(|(key, _)| key[0] == g);
        found.unwrap().1.clone()
    };
    (column.clone(), kept(0), kept(1))
}

proptest! {
    #[test]
    fn gaps_are_what_the_definitions_say(one in amounts(), two in amounts()) {
        let (a, b) = (Distribution::exact(&numbers(&one)).unwrap(), Distribution::exact(&numbers(&two)).unwrap());
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let moments = Moments::of(&numbers(&one)).unwrap();
        let variance = one.iter().map(|x| (x - mean(&one)).powi(2)).sum::<f64>() / (one.len() as f64 - 1.0);
        // 1e-9 throughout: the twins add up to 80 rounded terms of up to 2,500.
        prop_assert!((moments.mean - mean(&one)).abs() < 1e-9);
        prop_assert!((moments.variance.unwrap() - variance).abs() < 1e-9);

        let distance = kolmogorov_smirnov(&a, &b);
        let brute = one.iter().chain(&two).map(|x| (share_at_most(&one, *x) - share_at_most(&two, *x)).abs());
        prop_assert!((distance.d - brute.fold(0.0, f64::max)).abs() < 1e-12);
        prop_assert_eq!(distance.d, distance.at_most);
        let at = (share_at_most(&one, distance.at) - share_at_most(&two, distance.at)).abs();
        prop_assert!((distance.d - at).abs() < 1e-12);

        let wins: f64 = one.iter().flat_map(|x| two.iter().map(move |y| f64::from(u8::from(x > y)) + f64::from(u8::from(x == y)) / 2.0)).sum();
        let ahead = superiority(&a, &b);
        prop_assert!((ahead.probability.point - wins / (one.len() * two.len()) as f64).abs() < 1e-12);

        // Each row as often as the other group has rows: then both are of one size, and pair up in their order.
        let repeat = |of: &[f64], times: usize| {
            let mut all: Vec<f64> = of.iter().flat_map(|x| std::iter::repeat_n(*x, times)).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let pairs = repeat(&one, two.len()).into_iter().zip(repeat(&two, one.len()));
        let (mut more, mut less) = (0.0, 0.0);
        for (x, y) in pairs {
            more += (x - y).max(0.0);
            less += (y - x).max(0.0);
        }
        let all = (one.len() * two.len()) as f64;
        let moved = wasserstein(&a, &b).unwrap();
        prop_assert!((moved.more - more / all).abs() < 1e-9 && (moved.less - less / all).abs() < 1e-9);
        prop_assert!((moved.net() - (mean(&one) - mean(&two))).abs() < 1e-9);
    }

    #[test]
    fn swapping_the_groups_turns_every_sign(one in amounts(), two in amounts()) {
        let (x, y) = (numbers(&one), numbers(&two));
        let (a, b) = (Distribution::exact(&x).unwrap(), Distribution::exact(&y).unwrap());
        let (there, back) = (wasserstein(&a, &b).unwrap(), wasserstein(&b, &a).unwrap());
        prop_assert_eq!((there.more, there.less), (back.less, back.more));
        prop_assert_eq!(kolmogorov_smirnov(&a, &b), kolmogorov_smirnov(&b, &a));
        prop_assert!((superiority(&a, &b).probability.point + superiority(&b, &a).probability.point - 1.0).abs() < 1e-12);
        let (m, n) = (Moments::of(&x).unwrap(), Moments::of(&y).unwrap());
        if let (Ok(there), Ok(back)) = (mean_gap(&m, &n), mean_gap(&n, &m)) {
            prop_assert_eq!(there.point, -back.point);
            prop_assert_eq!(there.se, back.se);
            let (d, e) = (Smd::new(&m, &n, Denominator::Pooled).unwrap(), Smd::new(&n, &m, Denominator::Pooled).unwrap());
            prop_assert!((d.g + e.g).abs() < 1e-12 && (d.se - e.se).abs() < 1e-12);
        }
        for tau in quantile::TAUS {
            let there = quantile::gap((&a, quantile::ranks(a.n(), tau, 0.5)), (&b, quantile::ranks(b.n(), tau, 0.5)), tau).unwrap();
            let back = quantile::gap((&b, quantile::ranks(b.n(), tau, 0.5)), (&a, quantile::ranks(a.n(), tau, 0.5)), tau).unwrap();
            prop_assert_eq!(there.gap.point, -back.gap.point);
            prop_assert_eq!(there.interval.map(|i| (i.lower, i.upper)), back.interval.map(|i| (-i.upper, -i.lower)));
        }
    }

    #[test]
    fn the_order_of_rows_and_the_parts_they_come_in_do_not_show(one in amounts(), cut in 0usize..40) {
        use crate::tally::Cell;
        let cut = cut.min(one.len());
        let mut merged = numbers(&one[cut..]);
        merged.absorb(&numbers(&one[..cut]));
        let whole = numbers(&one);
        prop_assert_eq!(Moments::of(&merged), Moments::of(&whole));
        prop_assert_eq!(Distribution::exact(&merged), Distribution::exact(&whole));
        prop_assert_eq!(errors::Errors::of(&merged), errors::Errors::of(&whole));
    }

    #[test]
    fn a_power_of_two_scales_amounts_and_leaves_shares(one in amounts(), two in amounts()) {
        // Powers of two, and doubling of amounts, are exact.
        let double = |of: &[f64]| numbers(&of.iter().map(|x| 2.0 * x).collect::<Vec<_>>());
        let (x, y) = (numbers(&one), numbers(&two));
        let [a, b, c, d] = [&x, &y, &double(&one), &double(&two)].map(|of| Distribution::exact(of).unwrap());
        let (small, large) = (wasserstein(&a, &b).unwrap(), wasserstein(&c, &d).unwrap());
        prop_assert_eq!((2.0 * small.more, 2.0 * small.less), (large.more, large.less));
        prop_assert_eq!(kolmogorov_smirnov(&a, &b).numerator, kolmogorov_smirnov(&c, &d).numerator);
        prop_assert_eq!(superiority(&a, &b), superiority(&c, &d));
        let moments = [&x, &y, &double(&one), &double(&two)].map(|of| Moments::of(of).unwrap());
        if let (Ok(small), Ok(large)) = (
            Smd::new(&moments[0], &moments[1], Denominator::Pooled),
            Smd::new(&moments[2], &moments[3], Denominator::Pooled),
        ) {
            prop_assert!((small.g - large.g).abs() < 1e-12);
        }
    }

    #[test]
    fn adding_a_constant_moves_no_gap(one in amounts(), two in amounts(), by in -100i32..100) {
        let moved = |of: &[f64]| Moments::of(&numbers(&of.iter().map(|x| x + f64::from(by)).collect::<Vec<_>>())).unwrap();
        if let (Ok(here), Ok(there)) = (
            mean_gap(&Moments::of(&numbers(&one)).unwrap(), &Moments::of(&numbers(&two)).unwrap()),
            mean_gap(&moved(&one), &moved(&two)),
        ) {
            prop_assert!((here.point - there.point).abs() < 1e-10 && (here.se - there.se).abs() < 1e-10);
        }
    }

    #[test]
    fn an_exact_p_value_is_the_share_of_orders_as_far_apart(n in 1u64..7, m in 1u64..7, at in 0u64..50) {
        let numerator = u128::from(at % (n * m + 1));
        let (mut far, mut all) = (0u32, 0u32);
        for order in 0u32..1 << (n + m) {
            if u64::from(order.count_ones()) != n {
                continue;
            }
            let (mut i, mut j, mut most) = (0u128, 0u128, 0u128);
            for place in 0..n + m {
                if order >> place & 1 == 1 { i += 1 } else { j += 1 }
                most = most.max((i * u128::from(m)).abs_diff(j * u128::from(n)));
            }
            all += 1;
            far += u32::from(most >= numerator);
        }
        let expected = f64::from(far) / f64::from(all);
        prop_assert!((kolmogorov::exact(n, m, numerator) - expected).abs() < 1e-12);
    }

    #[test]
    fn all_splits_are_all_orders(one in prop::collection::vec(-4i32..4, 1..5), two in prop::collection::vec(-4i32..4, 1..5)) {
        let float = |of: &[i32]| numbers(&of.iter().map(|x| f64::from(*x)).collect::<Vec<_>>());
        let found = all_splits(&float(&one), &float(&two)).unwrap();
        // Whole numbers: n m times the difference of the means.
        let rows: Vec<i32> = one.iter().chain(&two).copied().collect();
        let whole: i32 = rows.iter().sum();
        let (n, m) = (one.len() as i32, two.len() as i32);
        let apart = |sum: i32| (m * sum - n * (whole - sum)).abs();
        let seen = apart(one.iter().sum());
        let (mut far, mut all) = (0, 0);
        for choice in 0u32..1 << rows.len() {
            if choice.count_ones() as i32 == n {
                let sum = rows.iter().enumerate().filter(|(k, _)| choice >> k & 1 == 1).map(|(_, x)| *x).sum();
                all += 1;
                far += u64::from(apart(sum) >= seen);
            }
        }
        prop_assert_eq!((found.extreme, found.all), (far, all));
        prop_assert!(found.p() > 0.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_stands_together_is_within_its_bounds(seed in 0u64..1_000, spread in 0.5f64..3.0) {
        // A multiplicative congruence: different numbers, more than are kept apart.
        let mut state = seed * 2 + 1;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let one: Vec<f64> = (0..3_000).map(|_| 20.0 + spread * next()).collect();
        let two: Vec<f64> = (0..4_000).map(|_| 20.5 + next() * next()).collect();
        let (column, x, y) = crowded(&one, &two);
        prop_assert!(!column.is_exact());
        let [a, b] = [&x, &y].map(|of| Distribution::of(&column, of).unwrap());
        let [c, d] = [&one, &two].map(|of| Distribution::exact(&numbers(of)).unwrap());

        prop_assert_eq!(Moments::of(&x), Moments::of(&numbers(&one)));
        let (rough, exact) = (kolmogorov_smirnov(&a, &b), kolmogorov_smirnov(&c, &d));
        prop_assert!(rough.d <= exact.d && exact.d <= rough.at_most);
        let (rough, exact) = (superiority(&a, &b).probability, superiority(&c, &d).probability);
        prop_assert!(rough.low <= exact.point && exact.point <= rough.high);
        let (rough, exact) = (wasserstein(&a, &b).unwrap(), wasserstein(&c, &d).unwrap());
        prop_assert!((rough.net() - exact.net()).abs() < 1e-10);
        prop_assert!((rough.more - exact.more).abs() <= rough.within && rough.within < 0.1);
        for tau in quantile::TAUS {
            let (rough, exact) = (a.quantile(tau).unwrap(), c.quantile(tau).unwrap());
            prop_assert!(rough.low <= rough.point && rough.point <= rough.high);
            prop_assert!(rough.low <= exact.point && exact.point <= rough.high);
            let ranks = |of: &Distribution| quantile::ranks(of.n(), tau, 0.95);
            let rough = quantile::gap((&a, ranks(&a)), (&b, ranks(&b)), tau).unwrap();
            let exact = quantile::gap((&c, ranks(&c)), (&d, ranks(&d)), tau).unwrap();
            prop_assert!(rough.gap.low <= exact.gap.point && exact.gap.point <= rough.gap.high);
            let (wide, narrow) = (rough.interval.unwrap(), exact.interval.unwrap());
            prop_assert!(wide.lower <= narrow.lower + 0.02 && narrow.upper <= wide.upper + 0.02);
        }
        let cut = a.median_cut();
        prop_assert_eq!(a.above(cut), c.above(cut));
        prop_assert!(a.split(cut).at_most >= a.n() / 2);
    }
}
