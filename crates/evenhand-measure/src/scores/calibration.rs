//! This module is calibration in bins: whether of those who score 0.7 seven in ten turn out positive.

use super::probability::brier;
use super::{Labelled, middle};
use crate::exact_sum::ExactSum;
use crate::tally::{Bar, Numbers, until};

/// Scores against what happened, in bins of equal width over 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The bins that hold rows, rising.
    pub bins: Vec<Bin>,
    /// The expected calibration error (ECE): the mean distance of a bin's mean score from its share of positives,
    /// each bin weighing as many rows as it holds. From 0, best, to 1.
    pub expected_error: f64,
    /// The largest such distance (MCE).
    pub largest_error: f64,
    /// Murphy's parts of the Brier score.
    pub parts: Parts,
    /// Rows in bars of several scores that reach over the border of a bin. They are in the bin of their mean, and no
    /// more than this share of rows is in a wrong one.
    pub blurred: u64,
}

/// The rows whose scores lie above `low` and up to `high`; the first bin holds those of `low` too.
#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    /// The lower border.
    pub low: f64,
    /// The upper border, which belongs to the bin.
    pub high: f64,
    /// How many rows.
    pub n: u64,
    /// How many of them are positive.
    pub positives: u64,
    /// The mean of their scores.
    pub mean_score: f64,
}

impl Bin {
    /// The share of positives.
    #[must_use]
    pub fn observed(&self) -> f64 {
        self.positives as f64 / self.n as f64
    }
}

/// `Brier score = reliability - resolution + uncertainty + within`.
///
/// Murphy's (1973) three parts hold for scores that are alike within a bin; `within` is what scores that differ within
/// one add: their variance, less twice their covariance with what happened (Stephenson, Coelho and Jolliffe 2008).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// How far the share of positives of bins is from their mean score, squared. 0 is best.
    pub reliability: f64,
    /// How far the share of positives of bins is from that of all, squared. More is better.
    pub resolution: f64,
    /// The base rate times one minus it: what knowing nothing else costs.
    pub uncertainty: f64,
    /// What scores that differ within a bin add; may be negative.
    pub within: f64,
}

/// Looks at scores in so many bins of equal width.
///
/// The error depends on the number of bins: few hide errors that cancel within one, many make chance look like error.
/// Between groups it compares only at alike sizes, since small groups look worse by chance: it is reported and not
/// judged. [`in_the_large`](super::probability::in_the_large) needs no bins and has an interval.
///
/// ```
/// use evenhand_measure::scores::{Labelled, calibration::calibration};
/// use evenhand_measure::tally::Numbers;
/// let scores = Labelled {
///     positives: Numbers::of([(0.25, 1), (0.75, 2)], 0),
///     negatives: Numbers::of([(0.25, 1), (0.75, 2)], 0),
///     ..Labelled::default()
/// };
/// let found = calibration(&scores, 2).unwrap();
/// assert_eq!(found.bins[0].observed(), 0.5);
/// assert_eq!(found.expected_error, 0.25);
/// ```
///
/// # Errors
/// When there is no row with a score and a label, or scores are no probabilities.
pub fn calibration(scores: &Labelled, bins: u32) -> Result<Calibration, String> {
    let brier = brier(scores)?;
    let n = brier.n as f64;
    let mut blurred = 0;
    let bins = binned(scores, bins.max(1), &mut blurred);
    let base = scores.positives.n() as f64 / n;
    let weighed = |of: &dyn Fn(&Bin) -> f64| bins.iter().map(|bin| bin.n as f64 * of(bin)).sum::<f64>() / n;
    let distance = |bin: &Bin| (bin.mean_score - bin.observed()).abs();
    let reliability = weighed(&|bin| distance(bin).powi(2));
    let resolution = weighed(&|bin| (bin.observed() - base).powi(2));
    let uncertainty = base * (1.0 - base);
    Ok(Calibration {
        expected_error: weighed(&distance),
        largest_error: bins.iter().map(distance).fold(0.0, f64::max),
        parts: Parts {
            reliability,
            resolution,
            uncertainty,
            within: brier.point - (reliability - resolution + uncertainty),
        },
        bins,
        blurred,
    })
}

#[derive(Clone, Default)]
struct Filling {
    n: u64,
    positives: u64,
    sum: ExactSum,
}

fn binned(scores: &Labelled, bins: u32, blurred: &mut u64) -> Vec<Bin> {
    let border = |bin: usize| bin as f64 / f64::from(bins);
    let mut fillings = vec![Filling::default(); bins as usize];
    let mut fill = |side: &Numbers, is_positive: bool| {
        for bar in &side.bars {
            let bin = bin_of(middle(bar), bins);
            let Some(filling) = fillings.get_mut(bin) else {
                continue;
            };
            filling.n = filling.n.saturating_add(bar.n);
            if is_positive {
                filling.positives = filling.positives.saturating_add(bar.n);
            }
            match &bar.sum {
                Some(sum) => filling.sum.merge(sum),
                None => {
                    filling.sum.add_product((bar.n >> 32 << 32) as f64, bar.from);
                    filling.sum.add_product((bar.n & 0xffff_ffff) as f64, bar.from);
                }
            }
            if reaches_over(bar, scores.bits, border(bin), border(bin + 1)) {
                *blurred = blurred.saturating_add(bar.n);
            }
        }
    };
    fill(&scores.positives, true);
    fill(&scores.negatives, false);
    let held = fillings.iter().enumerate().filter(|(_, filling)| filling.n > 0);
    held.map(|(bin, filling)| Bin {
        low: border(bin),
        high: border(bin + 1),
        n: filling.n,
        positives: filling.positives,
        mean_score: filling.sum.value() / filling.n as f64,
    })
    .collect()
}

/// Whether a bar of several numbers may reach over the borders of the bin of its mean.
fn reaches_over(bar: &Bar, bits: u8, low: f64, high: f64) -> bool {
    !super::is_one_number(bar) && ((low > 0.0 && bar.from <= low) || until(bar.from, bits) > high)
}

/// The bin of a score: the upper border belongs to it, as it does in scikit-learn's `calibration_curve`.
fn bin_of(score: f64, bins: u32) -> usize {
    // The product may be rounded over a border, so the neighbours are looked at.
    let guess = ((score * f64::from(bins)).ceil() as usize).clamp(1, bins as usize);
    let upper = |bin: usize| bin as f64 / f64::from(bins);
    let bin = match () {
        () if guess > 1 && score <= upper(guess - 1) => guess - 1,
        () if guess < bins as usize && score > upper(guess) => guess + 1,
        () => guess,
    };
    bin - 1
}

#[cfg(test)]
#[path = "calibration_tests.rs"]
mod tests;
