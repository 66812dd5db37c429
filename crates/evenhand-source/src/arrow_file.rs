//! This module reads Arrow IPC files and streams.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::input::{Input, Rows};

#[cfg(feature = "arrow")]
mod batches;
#[cfg(feature = "arrow")]
mod cells;
#[cfg(feature = "arrow")]
mod message;

/// The records of `input`.
#[cfg(feature = "arrow")]
pub(crate) fn rows(input: &Input, data: &Data) -> Result<Rows, Problem> {
    use crate::reading::{Format, Reading};

    Ok(Rows {
        records: Box::new(batches::Batches::of(input)?),
        reading: Reading {
            format: Format::Arrow,
            data: data.clone(),
            ..Reading::default()
        },
        place: "row".to_owned(),
    })
}

/// The problem of a program that was built without what reads them.
#[cfg(not(feature = "arrow"))]
pub(crate) fn rows(input: &Input, _: &Data) -> Result<Rows, Problem> {
    Err(Problem::data(
        format!(
            "{} is an Arrow IPC file, and this program was built without `arrow`",
            input.shown()
        ),
        "save it as Parquet or \"CSV UTF-8\", or build the program with `--features arrow`",
    ))
}

#[cfg(feature = "arrow")]
#[cfg(test)]
mod tests;
