//! This module fits tables to a page: those of too many columns come in parts, each with the first column.

use typst::foundations::{Array, IntoValue, Value, dict};

use super::columns::{Column, Pieces, broadest, fit};
use super::glyphs::Glyphs;
use super::values::{CELL, Reader};
use crate::document::{Cell, Table};
use crate::words::{outcome_symbol, outcome_word, printed};

/// Columns of a part, however narrow they are.
const MOST: usize = 12;

/// The table as values, in as many parts as it needs.
pub(super) fn values(table: &Table, reader: Reader, glyphs: &mut Glyphs<'_>) -> Vec<Value> {
    let rows = table.rows.iter().map(Vec::len);
    let count = rows.chain([table.header.len()]).max().unwrap_or(0);
    if count == 0 {
        return Vec::new();
    }
    let header: Vec<String> = (0..count)
        .map(|column| glyphs.print(table.header.get(column).map_or("", String::as_str), CELL))
        .collect();
    let texts: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| (0..count).map(|column| text(row.get(column), glyphs)).collect())
        .collect();
    let columns: Vec<Column> = (0..count)
        .map(|column| measured(table, column, &header, &texts, glyphs))
        .collect();
    let parts = parts(&columns);
    let last = parts.len() - 1;
    let mut values = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        let mut caption = table.caption.clone();
        if let (true, Some((first, end))) = (last > 0, part.first().zip(part.last())) {
            caption = format!("{caption} {}", printed::columns(first + 1, end + 1, count));
        }
        let chosen: Vec<usize> = [0].into_iter().chain(part.iter().copied()).collect();
        let legend: Vec<String> = if at == last {
            table.legend.iter().map(|line| glyphs.print(line, 4 * CELL)).collect()
        } else {
            Vec::new()
        };
        let rows: Array = table
            .rows
            .iter()
            .zip(&texts)
            .map(|(row, texts)| row_value(row, texts, &chosen))
            .collect();
        let of_part: Vec<&Column> = chosen.iter().map(|&column| &columns[column]).collect();
        let fit = fit(&of_part, reader == Reader::Reviewer);
        values.push(
            dict! {
                "caption" => glyphs.print(caption.trim(), 4 * CELL),
                "header" => chosen.iter().map(|&c| header[c].clone()).collect::<Vec<_>>(),
                "turned" => fit.turned,
                "size" => fit.size,
                "small" => reader == Reader::Reviewer,
                "widths" => fit.widths,
                "right" => chosen.iter().map(|&c| table.is_right(c)).collect::<Vec<_>>(),
                "rows" => rows,
                "legend" => legend,
            }
            .into_value(),
        );
    }
    values
}

/// Which columns come after the first in each part: as many as the broadest page has room for.
fn parts(columns: &[Column]) -> Vec<Vec<usize>> {
    let first = columns.first().map_or(0.0, Column::least);
    let mut parts = Vec::new();
    let (mut part, mut taken) = (Vec::new(), first);
    for (at, column) in columns.iter().enumerate().skip(1) {
        if !part.is_empty() && (part.len() + 1 >= MOST || taken + column.least() > broadest()) {
            parts.push(std::mem::take(&mut part));
            taken = first;
        }
        taken += column.least();
        part.push(at);
    }
    parts.push(part);
    parts
}

/// A column with how wide its cells are.
fn measured(table: &Table, column: usize, header: &[String], texts: &[Vec<String>], glyphs: &mut Glyphs<'_>) -> Column {
    let title = Pieces::of(&header[column], |c| glyphs.advance(c)).bold();
    let cells = table.rows.iter().zip(texts).map(|(row, texts)| {
        let pieces = Pieces::of(&texts[column], |c| glyphs.advance(c));
        let is_bold = row.get(column).is_some_and(|cell| cell.outcome.is_some());
        if is_bold { pieces.bold() } else { pieces }
    });
    Column::new(title, cells.collect(), table.is_right(column))
}

/// What a cell says, with the sign of its outcome: never by colour alone.
fn text(cell: Option<&Cell>, glyphs: &mut Glyphs<'_>) -> String {
    let Some(cell) = cell else {
        return String::new();
    };
    match cell.outcome {
        Some(outcome) if !cell.text.starts_with(outcome_symbol(outcome)) => {
            glyphs.print(&format!("{} {}", outcome_symbol(outcome), cell.text), CELL)
        }
        _ => glyphs.print(&cell.text, CELL),
    }
}

fn row_value(row: &[Cell], texts: &[String], chosen: &[usize]) -> Value {
    let cells: Array = chosen
        .iter()
        .map(|&column| cell_value(row.get(column), texts[column].clone()))
        .collect();
    cells.into_value()
}

fn cell_value(cell: Option<&Cell>, text: String) -> Value {
    let outcome = cell.and_then(|cell| cell.outcome);
    let shade = cell.and_then(|cell| cell.shade);
    if outcome.is_none() && shade.is_none() {
        return text.into_value();
    }
    dict! {
        "text" => text,
        "outcome" => outcome.map(outcome_word),
        "shade" => shade.filter(|shade| shade.is_finite()).map(|shade| shade.clamp(0.0, 1.0)),
    }
    .into_value()
}
