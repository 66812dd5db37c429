//! This module is the sheet of comparisons: the counts of both sides, and the ratio or difference as a formula over them.

use evenhand_measure::audit::model::{Audit, Finding, Value};
use evenhand_measure::policy::Level;
use rust_xlsxwriter::XlsxError;

use super::cell::{Cell, Form, Formula};
use super::names;
use super::page::{Head, Page, Table};
use super::values::{no_value, quotient};
use crate::order::{findings_worst_first, is_infinite};
use crate::words;

const COLUMNS: [Head<'static>; 29] = [
    ("Outcome", 15.0),
    ("In words", 110.0),
    ("Level", 8.0),
    ("Criterion", 22.0),
    ("Compared", 36.0),
    ("By", 16.0),
    ("Group", 22.0),
    ("Reference", 22.0),
    ("Within", 16.0),
    ("Group: count", 10.0),
    ("Group: of", 10.0),
    ("Group: rate", 10.0),
    ("Reference: count", 11.0),
    ("Reference: of", 11.0),
    ("Reference: rate", 11.0),
    ("Compared as", 11.0),
    ("Ratio or difference", 11.0),
    ("Lower", 9.0),
    ("Upper", 9.0),
    ("At least", 9.0),
    ("At most", 9.0),
    ("p beyond the bound", 10.0),
    ("The same, adjusted", 10.0),
    ("p within the bound", 10.0),
    ("Could have shown", 11.0),
    ("Rows to settle", 11.0),
    ("Confidence", 11.0),
    ("Method", 22.0),
    ("Remark", 44.0),
];

/// Columns that the formulas name.
mod at {
    pub(super) const GROUP: u16 = 9;
    pub(super) const REFERENCE: u16 = 12;
}
/// Columns that stay in sight: what was found. In print also in which words.
const KEPT: u16 = 1;

pub(super) fn widths() -> Vec<f64> {
    COLUMNS.iter().map(|(_, width)| *width).collect()
}

pub(super) fn write(mut page: Page<'_>, audit: &Audit, most: usize) -> Result<(), XlsxError> {
    let findings = findings_worst_first(audit);
    page.title("Findings")?;
    page.note(
        "What counts comes first, the worst on top. Level `error` decides the verdict, level `warn` is reported beside it.",
    )?;
    page.note(
        "Counts are of what is compared: where the event is bad for the person and the favourable share is compared, of \
         those without the event.",
    )?;
    for level in [Level::Error, Level::Warn] {
        if let Some(listing) = words::listing(audit, level) {
            page.note(&listing)?;
        }
    }
    page.left_out(most, findings.len())?;
    let rows = findings
        .into_iter()
        .take(most)
        .map(|finding| row(finding, audit))
        .collect();
    let header = COLUMNS.iter().map(|(head, _)| (*head).to_owned()).collect();
    page.main_table(&Table { header, rows }, KEPT)?;
    page.side_by_side(KEPT)
}

fn row(finding: &Finding, audit: &Audit) -> Vec<Cell> {
    let reference = finding.reference.as_ref();
    let level = match finding.level {
        Level::Error => "error",
        Level::Warn => "warn",
        Level::Off => "off",
    };
    let mut within = names::within(&finding.within);
    if !finding.pooled_over.is_empty() {
        within = format!("pooled over {}", names::attributes(&finding.pooled_over));
    }
    let text = |text: String| match text.is_empty() {
        true => Cell::Empty,
        false => Cell::Text(text),
    };
    let mut row = vec![
        Cell::Outcome(finding.outcome),
        Cell::Prose(words::finding_sentence(finding, audit, false)),
        Cell::text(level),
        Cell::Prose(words::capital(&words::entry_name(&finding.criterion))),
        Cell::Prose(words::measured(finding, audit)),
        Cell::text(names::attributes(&finding.by)),
        Cell::text(names::values(&finding.by, &finding.group)),
        reference.map_or(Cell::Empty, |group| Cell::text(names::values(&finding.by, group))),
        text(within),
    ];
    let sides = [
        (finding.group_value.as_ref(), at::GROUP),
        (finding.reference_value.as_ref(), at::REFERENCE),
    ];
    let mut remarks: Vec<String> = finding
        .why
        .iter()
        .map(|why| words::capital(&words::long(why)))
        .collect();
    for (value, column) in sides {
        row.extend(side(finding, value, column));
    }
    let compared = compared(finding);
    if compared.is_estimate() || row.iter().any(Cell::is_estimate) {
        remarks
            .push("A number in italics is no quotient of the counts beside it; the method says what it is".to_owned());
    }
    let disparity = |value: Option<f64>| value.map_or(Cell::Empty, |value| number(finding, value));
    let upper = match (finding.lower, finding.upper) {
        (Some(_), None) => Cell::Why("no limit".to_owned()),
        (_, upper) => disparity(upper),
    };
    let bound = |value: Option<f64>| value.map_or(Cell::Empty, |value| Cell::Number(value, Form::of_bound(value)));
    row.extend([
        Cell::text(finding.comparison.as_str()),
        compared,
        disparity(finding.lower),
        upper,
        bound(finding.bound.at_least),
        bound(finding.bound.at_most),
        Cell::probability(finding.p_breach),
        Cell::probability(finding.p_breach_adjusted),
        Cell::probability(finding.p_comply),
        disparity(finding.detectable),
        finding.rows_to_settle.map_or(Cell::Empty, Cell::count),
        Cell::Number(finding.confidence, Form::of_share(finding.confidence)),
        Cell::text(finding.method.as_str()),
        match remarks.is_empty() {
            true => Cell::Empty,
            false => Cell::Prose(format!("{}.", remarks.join(". ").trim_end_matches('.'))),
        },
    ]);
    row
}

/// Count, denominator and rate of one side.
fn side(finding: &Finding, value: Option<&Value>, column: u16) -> [Cell; 3] {
    match value {
        None => [Cell::Empty, Cell::Empty, Cell::Empty],
        Some(Value::Share(share)) => [
            Cell::amount(share.numerator),
            Cell::amount(share.denominator),
            quotient(share, column),
        ],
        Some(Value::Number { point, .. }) => {
            let number = Cell::Number(*point, Form::of_measure(&finding.rate, *point));
            [Cell::Empty, Cell::Empty, number]
        }
        Some(value @ Value::Undefined { undefined, .. }) => {
            [Cell::Empty, Cell::Empty, Cell::Why(no_value(undefined, value))]
        }
    }
}

/// The ratio or difference: a formula over the two rates where it is one.
fn compared(finding: &Finding) -> Cell {
    let Some(value) = finding.point else {
        let why = if is_infinite(finding) { "infinite" } else { "no value" };
        return match finding.reference.is_some() || finding.lower.is_some() {
            true => Cell::Why(why.to_owned()),
            false => Cell::Empty,
        };
    };
    let point = |value: &Option<Value>| value.as_ref().and_then(Value::point);
    let (rates, columns) = (
        point(&finding.group_value).zip(point(&finding.reference_value)),
        (at::GROUP + 2, at::REFERENCE + 2),
    );
    let (formula, gives) = match finding.comparison.as_str() {
        "ratio" => (
            Formula::Ratio(columns.0, columns.1),
            rates.map(|(group, reference)| group / reference),
        ),
        _ => (
            Formula::Minus(columns.0, columns.1),
            rates.map(|(group, reference)| group - reference),
        ),
    };
    Cell::formula(formula, gives, value, Form::of_disparity(finding, value))
}

fn number(finding: &Finding, value: f64) -> Cell {
    Cell::Number(value, Form::of_disparity(finding, value))
}
