//! This module tells the numbers of a column apart, as finely as one pass of the search for a number in their order needs.

use evenhand_measure::tally::Level;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// The bits by which each pass narrows the search: the table for them fits a second-level cache.
pub(crate) const STEP: u32 = 16;

/// So many different numbers are kept whole. Most scores (deciles, percentages, two decimals) have fewer, and their
/// median is then known after one pass.
const MOST_WHOLE: usize = 4_096;

/// Which numbers a pass tells apart: those whose rank bits start in one of a few ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sieve {
    /// The starts that are looked for, each of the bits above `open`: none at all, or up to nine.
    wanted: Vec<u64>,
    /// How many bits come after the start.
    open: u32,
}

impl Default for Sieve {
    /// Every number is looked for.
    fn default() -> Self {
        Self {
            wanted: vec![0],
            open: u64::BITS,
        }
    }
}

impl Sieve {
    /// The numbers whose bits start with one of `wanted`, hexadecimal digits of the same number.
    pub(crate) fn new(wanted: &[String]) -> Self {
        let digits = wanted.first().map_or(0, |start| start.len() as u32);
        let mut starts: Vec<u64> = wanted
            .iter()
            .filter_map(|start| u64::from_str_radix(start, 16).ok())
            .collect();
        starts.dedup();
        match digits {
            0 => Self::default(),
            _ => Self {
                wanted: starts,
                open: u64::BITS.saturating_sub(4 * digits).max(STEP),
            },
        }
    }

    /// Which of the starts these bits have.
    #[inline]
    fn place(&self, bits: u64) -> Option<usize> {
        let start = bits.checked_shr(self.open).unwrap_or(0);
        self.wanted.iter().position(|wanted| *wanted == start)
    }
}

/// The bits of a number as a whole number in whose order numbers are: those of negative numbers turned round, those
/// of the others above them.
pub(crate) fn rank_bits(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The number with these [`rank_bits`].
pub(crate) fn from_rank_bits(bits: u64) -> f64 {
    f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })
}

/// Gives codes to the numbers of a column: one to each that is kept whole, one to all others with the same next
/// [`STEP`] bits, one to all that nobody looks for. The levels are hexadecimal digits of [`rank_bits`], all sixteen of
/// a whole number; so a start stands before what it is the start of.
#[derive(Clone, Debug)]
pub(super) struct Sifter {
    sieve: Sieve,
    whole: HashMap<u64, u32, FixedState>,
    /// The codes of the next bits after each start, 0 before the first; empty until there are too many to keep whole.
    started: Vec<u32>,
    elsewhere: Option<u32>,
}

impl Sifter {
    pub(super) fn new(sieve: &Sieve) -> Self {
        Self {
            sieve: sieve.clone(),
            whole: HashMap::default(),
            started: Vec::new(),
            elsewhere: None,
        }
    }

    /// The code of a finite number; a new one is a new one of `levels`.
    pub(super) fn code(&mut self, value: f64, levels: &mut Vec<Level>) -> u32 {
        // The levels are fewer than 2^20: see the sizes of the tables.
        let mut next = |text: &str| {
            levels.push(Level::of(text));
            (levels.len() - 1) as u32
        };
        let bits = rank_bits(value);
        let Some(place) = self.sieve.place(bits) else {
            return *self.elsewhere.get_or_insert_with(|| next("elsewhere"));
        };
        if self.started.is_empty() {
            if let Some(code) = self.whole.get(&bits) {
                return *code;
            }
            if self.whole.len() < MOST_WHOLE {
                let code = next(&format!("{bits:016x}"));
                self.whole.insert(bits, code);
                return code;
            }
            self.started = vec![0; self.sieve.wanted.len() << STEP];
        }
        let start = bits >> (self.sieve.open - STEP);
        let code = &mut self.started[place << STEP | (start & 0xffff) as usize];
        if *code == 0 {
            let digits = (u64::BITS - self.sieve.open + STEP) as usize / 4;
            *code = next(&format!("{start:0digits$x}"));
        }
        *code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_in_the_order_of_the_numbers() {
        let numbers = [
            f64::MIN,
            -1e300,
            -2.0,
            -1.0,
            -f64::MIN_POSITIVE,
            -5e-324,
            0.0,
            5e-324,
            0.5,
            1.0,
            f64::MAX,
        ];
        let bits = numbers.map(rank_bits);
        assert!(bits.is_sorted_by(|one, other| one < other), "{bits:x?}");
        assert_eq!(bits.map(from_rank_bits), numbers);
    }

    #[test]
    fn few_numbers_are_whole_and_many_are_starts() {
        let mut levels = vec![Level::Missing];
        let mut sifter = Sifter::new(&Sieve::default());
        let one = sifter.code(1.0, &mut levels);
        assert_eq!((one, sifter.code(1.0, &mut levels)), (1, 1));
        assert_eq!(levels[1], Level::of("bff0000000000000"));
        for number in 0..10_000 {
            sifter.code(2.0 + f64::from(number) / 10_000.0, &mut levels);
        }
        // A number that was whole before is only a start now.
        let code = sifter.code(1.0, &mut levels);
        assert_eq!(levels[code as usize], Level::of("bff0"));
        // Between 2 and 3 numbers differ in three of the bits that are looked at.
        assert!(levels.len() <= 1 + MOST_WHOLE + 1 + 8 + 1, "{}", levels.len());

        let mut levels = vec![Level::Missing];
        let mut sifter = Sifter::new(&Sieve::new(&["bff0".to_owned(), "c000".to_owned()]));
        let codes = [1.0, 2.0, 3.0, 1.0, 0.0].map(|number| sifter.code(number, &mut levels));
        assert_eq!(codes, [1, 2, 3, 1, 3]);
    }
}
