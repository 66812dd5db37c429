//! This module is what readers hand to the kernel: a few thousand rows, column by column, as small integers.

use super::coder::Coded;
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
}

impl Column {
    /// An empty column for this purpose.
    #[must_use]
    pub fn new(purpose: &Purpose) -> Self {
        match purpose {
            Purpose::Key(..) | Purpose::Sifted(_) | Purpose::Parted(..) => Self::Codes(Codes::default()),
            Purpose::Count => Self::Counts(Vec::new()),
            Purpose::Weight => Self::Weights(Vec::new()),
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
            (column, coded) => unreachable!("{coded:?} does not belong into {column:?}"),
        }
    }

    /// How many values it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Codes(codes) => codes.len(),
            Self::Counts(counts) => counts.len(),
            Self::Weights(weights) => weights.len(),
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
            Self::Weights(weights) => weights.clear(),
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
}

impl Batch {
    /// An empty batch with one column per slot.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self {
            columns: plan.slots.iter().map(|slot| Column::new(&slot.purpose)).collect(),
            rows: 0,
        }
    }

    /// Forgets the rows and keeps the memory.
    pub fn clear(&mut self) {
        self.columns.iter_mut().for_each(Column::clear);
        self.rows = 0;
    }
}
