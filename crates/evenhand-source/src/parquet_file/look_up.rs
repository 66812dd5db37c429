//! This module turns dictionary indices and plain values into what the counting kernel takes, for one slot.

use super::hybrid::{Hybrid, Piece, Scratch};
use super::trouble::Trouble;
use crate::kernel::{Coded, Unusable};

/// What a column of a batch holds.
pub(super) trait Item: Copy + 'static {
    /// Stands for a dictionary entry that no row has used yet. Entries are coded when a row first uses them, because
    /// writers leave entries in dictionaries that no row has, and those must not become levels or errors.
    const UNKNOWN: Self;
    /// Whether this is [`Item::UNKNOWN`]. A real value that looks alike is merely coded again.
    fn is_unknown(self) -> bool;
    /// The item in a coded value of this kind.
    fn of(coded: Coded) -> Option<Self>;
}

impl Item for u32 {
    const UNKNOWN: Self = Self::MAX;

    fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }

    fn of(coded: Coded) -> Option<Self> {
        if let Coded::Code(code) = coded {
            Some(code)
        } else {
            None
        }
    }
}

impl Item for u64 {
    const UNKNOWN: Self = Self::MAX;

    fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }

    fn of(coded: Coded) -> Option<Self> {
        if let Coded::Count(count) = coded {
            Some(count)
        } else {
            None
        }
    }
}

impl Item for f64 {
    const UNKNOWN: Self = Self::NAN;

    fn is_unknown(self) -> bool {
        self.is_nan()
    }

    fn of(coded: Coded) -> Option<Self> {
        if let Coded::Weight(weight) = coded {
            Some(weight)
        } else {
            None
        }
    }
}

/// Runs `$work` with `$a` and `$b` bound to the vectors of two columns of the same kind.
macro_rules! both {
    (($left:expr, $right:expr), |$a:ident, $b:ident| $work:expr) => {
        match ($left, $right) {
            (Column::Codes($a), Column::Codes($b)) => $work,
            (Column::Counts($a), Column::Counts($b)) => $work,
            (Column::Weights($a), Column::Weights($b)) => $work,
            _ => unreachable!("tables and columns are made for the same slot"),
        }
    };
}
pub(super) use both;

/// The item in a coded value.
pub(super) fn item<T: Item>(coded: Coded) -> T {
    T::of(coded).unwrap_or_else(|| unreachable!("a coder gives one kind of value"))
}

/// Tables have at least this many entries, so that an index of eight bits needs no check.
const SMALL: usize = 256;

/// An empty table for a dictionary of `entries` entries.
pub(super) fn reset<T: Item>(table: &mut Vec<T>, entries: usize) {
    table.clear();
    table.resize(entries.max(SMALL), T::UNKNOWN);
}

/// Reads the next `count` indices and appends their items to `out`. `code` codes the entry at an index; what it finds
/// is kept in `table`. A value that cannot be used is reported by its number among these.
pub(super) fn look_up<T: Item>(
    table: &mut [T],
    (indices, data): (&mut Hybrid, &[u8]),
    count: usize,
    scratch: &mut Scratch,
    out: &mut Vec<T>,
    code: &mut impl FnMut(u32) -> Result<Coded, Trouble>,
) -> Result<(), Trouble> {
    let start = out.len();
    out.reserve(count);
    let narrow = indices.width() <= 8;
    indices.read(data, count, scratch, &mut |piece| {
        let before = out.len();
        match (piece, table.first_chunk::<SMALL>()) {
            (Piece::Run(index, length), _) => {
                let item = entry(table, index, code).map_err(|trouble| trouble.later(before - start))?;
                out.resize(before + length, item);
                return Ok(());
            }
            (Piece::Values(indices), Some(small)) if narrow => {
                out.extend(indices.iter().map(|index| small[*index as usize % SMALL]));
            }
            (Piece::Values(indices), _) => {
                out.extend(
                    indices
                        .iter()
                        .map(|index| table.get(*index as usize).copied().unwrap_or(T::UNKNOWN)),
                );
            }
        }
        let Piece::Values(indices) = piece else { return Ok(()) };
        let items = &mut out[before..];
        if items.iter().fold(false, |any, item| any | item.is_unknown()) {
            for (number, (item, index)) in items.iter_mut().zip(indices).enumerate() {
                if item.is_unknown() {
                    *item = entry(table, *index, code).map_err(|trouble| trouble.later(before - start + number))?;
                }
            }
        }
        Ok(())
    })
}

/// The item of an entry that may not have been coded yet.
fn entry<T: Item>(
    table: &mut [T],
    index: u32,
    code: &mut impl FnMut(u32) -> Result<Coded, Trouble>,
) -> Result<T, Trouble> {
    let known = table.get(index as usize).copied().filter(|known| !known.is_unknown());
    if let Some(known) = known {
        return Ok(known);
    }
    let item = item(code(index)?);
    if let Some(entry) = table.get_mut(index as usize) {
        *entry = item;
    }
    Ok(item)
}

/// Remembers what single numbers were coded as: one place per value of a hash, the last one stays.
#[derive(Debug)]
pub(super) struct Recent<T> {
    places: Box<[Option<(u64, T)>; SMALL]>,
}

impl<T: Item> Default for Recent<T> {
    fn default() -> Self {
        Self {
            places: Box::new([None; SMALL]),
        }
    }
}

impl<T: Item> Recent<T> {
    /// What the value with these bits was coded as, or what `code` makes of it.
    #[inline]
    pub(super) fn get(&mut self, bits: u64, code: impl FnOnce() -> Result<Coded, Unusable>) -> Result<T, Unusable> {
        // The golden ratio spreads numbers that follow each other (Knuth, volume 3, section 6.4).
        let place = (bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize;
        match self.places[place % SMALL] {
            Some((known, item)) if known == bits => Ok(item),
            _ => {
                let item = item(code()?);
                self.places[place % SMALL] = Some((bits, item));
                Ok(item)
            }
        }
    }
}
