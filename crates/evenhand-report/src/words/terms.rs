//! This module says what lists, amounts and scores were looked at with: columns, attention, target, controls.

use evenhand_measure::attention::Attention;
use evenhand_measure::audit::model::{Audit, Finding};
use serde_json::Value as Json;

use super::name;

/// A text of the policy.
pub(super) fn setting<'a>(audit: &'a Audit, at: &str) -> Option<&'a str> {
    audit.policy.pointer(at).and_then(Json::as_str)
}

/// What was audited: the column of decisions, else of scores or amounts, else of what lists recommend.
pub(crate) fn subject(audit: &Audit) -> Option<String> {
    let decided = audit.roles.prediction.as_ref().map(|column| name(&column.column));
    let role = |key: &str| setting(audit, &format!("/roles/{key}")).map(name);
    decided
        .or_else(|| role("amount"))
        .or_else(|| role("score"))
        .or_else(|| role("item").map(|_| "the lists".to_owned()))
}

/// What a group's share of attention is held against: `their share of the catalogue`.
pub(crate) fn target(audit: &Audit) -> &'static str {
    let target = setting(audit, "/lists/target").unwrap_or("catalogue");
    target_words(target).unwrap_or("their target share")
}

/// How the key of the exposure ratio ends that is held against the chosen target.
pub(crate) fn target_key(audit: &Audit) -> String {
    format!("@{}", setting(audit, "/lists/target").unwrap_or("catalogue"))
}

/// A target by its word in a policy.
pub(super) fn target_words(target: &str) -> Option<&'static str> {
    Some(match target {
        "catalogue" => "their share of the catalogue",
        "relevance" => "their share of what users wanted",
        "sales" => "their share of what was sold so far",
        "merit" => "their share of the merit of all items",
        "shares" => "the share that the policy sets",
        _ => return None,
    })
}

/// The attention model by its name: `log`.
pub(crate) fn attention(audit: &Audit) -> String {
    name(setting(audit, "/lists/attention").unwrap_or("log"))
}

/// What has to be known of a block of such findings: target, attention model, controls, scale.
pub(crate) fn terms(finding: &Finding, audit: &Audit) -> Vec<String> {
    let mut terms = Vec::new();
    if finding.rate.contains("exposure") {
        terms.push(attention_line(audit));
        terms.push(format!("Target: {}", target(audit)));
    }
    let controls = audit.policy.pointer("/roles/controls").and_then(Json::as_array);
    if finding.rate.starts_with("adjusted")
        && let Some(controls) = controls
    {
        let names: Vec<String> = controls.iter().filter_map(Json::as_str).map(name).collect();
        terms.push(format!("Alike in {}", names.join(", ")));
    }
    terms
}

/// What of lists, amounts and scores was read, and how they are looked at, a line for each.
pub(crate) fn reading_lines(audit: &Audit) -> Vec<String> {
    let role = |key: &str| setting(audit, &format!("/roles/{key}")).map(name);
    let mut lines = Vec::new();
    if let Some(item) = role("item").filter(|_| audit.policy.pointer("/roles/list").is_some()) {
        let mut parts = vec![format!("items {item}")];
        for (key, word) in [
            ("list", "lists"),
            ("user", "users"),
            ("rank", "places"),
            ("relevance", "wanted by"),
        ] {
            parts.extend(role(key).map(|column| format!("{word} {column}")));
        }
        lines.push(format!("Lists: {}", parts.join(", ")));
        lines.push(attention_line(audit));
        lines.push(format!("Target of exposure: {}", target(audit)));
    }
    if let Some(amount) = role("amount") {
        let how = match setting(audit, "/amounts/scale") {
            Some("plain") => "by their differences",
            _ => "by their ratios (logarithms)",
        };
        lines.push(format!("Amount: {amount}, compared {how}"));
    }
    if let Some(score) = role("score") {
        lines.push(format!("Score: {score}"));
    }
    lines
}

/// How much attention places get: `Attention: the log model, which falls with the logarithm of the place`.
fn attention_line(audit: &Audit) -> String {
    let model = attention(audit);
    match model.parse::<Attention>() {
        Ok(parsed) => format!("Attention: places get attention {} ({model} model)", parsed.words()),
        Err(_) => format!("Attention: the {model} model"),
    }
}
