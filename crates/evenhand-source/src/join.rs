//! This module adds to each record what another table knows of one of its values.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::records::Records;

/// The records with the tables joined that `data` names; as they are if it names none.
pub(crate) fn joined(records: Box<dyn Records>, data: &Data, place: &str) -> Result<Box<dyn Records>, Problem> {
    if data.joins.is_empty() {
        return Ok(records);
    }
    Err(Problem::usage(
        format!("{place}: tables are not joined"),
        "leave the join out",
    ))
}
