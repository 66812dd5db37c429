//! This module says what the reader has to know beside the numbers.

use crate::catalogue::RATES;
use crate::policy::{Judge, Level};
use crate::positive::looks_missing;
use crate::problem::listed;

use super::model::{Family, Finding, GroupKind, Note, Reason, Sensitivity, Severity, Verdict};
use super::read::Reading;
use super::{Run, spelling, warning};

/// The notes that follow from what was read and found.
pub(super) fn about(run: &Run<'_>, findings: &[Finding], families: &[Family]) -> Vec<Note> {
    let mut notes = Vec::new();
    notes.extend(guessed_events(run.reading));
    notes.extend(several_values(run.reading));
    notes.extend(groups(run));
    notes.extend(one_value(findings));
    notes.extend(one_decision(run));
    notes.extend(roles_missing(findings));
    notes.extend(below_minimum(families));
    notes.extend(bare_points(run));
    notes.extend(unlike_base_rates(run));
    notes.extend(clustering(run));
    notes.extend(strata_beside(run));
    notes
}

/// Nobody said whether the event is good or bad for the person.
pub(super) fn direction(reading: &Reading<'_>, suspect: Option<&str>, verdict: Verdict, otherwise: Verdict) -> Note {
    let (column, positive) = reading.prediction.as_ref().map_or(("", ""), |events| {
        (events.column.column.as_str(), events.column.positive.as_str())
    });
    let (taken, other) = if suspect.is_some() {
        ("bad", "good")
    } else {
        ("good", "bad")
    };
    let because = match suspect {
        Some(word) => format!("because of `{word}` in its name"),
        None => "because nothing in its name says otherwise".to_owned(),
    };
    let same = verdict == otherwise;
    let told = match (same, suspect) {
        (true, _) => format!(
            "The verdict ({}) is the same if it is {other} for them.",
            verdict.word()
        ),
        (false, None) => format!("If it is bad for them, the verdict is {}.", otherwise.word()),
        (false, Some(_)) => format!(
            "If it is bad the verdict is {}, if it is good it is {}: until you say which, it is inconclusive.",
            verdict.word(),
            otherwise.word()
        ),
    };
    let (code, severity) = match (same, suspect) {
        (false, Some(_)) => ("direction-not-declared", Severity::Error),
        (true, Some(_)) => ("direction-not-declared", Severity::Warning),
        (false, None) => ("direction-assumed", Severity::Warning),
        (true, None) => ("direction-assumed", Severity::Info),
    };
    Note {
        code: code.to_owned(),
        severity,
        message: format!("`{column}` = `{positive}` was read as {taken} for the person, {because}. {told}"),
        help: Some("say --adverse if it is bad for them, --adverse=false if it is good".to_owned()),
    }
}

/// Nobody looked at what the rows of unknown group could do.
pub(super) fn missing_not_examined(column: &str, groups: usize) -> Note {
    warning(
        "missing-groups-not-examined",
        format!(
            "whether the rows of unknown `{column}` could change the verdict was not examined: it has {groups} groups"
        ),
        "find out what the missing values are, or report the verdict with this reservation",
    )
}

/// The rows of unknown group could tip the verdict.
pub(super) fn missing_groups_matter(changes: &[Sensitivity]) -> Option<Note> {
    let first = changes.first()?;
    Some(warning(
        "missing-groups-matter",
        format!(
            "rows of unknown group could change the verdict: if {}, it would be {}",
            first.assumption,
            first.verdict.word()
        ),
        "find out what the missing values are, or report the verdict with this reservation",
    ))
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

fn groups(run: &Run<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    for (attribute, partition) in run.reading.attributes.iter().zip(&run.partitions) {
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
    let (rejected, all) = rejection.counts(&run.overall.whole);
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

fn below_minimum(families: &[Family]) -> Option<Note> {
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
    let differ = run.partitions.iter().any(|partition| {
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
            run.overall.buckets.len()
        ),
        help: None,
    })
}

/// Strata are looked at, and do not decide unless a policy says so.
fn strata_beside(run: &Run<'_>) -> Option<Note> {
    let judged_within = run
        .checks
        .iter()
        .any(|check| check.criterion.per_stratum && check.level == Level::Error);
    (!run.reading.strata.is_empty() && !judged_within).then(|| Note {
        code: "strata-beside".to_owned(),
        severity: Severity::Info,
        message: "the verdict is about all strata together; comparisons within each stratum stand beside it".to_owned(),
        help: Some("to judge within strata, declare conditional-statistical-parity in a policy".to_owned()),
    })
}
