//! This module says what a comparison of lists, amounts or scores found.

use evenhand_measure::audit::model::{Audit, Finding, Group, Outcome, Value};
use evenhand_measure::catalogue::Entry;

use super::terms::{attention, setting, target};
use super::written::{bare, is_plain_difference, measured_value, own_bound, own_unit};
use super::{allowed, entry, entry_name, group_phrase, interval, is_unbounded, name, point, pooled, within};
use crate::numbers::{change, confidence, percent};

/// Whose lists, or whose items, a group of a finding is: `items of region "North"`, `users of gender "F"`.
fn whom(finding: &Finding, group: &Group, audit: &Audit) -> String {
    let phrase = group_phrase(&finding.by, group);
    match side(finding, audit) {
        Some(Side::Items) => format!("items of {}", without_side(&phrase)),
        Some(Side::Users) => format!("users of {}", without_side(&phrase)),
        None => phrase,
    }
}

/// The words say whose attribute it is.
fn without_side(phrase: &str) -> String {
    let parts: Vec<&str> = phrase
        .split(" and ")
        .map(|part| {
            let bare = part.strip_prefix("item.").or_else(|| part.strip_prefix("user."));
            bare.unwrap_or(part)
        })
        .collect();
    parts.join(" and ")
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Items,
    Users,
}

/// Whose side of lists a comparison is about.
pub(super) fn side(finding: &Finding, audit: &Audit) -> Option<Side> {
    if let Some(Entry::Measure(measure)) = entry(&finding.rate) {
        return match measure.domain() {
            "lists, items and their providers" => Some(Side::Items),
            // Which items reach whom is about users; the items are what it is within.
            "lists, users" | "lists, items and users" => Some(Side::Users),
            _ => None,
        };
    }
    setting(audit, "/roles/list").or_else(|| setting(audit, "/roles/item"))?;
    let of_items = |column: &String| column.starts_with("item.");
    match finding.by.as_slice() {
        [] => None,
        by if by.iter().all(of_items) => Some(Side::Items),
        _ => Some(Side::Users),
    }
}

/// What it means that a group has a lower value of a measure, and a higher one.
const MEANINGS: [(&str, &str, &str); 9] = [
    ("ndcg", "lists are less useful for", "lists are more useful for"),
    (
        "hit-rate",
        "lists hold something wanted less often for",
        "lists hold something wanted more often for",
    ),
    (
        "list-precision",
        "lists hold fewer wanted items for",
        "lists hold more wanted items for",
    ),
    (
        "list-recall",
        "lists miss more of what is wanted for",
        "lists miss less of what is wanted for",
    ),
    (
        "mean-reciprocal-rank",
        "the first wanted item stands further down for",
        "the first wanted item stands further up for",
    ),
    (
        "narrowing",
        "lists narrow taste less for",
        "lists narrow taste more for",
    ),
    (
        "auc",
        "the score tells people apart less well for",
        "the score tells people apart better for",
    ),
    (
        "brier-score",
        "the score is more accurate for",
        "the score is less accurate for",
    ),
    (
        "calibration-error",
        "the score means what it says more closely for",
        "the score means what it says less closely for",
    ),
];

/// A comparison of a measure as a clause, in plain words first.
pub(super) fn measured_clause(finding: &Finding, audit: &Audit) -> String {
    let mut text = match bare(&finding.rate) {
        "exposure-ratio" => exposure_clause(finding, audit),
        // What it is within is the group of items.
        "cross-exposure" => cross_clause(finding, audit),
        id if AMOUNTS.contains(&id) => amount_clause(finding, audit),
        _ => plain_clause(finding, audit),
    };
    if let Some(stratum) = within(&finding.within).filter(|_| bare(&finding.rate) != "cross-exposure") {
        text.push_str(&format!(", within {stratum}"));
    }
    text.push_str(&pooled(finding));
    let as_change = is_told_as_change(finding);
    let interval = match (as_change, finding.lower, finding.upper) {
        (true, Some(lower), Some(upper)) => Some(format!("{} to {}", change(lower - 1.0), change(upper - 1.0))),
        (true, Some(lower), None) => Some(format!("{} or more", change(lower - 1.0))),
        _ => interval(finding),
    };
    let interval = interval.map(|interval| format!("{} interval {interval}", confidence(finding.confidence)));
    text.extend(interval.map(|interval| format!(" ({interval})")));
    if !is_unbounded(&finding.bound) {
        let allowed = match (as_change, finding.bound.at_least, finding.bound.at_most) {
            (true, Some(low), Some(high)) => format!("{} to {}", change(low - 1.0), change(high - 1.0)),
            _ => allowed_of(finding),
        };
        text.push_str(&format!(" where {allowed} is allowed"));
    }
    text
}

/// Whether a ratio is told as how much more or less it is than the reference.
pub(super) fn is_told_as_change(finding: &Finding) -> bool {
    finding.comparison == "ratio" && AMOUNTS.contains(&bare(&finding.rate))
}

/// What is told as an amount of one group against that of another.
const AMOUNTS: [&str; 6] = [
    "standardized-mean-difference",
    "geometric-mean-amount",
    "mean-amount",
    "median-amount",
    "price-gap",
    "adjusted-price-gap",
];

/// What to find out of before relying on it: `these lists are made`.
pub(super) fn made(finding: &Finding, audit: &Audit) -> Option<String> {
    let Some(Entry::Measure(measure)) = entry(&finding.rate) else {
        return None;
    };
    Some(match measure.domain() {
        domain if domain.starts_with("lists") => "these lists are made".to_owned(),
        "amounts" => format!(
            "the values of {} are set",
            name(setting(audit, "/roles/amount").unwrap_or("the amount"))
        ),
        _ => "these scores are made".to_owned(),
    })
}

/// The key of the value that a finding compares: its measure's id, with the setting where it has one.
fn judged_key(finding: &Finding, audit: &Audit) -> String {
    let of_group = |rates: &&evenhand_measure::audit::model::GroupRates| {
        (&rates.by, &rates.group, &rates.within) == (&finding.by, &finding.group, &finding.within)
    };
    let values = audit.rates.iter().find(of_group).map(|rates| &rates.values);
    let is_it =
        |(key, value): &(&String, &Value)| bare(key) == finding.rate && Some(*value) == finding.group_value.as_ref();
    let key = values
        .and_then(|values| values.iter().find(is_it))
        .map(|(key, _)| key.clone());
    key.unwrap_or_else(|| finding.rate.clone())
}

/// What is allowed, in the unit of the finding.
pub(crate) fn allowed_of(finding: &Finding) -> String {
    if !is_plain_difference(finding) {
        return allowed(&finding.bound, &finding.comparison);
    }
    match (finding.bound.at_least, finding.bound.at_most) {
        (Some(low), Some(high)) => format!("{} to {}", own_bound(low), own_bound(high)),
        (Some(low), None) => format!("{} or more", own_bound(low)),
        (None, Some(high)) => format!("{} or less", own_bound(high)),
        (None, None) => "anything".to_owned(),
    }
}

/// The size of a comparison: `0.51 times as much`, `a difference of -0.071`.
fn size(finding: &Finding) -> String {
    match (finding.point, finding.comparison.as_str()) {
        (None, "ratio") => "a ratio without a value".to_owned(),
        (None, _) => "a difference without a value".to_owned(),
        (Some(_), "ratio") => format!("{} times as much", point(finding)),
        (Some(_), _) if is_plain_difference(finding) => format!("a difference of {}", point(finding)),
        (Some(_), _) => format!("a difference of {} points", point(finding)),
    }
}

fn side_value(finding: &Finding, value: &Option<Value>) -> Option<String> {
    value.as_ref().map(|value| measured_value(&finding.rate, value))
}

/// The value of each of the two groups.
pub(super) fn both_values(finding: &Finding) -> Option<(String, String)> {
    side_value(finding, &finding.group_value).zip(side_value(finding, &finding.reference_value))
}

/// `items of region "North" get 61.0% of the attention (log model) that their share of the catalogue would give them,
/// items of region "South" 120.0%: 0.51 times as much`.
fn exposure_clause(finding: &Finding, audit: &Audit) -> String {
    let group = whom(finding, &finding.group, audit);
    let part = |value: &Option<Value>| match value {
        Some(Value::Number { point, .. }) => Some(percent(*point)),
        Some(value) => Some(measured_value(&finding.rate, value)),
        None => None,
    };
    let got = part(&finding.group_value).unwrap_or_else(|| "a part that is not known".to_owned());
    let mut text = format!(
        "{group} get {got} of the attention ({} model) that {} would give them",
        attention(audit),
        target(audit)
    );
    if let Some(reference) = &finding.reference {
        text.push_str(&format!(", {}", whom(finding, reference, audit)));
        text.extend(part(&finding.reference_value).map(|value| format!(" {value}")));
        text.push_str(&format!(": {}", size(finding)));
    }
    text
}

/// `of the attention of users of gender "F" 11.7% goes to items of region "North", against 38.3% for users of gender "M": 0.31
/// times as much`.
fn cross_clause(finding: &Finding, audit: &Audit) -> String {
    let part =
        |value: &Option<Value>| side_value(finding, value).unwrap_or_else(|| "a part that is not known".to_owned());
    let items = within(&finding.within).map_or_else(
        || "these items".to_owned(),
        |items| format!("items of {}", without_side(&items)),
    );
    let mut text = format!(
        "of the attention ({} model) of {} {} goes to {items}",
        attention(audit),
        whom(finding, &finding.group, audit),
        part(&finding.group_value),
    );
    if let Some(reference) = &finding.reference {
        let value = part(&finding.reference_value);
        text.push_str(&format!(
            ", against {value} of that of {}: {}",
            whom(finding, reference, audit),
            size(finding)
        ));
    }
    text
}

/// `the typical price of income "low" is 104.2 against 100.1 for income "high": 4.1% more`.
fn amount_clause(finding: &Finding, audit: &Audit) -> String {
    let amount = name(setting(audit, "/roles/amount").unwrap_or("amount"));
    let group = whom(finding, &finding.group, audit);
    let adjusted = finding.rate.starts_with("adjusted");
    let lead = match (adjusted, bare(&finding.rate)) {
        (true, _) => format!("with the declared controls alike, the {amount} of {group}"),
        (_, "mean-amount" | "standardized-mean-difference") => format!("the mean {amount} of {group}"),
        (_, "median-amount") => format!("the median {amount} of {group}"),
        _ => format!("the typical {amount} (geometric mean) of {group}"),
    };
    let Some(reference) = &finding.reference else {
        return lead;
    };
    let reference = whom(finding, reference, audit);
    let values = both_values(finding);
    let more = finding.point.map(|point| {
        let by = if finding.comparison == "ratio" {
            point - 1.0
        } else {
            point
        };
        let size = match finding.comparison.as_str() {
            "ratio" => change(by.abs()).trim_start_matches('+').to_owned(),
            _ if bare(&finding.rate) == "standardized-mean-difference" => {
                format!("{} standard deviations", own_unit(by.abs(), &finding.bound))
            }
            _ => own_unit(by.abs(), &finding.bound),
        };
        format!("{size} {}", if by < 0.0 { "less" } else { "more" })
    });
    let Some(more) = more else {
        return format!("{lead} cannot be compared with that of {reference}");
    };
    // The value of a gap is itself one against another group.
    match values.filter(|_| finding.rate.ends_with("-amount")) {
        Some((group, other)) => format!("{lead} is {group} against {other} for {reference}: {more}"),
        None => format!("{lead} is {more} than that of {reference}"),
    }
}

/// The measures that are of two groups from the start, so that a comparison is not of the values of each.
const OF_PAIRS: [&str; 3] = [
    "standardized-score-gap",
    "standardized-mean-difference",
    "cross-group-auc",
];

/// Whether a comparison is made from both groups together, and not from a value of each.
pub(crate) fn is_of_pairs(finding: &Finding) -> bool {
    let id = bare(&finding.rate);
    OF_PAIRS.contains(&id) || id.ends_with("-gap")
}

/// A comparison of a measure that is of two groups from the start.
fn pair_clause(finding: &Finding, group: &str, reference: &str) -> Option<String> {
    let point = finding.point?;
    let less = |less: &'static str, more: &'static str| if point < 0.0 { less } else { more };
    match bare(&finding.rate) {
        "standardized-score-gap" => Some(format!(
            "the mean score of {group} is {} standard deviations {} than that of {reference}",
            own_unit(point.abs(), &finding.bound),
            less("lower", "higher")
        )),
        "cross-group-auc" => Some(format!(
            "those of {group} for whom the event happened score above those of {reference} for whom it did not {} often than the \
             other way about, {}",
            less("less", "more"),
            size(finding)
        )),
        id if is_of_pairs(finding) => Some(format!(
            "the {} of {group} against {reference} is {}",
            entry_name(id),
            point_alone(finding)
        )),
        _ => None,
    }
}

fn point_alone(finding: &Finding) -> String {
    format!("{}{}", point(finding), super::unit(finding))
}

/// `lists are less useful for users of gender "F" than for users of gender "M": NDCG at 10 0.310 against 0.380, a difference
/// of -0.070`.
fn plain_clause(finding: &Finding, audit: &Audit) -> String {
    let group = whom(finding, &finding.group, audit);
    let measure = entry_name(&judged_key(finding, audit));
    let value = side_value(finding, &finding.group_value);
    let Some(reference) = &finding.reference else {
        let value = value.map_or_else(String::new, |value| format!(" is {value}"));
        return format!("the {measure} of {group}{value}");
    };
    let reference = whom(finding, reference, audit);
    if let Some(said) = pair_clause(finding, &group, &reference) {
        return said;
    }
    let even = if finding.comparison == "ratio" { 1.0 } else { 0.0 };
    let meaning = MEANINGS.iter().find(|(id, ..)| *id == bare(&finding.rate));
    let values = both_values(finding);
    match (meaning, finding.point, &values) {
        (Some((_, lower, higher)), Some(point), Some((value, other))) if point != even => {
            let meaning = if point < even { lower } else { higher };
            // What is not shown of people is said of the rows alone.
            let in_rows = match finding.outcome {
                Outcome::Inconclusive => "in these rows ",
                _ => "",
            };
            format!(
                "{in_rows}{meaning} {group} than for {reference}: {measure} {value} against {other}, {}",
                size(finding)
            )
        }
        (_, _, Some((value, other))) => {
            format!(
                "the {measure} of {group} is {value} against {other} for {reference}, {}",
                size(finding)
            )
        }
        (_, _, None) => format!(
            "the {measure} of {group} against that of {reference}, {}",
            size(finding)
        ),
    }
}

#[cfg(test)]
#[path = "measured_tests.rs"]
mod tests;
