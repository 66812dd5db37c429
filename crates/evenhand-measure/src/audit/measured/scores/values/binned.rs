//! This module is calibration in bins, and by a line.

use super::super::ScoreView;
use super::{Values, one, reported};
use crate::audit::measured::Function;
use crate::inference::estimate::{Estimate, Scale};
use crate::scores::calibration::{Calibration, calibration};
use crate::scores::recalibration::{Recalibration, recalibration};

/// The expected calibration error.
pub(crate) const CALIBRATION_ERROR: Function<ScoreView> = Function {
    value: |view, group| binned(view, group, |found| vec![(None, found.expected_error)]),
    compare: None,
};

/// The largest calibration error.
pub(crate) const LARGEST_CALIBRATION_ERROR: Function<ScoreView> = Function {
    value: |view, group| binned(view, group, |found| vec![(None, found.largest_error)]),
    compare: None,
};

/// The parts of the Brier score.
pub(crate) const BRIER_PARTS: Function<ScoreView> = Function {
    value: |view, group| {
        binned(view, group, |found| {
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

/// Numbers by setting.
type Parts = Vec<(Option<&'static str>, f64)>;

fn binned(view: &ScoreView, group: Option<usize>, of: fn(&Calibration) -> Parts) -> Values {
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
pub(crate) const SLOPE: Function<ScoreView> = Function {
    value: |view, group| line(view, group, |line| (line.slope, line.slope_se)),
    compare: None,
};

/// The calibration intercept.
pub(crate) const INTERCEPT: Function<ScoreView> = Function {
    value: |view, group| line(view, group, |line| (line.intercept, line.intercept_se)),
    compare: None,
};

fn line(view: &ScoreView, group: Option<usize>, of: fn(&Recalibration) -> (f64, f64)) -> Values {
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
