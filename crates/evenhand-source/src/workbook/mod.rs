//! This module reads workbooks of Excel and OpenDocument.
//!
//! A sheet is read once, in order, and kept as rows of texts; then it is found out which rows name the columns and
//! which are no records, and the rest are the records. So no sheet has to fit into memory.

mod book;
mod cell;
mod choice;
mod edges;
mod header;
mod marks;
mod names;
mod ods;
mod ole;
mod package;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod told;
mod xls;
mod xlsx;
mod xml;

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::input::{Input, Rows};

/// The records of `input`.
pub(crate) fn rows(input: &Input, data: &Data) -> Result<Rows, Problem> {
    let name = input.shown();
    let mut book = book::open(input).map_err(|trouble| trouble.at(&name))?;
    let chosen = choice::choose(book.as_mut(), data, &name)?;
    table::rows(chosen, data, &name)
}
