//! The marginal likelihood of a beta prior, and where it is highest.

use super::super::Sample;
use super::super::score::root;
use super::Prior;
use super::entropy::{divergence, stirling_error};

/// The least precision considered.
pub(super) const LEAST_PRECISION: f64 = 1.0;

/// The largest precision considered, in sizes of the largest group.
const LARGEST_GROUPS: f64 = 1e4;

/// Steps of the search for each factor e of the precision. The likelihood of a few groups changes over a factor of
/// several; a second, narrower peak than a third of one would need a group ten times as large as its neighbours.
const STEPS: f64 = 4.0;

pub(super) struct Likelihood<'a> {
    groups: &'a [Sample],
    all: Sample,
}

impl<'a> Likelihood<'a> {
    pub(super) fn new(groups: &'a [Sample]) -> Self {
        let all = Sample {
            successes: groups.iter().map(|group| group.successes).sum(),
            trials: groups.iter().map(|group| group.trials).sum(),
        };
        Self { groups, all }
    }

    /// All groups together.
    pub(super) fn all(&self) -> Sample {
        self.all
    }

    /// The prior under which the counts are most likely.
    pub(super) fn maximum(&self) -> Prior {
        let same = Prior::Same { rate: self.all.rate() };
        if self.all.successes <= 0.0 || self.all.failures() <= 0.0 {
            return same;
        }
        let largest = self.groups.iter().map(|group| group.trials).fold(1.0, f64::max);
        let steps = ((largest * LARGEST_GROUPS / LEAST_PRECISION).ln() * STEPS).ceil();
        let log_precision = |step: f64| LEAST_PRECISION.ln() + step / STEPS;
        let (mut best, mut highest) = (0.0, f64::NEG_INFINITY);
        for step in 0..=(steps as u32) {
            let step = f64::from(step);
            let precision = log_precision(step).exp();
            let value = self.log(self.best_mean(precision), precision);
            if value > highest {
                (best, highest) = (step, value);
            }
        }
        let infinite = self.log_of_one_rate();
        // Rounding is not evidence of a spread.
        let noise = 1e-9 + 1e-13 * infinite.abs();
        if best == steps || highest <= infinite + noise {
            return same;
        }
        let slope = |log_precision: f64| self.slope(log_precision.exp());
        let (left, right) = (log_precision((best - 1.0).max(0.0)), log_precision(best + 1.0));
        // 1e-14: a relative precision of the last digits.
        let precision = if slope(left) > 0.0 && slope(right) < 0.0 {
            root(left, right, 1e-14, slope).exp()
        } else {
            log_precision(best).exp()
        };
        Prior::Beta {
            mean: self.best_mean(precision),
            precision,
        }
    }

    /// The logarithm of the likelihood, relative to that of every group having its own rate for sure.
    ///
    /// With A, B the posterior's parameters, S their sum and P = A/S, a group's is, by Stirling's formula,
    /// `- s D(m, P) - n D(x/n, P) + ln(S a b / (A B s))/2` and six Stirling errors, D being the relative entropy. All
    /// its terms are small where the logarithm is, so nothing cancels however large the counts are.
    pub(super) fn log(&self, mean: f64, precision: f64) -> f64 {
        let (a, b) = (mean * precision, (1.0 - mean) * precision);
        let of_prior = stirling_error(a) + stirling_error(b) - stirling_error(precision);
        let of_group = |group: &Sample| {
            let total = group.trials + precision;
            let (after_a, after_b) = (group.successes + a, group.failures() + b);
            let (rate, rest) = (after_a / total, after_b / total);
            let gap = group.rate() - mean;
            stirling_error(after_a) + stirling_error(after_b) - stirling_error(total) - of_prior
                + ((total / after_a) * (a / after_b) * (b / precision)).ln() / 2.0
                - precision * divergence(rate, rest, -gap * (group.trials / total))
                - group.trials * divergence(rate, rest, gap * (precision / total))
        };
        self.groups.iter().map(of_group).sum()
    }

    /// Its limit at infinite precision, the mean being that of all groups together.
    fn log_of_one_rate(&self) -> f64 {
        let (rate, rest) = (self.all.rate(), self.all.reflected().rate());
        let of_group = |group: &Sample| -group.trials * divergence(rate, rest, group.rate() - rate);
        self.groups.iter().map(of_group).sum()
    }

    /// The mean with the highest likelihood at this precision. The likelihood is concave in the mean.
    fn best_mean(&self, precision: f64) -> f64 {
        let slope = |mean: f64| -> f64 {
            let of_group = |group: &Sample| {
                growth(mean * precision, group.successes) - growth((1.0 - mean) * precision, group.failures())
            };
            self.groups.iter().map(of_group).sum()
        };
        root(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0, f64::MIN_POSITIVE, slope)
    }

    /// The derivative of the logarithm by the precision, at the best mean for it.
    fn slope(&self, precision: f64) -> f64 {
        let mean = self.best_mean(precision);
        let rest = 1.0 - mean;
        let of_group = |group: &Sample| {
            mean * growth(mean * precision, group.successes) + rest * growth(rest * precision, group.failures())
                - growth(precision, group.trials)
        };
        self.groups.iter().map(of_group).sum()
    }

    /// The Fisher information of the mean as observed: less the second derivative of the logarithm by it.
    pub(super) fn information(&self, mean: f64, precision: f64) -> f64 {
        let of_group =
            |group: &Sample| bend(mean * precision, group.successes) + bend((1.0 - mean) * precision, group.failures());
        precision * precision * self.groups.iter().map(of_group).sum::<f64>()
    }
}

/// `digamma(z + x) - digamma(z)`, which is `1/z + 1/(z+1) + ...` over x terms.
fn growth(z: f64, x: f64) -> f64 {
    let (mut z, mut sum) = (z, 0.0);
    while z < 16.0 {
        sum += x / (z + x) / z;
        z += 1.0;
    }
    let tail = |z: f64| {
        let square = z * z;
        0.5 / z
            + (1.0 / 12.0
                - (1.0 / 120.0 - (1.0 / 252.0 - (1.0 / 240.0 - 1.0 / 132.0 / square) / square) / square) / square)
                / square
    };
    sum + (x / z).ln_1p() + tail(z) - tail(z + x)
}

/// `trigamma(z) - trigamma(z + x)`, which is `1/z^2 + 1/(z+1)^2 + ...` over x terms.
fn bend(z: f64, x: f64) -> f64 {
    let (mut z, mut sum) = (z, 0.0);
    while z < 16.0 {
        sum += x / z / (z + x) * (1.0 / z + 1.0 / (z + x));
        z += 1.0;
    }
    let tail = |z: f64| {
        let square = z * z;
        (0.5 + (1.0 / 6.0 - (1.0 / 30.0 - (1.0 / 42.0 - 1.0 / 30.0 / square) / square) / square) / z) / square
    };
    sum + x / z / (z + x) + tail(z) - tail(z + x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_reciprocals() {
        for (z, x) in [(0.01, 3u32), (0.7, 40), (15.5, 1), (30.0, 17), (1e6, 9)] {
            let terms = || (0..x).map(|j| z + f64::from(j));
            let (first, second) = (
                terms().map(|t| 1.0 / t).sum::<f64>(),
                terms().map(|t| 1.0 / t / t).sum::<f64>(),
            );
            assert!((growth(z, f64::from(x)) / first - 1.0).abs() < 1e-12, "{z} {x}");
            assert!((bend(z, f64::from(x)) / second - 1.0).abs() < 1e-12, "{z} {x}");
        }
        assert_eq!((growth(2.0, 0.0), bend(2.0, 0.0)), (0.0, 0.0));
    }
}
