//! This module is means over rows: the mean score, and how wrong scores are as probabilities.

use super::super::{Part, Rows, ScoreView};
use super::{Sums, of_gap, one, ratio, reported};
use crate::amounts::{Moments, cautious_gap};
use crate::audit::measured::{Found, Function};
use crate::exact_sum::ExactSum;
use crate::inference::estimate::{Estimate, Scale};
use crate::scores::probability::{self, Mean};

macro_rules! means {
    ($($(#[doc = $doc:literal])+ $name:ident = $of:expr, needs labels: $labels:literal, compare: $compare:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) const $name: Function<ScoreView> = Function {
            value: |view, group| {
                if $labels && !view.has_labels {
                    return Vec::new();
                }
                one(mean_value(view, view.part(group), $of))
            },
            compare: $compare,
        };
    )+};
}

means! {
    /// The mean score.
    MEAN = mean_score, needs labels: false, compare: Some(|view, a, b, _| gap_of_means(view, a, b, mean_score));
    /// The Brier score.
    BRIER = brier, needs labels: true, compare: Some(|view, a, b, _| gap_of_means(view, a, b, brier));
    /// The log-loss.
    LOG_LOSS = log_loss, needs labels: true, compare: Some(|view, a, b, _| gap_of_means(view, a, b, log_loss));
    /// Calibration in the large.
    IN_THE_LARGE = in_the_large, needs labels: true, compare: Some(|view, a, b, _| gap_of_means(view, a, b, in_the_large));
}

type MeanOf = fn(&Rows) -> Result<Mean, String>;

fn mean_score(rows: &Rows) -> Result<Mean, String> {
    let all = [&rows.labelled.positives, &rows.labelled.negatives, &rows.unlabelled];
    let (mut sum, mut squares) = (ExactSum::default(), ExactSum::default());
    let mut n = 0u64;
    for numbers in all {
        n = n.saturating_add(numbers.n());
        sum.merge(&numbers.sums.sum);
        squares.merge(&numbers.sums.squares);
    }
    probability::mean(n, &sum, &squares, "there is no row with a score")
}

fn brier(rows: &Rows) -> Result<Mean, String> {
    probability::brier(&rows.labelled)
}

fn log_loss(rows: &Rows) -> Result<Mean, String> {
    probability::log_loss(&rows.labelled)
}

fn in_the_large(rows: &Rows) -> Result<Mean, String> {
    probability::in_the_large(&rows.labelled)
}

fn mean_sums(part: &Part, of: MeanOf) -> Sums {
    Sums::of(part, |rows| {
        let found = of(rows).map(|mean| vec![mean.point * mean.n as f64, mean.n as f64]);
        // A bucket without such rows adds nothing.
        found.unwrap_or_else(|_| vec![0.0, 0.0])
    })
}

fn mean_value(view: &ScoreView, part: &Part, of: MeanOf) -> Found {
    let mean = of(&part.rows)?;
    Ok(if view.is_clustered {
        mean_sums(part, of).estimate(mean.point, Scale::Linear, ratio)
    } else {
        match mean.se {
            Ok(se) => Estimate::new(mean.point, Scale::Linear, se, (mean.n - 1) as f64, "t"),
            Err(why) => reported(why, mean.point),
        }
    })
}

fn gap_of_means(view: &ScoreView, group: usize, reference: usize, of: MeanOf) -> Found {
    let (one, other) = (&view.groups[group], &view.groups[reference]);
    let (a, b) = (of(&one.rows)?, of(&other.rows)?);
    let point = a.point - b.point;
    if view.is_clustered {
        let sums = mean_sums(one, of).beside(&mean_sums(other, of));
        return Ok(sums.estimate(point, Scale::Linear, |sums| {
            Some(ratio(&sums[..2])? - ratio(&sums[2..])?)
        }));
    }
    let moments = |mean: &Mean| Moments {
        n: mean.n,
        mean: mean.point,
        variance: match mean.se {
            Ok(se) => Some(se * se * mean.n as f64),
            Err(_) if mean.n > 1 => Some(0.0),
            Err(_) => None,
        },
    };
    Ok(match cautious_gap(&moments(&a), &moments(&b)) {
        Ok(gap) => of_gap(gap, "welch"),
        Err(_) => {
            let why = a.se.err().or(b.se.err()).unwrap_or("nothing says how sure it is");
            reported(why, point)
        }
    })
}
