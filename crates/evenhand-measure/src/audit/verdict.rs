//! This module is the verdict: from the answers of all comparisons to an outcome each, and one for the audit.

use crate::inference::Counts;
use crate::inference::holm;
use crate::inference::multiplicity::{benjamini_hochberg, benjamini_yekutieli};
use crate::inference::practical::one_person_decides;
use crate::policy::{Adjustment, Judge, Policy};

use super::compare::{Memo, ask_compliance_exactly, ask_exactly, within_exactly};
use super::family::{Family, Trial};
use super::model::{Outcome, Reason, Verdict};

/// Judges the comparisons of a family together.
pub(super) fn judge(policy: &Policy, adjustment: Adjustment, memo: &Memo, family: &mut Family<'_>) {
    let alpha = policy.inference.alpha();
    guard_small_counts(memo, family, alpha);
    let asked: Vec<usize> = (0..family.trials.len())
        .filter(|&index| family.trials[index].answers.is_some())
        .collect();
    let raw: Vec<f64> = asked.iter().map(|&index| family.trials[index].adjusted).collect();
    for (&index, adjusted) in asked.iter().zip(adjusted(adjustment, &raw)) {
        family.trials[index].adjusted = adjusted;
    }
    for index in asked {
        let (outcome, reason) = match policy.inference.judge {
            Judge::Point => (on_the_point(family, index), Some(Reason::PointOnly)),
            Judge::Interval => on_the_evidence(family, &family.trials[index], alpha),
        };
        (family.trials[index].outcome, family.trials[index].reason) = (outcome, reason);
        if policy.inference.one_person_rule && outcome == Outcome::Fail && turned_by_one_person(family, index) {
            family.trials[index].outcome = Outcome::Inconclusive;
            family.trials[index].reason = Some(Reason::OnePerson);
        }
    }
}

fn adjusted(adjustment: Adjustment, raw: &[f64]) -> Vec<f64> {
    match adjustment {
        Adjustment::Holm => holm(raw),
        Adjustment::BenjaminiHochberg => benjamini_hochberg(raw),
        Adjustment::BenjaminiYekutieli => benjamini_yekutieli(raw),
    }
}

/// Whether one favourable decision, had it gone to the worse of the two groups instead of the better, would have
/// turned the difference round.
fn turned_by_one_person(family: &Family<'_>, index: usize) -> bool {
    let trial = &family.trials[index];
    let counts = |known: usize| {
        let (inside, all) = family.known[known].evidence.counts()?;
        Counts::new(inside, all)
    };
    let Some((group, reference)) = counts(trial.group).zip(trial.reference.and_then(counts)) else {
        return false;
    };
    one_person_decides(group, reference) || one_person_decides(reference, group)
}

/// Asks an exact test where counts are small: only a comparison that would fail, or pass, by the score test needs its
/// consent.
fn guard_small_counts(memo: &Memo, family: &mut Family<'_>, alpha: f64) {
    for trial in &mut family.trials {
        let Some(answers) = trial.answers else { continue };
        trial.adjusted = answers.breach;
        let setting = &family.settings[trial.setting];
        let (comparison, allowed) = (setting.comparison(), setting.allowed);
        let group = &family.known[trial.group].evidence;
        let reference = trial.reference.map(|reference| &family.known[reference].evidence);
        if answers.small && answers.breach < alpha {
            trial.exact = reference.and_then(|r| ask_exactly(memo, comparison, allowed, group, r));
            trial.adjusted = trial.exact.unwrap_or(1.0).max(answers.breach);
        }
        if answers.small_to_comply && answers.comply < alpha {
            trial.exact_comply = reference.and_then(|r| ask_compliance_exactly(memo, comparison, allowed, group, r));
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
        let agreed = !answers.small_to_comply || trial.exact_comply.is_some_and(|exact| exact < alpha);
        return if agreed {
            (Outcome::Pass, None)
        } else {
            (Outcome::Inconclusive, Some(Reason::SmallCounts))
        };
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
    let (group, reference) = (&family.known[trial.group], &family.known[reference]);
    let points = group.value.point().zip(reference.value.point());
    let within = match (group.evidence.counts(), reference.evidence.counts()) {
        (Some(a), Some(b)) => within_exactly(setting.comparison(), setting.allowed, a, b),
        _ => points.map(|(group, reference)| {
            // A positive rate over a rate of zero is infinite: beyond any upper bound.
            let point = setting.comparison().of(group, reference).unwrap_or(f64::INFINITY);
            setting
                .allowed
                .breached_by(point)
                .is_none_or(|(bound, _)| is_tie(point, bound))
        }),
    };
    match within {
        Some(true) => Outcome::Pass,
        Some(false) => Outcome::Fail,
        None => Outcome::Inconclusive,
    }
}

/// Whether a point lies on its bound but for the rounding of sums.
fn is_tie(point: f64, bound: f64) -> bool {
    // A thousand units in the last place: sums over thousands of strata or of weights leave no more.
    (point - bound).abs() <= 1_000.0 * f64::EPSILON * point.abs().max(bound.abs())
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
