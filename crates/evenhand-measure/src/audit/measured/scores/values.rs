//! This module is the measures of scores: values by group, and comparisons of two groups.
//!
//! Rows are independent, or they come in units that repeat. Then every error is that of the jackknife over buckets of
//! units, and nothing else of a measure changes.

use std::collections::BTreeMap;

use super::{Part, Rows, ScoreView};
use crate::amounts::distance::{kolmogorov_smirnov, wasserstein};
use crate::amounts::{Denominator, Distribution, Gap, Moments, Smd, mean_gap};
use crate::audit::measured::{Found, Function};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale, jackknife};
use crate::scores::auc::{Auc, auc, gap, taken};
use crate::scores::calibration::{Calibration, calibration};
use crate::scores::median::Median;
use crate::scores::probability::{self, Mean};
use crate::scores::recalibration::recalibration;
use crate::scores::roc::{area_between, roc};

type Values = Vec<(Option<String>, Found)>;

/// What a measure needs of all rows and of those of each bucket: the first less one of the others is what the rows
/// without that bucket would have.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    whole: Vec<f64>,
    parts: BTreeMap<u32, Vec<f64>>,
}

impl Sums {
    fn of(part: &Part, sums: impl Fn(&Rows) -> Vec<f64>) -> Self {
        Self {
            whole: sums(&part.rows),
            parts: part
                .buckets
                .iter()
                .map(|(bucket, rows)| (*bucket, sums(rows)))
                .collect(),
        }
    }

    /// Side by side with those of another group, bucket by bucket.
    fn beside(&self, other: &Self) -> Self {
        let nothing = |sums: &Self| vec![0.0; sums.whole.len()];
        let (none, no_other) = (nothing(self), nothing(other));
        let join = |one: &Vec<f64>, two: &Vec<f64>| [one.as_slice(), two.as_slice()].concat();
        let buckets = self.parts.keys().chain(other.parts.keys());
        Self {
            whole: join(&self.whole, &other.whole),
            parts: buckets
                .map(|bucket| {
                    let one = self.parts.get(bucket).unwrap_or(&none);
                    let two = other.parts.get(bucket).unwrap_or(&no_other);
                    (*bucket, join(one, two))
                })
                .collect(),
        }
    }

    /// An estimate with the error of the jackknife, on the scale of `function`.
    fn estimate(&self, point: f64, scale: Scale, function: impl Fn(&[f64]) -> Option<f64>) -> Estimate {
        let parts: Vec<Vec<f64>> = self.parts.values().cloned().collect();
        match jackknife(&self.whole, &parts, function) {
            Ok(spread) => Estimate::new(point, scale, spread.se, spread.freedom, "jackknife"),
            Err(why) => Estimate::bare(point, scale, why),
        }
    }
}

fn ratio(sums: &[f64]) -> Option<f64> {
    (sums.last().copied()? > 0.0).then(|| sums[0] / sums[1])
}

fn one(found: Found) -> Values {
    vec![(None, found)]
}

fn reported(why: &str, point: f64) -> Estimate {
    Estimate::bare(point, Scale::Linear, why)
}

fn of_gap(gap: Gap, method: &'static str) -> Estimate {
    Estimate::new(gap.point, Scale::Linear, gap.se, gap.freedom, method)
}

// ---------------------------------------------------------------- how well scores rank

/// The area under the ROC curve.
pub(crate) const AUC: Function<super::ScoreView> = Function {
    value: auc_value,
    compare: Some(auc_gap),
};

fn area(part: &Part) -> Result<Auc, String> {
    let labelled = &part.rows.labelled;
    auc(&labelled.positives, &labelled.negatives).map_err(str::to_owned)
}

fn area_sums(part: &Part) -> &Sums {
    part.area.get_or_init(|| {
        let whole = &part.rows.labelled;
        Sums::of(part, |rows| {
            let part = &rows.labelled;
            let won = taken((&whole.positives, &whole.negatives), (&part.positives, &part.negatives));
            vec![won, part.positives.n() as f64, part.negatives.n() as f64]
        })
    })
}

/// The area of what is left.
fn area_of(sums: &[f64]) -> Option<f64> {
    let pairs = sums[1] * sums[2];
    (pairs > 0.0).then(|| sums[0] / 2.0 / pairs)
}

fn auc_value(view: &ScoreView, group: Option<usize>) -> Values {
    if !view.has_labels {
        return Vec::new();
    }
    let part = view.part(group);
    one(area(part).map(|area| {
        if view.is_clustered {
            area_sums(part).estimate(area.point, Scale::Linear, area_of)
        } else {
            of_areas(area.point, area.variance.map(f64::sqrt))
        }
    }))
}

fn of_areas(point: f64, se: Result<f64, &'static str>) -> Estimate {
    match se {
        Ok(se) => Estimate::new(point, Scale::Linear, se, f64::INFINITY, "delong"),
        Err(why) => Estimate::bare(point, Scale::Linear, why),
    }
}

fn auc_gap(view: &ScoreView, group: usize, reference: usize, _: Comparison) -> Found {
    let (one, other) = (&view.groups[group], &view.groups[reference]);
    let (area_of_one, area_of_other) = (area(one)?, area(other)?);
    let estimate = if view.is_clustered {
        let point = area_of_one.point - area_of_other.point;
        let sums = area_sums(one).beside(area_sums(other));
        sums.estimate(point, Scale::Linear, |sums| {
            Some(area_of(&sums[..3])? - area_of(&sums[3..])?)
        })
    } else {
        gap_of_areas(&area_of_one, &area_of_other)
    };
    Ok(blurred(estimate, &area_of_one, &area_of_other))
}

fn gap_of_areas(one: &Auc, other: &Auc) -> Estimate {
    match gap(one, other) {
        Ok(gap) => of_gap(gap, "delong"),
        Err(why) => Estimate::bare(one.point - other.point, Scale::Linear, why),
    }
}

/// Where numbers that fall together leave more of a gap open than a tenth of its error, the error says too little.
fn blurred(estimate: Estimate, one: &Auc, other: &Auc) -> Estimate {
    let open = (one.highest - one.lowest + other.highest - other.lowest) / 2.0;
    let is_small = |se: f64| open <= se / 10.0;
    match &estimate.spread {
        Ok(spread) if !is_small(spread.se) => Estimate::bare(
            estimate.point,
            estimate.scale,
            "there are so many different scores that some fall together, and their order could change the gap",
        ),
        _ => estimate,
    }
}

/// The cross-group area under the ROC curve.
pub(crate) const CROSS_AUC: Function<super::ScoreView> = Function {
    value: cross_value,
    compare: Some(cross_gap),
};

fn cross(first: &Part, second: &Rows) -> Result<Auc, String> {
    auc(&first.rows.labelled.positives, &second.labelled.negatives).map_err(str::to_owned)
}

/// The positives of a group against the negatives of everybody else.
fn cross_value(view: &ScoreView, group: Option<usize>) -> Values {
    let Some(group) = group.filter(|_| view.has_labels) else {
        return Vec::new();
    };
    let part = &view.groups[group];
    one(cross(part, &part.others).map(|area| {
        if view.is_clustered {
            reported("it is not computed for rows that repeat", area.point)
        } else {
            of_areas(area.point, area.variance.map(f64::sqrt))
        }
    }))
}

/// How much oftener a positive of the group beats a negative of the reference than the other way about.
fn cross_gap(view: &ScoreView, group: usize, reference: usize, _: Comparison) -> Found {
    let (one, other) = (&view.groups[group], &view.groups[reference]);
    let (there, back) = (cross(one, &other.rows)?, cross(other, &one.rows)?);
    let estimate = if view.is_clustered {
        let (one_all, other_all) = (&one.rows.labelled, &other.rows.labelled);
        // A bucket may hold positives of one and negatives of the other.
        let none = Rows::default();
        let sums = |a: &Rows, b: &Rows| {
            let (a, b) = (&a.labelled, &b.labelled);
            vec![
                taken((&one_all.positives, &other_all.negatives), (&a.positives, &b.negatives)),
                a.positives.n() as f64,
                b.negatives.n() as f64,
                taken((&other_all.positives, &one_all.negatives), (&b.positives, &a.negatives)),
                b.positives.n() as f64,
                a.negatives.n() as f64,
            ]
        };
        let buckets = one.buckets.keys().chain(other.buckets.keys());
        let joined = Sums {
            whole: sums(&one.rows, &other.rows),
            parts: buckets
                .map(|bucket| {
                    let of = |part: &'_ Part| part.buckets.get(bucket).cloned();
                    let (a, b) = (
                        of(one).unwrap_or_else(|| none.clone()),
                        of(other).unwrap_or_else(|| none.clone()),
                    );
                    (*bucket, sums(&a, &b))
                })
                .collect(),
        };
        let point = there.point - back.point;
        joined.estimate(point, Scale::Linear, |sums| {
            Some(area_of(&sums[..3])? - area_of(&sums[3..])?)
        })
    } else {
        gap_of_areas(&there, &back)
    };
    Ok(blurred(estimate, &there, &back))
}

/// The area between ROC curves.
pub(crate) const AREA_BETWEEN: Function<super::ScoreView> = Function {
    value: area_between_value,
    compare: None,
};

fn area_between_value(view: &ScoreView, group: Option<usize>) -> Values {
    let Some(group) = group.filter(|_| view.has_labels) else {
        return Vec::new();
    };
    let part = &view.groups[group];
    let found = roc(&part.rows.labelled).and_then(|own| Ok(area_between(&own, &roc(&part.others.labelled)?)));
    let why = "it is never below 0, so chance alone puts it above";
    one(found.map(|area| reported(why, area)).map_err(str::to_owned))
}

// ---------------------------------------------------------------- how far scores are probabilities

macro_rules! means {
    ($($(#[doc = $doc:literal])+ $name:ident = $of:expr, needs labels: $labels:literal, compare: $compare:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) const $name: Function<super::ScoreView> = Function {
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
    probability::mean_score(&rows.all())
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
    Ok(match mean_gap(&moments(&a), &moments(&b)) {
        Ok(gap) => of_gap(gap, "welch"),
        Err(_) => {
            let why = a.se.err().or(b.se.err()).unwrap_or("nothing says how sure it is");
            reported(why, point)
        }
    })
}

/// The mean difference in standard deviations.
pub(crate) const STANDARDIZED: Function<super::ScoreView> = Function {
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

fn standardized(one: &crate::tally::Numbers, other: &crate::tally::Numbers) -> Result<Smd, String> {
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
pub(crate) const DISTANCE: Function<super::ScoreView> = Function {
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

// ---------------------------------------------------------------- calibration

/// The expected calibration error.
pub(crate) const CALIBRATION_ERROR: Function<super::ScoreView> = Function {
    value: |view, group| binned(view, group, &|found| vec![(None, found.expected_error)]),
    compare: None,
};

/// The largest calibration error.
pub(crate) const LARGEST_CALIBRATION_ERROR: Function<super::ScoreView> = Function {
    value: |view, group| binned(view, group, &|found| vec![(None, found.largest_error)]),
    compare: None,
};

/// The parts of the Brier score.
pub(crate) const BRIER_PARTS: Function<super::ScoreView> = Function {
    value: |view, group| {
        binned(view, group, &|found| {
            let parts = found.parts;
            vec![
                (Some("reliability"), parts.reliability),
                (Some("resolution"), parts.resolution),
                (Some("uncertainty"), parts.uncertainty),
                (Some("within-bins"), parts.within),
            ]
        })
    },
    compare: None,
};

fn binned(
    view: &ScoreView,
    group: Option<usize>,
    of: &dyn Fn(&Calibration) -> Vec<(Option<&'static str>, f64)>,
) -> Values {
    if !view.has_labels {
        return Vec::new();
    }
    match calibration(&view.part(group).rows.labelled, view.bins) {
        Err(why) => one(Err(why)),
        Ok(found) => of(&found)
            .into_iter()
            .map(|(setting, point)| {
                let why = "chance alone makes it differ from that of all rows there could be";
                (setting.map(str::to_owned), Ok(reported(why, point)))
            })
            .collect(),
    }
}

/// The calibration slope.
pub(crate) const SLOPE: Function<super::ScoreView> = Function {
    value: |view, group| line(view, group, |line| (line.slope, line.slope_se)),
    compare: None,
};

/// The calibration intercept.
pub(crate) const INTERCEPT: Function<super::ScoreView> = Function {
    value: |view, group| line(view, group, |line| (line.intercept, line.intercept_se)),
    compare: None,
};

fn line(
    view: &ScoreView,
    group: Option<usize>,
    of: fn(&crate::scores::recalibration::Recalibration) -> (f64, f64),
) -> Values {
    if !view.has_labels {
        return Vec::new();
    }
    one(recalibration(&view.part(group).rows.labelled).map(|found| {
        let (point, se) = of(&found);
        if view.is_clustered {
            reported("it is not computed for rows that repeat", point)
        } else {
            Estimate::new(point, Scale::Linear, se, f64::INFINITY, "wald")
        }
    }))
}

// ---------------------------------------------------------------- above the median

/// The scoring rate.
pub(crate) const SCORING_RATE: Function<super::ScoreView> = Function {
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
