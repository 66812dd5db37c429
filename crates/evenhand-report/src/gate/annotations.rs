//! This module writes the answer of a gate as commands to the runner of GitHub Actions, which shows them beside the
//! policy file. What else is printed cannot be read as one: that is seen to where each text is written, in
//! [`crate::safe`], since the runner reads both streams, and two commands around a document would make it none.

use evenhand_measure::gate::{Gate, Result};

use super::line::Line;
use super::told::{Kind, so_many};
use super::worst;
use crate::safe::{terminal, visible};

/// GitHub shows no more of either kind for a step.
const SHOWN: usize = 10;

/// Failures as errors, open questions and warnings as warnings, the worst first; then a notice of how many there was no
/// room for. `policy_path` is relative to the repository.
#[must_use]
pub fn annotations(gate: &Gate, policy_path: &str) -> String {
    let lines = worst::worst_first(gate);
    let of = |kinds: &[Kind]| -> Vec<&Line> { lines.iter().filter(|line| kinds.contains(&Kind::of(line))).collect() };
    let errors = of(&[Kind::Failed]);
    let mut warnings: Vec<&Line> = of(&[Kind::Open, Kind::Waiver, Kind::Warned])
        .into_iter()
        // A waiver that does what it is for asks nothing of anybody.
        .filter(|line| Kind::of(line) != Kind::Waiver || line.result == Result::Fail)
        .collect();
    warnings.sort_by_key(|line| match Kind::of(line) {
        Kind::Open => 0,
        Kind::Waiver => 1,
        _ => 2,
    });
    let mut out = String::new();
    for (command, lines) in [("error", &errors), ("warning", &warnings)] {
        for line in lines.iter().take(SHOWN) {
            out.push_str(&command_of(command, policy_path, line));
        }
    }
    let mut left = Vec::new();
    for (kinds, lines) in [
        ([Kind::Failed].as_slice(), &errors),
        ([Kind::Open, Kind::Waiver, Kind::Warned].as_slice(), &warnings),
    ] {
        for kind in kinds {
            let left_out = lines.iter().skip(SHOWN).filter(|line| Kind::of(line) == *kind).count();
            if left_out > 0 {
                left.push(so_many(left_out, *kind));
            }
        }
    }
    if !left.is_empty() {
        let said = format!(
            "There was no room for {} here; the log and the summary have them.",
            left.join(", ")
        );
        out.push_str(&format!(
            "::notice file={},line=1,title=evenhand::{}\n",
            property(policy_path),
            message(&said)
        ));
    }
    out
}

fn command_of(command: &str, policy_path: &str, line: &Line) -> String {
    format!(
        "::{command} file={},line={},title={}::{}\n",
        property(policy_path),
        // What the policy does not declare itself stands at the top of the file.
        line.line.unwrap_or(1),
        property(&terminal(&line.name)),
        message(&line.sentence)
    )
}

/// The text of a command. What the runner takes for the end of a line or for an escape is escaped its way; what nobody
/// could see, or would be a command to another runner, is spelled out.
fn message(text: &str) -> String {
    terminal(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value before the text, where a colon or a comma would end it.
fn property(text: &str) -> String {
    visible(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests;
