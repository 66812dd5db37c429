//! This module finds the rows at the end of a sheet that are no records: totals, and notes below the table.

use super::sheet::{Row, Sheet};
use crate::naming::words;

/// Words with which a row of totals or means begins, in lower case and without marks.
const TOTALS: [&str; 44] = [
    "total",
    "totals",
    "grand",
    "subtotal",
    "sum",
    "sums",
    "average",
    "mean",
    "gesamt",
    "gesamtsumme",
    "summe",
    "zwischensumme",
    "insgesamt",
    "durchschnitt",
    "mittelwert",
    "totaux",
    "moyenne",
    "somme",
    "ensemble",
    "totale",
    "totali",
    "media",
    "suma",
    "totales",
    "promedio",
    "totaal",
    "gemiddelde",
    "razem",
    "łącznie",
    "celkem",
    "spolu",
    "summa",
    "totalt",
    "yhteensä",
    "ialt",
    "toplam",
    "összesen",
    "ukupno",
    "итого",
    "всего",
    "合計",
    "总计",
    "總計",
    "합계",
];

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
            .filter(|row| rows.len() > 1 && is_total(row))
            .map(|row| (*row).clone()),
    }
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

/// Whether a row begins with a word for totals or means.
pub(super) fn is_total(row: &Row) -> bool {
    let first = row.texts().find(|text| !text.trim().is_empty());
    let words = words(first.unwrap_or_default());
    // `i alt` has two words.
    let two: String = words.iter().take(2).map(String::as_str).collect();
    let is = |word: &str| TOTALS.contains(&word);
    words.len() <= 4 && (words.first().is_some_and(|word| is(word)) || is(&two))
}

/// Whether at least half of the cells beside the first are empty.
pub(super) fn is_sparse(row: &Row, columns: usize) -> bool {
    let others = columns.saturating_sub(1);
    let filled = row.cells.len().saturating_sub(1);
    (others - filled.min(others)) * 2 >= others
}
