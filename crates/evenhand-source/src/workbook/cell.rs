//! This module gives the cells of all kinds of workbooks their texts, the same for the same value.

use std::fmt::Write as _;

use calamine::{Data, ExcelDateTime};

/// A cell that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    /// A number that is shown with leading zeros, as zip codes are.
    Code,
    Truth,
    /// A day, a time of day or both.
    Moment,
    /// A time that may have more than 24 hours.
    Duration,
    /// An error of a formula, such as `#N/A`.
    Error,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Text,
        Self::Number,
        Self::Code,
        Self::Truth,
        Self::Moment,
        Self::Duration,
        Self::Error,
    ];

    pub(super) fn number(self) -> u8 {
        self as u8
    }

    pub(super) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

impl Cell {
    pub(super) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
        }
    }

    /// The cell with this value; nothing if it is empty.
    pub(super) fn of(value: Data) -> Option<Self> {
        Some(match value {
            Data::Empty => return None,
            Data::String(text) if text.is_empty() => return None,
            Data::String(text) => Self::new(Kind::Text, text),
            Data::Int(value) => Self::new(Kind::Number, value.to_string()),
            Data::Float(value) => Self::of_number(value),
            Data::Bool(value) => Self::new(Kind::Truth, value.to_string()),
            Data::DateTime(value) => Self::of_moment(&value),
            Data::DateTimeIso(text) => Self::of_written_moment(&text),
            Data::DurationIso(text) => Self::of_written_duration(&text),
            Data::Error(error) => Self::new(Kind::Error, error.to_string()),
        })
    }

    /// Whole numbers that are exact have no point; the others have as many digits as tell them from all others.
    pub(super) fn of_number(value: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let text = if value.fract() == 0.0 && value.abs() < EXACT {
            (value as i64).to_string()
        } else {
            format!("{value:?}")
        };
        Self::new(Kind::Number, text)
    }

    /// The number as it is shown with at least so many digits.
    pub(super) fn with_digits(self, digits: usize) -> Self {
        if self.kind != Kind::Number || digits < 2 || !self.text.bytes().all(|byte| byte.is_ascii_digit()) {
            return self;
        }
        Self::new(Kind::Code, format!("{:0>digits$}", self.text))
    }

    /// Days since the start of 1900 or 1904, of which those before the first day are times of day. What is no day of
    /// the calendars of spreadsheets stays a number.
    fn of_moment(value: &ExcelDateTime) -> Self {
        const DAYS: f64 = 2_958_466.0;
        let number = value.as_f64();
        if value.is_duration() {
            return Self::of_seconds((number * 86_400.0 * 1_000.0).round() / 1_000.0, number);
        }
        if !(0.0..DAYS).contains(&number) {
            return Self::of_number(number);
        }
        let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
        let mut text = String::new();
        let has_time = (hour, minute, second, milli) != (0, 0, 0, 0);
        // A string takes everything.
        if number >= 1.0 {
            let _ = write!(text, "{year:04}-{month:02}-{day:02}");
        }
        if number >= 1.0 && has_time {
            text.push('T');
        }
        if number < 1.0 || has_time {
            let _ = write!(text, "{hour:02}:{minute:02}:{second:02}");
            write_fraction(&mut text, u32::from(milli));
        }
        Self::new(Kind::Moment, text)
    }

    /// A duration is written as hours, minutes and seconds.
    fn of_seconds(seconds: f64, number: f64) -> Self {
        if !seconds.is_finite() || seconds.abs() > 1e12 {
            return Self::of_number(number);
        }
        let millis = (seconds.abs() * 1_000.0).round() as u64;
        let whole = millis / 1_000;
        let sign = if seconds < 0.0 && millis > 0 { "-" } else { "" };
        let mut text = format!("{sign}{:02}:{:02}:{:02}", whole / 3_600, whole / 60 % 60, whole % 60);
        write_fraction(&mut text, (millis % 1_000) as u32);
        Self::new(Kind::Duration, text)
    }

    /// A moment in ISO 8601, without a time of day that is the start of the day and without zeros at the end, as other
    /// formats do not have them.
    pub(super) fn of_written_moment(text: &str) -> Self {
        let text = text.trim();
        let text = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
                let fraction = fraction.trim_end_matches('0');
                if fraction.is_empty() {
                    whole.to_owned()
                } else {
                    format!("{whole}.{fraction}")
                }
            }
            _ => text.to_owned(),
        };
        let day = text.strip_suffix("T00:00:00").or_else(|| text.strip_suffix("T00:00"));
        Self::new(Kind::Moment, day.unwrap_or(&text))
    }

    /// A duration in ISO 8601 such as `PT10H30M00S`, which OpenDocument has for times of day as well; as it is where
    /// it has days or months.
    pub(super) fn of_written_duration(text: &str) -> Self {
        let text = text.trim();
        match seconds(text) {
            Some(seconds) => Self::of_seconds(seconds, seconds),
            None => Self::new(Kind::Duration, text),
        }
    }
}

fn seconds(text: &str) -> Option<f64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let mut rest = rest.strip_prefix("PT")?;
    let mut seconds = 0.0;
    for (unit, length) in [('H', 3_600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, after)) = rest.split_once(unit) {
            let number: f64 = number.replace(',', ".").parse().ok()?;
            seconds += number * length;
            rest = after;
        }
    }
    rest.is_empty().then_some(sign * seconds)
}

fn write_fraction(text: &mut String, millis: u32) {
    if millis > 0 {
        let _ = write!(text, ".{millis:03}");
        text.truncate(text.trim_end_matches('0').len());
    }
}

/// Whether a text looks like a number, with either decimal separator, or an amount of money or a percentage.
pub(super) fn is_like_a_number(text: &str) -> bool {
    let text = text.trim();
    let is_part = |c: char| c.is_ascii_digit() || " .,+-%'€$£\u{a0}\u{202f}".contains(c);
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    fn text(value: Data) -> String {
        Cell::of(value).unwrap().text
    }

    #[test]
    fn numbers_have_the_digits_that_their_export_has() {
        for (value, expected) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e300, "1e300"),
            (-12.5, "-12.5"),
        ] {
            assert_eq!(text(Data::Float(value)), expected);
        }
        assert_eq!(text(Data::Bool(true)), "true");
        assert_eq!(Cell::of(Data::String(String::new())), None);
    }

    #[test]
    fn moments_are_iso_8601_in_both_calendars() {
        let moment = |days: f64, is_1904| text(Data::DateTime(ExcelDateTime::new(days, DateTime, is_1904)));
        assert_eq!(moment(46_082.0, false), "2026-03-01");
        assert_eq!(moment(46_082.0 - 1_462.0, true), "2026-03-01");
        assert_eq!(moment(46_082.0 + 10.0 / 24.0, false), "2026-03-01T10:00:00");
        assert_eq!(moment(46_082.0 + 10.5 / 86_400.0, false), "2026-03-01T00:00:10.5");
        assert_eq!(moment(0.4375, false), "10:30:00");
        assert_eq!(moment(-3.0, false), "-3");
        assert_eq!(moment(1e9, false), "1000000000");
        assert_eq!(text(Data::DateTimeIso("2026-03-01T00:00:00.000".into())), "2026-03-01");
        assert_eq!(
            text(Data::DateTimeIso("2026-03-01T10:00:00.250".into())),
            "2026-03-01T10:00:00.25"
        );
    }

    #[test]
    fn durations_are_hours_minutes_and_seconds() {
        let duration = |days: f64| text(Data::DateTime(ExcelDateTime::new(days, TimeDelta, false)));
        assert_eq!(duration(1.5), "36:00:00");
        assert_eq!(duration(-0.25), "-06:00:00");
        assert_eq!(duration(1e300), "1e300");
        assert_eq!(text(Data::DurationIso("PT36H00M00S".into())), "36:00:00");
        assert_eq!(text(Data::DurationIso("PT10H30M00.5S".into())), "10:30:00.5");
        assert_eq!(text(Data::DurationIso("P3DT1H".into())), "P3DT1H");
    }

    #[test]
    fn codes_keep_their_zeros() {
        assert_eq!(Cell::of_number(501.0).with_digits(5), Cell::new(Kind::Code, "00501"));
        assert_eq!(Cell::of_number(90_011.0).with_digits(5), Cell::new(Kind::Code, "90011"));
        assert_eq!(Cell::of_number(0.5).with_digits(5), Cell::new(Kind::Number, "0.5"));
    }

    #[test]
    fn kinds_are_kept_by_number() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_number(kind.number()), Some(kind));
        }
        assert_eq!(Kind::of_number(99), None);
    }
}
