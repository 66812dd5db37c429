//! This module is the table of criteria on measures that are no share of rows.
//!
//! To add a criterion, add one entry to the list of its domain.

mod amounts;
mod controls;
mod customer;
mod provider;
mod scores;

pub use self::amounts::is_for_scale;
use super::{Criterion, DefaultLevel};
use crate::inference::Comparison;

/// Every such criterion, in the order in which it is judged and listed everywhere.
pub static MEASURED: &[&[&Criterion]] = &[
    provider::CRITERIA,
    customer::CRITERIA,
    amounts::CRITERIA,
    controls::CRITERIA,
    scores::CRITERIA,
];

/// What criteria on a measure have in common.
const ON_A_MEASURE: Criterion = Criterion {
    id: "",
    name: "",
    aliases: &[],
    rates: &[],
    measure: None,
    comparison: Comparison::Ratio,
    favourable: false,
    against_highest: false,
    per_stratum: false,
    bound: 0.0,
    level: DefaultLevel::Warn,
    doc: "",
    citations: &[],
};
