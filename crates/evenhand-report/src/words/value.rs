//! This module is one value in words: with its counts, its interval, or why there is none.

use evenhand_measure::audit::model::{Amount, Bound, Value};

use super::name;
use crate::numbers::{amount, percent, ratio};

/// A rate with its counts: `41.2% (1,310 of 3,175)`.
#[must_use]
pub fn rate_with_counts(value: &Value) -> String {
    match value {
        Value::Share(share) => {
            let weighed = if matches!(share.denominator, Amount::Weight(_)) {
                "weight "
            } else {
                ""
            };
            format!(
                "{} ({weighed}{} of {})",
                percent(share.point),
                amount(share.numerator),
                amount(share.denominator)
            )
        }
        Value::Number { point, .. } => {
            number_interval(value).map_or_else(|| number(*point), |interval| format!("{} ({interval})", number(*point)))
        }
        Value::Undefined { undefined, .. } => match limits(value) {
            Some((lowest, highest)) => format!(
                "no value ({}; between {} and {} whatever the missing values are)",
                name(undefined),
                percent(lowest),
                percent(highest)
            ),
            None => format!("no value ({})", name(undefined)),
        },
    }
}

/// The lowest and the highest that a value can be, whatever the missing values are.
pub(crate) fn limits(value: &Value) -> Option<(f64, f64)> {
    match value {
        Value::Undefined { lowest, highest, .. } => lowest.zip(*highest),
        Value::Share(share) => share.lowest.zip(share.highest),
        Value::Number { .. } => None,
    }
}

/// A number that is no share and is held against no bound.
#[must_use]
pub fn number(value: f64) -> String {
    let unbounded = Bound {
        at_least: None,
        at_most: None,
    };
    ratio(value, &unbounded)
}

/// The interval of a number that is no share, where it has one.
#[must_use]
pub fn number_interval(value: &Value) -> Option<String> {
    match value {
        Value::Number { lower, upper, .. } => match (lower.map(number), upper.map(number)) {
            (Some(lower), Some(upper)) => Some(format!("{lower} to {upper}")),
            (Some(lower), None) => Some(format!("{lower} or more")),
            (None, Some(upper)) => Some(format!("{upper} or less")),
            (None, None) => None,
        },
        Value::Share(_) | Value::Undefined { .. } => None,
    }
}
