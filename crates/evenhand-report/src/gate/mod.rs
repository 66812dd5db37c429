//! This module writes the answer of a gate for the machines that build and review.
//!
//! All formats are written from the same [`Line`]s, so they say the same.

mod line;

pub use self::line::{Line, lines};
