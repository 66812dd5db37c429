//! What scikit-learn and scipy answer for the same lists.
//!
//! A relative 1e-12: both sides add a dozen terms of the size of the result, in another order.

use serde_json::Value;

use super::fixture::ALL;
use crate::lists::customer::{Entry, History, Measuring, User};

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[test]
fn lists_are_worth_what_other_software_says() {
    let text = include_str!("../../../../../../fixtures/expected/lists-customer.json");
    let answers: Value = serde_json::from_str(text).unwrap();
    let lists = answers["lists"].as_array().unwrap();
    assert_eq!(lists.len(), 100);
    for (number, list) in lists.iter().enumerate() {
        let shown = numbers(&list["list"]);
        let categories = numbers(&list["categories"]);
        let entries: Vec<Entry> = (1..)
            .zip(shown.iter().zip(categories))
            .map(|(place, (gain, category))| Entry {
                place,
                gain: *gain,
                category: Some(category as u32),
                popularity: None,
            })
            .collect();
        let history = History {
            categories: (0..).zip(numbers(&list["history"]).iter().map(|n| *n as u64)).collect(),
            popularity: None,
        };
        let user = User::new(shown.into_iter().chain(numbers(&list["missed"])), history);
        let k = list["k"].as_u64().unwrap() as u32;
        let measuring = Measuring::new(ALL, &[k]);
        let values = measuring.of(&entries, &user);
        let ndcg = format!("ndcg@{k}");
        for (key, field) in [
            (ndcg.as_str(), "ndcg"),
            ("history-divergence", "history-divergence"),
            ("history-distance", "history-distance"),
            ("list-diversity", "list-diversity"),
            ("narrowing", "narrowing"),
        ] {
            let place = measuring.keys().iter().position(|known| known == key).unwrap();
            let (found, expected) = (values[place].unwrap(), list[field].as_f64().unwrap());
            let apart = (found - expected).abs();
            assert!(
                apart <= 1e-12 * expected.abs().max(1.0),
                "list {number}: {key} is {found}, not {expected}"
            );
        }
    }
}

/// scikit-learn answers 0 for a user who wants nothing; then a group of which less is known looks worse served.
#[test]
fn unlike_scikit_learn_who_wants_nothing_is_not_0() {
    let values = Measuring::new(ALL, &[1]).of(
        &[Entry {
            place: 1,
            ..Entry::default()
        }],
        &User::default(),
    );
    assert_eq!(values[0], None);
}
