//! This module adds real numbers exactly, so that a total does not depend on the order of its parts.
//!
//! The running value is a list of partial sums that do not overlap (Shewchuk 1997, "Adaptive precision
//! floating-point arithmetic", section 2.4). It is rounded only when it is read or written.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The largest magnitude that [`ExactSum`] takes: its square, summed over 2^63 rows, still fits an `f64`.
pub const LARGEST: f64 = 1e140;
/// The smallest magnitude other than zero that [`ExactSum`] takes: the rounding error of its square is
/// still a normal number, so that products stay exact.
pub const SMALLEST: f64 = 1e-130;

/// An exact sum of finite numbers.
///
/// Two sums of the same numbers are equal whatever the order of adding and merging.
///
/// ```
/// use evenhand_measure::ExactSum;
/// let mut left = ExactSum::default();
/// for x in [0.1, 1e16, -1e16, 0.2] { left.add(x); }
/// let mut right = ExactSum::default();
/// for x in [-1e16, 0.2, 0.1, 1e16] { right.add(x); }
/// assert_eq!(left, right);
/// assert_eq!(left.value(), 0.30000000000000004);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ExactSum {
    /// Non-overlapping partial sums of increasing magnitude, none of them zero.
    partials: Vec<f64>,
}

impl ExactSum {
    /// Adds `x`. The caller keeps `x` finite and within [`SMALLEST`] and [`LARGEST`] (or zero).
    pub fn add(&mut self, x: f64) {
        let mut carry = x;
        let mut kept = 0;
        for index in 0..self.partials.len() {
            let (sum, error) = two_sum(carry, self.partials[index]);
            if error != 0.0 {
                self.partials[kept] = error;
                kept += 1;
            }
            carry = sum;
        }
        self.partials.truncate(kept);
        if carry != 0.0 {
            self.partials.push(carry);
        }
    }

    /// Adds the square of `x`, exactly.
    pub fn add_square(&mut self, x: f64) {
        self.add_product(x, x);
    }

    /// Adds `x * y`, exactly.
    pub fn add_product(&mut self, x: f64, y: f64) {
        let product = x * y;
        self.add(product);
        // The rounding error of a product is itself a double (Dekker 1971); `mul_add` returns it.
        self.add(x.mul_add(y, -product));
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        for &partial in &other.partials {
            self.add(partial);
        }
    }

    /// The sum, rounded once.
    #[must_use]
    pub fn value(&self) -> f64 {
        rounded(&self.partials)
    }

    /// Whether the sum is exactly zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.partials.is_empty()
    }

    /// The one list of doubles that stands for this value: each is the rounding of what the ones before leave.
    #[must_use]
    pub fn canonical(&self) -> Vec<f64> {
        let mut rest = self.clone();
        let mut parts = Vec::with_capacity(rest.partials.len());
        while !rest.is_zero() {
            let leading = rest.value();
            parts.push(leading);
            rest.add(-leading);
        }
        parts
    }
}

impl PartialEq for ExactSum {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Serialize for ExactSum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.canonical().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ExactSum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut sum = Self::default();
        for part in Vec::<f64>::deserialize(deserializer)? {
            sum.add(part);
        }
        Ok(sum)
    }
}

/// The rounded sum of `a` and `b` and the exact error of that rounding (Knuth 1969).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_seen = sum - a;
    let a_seen = sum - b_seen;
    (sum, (a - a_seen) + (b - b_seen))
}

/// Rounds non-overlapping partials to the nearest double, halves to even.
fn rounded(partials: &[f64]) -> f64 {
    let Some((&last, smaller)) = partials.split_last() else {
        return 0.0;
    };
    let mut high = last;
    for (index, &partial) in smaller.iter().enumerate().rev() {
        let (sum, low) = two_sum(high, partial);
        high = sum;
        if low != 0.0 {
            // `low` is the first part that did not fit. If it is exactly half a unit of `high`, the sign of
            // the next smaller partial says which way the true value lies.
            let tie_breaker = index.checked_sub(1).map_or(0.0, |next| smaller[next]);
            if (low > 0.0 && tie_breaker > 0.0) || (low < 0.0 && tie_breaker < 0.0) {
                let doubled = low * 2.0;
                let candidate = high + doubled;
                if candidate - high == doubled {
                    high = candidate;
                }
            }
            return high;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(values: &[f64]) -> ExactSum {
        let mut sum = ExactSum::default();
        for &value in values {
            sum.add(value);
        }
        sum
    }

    #[test]
    fn cancels_what_plain_addition_loses() {
        assert_eq!(total(&[1e100, 1.0, -1e100]).value(), 1.0);
        assert_eq!(total(&[0.1; 10]).value(), 1.0);
    }

    #[test]
    fn a_tie_is_broken_by_what_follows() {
        // 1 + 2^-53 is a tie that rounds to 1; a further 2^-105 tips it up.
        let half_unit = 2f64.powi(-53);
        assert_eq!(total(&[1.0, half_unit]).value(), 1.0);
        assert_eq!(total(&[1.0, half_unit, 2f64.powi(-105)]).value(), 1.0 + f64::EPSILON);
    }

    #[test]
    fn squares_are_exact() {
        let mut sum = ExactSum::default();
        sum.add_square(0.1);
        assert_eq!(sum.canonical().len(), 2, "0.1 squared does not fit one double");
    }

    proptest! {
        #[test]
        fn order_and_grouping_do_not_matter(
            mut values in prop::collection::vec(-1e12f64..1e12, 0..40),
            cut in 0usize..40,
        ) {
            let forward = total(&values);
            let cut = cut.min(values.len());
            let mut merged = total(&values[cut..]);
            merged.merge(&total(&values[..cut]));
            values.reverse();
            prop_assert_eq!(&forward, &total(&values));
            prop_assert_eq!(
                serde_json::to_string(&forward).unwrap(),
                serde_json::to_string(&merged).unwrap()
            );
        }

        #[test]
        fn survives_json(values in prop::collection::vec(-1e12f64..1e12, 0..20)) {
            let sum = total(&values);
            let text = serde_json::to_string(&sum).unwrap();
            prop_assert_eq!(sum, serde_json::from_str::<ExactSum>(&text).unwrap());
        }
    }
}
