//! This module reads numbers that people and programs wrote as text, and says what is wrong with the others.

use std::borrow::Cow;

use evenhand_measure::policy::Decimal;

use super::unusable::shown;

/// A text read as a number.
pub(crate) enum Number {
    /// A finite number.
    Finite(f64),
    /// "NaN", as programs write it.
    NotANumber,
}

/// The largest whole number up to which every whole number is an `f64`.
pub(crate) const WHOLE: u64 = 1 << 53;

/// Reads `text`, already trimmed.
pub(crate) fn parse(text: &str, decimal: Option<Decimal>) -> Result<Number, String> {
    let not_a_number = || {
        let with_comma = plain(text, Some(Decimal::Comma)).filter(|_| decimal.is_none() && text.contains(','));
        let is_number = with_comma.is_some_and(|text| text.parse::<f64>().is_ok());
        let hint = if is_number {
            "; if its comma is a decimal comma, say `--decimal comma`"
        } else {
            ""
        };
        format!("{} is not a number{hint}", shown(text))
    };
    let plain = plain(text, decimal).ok_or_else(not_a_number)?;
    let value: f64 = plain.parse().map_err(|_| not_a_number())?;
    match value {
        value if value.is_nan() => Ok(Number::NotANumber),
        value if value.is_infinite() => Err(format!("{} is not a finite number", shown(text))),
        // Adding zero turns -0.0 into 0.0.
        value => Ok(Number::Finite(value + 0.0)),
    }
}

/// The number in `text` with a point and without marks between thousands; nothing where the marks do not stand between
/// groups of three digits, because then they mean something else.
pub(crate) fn plain(text: &str, decimal: Option<Decimal>) -> Option<Cow<'_, str>> {
    let (point, thousands) = match decimal {
        None => return Some(text.into()),
        Some(Decimal::Point) => ('.', ','),
        Some(Decimal::Comma) => (',', '.'),
    };
    let is_mark = |c: char| c == thousands || MARKS.contains(&c);
    let (whole, rest) = text
        .split_once(point)
        .map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    if rest.is_some_and(|rest| rest.contains(point) || rest.contains(is_mark)) {
        return None;
    }
    let grouped = match whole.find(is_mark) {
        None => Cow::Borrowed(whole),
        Some(at) => {
            let mark = whole[at..].chars().next()?;
            let (first, others) = whole.split_once(mark)?;
            let digits = first.trim_start_matches(['+', '-']);
            let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
            let starts = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !starts || !others.split(mark).all(is_group) {
                return None;
            }
            Cow::Owned(whole.replace(mark, ""))
        }
    };
    Some(match rest {
        Some(rest) => format!("{grouped}.{rest}").into(),
        None => grouped,
    })
}

/// What stands between thousands besides a comma or a point: spaces of three kinds, and apostrophes.
const MARKS: [char; 5] = [' ', '\u{a0}', '\u{202f}', '\'', '\u{2019}'];

/// Reads how many rows a record stands for.
pub(crate) fn count(text: &str, decimal: Option<Decimal>) -> Result<u64, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text
            .parse()
            .map_err(|_| format!("the count {} is too large", shown(text)));
    }
    match parse(text, decimal)? {
        Number::Finite(value) => count_of(value),
        Number::NotANumber => Err("the count is not a number".to_owned()),
    }
}

/// A number as how many rows a record stands for.
pub(crate) fn count_of(value: f64) -> Result<u64, String> {
    if value.is_nan() {
        Err("the count is not a number".to_owned())
    } else if value < 0.0 {
        Err(format!("the count `{value}` is negative"))
    } else if value > WHOLE as f64 {
        Err(format!("the count `{value}` is too large"))
    } else if value.fract() != 0.0 {
        Err(format!("the count `{value}` is not a whole number"))
    } else {
        Ok(value as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, decimal: Option<Decimal>) -> Option<f64> {
        match parse(text, decimal) {
            Ok(Number::Finite(value)) => Some(value),
            _ => None,
        }
    }

    #[test]
    fn marks_are_read_where_they_can_only_be_marks() {
        let (none, point, comma) = (None, Some(Decimal::Point), Some(Decimal::Comma));
        for (text, plain, with_point, with_comma) in [
            ("0.5", Some(0.5), Some(0.5), None),
            ("0,5", None, None, Some(0.5)),
            ("-0,5e-3", None, None, Some(-0.0005)),
            ("1,234", None, Some(1_234.0), Some(1.234)),
            ("1.234", Some(1.234), Some(1.234), Some(1_234.0)),
            ("1.234.567,5", None, None, Some(1_234_567.5)),
            ("1,234,567.5", None, Some(1_234_567.5), None),
            ("1\u{a0}234,5", None, None, Some(1_234.5)),
            ("12'345.5", None, Some(12_345.5), None),
            ("1234,567", None, None, Some(1_234.567)),
            ("1,23", None, None, Some(1.23)),
            ("1,2345.5", None, None, None),
            ("1.23.456", None, None, None),
            (",5", None, None, Some(0.5)),
            ("7", Some(7.0), Some(7.0), Some(7.0)),
            ("", None, None, None),
            ("a,b", None, None, None),
        ] {
            let found = [none, point, comma].map(|decimal| read(text, decimal));
            assert_eq!(found, [plain, with_point, with_comma], "{text}");
        }
        assert_eq!(count("1.200", comma), Ok(1_200));
    }
}
