//! The policy file: its schema, its reference and every policy of the repository.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use evenhand::Policy;
use evenhand::measure::policy::keys::{KEYS, SECTIONS};
use evenhand::measure::policy::{parse, presets, schema};
use serde_json::Value;

#[path = "formats/schema.rs"]
mod checker;

use checker::Schema;

fn root() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .canonicalize()
        .unwrap()
}

/// Compares a file of the repository with what it is generated from, or writes it with `UPDATE_GENERATED`.
fn assert_fresh(path: &str, expected: &str) {
    let path = root().join(path);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is not up to date\nrun UPDATE_GENERATED=1 cargo test --workspace",
        path.display()
    );
}

#[test]
fn the_schema_and_the_reference_are_up_to_date() {
    assert_fresh("schema/policy.schema.json", &schema());
    assert_fresh("docs/policy.md", &evenhand_report::policy_markdown());
}

fn validator() -> Schema {
    Schema::of(serde_json::from_str(&schema()).unwrap())
}

/// A policy as those see it who check TOML by a JSON Schema: days are texts.
fn as_json(text: &str) -> Value {
    fn json(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(n) => n.into(),
            toml::Value::Float(n) => n.into(),
            toml::Value::Boolean(flag) => flag.into(),
            toml::Value::Datetime(day) => day.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(json).collect(),
            toml::Value::Table(table) => {
                Value::Object(table.into_iter().map(|(key, item)| (key, json(item))).collect())
            }
        }
    }
    let table: toml::Table = toml::from_str(text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    json(toml::Value::Table(table))
}

fn assert_right(validator: &Schema, name: &str, text: &str) {
    if let Err(problems) = parse(name, text) {
        panic!("{name}: {problems:?}\n{text}");
    }
    let wrong = validator.problems(&as_json(text));
    assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{text}");
}

/// The TOML in a page of the documentation.
fn blocks(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    let parts = text.split("```toml\n").skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn every_policy_of_the_repository_is_read_and_fits_the_schema() {
    let validator = validator();
    let mut files = vec![root().join("fixtures/letterhead/evenhand.toml")];
    let folder = root().join("crates/evenhand-measure/src/policy/presets");
    files.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    assert!(files.len() > presets().len());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // What comes before says what a preset is.
        let text = text
            .split_once("\n# The policy\n")
            .map_or(text.as_str(), |(_, policy)| policy);
        assert_right(&validator, &file.display().to_string(), text);
    }
    let in_docs = blocks("docs/policy.md");
    assert!(in_docs.len() >= 2);
    for block in in_docs {
        assert_right(&validator, "docs/policy.md", &block);
    }
    for preset in presets() {
        assert_right(&validator, &preset.id, &preset.policy.in_full());
        assert_right(&validator, &preset.id, &preset.policy.to_toml());
    }
    assert_right(&validator, "the usual one", &Policy::default().in_full());
    assert_right(&validator, "an empty one", "");
}

/// Mistakes, and whether the schema can tell: what depends on other values, on the calendar or on arithmetic it cannot.
const WRONG: &[(&str, bool)] = &[
    ("colour = 1", true),
    ("preset = 'll145'", true),
    ("roles = 1", true),
    ("[rolse]\nprediction = 'x'", true),
    ("[roles]\npredction = 'hired'", true),
    ("[roles]\nprotected = 'sex'", true),
    ("[roles]\nprotected = [1]", true),
    ("[roles]\nintersections = ['sex']", true),
    ("[roles]\nthreshold = 'mean'", true),
    ("[roles]\nintersect-all = 'yes'", true),
    ("[data]\ndelimiter = ';;'", true),
    ("[data]\ndecimal = 'dot'", true),
    ("[data]\nheader-row = -1", true),
    ("[data]\nheader-row = 1.5", true),
    ("[data]\nfiles = 'a.csv'", true),
    ("[[data.join]]\nfile = 'u.csv'", true),
    ("[data.join]\nfile = 'u.csv'\non = 'id'", true),
    ("[values]\nadverse = 'no'", true),
    ("[values.map.sex]\nF = 1", true),
    ("[values.map]\nsex = 'F'", true),
    ("[bins]\nage = []", true),
    ("[bins]\nage = ['a']", true),
    ("[bins]\nage = 'sixths'", true),
    ("[bins]\nage = [2, 1]", false),
    ("[lists]\nattention = 'rbp:1.5'", true),
    ("[lists]\ntarget = 'shares'", true),
    ("[lists]\ncutoffs = [0]", true),
    ("[lists.shares.region]\nNorth = 0.5", false),
    ("[lists.shares.region]\nNorth = -0.5\nSouth = 1.5", true),
    ("[amounts]\nscale = 'linear'", true),
    ("[scores]\nbins = 0", true),
    ("[inference]\nconfidence = 2", true),
    ("[inference]\nconfidence = 0.4", true),
    ("[inference]\njudge = 'magic'", true),
    ("[inference]\nmin-denominator = -1", true),
    ("[inference]\nreplicates = 99", true),
    ("[inference]\nadjust-warnings = 'bonferroni'", true),
    ("[inference.methods]\nrate = 'wald'", true),
    ("[inference.methods]\nratio = 'wilson'", true),
    ("[inference.reference]\nrace = 1", true),
    ("[publication]\nexclude-below = 0.5", true),
    ("[publication]\nexclude-below = 0", true),
    ("[[check]]\nbound = 0.8", true),
    ("[[check]]\ncriterion = 'disparate-imact'", true),
    ("[[check]]\ncriterion = 'disparate-impact'\nbound = 1.2", true),
    ("[[check]]\ncriterion = 'disparate-impact'\nbound = 0", true),
    ("[[check]]\ncriterion = 'statistical-parity'\nbound = 1", true),
    ("[[check]]\ncriterion = 'disparate-impact'\nlevel = 'fatal'", true),
    (
        "[[check]]\ncriterion = 'disparate-impact'\nbound = 0.8\npass-mark = false",
        true,
    ),
    (
        "[[check]]\ncriterion = 'disparate-impact'\non-inconclusive = 'warn'",
        true,
    ),
    ("[[check]]\ncriterion = 'disparate-impact'\nby = ['sex']", true),
    (
        "[[check]]\ncriterion = 'disparate-impact'\n[[check]]\ncriterion = 'four-fifths'",
        false,
    ),
    ("[check]\ncriterion = 'disparate-impact'", true),
    ("[baseline]\ntolerance = 1", true),
    ("[baseline]\nalpha = 0.5", true),
    ("[baseline]\nvanished = 'warn'", true),
    ("[[waiver]]\ncheck = 'disparate-impact'", true),
    (
        "[[waiver]]\ncheck = 'disparate-impact'\ngroup = {}\nreason = 'r'\nowner = 'o'\nexpires = 2027-01-01",
        true,
    ),
    (
        "[[waiver]]\ncheck = 'disparate-impact'\ngroup = { a = 'b' }\nreason = ' '\nowner = 'o'\nexpires = 2027-01-01",
        true,
    ),
    (
        "[[waiver]]\ncheck = 'disparate-impact'\ngroup = { a = 'b' }\nreason = 'r'\nowner = 'o'",
        true,
    ),
    (
        "[[waiver]]\ncheck = 'disparate-impact'\ngroup = { a = 'b' }\nreason = 'r'\nowner = 'o'\nexpires = 'soon'",
        true,
    ),
    (
        "[[waiver]]\ncheck = 'disparate-impact'\ngroup = { a = 'b' }\nreason = 'r'\nowner = 'o'\nexpires = '2027-02-30'",
        false,
    ),
    (
        "[[waiver]]\ncheck = 'statistical-parity'\ngroup = { a = 'b' }\nreason = 'r'\nowner = 'o'\nexpires = 2027-01-01\n\
         ceiling = 1",
        true,
    ),
    ("[report]\ntitel = 'x'", true),
    ("[report]\nclient = ' '", true),
    ("[report]\nnumber = 7", true),
    ("[report]\nconfidentiality = \"a\\nb\"", true),
    ("[report]\naccent = 'red'", true),
    ("[report]\naccent = '#ffcc00'", false),
    ("[report]\ndata-kind = 'real'", true),
    ("[[report.section]]\ntext = 'x'", true),
    ("[[report.section]]\ntitle = 'z'", true),
    ("[[report.section]]\ntitle = 'z'\ntext = 'x'\nfile = 'y'", true),
    ("[[report.section]]\ntitle = 'z'\ntext = 'x'\ntxt = 'y'", true),
];

#[test]
fn mistakes_are_refused_by_the_program_and_by_the_schema() {
    let validator = validator();
    let mut wrong = Vec::new();
    for (text, can_schema_tell) in WRONG {
        match parse("p.toml", text) {
            Ok(_) => wrong.push(format!("the program takes\n{text}")),
            Err(problems) => {
                let is_placed = |message: &str| message.contains("line ") && message.contains("column ");
                for problem in problems.iter().filter(|problem| !is_placed(&problem.message)) {
                    wrong.push(format!("no place is named: {problem}"));
                }
            }
        }
        if validator.problems(&as_json(text)).is_empty() == *can_schema_tell {
            wrong.push(format!("the schema should tell: {can_schema_tell}\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    // Those that another hides are not counted twice: one table of each kind.
    let text = "preset = 'll145'\ncolour = 1\n[data]\ndecimal = 'dot'\n[roles]\npredction = 'x'\n[values]\nadverse = 1\n\
        [bins]\nage = [2, 1]\n[lists]\nattention = 'x'\n[amounts]\nscale = 'x'\n[scores]\nbins = 0\n[inference]\njudge = 'x'\n\
        [publication]\nexclude-below = 1\n[[check]]\ncriterion = 'x'\n[baseline]\nalpha = 1\n[[waiver]]\ncheck = 'x'\n\
        group = { a = 'b' }\nreason = 'r'\nowner = 'o'\nexpires = 2027-01-01\n[report]\nnumber = 7\n";
    let problems = parse("p.toml", text).unwrap_err();
    let lines: Vec<usize> = problems
        .iter()
        .map(|problem| {
            let (_, rest) = problem.message.split_once("line ").unwrap();
            rest.split(',').next().unwrap().parse().unwrap()
        })
        .collect();
    assert_eq!(
        lines,
        [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 32],
        "{problems:#?}"
    );
}

#[test]
fn the_reference_has_every_key_and_no_other() {
    let page = std::fs::read_to_string(root().join("docs/policy.md")).unwrap();
    let mut section = String::new();
    let mut found = BTreeSet::new();
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.to_owned();
        }
        let mut cells = line.split(" | ");
        let name = cells.next().unwrap().trim_start_matches("| ");
        if cells.count() == 4 && (name.starts_with('`') || name == "any name") {
            found.insert((section.clone(), name.trim_matches('`').to_owned()));
        }
    }
    let title = |path: &str| match SECTIONS.iter().find(|row| row.path == path) {
        Some(row) => format!("`{}`", row.title()),
        None => "Before the first table".to_owned(),
    };
    let name = |name: &str| {
        if name == "*" {
            "any name".to_owned()
        } else {
            name.to_owned()
        }
    };
    let rows: BTreeSet<(String, String)> = KEYS.iter().map(|key| (title(key.section), name(key.name))).collect();
    assert_eq!(found, rows);
}
