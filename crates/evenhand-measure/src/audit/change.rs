//! This module asks whether a disparity has grown since a baseline: a change is tested, not only subtracted.
//!
//! A disparity is taken without regard to direction: of a ratio the smaller of it and its inverse, of a difference its
//! size. It has *worsened* by what the ratio lost or the difference gained. The interval of the worsening is made of the
//! two intervals of the disparity, before and now, by the method of variance estimates recovery (Donner and Zou 2012),
//! so that it holds wherever those hold; the p-value is where the lower end of that interval meets the tolerance.
//! Both sets of rows are taken for different rows, unless it is known how closely the two sides go together: on the
//! same rows a paired comparison sees more (see [`super::paired`]).

mod model;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::inference::paired::linear::reach;
use crate::inference::{Interval, holm, normal_sf, z_above};
use crate::policy::{Level, Policy};
use crate::problem::Problem;
use crate::tally::Tally;

use super::family::{Family, Setting, Trial};
use super::findings::interval_at;
use super::model::{Group, Reason};
use super::worst::distance;
use super::{Reading, Run, measured, suspect_direction};
use crate::inference::Comparison;

pub use self::model::{Change, ChangeOutcome, Changes, Disparity, RegressionRule};

/// What became of every comparison since a baseline.
///
/// Both tallies are audited under the same policy. Comparisons of level `off` are left out.
///
/// # Errors
/// Whatever keeps either tally from being audited under this policy; what concerns the baseline says so.
pub fn changes(before: &Tally, now: &Tally, policy: &Policy, rule: &RegressionRule) -> Result<Changes, Vec<Problem>> {
    let of_baseline = |problems: Vec<Problem>| -> Vec<Problem> {
        let named = |problem: Problem| Problem {
            message: format!("the baseline: {}", problem.message),
            ..problem
        };
        problems.into_iter().map(named).collect()
    };
    let sides = Sides {
        before: Reading::of(before, policy).map_err(of_baseline)?,
        now: Reading::of(now, policy)?,
    };
    // The direction that one side only suggests must not turn the other round.
    let adverse = |reading: &Reading<'_>| policy.values.adverse.unwrap_or(suspect_direction(reading).is_some());
    let (was_adverse, is_adverse) = (adverse(&sides.before), adverse(&sides.now));
    let has = |role: &str| measured::has(before, role) || measured::has(now, role);
    let checks = policy.effective_checks(&has);
    let runs = (
        Run::new(&sides.before, before, policy, &checks, was_adverse),
        Run::new(&sides.now, now, policy, &checks, is_adverse),
    );
    let mut all = Vec::new();
    for level in [Level::Error, Level::Warn] {
        let (was, is) = (runs.0.family(level), runs.1.family(level));
        all.extend(of_level(policy, rule, level, (&was, &is), &|_, _| None));
    }
    Ok(Changes {
        tolerance: rule.tolerance,
        alpha: rule.alpha,
        paired: false,
        changes: all,
    })
}

/// Both sides as the policy reads them.
struct Sides<'a> {
    before: Reading<'a>,
    now: Reading<'a>,
}

/// One comparison of two groups, whichever of them was named first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    criterion: &'a str,
    of: &'a str,
    event: Option<&'a str>,
    by: &'a [String],
    within: &'a Group,
    pooled_over: &'a [String],
    groups: (&'a Group, Option<&'a Group>),
}

fn key<'f>(family: &'f Family<'_>, trial: &Trial) -> Key<'f> {
    let setting = &family.settings[trial.setting];
    let group = &family.known[trial.group].group;
    let reference = trial.reference.map(|reference| &family.known[reference].group);
    Key {
        criterion: setting.check.criterion.id,
        of: setting.of.id(),
        event: setting.event.as_deref(),
        by: &setting.by,
        within: &setting.within,
        pooled_over: &setting.pooled_over,
        groups: match reference {
            Some(reference) if reference < group => (reference, Some(group)),
            other => (group, other),
        },
    }
}

/// Each pair of groups once, in the family's order.
fn pairs<'f>(family: &'f Family<'_>) -> Vec<(Key<'f>, &'f Trial)> {
    let mut kept: Vec<(Key<'f>, &'f Trial)> = Vec::new();
    // A hundred groups make tens of thousands of pairs: looking through all of them for each would take a minute.
    let mut seen = BTreeSet::new();
    for trial in &family.trials {
        let nothing = matches!(trial.reason, Some(Reason::RoleMissing | Reason::OneGroup));
        let is_target = trial.found.is_some() && trial.reference.is_none();
        if (trial.reference.is_none() && !is_target) || nothing {
            continue;
        }
        let key = key(family, trial);
        // Both directions of a pair stand next to each other in no certain order.
        if seen.insert(key) {
            kept.push((key, trial));
        }
    }
    kept
}

/// How closely a disparity goes together with the one before, where both are of the same rows.
pub(super) type Correlate<'c> = dyn Fn(&Family<'_>, &Trial) -> Option<f64> + 'c;

/// Every comparison of a level, before and now, tested together.
pub(super) fn of_level(
    policy: &Policy,
    rule: &RegressionRule,
    level: Level,
    (was, is): (&Family<'_>, &Family<'_>),
    correlate: &Correlate<'_>,
) -> Vec<Change> {
    let (before, now) = (pairs(was), pairs(is));
    let was_there: BTreeMap<Key<'_>, &Trial> = before.iter().copied().collect();
    let is_there: BTreeSet<Key<'_>> = now.iter().map(|(key, _)| *key).collect();
    let mut out = Vec::new();
    for (key, trial) in &now {
        out.push(match was_there.get(key) {
            Some(earlier) => {
                let blank = blank(rule, level, key, &is.settings[trial.setting], ChangeOutcome::NotWorse);
                let blank = Change {
                    correlation: correlate(is, trial),
                    ..blank
                };
                tested(policy, rule, blank, (was, earlier), (is, trial))
            }
            None => one_sided(policy, rule, level, key, (is, trial), ChangeOutcome::Appeared),
        });
    }
    for (key, trial) in &before {
        if !is_there.contains(key) {
            out.push(one_sided(
                policy,
                rule,
                level,
                key,
                (was, trial),
                ChangeOutcome::Vanished,
            ));
        }
    }
    let asked: Vec<usize> = (0..out.len()).filter(|&index| out[index].p.is_some()).collect();
    let raw: Vec<f64> = asked.iter().filter_map(|&index| out[index].p).collect();
    let size = asked.len();
    for (&index, adjusted) in asked.iter().zip(holm(&raw)) {
        let change = &mut out[index];
        change.p_adjusted = Some(adjusted);
        change.family_size = size;
        if adjusted < rule.alpha {
            change.outcome = ChangeOutcome::Worse;
        }
    }
    for change in &mut out {
        change.detectable = change
            .detectable
            .map(|error| rule.tolerance + error * (z_above(rule.alpha / size.max(1) as f64) + z_above(0.2)));
    }
    out
}

fn blank(rule: &RegressionRule, level: Level, key: &Key<'_>, setting: &Setting<'_>, outcome: ChangeOutcome) -> Change {
    Change {
        criterion: key.criterion.to_owned(),
        rate: key.of.to_owned(),
        event: key.event.map(str::to_owned),
        comparison: match setting.comparison() {
            Comparison::Ratio => "ratio".to_owned(),
            Comparison::Difference => "difference".to_owned(),
        },
        by: key.by.to_vec(),
        group: key.groups.0.clone(),
        reference: key.groups.1.cloned(),
        within: key.within.clone(),
        pooled_over: key.pooled_over.to_vec(),
        policy_line: setting.check.line,
        before: None,
        now: None,
        worsening: None,
        lower: None,
        tolerance: rule.tolerance,
        p: None,
        p_adjusted: None,
        family_size: 0,
        detectable: None,
        correlation: None,
        outcome,
        level,
    }
}

/// A comparison that one side only has.
fn one_sided(
    policy: &Policy,
    rule: &RegressionRule,
    level: Level,
    key: &Key<'_>,
    (family, trial): (&Family<'_>, &Trial),
    outcome: ChangeOutcome,
) -> Change {
    let mut change = blank(rule, level, key, &family.settings[trial.setting], outcome);
    let known = disparity(policy, family, trial, usual(policy));
    match outcome {
        ChangeOutcome::Vanished => change.before = known,
        _ => change.now = known,
    }
    change
}

fn usual(policy: &Policy) -> f64 {
    crate::inference::z_for(policy.inference.confidence)
}

fn tested(
    policy: &Policy,
    rule: &RegressionRule,
    mut change: Change,
    (was, earlier): (&Family<'_>, &Trial),
    (is, trial): (&Family<'_>, &Trial),
) -> Change {
    let setting = &is.settings[trial.setting];
    let at = |z: f64| Some((disparity(policy, was, earlier, z)?, disparity(policy, is, trial, z)?));
    let Some((before, now)) = at(usual(policy)) else {
        change.outcome = ChangeOutcome::Undefined;
        change.before = disparity(policy, was, earlier, usual(policy));
        change.now = disparity(policy, is, trial, usual(policy));
        return change;
    };
    let comparison = setting.comparison();
    let correlation = change.correlation.unwrap_or(0.0);
    let lower = |z: f64| at(z).map(|(before, now)| least_worsening(comparison, &before, &now, correlation));
    let one_sided = z_above(rule.alpha);
    let worsening = worsening(comparison, &before, &now);
    change.worsening = Some(worsening);
    change.lower = lower(one_sided);
    // How far the lower end lies below the estimate, in standard errors: what a later change would have to overcome.
    change.detectable = change.lower.map(|lower| (worsening - lower) / one_sided);
    // Of rows that go together the limit need not fall evenly, so there it is looked at wherever it is asked for.
    let falls = correlation == 0.0;
    change.p = Some(p_value(worsening, rule.tolerance, falls, lower));
    change.before = Some(before);
    change.now = Some(now);
    change
}

/// By how much a disparity has grown.
fn worsening(comparison: Comparison, before: &Disparity, now: &Disparity) -> f64 {
    match comparison {
        Comparison::Ratio => before.point - now.point,
        Comparison::Difference => now.point - before.point,
    }
}

/// The lower end of the interval of the worsening.
pub(super) fn least_worsening(comparison: Comparison, before: &Disparity, now: &Disparity, correlation: f64) -> f64 {
    let (better, worse) = match comparison {
        // A smaller ratio is a greater disparity.
        Comparison::Ratio => (before.point - before.lower, now.upper - now.point),
        Comparison::Difference => (before.upper - before.point, now.point - now.lower),
    };
    worsening(comparison, before, now) - reach(better, worse, correlation)
}

/// The farthest that a normal variable is looked at: beyond it lies less than any p-value that matters.
const FARTHEST: f64 = 8.0;

/// Where the lower end of the one-sided interval meets the tolerance. Where that end only `falls`, what lies clearly on
/// one side is not worked out again at each halving.
fn p_value(worsening: f64, tolerance: f64, falls: bool, lower: impl Fn(f64) -> Option<f64>) -> f64 {
    if worsening <= tolerance {
        return 1.0;
    }
    let is_beyond = |z: f64| lower(z).is_some_and(|lower| lower > tolerance);
    let farthest = lower(FARTHEST).map(|lower| lower - tolerance);
    if farthest.is_some_and(|excess| excess > 0.0) {
        return normal_sf(FARTHEST);
    }
    let known = farthest.filter(|_| falls).and_then(|farthest| {
        let excess = |z: f64| lower(z).map(|lower| lower - tolerance);
        meeting(excess, [worsening - tolerance, farthest])
    });
    let (surely_beyond, surely_within) = known.unwrap_or((0.0, FARTHEST));
    let (mut beyond, mut within) = (0.0, FARTHEST);
    // Forty halvings leave less than a billionth of a standard error.
    for _ in 0..40 {
        let middle = f64::midpoint(beyond, within);
        // The limit is worked out only where it is not known already on which side of it the tolerance lies.
        if middle <= surely_beyond || (middle < surely_within && is_beyond(middle)) {
            beyond = middle;
        } else {
            within = middle;
        }
    }
    normal_sf(beyond)
}

/// Around where a falling `excess` crosses 0 between 0 and [`FARTHEST`], given its values at both: a point before and
/// one behind, far enough from it for the last digits of the limits not to matter. Nothing where it is not found soon.
fn meeting(excess: impl Fn(f64) -> Option<f64>, [first, last]: [f64; 2]) -> Option<(f64, f64)> {
    let (mut before, mut behind) = ((0.0, first), (FARTHEST, last));
    let (mut at, mut was_before) = (0.0, None);
    for _ in 0..12 {
        let next = before.0 + (behind.0 - before.0) * before.1 / (before.1 - behind.1);
        if !(next > 0.0 && next < FARTHEST) {
            return None;
        }
        let step: f64 = next - at;
        at = next;
        if step.abs() < MARGIN / 10.0 {
            break;
        }
        let found = excess(at)?;
        let is_before = found > 0.0;
        // False position: an end that stays twice counts half, or the other would creep (Dowell and Jarratt 1971).
        let weight = if was_before == Some(is_before) { 0.5 } else { 1.0 };
        if is_before {
            (before, behind.1) = ((at, found), behind.1 * weight);
        } else {
            (behind, before.1) = ((at, found), before.1 * weight);
        }
        was_before = Some(is_before);
    }
    let (low, high) = (at - MARGIN, at + MARGIN);
    let is_around = low > 0.0 && high < FARTHEST && excess(low)? > 0.0 && excess(high)? <= 0.0;
    is_around.then_some((low - MARGIN, high + MARGIN))
}

/// How far from the crossing nothing depends on the last digits of a limit, in standard errors.
const MARGIN: f64 = 1e-8;

/// How far two groups are apart, with the limits at so many standard errors.
fn disparity(policy: &Policy, family: &Family<'_>, trial: &Trial, z: f64) -> Option<Disparity> {
    let (point, interval) = interval_at(policy, family, trial, z)?;
    let (point, Interval { lower, upper }) = distance(family.settings[trial.setting].comparison(), point, interval);
    Some(Disparity {
        point,
        lower: lower.min(point),
        upper: upper.max(point),
    })
}
