use super::*;
use crate::audit::model::Audit;
use crate::policy::parse;
use crate::tally::{AT_LEAST, Axis, BELOW, Coding, Counts, Cube, Dimension, Level};

/// Groups of so many selected of a hundred, by a score that is cut at a threshold, and an age that is cut at edges.
fn tally(selected: &[u64], threshold: f64, edges: &[f64]) -> Tally {
    let mut age = Dimension::new(Axis::Protected, "age", Coding::Bins(edges.to_vec()));
    age.levels = ["a", "b", "c"]
        .into_iter()
        .take(selected.len())
        .map(Level::of)
        .collect();
    let mut score = Dimension::new(Axis::Prediction, "score", Coding::AtLeast(threshold));
    score.levels = vec![Level::of(BELOW), Level::of(AT_LEAST)];
    let cells = selected.iter().enumerate().flat_map(|(group, yes)| {
        [
            (vec![group as u32, 0], Counts::of(100 - yes)),
            (vec![group as u32, 1], Counts::of(*yes)),
        ]
    });
    Tally::new(
        Cube::new(vec![age, score], cells.collect::<Vec<_>>()).unwrap(),
        100 * selected.len() as u64,
    )
}

fn policy() -> Policy {
    parse("evenhand.toml", "[[check]]\ncriterion = \"disparate-impact\"\n").unwrap()
}

fn audited(tally: &Tally) -> Audit {
    crate::audit(tally, &policy()).unwrap()
}

fn baseline(tally: &Tally) -> Baseline {
    Baseline::of(tally, &policy(), &audited(tally)).unwrap()
}

#[test]
fn what_is_kept_is_read_as_the_same() {
    let first = baseline(&tally(&[50, 40], 0.5, &[40.0]));
    let text = first.to_json();
    let read = Baseline::from_json("`b.json`", text.as_bytes()).unwrap();
    assert_eq!((&read, read.to_json()), (&first, text));
    assert_eq!(
        (read.is_of(&policy()), read.is_of(&Policy::default())),
        (Some(true), Some(false))
    );
    let bare = Baseline::from_json("`t`", first.tally.to_json().as_bytes()).unwrap();
    assert_eq!((bare.tally, bare.meaning), (first.tally, None));
}

#[test]
fn every_cut_of_the_file_is_refused() {
    let text = baseline(&tally(&[50, 40], 0.5, &[40.0])).to_json();
    for length in 0..text.trim_end().len() {
        let problem = Baseline::from_json("`b.json`", &text.as_bytes()[..length]).unwrap_err();
        assert_eq!(problem.fault, crate::Fault::Data, "{length}");
    }
}

#[test]
fn other_edges_are_other_groups_and_another_threshold_is_part_of_the_change() {
    let before = baseline(&tally(&[50, 50], 0.5, &[40.0]));
    let other_edges = tally(&[50, 50], 0.5, &[45.0]);
    let problems = before.compare(&other_edges, &policy()).unwrap_err();
    assert!(
        problems[0].message.contains("cut at 40 there, and cut at 45 here"),
        "{problems:?}"
    );
    let other_threshold = tally(&[50, 50], 0.6, &[40.0]);
    assert_eq!(before.compare(&other_threshold, &policy()).unwrap().changes.len(), 1);
    let remarks = before.remarks(&other_threshold);
    assert!(
        remarks[0]
            .message
            .contains("`score` at least 0.5, and those of these data `score` at least 0.6")
    );
    assert!(before.remarks(&before.tally).is_empty());
}

#[test]
fn a_baseline_loosens_by_the_estimate_unless_the_outcome_got_better() {
    let loosens = |was: &[u64], is: &[u64]| {
        let (was, is) = (tally(was, 0.5, &[40.0]), tally(is, 0.5, &[40.0]));
        let changes = baseline(&was).compare(&is, &policy()).unwrap();
        loosened(&changes, &audited(&was), &audited(&is), &policy()).len()
    };
    // Far too few rows to prove any of these.
    assert_eq!(loosens(&[50, 50], &[50, 49]), 1);
    assert_eq!(loosens(&[50, 50], &[50, 50]), 0);
    assert_eq!(loosens(&[50, 45], &[50, 50]), 0);
    // No value before is no comparison to loosen; no value now is one.
    let (some, none) = ([50, 5, 1], [50, 0, 0]);
    assert_eq!(loosens(&none, &some), 0);
    // And the two that have one are now at nothing.
    assert_eq!(loosens(&some, &none), 3);
}

#[test]
fn several_events_and_no_rows_are_refused() {
    let now = tally(&[50, 40], 0.5, &[40.0]);
    let several = parse("evenhand.toml", "[values]\neach-class = true\n").unwrap();
    assert!(Baseline::of(&now, &several, &audited(&now)).is_err());
    assert!(baseline(&now).compare(&now, &several).is_err());
    let empty = Tally::new(Cube::new(now.decisions.dimensions().to_vec(), Vec::new()).unwrap(), 0);
    let text = baseline(&now)
        .to_json()
        .replace(now.to_json().trim_end(), empty.to_json().trim_end());
    let problem = Baseline::from_json("`b.json`", text.as_bytes()).unwrap_err();
    assert!(problem.message.contains("no rows"), "{problem}");
}
