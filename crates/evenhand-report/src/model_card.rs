//! This module writes an audit in the form of a model card.

use evenhand_measure::audit::model::Audit;

use crate::document::Letterhead;

/// The audit as a model card, in JSON.
///
/// # Errors
///
/// When a value cannot be written as JSON, which would be a defect.
pub fn model_card(audit: &Audit, letterhead: &Letterhead) -> Result<String, serde_json::Error> {
    let _ = letterhead;
    serde_json::to_string_pretty(&serde_json::json!({ "verdict": audit.verdict.word() }))
}
