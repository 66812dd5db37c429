//! The test and the estimates of Cochran, Mantel and Haenszel.

use super::super::normal::usable;
use super::super::{Interval, Sample, normal_sf};
use super::weight;

/// Whether the statistic is moved half a person towards 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Continuity {
    /// Not. The test then agrees with the score interval of a common difference.
    #[default]
    Uncorrected,
    /// By half a person, never past 0, as most textbooks print it. It hides marginal cases.
    Corrected,
}

/// The Cochran-Mantel-Haenszel test that the groups fare alike in every stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CochranMantelHaenszel {
    /// How many more of group a succeeded than expected, over all strata; negative means fewer.
    pub excess: f64,
    /// The variance of `excess` if the groups fare alike, the margins of each stratum being given.
    pub variance: f64,
    /// The signed statistic, standard normal if the groups fare alike; negative when group a has too few.
    pub z: f64,
    /// `z` squared, chi-squared with one degree of freedom.
    pub statistic: f64,
    /// The two-sided p-value, from 0 to 1.
    pub p: f64,
}

/// The test of Cochran (1954) and Mantel & Haenszel (1959).
///
/// With x of n successes in group a, X of N in both: `excess = sum(x - nX/N)`,
/// `variance = sum n (N-n) X (N-X) / (N^2 (N-1))`, `z = excess / sqrt(variance)`. Without correction `z` is
/// [`super::score_z`] of a difference of 0 with the factor N/(N-1).
///
/// `None` when no stratum has variance: in each everybody or nobody succeeded. A stratum of at most one trial in all,
/// which only weighted data can have, has no variance to speak of and counts for nothing.
pub fn cochran_mantel_haenszel(strata: &[(Sample, Sample)], continuity: Continuity) -> Option<CochranMantelHaenszel> {
    let (mut excess, mut variance) = (0.0, 0.0);
    for &(a, b) in strata {
        let total = a.trials + b.trials;
        if total <= 1.0 {
            continue;
        }
        let successes = (a.successes + b.successes) / total;
        let failures = (a.failures() + b.failures()) / total;
        excess += (a.successes * b.failures() - a.failures() * b.successes) / total;
        variance += weight(a, b) * successes * failures * (total / (total - 1.0));
    }
    let toward_zero = match continuity {
        Continuity::Uncorrected => 0.0,
        Continuity::Corrected => 0.5,
    };
    (variance > 0.0).then(|| {
        let z = (excess.abs() - toward_zero).max(0.0).copysign(excess) / variance.sqrt();
        CochranMantelHaenszel {
            excess,
            variance,
            z,
            statistic: z * z,
            p: (2.0 * normal_sf(z.abs())).min(1.0),
        }
    })
}

/// An effect that the strata are taken to share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CommonEffect {
    /// The estimate.
    pub point: f64,
    /// Its interval; `None` where its variance is 0 or unknown, as when group a has no success at all.
    pub interval: Option<Interval>,
}

/// The Mantel-Haenszel odds ratio, with the interval of Robins, Breslow and Greenland (1986).
///
/// With a, b the successes and failures of group a, c, d those of b and n all of them: `R = sum ad/n`,
/// `S = sum bc/n`, the estimate is `R/S`; and with `P = (a+d)/n`, `Q = (b+c)/n` its logarithm has the variance
/// `sum PR / 2R^2 + sum (PS + QR) / 2RS + sum QS / 2S^2`. From 0 up; equality is 1.
///
/// `None` when S is 0: the ratio is infinite or 0/0. Without R it is 0 and has no interval.
pub fn common_odds_ratio(strata: &[(Sample, Sample)], z: f64) -> Option<CommonEffect> {
    let (mut r, mut s) = (0.0, 0.0);
    let (mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0);
    for &(a, b) in strata {
        let total = a.trials + b.trials;
        let along = a.successes * (b.failures() / total);
        let across = a.failures() * (b.successes / total);
        let p = (a.successes + b.failures()) / total;
        let q = (a.failures() + b.successes) / total;
        r += along;
        s += across;
        pr += p * along;
        mixed += p * across + q * along;
        qs += q * across;
    }
    let variance = pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s);
    ratio_effect(r, s, variance, z)
}

/// The Mantel-Haenszel ratio of rates, with the interval of Greenland and Robins (1985).
///
/// With x of n successes in group a, y of m in b and N = n + m: `R = sum xm/N`, `S = sum yn/N`, the estimate is
/// `R/S`, and its logarithm has the variance `sum (n x (m-y) + m y (n-x)) / N^2 / (R S)`. From 0 up; equality is 1.
///
/// `None` when S is 0, no stratum having a success of group b. Without a success of group a it is 0 and has no
/// interval. [`super::interval`] has one in each of these cases.
pub fn common_risk_ratio(strata: &[(Sample, Sample)], z: f64) -> Option<CommonEffect> {
    let (mut r, mut s, mut spread) = (0.0, 0.0, 0.0);
    for &(a, b) in strata {
        let total = a.trials + b.trials;
        r += weight(a, b) * a.rate();
        s += weight(a, b) * b.rate();
        spread += a.trials / total * (a.successes * (b.failures() / total))
            + b.trials / total * (b.successes * (a.failures() / total));
    }
    ratio_effect(r, s, spread / r / s, z)
}

/// `r / s` with an interval that is symmetric for its logarithm.
fn ratio_effect(r: f64, s: f64, variance: f64, z: f64) -> Option<CommonEffect> {
    // False also for a variance of 0/0.
    let known = r > 0.0 && variance > 0.0 && variance.is_finite();
    (s > 0.0).then(|| CommonEffect {
        point: r / s,
        interval: known.then(|| {
            let reach = (usable(z) * variance.sqrt()).exp();
            Interval {
                lower: r / s / reach,
                upper: r / s * reach,
            }
        }),
    })
}

/// The Mantel-Haenszel difference of rates, with the variance of Sato (1989).
///
/// With x of n successes in group a, y of m in b, N = n + m and w = nm/N: the estimate is
/// `D = sum w (x/n - y/m) / sum w`, and its variance `(D sum P + sum Q) / (sum w)^2` with
/// `P = (n^2 y - m^2 x + n m (m-n)/2) / N^2` and `Q = (x (m-y) + y (n-x)) / 2N`. Within [-1, 1]; equality is 0.
///
/// `None` without strata. No interval where the variance is not above 0, as when everybody or nobody succeeds.
/// [`super::interval`] has one in each of these cases.
pub fn common_risk_difference(strata: &[(Sample, Sample)], z: f64) -> Option<CommonEffect> {
    let point = super::point(super::super::Comparison::Difference, strata)?;
    let (mut weights, mut p, mut q) = (0.0, 0.0, 0.0);
    for &(a, b) in strata {
        let total = a.trials + b.trials;
        let (share_a, share_b) = (a.trials / total, b.trials / total);
        weights += weight(a, b);
        p += share_a * share_a * b.successes - share_b * share_b * a.successes
            + share_a * share_b * (b.trials - a.trials) / 2.0;
        q += (a.successes * (b.failures() / total) + b.successes * (a.failures() / total)) / 2.0;
    }
    let variance = (point * p + q) / weights / weights;
    Some(CommonEffect {
        point,
        interval: (variance > 0.0 && variance.is_finite()).then(|| {
            let reach = usable(z) * variance.sqrt();
            Interval {
                lower: (point - reach).max(-1.0),
                upper: (point + reach).min(1.0),
            }
        }),
    })
}
