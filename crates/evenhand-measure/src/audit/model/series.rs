//! This module is the curves, bars and strips that stand behind the plots of lists, amounts and scores.
//!
//! A series is numbers only: whoever draws it computes nothing. Every number in it is finite.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Bound, Group};

/// One curve, strip or set of bars.
///
/// A kind that is about groups has one series for each group (`exposure` with a single point each). One whose points
/// have names of their own, such as `coefficients`, has `labels`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Series {
    /// What it shows: the id of one of [`SERIES`].
    pub id: String,
    /// Under which setting, such as an attention model, a target or a binning; series that differ in it are drawn apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// The id of the rate, measure or criterion whose values are on the vertical axis, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// The attributes.
    pub by: Vec<String>,
    /// The group; empty is everybody, or all groups together.
    pub group: Group,
    /// The group that it is compared with, where the values are gaps or ratios.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Group>,
    /// What the group is looked at within, such as a stratum.
    #[serde(skip_serializing_if = "Group::is_empty")]
    pub within: Group,
    /// What `x` is, with its unit.
    pub x_label: String,
    /// What `y` is, with its unit.
    pub y_label: String,
    /// How the numbers of `x` are written for people.
    pub x_unit: SeriesUnit,
    /// How the numbers of `y` are written for people.
    pub y_unit: SeriesUnit,
    /// The points from left to right; where they have names, their numbers from 1.
    pub x: Vec<f64>,
    /// The value at each point; `null` where there is none.
    pub y: Vec<Option<f64>>,
    /// Lower ends of the values' intervals; empty when they have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lower: Vec<Option<f64>>,
    /// Upper ends of the values' intervals; empty when they have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub upper: Vec<Option<f64>>,
    /// The points' names, such as places, bins or terms; empty when `x` is a number that needs none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// How many rows stand behind each point; empty when that is not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub n: Vec<u64>,
    /// What is allowed of `y`, where that is judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// The point in use, such as the threshold that the decisions were made with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marked: Option<f64>,
}

/// How the numbers of an axis are written for people. The numbers themselves are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeriesUnit {
    /// As they are.
    #[default]
    Number,
    /// A share: 0.123 is 12.3%.
    Share,
    /// A difference of shares: 0.123 is +12.3 points.
    Points,
    /// A relative change: 0.041 is +4.1%.
    Change,
}

impl Series {
    /// A series of one group with its points; labels and units are those that its kind usually has.
    ///
    /// ```
    /// use evenhand_measure::audit::model::{Group, Series};
    ///
    /// let group = Group::from([("region".to_owned(), Some("North".to_owned()))]);
    /// let series = Series::new("exposure", &["region".to_owned()], &group, [(1.0, Some(0.31))]);
    /// assert_eq!(series.y_label, "share of attention");
    /// assert!(series.is_sound());
    /// ```
    #[must_use]
    pub fn new(id: &str, by: &[String], group: &Group, points: impl IntoIterator<Item = (f64, Option<f64>)>) -> Self {
        let (x, y) = points.into_iter().unzip();
        let kind = series_kind(id);
        Self {
            id: id.to_owned(),
            by: by.to_vec(),
            group: group.clone(),
            x_label: kind.map_or_else(String::new, |kind| kind.x_label.to_owned()),
            y_label: kind.map_or_else(String::new, |kind| kind.y_label.to_owned()),
            x_unit: kind.map_or(SeriesUnit::Number, |kind| kind.x_unit),
            y_unit: kind.map_or(SeriesUnit::Number, |kind| kind.y_unit),
            x,
            y,
            ..Self::default()
        }
    }

    /// Whether every number is finite, what runs beside `x` is as long as it, and the kind is known.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let long = self.x.len();
        let beside = |length: usize| length == 0 || length == long;
        let values = self.y.iter().chain(&self.lower).chain(&self.upper).flatten();
        series_kind(&self.id).is_some()
            && self.y.len() == long
            && [self.lower.len(), self.upper.len(), self.labels.len(), self.n.len()]
                .into_iter()
                .all(beside)
            && values.chain(&self.x).chain(&self.marked).all(|value| value.is_finite())
    }
}

/// What a series can show.
#[derive(Debug)]
pub struct SeriesKind {
    /// The id.
    pub id: &'static str,
    /// What its plot and table are called.
    pub title: &'static str,
    /// What its horizontal axis is.
    pub x_label: &'static str,
    /// What its vertical axis is.
    pub y_label: &'static str,
    /// How the numbers of the horizontal axis are usually written.
    pub x_unit: SeriesUnit,
    /// How the numbers of the vertical axis are usually written.
    pub y_unit: SeriesUnit,
    /// How it is read, in a sentence or two.
    pub doc: &'static str,
}

/// Everything that a series can show.
pub static SERIES: &[SeriesKind] = &[
    SeriesKind {
        id: "exposure",
        title: "Share of attention",
        x_label: "group",
        y_label: "share of attention",
        x_unit: SeriesUnit::Number,
        y_unit: SeriesUnit::Share,
        doc: "The share of all attention that goes to each group, under the attention model named.",
    },
    SeriesKind {
        id: "exposure-target",
        title: "Share of attention that the target gives",
        x_label: "group",
        y_label: "target share",
        x_unit: SeriesUnit::Number,
        y_unit: SeriesUnit::Share,
        doc: "The share that each group would have under the target named; drawn as a line across its exposure.",
    },
    SeriesKind {
        id: "rank-shares",
        title: "Who stands at which place",
        x_label: "place in the list",
        y_label: "share of the items shown at the place",
        x_unit: SeriesUnit::Number,
        y_unit: SeriesUnit::Share,
        doc: "For each place of the lists the share of its items that belong to the group.",
    },
    SeriesKind {
        id: "popularity",
        title: "How evenly items are shown",
        x_label: "share of items, the least shown first",
        y_label: "share of all times shown",
        x_unit: SeriesUnit::Share,
        y_unit: SeriesUnit::Share,
        doc: "The Lorenz curve: the share of all times shown that the least shown part of the items has. On the diagonal \
              every item is shown equally often; the further below it, the more a few items take.",
    },
    SeriesKind {
        id: "quantile-gaps",
        title: "Gap from the cheapest to the dearest",
        x_label: "quantile",
        y_label: "gap to the reference",
        x_unit: SeriesUnit::Share,
        y_unit: SeriesUnit::Number,
        doc: "The gap between a quantile of the group's amounts and the same quantile of the reference's.",
    },
    SeriesKind {
        id: "coefficients",
        title: "What goes together with the amount",
        x_label: "term",
        y_label: "coefficient",
        x_unit: SeriesUnit::Number,
        y_unit: SeriesUnit::Number,
        doc: "The coefficients of the regression on the groups and the declared controls, with their intervals: how much more \
              or less the amount is with one more of it and all else alike. On the scale of logarithms 0.05 is about 5% more.",
    },
    SeriesKind {
        id: "roc",
        title: "ROC curves",
        x_label: "false positive rate",
        y_label: "true positive rate",
        x_unit: SeriesUnit::Share,
        y_unit: SeriesUnit::Share,
        doc: "At every threshold the share found of those with the outcome over the share wrongly found of those \
              without it. The diagonal is a score that says nothing.",
    },
    SeriesKind {
        id: "calibration",
        title: "Calibration",
        x_label: "mean score",
        y_label: "share with the outcome",
        x_unit: SeriesUnit::Number,
        y_unit: SeriesUnit::Share,
        doc: "For each bin of scores the share that has the outcome over the mean score. On the diagonal scores mean \
              what they say.",
    },
    SeriesKind {
        id: "threshold-sweep",
        title: "If the threshold were another",
        x_label: "threshold",
        y_label: "value",
        x_unit: SeriesUnit::Number,
        y_unit: SeriesUnit::Number,
        doc: "The value of a rate or criterion when every score from the threshold on counts as selected.",
    },
];

/// The kind of series with an id.
#[must_use]
pub fn series_kind(id: &str) -> Option<&'static SeriesKind> {
    SERIES.iter().find(|kind| kind.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_or_not_paired_is_found() {
        let sound = Series::new(
            "roc",
            &[],
            &Group::new(),
            [(0.0, Some(0.0)), (0.5, None), (1.0, Some(1.0))],
        );
        assert!(sound.is_sound());
        let broken = [
            Series {
                x: vec![0.0, f64::INFINITY, 1.0],
                ..sound.clone()
            },
            Series {
                y: vec![Some(f64::NAN), None, None],
                ..sound.clone()
            },
            Series {
                upper: vec![None],
                ..sound.clone()
            },
            Series {
                marked: Some(f64::NAN),
                ..sound.clone()
            },
            Series {
                id: "rok".to_owned(),
                ..sound
            },
        ];
        assert!(broken.iter().all(|series| !series.is_sound()));
    }

    #[test]
    fn ids_are_distinct() {
        let mut ids: Vec<&str> = SERIES.iter().map(|kind| kind.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), SERIES.len());
    }
}
