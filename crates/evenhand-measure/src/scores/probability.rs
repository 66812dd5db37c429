//! This module is how wrong scores are as probabilities, without bins: calibration in the large, Brier score, log-loss.
//!
//! A score s says that the event has the probability s; y is 1 where it happened and 0 where it did not.

use super::{Labelled, middle};
use crate::exact_sum::ExactSum;
use crate::tally::{Bar, Numbers};

/// A mean over rows, with its standard error.
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    /// The mean.
    pub point: f64,
    /// Over how many rows.
    pub n: u64,
    /// Its standard error, or why there is none. From numbers that fall together it is near, not exact.
    pub se: Result<f64, &'static str>,
}

const ONE_ROW: &str = "a spread needs at least two rows";
const NO_SPREAD: &str = "all rows are alike, and their spread cannot be estimated from that";
const NO_ROWS: &str = "there is no row with a score and a label";

/// The mean of the scores. Exact from sums.
///
/// # Errors
/// When there is no score.
pub fn mean_score(scores: &Numbers) -> Result<Mean, String> {
    let n = scores.n();
    let sums = &scores.sums;
    mean(n, &sums.sum, &sums.squares, "there is no row with a score")
}

/// Calibration in the large: the mean score minus the base rate, the mean of `s - y`.
///
/// Above 0 scores promise more of the event than happens, below 0 less. The standard error is that of a mean of
/// independent rows. Exact from sums, however many different scores there are. (Cox 1958; Van Calster and others 2019.)
///
/// # Errors
/// When there is no row with a score and a label, or scores are no probabilities.
pub fn in_the_large(scores: &Labelled) -> Result<Mean, String> {
    probabilities(scores)?;
    let n = scores.positives.n().saturating_add(scores.negatives.n());
    let squares = squared_errors(scores);
    let mut sum = scores.positives.sums.sum.clone();
    sum.merge(&scores.negatives.sums.sum);
    add_count(&mut sum, scores.positives.n(), -1.0);
    mean(n, &sum, &squares, NO_ROWS)
}

/// The Brier score: the mean of `(s - y)^2`. Its point is exact from sums.
///
/// From 0, best, to 1. Scores that all are the base rate b get `b (1 - b)`. It falls with calibration and with
/// discrimination alike, and depends on the base rate, so groups with different base rates differ in it even under
/// equally good scores. (Brier 1950.)
///
/// # Errors
/// When there is no row with a score and a label, or scores are no probabilities.
pub fn brier(scores: &Labelled) -> Result<Mean, String> {
    probabilities(scores)?;
    let n = scores.positives.n().saturating_add(scores.negatives.n());
    if n == 0 {
        return Err(NO_ROWS.to_owned());
    }
    let point = squared_errors(scores).value() / n as f64;
    let se = spread(scores, point, |s, y| (s - y) * (s - y));
    Ok(Mean { point, n, se })
}

/// The log-loss: the mean of `-ln s` where the event happened and `-ln (1 - s)` where it did not. Its point is exact
/// from sums.
///
/// From 0 upwards, in nats; the base rate b for everybody gets `-b ln b - (1 - b) ln (1 - b)`. A score of exactly 0 or
/// 1 that turns out wrong has no finite loss, and then there is none: clipping such scores would make up a number.
///
/// # Errors
/// When there is no row with a score and a label, scores are no probabilities, or some are certain and wrong.
pub fn log_loss(scores: &Labelled) -> Result<Mean, String> {
    probabilities(scores)?;
    let n = scores.positives.n().saturating_add(scores.negatives.n());
    if n == 0 {
        return Err(NO_ROWS.to_owned());
    }
    let wrong = certain_and_wrong(scores);
    if wrong > 0 {
        return Err(format!(
            "{wrong} rows have a score of exactly 0 or 1 and are wrong, which has no finite loss"
        ));
    }
    let mut sum = scores.positives.sums.logs.clone();
    sum.merge(&scores.negatives.sums.log_complements);
    let point = -sum.value() / n as f64;
    let se = spread(scores, point, |s, y| if y == 1.0 { -s.ln() } else { -(-s).ln_1p() });
    // Adding zero turns -0.0 into 0.0.
    Ok(Mean {
        point: point + 0.0,
        n,
        se,
    })
}

/// How many rows have a score of exactly 0 and the event, or of exactly 1 and none.
#[must_use]
pub fn certain_and_wrong(scores: &Labelled) -> u64 {
    let never = scores.positives.sums.not_positive;
    never.saturating_add(scores.negatives.sums.not_below_one)
}

/// Checks that scores can be probabilities.
///
/// Scores that fall together are of 13 leading bits or more if all lie within 0 and 1, and 0 and 1 then begin a bar of
/// their own, so that no bar hides one that lies beyond.
///
/// # Errors
/// When some lie below 0 or above 1.
pub fn probabilities(scores: &Labelled) -> Result<(), String> {
    let beyond = outside(&scores.positives).saturating_add(outside(&scores.negatives));
    match beyond {
        0 => Ok(()),
        1 => Err("1 score is not within 0 and 1, so scores are no probabilities".to_owned()),
        _ => Err(format!(
            "{beyond} scores are not within 0 and 1, so scores are no probabilities"
        )),
    }
}

/// How many rows have a score below 0 or above 1, or may have.
#[must_use]
pub fn outside(scores: &Numbers) -> u64 {
    let is_outside = |bar: &&Bar| !(0.0..=1.0).contains(&bar.from) || (bar.from == 1.0 && !super::is_one_number(bar));
    let beyond = scores.bars.iter().filter(is_outside);
    beyond.fold(0, |sum, bar| sum.saturating_add(bar.n))
}

/// The sum of `(s - y)^2`: of all squares, less twice the scores of the positives, plus one for each of these.
fn squared_errors(scores: &Labelled) -> ExactSum {
    let mut squares = scores.positives.sums.squares.clone();
    squares.merge(&scores.negatives.sums.squares);
    for part in scores.positives.sums.sum.canonical() {
        squares.add(-2.0 * part);
    }
    add_count(&mut squares, scores.positives.n(), 1.0);
    squares
}

/// Adds `n` times 1 or -1.
fn add_count(sum: &mut ExactSum, n: u64, sign: f64) {
    sum.add(sign * (n >> 32 << 32) as f64);
    sum.add(sign * (n & 0xffff_ffff) as f64);
}

/// The mean of `n` numbers with this sum and these squares.
pub(crate) fn mean(n: u64, sum: &ExactSum, squares: &ExactSum, none: &str) -> Result<Mean, String> {
    if n == 0 {
        return Err(none.to_owned());
    }
    let rows = n as f64;
    let point = sum.value() / rows;
    // The sum of the squared distances from the mean; of rows that are alike it may be a rounding error.
    let spread = squares.value() - point * sum.value();
    let se = match n {
        1 => Err(ONE_ROW),
        _ if spread <= 4.0 * f64::EPSILON * squares.value() => Err(NO_SPREAD),
        _ => Ok((spread / (rows - 1.0) / rows).sqrt()),
    };
    Ok(Mean { point, n, se })
}

/// The standard error of the mean of a loss over rows.
fn spread(scores: &Labelled, mean: f64, loss: impl Fn(f64, f64) -> f64) -> Result<f64, &'static str> {
    let sides = [(&scores.positives, 1.0), (&scores.negatives, 0.0)];
    let bars = sides
        .iter()
        .flat_map(|(side, y)| side.bars.iter().map(move |bar| (bar, *y)));
    let (mut n, mut sum, mut lowest, mut highest) = (0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY);
    for (bar, y) in bars {
        let loss = loss(middle(bar), y);
        n += bar.n as f64;
        sum += bar.n as f64 * (loss - mean) * (loss - mean);
        lowest = f64::min(lowest, loss);
        highest = f64::max(highest, loss);
    }
    match () {
        () if n < 2.0 => Err(ONE_ROW),
        () if lowest == highest => Err(NO_SPREAD),
        () => Ok((sum / (n - 1.0) / n).sqrt()),
    }
}

#[cfg(test)]
#[path = "probability_tests.rs"]
mod tests;
