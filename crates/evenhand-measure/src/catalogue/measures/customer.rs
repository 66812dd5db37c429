//! This module is the part of the catalogue about what lists are worth to groups of users.

use super::Measure;

/// Every measure of it, in the order in which it is listed everywhere.
pub static MEASURES: &[&Measure] = &[];
