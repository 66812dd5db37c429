//! This module takes lists apart: a record with a list becomes one record per entry, with the entry's rank.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::records::Records;

/// The records with the lists that `data` names taken apart; as they are if it names none.
pub(crate) fn exploded(records: Box<dyn Records>, data: &Data, place: &str) -> Result<Box<dyn Records>, Problem> {
    if data.explode.is_empty() {
        return Ok(records);
    }
    Err(Problem::usage(
        format!("{place}: lists are not taken apart"),
        "leave --explode out",
    ))
}
