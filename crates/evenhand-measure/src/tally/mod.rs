//! This module is the waist of the hourglass: the row-free summary that every measure is computed from.
//!
//! A [`Tally`] is a commutative monoid *to the byte*: tallies of the parts of a file, merged in any order,
//! serialise to the same bytes as the tally of the whole. Counts are integers and real sums are exact.
//! A cell with few people in it can still identify them: treat a tally as you treat its source.

mod controls;
mod cube;
mod level;
mod lists;
mod numbers;
mod published;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::controls::{Controls, GrowingProducts, Products, Robust};
pub use self::cube::{Cell, Cube, Mismatch};
pub use self::level::{AT_LEAST, Axis, BELOW, BUCKETS, Coding, Dimension, Level, bin_name, bin_of, written};
pub use self::lists::{LAST_PLACE, Lists, Moments, Stock, Sums as ListSums, TimesShown};
pub use self::numbers::{
    ALL_BITS, Bar, GrowingSums, MOST_BARS, MOST_LEVELS, Measured, NumberRole, Numbers, Sums as NumberSums, leading,
    rank, unrank, until,
};
pub use self::published::{Margins, published};
use crate::exact_sum::ExactSum;

/// The newest version of the tally's JSON form that this program reads and, where a tally needs it, writes.
pub const VERSION: u32 = 5;

/// The version that a tally with these cells needs. A tally is written in the oldest version that can hold
/// it, so that a later program gives the same bytes, and the same hash, for the same contents.
fn needed(decisions: &Cube<Counts>) -> u32 {
    let has_median = decisions
        .dimensions()
        .iter()
        .any(|dimension| matches!(dimension.coding, Coding::AboveMedian(_)));
    match () {
        // Versions before 5 have one decision per row.
        () if decisions.positions(Axis::Compared).next().is_some() => 5,
        // Versions before 3 have no counts that are left open.
        () if published(decisions).is_some() => 3,
        // Version 1 has no medians.
        () if has_median => 2,
        () => 1,
    }
}

/// The exact sums of one cell of a weighted tally.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Sum of the weights.
    pub sum: ExactSum,
    /// Sum of the squared weights: how uneven the weights are decides how much they are worth.
    pub squares: ExactSum,
}

impl Weights {
    /// Adds one row of weight `weight`.
    pub fn add(&mut self, weight: f64) {
        self.sum.add(weight);
        self.squares.add_square(weight);
    }

    fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }
}

/// What a cell of the decision tally holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// How many rows; with a count column, the sum of the counts.
    pub n: u64,
    /// The fewest and the most that these may be, where the figure that they come from leaves that open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<Box<[u64; 2]>>,
    /// The sums of the weights, when there is a weight column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Box<Weights>>,
}

impl Counts {
    /// `n` unweighted rows.
    #[must_use]
    pub fn of(n: u64) -> Self {
        Self {
            n,
            between: None,
            weights: None,
        }
    }

    /// `n` unweighted rows that may also be any other number between these two.
    #[must_use]
    pub fn open(n: u64, fewest: u64, most: u64) -> Self {
        Self {
            between: (fewest < most).then(|| Box::new([fewest, most])),
            ..Self::of(n)
        }
    }

    /// The fewest and the most rows.
    #[must_use]
    pub fn span(&self) -> [u64; 2] {
        self.between.as_deref().copied().unwrap_or([self.n, self.n])
    }
}

impl Cell for Counts {
    fn absorb(&mut self, other: &Self) {
        if self.between.is_some() || other.between.is_some() {
            let ([fewest, most], [a, b]) = (self.span(), other.span());
            self.between = Some(Box::new([fewest.saturating_add(a), most.saturating_add(b)]));
        }
        // A count beyond 2^64 is refused when rows are read, so this cannot overflow from files;
        // saturating keeps a forged tally from panicking.
        self.n = self.n.saturating_add(other.n);
        if let Some(more) = &other.weights {
            self.weights.get_or_insert_default().merge(more);
        }
    }

    fn is_empty(&self) -> bool {
        self.n == 0 && self.between.is_none()
    }
}

/// Values that could not be used as they stood, counted per column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The column.
    pub column: String,
    /// What was found.
    pub found: Found,
    /// In how many rows.
    pub rows: u64,
}

/// What a column was summed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// How many rows a record stands for.
    Count,
    /// The weight of each row.
    Weight,
}

/// What a [`Reading`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// Not-a-number where a number was expected; taken as missing.
    NotANumber,
    /// Rows whose count is zero; they stand for nobody.
    ZeroCount,
    /// Rows whose weight is zero; they add to no rate.
    ZeroWeight,
    /// Published shares that were written as percentages without saying so, as 31.5 for 31.5 %.
    BarePercent,
}

/// The tally of decisions: how many rows fall in each combination of groups, strata, label and prediction.
///
/// ```
/// use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};
/// let mut sex = Dimension::new(Axis::Protected, "sex", Coding::AsWritten);
/// sex.levels = vec![Level::of("Male"), Level::of("Female")];
/// let mut hired = Dimension::new(Axis::Prediction, "hired", Coding::AsWritten);
/// hired.levels = vec![Level::of("yes"), Level::of("no")];
/// let cells = [([0, 0], 60), ([0, 1], 40), ([1, 0], 48), ([1, 1], 52)];
/// let cube = Cube::new(vec![sex, hired], cells.map(|(key, n)| (key.to_vec(), Counts::of(n))))?;
/// let tally = Tally::new(cube, 200);
/// assert_eq!(tally.rows(), 200);
/// assert_eq!(Tally::from_json(&tally.to_json())?, tally);
/// # Ok::<(), evenhand_measure::tally::Mismatch>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// The version of this form: see [`VERSION`].
    pub version: u32,
    /// How many records (lines of a file) were read; with a count column each may stand for many rows.
    pub records: u64,
    /// The columns that were summed rather than made part of the key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quantities: BTreeMap<Quantity, String>,
    /// Texts that were taken for missing, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Values that could not be used as they stood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// The cells.
    pub decisions: Cube<Counts>,
    /// What columns of numbers hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Measured>,
    /// What a regression of the amount on groups and controls is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controls: Option<Controls>,
    /// What was shown in recommended lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lists: Option<Lists>,
}

impl Tally {
    /// A tally of these cells, made from this many records.
    #[must_use]
    pub fn new(decisions: Cube<Counts>, records: u64) -> Self {
        Self {
            version: needed(&decisions),
            records,
            quantities: BTreeMap::new(),
            missing: Vec::new(),
            readings: Vec::new(),
            decisions,
            measured: Vec::new(),
            controls: None,
            lists: None,
        }
    }

    /// Adds what it holds beside decisions.
    #[must_use]
    pub fn with(mut self, measured: Vec<Measured>, controls: Option<Controls>, lists: Option<Lists>) -> Self {
        self.measured = measured;
        self.measured.sort_by_key(|measured| measured.role);
        self.controls = controls;
        self.lists = lists;
        self.version = self.needed();
        self
    }

    /// The numbers that were read for this role.
    #[must_use]
    pub fn numbers(&self, role: NumberRole) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.role == role)
    }

    /// The version that this tally needs.
    fn needed(&self) -> u32 {
        let has_parts = !self.measured.is_empty() || self.controls.is_some() || self.lists.is_some();
        let of_decisions = needed(&self.decisions);
        // Versions before 4 hold decisions only.
        if has_parts { of_decisions.max(4) } else { of_decisions }
    }

    /// How many rows the cells stand for. Of published rates, those of the largest attribute: each has the same people.
    #[must_use]
    pub fn rows(&self) -> u64 {
        match Margins::of(&self.decisions) {
            Some(margins) => margins.largest().1,
            None => self.counted(),
        }
    }

    /// How many rows all cells hold together.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.decisions.total().n
    }

    /// Whether rows carry weights.
    #[must_use]
    pub fn is_weighted(&self) -> bool {
        self.quantities.contains_key(&Quantity::Weight)
    }

    /// The tally of both.
    ///
    /// # Errors
    /// When columns, roles or codings differ, or only one is weighted.
    pub fn merge(&self, other: &Self) -> Result<Self, Mismatch> {
        if self.quantities != other.quantities {
            let named = |tally: &Self| match tally
                .quantities
                .iter()
                .map(|(q, c)| format!("{q:?} `{c}`"))
                .collect::<Vec<_>>()
            {
                names if names.is_empty() => "none".to_owned(),
                names => names.join(", ").to_lowercase(),
            };
            return Err(Mismatch(format!(
                "the tallies have different count or weight columns: {} against {}",
                named(self),
                named(other)
            )));
        }
        if self.missing != other.missing {
            return Err(Mismatch(
                "the tallies took different texts for missing values".to_owned(),
            ));
        }
        let mut merged = Self {
            records: self.records.saturating_add(other.records),
            decisions: self.decisions.merge(&other.decisions)?,
            measured: Vec::new(),
            controls: None,
            lists: None,
            ..self.clone()
        };
        let has_other_parts = self.measured.len() != other.measured.len()
            || self.controls.is_some() != other.controls.is_some()
            || self.lists.is_some() != other.lists.is_some();
        if has_other_parts {
            return Err(Mismatch(
                "only one of the tallies has scores, amounts, controls or lists".to_owned(),
            ));
        }
        for (one, two) in self.measured.iter().zip(&other.measured) {
            merged.measured.push(one.merge(two)?);
        }
        let controls = self.controls.as_ref().zip(other.controls.as_ref());
        merged.controls = controls.map(|(one, two)| one.merge(two)).transpose()?;
        let lists = self.lists.as_ref().zip(other.lists.as_ref());
        merged.lists = lists.map(|(one, two)| one.merge(two)).transpose()?;
        for reading in &other.readings {
            merged.add_reading(&reading.column, reading.found, reading.rows);
        }
        Ok(merged)
    }

    /// Counts rows whose value in `column` could not be used as it stood.
    pub fn add_reading(&mut self, column: &str, found: Found, rows: u64) {
        if rows == 0 {
            return;
        }
        match self
            .readings
            .iter_mut()
            .find(|r| r.column == column && r.found == found)
        {
            Some(reading) => reading.rows = reading.rows.saturating_add(rows),
            None => self.readings.push(Reading {
                column: column.to_owned(),
                found,
                rows,
            }),
        }
        self.readings.sort();
    }

    /// The canonical JSON form, one cell per line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = format!("{{\"version\":{},\"records\":{}", self.version, self.records);
        if !self.quantities.is_empty() {
            text.push_str(",\"quantities\":");
            text.push_str(&as_json(&self.quantities));
        }
        if !self.missing.is_empty() {
            text.push_str(",\"missing\":");
            text.push_str(&as_json(&self.missing));
        }
        if !self.readings.is_empty() {
            text.push_str(",\"readings\":");
            text.push_str(&as_json(&self.readings));
        }
        text.push_str(",\n\"decisions\":{\"dimensions\":[\n");
        let dimensions: Vec<String> = self.decisions.dimensions().iter().map(as_json).collect();
        text.push_str(&dimensions.join(",\n"));
        text.push_str("],\"cells\":[\n");
        let cells: Vec<String> = self.decisions.cells().map(|cell| as_json(&cell)).collect();
        text.push_str(&cells.join(",\n"));
        text.push_str("]}");
        if !self.measured.is_empty() {
            text.push_str(",\n\"measured\":");
            text.push_str(&as_json(&self.measured));
        }
        if let Some(controls) = &self.controls {
            text.push_str(",\n\"controls\":");
            text.push_str(&as_json(controls));
        }
        if let Some(lists) = &self.lists {
            text.push_str(",\n\"lists\":");
            text.push_str(&as_json(lists));
        }
        text.push_str("}\n");
        text
    }

    /// Reads the JSON form and checks it.
    ///
    /// # Errors
    /// When the text is not a tally of a version that this program reads, or its cells contradict its levels.
    pub fn from_json(text: &str) -> Result<Self, Mismatch> {
        // The version first: what a newer version added must not read as a mistake.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let not_a_tally = |error: serde_json::Error| Mismatch(format!("not a tally: {error}"));
        let Versioned { version } = serde_json::from_str(text).map_err(not_a_tally)?;
        if !(1..=VERSION).contains(&version) {
            return Err(Mismatch(format!(
                "the tally has version {version}, and this program reads versions 1 to {VERSION}"
            )));
        }
        let tally: Self = serde_json::from_str(text).map_err(not_a_tally)?;
        tally.checked()
    }

    /// The same, if its cells fit its levels and its parts fit each other.
    ///
    /// # Errors
    /// When what was read from outside contradicts itself.
    pub(crate) fn checked(self) -> Result<Self, Mismatch> {
        let measured = self
            .measured
            .into_iter()
            .map(Measured::checked)
            .collect::<Result<_, _>>()?;
        let controls = self.controls.map(Controls::checked).transpose()?;
        let lists = self.lists.map(Lists::checked).transpose()?;
        let mut checked = Self {
            decisions: self.decisions.checked()?,
            measured: Vec::new(),
            controls: None,
            lists: None,
            ..self
        }
        .with(measured, controls, lists);
        let total: u128 = checked.decisions.cells().map(|(_, counts)| u128::from(counts.n)).sum();
        if u64::try_from(total).is_err() {
            return Err(Mismatch("the tally's counts add up to more than 2^64 rows".to_owned()));
        }
        let numbers = checked.measured.iter().map(Measured::rows);
        let controls = checked.controls.iter().map(Controls::rows);
        if let Some(rows) = numbers.chain(controls).find(|rows| u128::from(*rows) != total) {
            return Err(Mismatch(format!(
                "the tally contradicts itself: it has the numbers of {rows} rows, and its cells add up to {total}"
            )));
        }
        published::check(&checked.decisions, checked.quantities.contains_key(&Quantity::Count))?;
        checked.readings.sort();
        checked.missing.sort();
        Ok(checked)
    }
}

#[expect(clippy::expect_used, reason = "integers, text and finite numbers always serialise")]
fn as_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("counts, text and finite numbers always serialise")
}
