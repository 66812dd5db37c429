//! This module is the table of criteria on measures that are no share of rows.
//!
//! To add a criterion, add one entry to the list of its domain.

mod amounts;
mod controls;
mod customer;
mod provider;
mod scores;

pub use self::amounts::is_for_scale;
use super::Criterion;

/// Every such criterion, in the order in which it is judged and listed everywhere.
pub static MEASURED: &[&[&Criterion]] = &[
    provider::CRITERIA,
    customer::CRITERIA,
    amounts::CRITERIA,
    controls::CRITERIA,
    scores::CRITERIA,
];
