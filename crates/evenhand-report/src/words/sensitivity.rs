//! This module says which other assumptions would change the verdict.

use evenhand_measure::audit::model::{Audit, Sensitivity, Verdict};

use super::{name, verdict_word};
use crate::numbers::count;
use crate::safe::visible_cut;

/// What is assumed otherwise, by its code, in the order in which it is told.
const KINDS: [(&str, &str); 7] = [
    ("unknown-group-assigned", "rows of unknown group"),
    ("unknown-label-assigned", "missing labels"),
    ("attention-model", "how much attention places get"),
    ("target", "the target of exposure"),
    ("reference-changed", "the reference"),
    ("bound-changed", "the bound"),
    ("judge-changed", "how evidence is judged"),
];

/// What would change the verdict, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// How many assumptions were examined, and how many of them would change it.
    pub lead: String,
    /// Some of those that would, of each kind at least one as long as there is room.
    pub lines: Vec<String>,
    /// How many more would.
    pub more: usize,
}

/// What would change the verdict, in at most `most` lines. `None` when nothing was examined, and when nothing was
/// judged and that stays so.
#[must_use]
pub fn what_would_change(audit: &Audit, most: usize) -> Option<Changes> {
    let examined: Vec<&Sensitivity> = audit.sensitivity.iter().collect();
    let changing: Vec<&Sensitivity> = examined.iter().copied().filter(|other| other.changes).collect();
    if examined.is_empty() || (changing.is_empty() && audit.verdict == Verdict::NotJudged) {
        return None;
    }
    let (all, would) = (count(examined.len() as u64), count(changing.len() as u64));
    let lead = match (changing.as_slice(), examined.as_slice()) {
        ([], [one]) => format!(
            "The one assumption examined, about {}, would not change it.",
            kind(&one.code)
        ),
        ([one], [_]) => format!(
            "The one assumption examined, about {}, would change it.",
            kind(&one.code)
        ),
        ([one], _) => format!(
            "Of {all} assumptions examined one, about {}, would change it.",
            kind(&one.code)
        ),
        ([], _) => format!(
            "None of the {all} assumptions examined would change it: {}.",
            by_kind(&examined)
        ),
        _ => format!(
            "Of {all} assumptions examined {would} would change it: {}.",
            by_kind(&changing)
        ),
    };
    let told = told(&changing, most);
    let lead = match super::limits::of_direction(audit) {
        Some(_) => format!(
            "{lead} Besides, nobody said whether the decision is good or bad for the person, and the verdict depends on that: see \
             the notes on the data."
        ),
        None => lead,
    };
    Some(Changes {
        lead,
        more: changing.len() - told.len(),
        lines: told.into_iter().map(sensitivity_sentence).collect(),
    })
}

/// `7 about rows of unknown group, 2 about the bound`.
fn by_kind(some: &[&Sensitivity]) -> String {
    let kinds = in_order(some);
    let counted = kinds.iter().map(|code| {
        let of_kind = some.iter().filter(|other| other.code == *code).count();
        format!("{} about {}", count(of_kind as u64), kind(code))
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// The codes that occur, known ones first.
fn in_order<'a>(some: &[&'a Sensitivity]) -> Vec<&'a str> {
    let mut codes: Vec<&str> = Vec::new();
    for other in some {
        if !codes.contains(&other.code.as_str()) {
            codes.push(&other.code);
        }
    }
    let place = |code: &&str| KINDS.iter().position(|(known, _)| known == code).unwrap_or(KINDS.len());
    codes.sort_by_key(place);
    codes
}

fn kind(code: &str) -> String {
    let known = KINDS.iter().find(|(known, _)| *known == code);
    known.map_or_else(|| name(code), |(_, words)| (*words).to_owned())
}

/// At most `most`, one of each kind in turn, each kind together.
fn told<'a>(changing: &[&'a Sensitivity], most: usize) -> Vec<&'a Sensitivity> {
    let kinds = in_order(changing);
    let of = |code: &'a str| changing.iter().copied().filter(move |other| other.code == code);
    let mut room = most;
    let mut shown = vec![0; kinds.len()];
    let mut round = 0;
    while room > 0 && round < changing.len() {
        for (at, code) in kinds.iter().enumerate() {
            if room > 0 && of(code).count() > round {
                shown[at] += 1;
                room -= 1;
            }
        }
        round += 1;
    }
    kinds
        .iter()
        .zip(shown)
        .flat_map(|(code, shown)| of(code).take(shown))
        .collect()
}

/// One assumption and the verdict under it, as a sentence without its stop.
#[must_use]
pub fn sensitivity_sentence(sensitivity: &Sensitivity) -> String {
    format!(
        "If {}, the verdict would be {}",
        assumption(sensitivity),
        verdict_word(sensitivity.verdict)
    )
}

fn assumption(sensitivity: &Sensitivity) -> String {
    visible_cut(&sensitivity.assumption, 300)
}

/// The header of the table of all assumptions.
#[must_use]
pub fn sensitivity_header() -> Vec<String> {
    ["About", "If", "The verdict would be", "Changes it"]
        .map(str::to_owned)
        .to_vec()
}

/// An assumption as a row of that table.
#[must_use]
pub fn sensitivity_row(sensitivity: &Sensitivity) -> Vec<String> {
    vec![
        kind(&sensitivity.code),
        assumption(sensitivity),
        verdict_word(sensitivity.verdict).to_owned(),
        if sensitivity.changes { "yes" } else { "no" }.to_owned(),
    ]
}
