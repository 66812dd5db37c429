//! The two tails of the beta distribution, in logarithms: what the exact intervals of one rate are made of.
//!
//! `P(Beta(a, b) <= p)` is the probability of at least `a` successes in `a + b - 1` trials. Library versions subtract
//! logarithms of factorials, which loses eight digits at a million trials; here the density is Loader's (2000) saddle
//! point form, whose terms stay small, and the tail is the density times an integral that is near 1 / slope.

use std::f64::consts::PI;

use super::Side;

/// A success probability with its complement, because `1 - p` loses its digits where p is near 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Odds {
    pub(super) p: f64,
    pub(super) q: f64,
}

impl Odds {
    /// The pair whose log-odds are higher by `step`.
    pub(super) fn moved(self, step: f64) -> Self {
        // Beyond +-700 the factor would overflow; no caller needs such a step at once.
        let factor = step.clamp(-700.0, 700.0).exp();
        let whole = self.q + self.p * factor;
        Self {
            p: self.p * factor / whole,
            q: self.q / whole,
        }
    }
}

/// The logarithm of a tail probability, and of how fast the probability changes with the log-odds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tail {
    pub(super) ln_value: f64,
    pub(super) ln_slope: f64,
}

/// The tail of Beta(a, b) on one side of p: `P(B <= p)` below, `P(B >= p)` above.
///
/// The smaller tail keeps its relative accuracy however small it is, provided that it ends where the density does not
/// pile up: a is at least 1/2 for the tail above, b for the tail below. Needs `0 < p < 1`.
pub(super) fn tail(a: f64, b: f64, at: Odds, side: Side) -> Tail {
    let n = a + b;
    // How far the mean's numerator is above p's, from whichever of p and q has more digits.
    let lead = if at.p <= at.q { a - n * at.p } else { n * at.q - b };
    let ln_slope = ln_density(a, b, at, lead);
    let small = if lead >= 0.0 { Side::Below } else { Side::Above };
    let ln_small = (ln_slope + reach(a, b, at, lead).ln()).min(0.0);
    Tail {
        ln_value: if side == small {
            ln_small
        } else {
            ln_complement(ln_small)
        },
        ln_slope,
    }
}

/// `ln(1 - e^x)` for `x <= 0`.
fn ln_complement(x: f64) -> f64 {
    (-x.exp_m1()).ln()
}

/// The logarithm of the density of the log-odds, `p^a q^b / B(a, b)`.
fn ln_density(a: f64, b: f64, at: Odds, lead: f64) -> f64 {
    let n = a + b;
    let deviance = deviance(a, n * at.p, lead) + deviance(b, n * at.q, -lead);
    // Logarithms first: the product of a tiny a and b could underflow.
    (a.ln() + b.ln() - n.ln() - (2.0 * PI).ln()) / 2.0 - deviance + stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
}

/// `x ln(x/m) + m - x`, given `x - m`.
fn deviance(x: f64, mean: f64, excess: f64) -> f64 {
    let relative = excess / mean;
    if relative.abs() < 0.5 {
        excess * relative.ln_1p() - mean * above_log(relative)
    } else {
        x * (x.ln() - mean.ln()) - excess
    }
}

/// `ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi)/2)`, the error of Stirling's formula.
fn stirling_error(x: f64) -> f64 {
    // From 16 on five terms of the series reach the last digit; below, the recurrence of Gamma leads there.
    let (mut x, mut error) = (x, 0.0);
    while x < 16.0 {
        error += (x + 0.5) * ((x + 1.0).ln() - x.ln()) - 1.0;
        x += 1.0;
    }
    let square = x * x;
    let series = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square;
    error + (1.0 / 12.0 - (1.0 / 360.0 - series / square) / square) / x
}

/// `v - ln(1 + v)`, at least 0, without cancellation near 0.
fn above_log(v: f64) -> f64 {
    if v.abs() >= 0.5 {
        return v - v.ln_1p();
    }
    // ln(1 + v) is 2 artanh(r) with r = v / (2 + v), and v - 2 r is v r.
    let r = v / (2.0 + v);
    let square = r * r;
    // r^2 is at most 1/9: 16 terms reach the last digit.
    let series = (0..16)
        .rev()
        .fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 3));
    r * (v - 2.0 * square * series)
}

/// The smaller tail divided by the density at p: the integral over s > 0 of the density s away from p in log-odds,
/// relative to the density at p. By the double exponential rule (Takahasi & Mori 1974): the logarithm of the integrand
/// is concave, so one scale fits it, and some eighty points reach the last digits.
fn reach(a: f64, b: f64, at: Odds, lead: f64) -> f64 {
    Fall::new(a, b, at, lead).integral(1.0 / 16.0)
}

/// How far the logarithm of the density of the log-odds has fallen at a distance s from p, away from the mean.
struct Fall {
    n: f64,
    p: f64,
    slope: f64,
    direction: f64,
}

impl Fall {
    fn new(a: f64, b: f64, at: Odds, lead: f64) -> Self {
        // Success and failure exchange, so that p is at most 1/2.
        let away = if at.p <= at.q { -1.0 } else { 1.0 };
        Self {
            n: a + b,
            p: at.p.min(at.q),
            slope: lead.abs(),
            direction: if lead >= 0.0 { away } else { -away },
        }
    }

    /// `slope s + n k(s)` with the cumulant function of one trial, `k = ln(1 + p w) +- p s`, `w = e^(-+s) - 1`.
    ///
    /// For small s its value is of order `p q s^2 / 2`, the difference of much larger terms. With
    /// `phi(v) = v - ln(1 + v)` and `s = -+ln(1 + w)` it is `p phi(w) - phi(p w)`.
    fn at(&self, s: f64) -> f64 {
        let step = self.direction * s;
        let w = step.exp_m1();
        let share = self.p * w;
        let cumulant = if w.abs() < 0.5 {
            self.p * above_log(w) - above_log(share)
        } else if share.abs() < 0.5 {
            self.p * (w - step) - above_log(share)
        } else {
            share.ln_1p() - self.p * step
        };
        self.slope * s + self.n * cumulant
    }

    /// The integral of the relative density over all s > 0, by the double exponential rule.
    fn integral(&self, step: f64) -> f64 {
        let scale = self.scale();
        let mut sum = 0.0;
        // At -3.7 the weight is e^-44, and from 6 on the density is as small, whatever its shape.
        for point in 0..=(10.0 / step) as u32 {
            let u = -3.7 + step * f64::from(point);
            let shrink = (-u).exp();
            let s = scale * (u - shrink).exp();
            let term = (-self.at(s)).exp() * s * (1.0 + shrink);
            sum += term;
            if u > 0.0 && term <= 1e-18 * sum {
                break;
            }
        }
        sum * step
    }

    /// A distance at which the density has fallen by about a factor e.
    fn scale(&self) -> f64 {
        let mut s = 1.0 / (self.slope + (self.n * self.p * (1.0 - self.p)).sqrt());
        while s > 1e-300 && self.at(s) > 2.0 {
            s /= 2.0;
        }
        while s < 1e300 && self.at(s) < 0.5 {
            s *= 2.0;
        }
        s
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(p: f64) -> Odds {
        Odds { p, q: 1.0 - p }
    }

    fn close(got: f64, expected: f64, tolerance: f64) {
        assert!((got / expected - 1.0).abs() < tolerance, "{got:e} {expected:e}");
    }

    #[test]
    fn both_tails_are_the_sums_of_binomial_probabilities() {
        // 2e-13: a logarithm as low as -550 is exponentiated; the sums have 40 terms.
        for n in [1u32, 2, 5, 17, 40] {
            for x in 1..=n {
                for p in [1e-6f64, 0.001, 0.03, 0.2, 0.5, 0.77, 0.999] {
                    let mut probability = vec![(1.0 - p).powi(n as i32)];
                    for k in 0..n {
                        let odds = p / (1.0 - p);
                        probability.push(probability[k as usize] * f64::from(n - k) / f64::from(k + 1) * odds);
                    }
                    let (a, b) = (f64::from(x), f64::from(n - x + 1));
                    let at_least: f64 = probability[x as usize..].iter().sum();
                    let fewer: f64 = probability[..x as usize].iter().sum();
                    close(tail(a, b, at(p), Side::Below).ln_value.exp(), at_least, 2e-13);
                    close(tail(a, b, at(p), Side::Above).ln_value.exp(), fewer, 2e-13);
                }
            }
        }
    }

    #[test]
    fn closed_forms_for_any_size() {
        for size in [1e-6, 0.1, 0.5, 3.7, 1e3, 1e9, 1e15] {
            for p in [1e-12f64, 1e-3, 0.25, 0.5, 0.9] {
                // One of the parameters 1: powers. 1e-13 of the logarithm, which may be in the hundreds.
                let ln_q = (-p).ln_1p();
                let got = tail(1.0, size, at(p), Side::Above).ln_value;
                assert!(
                    (got - size * ln_q).abs() < 1e-13 * (1.0 + got.abs()),
                    "{size} {p} {got}"
                );
                let got = tail(size, 1.0, at(p), Side::Below).ln_value;
                assert!(
                    (got - size * p.ln()).abs() < 1e-13 * (1.0 + got.abs()),
                    "{size} {p} {got}"
                );
            }
            // Symmetry.
            close(tail(size, size, at(0.5), Side::Below).ln_value.exp(), 0.5, 1e-14);
            close(tail(size, size, at(0.5), Side::Above).ln_value.exp(), 0.5, 1e-14);
        }
        // The arc sine law.
        for p in [1e-10f64, 0.01, 0.3, 0.5] {
            let expected = 2.0 / PI * p.sqrt().asin();
            close(tail(0.5, 0.5, at(p), Side::Below).ln_value.exp(), expected, 1e-14);
        }
    }

    #[test]
    fn huge_trials_are_poisson_or_normal() {
        // 1e15 trials at 7e-15: Poisson with mean 7.
        let (n, mean) = (1e15, 7.0f64);
        let mut probability = (-mean).exp();
        let mut fewer = 0.0;
        for x in 1..20 {
            fewer += probability;
            probability *= mean / f64::from(x);
            let got = tail(f64::from(x), n - f64::from(x) + 1.0, at(mean / n), Side::Above);
            close(got.ln_value.exp(), fewer, 1e-13);
        }
        // Half of 1e15 trials, the smaller tail 5 standard deviations out. 1e-6: p q n is a whole number, but its
        // distance from p is not exact in p's last digit, and the normal law's own error is 1e-7 here.
        let deviation = 5.0 * (0.25 / n).sqrt();
        let got = tail(n / 2.0, n / 2.0, at(0.5 - deviation), Side::Below);
        close(got.ln_value.exp(), super::super::normal_sf(5.0), 1e-6);
    }

    #[test]
    fn a_finer_rule_changes_nothing() {
        // 1e-13: rounding, and what a sixteenth leaves out at the mean of a distribution as lopsided as is allowed.
        for a in [0.5f64, 1.0, 1.5, 3.0, 300.0, 2.5e14] {
            for b in [1e-6f64, 0.02, 0.5, 1.0, 30.5, 700.0, 1e9, 7.5e14] {
                let mean = a / (a + b);
                let deviation = (mean * (1.0 - mean) / (a + b)).sqrt();
                for p in [
                    mean,
                    mean + 1e-3 * deviation,
                    mean + deviation,
                    mean + 5.0 * deviation,
                    1.0 - (1.0 - mean) / 99.0,
                ] {
                    if p >= 1.0 - 1e-12 {
                        continue;
                    }
                    let at = at(p);
                    let lead = if p <= at.q { a - (a + b) * p } else { (a + b) * at.q - b };
                    if lead <= 0.0 {
                        let fall = Fall::new(a, b, at, lead);
                        close(fall.integral(1.0 / 16.0), fall.integral(1.0 / 64.0), 1e-13);
                    }
                }
            }
        }
    }

    #[test]
    fn the_logarithm_above_its_tangent() {
        for v in [-0.9f64, -0.5, -0.1, 0.3, 0.49, 0.51, 2.0] {
            close(above_log(v), v - v.ln_1p(), 1e-13);
        }
        close(above_log(1e-9), 0.5e-18, 1e-9);
        // Gamma(1/2) is the root of pi, Gamma(1) and Gamma(2) are 1, Gamma(20) is 19!.
        let ln_gamma = |x: f64| stirling_error(x) + (x - 0.5) * x.ln() - x + (2.0 * PI).ln() / 2.0;
        assert!((ln_gamma(0.5) - PI.ln() / 2.0).abs() < 4e-15);
        assert!(ln_gamma(1.0).abs() < 4e-15 && ln_gamma(2.0).abs() < 4e-15);
        assert!((ln_gamma(20.0) - 121_645_100_408_832_000f64.ln()).abs() < 1e-14);
    }
}
