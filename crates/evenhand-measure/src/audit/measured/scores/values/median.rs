//! This module is who scores above the median of everybody.

use super::super::{Part, ScoreView};
use super::{Sums, Values, ratio};
use crate::audit::measured::{Found, Function};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale};
use crate::scores::median::Median;

/// The scoring rate.
pub(crate) const SCORING_RATE: Function<ScoreView> = Function {
    value: scoring_rates,
    compare: Some(scoring_ratio),
};

/// Of everybody, and of those whose group is known.
fn scoring_rates(view: &ScoreView, group: Option<usize>) -> Values {
    let settings = [None, Some("known-groups".to_owned())];
    let part = view.part(group);
    let of = |median: &Option<Median>| {
        let (above, n) = above(part, median.as_ref())?;
        let rate = above / n;
        if view.is_clustered {
            let sums = above_sums(part, median.as_ref());
            return Ok(sums.estimate(rate, Scale::Linear, ratio));
        }
        Ok(Estimate::new(
            rate,
            Scale::Linear,
            (rate * (1.0 - rate) / n).sqrt(),
            f64::INFINITY,
            "wald",
        ))
    };
    settings.into_iter().zip(view.medians.iter().map(of)).collect()
}

fn above(part: &Part, median: Option<&Median>) -> Result<(f64, f64), String> {
    let median = median.ok_or("there is no row with a score")?;
    let found = median.above(&part.all);
    match () {
        () if found.n == 0 => Err("there is no row with a score".to_owned()),
        () if found.open > 0 => Err(format!(
            "{} rows fall together with the median, above or below it",
            found.open
        )),
        () => Ok((found.above as f64, found.n as f64)),
    }
}

fn above_sums(part: &Part, median: Option<&Median>) -> Sums {
    Sums::of(part, |rows| {
        let found = median.map(|median| median.above(&rows.all()));
        found.map_or_else(|| vec![0.0, 0.0], |found| vec![found.above as f64, found.n as f64])
    })
}

fn scoring_ratio(view: &ScoreView, group: usize, reference: usize, _: Comparison) -> Found {
    let median = view.medians[0].as_ref();
    let (one, other) = (&view.groups[group], &view.groups[reference]);
    let ((x, n), (y, m)) = (above(one, median)?, above(other, median)?);
    if x == 0.0 || y == 0.0 {
        return Err("nobody of one of the two groups scores above the median".to_owned());
    }
    let point = (x / n) / (y / m);
    if view.is_clustered {
        let sums = above_sums(one, median).beside(&above_sums(other, median));
        return Ok(sums.estimate(point, Scale::Log, |sums| {
            let ratio = ratio(&sums[..2])? / ratio(&sums[2..])?;
            (ratio > 0.0).then(|| ratio.ln())
        }));
    }
    // Katz, Baptista, Azen and Pike 1978.
    let se = (1.0 / x - 1.0 / n + 1.0 / y - 1.0 / m).max(0.0).sqrt();
    Ok(Estimate::new(point, Scale::Log, se, f64::INFINITY, "katz-log"))
}
