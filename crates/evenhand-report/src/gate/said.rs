//! This module is what the formats for machines share: what is worth somebody's time, where it is, what it is called.

use std::fmt::Write as _;

use evenhand_measure::audit::model::Verdict;
use evenhand_measure::gate::{Gate, Result};
use evenhand_measure::policy::Level;
use sha2::{Digest, Sha256};

use super::{Line, lines};
use crate::words;

/// The rule of the line that stands for the whole gate.
pub(super) const WHOLE: &str = "verdict";

/// The lines of a gate, and one for the whole where none of them says why it stays shut: a large family is listed in
/// part, and a run that judged nothing has nothing to list. Without it, a reader that sees no failure would see success.
pub(super) fn all_lines(gate: &Gate) -> Vec<Line> {
    let mut lines = lines(gate);
    let keeps_shut = |line: &Line| line.level == Level::Error && matches!(line.result, Result::Fail | Result::Open);
    if matches!(gate.verdict, Verdict::Inconclusive | Verdict::NotJudged) && !lines.iter().any(keeps_shut) {
        let whole = Line {
            key: WHOLE.to_owned(),
            rule: WHOLE.to_owned(),
            suite: "gate".to_owned(),
            name: "the gate as a whole".to_owned(),
            result: Result::Open,
            level: Level::Error,
            sentence: words::gate_headline(gate),
            precise: String::new(),
            line: None,
            waiver: None,
        };
        lines.insert(0, whole);
    }
    lines
}

/// The lines that a reviewer is shown: failures and warnings, what is waived, and what counts and is open. What passed is
/// left out, because reviewing tools take every entry for a problem, whatever it says of itself.
pub(super) fn for_review(gate: &Gate) -> Vec<Line> {
    let mut lines = all_lines(gate);
    lines.retain(|line| match (line.result, line.level) {
        (_, Level::Off) => false,
        (Result::Fail, _) => true,
        (Result::Open, level) => level == Level::Error,
        // A waiver that is used is told by what it covers.
        (Result::Waived, _) => line.waiver.is_some(),
        (Result::Allowed | Result::Pass | Result::NotJudged, _) => false,
    });
    lines
}

/// What a line is called in every run, in sixty-four hexadecimal digits.
pub(super) fn fingerprint(key: &str) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(key.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// A path as other systems compare it: slashes, and nothing before the first name.
pub(super) fn path(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    rest.to_owned()
}
