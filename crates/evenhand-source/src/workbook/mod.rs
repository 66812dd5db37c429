//! This module reads workbooks of Excel and OpenDocument.
//!
//! A sheet is read once, in order, and kept as rows of texts; then it is found out which rows name the columns and
//! which are no records, and the rest are the records. So no sheet has to fit into memory.

#[cfg(feature = "excel")]
mod book;
#[cfg(feature = "excel")]
mod cell;
#[cfg(feature = "excel")]
mod choice;
#[cfg(feature = "excel")]
mod edges;
#[cfg(feature = "excel")]
mod header;
#[cfg(feature = "excel")]
mod marks;
#[cfg(feature = "excel")]
mod names;
#[cfg(feature = "excel")]
mod ods;
#[cfg(feature = "excel")]
mod ole;
#[cfg(feature = "excel")]
mod package;
#[cfg(feature = "excel")]
mod sheet;
#[cfg(feature = "excel")]
mod table;
#[cfg(feature = "excel")]
#[cfg(test)]
mod tests;
#[cfg(feature = "excel")]
mod told;
#[cfg(feature = "excel")]
mod xls;
#[cfg(feature = "excel")]
mod xlsx;
#[cfg(feature = "excel")]
mod xml;

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::input::{Input, Rows};

/// The records of `input`.
#[cfg(feature = "excel")]
pub(crate) fn rows(input: &Input, data: &Data) -> Result<Rows, Problem> {
    let name = input.shown();
    let mut book = book::open(input).map_err(|trouble| trouble.at(&name))?;
    let chosen = choice::choose(book.as_mut(), data, &name)?;
    table::rows(chosen, data, &name)
}

/// The records of `input`, which this build does not read.
#[cfg(not(feature = "excel"))]
pub(crate) fn rows(input: &Input, _data: &Data) -> Result<Rows, Problem> {
    Err(Problem::data(
        format!(
            "{} is a workbook, and this build has no reader for workbooks (the feature `excel`)",
            input.shown()
        ),
        "save it as \"CSV UTF-8\", or build with `--features excel`",
    ))
}
