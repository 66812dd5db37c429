//! Intervals of a difference and of a ratio of two rates from the Wilson interval of each rate.
//!
//! The distance from the estimate to an end is recovered from the two distances that matter for it ("method of
//! variance estimates recovery", Zou & Donner 2008). The lower end of `p_a - f p_b` is reached where group a is as far
//! below its rate, and group b as far above its own, as Wilson allows:
//!
//! `p_a - f p_b - d = sqrt((p_a - l_a)^2 + f^2 (u_b - p_b)^2)`
//!
//! With f = 1 this is Newcombe's (1998) hybrid score interval of the difference d, his method 10; with d = 0 it is the
//! interval of the ratio f by Donner & Zou (2012). The test of a bound is the z at which the end touches the bound, so
//! that interval and p-value agree.

use super::score::{Contrast, root};
use super::{Interval, Sample, difference, normal::usable, ratio};

/// Newcombe's (1998) hybrid score interval of `p_a - p_b`, method 10, within [-1, 1].
///
/// `D - sqrt((p_a - l_a)^2 + (u_b - p_b)^2)` to `D + sqrt((u_a - p_a)^2 + (p_b - l_b)^2)`, l and u being Wilson's ends.
/// It contains the observed difference and is always defined. NaN for `z` counts as +infinity, a negative `z` as 0.
pub fn newcombe_interval(a: Sample, b: Sample, z: f64) -> Option<Interval> {
    let z = usable(z);
    let point = a.rate() - b.rate();
    Some(Interval {
        lower: (point - below(a, z).hypot(above(b, z))).max(-1.0),
        upper: (point + above(a, z).hypot(below(b, z))).min(1.0),
    })
}

/// The z at which an end of Newcombe's interval is `delta`: positive when the observed difference is above `delta`.
///
/// `delta` beyond [-1, 1] is moved to the nearer end. +-infinity where no z takes the interval there: with p_a = 1 and
/// p_b = 0 it never reaches below 1 - sqrt(2). `None` if `delta` is no number.
pub fn newcombe_z(a: Sample, b: Sample, delta: f64) -> Option<f64> {
    (!delta.is_nan()).then(|| touching(a, b, (1.0, 1.0), &difference::contrast(a, b, delta)))
}

/// The interval of `p_a / p_b` by Donner & Zou (2012) from Wilson's ends (MOVER-R).
///
/// `(p_a p_b -+ sqrt((p_a p_b)^2 - e_a (2 p_a - e_a) o_b (2 p_b - o_b))) / (o_b (2 p_b - o_b))`, with the ends
/// `e_a = l_a`, `o_b = u_b` for the lower and `e_a = u_a`, `o_b = l_b` for the upper. The lower end is 0 when group a
/// has no success, the upper end +infinity when group b has none, so it is always defined; (0, +infinity) holds no
/// information. NaN for `z` counts as +infinity, a negative `z` as 0.
pub fn ratio_interval(a: Sample, b: Sample, z: f64) -> Option<Interval> {
    let z = usable(z);
    let (p_a, p_b) = (a.rate(), b.rate());
    // e (2 p - e) is p^2 - (p - e)^2; multiplying the fraction out keeps the digits where 2 p_b is near u_b.
    let kept_a = remainder(a, z);
    let spread = (above(b, z) * kept_a.sqrt()).hypot(p_b * below(a, z));
    let lower = if kept_a == 0.0 {
        0.0
    } else {
        kept_a / (p_a * p_b + spread)
    };
    let kept_b = remainder(b, z);
    let spread = (below(b, z) * p_a).hypot(above(a, z) * kept_b.sqrt());
    let upper = if kept_b == 0.0 {
        f64::INFINITY
    } else {
        (p_a * p_b + spread) / kept_b
    };
    // Rounding must not put an end past the observed ratio.
    let point = (b.successes > 0.0).then_some(p_a / p_b);
    Some(Interval {
        lower: point.map_or(lower, |point| lower.min(point)),
        upper: point.map_or(upper, |point| upper.max(point)),
    })
}

/// The z at which an end of the MOVER-R interval is `bound`: positive when the observed ratio is above it.
///
/// `bound` must be a number above 0; anything else is moved to the nearest such number. 0 when neither group has a
/// success: nothing speaks for either side. `None` if `bound` is no number.
pub fn ratio_z(a: Sample, b: Sample, bound: f64) -> Option<f64> {
    (!bound.is_nan()).then(|| touching(a, b, ratio::weights(bound), &ratio::contrast(a, b, bound)))
}

/// How far Wilson's lower end is below the rate p: `z (sqrt(p q/n + z^2/4n^2) - z (q - p)/2n) / (1 + z^2/n)`, with the
/// difference multiplied out where it cancels.
fn below(sample: Sample, z: f64) -> f64 {
    let (p, q, n) = (sample.rate(), sample.reflected().rate(), sample.trials);
    if z.is_infinite() {
        return p;
    }
    let half = z * (q - p) / (2.0 * n);
    let root = (p * q / n).sqrt().hypot(z / (2.0 * n));
    let stretch = 1.0 + z * z / n;
    let distance = if half > 0.0 {
        z * (p * q / n) / (root + half)
    } else {
        z * (root - half) / stretch
    };
    distance.min(p)
}

/// How far Wilson's upper end is above the rate.
fn above(sample: Sample, z: f64) -> f64 {
    below(sample.reflected(), z)
}

/// `l (2 p - l)`, l being Wilson's lower end: what is left of `p^2` when the square of the distance is taken off.
fn remainder(sample: Sample, z: f64) -> f64 {
    let lower = super::wilson(sample, z).lower;
    lower * (2.0 * sample.rate() - lower)
}

/// The signed z at which the two distances, combined, are as large as the observed contrast.
fn touching(a: Sample, b: Sample, (weight_a, weight_b): (f64, f64), contrast: &Contrast) -> f64 {
    let effect = contrast.effect;
    if effect == 0.0 {
        return 0.0;
    }
    let excess = |z: f64| {
        let (distance_a, distance_b) = if effect > 0.0 {
            (below(a, z), above(b, z))
        } else {
            (above(a, z), below(b, z))
        };
        (weight_a * distance_a).hypot(weight_b * distance_b) - effect.abs()
    };
    effect.signum() * rising_root(excess)
}

/// The zero of a function that rises with z from a negative value at 0; +infinity if it is not reached.
fn rising_root(excess: impl Fn(f64) -> f64) -> f64 {
    // Doubling up to 1e100: a tail of 1e-300 needs z = 37 and a gap of 1/2 at 1e15 trials z = 3e7, but the distances
    // approach their limits so slowly that bounds next to a limit need any z. Far above that squares would overflow.
    let (mut near, mut far) = (0.0, 1.0);
    while excess(far) < 0.0 {
        if far > 1e100 {
            return f64::INFINITY;
        }
        (near, far) = (far, 2.0 * far);
    }
    root(near, far, f64::MIN_POSITIVE, excess)
}

#[cfg(test)]
mod tests;
