//! This module is the table of what lists show on the whole: how one-sided and how concentrated they are.

use evenhand_measure::audit::model::{Audit, Value};
use evenhand_measure::catalogue::Entry;

use super::interval_confidence;
use crate::words;

/// What is measured of all lists together and of no group of people.
pub(crate) struct Whole {
    rows: Vec<Vec<String>>,
    legend: String,
}

/// The table, where there are lists of items.
pub(crate) fn whole(audit: &Audit) -> Option<Whole> {
    let overall = audit
        .rates
        .iter()
        .find(|rates| rates.by.is_empty() && rates.within.is_empty())?;
    let of_items = |key: &str| matches!(words::entry(key), Some(Entry::Measure(measure)) if measure.domain() == ITEMS);
    let values: Vec<(&String, &Value)> = overall.values.iter().filter(|(key, _)| of_items(key)).collect();
    let is_absent = |value: &Value| matches!(value, Value::Undefined { .. });
    let there = values.iter().filter(|(_, value)| !is_absent(value));
    let rows: Vec<Vec<String>> = there
        .map(|(key, value)| {
            vec![
                words::name_with_setting(key),
                words::measured_value(key, value),
                words::measured_interval(key, value).unwrap_or_default(),
            ]
        })
        .collect();
    let absent: Vec<String> = values
        .iter()
        .filter_map(|(key, value)| match value {
            Value::Undefined { undefined, .. } => Some(format!(
                "{} has no value: {}.",
                words::name_with_setting(key),
                words::long(undefined).trim_end_matches('.')
            )),
            Value::Share(_) | Value::Number { .. } => None,
        })
        .collect();
    let mut legend = vec!["All lists together; `evenhand explain` says what each measure is.".to_owned()];
    legend.extend(interval_confidence(audit).map(|confidence| format!("Intervals: {confidence}.")));
    legend.extend(absent);
    (!rows.is_empty()).then(|| Whole {
        rows,
        legend: legend.join(" "),
    })
}

/// The domain of these measures.
const ITEMS: &str = "lists, items and their providers";

impl Whole {
    pub(crate) const TITLE: &'static str = "What lists show on the whole";
    pub(crate) const RIGHT: [bool; 3] = [false, true, true];

    pub(crate) fn header() -> Vec<String> {
        ["Measure", "Value", "Interval"].map(str::to_owned).to_vec()
    }

    pub(crate) fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    pub(crate) fn legend(&self) -> &str {
        &self.legend
    }
}
