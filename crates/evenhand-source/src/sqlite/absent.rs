//! This module says that databases are not read, in a program that was built without them.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::input::Input;
use crate::kernel::Partial;
use crate::parquet_file::Shown;
use crate::plan::Plan;
use crate::reading::Reading;
use crate::records::Records;
use crate::tally::Progress;

/// A database; there is none.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) columns: Vec<String>,
}

pub(crate) fn open(input: &Input, _: &Data) -> Result<(Database, Reading), Problem> {
    Err(not_read(&input.shown()))
}

pub(crate) fn records(_: &Database) -> Result<Box<dyn Records>, Problem> {
    Err(not_read("this"))
}

pub(crate) fn sample(_: &Database, _: u64, _: &mut dyn FnMut(usize, Shown<'_>)) -> Result<bool, Problem> {
    Err(not_read("this"))
}

pub(crate) fn tally(input: &Input, _: &Database, _: &Plan, _: &dyn Progress) -> Result<Partial, Problem> {
    Err(not_read(&input.shown()))
}

fn not_read(what: &str) -> Problem {
    Problem::data(
        format!("{what} is a SQLite database, and this program was built without the feature `sqlite`"),
        "export the table as CSV, or build the program with `--features sqlite`",
    )
}
