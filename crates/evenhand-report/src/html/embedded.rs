//! This module writes the audit as JSON that no page reads as markup.

use evenhand_measure::audit::model::Audit;

/// The audit as JSON without spaces; the value is that of the JSON report. Nothing in it ends a script.
pub(super) fn json(audit: &Audit) -> Option<String> {
    let text = serde_json::to_string(audit).ok()?;
    let mut out = String::with_capacity(text.len());
    for c in crate::safe::json(&text).chars() {
        match c {
            // Outside strings JSON has none of these, and within them an escape stands for the same character.
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            _ => out.push(c),
        }
    }
    Some(out)
}
