//! This module writes the numbers of measures that are no share of rows, each in its own unit.

use evenhand_measure::audit::model::{Bound, Finding, Value};
use evenhand_measure::catalogue::Entry;

use super::{entry, name};
use crate::numbers::{change, difference, percent, plain_points, significant};

/// How the numbers of a measure are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// A share, in percent; its differences are in percentage points.
    Share,
    /// A relative change, in percent with its sign.
    Change,
    /// A number to three digits.
    Number,
}

/// The measures whose numbers are shares.
const SHARES: [&str; 16] = [
    "exposure-share",
    "cross-exposure",
    "hit-rate",
    "list-precision",
    "list-recall",
    "item-coverage",
    "tail-share",
    "pairwise-accuracy",
    "share-above-median",
    "share-at-most-median",
    "share-overestimated",
    "share-underestimated",
    "scoring-rate",
    "calibration-in-the-large",
    "calibration-error",
    "largest-calibration-error",
];

/// The measures whose numbers are relative changes.
const CHANGES: [&str; 3] = ["popularity-lift", "bias-disparity", "narrowing"];

/// How the numbers of a measure are written.
pub(crate) fn written(id: &str) -> Written {
    let id = bare(id);
    match () {
        () if matches!(entry(id), Some(Entry::Rate(_))) || SHARES.contains(&id) => Written::Share,
        () if CHANGES.contains(&id) => Written::Change,
        () => Written::Number,
    }
}

/// The id of a key, without its setting.
pub(super) fn bare(id: &str) -> &str {
    id.split_once('@').map_or(id, |(id, _)| id)
}

/// A number of a measure.
pub(crate) fn measured_number(id: &str, value: f64) -> String {
    match written(id) {
        Written::Share => percent(value),
        Written::Change => change(value),
        Written::Number => significant(value),
    }
}

/// The value of a measure without its interval, or why there is none.
pub(crate) fn measured_value(id: &str, value: &Value) -> String {
    match value {
        Value::Share(share) => percent(share.point),
        Value::Number { point, .. } => measured_number(id, *point),
        Value::Undefined { undefined, .. } => format!("no value ({})", name(undefined)),
    }
}

/// The interval of a measure's number, where it has one.
pub(crate) fn measured_interval(id: &str, value: &Value) -> Option<String> {
    let Value::Number { lower, upper, .. } = value else {
        return None;
    };
    match (
        lower.map(|v| measured_number(id, v)),
        upper.map(|v| measured_number(id, v)),
    ) {
        (Some(lower), Some(upper)) => Some(format!("{lower} to {upper}")),
        (Some(lower), None) => Some(format!("{lower} or more")),
        (None, Some(upper)) => Some(format!("{upper} or less")),
        (None, None) => None,
    }
}

/// Whether a finding compares a measure that is no share of rows.
pub(crate) fn is_measured(finding: &Finding) -> bool {
    !matches!(entry(&finding.rate), Some(Entry::Rate(_) | Entry::Statistic(_)))
        && [&finding.group_value, &finding.reference_value]
            .into_iter()
            .flatten()
            .all(|value| value.share().is_none())
}

/// What differences of a finding are in: points of percent, or the measure's own unit.
pub(crate) fn is_plain_difference(finding: &Finding) -> bool {
    finding.comparison == "difference" && is_measured(finding) && written(&finding.rate) == Written::Number
}

/// A difference or bound in the measure's own unit.
pub(crate) fn own_unit(value: f64, bound: &Bound) -> String {
    difference(value, bound)
}

/// A bound in the measure's own unit, such as `0.05`.
pub(crate) fn own_bound(value: f64) -> String {
    // Two digits more than in percent.
    plain_points(value / 100.0)
}
