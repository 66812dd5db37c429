use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level as Value, Tally};
use evenhand_measure::{Policy, audit};

use super::*;
use crate::{TextOptions, markdown, sample, text};

/// Two groups by label and two decisions; B loses by the new model.
fn two_models(group: &str) -> Audit {
    let dimension = |axis, column: &str, levels: &[&str]| Dimension {
        levels: levels.iter().map(|text| Value::of(text)).collect(),
        ..Dimension::new(axis, column, Coding::AsWritten)
    };
    let dimensions = vec![
        dimension(Axis::Protected, "group", &["A", group]),
        dimension(Axis::Label, "repaid", &["no", "yes"]),
        dimension(Axis::Compared, "old", &["no", "yes"]),
        dimension(Axis::Prediction, "new", &["no", "yes"]),
    ];
    let cells = [
        ([0, 1, 1, 1], 400),
        ([0, 0, 0, 0], 580),
        ([0, 1, 0, 1], 10),
        ([0, 0, 1, 0], 10),
        ([1, 1, 1, 1], 280),
        ([1, 1, 1, 0], 100),
        ([1, 0, 1, 0], 10),
        ([1, 0, 0, 0], 605),
        ([1, 1, 0, 1], 5),
    ];
    let cells = cells.map(|(key, n)| (key.to_vec(), Counts::of(n)));
    let tally = Tally::new(Cube::new(dimensions, cells).unwrap(), 2000);
    let mut policy = Policy::default();
    policy.values.adverse = Some(false);
    audit(&tally, &policy).unwrap()
}

#[test]
fn without_another_model_nothing_is_said() {
    let audit = sample::failing().audit();
    assert!(of(&audit).is_none());
    assert!(!text(&audit, &TextOptions::default(), &[]).contains(TITLE));
    assert!(!markdown(&audit, &[]).contains(TITLE));
}

#[test]
fn what_grew_stands_first_and_says_that_it_was_tested_by_pairs() {
    let audit = two_models("B");
    let paired = of(&audit).unwrap();
    assert!(about(paired).starts_with("\"new\" (now) and \"old\" (before) decided the same 2,000 rows, 135 of them"));
    let lines = changes(paired, false);
    assert!(lines[0].starts_with("✗ worse: The "), "{lines:?}");
    assert!(
        lines
            .iter()
            .any(|line| line.contains("disparate impact of A against B was 0.951")),
        "{lines:?}"
    );
    let precise = precise(paired);
    assert!(
        precise[0].contains("paired on the same rows (correlation 0."),
        "{precise:?}"
    );
    let right = right(paired);
    assert_eq!(
        right[2],
        "Of B, where one is right and the other wrong: \"new\" is right 15 times, \"old\" 100 times, p < 0.0001"
    );
    let rows = rows(paired);
    assert_eq!(rows[0][..3], ["everybody", "selection rate", "40.0%"]);
    assert!(rows.iter().all(|row| row.len() == header().len()));
    for shown in [text(&audit, &TextOptions::default(), &[]), markdown(&audit, &[])] {
        assert!(shown.contains(TITLE) && shown.contains("is right 15 times"), "{shown}");
    }
}

#[test]
fn names_are_made_harmless() {
    let audit = two_models("</script>\u{1b}[31m\n::error::\u{202e}");
    for shown in [text(&audit, &TextOptions::default(), &[]), markdown(&audit, &[])] {
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
        assert!(!shown.lines().any(|line| line.starts_with("::error")), "{shown}");
    }
    assert!(!markdown(&audit, &[]).contains("</script>"));
}
