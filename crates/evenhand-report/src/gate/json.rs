//! This module writes a gate's answer whole, unrounded.

use evenhand_measure::gate::Gate;

use crate::safe;

/// The answer as canonical JSON, indented, with a final newline. Numbers are full `f64`, names are whole.
///
/// # Errors
/// When it cannot be represented, which no answer that the engine makes is.
pub fn gate_json(gate: &Gate) -> Result<String, serde_json::Error> {
    let mut text = safe::json(&serde_json::to_string_pretty(gate)?);
    text.push('\n');
    Ok(text)
}
