//! This module stands for the reader of workbooks in a build without it.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::input::{Input, Rows};

/// The records of `input`, which this build does not read.
pub(crate) fn rows(input: &Input, _data: &Data) -> Result<Rows, Problem> {
    Err(Problem::data(
        format!(
            "{} is a workbook, and this build has no reader for workbooks (the feature `excel`)",
            input.shown()
        ),
        "save it as \"CSV UTF-8\", or build with `--features excel`",
    ))
}
