//! This module writes a gate's answer as SARIF 2.1.0, which code scanning shows beside the policy file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use evenhand_measure::gate::{Gate, Result, State, WaiverRead};
use evenhand_measure::policy::Level;
use serde::Serialize;

use super::Line;
use super::said::{WHOLE, fingerprint, for_review, path};
use crate::safe;
use crate::words;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Entry>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: String,
    version: String,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Text,
    full_description: Text,
    help: Text,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    rule_id: String,
    rule_index: usize,
    kind: &'static str,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

/// The answer as SARIF. Data have no lines of code, so every result is at the policy file, whose path is relative to the
/// repository: at its check, a waived one at its waiver.
///
/// # Errors
/// When the log cannot be written as JSON, which none that the engine makes is.
pub fn sarif(gate: &Gate, policy_path: &str) -> serde_json::Result<String> {
    let lines = for_review(gate);
    let mut ids: Vec<&str> = lines.iter().map(|line| line.rule.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let uri = uri(policy_path);
    let results = lines
        .iter()
        .map(|line| entry(line, gate, ids.binary_search(&line.rule.as_str()).unwrap_or(0), &uri))
        .collect();
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: gate.audit.provenance.tool.clone(),
                    version: gate.audit.provenance.version.clone(),
                    rules: ids.into_iter().map(rule).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    let mut text = safe::json(&serde_json::to_string_pretty(&log)?);
    text.push('\n');
    Ok(text)
}

fn entry(line: &Line, gate: &Gate, rule_index: usize, uri: &str) -> Entry {
    let (kind, level) = match (line.result, line.level) {
        (Result::Fail, Level::Error) => ("fail", "error"),
        (Result::Fail, _) => ("fail", "warning"),
        // Not every reader knows of suppressions; those that do not should stop nobody.
        (Result::Waived, _) => ("fail", "note"),
        // Only a failure may have a level.
        (Result::Open, _) => ("open", "none"),
        (Result::Allowed | Result::NotJudged, _) => ("informational", "none"),
        (Result::Pass, _) => ("pass", "none"),
    };
    let waiver = line.waiver.and_then(|at| gate.waivers.get(at));
    Entry {
        rule_id: line.rule.clone(),
        rule_index,
        kind,
        level,
        message: Text {
            text: message(&line.sentence),
        },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri.to_owned() },
                region: Region {
                    start_line: line.line.unwrap_or(1),
                },
            },
        }],
        partial_fingerprints: BTreeMap::from([("evenhand/v1", fingerprint(&line.key))]),
        suppressions: waiver.map(suppression).into_iter().collect(),
    }
}

fn suppression(waiver: &WaiverRead) -> Suppression {
    Suppression {
        kind: "external",
        status: match waiver.state {
            State::Used => "accepted",
            State::Unused | State::Expired | State::Exceeded => "rejected",
        },
        justification: format!(
            "{} ({}, until {})",
            words::long(&waiver.reason),
            words::name(&waiver.owner),
            waiver.expires
        ),
    }
}

/// A rule, in words of the catalogue.
fn rule(id: &str) -> Rule {
    let (short, full, help) = match (id, id.strip_suffix("-regression")) {
        (WHOLE, _) => (
            "The gate as a whole".to_owned(),
            "Something that is not listed one by one keeps the gate shut: comparisons beyond those listed, or nothing that \
             could be judged."
                .to_owned(),
            "`evenhand check` prints the reasons.".to_owned(),
        ),
        ("waiver", _) => (
            "Waiver that asks for somebody".to_owned(),
            "A waiver covers nothing, has expired, or no longer holds because the disparity lies past its ceiling."
                .to_owned(),
            "Take the waiver out of the policy file, or renew it on purpose.".to_owned(),
        ),
        ("group-vanished", _) => (
            "Group that is gone".to_owned(),
            "The baseline has a comparison that these data do not, so nothing says what became of it.".to_owned(),
            "Look whether a group was renamed or left out; `vanished` in the policy says what this counts as.".to_owned(),
        ),
        ("group-appeared", _) => (
            "Group that is new".to_owned(),
            "These data have a comparison that the baseline does not.".to_owned(),
            "`evenhand baseline update` takes it in.".to_owned(),
        ),
        (_, Some(criterion)) => (
            format!("Regression: {}", words::entry_name(criterion)),
            "A disparity has grown since the baseline by more than the tolerance, and by more than chance explains."
                .to_owned(),
            format!("`evenhand explain {criterion}` says how the disparity is measured."),
        ),
        (criterion, None) => (
            words::capital(&words::entry_name(criterion)),
            words::gist(criterion).unwrap_or_else(|| words::entry_name(criterion)),
            format!("`evenhand explain {criterion}` says how it is measured and judged."),
        ),
    };
    let text = |text: String| Text {
        text: safe::visible(&text),
    };
    Rule {
        id: id.to_owned(),
        short_description: text(short),
        full_description: text(full),
        help: text(help),
    }
}

/// A sentence as a message has it: there `[text](place)` is a link and `{0}` stands for an argument, unless the brackets
/// are escaped and the braces doubled.
fn message(sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len());
    for c in safe::visible(sentence).chars() {
        match c {
            '[' | ']' => out.push('\\'),
            '{' | '}' => out.push(c),
            _ => {}
        }
        out.push(c);
    }
    out
}

/// A path as a relative reference: whatever has a meaning in one is escaped.
fn uri(of: &str) -> String {
    let mut out = String::with_capacity(of.len());
    for byte in path(of).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
