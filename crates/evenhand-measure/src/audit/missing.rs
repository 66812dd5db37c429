//! This module asks what the verdict would be if the rows without a group belonged to this group or that.

use crate::catalogue::SELECTION_RATE;
use crate::confusion::{Confusion, Event};
use crate::policy::Level;

use super::Run;
use super::groups::{GroupOf, Members, Open, Partition};
use super::model::{Group, GroupKind, Sensitivity, Verdict};
use super::verdict;

/// Each group means three more runs over all comparisons; beyond this many the answer is not worth the wait.
pub(super) const MOST_GROUPS: usize = 20;

/// Which of the rows of unknown group go to a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Selected,
    Rejected,
}

/// The verdict under each assignment of unknown groups: all, the selected or the rejected to one group, and
/// the selected to one and the rejected to the other of the two groups that differ most.
pub(super) fn assign(run: &Run<'_>, verdict: Verdict) -> Vec<Sensitivity> {
    let mut found = Vec::new();
    for partition in run.split.partitions.iter().filter(|partition| partition.by.len() == 1) {
        let column = &partition.by[0];
        let known: Vec<&str> = partition
            .groups
            .iter()
            .filter(|of| of.kind == GroupKind::Judged)
            .filter_map(|of| of.group.get(column)?.as_deref())
            .collect();
        if known.len() == partition.groups.len() || !(2..=MOST_GROUPS).contains(&known.len()) {
            continue;
        }
        let (low, high) = (extreme(partition, column, false), extreme(partition, column, true));
        let mut scenarios: Vec<Vec<(&str, Part)>> = Vec::new();
        for &receiver in &known {
            scenarios.extend([Part::All, Part::Selected, Part::Rejected].map(|part| vec![(receiver, part)]));
        }
        if let (Some(low), Some(high)) = (low, high) {
            // The farthest apart, and the nearest together, that these two can be brought.
            scenarios.push(vec![(high, Part::Selected), (low, Part::Rejected)]);
            scenarios.push(vec![(low, Part::Selected), (high, Part::Rejected)]);
        }
        for scenario in scenarios {
            let assumed: Vec<Partition> = run
                .split
                .partitions
                .iter()
                .map(|p| {
                    scenario
                        .iter()
                        .fold(copied(p), |p, &(receiver, part)| given_to(&p, column, receiver, part))
                })
                .collect();
            let within = |strata: &Vec<(Group, Partition)>| -> Vec<(Group, Partition)> {
                let given = |partition: &Partition| {
                    scenario.iter().fold(copied(partition), |p, &(receiver, part)| {
                        given_to(&p, column, receiver, part)
                    })
                };
                strata
                    .iter()
                    .map(|(name, partition)| (name.clone(), given(partition)))
                    .collect()
            };
            let strata = run.split.strata.iter().map(within).collect();
            let changed = run.with(run.split.overall.clone(), assumed, strata);
            let otherwise = verdict::overall(&changed.family(Level::Error));
            let clauses: Vec<String> = scenario
                .iter()
                .map(|&(receiver, part)| clause(run, column, receiver, part))
                .collect();
            found.push(Sensitivity {
                code: "unknown-group-assigned".to_owned(),
                assumption: clauses.join(" and "),
                verdict: otherwise,
                changes: otherwise != verdict,
            });
        }
    }
    found
}

/// The attributes whose unknown rows were not assigned, because they have too many groups.
pub(super) fn unexamined<'r>(run: &'r Run<'_>) -> impl Iterator<Item = (&'r str, usize)> {
    run.split
        .partitions
        .iter()
        .filter(|partition| partition.by.len() == 1)
        .filter_map(|partition| {
            let known = partition
                .groups
                .iter()
                .filter(|of| of.kind == GroupKind::Judged)
                .count();
            (known > MOST_GROUPS && known < partition.groups.len()).then(|| (partition.by[0].as_str(), known))
        })
}

/// The group with the lowest, or highest, selection rate.
fn extreme<'p>(partition: &'p Partition, column: &str, highest: bool) -> Option<&'p str> {
    let share = |of: &GroupOf| {
        let (selected, all) = SELECTION_RATE.counts(&of.members.whole);
        (all > 0).then(|| selected as f64 / all as f64)
    };
    let judged = partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
    let with_share = judged.filter_map(|of| Some((share(of)?, of)));
    // Among equals the first is the lowest and the last the highest, so that the two are never one.
    let better = |a: f64, b: f64| if highest { a >= b } else { a < b };
    let found = with_share.reduce(|kept, next| if better(next.0, kept.0) { next } else { kept })?;
    found.1.group.get(column)?.as_deref()
}

fn copied(partition: &Partition) -> Partition {
    Partition {
        by: partition.by.clone(),
        groups: partition.groups.clone(),
    }
}

fn clause(run: &Run<'_>, column: &str, receiver: &str, part: Part) -> String {
    let decision = run.reading.prediction.as_ref().map(|events| &events.column);
    let which = match (part, decision) {
        (Part::Selected, Some(d)) => format!(" with `{}` = `{}`", d.column, d.positive),
        (Part::Rejected, Some(d)) => format!(" without `{}` = `{}`", d.column, d.positive),
        _ => String::new(),
    };
    format!("everyone{which} whose `{column}` is not known belongs to `{receiver}`")
}

/// A partition after the rows whose `column` is unknown went to `receiver`, the rest of their group unchanged.
fn given_to(partition: &Partition, column: &str, receiver: &str, part: Part) -> Partition {
    let mut groups = partition.groups.clone();
    if partition.by.iter().any(|by| by == column) {
        for unknown in partition.groups.iter().filter(|of| of.kind != GroupKind::Judged) {
            let mut name = unknown.group.clone();
            if name.get(column).is_some_and(|value| value.as_deref() == Some(receiver)) {
                // Unknown in another attribute of the intersection.
                continue;
            }
            name.insert(column.to_owned(), Some(receiver.to_owned()));
            let goes = taken(&unknown.members, part);
            match groups.iter_mut().find(|of| of.group == name) {
                Some(of) => of.members.merge(&goes),
                // The intersection had nobody in it until now.
                None if answers_elsewhere(partition, &name, column) => {
                    groups.push(GroupOf {
                        group: name,
                        kind: GroupKind::Judged,
                        silent: Vec::new(),
                        members: goes,
                    });
                }
                None => {}
            }
        }
    }
    Partition {
        by: partition.by.clone(),
        groups,
    }
}

/// Whether a group's other attributes are known groups, so that only `column` stood between it and being judged.
fn answers_elsewhere(partition: &Partition, name: &Group, column: &str) -> bool {
    name.iter().filter(|(other, _)| *other != column).all(|(other, value)| {
        partition
            .groups
            .iter()
            .any(|of| of.kind == GroupKind::Judged && of.group.get(other) == Some(value))
    })
}

fn taken(members: &Members, part: Part) -> Members {
    let of = |confusion: &Confusion| match part {
        Part::All => confusion.clone(),
        Part::Selected => confusion.only(Event::Positive),
        Part::Rejected => confusion.only(Event::Negative),
    };
    Members {
        whole: of(&members.whole),
        buckets: members
            .buckets
            .iter()
            .map(|(bucket, confusion)| (*bucket, of(confusion)))
            .collect(),
        // A part of a group takes the counts that are shown: where they are open as well, both are unknown at once.
        open: if part == Part::All {
            members.open
        } else {
            Open::default()
        },
    }
}
