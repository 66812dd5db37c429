//! This module is a cell: a text that no program takes for anything else, a number, or a formula with its value.

use evenhand_measure::audit::model::{Amount, Finding, Outcome};
use evenhand_measure::catalogue::Unit;

use crate::numbers::{difference, percent, plain_ratio, points, ratio, significant};
use crate::safe::visible;
use crate::words::written::{is_plain_difference, unit_of};

/// Characters of a cell, in units of UTF-16.
const MOST_CHARACTERS: usize = 32_767;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// A name or a word.
    Text(String),
    /// A sentence, which may take several lines.
    Prose(String),
    /// Why there is no value.
    Why(String),
    /// An outcome.
    Outcome(Outcome),
    /// A number.
    Number(f64, Form),
    /// A number that a reader could take for a quotient of the counts beside it, and that is none.
    Estimate(f64, Form),
    /// A formula, and the value that the audit has.
    Formula(Formula, f64, Form),
}

/// A formula over cells of its own row, by their columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Formula {
    /// A count divided by what it is a share of.
    Share(u16, u16),
    /// A rate divided by a rate.
    Ratio(u16, u16),
    /// A number minus a number.
    Minus(u16, u16),
    /// A rate divided by the rate in the same column of another row.
    RatioToRow(u16, u32),
    /// The sum of the rows above, from a row on, in a column.
    SumFrom(u16, u32),
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Rows.
    Count,
    /// A sum of weights.
    Weight,
    /// A share, with so many decimals.
    Percent(usize),
    /// A number with so many decimals.
    Decimal(usize),
    /// A very small number.
    Scientific,
    /// A p-value.
    Probability,
}

impl Form {
    /// The code that spreadsheets know it by.
    pub(super) fn code(self) -> String {
        let decimals = |count: usize| match count {
            0 => String::new(),
            count => format!(".{}", "0".repeat(count)),
        };
        match self {
            Self::Count => "#,##0".to_owned(),
            Self::Weight => "#,##0.0##".to_owned(),
            Self::Percent(count) => format!("0{}%", decimals(count)),
            Self::Decimal(count) => format!("#,##0{}", decimals(count)),
            Self::Scientific => "0.00E+00".to_owned(),
            Self::Probability => "[<0.0001]\"< 0.0001\";0.0000".to_owned(),
        }
    }

    /// Of a share: as many decimals as people are shown.
    pub(super) fn of_share(value: f64) -> Self {
        Self::Percent(decimals(&percent(value)).max(1))
    }

    /// Of a number of a measure, by the measure's unit.
    pub(super) fn of_measure(id: &str, value: f64) -> Self {
        match unit_of(id) {
            Unit::Share | Unit::Change => Self::of_share(value),
            Unit::Ratio | Unit::Amount | Unit::Score | Unit::Deviations | Unit::Number => Self::of_number(value),
        }
    }

    /// Of a number of unknown size.
    pub(super) fn of_number(value: f64) -> Self {
        match significant(value) {
            text if text.contains('e') => Self::Scientific,
            text => Self::Decimal(decimals(&text)),
        }
    }

    /// Of what is allowed: as many decimals as it was written with.
    pub(super) fn of_bound(value: f64) -> Self {
        Self::Decimal(decimals(&plain_ratio(value)))
    }

    /// Of a ratio or difference: as many decimals as keep it on its own side of the bound.
    pub(super) fn of_disparity(finding: &Finding, value: f64) -> Self {
        let bound = &finding.bound;
        Self::Decimal(match finding.comparison.as_str() {
            "ratio" => decimals(&ratio(value, bound)).max(2),
            _ if is_plain_difference(finding) => decimals(&difference(value, bound)),
            // Points are hundredths.
            _ => decimals(&points(value, bound)) + 2,
        })
    }
}

/// Decimals of a number's text.
fn decimals(text: &str) -> usize {
    let after = text.split_once('.').map_or("", |(_, after)| after);
    after.bytes().take_while(u8::is_ascii_digit).count()
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn count(count: u64) -> Self {
        Self::Number(count as f64, Form::Count)
    }

    pub(super) fn amount(amount: Amount) -> Self {
        match amount {
            Amount::Rows(rows) => Self::count(rows),
            Amount::Weight(weight) => Self::Number(weight, Form::Weight),
        }
    }

    pub(super) fn share(value: f64) -> Self {
        Self::Number(value, Form::of_share(value))
    }

    pub(super) fn probability(p: Option<f64>) -> Self {
        p.map_or(Self::Empty, |p| Self::Number(p, Form::Probability))
    }

    /// The formula where it gives the audit's `value`, or else the bare number.
    pub(super) fn formula(formula: Formula, gives: Option<f64>, value: f64, form: Form) -> Self {
        match gives.is_some_and(|gives| is_same(gives, value)) {
            true => Self::Formula(formula, value, form),
            false => Self::Estimate(value, form),
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Number(..) | Self::Estimate(..) | Self::Formula(..))
    }

    /// Whether a reader has to be told that this is no formula.
    pub(super) fn is_estimate(&self) -> bool {
        matches!(self, Self::Estimate(..))
    }
}

/// Whether two numbers are the same but for how the last digits are rounded.
fn is_same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-13 * b.abs().max(1.0)
}

impl Formula {
    /// What stands in the cell of a row, counted from 0.
    pub(super) fn in_row(self, row: u32) -> String {
        let at = |column: u16, row: u32| rust_xlsxwriter::utility::row_col_to_cell(row, column);
        match self {
            Self::Share(count, of) => {
                let (count, of) = (at(count, row), at(of, row));
                format!("=IF({of}=0,\"no value\",{count}/{of})")
            }
            // A rate without a value is a text, which cannot be divided.
            Self::Ratio(rate, by) => format!("=IFERROR({}/{},\"no value\")", at(rate, row), at(by, row)),
            Self::Minus(from, what) => format!("=IFERROR({}-{},\"no value\")", at(from, row), at(what, row)),
            Self::RatioToRow(rate, by) => {
                let by = rust_xlsxwriter::utility::row_col_to_cell_absolute(by, rate);
                format!("=IFERROR({}/{by},\"no value\")", at(rate, row))
            }
            Self::SumFrom(column, first) => {
                format!("=SUM({}:{})", at(column, first), at(column, row.saturating_sub(1)))
            }
        }
    }
}

/// Text that a cell may hold and that every program shows as it is: nothing hidden, not too long, no markup of the
/// format's own.
///
/// ```text
/// _x000D_ would be read as a line break, <r>…</r> as formatted text.
/// ```
pub(super) fn fitted(text: &str) -> String {
    fitted_to(text, MOST_CHARACTERS)
}

/// The same for a place that holds at most so many characters.
pub(super) fn fitted_to(text: &str, most: usize) -> String {
    // No text gets shorter by being made visible, so more than this many characters cannot be shown anyway.
    let start = text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at]);
    let mut out = String::with_capacity(start.len());
    let mut room = most - 1;
    let shown = plain(&visible(start));
    for c in shown.chars() {
        if c.len_utf16() > room {
            out.push('…');
            return out;
        }
        room -= c.len_utf16();
        out.push(c);
    }
    if start.len() < text.len() {
        out.push('…');
    }
    out
}

/// The text without what the format would take for its own markup.
fn plain(text: &str) -> String {
    // The writer takes such a text for markup that is ready to be written.
    let text = match text.strip_prefix("<r>").filter(|rest| rest.ends_with("</r>")) {
        Some(rest) => format!("\\u{{3c}}r>{rest}"),
        None => text.to_owned(),
    };
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if c == '_' && is_escape(&text[at..]) {
            out.push_str("_x005F");
        }
        out.push(c);
    }
    out
}

/// Whether a text begins with what stands for a character by its number, such as `_x000D_`.
fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && &bytes[..2] == b"_x" && bytes[2..6].iter().all(u8::is_ascii_hexdigit) && bytes[6] == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(fitted("<r>x</r>"), "\\u{3c}r>x</r>");
        assert_eq!(fitted("a_x000D_b _x00_"), "a_x005F_x000D_b _x00_");
        assert_eq!(fitted("nul\0 \u{202e}x"), "nul\\u{0} \\u{202e}x");
        assert_eq!(fitted("=1+1"), "=1+1");
    }

    #[test]
    fn text_fits_into_a_cell() {
        for long in ["x".repeat(40_000), "\u{1f600}".repeat(40_000), "\0".repeat(40_000)] {
            let cell = fitted(&long);
            assert!(cell.encode_utf16().count() <= MOST_CHARACTERS && cell.ends_with('…'));
        }
        let whole = "y".repeat(10_000);
        assert_eq!(fitted(&whole), whole);
    }

    #[test]
    fn formulas_name_cells() {
        assert_eq!(Formula::Share(1, 2).in_row(4), "=IF(C5=0,\"no value\",B5/C5)");
        assert_eq!(Formula::RatioToRow(3, 6).in_row(8), "=IFERROR(D9/$D$7,\"no value\")");
        assert_eq!(Formula::SumFrom(1, 2).in_row(5), "=SUM(B3:B5)");
    }

    #[test]
    fn what_is_no_quotient_is_no_formula() {
        let of = |gives, value| Cell::formula(Formula::Share(0, 1), gives, value, Form::Count);
        assert!(matches!(of(Some(0.25), 0.25), Cell::Formula(..)));
        assert!(of(Some(0.25), 0.26).is_estimate() && of(None, 0.26).is_estimate());
        assert!(of(Some(f64::NAN), 0.26).is_estimate());
    }
}
