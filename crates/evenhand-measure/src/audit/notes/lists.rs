//! This module says what was left out of lists or odd in them, and what to do about it.

use crate::audit::Run;
use crate::audit::model::{Note, Severity};
use crate::problem::thousands;
use crate::tally::Lists;

/// A counted reason: a stable word, how grave it is, what so many of them are, singular and plural, and what to do.
type Reason = (&'static str, Severity, [&'static str; 2], &'static str);

/// What was left out.
const LEFT_OUT: [Reason; 4] = [
    (
        "no-list",
        Severity::Warning,
        [
            "record names no list and was left out",
            "records name no list and were left out",
        ],
        "fill in the column of lists, or name another with --list",
    ),
    (
        "no-item",
        Severity::Warning,
        [
            "record names no item and was left out",
            "records name no item and were left out",
        ],
        "fill in the column of items; a place that was left empty needs no record",
    ),
    (
        "no-rank",
        Severity::Warning,
        [
            "record has no whole number from 1 as its place and was left out, so that its list is shorter",
            "records have no whole number from 1 as their place and were left out, so that their lists are shorter",
        ],
        "number the items of each list 1, 2, 3",
    ),
    (
        "item-again",
        Severity::Info,
        [
            "record has an item that is in its list at a better place, which counts; its own place stays empty",
            "records have an item that is in their list at a better place, which counts; their own places stay empty",
        ],
        "if a list was shown several times, name with --list a column that tells these apart",
    ),
];

/// What was found and kept.
const FOUND: [Reason; 6] = [
    (
        "gap-in-ranks",
        Severity::Info,
        [
            "list has a place before its last that no item has: it stays empty, and gets no attention",
            "lists have places before their last that no item has: these stay empty, and get no attention",
        ],
        "if what stood there was taken out of the file, such as advertisements, that is right; else number the items of each \
         list anew",
    ),
    (
        "rank-taken",
        Severity::Info,
        [
            "item stands at a place of its list that another has as well: it moved on to the next, in an order that favours \
             nobody",
            "items stand at places of their list that others have as well: they moved on to the next, in an order that \
             favours nobody",
        ],
        "give the items of each list different places",
    ),
    (
        "not-in-catalogue",
        Severity::Warning,
        [
            "record shows an item that is not in the table of all items: it gets attention, and adds to no target",
            "records show items that are not in the table of all items: they get attention, and add to no target",
        ],
        "complete the table, or check that both files write items alike",
    ),
    (
        "no-user",
        Severity::Warning,
        [
            "list is for nobody who is named: it counts as if it were all that its user has",
            "lists are for nobody who is named: each counts as if it were all that its user has",
        ],
        "fill in the column of users; lists of one user that count as those of several make the audit look surer than it is",
    ),
    (
        "history-unused",
        Severity::Warning,
        [
            "record of what users had before says nothing, as neither category nor popularity of its item is known",
            "records of what users had before say nothing, as neither category nor popularity of their items is known",
        ],
        "name a column of categories with --category and give it in that file, or give the table of all items with --items",
    ),
    (
        "wanted-unknown",
        Severity::Warning,
        [
            "item that a user wanted is in no list and not in the table of all items: no group is known that it could count \
             for",
            "items that users wanted are in no list and not in the table of all items: no groups are known that they could \
             count for",
        ],
        "complete the table, or check that both files write items alike",
    ),
];

/// A sentence for each counted reason.
pub(super) fn notes(run: &Run<'_>) -> Vec<Note> {
    run.tally.lists.as_ref().map_or_else(Vec::new, of_lists)
}

fn of_lists(lists: &Lists) -> Vec<Note> {
    let tables = [(&lists.left_out, &LEFT_OUT[..]), (&lists.found, &FOUND[..])];
    let counted = tables.into_iter().flat_map(|(counts, reasons)| {
        let known = reasons.iter().filter_map(|(code, severity, [one, many], help)| {
            let n = counts.get(*code).copied().filter(|n| *n > 0)?;
            Some(Note {
                code: (*code).to_owned(),
                severity: *severity,
                message: format!("{} {}", thousands(n), if n == 1 { one } else { many }),
                help: Some((*help).to_owned()),
            })
        });
        // What a later version counts is not passed over in silence.
        let others = counts
            .iter()
            .filter(|(code, n)| **n > 0 && reasons.iter().all(|(known, ..)| known != code));
        let others = others.map(|(code, n)| Note {
            code: code.clone(),
            severity: Severity::Info,
            message: format!("the tally counts {} cases of `{code}`", thousands(*n)),
            help: None,
        });
        known.chain(others)
    });
    counted.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_its_own_word_and_says_what_to_do() {
        let all: Vec<&Reason> = LEFT_OUT.iter().chain(&FOUND).collect();
        let codes: BTreeSet<&str> = all.iter().map(|(code, ..)| *code).collect();
        assert_eq!(codes.len(), all.len());
        assert!(
            all.iter()
                .all(|(_, _, [one, many], help)| one != many && !help.is_empty())
        );
    }
}
