//! Practical significance: people instead of p-values.
//!
//! How many people a gap is about, how many decisions would have to go the other way, and two measures of its size that
//! do not grow with the data. Counts are whole and every comparison is made in whole numbers, so that a tie is a tie.

use super::Counts;

#[cfg(test)]
mod tests;

/// How many fewer of group a were selected than at the reference's rate: `n_a p_b - x_a`; negative if more were.
///
/// Oswald, Dunleavy and Shaw (2017). A number of people, not rounded.
pub fn shortfall_at_reference_rate(a: Counts, b: Counts) -> f64 {
    lag(a, b) / b.trials as f64
}

/// How many fewer of group a were selected than if both groups had been selected at their common rate:
/// `n_a (x_a + x_b)/(n_a + n_b) - x_a`; negative if more were. It is the "expected minus actual" of United States
/// courts.
///
/// A number of people, not rounded; nearer to 0 than [`shortfall_at_reference_rate`].
pub fn shortfall_at_common_rate(a: Counts, b: Counts) -> f64 {
    lag(a, b) / (a.trials as f64 + b.trials as f64)
}

/// The fewest selections that would have to go to somebody of group a instead of somebody of group b for the ratio of
/// the rates to reach `numerator / denominator`: the smallest k with
/// `denominator (x_a + k) n_b >= numerator (x_b - k) n_a`. 0 if it is reached already.
///
/// (4, 5) is the four-fifths rule, (1, 1) parity. `None` if it cannot be reached, because group a has too few people
/// (only for a ratio above 1) or the denominator is 0.
pub fn moves_to_ratio(a: Counts, b: Counts, numerator: u64, denominator: u64) -> Option<u64> {
    let reached = |moves: u64| {
        let of_a = u128::from(a.successes + moves) * u128::from(b.trials);
        let of_b = u128::from(b.successes - moves) * u128::from(a.trials);
        times(of_a, denominator) >= times(of_b, numerator)
    };
    let most = b.successes.min(a.trials - a.successes);
    if denominator == 0 || !reached(most) {
        return None;
    }
    // Reached once means reached with every further move.
    let (mut fewest, mut enough) = (0, most);
    while fewest < enough {
        let middle = fewest.midpoint(enough);
        if reached(middle) {
            enough = middle;
        } else {
            fewest = middle + 1;
        }
    }
    Some(enough)
}

/// Whether one selection more for group a and one fewer for group b would end group a's disadvantage:
/// `p_a < p_b` and `(x_a + 1)/n_a >= (x_b - 1)/n_b`.
///
/// A difference that one person can turn around is hardly evidence of anything. False where group a has no
/// disadvantage.
pub fn one_person_decides(a: Counts, b: Counts) -> bool {
    let behind =
        |of_a: u64, of_b: u64| u128::from(of_a) * u128::from(b.trials) < u128::from(of_b) * u128::from(a.trials);
    // Behind means that b has a success and a has a failure.
    behind(a.successes, b.successes) && !behind(a.successes + 1, b.successes - 1)
}

/// Cohen's (1988) h, `2 asin(sqrt p_a) - 2 asin(sqrt p_b)`, from -pi to pi; negative if group a's rate is lower.
///
/// A difference of rates on a scale on which equal steps are equally easy to detect. Exactly 0 for equal rates.
pub fn cohens_h(a: Counts, b: Counts) -> f64 {
    let root = |left: u64, right: u64| (left as f64 * right as f64).sqrt();
    let (fail_a, fail_b) = (a.trials - a.successes, b.trials - b.successes);
    // The angle between the points (sqrt x, sqrt failures): its sine is a difference of roots, which loses no digits
    // when written over their sum.
    let (ahead, behind) = (root(a.successes, fail_b), root(fail_a, b.successes));
    let sine = if ahead + behind == 0.0 {
        0.0
    } else {
        -lag(a, b) / (ahead + behind)
    };
    let cosine = root(a.successes, b.successes) + root(fail_a, fail_b);
    2.0 * sine.atan2(cosine)
}

/// The phi coefficient of the two-by-two table, `(x_a f_b - f_a x_b) / sqrt(n_a n_b X F)` with f the failures and X
/// and F all successes and failures; from -1 to 1, negative if group a's rate is lower. Its square is chi-squared over
/// N.
///
/// `None` when everybody or nobody was selected.
pub fn phi(a: Counts, b: Counts) -> Option<f64> {
    let successes = a.successes as f64 + b.successes as f64;
    let failures = (a.trials - a.successes) as f64 + (b.trials - b.successes) as f64;
    (successes > 0.0 && failures > 0.0).then(|| {
        let (rows, columns) = (a.trials as f64 * b.trials as f64, successes * failures);
        (-lag(a, b) / rows.sqrt() / columns.sqrt()).clamp(-1.0, 1.0)
    })
}

/// The words for the size of an effect. They are Cohen's (1988) conventions for want of anything better, not law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Magnitude {
    /// Below small.
    Negligible,
    /// h from 0.2, phi from 0.1.
    Small,
    /// h from 0.5, phi from 0.3.
    Medium,
    /// h from 0.8, phi from 0.5.
    Large,
}

impl Magnitude {
    /// The word for a value of [`cohens_h`].
    pub fn of_h(h: f64) -> Self {
        Self::among(h, [0.2, 0.5, 0.8])
    }

    /// The word for a value of [`phi`].
    pub fn of_phi(phi: f64) -> Self {
        Self::among(phi, [0.1, 0.3, 0.5])
    }

    /// The word itself.
    pub fn word(self) -> &'static str {
        match self {
            Self::Negligible => "negligible",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    fn among(effect: f64, [small, medium, large]: [f64; 3]) -> Self {
        match effect.abs() {
            size if size >= large => Self::Large,
            size if size >= medium => Self::Medium,
            size if size >= small => Self::Small,
            _ => Self::Negligible,
        }
    }
}

/// `n_a x_b - x_a n_b`, subtracted in whole numbers and then rounded once; above 0 if group a's rate is the lower.
fn lag(a: Counts, b: Counts) -> f64 {
    let at_bs_rate = u128::from(a.trials) * u128::from(b.successes);
    let own = u128::from(a.successes) * u128::from(b.trials);
    if own > at_bs_rate {
        -((own - at_bs_rate) as f64)
    } else {
        (at_bs_rate - own) as f64
    }
}

/// A product of up to 192 bits: its upper 128 and its lower 64, which compare like the number.
fn times(product: u128, factor: u64) -> (u128, u64) {
    let low = u128::from(product as u64) * u128::from(factor);
    let high = (product >> 64) * u128::from(factor) + (low >> 64);
    (high, low as u64)
}
