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
}

impl Members {
    fn add(&mut self, bucket: Option<u32>, events: (Event, Event), counts: &Counts) {
        self.whole.add(events.0, events.1, counts);
        if let Some(bucket) = bucket {
            self.buckets.entry(bucket).or_default().add(events.0, events.1, counts);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.whole.merge(&other.whole);
        for (bucket, confusion) in &other.buckets {
            self.buckets.entry(*bucket).or_default().merge(confusion);
        }
    }
}

/// The groups of one set of attributes.
pub(super) struct Partition {
    pub(super) by: Vec<String>,
    pub(super) groups: Vec<GroupOf>,
}

/// A group with its name and kind.
#[derive(Clone)]
pub(super) struct GroupOf {
    pub(super) group: Group,
    pub(super) kind: GroupKind,
    pub(super) members: Members,
}

/// Everybody.
pub(super) fn overall(reading: &Reading<'_>) -> Members {
    let mut members = Members::default();
    for (key, counts) in reading.cube.cells() {
        members.add(bucket(reading, key), reading.events_of(key), counts);
    }
    members
}

/// The groups of a set of attributes, sorted by name; missing values come first.
pub(super) fn partition(reading: &Reading<'_>, set: &[usize]) -> Partition {
    let attributes: Vec<&Attribute> = set.iter().map(|&index| &reading.attributes[index]).collect();
    let by_name = split(reading, &attributes, |_| true);
    named(&attributes, by_name)
}

/// The same within each stratum; rows whose stratum is missing are in none.
pub(super) fn stratified(reading: &Reading<'_>, set: &[usize]) -> Vec<(Group, Partition)> {
    let attributes: Vec<&Attribute> = set.iter().map(|&index| &reading.attributes[index]).collect();
    let strata: Vec<&Attribute> = reading.strata.iter().collect();
    let mut names: Vec<Vec<Option<&str>>> = reading
        .cube
        .cells()
        .map(|(key, _)| name_of(&strata, key))
        .filter(|name| name.iter().all(Option::is_some))
        .collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|stratum| {
            let by_name = split(reading, &attributes, |key| name_of(&strata, key) == stratum);
            let columns = strata.iter().map(|attribute| attribute.column.clone());
            let group = columns
                .zip(stratum.iter().map(|text| text.map(str::to_owned)))
                .collect();
            (group, named(&attributes, by_name))
        })
        .collect()
}

type ByName<'r> = BTreeMap<Vec<Option<&'r str>>, Members>;

fn split<'r>(reading: &'r Reading<'_>, attributes: &[&'r Attribute], keep: impl Fn(&[u32]) -> bool) -> ByName<'r> {
    let mut by_name = ByName::new();
    for (key, counts) in reading.cube.cells().filter(|(key, _)| keep(key)) {
        let members = by_name.entry(name_of(attributes, key)).or_default();
        members.add(bucket(reading, key), reading.events_of(key), counts);
    }
    by_name
}

fn name_of<'r>(attributes: &[&'r Attribute], key: &[u32]) -> Vec<Option<&'r str>> {
    attributes
        .iter()
        .map(|attribute| attribute.by_level[key[attribute.position] as usize].as_deref())
        .collect()
}

fn bucket(reading: &Reading<'_>, key: &[u32]) -> Option<u32> {
    reading.bucket.map(|position| key[position])
}

fn named(attributes: &[&Attribute], by_name: ByName<'_>) -> Partition {
    let groups = by_name
        .into_iter()
        .map(|(name, members)| {
            let values = || attributes.iter().zip(&name);
            let kind = match () {
                () if name.iter().any(Option::is_none) => GroupKind::Missing,
                () if values().any(|(a, text)| a.non_answers.iter().any(|n| Some(n.as_str()) == *text)) => {
                    GroupKind::NonAnswer
                }
                () => GroupKind::Judged,
            };
            let group = values()
                .map(|(a, text)| (a.column.clone(), text.map(str::to_owned)))
                .collect();
            GroupOf { group, kind, members }
        })
        .collect();
    Partition {
        by: attributes.iter().map(|attribute| attribute.column.clone()).collect(),
        groups,
    }
}
