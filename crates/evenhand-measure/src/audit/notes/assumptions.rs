//! This module says what was assumed, and what other assumptions could do to the verdict.

use crate::problem::thousands;

use super::super::model::{EventColumn, Note, Sensitivity, Severity, Verdict};
use super::super::read::Reading;
use super::super::warning;

/// Nobody said whether the event is good or bad for the person.
pub(in crate::audit) fn direction(
    reading: &Reading<'_>,
    suspect: Option<&str>,
    verdict: Verdict,
    otherwise: Verdict,
) -> Note {
    let event = reading.prediction.as_ref().map_or(String::new(), |events| {
        let EventColumn {
            column, rule, positive, ..
        } = &events.column;
        match rule {
            Some(rule) => format!("a `{column}` {rule}"),
            None => format!("`{column}` = `{positive}`"),
        }
    });
    let (taken, other) = if suspect.is_some() {
        ("bad", "good")
    } else {
        ("good", "bad")
    };
    let because = match suspect {
        Some(word) => format!("because of `{word}` in its name"),
        None => "because nothing in its name says otherwise".to_owned(),
    };
    let same = verdict == otherwise;
    let told = match (same, suspect) {
        (true, _) => format!(
            "The verdict ({}) is the same if it is {other} for them.",
            verdict.word()
        ),
        (false, None) => format!("If it is bad for them, the verdict is {}.", otherwise.word()),
        (false, Some(_)) => format!(
            "If it is bad the verdict is {}, if it is good it is {}: until you say which, it is inconclusive.",
            verdict.word(),
            otherwise.word()
        ),
    };
    let (code, severity) = match (same, suspect) {
        (false, Some(_)) => ("direction-not-declared", Severity::Error),
        (true, Some(_)) => ("direction-not-declared", Severity::Warning),
        (false, None) => ("direction-assumed", Severity::Warning),
        (true, None) => ("direction-assumed", Severity::Info),
    };
    Note {
        code: code.to_owned(),
        severity,
        message: format!("{event} was read as {taken} for the person, {because}. {told}"),
        help: Some("say --adverse if it is bad for them, --adverse=false if it is good".to_owned()),
    }
}

/// Nobody looked at what the rows of unknown group could do.
pub(in crate::audit) fn missing_not_examined(column: &str, groups: usize) -> Note {
    warning(
        "missing-groups-not-examined",
        format!(
            "whether the rows of unknown `{column}` could change the verdict was not examined: it has {groups} groups"
        ),
        "find out what the missing values are, or report the verdict with this reservation",
    )
}

/// What other assumptions would give was not examined.
pub(in crate::audit) fn assumptions_not_examined(comparisons: usize) -> Note {
    Note {
        code: "assumptions-not-examined".to_owned(),
        severity: Severity::Info,
        message: format!(
            "whether another reference, another bound or missing labels would change the verdict was not examined: there are \
             {} comparisons",
            thousands(comparisons as u64)
        ),
        help: Some("audit fewer attributes at a time to have it examined".to_owned()),
    }
}

/// Rows of which something is not known could tip the verdict: by what is unknown, the note's code and its words.
const MATTERS: [(&str, &str, &str, &str); 3] = [
    (
        "unknown-group-assigned",
        "missing-groups-matter",
        "of unknown group",
        "find out what the missing values are, or report the verdict with this reservation",
    ),
    (
        "unknown-label-assigned",
        "missing-labels-matter",
        "whose label is missing",
        "find out what the missing labels are, or report the verdict with this reservation",
    ),
    (
        "unknown-decision-assigned",
        "missing-decisions-matter",
        "whose decision is missing",
        "find out what was decided, or report the verdict with this reservation",
    ),
];

/// What is not known and could tip the verdict.
pub(in crate::audit) fn unknown_matters(changes: &[Sensitivity]) -> Vec<Note> {
    let note = |&(code, note, which, help): &(&str, &str, &str, &str)| {
        let first = changes.iter().find(|change| change.changes && change.code == code)?;
        let message = format!(
            "rows {which} could change the verdict: if {}, it would be {}",
            first.assumption,
            first.verdict.word()
        );
        Some(warning(note, message, help))
    };
    MATTERS.iter().filter_map(note).collect()
}
