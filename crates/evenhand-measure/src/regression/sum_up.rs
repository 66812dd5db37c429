//! This module sums rows up into the tally that the equation is made of, for rows that are at hand.

use std::collections::{BTreeMap, BTreeSet};

use crate::tally::{Axis, Coding, Controls, Cube, Dimension, Level, Mismatch, Products};

/// A row of a regression: somebody's groups, amount and controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    groups: Vec<(String, Level)>,
    amount: f64,
    numbers: Vec<(String, f64)>,
    words: Vec<(String, Level)>,
    bucket: Option<u32>,
}

impl Row {
    /// A row of these groups, by attribute, and this amount.
    #[must_use]
    pub fn new(groups: &[(&str, &str)], amount: f64) -> Self {
        Self {
            groups: groups
                .iter()
                .map(|(column, level)| ((*column).to_owned(), Level::of(level)))
                .collect(),
            amount,
            numbers: Vec::new(),
            words: Vec::new(),
            bucket: None,
        }
    }

    /// The row with a control that is a number; not-a-number stands for missing.
    #[must_use]
    pub fn with_number(mut self, column: &str, value: f64) -> Self {
        self.numbers.push((column.to_owned(), value));
        self
    }

    /// The row with a control that is a word.
    #[must_use]
    pub fn with_word(mut self, column: &str, value: &str) -> Self {
        self.words.push((column.to_owned(), Level::of(value)));
        self
    }

    /// The row as one of a unit whose id falls into this bucket.
    #[must_use]
    pub fn in_bucket(mut self, bucket: u32) -> Self {
        self.bucket = Some(bucket);
        self
    }
}

/// The tally of rows, all with the same columns in the same order, that explains `amount` or its logarithm.
///
/// # Errors
/// When the rows have other columns than the first.
pub fn without_rows(amount: &str, log: bool, rows: &[Row]) -> Result<Controls, Mismatch> {
    let Some(first) = rows.first() else {
        return Err(Mismatch("there are no rows".to_owned()));
    };
    let names = |row: &Row| -> Vec<(Axis, String)> {
        let groups = row.groups.iter().map(|(column, _)| (Axis::Protected, column.clone()));
        let words = row.words.iter().map(|(column, _)| (Axis::Control, column.clone()));
        let bucket = row.bucket.map(|_| (Axis::Bucket, "bucket".to_owned()));
        groups.chain(words).chain(bucket).collect()
    };
    let numeric: Vec<String> = first.numbers.iter().map(|(column, _)| column.clone()).collect();
    let is_other =
        |row: &Row| names(row) != names(first) || !row.numbers.iter().map(|(column, _)| column).eq(numeric.iter());
    if rows.iter().any(is_other) {
        return Err(Mismatch("the rows have different columns".to_owned()));
    }
    let levels = |row: &Row| -> Vec<Level> {
        let bucket = row.bucket.map(|bucket| Level::of(&bucket.to_string()));
        let groups = row.groups.iter().map(|(_, level)| level.clone());
        groups
            .chain(row.words.iter().map(|(_, level)| level.clone()))
            .chain(bucket)
            .collect()
    };
    let mut dimensions: Vec<Dimension> = names(first)
        .into_iter()
        .map(|(role, column)| Dimension::new(role, &column, Coding::AsWritten))
        .collect();
    for (index, dimension) in dimensions.iter_mut().enumerate() {
        let used: BTreeSet<Level> = rows.iter().map(|row| levels(row)[index].clone()).collect();
        dimension.levels = used.into_iter().collect();
    }
    let mut cells: BTreeMap<Vec<u32>, Products> = BTreeMap::new();
    for row in rows {
        let key = levels(row)
            .iter()
            .zip(&dimensions)
            .map(|(level, dimension)| {
                dimension
                    .levels
                    .binary_search(level)
                    .map_or(u32::MAX, |code| code as u32)
            })
            .collect();
        let values: Vec<f64> = row.numbers.iter().map(|(_, value)| *value).collect();
        let cell = cells.entry(key).or_default();
        match explained(row.amount, log).filter(|_| values.iter().all(|value| value.is_finite())) {
            Some(y) => cell.add(y, &values, 1),
            None => cell.incomplete += 1,
        }
    }
    Ok(Controls {
        amount: amount.to_owned(),
        log,
        numeric,
        cells: Cube::new(dimensions, cells)?,
        robust: Vec::new(),
    })
}

/// What the equation explains: the amount, or its logarithm, which an amount of 0 or less does not have.
fn explained(amount: f64, log: bool) -> Option<f64> {
    match log {
        true if amount > 0.0 => Some(amount.ln()),
        false if amount.is_finite() => Some(amount),
        _ => None,
    }
}

#[cfg(test)]
impl Row {
    /// The level of a column in a role.
    pub(crate) fn level(&self, axis: Axis, column: &str) -> Option<Level> {
        let columns = match axis {
            Axis::Protected => &self.groups,
            Axis::Control => &self.words,
            Axis::Bucket => return self.bucket.map(|bucket| Level::of(&bucket.to_string())),
            _ => return None,
        };
        columns
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, level)| level.clone())
    }

    /// The same row in another group.
    pub(crate) fn of_group(mut self, column: &str, level: &str) -> Self {
        let of_column = self.groups.iter_mut().filter(|(name, _)| name == column);
        of_column.for_each(|(_, known)| *known = Level::of(level));
        self
    }

    /// What is explained, and the numbers, if the row has all of them.
    pub(super) fn complete(&self, log: bool) -> Option<(f64, Vec<f64>)> {
        let numbers: Vec<f64> = self.numbers.iter().map(|(_, value)| *value).collect();
        let y = explained(self.amount, log)?;
        numbers.iter().all(|value| value.is_finite()).then_some((y, numbers))
    }
}
