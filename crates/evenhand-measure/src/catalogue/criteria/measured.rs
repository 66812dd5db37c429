//! This module is the table of criteria on measures that are no share of rows.
//!
//! To add a criterion, add one entry to the list of its domain.

use super::Criterion;

/// Every such criterion, in the order in which it is judged and listed everywhere.
pub static MEASURED: &[&[&Criterion]] = &[PROVIDER, CUSTOMER, AMOUNTS, CONTROLS, SCORES];

/// On what lists give to groups of items.
static PROVIDER: &[&Criterion] = &[];

/// On what lists are worth to groups of users.
static CUSTOMER: &[&Criterion] = &[];

/// On amounts.
static AMOUNTS: &[&Criterion] = &[];

/// On what controls leave of gaps in amounts.
static CONTROLS: &[&Criterion] = &[];

/// On scores.
static SCORES: &[&Criterion] = &[];
