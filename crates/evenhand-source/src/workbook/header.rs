//! This module finds the row of a sheet that names the columns, below titles, and the row above it where two rows name
//! them together.

use std::collections::{BTreeMap, BTreeSet};

use evenhand_measure::Problem;

use super::cell::{Cell, Kind, is_like_a_number};
use super::marks::Marks;
use super::sheet::{FIRST, Row, Sheet};
use crate::kernel::shown;

/// Which rows name the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// The row right above the records; 0 if none names the columns.
    pub(super) row: u32,
    /// The row above that, where it belongs to the names.
    pub(super) upper: Option<u32>,
}

/// Titles end within so many rows.
const MOST_TITLES: usize = 60;

/// Finds the header.
///
/// # Errors
/// When it could be several rows, or none looks like one.
pub(super) fn find(sheet: &Sheet, marks: &Marks, name: &str) -> Result<Header, Problem> {
    let rows = &sheet.first;
    for (index, row) in rows.iter().enumerate().take(MOST_TITLES) {
        let after = rows.get(index + 1..).unwrap_or_default();
        if !covers(row, after) {
            continue;
        }
        if !is_all_text(row) || recurs(row, after) {
            return Err(unclear(sheet, row, name));
        }
        return below(sheet, marks, index, name);
    }
    match rows.first() {
        Some(row) => Err(unclear(sheet, row, name)),
        None => Ok(Header::default()),
    }
}

/// The header where the row at `index` is the first that could be it.
fn below(sheet: &Sheet, marks: &Marks, index: usize, name: &str) -> Result<Header, Problem> {
    let rows = &sheet.first;
    let (Some(row), Some(next)) = (rows.get(index), rows.get(index + 1)) else {
        let row = rows.get(index).map_or(0, |row| row.number);
        return Ok(Header { row, upper: None });
    };
    let after = rows.get(index + 2..).unwrap_or_default();
    let touches = next.number == row.number + 1;
    let lower = Header {
        row: next.number,
        upper: upper(sheet, marks, next.number),
    };
    if touches && is_all_text(next) && (is_merged_above(row, next, marks) || is_complement(row, next, after)) {
        return Ok(lower);
    }
    let could_be = covers(next, after) && is_all_text(next) && !recurs(next, after);
    let heads = heads_numbers(row, rows.get(index + 1..).unwrap_or_default());
    if could_be && !heads && heads_numbers(next, after) {
        return Ok(lower);
    }
    if could_be && !heads && !touches {
        return Err(Problem::usage(
            format!(
                "{name}, sheet {}: the columns could be named by row {} ({}) or by row {} ({})",
                shown(&sheet.name),
                row.number,
                sample(row),
                next.number,
                sample(next)
            ),
            format!("say which: --header-row {} or --header-row {}", row.number, next.number),
        ));
    }
    Ok(Header {
        row: row.number,
        upper: upper(sheet, marks, row.number),
    })
}

/// The header that was declared.
///
/// # Errors
/// When there is no such row.
pub(super) fn declared(sheet: &Sheet, marks: &Marks, row: u64, name: &str) -> Result<Header, Problem> {
    if row == 0 {
        return Ok(Header::default());
    }
    let found = sheet.first.iter().find(|found| u64::from(found.number) == row);
    match found {
        Some(found) => Ok(Header {
            row: found.number,
            upper: upper(sheet, marks, found.number),
        }),
        None => Err(Problem::usage(
            format!(
                "{name}, sheet {}: row {row} (--header-row) is empty, or not among the first {FIRST} rows with values",
                shown(&sheet.name)
            ),
            match sheet.first.first() {
                Some(first) => format!("the first row with values is {} ({})", first.number, sample(first)),
                None => "name another sheet with --sheet".to_owned(),
            },
        )),
    }
}

/// The row above `row`, if both name the columns together.
fn upper(sheet: &Sheet, marks: &Marks, row: u32) -> Option<u32> {
    let above = row.checked_sub(1)?;
    let rows = &sheet.first;
    let index = rows.iter().position(|found| found.number == above)?;
    let (upper, lower) = (rows.get(index)?, rows.get(index + 1)?);
    let after = rows.get(index + 2..).unwrap_or_default();
    let belongs = is_merged_above(upper, lower, marks) || is_complement(upper, lower, after);
    (is_all_text(upper) && belongs).then_some(above)
}

/// Whether cells of `upper` are merged over several columns that `lower` names, or down into `lower`.
fn is_merged_above(upper: &Row, lower: &Row, marks: &Marks) -> bool {
    // A title over everything is no part of the names.
    if upper.cells.len() < 2 {
        return false;
    }
    marks.merged.iter().any(|region| {
        let across = region.spans_columns_of(upper.number)
            && (region.columns.0..=region.columns.1).all(|column| lower.cell(column).is_some());
        let down = region.rows == (upper.number, lower.number) && upper.cell(region.columns.0).is_some();
        across || down
    })
}

/// Whether each of two rows names columns with values that the other leaves open.
fn is_complement(upper: &Row, lower: &Row, after: &[Row]) -> bool {
    let body = body(after);
    let names = |row: &Row, column: &u32| row.cell(*column).is_some();
    let alone = |one: &Row, other: &Row| body.iter().any(|column| names(one, column) && !names(other, column));
    let all = body.iter().all(|column| names(upper, column) || names(lower, column));
    is_all_text(lower) && all && alone(upper, lower) && alone(lower, upper) && !recurs(lower, after)
}

/// The columns in which at least a quarter of these rows have a value.
fn body(rows: &[Row]) -> BTreeSet<u32> {
    let mut times: BTreeMap<u32, usize> = BTreeMap::new();
    for (column, _) in rows.iter().flat_map(|row| &row.cells) {
        *times.entry(*column).or_default() += 1;
    }
    let often = times.into_iter().filter(|(_, times)| times * 4 >= rows.len());
    often.map(|(column, _)| column).collect()
}

/// Whether a row has a cell in most of the columns in which the rows after it have values.
fn covers(row: &Row, after: &[Row]) -> bool {
    let body = body(after);
    if body.is_empty() {
        return true;
    }
    let named = body.iter().filter(|column| row.cell(**column).is_some()).count();
    named * 5 >= body.len() * 3
}

fn is_all_text(row: &Row) -> bool {
    row.cells.iter().all(|(_, cell)| is_name(cell))
}

fn is_name(cell: &Cell) -> bool {
    cell.kind == Kind::Text && !is_like_a_number(&cell.text)
}

/// Whether a text of the row comes again in its column, as the values of records do; not so where the whole row comes
/// again.
fn recurs(row: &Row, after: &[Row]) -> bool {
    after.iter().any(|other| {
        let again = |(column, cell): &(u32, Cell)| other.cell(*column).is_some_and(|found| found.text == cell.text);
        row.cells.iter().any(again) && !row.cells.iter().all(again)
    })
}

/// Whether the row has a text above a column of numbers or dates.
fn heads_numbers(row: &Row, after: &[Row]) -> bool {
    row.cells.iter().any(|(column, _)| {
        let mut below = after.iter().filter_map(|row| row.cell(*column)).peekable();
        let is_there = below.peek().is_some();
        is_there && below.all(|cell| !is_name(cell))
    })
}

fn unclear(sheet: &Sheet, row: &Row, name: &str) -> Problem {
    Problem::usage(
        format!(
            "{name}, sheet {}: row {} ({}) could name the columns or be a record",
            shown(&sheet.name),
            row.number,
            sample(row)
        ),
        format!(
            "if it names them, say --header-row {}; if no row does, --header-row 0",
            row.number
        ),
    )
}

/// The first cells of a row.
pub(super) fn sample(row: &Row) -> String {
    const MOST: usize = 3;
    let cells: Vec<String> = row.texts().take(MOST).map(shown).collect();
    let more = if row.cells.len() > MOST { ", …" } else { "" };
    format!("{}{more}", cells.join(", "))
}
