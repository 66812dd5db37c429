//! This module is the calibration slope and intercept: the logistic line of what happened on the logit of the score.
//!
//! `ln(p / (1 - p)) = intercept + slope ln(s / (1 - s))`, by maximum likelihood (Cox 1958). A slope of 1 with an intercept of
//! 0 is good calibration; a slope below 1 says that scores are too extreme, above 1 too timid; the intercept moves all.

use super::{Labelled, middle};
use crate::tally::{Bar, Numbers};

/// A logistic recalibration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recalibration {
    /// Of the line with its slope free, not fixed at 1.
    pub intercept: f64,
    /// How much of a step in the logit of the score is found in the outcome.
    pub slope: f64,
    /// The standard error of the intercept, from the Fisher information.
    pub intercept_se: f64,
    /// That of the slope.
    pub slope_se: f64,
}

/// Fits the line. Scores that fall together count as their mean, positives and negatives apart.
///
/// # Errors
/// Where the likelihood has no highest point or cannot be written down: no positive or no negative, scores that are no
/// probabilities, a score of exactly 0 or 1 (it has no logit), one score for all, or positives that all score at
/// least as high as negatives, or at most (then a steeper line is always more likely: separation).
pub fn recalibration(scores: &Labelled) -> Result<Recalibration, String> {
    super::probability::probabilities(scores)?;
    let (m, n) = scores.counts();
    if m == 0 {
        return Err("there is no positive with a score".to_owned());
    }
    if n == 0 {
        return Err("there is no negative with a score".to_owned());
    }
    let certain = certain(&scores.positives).saturating_add(certain(&scores.negatives));
    if certain > 0 {
        return Err(format!(
            "{certain} rows have a score of exactly 0 or 1, which has no logit"
        ));
    }
    if separated(scores) {
        return Err("no positive scores below a negative, or none above: there is no most likely slope".to_owned());
    }
    fit(scores).ok_or_else(|| "the most likely slope was not found".to_owned())
}

fn certain(scores: &Numbers) -> u64 {
    scores.sums.not_positive.saturating_add(scores.sums.not_below_one)
}

/// Whether one threshold parts positives and negatives but for ties on it, with either on top. Exactly then has the
/// likelihood of a line no highest point.
fn separated(scores: &Labelled) -> bool {
    let ends = |side: &Numbers| {
        side.bars
            .first()
            .zip(side.bars.last())
            .map(|(first, last)| (middle(first), middle(last)))
    };
    match (ends(&scores.positives), ends(&scores.negatives)) {
        (Some((low, high)), Some((other_low, other_high))) => other_high <= low || high <= other_low,
        _ => true,
    }
}

/// A score's logit, its weight and its outcome.
struct Row {
    x: f64,
    n: f64,
    y: f64,
}

fn fit(scores: &Labelled) -> Option<Recalibration> {
    let rows = |side: &Numbers, y: f64| {
        let row = move |bar: &Bar| {
            let s = middle(bar);
            Row {
                x: s.ln() - (-s).ln_1p(),
                n: bar.n as f64,
                y,
            }
        };
        side.bars.iter().map(row).collect::<Vec<_>>()
    };
    let mut all = rows(&scores.positives, 1.0);
    all.extend(rows(&scores.negatives, 0.0));
    let total: f64 = all.iter().map(|row| row.n).sum();
    let mean = all.iter().map(|row| row.n * row.x).sum::<f64>() / total;
    let deviation = (all.iter().map(|row| row.n * (row.x - mean).powi(2)).sum::<f64>() / total).sqrt();
    if !(deviation > 0.0 && deviation.is_finite()) {
        return None;
    }
    // On the standard scale intercept and slope are nearly independent, and a step of 1 is a large one.
    for row in &mut all {
        row.x = (row.x - mean) / deviation;
    }
    let ([a, b], information) = newton(&all)?;
    let [aa, ab, bb] = inverse(information)?;
    let slope = b / deviation;
    let shift = mean / deviation;
    let intercept_variance = aa - 2.0 * shift * ab + shift * shift * bb;
    let found = Recalibration {
        intercept: a - slope * mean,
        slope,
        intercept_se: intercept_variance.max(0.0).sqrt(),
        slope_se: bb.sqrt() / deviation,
    };
    let numbers = [found.intercept, found.slope, found.intercept_se, found.slope_se];
    numbers.iter().all(|number| number.is_finite()).then_some(found)
}

/// Newton's method with halved steps where a whole one overshoots: the likelihood is concave, so it cannot get lost.
fn newton(rows: &[Row]) -> Option<([f64; 2], [f64; 3])> {
    const MOST_STEPS: usize = 200;
    let mut line = [0.0, 0.0];
    let mut likelihood = log_likelihood(rows, line);
    for _ in 0..MOST_STEPS {
        let (slope, information) = derivatives(rows, line);
        let [aa, ab, bb] = inverse(information)?;
        let step = [aa * slope[0] + ab * slope[1], ab * slope[0] + bb * slope[1]];
        // How much the likelihood could still rise, against its own rounding.
        let rise = step[0] * slope[0] + step[1] * slope[1];
        if rise <= 1e-24 * likelihood.abs().max(1.0) || step.iter().all(|part| part.abs() < 1e-14) {
            return Some((line, information));
        }
        let mut share = 1.0;
        loop {
            let tried = [line[0] + share * step[0], line[1] + share * step[1]];
            let found = log_likelihood(rows, tried);
            // Near the top the rise is lost in rounding, and a whole Newton step is right.
            if found >= likelihood || rise <= 1e-10 * likelihood.abs() {
                (line, likelihood) = (tried, found);
                break;
            }
            share /= 2.0;
            if share < 1e-9 {
                return Some((line, information));
            }
        }
    }
    None
}

fn log_likelihood(rows: &[Row], [a, b]: [f64; 2]) -> f64 {
    let of = |row: &Row| {
        let eta = a + b * row.x;
        // ln p where it happened and ln(1 - p) where not, without overflow.
        let eta = if row.y == 1.0 { eta } else { -eta };
        row.n
            * if eta > 0.0 {
                -(-eta).exp().ln_1p()
            } else {
                eta - eta.exp().ln_1p()
            }
    };
    rows.iter().map(of).sum()
}

fn derivatives(rows: &[Row], [a, b]: [f64; 2]) -> ([f64; 2], [f64; 3]) {
    let (mut slope, mut information) = ([0.0; 2], [0.0; 3]);
    for row in rows {
        let eta = a + b * row.x;
        let small = (-eta.abs()).exp();
        let (p, q) = if eta > 0.0 {
            (1.0 / (1.0 + small), small / (1.0 + small))
        } else {
            (small / (1.0 + small), 1.0 / (1.0 + small))
        };
        let residual = row.n * if row.y == 1.0 { q } else { -p };
        let weight = row.n * p * q;
        slope[0] += residual;
        slope[1] += residual * row.x;
        information[0] += weight;
        information[1] += weight * row.x;
        information[2] += weight * row.x * row.x;
    }
    (slope, information)
}

/// The inverse of a symmetric matrix [a, b; b, c], unless it has none.
fn inverse([a, b, c]: [f64; 3]) -> Option<[f64; 3]> {
    let determinant = a * c - b * b;
    (determinant > 0.0 && determinant.is_finite()).then(|| [c / determinant, -b / determinant, a / determinant])
}

#[cfg(test)]
#[path = "recalibration_tests.rs"]
mod tests;
