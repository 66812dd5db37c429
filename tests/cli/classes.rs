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
        of("each", " --each-class", 1).says(&["gold", "silver", "Whether it is good to get one of them is not asked"]),
        of("ordered", " --ordered none,silver,gold", 1).says(&["at least silver", "gold"]),
        of("a value without a place", " --ordered none,gold", 2).says(&["`silver`", "from the worst"]),
        of("two ways at once", " --each-class --positive gold", 2),
    ]);
}

#[test]
fn findings_name_their_event() {
    let room = Room::new();
    room.write("a.csv", tiers());
    let line = [
        "audit",
        "a.csv",
        "--prediction",
        "tier",
        "--protected",
        "sex",
        "--each-class",
        "--format",
        "json",
    ];
    let audit: serde_json::Value = serde_json::from_str(&room.run(&line).stdout).unwrap();
    let failed = |event: &str| {
        let mut findings = audit["findings"].as_array().unwrap().iter();
        findings.any(|f| f["event"] == event && f["outcome"] == "fail" && f["criterion"] == "disparate-impact")
    };
    assert!(failed("gold") && failed("silver") && !failed("none"));
    assert_eq!(audit["rates"][0]["values"]["selection-rate@none"]["numerator"], 3_200);
}

#[test]
fn the_page_says_of_each_comparison_which_decision_it_is_about() {
    let of = |name: &'static str, flags: &str, status: i32| {
        let line = format!("audit a.csv --prediction tier --protected sex{flags}");
        case(name, &line, status).file("a.csv", tiers())
    };
    check(&[
        of("each", " --each-class", 1).says(&[
            "Disparate impact by sex, for \"gold\"",
            "(tier is \"gold\") of sex \"F\" is 20.0%",
            "The share of each group that gets each decision.",
            "Decision: tier is each in turn: `gold`, `none`, `silver`",
        ]),
        of("ordered", " --ordered none,silver,gold", 1).says(&["Selection rate (tier is at least silver)"]),
        of("the order says it", " --ordered none,silver,gold --adverse", 2).says(&["says it once more"]),
        of("one word for all", " --each-class --adverse", 2).says(&["of all of them at once"]),
    ]);
}
