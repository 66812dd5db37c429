//! The odds ratio of two groups, `p_a (1 - p_b) / ((1 - p_a) p_b)`: its estimates, tests and intervals.
//!
//! Three kinds of interval, each with the test that it inverts:
//! - [`woolf`] and [`woolf_z`]: normal on the log scale; undefined with a cell of 0.
//! - [`score`] and [`score_z`]: the score test of Miettinen and Nurminen, defined for every table.
//! - [`exact`] and [`exact_one_sided`]: conditional on the margins of the table, never too narrow.
//!
//! The groups are independent samples; 1 means equal rates. Exchanging the groups, or success and failure, turns the
//! odds ratio into its reciprocal.

use super::hypergeometric::{balance, discriminant, weights_of};
use super::{Correction, Interval, Sample, normal::usable};

pub use conditional::{EXACT, conditional_estimate, exact, exact_one_sided};

mod conditional;
mod search;
#[cfg(test)]
mod tests;

/// The sample odds ratio `x_a (n_b - x_b) / ((n_a - x_a) x_b)`, at least 0.
///
/// `None` where group a has no failure or group b no success: 0/0 is undefined and x/0 is infinite, and neither is a
/// number to print.
pub fn point(a: Sample, b: Sample) -> Option<f64> {
    let defined = a.failures() > 0.0 && b.successes > 0.0;
    // Ratios of ratios, so that no product overflows.
    defined.then(|| a.successes / a.failures() * (b.failures() / b.successes))
}

/// Woolf's (1955) interval: `exp(ln OR +- z sqrt(1/x_a + 1/(n_a - x_a) + 1/x_b + 1/(n_b - x_b)))`.
///
/// `None` where a cell is 0. NaN for `z` counts as +infinity, a negative `z` as 0.
pub fn woolf(a: Sample, b: Sample, z: f64) -> Option<Interval> {
    let (log_ratio, error) = log_scale(a, b)?;
    let reach = usable(z) * error;
    Some(Interval {
        lower: (log_ratio - reach).exp(),
        upper: (log_ratio + reach).exp(),
    })
}

/// The statistic that Woolf's interval inverts: `(ln OR - ln bound)` over its standard error. Positive when the sample
/// odds ratio is above the bound. `None` where a cell is 0.
///
/// `bound` must be a number above 0; anything else is moved to the nearest such number.
pub fn woolf_z(a: Sample, b: Sample, bound: f64) -> Option<f64> {
    let (log_ratio, error) = log_scale(a, b)?;
    Some((log_ratio - positive(bound).ln()) / error)
}

/// The logarithm of the sample odds ratio and its standard error.
fn log_scale(a: Sample, b: Sample) -> Option<(f64, f64)> {
    let cells = cells(a, b);
    let log_ratio = point(a, b).filter(|&ratio| ratio > 0.0)?.ln();
    let error = cells.iter().map(|cell| cell.recip()).sum::<f64>().sqrt();
    (error.is_finite() && log_ratio.is_finite()).then_some((log_ratio, error))
}

/// The score statistic of the odds ratio against `bound`; positive when the sample odds ratio is above it.
///
/// `Z = n_a (p_a - p~_a) sqrt((1/(n_a p~_a q~_a) + 1/(n_b p~_b q~_b)) (N-1)/N)`, the rates with a tilde being the
/// maximum-likelihood rates whose odds ratio is the bound (Miettinen & Nurminen 1985). It falls as the bound rises.
/// At a bound of 1 it is the z of the hypergeometric variance.
///
/// `bound` must be a number above 0; anything else is moved to the nearest such number. Where nothing or everything
/// succeeded no odds ratio is contradicted and Z is 0, as it is with N not above 1 (weighted data only).
pub fn score_z(a: Sample, b: Sample, bound: f64) -> f64 {
    let [s_a, f_a, s_b, f_b] = cells(a, b);
    let (own, other) = weights_of(positive(bound));
    // The restricted table has the observed margins: its cells are the observed ones less or plus a shift, which
    // solves (s_a - d)(f_b - d) = bound (f_a + d)(s_b + d).
    let ahead = own * s_a * f_b;
    let behind = other * f_a * s_b;
    let shrink = Correction::MiettinenNurminen.shrink(a.trials + b.trials);
    // 4 units in the last place are what an exact tie of the sample odds ratio and the bound can leave.
    let tied = (ahead - behind).abs() <= 4.0 * f64::EPSILON * (ahead + behind);
    if tied || shrink == 0.0 {
        return 0.0;
    }
    let root = discriminant((own, other), [s_a, f_a, s_b, f_b]).sqrt();
    let shift = 2.0 * (ahead - behind) / (own * (s_a + f_b) + other * (f_a + s_b) + root);
    // The cells are solved for one by one: the differences `s_a - d` would cancel where a cell comes near 0.
    let (successes, failures) = (s_a + s_b, f_a + f_b);
    let information = balance(own, other, f_b - s_a, a.trials, successes).recip()
        + balance(own, other, s_a - f_b, b.trials, failures).recip()
        + balance(other, own, s_b - f_a, a.trials, failures).recip()
        + balance(other, own, f_a - s_b, b.trials, successes).recip();
    shift * information.sqrt() * shrink
}

/// The score interval of the odds ratio: every bound whose `|score_z|` is at most `z` (Miettinen & Nurminen 1985).
///
/// The lower end is 0 where the sample odds ratio is 0, the upper end +infinity where it is infinite: (0, +infinity)
/// holds no information. It contains the sample odds ratio wherever there is one. NaN for `z` counts as +infinity, a
/// negative `z` as 0.
pub fn score(a: Sample, b: Sample, z: f64) -> Interval {
    let z = usable(z);
    let nothing = Interval {
        lower: 0.0,
        upper: f64::INFINITY,
    };
    // No odds ratio is contradicted: every Z is 0.
    if z.is_infinite() || Correction::MiettinenNurminen.shrink(a.trials + b.trials) == 0.0 {
        return nothing;
    }
    let [s_a, f_a, s_b, f_b] = cells(a, b);
    let end = |target: f64| search::crossing(a, b, z, |bound| score_z(a, b, bound) - target);
    let lower = if s_a == 0.0 || f_b == 0.0 { None } else { end(z) };
    let upper = if f_a == 0.0 || s_b == 0.0 { None } else { end(-z) };
    let found = Interval {
        lower: lower.unwrap_or(nothing.lower),
        upper: upper.unwrap_or(nothing.upper),
    };
    // Rounding must not put an end past the sample odds ratio.
    match point(a, b) {
        Some(ratio) => Interval {
            lower: found.lower.min(ratio),
            upper: found.upper.max(ratio),
        },
        None => found,
    }
}

/// Successes and failures of a, then of b.
fn cells(a: Sample, b: Sample) -> [f64; 4] {
    [a.successes, a.failures(), b.successes, b.failures()]
}

/// The nearest number above 0.
fn positive(bound: f64) -> f64 {
    bound.clamp(f64::MIN_POSITIVE, f64::MAX)
}
