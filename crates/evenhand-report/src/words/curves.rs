//! This module says what a series is of and writes its numbers.

use evenhand_measure::attention::Attention;
use evenhand_measure::audit::model::{Bound, Series, SeriesUnit, series_kind};
use evenhand_measure::catalogue::Entry;
use evenhand_measure::inference::Comparison;

use super::terms::target_words;
use super::{attributes, capital, entry, entry_name, group_name, long, name, within};
use crate::numbers::{change, percent, points, significant};

/// What a series is of, with its attributes: `ROC curves by sex`.
#[must_use]
pub fn series_title(series: &Series) -> String {
    let mut title = series_kind(&series.id).map_or_else(|| name(&series.id), |kind| kind.title.to_owned());
    // The others have their measure in their name.
    if let Some(measure) = series.measure.as_ref().filter(|_| series.id == "threshold-sweep") {
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
    let group = match (series.group.is_empty(), series.by.is_empty()) {
        (true, true) => "everyone".to_owned(),
        // A number of all groups together, such as the lowest ratio.
        (true, false) => "all groups together".to_owned(),
        (false, _) => group_name(&series.by, &series.group),
    };
    match series.reference.as_ref().filter(|_| !common_reference) {
        Some(reference) => format!("{group} against {}", group_name(&series.by, reference)),
        None => group,
    }
}

/// The setting of a series in words: attention model and target where it is these.
#[must_use]
pub fn series_setting(series: &Series) -> Option<String> {
    let setting = series.setting.as_ref()?;
    let known = setting.split_once(", ").and_then(|(model, target)| {
        let attention = model.parse::<Attention>().ok()?;
        Some(format!(
            "Places get attention {} ({model} model). Target: {}.",
            attention.words(),
            target_words(target)?
        ))
    });
    Some(known.unwrap_or_else(|| format!("{}.", capital(long(setting).trim_end_matches('.')))))
}

/// How the numbers of a series' vertical axis are written: as those of the rate or criterion that they are, unless it says.
#[must_use]
pub fn unit_of(series: &Series) -> SeriesUnit {
    let measure = series.measure.as_deref().and_then(entry);
    match (series.y_unit, measure) {
        (SeriesUnit::Number, Some(Entry::Rate(_))) => SeriesUnit::Share,
        (SeriesUnit::Number, Some(Entry::Criterion(criterion))) if criterion.comparison == Comparison::Difference => {
            SeriesUnit::Points
        }
        (unit, _) => unit,
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
