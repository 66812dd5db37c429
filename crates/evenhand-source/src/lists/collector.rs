//! This module collects the rows of lists of one thread: the parts of all threads and files are later made into lists.

use std::hash::Hash;
use std::ops::Range;

use evenhand_measure::tally::Dimension;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::combinations::{Combinations, NONE};
use super::entries::{Budget, Entries, Entry, PARTS, Room};
use crate::kernel::Unusable;

/// The columns of a batch of rows, as far as lists need them. A hash of 0 stands for a missing id, and not-a-number for
/// a missing number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows<'a> {
    /// How many there are.
    pub(crate) rows: usize,
    /// Where the first stands in its file, by any count that rises from row to row by at least one.
    pub(crate) first: u64,
    pub(crate) list: Option<&'a [u64]>,
    pub(crate) user: Option<&'a [u64]>,
    pub(crate) item: &'a [u64],
    pub(crate) rank: Option<&'a [f64]>,
    pub(crate) relevance: Option<&'a [f64]>,
    pub(crate) popularity: Option<&'a [f64]>,
    pub(crate) merit: Option<&'a [f64]>,
    /// The codes of what belongs to users, column by column.
    pub(crate) of_users: Vec<Vec<u32>>,
    /// The codes of what belongs to items.
    pub(crate) of_items: Vec<Vec<u32>>,
}

/// Who gets a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct User {
    /// The hash of the id; where nobody is named, that of the list with [`ANONYMOUS`].
    pub(super) id: u64,
    pub(super) is_named: bool,
    /// The number of the combination of what he belongs to.
    pub(super) groups: u32,
}

/// What is in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) groups: u32,
    /// The bits of numbers; those of not-a-number where they are missing.
    pub(super) popularity: u64,
    pub(super) merit: u64,
}

/// Keeps the ids of lists apart from those of users.
const ANONYMOUS: u64 = 0x9e37_79b9_7f4a_7c15;

/// Not-a-number, always with the same bits.
pub(super) const MISSING: u64 = 0x7ff8_0000_0000_0000;

/// The rows of one thread.
#[derive(Clone, Debug)]
pub(crate) struct Collector {
    part: Part,
    users: Numbers<User>,
    items: Numbers<Item>,
    block: Vec<Found>,
}

/// Rows are gone through this many at a time, step by step. Tables of many users and items are in no near cache, and
/// a step of few instructions lets the processor wait for several rows at once.
const BLOCK: usize = 1_024;

/// A row that has a list, an item and a rank.
#[derive(Clone, Copy, Debug)]
struct Found {
    row: usize,
    list: u64,
    place: u64,
    user: User,
    /// The number of the user, once it is known.
    number: u32,
}

/// What was collected by one thread.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// The number of its file.
    pub(super) source: u64,
    /// Whether entries have ranks; else their places are those of rows.
    pub(super) is_ranked: bool,
    pub(super) users: Vec<User>,
    pub(super) items: Vec<Item>,
    pub(super) user_groups: Combinations,
    pub(super) item_groups: Combinations,
    pub(super) entries: Vec<Entries>,
    pub(super) rows: u64,
    room: Room,
    pub(super) left_out: LeftOut,
    /// The levels of the columns that belong to users and to items, by code.
    pub(super) of_users: Vec<Dimension>,
    pub(super) of_items: Vec<Dimension>,
}

impl LeftOut {
    pub(super) fn all(self) -> u64 {
        self.no_list + self.no_item + self.no_rank
    }
}

/// How many rows no list can be made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) no_list: u64,
    pub(super) no_item: u64,
    pub(super) no_rank: u64,
    /// Rows whose rank is 0, which are among those without a rank.
    pub(super) rank_zero: u64,
}

/// Values by their numbers, and the other way round.
#[derive(Clone, Debug)]
struct Numbers<T> {
    numbers: HashMap<T, u32, FixedState>,
    last: Option<(T, u32)>,
}

impl<T: Copy + Eq + Hash> Numbers<T> {
    fn new() -> Self {
        Self {
            numbers: HashMap::default(),
            last: None,
        }
    }

    /// The number of a value, which is put to the others if it is new. Often it is that of the row before.
    #[inline]
    fn of(&mut self, value: T, values: &mut Vec<T>) -> u32 {
        if let Some((last, number)) = self.last
            && last == value
        {
            return number;
        }
        // Bounded by the budget of entries.
        let next = values.len() as u32;
        let number = *self.numbers.entry(value).or_insert(next);
        if number == next {
            values.push(value);
        }
        self.last = Some((value, number));
        number
    }
}

impl Collector {
    /// A collector for a thread. All threads share a budget.
    pub(crate) fn new(budget: &Budget, is_ranked: bool) -> Self {
        Self {
            part: Part {
                source: 0,
                is_ranked,
                users: Vec::new(),
                items: Vec::new(),
                user_groups: Combinations::default(),
                item_groups: Combinations::default(),
                entries: vec![Entries::default(); PARTS],
                rows: 0,
                room: Room::of(budget),
                left_out: LeftOut::default(),
                of_users: Vec::new(),
                of_items: Vec::new(),
            },
            users: Numbers::new(),
            items: Numbers::new(),
            block: Vec::new(),
        }
    }

    /// Keeps rows.
    ///
    /// # Errors
    /// When there are more than is kept in memory.
    pub(crate) fn add(&mut self, rows: &Rows<'_>, column: &str) -> Result<(), Unusable> {
        let taken = self.part.room.take(rows.rows as u64);
        taken.map_err(|(reason, help)| Unusable::new(column, reason, help))?;
        let mut kept = 0;
        for start in (0..rows.rows).step_by(BLOCK) {
            kept += self.add_block(rows, start..rows.rows.min(start + BLOCK));
        }
        self.part.room.give_back(rows.rows as u64 - kept);
        self.part.rows += rows.rows as u64;
        Ok(())
    }

    /// Keeps some rows; says of how many an entry came.
    fn add_block(&mut self, rows: &Rows<'_>, block: Range<usize>) -> u64 {
        let Self {
            part,
            users,
            items,
            block: found,
        } = self;
        found.clear();
        found.extend(block.filter_map(|row| part.found(rows, row)));
        for row in found.iter_mut() {
            row.number = users.of(row.user, &mut part.users);
        }
        let bits = |numbers: Option<&[f64]>, row: usize| match numbers.map(|numbers| numbers[row]) {
            Some(number) if !number.is_nan() => number.to_bits(),
            _ => MISSING,
        };
        for found in found.iter() {
            let row = found.row;
            let item = Item {
                id: rows.item[row],
                groups: groups(&mut part.item_groups, &rows.of_items, row),
                popularity: bits(rows.popularity, row),
                merit: bits(rows.merit, row),
            };
            part.entries[part_of(found.user.id)].push(Entry {
                list: found.list,
                place: found.place,
                gain: rows.relevance.map_or(f64::NAN, |gains| gains[row]),
                user: found.number,
                item: items.of(item, &mut part.items),
            });
        }
        found.len() as u64
    }

    /// What was collected, with the levels of its codes.
    pub(crate) fn finish(self, of_users: Vec<Dimension>, of_items: Vec<Dimension>) -> Part {
        Part {
            of_users,
            of_items,
            ..self.part
        }
    }
}

impl Part {
    /// A row as far as its list and user say it; nothing where no entry comes of it.
    #[inline]
    fn found(&mut self, rows: &Rows<'_>, row: usize) -> Option<Found> {
        let at = |ids: Option<&[u64]>| ids.map(|ids| ids[row]);
        let left_out = &mut self.left_out;
        // Without a column of lists a user has one list, and without one of users a list is all that a user has.
        let (list, (id, is_named)) = match (at(rows.list), at(rows.user)) {
            (Some(0), _) | (None, Some(0) | None) => {
                left_out.no_list += 1;
                return None;
            }
            (Some(list), None) => (list, (list, true)),
            (Some(list), Some(0)) => (list, (list ^ ANONYMOUS, false)),
            (Some(list), Some(user)) => (list, (user, true)),
            (None, Some(user)) => (user, (user, true)),
        };
        if rows.item[row] == 0 {
            left_out.no_item += 1;
            return None;
        }
        let place = match rows.rank.map(|ranks| ranks[row]) {
            None => rows.first + row as u64,
            Some(rank) => match place_of(rank) {
                Some(place) => place,
                None => {
                    left_out.no_rank += 1;
                    left_out.rank_zero += u64::from(rank == 0.0);
                    return None;
                }
            },
        };
        let groups = groups(&mut self.user_groups, &rows.of_users, row);
        Some(Found {
            row,
            list,
            place,
            user: User { id, is_named, groups },
            number: 0,
        })
    }
}

/// The number of the combination of a row's codes.
#[inline]
fn groups(combinations: &mut Combinations, columns: &[Vec<u32>], row: usize) -> u32 {
    let codes = columns.iter().map(|codes| codes[row]);
    codes.fold(NONE, |shorter, code| combinations.with(shorter, code))
}

/// The place that a rank says: a whole number from 1.
fn place_of(rank: f64) -> Option<u64> {
    const MOST: f64 = (1u64 << 53) as f64;
    ((1.0..=MOST).contains(&rank) && rank.fract() == 0.0).then_some(rank as u64)
}

/// The part in which all lists of a user are.
pub(super) fn part_of(user: u64) -> usize {
    (user % PARTS as u64) as usize
}
