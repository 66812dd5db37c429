//! This module is what the lists of some users hold, and adds it up: counts and exact sums, so in any order.

use evenhand_measure::tally::Moments;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::list::Odd;

/// What the lists of some users hold.
#[derive(Default)]
pub(super) struct Slice {
    pub(super) shown: HashMap<Cell, u64, FixedState>,
    pub(super) measured: HashMap<(u32, u32), Measured, FixedState>,
    /// By group and bucket of users, and category.
    pub(super) history: HashMap<(u32, u32, u32), u64, FixedState>,
    pub(super) times: HashMap<u32, u64, FixedState>,
    pub(super) odd: Odd,
    pub(super) lists: u64,
    pub(super) users: u64,
    pub(super) unnamed: u64,
    pub(super) longest: u64,
    pub(super) impressions: u64,
    pub(super) not_in_catalogue: u64,
    pub(super) history_unused: u64,
    pub(super) wanted_unknown: u64,
}

/// Where items are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    pub(super) users: u32,
    pub(super) items: u32,
    pub(super) place: u16,
    pub(super) bucket: u16,
    pub(super) relevance: u16,
}

#[derive(Clone, Default)]
pub(super) struct Measured {
    pub(super) units: u64,
    pub(super) of: Vec<Moments>,
}

/// The codes of relevance.
pub(super) const UNKNOWN: u16 = 0;
pub(super) const WANTED: u16 = 1;
pub(super) const UNWANTED: u16 = 2;

impl Slice {
    /// All slices together. A bucket lies in one slice, but the bucket of a cluster may not.
    pub(super) fn of(slices: Vec<Self>) -> Self {
        let mut slices = slices.into_iter();
        let mut whole = slices.next().unwrap_or_default();
        for slice in slices {
            whole.absorb(slice);
        }
        whole
    }

    fn absorb(&mut self, other: Self) {
        for (cell, n) in other.shown {
            *self.shown.entry(cell).or_default() += n;
        }
        for (cell, n) in other.history {
            *self.history.entry(cell).or_default() += n;
        }
        for (item, n) in other.times {
            *self.times.entry(item).or_default() += n;
        }
        for (cell, measured) in other.measured {
            let own = self.measured.entry(cell).or_default();
            own.units += measured.units;
            own.of
                .resize_with(measured.of.len().max(own.of.len()), Moments::default);
            for (own, other) in own.of.iter_mut().zip(&measured.of) {
                own.merge(other);
            }
        }
        self.odd.item_again += other.odd.item_again;
        self.odd.rank_taken += other.odd.rank_taken;
        self.odd.gap_in_ranks += other.odd.gap_in_ranks;
        self.lists += other.lists;
        self.users += other.users;
        self.unnamed += other.unnamed;
        self.longest = self.longest.max(other.longest);
        self.impressions += other.impressions;
        self.not_in_catalogue += other.not_in_catalogue;
        self.history_unused += other.history_unused;
        self.wanted_unknown += other.wanted_unknown;
    }
}
