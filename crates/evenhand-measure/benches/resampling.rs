//! Ten thousand replicates of 1,000 cells: `cargo bench -p evenhand-measure --bench resampling`.
//!
//! The cells are attributes of 5, 10 and 5 groups by label and decision; a million rows, and a thousand million.

mod cells;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use evenhand_measure::audit::bootstrap;
use evenhand_measure::{Policy, Tally, audit};

const REPLICATES: u32 = 10_000;

/// Every rate of every group: what is kept, its mean, standard error and percentile interval.
fn every_rate(tally: &Tally, policy: &Policy) -> usize {
    let Ok(bootstrap) = bootstrap::of(tally, policy) else {
        unreachable!("a refused tally would be fast")
    };
    bootstrap.spreads(0.95).into_iter().flatten().count()
}

fn resampling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("resampling");
    group.sample_size(10);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.unwrap_or_else(|error| unreachable!("{error}"));
        for (name, rows) in [("1M", 1_000_000), ("1G", 1_000_000_000)] {
            let tally = cells::tally(rows / 1_000_000);
            let name = |what: &str| BenchmarkId::new(format!("{what}/{name}"), threads);
            let mut plain = Policy::default();
            plain.inference.replicates = REPLICATES;
            group.bench_function(name("rates"), |bencher| {
                bencher.iter(|| pool.install(|| every_rate(black_box(&tally), black_box(&plain))));
            });
            let mut crossed = plain.clone();
            crossed.roles.intersections = vec![
                vec!["first".to_owned(), "second".to_owned()],
                vec!["first".to_owned(), "second".to_owned(), "third".to_owned()],
            ];
            group.bench_function(name("rates-intersections"), |bencher| {
                bencher.iter(|| pool.install(|| every_rate(black_box(&tally), black_box(&crossed))));
            });
            // All comparisons of the default checks; the audit itself, which is part of it, is timed in `audit`.
            let mut simultaneous = plain.clone();
            simultaneous.inference.simultaneous = true;
            group.bench_function(name("comparisons"), |bencher| {
                bencher.iter(|| pool.install(|| audit(black_box(&tally), black_box(&simultaneous))));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, resampling);
criterion_main!(benches);
