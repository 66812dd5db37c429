//! This module is the ROC curve: of every threshold, the share of the negatives and of the positives at or above it.

use super::{Labelled, steps};

/// A point of a ROC curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The lowest score that is selected; none at the start of the curve, where nobody is.
    pub threshold: Option<f64>,
    /// The share of the negatives that is selected.
    pub false_positive_rate: f64,
    /// The share of the positives that is selected.
    pub true_positive_rate: f64,
}

/// The curve from (0, 0) to (1, 1), a point for each different score.
///
/// Between two points it is a straight line: what choosing by lot among those with the same score would give. Numbers that
/// fall together are one score here.
///
/// # Errors
/// When there is no positive or no negative with a score.
pub fn roc(scores: &Labelled) -> Result<Vec<Point>, &'static str> {
    let (m, n) = scores.counts();
    if m == 0 {
        return Err("there is no positive with a score");
    }
    if n == 0 {
        return Err("there is no negative with a score");
    }
    let mut curve = vec![Point {
        threshold: None,
        false_positive_rate: 0.0,
        true_positive_rate: 0.0,
    }];
    let (mut positives, mut negatives) = (0u64, 0u64);
    for step in steps(&scores.positives, &scores.negatives).iter().rev() {
        positives = positives.saturating_add(step.first);
        negatives = negatives.saturating_add(step.second);
        curve.push(Point {
            threshold: Some(step.from),
            false_positive_rate: negatives as f64 / n as f64,
            true_positive_rate: positives as f64 / m as f64,
        });
    }
    Ok(curve)
}

/// The area between two ROC curves: the integral of the distance of their true positive rates over the false positive rate.
///
/// From 0 to 1, and 0 only if the curves are the same. Two groups with the same AUC whose curves cross have a gap at every
/// threshold but one, and this sees it (ABROC: Gardner, Brooks and Baker, Evaluating the fairness of predictive student
/// models through slicing analysis, LAK 2019, section 4). It is never negative, so between groups that are alike it is
/// above 0 by chance, the more the smaller they are: it has no interval here and is not judged.
///
/// Both curves must come from [`roc`].
#[must_use]
pub fn area_between(one: &[Point], other: &[Point]) -> f64 {
    let mut stops: Vec<f64> = one.iter().chain(other).map(|point| point.false_positive_rate).collect();
    stops.sort_by(f64::total_cmp);
    stops.dedup();
    let (mut first, mut second) = (Walk::along(one), Walk::along(other));
    let area: f64 = stops
        .windows(2)
        .map(|ends| {
            let width = ends[1] - ends[0];
            let (a_left, a_right) = first.between(ends[0], ends[1]);
            let (b_left, b_right) = second.between(ends[0], ends[1]);
            let (left, right) = (a_left - b_left, a_right - b_right);
            if left * right >= 0.0 {
                width * (left.abs() + right.abs()) / 2.0
            } else {
                // They cross: two triangles.
                width * (left * left + right * right) / (2.0 * (left.abs() + right.abs()))
            }
        })
        .sum();
    area.clamp(0.0, 1.0)
}

/// A walk along a curve from left to right.
struct Walk<'a> {
    curve: &'a [Point],
    at: usize,
}

impl<'a> Walk<'a> {
    fn along(curve: &'a [Point]) -> Self {
        Self { curve, at: 0 }
    }

    /// The heights just right of `left` and just left of `right`, between which the curve has no corner.
    fn between(&mut self, left: f64, right: f64) -> (f64, f64) {
        // The segment that spans the interval is the first that ends beyond its left end.
        while self.at + 1 < self.curve.len() && self.curve[self.at + 1].false_positive_rate <= left {
            self.at += 1;
        }
        let Some([start, end]) = self
            .curve
            .get(self.at..self.at + 2)
            .and_then(|pair| <&[Point; 2]>::try_from(pair).ok())
        else {
            return (1.0, 1.0);
        };
        let slope =
            (end.true_positive_rate - start.true_positive_rate) / (end.false_positive_rate - start.false_positive_rate);
        let height = |x: f64| start.true_positive_rate + slope * (x - start.false_positive_rate);
        (height(left), height(right))
    }
}

/// At most so many points of a curve, the first and the last among them, evenly along its length.
#[must_use]
pub fn thinned(curve: &[Point], most: usize) -> Vec<Point> {
    if curve.len() <= most || most < 2 {
        return curve.to_vec();
    }
    let along = |point: &Point| (point.false_positive_rate + point.true_positive_rate) / 2.0;
    let mut next = 0.0;
    let mut kept = Vec::with_capacity(most);
    for (index, point) in curve.iter().enumerate() {
        let is_end = index == 0 || index + 1 == curve.len();
        // One place is kept for the end.
        if is_end || (along(point) >= next && kept.len() + 1 < most) {
            kept.push(*point);
            next = kept.len() as f64 / (most - 1) as f64;
        }
    }
    kept
}

#[cfg(test)]
#[path = "roc_tests.rs"]
mod tests;
