//! Tests of medians, against sorting.

use std::cell::Cell;

use evenhand_measure::policy::Threshold;
use evenhand_measure::tally::{Axis, Coding};
use evenhand_measure::{Fault, Policy};
use proptest::prelude::*;

use super::*;
use crate::order::tests::{count, many};
use crate::plan::Purpose;

fn policy(counted: bool) -> Policy {
    let mut policy = Policy::default();
    policy.roles.score = Some("s".into());
    policy.roles.threshold = Some(Threshold::Median);
    policy.roles.count = counted.then(|| "n".into());
    policy
}

/// The median that is found, and in how many passes.
fn median(rows: &[(Option<f64>, u64)], counted: bool, parts: usize) -> (Result<f64, Problem>, usize) {
    let passes = Cell::new(0);
    let plan = Plan::from_policy(&policy(counted)).unwrap();
    let settled = plan.settled("here", |plan| {
        passes.set(passes.get() + 1);
        count(plan, rows, parts)
    });
    let median = settled.map_err(|mut problems| problems.remove(0)).map(|plan| {
        assert_eq!(plan.slots[0].column, "s");
        match &plan.slots[0].purpose {
            Purpose::Key(Axis::Prediction, Coding::AboveMedian(median)) => *median,
            other => panic!("{other:?}"),
        }
    });
    (median, passes.get())
}

fn of(scores: &[f64]) -> f64 {
    let rows: Vec<(Option<f64>, u64)> = scores.iter().map(|score| (Some(*score), 1)).collect();
    let (found, passes) = median(&rows, false, 1);
    assert_eq!(passes, 1, "few numbers need one pass");
    found.unwrap()
}

/// The numbers in the middle of the sorted scores.
fn sorted(rows: &[(Option<f64>, u64)]) -> Option<[f64; 2]> {
    let numbers = rows
        .iter()
        .filter_map(|(score, n)| Some((score.filter(|score| !score.is_nan())?, *n)));
    let mut scores: Vec<f64> = numbers
        .flat_map(|(score, n)| std::iter::repeat_n(score, n as usize))
        .collect();
    scores.sort_by(f64::total_cmp);
    let last = scores.len().checked_sub(1)?;
    Some([scores[last / 2], scores[scores.len() / 2]])
}

#[test]
fn a_median_is_in_the_middle() {
    assert_eq!(of(&[3.0]), 3.0);
    assert_eq!(of(&[3.0, 1.0, 2.0]), 2.0);
    assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    assert_eq!(of(&[1.0, 1.0, 1.0, 5.0]), 1.0);
    assert_eq!(of(&[-3.0, -1.0]), -2.0);
    assert_eq!(of(&[-1.0, 1.0]).to_bits(), 0.0f64.to_bits());
    assert_eq!(of(&[-0.0, 0.0, -0.0]).to_bits(), 0.0f64.to_bits());
    assert_eq!(of(&[f64::MAX, f64::MAX]), f64::MAX);
    assert_eq!(of(&[f64::MIN, f64::MAX]), 0.0);
    assert_eq!(of(&[1e308, 1.5e308]), 1.25e308);
    assert_eq!(of(&[5e-324, 1e-323]), 5e-324);
    assert_eq!(of(&[0.1, f64::NAN, 0.7, f64::NAN, 0.9]), 0.7);
}

#[test]
fn the_upper_half_is_above_the_median_though_no_number_lies_between() {
    for lower in [1.0f64, 1.0f64.next_up(), -1.0, 0.0, 5e-324, 1e300, 0.7] {
        let upper = lower.next_up();
        let median = of(&[lower, upper]);
        assert!(lower <= median && median < upper, "{lower:e} {upper:e} {median:e}");
        assert_eq!(Coding::AboveMedian(median).least(), Some(upper));
    }
}

#[test]
fn a_score_without_numbers_has_no_median() {
    for rows in [
        vec![],
        vec![(None, 1)],
        vec![(Some(f64::NAN), 3), (None, 2)],
        vec![(Some(1.0), 0)],
    ] {
        let (found, passes) = median(&rows, true, 1);
        let problem = found.unwrap_err();
        assert_eq!((problem.fault, passes), (Fault::Data, 1));
        assert!(
            problem
                .message
                .starts_with("here, column `s`: the score is missing in every row"),
            "{problem}"
        );
    }
}

#[test]
fn numbers_that_begin_alike_are_told_apart_in_four_passes() {
    // Ten thousand neighbours on either side of 1, where doubles begin otherwise: the two in the middle are looked
    // for in two places down to their last bits.
    let neighbours = |from: f64, up: bool| {
        let step = move |number: &f64| Some(if up { number.next_up() } else { number.next_down() });
        std::iter::successors(Some(from), step).take(10_000)
    };
    let mut rows: Vec<(Option<f64>, u64)> = neighbours(1.0f64.next_down(), false)
        .chain(neighbours(1.0, true))
        .map(|score| (Some(score), 1))
        .collect();
    for parts in [1, 3] {
        let (found, passes) = median(&rows, false, parts);
        assert_eq!((found.unwrap(), passes), (1.0f64.next_down(), 4));
    }
    rows.push((Some(7.0), 1));
    assert_eq!(median(&rows, false, 2).0.unwrap(), 1.0);
}

#[test]
fn data_that_change_meanwhile_are_refused() {
    let plan = Plan::from_policy(&policy(false)).unwrap();
    let mut pass = 0;
    let settled = plan.settled("here", |plan| {
        pass += 1;
        let rows: Vec<(Option<f64>, u64)> = (0..10_000).map(|row| (Some(f64::from(row) / 1e4), 1)).collect();
        count(plan, if pass == 1 { &rows } else { &rows[..1] }, 1)
    });
    assert!(
        settled.unwrap_err()[0]
            .message
            .contains("were others when they were read again")
    );
}

#[test]
fn weights_have_no_part_in_a_median() {
    let mut policy = policy(false);
    policy.roles.weight = Some("w".into());
    let problems = Plan::from_policy(&policy).unwrap_err();
    assert_eq!(problems[0].fault, Fault::Usage);
    assert!(
        problems[0].message.contains("`w` gives them different weights"),
        "{problems:?}"
    );
}

fn score() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        1 => Just(None),
        1 => Just(Some(f64::NAN)),
        4 => (-3i32..3).prop_map(|whole| Some(f64::from(whole))),
        4 => (0.0f64..1.0).prop_map(Some),
        2 => any::<f64>().prop_map(|any| Some(if any.is_infinite() { 0.0 } else { any })),
    ]
}

fn check(rows: &[(Option<f64>, u64)], parts: usize) -> Result<(), TestCaseError> {
    let (found, passes) = median(rows, true, parts);
    prop_assert!(passes <= 4);
    match sorted(rows) {
        None => prop_assert!(found.is_err()),
        Some([lower, upper]) => {
            let found = found.unwrap();
            prop_assert!(
                lower <= found && (found < upper || lower == upper),
                "{lower:e} {found:e} {upper:e}"
            );
            let middle = lower.midpoint(upper);
            prop_assert!(found == middle || (middle == upper && found == lower));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn sorting_gives_the_same(rows in prop::collection::vec((score(), 0u64..4), 0..60), parts in 1usize..4) {
        check(&rows, parts)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn sorting_many_gives_the_same(rows in many(), parts in 1usize..4) {
        check(&rows, parts)?;
    }
}
