//! This module keeps what rows of lists say, in few bytes, until all rows of a list are there.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use evenhand_measure::thousands;

/// An item at its place in a list: 32 bytes, and what is common to all rows of an item or a user is kept once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    /// The hash of the list's id.
    pub(super) list: u64,
    /// The place that the row says; without a column of ranks, where the row stands in its file.
    pub(super) place: u64,
    /// How much the user wanted the item; not-a-number where that is not known.
    pub(super) gain: f64,
    /// The number of the user.
    pub(super) user: u32,
    /// The number of the item.
    pub(super) item: u32,
}

/// What one entry takes, and what all of them together may take: 67 million entries.
pub(super) const BYTES: u64 = size_of::<Entry>() as u64;
const MOST_BYTES: u64 = 2 << 30;

/// Users are spread over so many parts by their hash, which are made into lists apart from each other. It divides the
/// number of buckets, so a bucket lies in one part.
pub(super) const PARTS: usize = 64;

/// So many entries are kept in a piece: growing a piece never copies more.
const PIECE: usize = 4_096;

/// Entries in pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entries {
    pieces: Vec<Vec<Entry>>,
}

impl Entries {
    #[inline]
    pub(super) fn push(&mut self, entry: Entry) {
        match self.pieces.last_mut() {
            Some(piece) if piece.len() < PIECE => piece.push(entry),
            None => self.pieces.push(vec![entry]),
            Some(_) => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(entry);
                self.pieces.push(piece);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.pieces.iter().flatten()
    }
}

/// How many entries all threads together keep.
#[derive(Clone, Default)]
pub(crate) struct Budget(Arc<AtomicU64>);

impl Budget {
    fn take(&self, entries: u64) -> Result<(), (String, String)> {
        let before = self.0.fetch_add(entries, Ordering::Relaxed);
        if before.saturating_add(entries).saturating_mul(BYTES) <= MOST_BYTES {
            return Ok(());
        }
        Err((
            format!(
                "the lists have more than {} entries, which is more than is kept in memory until each list is complete",
                thousands(MOST_BYTES / BYTES)
            ),
            "split the file by user, make a tally of each part with `evenhand tally`, and audit the tallies together"
                .to_owned(),
        ))
    }

    fn give_back(&self, entries: u64) {
        self.0.fetch_sub(entries, Ordering::Relaxed);
    }
}

/// The room that the entries of one thread take, which is given back when they are forgotten.
#[derive(Debug)]
pub(super) struct Room {
    budget: Budget,
    entries: u64,
}

impl Room {
    pub(super) fn of(budget: &Budget) -> Self {
        Self {
            budget: budget.clone(),
            entries: 0,
        }
    }

    /// Takes room for so many more entries; says what to do where there is none.
    pub(super) fn take(&mut self, entries: u64) -> Result<(), (String, String)> {
        self.entries += entries;
        self.budget.take(entries)
    }

    pub(super) fn give_back(&mut self, entries: u64) {
        self.entries -= entries;
        self.budget.give_back(entries);
    }
}

impl Clone for Room {
    fn clone(&self) -> Self {
        self.budget.0.fetch_add(self.entries, Ordering::Relaxed);
        Self {
            budget: self.budget.clone(),
            entries: self.entries,
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.budget.give_back(self.entries);
    }
}

/// What is kept does not depend on how much room is left.
impl PartialEq for Room {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Budget")
    }
}

/// How much is used by now makes no other plan.
impl PartialEq for Budget {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_takes_32_bytes_and_a_bucket_lies_in_one_part() {
        assert_eq!(BYTES, 32);
        assert_eq!(usize::from(evenhand_measure::tally::BUCKETS) % PARTS, 0);
    }

    #[test]
    fn more_than_fits_is_refused_and_what_is_given_back_fits_again() {
        let budget = Budget::default();
        let mut all = Room::of(&budget);
        all.take(MOST_BYTES / BYTES).unwrap();
        let (reason, help) = Room::of(&budget).take(1).unwrap_err();
        assert!(reason.contains("more than 67,108,864 entries"), "{reason}");
        assert!(help.contains("split the file by user"));
        all.give_back(1);
        let mut one = Room::of(&budget);
        one.take(1).unwrap();
        drop(all);
        one.take(MOST_BYTES / BYTES - 1).unwrap();
        assert!(one.take(1).is_err());
    }

    #[test]
    fn pieces_keep_the_order() {
        let mut entries = Entries::default();
        for place in 0..10_000 {
            entries.push(Entry {
                list: 0,
                place,
                gain: 0.0,
                user: 0,
                item: 0,
            });
        }
        assert_eq!(entries.len(), 10_000);
        assert!(entries.iter().map(|entry| entry.place).eq(0..10_000));
    }
}
