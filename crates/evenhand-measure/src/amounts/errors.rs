//! How far amounts lie from the true ones: of a regression whose truth is known.

use crate::exact_sum::ExactSum;
use crate::tally::Numbers;

/// What the errors of a group add up to; an error is the amount less the true one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Rows whose error is known: at least 1.
    pub n: u64,
    /// Rows with more than the true amount.
    pub over: u64,
    /// Rows with less.
    pub under: u64,
    /// The mean error: above 0 where the group is overestimated.
    pub mean: f64,
    /// The mean of the errors without their signs, in the unit of the amounts.
    pub mean_absolute: f64,
    /// The root of the mean square, which large errors weigh more in.
    pub root_mean_square: f64,
}

impl Errors {
    /// Of these errors; `None` if there is none, the squares are too large, or so few bits are kept that errors of
    /// different signs stand together.
    ///
    /// ```
    /// use evenhand_measure::amounts::errors::Errors;
    /// use evenhand_measure::tally::Numbers;
    /// let errors = Errors::of(&Numbers::of([(-1.0, 1), (0.0, 1), (3.0, 2)], 0)).unwrap();
    /// assert_eq!((errors.over, errors.under, errors.mean, errors.mean_absolute), (2, 1, 1.25, 1.75));
    /// ```
    #[must_use]
    pub fn of(numbers: &Numbers) -> Option<Self> {
        let n = numbers.n();
        let (mut over, mut under) = (0u64, 0u64);
        let mut absolute = ExactSum::default();
        for bar in &numbers.bars {
            let sum = bar.sum.as_ref().map_or(bar.from, |sum| sum.value());
            // Zeros may stand with positive numbers, and everything with everything.
            let is_mixed = bar.from == f64::MIN || (bar.from == 0.0 && sum != 0.0);
            if bar.sum.is_some() && is_mixed {
                return None;
            }
            let sign = if sum > 0.0 {
                over = over.saturating_add(bar.n);
                1.0
            } else if sum < 0.0 {
                under = under.saturating_add(bar.n);
                -1.0
            } else {
                continue;
            };
            match &bar.sum {
                Some(sum) => sum.canonical().into_iter().for_each(|part| absolute.add(sign * part)),
                None => absolute.add_product(sign * bar.n as f64, bar.from),
            }
        }
        let rows = n as f64;
        let found = Self {
            n,
            over,
            under,
            mean: numbers.sums.sum.value() / rows,
            mean_absolute: absolute.value() / rows,
            root_mean_square: (numbers.sums.squares.value() / rows).sqrt(),
        };
        (n > 0 && found.mean_absolute.is_finite() && found.root_mean_square.is_finite()).then_some(found)
    }
}
