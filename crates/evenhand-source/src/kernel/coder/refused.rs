//! This module says why a coder refuses a value.

use evenhand_measure::policy::Decimal;

use super::super::number;
use super::super::unusable::{Unusable, shown};
use super::{Coder, Way};

impl Coder {
    pub(super) fn not_utf8(&self, value: &[u8]) -> Unusable {
        const MOST: usize = 8;
        let start = value.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        let bytes: Vec<String> = value[start..]
            .iter()
            .take(MOST)
            .map(|byte| format!("{byte:02X}"))
            .collect();
        let text = String::from_utf8_lossy(value);
        Unusable::new(
            &self.column,
            format!(
                "{} is not UTF-8 text: its bytes at the first strange letter are {}",
                shown(&text),
                bytes.join(" ")
            ),
            "say how its letters are stored, as with `--encoding windows-1252`, or save the file again as \"CSV UTF-8\"",
        )
    }

    pub(super) fn not_numeric(&self, text: &str, reason: String) -> Unusable {
        if self.is_plain && number::parse(text.trim(), Some(Decimal::Comma)).is_ok() {
            return Unusable::new(
                &self.column,
                format!("{reason}: the column mixes numbers and texts with a comma"),
                "store all of its values as numbers, or all of them as text",
            );
        }
        let use_of = match self.way {
            Way::Weight => "weights need",
            Way::Bins(..) => "bins need",
            Way::Number(number) => number.needs(),
            _ => "a threshold needs",
        };
        Unusable::new(
            &self.column,
            reason,
            format!(
                "{use_of} plain numbers such as 12.5; if the text means that the value is missing, say `--missing` with \
                 that text"
            ),
        )
    }

    pub(super) fn bad_count(&self, reason: String) -> Unusable {
        Unusable::new(
            &self.column,
            reason,
            "a count says how many rows the record stands for: 0 or a whole number; leave `--count` out if it is none",
        )
    }

    pub(super) fn bad_weight(&self, reason: String) -> Unusable {
        Unusable::new(
            &self.column,
            reason,
            "a weight is 0 or a positive number; leave `--weight` out if it is none",
        )
    }
}
