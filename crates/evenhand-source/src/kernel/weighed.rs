//! This module adds weights and their squares exactly, in whole-number arithmetic, while rows are counted.
//!
//! An [`ExactSum`](evenhand_measure::ExactSum) takes any weight and is slow: a list of doubles is gone through for
//! every row. Almost all weights are of a size for which one wide whole number, with its lowest bit at a fixed place,
//! holds every bit of the sum (Kulisch's long accumulator, cut to what weights need). Both are exact, so both give the
//! same bytes; the few weights of other sizes go into the exact sum.

use evenhand_measure::tally::Weights;

use super::store::Value;

/// The lowest bit of a fixed weight stands for 2 to this power.
const LOWEST: i32 = -84;
/// A fixed weight has so many bits: from 2.3e-10, with all its 53 digits, to 1.7e13.
const BITS: u32 = u128::BITS;

/// The digits of a double after the first.
const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
/// The exponent field of the smallest double all of whose digits fit a fixed weight.
const FIRST_FIELD: u64 = (f64::MAX_EXP - 1 + FRACTION as i32 + LOWEST) as u64;
/// How far the largest is shifted.
const MOST_SHIFT: u64 = (BITS - f64::MANTISSA_DIGITS) as u64;

/// What a cell holds when rows have weights.
#[derive(Clone, Debug, Default)]
pub(super) struct Weighed {
    /// How many rows.
    pub(super) n: u64,
    /// The sum of the fixed weights, lowest word first: one word more than a weight has, for up to 2^64 rows.
    sum: [u64; 3],
    /// The sum of their squares.
    squares: [u64; 5],
    /// The sums of all other weights.
    far: Option<Box<Weights>>,
}

impl Value for Weighed {
    fn is_untouched(&self) -> bool {
        self.n == 0
    }
}

impl Weighed {
    /// Adds a row of this weight.
    #[inline]
    pub(super) fn add(&mut self, weight: f64) {
        self.n = self.n.wrapping_add(1);
        match fixed(weight) {
            Some(fixed) => {
                add_to(&mut self.sum, fixed);
                add_to(&mut self.squares, square(fixed));
            }
            None => self.add_far(1, weight),
        }
    }

    /// Adds `n` rows of this weight.
    #[inline]
    pub(super) fn add_many(&mut self, n: u64, weight: f64) {
        self.n = self.n.wrapping_add(n);
        match fixed(weight) {
            Some(fixed) => {
                add_to(&mut self.sum, times::<2, 3>(fixed, n));
                add_to(&mut self.squares, times::<4, 5>(square(fixed), n));
            }
            None => self.add_far(n, weight),
        }
    }

    #[cold]
    fn add_far(&mut self, n: u64, weight: f64) {
        // A sum without parts is left out, as if the weight had not been.
        if weight != 0.0 && n > 0 {
            add_exactly(self.far.get_or_insert_default(), n, weight);
        }
    }

    /// The exact sums.
    pub(super) fn into_weights(self) -> Weights {
        let mut weights = self.far.map(|far| *far).unwrap_or_default();
        parts(&self.sum, LOWEST).for_each(|part| weights.sum.add(part));
        parts(&self.squares, 2 * LOWEST).for_each(|part| weights.squares.add(part));
        weights
    }
}

/// A weight as a whole number of the smallest unit, lowest word first.
#[inline]
fn fixed(weight: f64) -> Option<[u64; 2]> {
    let bits = weight.to_bits();
    // A negative sign makes this as large as infinity and not-a-number do; zero and tiny numbers wrap around.
    let shift = (bits >> FRACTION).wrapping_sub(FIRST_FIELD);
    if shift > MOST_SHIFT {
        return None;
    }
    let digits = bits & ((1 << FRACTION) - 1) | 1 << FRACTION;
    let fixed = u128::from(digits) << shift;
    Some([fixed as u64, (fixed >> 64) as u64])
}

#[inline]
fn square([low, high]: [u64; 2]) -> [u64; 4] {
    let (lowest, middle, highest) = (wide(low, low), wide(low, high), wide(high, high));
    // The middle product counts twice, and its highest bit is then beyond its two words.
    let twice = middle << 1;
    let (second, carry) = ((lowest >> 64) as u64).carrying_add(twice as u64, false);
    let (third, carry) = (highest as u64).carrying_add((twice >> 64) as u64, carry);
    let fourth = ((highest >> 64) as u64) + (middle >> 127) as u64 + u64::from(carry);
    [lowest as u64, second, third, fourth]
}

/// `number * n`.
#[inline]
fn times<const FEW: usize, const MORE: usize>(number: [u64; FEW], n: u64) -> [u64; MORE] {
    let mut product = [0; MORE];
    let mut carry = 0;
    for (word, factor) in product.iter_mut().zip(number.into_iter().chain([0])) {
        let sum = wide(factor, n) + u128::from(carry);
        *word = sum as u64;
        carry = (sum >> 64) as u64;
    }
    product
}

#[inline]
fn wide(one: u64, other: u64) -> u128 {
    u128::from(one) * u128::from(other)
}

/// Adds `number` to `sum`, which is large enough for as many of them as there are rows.
#[inline]
fn add_to<const FEW: usize, const MORE: usize>(sum: &mut [u64; MORE], number: [u64; FEW]) {
    let mut carry = false;
    for (index, word) in sum.iter_mut().enumerate() {
        (*word, carry) = word.carrying_add(number.get(index).copied().unwrap_or(0), carry);
    }
}

/// The doubles, each of at most 32 digits, that add up to a whole number of units of 2 to the power `lowest`.
fn parts(words: &[u64], lowest: i32) -> impl Iterator<Item = f64> {
    words.iter().enumerate().flat_map(move |(index, &word)| {
        let unit = 2f64.powi(lowest + 64 * index as i32);
        [
            (word & 0xffff_ffff) as f64 * unit,
            (word >> 32) as f64 * (unit * 4_294_967_296.0),
        ]
    })
}

/// Adds `n` rows of any weight that an [`ExactSum`](evenhand_measure::ExactSum) takes.
fn add_exactly(weights: &mut Weights, n: u64, weight: f64) {
    if n == 1 {
        weights.add(weight);
        return;
    }
    // Both halves of a 64-bit count are doubles, and so are the square of a weight and what its rounding lost.
    let square = weight * weight;
    let lost = weight.mul_add(weight, -square);
    for part in [n >> 32 << 32, n & 0xffff_ffff] {
        let part = part as f64;
        weights.sum.add_product(part, weight);
        weights.squares.add_product(part, square);
        weights.squares.add_product(part, lost);
    }
}

#[cfg(test)]
mod tests {
    use evenhand_measure::{LARGEST, SMALLEST};
    use proptest::prelude::*;

    use super::*;

    /// The bytes of a saved cell.
    fn saved(weights: &Weights) -> (Vec<u64>, Vec<u64>) {
        let bits = |parts: Vec<f64>| parts.into_iter().map(f64::to_bits).collect();
        (bits(weights.sum.canonical()), bits(weights.squares.canonical()))
    }

    /// The slow way, row by row.
    fn slowly(rows: &[(u64, f64)]) -> Weights {
        let mut weights = Weights::default();
        for &(n, weight) in rows {
            add_exactly(&mut weights, n, weight);
        }
        weights
    }

    fn quickly(rows: &[(u64, f64)]) -> Weighed {
        let mut cell = Weighed::default();
        for &(n, weight) in rows {
            if n == 1 {
                cell.add(weight);
            } else {
                cell.add_many(n, weight);
            }
        }
        cell
    }

    fn any_weight() -> impl Strategy<Value = f64> {
        let power =
            |powers: std::ops::Range<i32>| (powers, 1.0..2.0f64).prop_map(|(power, digits)| 2f64.powi(power) * digits);
        prop_oneof![
            Just(0.0),
            (0u32..1_000).prop_map(|n| f64::from(n) / 10.0),
            (0u64..1 << 53).prop_map(|n| n as f64),
            0.0..100.0,
            // Around the ends of what is fixed, and all over what is not.
            power(-36..-28),
            power(40..48),
            power(-430..464),
            Just(SMALLEST),
            Just(LARGEST),
            // No coder gives these; they take the slow way, whatever that makes of them.
            Just(f64::MIN_POSITIVE),
            Just(5e-324),
        ]
    }

    fn any_count() -> impl Strategy<Value = u64> {
        prop_oneof![Just(1), Just(1), 0u64..5, 0u64..1 << 40, (1u64 << 53)..(1 << 55)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn any_weights_give_the_bytes_of_the_exact_sums(
            rows in prop::collection::vec((any_count(), any_weight()), 0..40),
            cut in 0usize..40,
            turn in 0usize..40,
        ) {
            let expected = saved(&slowly(&rows));
            prop_assert_eq!(&saved(&quickly(&rows).into_weights()), &expected);

            let mut turned = rows.clone();
            turned.rotate_left(turn.min(rows.len()));
            let (one, other) = turned.split_at(cut.min(rows.len()));
            let mut merged = quickly(one).into_weights();
            let other = quickly(other).into_weights();
            merged.sum.merge(&other.sum);
            merged.squares.merge(&other.squares);
            prop_assert_eq!(&saved(&merged), &expected);
        }
    }

    #[test]
    fn the_ends_of_what_is_fixed() {
        let (least, most) = (2f64.powi(LOWEST + 52), 2f64.powi(LOWEST + 128));
        assert_eq!(fixed(least), Some([1 << 52, 0]));
        assert_eq!(fixed(least.next_down()), None);
        assert_eq!(fixed(most.next_down()), Some([0, ((1 << 53) - 1) << 11]));
        for weight in [most, f64::INFINITY, f64::NAN, -1.0, 0.0, -0.0] {
            assert_eq!(fixed(weight), None);
        }
    }

    #[test]
    fn as_many_rows_as_there_can_be_of_the_largest_weight_fit() {
        let most = 2f64.powi(LOWEST + 128).next_down();
        let rows = [(u64::MAX, most)];
        assert_eq!(saved(&quickly(&rows).into_weights()), saved(&slowly(&rows)));
    }

    #[test]
    fn large_counts_of_weights_are_exact() {
        let n = (1u64 << 53) + 3;
        for weight in [0.1, 1e100] {
            let parts = [1 << 53, 1, 2].map(|part| (part, weight));
            assert_eq!(saved(&slowly(&[(n, weight)])), saved(&slowly(&parts)));
        }
    }
}
