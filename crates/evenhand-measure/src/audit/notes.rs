//! This module says what the reader has to know beside the numbers.

use crate::catalogue::RATES;
use crate::policy::{Judge, Level, find_preset};
use crate::positive::looks_missing;
use crate::problem::{listed, thousands};
use crate::tally::{Coding, NumberRole, written};

use super::model::{Family, Finding, GroupKind, Note, Reason, Severity};
use super::read::Reading;
use super::simultaneous::Joint;
use super::{Run, spelling, warning};

mod assumptions;
mod lists;
mod published;
mod quantiles;
mod strata;

pub(super) use self::assumptions::{assumptions_not_examined, direction, missing_not_examined, unknown_matters};

/// The notes that follow from what was read and found.
pub(super) fn about(run: &Run<'_>, findings: &[Finding], families: &[Family]) -> Vec<Note> {
    let mut notes = Vec::new();
    notes.extend(guessed_events(run.reading));
    // Of several events each is looked at, so nothing is lumped together unseen.
    if run.event.is_none() {
        notes.extend(several_values(run.reading));
    }
    notes.extend(unweighted_scores(run));
    notes.extend(median(run.reading));
    notes.extend(quantiles::quantiles(run));
    notes.extend(groups(run));
    notes.extend(one_value(findings));
    notes.extend(one_decision(run));
    notes.extend(selective_labels(run));
    notes.extend(roles_missing(findings));
    notes.extend(below_minimum(run, families));
    notes.extend(bare_points(run));
    notes.extend(unlike_base_rates(run));
    notes.extend(clustering(run));
    notes.extend(strata::strata_beside(run));
    notes.extend(strata::missing_strata(run));
    notes.extend(strata::too_many_pairs(run));
    notes.extend(lists::notes(run));
    notes.extend(published::notes(run, findings));
    notes.extend(publication(run));
    notes.extend(checks_replaced(run));
    notes
}

fn guessed_events(reading: &Reading<'_>) -> Vec<Note> {
    let pairs = [
        (&reading.prediction, "decision", "--positive"),
        (&reading.label, "label", "--positive-label"),
    ];
    pairs
        .into_iter()
        .filter_map(|(events, what, flag)| {
            let column = &events.as_ref()?.column;
            (!column.declared && !column.positive.is_empty()).then(|| Note {
                code: "event-guessed".to_owned(),
                severity: Severity::Info,
                message: format!(
                    "`{}` = `{}` was taken as the {what} that counts",
                    column.column, column.positive
                ),
                help: Some(format!("pin it with {flag} '{}'", column.positive)),
            })
        })
        .collect()
}

fn several_values(reading: &Reading<'_>) -> Vec<Note> {
    let events = [&reading.prediction, &reading.label];
    events
        .into_iter()
        .flatten()
        .filter(|events| events.column.others.len() > 1)
        .map(|events| {
            let column = &events.column;
            warning(
                "several-negative-values",
                format!(
                    "in `{}` everything but `{}` counts as its opposite: {}",
                    column.column,
                    column.positive,
                    listed(&column.others, 8)
                ),
                "leave out rows that are neither before auditing, if there are such",
            )
        })
        .collect()
}

/// Scores of which nothing is said, because rows count by their weights.
fn unweighted_scores(run: &Run<'_>) -> Option<Note> {
    let roles = &run.policy.roles;
    let (score, weight) = (roles.score.as_ref()?, roles.weight.as_ref()?);
    run.tally.numbers(NumberRole::Score).is_none().then_some(())?;
    Some(warning(
        "scores-not-measured",
        format!(
            "measures of scores know no weights yet, and `{weight}` is given as the weight: how well `{score}` ranks and whether \
             it means what it says was not looked at"
        ),
        "audit the scores without --weight",
    ))
}

/// The median that made the decisions, so that it can be used again.
fn median(reading: &Reading<'_>) -> Option<Note> {
    let events = reading.prediction.as_ref()?;
    let coding = &reading.cube.dimensions()[events.position].coding;
    let Coding::AboveMedian(median) = coding else {
        return None;
    };
    let pinned = written(coding.least()?);
    Some(Note {
        code: "median-threshold".to_owned(),
        severity: Severity::Info,
        message: format!(
            "the median of `{}` over all rows that have a score is {}: a score equal to it is not above it",
            events.column.column,
            written(*median)
        ),
        help: Some(format!(
            "to judge other data by the same median, say --threshold {pinned}, the next number above it"
        )),
    })
}

fn groups(run: &Run<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    for (attribute, partition) in run.reading.attributes.iter().zip(&run.split.partitions) {
        let rows = |kind| -> u64 {
            partition
                .groups
                .iter()
                .filter(|of| of.kind == kind)
                .map(|of| of.members.whole.rows())
                .sum()
        };
        let column = &attribute.column;
        let (missing, silent) = (rows(GroupKind::Missing), rows(GroupKind::NonAnswer));
        if missing > 0 {
            notes.push(Note {
                code: "group-missing".to_owned(),
                severity: Severity::Info,
                message: format!("`{column}` is missing in {missing} rows: they are reported, not judged"),
                help: None,
            });
        }
        if silent > 0 {
            notes.push(Note {
                code: "non-answer".to_owned(),
                severity: Severity::Info,
                message: format!(
                    "`{column}` is no answer ({}) in {silent} rows: they are reported, not judged",
                    listed(&attribute.non_answers, 4)
                ),
                help: Some("name such a value with --reference to have it judged as a group".to_owned()),
            });
        }
        let odd: Vec<&str> = attribute
            .by_level
            .iter()
            .flatten()
            .map(String::as_str)
            .filter(|t| looks_missing(t))
            .collect();
        if !odd.is_empty() {
            notes.push(warning(
                "looks-missing",
                format!("`{column}` has the value {}, which many programs write for a missing one; it was judged as a group", listed(&odd, 3)),
                "if it means missing, say --missing with that value",
            ));
        }
        let judged: Vec<&str> = partition
            .groups
            .iter()
            .filter(|of| of.kind == GroupKind::Judged)
            .filter_map(|of| of.group.get(column)?.as_deref())
            .collect();
        notes.extend(spelling::warnings(column, &judged));
        if judged.len() == 1 {
            notes.push(warning(
                "one-group",
                format!("`{column}` has one group only, so it could not be judged"),
                "use a file that holds all groups",
            ));
        }
    }
    notes
}

fn one_value(findings: &[Finding]) -> Option<Note> {
    let finding = findings
        .iter()
        .find(|finding| finding.reason == Some(Reason::OneValue))?;
    Some(Note {
        code: "one-value".to_owned(),
        severity: Severity::Error,
        message: finding.why.clone()?,
        help: Some("check that the right column was read, and that the file holds all rows".to_owned()),
    })
}

/// Every decision is the same: groups do not differ, but seldom is that what the file was meant to hold.
fn one_decision(run: &Run<'_>) -> Option<Note> {
    let rejection = RATES.iter().find(|rate| rate.id == "rejection-rate")?;
    let (rejected, all) = rejection.counts(&run.split.overall.whole);
    let what = match (rejected, all) {
        (_, 0) => return None,
        (0, _) => "everybody has",
        (rejected, all) if rejected == all => "nobody has",
        _ => return None,
    };
    let column = &run.reading.prediction.as_ref()?.column;
    Some(warning(
        "one-decision",
        format!(
            "{what} `{}` = `{}`: all decisions are the same",
            column.column, column.positive
        ),
        "check that the right column was read, and that the file holds all rows",
    ))
}

/// Nobody knows what became of those who were turned away.
fn selective_labels(run: &Run<'_>) -> Option<Note> {
    let (decision, label) = (run.reading.prediction.as_ref()?, run.reading.label.as_ref()?);
    let of_a_group = || {
        let groups = run.split.partitions.iter().flat_map(|partition| &partition.groups);
        groups
            .filter(|of| of.kind == GroupKind::Judged)
            .any(|of| of.members.whole.has_selective_labels())
    };
    (run.basis.selective || of_a_group()).then(|| {
        warning(
            "selective-labels",
            format!(
                "`{}` is known only, or mostly, where `{}` is `{}`: rates that need the outcome of the others, such as the true \
                 positive rate, have no value, only bounds",
                label.column.column, decision.column.column, decision.column.positive
            ),
            "judge predictive parity, which asks only about the selected, or leave the label out",
        )
    })
}

fn roles_missing(findings: &[Finding]) -> Vec<Note> {
    let missing = findings
        .iter()
        .filter(|finding| finding.reason == Some(Reason::RoleMissing));
    missing
        .map(|finding| {
            warning(
                "check-not-made",
                format!(
                    "the policy asks for {}, which {}",
                    finding.criterion,
                    finding.why.as_deref().unwrap_or("needs a column that was not named")
                ),
                "name the column, or take the check out of the policy",
            )
        })
        .collect()
}

fn below_minimum(run: &Run<'_>, families: &[Family]) -> Option<Note> {
    // Without a minimum, what is not judged has no pass mark.
    if run.policy.inference.min_denominator == 0 {
        return None;
    }
    let count: usize = families.iter().map(|family| family.not_judged).sum();
    (count > 0).then(|| {
        warning(
            "below-minimum",
            format!(
                "{count} comparisons were reported and not judged, because a denominator is below the policy's minimum"
            ),
            "lower --min-denominator to have them judged",
        )
    })
}

fn bare_points(run: &Run<'_>) -> Option<Note> {
    (run.policy.inference.judge == Judge::Point).then(|| {
        warning(
            "point-judged",
            "the verdict rests on bare point estimates, as asked: chance alone makes small groups fail".to_owned(),
            "leave out `judge = \"point\"` to judge the evidence",
        )
    })
}

/// Unequal base rates make predictive parity and equalized odds contradict each other.
fn unlike_base_rates(run: &Run<'_>) -> Option<Note> {
    run.reading.label.as_ref()?;
    let base = RATES.iter().find(|rate| rate.id == "base-rate")?;
    let differ = run.split.partitions.iter().any(|partition| {
        let judged = partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
        let shares: Vec<f64> = judged
            .map(|of| base.counts(&of.members.whole))
            .filter(|(_, all)| *all > 0)
            .map(|(part, all)| part as f64 / all as f64)
            .collect();
        let (low, high) = shares.iter().fold((1.0f64, 0.0f64), |(l, h), s| (l.min(*s), h.max(*s)));
        // A tenth is the default bound of a difference: less could hide in it.
        high - low > 0.1
    });
    let both = run
        .checks
        .iter()
        .filter(|check| check.level == Level::Error && run.can(check))
        .count()
        > 1;
    (differ && both).then(|| Note {
        code: "base-rates-differ".to_owned(),
        severity: Severity::Info,
        message:
            "groups differ in how often the label is positive, so not all criteria can hold at once (Kleinberg 2017)"
                .to_owned(),
        help: Some(
            "decide which criterion fits the harm that you want to prevent, and declare it in a policy".to_owned(),
        ),
    })
}

fn clustering(run: &Run<'_>) -> Option<Note> {
    run.reading.bucket?;
    Some(Note {
        code: "clustered".to_owned(),
        severity: Severity::Info,
        message: format!(
            "rows of the same unit were not counted as independent: intervals use a jackknife over {} groups of units",
            run.split.overall.buckets.len()
        ),
        help: None,
    })
}

/// The policy's own checks took the place of those of its preset.
fn checks_replaced(run: &Run<'_>) -> Option<Note> {
    let preset = find_preset(run.policy.preset.as_deref()?).ok()?;
    (preset.policy.checks != run.policy.checks).then(|| {
        warning(
            "checks-replaced",
            format!(
                "the policy file's own checks replace those of the preset `{}`, which are not made",
                preset.id
            ),
            "leave out [[check]] in the policy to have the preset's, or repeat them there",
        )
    })
}

/// What is published may be less than a rule asks for, or lack what it asks for beside.
fn publication(run: &Run<'_>) -> Vec<Note> {
    let Some(publish) = &run.policy.publication else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    let names: Vec<&str> = run
        .reading
        .attributes
        .iter()
        .map(|attribute| attribute.column.as_str())
        .collect();
    if run.policy.preset.as_deref() == Some("ll144") && names.len() != 2 {
        notes.push(warning(
            "not-all-tables",
            format!(
                "Local Law 144 asks for tables by sex, by race and ethnicity, and by both together; here they are by {}",
                listed(&names, 8)
            ),
            "name the two columns with --protected SEX,RACE",
        ));
    }
    if publish.exclude_below.is_some() && publish.justification.is_none() {
        notes.push(warning(
            "no-justification",
            "categories are left out of the impact ratios without a reason given".to_owned(),
            "add a `justification` under [publication]; 6 RCNY 5-301(d) asks for one",
        ));
    }
    notes
}

/// Intervals that hold together were asked for: how they were made.
pub(super) fn simultaneous(run: &Run<'_>, joints: &[Joint]) -> Note {
    let inference = &run.policy.inference;
    let mut message = if joints.iter().any(|joint| joint.why_not.is_none()) {
        format!(
            "intervals that hold for all comparisons of a level at once come from {} resamples with seed {}",
            thousands(u64::from(inference.replicates)),
            inference.seed
        )
    } else {
        "intervals that hold for all comparisons of a level at once are at Holm's level, which is wider".to_owned()
    };
    let mut reasons: Vec<&str> = joints.iter().filter_map(|joint| joint.why_not.as_deref()).collect();
    reasons.dedup();
    if !reasons.is_empty() {
        message.push_str(&format!("; not resampled: {}", reasons.join("; ")));
    }
    message.push_str(". The verdict does not rest on them");
    Note {
        code: "simultaneous".to_owned(),
        severity: Severity::Info,
        message,
        help: None,
    }
}
