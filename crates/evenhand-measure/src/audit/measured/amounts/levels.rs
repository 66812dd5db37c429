//! This module is how high amounts are in a group: means and quantiles.

use super::spread::{JACKKNIFE, about_centres, by_buckets, of_mean, over};
use super::{AmountView, Cell, Column, alone};
use crate::amounts::quantile::{Ranks, TAUS, between, clustered_ranks, ranks};
use crate::amounts::{Distribution, Moments, about, logarithms_about};
use crate::audit::measured::{Found, Function};
use crate::inference::estimate::{Estimate, Scale, Spread};
use crate::inference::z_for;

/// The mean.
pub(crate) const MEAN: Function<AmountView> = Function {
    value: |view, group| alone(mean(&view.amounts, view.amount(group))),
    compare: None,
};

/// The geometric mean.
pub(crate) const GEOMETRIC_MEAN: Function<AmountView> = Function {
    value: |view, group| alone(geometric_mean(&view.amounts, view.amount(group))),
    compare: None,
};

/// The median.
pub(crate) const MEDIAN: Function<AmountView> = Function {
    value: |view, group| alone(quantile(view, view.amount(group), 0.5)),
    compare: None,
};

/// The other quantiles.
pub(crate) const QUANTILES: Function<AmountView> = Function {
    value: |view, group| {
        let others = TAUS.into_iter().filter(|tau| *tau != 0.5);
        others
            .map(|tau| (Some(tau.to_string()), quantile(view, view.amount(group), tau)))
            .collect()
    },
    compare: None,
};

pub(super) fn mean(column: &Column, cell: &Cell) -> Found {
    let moments = Moments::of(&cell.numbers).ok_or(super::NO_AMOUNT)?;
    let (spread, method) = if column.is_clustered {
        let spread = by_buckets(
            &[cell],
            |_, numbers| about(numbers, moments.mean),
            |sums| over(sums[1], sums[0]),
        );
        (about_centres(spread, &[moments.mean]), JACKKNIFE)
    } else {
        (of_mean(&moments), "Student's t")
    };
    Ok(Estimate {
        point: moments.mean,
        scale: Scale::Linear,
        spread,
        method,
    })
}

fn geometric_mean(column: &Column, cell: &Cell) -> Found {
    cell.distribution()?;
    let moments = Moments::of_logarithms(&cell.numbers)?;
    let (spread, method) = if column.is_clustered {
        let spread = by_buckets(
            &[cell],
            |_, numbers| logarithms_about(numbers, moments.mean),
            |sums| over(sums[1], sums[0]),
        );
        (about_centres(spread, &[moments.mean]), JACKKNIFE)
    } else {
        (of_mean(&moments), "Student's t of logarithms")
    };
    Ok(Estimate {
        point: moments.mean.exp(),
        scale: Scale::Log,
        spread,
        method,
    })
}

/// A quantile. Its standard error is half the length of its interval over the z of the confidence (Francisco and Fuller,
/// Annals of Statistics 19, 1991, section 3), where several numbers stand together the more by what is not known of them.
fn quantile(view: &AmountView, cell: &Cell, tau: f64) -> Found {
    let numbers = cell.distribution()?;
    let found = numbers.quantile(tau).ok_or("the amounts are too far apart")?;
    let spread = view.ranks(cell, numbers, tau).and_then(|ranks| {
        let ends = between(numbers, ranks);
        let length = (ends.upper - ends.lower).max(0.0);
        let se = length / (2.0 * z_for(view.confidence));
        (se > 0.0).then_some(Spread {
            se,
            freedom: f64::INFINITY,
        })
    });
    Ok(Estimate {
        point: found.point,
        scale: Scale::Linear,
        spread: spread.ok_or_else(|| "there are too few different rows for an interval of this quantile".to_owned()),
        method: if view.amounts.is_clustered {
            "Woodruff, over buckets"
        } else {
            "order statistics"
        },
    })
}

impl AmountView {
    /// The ranks between which a quantile lies.
    pub(super) fn ranks(&self, cell: &Cell, numbers: &Distribution, tau: f64) -> Option<Ranks> {
        if !self.amounts.is_clustered {
            return ranks(numbers.n(), tau, self.confidence);
        }
        let cut = numbers.quantile(tau)?;
        let buckets: Vec<(u64, u64)> = cell
            .buckets
            .values()
            .filter_map(|bucket| bucket.distribution.as_ref())
            .map(|of| (of.n(), of.n() - of.above(cut.high)))
            .collect();
        clustered_ranks(&buckets, tau, self.confidence)
    }
}
