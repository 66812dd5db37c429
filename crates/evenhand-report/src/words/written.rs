//! This module writes the numbers of measures that are no share of rows, each in its own unit.

use evenhand_measure::audit::model::{Audit, Bound, Finding, Value};
use evenhand_measure::catalogue::{Entry, Unit};

use super::terms::setting;
use super::{entry, name};
use crate::numbers::{change, difference, percent, plain_points, significant};

/// What the numbers of a measure are in.
pub(crate) fn unit_of(id: &str) -> Unit {
    match entry(bare(id)) {
        Some(Entry::Rate(_)) => Unit::Share,
        Some(Entry::Measure(measure)) => measure.unit,
        _ => Unit::Number,
    }
}

/// The id of a key, without its setting.
pub(super) fn bare(id: &str) -> &str {
    id.split_once('@').map_or(id, |(id, _)| id)
}

/// A number of a measure.
pub(crate) fn measured_number(id: &str, value: f64) -> String {
    match unit_of(id) {
        Unit::Share => percent(value),
        Unit::Change => change(value),
        Unit::Ratio | Unit::Amount | Unit::Score | Unit::Deviations | Unit::Number => significant(value),
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
    finding.comparison == "difference" && is_measured(finding) && !unit_of(&finding.rate).is_in_percent()
}

/// What the differences of a finding are in, where that is a unit.
pub(super) fn difference_unit(finding: &Finding, audit: &Audit) -> Option<String> {
    if !is_plain_difference(finding) {
        return Some("percentage points".to_owned());
    }
    let column = |role: &str| setting(audit, &format!("/roles/{role}")).map(name);
    match unit_of(&finding.rate) {
        Unit::Deviations => Some("standard deviations".to_owned()),
        Unit::Amount => column("amount").map(|amount| format!("the unit of {amount}")),
        Unit::Score => column("score").map(|score| format!("the unit of {score}")),
        Unit::Share | Unit::Change | Unit::Ratio | Unit::Number => None,
    }
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
