//! This module is the vocabulary of a tally's axes: which role a column plays and which values it took.

use serde::{Deserialize, Serialize};

use crate::policy::Digits;

/// One value of a column, as canonical text, or its absence.
///
/// Missing sorts first, then text by bytes, so that the order of levels depends on nothing else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Option<String>", into = "Option<String>")]
pub enum Level {
    /// No value: blank text, a null, or a number that is not one. Written as `null`.
    Missing,
    /// The value as canonical text. Never empty: empty text is missing.
    Text(String),
}

impl Level {
    /// The level of a text; empty text is [`Level::Missing`].
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.is_empty() {
            Self::Missing
        } else {
            Self::Text(text.to_owned())
        }
    }

    /// The text, or `None` when missing.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Missing => None,
            Self::Text(text) => Some(text),
        }
    }
}

impl From<Option<String>> for Level {
    fn from(text: Option<String>) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Self::Missing, Self::Text)
    }
}

impl From<Level> for Option<String> {
    fn from(level: Level) -> Self {
        match level {
            Level::Missing => None,
            Level::Text(text) => Some(text),
        }
    }
}

/// The role that a column plays in the key of a tally's cells, in the order in which keys are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// A protected attribute.
    Protected,
    /// A column within whose values groups are compared.
    Strata,
    /// When the decision was made.
    Period,
    /// What really happened.
    Label,
    /// What the model or the vendor decided.
    Prediction,
    /// What another model decided on the same row.
    Compared,
    /// A hash of the id of the unit that repeats: see [`BUCKETS`].
    Bucket,
    /// A reason for other amounts that is taken for legitimate.
    Control,
    /// What kind of thing an item is.
    Category,
    /// The place of an item in its list, from 1.
    Rank,
    /// Whether an item was clicked, bought or otherwise wanted.
    Relevance,
}

/// Ids of clusters, users and lists are kept only as a fixed hash modulo this number.
pub const BUCKETS: u16 = 1_024;

/// How the values of a column became levels.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coding {
    /// Each distinct text is a level.
    #[default]
    AsWritten,
    /// A number became `yes` when it is at least the threshold, else `no`.
    AtLeast(f64),
    /// A number became `yes` when it is above this median of the column, else `no`.
    AboveMedian(f64),
    /// A number became the name of the interval that it falls into: see [`bin_name`].
    Bins(Vec<f64>),
    /// An id became one of [`BUCKETS`] numbers.
    Buckets,
    /// The published share of a group became as many `yes` and `no` as fit its digits.
    Share(Digits),
}

impl Coding {
    /// The lowest number that became [`AT_LEAST`], where a number was compared with one.
    ///
    /// Between a double and the next one above it there is no other, so being above a median is being at least the
    /// next double.
    #[must_use]
    pub fn least(&self) -> Option<f64> {
        match self {
            Self::AtLeast(threshold) => Some(*threshold),
            // There is none above the largest, and no score is infinite.
            Self::AboveMedian(median) => Some(median.next_up()),
            Self::AsWritten | Self::Bins(_) | Self::Buckets | Self::Share(_) => None,
        }
    }

    /// The rule that made decisions of a score, to follow the name of its column.
    ///
    /// ```
    /// use evenhand_measure::tally::Coding;
    /// assert_eq!(Coding::AtLeast(0.5).rule().as_deref(), Some("at least 0.5"));
    /// assert_eq!(Coding::AboveMedian(0.5).rule().as_deref(), Some("above the median 0.5"));
    /// assert_eq!(Coding::AsWritten.rule(), None);
    /// ```
    #[must_use]
    pub fn rule(&self) -> Option<String> {
        match self {
            Self::AtLeast(threshold) => Some(format!("at least {}", written(*threshold))),
            Self::AboveMedian(median) => Some(format!("above the median {}", written(*median))),
            Self::Share(_) => Some("yes, by published shares".to_owned()),
            Self::AsWritten | Self::Bins(_) | Self::Buckets => None,
        }
    }
}

/// A number in its fewest digits that read as the same number, without a hundred zeros.
///
/// ```
/// use evenhand_measure::tally::written;
/// assert_eq!([0.5, -12.0, 0.0].map(written), ["0.5", "-12", "0"]);
/// assert_eq!([1e300, 5e-324].map(written), ["1e300", "5e-324"]);
/// ```
#[must_use]
pub fn written(number: f64) -> String {
    let plain = number == 0.0 || (1e-5..1e16).contains(&number.abs());
    if plain {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

/// The level of a score at or above the threshold of [`Coding::AtLeast`], or above that of [`Coding::AboveMedian`].
pub const AT_LEAST: &str = "yes";
/// The level of any other score.
pub const BELOW: &str = "no";

/// The bin of `value` among rising `edges`, counted from 0: bin `i` holds `edges[i-1] <= value < edges[i]`.
#[must_use]
pub fn bin_of(edges: &[f64], value: f64) -> usize {
    edges.partition_point(|edge| *edge <= value)
}

/// The name of bin `index` among rising `edges`, such as `under 25`, `25 to under 40` and `40 or more`.
///
/// ```
/// use evenhand_measure::tally::{bin_name, bin_of};
/// let edges = [25.0, 40.0];
/// assert_eq!(bin_name(&edges, bin_of(&edges, 24.9)), "under 25");
/// assert_eq!(bin_name(&edges, bin_of(&edges, 25.0)), "25 to under 40");
/// assert_eq!(bin_name(&edges, bin_of(&edges, 99.0)), "40 or more");
/// ```
#[must_use]
pub fn bin_name(edges: &[f64], index: usize) -> String {
    let below = index.checked_sub(1).and_then(|previous| edges.get(previous));
    match (below, edges.get(index)) {
        (None, None) => "all".to_owned(),
        (None, Some(upper)) => format!("under {upper}"),
        (Some(lower), Some(upper)) => format!("{lower} to under {upper}"),
        (Some(lower), None) => format!("{lower} or more"),
    }
}

/// One axis of a tally: a column in a role, and the values that it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// The role.
    pub role: Axis,
    /// The column's name, as in the file; where two sides have columns of one name, with the side before it
    /// (`user.region`).
    pub column: String,
    /// How values became levels.
    #[serde(default)]
    pub coding: Coding,
    /// The levels that occur, sorted.
    pub levels: Vec<Level>,
}

impl Dimension {
    /// A dimension that has no levels yet.
    #[must_use]
    pub fn new(role: Axis, column: &str, coding: Coding) -> Self {
        Self {
            role,
            column: column.to_owned(),
            coding,
            levels: Vec::new(),
        }
    }
}
