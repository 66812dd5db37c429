//! This module is the verdict: from the answers of all comparisons to an outcome each, and one for the audit.

use crate::inference::Counts;
use crate::inference::holm;
use crate::inference::multiplicity::{benjamini_hochberg, benjamini_yekutieli};
use crate::inference::practical::one_person_decides;
use crate::policy::{Adjustment, Judge, Policy};

use super::compare::{Allowed, Memo, ask_compliance_exactly, ask_exactly, within_exactly};
use super::evidence::Evidence;
use super::family::{Family, Setting, Trial};
use super::model::{Outcome, Reason, Verdict};

/// Judges the comparisons of a family together.
pub(super) fn judge(policy: &Policy, adjustment: Adjustment, memo: &Memo, family: &mut Family<'_>) {
    let alpha = policy.inference.alpha();
    guard_small_counts(memo, family, alpha);
    let asked: Vec<usize> = (0..family.trials.len())
        .filter(|&index| family.trials[index].answers.is_some())
        .collect();
    // A bare point asks for no evidence.
    for index in 0..family.trials.len() {
        let trial = &family.trials[index];
        let lacks_units = matches!(&trial.found, Some(Ok(_))) && trial.reason == Some(Reason::TooFewUnits);
        if lacks_units && judged_by(policy, family, index) == Judge::Point {
            (family.trials[index].outcome, family.trials[index].reason) = on_the_point(family, index);
        }
    }
    let raw: Vec<f64> = asked.iter().map(|&index| family.trials[index].adjusted).collect();
    for (&index, adjusted) in asked.iter().zip(adjusted(adjustment, &raw)) {
        family.trials[index].adjusted = adjusted;
    }
    let clearest: Vec<f64> = asked
        .iter()
        .zip(&raw)
        .map(|(&index, raw)| {
            family.trials[index]
                .answers
                .and_then(|a| a.clearest)
                .map_or(*raw, |c| c.breach)
        })
        .collect();
    let clearest = self::adjusted(adjustment, &clearest);
    for (index, clearest) in asked.into_iter().zip(clearest) {
        let (outcome, reason) = match judged_by(policy, family, index) {
            Judge::Point => on_the_point(family, index),
            Judge::Interval => on_the_evidence(family, &family.trials[index], clearest, alpha),
        };
        (family.trials[index].outcome, family.trials[index].reason) = (outcome, reason);
        if policy.inference.one_person_rule && outcome == Outcome::Fail && turned_by_one_person(family, index) {
            family.trials[index].outcome = Outcome::Inconclusive;
            family.trials[index].reason = Some(Reason::OnePerson);
        }
    }
}

/// What the verdict on a comparison rests on.
fn judged_by(policy: &Policy, family: &Family<'_>, index: usize) -> Judge {
    let check = family.settings[family.trials[index].setting].check;
    check.judge.unwrap_or(policy.inference.judge)
}

fn adjusted(adjustment: Adjustment, raw: &[f64]) -> Vec<f64> {
    match adjustment {
        Adjustment::Holm => holm(raw),
        Adjustment::BenjaminiHochberg => benjamini_hochberg(raw),
        Adjustment::BenjaminiYekutieli => benjamini_yekutieli(raw),
    }
}

/// Whether one favourable decision, had it gone to the worse of the two groups instead of the better, would have
/// turned the difference round; of open counts, for any of them.
fn turned_by_one_person(family: &Family<'_>, index: usize) -> bool {
    let trial = &family.trials[index];
    let evidence = |known: usize| Some(&family.known[known].evidence).filter(|evidence| evidence.counts().is_some());
    let Some((group, reference)) = evidence(trial.group).zip(trial.reference.and_then(evidence)) else {
        return false;
    };
    let turned = |x: u64, y: u64| {
        let both = Counts::new(x, group.rows.1).zip(Counts::new(y, reference.rows.1));
        both.is_some_and(|(group, reference)| {
            one_person_decides(group, reference) || one_person_decides(reference, group)
        })
    };
    group.tried().any(|x| reference.tried().any(|y| turned(x, y)))
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
        // Asked as soon as any of the counts that are left open would have to be.
        let breach = answers.clearest.map_or(answers.breach, |clearest| clearest.breach);
        if answers.small && breach < alpha {
            trial.exact = reference.and_then(|r| ask_exactly(memo, comparison, allowed, group, r));
            trial.adjusted = trial.exact.unwrap_or(1.0).max(answers.breach);
        }
        if answers.small_to_comply && answers.comply < alpha {
            trial.exact_comply = reference.and_then(|r| ask_compliance_exactly(memo, comparison, allowed, group, r));
        }
    }
}

/// The outcome of a comparison. Where counts are open, `clearest` is the adjusted p-value of breach if of each
/// comparison the clearest counts were true.
fn on_the_evidence(family: &Family<'_>, trial: &Trial, clearest: f64, alpha: f64) -> (Outcome, Option<Reason>) {
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
    let reason = if answers
        .clearest
        .is_some_and(|open| clearest < alpha || open.comply < alpha)
    {
        Reason::RoundedFigures
    } else if answers.small && answers.breach < alpha && trial.exact.is_none_or(|exact| exact >= alpha) {
        Reason::SmallCounts
    } else if answers.breach / bounds < alpha {
        Reason::ManyComparisons
    } else {
        Reason::TooFewRows
    };
    (Outcome::Inconclusive, Some(reason))
}

fn on_the_point(family: &Family<'_>, index: usize) -> (Outcome, Option<Reason>) {
    let trial = &family.trials[index];
    let setting = &family.settings[trial.setting];
    let judged = Some(Reason::PointOnly);
    let Some(reference) = trial.reference else {
        return (trial.outcome, judged);
    };
    if let Some(Ok(estimate)) = &trial.found {
        let breached = setting.allowed.breached_by(estimate.point);
        let within = breached.is_none_or(|(bound, _)| is_tie(estimate.point, bound));
        return (if within { Outcome::Pass } else { Outcome::Fail }, judged);
    }
    let (group, reference) = (&family.known[trial.group], &family.known[reference]);
    if group.evidence.range.is_some() || reference.evidence.range.is_some() {
        let is_complete = trial
            .answers
            .and_then(|answers| answers.clearest)
            .is_some_and(|c| c.is_complete);
        return match on_open_points(setting, &group.evidence, &reference.evidence) {
            outcome if outcome == Outcome::Inconclusive || !is_complete => {
                (Outcome::Inconclusive, Some(Reason::RoundedFigures))
            }
            outcome => (outcome, judged),
        };
    }
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
    let outcome = match within {
        Some(true) => Outcome::Pass,
        Some(false) => Outcome::Fail,
        None => Outcome::Inconclusive,
    };
    (outcome, judged)
}

/// The outcome by the bare points of all counts that published figures leave open, in whole numbers: all have to be
/// within the bounds, or all beyond the same one. Between two counts that lie beyond the same bound no other is within.
fn on_open_points(setting: &Setting<'_>, group: &Evidence, reference: &Evidence) -> Outcome {
    let of_all = |allowed: Allowed, wanted: bool| {
        let of = |x: u64, y: u64| {
            let counts = ((x, group.rows.1), (y, reference.rows.1));
            within_exactly(setting.comparison(), allowed, counts.0, counts.1) == Some(wanted)
        };
        group.tried().all(|x| reference.tried().all(|y| of(x, y)))
    };
    let allowed = setting.allowed;
    let [below, above] =
        [(allowed.at_least, None), (None, allowed.at_most)].map(|(at_least, at_most)| Allowed { at_least, at_most });
    match () {
        () if of_all(allowed, true) => Outcome::Pass,
        () if of_all(below, false) || of_all(above, false) => Outcome::Fail,
        () => Outcome::Inconclusive,
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
