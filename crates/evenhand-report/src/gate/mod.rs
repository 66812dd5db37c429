//! This module writes the answer of a gate, for people and for the machines that build and review.
//!
//! All formats are written from the same [`Line`]s, so they say the same.

mod annotations;
mod badge;
#[cfg(test)]
mod formats_tests;
mod gitlab;
mod json;
mod junit;
mod line;
mod openmetrics;
mod said;
#[cfg(test)]
mod sample;
mod sarif;
mod since;
mod summary;
mod text;
mod told;
mod worst;

pub use self::annotations::annotations;
pub use self::badge::{badge, badge_json};
pub use self::gitlab::gitlab;
pub use self::json::gate_json;
pub use self::junit::junit;
pub use self::line::{Line, lines};
pub use self::openmetrics::openmetrics;
pub use self::sarif::sarif;
pub use self::summary::{github_output, summary};
pub use self::text::gate_text;
