//! This module makes of the entries of one list, in any order, the items that are shown and their places.

use std::cmp::Ordering;

use super::entries::Entry;
use super::united::Item;

/// An item that is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shown {
    pub(super) item: u32,
    /// Its place, from 1. No two items of a list have the same.
    pub(super) place: u64,
    /// How much the user wanted it, if that is known.
    pub(super) gain: Option<f64>,
}

/// What was odd about lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Odd {
    /// Records of an item that is in its list at a better place.
    pub(super) item_again: u64,
    /// Records of an item at a place that another item of the list has.
    pub(super) rank_taken: u64,
    /// Lists with a place that no item has, before the last one.
    pub(super) gap_in_ranks: u64,
}

/// The order of the entries of a list: by place, and of one place by the hash of the item's id, which favours nobody.
pub(super) fn order(items: &[Item], a: &Entry, b: &Entry) -> Ordering {
    let id = |entry: &Entry| items[entry.item as usize].id;
    (a.place, id(a)).cmp(&(b.place, id(b)))
}

/// Makes lists; kept from list to list for its memory.
#[derive(Debug)]
pub(super) struct Maker {
    is_ranked: bool,
    /// For each item, the last list that has it, and where in it.
    seen: Vec<(u32, u32)>,
    list: u32,
    pub(super) shown: Vec<Shown>,
    pub(super) odd: Odd,
}

impl Maker {
    pub(super) fn new(is_ranked: bool, items: usize) -> Self {
        Self {
            is_ranked,
            seen: vec![(0, 0); items],
            list: 0,
            shown: Vec::new(),
            odd: Odd::default(),
        }
    }

    /// Makes a list of its entries, which are in [`order`], and puts it into `shown`.
    ///
    /// Without ranks the rows count. An item that comes again keeps its better place, and counts as wanted if any of its
    /// rows says so; the worse place stays empty. Items of one place get places one after the other, and what follows
    /// moves back as far as it has to.
    pub(super) fn make(&mut self, entries: &[Entry]) {
        // Bounded by the budget of entries.
        self.list += 1;
        self.shown.clear();
        let mut written = 0;
        let mut has_gap = false;
        let (mut last, mut kept_at) = (0, 0);
        for (entry, row) in entries.iter().zip(1u64..) {
            let place = if self.is_ranked { entry.place } else { row };
            has_gap |= place > written + 1;
            written = place;
            let gain = (!entry.gain.is_nan()).then_some(entry.gain);
            let seen = &mut self.seen[entry.item as usize];
            if seen.0 == self.list {
                self.odd.item_again += 1;
                let kept = &mut self.shown[seen.1 as usize];
                kept.gain = [kept.gain, gain].into_iter().flatten().max_by(f64::total_cmp);
                continue;
            }
            *seen = (self.list, self.shown.len() as u32);
            self.odd.rank_taken += u64::from(place == kept_at);
            kept_at = place;
            last = place.max(last + 1);
            self.shown.push(Shown {
                item: entry.item,
                place: last,
                gain,
            });
        }
        self.odd.gap_in_ranks += u64::from(has_gap);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made(is_ranked: bool, rows: &[(u64, u32, f64)]) -> (Vec<(u32, u64, Option<f64>)>, Odd) {
        let item = |id: u32| Item {
            id: u64::from(id),
            group: 0,
            popularity: None,
            merit: None,
            is_in_stock: true,
        };
        let items: Vec<Item> = (0..10).map(item).collect();
        let mut entries: Vec<Entry> = rows
            .iter()
            .map(|&(place, item, gain)| Entry {
                list: 1,
                place,
                gain,
                user: 0,
                item,
            })
            .collect();
        entries.sort_by(|a, b| order(&items, a, b));
        let mut maker = Maker::new(is_ranked, items.len());
        maker.make(&entries);
        let shown = maker.shown.iter().map(|shown| (shown.item, shown.place, shown.gain));
        (shown.collect(), maker.odd)
    }

    #[test]
    fn a_plain_list_stays_as_it_is() {
        let (shown, odd) = made(true, &[(2, 5, 0.0), (1, 7, 1.0), (3, 1, f64::NAN)]);
        assert_eq!(shown, [(7, 1, Some(1.0)), (5, 2, Some(0.0)), (1, 3, None)]);
        assert_eq!(odd, Odd::default());
    }

    #[test]
    fn one_item_is_a_list() {
        assert_eq!(made(true, &[(1, 3, 0.5)]).0, [(3, 1, Some(0.5))]);
    }

    #[test]
    fn of_an_item_that_comes_again_the_better_place_and_the_larger_gain_count() {
        let (shown, odd) = made(true, &[(4, 2, 1.0), (2, 2, 0.0), (1, 1, 0.0), (3, 3, 0.0)]);
        assert_eq!(shown, [(1, 1, Some(0.0)), (2, 2, Some(1.0)), (3, 3, Some(0.0))]);
        assert_eq!((odd.item_again, odd.rank_taken, odd.gap_in_ranks), (1, 0, 0));
    }

    #[test]
    fn items_of_one_place_follow_each_other_by_their_ids() {
        let (shown, odd) = made(true, &[(1, 8, 0.0), (1, 2, 0.0), (2, 5, 0.0), (9, 1, 0.0)]);
        let places: Vec<(u32, u64)> = shown.iter().map(|shown| (shown.0, shown.1)).collect();
        assert_eq!(places, [(2, 1), (8, 2), (5, 3), (1, 9)]);
        assert_eq!((odd.rank_taken, odd.gap_in_ranks), (1, 1));
    }

    #[test]
    fn gaps_stay_and_a_list_that_starts_late_has_one() {
        let (shown, odd) = made(true, &[(3, 1, 0.0), (5, 2, 0.0)]);
        assert_eq!((shown[0].1, shown[1].1, odd.gap_in_ranks), (3, 5, 1));
    }

    #[test]
    fn without_ranks_the_order_of_rows_is_that_of_places() {
        let (shown, odd) = made(false, &[(900, 4, 0.0), (17, 3, 0.0), (901, 3, 0.0), (1000, 1, 0.0)]);
        let places: Vec<(u32, u64)> = shown.iter().map(|shown| (shown.0, shown.1)).collect();
        assert_eq!(places, [(3, 1), (4, 2), (1, 4)]);
        assert_eq!((odd.item_again, odd.gap_in_ranks), (1, 0));
    }

    proptest! {
        #[test]
        fn places_rise_and_every_row_is_shown_or_counted(
            rows in prop::collection::vec((1u64..8, 0u32..10, 0u8..3), 1..20),
            turn in 0usize..20,
        ) {
            let rows: Vec<(u64, u32, f64)> = rows.iter().map(|&(p, i, g)| (p, i, f64::from(g))).collect();
            let (shown, odd) = made(true, &rows);
            prop_assert_eq!(shown.len() as u64 + odd.item_again, rows.len() as u64);
            prop_assert!(shown.windows(2).all(|pair| pair[0].1 < pair[1].1));
            for (item, place, gain) in &shown {
                let own: Vec<&(u64, u32, f64)> = rows.iter().filter(|row| row.1 == *item).collect();
                prop_assert!(*place >= own.iter().map(|row| row.0).min().unwrap());
                prop_assert_eq!(*gain, own.iter().map(|row| row.2).max_by(f64::total_cmp));
            }
            let mut turned = rows.clone();
            turned.rotate_left(turn % rows.len());
            prop_assert_eq!(made(true, &turned), (shown, odd));
        }
    }
}
