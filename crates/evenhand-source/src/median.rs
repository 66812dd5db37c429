//! This module finds the exact median of a score in a few passes over its column, without keeping the column.
//!
//! Each pass counts the numbers by the next bits of their place in the order of all numbers (a radix search), only
//! among those that begin as the middle ones do. There are at most four passes, and one when the score has few
//! different values. A pass is a tally like any other, so values are read, taken for missing and refused as they are
//! when decisions are counted, and threads, files and frames add up in any order.

use std::collections::BTreeMap;

use evenhand_measure::Problem;
use evenhand_measure::tally::{Axis, Coding, Level};

use crate::kernel::{Partial, Sieve, Unusable, from_rank_bits};
use crate::plan::{Plan, Purpose, Slot};

/// A number that is looked for: by how it begins, and how many that begin so are before it.
#[derive(Clone, Debug)]
struct Wanted {
    /// Hexadecimal digits; with all sixteen the number is found.
    start: String,
    before: u64,
}

/// How many digits a number has that is known whole.
const DIGITS: usize = 16;

impl Plan {
    /// The plan with which to count: this one, or, where decisions are scores above their median, one with that
    /// median. `count` has to count all rows of `place` by the plan that it is given.
    ///
    /// Every row with a finite score counts, as often as a count column says, whatever is known of its groups.
    /// Of an even number of scores the median is the midpoint of the two in the middle.
    ///
    /// # Errors
    /// Those of `count`, and a score without a single number.
    pub fn settled(
        mut self,
        place: &str,
        mut count: impl FnMut(&Self) -> Result<Partial, Vec<Problem>>,
    ) -> Result<Self, Vec<Problem>> {
        let Some(slot) = self.unsettled() else {
            return Ok(self);
        };
        let unusable = |why: fn(&str) -> Unusable| vec![why(&self.slots[slot].column).at(place)];
        let mut wanted: Option<[Wanted; 2]> = None;
        let median = loop {
            let known = wanted.as_ref().map(|pair| pair.each_ref().map(|one| one.start.clone()));
            let sieve = sieve(known.as_ref());
            let numbers = numbers(&count(&self.pass(slot, sieve))?);
            let pair = match wanted {
                Some(pair) => pair,
                None => middle(&numbers).ok_or_else(|| unusable(without_numbers))?,
            };
            let [lower, upper] = pair.map(|one| narrowed(one, &numbers));
            let (Some(lower), Some(upper)) = (lower, upper) else {
                return Err(unusable(changed));
            };
            if let (Some(lower), Some(upper)) = (found(&lower), found(&upper)) {
                break midpoint(lower, upper);
            }
            wanted = Some([lower, upper]);
        };
        self.slots[slot].purpose = Purpose::Key(Axis::Prediction, Coding::AboveMedian(median));
        Ok(self)
    }

    /// The slot whose median is not known yet.
    pub(crate) fn unsettled(&self) -> Option<usize> {
        self.slots
            .iter()
            .position(|slot| matches!(slot.purpose, Purpose::Sifted(_)))
    }

    /// A plan that reads the score of `slot`, and the counts.
    fn pass(&self, slot: usize, sieve: Sieve) -> Self {
        let score = Slot {
            column: self.slots[slot].column.clone(),
            purpose: Purpose::Sifted(sieve),
        };
        let count = self.slots.iter().find(|slot| slot.purpose == Purpose::Count);
        Self {
            slots: std::iter::once(score).chain(count.cloned()).collect(),
            texts: self.texts.clone(),
        }
    }
}

/// What the next pass tells apart: everything at first, later what begins like a number that is not found yet.
fn sieve(starts: Option<&[String; 2]>) -> Sieve {
    let open: Vec<String> = starts
        .into_iter()
        .flatten()
        .filter(|start| start.len() < DIGITS)
        .cloned()
        .collect();
    Sieve::new(&open)
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

/// The two numbers in the middle, which are one and the same for an odd number of rows.
fn middle(numbers: &BTreeMap<String, u64>) -> Option<[Wanted; 2]> {
    let rows: u64 = numbers.values().sum();
    let last = rows.checked_sub(1)?;
    Some([last / 2, rows / 2].map(|before| Wanted {
        start: String::new(),
        before,
    }))
}

/// What is known of a number after a pass; nothing when the pass did not count it.
fn narrowed(wanted: Wanted, numbers: &BTreeMap<String, u64>) -> Option<Wanted> {
    let Wanted { start, mut before } = wanted;
    if start.len() == DIGITS {
        return Some(Wanted { start, before });
    }
    let next = start.len() + 4;
    let among: Vec<(&str, u64)> = numbers
        .iter()
        .map(|(text, rows)| (text.as_str(), *rows))
        .filter(|(text, _)| text.starts_with(&start) && text.len() >= next)
        .collect();
    for group in among.chunk_by(|(one, _), (other, _)| one[..next] == other[..next]) {
        let rows: u64 = group.iter().map(|(_, rows)| rows).sum();
        if before >= rows {
            before -= rows;
            continue;
        }
        // Only where every number of the group is known whole is their order known.
        if group.iter().all(|(text, _)| text.len() == DIGITS) {
            for (text, rows) in group {
                if before < *rows {
                    return Some(Wanted {
                        start: (*text).to_owned(),
                        before,
                    });
                }
                before -= rows;
            }
        }
        return Some(Wanted {
            start: group[0].0[..next].to_owned(),
            before,
        });
    }
    None
}

fn found(wanted: &Wanted) -> Option<f64> {
    let bits = u64::from_str_radix(&wanted.start, 16).ok();
    bits.filter(|_| wanted.start.len() == DIGITS).map(from_rank_bits)
}

/// The midpoint of two numbers, from which the upper one can be told: where no double lies between them, the lower.
fn midpoint(lower: f64, upper: f64) -> f64 {
    let middle = lower.midpoint(upper);
    let middle = if middle < upper { middle } else { lower };
    // Adding zero turns -0.0 into 0.0.
    middle + 0.0
}

fn changed(column: &str) -> Unusable {
    Unusable::new(
        column,
        "its scores were others when they were read again",
        "wait until nothing writes to the data any more, and try again",
    )
}

fn without_numbers(column: &str) -> Unusable {
    Unusable::new(
        column,
        "the score is missing in every row, so there is no median",
        "check that this is the column of scores; `evenhand inspect FILE` shows what the columns hold",
    )
}

#[cfg(test)]
#[path = "median_tests.rs"]
mod tests;
