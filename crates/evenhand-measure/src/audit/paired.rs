//! This module compares two models on the same rows: what became of each rate, and whether a disparity has grown.
//!
//! The other model is what was before, the audited one what is now. A disparity is tested as since a baseline (see
//! [`super::change`]), but the two sides are of the same people: the interval of the worsening is made of both intervals
//! and of how closely they go together, which the rows say (MOVER with correlation). Of 50 to 5,000 people per group, a
//! process that did not worsen beyond the tolerance was said to in 1 to 6 % of 1,000 simulated runs at a level of 5 %; the
//! delta method did no better, and a test that takes the rows for different ones hardly sees a change (see the tests).
//! Weights are refused when the roles are read.

mod rows;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::change::{Changes, RegressionRule, of_level};
use super::evidence::{Basis, FEWEST_BUCKETS, student_over_normal};
use super::family::{Family, Trial};
use super::model::{Group, GroupKind, NamedTest, Paired, PairedRate};
use super::run::Split;
use super::{Reading, Run, groups, measured, suspect_direction};
use crate::catalogue::methods::{MCNEMAR_MID_P, PAIRED_DISPARITY, PAIRED_Z};
use crate::catalogue::{
    ACCURACY, Cells, FALSE_POSITIVE_RATE, NEGATIVE_PREDICTIVE_VALUE, POSITIVE_PREDICTIVE_VALUE, Rate, SELECTION_RATE,
    TRUE_POSITIVE_RATE,
};
use crate::inference::paired::linear;
use crate::inference::{normal_sf, z_for};
use crate::policy::{Check, Level, Policy};
use crate::problem::Problem;
use crate::tally::{Axis, Tally};

use self::rows::Rows;

/// The rates that are shown of either model; all others follow from them.
static SHOWN: [&Rate; 6] = [
    &SELECTION_RATE,
    &TRUE_POSITIVE_RATE,
    &FALSE_POSITIVE_RATE,
    &POSITIVE_PREDICTIVE_VALUE,
    &NEGATIVE_PREDICTIVE_VALUE,
    &ACCURACY,
];

/// When a disparity counts as having grown, as the policy says of baselines.
#[must_use]
pub fn rule(policy: &Policy) -> RegressionRule {
    RegressionRule {
        tolerance: policy.baseline.tolerance,
        alpha: policy.baseline.alpha,
    }
}

/// What became of every comparison from the other model to the audited one; `None` where the tally has no other model.
///
/// # Errors
/// Whatever keeps the tally from being audited under this policy.
pub fn changes(tally: &Tally, policy: &Policy, rule: &RegressionRule) -> Result<Option<Changes>, Vec<Problem>> {
    if tally.decisions.positions(Axis::Compared).next().is_none() {
        return Ok(None);
    }
    let reading = Reading::of(tally, policy)?;
    let adverse = policy.values.adverse.unwrap_or(suspect_direction(&reading).is_some());
    let checks = policy.effective_checks(&|role| measured::has(tally, role));
    let run = Run::new(&reading, tally, policy, &checks, adverse);
    Ok(of_run(&run, rule).map(|paired| paired.changes))
}

/// Two models on the rows of a run; `None` where there is only one.
pub(super) fn of_run(run: &Run<'_>, rule: &RegressionRule) -> Option<Paired> {
    let other = run.reading.compared.as_ref()?;
    let mut before = Reading::of(run.tally, run.policy).ok()?;
    std::mem::swap(&mut before.prediction, &mut before.compared);
    let checks: Vec<Check> = run
        .checks
        .iter()
        .filter(|check| is_about_decisions(check))
        .cloned()
        .collect();
    let now = run.under(run.policy, &checks);
    let before = of_other(&now, &before);
    let sets: Vec<Rows> = run.reading.sets.iter().map(|set| Rows::of(run.reading, set)).collect();
    let correlate = |family: &Family<'_>, trial: &Trial| correlation(&sets, family, trial);
    let mut changes = Vec::new();
    for level in [Level::Error, Level::Warn] {
        let (mut was, mut is) = (Family::default(), Family::default());
        before.compare(&mut was, level, false);
        now.compare(&mut is, level, false);
        changes.extend(of_level(run.policy, rule, level, (&was, &is), &correlate));
    }
    let everybody = Rows::of_everybody(run.reading);
    let (rows, differ) = everybody.differing();
    let prediction = run.reading.prediction.as_ref()?;
    Some(Paired {
        now: prediction.column.column.clone(),
        before: other.column.column.clone(),
        rows,
        differ,
        rates: rates(run, &everybody, &sets),
        changes: Changes {
            tolerance: rule.tolerance,
            alpha: rule.alpha,
            paired: true,
            changes,
        },
    })
}

/// What no decision enters is the same whoever decides.
fn is_about_decisions(check: &Check) -> bool {
    check.criterion.measure.is_none() && check.criterion.rates.iter().any(|rate| rate.needs().prediction)
}

/// The same run with the other model's decisions.
fn of_other<'a>(run: &Run<'a>, before: &'a Reading<'a>) -> Run<'a> {
    let overall = groups::overall(before);
    let within = |set: &Vec<usize>| match before.strata.is_empty() {
        true => Vec::new(),
        false => groups::stratified(before, set),
    };
    Run {
        reading: before,
        basis: Basis {
            selective: overall.whole.has_selective_labels(),
            ..run.basis
        },
        split: Rc::new(Split {
            overall,
            partitions: before.sets.iter().map(|set| groups::partition(before, set)).collect(),
            strata: before.sets.iter().map(within).collect(),
        }),
        views: Rc::clone(&run.views),
        event: run.event.clone(),
        memo: Rc::default(),
        ..*run
    }
}

/// How closely the disparity by the other model goes together with that by the audited one. What is pooled over strata
/// is taken for unrelated, which sees less and never too much.
fn correlation(sets: &[Rows], family: &Family<'_>, trial: &Trial) -> Option<f64> {
    let setting = &family.settings[trial.setting];
    let rate = setting.of.rate()?;
    if trial.pair.is_some() {
        return None;
    }
    let rows = sets.iter().find(|rows| rows.by() == setting.by)?;
    let of = |index: usize| {
        let group = &family.known[index].group;
        rows.kinds(&setting.within, group, rate, setting.complement)
    };
    // The other model first, as it was before.
    linear::correlation(setting.comparison(), &of(trial.group)?, &of(trial.reference?)?)
}

/// The rates of everybody and of every group, by either model.
fn rates(run: &Run<'_>, everybody: &Rows, sets: &[Rows]) -> Vec<PairedRate> {
    let labelled = run.reading.label.is_some();
    let shown = || SHOWN.iter().filter(move |rate| labelled || !rate.needs().label);
    let nobody = Group::new();
    let mut out: Vec<PairedRate> = Vec::new();
    out.extend(shown().filter_map(|rate| of_rate(run, rate, everybody, (&nobody, GroupKind::Overall))));
    for (rows, partition) in sets.iter().zip(&run.split.partitions) {
        for of in &partition.groups {
            out.extend(shown().filter_map(|rate| of_rate(run, rate, rows, (&of.group, of.kind))));
        }
    }
    out
}

/// Whether a rate is a share of the same rows whoever decides.
fn is_of_the_same_rows(rate: &Rate) -> bool {
    let fixed = [
        SELECTION_RATE.denominator,
        TRUE_POSITIVE_RATE.denominator,
        FALSE_POSITIVE_RATE.denominator,
    ];
    fixed.contains(&rate.denominator)
}

fn of_rate(run: &Run<'_>, rate: &'static Rate, rows: &Rows, (group, kind): (&Group, GroupKind)) -> Option<PairedRate> {
    let confidence = run.policy.inference.confidence;
    let z = z_for(confidence);
    let kinds = rows.kinds(&Group::new(), group, rate, false)?;
    let mut out = PairedRate {
        rate: rate.id.to_owned(),
        by: rows.by().to_vec(),
        group: group.clone(),
        kind,
        now: linear::counts(&kinds, linear::Answer::Second),
        before: linear::counts(&kinds, linear::Answer::First),
        only_now: None,
        only_before: None,
        difference: None,
        lower: None,
        upper: None,
        confidence,
        method: MCNEMAR_MID_P.id.to_owned(),
        p: None,
        left_out: 0,
        not_computed: None,
    };
    if hides_the_rejected(run, rate) {
        out.not_computed = Some("the label is known only, or mostly, where the decision was positive".to_owned());
        return Some(out);
    }
    let is_clustered = run.reading.bucket.is_some();
    if is_of_the_same_rows(rate) {
        let (pairs, left_out) = rows::four_cells(&kinds);
        (out.only_now, out.only_before) = (Some(pairs.first), Some(pairs.second));
        out.left_out = left_out;
        if !is_clustered {
            out.difference = pairs.difference();
            let interval = pairs.difference_interval(z);
            (out.lower, out.upper) = (interval.map(|i| i.lower), interval.map(|i| i.upper));
            // Where nobody's answer differs nothing speaks against equal rates.
            out.p = pairs
                .mcnemar()
                .map(|test| test.mid_p)
                .or((pairs.rows() > 0).then_some(1.0));
            out.not_computed = (pairs.rows() == 0).then(|| rate.undefined_when());
            return Some(out);
        }
    }
    PAIRED_Z.id.clone_into(&mut out.method);
    let Some(found) = linear::difference(&kinds) else {
        out.not_computed = Some(rate.undefined_when());
        return Some(out);
    };
    // The other model is the first answer.
    let point = -found.point;
    out.difference = Some(point + 0.0);
    let widened = match found.units {
        None => Some(1.0),
        Some(units) if units < FEWEST_BUCKETS => None,
        Some(units) => student_over_normal(units as f64 - 1.0),
    };
    let Some(widened) = widened else {
        out.not_computed = Some(format!(
            "its rows come from fewer than {FEWEST_BUCKETS} different units"
        ));
        return Some(out);
    };
    let error = found.error * widened;
    (out.lower, out.upper) = (Some((point - z * error).max(-1.0)), Some((point + z * error).min(1.0)));
    out.p = Some(match (point == 0.0, error > 0.0) {
        (true, _) => 1.0,
        (false, true) => 2.0 * normal_sf(point.abs() / error),
        // One of the rates moved and nothing varies: too few rows to say.
        (false, false) => {
            out.not_computed = Some("the difference has no variance that could be estimated".to_owned());
            return Some(PairedRate {
                lower: None,
                upper: None,
                ..out
            });
        }
    });
    Some(out)
}

/// Whether a rate needs outcomes that are known of the selected only.
fn hides_the_rejected(run: &Run<'_>, rate: &Rate) -> bool {
    let touched = rate.denominator | rate.numerator;
    let needs = rate.needs().label && (touched.contains(Cells::FN) || touched.contains(Cells::TN));
    needs && run.basis.selective
}

/// The same as named tests, beside all others.
pub(super) fn tests(paired: &Paired) -> Vec<NamedTest> {
    let rates = paired.rates.iter().map(|of| NamedTest {
        estimate: of.difference,
        lower: of.lower,
        upper: of.upper,
        confidence: of.lower.map(|_| of.confidence),
        p: of.p,
        not_computed: of.not_computed.clone(),
        note: of.only_now.zip(of.only_before).map(|(now, before)| {
            format!(
                "counted by {} alone: {now}; by {} alone: {before}",
                paired.now, paired.before
            )
        }),
        ..blank(&of.method, &of.rate, &of.by, &of.group)
    });
    let changes = paired.changes.changes.iter().map(|change| NamedTest {
        criterion: Some(change.criterion.clone()),
        reference: change.reference.clone(),
        within: change.within.clone(),
        pooled_over: change.pooled_over.clone(),
        estimate: change.worsening,
        lower: change.lower,
        confidence: change.lower.map(|_| 1.0 - paired.changes.alpha),
        p: change.p,
        not_computed: change
            .worsening
            .is_none()
            .then(|| "by one of the models there is nothing to compare".to_owned()),
        note: Some(match change.correlation {
            Some(correlation) => format!(
                "one-sided, of a worsening by more than {}; the two disparities correlate by {correlation:.3}",
                change.tolerance
            ),
            None => format!(
                "one-sided, of a worsening by more than {}; taken for unrelated, which sees less",
                change.tolerance
            ),
        }),
        ..blank(PAIRED_DISPARITY.id, &change.rate, &change.by, &change.group)
    });
    rates.chain(changes).collect()
}

fn blank(id: &str, rate: &str, by: &[String], group: &Group) -> NamedTest {
    NamedTest {
        id: id.to_owned(),
        criterion: None,
        rate: rate.to_owned(),
        complement: false,
        by: by.to_vec(),
        group: group.clone(),
        reference: None,
        within: Group::new(),
        pooled_over: Vec::new(),
        estimate: None,
        lower: None,
        upper: None,
        confidence: None,
        statistic: None,
        freedom: None,
        p: None,
        not_computed: None,
        note: None,
    }
}
