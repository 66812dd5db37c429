//! This module writes the policy that an audit was made by as the text of a policy file.

use serde_json::{Map, Value};

use super::write::write_table;
use super::{Check, Inference, parse};
use crate::Audit;
use crate::catalogue::{CRITERIA, Criterion, DefaultLevel, is_for_scale};
use crate::policy::Scale;

/// The policy of an audit, as its JSON form has it, as a policy file by which the same data give the same audit.
///
/// What the audit filled in by itself is left out, because asking for it is another question: a check that was asked for
/// says so when a column is missing for it, and a direction that was declared is no longer examined both ways. A preset is
/// named on the command line, not in the file.
///
/// ```
/// use evenhand_measure::policy::{applied_toml, parse};
/// let applied = serde_json::json!({
///     "roles": { "prediction": "hired", "protected": ["sex"] },
///     "values": { "adverse": false },
///     "inference": { "confidence": 0.9, "min-denominator": 0, "judge": "interval", "seed": 0 },
/// });
/// let text = applied_toml(&applied, false);
/// assert!(!text.contains("adverse") && !text.contains("seed"));
/// let policy = parse("evenhand.toml", &text).unwrap();
/// assert_eq!((policy.inference.confidence, policy.values.adverse), (0.9, None));
/// ```
#[must_use]
pub fn applied_toml(applied: &Value, is_direction_declared: bool) -> String {
    let Value::Object(mut root) = applied.clone() else {
        return String::new();
    };
    root.remove("preset");
    if let Some(Value::Object(values)) = root.get_mut("values")
        && !is_direction_declared
    {
        values.remove("adverse");
    }
    let scale = root.get("amounts").and_then(|amounts| amounts.get("scale"));
    let scale = match scale.and_then(Value::as_str) {
        Some("plain") => Scale::Plain,
        _ => Scale::Log,
    };
    if root.get("check").is_some_and(|checks| are_usual(checks, scale)) {
        root.remove("check");
    }
    if let Some(Value::Object(inference)) = root.get_mut("inference") {
        let usual = usual_inference();
        inference.retain(|key, value| usual.get(key) != Some(value));
    }
    let mut text = String::new();
    write_table(&mut Vec::new(), &root, &mut text);
    text
}

/// The checks of an audit that led to a comparison, as its policy in JSON has them: those of which there is a finding.
#[must_use]
pub fn checks_that_ran(audit: &Audit) -> Vec<Check> {
    let checks = audit.policy.get("check").and_then(Value::as_array);
    let ran = |check: &&Value| {
        let id = check.get("criterion").and_then(Value::as_str);
        id.is_some_and(|id| audit.findings.iter().any(|finding| finding.criterion == id))
    };
    let ran: Vec<Value> = checks.into_iter().flatten().filter(ran).cloned().collect();
    let mut text = String::new();
    let root = Map::from_iter([("check".to_owned(), Value::Array(ran))]);
    write_table(&mut Vec::new(), &root, &mut text);
    let mut checks = parse("", &text).map(|policy| policy.checks).unwrap_or_default();
    // This text is no file in which somebody would look for a line.
    checks.iter_mut().for_each(|check| check.line = None);
    checks
}

/// Whether checks are those that apply when a policy has none.
fn are_usual(checks: &Value, scale: Scale) -> bool {
    let Some(checks) = checks.as_array() else {
        return false;
    };
    let usual: Vec<&Criterion> = CRITERIA
        .iter()
        .copied()
        .filter(|criterion| is_for_scale(criterion, scale))
        .collect();
    checks.len() == usual.len() && checks.iter().zip(usual).all(|(check, usual)| is_usual(check, usual))
}

fn is_usual(check: &Value, criterion: &Criterion) -> bool {
    let text = |key: &str| check.get(key).and_then(Value::as_str);
    let levels: &[&str] = match criterion.level {
        DefaultLevel::Error => &["error"],
        DefaultLevel::Warn => &["warn"],
        DefaultLevel::ErrorUnless(_) => &["error", "warn"],
    };
    text("criterion") == Some(criterion.id)
        && check.get("bound").and_then(Value::as_f64) == Some(criterion.bound)
        && check.get("by").is_none()
        && text("level").is_some_and(|level| levels.contains(&level))
}

/// How evidence is weighed when nobody says, in full: a policy's own form leaves out what was not changed.
fn usual_inference() -> Map<String, Value> {
    let usual = Inference::default();
    let mut written = match serde_json::to_value(&usual) {
        Ok(Value::Object(written)) => written,
        _ => Map::new(),
    };
    let left_out = [
        ("methods", serde_json::to_value(usual.methods)),
        ("adjust-warnings", serde_json::to_value(usual.adjust_warnings)),
        ("one-person-rule", serde_json::to_value(usual.one_person_rule)),
        ("simultaneous", serde_json::to_value(usual.simultaneous)),
        ("replicates", serde_json::to_value(usual.replicates)),
        ("seed", serde_json::to_value(usual.seed)),
        ("partial-pooling", serde_json::to_value(usual.partial_pooling)),
    ];
    written.extend(
        left_out
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value.ok()?))),
    );
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit;
    use crate::policy::{Policy, default_checks, find_preset, parse_onto};
    use crate::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};

    /// Decisions about two groups by an attribute whose name needs quotes.
    fn tally() -> Tally {
        let mut group = Dimension::new(Axis::Protected, "the \"group\"", Coding::AsWritten);
        group.levels = vec![Level::of("a"), Level::of("b \u{202e}")];
        let mut decision = Dimension::new(Axis::Prediction, "hired", Coding::AsWritten);
        decision.levels = vec![Level::of("no"), Level::of("yes")];
        let cells = [(0, 0, 120), (0, 1, 80), (1, 0, 150), (1, 1, 50)];
        let cells = cells.map(|(group, decision, n)| (vec![group, decision], Counts::of(n)));
        Tally::new(Cube::new(vec![group, decision], cells.to_vec()).unwrap(), 400)
    }

    fn again(first: &Audit, preset: Option<&str>) -> Audit {
        let text = applied_toml(&first.policy, first.roles.adverse_declared);
        let base = preset.map_or_else(Policy::default, |id| find_preset(id).unwrap().policy.clone());
        let policy = parse_onto(base, "evenhand.toml", &text).unwrap_or_else(|why| panic!("{why:?}\n{text}"));
        audit(&tally(), &policy).unwrap()
    }

    #[test]
    fn the_written_policy_gives_the_same_audit() {
        let mut policy = Policy::default();
        let assert_same = |policy: &Policy, preset: Option<&str>| {
            let first = audit(&tally(), policy).unwrap();
            let mut again = again(&first, preset);
            // The written policy is a file, and what it declares has lines there.
            again.findings.iter_mut().for_each(|finding| finding.policy_line = None);
            assert_eq!(again, first);
        };
        assert_same(&policy, None);
        policy.roles.prediction = Some("hired".to_owned());
        policy.values.adverse = Some(true);
        policy.inference.min_denominator = 30;
        policy
            .inference
            .reference
            .insert("the \"group\"".to_owned(), "b \u{202e}".to_owned());
        policy.checks = default_checks(&|_| false).into_iter().take(3).collect();
        policy.checks[1].bound = None;
        assert_same(&policy, None);
        for preset in ["ll144", "four-fifths", "strict"] {
            assert_same(&find_preset(preset).unwrap().policy, Some(preset));
        }
    }
}
