//! The named tests of two groups: z, chi-square, G, Fisher, Barnard and Boschloo.
//!
//! All of them ask whether two rates are equal. The verdict does not rest on them; it comes from the score tests
//! against a bound. They are here because rules, courts and other software name them, and each is computed to the
//! letter of its definition.

use super::normal_sf;

pub use super::exact::Counts;
pub use fisher::{FISHER, Fisher};
pub use limit::{Limit, NotComputed};
pub use unconditional::{BARNARD, BOSCHLOO, Boschloo};

mod fisher;
mod limit;
mod region;
#[cfg(test)]
mod tests;
mod unconditional;

/// Two groups and their counts: group a is the one asked about, group b the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoByTwo {
    a: Counts,
    b: Counts,
}

/// A test statistic and its two-sided p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistic {
    /// The statistic: a z, signed as `p_a - p_b` is, or a chi-square with one degree of freedom, at least 0.
    pub value: f64,
    /// Its two-sided p-value from the normal (or, the same, from the chi-square) distribution.
    pub p: f64,
}

impl Statistic {
    fn z(value: f64) -> Self {
        // The upper tail of |z| itself: 1 - Phi would be 0 from z = 8.3 on.
        let p = (2.0 * normal_sf(value.abs())).min(1.0);
        Self { value, p }
    }

    fn chi_square(value: f64) -> Self {
        Self {
            value,
            ..Self::z(value.sqrt())
        }
    }
}

impl TwoByTwo {
    /// The table of two groups.
    pub fn new(a: Counts, b: Counts) -> Self {
        Self { a, b }
    }

    /// The z test with the pooled variance, the "two standard deviation" test (Castaneda v. Partida 1977; Hazelwood
    /// v. United States 1977): `(p_a - p_b) / sqrt(P(1-P)(1/n_a + 1/n_b))`, P being the rate of both groups together.
    ///
    /// `None` where P is 0 or 1: there is no variance.
    pub fn z_pooled(&self) -> Option<Statistic> {
        Some(Statistic::z(self.pooled()?))
    }

    /// The z test with each group's own variance: `(p_a - p_b) / sqrt(p_a(1-p_a)/n_a + p_b(1-p_b)/n_b)`.
    ///
    /// `None` where both rates are 0 or 1.
    pub fn z_unpooled(&self) -> Option<Statistic> {
        let [a, b, c, d] = self.cells();
        let (n_a, n_b) = (a + b, c + d);
        let variance = a / n_a * (b / n_a) / n_a + c / n_b * (d / n_b) / n_b;
        (variance > 0.0).then(|| Statistic::z(self.cross_difference() / n_a / n_b / variance.sqrt()))
    }

    /// The z test with the variance of the hypergeometric distribution, which takes the margins as given: the pooled
    /// z times `sqrt((N-1)/N)`. Its square is the Cochran-Mantel-Haenszel statistic of a single stratum.
    ///
    /// `None` where the rate of both groups together is 0 or 1.
    pub fn z_hypergeometric(&self) -> Option<Statistic> {
        let total = self.total();
        Some(Statistic::z(self.pooled()? * ((total - 1.0) / total).sqrt()))
    }

    /// Pearson's (1900) chi-square: the square of the pooled z. `None` where that is.
    pub fn chi_square(&self) -> Option<Statistic> {
        Some(Statistic::chi_square(self.pooled()?.powi(2)))
    }

    /// Pearson's chi-square with Yates' (1934) correction: `N(|ad-bc| - N/2)^2 / (n_a n_b K(N-K))`, and 0 where
    /// `|ad-bc|` is under `N/2`. K is the number of successes in both groups. `None` where Pearson's is.
    pub fn chi_square_yates(&self) -> Option<Statistic> {
        let pooled = self.pooled()?.abs();
        let difference = self.cross_difference().abs();
        let left = (difference - self.total() / 2.0).max(0.0);
        let share = if left == 0.0 { 0.0 } else { left / difference };
        Some(Statistic::chi_square((pooled * share).powi(2)))
    }

    /// The likelihood-ratio statistic `G = 2 sum O ln(O/E)` over the four cells, O being observed and E expected
    /// counts (Wilks 1938). `None` where Pearson's chi-square is.
    pub fn g(&self) -> Option<Statistic> {
        let [a, b, c, d] = self.cells();
        let total = self.total();
        let (rows, columns) = ([a + b, c + d], [a + c, b + d]);
        if columns.contains(&0.0) {
            return None;
        }
        // The four differences O - E are the same but for their sign, and sum to 0.
        let excess = self.cross_difference() / total;
        let cell =
            |observed: f64, row: f64, column: f64, excess: f64| information(observed, row * (column / total), excess);
        let sum = cell(a, rows[0], columns[0], excess)
            + cell(b, rows[0], columns[1], -excess)
            + cell(c, rows[1], columns[0], -excess)
            + cell(d, rows[1], columns[1], excess);
        Some(Statistic::chi_square(2.0 * sum))
    }

    /// The pooled z: `(ad - bc) sqrt(N / (n_a n_b K(N-K)))`.
    fn pooled(&self) -> Option<f64> {
        let [a, b, c, d] = self.cells();
        let (successes, failures) = (a + c, b + d);
        let none = successes == 0.0 || failures == 0.0;
        (!none).then(|| {
            let scale = (self.total() / (a + b) / (c + d) / successes / failures).sqrt();
            self.cross_difference() * scale
        })
    }

    /// Successes and failures of a, then of b.
    fn cells(&self) -> [f64; 4] {
        let failures = |counts: Counts| (counts.trials - counts.successes) as f64;
        [
            self.a.successes as f64,
            failures(self.a),
            self.b.successes as f64,
            failures(self.b),
        ]
    }

    fn total(&self) -> f64 {
        self.a.trials as f64 + self.b.trials as f64
    }

    /// `ad - bc`, which is `n_a n_b (p_a - p_b)`. The products are taken in integers: their difference may have none
    /// of their leading digits.
    fn cross_difference(&self) -> f64 {
        let for_a = u128::from(self.a.successes) * u128::from(self.b.trials);
        let for_b = u128::from(self.b.successes) * u128::from(self.a.trials);
        let size = for_a.abs_diff(for_b) as f64;
        if for_a < for_b { -size } else { size }
    }
}

/// A cell's part of G/2: `O ln(O/E) - (O - E)`, which is never negative. The subtracted parts sum to 0 over a table;
/// with them, nothing large cancels in the sum.
fn information(observed: f64, expected: f64, excess: f64) -> f64 {
    let relative = excess / expected;
    if observed == 0.0 {
        expected
    } else if relative.abs() > 0.1 {
        observed * (observed / expected).ln() - excess
    } else {
        // (1 + t) ln(1 + t) - t = t^2/2 - t^3/6 + t^4/12 - ...: at t = 0.1 the 18th term is under the last digit.
        let mut power = -relative;
        let series: f64 = (2..20)
            .map(|order| {
                power *= -relative;
                power / f64::from(order * (order - 1))
            })
            .sum();
        expected * series
    }
}
