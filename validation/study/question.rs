//! The questions that a verdict asks of two groups, and the grid on which they are tried.

use evenhand::measure::inference::{Comparison, OneSided, Sample, Side};

/// The level of each one-sided test: half of what a 95 % interval leaves out.
pub const ALPHA: f64 = 0.025;

/// Group sizes; all ordered pairs are tried.
pub const SIZES: [usize; 6] = [20, 50, 100, 200, 500, 1000];

/// The true rates of the reference group in percent that are listed; sweeps try each whole percent.
pub const PERCENTS: [usize; 10] = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50];

/// A bound, and the side of it that is a breach.
#[derive(Clone, Copy)]
pub struct Question {
    pub name: &'static str,
    pub comparison: Comparison,
    pub bound: f64,
    pub breach: Side,
}

/// The default bounds, and equality. At equality a ratio and a difference have the same statistic, and "pass" is only
/// the name of the other side.
pub const QUESTIONS: [Question; 5] = [
    Question {
        name: "ratio 0.8",
        comparison: Comparison::Ratio,
        bound: 0.8,
        breach: Side::Below,
    },
    Question {
        name: "ratio 1.25",
        comparison: Comparison::Ratio,
        bound: 1.25,
        breach: Side::Above,
    },
    Question {
        name: "difference -0.1",
        comparison: Comparison::Difference,
        bound: -0.1,
        breach: Side::Below,
    },
    Question {
        name: "difference +0.1",
        comparison: Comparison::Difference,
        bound: 0.1,
        breach: Side::Above,
    },
    Question {
        name: "equality",
        comparison: Comparison::Ratio,
        bound: 1.0,
        breach: Side::Below,
    },
];

impl Question {
    /// The rate of the group that puts it exactly on the bound; `None` if that is no rate.
    pub fn rate_on_bound(&self, reference: f64) -> Option<f64> {
        let rate = match self.comparison {
            Comparison::Ratio => self.bound * reference,
            Comparison::Difference => reference + self.bound,
        };
        (0.0..=1.0).contains(&rate).then_some(rate)
    }

    /// The other bound of a two-sided criterion; none of equality.
    pub fn other_bound(&self) -> Option<&'static Self> {
        let other = |question: &&Self| {
            question.comparison == self.comparison && question.breach != self.breach && question.bound != 1.0
        };
        QUESTIONS.iter().find(other).filter(|_| self.bound != 1.0)
    }

    /// Both one-sided p-values, by the statistic of every verdict.
    pub fn ask(&self, group: Sample, reference: Sample) -> OneSided {
        self.comparison
            .one_sided(group, reference, self.bound, Default::default())
    }
}

/// A group of whole people.
pub fn sample(successes: usize, trials: usize) -> Sample {
    Sample {
        successes: successes as f64,
        trials: trials as f64,
    }
}

/// The smallest expected count of four: successes and failures of either group. Without the noise of binary fractions:
/// 20 people at a rate of 0.35 - 0.1 expect 5.
pub fn smallest_expected(group: (usize, f64), reference: (usize, f64)) -> f64 {
    let smaller = |(n, rate): (usize, f64)| n as f64 * rate.min(1.0 - rate);
    (smaller(group).min(smaller(reference)) * 1e9).round() / 1e9
}
