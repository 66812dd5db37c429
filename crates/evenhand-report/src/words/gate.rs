//! This module says what a gate answers: what has changed since a baseline, what was waived, whether it opens.

use evenhand_measure::audit::change::{Change, ChangeOutcome, Disparity};
use evenhand_measure::audit::model::Verdict;
use evenhand_measure::catalogue::Entry;
use evenhand_measure::gate::{Gate, Result, State, WaiverRead};
use evenhand_measure::policy::Level;

use super::{attributes, capital, entry, entry_name, group_name, long, name, verdict_word, within};
use crate::numbers::{count, one_decimal, p_value, plain_points, plain_ratio};

/// The first sentence: whether the gate opens, and what keeps it shut.
#[must_use]
pub fn gate_headline(gate: &Gate) -> String {
    let counted = |result: Result| {
        let of = gate
            .items
            .iter()
            .filter(|item| item.level == Level::Error && item.result == result);
        of.count() as u64
    };
    let (failed, open, waived) = (counted(Result::Fail), counted(Result::Open), counted(Result::Waived));
    let asked = failed + open + waived + counted(Result::Pass) + counted(Result::Allowed);
    let waivers = match waived {
        0 => String::new(),
        1 => "; one failure is waived".to_owned(),
        several => format!("; {} failures are waived", count(several)),
    };
    let said = match gate.verdict {
        Verdict::Fail => format!("{} of {} checks failed{waivers}", count(failed), count(asked)),
        Verdict::Inconclusive if open == 0 => format!("not all checks could be settled{waivers}"),
        Verdict::Inconclusive => format!(
            "none of {} checks failed, but {} are open{waivers}",
            count(asked),
            count(open)
        ),
        Verdict::Pass => format!("no check of {} failed{waivers}", count(asked)),
        Verdict::NotJudged => "nothing was judged, which is no success".to_owned(),
    };
    format!("{}: {said}.", verdict_word(gate.verdict))
}

/// Two groups whose disparity changed: `Asian against White`.
#[must_use]
pub fn change_pair(change: &Change) -> String {
    let group = group_name(&change.by, &change.group);
    match &change.reference {
        None => group,
        Some(reference) => format!("{group} against {}", group_name(&change.by, reference)),
    }
}

/// What is compared: the criterion, and which of its rates if it has several.
#[must_use]
pub(crate) fn change_what(change: &Change) -> String {
    let criterion = entry_name(&change.criterion);
    match entry(&change.criterion) {
        Some(Entry::Criterion(of)) if of.rates.len() > 1 => format!("{criterion} ({})", entry_name(&change.rate)),
        _ => criterion,
    }
}

/// What became of one comparison, in a sentence.
#[must_use]
pub fn change_sentence(change: &Change) -> String {
    let what = format!("the {} of {}", change_what(change), change_pair(change));
    let inside = within(&change.within).map_or_else(String::new, |stratum| format!(" within {stratum}"));
    let by = format!(" by {}", attributes(&change.by));
    let text = match (change.outcome, &change.before, &change.now) {
        (ChangeOutcome::Appeared, _, now) => format!(
            "{what}{inside} is new: the baseline does not have it{}",
            now.map_or_else(String::new, |now| format!(" (now {})", value(change, now.point)))
        ),
        (ChangeOutcome::Vanished, before, _) => format!(
            "{what}{inside} is gone: the baseline has it{} and these data do not, so nothing says what became of it",
            before.map_or_else(String::new, |before| format!(" ({})", value(change, before.point)))
        ),
        (outcome, Some(before), Some(now)) => {
            let moved = format!(
                "{what}{inside} was {} and is {}",
                range(change, before),
                range(change, now)
            );
            match outcome {
                ChangeOutcome::Worse => format!(
                    "{moved}: it has worsened by more than {}, and chance would show this in fewer than one of {} unchanged \
                     processes",
                    amount(change, change.tolerance),
                    odds(change)
                ),
                _ if change.worsening.is_some_and(|worsening| worsening > change.tolerance) => format!(
                    "{moved}: it may have worsened, but chance alone could show this; these data would show a worsening of {}",
                    change
                        .detectable
                        .map_or_else(|| "no size".to_owned(), |size| amount(change, size))
                ),
                _ if change.worsening.is_some_and(|worsening| worsening < 0.0) => {
                    format!("{moved}: it has not worsened")
                }
                _ => format!(
                    "{moved}: it has not worsened by more than {}",
                    amount(change, change.tolerance)
                ),
            }
        }
        _ => format!("{what}{by}{inside} has no value on one side, so nothing says what became of it"),
    };
    format!("{}.", capital(&text))
}

/// Of how many unchanged processes one would look so.
fn odds(change: &Change) -> String {
    let p = change.p_adjusted.unwrap_or(1.0);
    match p {
        p if p < 1e-6 => "a million".to_owned(),
        p => count((1.0 / p).floor() as u64),
    }
}

fn range(change: &Change, disparity: &Disparity) -> String {
    format!(
        "{} ({} to {})",
        value(change, disparity.point),
        value(change, disparity.lower),
        value(change, disparity.upper)
    )
}

/// A disparity as people write it.
fn value(change: &Change, value: f64) -> String {
    match change.comparison.as_str() {
        "ratio" => format!("{value:.3}"),
        _ => format!("{} points", one_decimal(value * 100.0)),
    }
}

/// What a disparity may grow by, as the policy has it; of an estimate its size.
fn amount(change: &Change, amount: f64) -> String {
    match change.comparison.as_str() {
        "ratio" => plain_ratio((amount * 1e4).round() / 1e4),
        _ => match plain_points((amount * 1e5).round() / 1e5) {
            one if one == "1" => "1 point".to_owned(),
            several => format!("{several} points"),
        },
    }
}

/// The same for a statistician.
#[must_use]
pub fn change_precise(change: &Change) -> String {
    let mut parts = vec![match change.correlation {
        Some(correlation) => {
            format!("intervals of both sides combined by MOVER, paired on the same rows (correlation {correlation:.2})")
        }
        None => "intervals of both sides combined by MOVER, unpaired".to_owned(),
    }];
    let mut p = |label: &str, value: Option<f64>| {
        parts.extend(value.map(|value| format!("{label} {}", p_value(value))));
    };
    p("worsened by more than the tolerance: p", change.p);
    p("adjusted (Holm): p", change.p_adjusted);
    if let Some(lower) = change.lower {
        parts.push(format!("lower limit of the worsening {lower:.4}"));
    }
    if let Some(detectable) = change.detectable {
        parts.push(format!(
            "a worsening of {detectable:.4} would have been shown in 8 runs of 10"
        ));
    }
    parts.join("; ")
}

/// What became of a waiver.
#[must_use]
pub fn waiver_sentence(waiver: &WaiverRead) -> String {
    let group: Vec<String> = waiver
        .group
        .iter()
        .map(|(column, value)| format!("{} \"{}\"", name(column), name(value)))
        .collect();
    let about = format!(
        "the waiver of {} for {} ({}; {}; until {})",
        entry_name(&waiver.check),
        group.join(", "),
        long(&waiver.reason).trim_end_matches('.'),
        name(&waiver.owner),
        waiver.expires
    );
    let said = match waiver.state {
        State::Used => match waiver.covers {
            1 => "covers one failure".to_owned(),
            several => format!("covers {} failures", count(several as u64)),
        },
        State::Unused => "covers nothing: take it out".to_owned(),
        State::Expired => "has expired: mend what it covered, or renew it on purpose".to_owned(),
        State::Exceeded => "no longer holds: the disparity lies past its ceiling".to_owned(),
    };
    format!("{}.", capital(&format!("{about} {said}")))
}
