//! This module lays out two models on the same rows: whether a disparity has grown, who is right where the two differ,
//! and the rates of either.

use evenhand_measure::audit::change::{Change, ChangeOutcome};
use evenhand_measure::audit::model::{Audit, GroupKind, Paired, PairedRate};
use evenhand_measure::policy::Level;

use crate::numbers::{confidence, count, one_decimal, p_value, percent};
use crate::words;

/// The title over all of it.
pub(crate) const TITLE: &str = "Against the other model";

/// The other model, where there is one.
pub(crate) fn of(audit: &Audit) -> Option<&Paired> {
    audit.paired.as_ref()
}

/// What was compared, and how.
pub(crate) fn about(paired: &Paired) -> String {
    let (now, before) = (words::name(&paired.now), words::name(&paired.before));
    let differ = match paired.differ {
        0 => "never in another way".to_owned(),
        rows => format!("{} of them in another way", count(rows)),
    };
    format!(
        "\"{now}\" (now) and \"{before}\" (before) decided the same {}, {differ}. Tests are of pairs: what both decided alike \
         says nothing of a change. None of this enters the verdict of the audit.",
        words::rows(paired.rows)
    )
}

/// Whether a change is of what decides, or for the worse.
fn matters(change: &Change) -> bool {
    change.level == Level::Error || change.outcome == ChangeOutcome::Worse
}

/// What became of the disparities: those that decide, and of the others those that have grown, unless all are asked for.
pub(crate) fn changes(paired: &Paired, all: bool) -> Vec<String> {
    let line = |change: &Change| {
        let has_grown = change.worsening.is_some_and(|worsening| worsening > change.tolerance);
        let (symbol, word) = match change.outcome {
            ChangeOutcome::Worse => ('✗', "worse"),
            ChangeOutcome::NotWorse if has_grown => ('?', "may be worse"),
            ChangeOutcome::NotWorse => ('✓', "not shown to be worse"),
            _ => ('○', "not tested"),
        };
        format!("{symbol} {word}: {}", words::change_sentence(change))
    };
    let mut shown: Vec<&Change> = paired
        .changes
        .changes
        .iter()
        .filter(|change| all || matters(change))
        .collect();
    shown.sort_by_key(|change| change.outcome != ChangeOutcome::Worse);
    shown.into_iter().map(line).collect()
}

/// The same for a statistician, of those that matter; the others are among the named tests.
pub(crate) fn precise(paired: &Paired) -> Vec<String> {
    let line = |change: &Change| {
        format!(
            "{}, {}: {}",
            words::capital(&words::change_what(change)),
            words::change_pair(change),
            words::change_precise(change)
        )
    };
    let shown = paired.changes.changes.iter().filter(|change| matters(change));
    shown.map(line).collect()
}

/// Who is right where the two differ, of everybody and of each group.
pub(crate) fn right(paired: &Paired) -> Vec<String> {
    let rates = paired.rates.iter().filter(|of| of.rate == "accuracy");
    rates
        .filter(|of| matches!(of.kind, GroupKind::Overall | GroupKind::Judged))
        .filter_map(|of| {
            let (now, before) = (of.only_now?, of.only_before?);
            let whom = match of.by.is_empty() {
                true => "everybody".to_owned(),
                false => words::group_name(&of.by, &of.group),
            };
            let p = of.p.map_or_else(String::new, |p| format!(", p {}", p_value(p)));
            Some(match (now, before) {
                (0, 0) => format!("of {whom} the two are right about the same people"),
                _ => format!(
                    "of {whom}, where one is right and the other wrong: \"{}\" is right {}, \"{}\" {}{p}",
                    words::name(&paired.now),
                    words::plural(now, "time"),
                    words::name(&paired.before),
                    words::plural(before, "time")
                ),
            })
        })
        .map(|line| words::capital(&line))
        .collect()
}

/// The header of the table of rates.
pub(crate) fn header() -> Vec<String> {
    [
        "Group",
        "Rate",
        "Before",
        "Now",
        "Change in points",
        "Only before",
        "Only now",
        "p",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Which columns of it hold numbers.
pub(crate) const RIGHT: [bool; 8] = [false, false, true, true, true, true, true, true];

/// What the columns of it are.
pub(crate) fn legend(paired: &Paired) -> String {
    let level = paired.rates.first().map_or(0.95, |of| of.confidence);
    format!(
        "Change: of the rows that both models decided, in parentheses the {} interval. Only: rows that one model alone counts. \
         p: of equal rates, two-sided, not adjusted; by McNemar's test where both rates are of the same rows.",
        confidence(level)
    )
}

/// The rates of everybody and of every group by either model.
pub(crate) fn rows(paired: &Paired) -> Vec<Vec<String>> {
    let share = |(part, whole): (u64, u64)| match whole {
        0 => "–".to_owned(),
        whole => percent(part as f64 / whole as f64),
    };
    let points = |value: f64| one_decimal(value * 100.0);
    let change = |of: &PairedRate| match (of.difference, of.lower, of.upper) {
        (Some(change), Some(lower), Some(upper)) => {
            format!("{} ({} to {})", points(change), points(lower), points(upper))
        }
        (Some(change), ..) => points(change),
        (None, ..) => "–".to_owned(),
    };
    let row = |of: &PairedRate| {
        vec![
            match of.by.is_empty() {
                true => "everybody".to_owned(),
                false => words::group_with_kind(&of.by, &of.group, of.kind),
            },
            words::entry_name(&of.rate),
            share(of.before),
            share(of.now),
            change(of),
            of.only_before.map_or_else(|| "–".to_owned(), count),
            of.only_now.map_or_else(|| "–".to_owned(), count),
            of.p.map_or_else(|| "–".to_owned(), p_value),
        ]
    };
    paired.rates.iter().map(row).collect()
}

#[cfg(test)]
#[path = "against_tests.rs"]
mod tests;
