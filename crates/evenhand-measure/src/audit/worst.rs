//! This module gives the worst disparity of each criterion an interval that is valid although the worst was looked for:
//! it is made of the intervals that hold together for all comparisons.

use crate::inference::{Comparison, Interval};
use crate::policy::Inference;

use super::family::{Family, Setting};
use super::model::{Group, NamedTest};
use super::simultaneous::Joint;

/// The worst disparity of each criterion and set of attributes, with an interval for the true worst one.
pub(super) fn worst(inference: &Inference, family: &Family<'_>, joint: &Joint) -> Vec<NamedTest> {
    let settings = family.settings.iter().enumerate();
    settings
        .filter(|(_, setting)| setting.within.is_empty() && setting.pooled_over.is_empty())
        .filter_map(|(index, setting)| of_setting(inference, family, joint, (index, setting)))
        .collect()
}

/// How far two groups are apart, and the interval of it.
struct Apart {
    trial: usize,
    point: f64,
    interval: Interval,
}

fn of_setting(
    inference: &Inference,
    family: &Family<'_>,
    joint: &Joint,
    (index, setting): (usize, &Setting<'_>),
) -> Option<NamedTest> {
    let trials = family.trials.iter().enumerate();
    let apart: Vec<Apart> = trials
        .filter(|(_, trial)| trial.setting == index && trial.answers.is_some())
        .filter_map(|(number, trial)| {
            let (a, b) = (&family.known[trial.group], &family.known[trial.reference?]);
            let (x, y) = (a.evidence.sample?, b.evidence.sample?);
            let (z, _) = joint.of(number);
            let comparison = setting.comparison();
            let interval = inference.methods.of(comparison).pair_interval(x, y, z)?;
            let point = comparison.of(a.value.point()?, b.value.point()?);
            let (point, interval) = distance(comparison, point, interval);
            Some(Apart {
                trial: number,
                point,
                interval,
            })
        })
        .collect();
    // Ratios: the farther from 1 the smaller. Differences: the farther from 0 the larger.
    let is_ratio = setting.comparison() == Comparison::Ratio;
    let farther = |a: f64, b: f64| if is_ratio { a.min(b) } else { a.max(b) };
    let first = apart.first()?;
    let worst = apart.iter().fold(first, |kept, next| {
        let is_farther = farther(kept.point, next.point) == next.point && next.point != kept.point;
        if is_farther { next } else { kept }
    });
    let end = |of: &dyn Fn(&Apart) -> f64| apart.iter().map(of).fold(of(first), farther);
    let (lower, upper) = (end(&|one| one.interval.lower), end(&|one| one.interval.upper));
    let trial = &family.trials[worst.trial];
    let resampled = apart.iter().filter(|one| joint.of(one.trial).1 == "max-t").count();
    Some(NamedTest {
        id: "max-t".to_owned(),
        criterion: Some(setting.check.criterion.id.to_owned()),
        rate: setting.of.id().to_owned(),
        complement: setting.complement,
        by: setting.by.clone(),
        group: family.known[trial.group].group.clone(),
        reference: trial.reference.map(|reference| family.known[reference].group.clone()),
        within: Group::new(),
        pooled_over: Vec::new(),
        estimate: Some(worst.point),
        lower: Some(lower),
        upper: Some(upper),
        confidence: Some(inference.confidence),
        statistic: None,
        freedom: None,
        p: None,
        not_computed: None,
        note: Some(format!(
            "the worst {} of {} in {} {}{}",
            if is_ratio { "ratio" } else { "difference" },
            setting.check.criterion.id,
            apart.len(),
            if apart.len() == 1 { "comparison" } else { "comparisons" },
            match apart.len() - resampled {
                0 => String::new(),
                others => format!(
                    ", {others} of them at Holm's level ({})",
                    joint
                        .why_not
                        .as_deref()
                        .unwrap_or("a rate of 0 or 1, or more groups than are resampled")
                ),
            }
        )),
    })
}

/// The distance from equality without regard to direction: the smaller of a ratio and its inverse, the size of a difference.
pub(super) fn distance(
    comparison: Comparison,
    point: Option<f64>,
    Interval { lower, upper }: Interval,
) -> (f64, Interval) {
    let inverse = |ratio: f64| if ratio > 0.0 { ratio.min(1.0 / ratio) } else { 0.0 };
    match comparison {
        Comparison::Ratio => {
            let (low, high) = (inverse(lower), if upper.is_finite() { inverse(upper) } else { 0.0 });
            let top = if (lower..=upper).contains(&1.0) {
                1.0
            } else {
                low.max(high)
            };
            let interval = Interval {
                lower: low.min(high),
                upper: top,
            };
            // A positive rate over a rate of 0 is as far as a ratio can be.
            (point.map_or(0.0, inverse), interval)
        }
        Comparison::Difference => {
            let (low, high) = (lower.abs(), upper.abs());
            let interval = Interval {
                lower: if (lower..=upper).contains(&0.0) {
                    0.0
                } else {
                    low.min(high)
                },
                upper: low.max(high),
            };
            (point.unwrap_or(0.0).abs(), interval)
        }
    }
}
