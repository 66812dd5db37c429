//! This module is what can be said of scores: how well they rank, how far they can be taken for probabilities, and what
//! every threshold would make of them.
//!
//! Everything is computed from [`Numbers`], which say how many rows have each score, so a million rows cost no more than
//! their different scores. Up to [`MOST_LEVELS`](crate::tally::MOST_LEVELS) of these all results are exact; beyond,
//! each function says what is not.
//!
//! - [`auc`]: how often a positive scores above a negative, within a group and across two.
//! - [`roc`]: the curve behind it, and the area between two of them.
//! - [`calibration`]: scores against what happened, in bins; [`probability`]: the errors that need no bins;
//!   [`recalibration`]: the logistic line through both.
//! - [`median`]: who scores above the median of everybody.
//! - [`sweep`]: what every threshold would select.

pub mod auc;
pub mod calibration;
pub mod median;
pub mod probability;
pub mod recalibration;
pub mod roc;
pub mod sweep;

#[cfg(test)]
mod testing;

use crate::tally::{ALL_BITS, Bar, Cell, Numbers};

/// The scores of a group, by what really happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// Of those for whom the event happened.
    pub positives: Numbers,
    /// Of those for whom it did not.
    pub negatives: Numbers,
    /// With how many of their leading bits they are kept: see [`Measured::bits`](crate::tally::Measured).
    pub bits: u8,
}

impl Default for Labelled {
    fn default() -> Self {
        Self {
            positives: Numbers::default(),
            negatives: Numbers::default(),
            bits: ALL_BITS,
        }
    }
}

impl Labelled {
    /// The scores of all of them.
    #[must_use]
    pub fn all(&self) -> Numbers {
        let mut all = self.positives.clone();
        all.absorb(&self.negatives);
        all
    }

    /// How many positives and how many negatives have a score.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.positives.n(), self.negatives.n())
    }

    /// Adds the scores of others, kept with as many bits.
    pub fn absorb(&mut self, other: &Self) {
        self.positives.absorb(&other.positives);
        self.negatives.absorb(&other.negatives);
    }
}

/// A number that stands for those of a bar: the number itself, or the mean of those that fall together.
fn middle(bar: &Bar) -> f64 {
    match &bar.sum {
        Some(sum) if bar.n > 0 => sum.value() / bar.n as f64,
        _ => bar.from,
    }
}

/// Whether all rows of a bar certainly have the same number, the one that it begins with.
fn is_one_number(bar: &Bar) -> bool {
    bar.sum.as_ref().is_none_or(|sum| {
        let mut rest = (**sum).clone();
        rest.add_product(-((bar.n >> 32 << 32) as f64), bar.from);
        rest.add_product(-((bar.n & 0xffff_ffff) as f64), bar.from);
        rest.is_zero()
    })
}

/// Two columns of bars side by side: a step for each number that either has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    /// Where the bars begin.
    from: f64,
    /// Rows of the first.
    first: u64,
    /// Rows of the second.
    second: u64,
    /// Whether rows of both are there that may have different numbers.
    is_blurred: bool,
}

/// The bars of two columns side by side, rising.
fn steps(first: &Numbers, second: &Numbers) -> Vec<Step> {
    let mut made = Vec::with_capacity(first.bars.len().max(second.bars.len()));
    let (mut a, mut b) = (first.bars.iter().peekable(), second.bars.iter().peekable());
    loop {
        let from = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) => x.from.min(y.from),
            (Some(bar), None) | (None, Some(bar)) => bar.from,
            (None, None) => return made,
        };
        let (x, y) = (a.next_if(|bar| bar.from == from), b.next_if(|bar| bar.from == from));
        made.push(Step {
            from,
            first: x.map_or(0, |bar| bar.n),
            second: y.map_or(0, |bar| bar.n),
            is_blurred: matches!((x, y), (Some(x), Some(y)) if !(is_one_number(x) && is_one_number(y))),
        });
    }
}
