//! Quantiles of the beta distribution with parameters of any size.

use std::f64::consts::PI;

use super::super::normal_cdf;
use super::super::score::root;
use super::entropy::{divergence, stirling_error};

/// From here on, both parameters, a normal approximation is exact to nine digits of the tail.
const LARGE: f64 = 1e5;

/// The value with `tail` of the distribution below it.
pub(super) fn lower_quantile(a: f64, b: f64, tail: f64) -> f64 {
    if tail <= 0.0 {
        return 0.0;
    }
    root(0.0, 1.0, f64::MIN_POSITIVE, |x| tails(a, b, x).0 - tail)
}

/// The value with `tail` of the distribution above it.
pub(super) fn upper_quantile(a: f64, b: f64, tail: f64) -> f64 {
    if tail <= 0.0 {
        return 1.0;
    }
    root(0.0, 1.0, f64::MIN_POSITIVE, |x| tail - tails(a, b, x).1)
}

/// The probabilities below and above x, from 0 to 1.
fn tails(a: f64, b: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x >= 1.0 {
        return (1.0, 0.0);
    }
    if a.min(b) >= LARGE {
        return (normal_approximation(a, b, x), normal_approximation(b, a, 1.0 - x));
    }
    // The fraction converges fast on its side of the mean.
    if x < (a + 1.0) / (a + b + 2.0) {
        let below = fraction(a, b, x, 1.0 - x).clamp(0.0, 1.0);
        (below, 1.0 - below)
    } else {
        let above = fraction(b, a, 1.0 - x, x).clamp(0.0, 1.0);
        (1.0 - above, above)
    }
}

/// `x^a (1-x)^b / B(a, b)`, by Stirling's formula and its error, and the relative entropy of the mean and x.
fn power(a: f64, b: f64, x: f64, complement: f64) -> f64 {
    let sum = a + b;
    let (mean, rest) = (a / sum, b / sum);
    // The smaller of the two differences has the digits.
    let difference = if x < complement { mean - x } else { complement - rest };
    let errors = stirling_error(sum) - stirling_error(a) - stirling_error(b);
    (errors - sum * divergence(x, complement, difference)).exp() * (a * rest / (2.0 * PI)).sqrt()
}

/// The lower tail by the continued fraction of DiDonato and Morris (1992, TOMS 708), evaluated forward (Lentz 1976). It
/// takes every step in x and its complement at once, so nothing cancels when one of them is near 1.
fn fraction(a: f64, b: f64, x: f64, complement: f64) -> f64 {
    let tiny = 1e-300;
    let guard = |value: f64| if value.abs() < tiny { tiny } else { value };
    let past_mean = a * complement - b * x + 1.0;
    let denominator = |n: f64| {
        let step = n * (b - n) * x / (a + 2.0 * n - 1.0);
        let first = if n == 0.0 { 0.0 } else { n + step };
        first + (a + n) * (past_mean + n * (1.0 + complement)) / (a + 2.0 * n + 1.0)
    };
    let mut product = guard(denominator(0.0));
    let (mut c, mut d) = (product, 0.0);
    // About the root of the smaller parameter is needed: some hundreds at 1e5.
    for level in 1..20_000 {
        let n = f64::from(level);
        let scale = a + 2.0 * n - 1.0;
        let numerator = (a + n - 1.0) / scale * ((a + b + n - 1.0) * x / scale) * n * (b - n) * x;
        d = 1.0 / guard(denominator(n) + numerator * d);
        c = guard(denominator(n) + numerator / c);
        let change = c * d;
        product *= change;
        if (change - 1.0).abs() < 2e-16 {
            break;
        }
    }
    power(a, b, x, complement) / product
}

/// Lugannani and Rice (1980) for the logit: `Phi(r) + phi(r) (1/r - 1/u)`, with `r^2/2` the relative entropy of the
/// mean and x times `a + b`, and u the distance from the mean in standard deviations of the logit.
fn normal_approximation(a: f64, b: f64, x: f64) -> f64 {
    let sum = a + b;
    let (mean, rest) = (a / sum, b / sum);
    let difference = mean - x;
    let r = (2.0 * sum * divergence(x, 1.0 - x, difference))
        .sqrt()
        .copysign(-difference);
    let u = -difference * (sum / (mean * rest)).sqrt();
    // At the mean itself the correction is 0/0; there it is below 1/1000 and no quantile is asked for.
    let correction = if r.abs() < 1e-4 { 0.0 } else { 1.0 / r - 1.0 / u };
    (normal_cdf(r) + (-r * r / 2.0).exp() / (2.0 * PI).sqrt() * correction).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles() {
        // scipy 1.17: beta.ppf(0.025, a, b) and beta.isf(0.025, a, b).
        for (a, b, lower, upper) in [
            (0.5, 0.5, 0.001541333133436012, 0.9984586668665639),
            (2.0, 3.0, 0.06758598648854294, 0.8058795503167566),
            (0.3, 40.0, 8.03430537221109e-8, 0.046792912372851464),
            (1.5, 1e15, 1.0789764131194888e-16, 4.674201802248061e-15),
            (3000.0, 7000.0, 0.29105690086549046, 0.309018871398796),
            (40000.0, 99999.0, 0.283352837376103, 0.28808561459577303),
            (90000.0, 110000.0, 0.4478201590688312, 0.45218078808437334),
            (99999.5, 3e9, 3.312578397264169e-05, 3.353895860646197e-05),
            (2e5, 3e5, 0.39864247794924534, 0.4013582797731777),
            (1e8, 3e8, 0.2499575667190011, 0.25004243564888123),
        ] {
            let (low, high) = (lower_quantile(a, b, 0.025), upper_quantile(a, b, 0.025));
            // 1e-11: scipy's own quantiles agree to about that with its tails.
            assert!(
                (low / lower - 1.0).abs() < 1e-11 && (high / upper - 1.0).abs() < 1e-11,
                "{a} {b} {low:e} {high:e}"
            );
        }
    }
}
