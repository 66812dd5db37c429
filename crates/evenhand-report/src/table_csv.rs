//! This module writes the numbers of an audit as CSV, one row per group and measure, or per comparison.
//!
//! Numbers are full, not rounded. Text from outside that a spreadsheet would run as a formula gets a leading
//! apostrophe (the usual guard; OWASP, "CSV injection").

use csv::Writer;
use evenhand_measure::audit::model::{Audit, Group, Outcome, Value};

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
    ])?;
    for row in &audit.rates {
        let kind = serde_json::to_value(row.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned));
        for (measure, value) in &row.values {
            let [numerator, denominator, point, lower, upper, undefined] = cells(value);
            table.write_record([
                names(&row.by),
                group(&row.by, &row.group),
                whole_group(&row.within),
                kind.clone().unwrap_or_default(),
                row.n.to_string(),
                measure.clone(),
                numerator,
                denominator,
                point,
                lower,
                upper,
                undefined,
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
    ])?;
    for finding in &audit.findings {
        let level = serde_json::to_value(finding.level)
            .ok()
            .and_then(|level| level.as_str().map(str::to_owned));
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        table.write_record([
            level.unwrap_or_default(),
            Outcome::word(finding.outcome).to_owned(),
            finding.criterion.clone(),
            finding.rate.clone(),
            finding.complement.to_string(),
            finding.comparison.clone(),
            names(&finding.by),
            group(&finding.by, &finding.group),
            finding
                .reference
                .as_ref()
                .map(|reference| group(&finding.by, reference))
                .unwrap_or_default(),
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
            finding.why.clone().unwrap_or_default(),
        ])?;
    }
    finish(table)
}

/// Numerator, denominator, value, lower, upper and why there is none.
fn cells(value: &Value) -> [String; 6] {
    let none = String::new;
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
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
        Value::Undefined { undefined } => [none(), none(), none(), none(), none(), undefined.clone()],
    }
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

/// Text that no spreadsheet takes for a formula.
fn guarded(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c != '\0').collect();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}

fn finish(table: Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    table.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{failing, hostile};

    #[test]
    fn every_number_comes_back() {
        for audit in [failing().audit(), hostile()] {
            let table = rates_csv(&audit).unwrap();
            let records: Vec<csv::StringRecord> = csv::Reader::from_reader(table.as_slice())
                .records()
                .map(Result::unwrap)
                .collect();
            assert_eq!(
                records.len(),
                audit.rates.iter().map(|row| row.values.len()).sum::<usize>()
            );
            let values = audit.rates.iter().flat_map(|row| row.values.values());
            for (record, value) in records.iter().zip(values) {
                assert_eq!(record[8].parse::<f64>().ok(), value.point());
            }
            let table = findings_csv(&audit).unwrap();
            let records = csv::Reader::from_reader(table.as_slice())
                .records()
                .map(Result::unwrap)
                .collect::<Vec<_>>();
            assert_eq!(records.len(), audit.findings.len());
            for (record, finding) in records.iter().zip(&audit.findings) {
                assert_eq!(&record[1], finding.outcome.word());
                assert_eq!(record[10].parse::<f64>().ok(), finding.point);
                assert!(!record[7].starts_with(['=', '+', '-', '@']), "{record:?}");
            }
        }
    }

    #[test]
    fn formulas_are_text() {
        for hostile in ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(guarded(hostile).starts_with('\''), "{hostile:?}");
        }
        assert_eq!(guarded("25 - 45"), "25 - 45");
    }
}
