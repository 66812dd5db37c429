//! Fisher's hypergeometric distribution, central and noncentral.
//!
//! Two groups of fixed sizes hold a fixed number of successes between them. How many of those fall to the first group
//! follows this distribution when the odds of success in the first group are `odds` times those in the second (Fisher
//! 1935). At odds 1 it is the ordinary hypergeometric distribution.
//!
//! Probabilities are built by the recurrence from the most likely outcome outward, each step one factor, and divided
//! by their sum. There are no factorials, whose logarithms would lose eight digits at a million trials; and a tail is
//! a sum of its own terms, never 1 minus the rest, so it keeps its digits down to 1e-300.
//!
//! What is lost: each direction stops when all that could follow is under 1e-17 of the sum it would be added to; and a
//! probability under 2e-308 of the most likely one counts as 0.

use std::cmp::Ordering;

#[cfg(test)]
mod tests;

/// The share of a sum that may be left out at its end; far below the rounding of the sum.
const LOST_SHARE: f64 = 1e-17;

/// How much more likely than the observed outcome another may be and still count as no likelier: 1e-7, as in R's
/// `fisher.test`, so that rounding does not part outcomes of the same probability.
const LIKELIER: f64 = 1e-7;

/// The distribution of the first group's successes, all margins of the table being fixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hypergeometric {
    trials_a: f64,
    /// All trials of the second group less all successes; negative if there are more successes than that.
    spare_b: f64,
    successes: f64,
    odds: f64,
    lowest: u64,
    highest: u64,
    mode: u64,
}

/// The probabilities of fewer successes than some number, of exactly as many, and of more; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// P(X < x).
    pub below: f64,
    /// P(X = x).
    pub at: f64,
    /// P(X > x).
    pub above: f64,
}

impl Split {
    /// P(X <= x).
    pub fn at_most(self) -> f64 {
        (self.below + self.at).min(1.0)
    }

    /// P(X >= x).
    pub fn at_least(self) -> f64 {
        (self.above + self.at).min(1.0)
    }
}

impl Hypergeometric {
    /// The distribution for groups of `trials_a` and `trials_b` with `successes` in both together, or `None` if there
    /// are more successes than trials, or if `odds` is negative or NaN.
    ///
    /// At odds 0 all mass is on the lowest outcome, at infinite odds on the highest. Counts above 2^53 are rounded.
    pub fn new(trials_a: u64, trials_b: u64, successes: u64, odds: f64) -> Option<Self> {
        let total = u128::from(trials_a) + u128::from(trials_b);
        let valid = u128::from(successes) <= total && odds >= 0.0;
        valid.then(|| Self::with(trials_a, trials_b, successes, odds))
    }

    /// The distribution, for `successes` and `odds` that [`Hypergeometric::new`] would accept.
    pub(super) fn with(trials_a: u64, trials_b: u64, successes: u64, odds: f64) -> Self {
        let mut distribution = Self {
            trials_a: trials_a as f64,
            spare_b: trials_b as f64 - successes as f64,
            successes: successes as f64,
            odds,
            lowest: successes.saturating_sub(trials_b),
            highest: successes.min(trials_a),
            mode: 0,
        };
        distribution.mode = distribution.find_mode();
        distribution
    }

    /// The fewest successes that the first group can have: `max(0, successes - trials_b)`.
    pub fn lowest(&self) -> u64 {
        self.lowest
    }

    /// The most that it can have: `min(successes, trials_a)`.
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// The distribution split at an outcome. An outcome outside the support has probability 0.
    ///
    /// The cost is that of the outcomes within some eight standard deviations of the most likely one, or between it
    /// and `outcome` if that is farther: a few nanoseconds each. The standard deviation is at most a quarter of the
    /// square root of all trials, and at most half the square root of the smallest margin.
    pub fn split(&self, outcome: u64) -> Split {
        let Split { below, at, above } = self.weights(outcome);
        let total = below + at + above;
        Split {
            below: below / total,
            at: at / total,
            above: above / total,
        }
    }

    /// P(X = outcome).
    pub fn probability(&self, outcome: u64) -> f64 {
        self.split(outcome).at
    }

    /// The probability of all outcomes that are no likelier than this one: Fisher's two-sided p-value by likelihood
    /// ("minlike"). Outcomes up to 1e-7 likelier than it, relatively, are counted in.
    pub fn no_likelier_than(&self, outcome: u64) -> f64 {
        let Split { below, at, above } = self.weights(outcome);
        let limit = at * (1.0 + LIKELIER);
        if limit >= 1.0 {
            return 1.0;
        }
        // Nothing that is met on the way outward is as unlikely as that.
        if at == 0.0 {
            return 0.0;
        }
        let in_direction = |up: bool| {
            let mut sum = 0.0;
            self.outward(up, |step| {
                if step.weight <= limit {
                    sum += step.weight;
                    step.rest_is_within(LOST_SHARE * sum)
                } else {
                    false
                }
            });
            sum
        };
        ((in_direction(true) + in_direction(false)) / (below + at + above)).min(1.0)
    }

    /// The mean number of successes in the first group; rises with the odds.
    pub fn mean(&self) -> f64 {
        let (mut total, mut distance) = (1.0, 0.0);
        for up in [true, false] {
            let (mut sum, mut moment) = (0.0, 0.0);
            self.outward(up, |step| {
                let away = step.outcome.abs_diff(self.mode) as f64;
                sum += step.weight;
                moment += step.weight * away;
                step.rest_is_within(LOST_SHARE * sum / away)
            });
            total += sum;
            distance += if up { moment } else { -moment };
        }
        self.mode as f64 + distance / total
    }

    /// The three parts of a split, in units of the probability of the mode.
    fn weights(&self, outcome: u64) -> Split {
        let mut parts = Split {
            below: 0.0,
            at: 0.0,
            above: 0.0,
        };
        *parts.holding(self.mode, outcome) += 1.0;
        let is_beyond_reach = self.is_beyond_reach(outcome);
        for up in [true, false] {
            self.outward(up, |step| {
                let sum = parts.holding(step.outcome, outcome);
                *sum += step.weight;
                // All that follows belongs to the same part only once the outcome has been passed.
                let passed = if up {
                    step.outcome > outcome
                } else {
                    step.outcome < outcome
                };
                (passed || is_beyond_reach) && step.rest_is_within(LOST_SHARE * *sum)
            });
        }
        parts
    }

    /// Whether the outcome is certainly so unlikely that its probability, and all beyond it, count as 0; some that are
    /// may be missed. Ratios fall outward, so each of the farther half of the steps to it is at most that halfway.
    fn is_beyond_reach(&self, outcome: u64) -> bool {
        let steps = outcome.abs_diff(self.mode) / 2;
        let up = outcome > self.mode;
        let halfway = if up { self.mode + steps } else { self.mode - steps };
        steps as f64 * self.ratio(halfway, up).ln() < f64::MIN_POSITIVE.ln()
    }

    /// Visits the outcomes on one side of the mode, from the nearest on, until `visit` says that it is done.
    fn outward(&self, up: bool, mut visit: impl FnMut(Step) -> bool) {
        let (mut outcome, mut weight) = (self.mode, 1.0);
        let mut ratio = self.ratio(outcome, up);
        // The ratio is 0 at the end of the support. It is no number where odds of 0 or infinity meet that end.
        while weight * ratio >= f64::MIN_POSITIVE {
            weight *= ratio;
            outcome = if up { outcome + 1 } else { outcome - 1 };
            ratio = self.ratio(outcome, up);
            if visit(Step { outcome, weight, ratio }) {
                return;
            }
        }
    }

    /// The probability of the next outcome in a direction, relative to this one's.
    fn ratio(&self, outcome: u64, up: bool) -> f64 {
        let x = outcome as f64;
        if up {
            self.odds * ((self.trials_a - x) * (self.successes - x)) / ((x + 1.0) * (self.spare_b + x + 1.0))
        } else {
            x * (self.spare_b + x) / (self.odds * ((self.trials_a - x + 1.0) * (self.successes - x + 1.0)))
        }
    }

    /// The most likely outcome: the last one that is at least as likely as the one before.
    fn find_mode(&self) -> u64 {
        let (own, other) = weights_of(self.odds);
        let even = balance(own, other, self.spare_b, self.trials_a + 1.0, self.successes + 1.0);
        let mut mode = (even.floor() as u64).clamp(self.lowest, self.highest);
        // Rounding may have missed it by one.
        while mode < self.highest && self.ratio(mode, true) > 1.0 {
            mode += 1;
        }
        while mode > self.lowest && self.ratio(mode, false) > 1.0 {
            mode -= 1;
        }
        mode
    }
}

impl Split {
    /// The part that an outcome belongs to when the split is at `point`.
    fn holding(&mut self, outcome: u64, point: u64) -> &mut f64 {
        match outcome.cmp(&point) {
            Ordering::Less => &mut self.below,
            Ordering::Equal => &mut self.at,
            Ordering::Greater => &mut self.above,
        }
    }
}

/// An outcome met on the way outward.
struct Step {
    outcome: u64,
    /// Its probability relative to the mode's.
    weight: f64,
    /// The next outcome's probability relative to this one's.
    ratio: f64,
}

impl Step {
    /// Whether everything beyond this outcome sums to less than `share`. The ratios fall outward, so a geometric
    /// series bounds it.
    fn rest_is_within(&self, share: f64) -> bool {
        self.weight * self.ratio < share * (1.0 - self.ratio)
    }
}

/// Odds as a pair of weights, `second / first`, the larger of which is 1: products with them cannot overflow.
pub(super) fn weights_of(odds: f64) -> (f64, f64) {
    (1.0 / odds.max(1.0), odds.min(1.0))
}

/// The count `c` between its limits with `own * c (c + gap) = other * (row - c)(column - c)`: the count in a cell of a
/// table with these margins whose odds ratio is `other / own`; `c + gap` is the count in the opposite cell.
pub(super) fn balance(own: f64, other: f64, gap: f64, row: f64, column: f64) -> f64 {
    if row <= 0.0 || column <= 0.0 {
        return 0.0;
    }
    let corner = (-gap).max(0.0);
    let root = discriminant(
        (own, other),
        [
            corner,
            (row - corner).max(0.0),
            (column - corner).max(0.0),
            gap.max(0.0),
        ],
    )
    .sqrt();
    let linear = own * gap + other * (row + column);
    // Of the two forms of the solution, the one that adds.
    if linear >= 0.0 {
        2.0 * other * row * column / (linear + root)
    } else {
        (root - linear) / (2.0 * (own - other))
    }
}

/// The discriminant of the quadratic equation for the shift that gives a table `[a, b, c, d]` the odds ratio
/// `other / own`. Written with squares of differences and products only, it has nothing to cancel.
pub(super) fn discriminant((own, other): (f64, f64), [a, b, c, d]: [f64; 4]) -> f64 {
    let mixed = (a + d) * (b + c) + 2.0 * (b * c + a * d);
    (own * (a - d)).powi(2) + (other * (b - c)).powi(2) + 2.0 * own * other * mixed
}
