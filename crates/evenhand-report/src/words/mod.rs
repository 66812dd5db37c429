//! This module holds the sentences, for people who have never heard of a p-value.
//!
//! What it returns has names made visible and cut to a readable length, and is not yet escaped for a format.
//! A pass is "shown to be within its bound", never "fair"; a name never stands without its column.

pub(crate) mod advice;
pub(crate) mod classes;
pub(crate) mod curves;
mod evidence;
mod finding;
mod gate;
pub(crate) mod glossary;
mod headline;
pub(crate) mod history;
pub(crate) mod limits;
pub(crate) mod measured;
pub(crate) mod method;
mod people;
mod picked;
pub(crate) mod posting;
#[cfg(feature = "pdf")]
pub(crate) mod printed;
mod sensitivity;
mod sides;
pub(crate) mod summary;
pub(crate) mod terms;
mod value;
pub(crate) mod written;

use evenhand_measure::audit::model::{Audit, Bound, EventColumn, Finding, Group, GroupKind, Outcome, Verdict};
use evenhand_measure::catalogue::{self, Cells, Entry, RATES};
use evenhand_measure::policy::Level;

use self::written::is_plain_difference;
use crate::numbers::{count, difference, plain_points, plain_ratio, points, ratio};
use crate::order::{Outcomes, is_infinite, partly_listed};
use crate::safe::visible_cut;

pub use self::evidence::{adjustment_note, precise, precise_and_together};
pub use self::finding::{
    block_rule, block_title, compared_with_nothing, finding_sentence, open_lines, pair, pooled, settle_line, settled_by,
};
pub(crate) use self::finding::{is_out_of_reach, settle_legend, to_settle};
pub(crate) use self::gate::change_what;
pub use self::gate::{change_pair, change_precise, change_sentence, gate_headline, waiver_sentence};
pub use self::headline::headline;

pub use self::people::{people_clause, people_lines, people_told};
pub use self::picked::picked_line;
pub(crate) use self::picked::{is_in_points, plain_difference};
pub use self::sensitivity::{Changes, sensitivity_header, sensitivity_row, sensitivity_sentence, what_would_change};
pub use self::sides::other_sides;
pub(crate) use self::value::limits;
pub use self::value::{number, number_interval, rate_with_counts};
pub(crate) use self::written::{measured_interval, measured_value};
pub use crate::order::worst;

/// Columns that a name may take in a sentence or a table; the JSON form has it whole.
pub const NAME_COLUMNS: usize = 60;

/// A name from outside, visible and not too long.
#[must_use]
pub fn name(text: &str) -> String {
    visible_cut(text, NAME_COLUMNS)
}

/// A group in a table: its values, in the order of the attributes.
#[must_use]
pub fn group_name(by: &[String], group: &Group) -> String {
    let values = by.iter().map(|column| match group.get(column) {
        Some(Some(value)) => name(value),
        _ => "(missing)".to_owned(),
    });
    let names: Vec<String> = values.collect();
    if names.is_empty() {
        "everyone".to_owned()
    } else {
        names.join(" / ")
    }
}

/// A group in a table, with what kind it is if it is not judged.
#[must_use]
pub fn group_with_kind(by: &[String], group: &Group, kind: GroupKind) -> String {
    match kind {
        GroupKind::Overall => "everyone".to_owned(),
        GroupKind::Judged => group_name(by, group),
        GroupKind::Missing | GroupKind::NonAnswer => format!("{}, not judged", group_name(by, group)),
    }
}

/// A group in a sentence: `race "Asian"`, `sex "F" and race "Asian"`.
#[must_use]
pub fn group_phrase(by: &[String], group: &Group) -> String {
    let parts: Vec<String> = by
        .iter()
        .map(|column| match group.get(column) {
            Some(Some(value)) => format!("{} \"{}\"", name(column), name(value)),
            _ => format!("{} missing", name(column)),
        })
        .collect();
    if parts.is_empty() {
        "everyone".to_owned()
    } else {
        parts.join(" and ")
    }
}

/// What groups are looked at within, in a sentence: `department "A"`; `None` when it is nothing.
#[must_use]
pub fn within(within: &Group) -> Option<String> {
    let columns: Vec<String> = within.keys().cloned().collect();
    (!within.is_empty()).then(|| group_phrase(&columns, within))
}

/// A set of attributes: `race`, `sex and race`.
#[must_use]
pub fn attributes(by: &[String]) -> String {
    let names: Vec<String> = by.iter().map(|column| name(column)).collect();
    names.join(" and ")
}

/// The condition under which a row counts as the event: `hired is "yes"`, `score is at least 0.5`.
#[must_use]
pub fn event(column: &EventColumn) -> String {
    match &column.rule {
        Some(rule) => format!("{} is {}", name(&column.column), name(rule)),
        None => format!("{} is \"{}\"", name(&column.column), name(&column.positive)),
    }
}

/// The opposite condition: `hired is not "yes"`, `score is not at least 0.5`.
#[must_use]
pub fn no_event(column: &EventColumn) -> String {
    match &column.rule {
        Some(rule) => format!("{} is not {}", name(&column.column), name(rule)),
        None => format!("{} is not \"{}\"", name(&column.column), name(&column.positive)),
    }
}

/// What the decision means for the person, as an addition to its condition: `, which is bad for the person`.
#[must_use]
pub fn direction(audit: &Audit) -> &'static str {
    match (audit.roles.adverse, audit.roles.adverse_declared) {
        (Some(true), true) => ", which is bad for the person",
        (Some(true), false) => ", taken to be bad for the person",
        (Some(false), false) => ", taken to be good for the person",
        _ => "",
    }
}

/// The name of a rate, statistic or criterion, with its setting if it has one, or its id when the catalogue has none.
#[must_use]
pub fn entry_name(id: &str) -> String {
    match (entry(id), id.split_once('@')) {
        (Some(entry), Some((_, "partial-pooling"))) => format!("{}, partially pooled (empirical Bayes)", entry.name()),
        // The setting of a rate is the value that counts; others are a place or a share, or a target, say.
        (Some(entry), Some((_, setting))) => {
            let is_place = !matches!(entry, Entry::Rate(_)) && setting.parse::<f64>().is_ok();
            match is_place {
                true => format!("{} at {}", entry.name().trim_end_matches(" at k"), name(setting)),
                false => format!("{} ({})", entry.name().trim_end_matches(" at k"), name(setting)),
            }
        }
        (Some(entry), None) => entry.name().to_owned(),
        (None, _) => name(id),
    }
}

/// The name of a measure with its setting beside it: `NDKL (pooled)`.
pub(crate) fn name_with_setting(id: &str) -> String {
    match (entry(id), id.split_once('@')) {
        (Some(entry), Some((_, setting))) => format!("{} ({})", entry.name(), name(setting)),
        _ => entry_name(id),
    }
}

/// What a measure is, in one sentence.
#[must_use]
pub fn gist(id: &str) -> Option<String> {
    let doc = entry(id)?
        .doc()
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty());
    Some(doc.collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

pub(crate) fn entry(id: &str) -> Option<Entry> {
    let id = id.split_once('@').map_or(id, |(id, _)| id);
    catalogue::entries().find(|entry| entry.id() == id)
}

/// What a finding compares: `selection rate (hired is "yes")`, or with an adverse event
/// `favourable share (risk is not "High")`.
#[must_use]
pub fn measured(finding: &Finding, audit: &Audit) -> String {
    let prediction = audit.roles.prediction.as_ref();
    let prediction = prediction.map(|column| classes::of_finding(column, finding, audit));
    match (&prediction, finding.complement, finding.rate.as_str()) {
        (Some(prediction), true, _) => format!("favourable share ({})", no_event(prediction)),
        (None, true, _) => "favourable share".to_owned(),
        (Some(prediction), false, "selection-rate") => format!("selection rate ({})", event(prediction)),
        _ => match gloss(finding, audit) {
            Some(gloss) => format!("{} ({gloss})", entry_name(&finding.rate)),
            None => entry_name(&finding.rate),
        },
    }
}

/// A rate among some of the rows, in the words of the file: `hired is "yes" among those whose good is "1"`.
fn gloss(finding: &Finding, audit: &Audit) -> Option<String> {
    let rate = RATES.iter().find(|rate| rate.id == finding.rate)?;
    let of_finding = |column| classes::of_finding(column, finding, audit);
    let prediction = &*audit.roles.prediction.as_ref().map(of_finding)?;
    let label = &*audit.roles.label.as_ref().map(of_finding)?;
    let selected = rate.numerator.contains(Cells::TP) || rate.numerator.contains(Cells::FP);
    let truly = rate.numerator.contains(Cells::TP) || rate.numerator.contains(Cells::FN);
    let decided = if selected {
        event(prediction)
    } else {
        no_event(prediction)
    };
    let labelled = if truly { event(label) } else { no_event(label) };
    let (share, among) = match rate.denominator {
        whole if whole == Cells::TP | Cells::FN || whole == Cells::FP | Cells::TN => (decided, labelled),
        whole if whole == Cells::TP | Cells::FP || whole == Cells::FN | Cells::TN => (labelled, decided),
        _ => return None,
    };
    Some(format!("{share} among those whose {among}"))
}

/// The verdict as the word that starts the first line.
#[must_use]
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Fail => "FAIL",
        Verdict::Inconclusive => "INCONCLUSIVE",
        Verdict::NotJudged => "NOT JUDGED",
    }
}

/// An outcome as a word.
#[must_use]
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fail",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Pass => "pass",
        Outcome::NotJudged => "not judged",
        Outcome::NotApplicable => "not compared",
    }
}

/// An outcome as a symbol; never shown without the word.
#[must_use]
pub fn outcome_symbol(outcome: Outcome) -> char {
    match outcome {
        Outcome::Fail => '✗',
        Outcome::Inconclusive => '?',
        Outcome::Pass => '✓',
        Outcome::NotJudged => '○',
        Outcome::NotApplicable => '–',
    }
}

/// How many of which outcome: `2 fail, 1 inconclusive, 9 pass`.
#[must_use]
pub fn outcomes_phrase(outcomes: Outcomes) -> String {
    let parts = [
        (outcomes.fail, "fail"),
        (outcomes.inconclusive, "inconclusive"),
        (outcomes.pass, "pass"),
        (outcomes.not_judged, "not judged"),
        (outcomes.not_applicable, "not compared"),
    ];
    let named: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {word}", count(*n as u64)))
        .collect();
    named.join(", ")
}

/// What is not shown of a block: `… and 24 more comparisons, all pass`; `listed` says that there are others that the
/// audit does not list.
#[must_use]
pub fn more_phrase(hidden: Outcomes, listed: bool, rest: &str) -> String {
    let total = hidden.all();
    let noun = plural(
        total as u64,
        if listed {
            "more listed comparison"
        } else {
            "more comparison"
        },
    );
    let outcomes = outcomes_phrase(hidden);
    let outcomes = match outcomes.split_once(' ') {
        Some((_, word)) if total > 1 && !outcomes.contains(',') => format!("all {word}"),
        _ => outcomes,
    };
    format!("… and {noun} ({outcomes}){rest}")
}

/// Says of a level how many comparisons there are, when the audit does not list them all.
#[must_use]
pub fn listing(audit: &Audit, level: Level) -> Option<String> {
    let family = partly_listed(audit, level)?;
    let outcomes = Outcomes::of_family(family);
    let kind = if level == Level::Error { " that count" } else { "" };
    Some(format!(
        "Of {}{kind} ({}), {} {} listed: only the comparisons that decide or come closest are listed.",
        plural(outcomes.all() as u64, "comparison"),
        outcomes_phrase(outcomes),
        count(family.listed as u64),
        if family.listed == 1 { "is" } else { "are" }
    ))
}

/// The point of a finding: `0.62`, `-12.3 points`, or a dash.
#[must_use]
pub fn point(finding: &Finding) -> String {
    match finding.point {
        None if is_infinite(finding) => "infinite".to_owned(),
        None => "–".to_owned(),
        Some(value) => disparity(finding, value),
    }
}

/// A ratio or a difference, as the finding compares.
fn disparity(finding: &Finding, value: f64) -> String {
    match finding.comparison.as_str() {
        "ratio" => ratio(value, &finding.bound),
        _ if is_plain_difference(finding) => difference(value, &finding.bound),
        _ => points(value, &finding.bound),
    }
}

/// What follows a number of the finding where it is a difference of shares: ` points`.
#[must_use]
pub fn unit(finding: &Finding) -> &'static str {
    match finding.comparison.as_str() {
        "ratio" => "",
        _ if is_plain_difference(finding) => "",
        _ => " points",
    }
}

/// The interval of a finding: `0.59 to 0.65`, `0.59 or more`, or nothing.
#[must_use]
pub fn interval(finding: &Finding) -> Option<String> {
    let lower = disparity(finding, finding.lower?);
    Some(finding.upper.map_or_else(
        || format!("{lower} or more"),
        |upper| format!("{lower} to {}", disparity(finding, upper)),
    ))
}

/// Whether nothing is held against a bound, because no pass mark is set.
#[must_use]
pub fn is_unbounded(bound: &Bound) -> bool {
    bound.at_least.is_none() && bound.at_most.is_none()
}

/// What is allowed: `0.80 or more`, `0.80 to 1.25`, `-10 to 10 points`.
#[must_use]
pub fn allowed(bound: &Bound, comparison: &str) -> String {
    let is_ratio = comparison == "ratio";
    let text = |value: f64| {
        if is_ratio {
            plain_ratio(value)
        } else {
            plain_points(value)
        }
    };
    let unit = if is_ratio { "" } else { " points" };
    match (bound.at_least, bound.at_most) {
        (Some(low), Some(high)) => format!("{} to {}{unit}", text(low), text(high)),
        (Some(low), None) => format!("{}{unit} or more", text(low)),
        (None, Some(high)) => format!("{}{unit} or less", text(high)),
        (None, None) => "anything".to_owned(),
    }
}

/// A number of rows: `1 row`, `1,240 rows`.
#[must_use]
pub fn rows(rows: u64) -> String {
    plural(rows, "row")
}

/// A number of things: `1 smaller group`, `1,240 smaller groups`.
#[must_use]
pub fn plural(number: u64, thing: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {thing}{s}", count(number))
}

/// The text with a capital first letter.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A sentence from outside, visible and not endless.
#[must_use]
pub fn long(text: &str) -> String {
    visible_cut(text, 600)
}

#[cfg(test)]
mod beside_tests;
#[cfg(test)]
mod tests;
