//! Whether the effects differ between the strata.

use super::super::{Comparison, Correction, Sample};
use super::{chi_squared_sf, common_odds_ratio, point, score::scale_of_variance};

/// A test that the strata share one effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// The statistic, chi-squared if the strata share one effect; 0 or above.
    pub statistic: f64,
    /// Its degrees of freedom: the strata that say something about the effect, less one; at least 1.
    pub degrees: u32,
    /// The p-value, from 0 to 1; small means evidence that the effects differ between the strata.
    pub p: f64,
}

impl Heterogeneity {
    fn new(statistic: f64, informative: u32) -> Option<Self> {
        let degrees = informative.checked_sub(1).filter(|&degrees| degrees > 0)?;
        let statistic = statistic.max(0.0);
        Some(Self {
            statistic,
            degrees,
            p: chi_squared_sf(statistic, degrees),
        })
    }
}

/// The test of a common odds ratio, with and without Tarone's adjustment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreslowDay {
    /// The statistic as Breslow and Day printed it.
    pub plain: Heterogeneity,
    /// Less Tarone's term, which makes up for using the Mantel-Haenszel estimate; never above `plain`.
    pub adjusted: Heterogeneity,
}

/// The test of Breslow and Day (1980, formula 4.30) that the strata share one odds ratio, and Tarone's (1985).
///
/// For each stratum A is the count of group a's successes that its margins and the common odds ratio demand, and
/// `1/V = 1/A + 1/(n_a - A) + 1/(X - A) + 1/(n_b - X + A)`. The statistic is `sum (x - A)^2 / V`; Tarone subtracts
/// `(sum (x - A))^2 / sum V`.
///
/// A stratum in which everybody or nobody succeeded has A = x and no variance under any odds ratio: it is left out and
/// takes no degree of freedom. (Software that keeps such strata divides 0 by 0, or counts degrees of freedom that the
/// data do not have.) `None` with fewer than two others, or when the common odds ratio is 0, infinite or undefined.
pub fn breslow_day(strata: &[(Sample, Sample)]) -> Option<BreslowDay> {
    let odds_ratio = common_odds_ratio(strata, 0.0)?.point;
    if odds_ratio <= 0.0 || !odds_ratio.is_finite() {
        return None;
    }
    let (mut informative, mut squares, mut misfit, mut variances) = (0, 0.0, 0.0, 0.0);
    for &(a, b) in strata {
        if a.successes + b.successes == 0.0 || a.failures() + b.failures() == 0.0 {
            continue;
        }
        let cells = fitted_cells(a, b, odds_ratio);
        let variance = 1.0 / cells.iter().map(|(fitted, _)| 1.0 / fitted).sum::<f64>();
        // All four differ from what was observed by the same number of people; the smallest has the most digits of it.
        let excess = cells
            .iter()
            .min_by(|left, right| left.0.total_cmp(&right.0))
            .map_or(0.0, |&(_, excess)| excess);
        // An odds ratio near the ends of the numbers can leave a cell of 0 after rounding.
        if variance > 0.0 {
            informative += 1;
            squares += excess * excess / variance;
            misfit += excess;
            variances += variance;
        }
    }
    Some(BreslowDay {
        plain: Heterogeneity::new(squares, informative)?,
        adjusted: Heterogeneity::new(squares - misfit * misfit / variances, informative)?,
    })
}

/// The four cells that have the margins of the stratum and this odds ratio, each with the excess of group a's successes
/// that it shows.
fn fitted_cells(a: Sample, b: Sample, odds_ratio: f64) -> [(f64, f64); 4] {
    let successes = a.successes + b.successes;
    let failures = a.failures() + b.failures();
    let along = |row: f64, column: f64| fitted_cell(row, column, successes + failures, odds_ratio);
    let across = |row: f64, column: f64| fitted_cell(row, column, successes + failures, 1.0 / odds_ratio);
    let cells = [
        along(a.trials, successes),
        across(a.trials, failures),
        across(b.trials, successes),
        along(b.trials, failures),
    ];
    let [success_a, failure_a, success_b, failure_b] = cells;
    [
        (success_a, a.successes - success_a),
        (failure_a, failure_a - a.failures()),
        (success_b, success_b - b.successes),
        (failure_b, b.failures() - failure_b),
    ]
}

/// The cell A with `A (total - row - column + A) = odds_ratio (row - A) (column - A)`, in the form without
/// cancellation.
fn fitted_cell(row: f64, column: f64, total: f64, odds_ratio: f64) -> f64 {
    // Divided by an odds ratio above 1, so that no product overflows.
    let (direct, inverse) = (odds_ratio.min(1.0), (1.0 / odds_ratio).min(1.0));
    let square = inverse - direct;
    let linear = inverse * (total - row - column) + direct * (row + column);
    let constant = direct * row * column;
    let root = (linear * linear + 4.0 * square * constant).max(0.0).sqrt();
    if linear >= 0.0 {
        2.0 * constant / (linear + root)
    } else {
        (root - linear) / (2.0 * square)
    }
}

/// Whether the strata differ in their differences (or ratios): the score test of a common one.
///
/// With d the Mantel-Haenszel estimate, e the observed effect less d in a stratum and V its variance under the rates
/// that satisfy d, the statistic is `sum e^2/V - (sum e/V)^2 / sum 1/V`: the score statistic of Gart and Nam (1990),
/// less a term that, as Tarone's does for odds ratios, makes up for d not being the maximum-likelihood estimate.
///
/// It goes with the sentence "the effect differs between the strata" beside [`super::interval`]. Strata without
/// variance say nothing and take no degree of freedom. `None` with fewer than two others, and where the common ratio
/// is 0 or undefined.
pub fn heterogeneity(
    comparison: Comparison,
    strata: &[(Sample, Sample)],
    correction: Correction,
) -> Option<Heterogeneity> {
    let common = point(comparison, strata)?;
    if comparison == Comparison::Ratio && common <= 0.0 {
        return None;
    }
    let (mut informative, mut precisions, mut linear) = (0, 0.0, 0.0);
    let mut scored = Vec::with_capacity(strata.len());
    for &(a, b) in strata {
        let contrast = comparison.contrast(a, b, common);
        let variance = (contrast.null_a + contrast.null_b) * scale_of_variance(correction, a, b);
        if variance > 0.0 && variance.is_finite() {
            informative += 1;
            precisions += 1.0 / variance;
            linear += contrast.effect / variance;
            scored.push((contrast.effect, variance));
        }
    }
    // Around their weighted mean, which is the same sum without its cancellation.
    let mean = linear / precisions;
    let statistic = scored
        .iter()
        .map(|(effect, variance)| (effect - mean).powi(2) / variance)
        .sum();
    Heterogeneity::new(statistic, informative)
}
