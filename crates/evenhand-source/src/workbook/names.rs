//! This module names the columns of a sheet.

use std::collections::BTreeMap;

use super::header::Header;
use super::marks::Marks;
use super::sheet::{Row, Sheet};

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its number in the sheet, from 0.
    pub(super) place: u32,
    pub(super) name: String,
    /// Whether the sheet has a name for it.
    pub(super) is_named: bool,
}

/// The columns that have a name, or values below the header.
pub(super) fn columns(sheet: &Sheet, marks: &Marks, header: &Header) -> Vec<Column> {
    let row = |number: u32| sheet.first.iter().find(|row| row.number == number);
    let lower = row(header.row);
    let upper = header.upper.and_then(row);
    let text = |row: Option<&Row>, column: u32| {
        let cell = row.and_then(|row| row.cell(column))?;
        Some(cell.text.clone()).filter(|text| !text.trim().is_empty())
    };
    let above = |column: u32| upper.and_then(|upper| over(upper, marks, column));

    let mut found = Vec::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (column, depth) in (0u32..).zip(&sheet.depths) {
        let own = text(lower, column);
        let name = own.clone().or_else(|| text(upper, column));
        if name.is_none() && *depth <= header.row {
            continue;
        }
        if let Some(own) = &own {
            *times.entry(own.clone()).or_default() += 1;
        }
        found.push((column, own, name));
    }
    let numbered = (1..).zip(found);
    numbered
        .map(|(number, (place, own, name))| {
            // Names that repeat are told apart by what stands above them.
            let repeats = own
                .as_ref()
                .is_some_and(|own| times.get(own).is_some_and(|times| *times > 1));
            let name = match (name, above(place)) {
                (Some(name), Some(above)) if repeats => Some(format!("{above} {name}")),
                (name, _) => name,
            };
            Column {
                place,
                is_named: name.is_some(),
                name: name.unwrap_or_else(|| format!("column {number}")),
            }
        })
        .collect()
}

/// The text of the upper row over a column: of the cell there, of the cell that is merged over it, or of the last cell
/// to the left.
fn over(upper: &Row, marks: &Marks, column: u32) -> Option<String> {
    let merged = marks.merged.iter().find(|region| region.has(upper.number, column));
    let place = match merged {
        Some(region) => region.columns.0,
        None => upper
            .cells
            .iter()
            .rev()
            .map(|(place, _)| *place)
            .find(|place| *place <= column)?,
    };
    upper.cell(place).map(|cell| cell.text.clone())
}
