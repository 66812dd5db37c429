//! This module is how sure it is that something which no unit showed is rare: a share of 0 has no error of its own, and a
//! ratio of 0 no logarithm, but so many units without any say much.

use crate::inference::Interval;
use crate::inference::estimate::{Estimate, FEWEST_BUCKETS, Scale, Spread};

/// The method of such an interval.
pub(super) const METHOD: &str = "none shown";

/// The degrees of freedom of a tail that falls off no faster than exponentially, up to what is ever asked of it.
const FREEDOM: f64 = 8.0;
/// The 97.5 % quantile of Student's t with so many.
const QUANTILE: f64 = 2.306_004_135_204_166;

/// The largest share of units that could have it, where none of so many has: 1 - 0.025^(1/m), the exact binomial limit
/// of 97.5 % confidence (Clopper and Pearson 1934 for 0 of m; about 3.7 / m, as the rule of three is 3 / m at 95 %).
pub(super) fn limit(units: usize) -> f64 {
    1.0 - 0.025f64.powf(1.0 / units.max(1) as f64)
}

/// A value that is 0 as none of so many units showed anything of it; `per_share` is what it would be if all did.
///
/// Had a share q of all units shown some of it, none of m would have with the chance (1 - q)^m. So q is at most
/// [`limit`], and the value at most that part of what it is where all of every unit is of it. From there chances fall off
/// exponentially, as 0.025^x at x times the limit; Student's t with 8 degrees of freedom falls off more slowly, from the
/// limit on, so that nothing is claimed that this argument does not give.
pub(super) fn shown(units: usize, per_share: f64) -> Estimate {
    estimate(0.0, Scale::Linear, units, per_share)
}

/// The ratio to what none of so many units showed: it has no value, but is at least 1 over what the inverse is at most.
pub(super) fn against(units: usize, per_share: f64) -> Estimate {
    estimate(f64::INFINITY, Scale::Inverse, units, per_share)
}

fn estimate(point: f64, scale: Scale, units: usize, per_share: f64) -> Estimate {
    if units < FEWEST_BUCKETS {
        let why = format!("the data come from {units} different units or fewer, too few to know how sure it is");
        return Estimate::bare(point, scale, why);
    }
    let reach = limit(units) * per_share;
    if !reach.is_finite() {
        return Estimate::bare(point, scale, "the other value is as good as 0 itself");
    }
    Estimate {
        point,
        scale,
        spread: Ok(Spread {
            se: reach / QUANTILE,
            freedom: FREEDOM,
        }),
        method: METHOD,
    }
}

/// The least that the share of another group is with 97.5 % confidence, of which `units` units are known. Where all of
/// them have the same share, there is no interval, but few others can have another.
pub(super) fn least(of: &Estimate, units: usize) -> f64 {
    match of.interval(0.95) {
        Some(Interval { lower, .. }) => lower.max(0.0),
        None => of.point * (1.0 - limit(units)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::estimate::cdf;

    /// The tail that stands in for (1 - q)^m claims no more, from the limit on to where nothing is asked of it.
    #[test]
    fn the_tail_is_never_too_light() {
        let tail = |times: f64| cdf(-times * QUANTILE, FREEDOM);
        assert!((tail(1.0) - 0.025).abs() < 1e-9);
        for step in 10..100 {
            let times = f64::from(step) / 10.0;
            assert!(tail(times) >= 0.025f64.powf(times) * (1.0 - 1e-9), "{times}");
        }
    }

    /// scipy 1.17.1: beta.ppf(0.975, 1, m), the upper limit of Clopper and Pearson for 0 of m.
    #[test]
    fn the_limit_is_that_of_clopper_and_pearson() {
        for (units, expected) in [(20, 0.168_433_471), (200, 0.018_275_340), (749, 0.004_912_964)] {
            assert!((limit(units) - expected).abs() < 5e-9, "{units}: {}", limit(units));
        }
    }

    #[test]
    fn both_directions_agree() {
        let (zero, inverse) = (shown(100, 2.0), against(100, 2.0));
        let most = limit(100) * 2.0;
        let interval = zero.interval(0.95).unwrap();
        assert!((interval.upper - most).abs() < 1e-9);
        let interval = inverse.interval(0.95).unwrap();
        assert!((interval.lower * most - 1.0).abs() < 1e-8, "{interval:?}");
        assert!(interval.upper.is_infinite());
        // Within 0.8 and its inverse, both ask the same.
        let (below, above) = (
            zero.one_sided(0.8).unwrap().below,
            inverse.one_sided(1.25).unwrap().above,
        );
        assert!((below - above).abs() < 1e-15 && below < 1e-6, "{below} {above}");
        assert!(zero.one_sided(0.8).unwrap().above > 0.999);
        assert!(inverse.one_sided(0.8).unwrap().above < 1e-6);
    }

    #[test]
    fn a_few_units_say_nothing() {
        assert!(shown(19, 1.0).spread.is_err() && against(19, 1.0).spread.is_err());
    }
}
