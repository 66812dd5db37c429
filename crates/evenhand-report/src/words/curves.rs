//! This module says what a series is of and writes its numbers.

use evenhand_measure::audit::model::{Bound, Series, SeriesUnit, series_kind};

use super::{attributes, capital, entry_name, group_name, name, within};
use crate::numbers::{change, percent, points, significant};

/// What a series is of, with its attributes: `ROC curves by sex`.
#[must_use]
pub fn series_title(series: &Series) -> String {
    let mut title = series_kind(&series.id).map_or_else(|| name(&series.id), |kind| kind.title.to_owned());
    if let Some(measure) = &series.measure {
        title.push_str(&format!(": {}", entry_name(measure)));
    }
    if !series.by.is_empty() {
        title.push_str(&format!(" by {}", attributes(&series.by)));
    }
    if let Some(stratum) = within(&series.within) {
        title.push_str(&format!(" within {stratum}"));
    }
    capital(&title)
}

/// The group of a series, and the one that it is compared with unless all are compared with the same.
#[must_use]
pub fn series_name(series: &Series, common_reference: bool) -> String {
    let group = match series.group.is_empty() {
        true => "everyone".to_owned(),
        false => group_name(&series.by, &series.group),
    };
    match series.reference.as_ref().filter(|_| !common_reference) {
        Some(reference) => format!("{group} against {}", group_name(&series.by, reference)),
        None => group,
    }
}

/// A number of a series.
#[must_use]
pub fn shown(value: f64, unit: SeriesUnit) -> String {
    match unit {
        SeriesUnit::Number => plain(value),
        SeriesUnit::Share => percent(value),
        SeriesUnit::Points => points(value, &UNBOUNDED),
        SeriesUnit::Change => change(value),
    }
}

/// An interval of a series: `12.3 to 15.0`.
#[must_use]
pub fn interval((lower, upper): (f64, f64), unit: SeriesUnit) -> String {
    let lower = shown(lower, unit);
    // A share's unit stands once, at the end of its interval.
    let lower = match unit {
        SeriesUnit::Share => lower.trim_end_matches('%'),
        _ => lower.as_str(),
    };
    format!("{lower} to {}", shown(upper, unit))
}

const UNBOUNDED: Bound = Bound {
    at_least: None,
    at_most: None,
};

/// A whole number as it is, another to three digits at most.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        crate::numbers::grouped(&format!("{value:.0}"))
    } else {
        // Three digits, and none that says nothing: 0.5, not 0.500.
        match significant(value) {
            text if text.contains('e') || !text.contains('.') => text,
            text => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        }
    }
}
