use proptest::prelude::*;

use super::super::testing::{agrees, labelled, numbers, oracle, set, sets, shortened, spread, tied};
use super::*;
use crate::tally::Cell;

#[test]
fn medians_are_those_of_numpy() {
    for (name, expected, scores) in sets() {
        let median = Median::of(&scores.all()).unwrap();
        agrees(median.value, &expected["median"], &name);
        assert!(median.is_exact);
    }
    for pair in oracle()["pairs"].as_array().unwrap() {
        let [one, other] = ["one", "other"].map(|side| set(pair[side].as_str().unwrap()).all());
        let mut both = one.clone();
        both.absorb(&other);
        let median = Median::of(&both).unwrap();
        agrees(median.value, &pair["median"], "of both");
        for (index, group) in [one, other].iter().enumerate() {
            let above = median.above(group);
            assert_eq!(Some(above.above), pair["above_median"][index].as_u64());
            assert_eq!(above.open, 0);
        }
    }
}

#[test]
fn a_tie_at_the_median_is_not_above_it() {
    let median = Median::of(&numbers(&[1.0, 2.0, 2.0, 2.0, 3.0])).unwrap();
    assert_eq!(median.value, 2.0);
    assert_eq!(median.above(&numbers(&[2.0, 2.0, 3.0])).above, 1);
    assert!(Median::of(&Numbers::default()).is_none());
}

fn brute(everybody: &[f64], group: &[f64]) -> u64 {
    let mut sorted = everybody.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let median = f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]);
    group.iter().filter(|score| **score > median).count() as u64
}

proptest! {
    #[test]
    fn above_is_that_of_all_rows(one in tied(), other in tied()) {
        let everybody = [one.clone(), other].concat();
        let median = Median::of(&numbers(&everybody)).unwrap();
        let above = median.above(&numbers(&one));
        prop_assert_eq!(above.above, brute(&everybody, &one));
        prop_assert_eq!(above.open, 0);
        // Never more than half of everybody.
        prop_assert!(2 * median.above(&numbers(&everybody)).above <= everybody.len() as u64);
    }

    #[test]
    fn numbers_that_fall_together_leave_it_open(one in spread(), other in spread(), bits in 6u8..20) {
        let short = shortened(&labelled(&one, &other), bits);
        let median = Median::of(&short.all()).unwrap();
        let everybody = [one.clone(), other].concat();
        let exact = brute(&everybody, &one);
        let above = median.above(&short.positives);
        prop_assert!(above.above <= exact && exact <= above.above + above.open);
    }
}
