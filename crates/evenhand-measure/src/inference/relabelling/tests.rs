//! Exact shares of one short ranking and of six items, and drawn ones beside them.

use super::*;

fn items(got: &[f64], of_group: &str) -> Vec<Item> {
    got.iter()
        .zip(of_group.chars())
        .map(|(&got, letter)| Item {
            got,
            of_group: letter == 'B',
            category: 0,
        })
        .collect()
}

fn log_exposure(places: usize) -> Vec<f64> {
    (1..=places).map(|k| 1.0 / (1.0 + k as f64).log2()).collect()
}

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
}

#[test]
fn the_short_ranking_has_13_of_210_arrangements_as_low() {
    let found = relabel(&items(&log_exposure(10), "AAABAABABB"), 0, 0).unwrap();
    assert_eq!((found.arrangements, found.is_exact), (210, true));
    near(found.as_little, 13.0 / 210.0, 1e-15);
    near(found.as_far, 36.0 / 210.0, 1e-15);
    near(found.as_far, 0.171429, 5e-7);
}

#[test]
fn six_items_have_four_of_twenty() {
    // Exposure of i1 to i6 in four lists of three; i3, i5 and i6 are the artisans'.
    let two = 1.0 / 3f64.log2();
    let exposure = [3.0 + two, 1.0 + 2.0 * two, two + 0.5, 0.5, 0.5, 0.5];
    let found = relabel(&items(&exposure, "AABABB"), 0, 0).unwrap();
    near(found.as_little, 4.0 / 20.0, 1e-15);
}

#[test]
fn labels_stay_within_their_category() {
    let mut all = items(&[5.0, 1.0, 9.0, 2.0], "BAAB");
    for item in &mut all[2..] {
        item.category = 1;
    }
    let found = relabel(&all, 0, 0).unwrap();
    // Totals: 5 or 1, plus 9 or 2.
    assert_eq!(found.arrangements, 4);
    assert_eq!((found.as_little, found.as_much), (0.5, 0.75));
}

/// A count over draws can be 0, and a strict comparison leaves ties out.
#[test]
fn trap_8_a_p_value_is_never_0_and_ties_count() {
    let got = log_exposure(60);
    let last = "A".repeat(40) + &"B".repeat(20);
    let found = relabel(&items(&got, &last), 999, 7).unwrap();
    assert!(!found.is_exact);
    assert_eq!(found.as_little, 1.0 / 1_000.0);
    let tied = relabel(&items(&[1.0; 60], &last), 999, 7).unwrap();
    assert_eq!((tied.as_little, tied.as_much, tied.as_far), (1.0, 1.0, 1.0));
}

#[test]
fn drawn_shares_are_near_the_exact_ones_and_the_same_for_a_seed() {
    // 18 choose 9 = 48,620 arrangements are gone through; doubling each item's twin forces draws.
    let got: Vec<f64> = (0..24).map(|i| f64::from((i * 7919 % 101) as u8)).collect();
    let labels = "ABBABAABBBAABABABBAAABAB";
    let drawn = relabel(&items(&got, labels), 9_999, 42).unwrap();
    assert!(!drawn.is_exact);
    assert_eq!(drawn, relabel(&items(&got, labels), 9_999, 42).unwrap());
    // The exact share, from how often each sum of 12 of the whole numbers occurs.
    let most = got.iter().sum::<f64>() as usize;
    let mut ways = vec![vec![0u64; most + 1]; 13];
    ways[0][0] = 1;
    for got in &got {
        for taken in (0..12).rev() {
            for sum in (0..=most - *got as usize).rev() {
                let more = ways[taken][sum];
                ways[taken + 1][sum + *got as usize] += more;
            }
        }
    }
    let observed: f64 = items(&got, labels).iter().filter(|i| i.of_group).map(|i| i.got).sum();
    let all: u64 = ways[12].iter().sum();
    assert_eq!(all, 2_704_156);
    let as_little = ways[12][..=observed as usize].iter().sum::<u64>() as f64 / all as f64;
    // Four standard errors of 9,999 draws.
    near(drawn.as_little, as_little, 4.0 * (0.25f64 / 9_999.0).sqrt());
}

#[test]
fn the_order_of_items_and_the_name_of_the_group_do_not_matter() {
    let got = log_exposure(9);
    let forward = relabel(&items(&got, "ABABABAAB"), 0, 0).unwrap();
    let mut turned = items(&got, "ABABABAAB");
    turned.reverse();
    assert_eq!(relabel(&turned, 0, 0).unwrap(), forward);
    let other = relabel(&items(&got, "BABABABBA"), 0, 0).unwrap();
    assert_eq!(
        (other.as_much, other.as_little, other.as_far),
        (forward.as_little, forward.as_much, forward.as_far)
    );
}

#[test]
fn one_arrangement_says_nothing() {
    assert_eq!(relabel(&[], 99, 0), None);
    assert_eq!(relabel(&items(&[1.0, 2.0], "AA"), 99, 0), None);
    assert_eq!(relabel(&items(&log_exposure(60), &"AB".repeat(30)), 0, 0), None);
}
