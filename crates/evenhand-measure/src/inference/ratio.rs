//! The ratio of two rates, `p_a / p_b`: its score test and interval.

use super::score::{Contrast, Rates, root};
use super::{Correction, Interval, Sample, normal::usable};

/// The score statistic of `p_a / p_b` against the bound `ratio`; positive when the observed ratio is above it.
///
/// `Z = (p_a - f p_b) / sqrt(p~_a (1 - p~_a)/n_a + f^2 p~_b (1 - p~_b)/n_b)`, the variance being at the
/// maximum-likelihood rates with `p~_a = f p~_b` (Koopman 1984; Miettinen & Nurminen 1985). It falls as `f` rises.
///
/// `ratio` must be a number above 0; anything else is moved to the nearest such number. Where the variance is 0 (no
/// success in either group; or successes only, at a ratio of 1) the estimate is on the bound and Z is 0.
pub fn score_z(a: Sample, b: Sample, ratio: f64, correction: Correction) -> f64 {
    contrast(a, b, ratio).z(correction)
}

/// The score interval of `p_a / p_b`: every ratio whose `|score_z|` is at most `z`.
///
/// The lower end is 0 when group a has no success, the upper end +infinity when group b has none: (0, +infinity)
/// holds no information. It contains the observed ratio wherever there is one. NaN for `z` counts as +infinity, a
/// negative `z` as 0.
pub fn interval(a: Sample, b: Sample, z: f64, correction: Correction) -> Interval {
    let z = usable(z);
    let none_a = a.successes == 0.0;
    let none_b = b.successes == 0.0;
    // The search starts at the observed ratio, or at 1 if that is 0 or infinite.
    let start = if none_a || none_b { 1.0 } else { a.rate() / b.rate() };
    let end = |target: f64, away: f64, limit: f64| {
        let excess = |step: f64| score_z(a, b, start * step.exp(), correction) - target;
        solve(&excess, away).map_or(limit, |step| start * step.exp())
    };
    let lower = if none_a { 0.0 } else { end(z, -1.0, 0.0) };
    let upper = if none_b {
        f64::INFINITY
    } else {
        end(-z, 1.0, f64::INFINITY)
    };
    // Rounding must not put an end past the observed ratio.
    let low_cap = if none_b { f64::INFINITY } else { a.rate() / b.rate() };
    Interval {
        lower: lower.min(low_cap),
        upper: if none_b { upper } else { upper.max(low_cap) },
    }
}

/// The zero of a falling function of the logarithmic step, looked for from 0 in the direction `away` first. `None` if
/// there is none within the range of numbers.
fn solve(excess: &impl Fn(f64) -> f64, away: f64) -> Option<f64> {
    let wanted = -away; // the sign that `excess` has beyond the zero
    // At 0 the zero lies the other way only if the search started at 1 for want of an observed ratio.
    let direction = if excess(0.0) * wanted > 0.0 { -away } else { away };
    let far_sign = -direction;
    let (mut near, mut step) = (0.0, direction);
    // exp(+-700) is about the largest and smallest number there is.
    while step.abs() < 700.0 {
        let value = excess(step);
        if value * far_sign >= 0.0 {
            // 1e-17: the ratio itself has a relative precision of 1e-16.
            return Some(root(near, step, 1e-17, excess));
        }
        near = step;
        step *= 2.0;
    }
    None
}

/// The contrast `p_a - f p_b`, divided by f where f is above 1: so that nothing overflows, and exchanging the groups
/// and taking 1/f gives the same numbers with the opposite sign.
pub(super) fn contrast(a: Sample, b: Sample, ratio: f64) -> Contrast {
    let (weight_a, weight_b) = weights(ratio);
    Contrast::new(a, b, (weight_a, weight_b), 0.0, restricted(a, b, weight_a, weight_b))
}

/// The weights of that contrast: 1/f and 1, or 1 and f, so that neither is above 1.
pub(super) fn weights(ratio: f64) -> (f64, f64) {
    let ratio = ratio.clamp(f64::MIN_POSITIVE, f64::MAX);
    (1.0 / ratio.max(1.0), ratio.min(1.0))
}

/// The maximum-likelihood rates with `weight_a p_a = weight_b p_b`.
///
/// The likelihood equation is quadratic. Its usual solution subtracts numbers of size `(n f)^2` that may agree in
/// nearly every digit. With u, v the failures of a and b, C all successes, A = weight_b u, V = weight_a v and
/// c = (weight_b - weight_a) C, the discriminant is `(A + c - V)^2 + 4 A V`, a sum; the rates are
/// `2 weight C / (A + V + (weight_a + weight_b) C + s)`, s its root; and their complements have the numerators
/// `A + V -+ c + s`, multiplied out where the first three terms are negative.
fn restricted(a: Sample, b: Sample, weight_a: f64, weight_b: f64) -> Rates {
    let all = a.successes + b.successes;
    let fail_a = weight_b * a.failures();
    let fail_b = weight_a * b.failures();
    let shift = (weight_b - weight_a) * all;
    let root = (fail_a + shift - fail_b).hypot(2.0 * fail_a.sqrt() * fail_b.sqrt());
    let whole = fail_a + fail_b + (weight_a + weight_b) * all + root;
    let complement = |first: f64, product: f64| {
        if first >= 0.0 {
            first + root
        } else {
            4.0 * product / (root - first)
        }
    };
    Rates {
        p_a: 2.0 * weight_b * all / whole,
        q_a: complement(fail_a + fail_b - shift, fail_a * shift) / whole,
        p_b: 2.0 * weight_a * all / whole,
        q_b: complement(fail_a + fail_b + shift, -fail_b * shift) / whole,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agrees, sample};
    use super::super::{OneSided, z_for};
    use super::*;

    #[test]
    fn published_and_recomputed_intervals() {
        // Columns: Koopman, then Miettinen-Nurminen.
        for ([x_a, n_a, x_b, n_b], plain, corrected) in [
            (
                [7.0, 34.0, 1.0, 34.0],
                ["1.22085285", "42.5757176"],
                ["1.20856798", "43.0329722"],
            ),
            (
                [36.0, 40.0, 16.0, 80.0],
                ["2.93956919", "7.15222343"],
                ["2.93464646", "7.1662983"],
            ),
            (
                [24.0, 73.0, 53.0, 65.0],
                ["0.280072379", "0.559202742"],
                ["0.279687968", "0.559830495"],
            ),
            (
                [29.0, 55.0, 11.0, 11.0],
                ["0.397915444", "0.738923351"],
                ["0.396976582", "0.742179514"],
            ),
            (
                [7.0, 18.0, 1.0, 18.0],
                ["1.31944017", "41.6909486"],
                ["1.29563035", "42.5443178"],
            ),
            (
                [8.0, 15.0, 4.0, 15.0],
                ["0.815013539", "5.33631685"],
                ["0.803366647", "5.42309693"],
            ),
            (
                [6.0, 22.0, 112.0, 842.0],
                ["0.971153801", "3.73832301"],
                ["0.970730606", "3.73938307"],
            ),
            (
                [2.0, 10.0, 15.0, 25.0],
                ["0.0917714577", "0.931836259"],
                ["0.0902158144", "0.942578136"],
            ),
            (
                [555.0, 1181.0, 667.0, 1390.0],
                ["0.902289217", "1.06238358"],
                ["0.902274776", "1.06240036"],
            ),
            (
                [170.0, 390.0, 412.0, 797.0],
                ["0.737242074", "0.958728323"],
                ["0.73719943", "0.958779024"],
            ),
            ([0.0, 20.0, 5.0, 30.0], ["0", "1.0349917"], ["0", "1.0548712"]),
            (
                [48.0, 100.0, 60.0, 100.0],
                ["0.613654522", "1.03424143"],
                ["0.613236077", "1.03490739"],
            ),
            (
                [450.0, 1000.0, 500.0, 1000.0],
                ["0.820378606", "0.98697338"],
                ["0.820359545", "0.986996127"],
            ),
        ] {
            let (a, b) = (sample(x_a, n_a), sample(x_b, n_b));
            for (correction, [lower, upper]) in [(Correction::None, plain), (Correction::MiettinenNurminen, corrected)]
            {
                let got = interval(a, b, z_for(0.95), correction);
                agrees(got.lower, lower, 9);
                agrees(got.upper, upper, 9);
            }
        }
    }

    #[test]
    fn four_fifths_tests() {
        // Columns: the restricted rate of b, Z, 1 - Phi(Z), the 90 % Koopman interval.
        for ([x_a, n_a, x_b, n_b], rate, z, p, [lower, upper]) in [
            (
                [480.0, 1000.0, 500.0, 1000.0],
                "0.539328489",
                "3.978609102",
                "3.465980041e-05",
                ["0.890489973", "1.03482461"],
            ),
            (
                [48.0, 100.0, 60.0, 100.0],
                "0.6",
                "0",
                "0.5",
                ["0.640952973", "0.99249359"],
            ),
            (
                [90.0, 100.0, 95.0, 100.0],
                "0.9678852678",
                "3.173238073",
                "0.0007537442738",
                ["0.878597399", "1.01326642"],
            ),
            (
                [450.0, 1000.0, 500.0, 1000.0],
                "0.5247423775",
                "2.490136237",
                "0.006384706845",
                ["0.832717602", "0.972457341"],
            ),
            (
                [555.0, 1181.0, 667.0, 1390.0],
                "0.5184394399",
                "4.807042078",
                "7.658987974e-07",
                ["0.914294924", "1.0486019"],
            ),
            (
                [170.0, 390.0, 412.0, 797.0],
                "0.523724563",
                "0.7782477064",
                "0.2182114987",
                ["0.753634056", "0.939514646"],
            ),
            (
                [18.0, 20.0, 19.0, 20.0],
                "0.9678852678",
                "1.419115208",
                "0.07793271543",
                ["0.771296141", "1.13654199"],
            ),
            (
                [1065.0, 1337.0, 13142.0, 14461.0],
                "0.910851213",
                "5.649411954",
                "8.049880916e-09",
                ["0.855611051", "0.896168119"],
            ),
        ] {
            let (a, b) = (sample(x_a, n_a), sample(x_b, n_b));
            agrees(restricted(a, b, 1.0, 0.8).p_b, rate, 9);
            let got = score_z(a, b, 0.8, Correction::None);
            agrees(got, z, 10);
            agrees(OneSided::of(got).above, p, 10);
            let got = interval(a, b, z_for(0.90), Correction::None);
            agrees(got.lower, lower, 9);
            agrees(got.upper, upper, 9);
        }
    }

    #[test]
    fn zeros_leave_an_end_open() {
        let (none, some) = (sample(0.0, 10.0), sample(4.0, 10.0));
        for correction in [Correction::None, Correction::MiettinenNurminen] {
            let interval = |a, b| super::interval(a, b, z_for(0.95), correction);
            assert_eq!(
                interval(none, none),
                Interval {
                    lower: 0.0,
                    upper: f64::INFINITY
                }
            );
            assert_eq!(interval(none, some).lower, 0.0);
            assert!(interval(none, some).upper.is_finite());
            assert_eq!(interval(some, none).upper, f64::INFINITY);
            assert!(interval(some, none).lower > 0.0);
        }
    }
}
