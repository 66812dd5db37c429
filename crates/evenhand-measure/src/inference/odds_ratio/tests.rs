//! The odds ratio against published and recomputed values, enumeration and its laws.

use proptest::prelude::*;

use super::*;
use crate::inference::testing::{agrees, extreme_samples, sample, tables};
use crate::inference::two_by_two::{Counts, TwoByTwo};
use crate::inference::{OneSided, z_for};

fn counts(successes: u64, trials: u64) -> Counts {
    Counts::new(successes, trials).unwrap()
}

fn samples(cells: [u64; 4]) -> (Sample, Sample) {
    let [x_a, n_a, x_b, n_b] = cells.map(|count| count as f64);
    (sample(x_a, n_a), sample(x_b, n_b))
}

/// A table; its sample odds ratio and Woolf's interval; the conditional estimate and the exact interval (R's
/// `fisher.test` by its definition, scipy 1.17: contingency.odds_ratio).
type Row = (
    [u64; 4],
    &'static str,
    Option<[&'static str; 2]>,
    &'static str,
    [&'static str; 2],
);

const ROWS: [Row; 16] = [
    (
        [1, 10, 3, 20],
        "0.6296296296",
        Some(["0.0569436661", "6.96185366"]),
        "0.63879473",
        ["0.01080954", "9.380641"],
    ),
    (
        [2, 10, 15, 25],
        "0.1666666667",
        Some(["0.029139804", "0.95325891"]),
        "0.17560868",
        ["0.01514743", "1.136338"],
    ),
    (
        [48, 100, 60, 100],
        "0.6153846154",
        Some(["0.351398646", "1.07768834"]),
        "0.61689476",
        ["0.338018", "1.118996"],
    ),
    (
        [52, 395, 48, 255],
        "0.6537900875",
        Some(["0.425910117", "1.0035955"]),
        "0.65423007",
        ["0.416527", "1.028841"],
    ),
    (
        [555, 1181, 667, 1390],
        "0.9610170953",
        Some(["0.822749639", "1.12252113"]),
        "0.96103196",
        ["0.8202041", "1.125974"],
    ),
    (
        [170, 390, 412, 797],
        "0.7220873786",
        Some(["0.565951065", "0.921299057"]),
        "0.72228583",
        ["0.5615629", "0.9280578"],
    ),
    (
        [1065, 1337, 13142, 14461],
        "0.3929741981",
        Some(["0.340037396", "0.454152167"]),
        "0.39300536",
        ["0.3395238", "0.4559398"],
    ),
    (
        [1224, 1286, 13142, 14461],
        "1.981404117",
        Some(["1.52570853", "2.57320596"]),
        "1.9813364",
        ["1.523968", "2.616719"],
    ),
    (
        [81, 94, 13142, 14461],
        "0.6253526568",
        Some(["0.347230974", "1.12624154"]),
        "0.625377",
        ["0.3447812", "1.228167"],
    ),
    (
        [1593, 2032, 13943, 15175],
        "0.3206311672",
        Some(["0.284190619", "0.361744332"]),
        "0.32066046",
        ["0.2838368", "0.3626607"],
    ),
    (
        [3719, 4222, 5806, 6497],
        "0.8799524589",
        Some(["0.778866353", "0.994158147"]),
        "0.87996306",
        ["0.7775549", "0.9963294"],
    ),
    ([0, 20, 5, 30], "0", None, "0", ["0", "1.553341"]),
    (
        [450, 1000, 500, 1000],
        "0.8181818182",
        Some(["0.68631585", "0.975383983"]),
        "0.81826405",
        ["0.6836153", "0.9792284"],
    ),
    (
        [7, 34, 1, 34],
        "8.555555556",
        Some(["0.990490282", "73.9003019"]),
        "8.3293437",
        ["0.9732736", "396.994"],
    ),
    (
        [557, 1835, 1198, 2691],
        "0.5431594389",
        Some(["0.479227211", "0.615620669"]),
        "0.54323254",
        ["0.4781862", "0.6167663"],
    ),
    ([9, 10, 10, 10], "0", None, "0", ["0", "39"]),
];

#[test]
fn recomputed_estimates_and_intervals() {
    for (cells, ratio, woolf_interval, estimate, [lower, upper]) in ROWS {
        let (a, b) = samples(cells);
        agrees(point(a, b).unwrap(), ratio, 10);
        let got = woolf(a, b, z_for(0.95));
        assert_eq!(got.is_some(), woolf_interval.is_some());
        if let (Some(got), Some([lower, upper])) = (got, woolf_interval) {
            agrees(got.lower, lower, 9);
            agrees(got.upper, upper, 9);
        }
        let [x_a, n_a, x_b, n_b] = cells;
        let (a, b) = (counts(x_a, n_a), counts(x_b, n_b));
        agrees(conditional_estimate(a, b).unwrap().unwrap(), estimate, 8);
        let got = exact(a, b, 0.95).unwrap();
        agrees(got.lower, lower, 7);
        agrees(got.upper, upper, 7);
    }
}

#[test]
fn published_and_recomputed_score_intervals() {
    // The second is printed as 0.050 to 0.245 by Fagerland and Newcombe 2013.
    for (cells, lower, upper) in [
        ([7, 34, 1, 34], "1.24662236025", "56.4615755454"),
        ([24, 73, 53, 65], "0.0503605138347", "0.244536570313"),
    ] {
        let (a, b) = samples(cells);
        let got = score(a, b, z_for(0.95));
        agrees(got.lower, lower, 12);
        agrees(got.upper, upper, 12);
    }
}

#[test]
fn zeros_leave_an_end_open() {
    let whole = Interval {
        lower: 0.0,
        upper: f64::INFINITY,
    };
    let (none, some, all) = (sample(0.0, 10.0), sample(4.0, 10.0), sample(10.0, 10.0));
    for (a, b, expected, lower_open, upper_open) in [
        (none, none, None, true, true),
        (all, all, None, true, true),
        (none, some, Some(0.0), true, false),
        (some, all, Some(0.0), true, false),
        (none, all, Some(0.0), true, false),
        (some, none, None, false, true),
        (all, some, None, false, true),
        (all, none, None, false, true),
        (some, some, Some(1.0), false, false),
    ] {
        assert_eq!(point(a, b), expected);
        let counts = |sample: Sample| counts(sample.successes as u64, sample.trials as u64);
        for got in [score(a, b, 1.96), exact(counts(a), counts(b), 0.95).unwrap()] {
            assert_eq!(
                (got.lower == 0.0, got.upper == f64::INFINITY),
                (lower_open, upper_open),
                "{a:?} {b:?} {got:?}"
            );
        }
        let estimate = conditional_estimate(counts(a), counts(b)).unwrap();
        match (lower_open, upper_open) {
            (true, true) => assert_eq!(estimate, None),
            (true, false) => assert_eq!(estimate, Some(0.0)),
            (false, true) => assert_eq!(estimate, Some(f64::INFINITY)),
            (false, false) => assert!((estimate.unwrap() - 1.0).abs() < 1e-12),
        }
        assert_eq!(woolf(a, b, 1.96).is_some(), !lower_open && !upper_open);
        assert_eq!(score(a, b, f64::NAN), whole);
        assert_eq!(exact(counts(a), counts(b), f64::NAN), Ok(whole));
        assert_eq!(exact(counts(a), counts(b), 1.0), Ok(whole));
    }
    assert_eq!(score_z(none, none, 3.0), 0.0);
    let huge = 1 << 40;
    let refused = exact(counts(1, huge), counts(1, huge), 0.95).unwrap_err();
    assert_eq!((refused.smaller, refused.limit), (huge, EXACT));
}

#[test]
fn the_exact_interval_covers_by_enumeration() {
    // All tables with margins 8, 11 and 9 successes, at odds ratios on a grid: the interval misses each side with a
    // probability of at most 2.5 %.
    let (n_a, n_b, successes) = (8u64, 11u64, 9u64);
    let choose = |n: u64, k: u64| (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64);
    for step in -40..=40 {
        let odds = (f64::from(step) / 10.0).exp();
        let weight = |x: u64| choose(n_a, x) * choose(n_b, successes - x) * odds.powi(x as i32);
        let total: f64 = (0..=n_a).map(weight).sum();
        let (mut under, mut over) = (0.0, 0.0);
        for x in 0..=n_a {
            let got = exact(counts(x, n_a), counts(successes - x, n_b), 0.95).unwrap();
            if got.upper < odds {
                under += weight(x) / total;
            }
            if got.lower > odds {
                over += weight(x) / total;
            }
        }
        assert!(under <= 0.025 && over <= 0.025, "{odds}: {under} {over}");
    }
}

fn bounds() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.8), Just(1.0), Just(1.25), (-7.0..7.0f64).prop_map(f64::exp)]
}

fn close(left: f64, right: f64, relative: f64) -> bool {
    left == right || (left - right).abs() <= relative * (1.0 + left.abs().min(right.abs()))
}

/// Whether a falling statistic passes through the target at the end of an interval: within 1e-6, or between the
/// numbers next to it, which for millions of trials is a larger step.
fn passes(z: impl Fn(f64) -> f64, end: f64, target: f64) -> bool {
    let step = 4.0 * f64::EPSILON * end;
    (z(end - step) - target) * (z(end + step) - target) <= 0.0 || (z(end) - target).abs() < 1e-6
}

const Z: f64 = 1.959963984540054;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn at_equality_the_score_is_the_hypergeometric_z(cells in tables()) {
        let (a, b) = samples(cells);
        let [x_a, n_a, x_b, n_b] = cells;
        let expected = TwoByTwo::new(counts(x_a, n_a), counts(x_b, n_b)).z_hypergeometric();
        prop_assert!(close(score_z(a, b, 1.0), expected.map_or(0.0, |z| z.value), 1e-12));
    }

    #[test]
    fn exchanging_the_groups_or_the_outcomes_inverts(cells in tables(), bound in bounds()) {
        let (a, b) = samples(cells);
        let [x_a, n_a, x_b, n_b] = cells;
        let exact_of = |[x_a, n_a, x_b, n_b]: [u64; 4]| {
            let (a, b) = (counts(x_a, n_a), counts(x_b, n_b));
            (exact(a, b, 0.95).unwrap(), conditional_estimate(a, b).unwrap(), exact_one_sided(a, b, bound).unwrap(),
             exact_one_sided(a, b, 1.0 / bound).unwrap())
        };
        let one = exact_of(cells);
        for (c, d, other) in [
            (b, a, exact_of([x_b, n_b, x_a, n_a])),
            (a.reflected(), b.reflected(), exact_of([n_a - x_a, n_a, n_b - x_b, n_b])),
        ] {
            prop_assert!(close(score_z(a, b, bound), -score_z(c, d, 1.0 / bound), 1e-9));
            for (left, right) in [(score(a, b, Z), score(c, d, Z)), (one.0, other.0)] {
                let same = close(left.lower, 1.0 / right.upper, 1e-8) && close(left.upper, 1.0 / right.lower, 1e-8);
                prop_assert!(same, "{left:?} {right:?}");
            }
            match (one.1, other.1) {
                (Some(left), Some(right)) => prop_assert!(close(left, 1.0 / right, 1e-8)),
                (left, right) => prop_assert_eq!(left, right),
            }
            prop_assert!(close(one.2.below, other.3.above, 1e-9) && close(one.2.above, other.3.below, 1e-9));
        }
    }

    #[test]
    fn an_end_of_the_interval_has_the_z_it_was_asked_for(cells in tables()) {
        let (a, b) = samples(cells);
        let got = score(a, b, Z);
        if got.lower > 0.0 {
            prop_assert!(passes(|bound| score_z(a, b, bound), got.lower, Z), "{got:?}");
        }
        if got.upper < f64::INFINITY {
            prop_assert!(passes(|bound| score_z(a, b, bound), got.upper, -Z), "{got:?}");
        }
    }

    #[test]
    fn the_tests_reject_exactly_what_the_intervals_exclude(cells in tables(), bound in bounds()) {
        let (a, b) = samples(cells);
        let [x_a, n_a, x_b, n_b] = cells;
        let (c, d) = (counts(x_a, n_a), counts(x_b, n_b));
        let mut pairs = vec![
            (OneSided::of(score_z(a, b, bound)), score(a, b, z_for(0.95))),
            (exact_one_sided(c, d, bound).unwrap(), exact(c, d, 0.95).unwrap()),
        ];
        if let (Some(z), Some(interval)) = (woolf_z(a, b, bound), woolf(a, b, z_for(0.95))) {
            pairs.push((OneSided::of(z), interval));
        }
        for (p, interval) in pairs {
            // Within rounding of the line itself either answer is right.
            prop_assume!((p.below - 0.025).abs() > 1e-8 && (p.above - 0.025).abs() > 1e-8);
            prop_assert_eq!(p.below < 0.025, interval.upper < bound, "{:?} {:?}", interval, p);
            prop_assert_eq!(p.above < 0.025, interval.lower > bound, "{:?} {:?}", interval, p);
        }
    }

    #[test]
    fn the_score_falls_and_matches_its_formula(cells in tables(), bound in bounds(), step in 1e-6..0.5f64) {
        let (a, b) = samples(cells);
        let (low, high) = (score_z(a, b, bound), score_z(a, b, bound * (1.0 + step)));
        prop_assert!(high <= low + 1e-9 * (1.0 + low.abs()), "{low} {high}");
        // The printed formula, by bisection for the restricted rate: (n_a p_a + n_b p_b) rises with p_b.
        let (mut left, mut right) = (0.0, 1.0);
        let rate_a = |rate_b: f64| bound * rate_b / (1.0 + rate_b * (bound - 1.0));
        for _ in 0..200 {
            let middle = f64::midpoint(left, right);
            if a.trials * rate_a(middle) + b.trials * middle < a.successes + b.successes {
                left = middle;
            } else {
                right = middle;
            }
        }
        let (p_a, p_b) = (rate_a(right), right);
        let spread_a = a.trials * p_a * (1.0 - p_a);
        let spread_b = b.trials * p_b * (1.0 - p_b);
        // Rates near 0 or 1 lose their digits in this form.
        prop_assume!(spread_a > 0.01 && spread_b > 0.01);
        let total = a.trials + b.trials;
        let z = (a.successes - a.trials * p_a) * ((spread_a.recip() + spread_b.recip()) * (total - 1.0) / total).sqrt();
        prop_assert!(close(z, low, 1e-6), "{z} {low}");
    }

    #[test]
    fn never_a_nan(a in extreme_samples(), b in extreme_samples(), bound in bounds(), z in 0.0..40.0f64) {
        prop_assert!(!score_z(a, b, bound).is_nan());
        let mut intervals = vec![score(a, b, z)];
        if let Some(interval) = woolf(a, b, z) {
            prop_assert!(!woolf_z(a, b, bound).unwrap().is_nan());
            intervals.push(interval);
        }
        for got in intervals {
            prop_assert!(got.lower <= got.upper && got.lower >= 0.0, "{got:?}");
            if let Some(ratio) = point(a, b) {
                // 1e-12: Woolf's ends pass through a logarithm.
                prop_assert!(got.lower <= ratio * (1.0 + 1e-12) && ratio <= got.upper * (1.0 + 1e-12), "{got:?} {ratio}");
            }
        }
    }
}
