//! This module remembers how the fields of a column were coded lately, so that most cost no hashing and no parsing.

use crate::kernel::Coded;

/// Fields longer than this are not remembered.
pub(super) const LONGEST: usize = 16;

/// A table starts with this many places, and has at most that many.
const FEWEST: usize = 1 << 8;
const MOST: usize = 1 << 14;

/// A direct-mapped table from the text of a field to its code, count or weight: each text has one place, and the
/// last one to come keeps it. It grows while many do not find theirs.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    places: Vec<Place>,
    /// How far a hash is shifted to be a place.
    shift: u32,
    /// How often a text was not in its place since the table has its size.
    misses: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    key: Key,
    bits: u64,
}

/// A text of at most [`LONGEST`] bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Key {
    /// Its bytes as two little-endian numbers, with zeros above.
    low: u64,
    high: u64,
    /// Its length, as a text may end in zero bytes; and whether it stood in quotes, inside of which two quotes are one.
    form: u64,
}

impl Key {
    /// The key of `bytes[from..to]`; nothing if that is too long, or if fewer than [`LONGEST`] bytes follow `from`.
    #[inline(always)]
    pub(super) fn new(bytes: &[u8], from: usize, to: usize, in_quotes: bool) -> Option<Self> {
        let length = to - from;
        let (low, high) = MASKS.get(length)?;
        let [first, second]: &[[u8; 8]; 2] = bytes.get(from..)?.as_chunks().0.first_chunk()?;
        Some(Self {
            low: u64::from_le_bytes(*first) & low,
            high: u64::from_le_bytes(*second) & high,
            form: (length as u64) << 1 | u64::from(in_quotes),
        })
    }

    #[inline(always)]
    fn hash(self) -> u64 {
        // Multiplying by an odd constant near 2^64 divided by the golden ratio (Knuth, volume 3, section 6.4)
        // spreads texts that differ in few letters; the highest bits are the best mixed ones.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        (self.low ^ self.high.rotate_left(29)).wrapping_mul(SPREAD)
    }
}

/// Masks that keep the lowest 0 to 16 bytes of two numbers.
const MASKS: [(u64, u64); LONGEST + 1] = {
    let mut masks = [(0, 0); LONGEST + 1];
    let mut length = 1;
    while length < masks.len() {
        let mask = u128::MAX >> (128 - 8 * length);
        masks[length] = (mask as u64, (mask >> 64) as u64);
        length += 1;
    }
    masks
};

impl Default for Seen {
    fn default() -> Self {
        Self::with_places(FEWEST)
    }
}

impl Seen {
    fn with_places(count: usize) -> Self {
        // No text has this key.
        let key = Key {
            low: 0,
            high: 0,
            form: u64::MAX,
        };
        Self {
            places: vec![Place { key, bits: 0 }; count],
            shift: u64::BITS - count.ilog2(),
            misses: 0,
        }
    }

    /// What [`bits`] made of the text with this key, if that is still known.
    #[inline(always)]
    pub(super) fn recall(&self, key: Key) -> Option<u64> {
        let place = self.places.get((key.hash() >> self.shift) as usize)?;
        (place.key == key).then_some(place.bits)
    }

    /// Remembers a text that was not known.
    pub(super) fn keep(&mut self, key: Key, bits: u64) {
        self.misses += 1;
        if self.misses > 2 * self.places.len() && self.places.len() < MOST {
            *self = Self::with_places(self.places.len() * 4);
        }
        if let Some(place) = self.places.get_mut((key.hash() >> self.shift) as usize) {
            *place = Place { key, bits };
        }
    }
}

/// What a value became, as a number of 64 bits.
pub(super) fn bits(coded: Coded) -> u64 {
    match coded {
        Coded::Code(code) => code.into(),
        Coded::Count(count) => count,
        Coded::Weight(number) | Coded::Number(number) => number.to_bits(),
        Coded::Id(id) => id,
    }
}

#[cfg(test)]
#[path = "seen_tests.rs"]
mod tests;
