//! This module is how well scores rank.

use super::super::{Part, Rows, ScoreView};
use super::{Sums, Values, buckets, of_gap, one, reported};
use crate::audit::measured::{Found, Function};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale};
use crate::scores::auc::{Auc, auc, gap, taken};
use crate::scores::roc::{area_between, roc};

/// The area under the ROC curve.
pub(crate) const AUC: Function<ScoreView> = Function {
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
pub(crate) const CROSS_AUC: Function<ScoreView> = Function {
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
        let parts = buckets(&one.buckets, &other.buckets).map(|bucket| {
            let a = one.buckets.get(&bucket).unwrap_or(&none);
            let b = other.buckets.get(&bucket).unwrap_or(&none);
            (bucket, sums(a, b))
        });
        let joined = Sums {
            whole: sums(&one.rows, &other.rows),
            parts: parts.collect(),
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
pub(crate) const AREA_BETWEEN: Function<ScoreView> = Function {
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
