//! Tests of the counter.

use std::collections::BTreeMap;

use evenhand_measure::Policy;
use evenhand_measure::tally::{Axis, Found, Weights};
use proptest::prelude::*;

use super::*;
use crate::kernel::{Coded, Codes};

fn plan(protected: usize, change: impl Fn(&mut Policy)) -> Plan {
    let mut policy = Policy::default();
    policy.roles.protected = (0..protected).map(|index| format!("p{index}")).collect();
    policy.roles.prediction = Some("hired".into());
    change(&mut policy);
    Plan::from_policy(&policy).unwrap()
}

/// Counts rows of text values in batches of `size`.
fn count(plan: &Plan, rows: &[Vec<String>], size: usize) -> Result<Partial, Unusable> {
    let mut coders: Vec<Coder> = plan
        .slots
        .iter()
        .map(|slot| Coder::new(slot, &crate::Texts::default()))
        .collect();
    let mut counter = Counter::new(plan);
    let mut batch = Batch::new(plan);
    for part in rows.chunks(size) {
        batch.clear();
        for row in part {
            for ((coder, column), value) in coders.iter_mut().zip(&mut batch.columns).zip(row) {
                column.push(coder.text(value.as_bytes())?);
            }
            batch.rows += 1;
        }
        counter.add(&batch)?;
    }
    Ok(counter.finish(coders).unwrap())
}

fn words(row: &[&str]) -> Vec<String> {
    row.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn growing_levels_repack_from_dense_to_hashed_to_wide() {
    // 13 columns of 900 levels take 130 bits; with ten codes less, less. Levels appear one after another, so
    // the layout widens again and again.
    for (columns, levels) in [(1, 900u64), (2, 500), (3, 300), (7, 250), (11, 1_000)] {
        let plan = plan(columns, |_| ());
        let rows: Vec<Vec<String>> = (0..12_000u64)
            .map(|row| {
                let top = 1 + row * levels / 12_000;
                let mut values: Vec<String> = (0..columns as u64)
                    .map(|c| format!("L{}", row.wrapping_mul(2 * c + 7919) % top))
                    .collect();
                values.push(if row % 3 == 0 { "yes" } else { "no" }.to_owned());
                values
            })
            .collect();
        let mut naive: BTreeMap<&[String], u64> = BTreeMap::new();
        for row in &rows {
            *naive.entry(row).or_default() += 1;
        }
        for size in [1, 100, 5_000, 12_000] {
            let partial = count(&plan, &rows, size).unwrap();
            assert_eq!(partial.rows, 12_000);
            let cube = &partial.tally.decisions;
            assert_eq!(cube.cells().len(), naive.len());
            let order: Vec<usize> = (0..columns)
                .map(|index| cube.position(Axis::Protected, &format!("p{index}")).unwrap())
                .chain(cube.position(Axis::Prediction, "hired"))
                .collect();
            for (key, counts) in cube.cells() {
                let text: Vec<String> = order
                    .iter()
                    .map(|&d| cube.dimensions()[d].levels[key[d] as usize].text().unwrap().to_owned())
                    .collect();
                assert_eq!(naive.get(text.as_slice()), Some(&counts.n));
            }
        }
    }
}

#[test]
fn keys_beyond_128_bits_are_refused_with_advice() {
    let plan = plan(13, |_| ());
    let rows: Vec<Vec<String>> = (0..1_000).map(|row| vec![format!("L{row}"); 14]).collect();
    let reason = count(&plan, &rows, 1_000).unwrap_err().to_string();
    // There are only a thousand combinations.
    assert!(
        reason.contains("the 14 columns have too many values to be counted together"),
        "{reason}"
    );
}

#[test]
fn weights_add_exactly_and_rows_stand_for_counts() {
    let plan = plan(1, |policy| {
        policy.roles.count = Some("n".into());
        policy.roles.weight = Some("w".into());
    });
    let records = [
        words(&["a", "yes", "3", "0.1"]),
        words(&["a", "yes", "1", "1e100"]),
        words(&["a", "yes", "0", "5"]),
        words(&["b", "no", "2", "0"]),
        words(&["a", "yes", "1", "0.1"]),
    ];
    let singles = plan_rows_one_by_one(&records);
    let partial = count(&plan, &records, 2).unwrap();
    assert_eq!((partial.rows, partial.tally.records), (7, 5));
    let expected = count(&plan, &singles, 7).unwrap();
    assert_eq!(partial.tally.decisions, expected.tally.decisions);
    let found: Vec<(Found, u64)> = partial.tally.readings.iter().map(|r| (r.found, r.rows)).collect();
    assert_eq!(found, [(Found::ZeroCount, 1), (Found::ZeroWeight, 2)]);
}

/// The same rows with a count of 1 each.
fn plan_rows_one_by_one(records: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for record in records {
        let n: usize = record[2].parse().unwrap();
        let single = vec![record[0].clone(), record[1].clone(), "1".to_owned(), record[3].clone()];
        rows.extend(std::iter::repeat_n(single, n));
    }
    rows
}

#[test]
fn not_a_number_is_missing_and_reported() {
    let plan = plan(1, |policy| {
        policy.roles.prediction = None;
        policy.roles.score = Some("hired".into());
        policy.roles.threshold = Some(0.5.into());
    });
    let rows = [
        words(&["a", "0.7", "0.7"]),
        words(&["a", "NaN", "NaN"]),
        words(&["a", "", ""]),
        words(&["b", "nan", "nan"]),
    ];
    let tally = count(&plan, &rows, 4).unwrap().tally;
    assert_eq!(tally.readings.len(), 1);
    assert_eq!(
        (tally.readings[0].found, tally.readings[0].rows),
        (Found::NotANumber, 2)
    );
    let missing = &tally.decisions.dimensions()[tally.decisions.position(Axis::Prediction, "hired").unwrap()];
    assert_eq!(missing.levels.len(), 2, "missing and yes: {:?}", missing.levels);
}

#[test]
fn counts_beyond_64_bits_are_refused() {
    let plan = plan(1, |policy| policy.roles.count = Some("n".into()));
    let rows = [words(&["a", "yes", "18446744073709551615"]), words(&["b", "yes", "1"])];
    for size in [1, 2] {
        let reason = count(&plan, &rows, size).unwrap_err().to_string();
        assert!(reason.contains("column `n`") && reason.contains("2^64"), "{reason}");
    }
    let parts = rows
        .each_ref()
        .map(|row| count(&plan, std::slice::from_ref(row), 1).unwrap());
    assert!(parts[0].merge(&parts[1]).unwrap_err().message.contains("2^64"));
}

#[test]
fn parts_that_together_have_too_many_levels_are_refused() {
    let plan = plan(1, |_| ());
    let part = |from: u32| {
        let rows: Vec<Vec<String>> = (from..from + 800).map(|n| words(&[&format!("L{n}"), "yes"])).collect();
        count(&plan, &rows, 100).unwrap()
    };
    assert!(part(0).merge(&part(100)).is_ok());
    let problem = part(0).merge(&part(800)).unwrap_err();
    assert!(problem.message.contains("column `p0`"), "{problem}");
}

#[test]
fn a_wrong_total_is_never_passed_on() {
    let plan = plan(1, |_| ());
    let mut partial = count(&plan, &[words(&["a", "yes"])], 1).unwrap();
    partial.rows = 2;
    assert!(
        partial
            .checked()
            .unwrap_err()
            .message
            .contains("2 rows were read and 1 were counted")
    );
}

#[test]
#[should_panic(expected = "does not belong")]
fn a_count_is_no_code() {
    Column::Codes(Codes::default()).push(Coded::Count(1));
}

/// The ways to give the codes of some rows to a batch.
#[derive(Clone, Copy, Debug)]
enum Given {
    OneByOne,
    AsRuns,
    AsWords,
}

proptest! {
    /// Columns that are constant for a while beside others that vary, however the rows are cut and given.
    #[test]
    fn constant_columns_count_as_any_others(
        stretches in prop::collection::vec(([0u32..3, 0u32..3, 0u32..400], 1usize..300, any::<bool>()), 1..12),
        cuts in prop::collection::vec(1usize..400, 1..8),
        given in prop::sample::select(vec![Given::OneByOne, Given::AsRuns, Given::AsWords]),
        with_counts in any::<bool>(),
        with_weights in any::<bool>(),
    ) {
        let plan = plan(2, |policy| {
            policy.roles.count = with_counts.then(|| "n".into());
            policy.roles.weight = with_weights.then(|| "w".into());
        });
        let mut rows: Vec<[u32; 3]> = Vec::new();
        for (codes, length, varies) in stretches {
            rows.extend((0..length as u32).map(|row| codes.map(|code| if varies { code + row % 3 } else { code })));
        }
        let mut naive: BTreeMap<[u32; 3], (u64, Weights)> = BTreeMap::new();
        let amounts = |row: usize| (if with_counts { row as u64 % 4 } else { 1 }, (row % 7) as f64 / 10.0);
        for (row, key) in rows.iter().enumerate() {
            let (n, weight) = amounts(row);
            let cell = naive.entry(*key).or_default();
            cell.0 += n;
            (0..n).for_each(|_| cell.1.add(weight));
        }
        naive.retain(|_, (n, _)| *n > 0);

        let mut counter = Counter::new(&plan);
        let mut batch = Batch::new(&plan);
        let mut start = 0;
        for cut in cuts.iter().cycle() {
            let end = rows.len().min(start + cut);
            let mut key = 0;
            for column in &mut batch.columns {
                match column {
                    Column::Counts(counts) => counts.extend((start..end).map(|row| amounts(row).0)),
                    Column::Weights(weights) => weights.extend((start..end).map(|row| amounts(row).1)),
                    Column::Numbers(_) | Column::Ids(_) => unreachable!("none is asked for"),
                    Column::Codes(codes) => {
                        let values = rows[start..end].iter().map(|row| row[key]);
                        match given {
                            Given::OneByOne => values.for_each(|code| codes.push(code)),
                            Given::AsWords => codes.wide().extend(values),
                            Given::AsRuns => values.for_each(|code| codes.push_run(code, 1)),
                        }
                        key += 1;
                    }
                }
            }
            batch.rows = end - start;
            counter.add(&batch).unwrap();
            batch.clear();
            start = end;
            if start == rows.len() {
                break;
            }
        }
        let coders: Vec<Coder> = plan
            .slots
            .iter()
            .map(|slot| {
                let mut coder = Coder::new(slot, &crate::Texts::default());
                if matches!(slot.purpose, Purpose::Key(..)) {
                    for code in 1..410 {
                        coder.text(format!("{code:04}").as_bytes()).unwrap();
                    }
                }
                coder
            })
            .collect();
        let tally = counter.finish(coders).unwrap().tally;
        let cube = &tally.decisions;
        let order = [("p0", Axis::Protected), ("p1", Axis::Protected), ("hired", Axis::Prediction)]
            .map(|(column, axis)| cube.position(axis, column).unwrap());
        prop_assert_eq!(cube.cells().len(), naive.len());
        for (key, counts) in cube.cells() {
            let codes = order.map(|d| {
                let level = &cube.dimensions()[d].levels[key[d] as usize];
                level.text().map_or(0, |text| text.parse().unwrap())
            });
            let (n, weights) = &naive[&codes];
            prop_assert_eq!(counts.n, *n);
            prop_assert_eq!(counts.weights.as_deref(), with_weights.then_some(weights));
        }
    }
}

#[test]
fn weighted_cells_have_a_smaller_budget() {
    let plan = plan(2, |policy| policy.roles.weight = Some("w".into()));
    let mut counter = Counter::new(&plan);
    let mut batch = Batch::new(&plan);
    let mut refused = None;
    for first in 0..1_100u32 {
        batch.clear();
        for (index, column) in batch.columns.iter_mut().enumerate() {
            match column {
                Column::Codes(codes) if index == 0 => codes.push_run(first, 1_000),
                Column::Codes(codes) if index == 1 => codes.extend(0..1_000),
                Column::Codes(codes) => codes.push_run(1, 1_000),
                Column::Weights(weights) => weights.resize(1_000, 1.0),
                _ => unreachable!("there is no count"),
            }
        }
        batch.rows = 1_000;
        if let Err(unusable) = counter.add(&batch) {
            refused = Some((first, unusable));
            break;
        }
    }
    let (first, unusable) = refused.unwrap();
    assert!((1_048..1_053).contains(&first), "{first}");
    let problem = unusable.at("`a.csv`");
    assert!(
        problem.message.contains("more than 1,048,576 combinations"),
        "{problem}"
    );
    assert!(problem.help.contains("`p0` (up to 2,047 values)"), "{problem}");
}
