//! Replicates of a tally against its own rates, and the laws that hold in each of them.

use crate::audit::audit;
use crate::audit::model::Value;
use crate::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Quantity};

use super::*;

/// Two attributes, label and decision; `counts` is asked for each cell. With `buckets`, rows come in clusters.
fn tally(buckets: u32, counts: impl Fn(&[u32]) -> Counts) -> Tally {
    let mut dimensions = Vec::new();
    for (axis, column, levels) in [
        (Axis::Protected, "sex", vec!["f", "m", ""]),
        (Axis::Protected, "region", vec!["east", "west"]),
        (Axis::Label, "label", vec!["no", "yes", ""]),
        (Axis::Prediction, "decision", vec!["no", "yes"]),
    ] {
        let mut dimension = Dimension::new(axis, column, Coding::AsWritten);
        dimension.levels = levels.into_iter().map(Level::of).collect();
        dimensions.push(dimension);
    }
    if buckets > 0 {
        let mut dimension = Dimension::new(Axis::Bucket, "unit", Coding::AsWritten);
        dimension.levels = (0..buckets).map(|bucket| Level::of(&bucket.to_string())).collect();
        dimensions.push(dimension);
    }
    let mut keys: Vec<Vec<u32>> = vec![Vec::new()];
    for dimension in &dimensions {
        let levels = dimension.levels.len() as u32;
        let longer = |key: &Vec<u32>| {
            (0..levels)
                .map(|level| [key.as_slice(), &[level]].concat())
                .collect::<Vec<_>>()
        };
        keys = keys.iter().flat_map(longer).collect();
    }
    let cells = keys.into_iter().map(|key| {
        let counts = counts(&key);
        (key, counts)
    });
    let cube = Cube::new(dimensions, cells.collect::<Vec<_>>()).unwrap();
    let rows = cube.cells().map(|(_, counts)| counts.n).sum();
    Tally::new(cube, rows)
}

fn some_rows(key: &[u32]) -> Counts {
    Counts::of(key.iter().fold(3, |sum, &level| sum * 7 + u64::from(level)) % 23 + 5)
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.values.positive = Some("yes".to_owned());
    policy.values.positive_label = Some("yes".to_owned());
    policy.inference.replicates = 4000;
    policy.roles.intersections = vec![vec!["sex".to_owned(), "region".to_owned()]];
    policy
}

/// Every rate varies around its value in the audit, and nearly as much as a share of so many rows does.
#[test]
fn replicates_vary_around_the_rates_of_the_audit() {
    let tally = tally(0, some_rows);
    let policy = policy();
    let bootstrap = of(&tally, &policy).unwrap();
    let audit = audit(&tally, &policy).unwrap();
    assert_eq!(bootstrap.groups.len(), 1 + 3 + 2 + 6);
    let spreads = bootstrap.spreads(0.95);
    let mut compared = 0;
    for (group, resampled) in bootstrap.groups.iter().enumerate() {
        let same =
            |rates: &&crate::audit::model::GroupRates| rates.by == resampled.by && rates.group == resampled.group;
        let rates = audit.rates.iter().find(same).unwrap();
        for (at, rate) in bootstrap.rates.iter().enumerate() {
            let Value::Share(share) = &rates.values[rate.id] else {
                panic!("{}", rate.id)
            };
            let spread = spreads[group * bootstrap.rates.len() + at].unwrap();
            let (p, n) = (share.point, share.denominator.value());
            let error = (p * (1.0 - p) / n).sqrt();
            // 5 standard errors of a mean of 4,000. The denominator varies too, which adds about 1/n to the variance,
            // and the standard error of 4,000 replicates is known to about 1 in 90.
            assert!(
                (spread.mean - p).abs() < 5.0 * error / 4000_f64.sqrt(),
                "{} {p} {}",
                rate.id,
                spread.mean
            );
            let excess = spread.standard_error / error;
            assert!((0.94..1.07 + 1.5 / n).contains(&excess), "{} {excess} {n}", rate.id);
            compared += 1;
        }
    }
    assert_eq!(compared, 12 * bootstrap.rates.len());
}

/// In each resample the groups of every set of attributes add up to everybody, row for row.
#[test]
fn groups_add_up_in_every_replicate() {
    for buckets in [0, 30] {
        let tally = tally(buckets, some_rows);
        let bootstrap = of(&tally, &policy()).unwrap();
        let rows = |replicate, group| bootstrap.replicates.counts(replicate, group).iter().sum::<u64>();
        for replicate in 0..bootstrap.replicates() {
            if buckets == 0 {
                assert_eq!(rows(replicate, 0), tally.records);
            }
            for by in [vec!["sex"], vec!["region"], vec!["sex", "region"]] {
                let of_set = (0..bootstrap.groups.len()).filter(|&group| bootstrap.groups[group].by == by);
                let sum: u64 = of_set.map(|group| rows(replicate, group)).sum();
                assert_eq!(sum, rows(replicate, 0));
            }
        }
    }
}

#[test]
fn clusters_are_drawn_whole() {
    // All rows of a bucket have the same decision: the selection rate is a share of 30 buckets, not of their rows.
    let tally = tally(30, |key| Counts::of(if key[3] == key[4] % 2 { 50 } else { 0 }));
    let bootstrap = of(&tally, &policy()).unwrap();
    assert_eq!(bootstrap.cells, 30);
    let selection = bootstrap
        .rates
        .iter()
        .position(|rate| rate.id == "selection-rate")
        .unwrap();
    let spread = bootstrap.spread(0, selection, 0.95).unwrap();
    // 4,000 replicates give it to about 1 in 90.
    assert!((spread.standard_error / (0.25_f64 / 30.0).sqrt() - 1.0).abs() < 0.05);
}

#[test]
fn labels_of_the_selected_only_hide_what_needs_the_others() {
    let tally = tally(0, |key| Counts::of(if (key[2] == 2) == (key[3] == 0) { 40 } else { 0 }));
    let bootstrap = of(&tally, &policy()).unwrap();
    let known = |id: &str| {
        let rate = bootstrap.rates.iter().position(|rate| rate.id == id).unwrap();
        bootstrap.values(0, rate).flatten().count()
    };
    assert_eq!(known("true-positive-rate"), 0);
    assert_eq!(known("positive-predictive-value"), 4000);
    assert_eq!(bootstrap.values(99, 0).flatten().count(), 0);
    assert_eq!(bootstrap.values(0, 99).flatten().count(), 0);
}

#[test]
fn comparisons_are_of_the_same_resample() {
    let tally = tally(0, some_rows);
    let bootstrap = of(&tally, &policy()).unwrap();
    let pairs: Vec<_> = bootstrap.values(1, 0).zip(bootstrap.values(2, 0)).collect();
    let ratios: Vec<_> = bootstrap.compared(Comparison::Ratio, 1, 2, 0).collect();
    assert!(
        pairs
            .iter()
            .zip(&ratios)
            .all(|(&(a, b), ratio)| Some(a.unwrap() / b.unwrap()) == *ratio)
    );
}

#[test]
fn weights_are_refused() {
    let mut weighted = tally(0, some_rows);
    weighted.quantities.insert(Quantity::Weight, "weight".to_owned());
    let problems = of(&weighted, &policy()).unwrap_err();
    assert!(problems[0].message.contains("weighted"), "{problems:?}");
    let nobody = tally(0, |_| Counts::of(0));
    assert!(of(&nobody, &policy()).is_err());
}
