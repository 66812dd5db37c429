//! Tests of the counting of numbers, against keeping all rows.

use std::collections::BTreeMap;

use evenhand_measure::Policy;
use proptest::prelude::*;

use super::*;
use crate::Texts;
use crate::kernel::{Batch, Coder, Counter};

#[derive(Clone, Debug)]
struct Row {
    group: u8,
    label: Option<bool>,
    score: Option<f64>,
    amount: Option<f64>,
    truth: Option<f64>,
    people: u8,
}

/// Numbers with how many rows have them, and the rows without one.
type Group = (Vec<(f64, u64)>, u64);

fn plan(counted: bool) -> Plan {
    let mut policy = Policy::default();
    let roles = &mut policy.roles;
    roles.protected = vec!["group".into()];
    roles.label = Some("label".into());
    roles.score = Some("score".into());
    roles.amount = Some("amount".into());
    roles.true_amount = Some("truth".into());
    roles.cluster = Some("group".into());
    roles.count = counted.then(|| "people".into());
    Plan::from_policy(&policy).unwrap()
}

/// Appends a row to the columns of `plan`.
fn push(plan: &Plan, coders: &mut [Coder], batch: &mut Batch, row: &Row) {
    for ((slot, coder), column) in plan.slots.iter().zip(coders).zip(&mut batch.columns) {
        let number = |coder: &mut Coder, number: Option<f64>| match number {
            Some(number) => coder.float(number),
            None => coder.absent(),
        };
        let coded = match slot.column.as_str() {
            "group" => coder.text(format!("{:03}", row.group).as_bytes()),
            "label" => match row.label {
                Some(label) => coder.boolean(label),
                None => coder.absent(),
            },
            "score" => number(coder, row.score),
            "amount" => number(coder, row.amount),
            "truth" => number(coder, row.truth),
            _ => coder.int(i64::from(row.people)),
        };
        column.push(coded.unwrap());
    }
    batch.rows += 1;
}

fn coders(plan: &Plan) -> Vec<Coder> {
    plan.slots
        .iter()
        .map(|slot| Coder::new(slot, &Texts::default()))
        .collect()
}

/// What is counted with tables that are full so early, in batches of so many rows.
fn gathered(plan: &Plan, rows: &[Row], full: usize, batch_rows: usize) -> Vec<Measured> {
    let mut coders = coders(plan);
    let mut gathered = Gathered::new(plan).unwrap();
    for column in &mut gathered.columns {
        column.full = full;
    }
    let mut batch = Batch::new(plan);
    for part in rows.chunks(batch_rows) {
        batch.clear();
        part.iter().for_each(|row| push(plan, &mut coders, &mut batch, row));
        let counts = plan.place(&Purpose::Count).map(|slot| match &batch.columns[slot] {
            Column::Counts(counts) => counts.as_slice(),
            _ => unreachable!(),
        });
        gathered.add(&batch.columns, batch.rows, counts).unwrap();
    }
    let dimensions: Vec<Option<Dimension>> = coders
        .into_iter()
        .map(|coder| coder.into_dimension().map(|(dimension, _)| dimension))
        .collect();
    gathered.finish(|slot| dimensions[slot].clone()).unwrap()
}

/// The same by keeping the numbers of every group.
fn naive(plan: &Plan, rows: &[Row], counted: bool) -> Vec<Measured> {
    let (_, decisions) = counter(plan, rows);
    let dimensions: Vec<Dimension> = decisions.dimensions().to_vec();
    let people = |row: &Row| if counted { u64::from(row.people) } else { 1 };
    // The places of a row's levels are those that it has when it is alone.
    let key = |row: &Row| -> Vec<u32> {
        let alone = Row {
            people: 1,
            ..row.clone()
        };
        let (_, own) = counter(plan, &[alone]);
        let place = |(own, whole): (&Dimension, &Dimension)| {
            whole.levels.iter().position(|level| *level == own.levels[0]).unwrap() as u32
        };
        own.dimensions().iter().zip(&dimensions).map(place).collect()
    };
    // A value that only records without people have is no level.
    let rows: Vec<(Vec<u32>, &Row)> = rows
        .iter()
        .filter(|row| people(row) > 0)
        .map(|row| (key(row), row))
        .collect();
    let of = |role, name: &str, number: fn(&Row) -> Option<f64>| {
        let mut groups: BTreeMap<Vec<u32>, Group> = BTreeMap::new();
        for (key, row) in &rows {
            let group = groups.entry(key.clone()).or_default();
            match number(row).filter(|number| !number.is_nan()) {
                Some(number) => group.0.push((number, people(row))),
                None => group.1 += people(row),
            }
        }
        let cells = groups
            .into_iter()
            .map(|(key, (numbers, missing))| (key, Numbers::of(numbers, missing)));
        Measured::new(role, name, ALL_BITS, Cube::new(dimensions.clone(), cells).unwrap())
    };
    vec![
        of(NumberRole::Score, "score", |row| row.score),
        of(NumberRole::Amount, "amount", |row| row.amount),
        of(NumberRole::Error, "truth", |row| Some(row.amount? - row.truth?)),
    ]
}

/// What the counter makes of all rows together.
fn counter(plan: &Plan, rows: &[Row]) -> (Vec<Measured>, Cube<evenhand_measure::tally::Counts>) {
    let mut coders = coders(plan);
    let mut batch = Batch::new(plan);
    rows.iter().for_each(|row| push(plan, &mut coders, &mut batch, row));
    let mut counter = Counter::new(plan);
    counter.add(&batch).unwrap();
    let tally = counter.finish(coders).unwrap().tally;
    (tally.measured, tally.decisions)
}

fn row() -> impl Strategy<Value = Row> {
    let number = || {
        prop::option::weighted(
            0.9,
            prop_oneof![
                4 => prop::sample::select(vec![0.0, -0.0, 0.25, 1.0, 2.5, -3.0, 1e100, -1e-200, 5e-324, f64::NAN]),
                3 => -10.0f64..10.0,
            ],
        )
    };
    (
        0u8..40,
        prop::option::of(any::<bool>()),
        number(),
        number(),
        number(),
        0u8..4,
    )
        .prop_map(|(group, label, score, amount, truth, people)| Row {
            group,
            label,
            score,
            amount,
            truth,
            people,
        })
}

proptest! {
    // Rows that are counted alone take long.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_counted_is_what_keeping_all_rows_gives(
        rows in prop::collection::vec(row(), 1..80), full in 1usize..60, batch_rows in 1usize..50, counted: bool,
    ) {
        let plan = plan(counted);
        let expected = naive(&plan, &rows, counted);
        prop_assert_eq!(&gathered(&plan, &rows, full, batch_rows), &expected);
        prop_assert_eq!(&counter(&plan, &rows).0, &expected);
        let mut back = rows.clone();
        back.reverse();
        prop_assert_eq!(&gathered(&plan, &back, full, batch_rows), &expected);
        let people: u64 = rows.iter().map(|row| if counted { u64::from(row.people) } else { 1 }).sum();
        prop_assert!(expected.iter().all(|measured| measured.rows() == people));
    }
}

#[test]
fn numbers_that_are_too_many_are_shortened_alike_in_any_order_and_parts() {
    let plan = plan(false);
    // Weyl's sequence: 9,000 different numbers of several sizes and both signs.
    let rows: Vec<Row> = (0..9_000u32)
        .map(|row| {
            let share = (f64::from(row) * 0.618_033_988_749_894_9).fract();
            let number = Some((share - 0.3) * 10f64.powi((row % 5) as i32));
            Row {
                group: (row % 3) as u8,
                label: Some(row % 2 == 0),
                score: number,
                amount: number,
                truth: Some(f64::from(row % 4)),
                people: 1,
            }
        })
        .collect();
    let whole = gathered(&plan, &rows, 1 << 30, 9_000);
    for measured in &whole {
        let bars: std::collections::BTreeSet<u64> = measured
            .cells
            .cells()
            .flat_map(|(_, numbers)| numbers.bars.iter().map(|bar| rank(bar.from)))
            .collect();
        assert!(
            !measured.is_exact() && bars.len() <= MOST_LEVELS && bars.len() > MOST_LEVELS / 2,
            "{}",
            bars.len()
        );
        assert_eq!(measured.rows(), 9_000);
    }
    let mut back = rows.clone();
    back.reverse();
    assert_eq!(gathered(&plan, &back, 100, 777), whole);
    let parts = rows.chunks(1_700).map(|part| gathered(&plan, part, 500, 300));
    let merged = parts.reduce(|whole, part| {
        whole
            .iter()
            .zip(&part)
            .map(|(one, two)| one.merge(two).unwrap())
            .collect()
    });
    assert_eq!(merged.unwrap(), whole);
}

/// Nine thousand different numbers in three groups.
fn many() -> Vec<Row> {
    (0..9_000u32)
        .map(|row| Row {
            group: (row % 3) as u8,
            label: Some(row % 2 == 0),
            score: Some((f64::from(row) * 0.618_033_988_749_894_9).fract()),
            amount: Some(f64::from(row % 100)),
            truth: None,
            people: 1,
        })
        .collect()
}

#[test]
fn every_number_is_kept_where_that_is_asked_for() {
    let (rows, plain) = (many(), plan(false));
    let exact = Plan {
        exact: true,
        ..plain.clone()
    };
    let whole = gathered(&exact, &rows, 1 << 30, 9_000);
    assert!(whole.iter().all(|measured| measured.exact && measured.is_exact()));
    assert!(!gathered(&plain, &rows, 1 << 30, 9_000)[0].is_exact());
    let mut counted: Vec<(u64, u64)> = Vec::new();
    for (_, numbers) in whole[0].cells.cells() {
        counted.extend(numbers.bars.iter().map(|bar| (bar.from.to_bits(), bar.n)));
    }
    counted.sort_unstable();
    let mut all: Vec<(u64, u64)> = rows.iter().map(|row| (row.score.unwrap().to_bits(), 1)).collect();
    all.sort_unstable();
    assert_eq!(counted, all);
    let mut back = rows.clone();
    back.reverse();
    assert_eq!(gathered(&exact, &back, 100, 777), whole);
    let parts = rows.chunks(1_700).map(|part| gathered(&exact, part, 500, 300));
    let merged = parts.reduce(|whole, part| {
        let pairs = whole.iter().zip(&part);
        pairs.map(|(one, two)| one.merge(two).unwrap()).collect()
    });
    assert_eq!(merged.unwrap(), whole);
}

#[test]
fn more_numbers_than_a_tally_holds_are_refused_with_advice() {
    let mut policy = Policy::default();
    policy.roles.score = Some("score".into());
    policy.scores.exact = true;
    let plan = Plan::from_policy(&policy).unwrap();
    let count = |numbers: u32| {
        let mut gathered = Gathered::new(&plan).unwrap();
        let column = Column::Numbers((0..numbers).map(f64::from).collect());
        let added = gathered.add(&[column], numbers as usize, None);
        added.map_err(|unusable| unusable.at("`a.csv`"))?;
        gathered.finish(|_| None)
    };
    let most = MOST_BARS as u32;
    assert_eq!(count(most).unwrap()[0].bars(), MOST_BARS);
    let problem = count(most + 1).unwrap_err();
    assert!(
        problem
            .message
            .contains("`score`: it has more than 1,048,576 different numbers")
    );
    assert!(problem.help.contains("leave `--exact` out"));
}
