//! This module sorts a tally's cells into groups: overall, by each set of attributes, and within strata.

use std::collections::BTreeMap;

use crate::confusion::{Confusion, Event};
use crate::tally::Counts;

use super::model::{Group, GroupKind};
use super::read::{Attribute, Reading};

/// One group: its rows by decision and truth, whole and per bucket.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    pub(super) whole: Confusion,
    /// Per bucket of the repeating unit, when there is one; rows whose unit is missing share a bucket.
    pub(super) buckets: BTreeMap<u32, Confusion>,
    /// How many fewer and how many more may have been selected, where published figures leave that open.
    pub(super) open: Open,
}

/// How many fewer, and how many more, than the number that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) fewer: u64,
    pub(super) more: u64,
}

impl Open {
    fn merge(&mut self, other: Self) {
        self.fewer = self.fewer.saturating_add(other.fewer);
        self.more = self.more.saturating_add(other.more);
    }
}

impl Members {
    fn add(&mut self, bucket: Option<u32>, events: (Event, Event), counts: &Counts) {
        self.whole.add(events.0, events.1, counts);
        // What is open of those who were not selected is the same, the other way round.
        if events.0 == Event::Positive {
            let [fewest, most] = counts.span();
            self.open.merge(Open {
                fewer: counts.n.saturating_sub(fewest),
                more: most.saturating_sub(counts.n),
            });
        }
        if let Some(bucket) = bucket {
            self.buckets.entry(bucket).or_default().add(events.0, events.1, counts);
        }
    }

    /// The rows if as few, and if as many, were selected as published figures allow.
    pub(super) fn ends(&self) -> [Confusion; 2] {
        let Open { fewer, more } = self.open;
        [
            self.whole.redecided(Event::Positive, Event::Negative, fewer),
            self.whole.redecided(Event::Negative, Event::Positive, more),
        ]
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.whole.merge(&other.whole);
        self.open.merge(other.open);
        for (bucket, confusion) in &other.buckets {
            self.buckets.entry(*bucket).or_default().merge(confusion);
        }
    }
}

/// The groups of one set of attributes.
#[derive(Clone)]
pub(super) struct Partition {
    pub(super) by: Vec<String>,
    pub(super) groups: Vec<GroupOf>,
}

/// A group with its name and kind.
#[derive(Clone)]
pub(super) struct GroupOf {
    pub(super) group: Group,
    pub(super) kind: GroupKind,
    /// The attributes whose value is no answer.
    pub(super) silent: Vec<String>,
    pub(super) members: Members,
}

/// Everybody.
pub(super) fn overall(reading: &Reading<'_>) -> Members {
    let mut members = Members::default();
    for (key, counts) in reading.cube.cells().filter(|(key, _)| reading.is_in_total(key)) {
        members.add(bucket(reading, key), reading.events_of(key), counts);
    }
    members
}

/// The groups of a set of attributes, sorted by name; missing values come first.
pub(super) fn partition(reading: &Reading<'_>, set: &[usize]) -> Partition {
    let attributes: Vec<&Attribute> = set.iter().map(|&index| &reading.attributes[index]).collect();
    let mut by_name = ByName::new();
    let cells = reading.cube.cells();
    for (key, counts) in cells.filter(|(key, _)| reading.is_in_set(key, &attributes)) {
        let members = by_name.entry(name_of(&attributes, key)).or_default();
        members.add(bucket(reading, key), reading.events_of(key), counts);
    }
    named(&attributes, by_name)
}

/// The same within each stratum; rows whose stratum is missing are in none.
pub(super) fn stratified(reading: &Reading<'_>, set: &[usize]) -> Vec<(Group, Partition)> {
    let attributes: Vec<&Attribute> = set.iter().map(|&index| &reading.attributes[index]).collect();
    let strata: Vec<&Attribute> = reading.strata.iter().collect();
    let mut by_stratum: BTreeMap<Vec<Option<&str>>, ByName<'_>> = BTreeMap::new();
    for (key, counts) in reading.cube.cells() {
        let stratum = name_of(&strata, key);
        if stratum.iter().all(Option::is_some) {
            let members = by_stratum
                .entry(stratum)
                .or_default()
                .entry(name_of(&attributes, key))
                .or_default();
            members.add(bucket(reading, key), reading.events_of(key), counts);
        }
    }
    by_stratum
        .into_iter()
        .map(|(stratum, by_name)| {
            let columns = strata.iter().map(|attribute| attribute.column.clone());
            let group = columns
                .zip(stratum.iter().map(|text| text.map(str::to_owned)))
                .collect();
            (group, named(&attributes, by_name))
        })
        .collect()
}

type ByName<'r> = BTreeMap<Vec<Option<&'r str>>, Members>;

fn name_of<'r>(attributes: &[&'r Attribute], key: &[u32]) -> Vec<Option<&'r str>> {
    attributes
        .iter()
        .map(|attribute| attribute.by_level[key[attribute.position] as usize].as_deref())
        .collect()
}

pub(super) fn bucket(reading: &Reading<'_>, key: &[u32]) -> Option<u32> {
    reading.bucket.map(|position| key[position])
}

fn named(attributes: &[&Attribute], by_name: ByName<'_>) -> Partition {
    let groups = by_name
        .into_iter()
        .map(|(name, members)| {
            let values = || attributes.iter().zip(&name);
            let is_silent =
                |(a, text): &(&&Attribute, &Option<&str>)| a.non_answers.iter().any(|n| Some(n.as_str()) == **text);
            let silent: Vec<String> = values().filter(is_silent).map(|(a, _)| a.column.clone()).collect();
            let kind = match () {
                () if name.iter().any(Option::is_none) => GroupKind::Missing,
                () if !silent.is_empty() => GroupKind::NonAnswer,
                () => GroupKind::Judged,
            };
            let group = values()
                .map(|(a, text)| (a.column.clone(), text.map(str::to_owned)))
                .collect();
            GroupOf {
                group,
                kind,
                silent,
                members,
            }
        })
        .collect();
    Partition {
        by: attributes.iter().map(|attribute| attribute.column.clone()).collect(),
        groups,
    }
}
