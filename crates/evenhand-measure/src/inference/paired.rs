//! Two answers on the same rows: what changed from the one to the other.
//!
//! Of n rows, `both` and `neither` say nothing about the difference; all evidence is in the rows where one answer is yes
//! and the other no (the discordant ones). [`Paired::mcnemar`] tests that the two rates are equal,
//! [`Paired::difference_z`] that they differ by any given amount (Tango 1998), [`Paired::ratio_z`] that their ratio is
//! any given number (Tang, Tang and Chan 2003); the intervals are what these do not reject.

use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

use super::score::{OneSided, root};
use super::{Interval, Sample, clopper_pearson, normal_sf, wilson};

pub mod linear;
#[cfg(test)]
mod tests;

/// Rows by their two answers.
///
/// ```
/// use evenhand_measure::inference::paired::Paired;
/// // Agresti's ratings of a prime minister: 794 approve twice, 150 only at first, 86 only later, 570 never.
/// let ratings = Paired { both: 794, first: 150, second: 86, neither: 570 };
/// assert_eq!(ratings.difference(), Some(0.04));
/// assert!((ratings.mcnemar().unwrap().mid_p - 2.893389518e-5).abs() < 1e-14);
/// let interval = ratings.difference_interval(1.959963984540054).unwrap();
/// assert!((interval.lower - 0.0213615648).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paired {
    /// Rows that both call.
    pub both: u64,
    /// Rows that only the first calls.
    pub first: u64,
    /// Rows that only the second calls.
    pub second: u64,
    /// Rows that neither calls.
    pub neither: u64,
}

/// McNemar's (1947) test that both rates are equal, in its forms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// The exact two-sided p-value: twice the smaller tail of the discordant rows under a fair coin, at most 1.
    pub exact: f64,
    /// The exact one less the probability of what was seen: nearer to its level on average.
    pub mid_p: f64,
    /// `(b - c)^2 / (b + c)`, chi-squared with one degree of freedom.
    pub chi_square: f64,
    /// Its p-value.
    pub p: f64,
    /// The same with Edwards' (1948) continuity correction, which is conservative.
    pub corrected: f64,
    /// Its p-value.
    pub p_corrected: f64,
}

impl Paired {
    /// All rows.
    #[must_use]
    pub fn rows(self) -> u64 {
        self.both + self.first + self.second + self.neither
    }

    /// Rows with different answers.
    #[must_use]
    pub fn discordant(self) -> u64 {
        self.first + self.second
    }

    /// The share of the first answer and of the second; `None` without rows.
    #[must_use]
    pub fn shares(self) -> Option<(Sample, Sample)> {
        let n = self.rows() as f64;
        Sample::new((self.both + self.first) as f64, n).zip(Sample::new((self.both + self.second) as f64, n))
    }

    /// The first share minus the second; `None` without rows.
    #[must_use]
    pub fn difference(self) -> Option<f64> {
        (self.rows() > 0).then(|| (self.first as f64 - self.second as f64) / self.rows() as f64)
    }

    /// The first share over the second; `None` where the second is 0.
    #[must_use]
    pub fn ratio(self) -> Option<f64> {
        let (first, second) = self.shares()?;
        (second.successes > 0.0).then(|| first.successes / second.successes)
    }

    /// The same rows with the two answers exchanged.
    #[must_use]
    pub fn exchanged(self) -> Self {
        Self {
            first: self.second,
            second: self.first,
            ..self
        }
    }

    /// The tests of equal rates; `None` where no row has different answers: then nothing speaks against equality, and
    /// [`Paired::largest_flip_rate`] says how much of a difference is still possible.
    #[must_use]
    pub fn mcnemar(self) -> Option<McNemar> {
        let (b, c) = (self.first as f64, self.second as f64);
        let n = self.discordant();
        let coin = Binomial::new(0.5, n).ok().filter(|_| n > 0)?;
        let fewer = self.first.min(self.second);
        let (tail, seen) = (coin.cdf(fewer), coin.pmf(fewer));
        let chi_square = (b - c).powi(2) / (b + c);
        let corrected = ((b - c).abs() - 1.0).max(0.0).powi(2) / (b + c);
        let p = |statistic: f64| 2.0 * normal_sf(statistic.sqrt());
        Some(McNemar {
            exact: (2.0 * tail).min(1.0),
            mid_p: if self.first == self.second {
                1.0 - seen
            } else {
                2.0 * tail - seen
            },
            chi_square,
            p: p(chi_square),
            corrected,
            p_corrected: p(corrected),
        })
    }

    /// The largest share of rows with different answers that these rows do not rule out (Clopper and Pearson 1934).
    #[must_use]
    pub fn largest_flip_rate(self, z: f64) -> Option<f64> {
        let sample = Sample::new(self.discordant() as f64, self.rows() as f64)?;
        Some(clopper_pearson(sample, z).upper)
    }

    /// Tango's (1998) score statistic of the difference against `bound`, from -1 to 1; at 0 it is McNemar's.
    #[must_use]
    pub fn difference_z(self, bound: f64) -> Option<f64> {
        let n = self.rows() as f64;
        if n == 0.0 || !(-1.0..=1.0).contains(&bound) {
            return None;
        }
        let (b, c) = (self.first as f64, self.second as f64);
        // The share of rows that only the second calls, most likely where the difference is the bound.
        let a = 2.0 * n;
        let middle = -b - c + (a - b + c) * bound;
        let constant = -c * bound * (1.0 - bound);
        let only_second = positive_root(a, middle, constant);
        let variance = n * (2.0 * only_second + bound * (1.0 - bound));
        Some(statistic(b - c - n * bound, variance, b + c + n * bound.abs()))
    }

    /// The interval of the difference that Tango's statistic does not reject.
    #[must_use]
    pub fn difference_interval(self, z: f64) -> Option<Interval> {
        let point = self.difference()?;
        let distance = |at: f64, side: f64| self.difference_z(at).map_or(-z, |found| side * found - z);
        let end = |limit: f64, side: f64| match distance(limit, side) {
            far if far > 0.0 => root(point, limit, 0.0, |at| distance(at, side)),
            _ => limit,
        };
        Some(Interval {
            lower: end(-1.0, 1.0),
            upper: end(1.0, -1.0),
        })
    }

    /// The score statistic of the ratio of the first share to the second against `bound`, above 0 (Tang, Tang and Chan
    /// 2003); at 1 it is McNemar's.
    #[must_use]
    pub fn ratio_z(self, bound: f64) -> Option<f64> {
        let n = self.rows() as f64;
        if n == 0.0 || bound.is_nan() || bound <= 0.0 || bound.is_infinite() {
            return None;
        }
        let (a, b, c) = (self.both as f64, self.first as f64, self.second as f64);
        if a + b + c == 0.0 {
            return None;
        }
        let lead = n * (1.0 + bound);
        let middle = (a + c) * bound * bound - (a + b + 2.0 * c);
        let constant = c * (1.0 - bound) * (a + b + c) / n;
        let only_second = positive_root(lead, middle, constant);
        let variance = n * (1.0 + bound) * only_second + (a + b + c) * (bound - 1.0);
        Some(statistic(a + b - (a + c) * bound, variance, a + b + (a + c) * bound))
    }

    /// The interval of the ratio that its score statistic does not reject; the upper end may be infinite. `None` where
    /// nobody is called by either.
    #[must_use]
    pub fn ratio_interval(self, z: f64) -> Option<Interval> {
        let (first, second) = self.shares()?;
        if first.successes + second.successes == 0.0 {
            return None;
        }
        // On the scale of logarithms both ends are equally far; beyond this nothing that counts can say lies.
        const FARTHEST: f64 = 80.0;
        let point = (first.successes.max(1e-9) / second.successes.max(1e-9))
            .ln()
            .clamp(-FARTHEST, FARTHEST);
        let distance = |at: f64, side: f64| self.ratio_z(at.exp()).map_or(-z, |found| side * found - z);
        let end = |limit: f64, side: f64| match distance(limit, side) {
            far if far > 0.0 => root(point, limit, 0.0, |at| distance(at, side)).exp(),
            _ if side > 0.0 => 0.0,
            _ => f64::INFINITY,
        };
        Some(Interval {
            lower: if first.successes == 0.0 {
                0.0
            } else {
                end(-FARTHEST, 1.0)
            },
            upper: if second.successes == 0.0 {
                f64::INFINITY
            } else {
                end(FARTHEST, -1.0)
            },
        })
    }

    /// Both one-sided p-values of the difference against `bound`.
    #[must_use]
    pub fn difference_one_sided(self, bound: f64) -> Option<OneSided> {
        self.difference_z(bound).map(OneSided::of)
    }

    /// Newcombe's (1998, method 8) interval of the difference: two Wilson intervals and the correlation of the answers;
    /// with `corrected` his method 10, whose correlation is drawn towards 0.
    #[must_use]
    pub fn newcombe_interval(self, z: f64, corrected: bool) -> Option<Interval> {
        let (first, second) = self.shares()?;
        let (one, two) = (wilson(first, z), wilson(second, z));
        let (p, q) = (first.rate(), second.rate());
        let phi = self.correlation(corrected);
        let reach = |near: f64, far: f64| (near * near - 2.0 * phi * near * far + far * far).max(0.0).sqrt();
        let point = p - q;
        Some(Interval {
            lower: point - reach(p - one.lower, two.upper - q),
            upper: point + reach(one.upper - p, q - two.lower),
        })
    }

    /// How the two answers go together, from -1 to 1; 0 where one of them never changes.
    #[must_use]
    pub fn correlation(self, corrected: bool) -> f64 {
        let [a, b, c, d] = [self.both, self.first, self.second, self.neither].map(|rows| rows as f64);
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        if margins == 0.0 {
            return 0.0;
        }
        let excess = a * d - b * c;
        let excess = if corrected && excess > 0.0 {
            (excess - self.rows() as f64 / 2.0).max(0.0)
        } else {
            excess
        };
        excess / margins.sqrt()
    }

    /// Wald's interval of the difference: simple, and too short where few rows differ.
    #[must_use]
    pub fn wald_interval(self, z: f64) -> Option<Interval> {
        let (n, point) = (self.rows() as f64, self.difference()?);
        let (b, c) = (self.first as f64, self.second as f64);
        let reach = z * (b + c - (b - c).powi(2) / n).max(0.0).sqrt() / n;
        Some(Interval {
            lower: point - reach,
            upper: point + reach,
        })
    }

    /// Bonett and Price's (2012) interval of the difference: Wald's, of one more discordant row of each kind.
    #[must_use]
    pub fn bonett_price_interval(self, z: f64) -> Option<Interval> {
        let n = self.rows() as f64;
        self.difference()?;
        let (p, q) = (
            (self.first as f64 + 1.0) / (n + 2.0),
            (self.second as f64 + 1.0) / (n + 2.0),
        );
        let reach = z * ((p + q - (p - q).powi(2)) / (n + 2.0)).max(0.0).sqrt();
        Some(Interval {
            lower: (p - q - reach).max(-1.0),
            upper: (p - q + reach).min(1.0),
        })
    }
}

/// The larger root of `a x^2 + b x + c`, without the digits that a difference of equals would lose.
fn positive_root(a: f64, b: f64, c: f64) -> f64 {
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    let found = if b > 0.0 {
        -2.0 * c / (b + root)
    } else {
        (root - b) / (2.0 * a)
    };
    if found.is_nan() { 0.0 } else { found.max(0.0) }
}

/// An effect in standard errors; 0 where it is 0 but for rounding.
fn statistic(effect: f64, variance: f64, size: f64) -> f64 {
    if effect.abs() <= 4.0 * f64::EPSILON * size {
        0.0
    } else if variance <= 0.0 {
        effect.signum() * f64::INFINITY
    } else {
        effect / variance.sqrt()
    }
}
