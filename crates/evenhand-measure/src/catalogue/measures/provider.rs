//! This module is the part of the catalogue about what lists give to groups of items, or to those who provide them.

use super::Measure;

/// Every measure of it, in the order in which it is listed everywhere.
pub static MEASURES: &[&Measure] = &[];
