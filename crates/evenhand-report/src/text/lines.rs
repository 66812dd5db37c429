//! This module says what was read and how, and what the reader has to know of it, a line for each thing.

use evenhand_measure::audit::model::{Audit, Finding, GroupRates, Note, Severity};
use evenhand_measure::catalogue::{MethodOf, default_method, find_method};

use crate::numbers::{confidence, count};
use crate::safe::visible_cut;
use crate::words;

/// Rows read, counted and left out, and what the columns mean.
pub(crate) fn data_lines(audit: &Audit) -> Vec<String> {
    let data = &audit.data;
    let left_out: u64 = data.excluded.iter().map(|exclusion| exclusion.rows).sum();
    let mut lines = vec![format!(
        "{} read = {} counted + {} left out",
        words::rows(data.rows_read),
        count(data.rows_counted),
        count(left_out)
    )];
    if data.records_read != data.rows_read {
        lines.push(match data.records_read {
            1 => "1 line of input stands for these rows".to_owned(),
            records => format!("{} lines of input stand for these rows", count(records)),
        });
    }
    let excluded = data.excluded.iter().map(|e| (" left out", e));
    let exclusions = excluded.chain(data.partial.iter().map(|e| ("", e)));
    lines.extend(exclusions.map(|(what, e)| format!("{}{what}: {}", words::rows(e.rows), words::long(&e.message))));
    for (role, column) in [
        ("Decision", &audit.roles.prediction),
        ("The other model's", &audit.roles.compared),
        ("Truth", &audit.roles.label),
    ] {
        if let Some(line) = words::classes::decision_line(audit).filter(|_| role == "Decision") {
            lines.push(format!("{role}: {line}"));
        } else if let Some(column) = column {
            let origin = if column.declared {
                ""
            } else {
                ", taken from its meaning"
            };
            lines.push(format!("{role}: {}{origin}", words::event(column)));
        }
    }
    lines.extend(words::terms::reading_lines(audit));
    match (audit.roles.adverse, audit.roles.adverse_declared) {
        (Some(true), true) => lines.push("The event is bad for the person, as declared".to_owned()),
        (Some(true), false) => lines.push("The event was taken to be bad for the person, going by its name".to_owned()),
        (Some(false), true) => lines.push("The event is good for the person, as declared".to_owned()),
        _ => {}
    }
    lines.extend(methods_line(audit));
    lines
}

/// Which methods the intervals are by: of what occurs among rates and comparisons. Those pooled over strata have one of
/// their own.
fn methods_line(audit: &Audit) -> Option<String> {
    let has_share = |rates: &GroupRates| rates.values.values().any(|value| value.share().is_some());
    let compares = |comparison: &str| {
        // Measures of scores, amounts and lists have methods of their own, which each comparison names.
        let of_kind = |f: &Finding| {
            f.comparison == comparison && {
                f.lower.is_some() && f.pooled_over.is_empty() && !words::written::is_measured(f)
            }
        };
        audit.findings.iter().any(of_kind)
    };
    let methods = audit.policy.pointer("/inference/methods")?;
    let kinds = [
        ("rates", "rate", MethodOf::Rate, audit.rates.iter().any(has_share)),
        ("ratios", "ratio", MethodOf::Ratio, compares("ratio")),
        (
            "differences",
            "difference",
            MethodOf::Difference,
            compares("difference"),
        ),
    ];
    let named = kinds
        .into_iter()
        .filter(|(.., occurs)| *occurs)
        .filter_map(|(what, key, of, _)| {
            let method = find_method(of, methods.get(key)?.as_str()?).ok()?;
            let chosen = match default_method(of).is_some_and(|default| default.id == method.id) {
                true => "",
                false => ", as the policy asks",
            };
            // What is left of `Miettinen-Nurminen score interval of a ratio` once its kind is said.
            let name = method.name.split(" interval").next().unwrap_or(method.name);
            Some(format!("{what} {name}{chosen}"))
        });
    let named: Vec<String> = named.collect();
    (!named.is_empty()).then(|| format!("Intervals: {}", named.join("; ")))
}

/// What turns the headline's picture round when like is compared with like; it stands directly after the headline.
pub(crate) fn reversal_lines(audit: &Audit) -> Vec<String> {
    let reversals = audit.notes.iter().filter(|note| is_reversal(note));
    reversals.map(|note| note_line("Careful: ", note)).collect()
}

fn is_reversal(note: &Note) -> bool {
    // Compared like with like, or against another target, another group is worse off, or none.
    ["simpson", "target-decides"].contains(&note.code.as_str())
}

/// The other notes, the gravest first.
pub(crate) fn note_lines(audit: &Audit) -> Vec<String> {
    let mut notes: Vec<&Note> = audit.notes.iter().filter(|note| !is_reversal(note)).collect();
    notes.sort_by_key(|note| note.severity);
    let line = |note: &&Note| match note.severity {
        Severity::Error => note_line("Important: ", note),
        Severity::Warning => note_line("Careful: ", note),
        Severity::Info => note_line("", note),
    };
    notes.iter().map(line).collect()
}

fn note_line(grade: &str, note: &Note) -> String {
    let help = note
        .help
        .as_deref()
        .map_or_else(String::new, |help| format!(" ({})", words::long(help)));
    // Such a note compares the strata one with another, which takes more room than other notes need.
    let message = if is_reversal(note) {
        visible_cut(&note.message, 1_200)
    } else {
        words::long(&note.message)
    };
    format!("{grade}{message}{help}")
}

/// What made this result from what.
pub(crate) fn provenance_lines(audit: &Audit) -> Vec<String> {
    let made = &audit.provenance;
    let mut lines = vec![format!("{} {}", words::name(&made.tool), words::name(&made.version))];
    for input in &made.inputs {
        let hash = input
            .sha256
            .as_deref()
            .map_or_else(String::new, |hash| format!(", SHA-256 {}", words::long(hash)));
        lines.push(format!(
            "{}, {} bytes{hash}",
            words::name(&input.name),
            count(input.bytes)
        ));
    }
    lines.push(format!("policy {}", words::long(&made.policy_hash)));
    lines.push(format!("tally {}", words::long(&made.tally_hash)));
    lines
}

/// The confidence of the intervals of single groups, as the policy has it.
pub(crate) fn interval_confidence(audit: &Audit) -> Option<String> {
    audit
        .policy
        .pointer("/inference/confidence")
        .and_then(serde_json::Value::as_f64)
        .map(confidence)
}
