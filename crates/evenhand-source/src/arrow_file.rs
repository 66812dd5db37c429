//! This module reads Arrow IPC files and streams.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::input::{Input, Rows};

/// The records of `input`.
pub(crate) fn rows(input: &Input, _data: &Data) -> Result<Rows, Problem> {
    Err(Problem::data(
        format!("{} is an Arrow IPC file", input.shown()),
        "save it as \"CSV UTF-8\"",
    ))
}
