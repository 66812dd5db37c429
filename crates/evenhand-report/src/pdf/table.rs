//! This module fits tables to a page: those of too many columns come in parts, each with the first column.

use typst::foundations::{Array, IntoValue, Value, dict};

use super::glyphs::{Glyphs, width};
use super::values::CELL;
use crate::document::{Cell, Table};
use crate::words::{outcome_symbol, outcome_word, printed};

/// Columns of the widest table that a page turned on its side has room for.
const MOST: usize = 12;

/// Beyond this a cell of text is wrapped, by the size of its letters.
const WIDEST_TEXT: f64 = 8.5;
/// The same for numbers, which are harder to read when broken.
const WIDEST_NUMBER: f64 = 14.0;
/// What is kept free beside a cell.
const BESIDE: f64 = 0.9;

/// The table as values, in as many parts as it needs.
pub(super) fn values(table: &Table, glyphs: &mut Glyphs<'_>) -> Vec<Value> {
    let rows = table.rows.iter().map(Vec::len);
    let columns = rows.chain([table.header.len()]).max().unwrap_or(0);
    if columns == 0 {
        return Vec::new();
    }
    let rest: Vec<usize> = (1..columns).collect();
    let parts: Vec<&[usize]> = if columns <= MOST {
        vec![&rest]
    } else {
        rest.chunks(MOST - 1).collect()
    };
    let last = parts.len() - 1;
    let mut values = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        let mut caption = table.caption.clone();
        if let (true, Some((first, end))) = (last > 0, part.first().zip(part.last())) {
            caption = format!("{caption} {}", printed::columns(first + 1, end + 1, columns));
        }
        let chosen: Vec<usize> = [0].into_iter().chain(part.iter().copied()).collect();
        let legend: Vec<String> = if at == last {
            table.legend.iter().map(|line| glyphs.print(line, 4 * CELL)).collect()
        } else {
            Vec::new()
        };
        let header = |&column: &usize| table.header.get(column).map_or("", String::as_str);
        let rows: Array = table.rows.iter().map(|row| row_value(row, &chosen, glyphs)).collect();
        values.push(
            dict! {
                "caption" => glyphs.print(caption.trim(), 4 * CELL),
                "header" => chosen.iter().map(|c| glyphs.print(header(c), CELL)).collect::<Vec<_>>(),
                "breadth" => chosen.iter().map(|&column| breadth(table, column)).sum::<f64>(),
                "right" => chosen.iter().map(|&c| table.is_right(c)).collect::<Vec<_>>(),
                "rows" => rows,
                "legend" => legend,
            }
            .into_value(),
        );
    }
    values
}

/// The room that a column wants, by the size of its letters: that of its widest cell, up to where words are wrapped.
fn breadth(table: &Table, column: usize) -> f64 {
    let title = table.header.get(column).map(|title| width(title));
    let cells = table.rows.iter().filter_map(|row| row.get(column));
    let widest = cells.map(|cell| width(&cell.text)).chain(title).fold(0.0, f64::max);
    widest.min(if table.is_right(column) {
        WIDEST_NUMBER
    } else {
        WIDEST_TEXT
    }) + BESIDE
}

fn row_value(row: &[Cell], chosen: &[usize], glyphs: &mut Glyphs<'_>) -> Value {
    let none = Cell::default();
    let cells: Array = chosen
        .iter()
        .map(|&column| cell_value(row.get(column).unwrap_or(&none), glyphs))
        .collect();
    cells.into_value()
}

fn cell_value(cell: &Cell, glyphs: &mut Glyphs<'_>) -> Value {
    let text = match cell.outcome {
        // Never by colour alone.
        Some(outcome) if !cell.text.starts_with(outcome_symbol(outcome)) => {
            format!("{} {}", outcome_symbol(outcome), cell.text)
        }
        _ => cell.text.clone(),
    };
    let text = glyphs.print(&text, CELL);
    if cell.outcome.is_none() && cell.shade.is_none() {
        return text.into_value();
    }
    dict! {
        "text" => text,
        "outcome" => cell.outcome.map(outcome_word),
        "shade" => cell.shade.filter(|shade| shade.is_finite()).map(|shade| shade.clamp(0.0, 1.0)),
    }
    .into_value()
}
