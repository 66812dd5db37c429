//! This module writes the answer of a gate for the machines that build and review.
//!
//! All formats are written from the same [`Line`]s, so they say the same.

#[cfg(test)]
mod formats_tests;
mod gitlab;
mod junit;
mod line;
mod said;
mod sarif;

pub use self::gitlab::gitlab;
pub use self::junit::junit;
pub use self::line::{Line, lines};
pub use self::sarif::sarif;
