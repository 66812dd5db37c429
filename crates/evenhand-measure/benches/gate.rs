//! A gate with a baseline, from two tallies in memory: `cargo bench -p evenhand-measure --bench gate`.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use evenhand_measure::audit::change::{RegressionRule, changes};
use evenhand_measure::gate::{Subject, gate};
use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};
use evenhand_measure::{Day, Policy, audit};

/// Columns of text, each with its role, and rows of them that stand for many.
fn tally(columns: &[(Axis, &str)], rows: &[(Vec<String>, u64)]) -> Tally {
    let mut dimensions: Vec<Dimension> = columns
        .iter()
        .map(|(axis, name)| Dimension::new(*axis, name, Coding::AsWritten))
        .collect();
    let mut known: Vec<BTreeMap<&str, u32>> = vec![BTreeMap::new(); columns.len()];
    let cells: Vec<(Vec<u32>, Counts)> = rows
        .iter()
        .map(|(values, count)| {
            let key = values.iter().zip(&mut known).zip(&mut dimensions);
            let key = key.map(|((value, known), dimension)| {
                let next = known.len() as u32;
                *known.entry(value).or_insert_with(|| {
                    dimension.levels.push(Level::of(value));
                    next
                })
            });
            (key.collect(), Counts::of(*count))
        })
        .collect();
    let cube = Cube::new(dimensions, cells).unwrap_or_else(|error| unreachable!("{error}"));
    Tally::new(cube, rows.iter().map(|(_, count)| count).sum())
}

/// The COMPAS scores of 7,214 people.
fn compas() -> Tally {
    const COLUMNS: [(Axis, &str); 5] = [
        (Axis::Protected, "race"),
        (Axis::Protected, "sex"),
        (Axis::Protected, "age_cat"),
        (Axis::Label, "two_year_recid"),
        (Axis::Prediction, "high_risk"),
    ];
    let mut lines = include_str!("../../../fixtures/compas.csv").lines();
    let head: Vec<&str> = lines.next().into_iter().flat_map(|line| line.split(',')).collect();
    let place = |name: &str| head.iter().position(|column| *column == name);
    let mut counted: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let field = |name: &str| place(name).map_or("", |at| fields[at]);
        let key = COLUMNS.iter().map(|(_, name)| field(name).to_owned()).collect();
        *counted.entry(key).or_default() += field("n").parse().unwrap_or(0);
    }
    tally(&COLUMNS, &counted.into_iter().collect::<Vec<_>>())
}

/// One attribute of so many groups, with label and decision.
fn groups(number: u64) -> Tally {
    const COLUMNS: [(Axis, &str); 3] = [
        (Axis::Protected, "group"),
        (Axis::Label, "label"),
        (Axis::Prediction, "prediction"),
    ];
    let rows: Vec<(Vec<String>, u64)> = (0..number * 4)
        .map(|cell| {
            let word = |part: u64| if part == 0 { "no" } else { "yes" }.to_owned();
            let key = vec![format!("group {:03}", cell / 4), word(cell / 2 % 2), word(cell % 2)];
            (key, 20 + cell * 7_919 % 101)
        })
        .collect();
    tally(&COLUMNS, &rows)
}

fn gates(criterion: &mut Criterion) {
    let today: Option<Day> = "2026-12-01".parse().ok();
    let rule = RegressionRule::default();
    let mut policy = Policy::default();
    policy.values.positive = Some("yes".to_owned());
    let mut group = criterion.benchmark_group("gate");
    group.sample_size(20);
    let mut of_risk = policy.clone();
    of_risk.values.positive_label = Some("1".to_owned());
    of_risk.values.adverse = Some(true);
    for (name, tally, policy) in [("compas", compas(), &of_risk), ("100-groups", groups(100), &policy)] {
        // The same tally on both sides: what is compared takes as long whatever it comes to.
        let whole = || {
            let changes = changes(&tally, black_box(&tally), policy, &rule).ok();
            audit(black_box(&tally), policy).map(|audit| gate(audit, changes, policy, today))
        };
        let of_changes = |gate: &evenhand_measure::gate::Gate| {
            let mut items = gate.items.iter();
            items.any(|item| matches!(item.subject, Subject::Change(_)))
        };
        assert!(
            whole().is_ok_and(|gate| of_changes(&gate)),
            "a refused tally would be fast"
        );
        group.bench_function(BenchmarkId::new("audit", name), |bencher| {
            bencher.iter(|| audit(black_box(&tally), policy));
        });
        group.bench_function(BenchmarkId::new("changes", name), |bencher| {
            bencher.iter(|| changes(&tally, black_box(&tally), policy, &rule));
        });
        group.bench_function(BenchmarkId::new("whole", name), |bencher| {
            bencher.iter(whole);
        });
    }
    group.finish();
}

criterion_group!(benches, gates);
criterion_main!(benches);
