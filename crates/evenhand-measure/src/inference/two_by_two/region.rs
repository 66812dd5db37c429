//! The tables that an unconditional test counts as extreme.

use crate::inference::exact::binomial::{LOST_MASS, Window};
use crate::inference::exact::{Counts, Null, nuisance};

/// How far one of Fisher's p-values may be above another, relatively, and still count as equal to it: the walk along
/// the boundary rounds some thousand times. A different p-value this close only raises the result.
const TIE: f64 = 1e-9;

/// Under this, products on the way along the boundary could underflow. The result is at most Fisher's p-value.
const NEGLIGIBLE: f64 = 1e-250;

/// For each outcome of group a, the outcomes of group b that are in.
pub(super) struct Region {
    a: Counts,
    b: Counts,
    /// An outcome of b under this is in.
    below: Vec<u64>,
    /// An outcome of b from this one on is in.
    from: Vec<u64>,
}

impl Region {
    /// All tables whose pooled z is at least as far from 0 as the observed one, on either side.
    ///
    /// The squares are compared as integers, `(x_a n_b - x_b n_a)^2 / (K(N-K))`, so that equal statistics are equal.
    /// `a` must be the smaller group, and its observed rate must differ from that of b.
    pub(super) fn of_pooled_z(a: Counts, b: Counts) -> Self {
        let (n_a, n_b) = (u128::from(a.trials), u128::from(b.trials));
        let total = n_a + n_b;
        let square = |x_a: u128, x_b: u128| (x_a * n_b).abs_diff(x_b * n_a).pow(2);
        let spread = |successes: u128| successes * (total - successes);
        let (x_a, x_b) = (u128::from(a.successes), u128::from(b.successes));
        let observed = (square(x_a, x_b), spread(x_a + x_b));
        let extreme = |x_a: u128, x_b: u128| square(x_a, x_b) * observed.1 >= observed.0 * spread(x_a + x_b);
        // For an outcome of a, z falls as b's successes rise. The first that is not extreme on the upper side of 0
        // moves up with a's outcome.
        let mut first = 0;
        let below: Vec<u64> = (0..=a.trials)
            .map(|of_a| {
                let x_a = u128::from(of_a);
                let mut beyond = b.trials + 1;
                while first < beyond {
                    let middle = first + (beyond - first) / 2;
                    let x_b = u128::from(middle);
                    if x_a * n_b > x_b * n_a && extreme(x_a, x_b) {
                        first = middle + 1;
                    } else {
                        beyond = middle;
                    }
                }
                first
            })
            .collect();
        // Success and failure exchanged, z has the opposite sign: the lower side mirrors the upper one.
        let from = below.iter().rev().map(|mirrored| b.trials + 1 - mirrored).collect();
        Self { a, b, below, from }
    }

    /// All tables whose Fisher p-value for "group a's rate is the lower" is at most the observed one: `less`, of
    /// which `point` is the observed table's part.
    pub(super) fn of_fisher_less(a: Counts, b: Counts, point: f64, less: f64) -> Result<Self, Trivial> {
        let limit = less * (1.0 + TIE);
        if limit >= 1.0 {
            return Err(Trivial::Everything);
        }
        if point < NEGLIGIBLE {
            return Err(Trivial::Nothing);
        }
        let start = Place {
            n_a: a.trials as f64,
            n_b: b.trials as f64,
            x_a: a.successes as f64,
            x_b: b.successes as f64,
            probability: point,
        }
        .lowest_within(limit);
        let outside = b.trials + 1;
        let mut from = vec![outside; a.trials as usize + 1];
        let mut record = |place: Place| {
            if let Some(entry) = from.get_mut(place.x_a as usize) {
                *entry = place.x_b as u64;
            }
        };
        record(start);
        // Fisher's p rises with a's successes and falls with b's, so the boundary never moves back.
        let mut place = start;
        while place.x_a > 0.0 {
            place = place.a_down().lowest_within(limit);
            record(place);
        }
        place = start;
        while place.x_a < place.n_a {
            place = place.a_up();
            while place.fisher_less() > limit && place.x_b < place.n_b {
                place = place.b_up();
            }
            if place.fisher_less() > limit {
                break;
            }
            record(place);
        }
        let below = vec![0; from.len()];
        Ok(Self { a, b, below, from })
    }

    /// The probability of the region when both groups have this rate. The mass that the windows lack is added.
    pub(super) fn probability(&self, rate: f64, (of_a, of_b): &mut (Window, Window)) -> f64 {
        of_a.fill(self.a.trials, rate);
        of_b.fill(self.b.trials, rate);
        of_b.accumulate();
        let first = of_a.first as usize;
        let bounds = self.below.iter().zip(&self.from).skip(first);
        let sum: f64 = bounds
            .zip(&of_a.weights)
            .map(|((&below, &from), weight)| weight * (of_b.below(below).0 + of_b.below(from).1))
            .sum();
        (sum + 2.0 * LOST_MASS).min(1.0)
    }

    /// The largest probability over the common rates in `range`.
    pub(super) fn supremum(&self, range: (f64, f64)) -> f64 {
        let mut scratch = (Window::default(), Window::default());
        nuisance::supremum(self.a, self.b, Null::Difference(0.0), range, |rate| {
            self.probability(rate, &mut scratch)
        })
    }
}

/// A region that need not be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trivial {
    /// It holds every table.
    Everything,
    /// It holds too little to matter.
    Nothing,
}

/// A table on the way along the boundary, and its probability given its margins.
#[derive(Debug, Clone, Copy)]
struct Place {
    n_a: f64,
    n_b: f64,
    x_a: f64,
    x_b: f64,
    probability: f64,
}

impl Place {
    /// The table with one success more in a.
    fn a_up(self) -> Self {
        let successes = self.x_a + self.x_b;
        let ratio = (self.n_a - self.x_a) * (successes + 1.0) / ((self.x_a + 1.0) * (self.n_a + self.n_b - successes));
        Self {
            x_a: self.x_a + 1.0,
            probability: self.probability * ratio,
            ..self
        }
    }

    /// The table with one success more in b.
    fn b_up(self) -> Self {
        self.exchanged().a_up().exchanged()
    }

    /// The table with one success less in a: with failures for successes, one more.
    fn a_down(self) -> Self {
        self.reflected().a_up().reflected()
    }

    /// The table with one success less in b.
    fn b_down(self) -> Self {
        self.exchanged().a_down().exchanged()
    }

    fn exchanged(self) -> Self {
        Self {
            n_a: self.n_b,
            n_b: self.n_a,
            x_a: self.x_b,
            x_b: self.x_a,
            ..self
        }
    }

    fn reflected(self) -> Self {
        Self {
            x_a: self.n_a - self.x_a,
            x_b: self.n_b - self.x_b,
            ..self
        }
    }

    /// The table with the fewest successes in b, from this one down, whose p-value is within the limit.
    fn lowest_within(self, limit: f64) -> Self {
        let mut place = self;
        while place.x_b > 0.0 {
            let next = place.b_down();
            if next.fisher_less() > limit {
                break;
            }
            place = next;
        }
        place
    }

    /// Fisher's p-value of the table for "less": the sum of the shorter tail, or what it leaves of 1.
    fn fisher_less(self) -> f64 {
        let successes = self.x_a + self.x_b;
        if self.x_a * (self.n_a + self.n_b) <= self.n_a * successes {
            self.lower_tail()
        } else {
            // The upper tail without this table: groups exchanged, a's outcomes above x_a are b's below x_b.
            1.0 - (self.exchanged().lower_tail() - self.probability)
        }
    }

    /// P(X <= x_a), by the recurrence downward.
    fn lower_tail(self) -> f64 {
        let successes = self.x_a + self.x_b;
        let (mut x, mut term, mut sum) = (self.x_a, self.probability, self.probability);
        loop {
            let ratio = x * (self.n_b - successes + x) / ((self.n_a - x + 1.0) * (successes - x + 1.0));
            if term * ratio <= 1e-17 * sum * (1.0 - ratio) {
                return sum;
            }
            term *= ratio;
            sum += term;
            x -= 1.0;
        }
    }
}
