//! The tables of two groups that a one-sided test rejects.
//!
//! The statistic rises with the group's successes and falls with the reference's, so for each outcome of the group the
//! rejected outcomes of the reference lie on one side of a boundary, and the boundary never moves back. Two groups of
//! 1,000 have a million tables and need some 2,000 tests.

use evenhand::measure::inference::Side;

use super::binomial::Binomial;
use super::question::{Question, sample};

/// The rejected tables of two group sizes.
pub struct Rejected {
    side: Side,
    reference_trials: usize,
    /// For each outcome of the group, the first outcome of the reference that is rejected (`Below`) or no longer
    /// rejected (`Above`).
    boundary: Vec<usize>,
}

impl Rejected {
    /// Where the evidence for `side` of the bound has a p-value under `level`.
    pub fn of(question: &Question, (group, reference): (usize, usize), side: Side, level: f64) -> Self {
        let rejects = |x: usize, y: usize| question.ask(sample(x, group), sample(y, reference)).on(side) < level;
        let mut first = 0;
        let boundary = (0..=group)
            .map(|x| {
                while first <= reference && rejects(x, first) != (side == Side::Below) {
                    first += 1;
                }
                first
            })
            .collect();
        Self {
            side,
            reference_trials: reference,
            boundary,
        }
    }

    /// The rejected outcomes of the reference beside this outcome of the group.
    pub fn beside(&self, group_successes: usize) -> std::ops::Range<usize> {
        let boundary = self.boundary[group_successes];
        match self.side {
            Side::Below => boundary..self.reference_trials + 1,
            Side::Above => 0..boundary,
        }
    }

    /// Whether a table (successes of the group and of the reference) is rejected.
    pub fn contains(&self, (x, y): (usize, usize)) -> bool {
        self.beside(x).contains(&y)
    }

    /// The probability that this and another test of the same groups both reject.
    pub fn probability_of_both(&self, other: &Self, group: &Binomial, reference: &Binomial) -> f64 {
        let at = |x: usize| {
            let (here, there) = (self.beside(x), other.beside(x));
            let (start, end) = (here.start.max(there.start), here.end.min(there.end));
            if start < end {
                group.at(x) * (start..end).map(|y| reference.at(y)).sum::<f64>()
            } else {
                0.0
            }
        };
        (0..self.boundary.len()).map(at).sum()
    }

    /// The probability of rejection.
    pub fn probability(&self, group: &Binomial, reference: &Binomial) -> f64 {
        let beside = |boundary: usize| match self.side {
            Side::Below => reference.from(boundary),
            Side::Above => reference.below(boundary),
        };
        self.boundary
            .iter()
            .enumerate()
            .map(|(x, &boundary)| group.at(x) * beside(boundary))
            .sum()
    }
}
