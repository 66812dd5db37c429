//! This module asks what the verdict would be under other assumptions: another reference, another bound, the bare
//! rule of thumb, labels and decisions that are missing. What rows of unknown group could do is in `missing`.

use std::collections::BTreeMap;

use crate::confusion::Event;
use crate::inference::Comparison;
use crate::policy::{Check, Judge, Level, Policy};

use super::Run;
use super::groups::{GroupOf, Members, Partition};
use super::missing::MOST_GROUPS;
use super::model::{GroupKind, Sensitivity, Verdict};
use super::verdict;

/// Past this many comparisons each further assumption would cost more than the audit.
pub(super) const MOST_COMPARISONS: usize = 5_000;

/// The verdict under each other assumption.
pub(super) fn examine(run: &Run<'_>, verdict: Verdict) -> Vec<Sensitivity> {
    let mut found = references(run, verdict);
    found.extend(bounds(run, verdict));
    found.extend(bare_points(run, verdict));
    found.extend(labels(run, verdict));
    found.extend(decisions(run, verdict));
    found
}

fn otherwise(code: &str, assumption: String, verdict: Verdict, other: Verdict) -> Sensitivity {
    Sensitivity {
        code: code.to_owned(),
        assumption,
        verdict: other,
        changes: other != verdict,
    }
}

/// Each group in turn as the one that all others are compared with.
fn references(run: &Run<'_>, verdict: Verdict) -> Vec<Sensitivity> {
    let mut found = Vec::new();
    let mut try_with = |reference: BTreeMap<String, String>, assumption: String| {
        let mut policy = run.policy.clone();
        policy.inference.reference = reference;
        let other = verdict::overall(&run.under(&policy, run.checks).family(Level::Error));
        found.push(otherwise("reference-changed", assumption, verdict, other));
    };
    let declared = &run.policy.inference.reference;
    if !declared.is_empty() {
        try_with(BTreeMap::new(), "no reference were declared".to_owned());
    }
    for partition in run.split.partitions.iter().filter(|partition| partition.by.len() == 1) {
        let column = &partition.by[0];
        let judged = partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
        let names: Vec<&str> = judged.filter_map(|of| of.group.get(column)?.as_deref()).collect();
        if !(2..=MOST_GROUPS).contains(&names.len()) {
            continue;
        }
        for name in names
            .into_iter()
            .filter(|name| declared.get(column).map(String::as_str) != Some(*name))
        {
            let mut reference = declared.clone();
            reference.insert(column.clone(), name.to_owned());
            try_with(reference, format!("`{column}` = `{name}` were the reference"));
        }
    }
    found
}

/// Bounds half as far from equality, and half as far again.
fn bounds(run: &Run<'_>, verdict: Verdict) -> Vec<Sensitivity> {
    let mut found = Vec::new();
    for (index, check) in run.checks.iter().enumerate() {
        let Some(bound) = check.bound.filter(|_| check.level == Level::Error && run.can(check)) else {
            continue;
        };
        for factor in [0.5, 1.5] {
            let moved = match check.criterion.comparison {
                Comparison::Ratio => 1.0 - (1.0 - bound) * factor,
                Comparison::Difference => bound * factor,
            };
            // Two digits more than a bound has; 1 - 0.2 * 1.5 is then 0.7.
            let moved = (moved * 1e6).round() / 1e6;
            if crate::policy::check_bound(check.criterion, moved).is_err() {
                continue;
            }
            let mut checks: Vec<Check> = run.checks.to_vec();
            checks[index].bound = Some(moved);
            let other = verdict::overall(&run.under(run.policy, &checks).family(Level::Error));
            let assumption = format!("the bound of {} were {moved} instead of {bound}", check.criterion.id);
            found.push(otherwise("bound-changed", assumption, verdict, other));
        }
    }
    found
}

/// The same bounds held against the bare estimates.
fn bare_points(run: &Run<'_>, verdict: Verdict) -> Option<Sensitivity> {
    let mut policy: Policy = run.policy.clone();
    let (judge, assumption) = match policy.inference.judge {
        Judge::Interval => (
            Judge::Point,
            "bare estimates were judged and chance left out of account",
        ),
        Judge::Point => (Judge::Interval, "the evidence were judged and not the bare estimates"),
    };
    policy.inference.judge = judge;
    let other = verdict::overall(&run.under(&policy, run.checks).family(Level::Error));
    Some(otherwise("judge-changed", assumption.to_owned(), verdict, other))
}

/// Which labels those whose label is missing get.
#[derive(Clone, Copy)]
enum Given<'g> {
    /// All the same.
    All(Event),
    /// What lowers the true positive rate of one group and raises the others', or the other way round.
    Apart { group: &'g GroupOf, lowered: bool },
}

/// Missing labels filled in: all positive, all negative, and to the disadvantage or advantage of each group.
fn labels(run: &Run<'_>, verdict: Verdict) -> Vec<Sensitivity> {
    let unlabelled =
        run.split.overall.whole.selected_unlabelled.rows + run.split.overall.whole.rejected_unlabelled.rows;
    let Some(label) = run.reading.label.as_ref().filter(|_| unlabelled > 0) else {
        return Vec::new();
    };
    let column = &label.column.column;
    let mut found = Vec::new();
    let mut try_with = |given: Given<'_>, assumption: String| {
        let other = verdict::overall(&changed(run, &|members, of| label_all(members, given, of)).family(Level::Error));
        found.push(otherwise("unknown-label-assigned", assumption, verdict, other));
    };
    for (event, words) in [(Event::Positive, "were"), (Event::Negative, "were not")] {
        let assumption = format!("every missing `{column}` {words} `{}`", label.column.positive);
        try_with(Given::All(event), assumption);
    }
    for partition in run.split.partitions.iter().filter(|partition| partition.by.len() == 1) {
        let judged = || partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
        if judged().count() > MOST_GROUPS {
            continue;
        }
        for group in judged() {
            let name = group.group.values().flatten().next().map_or("", String::as_str);
            for (lowered, words) in [(true, "lowers"), (false, "raises")] {
                let assumption = format!(
                    "every missing `{column}` were what {words} the true positive rate of `{}` = `{name}` most, and the \
                     opposite for the others",
                    partition.by[0]
                );
                try_with(Given::Apart { group, lowered }, assumption);
            }
        }
    }
    found
}

/// The same data with the rows of every group changed.
fn changed<'a>(run: &Run<'a>, change: &dyn Fn(&Members, Option<&GroupOf>) -> Members) -> Run<'a> {
    let of_partition = |partition: &Partition| Partition {
        by: partition.by.clone(),
        groups: partition
            .groups
            .iter()
            .map(|of| GroupOf {
                members: change(&of.members, Some(of)),
                ..of.clone()
            })
            .collect(),
    };
    let strata = run.split.strata.iter().map(|strata| {
        let within = strata
            .iter()
            .map(|(name, partition)| (name.clone(), of_partition(partition)));
        within.collect()
    });
    run.with(
        change(&run.split.overall, None),
        run.split.partitions.iter().map(of_partition).collect(),
        strata.collect(),
    )
}

/// Missing decisions filled in: all one way, and against or for each group.
fn decisions(run: &Run<'_>, verdict: Verdict) -> Vec<Sensitivity> {
    let whole = &run.split.overall.whole;
    let undecided = whole.positive_unpredicted.rows + whole.negative_unpredicted.rows + whole.unknown.rows;
    let Some(decision) = run.reading.prediction.as_ref().filter(|_| undecided > 0) else {
        return Vec::new();
    };
    let (column, positive) = (&decision.column.column, &decision.column.positive);
    let mut found = Vec::new();
    let mut try_with = |event: &dyn Fn(Option<&GroupOf>) -> Event, assumption: String| {
        let decided = |members: &Members, of: Option<&GroupOf>| {
            let event = event(of);
            Members {
                whole: members.whole.decided(event),
                buckets: members
                    .buckets
                    .iter()
                    .map(|(b, confusion)| (*b, confusion.decided(event)))
                    .collect(),
                open: members.open,
            }
        };
        let other = verdict::overall(&changed(run, &decided).family(Level::Error));
        found.push(otherwise("unknown-decision-assigned", assumption, verdict, other));
    };
    for (event, words) in [(Event::Positive, "were"), (Event::Negative, "were not")] {
        try_with(&|_| event, format!("every missing `{column}` {words} `{positive}`"));
    }
    for partition in run.split.partitions.iter().filter(|partition| partition.by.len() == 1) {
        let judged = || partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
        if judged().count() > MOST_GROUPS {
            continue;
        }
        for group in judged() {
            let name = group.group.values().flatten().next().map_or("", String::as_str);
            for (inside, words) in [(Event::Positive, "were"), (Event::Negative, "were not")] {
                let outside = if inside == Event::Positive {
                    Event::Negative
                } else {
                    Event::Positive
                };
                let event = |of: Option<&GroupOf>| {
                    if of.is_some_and(|of| is_within(of, group)) {
                        inside
                    } else {
                        outside
                    }
                };
                let assumption = format!(
                    "every missing `{column}` of `{}` = `{name}` {words} `{positive}`, and the opposite for the others",
                    partition.by[0]
                );
                try_with(&event, assumption);
            }
        }
    }
    found
}

/// Whether a group, perhaps of an intersection, is part of another.
fn is_within(of: &GroupOf, group: &GroupOf) -> bool {
    !of.group.is_empty()
        && group
            .group
            .iter()
            .all(|(column, value)| of.group.get(column) == Some(value))
}

/// A group's rows with every missing label given.
fn label_all(members: &Members, given: Given<'_>, of: Option<&GroupOf>) -> Members {
    let (selected, rejected) = match given {
        Given::All(event) => (event, event),
        Given::Apart { group, lowered } => {
            let inside = of.is_some_and(|of| {
                let held = group
                    .group
                    .iter()
                    .all(|(column, value)| of.group.get(column) == Some(value));
                held && !of.group.is_empty()
            });
            // Misses lower a true positive rate most, hits raise it most.
            if inside == lowered {
                (Event::Negative, Event::Positive)
            } else {
                (Event::Positive, Event::Negative)
            }
        }
    };
    let label = |confusion: &crate::Confusion| confusion.labelled(selected, rejected);
    Members {
        whole: label(&members.whole),
        buckets: members
            .buckets
            .iter()
            .map(|(bucket, confusion)| (*bucket, label(confusion)))
            .collect(),
        open: members.open,
    }
}
