//! This module reads SQLite databases.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::input::Input;
use crate::kernel::Partial;
use crate::plan::Plan;
use crate::reading::Reading;
use crate::records::Records;

/// A table or query of a database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) columns: Vec<String>,
}

/// The table or query that `data` names, or the only one.
pub(crate) fn open(input: &Input, _data: &Data) -> Result<(Database, Reading), Problem> {
    Err(Problem::data(
        format!("{} is a SQLite database", input.shown()),
        "export the table as CSV",
    ))
}

/// Its records, in order.
pub(crate) fn records(database: &Database) -> Result<Box<dyn Records>, Problem> {
    let _ = database;
    Err(Problem::data("not read", "export the table as CSV"))
}

/// Shows the first records, at most so many; says whether these are all.
pub(crate) fn sample(database: &Database, most: u64, take: &mut dyn FnMut(&[Option<String>])) -> Result<bool, Problem> {
    let _ = (database, most, take);
    Err(Problem::data("not read", "export the table as CSV"))
}

/// Counts the rows of `database`, which counts them itself as far as it can.
pub(crate) fn tally(input: &Input, database: &Database, plan: &Plan) -> Result<Partial, Problem> {
    let _ = (input, database, plan);
    Err(Problem::data("not read", "export the table as CSV"))
}
