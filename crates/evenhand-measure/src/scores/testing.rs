//! What the tests of scores share.

use proptest::prelude::*;
use serde_json::Value;

use super::Labelled;
use crate::tally::{Axis, Coding, Cube, Dimension, Level, Measured, NumberRole, Numbers};

/// What other software says: `fixtures/expected/make_scores.py` names the versions.
pub(super) fn oracle() -> Value {
    serde_json::from_str(include_str!("../../../../fixtures/expected/scores.json")).unwrap()
}

/// The names and answers of every set, with its rows.
pub(super) fn sets() -> Vec<(String, Value, Labelled)> {
    let oracle = oracle();
    let sets = oracle["sets"].as_object().unwrap().iter();
    sets.map(|(name, answer)| (name.clone(), answer.clone(), rows(&answer["rows"])))
        .collect()
}

/// The rows of one set.
pub(super) fn set(name: &str) -> Labelled {
    rows(&oracle()["sets"][name]["rows"])
}

fn rows(rows: &Value) -> Labelled {
    let of = |wanted: u64| {
        let rows = rows.as_array().unwrap().iter();
        let mine = rows.filter(|row| row[1].as_u64() == Some(wanted));
        Numbers::of(mine.map(|row| (row[0].as_f64().unwrap(), row[2].as_u64().unwrap())), 0)
    };
    Labelled {
        positives: of(1),
        negatives: of(0),
        ..Labelled::default()
    }
}

/// Asserts that a value is the oracle's.
///
/// 1e-12: the other software sums in another order, over up to 3,000 rows.
pub(super) fn agrees(got: f64, expected: &Value, what: &str) {
    within(got, expected, 1e-12, what);
}

pub(super) fn within(got: f64, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap();
    assert!(
        (got - expected).abs() <= tolerance * expected.abs().max(1.0),
        "{what}: got {got:.16}, expected {expected:.16}"
    );
}

pub(super) fn numbers(scores: &[f64]) -> Numbers {
    Numbers::of(scores.iter().map(|score| (*score, 1)), 0)
}

pub(super) fn labelled(positives: &[f64], negatives: &[f64]) -> Labelled {
    Labelled {
        positives: numbers(positives),
        negatives: numbers(negatives),
        ..Labelled::default()
    }
}

/// The same scores with only so many of their leading bits.
pub(super) fn shortened(scores: &Labelled, bits: u8) -> Labelled {
    let mut label = Dimension::new(Axis::Label, "label", Coding::AsWritten);
    label.levels = ["0", "1"].map(Level::of).to_vec();
    let cells = [(vec![0], scores.negatives.clone()), (vec![1], scores.positives.clone())];
    let cube = Cube::new(vec![label.clone()], cells).unwrap();
    let whole = Measured::new(NumberRole::Score, "score", 64, cube);
    let short = Measured::new(NumberRole::Score, "score", bits, Cube::new(vec![label], []).unwrap());
    let merged = whole.merge(&short).unwrap();
    let level = |text: &str| merged.cells.slice(0, &Level::of(text)).total();
    Labelled {
        positives: level("1"),
        negatives: level("0"),
        bits: merged.bits,
    }
}

/// Scores of a few different values, so that there are ties.
pub(super) fn tied() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0u8..=20).prop_map(|x| f64::from(x) / 20.0), 1..30)
}

/// Scores of which hardly any are tied.
pub(super) fn spread() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.001f64..0.999, 1..40)
}
