//! This module takes the comparison that decides apart, for a reader who looks for one number of it.

use evenhand_measure::audit::model::{Audit, Finding, Outcome, Reason, Value};
use evenhand_measure::policy::Level;

use super::evidence::{chance, often};
use super::finding::open_because;
use super::measured::{allowed_of, both_values, is_of_pairs, is_told_as_change};
use super::terms::target;
use super::written::{bare, is_measured};
use super::{
    capital, entry_name, group_phrase, interval, is_unbounded, measured, measured_value, outcomes_phrase, point,
    rate_with_counts, unit, within, worst,
};
use crate::numbers::{change, confidence, count, percent};
use crate::order::{Outcomes, family, is_worse_off};

/// The comparison that the first sentence is about, in its parts; nothing where no comparison of two groups was judged.
pub(crate) fn worst_facts(audit: &Audit) -> Vec<(String, String)> {
    // What is held against no bound has no worst.
    let is_judged =
        |finding: &Finding| matches!(finding.outcome, Outcome::Fail | Outcome::Inconclusive | Outcome::Pass);
    let counts =
        |finding: &&Finding| finding.level == Level::Error && finding.reference.is_some() && is_judged(finding);
    let Some(finding) = worst(audit).filter(counts) else {
        return Vec::new();
    };
    let mut facts = vec![who(finding, audit)];
    facts.push(("What was compared".to_owned(), what(finding, audit)));
    facts.extend(values(finding).map(|values| ("Their values".to_owned(), values)));
    let name = match finding.comparison.as_str() {
        "ratio" if !is_told_as_change(finding) => "Ratio",
        _ => "Difference",
    };
    facts.push((name.to_owned(), size(finding)));
    let name = match finding.outcome {
        Outcome::Inconclusive => "What would settle it",
        _ => "How sure this is",
    };
    facts.extend(sureness(finding, audit).map(|sure| (name.to_owned(), sure)));
    if let Some(family) = family(audit, Level::Error) {
        let outcomes = Outcomes::of_family(family);
        let mut all = outcomes_phrase(outcomes);
        // What could not be tested is open, and no part of the number that chance was reckoned over.
        let untested = outcomes.judged().saturating_sub(family.size);
        if untested > 0 {
            all.push_str(&format!(
                "; {} of the open ones could not be tested",
                count(untested as u64)
            ));
        }
        facts.push(("All comparisons that count".to_owned(), all));
    }
    facts
}

/// Whom it is about, under a name that fits what was found.
fn who(finding: &Finding, audit: &Audit) -> (String, String) {
    let group = group_phrase(&finding.by, &finding.group);
    let reference = finding.reference.as_ref().map(|other| group_phrase(&finding.by, other));
    let inside = within(&finding.within).map_or_else(String::new, |stratum| format!(", within {stratum}"));
    let pair = match reference {
        Some(reference) => format!("{group}, compared with {reference}{inside}"),
        None => format!("{group}{inside}"),
    };
    let name = match (
        finding.outcome,
        is_worse_off(finding, audit.roles.adverse == Some(true)),
    ) {
        (Outcome::Fail, true) => "Worst group",
        (Outcome::Fail, false) => "Furthest apart",
        (Outcome::Pass, _) => "Nearest to its bound",
        _ => "Most doubtful",
    };
    (name.to_owned(), pair)
}

fn what(finding: &Finding, audit: &Audit) -> String {
    match is_measured(finding) {
        true if is_exposure(finding) => format!("Attention, as a part of what {} would give", target(audit)),
        true => capital(&entry_name(&finding.rate)),
        false => capital(&measured(finding, audit)),
    }
}

/// Whether a ratio to a target is compared, which sentences tell in percent.
fn is_exposure(finding: &Finding) -> bool {
    bare(&finding.rate) == "exposure-ratio"
}

fn values(finding: &Finding) -> Option<String> {
    // What is of two groups from the start has no value of each.
    if is_measured(finding) && is_of_pairs(finding) {
        return None;
    }
    if is_measured(finding) && !is_exposure(finding) {
        return both_values(finding).map(|(group, reference)| format!("{group} against {reference}"));
    }
    let text = |value: &Value| match value {
        Value::Number { point, .. } if is_exposure(finding) || !finding.pooled_over.is_empty() => percent(*point),
        Value::Share(_) | Value::Undefined { .. } if is_exposure(finding) => measured_value(&finding.rate, value),
        value => rate_with_counts(value),
    };
    let (group, reference) = (finding.group_value.as_ref()?, finding.reference_value.as_ref()?);
    Some(format!("{} against {}", text(group), text(reference)))
}

fn size(finding: &Finding) -> String {
    let as_change = is_told_as_change(finding);
    let told = |value: f64| change(value - 1.0);
    let mut text = match finding.point {
        Some(value) if as_change => told(value),
        Some(_) => format!("{}{}", point(finding), unit(finding)),
        None => "no value".to_owned(),
    };
    let interval = match (as_change, finding.lower, finding.upper) {
        (true, Some(lower), Some(upper)) => Some(format!("{} to {}", told(lower), told(upper))),
        (true, Some(lower), None) => Some(format!("{} or more", told(lower))),
        _ => interval(finding),
    };
    if let Some(interval) = interval {
        text.push_str(&format!(", {} interval {interval}", confidence(finding.confidence)));
    }
    match (
        is_unbounded(&finding.bound),
        finding.bound.at_least.zip(finding.bound.at_most),
    ) {
        (true, _) => text.push_str("; no pass mark is set"),
        (false, Some((low, high))) if as_change => {
            text.push_str(&format!("; allowed is {} to {}", told(low), told(high)));
            // As a part of the smaller price, the same step is larger.
            if (low * high - 1.0).abs() < 1e-9 {
                text.push_str(", the same step either way");
            }
        }
        (false, _) => text.push_str(&format!("; allowed is {}", allowed_of(finding))),
    }
    text
}

/// How sure it is, as a sentence.
fn sureness(finding: &Finding, audit: &Audit) -> Option<String> {
    let text = match (finding.outcome, finding.reason) {
        (Outcome::Fail | Outcome::Pass, Some(Reason::PointOnly)) => {
            "chance was not considered, as the policy asks".to_owned()
        }
        (Outcome::Fail, _) => chance(finding, audit),
        (Outcome::Pass, _) => {
            let p = finding.p_comply_exact.or(finding.p_comply)?;
            format!(
                "if it were beyond its bound, chance would show data as reassuring as these {}",
                often(p)
            )
        }
        (Outcome::Inconclusive, _) => open_because(finding, audit),
        (Outcome::NotJudged | Outcome::NotApplicable, _) => return None,
    };
    Some(format!("{}.", capital(text.trim_end_matches('.'))))
}
