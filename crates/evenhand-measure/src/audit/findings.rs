//! This module writes comparisons out as findings: those that are listed, with interval, reason and what would
//! settle them.

use std::collections::BTreeMap;

use crate::inference::{Comparison, Plan, Settle, detectable, multiplier_to_settle, z_for};
use crate::policy::{Level, Policy};
use crate::problem::thousands;

use super::compare::CORRECTION;
use super::family::{Family, Setting, Trial};
use super::model::{self, Bound, FamilyOf, Finding, Outcome, Reason};

/// Families up to this size are listed in full; five thousand findings are some four megabytes of JSON.
const LISTED_IN_FULL: usize = 5_000;

/// The findings of a judged family, and its summary.
pub(super) fn write(policy: &Policy, level: Level, family: &Family<'_>) -> (Vec<Finding>, model::Family) {
    let listed = listed(family);
    let count = |outcome| family.trials.iter().filter(|trial| trial.outcome == outcome).count();
    let summary = model::Family {
        id: name(level).to_owned(),
        size: family.size,
        listed: listed.len(),
        fail: count(Outcome::Fail),
        inconclusive: count(Outcome::Inconclusive),
        pass: count(Outcome::Pass),
        not_judged: count(Outcome::NotJudged),
        not_applicable: count(Outcome::NotApplicable),
    };
    let findings = listed
        .into_iter()
        .map(|index| finding(policy, level, family, &family.trials[index]))
        .collect();
    (findings, summary)
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Error => "error-level",
        Level::Warn => "warn-level",
        Level::Off => "off",
    }
}

/// Which comparisons are written out: all of a family of ordinary size; else the failures (up to as many) and, for
/// each group within each setting, the comparison that goes worst for it.
fn listed(family: &Family<'_>) -> Vec<usize> {
    if family.trials.len() <= LISTED_IN_FULL {
        return (0..family.trials.len()).collect();
    }
    let rank = |index: usize| {
        let trial = &family.trials[index];
        (trial.outcome, trial.answers.map_or(1.0, |answers| answers.breach))
    };
    let mut worst: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (index, trial) in family.trials.iter().enumerate() {
        for group in [Some(trial.group), trial.reference].into_iter().flatten() {
            let kept = worst.entry((trial.setting, group)).or_insert(index);
            let (ours, theirs) = (rank(index), rank(*kept));
            if (ours.0, ours.1) < (theirs.0, theirs.1) {
                *kept = index;
            }
        }
    }
    let mut listed: Vec<usize> = worst.into_values().collect();
    let failures = (0..family.trials.len()).filter(|&index| family.trials[index].outcome == Outcome::Fail);
    listed.extend(failures.take(LISTED_IN_FULL));
    listed.sort_unstable();
    listed.dedup();
    listed
}

fn finding(policy: &Policy, level: Level, family: &Family<'_>, trial: &Trial) -> Finding {
    let setting = &family.settings[trial.setting];
    let group = &family.known[trial.group];
    let reference = trial.reference.map(|reference| &family.known[reference]);
    let samples = reference.and_then(|reference| group.evidence.sample.zip(reference.evidence.sample));
    let comparison = setting.comparison();
    let undefined = trial.reason == Some(Reason::UndefinedRate);
    let point = reference.and_then(|r| point(comparison, group.value.point()?, r.value.point()?));
    let interval = samples
        .filter(|_| !undefined)
        .map(|(a, b)| comparison.interval(a, b, z_for(policy.inference.confidence), CORRECTION));
    let mut finding = Finding {
        criterion: setting.check.criterion.id.to_owned(),
        rate: setting.rate.id.to_owned(),
        complement: setting.complement,
        comparison: match comparison {
            Comparison::Ratio => "ratio".to_owned(),
            Comparison::Difference => "difference".to_owned(),
        },
        by: setting.by.clone(),
        group: group.group.clone(),
        reference: reference.map(|reference| reference.group.clone()),
        within: setting.within.clone(),
        group_value: (trial.reason != Some(Reason::RoleMissing)).then(|| group.value.clone()),
        reference_value: reference.map(|reference| reference.value.clone()),
        point,
        lower: interval.map(|interval| interval.lower),
        upper: interval
            .map(|interval| interval.upper)
            .filter(|upper| upper.is_finite()),
        confidence: policy.inference.confidence,
        bound: Bound {
            at_least: setting.allowed.at_least,
            at_most: setting.allowed.at_most,
        },
        method: method(family, trial).to_owned(),
        p_breach: trial.answers.map(|answers| answers.breach),
        p_breach_adjusted: trial.answers.map(|_| trial.adjusted),
        p_breach_exact: trial.exact,
        p_comply: trial.answers.map(|answers| answers.comply),
        family: FamilyOf {
            id: name(level).to_owned(),
            size: family.size,
        },
        detectable: None,
        rows_to_settle: None,
        outcome: trial.outcome,
        why: None,
        reason: trial.reason,
        level,
    };
    if trial.outcome == Outcome::Inconclusive && trial.reason != Some(Reason::DirectionNotDeclared) {
        plan_ahead(policy, family, trial, &mut finding);
    }
    finding.why = finding.reason.map(|reason| why(policy, family, trial, setting, reason));
    finding
}

fn point(comparison: Comparison, group: f64, reference: f64) -> Option<f64> {
    match comparison {
        Comparison::Ratio => (reference > 0.0).then(|| group / reference),
        Comparison::Difference => Some(group - reference),
    }
}

fn method(family: &Family<'_>, trial: &Trial) -> &'static str {
    let independent = |index: usize| family.known[index].evidence.independent;
    let counts = |index: usize| family.known[index].evidence.counts().is_some();
    let both = |holds: &dyn Fn(usize) -> bool| holds(trial.group) && trial.reference.is_none_or(holds);
    match () {
        () if both(&independent) => "miettinen-nurminen-score",
        () if both(&counts) => "miettinen-nurminen-score, effective rows by a jackknife over buckets of clusters",
        () => "miettinen-nurminen-score, effective rows of weighted data",
    }
}

/// What these data could have shown, and how many rows would settle the question.
fn plan_ahead(policy: &Policy, family: &Family<'_>, trial: &Trial, finding: &mut Finding) {
    let setting = &family.settings[trial.setting];
    let Some(reference) = trial.reference.filter(|_| trial.answers.is_some()) else {
        return;
    };
    let all_rows = family.known[trial.group]
        .rows
        .saturating_add(family.known[reference].rows);
    let (group, reference) = (&family.known[trial.group].evidence, &family.known[reference].evidence);
    let (Some(a), Some(b)) = (group.sample, reference.sample) else {
        return;
    };
    let alpha = policy.inference.alpha();
    // A breach has to hold against all comparisons of the family and both directions; compliance stands alone.
    let breach_level = alpha / (setting.allowed.count() * family.size.max(1)) as f64;
    let breach_plan = Plan {
        alpha: breach_level,
        correction: CORRECTION,
        ..Plan::default()
    };
    let comply_plan = Plan {
        alpha,
        correction: CORRECTION,
        ..Plan::default()
    };
    let comparison = setting.comparison();
    let distance = |disparity: f64| match comparison {
        Comparison::Ratio => disparity.ln().abs(),
        Comparison::Difference => disparity.abs(),
    };
    finding.detectable = setting
        .allowed
        .sides()
        .filter_map(|(bound, side)| detectable(comparison, bound, side, a.trials, b, &breach_plan))
        .min_by(|x, y| distance(*x).total_cmp(&distance(*y)));
    // A positive rate over a rate of zero is infinite.
    let observed = finding.point.unwrap_or(f64::INFINITY);
    let settle = match setting.allowed.breached_by(observed) {
        Some((bound, _)) => multiplier_to_settle(comparison, bound, a, b, &breach_plan),
        None => setting
            .allowed
            .sides()
            .map(|(bound, _)| multiplier_to_settle(comparison, bound, a, b, &comply_plan))
            .fold(Settle::Factor(1.0), |worst, factor| match (worst, factor) {
                (Settle::Factor(x), Settle::Factor(y)) => Settle::Factor(x.max(y)),
                _ => Settle::Never,
            }),
    };
    match settle {
        Settle::Factor(factor) => {
            // All rows of both groups: a rate that is a share of few of them needs that many more of all.
            let rows = all_rows as f64;
            // These rows did not decide, so at least one more is needed even where the plan would have been content.
            let needed = (rows * factor).ceil().max(rows + 1.0);
            finding.rows_to_settle = (needed < u64::MAX as f64).then_some(needed as u64);
        }
        Settle::Never => finding.reason = Some(Reason::OnTheBound),
    }
}

/// The reason in words.
fn why(policy: &Policy, family: &Family<'_>, trial: &Trial, setting: &Setting<'_>, reason: Reason) -> String {
    let group = &family.known[trial.group].evidence;
    let reference = trial.reference.map(|reference| &family.known[reference].evidence);
    match reason {
        Reason::TooFewRows => "the interval covers the bound, so these rows settle it neither way".to_owned(),
        Reason::OnTheBound => "the estimate lies on the bound itself, so more rows cannot settle it".to_owned(),
        Reason::ManyComparisons => {
            let directions = if setting.allowed.count() > 1 { ", each in both directions," } else { "" };
            match family.size {
                1 => "taken in one direction this would be a breach, but both directions were open".to_owned(),
                size => format!(
                    "taken alone this would be a breach, but among {} comparisons{directions} one like it can come about by chance",
                    thousands(size as u64)
                ),
            }
        }
        Reason::SmallCounts => match trial.exact {
            Some(_) => "the usual test sees a breach, but the counts are so small that it can mislead, and an exact test \
                        does not agree"
                .to_owned(),
            None => "the usual test sees a breach, but the counts are so small that it can mislead, and an exact test \
                     cannot be computed for these data"
                .to_owned(),
        },
        Reason::UndefinedRate => {
            let absent = |evidence: &super::evidence::Evidence| evidence.sample.is_none();
            let undefined_when = setting.rate.undefined_when();
            match reference {
                Some(r) if absent(group) && absent(r) => format!("neither group has such a rate: {}", group.why_undefined(&undefined_when)),
                _ if absent(group) => format!("the group has no such rate: {}", group.why_undefined(&undefined_when)),
                Some(r) if absent(r) => format!("the reference has no such rate: {}", r.why_undefined(&undefined_when)),
                _ => "nobody in either group has the favourable outcome, so there is no ratio".to_owned(),
            }
        }
        Reason::BelowMinimum => {
            let fewest = reference.map_or(group.rows.1, |r| r.rows.1.min(group.rows.1));
            format!(
                "reported, not judged: {fewest} rows are fewer than the policy's minimum of {}",
                policy.inference.min_denominator
            )
        }
        Reason::OneValue => {
            "the label takes a single value in these data, so they cannot show a difference between right and wrong decisions"
                .to_owned()
        }
        Reason::OneGroup => "there is one group only, so there is nothing to compare it with".to_owned(),
        Reason::RoleMissing => format!("needs a column for the {}", setting.missing.join(" and one for the ")),
        Reason::DirectionNotDeclared => {
            "nobody said whether the event is good or bad for the person, and the outcome depends on it".to_owned()
        }
        Reason::PointOnly => {
            let exact = group.counts().is_some() && reference.is_none_or(|r| r.counts().is_some());
            let how = if exact { "in exact arithmetic" } else { "in rounded arithmetic, because the data are weighted" };
            format!("judged by the bare point estimate, {how}; chance is not considered")
        }
    }
}
