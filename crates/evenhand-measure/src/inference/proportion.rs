//! Intervals of one rate.
//!
//! Each takes its confidence through `z`: the error rate is `alpha = 2 (1 - Phi(z))`, half of it on either side. Each
//! is within [0, 1] and contains the rate. Counts may be fractions, as the effective counts of weighted data are: the
//! binomial tails are then the incomplete beta integrals that they equal at whole counts.

use super::beta::{Odds, Tail, tail};
use super::{Interval, Sample, Side, normal::usable, normal_sf};

/// The Wilson (1927) score interval of one rate, within [0, 1].
///
/// `(p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)`. The lower end is exactly 0 when nothing succeeded and
/// the upper end exactly 1 when everything did. An infinite or NaN `z` gives [0, 1], a negative one counts as 0.
///
/// The lower end is computed from the product of the two ends, `(x^2/n) / (n + z^2)`: their difference form cancels
/// when the rate is small.
pub fn wilson(sample: Sample, z: f64) -> Interval {
    let z = usable(z);
    if z.is_infinite() {
        return Interval { lower: 0.0, upper: 1.0 };
    }
    let Sample {
        successes: x,
        trials: n,
    } = sample;
    let reach = x + z * z / 2.0 + z * (x * (sample.failures() / n) + z * z / 4.0).sqrt();
    let lower = if x == 0.0 { 0.0 } else { x * (x / n) / reach };
    let upper = if sample.failures() == 0.0 {
        1.0
    } else {
        (reach / (n + z * z)).min(1.0)
    };
    // Rounding must not put an end past the rate.
    Interval {
        lower: lower.min(sample.rate()),
        upper: upper.max(sample.rate()),
    }
}

/// The Clopper-Pearson (1934) interval of one rate: every rate that neither exact binomial test rejects.
///
/// The lower end solves `P(X >= x) = alpha/2`, the upper end `P(X <= x) = alpha/2`. It never covers less often than it
/// says, and mostly more often. The lower end is 0 when nothing succeeded, the upper end 1 when everything did. A `z`
/// above 38, whose tail no number can hold, gives [0, 1].
pub fn clopper_pearson(sample: Sample, z: f64) -> Interval {
    invert(sample, z, |at, side| as_far(sample, at, side))
}

/// The mid-p interval of one rate: Clopper-Pearson's with half the probability of the observed count in each tail.
///
/// The lower end solves `P(X > x) + P(X = x)/2 = alpha/2`, the upper end `P(X < x) + P(X = x)/2 = alpha/2` (Lancaster
/// 1961; Berry & Armitage 1995). It covers as often as it says on average, not always. The ends at 0 and 1 and a
/// large `z` are as with [`clopper_pearson`].
pub fn mid_p(sample: Sample, z: f64) -> Interval {
    let (successes, failures) = (sample.successes, sample.failures());
    invert(sample, z, |at, side| {
        let whole = as_far(sample, at, side);
        // The slope of P(X >= x) is x q P(X = x), that of P(X <= x) is -(n - x) p P(X = x).
        let ln_point = whole.ln_slope
            - match side {
                Side::Below => (successes * at.q).ln(),
                Side::Above => (failures * at.p).ln(),
            };
        // P(X = x) itself changes by x q - (n - x) p of itself; half of that makes both slopes alike.
        Tail {
            ln_value: whole.ln_value + (-(ln_point - whole.ln_value).exp().min(1.0) / 2.0).ln_1p(),
            ln_slope: ln_point + ((successes * at.q + failures * at.p) / 2.0).ln(),
        }
    })
}

/// The Jeffreys interval of one rate: the central credible interval of Beta(x + 1/2, n - x + 1/2), the posterior of
/// Jeffreys' prior, with lower end 0 when nothing succeeded and upper end 1 when everything did (Brown, Cai &
/// DasGupta 2001, section 4.1.2).
///
/// The rate itself may lie outside the credible interval when fewer than one trial succeeded or failed, which only
/// effective counts can do, or `z` is small: the end next to it is then moved to the rate. A large `z` is as with
/// [`clopper_pearson`].
pub fn jeffreys(sample: Sample, z: f64) -> Interval {
    let (a, b) = (sample.successes + 0.5, sample.failures() + 0.5);
    invert(sample, z, |at, side| tail(a, b, at, side))
}

/// The probability of a count at least as far out as the observed one: `P(X >= x)`, which is the tail of
/// Beta(x, n - x + 1) below p, or `P(X <= x)`, the tail of Beta(x + 1, n - x) above it.
fn as_far(sample: Sample, at: Odds, side: Side) -> Tail {
    let (successes, failures) = (sample.successes, sample.failures());
    match side {
        Side::Below => tail(successes, failures + 1.0, at, side),
        Side::Above => tail(successes + 1.0, failures, at, side),
    }
}

/// The interval whose lower end has a tail of alpha/2 below it, and the upper end one above it.
fn invert(sample: Sample, z: f64, tail: impl Fn(Odds, Side) -> Tail) -> Interval {
    let z = usable(z);
    let ln_target = normal_sf(z).ln();
    // Wilson's ends are near the solution, and inside (0, 1) unless z is 0.
    let near = wilson(sample, z.max(0.5));
    let opposite = wilson(sample.reflected(), z.max(0.5));
    let lower = if sample.successes == 0.0 {
        0.0
    } else {
        let start = Odds {
            p: near.lower,
            q: opposite.upper,
        };
        solve(&tail, Side::Below, start, ln_target)
    };
    let upper = if sample.failures() == 0.0 {
        1.0
    } else {
        let start = Odds {
            p: near.upper,
            q: opposite.lower,
        };
        solve(&tail, Side::Above, start, ln_target)
    };
    // Rounding must not put an end past the rate.
    Interval {
        lower: lower.min(sample.rate()),
        upper: upper.max(sample.rate()),
    }
}

/// The probability at which the tail on one side has the logarithm `ln_target`.
///
/// The logarithm of the tail is concave in the log-odds, so Newton's steps close in from one side; a bracket makes sure.
fn solve(tail: &impl Fn(Odds, Side) -> Tail, side: Side, start: Odds, ln_target: f64) -> f64 {
    let sign = if side == Side::Below { 1.0 } else { -1.0 };
    if ln_target == f64::NEG_INFINITY {
        return (1.0 - sign) / 2.0;
    }
    let mut odds = start;
    // How far below and above the present log-odds the solution may be.
    let (mut down, mut up) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..200 {
        // Nearer to 0 or 1 than numbers go.
        if odds.p <= 0.0 || odds.q <= 0.0 {
            break;
        }
        let Tail { ln_value, ln_slope } = tail(odds, side);
        let excess = sign * (ln_value - ln_target);
        if excess > 0.0 {
            up = 0.0;
        } else {
            down = 0.0;
        }
        let newton = -excess * (ln_value - ln_slope).exp();
        let step = if newton > -down && newton < up {
            newton
        } else if excess == 0.0 {
            break;
        } else if down + up < f64::INFINITY {
            (up - down) / 2.0
        } else {
            -excess.signum()
        };
        odds = odds.moved(step);
        (down, up) = (down + step, up - step);
        // Newton's error after this step is of the order of the square.
        if step == newton && excess.abs() < 1e-8 {
            break;
        }
    }
    odds.p
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agrees, sample};
    use super::super::z_for;
    use super::*;

    #[test]
    fn published_and_recomputed_intervals() {
        // 15/148, 0/20, 1/29 and 81/263 are those of Newcombe 1998, who prints four decimals.
        for (x, n, [lower, upper]) in [
            (81.0, 263.0, ["0.25528852", "0.366209577"]),
            (15.0, 148.0, ["0.0623863995", "0.160487242"]),
            (0.0, 20.0, ["0", "0.161125158"]),
            (1.0, 29.0, ["0.00611321429", "0.171755219"]),
            (100.0, 200.0, ["0.43136086", "0.56863914"]),
            (37.0, 43.0, ["0.72736412", "0.934442766"]),
            (20.0, 20.0, ["0.838874842", "1"]),
            (5.0, 10.0, ["0.236593091", "0.763406909"]),
        ] {
            let got = wilson(sample(x, n), z_for(0.95));
            agrees(got.lower, lower, 9);
            agrees(got.upper, upper, 9);
        }
    }

    #[test]
    fn exact_intervals_as_published_and_recomputed() {
        // Newcombe 1998a prints four decimals of 15/148, 0/20 and 1/29; 100/200 is in the tests of R's DescTools.
        // Columns: Clopper-Pearson, mid-p, Jeffreys.
        for (x, n, ends) in [
            (
                81.0,
                263.0,
                [
                    ["0.252736746", "0.367621923"],
                    ["0.254402105", "0.365773474"],
                    ["0.254521935", "0.365647499"],
                ],
            ),
            (
                15.0,
                148.0,
                [
                    ["0.0578440101", "0.16165049"],
                    ["0.0600636027", "0.158121733"],
                    ["0.060448517", "0.157643143"],
                ],
            ),
            (
                0.0,
                20.0,
                [["0", "0.168433471"], ["0", "0.139108341"], ["0", "0.116638983"]],
            ),
            (
                1.0,
                29.0,
                [
                    ["0.000872646884", "0.177644295"],
                    ["0.00172477011", "0.158537384"],
                    ["0.00374617365", "0.150077686"],
                ],
            ),
            (
                100.0,
                200.0,
                [
                    ["0.428658431", "0.571341569"],
                    ["0.430950931", "0.569049069"],
                    ["0.431121688", "0.568878312"],
                ],
            ),
            (
                37.0,
                43.0,
                [
                    ["0.7206752", "0.947023426"],
                    ["0.73221091", "0.941448091"],
                    ["0.734811014", "0.939592694"],
                ],
            ),
            (
                20.0,
                20.0,
                [["0.831566529", "1"], ["0.860891659", "1"], ["0.883361017", "1"]],
            ),
            (
                5.0,
                10.0,
                [
                    ["0.187086028", "0.812913972"],
                    ["0.212008507", "0.787991493"],
                    ["0.22352867", "0.77647133"],
                ],
            ),
        ] {
            for (method, [lower, upper]) in [clopper_pearson, mid_p, jeffreys].iter().zip(ends) {
                let got = method(sample(x, n), z_for(0.95));
                agrees(got.lower, lower, 9);
                agrees(got.upper, upper, 9);
            }
        }
        // Without a success Jeffreys' upper end is a quantile of Beta(1/2, 20.5), but the lower end is 0: statsmodels
        // 0.15 returns 2.4246e-05, which leaves out the observed rate.
        assert_eq!(jeffreys(sample(0.0, 20.0), z_for(0.95)).lower, 0.0);
    }

    /// `P(X = 0), ..., P(X = n)` for a small n.
    fn binomial(n: u32, p: f64) -> Vec<f64> {
        let mut choose = 1.0;
        (0..=n)
            .map(|k| {
                let probability = choose * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32);
                choose *= f64::from(n - k) / f64::from(k + 1);
                probability
            })
            .collect()
    }

    #[test]
    fn the_ends_leave_half_of_alpha_in_the_summed_tails() {
        // 1e-9: an upper end near 1 is exact to 1e-16 only, and 1 - p may be as small as 1e-6.
        for n in [1u32, 2, 3, 9, 30] {
            for x in 0..=n {
                for z in [0.3, 1.0, 1.959963984540054, 4.0] {
                    let alpha = normal_sf(z);
                    let at = sample(f64::from(x), f64::from(n));
                    let index = x as usize;
                    let over = |p: f64| binomial(n, p)[index + 1..].iter().sum::<f64>();
                    let under = |p: f64| binomial(n, p)[..index].iter().sum::<f64>();
                    let here = |p: f64| binomial(n, p)[index];
                    let near = |got: f64| assert!((got / alpha - 1.0).abs() < 1e-9, "{x}/{n} {z}: {got} {alpha}");
                    for (method, share) in [(clopper_pearson as fn(Sample, f64) -> Interval, 1.0), (mid_p, 0.5)] {
                        let got = method(at, z);
                        if x > 0 {
                            near(over(got.lower) + share * here(got.lower));
                        }
                        if x < n {
                            near(under(got.upper) + share * here(got.upper));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn exact_intervals_of_extreme_samples() {
        let z = z_for(0.95);
        // No success: powers. 1 - 0.025^(1/n), and twice the tail for mid-p.
        for n in [0.125, 1.0, 1e6, 1e15] {
            let none = sample(0.0, n);
            for (got, tail) in [(clopper_pearson(none, z), 0.025f64), (mid_p(none, z), 0.05)] {
                let expected = -(tail.ln() / n).exp_m1();
                assert_eq!(got.lower, 0.0);
                assert!((got.upper / expected - 1.0).abs() < 1e-13, "{n} {got:?} {expected}");
            }
        }
        // One success in 1e15: the Poisson interval, 0.0253178 to 5.5716434 (Garwood 1936).
        let got = clopper_pearson(sample(1.0, 1e15), z);
        agrees(got.lower * 1e15, "0.0253178", 6);
        agrees(got.upper * 1e15, "5.5716434", 8);
        // Half of 1e15: all methods agree with Wilson's to a millionth of its width.
        let half = sample(5e14, 1e15);
        let wilson = wilson(half, z);
        for method in [clopper_pearson, mid_p, jeffreys] {
            let got = method(half, z);
            let width = wilson.upper - wilson.lower;
            assert!((got.lower - wilson.lower).abs() < 1e-6 * width, "{got:?} {wilson:?}");
            assert!((got.upper - wilson.upper).abs() < 1e-6 * width, "{got:?} {wilson:?}");
        }
        // A tail of 6e-300: lower^10 is that.
        let got = clopper_pearson(sample(10.0, 10.0), 37.0);
        assert!((got.lower / normal_sf(37.0).powf(0.1) - 1.0).abs() < 1e-12, "{got:?}");
        for method in [clopper_pearson, mid_p, jeffreys] {
            for z in [40.0, f64::INFINITY, f64::NAN] {
                assert_eq!(method(sample(3.0, 7.0), z), Interval { lower: 0.0, upper: 1.0 });
            }
        }
    }

    #[test]
    fn the_ends_are_exact() {
        for n in [1.0, 20.0, 1e15] {
            assert_eq!(wilson(sample(0.0, n), 1.96).lower, 0.0);
            assert_eq!(wilson(sample(n, n), 1.96).upper, 1.0);
        }
        // n = 1e15 and no success: the upper end is z^2 / (n + z^2), to its last digits.
        let upper = wilson(sample(0.0, 1e15), 2.0).upper;
        assert!((upper / (4.0 / (1e15 + 4.0)) - 1.0).abs() < 1e-15);
        assert_eq!(
            wilson(sample(3.0, 7.0), f64::INFINITY),
            Interval { lower: 0.0, upper: 1.0 }
        );
        assert_eq!(wilson(sample(0.0, 7.0), 0.0), Interval { lower: 0.0, upper: 0.0 });
        assert_eq!(wilson(sample(7.0, 7.0), 0.0), Interval { lower: 1.0, upper: 1.0 });
    }
}
