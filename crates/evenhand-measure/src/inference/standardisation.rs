//! A gap split into what composition explains and what rates do.
//!
//! Two groups can differ because they apply to different places, or because they are treated differently in the same
//! places. Kitagawa's (1955) decomposition splits the difference of two overall rates into exactly these two parts.

use super::normal::usable;
use super::strata::point;
use super::{Comparison, Interval, Sample, normal_sf};

#[cfg(test)]
mod tests;

/// A part of a gap, with how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The part, within [-1, 1].
    pub point: f64,
    /// Its standard error; 0 or above.
    pub standard_error: f64,
    /// Its interval, `point +- z standard_error` within [-1, 1].
    pub interval: Interval,
}

impl Part {
    /// The part in standard errors, approximately standard normal if the part is 0 in truth. `None` without a standard
    /// error, as for the composition of a single stratum.
    pub fn z(self) -> Option<f64> {
        (self.standard_error > 0.0).then(|| self.point / self.standard_error)
    }

    /// The two-sided p-value of [`Self::z`].
    pub fn p(self) -> Option<f64> {
        self.z().map(|z| (2.0 * normal_sf(z.abs())).min(1.0))
    }

    fn new(point: f64, variance: f64, z: f64) -> Self {
        let standard_error = variance.max(0.0).sqrt();
        let reach = if standard_error > 0.0 {
            usable(z) * standard_error
        } else {
            0.0
        };
        Self {
            point,
            standard_error,
            interval: Interval {
                lower: (point - reach).max(-1.0).min(point),
                upper: (point + reach).min(1.0).max(point),
            },
        }
    }
}

/// The difference of two overall rates and its two parts; they sum to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kitagawa {
    /// The pooled difference `p_a - p_b`, the strata disregarded.
    pub gap: f64,
    /// The standardised difference: what would remain if both groups were spread over the strata alike, in the middle
    /// between their own spreads.
    pub rate: Part,
    /// What the spread over the strata does: the pooled difference less the standardised one. [`Part::p`] of it tells
    /// how sure it is that the two differ.
    pub composition: Part,
    /// Another adjusted difference for comparison, that of Mantel and Haenszel ([`super::strata::point`]). It weighs
    /// the strata by how much they say, so it is the steadier one; the parts are those that sum.
    pub adjusted: f64,
}

impl Kitagawa {
    /// Whether the pooled and the standardised difference point in opposite directions (Simpson's paradox).
    pub fn reversed(&self) -> bool {
        self.gap * self.rate.point < 0.0
    }
}

/// Kitagawa's (1955) decomposition of `p_a - p_b`.
///
/// With w the share of a group that is in a stratum and p its rate there:
/// `rate = sum (w_a + w_b)/2 (p_a - p_b)`, `composition = sum (w_a - w_b) (p_a + p_b)/2`.
///
/// The standard errors are for groups drawn independently, each person falling into a stratum and then being selected
/// or not (multinomial shares, binomial rates): the delta method, with the variance of the products of shares and
/// rates, `sum V(share term) V(rate term)`, added. Without that second-order term a part near 0 would look far too
/// certain where both groups are spread alike. They take the observed shares and rates for the true ones, which is too
/// optimistic with a handful of people in a stratum and wrong where a stratum's rates are all 0 or 1.
///
/// Both rates of a stratum are needed. A stratum in which a group has nobody cannot be given; the caller leaves it out
/// and names it, and `gap` is then that of the others. `None` without strata.
pub fn kitagawa(strata: &[(Sample, Sample)], z: f64) -> Option<Kitagawa> {
    let adjusted = point(Comparison::Difference, strata)?;
    let (mut total_a, mut total_b, mut all_a, mut all_b) = (0.0, 0.0, 0.0, 0.0);
    for (a, b) in strata {
        total_a += a.trials;
        total_b += b.trials;
        all_a += a.successes;
        all_b += b.successes;
    }
    let (mut rate, mut composition) = (Sum::default(), Sum::default());
    for &(a, b) in strata {
        let (share_a, share_b) = (a.trials / total_a, b.trials / total_b);
        let (difference, mean) = (a.rate() - b.rate(), f64::midpoint(a.rate(), b.rate()));
        let (sides, spread) = (f64::midpoint(share_a, share_b), share_a - share_b);
        let of_rates = bernoulli(a) / a.trials + bernoulli(b) / b.trials;
        let of_shares = share_a * (1.0 - share_a) / total_a + share_b * (1.0 - share_b) / total_b;
        rate.add(
            sides * difference,
            sides * sides * of_rates + of_shares / 4.0 * of_rates,
        );
        composition.add(
            spread * mean,
            spread * spread * of_rates / 4.0 + of_shares * of_rates / 4.0,
        );
        // What a person's stratum adds to a part: the rate term at half weight, or the mean of the rates.
        rate.spread_over(share_a, share_b, difference / 2.0);
        composition.spread_over(share_a, share_b, mean);
    }
    Some(Kitagawa {
        gap: all_a / total_a - all_b / total_b,
        rate: rate.part(total_a, total_b, z),
        composition: composition.part(total_a, total_b, z),
        adjusted,
    })
}

/// The variance of one trial at the sample's rate.
fn bernoulli(sample: Sample) -> f64 {
    sample.rate() * sample.reflected().rate()
}

/// What adds up to a part and its variance.
#[derive(Default)]
struct Sum {
    point: f64,
    variance: f64,
    spread: Vec<(f64, f64, f64)>,
}

impl Sum {
    fn add(&mut self, term: f64, variance: f64) {
        self.point += term;
        self.variance += variance;
    }

    fn spread_over(&mut self, share_a: f64, share_b: f64, slope: f64) {
        self.spread.push((share_a, share_b, slope));
    }

    /// The part, with the variance of the multinomial shares: that of the slope over each group's people.
    fn part(self, total_a: f64, total_b: f64, z: f64) -> Part {
        let variance_over = |share: fn(&(f64, f64, f64)) -> f64| {
            let mean: f64 = self.spread.iter().map(|term| share(term) * term.2).sum();
            self.spread
                .iter()
                .map(|term| share(term) * (term.2 - mean).powi(2))
                .sum::<f64>()
        };
        let of_shares = variance_over(|term| term.0) / total_a + variance_over(|term| term.1) / total_b;
        Part::new(self.point, self.variance + of_shares, z)
    }
}
