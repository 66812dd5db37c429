//! This module counts pairs of a relevant and an irrelevant item of one list, and how often the relevant one is above.

use std::ops::AddAssign;

/// How often the relevant item of a pair is placed above the irrelevant one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wins {
    /// How often it is.
    pub wins: u64,
    /// How many pairs there are.
    pub pairs: u64,
}

impl Wins {
    /// The share of pairs in the right order; nothing without a pair.
    #[must_use]
    pub fn accuracy(self) -> Option<f64> {
        (self.pairs > 0).then(|| self.wins as f64 / self.pairs as f64)
    }
}

impl AddAssign for Wins {
    fn add_assign(&mut self, other: Self) {
        self.wins = self.wins.saturating_add(other.wins);
        self.pairs = self.pairs.saturating_add(other.pairs);
    }
}

/// The pairs whose relevant item is one group's, as counted in one list (Beutel and others 2019).
///
/// Relevance that comes from clicks depends on the places, so that these accuracies say what the ranking does only where
/// places were dealt at random, or the clicks are corrected for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// The irrelevant item is of the same group.
    pub within: Wins,
    /// The irrelevant item is of another group.
    pub between: Wins,
}

impl Pairs {
    /// The pairs of one list by group of the relevant item. `list` has the group of each item and whether it is
    /// relevant, best place first; an item of which that is not known makes no pair, nor does one beyond `groups`.
    ///
    /// ```
    /// use evenhand_measure::lists::provider::Pairs;
    /// let yes = Some(true);
    /// let found = Pairs::of_list(&[(0, yes), (1, Some(false)), (1, yes)], 2);
    /// assert_eq!(found[0].between.accuracy(), Some(1.0));
    /// assert_eq!(found[1].within.accuracy(), Some(0.0));
    /// assert_eq!(found[0].within.accuracy(), None);
    /// ```
    #[must_use]
    pub fn of_list(list: &[(usize, Option<bool>)], groups: usize) -> Vec<Self> {
        // Irrelevant items that are still to come, by group.
        let mut below = vec![0u64; groups];
        for (group, relevant) in list {
            if let (Some(count), Some(false)) = (below.get_mut(*group), relevant) {
                *count += 1;
            }
        }
        let all = below.clone();
        let (every, mut every_below): (u64, u64) = (all.iter().sum(), all.iter().sum());
        let mut found = vec![Self::default(); groups];
        for &(group, relevant) in list {
            let Some(pairs) = found.get_mut(group) else {
                continue;
            };
            match relevant {
                Some(true) => {
                    pairs.within += Wins {
                        wins: below[group],
                        pairs: all[group],
                    };
                    pairs.between += Wins {
                        wins: every_below - below[group],
                        pairs: every - all[group],
                    };
                }
                Some(false) => {
                    below[group] -= 1;
                    every_below -= 1;
                }
                None => {}
            }
        }
        found
    }
}
