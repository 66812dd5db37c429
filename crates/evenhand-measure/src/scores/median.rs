//! This module is who scores above the median of everybody: the "scoring rate" of New York's rules on automated hiring
//! tools (6 RCNY § 5-301).

use super::{is_one_number, middle};
use crate::tally::Numbers;

/// The median of the scores of everybody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Median {
    /// The median; of an even number of scores the midpoint of the two in the middle.
    pub value: f64,
    /// Whether that is what it is; where numbers fall together it is near.
    pub is_exact: bool,
    /// The start of the bar with the lower of the two middle scores: what lies in higher bars is above the median.
    boundary: f64,
    /// Whether rows of that bar may be above it too.
    is_blurred: bool,
}

/// How many rows of a group score above a median.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Above {
    /// Those that do for certain. One that equals the median is not above it.
    pub above: u64,
    /// Those of which numbers that fall together leave it open. Nobody's up to
    /// [`MOST_LEVELS`](crate::tally::MOST_LEVELS) different scores.
    pub open: u64,
    /// All with a score.
    pub n: u64,
}

impl Median {
    /// The median of these scores, unless there are none.
    ///
    /// The rules say "the sample", which may or may not have the people in it whose group is not known: that is for the
    /// caller to choose and to say.
    ///
    /// ```
    /// use evenhand_measure::scores::median::Median;
    /// use evenhand_measure::tally::Numbers;
    /// let median = Median::of(&Numbers::of([(1.0, 1), (2.0, 2), (5.0, 1)], 0)).unwrap();
    /// assert_eq!(median.value, 2.0);
    /// assert_eq!(median.above(&Numbers::of([(2.0, 1), (5.0, 1)], 0)).above, 1);
    /// ```
    #[must_use]
    pub fn of(scores: &Numbers) -> Option<Self> {
        let n = scores.n();
        // Counted from 1: of 4 scores the second and the third, of 5 the third twice.
        let (low, high) = (n.div_ceil(2), n / 2 + 1);
        let bar_of = |place: u64| {
            let mut seen = 0u64;
            scores.bars.iter().find(|bar| {
                seen = seen.saturating_add(bar.n);
                seen >= place
            })
        };
        let (lower, upper) = (bar_of(low)?, bar_of(high)?);
        let is_same = lower.from == upper.from;
        Some(Self {
            value: f64::midpoint(middle(lower), middle(upper)),
            is_exact: is_one_number(lower) && is_one_number(upper),
            boundary: lower.from,
            // If the upper of the two is in a higher bar, the median lies above the whole lower bar: half of all rows
            // are in it or below, and all of these are at most the lower of the two.
            is_blurred: is_same && !is_one_number(lower),
        })
    }

    /// How many of a group score above it.
    #[must_use]
    pub fn above(&self, group: &Numbers) -> Above {
        let count = |is_meant: &dyn Fn(f64) -> bool| {
            let meant = group.bars.iter().filter(|bar| is_meant(bar.from));
            meant.fold(0u64, |sum, bar| sum.saturating_add(bar.n))
        };
        Above {
            above: count(&|from| from > self.boundary),
            open: if self.is_blurred {
                count(&|from| from == self.boundary)
            } else {
                0
            },
            n: group.n(),
        }
    }
}

#[cfg(test)]
#[path = "median_tests.rs"]
mod tests;
