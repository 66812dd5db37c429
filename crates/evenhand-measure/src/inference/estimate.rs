//! Estimates that are no share of rows: a point, how sure it is, and what that says about a bound.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::score::OneSided;
use super::{Interval, normal_cdf, normal_sf, z_for};

/// On which scale an estimate's error is symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// That of its logarithm: ratios.
    Log,
    /// Its own: differences and means.
    Linear,
    /// That of what it is the inverse of: ratios to what may be 0, and then have no value but may have a least one.
    Inverse,
}

/// How far an estimate may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The standard error on the estimate's scale; above 0.
    pub se: f64,
    /// The degrees of freedom of Student's t; infinite is the normal distribution.
    pub freedom: f64,
}

/// An estimate.
///
/// ```
/// use evenhand_measure::inference::estimate::{Estimate, Scale};
/// let gap = Estimate::new(0.3, Scale::Linear, 0.1, f64::INFINITY, "welch");
/// let interval = gap.interval(0.95).unwrap();
/// assert!((interval.lower - 0.104).abs() < 1e-3);
/// assert!(gap.one_sided(0.0).unwrap().above < 0.0014);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The value; infinite only on the inverse scale, where it stands for none.
    pub point: f64,
    /// The scale of its error.
    pub scale: Scale,
    /// How sure it is, or why that is not known, as a clause.
    pub spread: Result<Spread, String>,
    /// The method of the interval, in words.
    pub method: &'static str,
}

impl Estimate {
    /// An estimate with a standard error on its scale.
    #[must_use]
    pub fn new(point: f64, scale: Scale, se: f64, freedom: f64, method: &'static str) -> Self {
        let spread = if se > 0.0 && se.is_finite() && freedom > 0.0 {
            Ok(Spread { se, freedom })
        } else {
            Err("these data do not vary, so nothing says how sure it is".to_owned())
        };
        Self {
            point,
            scale,
            spread,
            method,
        }
    }

    /// An estimate of which nobody knows how sure it is.
    #[must_use]
    pub fn bare(point: f64, scale: Scale, why: impl Into<String>) -> Self {
        Self {
            point,
            scale,
            spread: Err(why.into()),
            method: "none",
        }
    }

    fn on_scale(&self, x: f64) -> f64 {
        match self.scale {
            Scale::Log => x.ln(),
            Scale::Linear => x,
            // Rises with the value, as the others do.
            Scale::Inverse => -1.0 / x,
        }
    }

    fn off_scale(&self, x: f64) -> f64 {
        match self.scale {
            Scale::Log => x.exp(),
            Scale::Linear => x,
            Scale::Inverse if x >= 0.0 => f64::INFINITY,
            Scale::Inverse => -1.0 / x,
        }
    }

    /// The interval that holds the true value with this confidence.
    #[must_use]
    pub fn interval(&self, confidence: f64) -> Option<Interval> {
        let spread = self.spread.as_ref().ok()?;
        self.within(spread.quantile(confidence)? * spread.se)
    }

    /// The interval that holds the true value as often as a normal variable lies within `z` standard errors.
    #[must_use]
    pub fn interval_at(&self, z: f64) -> Option<Interval> {
        let spread = self.spread.as_ref().ok()?;
        let errors = if spread.freedom.is_infinite() {
            z
        } else {
            // From the upper tail, whose digits are not lost against 1.
            let t = StudentsT::new(0.0, 1.0, spread.freedom).ok()?;
            Some(-t.inverse_cdf(normal_sf(z))).filter(|t| t.is_finite())?
        };
        self.within(errors * spread.se)
    }

    /// The interval that reaches so far on the estimate's scale.
    fn within(&self, reach: f64) -> Option<Interval> {
        let middle = self.on_scale(self.point);
        let interval = Interval {
            lower: self.off_scale(middle - reach),
            upper: self.off_scale(middle + reach),
        };
        (middle.is_finite() && interval.lower.is_finite()).then_some(interval)
    }

    /// How many standard errors the estimate lies above `bound`.
    #[must_use]
    pub fn distance(&self, bound: f64) -> Option<f64> {
        let spread = self.spread.as_ref().ok()?;
        let distance = (self.on_scale(self.point) - self.on_scale(bound)) / spread.se;
        (!distance.is_nan()).then_some(distance)
    }

    /// Both one-sided p-values against `bound`: they agree with the interval.
    #[must_use]
    pub fn one_sided(&self, bound: f64) -> Option<OneSided> {
        let t = self.distance(bound)?;
        let freedom = self.spread.as_ref().ok()?.freedom;
        Some(OneSided {
            below: cdf(t, freedom),
            above: cdf(-t, freedom),
        })
    }

    /// The value that lies so many standard errors above `bound`.
    #[must_use]
    pub fn beyond(&self, bound: f64, errors: f64) -> Option<f64> {
        let spread = self.spread.as_ref().ok()?;
        let value = self.off_scale(self.on_scale(bound) + errors * spread.se);
        value.is_finite().then_some(value)
    }
}

impl Spread {
    /// The quantile of a two-sided interval of this confidence.
    fn quantile(&self, confidence: f64) -> Option<f64> {
        if self.freedom.is_infinite() {
            return Some(z_for(confidence));
        }
        let t = StudentsT::new(0.0, 1.0, self.freedom).ok()?;
        Some(t.inverse_cdf(f64::midpoint(1.0, confidence))).filter(|t| t.is_finite())
    }
}

/// The share of Student's t below `t`.
#[must_use]
pub fn cdf(t: f64, freedom: f64) -> f64 {
    match (freedom.is_infinite(), StudentsT::new(0.0, 1.0, freedom)) {
        (false, Ok(student)) if t < 0.0 => student.cdf(t),
        // The complement of what is close to 1 has lost its digits.
        (false, Ok(student)) => 1.0 - student.cdf(-t),
        _ if t < 0.0 => normal_sf(-t),
        _ => normal_cdf(t),
    }
}

/// Fewer buckets than this say little about how much they differ.
pub const FEWEST_BUCKETS: usize = 20;

/// The standard error of a function of sums over units that repeat, by the delete-a-bucket jackknife (Efron and Stein
/// 1981; Wolter 2007, section 4.2): the function without each bucket in turn. `parts` are the sums of each bucket, and
/// add up to `whole`.
///
/// ```
/// use evenhand_measure::inference::estimate::jackknife;
/// // The mean of 20 units: its standard error is the usual one.
/// let parts: Vec<Vec<f64>> = (0..20).map(|x| vec![f64::from(x), 1.0]).collect();
/// let spread = jackknife(&[190.0, 20.0], &parts, |sums| Some(sums[0] / sums[1])).unwrap();
/// assert!((spread.se - (35.0f64 / 20.0).sqrt()).abs() < 1e-12);
/// assert_eq!(spread.freedom, 19.0);
/// ```
///
/// # Errors
/// Why there is none: fewer than [`FEWEST_BUCKETS`] buckets, or the function has no value without one of them.
pub fn jackknife(
    whole: &[f64],
    parts: &[Vec<f64>],
    function: impl Fn(&[f64]) -> Option<f64>,
) -> Result<Spread, String> {
    let without = parts.iter().map(|part| {
        let rest: Vec<f64> = whole.iter().zip(part).map(|(all, one)| all - one).collect();
        function(&rest)
    });
    jackknife_of(without)
}

/// That there are too few buckets, as a clause.
pub(crate) fn too_few(buckets: usize) -> String {
    let unit = if buckets == 1 { "unit" } else { "units" };
    format!(
        "the data come from {buckets} different {unit}, such as users: too few to know how sure it is, where \
         {FEWEST_BUCKETS} are the fewest"
    )
}

/// The same from the function's values, each without another bucket.
///
/// # Errors
/// As [`jackknife`].
pub fn jackknife_of(without: impl IntoIterator<Item = Option<f64>>) -> Result<Spread, String> {
    let without: Vec<Option<f64>> = without.into_iter().collect();
    let buckets = without.len();
    if buckets < FEWEST_BUCKETS {
        return Err(too_few(buckets));
    }
    let mut values = Vec::with_capacity(buckets);
    for value in without {
        match value.filter(|value| value.is_finite()) {
            Some(value) => values.push(value),
            None => return Err("it rests on so few units that it has no value without some of them".to_owned()),
        }
    }
    let m = buckets as f64;
    let mean = values.iter().sum::<f64>() / m;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let se = ((m - 1.0) / m * squares).sqrt();
    // Differences of rounding alone are no variance.
    let is_noise = se <= 1e-12 * mean.abs().max(f64::MIN_POSITIVE);
    if is_noise {
        return Err("the data are the same in all units, so nothing says how sure it is".to_owned());
    }
    Ok(Spread { se, freedom: m - 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_and_test_agree() {
        for freedom in [3.0, 19.0, f64::INFINITY] {
            for (point, scale) in [(1.3, Scale::Log), (0.3, Scale::Linear)] {
                let estimate = Estimate::new(point, scale, 0.1, freedom, "x");
                let interval = estimate.interval(0.95).unwrap();
                // 1e-9: the quantile of t is searched for.
                assert!((estimate.one_sided(interval.lower).unwrap().above - 0.025).abs() < 1e-9);
                assert!((estimate.one_sided(interval.upper).unwrap().below - 0.025).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn what_does_not_vary_has_no_interval() {
        assert!(
            Estimate::new(1.0, Scale::Linear, 0.0, 10.0, "x")
                .interval(0.95)
                .is_none()
        );
        let same = vec![vec![2.0, 1.0]; 30];
        assert!(jackknife(&[60.0, 30.0], &same, |sums| Some(sums[0] / sums[1])).is_err());
        assert!(jackknife(&[38.0, 19.0], &same[..19], |sums| Some(sums[0] / sums[1])).is_err());
    }

    #[test]
    fn tails_of_t_are_those_of_tables() {
        // R 4.2: pt(-2.45967477, 9.17431193) * 2 = 0.0357029537.
        assert!((2.0 * cdf(-2.459_674_775, 9.174_311_927) - 0.035_702_954).abs() < 1e-9);
        assert!((cdf(2.0, 5.0) + cdf(-2.0, 5.0) - 1.0).abs() < 1e-15);
    }
}
