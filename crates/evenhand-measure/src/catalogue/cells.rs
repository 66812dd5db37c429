//! This module names the cells of the 2x2 table, and sets of them.

use std::fmt;
use std::ops::BitOr;

use crate::confusion::Needs;

/// A set of the four cells of a confusion table.
///
/// ```
/// use evenhand_measure::catalogue::Cells;
/// let positives = Cells::TP | Cells::FN;
/// assert!(positives.contains(Cells::FN));
/// assert_eq!(positives.to_string(), "TP + FN");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cells(u8);

impl Cells {
    /// No cell.
    pub const EMPTY: Self = Self(0);
    /// True positives: decided positive, and it was.
    pub const TP: Self = Self(1);
    /// False positives: decided positive, and it was not.
    pub const FP: Self = Self(2);
    /// False negatives: decided negative, and it was positive.
    pub const FN: Self = Self(4);
    /// True negatives: decided negative, and it was.
    pub const TN: Self = Self(8);
    /// All four.
    pub const ALL: Self = Self(15);

    /// The union, usable in constants.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The cells of this set that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the set has no cell.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the set treats both labels alike, so that it can be told without knowing the label.
    const fn ignores_label(self) -> bool {
        self.contains(Self::TP) == self.contains(Self::FP) && self.contains(Self::FN) == self.contains(Self::TN)
    }

    /// Whether the set treats both predictions alike.
    const fn ignores_prediction(self) -> bool {
        self.contains(Self::TP) == self.contains(Self::FN) && self.contains(Self::FP) == self.contains(Self::TN)
    }

    /// What must be known of a row to place it in or out of both sets.
    #[must_use]
    pub const fn needs(self, other: Self) -> Needs {
        Needs {
            label: !(self.ignores_label() && other.ignores_label()),
            prediction: !(self.ignores_prediction() && other.ignores_prediction()),
        }
    }
}

impl BitOr for Cells {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

impl fmt::Display for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [(Self::TP, "TP"), (Self::FP, "FP"), (Self::FN, "FN"), (Self::TN, "TN")];
        let names: Vec<&str> = named
            .iter()
            .filter(|(cell, _)| self.contains(*cell))
            .map(|(_, name)| *name)
            .collect();
        f.write_str(&names.join(" + "))
    }
}
