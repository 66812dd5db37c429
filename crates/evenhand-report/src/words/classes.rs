//! This module names the events of decisions with more than two values: each value, or each step of an order.

use std::borrow::Cow;

use evenhand_measure::audit::model::{Audit, EventColumn, Finding};
use serde_json::Value as Json;

use super::{event, name};

/// What the name of an event begins with that takes a step of an order and all above it.
const STEP: &str = "at least ";

/// The events that are compared, in the order of the audit; empty where a decision has one event only.
pub(crate) fn events(audit: &Audit) -> Vec<&str> {
    let mut events: Vec<&str> = Vec::new();
    for event in audit.findings.iter().filter_map(|finding| finding.event.as_deref()) {
        if !events.contains(&event) {
            events.push(event);
        }
    }
    events
}

/// The column of a finding with the event that the finding is about.
pub(super) fn of_finding<'a>(column: &'a EventColumn, finding: &Finding, audit: &Audit) -> Cow<'a, EventColumn> {
    // A label with values of its own, such as yes and no, is read the same for all events.
    let is_decision = |column: &EventColumn| audit.roles.prediction.as_ref() == Some(column);
    let is_of_classes = is_decision(column) || events(audit).contains(&column.positive.as_str());
    finding
        .event
        .as_deref()
        .filter(|_| is_of_classes)
        .map_or(Cow::Borrowed(column), |event| {
            Cow::Owned(with_event(column, event, audit))
        })
}

fn with_event(column: &EventColumn, event: &str, audit: &Audit) -> EventColumn {
    EventColumn {
        rule: step(event, audit).map(|least| format!("at least \"{}\"", name(least))),
        positive: event.to_owned(),
        ..column.clone()
    }
}

/// The lowest value of an event that is a step of an order.
fn step<'a>(event: &'a str, audit: &Audit) -> Option<&'a str> {
    let order = audit.policy.pointer("/values/ordered").and_then(Json::as_array)?;
    let is_value = |text: &str| order.iter().any(|value| value.as_str() == Some(text));
    // A value may itself be called `at least 5`.
    event
        .strip_prefix(STEP)
        .filter(|least| is_value(least) && !is_value(event))
}

/// The event of a finding as a condition: `tier is "gold"`; nothing where a decision has one event only.
pub(crate) fn condition(finding: &Finding, audit: &Audit) -> Option<String> {
    let column = audit.roles.prediction.as_ref()?;
    finding.event.as_deref()?;
    Some(event(&of_finding(column, finding, audit)))
}

/// What the decisions of an audit of several events are: `tier, each value on its own: "gold", "silver"`.
pub(crate) fn decision_line(audit: &Audit) -> Option<String> {
    let column = audit.roles.prediction.as_ref()?;
    let events = events(audit);
    if events.is_empty() {
        return None;
    }
    let is_ordered = events.iter().any(|event| step(event, audit).is_some());
    let how = match is_ordered {
        true => "each step of its order",
        false => "each value against all others",
    };
    let named: Vec<String> = events
        .iter()
        .map(|event| match step(event, audit) {
            Some(least) => format!("at least \"{}\"", name(least)),
            None => format!("\"{}\"", name(event)),
        })
        .collect();
    Some(format!("{}, {how}: {}", name(&column.column), named.join(", ")))
}
