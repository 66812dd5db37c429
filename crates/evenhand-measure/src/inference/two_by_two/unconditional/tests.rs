//! The unconditional tests against published software, enumeration and their laws.

use proptest::prelude::*;

use super::*;
use crate::inference::exact::binomial::Window;
use crate::inference::testing::agrees;

fn counts(successes: u64, trials: u64) -> Counts {
    Counts::new(successes, trials).unwrap()
}

fn table([x_a, n_a, x_b, n_b]: [u64; 4]) -> TwoByTwo {
    TwoByTwo::new(counts(x_a, n_a), counts(x_b, n_b))
}

fn close(left: f64, right: f64, relative: f64) -> bool {
    (left - right).abs() <= relative * left.abs().max(right.abs())
}

/// The table; Barnard's and Boschloo's two-sided p with the sizes of the groups fixed; the same two with the numbers of
/// successes and of failures fixed instead. scipy 1.17, barnard_exact and boschloo_exact (which fix the sums of the
/// columns) with the groups as columns, and with the groups as rows; `n = 1024`, because with the default 32 the fourth
/// value of Barnard's second column comes out as 0.0512, at a lower peak. The last of that column is not scipy's 0.412:
/// of the two tables with |z| = 1, which are each other's mirror image, rounding leaves it only one. At a rate of one
/// half either tail has a probability of 1/4, which makes 1/2.
const UNCONDITIONAL: [([u64; 4], [&str; 2], [&str; 2]); 7] = [
    (
        [1, 10, 3, 20],
        ["0.7865733100", "0.9043245107"],
        ["0.9253604", "0.8304175"],
    ),
    (
        [2, 10, 15, 25],
        ["0.0369102815", "0.0366028160"],
        ["0.04135253", "0.04180416"],
    ),
    (
        [48, 100, 60, 100],
        ["0.0969163776", "0.0965995404"],
        ["0.09088673", "0.09087565"],
    ),
    (
        [52, 395, 48, 255],
        ["0.0517610054", "0.0566462947"],
        ["0.06703723", "0.05343787"],
    ),
    (
        [0, 20, 5, 30],
        ["0.0617672761", "0.0780014522"],
        ["0.09211711", "0.06048405"],
    ),
    (
        [7, 34, 1, 34],
        ["0.0281058411", "0.0384639221"],
        ["0.0504887", "0.02549413"],
    ),
    ([9, 10, 10, 10], ["0.5220857964", "0.8238029480"], ["0.5", "0.6533128"]),
];

#[test]
fn recomputed_unconditional_tests() {
    for (cells, by_group, by_outcome) in UNCONDITIONAL {
        let [x_a, n_a, x_b, n_b] = cells;
        let transposed = [x_a, x_a + x_b, n_a - x_a, n_a - x_a + n_b - x_b];
        for (cells, [barnard, boschloo], digits) in [(cells, by_group, 9), (transposed, by_outcome, 7)] {
            agrees(table(cells).barnard().unwrap(), barnard, digits);
            agrees(table(cells).boschloo().unwrap().two_sided(), boschloo, digits);
        }
    }
}

/// P(x of n at this rate).
fn binomial(n: u64, x: u64, rate: f64) -> f64 {
    let choose = (0..x).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64);
    choose * rate.powi(x as i32) * (1.0 - rate).powi((n - x) as i32)
}

/// The largest probability of the tables that are in, over many rates; a lower bound of the supremum.
fn largest(n_a: u64, n_b: u64, included: impl Fn(u64, u64) -> bool) -> f64 {
    let tables: Vec<(u64, u64)> = (0..=n_a)
        .flat_map(|i| (0..=n_b).map(move |j| (i, j)))
        .filter(|&(i, j)| included(i, j))
        .collect();
    (0..=2_000)
        .map(|step| {
            let rate = f64::from(step) / 2e3;
            let of_a: Vec<f64> = (0..=n_a).map(|i| binomial(n_a, i, rate)).collect();
            let of_b: Vec<f64> = (0..=n_b).map(|j| binomial(n_b, j, rate)).collect();
            tables.iter().map(|&(i, j)| of_a[i as usize] * of_b[j as usize]).sum()
        })
        .fold(0.0, f64::max)
}

#[test]
fn equal_to_a_double_loop_over_all_tables() {
    // 1e-9: the sums are rounded in another order. 1e-5: a peak lies between two of the loop's rates.
    let agrees = |got: f64, looped: f64| (-1e-9..1e-5).contains(&(got - looped));
    for (n_a, n_b, places) in [
        (1, 1, 0..2),
        (1, 7, 0..2),
        (4, 4, 0..5),
        (6, 3, 0..7),
        (5, 9, 0..6),
        (12, 12, 4..5),
    ] {
        for (x_a, x_b) in places.flat_map(|x_a| (0..=n_b).map(move |x_b| (x_a, x_b))) {
            let got = table([x_a, n_a, x_b, n_b]);
            let (barnard, boschloo) = (got.barnard().unwrap(), got.boschloo().unwrap());
            // Ties within 1e-9 here; where the function compares integers there are none closer than that.
            let z = |i, j| table([i, n_a, j, n_b]).z_pooled().map_or(0.0, |z| z.value.abs());
            let looped = largest(n_a, n_b, |i, j| z(i, j) >= z(x_a, x_b) - 1e-9);
            assert!(agrees(barnard, looped), "{got:?}: {barnard} {looped}");
            let less = |i, j| table([i, n_a, j, n_b]).fisher().unwrap().less;
            let looped = largest(n_a, n_b, |i, j| less(i, j) <= less(x_a, x_b) * (1.0 + 1e-9));
            assert!(agrees(boschloo.less, looped), "{got:?}: {boschloo:?} {looped}");
            let greater = |i, j| table([i, n_a, j, n_b]).fisher().unwrap().greater;
            let looped = largest(n_a, n_b, |i, j| greater(i, j) <= greater(x_a, x_b) * (1.0 + 1e-9));
            assert!(agrees(boschloo.greater, looped), "{got:?}: {boschloo:?} {looped}");
        }
    }
}

#[test]
fn a_denser_grid_finds_no_higher_peak() {
    let mut scratch = (Window::default(), Window::default());
    for [x_a, n_a, x_b, n_b] in [
        [4, 12, 5, 12],
        [3, 25, 11, 25],
        [2, 40, 60, 300],
        [38, 40, 299, 300],
        [52, 100, 343, 550],
        [8, 1_500, 25, 2_500],
        [450, 1_000, 500, 1_000],
    ] {
        let (a, b) = (counts(x_a, n_a), counts(x_b, n_b));
        let fisher = TwoByTwo::new(a, b).fisher().unwrap();
        let regions = [
            Some((Region::of_pooled_z(a, b), (0.0, 0.5))),
            Region::of_fisher_less(a, b, fisher.point, fisher.less)
                .ok()
                .map(|region| (region, (0.0, 1.0))),
        ];
        for (region, range) in regions.into_iter().flatten() {
            let got = region.supremum(range);
            for step in 0..=5_000 {
                let rate = (std::f64::consts::FRAC_PI_2 * f64::from(step) / 5e3).sin().powi(2);
                let p = region.probability(rate, &mut scratch);
                // 1e-9: what the golden section leaves.
                assert!(p <= got * (1.0 + 1e-9), "{a:?} {b:?} at {rate}: {p} {got}");
            }
        }
    }
}

#[test]
fn tiny_p_values_end_at_what_the_sums_lack() {
    for cells in [
        [0, 2_000, 2_000, 2_000],
        [0, 2_000, 20_000, 20_000],
        [100, 2_000, 19_000, 20_000],
    ] {
        let (barnard, boschloo) = (table(cells).barnard().unwrap(), table(cells).boschloo().unwrap());
        assert!((1e-14..1e-12).contains(&barnard), "{barnard:e}");
        assert!((1e-14..1e-12).contains(&boschloo.two_sided()), "{boschloo:?}");
        assert_eq!(boschloo.greater, 1.0);
    }
}

fn small_tables() -> impl Strategy<Value = [u64; 4]> {
    let group = || (1..150u64, 0.0..=1.0f64).prop_map(|(n, share)| ((n as f64 * share).round() as u64, n));
    (group(), group()).prop_map(|((x_a, n_a), (x_b, n_b))| [x_a, n_a, x_b, n_b])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn unconditional_tests_obey_their_laws(cells in small_tables()) {
        let [x_a, n_a, x_b, n_b] = cells;
        let one = table(cells);
        let (barnard, boschloo, fisher) = (one.barnard().unwrap(), one.boschloo().unwrap(), one.fisher().unwrap());
        prop_assert!(barnard > 0.0 && barnard <= 1.0);
        // Boschloo's test is never weaker than Fisher's. 1e-13: what the windows lack.
        prop_assert!(boschloo.less <= fisher.less * (1.0 + 1e-9) + 2e-13, "{boschloo:?} {fisher:?}");
        prop_assert!(boschloo.greater <= fisher.greater * (1.0 + 1e-9) + 2e-13, "{boschloo:?} {fisher:?}");
        for other in [table([x_b, n_b, x_a, n_a]), table([n_a - x_a, n_a, n_b - x_b, n_b])] {
            let there = other.boschloo().unwrap();
            // 1e-4: the grids are not the same, and a peak may be met closer on one of them.
            prop_assert!(close(barnard, other.barnard().unwrap(), 1e-4));
            prop_assert!(close(boschloo.less, there.greater, 1e-4) && close(boschloo.greater, there.less, 1e-4));
        }
    }
}
