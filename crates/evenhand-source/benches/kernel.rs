//! What counting costs: batches of 8,192 rows over five columns, with few and many levels, all rows alike,
//! with and without weights.

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
            Column::Numbers(_) | Column::Ids(_) => unreachable!("none is asked for"),
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
    group.finish();
}

criterion_group!(benches, counting);
criterion_main!(benches);
