//! This module reads SQLite databases: a table, a view or the rows of a query, which the database itself counts
//! where it has them in order.
//!
//! A database comes from outside like any other file. So nothing is written to it or beside it, its own functions and
//! triggers do not run, and work without an end is stopped after so many steps.

#[cfg(not(feature = "sqlite"))]
mod absent;
#[cfg(feature = "sqlite")]
mod choose;
#[cfg(feature = "sqlite")]
mod count;
#[cfg(feature = "sqlite")]
mod file;
#[cfg(feature = "sqlite")]
mod read;
#[cfg(feature = "sqlite")]
mod trouble;
#[cfg(feature = "sqlite")]
mod value;

#[cfg(not(feature = "sqlite"))]
pub(crate) use self::absent::{Database, open, records, sample, tally};
#[cfg(feature = "sqlite")]
pub(crate) use self::{
    choose::{Database, open},
    count::tally,
    read::{records, sample},
};

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests;
