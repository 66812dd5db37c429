//! This module writes the numbers of an audit as CSV, one row per group and measure, or per comparison.
//!
//! Numbers are full, not rounded. Text from outside that a spreadsheet would run as a formula gets a leading
//! apostrophe (the usual guard; OWASP, "CSV injection"), and characters that cannot be seen are spelled out.

use csv::Writer;
use evenhand_measure::audit::model::{Audit, Group, Outcome, Value};

use crate::publication::is_highest;
use crate::safe::visible;
use crate::words;

/// Every rate and statistic of every group.
///
/// # Errors
/// When the table cannot be written, which memory alone can cause.
pub fn rates_csv(audit: &Audit) -> Result<Vec<u8>, csv::Error> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record([
        "by",
        "group",
        "within",
        "kind",
        "rows",
        "measure",
        "numerator",
        "denominator",
        "value",
        "lower",
        "upper",
        "undefined",
        "lowest",
        "highest",
    ])?;
    for row in &audit.rates {
        let kind = serde_json::to_value(row.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned));
        for (measure, value) in &row.values {
            let [numerator, denominator, point, lower, upper, undefined] = cells(value);
            let limits = words::limits(value);
            table.write_record([
                names(&row.by),
                group(&row.by, &row.group),
                whole_group(&row.within),
                kind.clone().unwrap_or_default(),
                row.n.to_string(),
                guarded(measure),
                numerator,
                denominator,
                point,
                lower,
                upper,
                undefined,
                number(limits.map(|(lowest, _)| lowest)),
                number(limits.map(|(_, highest)| highest)),
            ])?;
        }
    }
    finish(table)
}

/// Every listed comparison.
///
/// # Errors
/// When the table cannot be written, which memory alone can cause.
pub fn findings_csv(audit: &Audit) -> Result<Vec<u8>, csv::Error> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record([
        "level",
        "outcome",
        "criterion",
        "rate",
        "complement",
        "comparison",
        "by",
        "group",
        "reference",
        "within",
        "point",
        "lower",
        "upper",
        "at_least",
        "at_most",
        "p_breach",
        "p_breach_adjusted",
        "p_comply",
        "rows_to_settle",
        "why",
        "pooled_over",
        "simultaneous_lower",
        "simultaneous_upper",
        "simultaneous_method",
        "event",
        "group_numerator",
        "group_denominator",
        "group_value",
        "reference_numerator",
        "reference_denominator",
        "reference_value",
        "confidence",
        "method",
        "p_breach_exact",
        "p_comply_exact",
        "family",
        "family_size",
        "detectable",
    ])?;
    for finding in &audit.findings {
        let level = serde_json::to_value(finding.level)
            .ok()
            .and_then(|level| level.as_str().map(str::to_owned));
        let simultaneous = finding.simultaneous.as_ref();
        let side = |value: &Option<Value>| value.as_ref().map(cells).unwrap_or_default();
        let [group_numerator, group_denominator, group_value, ..] = side(&finding.group_value);
        let [reference_numerator, reference_denominator, reference_value, ..] = side(&finding.reference_value);
        table.write_record([
            level.unwrap_or_default(),
            Outcome::word(finding.outcome).to_owned(),
            guarded(&finding.criterion),
            guarded(&finding.rate),
            finding.complement.to_string(),
            finding.comparison.clone(),
            names(&finding.by),
            group(&finding.by, &finding.group),
            other_group(&finding.by, finding.reference.as_ref()),
            whole_group(&finding.within),
            number(finding.point),
            number(finding.lower),
            number(finding.upper),
            number(finding.bound.at_least),
            number(finding.bound.at_most),
            number(finding.p_breach),
            number(finding.p_breach_adjusted),
            number(finding.p_comply),
            finding.rows_to_settle.map(|rows| rows.to_string()).unwrap_or_default(),
            text(finding.why.as_ref()),
            names(&finding.pooled_over),
            number(simultaneous.map(|interval| interval.lower)),
            number(simultaneous.and_then(|interval| interval.upper)),
            text(simultaneous.map(|interval| &interval.method)),
            text(finding.event.as_ref()),
            group_numerator,
            group_denominator,
            group_value,
            reference_numerator,
            reference_denominator,
            reference_value,
            finding.confidence.to_string(),
            guarded(&finding.method),
            number(finding.p_breach_exact),
            number(finding.p_comply_exact),
            guarded(&finding.family.id),
            finding.family.size.to_string(),
            number(finding.detectable),
        ])?;
    }
    finish(table)
}

/// Every table for publication, one row per category; only the header when the audit has none.
///
/// Where the event is bad for the person, the people counted are those without it, and the column `selected` is called
/// `without_event`.
///
/// # Errors
/// When the table cannot be written, which memory alone can cause.
pub fn publication_csv(audit: &Audit) -> Result<Vec<u8>, csv::Error> {
    let complement = audit.publication.as_ref().is_some_and(|published| published.complement);
    let mut table = Writer::from_writer(Vec::new());
    table.write_record([
        "by",
        "category",
        "kind",
        "applicants",
        if complement { "without_event" } else { "selected" },
        "rate",
        "impact_ratio",
        "highest",
        "share",
        "why",
        "known_in_table",
        "unknown_in_table",
        "complement",
    ])?;
    if let Some(publication) = &audit.publication {
        for of in &publication.tables {
            for row in &of.rows {
                table.write_record([
                    names(&of.by),
                    group(&of.by, &row.group),
                    guarded(&publication.kind),
                    row.applicants.to_string(),
                    row.selected.to_string(),
                    number(row.rate),
                    number(row.impact_ratio),
                    is_highest(of, row).to_string(),
                    row.share.to_string(),
                    text(row.why.as_ref()),
                    of.known.to_string(),
                    of.unknown.to_string(),
                    publication.complement.to_string(),
                ])?;
            }
        }
    }
    finish(table)
}

/// Every named test.
///
/// # Errors
/// When the table cannot be written, which memory alone can cause.
pub fn tests_csv(audit: &Audit) -> Result<Vec<u8>, csv::Error> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record([
        "test",
        "rate",
        "complement",
        "by",
        "group",
        "reference",
        "within",
        "pooled_over",
        "estimate",
        "lower",
        "upper",
        "confidence",
        "statistic",
        "freedom",
        "p",
        "not_computed",
        "note",
    ])?;
    for test in &audit.tests {
        table.write_record([
            guarded(&test.id),
            guarded(&test.rate),
            test.complement.to_string(),
            names(&test.by),
            other_group(&test.by, (!test.group.is_empty()).then_some(&test.group)),
            other_group(&test.by, test.reference.as_ref()),
            whole_group(&test.within),
            names(&test.pooled_over),
            number(test.estimate),
            number(test.lower),
            number(test.upper),
            number(test.confidence),
            number(test.statistic),
            test.freedom.map(|freedom| freedom.to_string()).unwrap_or_default(),
            number(test.p),
            text(test.not_computed.as_ref()),
            text(test.note.as_ref()),
        ])?;
    }
    finish(table)
}

/// Every point of every curve, strip and set of bars: the table behind the plots of lists, amounts and scores.
///
/// # Errors
/// When the table cannot be written, which memory alone can cause.
pub fn series_csv(audit: &Audit) -> Result<Vec<u8>, csv::Error> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record([
        "series",
        "setting",
        "measure",
        "by",
        "group",
        "reference",
        "within",
        "point",
        "label",
        "x_label",
        "x",
        "y_label",
        "y",
        "lower",
        "upper",
        "n",
        "at_least",
        "at_most",
    ])?;
    let at = |values: &[Option<f64>], index: usize| number(values.get(index).copied().flatten());
    for series in &audit.series {
        for (index, x) in series.x.iter().enumerate() {
            table.write_record([
                guarded(&series.id),
                text(series.setting.as_ref()),
                text(series.measure.as_ref()),
                names(&series.by),
                other_group(&series.by, (!series.group.is_empty()).then_some(&series.group)),
                other_group(&series.by, series.reference.as_ref()),
                whole_group(&series.within),
                (index + 1).to_string(),
                text(series.labels.get(index)),
                guarded(&series.x_label),
                x.to_string(),
                guarded(&series.y_label),
                at(&series.y, index),
                at(&series.lower, index),
                at(&series.upper, index),
                series.n.get(index).map(u64::to_string).unwrap_or_default(),
                number(series.bound.and_then(|bound| bound.at_least)),
                number(series.bound.and_then(|bound| bound.at_most)),
            ])?;
        }
    }
    finish(table)
}

/// Numerator, denominator, value, lower, upper and why there is none.
fn cells(value: &Value) -> [String; 6] {
    let none = String::new;
    match value {
        Value::Share(share) => [
            share.numerator.value().to_string(),
            share.denominator.value().to_string(),
            share.point.to_string(),
            share.lower.to_string(),
            share.upper.to_string(),
            none(),
        ],
        Value::Number { point, lower, upper } => [
            none(),
            none(),
            point.to_string(),
            number(*lower),
            number(*upper),
            none(),
        ],
        Value::Undefined { undefined, .. } => [none(), none(), none(), none(), none(), guarded(undefined)],
    }
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn text(text: Option<&String>) -> String {
    text.map(|text| guarded(text)).unwrap_or_default()
}

fn other_group(by: &[String], other: Option<&Group>) -> String {
    other.map(|other| group(by, other)).unwrap_or_default()
}

fn names(by: &[String]) -> String {
    guarded(&by.join(" + "))
}

/// The values of a group, in the order of the attributes; a missing one is called so.
fn group(by: &[String], group: &Group) -> String {
    let values: Vec<&str> = by.iter().map(|column| value(group.get(column))).collect();
    guarded(&values.join(" + "))
}

fn whole_group(group: &Group) -> String {
    let pairs: Vec<String> = group
        .iter()
        .map(|(column, v)| format!("{column} = {}", value(Some(v))))
        .collect();
    guarded(&pairs.join(", "))
}

fn value(value: Option<&Option<String>>) -> &str {
    value.and_then(Option::as_deref).unwrap_or("(missing)")
}

/// What a spreadsheet takes for the start of a formula; the wide forms in some languages.
const STARTS_A_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Text that no spreadsheet takes for a formula and no terminal for a command.
pub(crate) fn guarded(text: &str) -> String {
    let shown = visible(text);
    if text.starts_with(STARTS_A_FORMULA) {
        format!("'{shown}")
    } else {
        shown
    }
}

pub(crate) fn finish(table: Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    table.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
#[path = "table_csv_tests.rs"]
mod tests;
