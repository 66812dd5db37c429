//! This module is a day of the calendar: there is no clock in this crate, so whoever asks brings the day along.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};

/// A day, written `2026-01-31`.
///
/// ```
/// use evenhand_measure::Day;
/// let day: Day = "2028-02-29".parse().unwrap();
/// assert!(day > "2028-02-28".parse().unwrap());
/// assert_eq!(day.to_string(), "2028-02-29");
/// assert!("2027-02-29".parse::<Day>().is_err() && "29.2.2028".parse::<Day>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// The day, in universal time, of so many seconds after the start of 1970.
    #[must_use]
    pub fn of_seconds(seconds: i64) -> Option<Self> {
        let day = NaiveDate::from_epoch_days(i32::try_from(seconds.div_euclid(86_400)).ok()?)?;
        Some(Self(day))
    }

    /// How many days lie from `other` to this.
    #[must_use]
    pub fn days_since(self, other: Self) -> i64 {
        self.0.signed_duration_since(other.0).num_days()
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let is_written_so = matches!(parts.as_slice(), [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2));
        let day = if is_written_so {
            text.parse::<NaiveDate>().ok()
        } else {
            None
        };
        // Workbooks know no earlier year.
        day.filter(|day| day.year() >= 1900)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no day of the calendar"))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_days_of_universal_time() {
        let day = |seconds| Day::of_seconds(seconds).unwrap().to_string();
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(-1), "1969-12-31");
        assert_eq!(day(86_399), "1970-01-01");
        assert_eq!(day(1_795_305_600), "2026-11-22");
        assert!(Day::of_seconds(i64::MAX).is_none());
    }

    #[test]
    fn days_are_of_the_calendar() {
        for good in ["2026-01-31", "2024-02-29", "2000-02-29", "1900-01-01", "9999-12-31"] {
            assert!(good.parse::<Day>().is_ok(), "{good}");
        }
        for bad in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-1-31",
            "2026-01-31 ",
            "20260131",
            "+026-01-01",
            "0000-01-01",
            "1899-12-31",
            "2026–01–31",
            "",
            "today",
        ] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }
}
