//! Two worked examples to all printed digits, published examples of other software, slow twins, and laws.

use proptest::prelude::*;

use super::*;
use crate::attention::Attention;

mod many;
mod one;
mod other;
mod traps;

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
}

/// Ranks 1 to 10: A A A B A A B A B B.
const GROUPS: [usize; 10] = [0, 0, 0, 1, 0, 0, 1, 0, 1, 1];
const SCORES: [f64; 10] = [0.95, 0.90, 0.88, 0.86, 0.80, 0.74, 0.72, 0.60, 0.58, 0.50];
const RELEVANT: [bool; 10] = [true, true, false, true, false, true, true, false, true, false];
/// The shares of A and B.
const CATALOGUE: [f64; 2] = [0.6, 0.4];

fn shown() -> impl Iterator<Item = (usize, u64, u64)> + Clone {
    GROUPS.iter().zip(1u64..).map(|(group, place)| (*group, place, 1))
}

fn curve(attention: &str) -> Curve {
    Curve::new(attention.parse().unwrap()).unwrap()
}

/// The sums over the items of each group.
fn by_group(values: impl IntoIterator<Item = f64>) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for (group, value) in GROUPS.iter().zip(values) {
        sums[*group] += value;
    }
    sums
}

proptest! {
    /// However lists are made up, their attention is handed out, no more and no less.
    #[test]
    fn exposures_add_up_to_the_attention_budget(
        lists in prop::collection::vec(prop::collection::vec(0usize..4, 0..30), 0..20),
        attention in prop::sample::select(vec!["log", "trec", "rbp:0.85", "geometric:0.5", "top:5"]),
    ) {
        let curve = curve(attention);
        let shown = lists.iter().flat_map(|list| list.iter().zip(1u64..).map(|(group, place)| (*group, place, 1)));
        let got = exposures(&curve, 4, shown);
        let budget: f64 = lists.iter().map(|list| curve.budget(1..=list.len() as u64)).sum();
        prop_assert!((got.iter().sum::<f64>() - budget).abs() <= 1e-12 * budget.max(1.0));
    }

    /// The parts of a file add up to the whole, in any order.
    #[test]
    fn exposures_of_parts_add_up(shown in prop::collection::vec((0usize..3, 1u64..40, 0u64..50), 0..60), cut in 0usize..60) {
        let curve = curve("log");
        let cut = cut.min(shown.len());
        let whole = exposures(&curve, 3, shown.iter().copied());
        let first = exposures(&curve, 3, shown[cut..].iter().copied());
        let second = exposures(&curve, 3, shown[..cut].iter().copied());
        for (group, whole) in whole.iter().enumerate() {
            prop_assert!((first[group] + second[group] - whole).abs() <= 1e-9 * whole.max(1.0));
        }
    }

    /// Other names for the groups give the same values in another order.
    #[test]
    fn groups_may_be_renamed(list in prop::collection::vec(0usize..3, 1..25), parts in prop::array::uniform3(1u32..9)) {
        let targets = shares(&parts.map(f64::from)).unwrap();
        let turned: Vec<usize> = list.iter().map(|group| (group + 1) % 3).collect();
        let turned_targets = [targets[2], targets[0], targets[1]];
        let (a, b) = (ndkl(&list, &targets).unwrap(), ndkl(&turned, &turned_targets).unwrap());
        prop_assert!((a - b).abs() < 1e-12);
        let got = shares(&parts.map(|part| f64::from(part % 4 + 1))).unwrap();
        let (a, b) = (awrf(&got, &targets).unwrap(), awrf(&[got[2], got[0], got[1]], &turned_targets).unwrap());
        prop_assert!((a - b).abs() < 1e-12);
        prop_assert!((0.0..=1.0).contains(&a));
    }

    /// Pairs, counted one by one.
    #[test]
    fn pairs_are_those_of_two_loops(list in prop::collection::vec((0usize..3, prop::option::of(any::<bool>())), 0..25)) {
        let found = Pairs::of_list(&list, 3);
        for (group, pairs) in found.iter().enumerate() {
            let mut twin = Pairs::default();
            for (i, (of, relevant)) in list.iter().enumerate() {
                for (j, (other, wanted)) in list.iter().enumerate() {
                    if *of == group && *relevant == Some(true) && *wanted == Some(false) {
                        let wins = if *other == group { &mut twin.within } else { &mut twin.between };
                        *wins += Wins { wins: u64::from(i < j), pairs: 1 };
                    }
                }
            }
            prop_assert_eq!(*pairs, twin);
        }
    }

    /// Gini as half the mean absolute difference over the mean, over all pairs of items.
    #[test]
    fn gini_is_the_mean_difference(counts in prop::collection::vec(0u64..20, 1..30)) {
        let n = counts.len() as f64;
        let sum: u64 = counts.iter().sum();
        let found = Concentration::of(counts.iter().copied(), counts.len() as u64);
        prop_assert_eq!(found.is_some(), sum > 0);
        if let Some(found) = found {
            let differences: u64 = counts.iter().flat_map(|a| counts.iter().map(move |b| a.abs_diff(*b))).sum();
            let twin = differences as f64 / (2.0 * n * sum as f64);
            prop_assert!((found.gini - twin).abs() < 1e-12);
            if let Some(gini) = found.gini_unbiased {
                prop_assert!((gini - twin * n / (n - 1.0)).abs() < 1e-12);
                prop_assert!(gini <= 1.0 + 1e-12);
            }
            prop_assert!(found.effective <= found.shown as f64 + 1e-9);
        }
    }

    /// The divergence of every prefix, counted anew.
    #[test]
    fn ndkl_is_the_mean_over_prefixes(list in prop::collection::vec(0usize..3, 1..25)) {
        let targets = [0.5, 0.3, 0.2];
        let (mut sum, mut weights) = (0.0, 0.0);
        for k in 1..=list.len() {
            let mut kl = 0.0;
            for (group, target) in targets.iter().enumerate() {
                let share = list[..k].iter().filter(|g| **g == group).count() as f64 / k as f64;
                if share > 0.0 {
                    kl += share * (share / target).ln();
                }
            }
            sum += kl / (k as f64 + 1.0).log2();
            weights += 1.0 / (k as f64 + 1.0).log2();
        }
        prop_assert!((ndkl(&list, &targets).unwrap() - sum / weights).abs() < 1e-12);
    }
}
