//! Decisions with more than two values.

use crate::harness::{Room, case, check};

/// A thousand people of each sex by tier.
fn tiers() -> String {
    let lines = [
        ("M,gold\n", 1_200),
        ("M,silver\n", 1_200),
        ("M,none\n", 1_600),
        ("F,gold\n", 800),
        ("F,silver\n", 1_600),
        ("F,none\n", 1_600),
    ];
    let rows: String = lines.map(|(line, times)| line.repeat(times)).concat();
    format!("sex,tier\n{rows}")
}

#[test]
fn several_values_are_asked_for_or_compared_one_by_one() {
    let of = |name: &'static str, flags: &str, status: i32| {
        let line = format!("audit a.csv --prediction tier --protected sex{flags}");
        case(name, &line, status).file("a.csv", tiers())
    };
    check(&[
        of("no word", "", 3).says(&["--positive", "--each-class", "--ordered"]),
        of("each", " --each-class", 1).says(&[
            "FAIL: the selection rate (tier is \"gold\") of sex \"F\"",
            "The share of each group for which tier is what stands at the head of the column.",
            "Disparate impact by sex: tier is \"gold\"",
            "Decision: tier, each value against all others: \"gold\", \"none\", \"silver\"",
            "Whether it is good to get one of them is not asked",
        ]),
        of("ordered", " --ordered none,silver,gold", 1).says(&[
            "Disparate impact by sex: tier is at least \"silver\"",
            "Disparate impact by sex: tier is \"gold\"",
            "Decision: tier, each step of its order: ",
        ]),
        of("a place without a value", " --ordered none,silver,gold,platinum", 1).says(&[
            "a value that no row has",
            "platinum",
            "gold",
            "silver",
        ]),
        of("a value without a place", " --ordered none,gold", 2).says(&["`silver`", "from the worst"]),
        of("two ways at once", " --each-class --positive gold", 2),
    ]);
}

/// What an audit of each class prints.
fn each_class(room: &Room, flags: &str) -> String {
    let line = format!("audit a.csv --prediction tier --protected sex --each-class {flags}");
    room.run(&line.split(' ').collect::<Vec<&str>>()).stdout
}

#[test]
fn findings_name_their_event() {
    let room = Room::new();
    room.write("a.csv", tiers());
    let audit: serde_json::Value = serde_json::from_str(&each_class(&room, "--format json")).unwrap();
    let failed = |event: &str| {
        let mut findings = audit["findings"].as_array().unwrap().iter();
        findings.any(|f| f["event"] == event && f["outcome"] == "fail" && f["criterion"] == "disparate-impact")
    };
    assert!(failed("gold") && !failed("none"));
    assert_eq!(audit["rates"][0]["values"]["selection-rate@none"]["numerator"], 3_200);
}

#[test]
fn a_spreadsheet_of_comparisons_names_their_event() {
    let room = Room::new();
    room.write("a.csv", tiers());
    each_class(&room, "--out findings=f.csv");
    let table = room.read("f.csv");
    let mut rows = table.lines();
    let at = rows
        .next()
        .unwrap()
        .split(',')
        .position(|column| column == "event")
        .unwrap();
    // A row with a quoted text has further commas.
    let events: Vec<&str> = rows
        .filter(|row| !row.contains('"'))
        .filter_map(|row| row.split(',').nth(at))
        .collect();
    for event in ["gold", "silver", "none"] {
        assert!(events.contains(&event), "{table}");
    }
}

#[test]
fn one_word_on_what_is_bad_does_not_fit_several_decisions() {
    let of = |name: &'static str, flags: &str| {
        let line = format!("audit a.csv --prediction tier --protected sex{flags} --adverse");
        case(name, &line, 2).file("a.csv", tiers())
    };
    check(&[
        of("ordered", " --ordered none,silver,gold").says(&["says it once more"]),
        of("each", " --each-class").says(&["of all of them at once"]),
    ]);
}

/// A label of its own values has no class of the decision's.
#[test]
fn a_label_of_yes_and_no_is_read_alike_for_every_decision() {
    let rows = tiers()
        .replace(",gold", ",gold,yes")
        .replace(",silver", ",silver,yes")
        .replace(",none", ",none,no");
    let rows = rows.replace("sex,tier", "sex,tier,good");
    let line = "audit a.csv --prediction tier --protected sex --label good --positive-label yes --each-class";
    check(&[case("label", line, 1)
        .file("a.csv", rows)
        .says(&["among those whose good is \"yes\""])]);
}
