//! Everything after the tally, on tallies of 12, 1,000 and 100,000 cells: `cargo bench -p evenhand-measure`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};
use evenhand_measure::{Policy, audit};

/// A full table of attributes with these many groups, by label and decision. Counts follow from the cell's number,
/// so that every run measures the same.
fn tally(groups: &[usize], least: u64, spread: u64) -> Tally {
    let mut dimensions: Vec<Dimension> = groups
        .iter()
        .enumerate()
        .map(|(index, &size)| {
            let mut dimension = Dimension::new(Axis::Protected, &format!("attribute {index}"), Coding::AsWritten);
            dimension.levels = (0..size).map(|level| Level::of(&format!("group {level:03}"))).collect();
            dimension
        })
        .collect();
    for (role, column) in [(Axis::Label, "label"), (Axis::Prediction, "prediction")] {
        let mut dimension = Dimension::new(role, column, Coding::AsWritten);
        dimension.levels = vec![Level::of("no"), Level::of("yes")];
        dimensions.push(dimension);
    }
    let sizes: Vec<usize> = dimensions.iter().map(|dimension| dimension.levels.len()).collect();
    let cells: usize = sizes.iter().product();
    let counted = (0..cells).map(|cell| {
        let mut rest = cell;
        let key = sizes
            .iter()
            .map(|size| {
                let level = rest % size;
                rest /= size;
                level as u32
            })
            .collect();
        (key, Counts::of(least + (cell as u64 * 7_919) % spread))
    });
    let cube =
        Cube::new(dimensions.clone(), counted.collect::<Vec<_>>()).unwrap_or_else(|error| unreachable!("{error}"));
    Tally::new(cube, 1)
}

fn audits(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("audit");
    group.sample_size(20);
    // 12, 1,000 and 100,000 cells: 3 groups; 5 x 10 x 5; 20 x 50 x 25, each times label and decision.
    for groups in [&[3][..], &[5, 10, 5], &[20, 50, 25]] {
        let tally = tally(groups, 20, 101);
        let policy = Policy::default();
        let cells = tally.decisions.cells().len();
        assert!(audit(&tally, &policy).is_ok(), "a refused tally would be fast");
        group.bench_function(BenchmarkId::new("cells", cells), |bencher| {
            bencher.iter(|| audit(black_box(&tally), black_box(&policy)));
        });
    }
    // Counts so small that most comparisons are inconclusive, and each says what it could have shown.
    let tally_of_few = tally(&[5, 10, 5], 1, 3);
    assert!(
        audit(&tally_of_few, &Policy::default()).is_ok(),
        "a refused tally would be fast"
    );
    group.bench_function("small/1000", |bencher| {
        bencher.iter(|| audit(black_box(&tally_of_few), black_box(&Policy::default())));
    });
    // One attribute with so many groups that its pairs are tens of thousands.
    let tally = tally(&[200], 20, 101);
    group.bench_function("groups/200", |bencher| {
        bencher.iter(|| audit(black_box(&tally), black_box(&Policy::default())));
    });
    group.finish();
}

criterion_group!(benches, audits);
criterion_main!(benches);
