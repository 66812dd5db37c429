//! The p-value of the distance of Kolmogorov and Smirnov, if both groups come from one distribution.

use std::f64::consts::PI;

use super::distance::KolmogorovSmirnov;
use super::distribution::Distribution;

/// Up to this product of the sizes of both groups the p-value is exact: it takes a step for each pair.
pub const MOST_PAIRS: u64 = 4_000_000;

/// A p-value and how it came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PValue {
    /// The p-value.
    pub p: f64,
    /// Whether it is exact, rather than the limit for many rows.
    pub is_exact: bool,
}

/// The two-sided p-value: exact up to [`MOST_PAIRS`], beyond it Smirnov's (1939) limit.
///
/// It takes the rows for independent and the distribution for continuous. Ties make it too large, never too small; so
/// does taking the least distance where several numbers stand together.
#[must_use]
pub fn p_value(found: &KolmogorovSmirnov, group: &Distribution, reference: &Distribution) -> PValue {
    let (n, m) = (group.n(), reference.n());
    if n.checked_mul(m).is_some_and(|pairs| pairs <= MOST_PAIRS) {
        PValue {
            p: exact(n, m, found.numerator),
            is_exact: true,
        }
    } else {
        let (n, m) = (n as f64, m as f64);
        PValue {
            p: limit((n / (n + m) * m).sqrt() * found.d),
            is_exact: false,
        }
    }
}

/// The probability of a distance of at least `numerator / (n m)`.
///
/// Walk the merged rows down from the last: at a place with i rows of one group and j of the other below, the next one
/// is of the first group with probability i / (i + j). So the probability of ever being as far apart follows from those
/// of the two places before (Hodges, "The significance probability of the Smirnov two-sample test", Arkiv för Matematik
/// 3, 1958). Probabilities of being far apart are added, so small ones keep their digits.
#[must_use]
pub fn exact(n: u64, m: u64, numerator: u128) -> f64 {
    let is_far = |i: u64, j: u64| (u128::from(i) * u128::from(m)).abs_diff(u128::from(j) * u128::from(n)) >= numerator;
    let mut row: Vec<f64> = Vec::new();
    for i in 0..=n {
        let mut before = 0.0;
        for j in 0..=m {
            let above = row.get(j as usize).copied().unwrap_or(0.0);
            let here = if is_far(i, j) {
                1.0
            } else if i + j == 0 {
                0.0
            } else {
                (i as f64 * above + j as f64 * before) / (i + j) as f64
            };
            match row.get_mut(j as usize) {
                Some(kept) => *kept = here,
                None => row.push(here),
            }
            before = here;
        }
    }
    row.last().copied().unwrap_or(1.0).min(1.0)
}

/// Kolmogorov's limit distribution: the probability of more than `x`.
#[must_use]
pub fn limit(x: f64) -> f64 {
    // Both series are exact; the first is quick where x is small, the second where it is large.
    if x < 0.2 {
        return 1.0;
    }
    if x < 1.2 {
        let sum: f64 = (1..=20)
            .map(|k| (-f64::from(2 * k - 1).powi(2) * PI * PI / (8.0 * x * x)).exp())
            .sum();
        return (1.0 - (2.0 * PI).sqrt() / x * sum).clamp(0.0, 1.0);
    }
    let sum: f64 = (1..=20)
        .map(|k| {
            let term = (-2.0 * f64::from(k * k) * x * x).exp();
            if k % 2 == 1 { term } else { -term }
        })
        .sum();
    (2.0 * sum).clamp(0.0, 1.0)
}
