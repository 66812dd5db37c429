//! This module writes a gate's answer as GitLab's Code Quality report, which a merge request shows.

use evenhand_measure::gate::{Gate, Result};
use evenhand_measure::policy::Level;
use serde::Serialize;

use super::Line;
use super::said::{fingerprint, for_review, path};
use crate::safe;

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// The answer as a Code Quality report. Data have no lines of code, so every entry is at the policy file, whose path is
/// relative to the repository, and at its check there.
///
/// # Errors
/// When the report cannot be written as JSON, which none that the engine makes is.
pub fn gitlab(gate: &Gate, policy_path: &str) -> serde_json::Result<String> {
    let entries: Vec<Entry> = for_review(gate)
        .into_iter()
        .map(|line| Entry {
            severity: severity(&line),
            description: safe::visible(&line.sentence),
            check_name: safe::visible(&line.rule),
            fingerprint: fingerprint(&line.key),
            location: Location {
                path: path(policy_path),
                lines: Lines {
                    begin: line.line.unwrap_or(1),
                },
            },
        })
        .collect();
    let mut text = safe::json(&serde_json::to_string_pretty(&entries)?);
    text.push('\n');
    Ok(text)
}

fn severity(line: &Line) -> &'static str {
    match (line.result, line.level) {
        (Result::Fail, Level::Error) => "major",
        (Result::Fail, _) | (Result::Open, Level::Error) => "minor",
        _ => "info",
    }
}
