//! This module sorts the rows of every group by what both models decided and what really happened.

use std::collections::BTreeMap;

use super::super::groups::bucket;
use super::super::model::Group;
use super::super::read::{Attribute, Events, Reading};
use crate::catalogue::Rate;
use crate::confusion::{Event, cell};
use crate::inference::paired::{Paired, linear};

/// What the other model decided, what the audited one did, and what happened; and the unit, where rows repeat.
type Key = (Option<u32>, Event, Event, Event);

/// The rows of each group of a set of attributes, and the same within each stratum.
pub(super) struct Rows {
    by: Vec<String>,
    groups: BTreeMap<(Group, Group), BTreeMap<Key, u64>>,
}

impl Rows {
    pub(super) fn of(reading: &Reading<'_>, set: &[usize]) -> Self {
        let attributes: Vec<&Attribute> = set.iter().map(|&index| &reading.attributes[index]).collect();
        let strata: Vec<&Attribute> = reading.strata.iter().collect();
        let mut by_codes: BTreeMap<Vec<u32>, BTreeMap<Key, u64>> = BTreeMap::new();
        for (key, counts) in reading.cube.cells() {
            let codes = attributes.iter().chain(&strata).map(|of| key[of.position]).collect();
            let rows = by_codes
                .entry(codes)
                .or_default()
                .entry(of_cell(reading, key))
                .or_default();
            *rows += counts.n;
        }
        let mut groups: BTreeMap<(Group, Group), BTreeMap<Key, u64>> = BTreeMap::new();
        for (codes, rows) in by_codes {
            let (own, others) = codes.split_at(attributes.len());
            let group = named(&attributes, own);
            let within = named(&strata, others);
            let mut add = |within: Group| {
                let known = groups.entry((within, group.clone())).or_default();
                for (key, n) in &rows {
                    *known.entry(*key).or_default() += n;
                }
            };
            add(Group::new());
            if !within.is_empty() && within.values().all(Option::is_some) {
                add(within);
            }
        }
        let by = attributes.iter().map(|of| of.column.clone()).collect();
        Self { by, groups }
    }

    pub(super) fn of_everybody(reading: &Reading<'_>) -> Self {
        let mut rows: BTreeMap<Key, u64> = BTreeMap::new();
        for (key, counts) in reading.cube.cells() {
            *rows.entry(of_cell(reading, key)).or_default() += counts.n;
        }
        Self {
            by: Vec::new(),
            groups: BTreeMap::from([((Group::new(), Group::new()), rows)]),
        }
    }

    pub(super) fn by(&self) -> &[String] {
        &self.by
    }

    /// How many rows both models decided, and how many of them not in the same way.
    pub(super) fn differing(&self) -> (u64, u64) {
        let rows = self.groups.iter().filter(|((within, _), _)| within.is_empty());
        let known = rows
            .flat_map(|(_, rows)| rows)
            .filter(|((_, before, now, _), _)| *before != Event::Unknown && *now != Event::Unknown);
        known.fold((0, 0), |(all, differ), ((_, before, now, _), n)| {
            (all + n, if before == now { differ } else { differ + n })
        })
    }

    /// The rows of a group as a rate counts them; the other model is the first answer.
    pub(super) fn kinds(
        &self,
        within: &Group,
        group: &Group,
        rate: &Rate,
        complement: bool,
    ) -> Option<Vec<linear::Rows>> {
        let rows = self.groups.get(&(within.clone(), group.clone()))?;
        let needs = rate.needs();
        let counted = |decided: Event, happened: Event| {
            let cell = cell(decided, happened, needs).filter(|cell| rate.denominator.contains(*cell))?;
            Some(rate.numerator.contains(cell) != complement)
        };
        let kind = |(&(unit, before, now, happened), &n): (&Key, &u64)| linear::Rows {
            n,
            first: counted(before, happened),
            second: counted(now, happened),
            unit,
        };
        Some(rows.iter().map(kind).collect())
    }
}

fn of_cell(reading: &Reading<'_>, key: &[u32]) -> Key {
    let event = |events: &Option<Events>| {
        events
            .as_ref()
            .map_or(Event::Unknown, |events| events.by_level[key[events.position] as usize])
    };
    (
        bucket(reading, key),
        event(&reading.compared),
        event(&reading.prediction),
        event(&reading.label),
    )
}

fn named(attributes: &[&Attribute], codes: &[u32]) -> Group {
    let name = |(of, code): (&&Attribute, &u32)| (of.column.clone(), of.by_level[*code as usize].clone());
    attributes.iter().zip(codes).map(name).collect()
}

/// The pairs of a rate that is a share of the same rows by either model, the audited one first; and the rows that one of
/// the models did not decide.
pub(super) fn four_cells(kinds: &[linear::Rows]) -> (Paired, u64) {
    let mut pairs = Paired {
        both: 0,
        first: 0,
        second: 0,
        neither: 0,
    };
    let mut left_out = 0;
    for of in kinds {
        match (of.second, of.first) {
            (Some(true), Some(true)) => pairs.both += of.n,
            (Some(true), Some(false)) => pairs.first += of.n,
            (Some(false), Some(true)) => pairs.second += of.n,
            (Some(false), Some(false)) => pairs.neither += of.n,
            (None, None) => {}
            _ => left_out += of.n,
        }
    }
    (pairs, left_out)
}
