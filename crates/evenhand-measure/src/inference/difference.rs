//! The difference of two rates, `p_a - p_b`: its score test and interval.

use std::f64::consts::PI;

use super::score::{Contrast, Rates, root};
use super::{Correction, Interval, Sample, normal::usable};

/// The score statistic of `p_a - p_b` against the bound `delta`; positive when the observed difference is above it.
///
/// `Z = (p_a - p_b - d) / sqrt(p~_a (1 - p~_a)/n_a + p~_b (1 - p~_b)/n_b)`, the variance being at the
/// maximum-likelihood rates with `p~_a = p~_b + d` (Mee 1984; Miettinen & Nurminen 1985). It falls as `d` rises.
///
/// `delta` beyond [-1, 1] is moved to the nearer end. Where the variance is 0 (at +-1; at 0 when both rates are 0 or
/// both are 1), Z is 0 if the observed difference equals the bound, else +-infinity.
pub fn score_z(a: Sample, b: Sample, delta: f64, correction: Correction) -> f64 {
    contrast(a, b, delta).z(correction)
}

/// The score interval of `p_a - p_b`, within [-1, 1]: every difference whose `|score_z|` is at most `z`.
///
/// It contains the observed difference. NaN for `z` counts as +infinity, a negative `z` as 0.
pub fn interval(a: Sample, b: Sample, z: f64, correction: Correction) -> Interval {
    let z = usable(z);
    let point = a.rate() - b.rate();
    let end = |limit: f64, target: f64| {
        let excess = |delta: f64| score_z(a, b, delta, correction) - target;
        // At the limit Z is infinite unless the estimate is there too, or nothing is known.
        let inside = score_z(a, b, limit, correction).abs() <= z;
        if inside {
            limit
        } else {
            root(limit, point, f64::MIN_POSITIVE, excess)
        }
    };
    // Rounding must not put an end past the observed difference.
    Interval {
        lower: end(-1.0, z).min(point),
        upper: end(1.0, -z).max(point),
    }
}

/// The contrast `p_a - p_b - d`.
pub(super) fn contrast(a: Sample, b: Sample, delta: f64) -> Contrast {
    let delta = delta.clamp(-1.0, 1.0);
    Contrast::new(a, b, (1.0, 1.0), delta, restricted(a, b, delta))
}

/// The maximum-likelihood rates with `p_a = p_b + delta`.
///
/// Two symmetries bring every case to `delta >= 0` and rates in the lower half, where the smaller rate can be found
/// to full relative precision: exchanging the groups negates delta; exchanging success and failure exchanges the
/// groups and keeps delta.
fn restricted(a: Sample, b: Sample, delta: f64) -> Rates {
    if delta < 0.0 {
        let Rates { p_a, q_a, p_b, q_b } = restricted(b, a, -delta);
        return Rates {
            p_a: p_b,
            q_a: q_b,
            p_b: p_a,
            q_b: q_a,
        };
    }
    if a.successes + b.successes > a.failures() + b.failures() {
        let Rates { p_a, q_a, p_b, q_b } = higher_and_lower(b.reflected(), a.reflected(), delta);
        return Rates {
            p_a: q_b,
            q_a: p_b,
            p_b: q_a,
            q_b: p_a,
        };
    }
    higher_and_lower(a, b, delta)
}

/// The restricted rates for `delta >= 0`: a's is the higher.
fn higher_and_lower(a: Sample, b: Sample, delta: f64) -> Rates {
    let low = lower_rate(a, b, delta);
    let top = 1.0 - delta;
    Rates {
        p_a: low + delta,
        q_a: (top - low).max(0.0),
        p_b: low,
        q_b: 1.0 - low,
    }
}

/// The lower restricted rate y, within [0, 1 - delta]: the zero of the likelihood's derivative, which times
/// `p_a q_a p_b q_b` is the cubic `(x_a - n_a p_a) p_b q_b + (x_b - n_b p_b) p_a q_a`.
fn lower_rate(a: Sample, b: Sample, delta: f64) -> f64 {
    let top = 1.0 - delta;
    let total = a.trials + b.trials;
    // Shares of all trials, so that the size of the sample does not enter the arithmetic.
    let (x_a, n_a) = (a.successes / total, a.trials / total);
    let (x_b, n_b) = (b.successes / total, b.trials / total);
    if delta == 0.0 {
        return x_a + x_b;
    }
    // At an end where a count is 0 the cubic has a zero of its own; there the derivative's sign decides.
    if top <= 0.0 || (b.successes == 0.0 && x_a - n_a * delta <= n_b * delta * top) {
        return 0.0;
    }
    if a.failures() == 0.0 && n_a * top * delta + x_b >= n_b * top {
        return top;
    }
    // y^3 + l2 y^2 + l1 y + l0
    let l2 = (n_a + 2.0 * n_b) * delta - 1.0 - (x_a + x_b);
    let l1 = (n_b * delta - 1.0 - 2.0 * x_b) * delta + x_a + x_b;
    let l0 = x_b * delta * top;
    let cubic = |y: f64| (x_a - n_a * (y + delta)) * y * (1.0 - y) + (x_b - n_b * y) * (y + delta) * (top - y);
    let slope = |y: f64| (3.0 * y + 2.0 * l2) * y + l1;

    // The closed form is a start: it takes an arc cosine that loses half the digits where two roots nearly meet.
    let (mut low, mut high) = (0.0, top);
    let mut y = trigonometric_root(l2, l1, l0);
    if !(y > low && y < high) {
        y = top / 2.0;
    }
    // Newton's steps double the digits; 30 are plenty, the rest bisect to full precision.
    for step in 0..200 {
        let value = cubic(y);
        if value > 0.0 {
            low = y;
        } else if value < 0.0 {
            high = y;
        } else {
            return y;
        }
        let newton = y - value / slope(y);
        let next = if step < 30 && newton > low && newton < high {
            newton
        } else {
            low + (high - low) / 2.0
        };
        if (next - y).abs() <= 2.0 * f64::EPSILON * y {
            return next;
        }
        y = next;
    }
    y
}

/// The middle root of a cubic with three real roots, which is the admissible one (Miettinen & Nurminen 1985,
/// appendix; Farrington & Manning 1990).
fn trigonometric_root(l2: f64, l1: f64, l0: f64) -> f64 {
    let q = (l2 / 3.0).powi(3) - l1 * l2 / 6.0 + l0 / 2.0;
    let p = ((l2 / 3.0).powi(2) - l1 / 3.0).max(0.0).sqrt().copysign(q);
    if p == 0.0 {
        return -l2 / 3.0;
    }
    let angle = (PI + (q / p.powi(3)).clamp(-1.0, 1.0).acos()) / 3.0;
    2.0 * p * angle.cos() - l2 / 3.0
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agrees, sample};
    use super::super::{OneSided, z_for};
    use super::*;

    #[test]
    fn published_and_recomputed_intervals() {
        // The first eight are the data sets of Newcombe 1998b, table II, who prints .0528, .3382 for Miettinen-Nurminen
        // at (a). Columns: Miettinen-Nurminen, then Mee. The score interval of statsmodels 0.15
        // (confint_proportions_2indep, method "score") is wrong in the third decimal: (a) 0.05255, 0.34404, and 0.02732,
        // 0.34343 for 7/34 - 1/34, where R's PropCIs has 0.0270416, 0.3452912 as here; and it fails on zero cells.
        for ([x_a, n_a, x_b, n_b], corrected, plain) in [
            (
                [56.0, 70.0, 48.0, 80.0],
                ["0.0528297132", "0.33817294"],
                ["0.0533338493", "0.337729464"],
            ),
            (
                [9.0, 10.0, 3.0, 10.0],
                ["0.170025016", "0.840649544"],
                ["0.182126499", "0.836950331"],
            ),
            (
                [6.0, 7.0, 2.0, 7.0],
                ["0.0341755451", "0.85340526"],
                ["0.0544483277", "0.847809084"],
            ),
            (
                [5.0, 56.0, 0.0, 29.0],
                ["-0.0325965617", "0.193330977"],
                ["-0.0313270688", "0.192560014"],
            ),
            (
                [0.0, 10.0, 0.0, 20.0],
                ["-0.165760228", "0.28438134"],
                ["-0.161125158", "0.2775328"],
            ),
            (
                [0.0, 10.0, 0.0, 10.0],
                ["-0.287933941", "0.287933941"],
                ["-0.2775328", "0.2775328"],
            ),
            ([10.0, 10.0, 0.0, 20.0], ["0.71561866", "1"], ["0.7224672", "1"]),
            ([10.0, 10.0, 0.0, 10.0], ["0.663641552", "1"], ["0.677749684", "1"]),
            (
                [7.0, 34.0, 1.0, 34.0],
                ["0.0270416266", "0.345291217"],
                ["0.028370508", "0.343939922"],
            ),
            (
                [2.0, 10.0, 15.0, 25.0],
                ["-0.646472099", "-0.028635424"],
                ["-0.643785152", "-0.0341319424"],
            ),
            (
                [555.0, 1181.0, 667.0, 1390.0],
                ["-0.0485966326", "0.0288201118"],
                ["-0.0485891259", "0.0288125841"],
            ),
            (
                [170.0, 390.0, 412.0, 797.0],
                ["-0.140690235", "-0.0205013334"],
                ["-0.140665408", "-0.0205269038"],
            ),
        ] {
            let (a, b) = (sample(x_a, n_a), sample(x_b, n_b));
            for (correction, [lower, upper]) in [(Correction::MiettinenNurminen, corrected), (Correction::None, plain)]
            {
                let got = interval(a, b, z_for(0.95), correction);
                agrees(got.lower, lower, 9);
                agrees(got.upper, upper, 9);
            }
        }
    }

    #[test]
    fn equivalence_tests_within_five_points() {
        // Columns: without the factor (Farrington-Manning), then Miettinen-Nurminen: Z at -0.05, Z at +0.05, the larger p.
        for ([x_a, n_a, x_b, n_b], plain, corrected) in [
            (
                [480.0, 1000.0, 500.0, 1000.0],
                ["1.343588793", "-3.135035546", "0.0895406978"],
                ["1.343252853", "-3.134251689", "0.08959505635"],
            ),
            (
                [450.0, 1000.0, 500.0, 1000.0],
                ["0", "-4.483246877", "0.5"],
                ["0", "-4.482125925", "0.5"],
            ),
            (
                [555.0, 1181.0, 667.0, 1390.0],
                ["2.03163268", "-3.034281322", "0.02109542787"],
                ["2.031237536", "-3.033691168", "0.02111545218"],
            ),
            (
                [3719.0, 4222.0, 5806.0, 6497.0],
                ["5.706532074", "-10.31053168", "5.765059404e-09"],
                ["5.70626588", "-10.31005072", "5.774078125e-09"],
            ),
        ] {
            let (a, b) = (sample(x_a, n_a), sample(x_b, n_b));
            for (correction, [low, high, p]) in [(Correction::None, plain), (Correction::MiettinenNurminen, corrected)]
            {
                let at = |bound: f64| score_z(a, b, bound, correction);
                agrees(at(-0.05), low, 10);
                agrees(at(0.05), high, 10);
                agrees(OneSided::of(at(-0.05)).above.max(OneSided::of(at(0.05)).below), p, 10);
            }
        }
    }

    #[test]
    fn no_variance_at_the_bound() {
        let (none, all) = (sample(0.0, 10.0), sample(10.0, 10.0));
        let some = sample(4.0, 10.0);
        for correction in [Correction::None, Correction::MiettinenNurminen] {
            assert_eq!(score_z(none, none, 0.0, correction), 0.0);
            assert_eq!(score_z(all, all, 0.0, correction), 0.0);
            assert_eq!(score_z(all, none, 1.0, correction), 0.0);
            assert_eq!(score_z(some, none, 1.0, correction), f64::NEG_INFINITY);
            assert_eq!(score_z(some, none, -1.0, correction), f64::INFINITY);
        }
    }
}
