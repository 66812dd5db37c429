//! Files that are generated stay what they are generated from. `UPDATE_GENERATED=1 cargo test --test generated`
//! writes them anew. `reports/` has PDFs as well, which need `-p evenhand-cli --features pdf`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "generated/index.rs"]
mod index;
#[path = "generated/samples.rs"]
mod samples;

use std::path::{Path, PathBuf};
use std::process::Command;

use samples::SAMPLES;

fn root() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .canonicalize()
        .unwrap()
}

/// Compares, or writes with `UPDATE_GENERATED`; returns what differs.
fn check(path: &Path, expected: &[u8]) -> Option<String> {
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, expected).unwrap();
        return None;
    }
    let found = std::fs::read(path).unwrap_or_default();
    (found != expected).then(|| format!("{} is not up to date", path.display()))
}

fn assert_fresh(stale: Vec<String>) {
    assert!(
        stale.is_empty(),
        "{}\nrun UPDATE_GENERATED=1 cargo test --workspace",
        stale.join("\n")
    );
}

fn evenhand(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap()
}

#[test]
fn reports_do_not_depend_on_threads() {
    let run = |threads: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .args([
                "audit",
                "fixtures/vendor-export.csv",
                "--simultaneous",
                "--format",
                "json",
            ])
            .env("RAYON_NUM_THREADS", threads)
            .current_dir(root())
            .output()
            .unwrap();
        output.stdout
    };
    assert_eq!(run("1"), run("4"));
}

#[test]
fn the_measures_are_up_to_date() {
    let text = evenhand_report::measures_markdown();
    for entry in evenhand::measure::catalogue::entries() {
        assert!(
            text.contains(&format!("`{}`", entry.id())),
            "{} is in the page",
            entry.id()
        );
    }
    assert_fresh(
        check(&root().join("docs/measures.md"), text.as_bytes())
            .into_iter()
            .collect(),
    );
}

/// What a value lacks or has too much of, by the schema's `$ref`, `anyOf`, `required`, `properties` and `items`.
fn unlike(schema: &serde_json::Value, root: &serde_json::Value, value: &serde_json::Value, at: &str) -> Vec<String> {
    use serde_json::Value;
    if let Some(Value::String(reference)) = schema.get("$ref") {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return unlike(target, root, value, at);
    }
    if let Some(Value::Array(options)) = schema.get("anyOf").or_else(|| schema.get("oneOf")) {
        let tried: Vec<Vec<String>> = options.iter().map(|option| unlike(option, root, value, at)).collect();
        return match tried.iter().any(Vec::is_empty) {
            true => Vec::new(),
            false => tried.into_iter().flatten().collect(),
        };
    }
    let mut found = Vec::new();
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = types.is_empty() || types.contains(&is) || (is == "number" && types.contains(&"integer"));
    if !fits {
        return vec![format!("{at} is {is}, not {types:?}")];
    }
    if let (Value::Object(object), Some(properties)) = (value, schema.get("properties")) {
        for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !object.contains_key(required.as_str().unwrap()) {
                found.push(format!("{at} lacks {required}"));
            }
        }
        for (key, inner) in object {
            match properties.get(key) {
                Some(property) => found.extend(unlike(property, root, inner, &format!("{at}/{key}"))),
                None => found.push(format!("{at} has {key}, which the schema does not know")),
            }
        }
    } else if let (Value::Object(object), Some(of_all)) = (value, schema.get("additionalProperties")) {
        for (key, inner) in object {
            found.extend(unlike(of_all, root, inner, &format!("{at}/{key}")));
        }
    }
    if let (Value::Array(items), Some(of_all)) = (value, schema.get("items")) {
        for (index, item) in items.iter().enumerate() {
            found.extend(unlike(of_all, root, item, &format!("{at}/{index}")));
        }
    }
    found
}

#[test]
fn every_report_keeps_to_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&evenhand::measure::audit::schema()).unwrap();
    for report in &SAMPLES {
        let input = format!("fixtures/{}.csv", report.fixture);
        let mut arguments = vec!["audit", &input, "--format", "json"];
        arguments.extend(report.flags);
        let output = evenhand(&arguments);
        let audit: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            unlike(&schema, &schema, &audit, ""),
            Vec::<String>::new(),
            "{}",
            report.name
        );
        // A check that cannot fail is none.
        let mut less = audit.clone();
        less["findings"][0].as_object_mut().unwrap().remove("criterion");
        assert!(!unlike(&schema, &schema, &less, "").is_empty());
    }
}

#[test]
fn the_schema_is_up_to_date() {
    let text = evenhand::measure::audit::schema();
    assert_fresh(
        check(&root().join("schema/audit.schema.json"), text.as_bytes())
            .into_iter()
            .collect(),
    );
}

/// A page with what its commands print now. Below `<!-- report: FILE FLAGS -->` stands what `evenhand audit FILE FLAGS`
/// prints, down to the first table of groups that the page leaves out.
fn with_reports(page: &str) -> String {
    let mut parts = page.split("<!-- report: ");
    let mut fresh = parts.next().unwrap().to_owned();
    for part in parts {
        let (words, rest) = part.split_once(" -->").unwrap();
        let (before, rest) = rest.split_once("```text\n").unwrap();
        let (shown, after) = rest.split_once("\n```").unwrap();
        let is_table = |paragraph: &str| paragraph.starts_with("Groups by ");
        let mut left = shown.split("\n\n").filter(|paragraph| is_table(paragraph)).count();
        let arguments: Vec<&str> = std::iter::once("audit").chain(words.split(' ')).collect();
        let output = evenhand(&arguments);
        assert_eq!(output.status.code(), Some(1), "{words}");
        let printed = String::from_utf8(output.stdout).unwrap();
        let first: Vec<&str> = printed
            .split("\n\n")
            .take_while(|paragraph| {
                let goes_on = left > 0 || !is_table(paragraph);
                left -= usize::from(goes_on && is_table(paragraph));
                goes_on
            })
            .collect();
        assert!(first.concat().starts_with("FAIL: "), "{words}: {printed}");
        fresh.push_str(&format!(
            "<!-- report: {words} -->{before}```text\n{}\n```{after}",
            first.join("\n\n").trim_end()
        ));
    }
    fresh
}

/// The README shows what its commands print, and names the flags that there are.
#[test]
fn the_readme_is_true() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let fresh = with_reports(&readme);
    assert!(fresh.matches("<!-- report: ").count() >= 4 && fresh.matches("Groups by ").count() >= 1);
    assert_fresh(check(&path, fresh.as_bytes()).into_iter().collect());
    let commands: [&[&str]; 9] = [
        &["audit"],
        &["check"],
        &["init"],
        &["inspect"],
        &["tally"],
        &["baseline", "create"],
        &["baseline", "update"],
        &["history", "add"],
        &["history", "show"],
    ];
    let help: String = commands
        .iter()
        .map(|command| String::from_utf8(evenhand(&[command, &["--help"][..]].concat()).stdout).unwrap())
        .collect();
    let flags = readme
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| word.starts_with("--") && !word.starts_with("---"));
    for flag in flags.filter(|flag| !["--", "--workspace", "--path", "--locked", "--features"].contains(flag)) {
        assert!(help.contains(flag), "`{flag}` in the README is a flag of some command");
    }
}
