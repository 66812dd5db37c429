//! What machines read of a gate: every kind of gate in JUnit, Code Quality and SARIF, checked against the formats' own
//! schemas and read back.
//!
//! `FORMATS=folder cargo test --test formats` also writes them to a folder, for `tests/schemas/check.sh`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "formats/gates.rs"]
mod gates;
#[path = "formats/schema.rs"]
mod schema;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use evenhand::Level;
use evenhand::Verdict;
use evenhand::measure::gate::Result as Came;
use evenhand_report::gate::{gitlab, junit, lines, openmetrics, sarif};
use gates::{HOSTILE, Made};
use roxmltree::{Document, Node};
use schema::Schema;
use serde_json::Value as Json;

static GATES: LazyLock<Vec<Made>> = LazyLock::new(gates::all);

/// Where the policy is, in the repository of somebody who likes spaces.
const POLICY: &str = "./models/credit score/evenhand.toml";

fn gate(name: &str) -> &'static Made {
    GATES.iter().find(|made| made.name == name).unwrap()
}

fn read_gitlab(made: &Made) -> Vec<Json> {
    serde_json::from_str(&gitlab(&made.gate, POLICY).unwrap()).unwrap()
}

fn read_sarif(made: &Made) -> Json {
    serde_json::from_str(&sarif(&made.gate, POLICY).unwrap()).unwrap()
}

fn results(log: &Json) -> &Vec<Json> {
    log["runs"][0]["results"].as_array().unwrap()
}

fn elements<'a, 'i>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

#[test]
fn sarif_holds_to_its_schema() {
    let schema = Schema::read("sarif-2.1.0.schema.json");
    for made in GATES.iter() {
        let problems = schema.problems(&read_sarif(made));
        assert!(problems.is_empty(), "{}: {problems:#?}", made.name);
    }
    // The schema does see what is wrong.
    let places = [
        ("/runs/0/results/0/level", "fatal".into()),
        ("/runs/0/results/0/ruleIndex", (-2).into()),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            0.into(),
        ),
        ("/runs/0/results/0/message", serde_json::json!({ "txt": "x" })),
        ("/runs/0/tool", Json::Null),
        ("/version", "2.0.0".into()),
    ];
    for (place, value) in places {
        let mut broken = read_sarif(gate("fails"));
        *broken.pointer_mut(place).unwrap() = value;
        assert!(!schema.problems(&broken).is_empty(), "{place}");
    }
}

#[test]
fn code_quality_holds_to_its_schema() {
    let schema = Schema::read("gitlab-codeclimate.schema.json");
    for made in GATES.iter() {
        let text = gitlab(&made.gate, POLICY).unwrap();
        assert!(text.starts_with('['), "no byte order mark");
        let mut fingerprints = BTreeSet::new();
        for entry in read_gitlab(made) {
            let problems = schema.problems(&entry);
            assert!(problems.is_empty(), "{}: {problems:#?}", made.name);
            assert!(["info", "minor", "major"].contains(&entry["severity"].as_str().unwrap()));
            assert_eq!(entry["location"]["path"], "models/credit score/evenhand.toml");
            assert!(entry["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
            assert!(!entry["check_name"].as_str().unwrap().is_empty());
            let fingerprint = entry["fingerprint"].as_str().unwrap().to_owned();
            assert!(fingerprint.len() == 64 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()));
            assert!(
                fingerprints.insert(fingerprint),
                "{}: two entries of one name",
                made.name
            );
        }
    }
    assert!(
        !schema
            .problems(&serde_json::json!({ "description": "no place, no name" }))
            .is_empty()
    );
}

#[test]
fn junit_says_of_every_line_what_came_of_it() {
    for made in GATES.iter() {
        let text = junit(&made.gate);
        let document = Document::parse(&text).unwrap_or_else(|problem| panic!("{}: {problem}\n{text}", made.name));
        let root = document.root_element();
        let mut names = BTreeSet::new();
        let mut failed = 0;
        let mut tests = 0;
        for suite in elements(root, "testsuite") {
            let all: Vec<Node<'_, '_>> = elements(suite, "testcase").collect();
            let with = |name: &str| {
                all.iter()
                    .filter(|test| elements(**test, name).next().is_some())
                    .count()
            };
            let said = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
            assert_eq!(said("tests"), all.len());
            assert_eq!(said("failures"), with("failure"));
            assert_eq!(said("skipped"), with("skipped"));
            assert_eq!(suite.attribute("hostname"), None);
            assert_eq!(
                suite.attribute("timestamp").map(|time| &time[..10]),
                made.gate.as_of.as_deref()
            );
            failed += with("failure");
            tests += all.len();
            for test in all {
                let name = (
                    suite.attribute("name"),
                    test.attribute("classname"),
                    test.attribute("name"),
                );
                assert!(names.insert(name), "{}: two tests {name:?}", made.name);
            }
        }
        let lines = lines(&made.gate);
        assert_eq!(
            failed,
            lines.iter().filter(|line| line.fails()).count(),
            "{}",
            made.name
        );
        assert_eq!(root.attribute("failures"), Some(failed.to_string().as_str()));
        assert_eq!(root.attribute("tests"), Some(tests.to_string().as_str()));
        assert_eq!(failed > 0, made.gate.verdict == Verdict::Fail, "{}", made.name);
        let judged = lines
            .iter()
            .any(|line| line.level == Level::Error && line.result == Came::Open);
        let whole = text.contains("classname=\"verdict\"");
        let shut = matches!(made.gate.verdict, Verdict::Inconclusive | Verdict::NotJudged);
        assert_eq!(whole, shut && !judged, "{}", made.name);
        assert_eq!(tests, lines.len() + usize::from(whole));
    }
}

#[test]
fn what_fails_is_told_with_its_numbers() {
    let text = junit(&gate("fails").gate);
    let document = Document::parse(&text).unwrap();
    let failure = document
        .descendants()
        .find(|node| node.has_tag_name("failure"))
        .unwrap();
    assert_eq!(failure.attribute("type"), Some("disparate-impact"));
    assert!(failure.attribute("message").unwrap().contains("Black"), "{text}");
    assert!(
        failure.text().unwrap().contains("adjusted (Holm), which decides: p"),
        "{text}"
    );
    // Equalized odds has two rates, and so two tests of one pair.
    assert!(
        text.contains("equalized odds: Black against White (true positive rate)"),
        "{text}"
    );
    // A warning is a success that says so.
    let warning = document
        .descendants()
        .find(|node| node.attribute("classname") == Some("statistical-parity"))
        .unwrap();
    let remark = elements(warning, "system-out").next().unwrap().text().unwrap();
    assert!(remark.starts_with("warning: ") && elements(warning, "failure").next().is_none());
    let property = document
        .descendants()
        .find(|node| node.attribute("name") == Some("warning"));
    assert!(
        property
            .unwrap()
            .attribute("value")
            .unwrap()
            .contains("statistical parity")
    );

    let entries = read_gitlab(gate("fails"));
    assert_eq!(
        (&entries[0]["severity"], &entries[0]["check_name"]),
        (&"major".into(), &"disparate-impact".into())
    );
    assert!(
        entries
            .iter()
            .any(|entry| entry["severity"] == "minor" && entry["check_name"] == "statistical-parity")
    );
    let log = read_sarif(gate("fails"));
    let first = &results(&log)[0];
    assert_eq!((&first["kind"], &first["level"]), (&"fail".into(), &"error".into()));
    assert!(results(&log).iter().any(|entry| entry["level"] == "warning"));
}

#[test]
fn what_is_open_is_no_success() {
    let made = gate("open");
    let text = junit(&made.gate);
    assert!(text.contains("<skipped message=\"") && text.contains("failures=\"0\""));
    assert!(read_gitlab(made).iter().all(|entry| entry["severity"] == "minor"));
    let log = read_sarif(made);
    assert!(!results(&log).is_empty());
    assert!(
        results(&log)
            .iter()
            .all(|entry| entry["kind"] == "open" && entry["level"] == "none")
    );
    // A policy that lets it pass, and one that does not.
    let text = junit(&gate("open-allowed").gate);
    assert!(text.contains("the policy lets pass") && !text.contains("<skipped"));
    assert!(read_gitlab(gate("open-allowed")).is_empty());
    assert!(junit(&gate("open-fails").gate).contains("<failure"));
    assert_eq!(read_gitlab(gate("open-fails"))[0]["severity"], "major");
    // Nothing to judge, and nothing but a warning.
    for name in ["alone", "warns"] {
        let text = junit(&gate(name).gate);
        assert!(
            text.contains("nothing was judged, which is no success"),
            "{name}: {text}"
        );
        assert!(
            read_gitlab(gate(name))
                .iter()
                .any(|entry| entry["check_name"] == "verdict"),
            "{name}"
        );
        let log = read_sarif(gate(name));
        assert!(
            results(&log)
                .iter()
                .any(|entry| entry["ruleId"] == "verdict" && entry["kind"] == "open")
        );
    }
}

#[test]
fn what_passes_is_no_finding() {
    assert_eq!(gitlab(&gate("passes").gate, POLICY).unwrap(), "[]\n");
    let log = read_sarif(gate("passes"));
    assert!(results(&log).is_empty());
    assert_eq!(log["version"], "2.1.0");
    assert!(junit(&gate("passes").gate).contains("failures=\"0\""));
}

#[test]
fn a_waiver_is_shown_where_it_stands() {
    for name in ["waived", "worse-waived"] {
        let made = gate(name);
        let text = junit(&made.gate);
        assert!(
            !text.contains("<failure") && text.contains("<system-out>waived: "),
            "{name}"
        );
        assert!(text.contains("timestamp=\"2026-12-31T00:00:00\""));
        let waiver = &made.gate.waivers[0];
        let log = read_sarif(made);
        let entry = results(&log)
            .iter()
            .find(|entry| entry.get("suppressions").is_some())
            .unwrap();
        let region = &entry["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], waiver.line);
        assert_eq!((&entry["kind"], &entry["level"]), (&"fail".into(), &"note".into()));
        let suppression = &entry["suppressions"][0];
        assert_eq!(
            (&suppression["kind"], &suppression["status"]),
            (&"external".into(), &"accepted".into())
        );
        let justification = suppression["justification"].as_str().unwrap();
        assert!(justification.starts_with("known: ") && justification.ends_with("until 2026-12-31)"));
        let info = read_gitlab(made)
            .into_iter()
            .find(|entry| entry["severity"] == "info")
            .unwrap();
        assert_eq!(info["location"]["lines"]["begin"], waiver.line);
    }
    for name in ["waiver-expired", "waiver-unused"] {
        let entries = read_gitlab(gate(name));
        let waiver = entries.iter().find(|entry| entry["check_name"] == "waiver").unwrap();
        assert_eq!(waiver["severity"], "minor");
        assert!(waiver["location"]["lines"]["begin"].as_u64().unwrap() > 1);
    }
}

#[test]
fn regressions_have_a_rule_of_their_own() {
    let log = read_sarif(gate("worse"));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for entry in results(&log) {
        let at = entry["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[at]["id"], entry["ruleId"]);
        assert_eq!(
            entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "models/credit%20score/evenhand.toml"
        );
    }
    assert!(
        results(&log)
            .iter()
            .any(|entry| entry["ruleId"] == "disparate-impact-regression")
    );
    let log = read_sarif(gate("vanished"));
    let gone = results(&log)
        .iter()
        .find(|entry| entry["ruleId"] == "group-vanished")
        .unwrap();
    assert_eq!(gone["kind"], "open");
}

#[test]
fn names_do_no_harm() {
    let made = gate("hostile");
    let texts = [
        junit(&made.gate),
        gitlab(&made.gate, HOSTILE[3]).unwrap(),
        sarif(&made.gate, HOSTILE[3]).unwrap(),
    ];
    for text in &texts {
        assert!(!text.contains("<img") && !text.contains("<!ENTITY") || !text.starts_with("<?xml"));
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
        assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{ffff}', '\u{fffe}']));
        assert!(!text.contains("##"), "a command of a build server");
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
        // Cut to what can be read, although keys have all of it.
        assert!(text.lines().all(|line| line.len() < 8_000));
    }
    let log: Json = serde_json::from_str(&texts[2]).unwrap();
    let mut seen = String::new();
    for entry in results(&log) {
        let message = entry["message"]["text"].as_str().unwrap();
        // Every bracket is escaped and every brace doubled, so that there is neither a link nor an argument.
        assert!(!message.replace("\\[", "").contains('['), "{message}");
        assert!(!message.replace("{{", "").contains('{'), "{message}");
        seen.push_str(message);
    }
    assert!(
        seen.contains("onerror=alert(1)") && seen.contains("名前"),
        "names are still told"
    );
    assert!(!results(&log).is_empty() && texts[0].contains("<failure"));
}

#[test]
fn the_same_gate_gives_the_same_bytes() {
    for (made, again) in GATES.iter().zip(gates::all()) {
        assert_eq!(junit(&made.gate), junit(&again.gate));
        assert_eq!(
            gitlab(&made.gate, POLICY).unwrap(),
            gitlab(&again.gate, POLICY).unwrap()
        );
        assert_eq!(sarif(&made.gate, POLICY).unwrap(), sarif(&again.gate, POLICY).unwrap());
    }
}

#[test]
fn fingerprints_outlive_numbers() {
    let of = |name: &str| -> BTreeSet<String> {
        let log = read_sarif(gate(name));
        let each = results(&log).iter();
        each.map(|entry| entry["partialFingerprints"]["evenhand/v1"].as_str().unwrap().to_owned())
            .collect()
    };
    // Other numbers, and another standing of the same comparison.
    assert!(of("fails").is_superset(&of("waiver-expired").intersection(&of("waived")).cloned().collect()));
    assert!(!of("waived").is_disjoint(&of("fails")));
    assert!(!of("open").is_disjoint(&of("fails")));
}

#[test]
fn all_formats_are_written_for_other_readers() {
    let Some(folder) = std::env::var_os("FORMATS") else {
        return;
    };
    for made in GATES.iter() {
        let write = |kind: &str, text: String| {
            std::fs::write(Path::new(&folder).join(format!("{}.{kind}", made.name)), text).unwrap();
        };
        write("junit.xml", junit(&made.gate));
        write("gitlab.json", gitlab(&made.gate, POLICY).unwrap());
        write("sarif.json", sarif(&made.gate, POLICY).unwrap());
        write("metrics.txt", openmetrics(&made.gate));
    }
}
