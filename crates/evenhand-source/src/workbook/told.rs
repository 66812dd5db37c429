//! This module says what was found in a sheet and what was made of it.

use std::collections::BTreeMap;

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::policy::Data;

use super::edges::End;
use super::header::{Header, sample};
use super::names::Column;
use super::sheet::{Row, Sheet};
use super::table::Table;
use crate::kernel::shown;

/// Says what stands before the header.
pub(super) fn before(sheet: &Sheet, header: &Header, data: &Data, place: &str) -> Option<Note> {
    let start = header.upper.unwrap_or(header.row);
    let titles: Vec<&Row> = sheet.first.iter().take_while(|row| row.number < start).collect();
    let first = titles.first().filter(|_| data.header_row.is_none())?;
    let count = titles.len() as u64;
    Some(note(
        "rows-before-header",
        Severity::Info,
        format!(
            "{place}: {} before the header {} left out; the first reads {}.",
            many(count, "row"),
            was(count),
            sample(first)
        ),
        &format!("--header-row {} says so; another number means another row", header.row),
    ))
}

/// Says which columns got a name.
pub(super) fn without_names(columns: &[Column], place: &str) -> Option<Note> {
    let open: Vec<String> = columns
        .iter()
        .filter(|column| !column.is_named)
        .map(|column| shown(&column.name))
        .collect();
    let count = open.len() as u64;
    (count > 0 && open.len() < columns.len()).then(|| {
        let some: Vec<String> = open.into_iter().take(5).collect();
        note(
            "columns-without-name",
            Severity::Info,
            format!(
                "{place}: {} without a name {} called {}.",
                many(count, "column"),
                was(count),
                some.join(", ")
            ),
            "",
        )
    })
}

/// Says what stands after the records.
pub(super) fn after(end: &End, data: &Data, place: &str) -> Option<Note> {
    if data.footer_rows.is_some() {
        return None;
    }
    if let Some(first) = end.left_out.first() {
        return Some(note(
            "rows-at-end-left-out",
            Severity::Warning,
            format!(
                "{place}: {} at the end {} left out, from row {} on, as totals or notes; the first reads {}.",
                many(end.count, "row"),
                was(end.count),
                first.number,
                sample(first)
            ),
            &format!(
                "--footer-rows {} says so; --footer-rows 0 reads them as records",
                end.count
            ),
        ));
    }
    let suspect = end.suspect.as_ref()?;
    Some(note(
        "row-like-a-total",
        Severity::Warning,
        format!(
            "{place}: the last row ({}) is read as a record and looks like a row of totals: {}.",
            suspect.number,
            sample(suspect)
        ),
        "--footer-rows 1 leaves it out",
    ))
}

impl Table {
    /// What people should know of the records that were read.
    pub(super) fn told(&self) -> Vec<Note> {
        let place = &self.place;
        let counts = &self.counts;
        let mut notes = Vec::new();
        let mut add = |is_so: bool, code: &str, severity, message: String, help: &str| {
            if is_so {
                notes.push(note(code, severity, format!("{place}: {message}"), help));
            }
        };
        add(
            counts.empty > 0,
            "empty-rows-left-out",
            Severity::Info,
            format!(
                "{} between the records {} left out.",
                many(counts.empty, "empty row"),
                was(counts.empty)
            ),
            "if another table starts there, keep only one on the sheet",
        );
        add(
            counts.headers > 0,
            "repeated-headers-left-out",
            Severity::Info,
            format!(
                "{} with the header once more {} left out.",
                many(counts.headers, "row"),
                was(counts.headers)
            ),
            "",
        );
        add(
            counts.totals > 0,
            "row-like-a-total",
            Severity::Warning,
            format!(
                "{} amid the records {} as totals do, and {} read as a record.",
                many(counts.totals, "row"),
                if counts.totals == 1 { "begins" } else { "begin" },
                if counts.totals == 1 { "was" } else { "each was" },
            ),
            "delete them from the sheet if they are totals",
        );
        let how = if self.marks.is_filtered { ", by a filter" } else { "" };
        add(
            counts.hidden > 0,
            "hidden-rows",
            Severity::Warning,
            format!(
                "of {}, {} hidden in the sheet{how}, and read all the same.",
                many(counts.records, "record"),
                if counts.hidden == 1 {
                    "1 is".to_owned()
                } else {
                    format!("{} are", counts.hidden)
                },
            ),
            "if only the rows that are shown are meant, copy them to a sheet of their own",
        );
        let hidden = self
            .columns
            .iter()
            .filter(|column| self.marks.is_column_hidden(column.place));
        let hidden: Vec<String> = hidden.map(|column| shown(&column.name)).take(8).collect();
        add(
            !hidden.is_empty(),
            "hidden-columns",
            Severity::Info,
            format!("hidden columns were read as well: {}.", hidden.join(", ")),
            "",
        );
        add(
            counts.filled > 0,
            "merged-cells-filled",
            Severity::Warning,
            format!(
                "{} of merged cells that span several rows got the value of the first row.",
                many(counts.filled, "value")
            ),
            "split the merged cells if the value is meant for the first row only",
        );
        add(
            !counts.errors.is_empty(),
            "cells-with-errors",
            Severity::Warning,
            format!(
                "cells with an error such as #N/A are missing values: {}.",
                self.named(&counts.errors)
            ),
            "mend the formulas, if the values are needed",
        );
        let records = self.header.row + 1..=self.last;
        let uncomputed = self.marks.uncomputed.iter().filter(|(row, _)| records.contains(row));
        let places = self.columns.iter().map(|column| column.place);
        let places: BTreeMap<u32, usize> = places.zip(0..).collect();
        let mut open: BTreeMap<usize, u64> = BTreeMap::new();
        for index in uncomputed.filter_map(|(_, column)| places.get(column)) {
            *open.entry(*index).or_default() += 1;
        }
        add(
            !open.is_empty(),
            "formulas-without-values",
            Severity::Warning,
            format!(
                "formulas whose values the file does not hold are missing values: {}.",
                self.named(&open)
            ),
            "open the file in Excel or LibreOffice and save it, which computes them",
        );
        add(
            !counts.short_zips.is_empty(),
            "zip-codes-as-numbers",
            Severity::Warning,
            format!(
                "numbers of fewer than five digits may be zip codes that lost their zeros: {}.",
                self.named(&counts.short_zips)
            ),
            "export them as text",
        );
        add(
            !counts.codes.is_empty(),
            "numbers-with-leading-zeros",
            Severity::Info,
            format!(
                "numbers were read as they are shown, with leading zeros: {}.",
                self.named(&counts.codes)
            ),
            "",
        );
        notes
    }

    fn named(&self, counts: &BTreeMap<usize, u64>) -> String {
        let named: Vec<String> = counts
            .iter()
            .map(|(index, count)| {
                let name = self.names.get(*index).map_or("", String::as_str);
                format!("{} ({count})", shown(name))
            })
            .take(8)
            .collect();
        named.join(", ")
    }
}

/// A note with help, if there is any.
fn note(code: &str, severity: Severity, message: String, help: &str) -> Note {
    Note {
        code: code.to_owned(),
        severity,
        message,
        help: (!help.is_empty()).then(|| help.to_owned()),
    }
}

/// So many of something, as in `1 row` and `2 rows`.
fn many(count: u64, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

fn was(count: u64) -> &'static str {
    if count == 1 { "was" } else { "were" }
}
