//! This module asks what the verdict would be if the rows without a group belonged to this group or that.

use crate::confusion::{Confusion, Event};
use crate::policy::Level;

use super::Run;
use super::groups::{GroupOf, Members, Partition};
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

/// The assignments of unknown groups that would change `verdict`: all to one group, and the selected or the
/// rejected alone, which is as bad for it, or for the others, as it can get.
pub(super) fn assign(run: &Run<'_>, verdict: Verdict) -> Vec<Sensitivity> {
    let mut changes = Vec::new();
    for partition in run.partitions.iter().filter(|partition| partition.by.len() == 1) {
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
        for receiver in known {
            for part in [Part::All, Part::Selected, Part::Rejected] {
                let assumed: Vec<Partition> = run
                    .partitions
                    .iter()
                    .map(|p| given_to(p, column, receiver, part))
                    .collect();
                let otherwise = verdict::overall(&run.family(Level::Error, &assumed));
                if otherwise != verdict {
                    changes.push(Sensitivity {
                        code: "unknown-group-assigned".to_owned(),
                        assumption: clause(run, column, receiver, part),
                        verdict: otherwise,
                    });
                }
            }
        }
    }
    changes
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
    }
}
