//! This module remembers what became of values that were seen lately, so that most values are looked up and not coded.

/// How many values are remembered; the places that are used stay in the nearest cache.
const PLACES: usize = 1 << 10;

/// A small table of what values became, by their bits. Each value has two places.
pub(super) struct Lately<T> {
    places: Box<[Place<T>; PLACES]>,
}

#[derive(Clone, Copy)]
struct Place<T> {
    key: u128,
    coded: T,
}

/// The key of an empty place: neither a number nor a text of at most twelve bytes with its length.
const EMPTY: u128 = u128::MAX;

impl<T: Copy + Default> Lately<T> {
    pub(super) fn new() -> Self {
        let empty = Place {
            key: EMPTY,
            coded: T::default(),
        };
        Self {
            places: Box::new([empty; PLACES]),
        }
    }

    /// What became of the value with these bits.
    #[inline]
    pub(super) fn get(&self, key: u128) -> Option<T> {
        let (one, other) = places_of(key);
        let place = &self.places[one];
        if place.key == key {
            return Some(place.coded);
        }
        let place = &self.places[other];
        (place.key == key).then_some(place.coded)
    }

    /// Remembers a value; it may take the place of another.
    pub(super) fn keep(&mut self, key: u128, coded: T) {
        let (one, other) = places_of(key);
        let place = if self.places[one].key == EMPTY { one } else { other };
        self.places[place] = Place { key, coded };
    }
}

#[inline]
fn places_of(key: u128) -> (usize, usize) {
    // Multiplying by an odd constant near 2^64 divided by the golden ratio (Knuth, volume 3, section 6.4) spreads
    // values that differ in few bits; the highest bits are the best mixed ones.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (key as u64 ^ ((key >> 64) as u64).rotate_left(29)).wrapping_mul(SPREAD);
    let place = |bits: u64| bits as usize % PLACES;
    (place(mixed >> 54), place(mixed >> 44))
}

/// The same for texts that are too long for a number.
pub(super) struct LatelyLong<T> {
    places: Vec<(Vec<u8>, T)>,
}

/// Texts above this are not kept: they are free text and hardly come twice.
const LONGEST: usize = 256;

impl<T: Copy + Default> LatelyLong<T> {
    pub(super) fn new() -> Self {
        Self {
            places: vec![(Vec::new(), T::default()); PLACES / 4],
        }
    }

    /// What became of this text, which is not empty.
    #[inline]
    pub(super) fn get(&self, text: &[u8]) -> Option<T> {
        let (kept, coded) = &self.places[self.place_of(text)];
        (kept == text).then_some(*coded)
    }

    /// Remembers a text in the place of another.
    pub(super) fn keep(&mut self, text: &[u8], coded: T) {
        if text.len() <= LONGEST {
            let place = self.place_of(text);
            self.places[place] = (text.to_vec(), coded);
        }
    }

    #[inline]
    fn place_of(&self, text: &[u8]) -> usize {
        // Beginning, end and length tell the names of groups apart.
        let ends = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let (first, last) = (ends(text.first_chunk()), ends(text.last_chunk()));
        let (place, _) = places_of(u128::from(first ^ text.len() as u64) << 64 | u128::from(last));
        place % self.places.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_right_however_many_come() {
        let mut lately = Lately::new();
        let mut long = LatelyLong::new();
        assert_eq!(lately.get(0), None::<u32>);
        let mut hits = 0;
        for round in 0..3u32 {
            for value in 0..600u32 {
                let key = u128::from(value) << (32 * (value % 3));
                let text = format!("a text that is long {value}");
                if let Some(coded) = lately.get(key) {
                    assert_eq!(coded, value);
                    hits += 1;
                }
                assert!(long.get(text.as_bytes()).is_none_or(|coded| coded == value));
                lately.keep(key, value);
                long.keep(text.as_bytes(), value);
                assert_eq!(
                    (lately.get(key), long.get(text.as_bytes())),
                    (Some(value), Some(value)),
                    "{round}"
                );
            }
        }
        assert!(hits > 600, "{hits}");
        long.keep(&[b'x'; 300], 1);
        assert_eq!(long.get(&[b'x'; 300]), None);
    }
}
