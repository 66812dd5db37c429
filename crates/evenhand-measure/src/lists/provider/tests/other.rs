//! What scipy answers on random lists, counts and rankings.

use serde::Deserialize;

use super::*;
use crate::inference::prefixes::{Drawing, required};

#[derive(Deserialize)]
struct Expected {
    lists: Vec<OfList>,
    counts: Vec<OfCounts>,
    tables: Vec<Table>,
    rankings: Vec<Ranking>,
}

#[derive(Deserialize)]
struct OfList {
    groups: Vec<usize>,
    target: Vec<f64>,
    exposure: Vec<f64>,
    awrf: f64,
    divergence: f64,
    ndkl: f64,
}

#[derive(Deserialize)]
struct OfCounts {
    counts: Vec<u64>,
    gini: f64,
    entropy: f64,
    herfindahl: f64,
}

#[derive(Deserialize)]
struct Table {
    length: usize,
    share: f64,
    level: f64,
    required: Vec<usize>,
}

#[derive(Deserialize)]
struct Ranking {
    items: u64,
    of_group: u64,
    ranking: Vec<bool>,
    smallest: f64,
    p: f64,
}

fn expected() -> Expected {
    let text = include_str!("../../../../../../fixtures/expected/lists-provider.json");
    serde_json::from_str(text).unwrap()
}

/// Sums of a few dozen terms in another order: 1e-12.
#[test]
fn scipy_agrees_on_lists_and_counts() {
    let expected = expected();
    assert!(expected.lists.len() >= 60 && expected.counts.len() >= 40);
    for list in expected.lists {
        let shown = list.groups.iter().zip(1u64..).map(|(group, place)| (*group, place, 1));
        let got = exposures(&curve("log"), list.target.len(), shown);
        for (got, expected) in got.iter().zip(&list.exposure) {
            near(*got, *expected, 1e-12);
        }
        let got = shares(&got).unwrap();
        near(awrf(&got, &list.target).unwrap(), list.awrf, 1e-12);
        near(divergence(&got, &list.target).unwrap(), list.divergence, 1e-12);
        near(ndkl(&list.groups, &list.target).unwrap(), list.ndkl, 1e-12);
    }
    for of in expected.counts {
        let found = Concentration::of(of.counts.iter().copied(), of.counts.len() as u64).unwrap();
        near(found.gini, of.gini, 1e-12);
        near(found.entropy, of.entropy, 1e-12);
        near(found.herfindahl, of.herfindahl, 1e-12);
    }
}

/// Tables are whole numbers; a p-value over all arrangements is a fraction that sums of products come close to.
#[test]
fn scipy_agrees_on_tables_and_rankings() {
    let expected = expected();
    assert!(expected.tables.len() >= 40 && expected.rankings.len() >= 40);
    for table in expected.tables {
        let found = required(Drawing::Share(table.share), table.length, table.level).unwrap();
        assert_eq!(found, table.required, "{} of {}", table.share, table.length);
    }
    for ranking in expected.rankings {
        let drawing = Drawing::Catalogue {
            of_group: ranking.of_group,
            items: ranking.items,
        };
        let found = drawing.test(&ranking.ranking).unwrap();
        near(found.smallest, ranking.smallest, 1e-12);
        near(found.p, ranking.p, 1e-12);
    }
}
