//! This module is the sheet of what was read: rows in, rows left out and why, columns, notes.

use evenhand_measure::audit::model::Audit;
use rust_xlsxwriter::XlsxError;

use super::cell::{Cell, Form, Formula};
use super::page::Page;
use super::values::table_of;
use crate::text::{data_lines, note_lines, reversal_lines};
use crate::words;

pub(super) const WIDTHS: [f64; 4] = [26.0, 14.0, 24.0, 74.0];

/// The column of rows.
const ROWS: u16 = 1;

pub(super) fn write(mut page: Page<'_>, audit: &Audit) -> Result<(), XlsxError> {
    let data = &audit.data;
    page.title("Data")?;
    page.skip();
    let first = page.row() + 1;
    let mut rows = vec![vec![Cell::text("Counted"), Cell::count(data.rows_counted)]];
    rows.extend(data.excluded.iter().map(|exclusion| {
        vec![
            Cell::text("Left out"),
            Cell::count(exclusion.rows),
            Cell::text(exclusion.reason.as_str()),
            Cell::Prose(words::long(&exclusion.message)),
        ]
    }));
    let sum = data.excluded.iter().map(|exclusion| exclusion.rows).sum::<u64>() + data.rows_counted;
    let read = data.rows_read as f64;
    let total = Cell::formula(Formula::SumFrom(ROWS, first), Some(sum as f64), read, Form::Count);
    rows.push(vec![Cell::text("Read"), total]);
    page.table(&table_of(&["Rows", "How many", "Reason", "In words"], rows))?;
    if !data.partial.is_empty() {
        page.heading("Counted in part, or not as written")?;
        let rows = data.partial.iter().map(|exclusion| {
            vec![
                Cell::text("In part"),
                Cell::count(exclusion.rows),
                Cell::text(exclusion.reason.as_str()),
                Cell::Prose(words::long(&exclusion.message)),
            ]
        });
        page.table(&table_of(&["Rows", "How many", "Reason", "In words"], rows.collect()))?;
    }
    page.heading("How the data were read")?;
    page.list(&data_lines(audit))?;
    if !audit.provenance.inputs.is_empty() {
        page.heading("Files")?;
        let rows = audit.provenance.inputs.iter().map(|input| {
            vec![
                Cell::Prose(input.name.clone()),
                Cell::count(input.bytes),
                Cell::text("SHA-256"),
                Cell::text(input.sha256.as_deref().unwrap_or("not taken")),
            ]
        });
        page.table(&table_of(&["File", "Bytes", "Hash", "Value"], rows.collect()))?;
    }
    let notes: Vec<String> = reversal_lines(audit).into_iter().chain(note_lines(audit)).collect();
    if !notes.is_empty() {
        page.heading("Notes")?;
        page.list(&notes)?;
    }
    Ok(())
}
