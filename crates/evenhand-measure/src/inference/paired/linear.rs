//! What each row adds to a share under either of two answers, where the two shares need not be of the same rows.
//!
//! A positive predictive value is a share of the selected, and two models select different people; rows of one customer
//! go together. Both are beyond a table of four cells. To first order a share moves by `(success - share) / trials` with
//! each of its rows; from the products of these come the variances of two shares, and how they go together (Saerndal,
//! Swensson and Wretman 1992, section 5.5). Rows of one unit are added before they are multiplied.

use std::collections::BTreeMap;

use super::super::Comparison;

/// Rows that count alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// How many.
    pub n: u64,
    /// Whether they are successes by the first answer; `None` where they are no trials of its share.
    pub first: Option<bool>,
    /// The same by the second answer.
    pub second: Option<bool>,
    /// The unit that they belong to, where rows repeat.
    pub unit: Option<u32>,
}

/// The two answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The first.
    First,
    /// The second.
    Second,
}

impl Rows {
    fn by(self, answer: Answer) -> Option<bool> {
        match answer {
            Answer::First => self.first,
            Answer::Second => self.second,
        }
    }
}

/// Successes and trials by one answer.
#[must_use]
pub fn counts(rows: &[Rows], answer: Answer) -> (u64, u64) {
    rows.iter()
        .fold((0, 0), |(successes, trials), rows| match rows.by(answer) {
            Some(true) => (successes + rows.n, trials + rows.n),
            Some(false) => (successes, trials + rows.n),
            None => (successes, trials),
        })
}

/// The share of successes by one answer; `None` without trials.
#[must_use]
pub fn share(rows: &[Rows], answer: Answer) -> Option<f64> {
    let (successes, trials) = counts(rows, answer);
    (trials > 0).then(|| successes as f64 / trials as f64)
}

/// By how much each of these rows moves the share of one answer.
fn pull(of: Rows, answer: Answer, share: f64, trials: u64) -> f64 {
    match of.by(answer) {
        None => 0.0,
        Some(success) => (f64::from(u8::from(success)) - share) / trials as f64,
    }
}

/// Sums of squares and of products, over rows or over the units that rows belong to.
#[derive(Default)]
struct Products {
    alone: [f64; 3],
    together: BTreeMap<u32, [f64; 2]>,
}

impl Products {
    fn add(&mut self, of: Rows, [x, y]: [f64; 2]) {
        let n = of.n as f64;
        match of.unit {
            None => {
                self.alone[0] += n * x * x;
                self.alone[1] += n * y * y;
                self.alone[2] += n * x * y;
            }
            Some(unit) => {
                let sums = self.together.entry(unit).or_default();
                sums[0] += n * x;
                sums[1] += n * y;
            }
        }
    }

    fn correlation(&self) -> Option<f64> {
        let [mut xx, mut yy, mut xy] = self.alone;
        for [x, y] in self.together.values() {
            xx += x * x;
            yy += y * y;
            xy += x * y;
        }
        let size = (xx * yy).sqrt();
        (size > 0.0 && size.is_finite()).then(|| (xy / size).clamp(-1.0, 1.0))
    }
}

/// How the disparity of two groups by the first answer goes together with that by the second, without regard to
/// direction: from -1 to 1. `None` where one of them has no variance that could be estimated.
///
/// A disparity that turns round grows where it shrank before, and goes together the other way.
#[must_use]
pub fn correlation(comparison: Comparison, group: &[Rows], reference: &[Rows]) -> Option<f64> {
    let mut products = Products::default();
    let mut directions = [0.0; 2];
    let of = |answer| Some((share(group, answer)?, share(reference, answer)?));
    let shares = [of(Answer::First)?, of(Answer::Second)?];
    for (direction, (a, b)) in directions.iter_mut().zip(shares) {
        *direction = a - b;
    }
    for (rows, is_group) in [(group, true), (reference, false)] {
        let pulls = [(Answer::First, shares[0]), (Answer::Second, shares[1])].map(|(answer, (a, b))| {
            let (share, sign) = if is_group { (a, 1.0) } else { (b, -1.0) };
            let scale = match comparison {
                Comparison::Ratio => sign / share,
                Comparison::Difference => sign,
            };
            let trials = counts(rows, answer).1;
            move |of: Rows| scale * pull(of, answer, share, trials)
        });
        if shares
            .iter()
            .any(|(a, b)| comparison == Comparison::Ratio && a.min(*b) <= 0.0)
        {
            return None;
        }
        for &of in rows {
            products.add(of, [pulls[0](of), pulls[1](of)]);
        }
    }
    let found = products.correlation()?;
    Some(if directions[0] * directions[1] < 0.0 {
        -found
    } else {
        found
    })
}

/// The first share minus the second, and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The difference.
    pub point: f64,
    /// Its standard error.
    pub error: f64,
    /// How many units it was estimated from; `None` where every row is one.
    pub units: Option<usize>,
}

/// The difference of the two shares; `None` where one is undefined. With units its error is by leaving out one of them
/// at a time (Efron 1982, chapter 3), otherwise to first order.
#[must_use]
pub fn difference(rows: &[Rows]) -> Option<Difference> {
    let (first, second) = (share(rows, Answer::First)?, share(rows, Answer::Second)?);
    let [one, other] = [Answer::First, Answer::Second].map(|answer| counts(rows, answer));
    // Of the same number of trials the difference is exact.
    let point = match one.1 == other.1 {
        true => (one.0 as f64 - other.0 as f64) / one.1 as f64,
        false => first - second,
    };
    if rows.iter().any(|rows| rows.unit.is_some()) {
        return jackknife(rows, point);
    }
    let variance: f64 = rows
        .iter()
        .map(|&of| {
            let moved = pull(of, Answer::First, first, one.1) - pull(of, Answer::Second, second, other.1);
            of.n as f64 * moved * moved
        })
        .sum();
    Some(Difference {
        point,
        error: variance.sqrt(),
        units: None,
    })
}

fn jackknife(rows: &[Rows], point: f64) -> Option<Difference> {
    let mut units: BTreeMap<u32, Vec<Rows>> = BTreeMap::new();
    for of in rows {
        units.entry(of.unit.unwrap_or(u32::MAX)).or_default().push(*of);
    }
    let whole = [counts(rows, Answer::First), counts(rows, Answer::Second)];
    let left = |unit: &Vec<Rows>| {
        let without = |answer: Answer, (successes, trials): (u64, u64)| {
            let (own, of) = counts(unit, answer);
            (trials > of).then(|| (successes - own) as f64 / (trials - of) as f64)
        };
        Some(without(Answer::First, whole[0])? - without(Answer::Second, whole[1])?)
    };
    let left: Vec<f64> = units
        .values()
        .filter(|unit| counts(unit, Answer::First).1 + counts(unit, Answer::Second).1 > 0)
        .filter_map(left)
        .collect();
    let count = left.len() as f64;
    let mean = left.iter().sum::<f64>() / count;
    let variance = (count - 1.0) / count * left.iter().map(|one| (one - mean).powi(2)).sum::<f64>();
    (left.len() > 1).then(|| Difference {
        point,
        error: variance.sqrt(),
        units: Some(left.len()),
    })
}

/// How far an interval of a difference reaches from the estimate, where the two estimates reach so far and go together
/// so closely (MOVER with correlation, Zou 2007).
#[must_use]
pub fn reach(first: f64, second: f64, correlation: f64) -> f64 {
    if correlation == 0.0 {
        return first.hypot(second);
    }
    (first * first + second * second - 2.0 * correlation * first * second)
        .max(0.0)
        .sqrt()
}
