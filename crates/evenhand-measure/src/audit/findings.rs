//! This module writes comparisons out as findings: those that are listed, with interval, reason and what would
//! settle them.

use std::collections::BTreeMap;

use crate::inference::{
    Comparison, Interval, Plan, Settle, Side, detectable, multiplier_to_settle, strata, z_above, z_for,
};
use crate::policy::{Adjustment, Level, Policy};
use crate::problem::thousands;

use super::compare::{CORRECTION, is_nobody};
use super::evidence::Evidence;
use super::family::{Family, Setting, Trial};
use super::model::{self, Bound, FamilyOf, Finding, Outcome, Reason, Simultaneous};
use super::simultaneous::Joint;
use super::strata::Pair;

/// Families up to this size are listed in full; five thousand findings are some four megabytes of JSON.
const LISTED_IN_FULL: usize = 5_000;

/// The findings of a judged family, and its summary.
pub(super) fn write(
    policy: &Policy,
    level: Level,
    family: &Family<'_>,
    joint: Option<&Joint>,
) -> (Vec<Finding>, model::Family) {
    let listed = listed(family);
    let count = |outcome| family.trials.iter().filter(|trial| trial.outcome == outcome).count();
    let summary = model::Family {
        id: name(level).to_owned(),
        adjustment: adjustment(policy, level).name().to_owned(),
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
        .map(|index| {
            let mut finding = finding(policy, level, family, &family.trials[index]);
            finding.simultaneous = joint.and_then(|joint| together(policy, family, index, joint));
            finding
        })
        .collect();
    (findings, summary)
}

/// How the p-values of a level are adjusted: what decides always by Holm.
pub(super) fn adjustment(policy: &Policy, level: Level) -> Adjustment {
    match level {
        Level::Error => Adjustment::Holm,
        Level::Warn | Level::Off => policy.inference.adjust_warnings,
    }
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
    let undefined = trial.reason == Some(Reason::UndefinedRate)
        || samples.is_some_and(|(a, b)| is_nobody(setting.comparison(), a, b));
    let estimate = trial.found.as_ref().and_then(|found| found.as_ref().ok());
    let point = match &trial.found {
        Some(_) => estimate
            .map(|estimate| estimate.point)
            .filter(|point| point.is_finite()),
        None => reference.and_then(|r| comparison.of(group.value.point()?, r.value.point()?)),
    };
    let z = z_for(policy.inference.confidence);
    let interval = match estimate {
        Some(estimate) => estimate.interval(policy.inference.confidence),
        None => interval(policy, family, trial, z),
    }
    .filter(|_| !undefined);
    let mut finding = Finding {
        criterion: setting.check.criterion.id.to_owned(),
        rate: setting.of.id().to_owned(),
        event: setting.event.clone(),
        complement: setting.complement,
        comparison: match comparison {
            Comparison::Ratio => "ratio".to_owned(),
            Comparison::Difference => "difference".to_owned(),
        },
        by: setting.by.clone(),
        group: group.group.clone(),
        reference: reference.map(|reference| reference.group.clone()),
        within: setting.within.clone(),
        pooled_over: setting.pooled_over.clone(),
        policy_line: setting.check.line,
        simultaneous: None,
        group_value: (trial.reason != Some(Reason::RoleMissing)).then(|| group.value.clone()),
        reference_value: reference.map(|reference| reference.value.clone()),
        point,
        // What is 0 is not less, though its error is symmetric.
        lower: interval.map(|interval| match comparison {
            Comparison::Ratio if point == Some(0.0) => interval.lower.max(0.0),
            _ => interval.lower,
        }),
        upper: interval
            .map(|interval| interval.upper)
            .filter(|upper| upper.is_finite()),
        confidence: policy.inference.confidence,
        bound: Bound {
            at_least: setting.allowed.at_least,
            at_most: setting.allowed.at_most,
        },
        method: method(policy, family, trial),
        p_breach: trial.answers.map(|answers| answers.breach),
        p_breach_adjusted: trial.answers.map(|_| trial.adjusted),
        p_breach_exact: trial.exact,
        p_comply_exact: trial.exact_comply,
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
    // More rows of the same would be judged by another test: how many is not known.
    let unplanned = [
        Reason::DirectionNotDeclared,
        Reason::SmallCounts,
        Reason::RoundedFigures,
    ];
    let is_planned = trial.reason.is_none_or(|reason| !unplanned.contains(&reason));
    if trial.outcome == Outcome::Inconclusive && is_planned {
        match &trial.pair {
            _ if estimate.is_some() => plan_estimate(policy, family, trial, &mut finding),
            Some(pair) => plan_pooled(policy, family, trial, pair, &mut finding),
            None => plan_ahead(policy, family, trial, &mut finding),
        }
    }
    finding.why = finding.reason.map(|reason| why(policy, family, trial, setting, reason));
    finding
}

/// The interval of a comparison at so many standard errors.
fn interval(policy: &Policy, family: &Family<'_>, trial: &Trial, z: f64) -> Option<Interval> {
    let comparison = family.settings[trial.setting].comparison();
    if let Some(found) = &trial.found {
        return found.as_ref().ok()?.interval_at(z);
    }
    if let Some(pair) = &trial.pair {
        return (!pair.strata.is_empty()).then(|| strata::interval(comparison, &pair.strata, z, CORRECTION));
    }
    let (a, b) = (&family.known[trial.group], &family.known[trial.reference?]);
    let methods = &policy.inference.methods;
    methods
        .of(comparison)
        .pair_interval(a.evidence.sample?, b.evidence.sample?, z)
}

/// The estimate of a comparison, where it is finite, and its interval at so many standard errors; `None` where there is
/// nothing to compare.
pub(super) fn interval_at(
    policy: &Policy,
    family: &Family<'_>,
    trial: &Trial,
    z: f64,
) -> Option<(Option<f64>, Interval)> {
    let comparison = family.settings[trial.setting].comparison();
    let known = |index: usize| &family.known[index];
    let reference = trial.reference.map(known);
    let samples = reference.and_then(|r| known(trial.group).evidence.sample.zip(r.evidence.sample));
    let nobody = samples.is_some_and(|(a, b)| is_nobody(comparison, a, b));
    if trial.reason == Some(Reason::UndefinedRate) || nobody {
        return None;
    }
    let point = match &trial.found {
        Some(found) => found
            .as_ref()
            .ok()
            .map(|estimate| estimate.point)
            .filter(|point| point.is_finite()),
        None => reference.and_then(|r| comparison.of(known(trial.group).value.point()?, r.value.point()?)),
    };
    Some((point, interval(policy, family, trial, z)?))
}

/// The interval that holds together with those of the other comparisons.
fn together(policy: &Policy, family: &Family<'_>, index: usize, joint: &Joint) -> Option<Simultaneous> {
    let trial = family.trials.get(index).filter(|trial| trial.answers.is_some())?;
    let (z, method) = joint.of(index);
    let interval = interval(policy, family, trial, z)?;
    Some(Simultaneous {
        lower: interval.lower,
        upper: Some(interval.upper).filter(|upper| upper.is_finite()),
        method: method.to_owned(),
    })
}

fn method(policy: &Policy, family: &Family<'_>, trial: &Trial) -> String {
    let comparison = family.settings[trial.setting].comparison();
    if let Some(found) = &trial.found {
        return found.as_ref().map_or("none", |estimate| estimate.method).to_owned();
    }
    if trial.pair.is_some() {
        return match comparison {
            Comparison::Ratio => "stratified-score-ratio".to_owned(),
            Comparison::Difference => "stratified-score-difference".to_owned(),
        };
    }
    let id = policy.inference.methods.of(comparison).id;
    let independent = |index: usize| family.known[index].evidence.independent;
    let counts = |index: usize| family.known[index].evidence.counts().is_some();
    let both = |holds: &dyn Fn(usize) -> bool| holds(trial.group) && trial.reference.is_none_or(holds);
    match () {
        () if both(&independent) => id.to_owned(),
        () if both(&counts) => format!("{id}, effective rows by a jackknife over buckets of clusters"),
        () => format!("{id}, effective rows of weighted data"),
    }
}

/// How many rows would settle a comparison that is pooled over strata, by the root-n law of its statistic.
fn plan_pooled(policy: &Policy, family: &Family<'_>, trial: &Trial, pair: &Pair, finding: &mut Finding) {
    let setting = &family.settings[trial.setting];
    let (Some(point), Some(_)) = (finding.point, trial.answers) else {
        return;
    };
    let alpha = policy.inference.alpha();
    let breached = setting.allowed.breached_by(point);
    let level = match breached {
        Some(_) => alpha / (setting.allowed.count() * family.size.max(1)) as f64,
        None => alpha,
    };
    let wanted = z_above(level) + z_above(0.2);
    let bounds: Vec<f64> = match breached {
        Some((bound, _)) => vec![bound],
        None => setting.allowed.sides().map(|(bound, _)| bound).collect(),
    };
    let statistic = |bound: &f64| strata::score_z(setting.comparison(), &pair.strata, *bound, CORRECTION).abs();
    let nearest = bounds.iter().map(statistic).fold(f64::INFINITY, f64::min);
    if nearest == 0.0 {
        finding.reason = Some(Reason::OnTheBound);
        return;
    }
    let rows = (pair.rows.0 + pair.rows.1) as f64;
    let needed = (rows * (wanted / nearest).powi(2)).ceil().max(rows + 1.0);
    finding.rows_to_settle = (needed < u64::MAX as f64).then_some(needed as u64);
}

/// What an estimate could have shown, and how many rows would settle the question, by the root-n law of its error.
fn plan_estimate(policy: &Policy, family: &Family<'_>, trial: &Trial, finding: &mut Finding) {
    let setting = &family.settings[trial.setting];
    let (Some(Ok(estimate)), Some(reference), Some(_)) = (&trial.found, trial.reference, trial.answers) else {
        return;
    };
    let alpha = policy.inference.alpha();
    let breach_level = alpha / (setting.allowed.count() * family.size.max(1)) as f64;
    let power = z_above(0.2);
    let shown = |(bound, side): (f64, Side)| {
        let errors = z_above(breach_level) + power;
        let value = estimate.beyond(bound, if side == Side::Below { -errors } else { errors })?;
        Some((errors, value))
    };
    let nearest = |a: &(f64, f64), b: &(f64, f64)| match setting.comparison() {
        Comparison::Ratio => a.1.ln().abs().total_cmp(&b.1.ln().abs()),
        Comparison::Difference => a.1.abs().total_cmp(&b.1.abs()),
    };
    finding.detectable = setting
        .allowed
        .sides()
        .filter_map(shown)
        .min_by(nearest)
        .map(|(_, value)| value);
    let (level, bounds): (f64, Vec<f64>) = match setting.allowed.breached_by(estimate.point) {
        Some((bound, _)) => (breach_level, vec![bound]),
        None => (alpha, setting.allowed.sides().map(|(bound, _)| bound).collect()),
    };
    let distances = bounds
        .iter()
        .filter_map(|bound| estimate.distance(*bound))
        .map(f64::abs);
    let nearest = distances.fold(f64::INFINITY, f64::min);
    if nearest == 0.0 {
        finding.reason = Some(Reason::OnTheBound);
        return;
    }
    let rows = family.known[trial.group]
        .rows
        .saturating_add(family.known[reference].rows) as f64;
    let needed = (rows * ((z_above(level) + power) / nearest).powi(2))
        .ceil()
        .max(rows + 1.0);
    finding.rows_to_settle = (needed < u64::MAX as f64).then_some(needed as u64);
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

/// Which counts fit a published figure: `62 to 64 of 200`.
pub(super) fn fitting(evidence: &Evidence) -> Option<String> {
    let (fewest, most) = evidence.range?;
    let all = thousands(evidence.rows.1);
    Some(format!("{} to {} of {all}", thousands(fewest), thousands(most)))
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
        Reason::SmallCounts => {
            let complies = trial.answers.is_some_and(|answers| answers.comply < policy.inference.alpha());
            let (seen, exact) = if complies {
                ("that the bound is met", trial.exact_comply)
            } else {
                ("a breach", trial.exact)
            };
            let how = match exact {
                Some(_) => "does not agree",
                None => "cannot be computed for these data",
            };
            format!("the usual test sees {seen}, but the counts are so small that it can mislead, and an exact test {how}")
        }
        Reason::UndefinedRate | Reason::TooFewUnits if trial.found.is_some() => match &trial.found {
            Some(Err(why)) => why.clone(),
            Some(Ok(estimate)) => estimate.spread.as_ref().err().cloned().unwrap_or_default(),
            None => String::new(),
        },
        Reason::TooFewUnits => "the rows come from too few different units to know how sure anything is".to_owned(),
        Reason::UndefinedRate if trial.pair.is_some() => match &trial.pair {
            Some(pair) if pair.few_units => "the rows come from too few different units to know how sure anything is".to_owned(),
            Some(pair) if pair.strata.is_empty() => "no stratum has rows of both groups".to_owned(),
            _ => "nobody in either group has the favourable outcome, so there is no ratio".to_owned(),
        },
        Reason::UndefinedRate => {
            let absent = |evidence: &Evidence| evidence.sample.is_none();
            let undefined_when = setting.of.undefined_when();
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
        Reason::NoPassMark => "computed and not judged: no pass mark is set for it".to_owned(),
        Reason::OnePerson => {
            "one different decision would turn the difference round, and numbers that small are not judged a breach".to_owned()
        }
        Reason::SelectiveLabels => "the label is known only, or mostly, where the decision was positive, so this rate cannot be known".to_owned(),
        Reason::MethodUndefined => "the method that the policy names has no result for these counts".to_owned(),
        Reason::RoundedFigures => {
            let both = [Some(group), reference].into_iter().flatten();
            let open: Vec<String> = both.filter_map(fitting).collect();
            format!(
                "the published figures leave the counts open ({} fit them), and not all of these give the same answer: the \
                 counts themselves would settle it",
                open.join(" and ")
            )
        }
        Reason::OneGroup if setting.within.is_empty() => "there is one group only, so there is nothing to compare it with".to_owned(),
        Reason::OneGroup => "the group that it would be compared with has no rows here".to_owned(),
        Reason::RoleMissing => format!("needs a column for the {}", setting.missing.join(" and one for the ")),
        Reason::DirectionNotDeclared => {
            "nobody said whether the event is good or bad for the person, and the outcome depends on it".to_owned()
        }
        Reason::PointOnly => {
            let exact = group.counts().is_some() && reference.is_none_or(|r| r.counts().is_some());
            let how = if trial.found.is_some() {
                "in rounded arithmetic"
            } else if trial.pair.is_some() {
                "in rounded arithmetic, because it is pooled over strata"
            } else if exact { "in exact arithmetic" } else { "in rounded arithmetic, because the data are weighted" };
            format!("judged by the bare point estimate, {how}; chance is not considered")
        }
    }
}
