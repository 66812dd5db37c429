//! This module writes the answer of a gate, for people and for the machines that build and review.
//!
//! All formats are written from the same [`Line`]s, so they say the same.

mod annotations;
mod badge;
mod line;
mod openmetrics;
#[cfg(test)]
mod sample;
mod since;
mod summary;
mod text;
mod told;
mod worst;

pub use self::annotations::{annotations, stop_commands};
pub use self::badge::{badge, badge_json};
pub use self::line::{Line, lines};
pub use self::openmetrics::openmetrics;
pub use self::summary::{github_output, summary};
pub use self::text::gate_text;
