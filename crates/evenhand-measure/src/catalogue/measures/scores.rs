//! This module is the part of the catalogue about scores.

use super::Measure;

/// Every measure of it, in the order in which it is listed everywhere.
pub static MEASURES: &[&Measure] = &[];
