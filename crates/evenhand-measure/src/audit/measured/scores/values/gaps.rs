//! This module is how far the scores of groups lie apart, whatever happened.

use super::super::{Rows, ScoreView};
use super::{Sums, Values, of_gap, one, reported};
use crate::amounts::distance::{kolmogorov_smirnov, wasserstein};
use crate::amounts::{Denominator, Distribution, Moments, Smd};
use crate::audit::measured::{Found, Function};
use crate::inference::Comparison;
use crate::inference::estimate::Scale;
use crate::tally::Numbers;

/// The mean difference in standard deviations.
pub(crate) const STANDARDIZED: Function<ScoreView> = Function {
    value: standardized_value,
    compare: Some(standardized_gap),
};

/// Hedges' g of a group against everybody else, by n, mean and squares.
fn standardized_value(view: &ScoreView, group: Option<usize>) -> Values {
    let Some(group) = group else { return Vec::new() };
    let part = &view.groups[group];
    one(standardized(&part.all, &part.others.all()).map(|smd| {
        if view.is_clustered {
            reported("it is not computed for rows that repeat", smd.g)
        } else {
            of_gap(smd.gap(), "hedges-olkin")
        }
    }))
}

fn standardized(one: &Numbers, other: &Numbers) -> Result<Smd, String> {
    let none = || "there is no row with a score".to_owned();
    let (one, other) = (Moments::of(one).ok_or_else(none)?, Moments::of(other).ok_or_else(none)?);
    Smd::new(&one, &other, Denominator::Pooled).map_err(|_| {
        if one.n < 2 || other.n < 2 {
            "a group has fewer than two scores".to_owned()
        } else {
            "the scores of each group are all the same".to_owned()
        }
    })
}

fn standardized_gap(view: &ScoreView, group: usize, reference: usize, _: Comparison) -> Found {
    let (one, other) = (&view.groups[group], &view.groups[reference]);
    let smd = standardized(&one.all, &other.all)?;
    if !view.is_clustered {
        return Ok(of_gap(smd.gap(), "hedges-olkin"));
    }
    // About the mean of both, so that squares of large scores do not swallow the spread.
    let middle = match (Moments::of(&one.all), Moments::of(&other.all)) {
        (Some(one), Some(other)) => f64::midpoint(one.mean, other.mean),
        _ => 0.0,
    };
    let sums = |rows: &Rows| {
        let all = rows.all();
        let n = all.n() as f64;
        let sum = all.sums.sum.value();
        let squares = all.sums.squares.value() - 2.0 * middle * sum + n * middle * middle;
        vec![n, sum - n * middle, squares]
    };
    let g = |sums: &[f64]| {
        let of = |sums: &[f64]| {
            let (n, mean) = (sums[0], sums[1] / sums[0]);
            Moments {
                n: n as u64,
                mean,
                variance: (n > 1.0).then(|| ((sums[2] - n * mean * mean) / (n - 1.0)).max(0.0)),
            }
        };
        let smd = Smd::new(&of(&sums[..3]), &of(&sums[3..]), Denominator::Pooled);
        smd.ok().map(|smd| smd.g)
    };
    Ok(Sums::of(one, sums)
        .beside(&Sums::of(other, sums))
        .estimate(smd.g, Scale::Linear, g))
}

/// How far the scores of a group and of everybody else lie apart, as distributions.
pub(crate) const DISTANCE: Function<ScoreView> = Function {
    value: distances,
    compare: None,
};

fn distances(view: &ScoreView, group: Option<usize>) -> Values {
    let Some(group) = group else { return Vec::new() };
    let part = &view.groups[group];
    let of = |numbers| Distribution::of(&view.kept, numbers);
    let both = of(&part.all).zip(of(&part.others.all()));
    let why = "it is never below 0, so chance alone puts it above";
    let found = |of: &dyn Fn(&Distribution, &Distribution) -> Option<f64>| match &both {
        None => Err("there is no row with a score".to_owned()),
        Some((own, others)) => of(own, others)
            .map(|distance| reported(why, distance))
            .ok_or_else(|| "scores are too far apart to subtract".to_owned()),
    };
    vec![
        (
            Some("kolmogorov-smirnov".to_owned()),
            found(&|own, others| Some(kolmogorov_smirnov(own, others).d)),
        ),
        (
            Some("wasserstein".to_owned()),
            found(&|own, others| wasserstein(own, others).map(|found| found.total())),
        ),
    ]
}
