//! Tests of groups of equal size, against trying all places to cut.

use std::cell::Cell;

use evenhand_measure::policy::Bins;
use evenhand_measure::tally::{Axis, Coding, bin_name, bin_of};
use evenhand_measure::{Fault, Policy};
use proptest::prelude::*;

use super::*;
use crate::order::tests::{count, many};
use crate::plan::{NumberUse, Purpose};

const ALL: [Quantiles; 5] = [
    Quantiles::Halves,
    Quantiles::Terciles,
    Quantiles::Quartiles,
    Quantiles::Quintiles,
    Quantiles::Deciles,
];

fn policy(quantiles: Quantiles, counted: bool) -> Policy {
    let mut policy = Policy::default();
    policy.roles.prediction = Some("hired".into());
    policy.roles.protected = vec!["age".into()];
    policy.roles.count = counted.then(|| "n".into());
    policy.bins.insert("age".into(), Bins::Quantiles(quantiles));
    policy
}

/// The edges that are found, and in how many passes.
fn found(
    rows: &[(Option<f64>, u64)],
    quantiles: Quantiles,
    counted: bool,
    parts: usize,
) -> (Result<Vec<f64>, Problem>, usize) {
    let passes = Cell::new(0);
    let plan = Plan::from_policy(&policy(quantiles, counted)).unwrap();
    assert_eq!(plan.slots[0].purpose, Purpose::Parted(Axis::Protected, quantiles));
    let settled = plan.settled("here", |plan| {
        passes.set(passes.get() + 1);
        count(plan, rows, parts)
    });
    let edges = settled.map_err(|mut problems| problems.remove(0)).map(|plan| {
        assert_eq!(plan.unsettled(), None);
        match &plan.slots[0].purpose {
            Purpose::Key(Axis::Protected, Coding::Bins(edges)) => edges.clone(),
            other => panic!("{other:?}"),
        }
    });
    (edges, passes.get())
}

fn of(numbers: &[f64], quantiles: Quantiles) -> Vec<f64> {
    let rows: Vec<(Option<f64>, u64)> = numbers.iter().map(|number| (Some(*number), 1)).collect();
    let (edges, passes) = found(&rows, quantiles, false, 1);
    assert_eq!(passes, 1, "few numbers need one pass");
    edges.unwrap()
}

/// How many rows each group has.
fn sizes(rows: &[(Option<f64>, u64)], edges: &[f64]) -> Vec<u64> {
    let mut sizes = vec![0; edges.len() + 1];
    for (number, n) in rows {
        if let Some(number) = number.filter(|number| !number.is_nan()) {
            sizes[bin_of(edges, number)] += n;
        }
    }
    sizes
}

#[test]
fn groups_have_as_many_rows_as_equal_values_allow() {
    let twelve: Vec<f64> = (1..=12).map(f64::from).collect();
    assert_eq!(of(&twelve, Quantiles::Halves), [7.0]);
    assert_eq!(of(&twelve, Quantiles::Terciles), [5.0, 9.0]);
    assert_eq!(of(&twelve, Quantiles::Quartiles), [4.0, 7.0, 10.0]);
    // 2.4, 4.8, 7.2 and 9.6 rows below: 2, 5, 7 and 10.
    assert_eq!(of(&twelve, Quantiles::Quintiles), [3.0, 6.0, 8.0, 11.0]);
    // As near to two and a half rows are two and three.
    assert_eq!(of(&[1.0, 2.0, 3.0, 4.0, 5.0], Quantiles::Halves), [3.0]);
    assert_eq!(of(&[2.0, 1.0], Quantiles::Deciles), [2.0]);
    assert_eq!(of(&[f64::NAN, 0.0, -0.0, 1.0], Quantiles::Halves), [1.0]);
    assert_eq!(of(&[-1.0, -0.0], Quantiles::Halves)[0].to_bits(), 0.0f64.to_bits());
    // Six of ten are equal: a group more than half is nearer than none.
    assert_eq!(
        of(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0], Quantiles::Halves),
        [2.0]
    );
    assert_eq!(
        of(&[1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0], Quantiles::Halves),
        [5.0]
    );
    // Most are equal, and groups that cannot be cut apart are one.
    assert_eq!(
        of(
            &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0],
            Quantiles::Quartiles
        ),
        [1.0]
    );
    assert_eq!(bin_name(&of(&twelve, Quantiles::Terciles), 1), "5 to under 9");
}

#[test]
fn what_cannot_be_cut_is_refused() {
    for (rows, said) in [
        (vec![], "no number in any row"),
        (vec![(None, 3), (Some(f64::NAN), 1)], "no number in any row"),
        (vec![(Some(4.0), 0)], "no number in any row"),
        (
            vec![(Some(4.0), 7), (None, 2)],
            "all rows have the same number, so there are no quartiles of it",
        ),
    ] {
        let problem = found(&rows, Quantiles::Quartiles, true, 1).0.unwrap_err();
        assert!(problem.message.starts_with("here, column `age`: "), "{problem}");
        assert!(problem.message.contains(said), "{problem}");
        assert_eq!(problem.fault, Fault::Data);
    }
}

#[test]
fn weights_have_no_part_in_quantiles() {
    let mut policy = policy(Quantiles::Terciles, false);
    policy.roles.weight = Some("w".into());
    let problems = Plan::from_policy(&policy).unwrap_err();
    assert_eq!(
        problems[0].message,
        "the terciles of `age` are those of its rows, and `w` gives them different weights"
    );
    assert_eq!(problems[0].fault, Fault::Usage);
}

#[test]
fn several_columns_and_a_median_are_found_one_after_the_other() {
    let mut policy = policy(Quantiles::Halves, false);
    policy.roles.prediction = None;
    policy.roles.score = Some("s".into());
    policy.roles.threshold = Some(evenhand_measure::policy::Threshold::Median);
    policy.roles.strata = vec!["income".into()];
    policy
        .bins
        .insert("income".into(), Bins::Quantiles(Quantiles::Terciles));
    let rows: Vec<(Option<f64>, u64)> = (1..=6).map(|number| (Some(f64::from(number)), 1)).collect();
    let mut asked = Vec::new();
    let plan = Plan::from_policy(&policy).unwrap().settled("here", |plan| {
        asked.push(plan.slots[0].column.clone());
        count(plan, &rows, 2)
    });
    let purposes: Vec<Purpose> = plan.unwrap().slots.into_iter().map(|slot| slot.purpose).collect();
    assert_eq!(
        purposes,
        [
            Purpose::Key(Axis::Protected, Coding::Bins(vec![4.0])),
            Purpose::Key(Axis::Strata, Coding::Bins(vec![3.0, 5.0])),
            Purpose::Key(Axis::Prediction, Coding::AboveMedian(3.5)),
            Purpose::Number(NumberUse::Score),
        ]
    );
    assert_eq!(asked, ["age", "income", "s"]);
}

/// The edges by trying, for the end of each group, every place to cut.
fn tried(rows: &[(Option<f64>, u64)], quantiles: Quantiles) -> Vec<f64> {
    let mut sorted: Vec<(f64, u64)> = rows
        .iter()
        .filter_map(|(number, n)| Some((number.filter(|number| !number.is_nan())? + 0.0, *n)))
        .filter(|(_, n)| *n > 0)
        .collect();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all: u64 = sorted.iter().map(|(_, n)| n).sum();
    let mut places: Vec<(f64, u64)> = Vec::new();
    let mut below = 0;
    for group in sorted.chunk_by(|one, other| one.0 == other.0) {
        places.push((group[0].0, below));
        below += group.iter().map(|(_, n)| n).sum::<u64>();
    }
    let groups = quantiles.groups() as u64;
    let nearest = |end: u64| {
        // The first of equally near ones is the lowest.
        let away = |place: &&(f64, u64)| (place.1 * groups).abs_diff(all * end);
        places.iter().skip(1).min_by_key(away).map(|(edge, _)| *edge)
    };
    let mut edges: Vec<f64> = (1..groups).filter_map(nearest).collect();
    edges.dedup();
    edges
}

fn check(rows: &[(Option<f64>, u64)], quantiles: Quantiles, parts: usize) -> Result<(), TestCaseError> {
    let (edges, passes) = found(rows, quantiles, true, parts);
    prop_assert!(passes <= 7, "{}", passes);
    let expected = tried(rows, quantiles);
    match edges {
        Err(_) => prop_assert!(expected.is_empty()),
        Ok(edges) => {
            prop_assert_eq!(&edges, &expected);
            prop_assert!(sizes(rows, &edges).iter().all(|size| *size > 0));
            prop_assert!(evenhand_measure::policy::check_edges("age", &edges).is_ok());
        }
    }
    Ok(())
}

fn number() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        1 => Just(None),
        1 => Just(Some(f64::NAN)),
        6 => (-3i32..6).prop_map(|whole| Some(f64::from(whole))),
        4 => (0.0f64..1.0).prop_map(Some),
        2 => any::<f64>().prop_map(|any| Some(if any.is_infinite() { 0.0 } else { any })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn trying_all_places_gives_the_same(
        rows in prop::collection::vec((number(), 0u64..4), 0..60),
        quantiles in prop::sample::select(&ALL[..]),
        parts in 1usize..4,
        turn in 0usize..60,
    ) {
        check(&rows, quantiles, parts)?;
        let mut turned = rows.clone();
        turned.rotate_left(turn.min(rows.len()));
        let edges = |rows| found(rows, quantiles, true, parts).0.ok();
        prop_assert_eq!(edges(&turned), edges(&rows));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn trying_all_places_of_many_gives_the_same(
        rows in many(),
        places in 0u32..4,
        quantiles in prop::sample::select(&ALL[..]),
        parts in 1usize..4,
    ) {
        // Rounded, so that some are equal.
        let scale = 10f64.powi(2 * places as i32);
        let round = |number: f64| if places == 0 { number } else { (number * scale).round() / scale };
        let rows: Vec<(Option<f64>, u64)> = rows.into_iter().map(|(number, n)| (number.map(round), n)).collect();
        check(&rows, quantiles, parts)?;
    }
}

#[test]
fn numbers_that_differ_fall_into_groups_that_differ_by_one() {
    let rows: Vec<(Option<f64>, u64)> = (0..9_973).map(|number| (Some(f64::from(number) / 7.0), 1)).collect();
    for quantiles in ALL {
        let edges = found(&rows, quantiles, false, 3).0.unwrap();
        let sizes = sizes(&rows, &edges);
        assert_eq!(sizes.len(), quantiles.groups());
        let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
        assert!(most - least <= 1, "{sizes:?}");
    }
}
