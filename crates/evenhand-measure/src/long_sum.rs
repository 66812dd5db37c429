//! This module adds many real numbers exactly where each row adds one: in whole-number arithmetic.
//!
//! An [`ExactSum`] takes numbers of any size and is slow: a list of doubles is gone through for each. Numbers of one
//! column are mostly of similar sizes, so that one wide whole number, with its lowest bit at a place that the first of
//! them sets, holds every bit of their sum (Kulisch's long accumulator, cut to what a column needs). The few that do not
//! fit go into an [`ExactSum`]. Both are exact, so the sum is the same whatever came first.

use crate::exact_sum::ExactSum;

/// The width of the whole number.
const WORDS: usize = 5;
/// The digits of a double after the first.
const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
/// The lowest digit of a double with the exponent field `e` stands for 2 to the power `e` minus this.
const BIAS: i32 = f64::MAX_EXP - 1 + FRACTION as i32;
/// The digits of a product.
const PRODUCT: i32 = 2 * f64::MANTISSA_DIGITS as i32;
/// Room for the sign, and for as many products as are added before the sum is put aside.
const ROOM: i32 = 1 + u32::BITS as i32;
/// How far a product may be shifted.
const MOST_SHIFT: i32 = (WORDS as u32 * u64::BITS) as i32 - PRODUCT - ROOM;

/// An exact sum of many numbers of similar sizes.
#[derive(Clone, Debug, Default)]
pub struct LongSum {
    /// A signed whole number, lowest word first.
    words: [u64; WORDS],
    /// Its lowest bit stands for 2 to this power; the first number sets it.
    lowest: i32,
    /// How many numbers are in it.
    n: u32,
    /// Numbers of other sizes, and what was put aside.
    far: ExactSum,
}

/// The digits of a number, taken apart once for all products with it.
#[derive(Clone, Copy, Debug)]
pub struct Digits {
    number: f64,
    /// All 53 digits; 0 for what has fewer, which only zero and numbers next to it have.
    digits: u64,
    /// What the lowest digit stands for: 2 to this power.
    lowest: i32,
}

impl Digits {
    /// The digits of a finite number.
    #[must_use]
    #[inline]
    pub fn of(number: f64) -> Self {
        let bits = number.to_bits();
        let field = (bits >> FRACTION) & 0x7ff;
        let digits = bits & ((1 << FRACTION) - 1) | 1 << FRACTION;
        Self {
            number,
            digits: if field == 0 || field == 0x7ff { 0 } else { digits },
            lowest: field as i32 - BIAS,
        }
    }

    fn is_negative(self) -> bool {
        self.number.is_sign_negative()
    }
}

impl LongSum {
    /// Adds a number.
    #[inline]
    pub fn add(&mut self, number: f64) {
        self.add_product(Digits::of(number), ONE);
    }

    /// Adds `a * b`, exactly.
    #[inline]
    pub fn add_product(&mut self, a: Digits, b: Digits) {
        if a.digits == 0 || b.digits == 0 {
            self.add_far(a, b);
            return;
        }
        let lowest = a.lowest + b.lowest;
        if self.n == 0 {
            self.make_room(lowest);
        }
        let shift = lowest - self.lowest;
        if !(0..=MOST_SHIFT).contains(&shift) {
            self.add_far(a, b);
            return;
        }
        let product = u128::from(a.digits) * u128::from(b.digits);
        let (word, bits) = (shift as usize / 64, shift as u32 % 64);
        let low = product << bits;
        // Two shifts, as one by all 128 bits is none.
        let high = (product >> 64 >> (64 - bits)) as u64;
        let number = [low as u64, (low >> 64) as u64, high];
        let is_negative = a.is_negative() != b.is_negative();
        // The word is the same for almost all numbers of a column, the sign is not: it must not be branched on.
        match word {
            0 => add_to::<0>(&mut self.words, number, is_negative),
            1 => add_to::<1>(&mut self.words, number, is_negative),
            _ => add_to::<2>(&mut self.words, number, is_negative),
        }
        self.n += 1;
        if self.n == u32::MAX {
            self.put_aside();
        }
    }

    /// Adds `a * b` as many times as `n` says.
    #[inline]
    pub fn add_product_times(&mut self, a: Digits, b: Digits, n: u64) {
        if n == 1 {
            self.add_product(a, b);
        } else {
            self.add_product_often(a, b, n);
        }
    }

    fn add_product_often(&mut self, a: Digits, b: Digits, n: u64) {
        let product = a.number * b.number;
        let error = a.number.mul_add(b.number, -product);
        // Both halves of a count are doubles.
        for half in [n >> 32 << 32, n & 0xffff_ffff] {
            if half > 0 {
                let half = Digits::of(half as f64);
                self.add_product(half, Digits::of(product));
                self.add_product(half, Digits::of(error));
            }
        }
    }

    /// Adds a number as many times as `n` says.
    #[inline]
    pub fn add_times(&mut self, number: f64, n: u64) {
        self.add_product_times(Digits::of(number), ONE, n);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &ExactSum) {
        self.far.merge(other);
    }

    /// The sum.
    #[must_use]
    pub fn exact(mut self) -> ExactSum {
        self.put_aside();
        self.far
    }

    /// The first number is in the middle of what fits.
    #[cold]
    fn make_room(&mut self, lowest: i32) {
        self.lowest = lowest - MOST_SHIFT / 2;
    }

    #[cold]
    fn add_far(&mut self, a: Digits, b: Digits) {
        if a.number != 0.0 && b.number != 0.0 {
            self.far.add_product(a.number, b.number);
        }
    }

    /// Moves the whole number into the exact sum.
    #[cold]
    fn put_aside(&mut self) {
        let is_negative = self.words[WORDS - 1] >> 63 == 1;
        if is_negative {
            let mut carry = true;
            for word in &mut self.words {
                (*word, carry) = (!*word).carrying_add(0, carry);
            }
        }
        for (word, place) in self.words.iter().zip(0..) {
            for (half, shift) in [(word & 0xffff_ffff, 0), (word >> 32, 32)] {
                if half > 0 {
                    let part = scaled(half as f64, self.lowest + 64 * place + shift);
                    self.far.add(if is_negative { -part } else { part });
                }
            }
        }
        self.words = [0; WORDS];
        self.n = 0;
    }
}

/// One, with its digits.
const ONE: Digits = Digits {
    number: 1.0,
    digits: 1 << FRACTION,
    lowest: -(FRACTION as i32),
};

/// Adds a number that begins at word `AT`, or takes it off. The largest shift leaves room for its three words.
#[inline]
fn add_to<const AT: usize>(words: &mut [u64; WORDS], number: [u64; 3], is_negative: bool) {
    // The negative is one more than all bits turned; words below are 0 and stay so.
    let turned = 0u64.wrapping_sub(u64::from(is_negative));
    let mut carry = is_negative;
    for (place, word) in words[AT..].iter_mut().enumerate() {
        let part = number.get(place).copied().unwrap_or(0) ^ turned;
        (*word, carry) = word.carrying_add(part, carry);
    }
}

/// `number * 2^power`, of which no digit is lost: in two steps, as the power alone may be too small for a double.
fn scaled(number: f64, power: i32) -> f64 {
    number * 2f64.powi(power / 2) * 2f64.powi(power - power / 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::exact_sum::{LARGEST, SMALLEST};

    fn saved(sum: &ExactSum) -> Vec<u64> {
        sum.canonical().into_iter().map(f64::to_bits).collect()
    }

    fn slowly(rows: &[(f64, f64, u64)]) -> ExactSum {
        let mut sum = ExactSum::default();
        for &(a, b, n) in rows {
            let product = a * b;
            let error = a.mul_add(b, -product);
            for half in [n >> 32 << 32, n & 0xffff_ffff] {
                sum.add_product(half as f64, product);
                sum.add_product(half as f64, error);
            }
        }
        sum
    }

    fn quickly(rows: &[(f64, f64, u64)]) -> ExactSum {
        let mut sum = LongSum::default();
        rows.iter()
            .for_each(|&(a, b, n)| sum.add_product_times(Digits::of(a), Digits::of(b), n));
        sum.exact()
    }

    fn any_number() -> impl Strategy<Value = f64> {
        let of_size = |powers: std::ops::Range<i32>| {
            (powers, 1.0..2.0f64, prop::bool::ANY)
                .prop_map(|(power, digits, is_negative)| 2f64.powi(power) * if is_negative { -digits } else { digits })
        };
        prop_oneof![
            Just(0.0),
            Just(-0.0),
            Just(1.0),
            (-1_000i32..1_000).prop_map(|n| f64::from(n) / 100.0),
            -1e6..1e6f64,
            of_size(-60..60),
            of_size(-430..464),
            Just(SMALLEST),
            Just(-LARGEST),
        ]
    }

    fn any_count() -> impl Strategy<Value = u64> {
        prop_oneof![Just(1), Just(1), Just(1), 0u64..5, 0u64..1 << 40]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_products_give_the_bytes_of_the_exact_sum(
            rows in prop::collection::vec((any_number(), any_number(), any_count()), 0..40),
            turn in 0usize..40,
        ) {
            let expected = saved(&slowly(&rows));
            prop_assert_eq!(saved(&quickly(&rows)), expected.clone());
            let mut turned = rows.clone();
            turned.rotate_left(turn.min(rows.len()));
            prop_assert_eq!(saved(&quickly(&turned)), expected);
        }

        #[test]
        fn numbers_alone_are_products_with_one(
            rows in prop::collection::vec((any_number(), any_count()), 0..40),
        ) {
            let mut sum = LongSum::default();
            rows.iter().for_each(|&(number, n)| sum.add_times(number, n));
            let products: Vec<(f64, f64, u64)> = rows.iter().map(|&(number, n)| (number, 1.0, n)).collect();
            prop_assert_eq!(saved(&sum.exact()), saved(&slowly(&products)));
        }
    }

    #[test]
    fn the_ends_of_what_fits_are_kept_and_what_lies_beyond_goes_elsewhere() {
        // Each end from the middle, where the first number is.
        let (up, down) = (MOST_SHIFT - MOST_SHIFT / 2, MOST_SHIFT / 2);
        for (power, is_far) in [(up, false), (up + 1, true), (-down, false), (-down - 1, true)] {
            let mut sum = LongSum::default();
            sum.add(1.0);
            sum.add(2f64.powi(power));
            assert_eq!(!sum.far.is_zero(), is_far, "2^{power}");
            assert_eq!(
                saved(&sum.exact()),
                saved(&slowly(&[(1.0, 1.0, 1), (2f64.powi(power), 1.0, 1)]))
            );
        }
    }

    #[test]
    fn as_many_of_the_largest_as_are_added_before_putting_aside_fit() {
        for sign in [1.0, -1.0] {
            let largest = 2f64.next_down();
            let mut sum = LongSum::default();
            sum.add(1.0);
            let up = 2f64.powi(MOST_SHIFT - MOST_SHIFT / 2);
            sum.add_product(Digits::of(sign * largest * up), Digits::of(largest));
            // Doubled as often as the count could be, which is what so many additions come to.
            for _ in 0..31 {
                let doubled = sum.words;
                let mut carry = false;
                for (to, part) in sum.words.iter_mut().zip(doubled) {
                    (*to, carry) = to.carrying_add(part, carry);
                }
            }
            let one = slowly(&[(1.0, 1.0, 1), (sign * largest * up, largest, 1)]);
            let mut expected = ExactSum::default();
            one.canonical()
                .into_iter()
                .for_each(|part| expected.add(part * 2f64.powi(31)));
            assert_eq!(saved(&sum.exact()), saved(&expected));
        }
    }

    #[test]
    fn a_sum_that_was_put_aside_goes_on() {
        let mut sum = LongSum::default();
        sum.add(0.1);
        sum.n = u32::MAX - 1;
        sum.add(0.2);
        assert_eq!((sum.n, sum.words), (0, [0; WORDS]));
        sum.add(-1e9);
        assert_eq!(
            saved(&sum.exact()),
            saved(&slowly(&[(0.1, 1.0, 1), (0.2, 1.0, 1), (-1e9, 1.0, 1)]))
        );
    }
}
