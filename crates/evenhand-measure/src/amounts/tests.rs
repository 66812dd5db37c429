//! Oracles: the worked example of printed digits, scipy and numpy.

use super::distance::{kolmogorov_smirnov, superiority, wasserstein};
use super::permutation::all_splits;
use super::quantile::{clustered_ranks, ranks};
use super::*;
use crate::inference::testing::agrees;
use crate::tally::Numbers;

fn numbers(of: &[f64]) -> Numbers {
    Numbers::of(of.iter().map(|x| (*x, 1)), 0)
}

fn distribution(of: &[f64]) -> Distribution {
    Distribution::exact(&numbers(of)).unwrap()
}

/// The worked example: prices of six customers from low-income zip codes, and of six others.
const LOW: [f64; 6] = [24.0, 27.0, 22.0, 26.0, 30.0, 23.0];
const HIGH: [f64; 6] = [20.0, 22.0, 19.0, 25.0, 21.0, 23.0];

fn moments() -> (Moments, Moments) {
    (
        Moments::of(&numbers(&LOW)).unwrap(),
        Moments::of(&numbers(&HIGH)).unwrap(),
    )
}

#[test]
fn the_worked_example_has_the_printed_means() {
    let (low, high) = moments();
    agrees(low.mean, "25.333333", 8);
    agrees(high.mean, "21.666667", 8);
    agrees(low.mean - high.mean, "3.666667", 7);
    agrees(low.mean / high.mean, "1.169231", 7);
    agrees(low.variance.unwrap(), "8.666667", 7);
    agrees(high.variance.unwrap(), "4.666667", 7);
    let logs = [LOW, HIGH].map(|of| Moments::of_logarithms(&numbers(&of)).unwrap());
    agrees(logs[0].mean - logs[1].mean, ".154935850", 9);
}

#[test]
fn the_worked_example_has_the_printed_t_test() {
    let (low, high) = moments();
    let gap = mean_gap(&low, &high).unwrap();
    agrees(gap.t(), "2.459674775", 10);
    agrees(gap.freedom, "9.174311927", 10);
    agrees(gap.p(), ".035702954", 8);
    let interval = gap.interval(0.95);
    agrees(interval.lower, ".304183538", 9);
    agrees(interval.upper, "7.029149795", 10);
}

#[test]
fn the_worked_example_has_the_printed_effect_sizes() {
    let (low, high) = moments();
    let smd = Smd::new(&low, &high, Denominator::Pooled).unwrap();
    agrees((low.mean - high.mean) / smd.d, "2.581988897", 10);
    agrees(smd.d, "1.420093894", 10);
    agrees(smd.g, "1.310855902", 10);
    agrees(smd.se, ".646034915", 9);
    // Groups of one size: both denominators are the same.
    let average = Smd::new(&low, &high, Denominator::Average).unwrap();
    agrees(average.d, "1.420093894", 10);
    let (few, many) = (Moments { n: 3, ..low }, Moments { n: 30, ..high });
    let pooled = Smd::new(&few, &many, Denominator::Pooled).unwrap();
    let average = Smd::new(&few, &many, Denominator::Average).unwrap();
    assert!(pooled.d > average.d, "the larger group has the smaller variance");
}

#[test]
fn the_worked_example_has_the_printed_distances() {
    let (low, high) = (distribution(&LOW), distribution(&HIGH));
    let found = kolmogorov_smirnov(&low, &high);
    assert_eq!((found.d, found.at_most, found.numerator), (0.5, 0.5, 18));
    let p = kolmogorov::p_value(&found, &low, &high);
    assert!(p.is_exact);
    agrees(p.p, ".474025974", 9);
    let moved = wasserstein(&low, &high).unwrap();
    agrees(moved.more, "3.666667", 7);
    assert_eq!((moved.less, moved.within), (0.0, 0.0));
    let ahead = superiority(&low, &high).probability;
    agrees(ahead.point, ".861111", 6);
    assert!((ahead.point * 36.0 - 31.0).abs() < 1e-12 && ahead.is_exact());
}

#[test]
fn the_worked_example_has_the_printed_permutations() {
    let found = all_splits(&numbers(&LOW), &numbers(&HIGH)).unwrap();
    assert_eq!((found.extreme, found.all), (40, 924));
    agrees(found.p(), ".043290043", 8);
}

#[test]
fn the_worked_example_has_the_printed_quantiles() {
    let (low, high) = (distribution(&LOW), distribution(&HIGH));
    for (tau, expected) in quantile::TAUS.into_iter().zip([3.0, 3.0, 3.5, 4.0, 4.5]) {
        let found = quantile::gap((&low, None), (&high, None), tau).unwrap();
        assert!((found.gap.point - expected).abs() < 1e-12, "{tau}: {found:?}");
        assert!(found.gap.is_exact() && found.interval.is_none());
    }
    let both: Vec<f64> = LOW.into_iter().chain(HIGH).collect();
    let cut = distribution(&both).median_cut();
    assert_eq!(cut, 23.0);
    let (low, high) = (low.split(cut), high.split(cut));
    assert_eq!((low.at_most, low.above, high.at_most), (2, 4, 5));
    agrees((2.0 / 6.0) / (5.0 / 6.0), ".4", 6);
}

#[test]
fn all_splits_of_the_second_worked_example() {
    let one = numbers(&[0.9, 0.8, 0.7, 0.75, 0.6]);
    let two = numbers(&[0.5, 0.65, 0.55, 0.4, 0.45, 0.7]);
    let found = all_splits(&one, &two).unwrap();
    assert_eq!((found.extreme, found.all), (11, 462));
}

/// LiFT's p-value is the share of draws that are further apart, which can be 0. What was seen is one of the ways.
#[test]
fn trap_of_lift_a_permutation_p_value_is_never_zero() {
    let found = all_splits(&numbers(&[10.0, 11.0, 12.0]), &numbers(&[1.0, 2.0, 3.0])).unwrap();
    // Both ends: the three highest, and the three lowest.
    assert_eq!((found.extreme, found.all), (2, 20));
    assert!(all_splits(&numbers(&[1.0; 30]), &numbers(&[1.0; 30])).is_err());
}

#[test]
fn a_verdict_is_careful_where_a_group_is_small() {
    let of = |numbers_of: &[f64]| Moments::of(&numbers(numbers_of)).unwrap();
    // Groups of one size have the same standard error either way.
    let (low, high) = moments();
    let (welch, careful) = (mean_gap(&low, &high).unwrap(), cautious_gap(&low, &high).unwrap());
    assert!((welch.se - careful.se).abs() < 1e-12 && welch.freedom == careful.freedom);
    // Five who paid the usual price beside a hundred of whom every fifth paid a surcharge: Welch is nearly sure.
    let usual = of(&[10.0; 5]);
    let many: Vec<f64> = (0..100).map(|i| if i % 5 == 0 { 30.0 } else { 10.0 }).collect();
    let many = of(&many);
    assert!(mean_gap(&usual, &many).unwrap().p() < 1e-5);
    // scipy 1.16: ttest_ind([10] * 5, [10] * 80 + [30] * 20), equal variances: t = -1.107335.
    let careful = cautious_gap(&usual, &many).unwrap();
    assert!((careful.t() + 1.107334853).abs() < 1e-6, "{}", careful.t());
    // With 30 of them it is Welch's.
    let more = of(&[10.0; 30]);
    assert_eq!(cautious_gap(&more, &many), mean_gap(&more, &many));
    // Of 3 and 4 rows there are 35 deals, of 4 and 4 there are 70.
    assert!(cautious_gap(&of(&LOW[..3]), &of(&HIGH[..4])).is_err());
    assert!(cautious_gap(&of(&LOW[..4]), &of(&HIGH[..4])).is_ok());
}

/// What holisticai calls "MAD" is a mean difference with a sign. Gaps have one here, and distances have none.
#[test]
fn trap_of_holisticai_gaps_have_a_sign_and_distances_have_none() {
    let (low, high) = (distribution(&LOW), distribution(&HIGH));
    let (there, back) = (wasserstein(&low, &high).unwrap(), wasserstein(&high, &low).unwrap());
    assert_eq!(there.total(), back.total());
    assert_eq!(there.net(), -back.net());
}

/// A group too small to tell is not perfect.
#[test]
fn trap_of_small_groups_that_score_perfectly() {
    let (one, many) = (Moments::of(&numbers(&[23.0])).unwrap(), moments().1);
    assert!(mean_gap(&one, &many).is_err());
    assert!(Smd::new(&one, &many, Denominator::Pooled).is_err());
    assert_eq!(Moments::of(&numbers(&[])), None);
    assert_eq!(Distribution::exact(&numbers(&[])), None);
    let same = Moments::of(&numbers(&[5.0, 5.0, 5.0])).unwrap();
    assert!(mean_gap(&same, &same).is_err());
    assert_eq!(superiority(&distribution(&[23.0]), &distribution(&HIGH)).gap, None);
    // Nobody in between: no spread is seen, and none is claimed.
    assert_eq!(
        superiority(&distribution(&[8.0, 9.0]), &distribution(&[1.0, 2.0])).gap,
        None
    );
}

#[test]
fn amounts_without_a_logarithm_are_counted() {
    let why = Moments::of_logarithms(&numbers(&[1.0, 0.0, -2.0])).unwrap_err();
    assert!(why.starts_with("2 of 3 amounts are 0 or less"), "{why}");
    let why = Moments::of_logarithms(&numbers(&[1.0, 0.0])).unwrap_err();
    assert!(why.starts_with("1 of 2 amounts is 0 or less"), "{why}");
}

#[test]
fn a_variance_keeps_its_digits_far_from_zero() {
    let far: Vec<f64> = [0.1, 0.2, 0.4].iter().map(|x| x + 1e9).collect();
    let mean = far.iter().map(|x| x - 1e9).sum::<f64>() / 3.0;
    let brute = far.iter().map(|x| (x - 1e9 - mean).powi(2)).sum::<f64>() / 2.0;
    let found = Moments::of(&numbers(&far)).unwrap().variance.unwrap();
    assert!((found / brute - 1.0).abs() < 1e-12, "{found} {brute}");
}

#[test]
fn many_rows_go_on_where_the_binomial_distribution_ends() {
    let (near, far) = (ranks(1_000, 0.5, 0.95).unwrap(), ranks(1_001, 0.5, 0.95).unwrap());
    assert!(near.lower.abs_diff(far.lower) <= 1 && near.upper.abs_diff(far.upper) <= 2);
}

#[test]
fn rows_that_belong_together_widen_the_interval_of_a_quantile() {
    // Forty buckets of ten rows: all ten on one side of the median in one case, five and five in the other.
    let together: Vec<(u64, u64)> = (0..40).map(|b| (10, if b % 2 == 0 { 10 } else { 0 })).collect();
    let alone: Vec<(u64, u64)> = (0..400).map(|b| (1, b % 2)).collect();
    let (wide, narrow) = (
        clustered_ranks(&together, 0.5, 0.95).unwrap(),
        clustered_ranks(&alone, 0.5, 0.95).unwrap(),
    );
    let free = ranks(400, 0.5, 0.95).unwrap();
    assert!(wide.upper - wide.lower > 3 * (free.upper - free.lower));
    assert!(narrow.lower.abs_diff(free.lower) <= 1 && narrow.upper.abs_diff(free.upper) <= 2);
    assert_eq!(clustered_ranks(&together[..19], 0.5, 0.95), None);
}
