//! This module is the sheet of what a rule asks to be published, with rates and impact ratios as formulas.

use evenhand_measure::audit::model::{Audit, ImpactTable, Publication};
use rust_xlsxwriter::XlsxError;

use super::cell::{Cell, Form, Formula};
use super::names;
use super::page::Page;
use super::values::table_of;
use crate::publication::{self, Posted};
use crate::words;

pub(super) const WIDTHS: [f64; 6] = [44.0, 13.0, 16.0, 14.0, 14.0, 60.0];

/// Columns of counts and rates.
const SELECTED: u16 = 2;
const APPLICANTS: u16 = 1;
const RATE: u16 = 3;

pub(super) fn write(mut page: Page<'_>, published: &Publication, audit: &Audit) -> Result<(), XlsxError> {
    page.title("For publication")?;
    let posted = publication::tables(published, &audit.roles);
    for (of, posted) in published.tables.iter().zip(posted) {
        page.heading(&posted.title)?;
        let first = page.row() + 1;
        let header: Vec<&str> = posted.header.iter().map(String::as_str).collect();
        page.table(&table_of(&header, rows(of, &posted, first)))?;
        page.paragraph(&posted.unknown)?;
    }
    page.heading(publication::ABOUT)?;
    page.list(&publication::about(published, &audit.roles))
}

/// The rows of a table of which the first stands in a row of the sheet.
fn rows(of: &ImpactTable, posted: &Posted, first: u32) -> Vec<Vec<Cell>> {
    let none = |words: &str| Cell::Why(words.to_owned());
    let highest = of.rows.iter().position(|row| of.highest.as_ref() == Some(&row.group));
    let highest_rate = highest.and_then(|at| of.rows[at].rate);
    let mut rows = Vec::new();
    for (row, said) in of.rows.iter().zip(&posted.rows) {
        let (selected, applicants) = (row.selected as f64, row.applicants as f64);
        let rate = row.rate.map_or(none("no value"), |rate| {
            let formula = Formula::Share(SELECTED, APPLICANTS);
            Cell::formula(formula, Some(selected / applicants), rate, Form::Percent(1))
        });
        let ratio = row.impact_ratio.map_or(none("no value"), |ratio| {
            let at = first + u32::try_from(highest.unwrap_or(0)).unwrap_or(u32::MAX);
            let gives = row.rate.zip(highest_rate).map(|(rate, highest)| rate / highest);
            Cell::formula(Formula::RatioToRow(RATE, at), gives, ratio, Form::Decimal(2))
        });
        rows.push(vec![
            Cell::Prose(names::values(&of.by, &row.group)),
            Cell::count(row.applicants),
            Cell::count(row.selected),
            rate,
            ratio,
            Cell::Prose(words::long(said.last().map_or("", String::as_str))),
        ]);
    }
    rows
}
