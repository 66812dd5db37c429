//! This module is the verdict: from the answers of all comparisons to an outcome each, and one for the audit.

use crate::inference::holm;
use crate::policy::{Judge, Policy};

use super::compare::{ask_exactly, within_exactly};
use super::family::{Family, Trial};
use super::model::{Outcome, Reason, Verdict};

/// Judges the comparisons of a family together.
pub(super) fn judge(policy: &Policy, family: &mut Family<'_>) {
    let alpha = policy.inference.alpha();
    guard_small_counts(family, alpha);
    let asked: Vec<usize> = (0..family.trials.len())
        .filter(|&index| family.trials[index].answers.is_some())
        .collect();
    let raw: Vec<f64> = asked.iter().map(|&index| family.trials[index].adjusted).collect();
    for (&index, adjusted) in asked.iter().zip(holm(&raw)) {
        family.trials[index].adjusted = adjusted;
    }
    for index in asked {
        let (outcome, reason) = match policy.inference.judge {
            Judge::Point => (on_the_point(family, index), Some(Reason::PointOnly)),
            Judge::Interval => on_the_evidence(family, &family.trials[index], alpha),
        };
        (family.trials[index].outcome, family.trials[index].reason) = (outcome, reason);
    }
}

/// Raises the p-value of a breach by an exact test where counts are small. Only a comparison that would fail by the
/// score test needs the exact test's consent.
fn guard_small_counts(family: &mut Family<'_>, alpha: f64) {
    for trial in &mut family.trials {
        let Some(answers) = trial.answers else { continue };
        trial.adjusted = answers.breach;
        if answers.small && answers.breach < alpha {
            let setting = &family.settings[trial.setting];
            let group = &family.known[trial.group].evidence;
            let reference = trial.reference.map(|reference| &family.known[reference].evidence);
            trial.exact = reference.and_then(|r| ask_exactly(setting.comparison(), setting.allowed, group, r));
            trial.adjusted = trial.exact.unwrap_or(1.0).max(answers.breach);
        }
    }
}

fn on_the_evidence(family: &Family<'_>, trial: &Trial, alpha: f64) -> (Outcome, Option<Reason>) {
    let Some(answers) = trial.answers else {
        return (trial.outcome, trial.reason);
    };
    if trial.adjusted < alpha {
        return (Outcome::Fail, None);
    }
    if answers.comply < alpha {
        return (Outcome::Pass, None);
    }
    let bounds = family.settings[trial.setting].allowed.count() as f64;
    let reason = if answers.small && answers.breach < alpha && trial.exact.is_none_or(|exact| exact >= alpha) {
        Reason::SmallCounts
    } else if answers.breach / bounds < alpha {
        Reason::ManyComparisons
    } else {
        Reason::TooFewRows
    };
    (Outcome::Inconclusive, Some(reason))
}

fn on_the_point(family: &Family<'_>, index: usize) -> Outcome {
    let trial = &family.trials[index];
    let setting = &family.settings[trial.setting];
    let Some(reference) = trial.reference else {
        return trial.outcome;
    };
    let (group, reference) = (&family.known[trial.group].evidence, &family.known[reference].evidence);
    let within = match (group.counts(), reference.counts()) {
        (Some(a), Some(b)) => within_exactly(setting.comparison(), setting.allowed, a, b),
        _ => group.sample.zip(reference.sample).map(|(a, b)| {
            // A positive rate over a rate of zero is infinite: beyond any upper bound.
            let point = setting.comparison().point(a, b).unwrap_or(f64::INFINITY);
            setting.allowed.breached_by(point).is_none()
        }),
    };
    match within {
        Some(true) => Outcome::Pass,
        Some(false) => Outcome::Fail,
        None => Outcome::Inconclusive,
    }
}

/// The verdict on the error-level family: fail if a comparison fails; else inconclusive if one is; else pass; and
/// never pass when nothing was judged.
pub(super) fn overall(family: &Family<'_>) -> Verdict {
    let any = |outcome| family.trials.iter().any(|trial| trial.outcome == outcome);
    match () {
        () if any(Outcome::Fail) => Verdict::Fail,
        () if any(Outcome::Inconclusive) => Verdict::Inconclusive,
        () if any(Outcome::Pass) => Verdict::Pass,
        () => Verdict::NotJudged,
    }
}

/// Leaves open what depends on a direction that nobody declared.
pub(super) fn leave_direction_open(family: &mut Family<'_>) {
    for trial in &mut family.trials {
        let criterion = family.settings[trial.setting].check.criterion;
        if criterion.favourable && matches!(trial.outcome, Outcome::Pass | Outcome::Fail) {
            trial.outcome = Outcome::Inconclusive;
            trial.reason = Some(Reason::DirectionNotDeclared);
        }
    }
}
