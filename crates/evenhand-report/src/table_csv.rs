//! This module writes the numbers of an audit as CSV, one row per group and measure, or per comparison.
//!
//! Numbers are full, not rounded. Text from outside that a spreadsheet would run as a formula gets a leading
//! apostrophe (the usual guard; OWASP, "CSV injection").

use csv::Writer;
use evenhand_measure::audit::model::{Audit, Group, Outcome, Value};

use crate::publication::is_highest;
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
                measure.clone(),
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
    ])?;
    for finding in &audit.findings {
        let level = serde_json::to_value(finding.level)
            .ok()
            .and_then(|level| level.as_str().map(str::to_owned));
        let simultaneous = finding.simultaneous.as_ref();
        table.write_record([
            level.unwrap_or_default(),
            Outcome::word(finding.outcome).to_owned(),
            finding.criterion.clone(),
            finding.rate.clone(),
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
            finding.why.clone().unwrap_or_default(),
            names(&finding.pooled_over),
            number(simultaneous.map(|interval| interval.lower)),
            number(simultaneous.and_then(|interval| interval.upper)),
            simultaneous.map(|interval| interval.method.clone()).unwrap_or_default(),
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
            test.rate.clone(),
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
        Value::Undefined { undefined, .. } => [none(), none(), none(), none(), none(), undefined.clone()],
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
    use crate::sample::{HOSTILE, beside, failing, hostile, lists, prices, publication, scores};

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
    fn what_stands_beside_the_verdict_comes_back() {
        let mut audit = beside();
        audit.publication = Some(publication());
        audit.rates[0].values.insert(
            "base-rate".to_owned(),
            Value::Undefined {
                undefined: "no row has a label".to_owned(),
                lowest: Some(0.25),
                highest: Some(1.0),
            },
        );
        let read = |table: Result<Vec<u8>, csv::Error>| -> Vec<csv::StringRecord> {
            let table = table.unwrap();
            csv::Reader::from_reader(table.as_slice())
                .records()
                .map(Result::unwrap)
                .collect()
        };
        let rows = read(publication_csv(&audit));
        assert_eq!(rows.len(), 6);
        assert_eq!(
            rows[0].iter().collect::<Vec<_>>()[..5],
            ["sex", "Female", "selection", "76", "34"]
        );
        assert_eq!((&rows[1][6], &rows[1][7], &rows[1][11]), ("1", "true", "15"));
        assert_eq!(&rows[0][12], "false");
        let mut adverse = audit.clone();
        adverse.publication.as_mut().unwrap().complement = true;
        assert_eq!(&read(publication_csv(&adverse))[0][12], "true");
        let table = String::from_utf8(publication_csv(&adverse).unwrap()).unwrap();
        assert!(table.starts_with("by,category,kind,applicants,without_event,rate,") && !table.contains("selected"));
        assert_eq!((&rows[3][1], &rows[3][5]), ("Female + White", ""));
        let rows = read(tests_csv(&audit));
        assert_eq!(rows.len(), audit.tests.len());
        assert_eq!(
            (&rows[0][4], &rows[0][5], &rows[0][14]),
            ("Black", "White", "0.000000000000000000000003")
        );
        assert_eq!((&rows[4][4], &rows[4][6]), ("", "department = A"));
        let rates = read(rates_csv(&audit));
        let bounded = rates.iter().find(|row| &row[5] == "base-rate").unwrap();
        assert_eq!((&bounded[12], &bounded[13]), ("0.25", "1"));
    }

    #[test]
    fn every_point_of_every_curve_comes_back() {
        for audit in [lists(&HOSTILE), prices(&["low", "high"]), scores(&["A", "B"])] {
            let table = series_csv(&audit).unwrap();
            let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(table.as_slice())
                .records()
                .map(Result::unwrap)
                .collect();
            let points = audit.series.iter().flat_map(|series| {
                let points = series.x.iter().zip(&series.y).enumerate();
                points.map(move |(at, (x, y))| (series, at, *x, *y))
            });
            assert_eq!(rows.len(), points.clone().count());
            for (row, (series, at, x, y)) in rows.iter().zip(points) {
                assert_eq!((row[0].to_owned(), row[10].parse()), (series.id.clone(), Ok(x)));
                assert_eq!(row[12].parse::<f64>().ok(), y);
                assert_eq!(row[13].parse::<f64>().ok(), series.lower.get(at).copied().flatten());
                assert!(!row[4].starts_with(['=', '+', '-', '@']), "{row:?}");
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
