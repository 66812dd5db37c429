//! This module is how far the amounts of a group lie from the true ones.

use super::gaps::means;
use super::levels::mean;
use super::shares::{compare, share};
use super::spread::{JACKKNIFE, by_buckets, of_gap, of_mean, over};
use super::{AmountView, Cell, Column, alone};
use crate::amounts::errors::Errors;
use crate::amounts::{Moments, cautious_gap};
use crate::audit::measured::{Found, Function};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale, Spread};
use crate::tally::Numbers;

const NO_ERROR: &str = "no row of the group has both an amount and a true one";
const UNSIGNED: &str = "the errors are too far apart to know their signs";

/// The value of a measure of errors, where they are known.
fn value(
    view: &AmountView,
    group: Option<usize>,
    found: impl Fn(&Column, &Cell) -> Found,
) -> Vec<(Option<String>, Found)> {
    let Some(column) = &view.errors else { return Vec::new() };
    let cell = column.cell(group);
    alone(if cell.numbers.n() == 0 {
        Err(NO_ERROR.to_owned())
    } else {
        found(column, cell)
    })
}

/// The same of two groups.
fn pair(
    view: &AmountView,
    (group, reference): (usize, usize),
    found: impl Fn(&Column, &Cell, &Cell) -> Found,
) -> Found {
    let column = view.errors.as_ref().ok_or("the true amounts are not known")?;
    let (one, two) = (column.cell(Some(group)), column.cell(Some(reference)));
    if one.numbers.n() == 0 || two.numbers.n() == 0 {
        return Err(NO_ERROR.to_owned());
    }
    found(column, one, two)
}

/// The mean error, with its sign.
pub(crate) const MEAN_ERROR: Function<AmountView> = Function {
    value: |view, group| value(view, group, mean),
    compare: Some(|view, group, reference, comparison| {
        pair(view, (group, reference), |column, one, two| match comparison {
            Comparison::Difference => means(column.is_clustered, one, two),
            Comparison::Ratio => Err("errors with a sign have no ratio".to_owned()),
        })
    }),
};

/// The share of rows whose amount is too high.
pub(crate) const OVERESTIMATED: Function<AmountView> = Function {
    value: |view, group| value(view, group, |column, cell| signed(column, cell, over_count)),
    compare: Some(|view, group, reference, comparison| {
        pair(view, (group, reference), |column, one, two| {
            signs_known(&[one, two])?;
            compare(column, (one, two), comparison, over_count)
        })
    }),
};

/// The share of rows whose amount is too low.
pub(crate) const UNDERESTIMATED: Function<AmountView> = Function {
    value: |view, group| value(view, group, |column, cell| signed(column, cell, under_count)),
    compare: Some(|view, group, reference, comparison| {
        pair(view, (group, reference), |column, one, two| {
            signs_known(&[one, two])?;
            compare(column, (one, two), comparison, under_count)
        })
    }),
};

fn over_count(numbers: &Numbers) -> u64 {
    Errors::of(numbers).map_or(0, |errors| errors.over)
}

fn under_count(numbers: &Numbers) -> u64 {
    Errors::of(numbers).map_or(0, |errors| errors.under)
}

fn signs_known(cells: &[&Cell]) -> Result<(), String> {
    let known = cells.iter().all(|cell| Errors::of(&cell.numbers).is_some());
    known.then_some(()).ok_or_else(|| UNSIGNED.to_owned())
}

fn signed(column: &Column, cell: &Cell, part: fn(&Numbers) -> u64) -> Found {
    signs_known(&[cell])?;
    share(column, cell, part)
}

/// The mean of the errors without their signs.
pub(crate) const MEAN_ABSOLUTE_ERROR: Function<AmountView> = Function {
    value: |view, group| {
        value(view, group, |column, cell| {
            let moments = absolute(cell)?;
            let (spread, method) = if column.is_clustered {
                let spread = by_buckets(&[cell], |_, numbers| sums(numbers), |sums| over(sums[1], sums[0]));
                (spread, JACKKNIFE)
            } else {
                (of_mean(&moments), "Student's t")
            };
            Ok(Estimate {
                point: moments.mean,
                scale: Scale::Linear,
                spread,
                method,
            })
        })
    },
    compare: Some(|view, group, reference, comparison| {
        pair(view, (group, reference), |column, one, two| {
            compare_absolute(column, one, two, comparison)
        })
    }),
};

/// The root of the mean square.
pub(crate) const ROOT_MEAN_SQUARED_ERROR: Function<AmountView> = Function {
    value: |view, group| {
        value(view, group, |column, cell| {
            let errors = Errors::of(&cell.numbers).ok_or(UNSIGNED)?;
            let spread = if column.is_clustered {
                by_buckets(
                    &[cell],
                    |_, numbers| sums(numbers),
                    |sums| over(sums[2], sums[0]).map(f64::sqrt),
                )
            } else {
                Err("it takes fourth powers, which are not counted; name what rows belong to with a cluster".to_owned())
            };
            Ok(Estimate {
                point: errors.root_mean_square,
                scale: Scale::Linear,
                spread,
                method: JACKKNIFE,
            })
        })
    },
    compare: None,
};

/// How many errors there are, the sum of them without their signs, and of their squares.
fn sums(numbers: &Numbers) -> [f64; 3] {
    let n = numbers.n() as f64;
    let absolute = Errors::of(numbers).map_or(0.0, |errors| errors.mean_absolute * n);
    [n, absolute, numbers.sums.squares.value()]
}

/// The moments of the errors without their signs: their squares are those of the errors.
fn absolute(cell: &Cell) -> Result<Moments, String> {
    let errors = Errors::of(&cell.numbers).ok_or(UNSIGNED)?;
    let n = errors.n as f64;
    let (mean, square) = (errors.mean_absolute, errors.root_mean_square.powi(2));
    Ok(Moments {
        n: errors.n,
        mean,
        variance: (errors.n > 1).then(|| (square - mean * mean).max(0.0) * n / (n - 1.0)),
    })
}

fn compare_absolute(column: &Column, one: &Cell, two: &Cell, comparison: Comparison) -> Found {
    let (a, b) = (absolute(one)?, absolute(two)?);
    let is_ratio = comparison == Comparison::Ratio;
    if is_ratio && (a.mean <= 0.0 || b.mean <= 0.0) {
        return Err("a group has no error at all, so there is no ratio".to_owned());
    }
    let (spread, method) = if column.is_clustered {
        let spread = by_buckets(
            &[one, two],
            |_, numbers| sums(numbers),
            |sums| {
                let (a, b) = (over(sums[1], sums[0])?, over(sums[4], sums[3])?);
                if is_ratio {
                    (a > 0.0 && b > 0.0).then(|| (a / b).ln())
                } else {
                    Some(a - b)
                }
            },
        );
        (spread, JACKKNIFE)
    } else if is_ratio {
        // The logarithm of a mean varies as the mean does, over the mean: Welch's t of means that are both 1.
        let relative = |of: &Moments| Moments {
            n: of.n,
            mean: 1.0,
            variance: of.variance.map(|variance| variance / (of.mean * of.mean)),
        };
        let spread: Result<Spread, String> = cautious_gap(&relative(&a), &relative(&b)).map(of_gap);
        (spread, "Welch's t, by the delta method")
    } else {
        (cautious_gap(&a, &b).map(of_gap), "Welch's t")
    };
    Ok(Estimate {
        point: if is_ratio { a.mean / b.mean } else { a.mean - b.mean },
        scale: if is_ratio { Scale::Log } else { Scale::Linear },
        spread,
        method,
    })
}
