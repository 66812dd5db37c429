//! This module says what published rates leave open, and what was made of it.

use crate::catalogue::SELECTION_RATE;
use crate::policy::Digits;
use crate::problem::{listed, thousands};

use super::super::Run;
use super::super::evidence::Evidence;
use super::super::findings::fitting;
use super::super::groups::GroupOf;
use super::super::model::{Finding, Note, Reason, Severity};
use super::super::warning;

/// So many groups are named in a note.
const NAMED: usize = 6;

/// What is to be known of an audit of published rates; nothing for any other.
pub(super) fn notes(run: &Run<'_>, findings: &[Finding]) -> Vec<Note> {
    let Some(digits) = run.reading.published else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    notes.extend(open_counts(run, digits, findings));
    notes.extend(not_published(run));
    notes.extend(margins(run));
    notes
}

fn groups<'r>(run: &'r Run<'_>) -> impl Iterator<Item = &'r GroupOf> {
    run.split.partitions.iter().flat_map(|partition| &partition.groups)
}

/// `sex` = `Female`
fn name(of: &GroupOf) -> String {
    let values = of.group.iter();
    let named = values.map(|(column, value)| format!("{column} = {}", value.as_deref().unwrap_or("missing")));
    named.collect::<Vec<_>>().join(", ")
}

fn open_counts(run: &Run<'_>, digits: Digits, findings: &[Finding]) -> Option<Note> {
    let all = groups(run).count();
    let open: Vec<String> = groups(run)
        .filter_map(|of| {
            let counts = fitting(&Evidence::of(&SELECTION_RATE, &of.members, run.basis))?;
            Some(format!("{}: {counts}", name(of)))
        })
        .collect();
    let how = match digits {
        Digits::Rounded => "rounded",
        Digits::Truncated => "cut off after their last digit, as was said",
    };
    if open.is_empty() {
        return Some(Note {
            code: "published-rates".to_owned(),
            severity: Severity::Info,
            message: format!(
                "the decisions are worked out from published rates, taken as {how}: exactly one count fits each of them"
            ),
            help: None,
        });
    }
    let is_left_open = findings.iter().any(|f| f.reason == Some(Reason::RoundedFigures));
    let message = format!(
        "the decisions are worked out from published rates, taken as {how}: {} of {all} fit several counts ({}). An outcome is \
         given where it holds for all of them, with the largest p-values; rates and intervals are those of a count in the \
         middle",
        open.len(),
        listed(&open, NAMED)
    );
    Some(if is_left_open {
        warning(
            "rounded-rates",
            message,
            "ask for the counts, or for figures with more digits",
        )
    } else {
        Note {
            code: "rounded-rates".to_owned(),
            severity: Severity::Info,
            message,
            help: None,
        }
    })
}

/// Small groups are often left without a figure. They are still there.
fn not_published(run: &Run<'_>) -> Option<Note> {
    let without: Vec<String> = groups(run)
        .filter(|of| of.members.whole.unknown.rows > 0)
        .map(name)
        .collect();
    (!without.is_empty()).then(|| {
        warning(
            "rate-not-published",
            format!(
                "no rate is published for {}: the group is kept, and nothing can be said of it",
                listed(&without, NAMED)
            ),
            "ask for its counts",
        )
    })
}

/// Several attributes have the same people each, so their totals should be the same.
fn margins(run: &Run<'_>) -> Option<Note> {
    let margins = run.reading.margins.as_ref()?;
    let column = |position: usize| &run.reading.cube.dimensions()[position].column;
    let sizes: Vec<String> = margins
        .sizes()
        .map(|(position, rows)| format!("{} {}", column(position), thousands(rows)))
        .collect();
    let (largest, rows) = margins.largest();
    let differ = margins.sizes().any(|(_, size)| size != rows);
    Some(if differ {
        warning(
            "margins-differ",
            format!(
                "the attributes do not have the same number of people ({}), though each should have all of them; totals are \
                 those of `{}`",
                listed(&sizes, NAMED),
                column(largest)
            ),
            "find out who is missing: a group that is not published is not judged",
        )
    } else {
        Note {
            code: "same-people".to_owned(),
            severity: Severity::Info,
            message: format!(
                "each attribute has the same {} people again, so nothing is added up over attributes, and combinations of them \
                 are not known",
                thousands(rows)
            ),
            help: None,
        }
    })
}
