//! This module is what a tally holds of a column of numbers, such as scores or prices: how many rows have each number.
//!
//! Up to [`MOST_LEVELS`] different numbers are kept as they are, unless that makes more than [`MOST_BARS`] in all groups
//! and clusters together. Beyond, numbers that begin with the same bits fall together, with as many bits as fit. How many that are follows from the numbers of all rows, so the order in which
//! parts are merged does not show.
//!
//! Where it is asked for, every number is kept however many there are; then who reads the rows has to stop at
//! [`MOST_BARS`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::cube::{Cell, Cube, Mismatch};
use crate::exact_sum::{ExactSum, SMALLEST};
use crate::long_sum::{Digits, LongSum};

/// So many different numbers are kept apart.
pub const MOST_LEVELS: usize = 4_096;

/// So many bars are kept in all cells together. Only clusters reach that, of which each has numbers of its own.
pub const MOST_BARS: usize = 1 << 20;

/// All bits of a number: each is kept as it is.
pub const ALL_BITS: u8 = 64;

/// What a column of numbers was read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberRole {
    /// How likely a model takes the event to be, or how good it takes somebody to be.
    Score,
    /// A price, a limit, an amount.
    Amount,
    /// How much an amount lies above the true one.
    Error,
}

impl NumberRole {
    /// Its word in flags and messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Amount => "amount",
            Self::Error => "true amount",
        }
    }
}

/// The numbers of one column by cell of groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// What the column was read for.
    pub role: NumberRole,
    /// The column.
    pub column: String,
    /// With how many of their leading bits numbers are kept: [`ALL_BITS`], or fewer.
    pub bits: u8,
    /// Whether every number was to be kept, however many there are. Such numbers never fall together.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exact: bool,
    /// The numbers by protected attributes, strata, period, label and bucket.
    pub cells: Cube<Numbers>,
}

/// How many rows of a cell have each number, and sums over all of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// Rows without a number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missing: u64,
    /// The numbers, rising.
    pub bars: Vec<Bar>,
    /// Sums over the rows with a number.
    #[serde(default)]
    pub sums: Sums,
}

/// A number, or the numbers that begin with the same bits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// The number; of several, the bound nearest to minus infinity.
    pub from: f64,
    /// How many rows.
    pub n: u64,
    /// The sum of the numbers, where several fall together; otherwise it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<Box<ExactSum>>,
}

/// Sums over numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sums {
    /// Of the numbers.
    #[serde(default, skip_serializing_if = "ExactSum::is_zero")]
    pub sum: ExactSum,
    /// Of their squares.
    #[serde(default, skip_serializing_if = "ExactSum::is_zero")]
    pub squares: ExactSum,
    /// Of the natural logarithms of those above 0.
    #[serde(default, skip_serializing_if = "ExactSum::is_zero")]
    pub logs: ExactSum,
    /// Of the squares of these logarithms.
    #[serde(default, skip_serializing_if = "ExactSum::is_zero")]
    pub log_squares: ExactSum,
    /// Of ln(1 - x), over those below 1.
    #[serde(default, skip_serializing_if = "ExactSum::is_zero")]
    pub log_complements: ExactSum,
    /// How many are 0 or less, and have no logarithm.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_positive: u64,
    /// How many are 1 or more, and have no ln(1 - x).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_below_one: u64,
}

/// [`Sums`] while rows are read: the same, added many times as fast.
#[derive(Clone, Debug, Default)]
pub struct GrowingSums {
    sum: LongSum,
    squares: LongSum,
    logs: LongSum,
    log_squares: LongSum,
    log_complements: LongSum,
    not_positive: u64,
    not_below_one: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(is: &bool) -> bool {
    !is
}

impl Sums {
    /// Adds `n` rows of this number.
    pub fn add(&mut self, x: f64, n: u64) {
        let log = x.ln();
        // Both halves of a count are doubles, so that products with it are exact.
        for part in [n >> 32 << 32, n & 0xffff_ffff] {
            let part = part as f64;
            if part == 0.0 {
                continue;
            }
            self.sum.add_product(part, x);
            add_square(&mut self.squares, part, x);
            if x > 0.0 {
                self.logs.add_product(part, log);
                add_square(&mut self.log_squares, part, log);
            }
            if x < 1.0 {
                self.log_complements.add_product(part, (-x).ln_1p());
            }
        }
        if x <= 0.0 {
            self.not_positive = self.not_positive.saturating_add(n);
        }
        if x >= 1.0 {
            self.not_below_one = self.not_below_one.saturating_add(n);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
        self.logs.merge(&other.logs);
        self.log_squares.merge(&other.log_squares);
        self.log_complements.merge(&other.log_complements);
        self.not_positive = self.not_positive.saturating_add(other.not_positive);
        self.not_below_one = self.not_below_one.saturating_add(other.not_below_one);
    }
}

impl GrowingSums {
    /// Adds `n` rows of this number.
    pub fn add(&mut self, x: f64, n: u64) {
        self.sum.add_times(x, n);
        add_square_times(&mut self.squares, x, n);
        if x > 0.0 {
            let log = x.ln();
            self.logs.add_times(log, n);
            add_square_times(&mut self.log_squares, log, n);
        } else {
            self.not_positive = self.not_positive.saturating_add(n);
        }
        if x < 1.0 {
            self.log_complements.add_times((-x).ln_1p(), n);
        } else {
            self.not_below_one = self.not_below_one.saturating_add(n);
        }
    }

    /// What all rows add up to.
    #[must_use]
    pub fn sums(self) -> Sums {
        Sums {
            sum: self.sum.exact(),
            squares: self.squares.exact(),
            logs: self.logs.exact(),
            log_squares: self.log_squares.exact(),
            log_complements: self.log_complements.exact(),
            not_positive: self.not_positive,
            not_below_one: self.not_below_one,
        }
    }
}

/// The square of a number, so many times, by the same rule as [`add_square`].
fn add_square_times(sum: &mut LongSum, x: f64, n: u64) {
    if x.abs() >= SMALLEST {
        let digits = Digits::of(x);
        sum.add_product_times(digits, digits, n);
    }
}

/// Adds `part * x * x`, exactly. The square of a number so small that its digits would be lost is taken for 0: what is
/// left out is less than 1e-260 per row, and does not depend on how rows are put together.
fn add_square(sum: &mut ExactSum, part: f64, x: f64) {
    if x.abs() < SMALLEST {
        return;
    }
    let square = x * x;
    sum.add_product(part, square);
    sum.add_product(part, x.mul_add(x, -square));
}

impl Numbers {
    /// The rows with these numbers, in any order, and so many without one.
    #[must_use]
    pub fn of(numbers: impl IntoIterator<Item = (f64, u64)>, missing: u64) -> Self {
        let mut all: Vec<(f64, u64)> = numbers.into_iter().filter(|(_, n)| *n > 0).collect();
        all.sort_by(|(x, _), (y, _)| x.total_cmp(y));
        let mut made = Self {
            missing,
            ..Self::default()
        };
        for (x, n) in all {
            // Adding zero turns -0.0 into 0.0.
            let x = x + 0.0;
            made.sums.add(x, n);
            match made.bars.last_mut() {
                Some(last) if last.from == x => last.n = last.n.saturating_add(n),
                _ => made.bars.push(Bar { from: x, n, sum: None }),
            }
        }
        made
    }

    /// How many rows have a number.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.bars.iter().fold(0, |sum, bar| sum.saturating_add(bar.n))
    }

    /// The mean, unless there is no number.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let n = self.n();
        (n > 0).then(|| self.sums.sum.value() / n as f64)
    }

    /// The bars with only so many leading bits.
    fn shorten(&mut self, bits: u8) {
        let mut short: Vec<Bar> = Vec::with_capacity(self.bars.len());
        for bar in self.bars.drain(..) {
            let sum = bar.sum.clone().unwrap_or_else(|| {
                let mut sum = ExactSum::default();
                sum.add_product((bar.n >> 32 << 32) as f64, bar.from);
                sum.add_product((bar.n & 0xffff_ffff) as f64, bar.from);
                Box::new(sum)
            });
            let from = leading(bar.from, bits);
            match short.last_mut() {
                Some(last) if last.from == from => {
                    last.n = last.n.saturating_add(bar.n);
                    if let Some(kept) = &mut last.sum {
                        kept.merge(&sum);
                    }
                }
                _ => short.push(Bar {
                    from,
                    n: bar.n,
                    sum: Some(sum),
                }),
            }
        }
        self.bars = short;
    }
}

impl Cell for Numbers {
    fn absorb(&mut self, other: &Self) {
        self.missing = self.missing.saturating_add(other.missing);
        self.sums.merge(&other.sums);
        let mut all = std::mem::take(&mut self.bars);
        all.extend(other.bars.iter().cloned());
        all.sort_by(|a, b| a.from.total_cmp(&b.from));
        for bar in all {
            match self.bars.last_mut() {
                Some(last) if last.from == bar.from => {
                    last.n = last.n.saturating_add(bar.n);
                    match (&mut last.sum, bar.sum) {
                        (Some(kept), Some(sum)) => kept.merge(&sum),
                        (kept, sum) => *kept = kept.take().or(sum),
                    }
                }
                _ => self.bars.push(bar),
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.missing == 0 && self.bars.is_empty()
    }
}

impl Measured {
    /// The numbers of these cells, which may all be kept with so many bits; with fewer if they are too many.
    #[must_use]
    pub fn new(role: NumberRole, column: &str, bits: u8, cells: Cube<Numbers>) -> Self {
        let mut measured = Self {
            role,
            column: column.to_owned(),
            bits,
            exact: false,
            cells,
        };
        let fitting = measured.fitting(MOST_BARS);
        measured.shorten(fitting);
        measured
    }

    /// The numbers of these cells, each kept as it is, however many there are.
    #[must_use]
    pub fn exact(role: NumberRole, column: &str, cells: Cube<Numbers>) -> Self {
        Self {
            role,
            column: column.to_owned(),
            bits: ALL_BITS,
            exact: true,
            cells,
        }
    }

    /// How many bars there are in all cells together.
    #[must_use]
    pub fn bars(&self) -> usize {
        self.cells.cells().map(|(_, numbers)| numbers.bars.len()).sum()
    }

    /// How many rows there are, with a number or without.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let cells = self.cells.cells();
        cells.fold(0, |sum, (_, cell)| {
            sum.saturating_add(cell.n()).saturating_add(cell.missing)
        })
    }

    /// Whether every number is kept as it is.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.bits == ALL_BITS
    }

    /// The highest number that may be in a bar that begins at `from`.
    #[must_use]
    pub fn until(&self, from: f64) -> f64 {
        until(from, self.bits)
    }

    /// The numbers of both.
    ///
    /// # Errors
    /// When they are of other columns or groups, or only one of them was to keep every number.
    pub fn merge(&self, other: &Self) -> Result<Self, Mismatch> {
        if (self.role, &self.column) != (other.role, &other.column) {
            return Err(Mismatch(format!(
                "the tallies have different columns of numbers: `{}` as {} against `{}` as {}",
                self.column,
                self.role.word(),
                other.column,
                other.role.word()
            )));
        }
        if self.exact != other.exact {
            return Err(Mismatch(format!(
                "one part keeps every different number of `{}` and the other does not: make both with --exact, or both \
                 without",
                self.column
            )));
        }
        if self.exact {
            return Ok(Self::exact(self.role, &self.column, self.cells.merge(&other.cells)?));
        }
        let bits = self.bits.min(other.bits);
        let (one, two) = (self.shortened(bits), other.shortened(bits));
        Ok(Self::new(self.role, &self.column, bits, one.cells.merge(&two.cells)?))
    }

    /// The most bits with which there are no more different numbers, and no more bars, than are kept.
    fn fitting(&self, most_bars: usize) -> u8 {
        let cells: Vec<Vec<u64>> = self
            .cells
            .cells()
            .map(|(_, numbers)| numbers.bars.iter().map(|bar| rank(bar.from)).collect())
            .collect();
        let mut numbers: Vec<u64> = cells.concat();
        let bars = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() <= MOST_LEVELS && bars <= most_bars {
            return self.bits;
        }
        // The fewer bits, the fewer are different.
        let fits = |bits: u8| {
            let bars: usize = cells.iter().map(|numbers| different(numbers, bits)).sum();
            different(&numbers, bits) <= MOST_LEVELS && bars <= most_bars
        };
        let (mut low, mut high) = (0, self.bits);
        while low + 1 < high {
            let middle = low.midpoint(high);
            *(if fits(middle) { &mut low } else { &mut high }) = middle;
        }
        low
    }

    fn shortened(&self, bits: u8) -> Cow<'_, Self> {
        if bits >= self.bits {
            return Cow::Borrowed(self);
        }
        let mut shortened = self.clone();
        shortened.shorten(bits);
        Cow::Owned(shortened)
    }

    fn shorten(&mut self, bits: u8) {
        if bits >= self.bits {
            return;
        }
        self.bits = bits;
        self.cells = self.cells.mapped(|numbers| numbers.shorten(bits));
    }

    /// Checks what a file may have got wrong, and returns the canonical form.
    pub(super) fn checked(self) -> Result<Self, Mismatch> {
        let numbers = |bar: &Bar| bar.from.is_finite() && bar.from == leading(bar.from, self.bits);
        let is_odd = |(_, cell): (&[u32], &Numbers)| {
            !cell.bars.iter().all(numbers)
                || cell.bars.iter().any(|bar| (self.bits < ALL_BITS) != bar.sum.is_some())
                || !cell.bars.is_sorted_by(|a, b| a.from < b.from)
        };
        let was_shortened = self.exact && self.bits != ALL_BITS;
        if was_shortened || self.bits > ALL_BITS || self.cells.cells().any(is_odd) {
            return Err(Mismatch(format!(
                "the numbers of `{}` contradict one another",
                self.column
            )));
        }
        let cells = self.cells.checked()?;
        if self.exact {
            return Ok(Self::exact(self.role, &self.column, cells));
        }
        Ok(Self::new(self.role, &self.column, self.bits, cells))
    }
}

/// The place of a number among all doubles: larger numbers have larger places.
#[must_use]
pub fn rank(x: f64) -> u64 {
    let bits = (x + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The highest number that begins with the same bits as `from`, which has no others.
#[must_use]
pub fn until(from: f64, bits: u8) -> f64 {
    unrank(rank(from) | u64::MAX.checked_shr(u32::from(bits)).unwrap_or(0)).min(f64::MAX)
}

/// The number at a place.
#[must_use]
pub fn unrank(rank: u64) -> f64 {
    let x = f64::from_bits(if rank >> 63 == 1 { rank & !(1 << 63) } else { !rank });
    x + 0.0
}

/// How many of these, which rise, are different by so many bits.
fn different(ranks: &[u64], bits: u8) -> usize {
    let starts = ranks.chunk_by(|one, other| cut(*one, bits) == cut(*other, bits));
    starts.count()
}

fn cut(rank: u64, bits: u8) -> u64 {
    match bits {
        0 => 0,
        _ => rank & (u64::MAX << (ALL_BITS - bits.min(ALL_BITS))),
    }
}

/// The lowest number that begins with the same bits.
#[must_use]
pub fn leading(x: f64, bits: u8) -> f64 {
    if bits >= ALL_BITS {
        return x;
    }
    // What begins with no bits of a finite number may be below them all.
    unrank(cut(rank(x), bits)).max(f64::MIN)
}

#[cfg(test)]
#[path = "numbers_tests.rs"]
mod tests;
