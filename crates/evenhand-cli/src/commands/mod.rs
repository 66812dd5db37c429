//! This module has one file per command.

pub mod audit;
pub mod baseline;
pub mod catalogue;
pub mod check;
pub mod complete;
pub mod history;
pub mod init;
pub mod inspect;
pub mod policy;
pub mod schema;
pub mod tally;
