//! This module is what a tally holds for a regression of an amount on groups and controls: the sums of products that
//! its normal equations are made of.

use serde::{Deserialize, Serialize};

use super::cube::{Cell, Cube, Mismatch};
use crate::exact_sum::ExactSum;
use crate::long_sum::{Digits, LongSum};

/// The sums of products of an amount and its controls.
///
/// Controls that are numbers are in the products; those that are words are dimensions of the cells, and become a column
/// of zeros and ones each when the equations are set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controls {
    /// The column of amounts.
    pub amount: String,
    /// Whether the logarithm of the amount is explained, and not the amount.
    pub log: bool,
    /// The controls that are numbers, in the order of the products.
    pub numeric: Vec<String>,
    /// By protected attributes, controls that are words, and bucket.
    pub cells: Cube<Products>,
    /// What a second pass over the rows found, by set of protected attributes. Parts that are merged lose it: it holds
    /// for the equation of the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robust: Vec<Robust>,
}

/// Sums over the rows of a cell, with y the amount (or its logarithm) and z the numeric controls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Products {
    /// Rows with an amount and all controls.
    pub n: u64,
    /// Rows that lack one of them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub incomplete: u64,
    /// Of `v[i] * v[j]` for `i <= j` with `v = (y, z1, z2, …, 1)`, without the last, which is `n`; row by row.
    pub sums: Vec<ExactSum>,
}

/// The [`Products`] of a cell while its rows are read: the same sums, added many times as fast.
#[derive(Clone, Debug, Default)]
pub struct GrowingProducts {
    n: u64,
    incomplete: u64,
    sums: Vec<LongSum>,
    /// The digits of the row that is added: `(y, z1, z2, …, 1)`.
    row: Vec<Digits>,
}

/// The middle of the sandwich of HC3 (MacKinnon and White 1985): the sum over all rows of
/// `x x' * (e / (1 - h))^2`, with numbers measured from their mean in the power of two next to their standard
/// deviation, as the equation measures them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Robust {
    /// The protected attributes whose groups are in the equation.
    pub by: Vec<String>,
    /// What the columns of the equation are, in order.
    pub terms: Vec<String>,
    /// The upper triangle, row by row.
    pub meat: Vec<ExactSum>,
    /// By column: rows with a leverage of one on which its coefficient rests. They have no residual, so its error is
    /// not known.
    pub alone: Vec<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Products {
    /// Adds `n` rows with this amount (or its logarithm) and these numbers.
    pub fn add(&mut self, y: f64, numbers: &[f64], n: u64) {
        let width = numbers.len() + 2;
        self.sums.resize(width * (width + 1) / 2 - 1, ExactSum::default());
        self.n = self.n.saturating_add(n);
        let value = |place: usize| match place {
            0 => y,
            _ => numbers.get(place - 1).copied().unwrap_or(1.0),
        };
        // Both halves of a count are doubles, so that products with it are exact.
        let halves = [(n >> 32 << 32) as f64, (n & 0xffff_ffff) as f64];
        let pairs = (0..width).flat_map(|i| (i..width).map(move |j| (i, j)));
        for (sum, (i, j)) in self.sums.iter_mut().zip(pairs) {
            let (a, b) = (value(i), value(j));
            let product = a * b;
            let error = a.mul_add(b, -product);
            if n == 1 {
                sum.add(product);
                sum.add(error);
            } else {
                for half in halves {
                    sum.add_product(half, product);
                    sum.add_product(half, error);
                }
            }
        }
    }
}

impl GrowingProducts {
    /// Adds `n` rows with this amount (or its logarithm) and these numbers.
    pub fn add(&mut self, y: f64, numbers: &[f64], n: u64) {
        let width = numbers.len() + 2;
        self.sums.resize(width * (width + 1) / 2 - 1, LongSum::default());
        self.n = self.n.saturating_add(n);
        self.row.clear();
        self.row.push(Digits::of(y));
        self.row.extend(numbers.iter().map(|number| Digits::of(*number)));
        self.row.push(Digits::of(1.0));
        let mut sums = self.sums.iter_mut();
        for (i, a) in self.row.iter().enumerate() {
            for (b, sum) in self.row[i..].iter().zip(&mut sums) {
                sum.add_product_times(*a, *b, n);
            }
        }
    }

    /// Counts `n` rows that lack a number.
    pub fn add_incomplete(&mut self, n: u64) {
        self.incomplete = self.incomplete.saturating_add(n);
    }

    /// What all rows add up to.
    #[must_use]
    pub fn products(self) -> Products {
        Products {
            n: self.n,
            incomplete: self.incomplete,
            sums: self.sums.into_iter().map(LongSum::exact).collect(),
        }
    }
}

impl Cell for Products {
    fn absorb(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.incomplete = self.incomplete.saturating_add(other.incomplete);
        if self.sums.len() < other.sums.len() {
            self.sums.resize(other.sums.len(), ExactSum::default());
        }
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            sum.merge(more);
        }
    }

    fn is_empty(&self) -> bool {
        self.n == 0 && self.incomplete == 0
    }
}

impl Controls {
    /// The sums of both.
    ///
    /// # Errors
    /// When they are of other columns, groups or scales.
    pub fn merge(&self, other: &Self) -> Result<Self, Mismatch> {
        if (&self.amount, self.log, &self.numeric) != (&other.amount, other.log, &other.numeric) {
            return Err(Mismatch(
                "the tallies explain different amounts, or by different controls".to_owned(),
            ));
        }
        Ok(Self {
            cells: self.cells.merge(&other.cells)?,
            robust: Vec::new(),
            ..self.clone()
        })
    }

    /// How many rows there are, complete or not.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let cells = self.cells.cells();
        cells.fold(0, |sum, (_, cell)| {
            sum.saturating_add(cell.n).saturating_add(cell.incomplete)
        })
    }

    /// Checks what a file may have got wrong, and returns the canonical form.
    pub(super) fn checked(self) -> Result<Self, Mismatch> {
        let width = self.numeric.len() + 1;
        // The upper triangle of `width + 1` values without its last corner.
        let products = width * (width + 3) / 2;
        let is_odd = |products: &Products, wanted: usize| {
            products.sums.len() != wanted && !(products.n == 0 && products.sums.is_empty())
        };
        if self.cells.cells().any(|(_, cell)| is_odd(cell, products)) {
            return Err(Mismatch(format!(
                "the sums for `{}` and its controls contradict one another",
                self.amount
            )));
        }
        Ok(Self {
            cells: self.cells.checked()?,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn growing_products_are_the_products(
            rows in prop::collection::vec(
                (
                    prop_oneof![Just(0.0), 0.01..1e6f64, -1e-9..1e-9f64, Just(1e140)],
                    (prop_oneof![Just(0.0), Just(-1e-130), -1e3..1e3f64], -1e12..1e12f64),
                    prop_oneof![Just(1u64), 1u64..9, 1u64 << 33..1 << 40],
                ),
                0..30,
            ),
            incomplete in 0u64..5,
        ) {
            let (mut slow, mut fast) = (Products::default(), GrowingProducts::default());
            for (y, (one, other), n) in rows {
                let numbers = [one, other];
                slow.add(y, &numbers, n);
                fast.add(y, &numbers, n);
            }
            slow.incomplete += incomplete;
            fast.add_incomplete(incomplete);
            prop_assert_eq!(
                serde_json::to_string(&fast.products()).unwrap(),
                serde_json::to_string(&slow).unwrap()
            );
        }
    }
}
