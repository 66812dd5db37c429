//! This module is what readers hand to the kernel: a few thousand rows, column by column, as small integers.

use super::coder::{Coded, Coder};
use super::codes::Codes;
use crate::plan::{Plan, Purpose};

/// The values of one slot in a batch of rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// The codes of a key column, given by its [`Coder`](super::Coder).
    Codes(Codes),
    /// How many rows each record stands for.
    Counts(Vec<u64>),
    /// The weight of each row.
    Weights(Vec<f64>),
    /// The number of each row; [`NO_NUMBER`](super::NO_NUMBER) and [`NOT_A_NUMBER`](super::NOT_A_NUMBER) are none.
    Numbers(Vec<f64>),
    /// A hash of the id of each row; [`NO_ID`](super::NO_ID) is missing.
    Ids(Vec<u64>),
}

impl Column {
    /// An empty column for this purpose.
    #[must_use]
    pub fn new(purpose: &Purpose) -> Self {
        match purpose {
            Purpose::Key(..) | Purpose::Sifted(_) | Purpose::Parted(..) | Purpose::Either(_) => {
                Self::Codes(Codes::default())
            }
            Purpose::Count => Self::Counts(Vec::new()),
            Purpose::Weight => Self::Weights(Vec::new()),
            Purpose::Number(_) => Self::Numbers(Vec::new()),
            Purpose::Id(_) => Self::Ids(Vec::new()),
        }
    }

    /// Appends one value.
    ///
    /// # Panics
    /// When the value comes from the coder of another purpose.
    #[inline]
    pub fn push(&mut self, coded: Coded) {
        match (self, coded) {
            (Self::Codes(codes), Coded::Code(code)) => codes.push(code),
            (Self::Counts(counts), Coded::Count(count)) => counts.push(count),
            (Self::Weights(weights), Coded::Weight(weight)) => weights.push(weight),
            (Self::Numbers(numbers), Coded::Number(number)) => numbers.push(number),
            (Self::Ids(ids), Coded::Id(id)) => ids.push(id),
            (column, coded) => unreachable!("{coded:?} does not belong into {column:?}"),
        }
    }

    /// Appends the same value for so many rows.
    ///
    /// # Panics
    /// As for [`push`](Self::push).
    pub fn push_run(&mut self, coded: Coded, rows: usize) {
        match (self, coded) {
            (Self::Codes(codes), Coded::Code(code)) => codes.push_run(code, rows),
            (column, coded) => (0..rows).for_each(|_| column.push(coded)),
        }
    }

    /// How many values it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Codes(codes) => codes.len(),
            Self::Counts(counts) => counts.len(),
            Self::Weights(numbers) | Self::Numbers(numbers) => numbers.len(),
            Self::Ids(ids) => ids.len(),
        }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets the values and keeps the memory.
    pub fn clear(&mut self) {
        match self {
            Self::Codes(codes) => codes.clear(),
            Self::Counts(counts) => counts.clear(),
            Self::Weights(numbers) | Self::Numbers(numbers) => numbers.clear(),
            Self::Ids(ids) => ids.clear(),
        }
    }
}

/// A few thousand rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// One column per slot of the plan, in its order.
    pub columns: Vec<Column>,
    /// How many values each column holds.
    pub rows: usize,
    /// Where the first row stands in its file, by any number that rises by at least one from row to row. Nothing where
    /// rows come in an order of nobody's choice.
    pub first: Option<u64>,
    /// What the slots become whose value is the same for all rows.
    fixed: Vec<(usize, Coded)>,
}

impl Batch {
    /// An empty batch with one column per slot.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        // That the value can play its role was found out before rows are read.
        let fixed = |(index, slot)| Some((index, Coder::fixed(slot, &plan.texts)?.ok()?));
        Self {
            columns: plan.slots.iter().map(|slot| Column::new(&slot.purpose)).collect(),
            rows: 0,
            first: None,
            fixed: plan.slots.iter().enumerate().filter_map(fixed).collect(),
        }
    }

    /// Gives the slots whose value is the same for all rows as many of it as there are rows.
    pub fn complete(&mut self) {
        for (slot, coded) in &self.fixed {
            let column = &mut self.columns[*slot];
            column.push_run(*coded, self.rows.saturating_sub(column.len()));
        }
    }

    /// Forgets the rows and keeps the memory.
    pub fn clear(&mut self) {
        self.columns.iter_mut().for_each(Column::clear);
        self.rows = 0;
    }
}
