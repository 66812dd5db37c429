use proptest::prelude::*;

use super::super::testing::{agrees, numbers, oracle, set, sets, shortened, spread, tied, within};
use super::*;
use crate::inference::testing::agrees as printed;
use crate::tally::{Cell, Numbers};

/// Over all pairs.
fn brute(first: &[f64], second: &[f64]) -> f64 {
    let mut won = 0.0;
    for x in first {
        for y in second {
            won += match x.partial_cmp(y).unwrap() {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    won / (first.len() * second.len()) as f64
}

/// DeLong's variance from the definition.
fn brute_variance(first: &[f64], second: &[f64]) -> f64 {
    let variance = |shares: Vec<f64>| {
        let n = shares.len() as f64;
        let mean = shares.iter().sum::<f64>() / n;
        shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / (n - 1.0) / n
    };
    variance(first.iter().map(|x| brute(&[*x], second)).collect())
        + variance(second.iter().map(|y| brute(first, &[*y])).collect())
}

fn of(scores: &super::super::Labelled) -> Auc {
    auc(&scores.positives, &scores.negatives).unwrap()
}

#[test]
fn areas_are_those_of_scikit_learn() {
    for (name, expected, scores) in sets() {
        let found = of(&scores);
        agrees(found.point, &expected["auc"], &name);
        agrees(found.variance.unwrap(), &expected["delong_variance"], &name);
        assert!(found.is_exact());
    }
}

#[test]
fn cross_group_areas_are_those_of_scikit_learn() {
    for pair in oracle()["pairs"].as_array().unwrap() {
        let (one, other) = (set(pair["one"].as_str().unwrap()), set(pair["other"].as_str().unwrap()));
        let across = |a: &Numbers, b: &Numbers| auc(a, b).unwrap().point;
        agrees(across(&one.positives, &other.negatives), &pair["cross_auc"], "there");
        agrees(
            across(&other.positives, &one.negatives),
            &pair["cross_auc_back"],
            "back",
        );
    }
}

/// COMPAS by deciles: counts of scores 1 to 10 among those without and with a new case.
fn compas(without: [u64; 10], with: [u64; 10]) -> Auc {
    let of = |counts: [u64; 10]| Numbers::of((1..).map(f64::from).zip(counts), 0);
    auc(&of(with), &of(without)).unwrap()
}

#[test]
fn compas_by_deciles_has_the_published_digits() {
    let black = compas(
        [307, 274, 201, 208, 189, 169, 163, 114, 111, 59],
        [91, 119, 145, 177, 176, 215, 237, 245, 269, 227],
    );
    let white = compas(
        [539, 248, 180, 172, 130, 83, 55, 32, 30, 19],
        [142, 113, 93, 113, 111, 111, 88, 82, 68, 45],
    );
    printed(black.point, "0.6918343813", 10);
    printed(black.variance.unwrap().sqrt(), "0.0085618061", 8);
    printed(white.point, "0.6931462744", 10);
    printed(white.variance.unwrap().sqrt(), "0.0107974935", 9);
    let gap = gap(&black, &white).unwrap();
    printed(gap.point, "-0.0013118931", 8);
    printed(gap.t(), "-0.0952021964", 9);
    printed(gap.p(), "0.9241542254", 10);
    let interval = black.logit_interval(crate::inference::z_for(0.95)).unwrap();
    printed(interval.lower, "0.6748052136", 10);
    printed(interval.upper, "0.7083572025", 10);
}

#[test]
fn the_filtered_compas_file_has_the_published_gap() {
    let gap = gap(&of(&set("African-American")), &of(&set("Caucasian"))).unwrap();
    printed(gap.t(), "0.7750600762", 10);
    printed(gap.p(), "0.4383041612", 10);
}

#[test]
fn a_small_example_has_the_printed_variances() {
    let split = |scores: [f64; 11]| {
        let (positives, negatives) = scores.split_at(5);
        auc(&numbers(positives), &numbers(negatives)).unwrap()
    };
    let one = split([0.9, 0.8, 0.7, 0.6, 0.35, 0.5, 0.4, 0.3, 0.3, 0.2, 0.1]);
    let two = split([0.6, 0.9, 0.5, 0.4, 0.3, 0.55, 0.35, 0.3, 0.25, 0.45, 0.05]);
    printed(one.point, "0.933333333333", 12);
    printed(two.point, "0.783333333333", 12);
    printed(one.variance.unwrap(), "0.00622222222222", 12);
    printed(two.variance.unwrap(), "0.0218333333333", 12);
}

#[test]
fn perfect_order_has_no_spread_and_is_not_called_certain() {
    let perfect = auc(&numbers(&[0.8, 0.9]), &numbers(&[0.1, 0.2])).unwrap();
    assert_eq!(perfect.point, 1.0);
    assert!(perfect.variance.is_err());
    assert!(perfect.logit_interval(1.96).is_err());
    let all_tied = auc(&numbers(&[0.5; 4]), &numbers(&[0.5; 3])).unwrap();
    assert_eq!(all_tied.point, 0.5);
    assert!(all_tied.variance.is_err());
    assert!(gap(&perfect, &all_tied).is_err());
    // One on either side says nothing about how much it varies.
    assert!(auc(&numbers(&[0.8]), &numbers(&[0.1, 0.9])).unwrap().variance.is_err());
}

#[test]
fn nobody_on_one_side_has_no_area() {
    assert!(auc(&numbers(&[]), &numbers(&[0.1])).is_err());
    assert!(auc(&numbers(&[0.1]), &numbers(&[])).is_err());
    assert!(auc(&Numbers::of([], 5), &numbers(&[0.1])).is_err());
}

#[test]
fn huge_counts_do_not_overflow() {
    let found = auc(
        &Numbers::of([(1.0, u64::MAX / 4), (2.0, u64::MAX / 4)], 0),
        &Numbers::of([(1.0, u64::MAX / 2)], 0),
    )
    .unwrap();
    // 1e-15: a quotient of doubles.
    assert!((found.point - 0.75).abs() < 1e-15);
    assert!(found.variance.unwrap() > 0.0);
}

#[test]
fn numbers_that_begin_a_bar_alone_are_no_blur() {
    // With 13 bits 0.5 and 0.75 are kept as they are, though the column is not.
    let scores = shortened(&super::super::testing::labelled(&[0.5, 0.75], &[0.5, 0.75]), 13);
    let found = of(&scores);
    assert_eq!((found.lowest, found.point, found.highest), (0.5, 0.5, 0.5));
    // 0.51 and 0.52 begin alike: which is larger is not known any more.
    let scores = shortened(&super::super::testing::labelled(&[0.51], &[0.52]), 13);
    let found = of(&scores);
    assert_eq!((found.lowest, found.point, found.highest), (0.0, 0.5, 1.0));
}

#[test]
fn every_number_of_bits_bounds_the_area() {
    for (name, expected, scores) in sets() {
        let exact = expected["auc"].as_f64().unwrap();
        for bits in [11, 13, 16, 20] {
            let found = of(&shortened(&scores, bits));
            assert!(
                found.lowest - 1e-12 <= exact && exact <= found.highest + 1e-12,
                "{name} with {bits} bits"
            );
        }
        within(of(&shortened(&scores, 20)).point, &expected["auc"], 0.005, &name);
    }
}

proptest! {
    #[test]
    fn what_a_part_takes_is_what_is_missing_without_it(a in tied(), b in tied(), c in tied(), d in tied()) {
        let won = |first: &[f64], second: &[f64]| 2.0 * brute(first, second) * (first.len() * second.len()) as f64;
        let (first, second) = ([a.clone(), c.clone()].concat(), [b.clone(), d.clone()].concat());
        let (whole, part) = ((numbers(&first), numbers(&second)), (numbers(&c), numbers(&d)));
        let taken = taken((&whole.0, &whole.1), (&part.0, &part.1));
        // 1e-9: the twin divides and multiplies again.
        prop_assert!((won(&first, &second) - taken - won(&a, &b)).abs() < 1e-9);
    }

    #[test]
    fn area_is_that_over_all_pairs(first in tied(), second in tied()) {
        let found = auc(&numbers(&first), &numbers(&second)).unwrap();
        // 1e-13: halves are exact, so only the quotient is rounded; the twin sums up to 900 of them.
        prop_assert!((found.point - brute(&first, &second)).abs() < 1e-13);
        if let Ok(variance) = found.variance {
            prop_assert!((variance - brute_variance(&first, &second)).abs() < 1e-13);
            prop_assert!(variance > 0.0);
        }
    }

    #[test]
    fn a_rising_map_changes_nothing(first in tied(), second in tied()) {
        // Exponentials keep ties and order of twentieths.
        let map = |scores: &[f64]| numbers(&scores.iter().map(|s| (3.0 * s).exp()).collect::<Vec<_>>());
        prop_assert_eq!(auc(&numbers(&first), &numbers(&second)), auc(&map(&first), &map(&second)));
    }

    #[test]
    fn turning_scores_round_complements_and_swapping_sides_too(first in tied(), second in tied()) {
        let turned = |scores: &[f64]| numbers(&scores.iter().map(|s| -s).collect::<Vec<_>>());
        let found = auc(&numbers(&first), &numbers(&second)).unwrap();
        let turned_both = auc(&turned(&first), &turned(&second)).unwrap();
        let swapped = auc(&numbers(&second), &numbers(&first)).unwrap();
        prop_assert!((found.point + turned_both.point - 1.0).abs() < 1e-15);
        prop_assert_eq!(turned_both.point, swapped.point);
        // Complement of label and score at once is where it began.
        let both = auc(&turned(&second), &turned(&first)).unwrap();
        prop_assert_eq!(found.point, both.point);
        if let (Ok(a), Ok(b)) = (found.variance, both.variance) {
            prop_assert!((a - b).abs() < 1e-14);
        }
    }

    #[test]
    fn merged_parts_are_the_whole(first in tied(), second in tied(), cut in 0usize..30) {
        let cut = cut.min(first.len());
        let mut merged = numbers(&first[cut..]);
        merged.absorb(&numbers(&first[..cut]));
        prop_assert_eq!(auc(&merged, &numbers(&second)), auc(&numbers(&first), &numbers(&second)));
    }

    #[test]
    fn bounds_hold_the_area(first in spread(), second in spread(), bits in 4u8..30) {
        let whole = super::super::testing::labelled(&first, &second);
        let exact = of(&whole).point;
        let found = of(&shortened(&whole, bits));
        prop_assert!(found.lowest <= exact + 1e-15 && exact <= found.highest + 1e-15);
        prop_assert!(found.lowest <= found.point && found.point <= found.highest);
    }
}
