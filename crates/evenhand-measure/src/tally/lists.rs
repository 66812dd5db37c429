//! This module is what a tally holds of recommended lists: which groups of items were shown where and to whom, and sums
//! of measures of whole lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Counts;
use super::cube::{Cell, Cube, Mismatch};
use crate::exact_sum::ExactSum;

/// Recommended lists, without their rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// The columns, by role: `list`, `item`, `rank`, `user`, `relevance`, `category`, `merit`, `popularity`.
    pub columns: BTreeMap<String, String>,
    /// The protected attributes of items, or of who provides them; all other protected attributes are those of users.
    pub of_items: Vec<String>,
    /// How many lists there are, and of how many users.
    pub lists: u64,
    /// How many users have a list; as many as there are lists, where no column says whose they are.
    pub users: u64,
    /// How many items each list has at most.
    pub longest: u64,
    /// Records that were left out, by reason: `no-list`, `no-item`, `no-rank`, `rank-taken`, `item-again`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, u64>,
    /// What was found in lists and kept, by what: `gap-in-ranks` (lists), `not-in-catalogue` (records).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub found: BTreeMap<String, u64>,
    /// Items shown: by all protected attributes, category, rank, relevance and bucket of the user or list.
    pub shown: Cube<Counts>,
    /// What could have been shown: by protected attributes of items, and category. Without a table of all items, what
    /// was shown at least once.
    pub catalogue: Cube<Stock>,
    /// Whether there was a table of all items.
    pub has_catalogue: bool,
    /// Measures of whole lists or users, by protected attributes of users, and bucket.
    pub measured: Cube<Sums>,
    /// What users chose before, each time they did: by protected attributes of users, category, and bucket. Nothing
    /// where no file says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<Cube<Counts>>,
    /// How often each item was shown, by a hash of its id.
    pub times_shown: Vec<TimesShown>,
}

/// Items that could have been shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// How many.
    pub items: u64,
    /// How often they were sold, clicked or otherwise wanted so far, all together; nothing where no column says it.
    #[serde(default, skip_serializing_if = "ExactSum::is_zero")]
    pub popularity: ExactSum,
    /// How good they are, all together.
    #[serde(default, skip_serializing_if = "ExactSum::is_zero")]
    pub merit: ExactSum,
    /// How many of them have no popularity, or no merit, though there is a column for it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unknown: BTreeMap<String, u64>,
}

/// Sums of measures over lists or users.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sums {
    /// How many lists or users.
    pub units: u64,
    /// By measure, such as `ndcg@10`.
    pub of: BTreeMap<String, Moments>,
}

/// How many values of a measure there are, their sum and that of their squares. Units without a value are not counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moments {
    /// How many.
    pub n: u64,
    /// Their sum.
    pub sum: ExactSum,
    /// The sum of their squares.
    pub squares: ExactSum,
}

/// How often items were shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimesShown {
    /// A hash of the item's id.
    pub item: u64,
    /// How often it was shown.
    pub times: u64,
}

impl Moments {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        self.sum.add(value);
        self.squares.add_square(value);
    }

    fn merge(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// The mean, unless there is no value.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum.value() / self.n as f64)
    }
}

impl Cell for Stock {
    fn absorb(&mut self, other: &Self) {
        self.items = self.items.saturating_add(other.items);
        self.popularity.merge(&other.popularity);
        self.merit.merge(&other.merit);
        add_counts(&mut self.unknown, &other.unknown);
    }

    fn is_empty(&self) -> bool {
        self.items == 0
    }
}

impl Cell for Sums {
    fn absorb(&mut self, other: &Self) {
        self.units = self.units.saturating_add(other.units);
        for (measure, moments) in &other.of {
            self.of.entry(measure.clone()).or_default().merge(moments);
        }
    }

    fn is_empty(&self) -> bool {
        self.units == 0
    }
}

impl Lists {
    /// The lists of both, which have to be different ones: of different users, where a column says whose they are.
    ///
    /// # Errors
    /// When they are of other columns, or what could have been shown was not the same.
    pub fn merge(&self, other: &Self) -> Result<Self, Mismatch> {
        if (&self.columns, &self.of_items) != (&other.columns, &other.of_items) {
            return Err(Mismatch(
                "the tallies have different columns of lists, items, ranks or users".to_owned(),
            ));
        }
        // Without a catalogue an item that both show would be counted twice.
        if !self.has_catalogue || self.catalogue != other.catalogue {
            return Err(Mismatch(
                "lists are only merged where all parts were made with the same table of all items".to_owned(),
            ));
        }
        let mut merged = self.clone();
        merged.lists = self.lists.saturating_add(other.lists);
        merged.users = self.users.saturating_add(other.users);
        merged.longest = self.longest.max(other.longest);
        add_counts(&mut merged.left_out, &other.left_out);
        add_counts(&mut merged.found, &other.found);
        merged.shown = self.shown.merge(&other.shown)?;
        merged.measured = self.measured.merge(&other.measured)?;
        merged.history = match (&self.history, &other.history) {
            (Some(one), Some(two)) => Some(one.merge(two)?),
            (None, None) => None,
            _ => {
                return Err(Mismatch(
                    "one of the tallies has what users chose before, the other has not".to_owned(),
                ));
            }
        };
        merged.times_shown.extend(other.times_shown.iter().cloned());
        merged.settle();
        Ok(merged)
    }

    /// Sorts items, and adds up those that are there twice.
    fn settle(&mut self) {
        let mut items: BTreeMap<u64, u64> = BTreeMap::new();
        for TimesShown { item, times } in self.times_shown.drain(..) {
            let sum = items.entry(item).or_default();
            *sum = sum.saturating_add(times);
        }
        self.times_shown = items
            .into_iter()
            .map(|(item, times)| TimesShown { item, times })
            .collect();
    }

    /// Checks what a file may have got wrong, and returns the canonical form.
    pub(super) fn checked(mut self) -> Result<Self, Mismatch> {
        self.settle();
        self.of_items.sort();
        self.shown = self.shown.checked()?;
        self.measured = self.measured.checked()?;
        self.catalogue = self.catalogue.checked()?;
        self.history = self.history.map(Cube::checked).transpose()?;
        Ok(self)
    }
}

fn add_counts(counts: &mut BTreeMap<String, u64>, more: &BTreeMap<String, u64>) {
    for (what, n) in more {
        let sum = counts.entry(what.clone()).or_default();
        *sum = sum.saturating_add(*n);
    }
}
