//! This module remembers how short texts were coded lately, so that most values cost no hashing at all.

use super::coder::Coded;

const SLOTS: usize = 256;

/// A small direct-mapped table: each text has one place, and the last one to come keeps it.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    places: Box<[Place; SLOTS]>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    packed: u128,
    /// The length of the text, or `EMPTY`. Part of the key, because a text may end in zero bytes.
    length: usize,
    coded: Coded,
}

const EMPTY: usize = usize::MAX;

impl Default for Memory {
    fn default() -> Self {
        Self {
            places: Box::new(
                [Place {
                    packed: 0,
                    length: EMPTY,
                    coded: Coded::Code(0),
                }; SLOTS],
            ),
        }
    }
}

impl Memory {
    #[inline]
    pub(super) fn recall(&self, packed: u128, length: usize) -> Option<Coded> {
        let place = &self.places[place_of(packed)];
        (place.packed == packed && place.length == length).then_some(place.coded)
    }

    #[inline]
    pub(super) fn keep(&mut self, packed: u128, length: usize, coded: Coded) {
        self.places[place_of(packed)] = Place { packed, length, coded };
    }
}

#[inline]
fn place_of(packed: u128) -> usize {
    // Multiplying by an odd constant near 2^64 divided by the golden ratio (Knuth, volume 3, section 6.4)
    // spreads texts that differ in few letters; the highest eight bits are the best mixed ones.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let folded = packed as u64 ^ ((packed >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(SPREAD) >> 56) as usize
}
