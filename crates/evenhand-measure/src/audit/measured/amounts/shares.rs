//! This module is the share of a group with amounts above a number, or with errors of one sign.

use super::spread::{JACKKNIFE, by_buckets, over};
use super::{AmountView, Cell, Column, NO_AMOUNT, alone};
use crate::audit::measured::{Found, Function};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale, Spread};
use crate::tally::Numbers;

/// The share above the median of everybody.
pub(crate) const ABOVE_MEDIAN: Function<AmountView> = Function {
    value: |view, group| alone(beside_median(view, group, true)),
    compare: Some(|view, group, reference, comparison| compare_median(view, (group, reference), true, comparison)),
};

/// The share at the median of everybody or below.
pub(crate) const BELOW_MEDIAN: Function<AmountView> = Function {
    value: |view, group| alone(beside_median(view, group, false)),
    compare: Some(|view, group, reference, comparison| compare_median(view, (group, reference), false, comparison)),
};

/// How many of some numbers are above a cut, or not above it.
fn counted(numbers: &Numbers, cut: f64, above: bool) -> u64 {
    let is_above = numbers.bars.iter().filter(|bar| (bar.from > cut) == above);
    is_above.map(|bar| bar.n).sum()
}

fn beside_median(view: &AmountView, group: Option<usize>, above: bool) -> Found {
    let cut = view.amounts.median.ok_or(NO_AMOUNT)?;
    share(&view.amounts, view.amount(group), |numbers| {
        counted(numbers, cut, above)
    })
}

fn compare_median(view: &AmountView, (group, reference): (usize, usize), above: bool, comparison: Comparison) -> Found {
    let cut = view.amounts.median.ok_or(NO_AMOUNT)?;
    let cells = (view.amount(Some(group)), view.amount(Some(reference)));
    compare(&view.amounts, cells, comparison, |numbers| counted(numbers, cut, above))
}

/// The share of a group's rows that `part` counts.
pub(super) fn share(column: &Column, cell: &Cell, part: impl Fn(&Numbers) -> u64) -> Found {
    let (x, n) = (part(&cell.numbers) as f64, cell.numbers.n() as f64);
    let point = over(x, n).ok_or(NO_AMOUNT)?;
    let (spread, method) = if column.is_clustered {
        let spread = by_buckets(
            &[cell],
            |_, numbers| [numbers.n() as f64, part(numbers) as f64],
            |sums| over(sums[1], sums[0]),
        );
        (spread, JACKKNIFE)
    } else {
        // Agresti and Coull's two more of each kind keep a share of 0 or 1 from looking certain.
        let middle = (x + 2.0) / (n + 4.0);
        (
            Ok(normal((middle * (1.0 - middle) / (n + 4.0)).sqrt())),
            "Wald, variance by Agresti and Coull",
        )
    };
    Ok(Estimate {
        point,
        scale: Scale::Linear,
        spread,
        method,
    })
}

/// Two such shares compared.
pub(super) fn compare(
    column: &Column,
    (one, two): (&Cell, &Cell),
    comparison: Comparison,
    part: impl Fn(&Numbers) -> u64,
) -> Found {
    let (x, n) = (part(&one.numbers) as f64, one.numbers.n() as f64);
    let (y, m) = (part(&two.numbers) as f64, two.numbers.n() as f64);
    let (p, q) = (over(x, n).ok_or(NO_AMOUNT)?, over(y, m).ok_or(NO_AMOUNT)?);
    let of = |sums: &[f64]| -> Option<f64> {
        let (p, q) = (over(sums[1], sums[0])?, over(sums[3], sums[2])?);
        match comparison {
            Comparison::Difference => Some(p - q),
            Comparison::Ratio => (p > 0.0 && q > 0.0).then(|| (p / q).ln()),
        }
    };
    let clustered = || {
        let spread = by_buckets(&[one, two], |_, numbers| [numbers.n() as f64, part(numbers) as f64], of);
        (spread, JACKKNIFE)
    };
    let (point, scale, (spread, method)) = match comparison {
        Comparison::Difference => {
            let by_rows = || {
                // Agresti and Caffo: one more of each kind in both groups.
                let variance = |x: f64, n: f64| {
                    let middle = (x + 1.0) / (n + 2.0);
                    middle * (1.0 - middle) / (n + 2.0)
                };
                let se = (variance(x, n) + variance(y, m)).sqrt();
                (Ok(normal(se)), "Wald, variance by Agresti and Caffo")
            };
            let spread = if column.is_clustered { clustered() } else { by_rows() };
            (p - q, Scale::Linear, spread)
        }
        Comparison::Ratio if p <= 0.0 || q <= 0.0 => {
            return Err("nobody of a group is on this side, so there is no ratio".to_owned());
        }
        Comparison::Ratio => {
            let by_rows = || {
                // Half a row more (Walter 1975) keeps a share of 1 from looking certain.
                let variance = |x: f64, n: f64| 1.0 / (x + 0.5) - 1.0 / (n + 1.0);
                (
                    Ok(normal((variance(x, n) + variance(y, m)).sqrt())),
                    "Katz, with half a row more",
                )
            };
            let spread = if column.is_clustered { clustered() } else { by_rows() };
            (p / q, Scale::Log, spread)
        }
    };
    Ok(Estimate {
        point,
        scale,
        spread,
        method,
    })
}

fn normal(se: f64) -> Spread {
    Spread {
        se,
        freedom: f64::INFINITY,
    }
}
