//! This module is the amounts of a group in their order.

use crate::tally::{ALL_BITS, Measured, Numbers};

/// A number that is known to lie between two others: the same ones where every number is kept as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Within {
    /// The best guess.
    pub point: f64,
    /// It is not below this.
    pub low: f64,
    /// Nor above this.
    pub high: f64,
}

impl Within {
    /// A number that is known.
    #[must_use]
    pub fn exactly(point: f64) -> Self {
        Self {
            point,
            low: point,
            high: point,
        }
    }

    /// Whether it is known.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.low == self.high
    }

    pub(super) fn map(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            point: f(self.point, other.point),
            low: f(self.low, other.low),
            high: f(self.high, other.high),
        }
    }

    /// This less another.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self {
            point: self.point - other.point,
            low: self.low - other.high,
            high: self.high - other.low,
        }
    }
}

/// Numbers that stand together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// The lowest that may be among them.
    pub(super) from: f64,
    /// Their mean.
    pub(super) mean: f64,
    /// The highest that may be among them.
    pub(super) until: f64,
    /// How many.
    pub(super) n: u64,
    /// How many are lower.
    pub(super) below: u64,
}

/// The numbers of a group in their order: at least one.
///
/// ```
/// use evenhand_measure::amounts::Distribution;
/// use evenhand_measure::tally::Numbers;
/// let prices = Distribution::exact(&Numbers::of([(20.0, 1), (22.0, 2), (30.0, 1)], 0)).unwrap();
/// assert_eq!(prices.quantile(0.25).unwrap().point, 21.5);
/// assert_eq!(prices.above(22.0), 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    steps: Vec<Step>,
    n: u64,
}

/// The rows of a group above the median of everybody, and the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MedianSplit {
    /// Rows above.
    pub above: u64,
    /// Rows at it or below.
    pub at_most: u64,
}

impl Distribution {
    /// These numbers, all of which are kept as they are; `None` if there is none.
    #[must_use]
    pub fn exact(numbers: &Numbers) -> Option<Self> {
        Self::new(numbers, |from| from)
    }

    /// These numbers of a column; `None` if there is none.
    #[must_use]
    pub fn of(column: &Measured, numbers: &Numbers) -> Option<Self> {
        if column.bits >= ALL_BITS {
            return Self::exact(numbers);
        }
        Self::new(numbers, |from| column.until(from))
    }

    fn new(numbers: &Numbers, until: impl Fn(f64) -> f64) -> Option<Self> {
        let mut below = 0u64;
        let steps: Vec<Step> = numbers
            .bars
            .iter()
            .map(|bar| {
                let until = until(bar.from).max(bar.from);
                let mean = bar.sum.as_ref().map_or(bar.from, |sum| sum.value() / bar.n as f64);
                let step = Step {
                    from: bar.from,
                    mean: mean.clamp(bar.from, until),
                    until,
                    n: bar.n,
                    below,
                };
                below = below.saturating_add(bar.n);
                step
            })
            .collect();
        (below > 0).then_some(Self { steps, n: below })
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many numbers.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Whether every number is kept as it is.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.steps.iter().all(|step| step.from == step.until)
    }

    fn step_of(&self, place: u64) -> &Step {
        let after = self.steps.partition_point(|step| step.below <= place);
        // The first step has nothing below it, so there is one before.
        &self.steps[after.saturating_sub(1)]
    }

    /// The number at a place, counted from 0 for the lowest; the highest for places beyond.
    #[must_use]
    pub fn at(&self, place: u64) -> Within {
        let step = self.step_of(place);
        Within {
            point: step.mean,
            low: step.from,
            high: step.until,
        }
    }

    /// The quantile at `tau`: on the straight line between the two numbers at the places around `(n - 1) tau` (definition
    /// 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50, 1996; what numpy
    /// and R do unless told otherwise). `None` for a `tau` beyond 0 to 1, or where numbers are too far apart to subtract.
    #[must_use]
    pub fn quantile(&self, tau: f64) -> Option<Within> {
        if !(0.0..=1.0).contains(&tau) {
            return None;
        }
        let place = (self.n - 1) as f64 * tau;
        let (lower, part) = (place.floor(), place.fract());
        let lower = lower as u64;
        let found = self.at(lower).map(self.at(lower.saturating_add(1)), |a, b| {
            // From the nearer end, so that the line ends where it should.
            if part < 0.5 {
                a + part * (b - a)
            } else {
                b - (1.0 - part) * (b - a)
            }
        });
        [found.point, found.low, found.high]
            .iter()
            .all(|x| x.is_finite())
            .then_some(found)
    }

    /// How many numbers are above `cut`. Where several numbers stand together, `cut` must not be among them.
    #[must_use]
    pub fn above(&self, cut: f64) -> u64 {
        let first = self.steps.partition_point(|step| step.from <= cut);
        self.steps.get(first).map_or(0, |step| self.n - step.below)
    }

    /// The number that splits these in halves: their median where every number is kept as it is, otherwise the highest
    /// that may stand with it.
    #[must_use]
    pub fn median_cut(&self) -> f64 {
        match self.quantile(0.5) {
            Some(median) if self.is_exact() => median.point,
            _ => self.at((self.n - 1) / 2).high,
        }
    }

    /// The rows above a cut, and the others.
    #[must_use]
    pub fn split(&self, cut: f64) -> MedianSplit {
        let above = self.above(cut);
        MedianSplit {
            above,
            at_most: self.n - above,
        }
    }
}
