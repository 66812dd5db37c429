//! This module is the gate: an audit, what became of it since a baseline, and what was waived, as one answer.
//!
//! Nothing here measures. A failure that a waiver covers does not fail the gate; a waiver that covers nothing, or no
//! longer holds, is itself said. What was not tested never passes.

pub mod baseline;
mod model;
#[cfg(test)]
mod tests;

use crate::audit::change::{Change, ChangeOutcome, Changes};
use crate::audit::model::{Audit, Finding, Group, Outcome, Verdict};
use crate::day::Day;
use crate::policy::{Counts, Level, Policy, Waiver};

pub use self::model::{Gate, Item, Result, State, Subject, WaiverRead};

/// Puts an audit, and what became of it since a baseline, before the gate.
///
/// `today` decides which waivers have expired; it is recorded only where there are waivers.
#[must_use]
pub fn gate(audit: Audit, changes: Option<Changes>, policy: &Policy, today: Option<Day>) -> Gate {
    let mut used: Vec<Option<&Waiver>> = Vec::new();
    let mut items = Vec::new();
    for (index, finding) in audit.findings.iter().enumerate() {
        let waiver = of_finding(policy, finding);
        let result = waive(found(policy, finding), waiver, today, |waiver| {
            holds_for(waiver, finding)
        });
        used.push(result.1);
        items.push(Item {
            subject: Subject::Finding(index),
            level: finding.level,
            result: result.0,
        });
    }
    for (index, change) in changes.iter().flat_map(|changes| changes.changes.iter().enumerate()) {
        let waiver = of_change(policy, change);
        let result = waive(changed(policy, change), waiver, today, |waiver| {
            holds_for_change(waiver, change)
        });
        used.push(result.1);
        items.push(Item {
            subject: Subject::Change(index),
            level: change_level(policy, change),
            result: result.0,
        });
    }
    let waivers = policy
        .waivers
        .iter()
        .map(|waiver| {
            let covers = used
                .iter()
                .flatten()
                .filter(|other| std::ptr::eq(**other, waiver))
                .count();
            WaiverRead {
                check: waiver.criterion.id.to_owned(),
                group: waiver.group.clone(),
                reason: waiver.reason.clone(),
                owner: waiver.owner.clone(),
                expires: waiver.expires.to_string(),
                ceiling: waiver.ceiling,
                line: waiver.line,
                covers,
                state: state(waiver, covers, &audit, today),
            }
        })
        .collect();
    let verdict = overall(&items, &audit);
    Gate {
        verdict,
        items,
        waivers,
        as_of: (!policy.waivers.is_empty())
            .then(|| today.map(|day| day.to_string()))
            .flatten(),
        changes,
        audit,
    }
}

/// What a finding comes to before waivers.
fn found(policy: &Policy, finding: &Finding) -> Result {
    match finding.outcome {
        Outcome::Fail => Result::Fail,
        Outcome::Pass => Result::Pass,
        Outcome::NotJudged | Outcome::NotApplicable => Result::NotJudged,
        Outcome::Inconclusive => {
            let same = |check: &&crate::policy::Check| {
                check.criterion.id == finding.criterion && (check.by.is_empty() || check.by.contains(&finding.by))
            };
            match policy.checks.iter().find(same).map(|check| check.on_inconclusive) {
                Some(Counts::Pass) => Result::Allowed,
                Some(Counts::Fail) => Result::Fail,
                Some(Counts::Inconclusive) | None => Result::Open,
            }
        }
    }
}

/// What a change comes to before waivers.
fn changed(policy: &Policy, change: &Change) -> Result {
    match change.outcome {
        ChangeOutcome::Worse => Result::Fail,
        ChangeOutcome::NotWorse => Result::Pass,
        // What appears is judged by its bound.
        ChangeOutcome::Appeared => Result::NotJudged,
        ChangeOutcome::Undefined => Result::Open,
        ChangeOutcome::Vanished => match policy.baseline.vanished {
            Counts::Pass => Result::Allowed,
            Counts::Fail => Result::Fail,
            Counts::Inconclusive => Result::Open,
        },
    }
}

/// What a change means: never more than the comparison that changed, nor than the policy says of baselines.
fn change_level(policy: &Policy, change: &Change) -> Level {
    change.level.max(policy.baseline.level)
}

/// The result after the waiver, and the waiver if it was needed.
fn waive(
    result: Result,
    waiver: Option<&Waiver>,
    today: Option<Day>,
    holds: impl Fn(&Waiver) -> bool,
) -> (Result, Option<&Waiver>) {
    match waiver {
        Some(waiver) if result == Result::Fail && !has_expired(waiver, today) && holds(waiver) => {
            (Result::Waived, Some(waiver))
        }
        _ => (result, None),
    }
}

/// Without a day nothing is known to hold still.
fn has_expired(waiver: &Waiver, today: Option<Day>) -> bool {
    today.is_none_or(|today| today > waiver.expires)
}

fn of_finding<'p>(policy: &'p Policy, finding: &Finding) -> Option<&'p Waiver> {
    let covers = |waiver: &&Waiver| waiver.criterion.id == finding.criterion && names(waiver, worse_side(finding));
    policy.waivers.iter().find(covers)
}

fn of_change<'p>(policy: &'p Policy, change: &Change) -> Option<&'p Waiver> {
    let sides = [Some(&change.group), change.reference.as_ref()];
    let covers = |waiver: &&Waiver| {
        waiver.criterion.id == change.criterion && sides.iter().flatten().any(|group| names(waiver, group))
    };
    policy.waivers.iter().find(covers)
}

/// The group that a finding is worse for: of a two-sided comparison the reference, where it breaks the upper bound.
fn worse_side(finding: &Finding) -> &Group {
    let beyond = |point: f64| finding.bound.at_most.is_some_and(|bound| point > bound);
    match &finding.reference {
        Some(reference) if finding.point.is_none_or(beyond) && finding.bound.at_most.is_some() => reference,
        _ => &finding.group,
    }
}

fn names(waiver: &Waiver, group: &Group) -> bool {
    let has = |(column, value): (&String, &String)| group.get(column).is_some_and(|of| of.as_ref() == Some(value));
    waiver.group.iter().all(has)
}

/// Whether the disparity lies within the ceiling.
fn holds_for(waiver: &Waiver, finding: &Finding) -> bool {
    let Some(ceiling) = waiver.ceiling else { return true };
    let Some(point) = finding.point else { return false };
    is_within(&finding.comparison, ceiling, point)
}

/// A growing disparity is covered only up to a ceiling: without one nobody has accepted that it grows.
fn holds_for_change(waiver: &Waiver, change: &Change) -> bool {
    let now = change.now.map(|now| now.point);
    waiver
        .ceiling
        .zip(now)
        .is_some_and(|(ceiling, now)| is_within(&change.comparison, ceiling, now))
}

fn is_within(comparison: &str, ceiling: f64, point: f64) -> bool {
    match comparison {
        "ratio" => point.min(1.0 / point) >= ceiling,
        _ => point.abs() <= ceiling,
    }
}

fn state(waiver: &Waiver, covers: usize, audit: &Audit, today: Option<Day>) -> State {
    let would_fail = |finding: &&Finding| {
        finding.outcome == Outcome::Fail
            && finding.criterion == waiver.criterion.id
            && names(waiver, worse_side(finding))
    };
    match () {
        () if covers > 0 => State::Used,
        () if has_expired(waiver, today) => State::Expired,
        () if audit.findings.iter().any(|finding| would_fail(&finding)) => State::Exceeded,
        () => State::Unused,
    }
}

fn overall(items: &[Item], audit: &Audit) -> Verdict {
    let counts = |item: &&Item| item.level == Level::Error;
    let any = |result: Result| items.iter().filter(counts).any(|item| item.result == result);
    match () {
        () if any(Result::Fail) => Verdict::Fail,
        () if any(Result::Open) => Verdict::Inconclusive,
        () if has_more_open(audit) => Verdict::Inconclusive,
        () if audit.verdict == Verdict::NotJudged => Verdict::NotJudged,
        () if any(Result::Pass) || any(Result::Waived) || any(Result::Allowed) => Verdict::Pass,
        () => Verdict::NotJudged,
    }
}

/// Whether more comparisons that count are open than are listed: a large family is listed in part.
fn has_more_open(audit: &Audit) -> bool {
    let is_open = |finding: &&Finding| finding.level == Level::Error && finding.outcome == Outcome::Inconclusive;
    let listed = audit.findings.iter().filter(is_open).count();
    let family = audit.families.iter().find(|family| family.id == "error-level");
    family.is_some_and(|family| family.inconclusive > listed)
}
