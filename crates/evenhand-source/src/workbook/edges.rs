//! This module finds the rows at the end of a sheet that are no records: totals, and notes below the table.

use super::sheet::{Row, Sheet};
use crate::csv_file::is_total as is_a_total;

/// How many rows at the end are left out, and the last record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct End {
    /// The last row that is a record.
    pub(super) last: u32,
    /// The rows after it, as far as they are known.
    pub(super) left_out: Vec<Row>,
    /// How many there are.
    pub(super) count: u64,
    /// The last record, if it may be a total all the same.
    pub(super) suspect: Option<Row>,
}

/// Finds the end of the records, where the table has so many columns and its names end at row `header`.
pub(super) fn find(sheet: &Sheet, header: u32, columns: usize) -> End {
    let rows: Vec<&Row> = sheet.last.iter().filter(|row| row.number > header).collect();
    let mut end = rows.len();
    while let Some(row) = end.checked_sub(1).and_then(|index| rows.get(index)) {
        if end > 1 && is_total(row) && is_sparse(row, columns) {
            end -= 1;
            continue;
        }
        match notes(&rows, end, columns) {
            Some(start) => end = start,
            None => break,
        }
    }
    let left_out: Vec<Row> = rows.get(end..).unwrap_or_default().iter().copied().cloned().collect();
    let last = end.checked_sub(1).and_then(|index| rows.get(index));
    End {
        last: last.map_or(u32::MAX, |row| row.number),
        count: left_out.len() as u64,
        left_out,
        suspect: last
            .filter(|row| rows.len() > 1 && (is_total(row) || is_nameless(row, &rows, end)))
            .map(|row| (*row).clone()),
    }
}

/// Whether the last of these records has no first cell, where all before it have one.
fn is_nameless(last: &Row, rows: &[&Row], end: usize) -> bool {
    const ENOUGH: usize = 10;
    let before = rows.get(..end.saturating_sub(1)).unwrap_or_default();
    let first = before
        .iter()
        .filter_map(|row| row.cells.first())
        .map(|(place, _)| *place)
        .min();
    before.len() >= ENOUGH
        && first.is_some_and(|first| last.cell(first).is_none() && before.iter().all(|row| row.cell(first).is_some()))
}

/// Where the notes start that end before `end`: a few rows with few cells, after an empty row.
fn notes(rows: &[&Row], end: usize, columns: usize) -> Option<usize> {
    const MOST: usize = 12;
    let mut start = end.checked_sub(1)?;
    loop {
        let row = rows.get(start)?;
        if row.cells.len() > (columns / 2).max(1) || end - start > MOST {
            return None;
        }
        let before = start.checked_sub(1)?;
        if rows.get(before)?.number + 1 < row.number {
            return Some(start);
        }
        start = before;
    }
}

/// The end where so many rows are declared to be no records.
pub(super) fn declared(sheet: &Sheet, header: u32, count: u64) -> Option<End> {
    let rows: Vec<&Row> = sheet.last.iter().filter(|row| row.number > header).collect();
    let end = rows.len().checked_sub(usize::try_from(count).ok()?)?;
    let last = end.checked_sub(1).and_then(|index| rows.get(index))?;
    Some(End {
        last: last.number,
        left_out: rows.get(end..)?.iter().copied().cloned().collect(),
        count,
        suspect: None,
    })
}

/// Whether a row begins as one of totals or means does.
pub(super) fn is_total(row: &Row) -> bool {
    let first = row.texts().find(|text| !text.trim().is_empty());
    is_a_total(first.unwrap_or_default())
}

/// Whether at least half of the cells beside the first are empty.
pub(super) fn is_sparse(row: &Row, columns: usize) -> bool {
    let others = columns.saturating_sub(1);
    let filled = row.cells.len().saturating_sub(1);
    (others - filled.min(others)) * 2 >= others
}
