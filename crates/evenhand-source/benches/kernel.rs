//! What counting costs: batches of 8,192 rows over five columns, with few and many levels, all rows alike,
//! with and without weights; and scores, few of which are different or all of them.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evenhand_measure::Policy;
use evenhand_source::{Batch, Column, Counter, Plan};

const ROWS: usize = 8_192;

fn plan(weighted: bool) -> Plan {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["a".into(), "b".into(), "c".into()];
    policy.roles.label = Some("label".into());
    policy.roles.prediction = Some("prediction".into());
    policy.roles.weight = weighted.then(|| "w".into());
    Plan::from_policy(&policy).unwrap_or_else(|problem| unreachable!("{problem:?}"))
}

fn scored() -> Plan {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["a".into(), "b".into()];
    policy.roles.label = Some("label".into());
    policy.roles.score = Some("s".into());
    Plan::from_policy(&policy).unwrap_or_else(|problem| unreachable!("{problem:?}"))
}

/// A batch whose rows have one of a hundred scores, or a score that no row before had.
fn scores(plan: &Plan, first: usize, is_fresh: bool) -> Batch {
    let mut batch = batch(plan, 6);
    for column in &mut batch.columns {
        if let Column::Numbers(numbers) = column {
            numbers.clear();
            let score = |row: usize| {
                if is_fresh {
                    (first + row) as f64 * 1e-9
                } else {
                    (row % 100) as f64 / 100.0
                }
            };
            numbers.extend((0..ROWS).map(score));
        }
    }
    batch
}

/// A batch whose protected columns have `levels` levels each; with one level, all rows are alike.
fn batch(plan: &Plan, levels: u32) -> Batch {
    let mut batch = Batch::new(plan);
    let mut state = 1u32;
    // A linear congruential generator (Numerical Recipes, section 7.1): any scatter will do.
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    for (index, column) in batch.columns.iter_mut().enumerate() {
        let below = if index < 3 { levels } else { 2 };
        match column {
            Column::Codes(codes) if levels == 1 => codes.push_run(1, ROWS),
            Column::Codes(codes) => codes.extend((0..ROWS).map(|_| 1 + next(below))),
            Column::Counts(counts) => counts.extend((0..ROWS).map(|_| u64::from(next(9)))),
            Column::Numbers(numbers) => numbers.resize(ROWS, 0.0),
            Column::Ids(_) => unreachable!("none is asked for"),
            Column::Weights(weights) => weights.extend((0..ROWS).map(|_| f64::from(next(1_000)) / 7.0)),
        }
    }
    batch.rows = ROWS;
    batch
}

fn counting(c: &mut Criterion) {
    let mut group = c.benchmark_group("counter");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (name, levels) in [("dense", 6), ("hashed", 100), ("alike", 1)] {
        for (suffix, weighted) in [("", false), ("-weighted", true)] {
            let plan = plan(weighted);
            let batch = batch(&plan, levels);
            let mut counter = Counter::new(&plan);
            assert!(counter.add(&batch).is_ok(), "a refused batch would be fast");
            group.bench_function(format!("{name}{suffix}"), |bencher| {
                bencher.iter(|| counter.add(black_box(&batch)));
            });
        }
    }
    for (name, is_fresh) in [("scores", false), ("scores-all-different", true)] {
        let plan = scored();
        let mut counter = Counter::new(&plan);
        let mut first = 0;
        let batches: Vec<Batch> = (0..16).map(|index| scores(&plan, index * ROWS, is_fresh)).collect();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                first += 1;
                counter.add(black_box(&batches[first % batches.len()]))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, counting);
criterion_main!(benches);
