//! This module has one file per command.

pub mod audit;
pub mod catalogue;
pub mod complete;
pub mod init;
pub mod inspect;
pub mod schema;
pub mod tally;
