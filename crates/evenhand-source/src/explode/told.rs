//! This module counts what becomes of lists, and says what is odd about them.

use std::collections::HashSet;

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::{listed, thousands};

use super::{Exploded, ITEM, LIST, RANK, counted, list};

/// What became of the lists.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) records: u64,
    pub(super) entries: u64,
    /// Records without any entry.
    pub(super) empty: u64,
    /// Places without an item before others with one, and the lists that have some.
    pub(super) gaps: u64,
    pub(super) with_gaps: u64,
    /// Entries whose item was in the list before, and the lists that have some.
    pub(super) repeated: u64,
    pub(super) with_repeated: u64,
    /// Places without an item and with another value.
    pub(super) itemless: u64,
}

impl Exploded {
    /// Counts the list that was read last.
    pub(super) fn count(&mut self) {
        let counts = &mut self.counts;
        counts.records += 1;
        let (items, others) = match self.entries.split_first() {
            Some((items, others)) => (items.as_slice(), others),
            None => (&[][..], &[][..]),
        };
        let length = list::filled(items);
        let present = items.iter().flatten().count();
        counts.empty += u64::from(present == 0);
        counts.gaps += (length - present) as u64;
        counts.with_gaps += u64::from(present < length);
        let mut seen = HashSet::new();
        let repeated = items
            .iter()
            .flatten()
            .filter(|item| !seen.insert(item.as_str()))
            .count();
        counts.repeated += repeated as u64;
        counts.with_repeated += u64::from(repeated > 0);
        let has_other = |position: usize| {
            let mut others = others.iter();
            others.any(|entries| entries.get(position).is_some_and(Option::is_some))
        };
        let itemless = (0..items.len()).filter(|position| items[*position].is_none() && has_other(*position));
        counts.itemless += itemless.count() as u64;
    }

    /// What people should know of the lists.
    pub(super) fn own_notes(&self) -> Vec<Note> {
        let counts = &self.counts;
        let name = &self.name;
        let columns = listed(&self.lists.names(), 3);
        let mut notes = Vec::new();
        let mut note = |code: &str, severity, message: String, help: Option<String>| {
            notes.push(Note {
                code: code.to_owned(),
                severity,
                message,
                help,
            });
        };
        let written = self
            .forms
            .first()
            .map(|form| format!(", written {form}"))
            .unwrap_or_default();
        note(
            "lists-taken-apart",
            Severity::Info,
            format!(
                "{name}: the lists in {columns}{written}, of {} became {}; `{ITEM}` is an entry, `{LIST}` the number of \
                 its list and `{RANK}` its place in it",
                counted(counts.records, "record"),
                counted(counts.entries, "row"),
            ),
            self.separator
                .as_ref()
                .map(|separator| format!("`--separator \"{separator}\"` reads them the same way")),
        );
        if counts.empty > 0 {
            note(
                "lists-without-entries",
                Severity::Warning,
                format!(
                    "{name}: {} of {} no entries in {columns}, so nothing of them is counted",
                    thousands(counts.empty),
                    match counts.records {
                        1 => "1 record has".to_owned(),
                        records => format!("{} records have", thousands(records)),
                    },
                ),
                None,
            );
        }
        if counts.gaps > 0 {
            note(
                "gaps-in-lists",
                Severity::Warning,
                format!(
                    "{name}: {} in {} no item and others behind them; the items behind keep their ranks",
                    counted(counts.gaps, "place"),
                    match counts.with_gaps {
                        1 => "1 list has".to_owned(),
                        lists => format!("{} lists have", thousands(lists)),
                    }
                ),
                None,
            );
        }
        if counts.itemless > 0 {
            note(
                "values-without-item",
                Severity::Warning,
                format!(
                    "{name}: in {} of lists there is no item and another value; these places are left out",
                    counted(counts.itemless, "place")
                ),
                None,
            );
        }
        if counts.repeated > 0 {
            note(
                "repeated-items",
                Severity::Warning,
                format!(
                    "{name}: {} the item of an earlier one of the same list, in {}; all are counted",
                    match counts.repeated {
                        1 => "1 entry repeats".to_owned(),
                        entries => format!("{} entries repeat", thousands(entries)),
                    },
                    counted(counts.with_repeated, "list"),
                ),
                None,
            );
        }
        notes
    }
}
