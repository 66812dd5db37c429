//! This module writes the answer of a gate for the machines that build and review.
//!
//! All formats are written from the same [`Line`]s, so they say the same.

mod json;
mod line;
mod stubs;

pub use self::json::gate_json;
pub use self::line::{Line, lines};
pub use self::stubs::{
    annotations, badge, badge_json, gate_text, github_output, gitlab, junit, openmetrics, sarif, summary,
};
