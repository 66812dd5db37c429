//! This module gives numbers to combinations of codes: one lookup per code, and no allocation per row.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// The number of the combination of no codes.
pub(super) const NONE: u32 = 0;

/// Combinations of codes, each a shorter one and one more code.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Combinations {
    /// What the combination of each number is made of.
    pairs: Vec<(u32, u32)>,
    numbers: HashMap<(u32, u32), u32, FixedState>,
}

impl Default for Combinations {
    fn default() -> Self {
        Self {
            pairs: vec![(NONE, 0)],
            numbers: HashMap::default(),
        }
    }
}

impl Combinations {
    /// The number of a combination with one more code.
    #[inline]
    pub(super) fn with(&mut self, shorter: u32, code: u32) -> u32 {
        let next = self.pairs.len() as u32;
        let number = *self.numbers.entry((shorter, code)).or_insert(next);
        if number == next {
            self.pairs.push((shorter, code));
        }
        number
    }

    /// The last `count` codes of a combination.
    pub(super) fn codes(&self, number: u32, count: usize) -> Vec<u32> {
        let mut codes = vec![0; count];
        let mut number = number;
        for place in codes.iter_mut().rev() {
            let (shorter, code) = self.pairs.get(number as usize).copied().unwrap_or_default();
            *place = code;
            number = shorter;
        }
        codes
    }

    /// How many numbers there are, those of shorter combinations among them.
    pub(super) fn len(&self) -> usize {
        self.pairs.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_come_back_as_they_were_given() {
        let mut combinations = Combinations::default();
        let keys = [[0, 0, 0], [1, 0, 2], [0, 1, 2], [1, 0, 2], [0, 0, 0]];
        let numbers = keys.map(|key| key.iter().fold(NONE, |shorter, code| combinations.with(shorter, *code)));
        assert_eq!(numbers[1], numbers[3]);
        assert_ne!(numbers[1], numbers[2]);
        for (key, number) in keys.iter().zip(numbers) {
            assert_eq!(combinations.codes(number, 3), key);
        }
        assert!(combinations.codes(NONE, 0).is_empty());
    }
}
