//! This module finds the numbers at given places in the order of a column, without keeping the column.
//!
//! Each pass counts the numbers by the next bits of their place in the order of all numbers (a radix search), only
//! among those that begin as the wanted ones do. There are at most four passes, and one when the column has few
//! different numbers. A pass is a tally like any other, so values are read, taken for missing and refused as they are
//! when decisions are counted, and threads, files and frames add up in any order.

use std::collections::BTreeMap;

use evenhand_measure::Problem;
use evenhand_measure::tally::Level;

use crate::kernel::{Partial, Sieve, Unusable, from_rank_bits};
use crate::plan::{Plan, Purpose, Slot};

/// A number of a column, and where its rows stand in the order of all rows that have one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) number: f64,
    /// How many rows have a smaller number.
    pub(crate) below: u64,
    /// How many rows have this one.
    pub(crate) rows: u64,
}

/// The numbers of one column in their order. `count` counts all rows by the plan that it is given.
pub(crate) struct Order<'a, F> {
    plan: &'a Plan,
    slot: usize,
    count: F,
    /// What the first pass counted, with which every search begins.
    first: BTreeMap<String, u64>,
}

/// A number that is looked for: by how it begins, and how many that begin so are before it.
#[derive(Clone, Debug)]
struct Wanted {
    place: u64,
    /// Hexadecimal digits; with all sixteen the number is found.
    start: String,
    before: u64,
    /// How many rows begin so.
    rows: u64,
}

/// How many digits a number has that is known whole.
const DIGITS: usize = 16;

impl<'a, F: FnMut(&Plan) -> Result<Partial, Vec<Problem>>> Order<'a, F> {
    /// The order of the column of `slot`.
    ///
    /// # Errors
    /// Those of `count`.
    pub(crate) fn of(plan: &'a Plan, slot: usize, mut count: F) -> Result<Self, Vec<Problem>> {
        let first = numbers(&count(&pass(plan, slot, Sieve::default()))?);
        Ok(Self {
            plan,
            slot,
            count,
            first,
        })
    }

    /// How many rows have a number.
    pub(crate) fn rows(&self) -> u64 {
        self.first.values().sum()
    }

    /// The numbers at these places, from 0, all of them below [`rows`](Self::rows). `place` is what messages call the
    /// rows.
    ///
    /// # Errors
    /// Those of `count`, and when the numbers are not those that the first pass counted.
    pub(crate) fn at(&mut self, places: &[u64], place: &str) -> Result<Vec<Placed>, Vec<Problem>> {
        let column = &self.plan.slots[self.slot].column;
        let mut wanted: Vec<Wanted> = places.iter().map(|place| Wanted::at(*place)).collect();
        let mut numbers = self.first.clone();
        loop {
            let narrowed: Option<Vec<Wanted>> = wanted.iter().map(|one| one.narrowed(&numbers)).collect();
            wanted = narrowed.ok_or_else(|| vec![changed(column).at(place)])?;
            let open: Vec<String> = wanted
                .iter()
                .filter(|one| one.start.len() < DIGITS)
                .map(|one| one.start.clone())
                .collect();
            if open.is_empty() {
                return Ok(wanted.iter().filter_map(Wanted::found).collect());
            }
            numbers = self::numbers(&(self.count)(&pass(self.plan, self.slot, Sieve::new(&open)))?);
        }
    }
}

impl Wanted {
    fn at(place: u64) -> Self {
        Self {
            place,
            start: String::new(),
            before: place,
            rows: 0,
        }
    }

    /// What is known of the number after a pass; nothing when the pass did not count it.
    fn narrowed(&self, numbers: &BTreeMap<String, u64>) -> Option<Self> {
        let Self { place, start, .. } = self;
        if start.len() == DIGITS {
            return Some(self.clone());
        }
        let mut before = self.before;
        let next = start.len() + 4;
        let among: Vec<(&str, u64)> = numbers
            .range(start.clone()..)
            .map(|(text, rows)| (text.as_str(), *rows))
            .take_while(|(text, _)| text.starts_with(start))
            .filter(|(text, _)| text.len() >= next)
            .collect();
        for group in among.chunk_by(|(one, _), (other, _)| one[..next] == other[..next]) {
            let rows: u64 = group.iter().map(|(_, rows)| rows).sum();
            if before >= rows {
                before -= rows;
                continue;
            }
            let found = |start: &str, before: u64, rows: u64| {
                Some(Self {
                    place: *place,
                    start: start.to_owned(),
                    before,
                    rows,
                })
            };
            // Only where every number of the group is known whole is their order known.
            if group.iter().all(|(text, _)| text.len() == DIGITS) {
                for (text, rows) in group {
                    if before < *rows {
                        return found(text, before, *rows);
                    }
                    before -= rows;
                }
            }
            return found(&group[0].0[..next], before, rows);
        }
        None
    }

    fn found(&self) -> Option<Placed> {
        let bits = u64::from_str_radix(&self.start, 16).ok();
        Some(Placed {
            number: bits.filter(|_| self.start.len() == DIGITS).map(from_rank_bits)?,
            below: self.place - self.before,
            rows: self.rows,
        })
    }
}

/// A plan that reads the numbers of `slot`, and the counts.
fn pass(plan: &Plan, slot: usize, sieve: Sieve) -> Plan {
    let numbers = Slot {
        purpose: Purpose::Sifted(sieve),
        ..plan.slots[slot].clone()
    };
    let count = plan.slots.iter().find(|slot| slot.purpose == Purpose::Count);
    Plan {
        slots: std::iter::once(numbers).chain(count.cloned()).collect(),
        texts: plan.texts.clone(),
        lists: None,
        explain: None,
        exact: false,
    }
}

/// How many rows a pass counted of each number or start of numbers, in their order; missing ones are left out.
fn numbers(partial: &Partial) -> BTreeMap<String, u64> {
    let decisions = &partial.tally.decisions;
    let Some(dimension) = decisions.dimensions().first() else {
        return BTreeMap::new();
    };
    decisions
        .cells()
        .filter_map(|(key, counts)| match &dimension.levels[key[0] as usize] {
            Level::Text(text) => Some((text.clone(), counts.n)),
            Level::Missing => None,
        })
        .collect()
}

fn changed(column: &str) -> Unusable {
    Unusable::new(
        column,
        "its numbers were others when they were read again",
        "wait until nothing writes to the data any more, and try again",
    )
}

#[cfg(test)]
#[path = "order_tests.rs"]
pub(crate) mod tests;
