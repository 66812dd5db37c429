//! This module lists the cells that rows are resampled from: groups of every set of attributes at once, by decision and
//! label.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Rate;
use crate::confusion::{Confusion, Event};
use crate::inference::resampling::{Part, Share};
use crate::tally::Counts;

use super::Run;
use super::groups::{GroupOf, Partition};
use super::model::Group;
use super::read::Attribute;

/// The decision and the label of a row.
pub(super) type Events = (Event, Event);

/// The place of a row's group in each set of attributes, where it has one; its decision and label.
pub(super) type Kind = (Vec<Option<usize>>, Events);

/// Rows that are in the same groups and have the same decision and label.
pub(super) struct Cell {
    pub(super) rows: u64,
    /// The rows with a little added, so that what nobody happened to be in is not taken for impossible.
    pub(super) smoothed: f64,
    /// The places of its groups.
    pub(super) places: Vec<usize>,
    pub(super) events: Events,
}

/// The numbers of groups, over all sets of attributes that take part.
pub(super) struct Places<'r> {
    pub(super) sets: Vec<Set<'r>>,
}

/// The groups of one set of attributes, by their values.
pub(super) struct Set<'r> {
    partition: &'r Partition,
    attributes: Vec<&'r Attribute>,
    places: BTreeMap<Vec<Option<&'r str>>, usize>,
}

impl<'r> Places<'r> {
    /// Numbers the groups that are wanted, of the sets that take part.
    pub(super) fn of(
        run: &'r Run<'_>,
        takes_part: impl Fn(&Partition) -> bool,
        is_wanted: impl Fn(&GroupOf) -> bool,
    ) -> Self {
        let mut count = 0;
        let mut sets = Vec::new();
        let all = run.split.partitions.iter().zip(&run.reading.sets);
        for (partition, set) in all.filter(|(partition, _)| takes_part(partition)) {
            let wanted = partition.groups.iter().filter(|of| is_wanted(of));
            let places: BTreeMap<_, _> = wanted.map(|of| name(partition, &of.group)).zip(count..).collect();
            count += places.len();
            sets.push(Set {
                partition,
                attributes: set.iter().map(|&index| &run.reading.attributes[index]).collect(),
                places,
            });
        }
        Self { sets }
    }

    /// The number of a group.
    pub(super) fn place(&self, by: &[String], group: &Group) -> Option<usize> {
        let set = self.sets.iter().find(|set| set.partition.by == by)?;
        set.places.get(&name(set.partition, group)).copied()
    }
}

impl Set<'_> {
    fn of_key(&self, key: &[u32]) -> Option<usize> {
        let values = self.attributes.iter();
        let name: Vec<Option<&str>> = values
            .map(|attribute| attribute.by_level[key[attribute.position] as usize].as_deref())
            .collect();
        self.places.get(&name).copied()
    }
}

/// A group's values in the order of the set's columns.
fn name<'g>(partition: &Partition, group: &'g Group) -> Vec<Option<&'g str>> {
    let value = |column: &String| group.get(column).and_then(Option::as_deref);
    partition.by.iter().map(value).collect()
}

/// How many rows there are of each kind.
pub(super) fn kinds(run: &Run<'_>, places: &Places<'_>) -> BTreeMap<Kind, u64> {
    let mut rows = BTreeMap::new();
    for (key, counts) in run.reading.cube.cells() {
        let groups = places.sets.iter().map(|set| set.of_key(key)).collect();
        *rows.entry((groups, run.reading.events_of(key))).or_default() += counts.n;
    }
    rows
}

/// The cells of a run: of all groups that there are together, with each decision and label that there is.
pub(super) fn cells(run: &Run<'_>, places: &Places<'_>) -> Vec<Cell> {
    let rows = kinds(run, places);
    let groups: BTreeSet<&Vec<Option<usize>>> = rows.keys().map(|(groups, _)| groups).collect();
    let events: BTreeSet<Events> = rows.keys().map(|(_, events)| *events).collect();
    // A half for each group and outcome of the largest set of attributes, spread over the groups of all sets together.
    let largest = places.sets.iter().map(|set| set.places.len()).max().unwrap_or(1);
    let added = 0.5 * (largest as f64 / groups.len().max(1) as f64).min(1.0);
    let mut cells = Vec::new();
    for &groups in &groups {
        for &events in &events {
            let rows = rows.get(&(groups.clone(), events)).copied().unwrap_or(0);
            cells.push(Cell {
                rows,
                smoothed: rows as f64 + added,
                places: groups.iter().flatten().copied().collect(),
                events,
            });
        }
    }
    cells
}

/// The buckets of clusters, each with what it adds to every group.
pub(super) fn buckets(run: &Run<'_>, places: &Places<'_>, outcomes: &Outcomes) -> Vec<Vec<Part>> {
    let numbers: Vec<u32> = run.split.overall.buckets.keys().copied().collect();
    let mut buckets = vec![Vec::new(); numbers.len()];
    for set in &places.sets {
        for of in &set.partition.groups {
            let Some(&group) = set.places.get(&name(set.partition, &of.group)) else {
                continue;
            };
            for (bucket, confusion) in &of.members.buckets {
                if let Ok(index) = numbers.binary_search(bucket) {
                    buckets[index].extend(outcomes.parts(group, confusion));
                }
            }
        }
    }
    buckets
}

/// Every decision and label that a row of a run can have, in an order of their own.
pub(super) struct Outcomes(Vec<Events>);

impl Outcomes {
    /// Those that there are.
    pub(super) fn of(run: &Run<'_>) -> Self {
        let events = run.reading.cube.cells().map(|(key, _)| run.reading.events_of(key));
        let there: BTreeSet<Events> = events.collect();
        Self(there.into_iter().collect())
    }

    /// The number of one.
    pub(super) fn place(&self, events: Events) -> Option<usize> {
        self.0.iter().position(|&known| known == events)
    }

    /// Which of them a rate counts, and is a share of.
    pub(super) fn share(&self, rate: &Rate) -> Share {
        let counted = |&(prediction, label): &Events| {
            let mut one = Confusion::default();
            one.add(prediction, label, &Counts::of(1));
            rate.counts(&one)
        };
        let counted: Vec<(u64, u64)> = self.0.iter().map(counted).collect();
        let which =
            |is_in: &dyn Fn(&(u64, u64)) -> bool| (0..counted.len()).filter(|&at| is_in(&counted[at])).collect();
        Share {
            inside: which(&|(inside, _)| *inside > 0),
            all: which(&|(_, all)| *all > 0),
        }
    }

    /// The rows of a group, apart by outcome.
    pub(super) fn parts(&self, group: usize, confusion: &Confusion) -> Vec<Part> {
        let rows = |&(prediction, label): &Events| confusion.mass(prediction, label).rows;
        let parts = self.0.iter().enumerate().map(|(outcome, events)| Part {
            group,
            outcome,
            rows: rows(events),
        });
        parts.filter(|part| part.rows > 0).collect()
    }
}
