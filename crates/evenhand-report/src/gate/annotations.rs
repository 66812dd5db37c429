//! This module writes the answer of a gate as commands to the runner of GitHub Actions, which shows them beside the
//! policy file; and keeps everything else that is printed from being read as one.

use evenhand_measure::gate::{Gate, Result};
use sha2::{Digest, Sha256};

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
        // Without a line of its own a check stands at the top of the file.
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

/// Text for the log, between commands that tell the runner not to look for commands in it.
///
/// The word that ends this is made of the tally and of the text itself, so no text can hold its own.
#[must_use]
pub fn stop_commands(gate: &Gate, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(gate.audit.provenance.tally_hash.as_bytes());
    hash.update([0]);
    hash.update(text.as_bytes());
    let token: String = hash
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("::stop-commands::{token}\n{text}{end}::{token}::\n")
}

#[cfg(test)]
mod tests;
