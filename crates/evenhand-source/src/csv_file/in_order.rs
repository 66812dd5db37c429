//! This module gives the records of a text one after the other, for what cannot be counted as it stands.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use super::Head;
use crate::input::Input;
use crate::records::Records;

/// The records of `input`; what is ragged becomes what `data` says.
pub(crate) fn records(input: &Input, head: &Head, data: &Data) -> Result<Box<dyn Records>, Problem> {
    let _ = (head, data);
    Err(Problem::usage(
        format!("{}: not read in order", input.shown()),
        "leave the flag out",
    ))
}
