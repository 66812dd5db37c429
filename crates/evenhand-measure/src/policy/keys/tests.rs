use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::policy::{Policy, parse, schema};

/// A policy with a table in it, all that this table needs, and `line` in it.
fn within(section: &str, line: &str) -> String {
    let Some(row) = SECTIONS.iter().find(|row| row.path == section) else {
        return format!("{line}\n");
    };
    let mut text = String::new();
    if parent(section) == "waiver" {
        text.push_str(&within("waiver", ""));
        text = text.replace("group = { race = \"Hispanic\" }\n", "");
    }
    if section == "lists.shares.*" {
        // The shares of a column are 1 together.
        return format!("[lists.shares.COLUMN]\nPlains = 0.4\n{line}\n");
    }
    text.push_str(&format!("{}\n{line}\n", row.title()));
    let name = line.split(" = ").next().unwrap();
    for key in keys_of(section).filter(|key| key.usual == Usual::Required && key.name != name) {
        text.push_str(&format!("{}\n", key.line()));
    }
    match section {
        "waiver" => text.push_str("group = { race = \"Hispanic\" }\n"),
        "report.section" if name != "file" && name != "text" => text.push_str("text = \"x\"\n"),
        _ => {}
    }
    text
}

/// A value of the parsed policy, by the place of a key.
fn said(policy: &Policy, section: &str, name: &str) -> Option<Value> {
    let root = Value::Object(policy.as_written());
    let mut parts = section.split('.').filter(|part| !part.is_empty());
    let table = parts.try_fold(&root, |table, part| {
        let inner = table.get(if part == "*" { "COLUMN" } else { part })?;
        inner.as_array().map_or(Some(inner), |items| items.first())
    })?;
    table.get(name).cloned()
}

fn as_json(toml: &str) -> Value {
    let document = toml::de::DeTable::parse(toml).unwrap();
    let value = document.get_ref().iter().next().unwrap().1.get_ref().clone();
    fn json(value: &toml::de::DeValue<'_>) -> Value {
        use toml::de::DeValue;
        match value {
            DeValue::String(text) => text.to_string().into(),
            DeValue::Integer(_) | DeValue::Float(_) => {
                let text = match value {
                    DeValue::Integer(n) => n.as_str().to_owned(),
                    DeValue::Float(n) => n.as_str().to_owned(),
                    _ => unreachable!(),
                };
                serde_json::from_str(&text).unwrap()
            }
            DeValue::Boolean(flag) => (*flag).into(),
            DeValue::Datetime(day) => day.to_string().into(),
            DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
            DeValue::Table(_) => unreachable!(),
        }
    }
    json(&value)
}

/// Numbers are the same however they are written.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        _ => a == b || (a.is_number() && a.as_f64() == b.as_f64()),
    }
}

#[test]
fn every_example_is_read_and_does_what_it_says() {
    for key in KEYS {
        let text = within(key.section, &key.line());
        let policy = parse("p.toml", &text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
        let line = key.line();
        let (name, _) = line.split_once(" = ").unwrap();
        let found = said(&policy, key.section, name).unwrap_or_else(|| panic!("{} is not said by\n{text}", key.path()));
        // A name of a method or criterion may be one of several.
        let is_of_catalogue = matches!(key.takes, Takes::Method(_) | Takes::Criterion);
        assert!(
            is_same(&found, &as_json(&line)) || is_of_catalogue,
            "{}: {found}",
            key.path()
        );
        // An example shows something else than what holds anyway.
        if let Usual::Is(usual) = key.usual {
            assert_ne!(usual, key.example, "{}", key.path());
            let usual = within(key.section, &format!("{} = {usual}", key.name));
            let silent = within(key.section, "");
            assert_eq!(
                parse("p", &usual).unwrap(),
                parse("p", &silent).unwrap(),
                "{}",
                key.path()
            );
        }
    }
}

/// What the parser knows of a table, in its own words: its advice on a key that is like none.
fn known_to_the_parser(section: &str) -> BTreeSet<String> {
    let text = within(section, "q0q0q0q0 = 1");
    let problems = parse("p.toml", &text).unwrap_err();
    let about = problems
        .iter()
        .find(|problem| problem.message.contains("has no key `q0q0q0q0`"));
    let help = &about.unwrap_or_else(|| panic!("{section}: {problems:?}")).help;
    let (_, list) = help.split_once(" knows ").unwrap();
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The keys and tables right in a table, of the rows.
fn rows_of(section: &str) -> BTreeSet<String> {
    let tables = sections_in(section).map(|row| row.path.rsplit('.').next().unwrap());
    keys_of(section)
        .map(|key| key.name)
        .chain(tables)
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_parser_the_rows_and_the_schema_know_the_same_keys() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let tables = std::iter::once("").chain(SECTIONS.iter().map(|row| row.path));
    for path in tables {
        let rows = rows_of(path);
        assert!(!rows.is_empty(), "{path}");
        let mut place = &schema;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            place = match part {
                "*" => &place["additionalProperties"],
                part => &place["properties"][part],
            };
            if place["type"] == "array" {
                place = &place["items"];
            }
        }
        let mut in_schema: BTreeSet<String> = place["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        if place["additionalProperties"] != Value::Bool(false) {
            in_schema.insert("*".to_owned());
        }
        assert_eq!(in_schema, rows, "the schema, {path}");
        if !rows.contains("*") {
            assert_eq!(known_to_the_parser(path), rows, "the parser, {path}");
        }
    }
}

#[test]
fn what_is_misplaced_is_told_its_place() {
    for (text, help) in [
        ("prediction = 'hired'", "`prediction` belongs under [roles]"),
        ("[roles]\nconfidence = 0.9", "`confidence` belongs under [inference]"),
        (
            "[data]\nlevel = 'warn'",
            "`level` belongs under [[check]] or [baseline]",
        ),
        ("[roles]\npredction = 'hired'", "did you mean `prediction`?"),
        ("[inferense]\nseed = 1", "did you mean `inference`?"),
    ] {
        let problems = parse("p.toml", text).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.help == help),
            "{text}: {problems:?}"
        );
    }
}

#[test]
fn a_file_goes_on_from_the_preset_that_it_names() {
    let strict = parse("p", "preset = \"strict\"").unwrap();
    assert_eq!(strict, crate::policy::find_preset("strict").unwrap().policy);
    let own = parse(
        "p",
        "preset = 'll144'\n[roles]\nprediction = 'hired'\n[publication]\nexclude-below = 0.02",
    )
    .unwrap();
    assert!(own.roles.intersect_all && own.checks.iter().all(|check| check.bound.is_none()));
    assert_eq!(own.publication.unwrap().exclude_below, Some(0.02));
    let problem = |text: &str, base: Policy| crate::policy::parse_onto(base, "p", text).unwrap_err().remove(0);
    let none = problem("preset = 'll145'", Policy::default());
    assert!(
        none.message.contains("line 1, column 10: there is no preset `ll145`"),
        "{none}"
    );
    assert_eq!(none.help, "did you mean `ll144`?");
    let two = problem("preset = 'll144'", strict.clone());
    assert!(two.message.contains("and `strict` was asked for"), "{two}");
    assert_eq!(
        crate::policy::parse_onto(strict.clone(), "p", "preset = 'strict'").unwrap(),
        strict
    );
}

#[test]
fn what_a_file_leaves_unsaid_stays_as_its_ground_has_it() {
    // Every key but one is said by the ground, and that one by the file.
    for key in KEYS
        .iter()
        .filter(|key| !matches!(key.section, "" | "check" | "waiver" | "waiver.group" | "data.join"))
    {
        if key.section.starts_with("report") {
            continue;
        }
        let ground = parse("p", &within(key.section, &key.line())).unwrap();
        let other = keys_of(key.section).find(|other| other.name != key.name && other.name != "*");
        let Some(other) = other else { continue };
        let both = crate::policy::parse_onto(ground, "p", &within(other.section, &other.line())).unwrap();
        assert!(
            said(&both, key.section, key.name).is_some(),
            "{} was forgotten",
            key.path()
        );
    }
}
