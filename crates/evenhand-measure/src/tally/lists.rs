//! This module is what a tally holds of recommended lists: which groups of items were shown where and to whom, and sums
//! of measures of whole lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cube::{Cell, Cube, Mismatch};
use super::{Counts, Level};
use crate::exact_sum::{ExactSum, LARGEST, SMALLEST};

/// Places beyond this one are counted as this one. Nobody reads so far, and no model of attention gives them much.
pub const LAST_PLACE: u32 = 1_001;

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
    /// Records that were left out, by reason: `no-list`, `no-item`, `no-rank` (none, or no whole number from 1),
    /// `item-again` (its better place in the same list counts).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, u64>,
    /// What was found in lists and kept, by what: `gap-in-ranks` (lists), `rank-taken` (records of items at a place of
    /// their list that another item has; they move on to the next free one), `not-in-catalogue` (records), `no-user`
    /// (lists that nobody is named for; each counts as if it were all that a user has), `history-unused` (records of what
    /// users of lists had before, of which neither category nor popularity is known), `wanted-unknown` (items that users
    /// of lists wanted, of which no group is known, as they are in no list and not in the table of all items).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub found: BTreeMap<String, u64>,
    /// Items shown: by all protected attributes, category, rank (up to [`LAST_PLACE`]), relevance (`yes`, `no` or
    /// missing) and bucket of the user or list.
    pub shown: Cube<Counts>,
    /// What could have been shown: by protected attributes of items, and category. Without a table of all items, what
    /// was shown at least once.
    pub catalogue: Cube<Stock>,
    /// Whether there was a table of all items.
    pub has_catalogue: bool,
    /// Whether a file says what users wanted, also of what they were not shown. Without one a column of relevance speaks
    /// of the items shown alone, and users who wanted none of these are measured otherwise.
    #[serde(default, skip_serializing_if = "is_not")]
    pub knows_wanted: bool,
    /// Measures of whole lists or users, by protected attributes of users, and bucket. Those that depend on the model of
    /// attention name it, so that those of two models are never added up.
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

/// How often an item was shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimesShown {
    /// A hash of the item's id.
    pub item: u64,
    /// How often it was shown.
    pub times: u64,
    /// Its level in each dimension of the catalogue: how unevenly the items of a group are shown says how far it may be
    /// chance what they get, and without a table of all items parts that are merged count an item once that both show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Level>,
    /// How often it was wanted so far; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub popularity: Option<f64>,
    /// How good it is; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merit: Option<f64>,
}

impl TimesShown {
    fn is_the_same_item(&self, other: &Self) -> bool {
        (self.item, &self.groups, self.popularity, self.merit)
            == (other.item, &other.groups, other.popularity, other.merit)
    }
}

impl Stock {
    /// Adds an item, of which popularity or merit are known or not; `asked` says whether there is a column for either.
    pub fn add(&mut self, popularity: Option<f64>, merit: Option<f64>, asked: [bool; 2]) {
        self.items += 1;
        let columns = [("popularity", popularity, asked[0]), ("merit", merit, asked[1])];
        for ((name, value, is_asked), sum) in columns.into_iter().zip([&mut self.popularity, &mut self.merit]) {
            match value {
                Some(value) => sum.add(value),
                None if is_asked => *self.unknown.entry(name.to_owned()).or_default() += 1,
                None => {}
            }
        }
    }
}

impl Moments {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        self.sum.add(value);
        self.squares.add_square(value);
    }

    /// Adds so many yes-or-no values, of which `part` are yes.
    pub fn add_share(&mut self, part: u64, whole: u64) {
        self.n = self.n.saturating_add(whole);
        // Both halves of a count are doubles.
        for half in [part >> 32 << 32, part & 0xffff_ffff] {
            self.sum.add(half as f64);
            self.squares.add(half as f64);
        }
    }

    /// Adds all values of another.
    pub fn merge(&mut self, other: &Self) {
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
        if self.has_catalogue != other.has_catalogue || (self.has_catalogue && self.catalogue != other.catalogue) {
            return Err(Mismatch(
                "lists are only merged where all parts were made with the same table of all items, or all without one"
                    .to_owned(),
            ));
        }
        if self.knows_wanted != other.knows_wanted {
            return Err(Mismatch(
                "only one of the tallies was made with a file of what users wanted, so that lists are not worth the same in \
                 both"
                    .to_owned(),
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
        merged.settle()?;
        if !self.has_catalogue {
            merged.catalogue = merged.of_shown(&other.catalogue)?;
        }
        Ok(merged)
    }

    /// Sorts items, and adds up those that are there twice.
    fn settle(&mut self) -> Result<(), Mismatch> {
        self.times_shown.sort_by_key(|shown| shown.item);
        let mut items: Vec<TimesShown> = Vec::with_capacity(self.times_shown.len());
        for shown in self.times_shown.drain(..) {
            match items.last_mut().filter(|last| last.item == shown.item) {
                None => items.push(shown),
                Some(last) if last.is_the_same_item(&shown) => last.times = last.times.saturating_add(shown.times),
                Some(_) => {
                    return Err(Mismatch(
                        "an item has other attributes in one of the tallies than in the other".to_owned(),
                    ));
                }
            }
        }
        self.times_shown = items;
        Ok(())
    }

    /// The catalogue of all items shown, which has the dimensions of its own and of `other`, alike but for their levels.
    fn of_shown(&self, other: &Cube<Stock>) -> Result<Cube<Stock>, Mismatch> {
        // Merged only to have what is wrong with the dimensions said.
        let mut dimensions = self.catalogue.merge(other)?.dimensions().to_vec();
        dimensions.iter_mut().for_each(|dimension| dimension.levels.clear());
        let asked = ["popularity", "merit"].map(|role| self.columns.contains_key(role));
        let mut codes: Vec<BTreeMap<&Level, u32>> = vec![BTreeMap::new(); dimensions.len()];
        let mut cells: BTreeMap<Vec<u32>, Stock> = BTreeMap::new();
        for shown in &self.times_shown {
            let mut key = Vec::with_capacity(dimensions.len());
            for ((level, codes), dimension) in shown.groups.iter().zip(&mut codes).zip(&mut dimensions) {
                let next = codes.len() as u32;
                key.push(*codes.entry(level).or_insert_with(|| {
                    dimension.levels.push(level.clone());
                    next
                }));
            }
            cells.entry(key).or_default().add(shown.popularity, shown.merit, asked);
        }
        Cube::new(dimensions, cells)
    }

    /// Checks what a file may have got wrong, and returns the canonical form.
    pub(super) fn checked(mut self) -> Result<Self, Mismatch> {
        self.settle()?;
        let odd = |value: Option<f64>| value.is_some_and(|value| !fits(value));
        if self
            .times_shown
            .iter()
            .any(|shown| odd(shown.popularity) || odd(shown.merit))
        {
            return Err(Mismatch(
                "the popularity or merit of an item is out of range".to_owned(),
            ));
        }
        self.of_items.sort();
        self.shown = self.shown.checked()?;
        self.measured = self.measured.checked()?;
        self.catalogue = self.catalogue.checked()?;
        self.history = self.history.map(Cube::checked).transpose()?;
        Ok(self)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_not(is: &bool) -> bool {
    !is
}

/// Whether an exact sum takes the number.
fn fits(value: f64) -> bool {
    value == 0.0 || (SMALLEST..=LARGEST).contains(&value.abs())
}

fn add_counts(counts: &mut BTreeMap<String, u64>, more: &BTreeMap<String, u64>) {
    for (what, n) in more {
        let sum = counts.entry(what.clone()).or_default();
        *sum = sum.saturating_add(*n);
    }
}
