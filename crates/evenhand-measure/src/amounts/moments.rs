//! This module is means and variances, and the gap between two means.

use super::gap::Gap;
use crate::exact_sum::ExactSum;
use crate::tally::Numbers;

/// How many numbers there are, their mean and their variance.
///
/// The variance divides by n - 1. It is made of exact sums, so it keeps its digits where the mean is far larger than
/// the spread.
///
/// ```
/// use evenhand_measure::amounts::Moments;
/// use evenhand_measure::tally::Numbers;
/// let moments = Moments::of(&Numbers::of([(1e8 + 1.0, 1), (1e8 + 2.0, 1), (1e8 + 3.0, 1)], 0)).unwrap();
/// assert_eq!((moments.n, moments.mean, moments.variance), (3, 1e8 + 2.0, Some(1.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// How many: at least 1.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Their variance, unless there is only one.
    pub variance: Option<f64>,
}

impl Moments {
    /// Of these numbers; `None` if there is none.
    #[must_use]
    pub fn of(numbers: &Numbers) -> Option<Self> {
        Self::from_sums(numbers.n(), &numbers.sums.sum, &numbers.sums.squares)
    }

    /// Of the natural logarithms of these numbers.
    ///
    /// # Errors
    /// When a number has no logarithm: leaving it out would change the group that is compared.
    pub fn of_logarithms(numbers: &Numbers) -> Result<Self, String> {
        let n = numbers.n();
        match numbers.sums.not_positive {
            0 => Self::from_sums(n, &numbers.sums.logs, &numbers.sums.log_squares)
                .ok_or_else(|| "there is no amount".to_owned()),
            some => Err(format!(
                "{some} of {n} amounts {} 0 or less and {} no logarithm; `scale = \"plain\"` compares differences",
                if some == 1 { "is" } else { "are" },
                if some == 1 { "has" } else { "have" },
            )),
        }
    }

    fn from_sums(n: u64, sum: &ExactSum, squares: &ExactSum) -> Option<Self> {
        let rows = n as f64;
        let mean = sum.value() / rows;
        let variance = (n > 1).then(|| {
            // n times the squares less the square of the sum, exactly: nothing cancels before the last rounding.
            let mut spread = ExactSum::default();
            for part in squares.canonical() {
                spread.add_product(rows, part);
            }
            let parts = sum.canonical();
            for one in &parts {
                for other in &parts {
                    spread.add_product(-one, *other);
                }
            }
            spread.value().max(0.0) / rows / (rows - 1.0)
        });
        let is_finite = mean.is_finite() && variance.is_none_or(f64::is_finite);
        (n > 0 && is_finite).then_some(Self { n, mean, variance })
    }

    /// The standard error of the mean; `None` where there is one number, or all are the same.
    #[must_use]
    pub fn standard_error(self) -> Option<f64> {
        self.of_mean().map(f64::sqrt).filter(|se| *se > 0.0)
    }

    /// The variance of the mean.
    pub(super) fn of_mean(self) -> Option<f64> {
        self.variance.map(|variance| variance / self.n as f64)
    }
}

/// The difference of two means, by Welch's t (Welch, "The generalization of Student's problem when several different
/// population variances are involved", Biometrika 34, 1947) with Satterthwaite's degrees of freedom (1946).
///
/// Of logarithms, `exp` of it is the ratio of the geometric means.
///
/// # Errors
/// When a group has fewer than two numbers, or no number differs from another of its group.
pub fn mean_gap(group: &Moments, reference: &Moments) -> Result<Gap, String> {
    let (Some(one), Some(two)) = (group.of_mean(), reference.of_mean()) else {
        return Err("a group has fewer than two amounts".to_owned());
    };
    let variance = one + two;
    if variance <= 0.0 {
        return Err("the amounts of each group are all the same".to_owned());
    }
    // Shares first: the square of a small variance would be 0.
    let (one, two) = (one / variance, two / variance);
    let freedom = 1.0 / (one * one / (group.n - 1) as f64 + two * two / (reference.n - 1) as f64);
    Ok(Gap {
        point: group.mean - reference.mean,
        se: variance.sqrt(),
        freedom,
    })
}

/// Of fewer numbers than this the variance of their own is not relied on where that of both groups together is larger.
pub const FEW: u64 = 30;

/// Where there are fewer ways than this of dealing the numbers to the two groups, even the rarest of them comes about more
/// often than in 2.5 % of deals, and nothing but the shape of a distribution nobody has seen would show a gap.
const FEWEST_DEALS: f64 = 40.0;

/// [`mean_gap`] as a verdict may rely on it.
///
/// Five people who all paid the usual price do not show that nobody like them pays a surcharge that every seventh of the
/// others pays, but Welch's error takes them to vary by nothing. So where a group has fewer than [`FEW`] numbers, the error
/// is not below that of Student's t, which takes both groups to vary alike. (With groups of one size both are the same.)
///
/// # Errors
/// Those of [`mean_gap`], and when there are too few numbers for any gap to be rare.
pub fn cautious_gap(group: &Moments, reference: &Moments) -> Result<Gap, String> {
    let gap = mean_gap(group, reference)?;
    let (one, two) = (group.n, reference.n);
    let fewer = one.min(two);
    // `(a + b)! / (a! b!)`, which grows with each factor, so it may stop early.
    let deals = (1..=fewer.min(6)).fold(1.0, |deals, i| deals * (one.max(two) + i) as f64 / i as f64);
    if deals < FEWEST_DEALS {
        return Err(format!("{one} and {two} rows are too few to tell a gap from chance"));
    }
    if fewer >= FEW {
        return Ok(gap);
    }
    let squares = |of: &Moments| of.variance.unwrap_or_default() * (of.n - 1) as f64;
    let pooled = (squares(group) + squares(reference)) / (one + two - 2) as f64;
    let alike = (pooled * (1.0 / one as f64 + 1.0 / two as f64)).sqrt();
    Ok(Gap {
        se: gap.se.max(alike),
        ..gap
    })
}

/// How many numbers there are, and the sums of what they lie above `centre` and of its squares.
///
/// Unlike plain sums, those of parts may be taken away from those of the whole without losing digits.
#[must_use]
pub fn about(numbers: &Numbers, centre: f64) -> [f64; 3] {
    sums_about(numbers.n(), &numbers.sums.sum, &numbers.sums.squares, centre)
}

/// The same of the logarithms; all numbers must be above 0.
#[must_use]
pub fn logarithms_about(numbers: &Numbers, centre: f64) -> [f64; 3] {
    sums_about(numbers.n(), &numbers.sums.logs, &numbers.sums.log_squares, centre)
}

fn sums_about(n: u64, sum: &ExactSum, squares: &ExactSum, centre: f64) -> [f64; 3] {
    let rows = n as f64;
    let mut above = sum.clone();
    above.add_product(-rows, centre);
    let mut spread = squares.clone();
    for part in sum.canonical() {
        spread.add_product(-2.0 * centre, part);
    }
    let square = centre * centre;
    spread.add_product(rows, square);
    spread.add_product(rows, centre.mul_add(centre, -square));
    [rows, above.value(), spread.value().max(0.0)]
}
