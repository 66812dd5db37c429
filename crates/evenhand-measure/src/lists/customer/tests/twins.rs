//! The same measures from sets of items, written down as they are defined and without a thought for speed.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::fixture::ALL;
use crate::lists::customer::{Entry, History, Measuring, User};

/// A list of items, what their user wants and what he chose before; item `i` has category `i % 4` and popularity `i`.
#[derive(Clone, Debug)]
struct Case {
    shown: Vec<u32>,
    wanted: BTreeSet<u32>,
    history: Vec<u32>,
    k: u32,
}

fn case() -> impl Strategy<Value = Case> {
    let shown = prop::collection::btree_set(0u32..20, 0..10).prop_map(|set| set.into_iter().collect::<Vec<u32>>());
    let wanted = prop::collection::btree_set(0u32..20, 0..6);
    let history = prop::collection::vec(0u32..20, 0..8);
    (shown.prop_shuffle(), wanted, history, 1u32..12).prop_map(|(shown, wanted, history, k)| Case {
        shown,
        wanted,
        history,
        k,
    })
}

fn found(case: &Case) -> BTreeMap<String, Option<f64>> {
    let entry = |(place, item): (u64, &u32)| Entry {
        place,
        gain: f64::from(u8::from(case.wanted.contains(item))),
        category: Some(item % 4),
        popularity: Some(f64::from(*item)),
    };
    let list: Vec<Entry> = (1..).zip(&case.shown).map(entry).collect();
    let categories = (0..4).map(|c| (c, case.history.iter().filter(|item| *item % 4 == c).count() as u64));
    let popularity =
        (!case.history.is_empty()).then(|| f64::from(case.history.iter().sum::<u32>()) / case.history.len() as f64);
    let history = History {
        categories: categories.collect(),
        popularity,
    };
    let user = User::new(case.wanted.iter().map(|_| 1.0), history);
    let measuring = Measuring::new(ALL, &[case.k]);
    measuring
        .keys()
        .iter()
        .cloned()
        .zip(measuring.of(&list, &user))
        .collect()
}

fn twin(case: &Case) -> BTreeMap<String, Option<f64>> {
    let k = case.k as usize;
    let top: Vec<u32> = case.shown.iter().copied().take(k).collect();
    let hits = top.iter().filter(|item| case.wanted.contains(item)).count() as f64;
    let mut dcg = 0.0;
    let mut first = 0.0;
    for (index, item) in top.iter().enumerate() {
        if case.wanted.contains(item) {
            dcg += 1.0 / (index as f64 + 2.0).log2();
            if first == 0.0 {
                first = 1.0 / (index as f64 + 1.0);
            }
        }
    }
    let mut best = 0.0;
    for index in 0..k.min(case.wanted.len()) {
        best += 1.0 / (index as f64 + 2.0).log2();
    }
    let wants = !case.wanted.is_empty();
    let part = |items: &[u32], c: u32| items.iter().filter(|item| *item % 4 == c).count() as f64 / items.len() as f64;
    let width = |items: &[u32]| {
        let terms = (0..4).map(|c| part(items, c)).filter(|p| *p > 0.0);
        terms.map(|p| p.powf(-p)).product::<f64>()
    };
    let mut kl = 0.0;
    let mut hellinger = 0.0;
    for c in 0..4 {
        let (p, q) = (part(&case.history, c), part(&case.shown, c));
        if p > 0.0 {
            kl += p * (p.ln() - (0.99 * q + 0.01 * p).ln());
        }
        hellinger += p.sqrt() * q.sqrt();
    }
    let (is_shown, has_history) = (!case.shown.is_empty(), !case.history.is_empty());
    let both = is_shown && has_history;
    let mean = |items: &[u32]| items.iter().map(|item| f64::from(*item)).sum::<f64>() / items.len() as f64;
    let at = |id: &str| format!("{id}@{k}");
    BTreeMap::from([
        (at("ndcg"), wants.then_some(dcg / best)),
        (at("list-precision"), wants.then_some(hits / k as f64)),
        (at("list-recall"), wants.then_some(hits / case.wanted.len() as f64)),
        (at("hit-rate"), wants.then_some(hits.min(1.0))),
        (at("mean-reciprocal-rank"), wants.then_some(first)),
        ("list-diversity".to_owned(), is_shown.then(|| width(&case.shown))),
        ("history-divergence".to_owned(), both.then_some(kl)),
        (
            "history-distance".to_owned(),
            both.then(|| (1.0 - hellinger).max(0.0).sqrt()),
        ),
        (
            "narrowing".to_owned(),
            both.then(|| 1.0 - width(&case.shown) / width(&case.history)),
        ),
        ("list-popularity".to_owned(), is_shown.then(|| mean(&case.shown))),
        ("list-popularity-of-known".to_owned(), both.then(|| mean(&case.shown))),
        (
            "history-popularity-of-known".to_owned(),
            both.then(|| mean(&case.history)),
        ),
    ])
}

proptest! {
    #[test]
    fn every_measure_has_its_twin(case in case()) {
        let (found, twin) = (found(&case), twin(&case));
        prop_assert_eq!(found.keys().collect::<Vec<_>>(), twin.keys().collect::<Vec<_>>());
        for (key, value) in &found {
            match (value, twin[key]) {
                (None, None) => {}
                // The root of a difference near 0 keeps half the digits.
                (Some(a), Some(b)) => prop_assert!((a - b).abs() < if key == "history-distance" { 1e-7 } else { 1e-12 }, "{key}: {a} {b}"),
                (a, b) => prop_assert!(false, "{key}: {a:?} {b:?}"),
            }
        }
    }
}
