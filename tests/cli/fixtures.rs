//! What the command says about the fixtures with no flags at all, and that it always says the same.

use serde_json::Value;

use crate::harness::{Room, repository};

/// The fixtures, the status of an audit without flags, and the columns that it takes.
const FIXTURES: [(&str, i32, &str, &[&str]); 4] = [
    ("vendor-export", 1, "Recommended", &["Region", "Gender", "Ethnicity"]),
    ("berkeley", 1, "decision", &["gender"]),
    ("compas", 1, "high_risk", &["race", "sex", "age_cat"]),
    ("dcwp-example-2", 4, "above_median", &["sex", "race_ethnicity"]),
];

fn path(fixture: &str) -> String {
    repository(&format!("fixtures/{fixture}.csv"))
        .to_str()
        .unwrap()
        .to_owned()
}

fn has(value: &Value, keys: &[&str], place: &str) {
    for key in keys {
        assert!(value.get(key).is_some(), "{place} has no `{key}`: {value}");
    }
}

#[test]
fn audits_need_no_flags() {
    let room = Room::new();
    for (fixture, status, decision, protected) in FIXTURES {
        let path = path(fixture);
        let ran = room.run(&["audit", &path]);
        assert_eq!((ran.status, ran.stderr.as_str()), (status, ""), "{fixture}");
        let first = if status == 1 { "FAIL: " } else { "INCONCLUSIVE: " };
        assert!(ran.stdout.starts_with(first), "{fixture}: {}", ran.stdout);
        let said: String = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains(&format!("`{decision}` was taken for the decision: ")),
            "{fixture}"
        );
        for column in protected {
            assert!(
                said.contains(&format!("`{column}` was taken for a protected attribute: ")),
                "{fixture}"
            );
            assert!(said.contains(&format!("(--protected {column})")), "{fixture}");
        }
        let text_fits = |line: &str| line.chars().count() <= 80;
        assert!(
            ran.stdout.lines().all(text_fits),
            "{fixture} is wider than a terminal:\n{}",
            ran.stdout
        );
    }
}

#[test]
fn the_json_keeps_its_contract() {
    let room = Room::new();
    for (fixture, status, decision, protected) in FIXTURES {
        let ran = room.run(&["audit", &path(fixture), "--format", "json"]);
        assert_eq!(ran.status, status, "{fixture}");
        let audit: Value = serde_json::from_str(&ran.stdout).unwrap();
        let keys = [
            "schema_version",
            "verdict",
            "data",
            "roles",
            "policy",
            "rates",
            "findings",
            "tests",
            "series",
            "sensitivity",
            "notes",
            "provenance",
        ];
        has(&audit, &keys, fixture);
        assert_eq!(audit["schema_version"], 1);
        assert_eq!(audit["verdict"], if status == 1 { "fail" } else { "inconclusive" });
        has(&audit["data"], &["rows_read", "rows_counted", "excluded"], "data");
        assert_eq!(audit["roles"]["prediction"]["column"], decision);
        assert_eq!(audit["roles"]["protected"], Value::from(protected.to_vec()));
        for rate in audit["rates"].as_array().unwrap() {
            has(rate, &["by", "group", "n", "values"], "a rate");
            let value = &rate["values"]["selection-rate"];
            if value.get("undefined").is_none() {
                has(
                    value,
                    &["numerator", "denominator", "point", "lower", "upper"],
                    "a value",
                );
            }
        }
        assert_eq!(audit["rates"][0]["by"], Value::Array(Vec::new()), "overall comes first");
        for finding in audit["findings"].as_array().unwrap() {
            let keys = [
                "criterion",
                "rate",
                "comparison",
                "by",
                "group",
                "reference",
                "point",
                "lower",
                "upper",
                "confidence",
                "bound",
                "method",
                "p_breach",
                "p_breach_adjusted",
                "p_comply",
                "family",
                "detectable",
                "rows_to_settle",
                "outcome",
                "why",
                "level",
            ];
            has(finding, &keys, "a finding");
        }
        for note in audit["notes"].as_array().unwrap() {
            has(note, &["code", "severity", "message", "help"], "a note");
        }
        let provenance = &audit["provenance"];
        has(
            provenance,
            &["tool", "version", "seed", "policy_hash", "tally_hash", "inputs"],
            "provenance",
        );
        let input = &provenance["inputs"][0];
        assert_eq!(input["name"], format!("{fixture}.csv"), "a name and no path");
        assert_eq!(input["sha256"].as_str().map(str::len), Some(64));
        assert!(
            !ran.stdout.contains(repository("").to_str().unwrap()),
            "no path of this computer is in the result"
        );
    }
}

#[test]
fn threads_and_repetition_change_no_byte() {
    let room = Room::new();
    for (fixture, ..) in FIXTURES {
        let path = path(fixture);
        for format in ["table", "markdown", "json"] {
            let args = ["audit", path.as_str(), "--format", format];
            let first = room.run(&args).stdout;
            assert_eq!(room.run(&args).stdout, first, "{fixture} {format}");
            for threads in ["1", "2", "5"] {
                let again = room.run_with("RAYON_NUM_THREADS", threads, &args).stdout;
                assert_eq!(again, first, "{fixture} {format} with {threads} threads");
            }
        }
    }
}

#[test]
fn a_tally_gives_the_verdict_of_its_file() {
    let room = Room::new();
    for (fixture, status, ..) in FIXTURES {
        let path = path(fixture);
        let tally = room.run(&["tally", &path, "-o", "a.tally.json"]);
        assert_eq!(
            (tally.status, tally.stdout.as_str()),
            (0, ""),
            "{fixture}: {}",
            tally.stderr
        );
        let json = |path: &str| -> Value {
            let ran = room.run(&["audit", path, "--format", "json"]);
            assert_eq!(ran.status, status, "{fixture}");
            serde_json::from_str(&ran.stdout).unwrap()
        };
        let (mut of_file, mut of_tally) = (json(&path), json("a.tally.json"));
        for audit in [&mut of_file, &mut of_tally] {
            // The tally was given its roles, where the file's were guessed.
            audit["provenance"]["inputs"].take();
            audit["provenance"]["policy_hash"].take();
            audit["policy"].take();
            let notes = audit["notes"].as_array_mut().unwrap();
            notes.retain(|note| !note["code"].as_str().unwrap().starts_with("role-"));
        }
        let keys: Vec<&String> = of_file.as_object().unwrap().keys().collect();
        for key in keys {
            let sorted = |audit: &Value| match (key.as_str(), &audit[key]) {
                // A tally keeps its columns sorted, so groups may come in another order.
                ("rates" | "findings" | "notes" | "tests" | "practical", Value::Array(items)) => {
                    let mut items: Vec<String> = items.iter().map(Value::to_string).collect();
                    items.sort();
                    items
                }
                (_, value) => vec![value.to_string()],
            };
            if key != "roles" {
                assert_eq!(sorted(&of_file), sorted(&of_tally), "{fixture}: {key}");
            }
        }
    }
}

#[test]
fn parquet_and_csv_say_the_same() {
    let room = Room::new();
    for file in ["pyarrow", "pyarrow-v2-delta", "duckdb", "polars"] {
        let path = repository(&format!("crates/evenhand-source/tests/data/{file}.parquet"));
        let path = path.to_str().unwrap();
        let ran = room.run(&["audit", path, "--prediction", "hired", "--protected", "sex"]);
        assert!(matches!(ran.status, 0 | 1 | 4), "{file}: {}", ran.stderr);
        assert!(ran.stdout.contains("rows read"), "{file}");
        assert_eq!(room.run(&["inspect", path]).status, 0);
        let bad = room.run(&["audit", path, "--prediction", "hird", "--protected", "sex"]);
        assert_eq!(bad.status, 2);
        assert!(bad.stderr.contains("did you mean `hired`?"), "{}", bad.stderr);
    }
}

#[test]
fn inspecting_shows_every_column_on_one_line() {
    let room = Room::new();
    for (fixture, _, decision, protected) in FIXTURES {
        let path = path(fixture);
        let ran = room.run(&["inspect", &path]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{fixture}");
        assert!(!ran.stdout.lines().any(|line| line.ends_with(' ')), "{fixture}");
        let wide: Vec<&str> = ran
            .stdout
            .lines()
            .filter(|line| line.chars().count() > 80 && !line.contains(&path))
            .collect();
        assert!(wide.is_empty(), "{fixture}: {wide:?}");
        assert!(
            ran.stdout.contains(&format!("{decision} for the decision")),
            "{fixture}"
        );
        assert!(ran.stdout.contains("evenhand audit "), "{fixture}");
        // What it says to pin is what the audit takes.
        let said: String = ran
            .stdout
            .replace(" \\\n", " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let start = said.find("Pin this with evenhand audit ").unwrap() + "Pin this with evenhand ".len();
        let end = said.find(" Not taken").unwrap_or(said.len());
        let pinned: Vec<&str> = said[start..end].split(' ').collect();
        assert!(pinned.contains(&protected.join(",").as_str()), "{pinned:?}");
        let (guessed, pinned) = (
            room.run(&["audit", &path, "-q"]),
            room.run(&[&pinned[..], &["-q"]].concat()),
        );
        assert_eq!(
            (guessed.status, guessed.stdout),
            (pinned.status, pinned.stdout),
            "{fixture}"
        );
    }
    // Letters that are two columns wide.
    let japanese = room.run(&["inspect", &path("exports/truth/japanese")]).stdout;
    let rule = japanese
        .lines()
        .map(|line| line.chars().filter(|c| *c == '─').count())
        .max();
    assert!(rule.is_some_and(|rule| (60..=80).contains(&rule)), "{japanese}");
    let vendor = room.run(&["inspect", &path("vendor-export")]).stdout;
    assert!(vendor.contains("00680"), "codes keep their zeros: {vendor}");
}
