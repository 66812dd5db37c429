//! This module says what was odd about lists, and what was made of it.

use super::super::Run;
use super::super::model::{Note, Severity};
use crate::problem::thousands;
use crate::tally::{AT_LEAST, Axis, BELOW, Lists};

/// What was found in lists and kept, and a column of what was wanted that tells nothing apart.
pub(super) fn odd(run: &Run<'_>) -> Vec<Note> {
    let Some(lists) = &run.tally.lists else {
        return Vec::new();
    };
    let found = lists.found.iter().filter(|(_, n)| **n > 0);
    let mut notes: Vec<Note> = found.filter_map(|(what, n)| said(lists, what, *n)).collect();
    notes.extend(all_wanted(lists));
    notes
}

fn said(lists: &Lists, what: &str, n: u64) -> Option<Note> {
    let of_lists = format!("{} of {} lists", thousands(n), thousands(lists.lists));
    let rows = |one: &str, many: &str| format!("{} {}", thousands(n), if n == 1 { one } else { many });
    let (severity, message, help) = match what {
        "rank-taken" => (
            Severity::Warning,
            format!(
                "{} at a place of the list that another item has: such items were put one after the other, in an order \
                 that favours nobody, and what follows moved back",
                rows("item stands", "items stand")
            ),
            Some("number the items of each list 1, 2, 3"),
        ),
        "gap-in-ranks" => (
            Severity::Info,
            format!("{of_lists} have places that no item has: they stay empty, and what follows stays where it is"),
            Some("if records were left out of the file on purpose, the attention of those places is missing here"),
        ),
        "not-in-catalogue" => (
            Severity::Warning,
            format!(
                "{} that the table of all items does not have: it gets attention, and has no part in the catalogue, so \
                 its group looks better than it is",
                rows("record shows an item", "records show an item")
            ),
            Some("give the table of all items that could have been shown"),
        ),
        "no-user" => (
            Severity::Info,
            format!("{of_lists} name nobody: each of them counts as if it were all that a user has"),
            None,
        ),
        _ => return None,
    };
    Some(Note {
        code: what.to_owned(),
        severity,
        message,
        help: help.map(str::to_owned),
    })
}

/// A column in which everything was wanted, such as one of ratings, makes every list look right.
fn all_wanted(lists: &Lists) -> Option<Note> {
    let column = lists.columns.get("relevance")?;
    let position = lists.shown.positions(Axis::Relevance).next()?;
    let levels = &lists.shown.dimensions()[position].levels;
    let (mut wanted, mut unwanted) = (0u64, 0u64);
    for (key, counts) in lists.shown.cells() {
        match levels[key[position] as usize].text() {
            Some(AT_LEAST) => wanted = wanted.saturating_add(counts.n),
            Some(BELOW) => unwanted = unwanted.saturating_add(counts.n),
            _ => {}
        }
    }
    (wanted > 0 && unwanted == 0).then(|| Note {
        code: "all-wanted".to_owned(),
        severity: Severity::Warning,
        message: format!(
            "all {} items of which `{column}` says anything count as wanted, so that precision, hit rate and reciprocal rank \
             say nothing: a number above 0 means that an item was wanted",
            thousands(wanted)
        ),
        help: Some("if it is a rating, give a column that is 0 or no where the rating is low".to_owned()),
    })
}
