use super::*;
use crate::tally::{Dimension, Quantity, Tally};

/// Two attributes of the same two hundred people.
fn cube() -> Cube<Counts> {
    let dimension = |role, column, coding, levels: &[&str]| Dimension {
        levels: levels.iter().map(|level| Level::of(level)).collect(),
        ..Dimension::new(role, column, coding)
    };
    let dimensions = vec![
        dimension(Axis::Protected, "race", Coding::AsWritten, &["", "A", "B"]),
        dimension(Axis::Protected, "sex", Coding::AsWritten, &["", "F", "M"]),
        dimension(Axis::Prediction, "rate", Coding::Share(Digits::Rounded), &["no", "yes"]),
    ];
    let cells = [
        ([0, 1, 1], Counts::open(31, 30, 32)),
        ([0, 1, 0], Counts::open(69, 68, 70)),
        ([0, 2, 1], Counts::of(50)),
        ([0, 2, 0], Counts::of(50)),
        ([1, 0, 1], Counts::open(0, 0, 1)),
        ([1, 0, 0], Counts::open(90, 89, 90)),
        ([2, 0, 1], Counts::of(100)),
    ];
    Cube::new(dimensions, cells.map(|(key, counts)| (key.to_vec(), counts))).unwrap()
}

fn tally() -> Tally {
    let mut tally = Tally::new(cube(), 4);
    tally.quantities.insert(Quantity::Count, "n".to_owned());
    tally
}

#[test]
fn it_is_kept_as_version_3_and_read_again() {
    let tally = tally();
    let text = tally.to_json();
    assert!(text.starts_with("{\"version\":3"), "{text}");
    assert!(text.contains("[[0,1,1],{\"n\":31,\"between\":[30,32]}]"), "{text}");
    assert!(text.contains("\"coding\":{\"share\":\"rounded\"}"), "{text}");
    assert_eq!(Tally::from_json(&text).unwrap(), tally);
    let plain = Tally::new(Cube::new(Vec::new(), [(Vec::new(), Counts::of(7))]).unwrap(), 7);
    assert!(plain.to_json().starts_with("{\"version\":1"));
}

#[test]
fn everybody_is_in_each_attribute_once() {
    let tally = tally();
    let margins = Margins::of(&tally.decisions).unwrap();
    assert_eq!(margins.sizes().collect::<Vec<_>>(), [(0, 190), (1, 200)]);
    assert_eq!(margins.largest(), (1, 200));
    assert_eq!((tally.rows(), tally.counted()), (200, 390));
}

#[test]
fn parts_add_up_with_what_they_leave_open() {
    let twice = tally().merge(&tally()).unwrap();
    let open: Vec<&Counts> = twice.decisions.cells().map(|(_, counts)| counts).collect();
    assert!(open.contains(&&Counts::open(62, 60, 64)), "{open:?}");
    assert_eq!(twice.rows(), 400);
    assert_eq!(Tally::from_json(&twice.to_json()).unwrap(), twice);
    let mut truncated = tally().to_json();
    truncated = truncated.replace("\"rounded\"", "\"truncated\"");
    let truncated = Tally::from_json(&truncated).unwrap();
    assert!(tally().merge(&truncated).is_err());
}

#[test]
fn what_contradicts_itself_is_refused() {
    let text = tally().to_json();
    for (from, to) in [
        ("{\"n\":31,\"between\":[30,32]}", "{\"n\":31,\"between\":[32,30]}"),
        ("{\"n\":31,\"between\":[30,32]}", "{\"n\":31,\"between\":[31,31]}"),
        ("{\"n\":31,\"between\":[30,32]}", "{\"n\":31,\"between\":[30,33]}"),
        ("{\"n\":31,\"between\":[30,32]}", "{\"n\":31}"),
        ("{\"n\":31,\"between\":[30,32]}", "{\"n\":29,\"between\":[30,32]}"),
        ("{\"n\":31,\"between\":[30,32]}", "{\"n\":31,\"between\":[30]}"),
        ("\"no\",\"yes\"", "\"no\",\"maybe\""),
        ("{\"share\":\"rounded\"}", "\"as-written\""),
        ("[[0,2,1]", "[[1,2,1]"),
        ("[[0,2,0]", "[[0,0,0]"),
        ("\"quantities\":{\"count\":\"n\"},", ""),
        (
            "\"role\":\"protected\",\"column\":\"sex\"",
            "\"role\":\"strata\",\"column\":\"sex\"",
        ),
        ("\"no\",\"yes\"", "null,\"yes\""),
    ] {
        let forged = text.replacen(from, to, 1);
        assert_ne!(forged, text, "{from}");
        assert!(Tally::from_json(&forged).is_err(), "{from} as {to}");
    }
}
