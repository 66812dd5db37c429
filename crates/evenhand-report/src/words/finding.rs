//! This module says what one comparison found.

use evenhand_measure::audit::model::{Audit, Finding, Group, GroupRates, Outcome, Reason, Value};
use evenhand_measure::catalogue::Entry;

use super::classes::condition;
use super::evidence::{chance, precise, together};
use super::measured::{allowed_of, measured_clause};
use super::terms::terms;
use super::written::{difference_unit, is_measured};
use super::{
    allowed, attributes, capital, entry, entry_name, group_name, group_phrase, interval, is_unbounded, long, measured,
    outcome_symbol, point, rate_with_counts, unit, within,
};
use crate::numbers::{about, confidence, count, percent};
use crate::order::{Block, is_infinite};

/// The heading of a block: `Disparate impact by race`.
#[must_use]
pub fn block_title(block: &Block<'_>, audit: &Audit) -> String {
    let first = block.first();
    let mut title = capital(&entry_name(&first.criterion));
    let several = matches!(entry(&first.criterion), Some(Entry::Criterion(criterion)) if criterion.rates.len() > 1);
    if several {
        title.push_str(&format!(", {}", entry_name(&first.rate)));
    }
    if !first.by.is_empty() {
        title.push_str(&format!(" by {}", attributes(&first.by)));
    }
    if let Some(event) = condition(first, audit) {
        title.push_str(&format!(": {event}"));
    }
    if let Some(stratum) = within(&first.within) {
        let columns: Vec<String> = first.within.keys().cloned().collect();
        match block.spans_strata() {
            true => title.push_str(&format!(" within each {}", attributes(&columns))),
            false => title.push_str(&format!(" within {stratum}")),
        }
    }
    if !first.pooled_over.is_empty() {
        title.push_str(&format!(", within {} and pooled", attributes(&first.pooled_over)));
    }
    title
}

/// How groups are compared that are first compared like with like: ` like with like within each department and pooled`;
/// nothing where they are compared as they are.
#[must_use]
pub fn pooled(finding: &Finding) -> String {
    match finding.pooled_over.is_empty() {
        true => String::new(),
        false => format!(
            " like with like within each {} and pooled",
            attributes(&finding.pooled_over)
        ),
    }
}

/// What a block compares and what is allowed, in one sentence.
#[must_use]
pub fn block_rule(block: &Block<'_>, audit: &Audit) -> String {
    let first = block.first();
    let how = match first.comparison.as_str() {
        "ratio" => "the group's divided by the reference's".to_owned(),
        _ => match difference_unit(first, audit) {
            Some(unit) => format!("the group's minus the reference's, in {unit}"),
            None => "the group's minus the reference's".to_owned(),
        },
    };
    let pooled = match pooled(first) {
        like if like.is_empty() => like,
        like => format!(", compared{like}"),
    };
    let allowed = match is_unbounded(&first.bound) {
        true => "No pass mark is set, so nothing here is judged".to_owned(),
        false => format!("Allowed: {}", allowed_of(first)),
    };
    let terms: String = terms(first, audit).iter().map(|term| format!(" {term}.")).collect();
    format!(
        "{}: {how}{pooled}.{terms} {allowed}. Intervals: {}.",
        capital(&measured(first, audit)),
        confidence(first.confidence)
    )
}

/// One finding as a sentence; with `detail`, followed by the precise statement.
#[must_use]
pub fn finding_sentence(finding: &Finding, audit: &Audit, detail: bool) -> String {
    if finding.group_value.is_none() && finding.reference.is_none() && finding.point.is_none() {
        return format!("{}.", capital(&compared_with_nothing(finding, audit)));
    }
    let mut text = format!("{}.", capital(&comparison_clause(finding, audit)));
    let add = |text: &mut String, sentence: &str| {
        if !sentence.is_empty() {
            text.push(' ');
            text.push_str(&capital(sentence));
            text.push('.');
        }
    };
    match finding.outcome {
        Outcome::Fail if finding.reason == Some(Reason::PointOnly) => {
            add(
                &mut text,
                "the estimate is beyond the bound; chance was not considered, as the policy asks",
            );
        }
        Outcome::Pass if finding.reason == Some(Reason::PointOnly) => {
            add(
                &mut text,
                "the estimate is within the bound; chance was not considered, as the policy asks",
            );
        }
        Outcome::Fail => add(
            &mut text,
            &format!("this is shown to be beyond the bound: {}", chance(finding, audit)),
        ),
        Outcome::Pass => add(&mut text, "this is shown to be within the bound"),
        Outcome::Inconclusive => add(&mut text, &format!("this is open: {}", open_because(finding, audit))),
        Outcome::NotJudged => add(&mut text, &reported(finding)),
        Outcome::NotApplicable => add(&mut text, &format!("not compared: {}", why(finding))),
    }
    if detail {
        add(&mut text, &together(finding).unwrap_or_default());
        add(&mut text, &precise(finding, audit));
    }
    text
}

/// Why a finding without a reference compares nothing: `the column race has one group only ("White")`,
/// `equal opportunity needs columns for label`.
#[must_use]
pub fn compared_with_nothing(finding: &Finding, audit: &Audit) -> String {
    match (&finding.reason, &finding.group_value) {
        (Some(Reason::OneGroup), _) if !finding.by.is_empty() => {
            let what = if finding.by.len() > 1 {
                "combination of"
            } else {
                "column"
            };
            let inside = within(&finding.within).map_or_else(String::new, |stratum| format!(" within {stratum}"));
            format!(
                "the {what} {} has one group only{inside} (\"{}\")",
                attributes(&finding.by),
                group_name(&finding.by, &finding.group)
            )
        }
        (_, None) => format!(
            "{} was not compared: it {}",
            entry_name(&finding.criterion),
            why(finding)
        ),
        (_, Some(_)) => format!("the {} was not compared: {}", measured(finding, audit), why(finding)),
    }
}

/// `the selection rate (…) of A is 41.2% (…) against 66.5% (…) for B: a ratio of 0.62 (95% interval …); allowed is …`.
pub(super) fn comparison(finding: &Finding, audit: &Audit) -> String {
    match (&finding.group_value, &finding.reference) {
        (None, None) => compared_with_nothing(finding, audit),
        _ => comparison_clause(finding, audit),
    }
}

fn comparison_clause(finding: &Finding, audit: &Audit) -> String {
    if is_measured(finding) {
        return measured_clause(finding, audit);
    }
    let value = |value: &Option<Value>| match value {
        // What the share would be if both groups were spread over the strata alike: there are no counts to show.
        Some(Value::Number { point, .. }) if !finding.pooled_over.is_empty() => Some(percent(*point)),
        value => value.as_ref().map(rate_with_counts),
    };
    let group = group_phrase(&finding.by, &finding.group);
    let mut text = format!("the {} of {group}", measured(finding, audit));
    if let Some(value) = value(&finding.group_value) {
        text.push_str(&format!(" is {value}"));
    }
    let Some(reference) = &finding.reference else {
        return text;
    };
    let reference = group_phrase(&finding.by, reference);
    match value(&finding.reference_value) {
        Some(value) => text.push_str(&format!(" against {value} for {reference}")),
        None => text.push_str(&format!(" against that of {reference}")),
    }
    if let Some(stratum) = within(&finding.within) {
        text.push_str(&format!(", within {stratum}"));
    }
    let unit = unit(finding);
    let noun = if finding.comparison == "ratio" {
        "ratio"
    } else {
        "difference"
    };
    let mut aside = Vec::new();
    match finding.point {
        Some(_) => text.push_str(&format!(", a {noun} of {}{unit}", point(finding))),
        None if is_infinite(finding) => {
            text.push_str(", an infinite ratio");
            aside.push("nobody in the reference has it".to_owned());
        }
        None => text.push_str(&format!(", a {noun} without a value")),
    }
    if !finding.pooled_over.is_empty() {
        text.push_str(&format!(", compared{}", pooled(finding)));
    }
    aside.extend(interval(finding).map(|interval| format!("{} interval {interval}", confidence(finding.confidence))));
    if !aside.is_empty() {
        text.push_str(&format!(" ({})", aside.join("; ")));
    }
    if !is_unbounded(&finding.bound) {
        text.push_str(&format!(
            " where {} is allowed",
            allowed(&finding.bound, &finding.comparison)
        ));
    }
    text
}

/// Why a comparison was reported and not judged.
fn reported(finding: &Finding) -> String {
    finding.why.as_deref().map_or_else(
        || "this is reported and not judged, as the policy asks".to_owned(),
        |why| format!("this is {}", long(why)),
    )
}

/// Why a question is open, and what would settle it.
pub(super) fn open_because(finding: &Finding, audit: &Audit) -> String {
    match (settled_by(finding, audit), finding.reason) {
        (Some(settled), Some(Reason::TooFewRows)) => settled,
        (Some(settled), _) => format!("{}; {settled}", why(finding)),
        (None, Some(Reason::TooFewRows)) => "these rows settle it neither way".to_owned(),
        (None, _) => why(finding),
    }
}

/// What would settle an open question: `about 1,200 rows of these two groups together would settle it at these rates (there
/// are 400)`.
#[must_use]
pub fn settled_by(finding: &Finding, audit: &Audit) -> Option<String> {
    let rows = planned(finding)?;
    Some(match rows_there(finding, audit) {
        Some(there) if is_far(rows, there) => format!(
            "at these rates it would take more than {FAR} times the {} of these two groups to settle it",
            super::rows(there)
        ),
        there => format!(
            "about {} rows of these two groups together would settle it at these rates{}",
            about(rows),
            there.map_or_else(String::new, |there| match there {
                1 => " (there is 1)".to_owned(),
                there => format!(" (there are {})", count(there)),
            })
        ),
    })
}

/// How many times the rows that there are nobody is sent to collect.
const FAR: u64 = 100;

fn is_far(rows: u64, there: u64) -> bool {
    rows > there.saturating_mul(FAR)
}

/// Rows that would settle an open question; none where more rows do not tell.
fn planned(finding: &Finding) -> Option<u64> {
    finding
        .rows_to_settle
        .filter(|_| finding.reason != Some(Reason::OnTheBound))
}

/// Rows of both groups of a comparison.
fn rows_there(finding: &Finding, audit: &Audit) -> Option<u64> {
    // Pooled over strata, only rows where both groups are tell anything; how many these are the audit does not say.
    let reference = finding.reference.as_ref().filter(|_| finding.pooled_over.is_empty())?;
    rows_of(finding, &finding.group, audit)?.checked_add(rows_of(finding, reference, audit)?)
}

/// Rows of one group of a comparison.
fn rows_of(finding: &Finding, group: &Group, audit: &Audit) -> Option<u64> {
    let is_it = |rates: &&GroupRates| (&rates.by, &rates.group, &rates.within) == (&finding.by, group, &finding.within);
    audit.rates.iter().find(is_it).map(|rates| rates.n)
}

/// Whether more rows would settle an open question, and nobody will ever have as many.
#[must_use]
pub(crate) fn is_out_of_reach(finding: &Finding, audit: &Audit) -> bool {
    let rows = planned(finding).zip(rows_there(finding, audit));
    rows.is_some_and(|(rows, there)| is_far(rows, there))
}

/// What would settle an open question, in a cell: `1,200`; nothing where more rows do not tell.
#[must_use]
pub(crate) fn to_settle(finding: &Finding, audit: &Audit) -> String {
    match finding.rows_to_settle {
        None => String::new(),
        Some(_) if is_out_of_reach(finding, audit) => format!("over {FAR}×"),
        Some(rows) => about(rows),
    }
}

/// What the cells of [`to_settle`] are.
pub(crate) fn settle_legend(findings: &[&Finding], audit: &Audit) -> String {
    let far = match findings.iter().any(|finding| is_out_of_reach(finding, audit)) {
        true => format!("; over {FAR}×: more than a hundred times the rows that there are"),
        false => String::new(),
    };
    format!(
        "To settle: about how many rows of the two groups together would answer the open question at these rates{far}."
    )
}

/// What would settle the open questions among some comparisons, in one line.
#[must_use]
pub fn settle_line(findings: &[&Finding], audit: &Audit) -> String {
    let rows: Vec<String> = findings
        .iter()
        .filter(|finding| finding.rows_to_settle.is_some() && !is_out_of_reach(finding, audit))
        .map(|finding| format!("{} for {}", to_settle(finding, audit), pair(finding)))
        .collect();
    let far = findings
        .iter()
        .filter(|finding| is_out_of_reach(finding, audit))
        .count();
    let far = (far > 0).then(|| format!("for {far} more than a hundred times the rows that there are"));
    let near = (!rows.is_empty()).then(|| format!("about {}", rows.join(", ")));
    let said: Vec<String> = near.into_iter().chain(far).collect();
    format!(
        "To settle the open questions at these rates, rows of the two groups together: {}.",
        said.join("; ")
    )
}

/// Two groups in a table or a list: `Asian against Other`.
#[must_use]
pub fn pair(finding: &Finding) -> String {
    let group = group_name(&finding.by, &finding.group);
    match &finding.reference {
        None => group,
        Some(reference) => format!("{group} against {}", group_name(&finding.by, reference)),
    }
}

/// Groups that a line of [`open_lines`] names.
const GROUPS_NAMED: usize = 3;

/// Why comparisons are not settled, where more rows alone would not do: one line for each reason, with the groups.
#[must_use]
pub fn open_lines(findings: &[&Finding]) -> Vec<String> {
    let mut reasons: Vec<(Outcome, String, Vec<String>)> = Vec::new();
    let unsettled = |f: &&&Finding| {
        matches!(
            f.outcome,
            Outcome::Inconclusive | Outcome::NotJudged | Outcome::NotApplicable
        )
    };
    // Rows can settle the one, and what a block compares says the other.
    let plain = |f: &&&Finding| matches!(f.reason, Some(Reason::TooFewRows | Reason::NoPassMark));
    for finding in findings.iter().filter(unsettled).filter(|f| !plain(f)) {
        let pair = pair(finding);
        // That sentence has a number of rows in it, which is another one for each pair.
        let reason = match finding.reason {
            Some(Reason::BelowMinimum) => {
                "reported, not judged: fewer rows than the minimum that was asked for".to_owned()
            }
            _ => why(finding),
        };
        match reasons
            .iter_mut()
            .find(|(outcome, text, _)| *outcome == finding.outcome && *text == reason)
        {
            Some((_, _, pairs)) => pairs.push(pair),
            None => reasons.push((finding.outcome, reason, vec![pair])),
        }
    }
    reasons
        .into_iter()
        .map(|(outcome, reason, pairs)| {
            let more = pairs.len().saturating_sub(GROUPS_NAMED);
            let mut named = pairs[..pairs.len().min(GROUPS_NAMED)].join(", ");
            if more > 0 {
                named.push_str(&format!(" and {} more", count(more as u64)));
            }
            format!("{} {named}: {reason}.", outcome_symbol(outcome))
        })
        .collect()
}

pub(super) fn why(finding: &Finding) -> String {
    finding
        .why
        .as_deref()
        .map_or_else(|| "the data do not say".to_owned(), long)
}
