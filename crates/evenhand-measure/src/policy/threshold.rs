//! This module is how a score becomes a decision: by a number, or by the median of all scores.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The word for [`Threshold::Median`] in a policy and on the command line.
const MEDIAN: &str = "median";

/// Which scores are positive decisions.
///
/// ```
/// use evenhand_measure::policy::Threshold;
/// assert_eq!("0.5".parse(), Ok(Threshold::AtLeast(0.5)));
/// assert_eq!("median".parse(), Ok(Threshold::Median));
/// assert!("mean".parse::<Threshold>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// Those of at least this number.
    AtLeast(f64),
    /// Those strictly above the median of the scores of all rows, also of rows whose group is unknown: the "scoring
    /// rate" of New York's rules on automated hiring tools (6 RCNY § 5-301). A score equal to the median is not
    /// above it. Of an even number of scores the median is the midpoint of the two in the middle.
    Median,
}

impl From<f64> for Threshold {
    fn from(number: f64) -> Self {
        Self::AtLeast(number)
    }
}

impl FromStr for Threshold {
    type Err = NoThreshold;

    fn from_str(text: &str) -> Result<Self, NoThreshold> {
        match text {
            MEDIAN => Ok(Self::Median),
            _ => text.parse().map(Self::AtLeast).map_err(|_| NoThreshold),
        }
    }
}

impl Serialize for Threshold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AtLeast(number) => serializer.serialize_f64(*number),
            Self::Median => serializer.serialize_str(MEDIAN),
        }
    }
}

/// Why a text is no [`Threshold`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoThreshold;

impl fmt::Display for NoThreshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write a number such as 0.5, or the word median")
    }
}

impl std::error::Error for NoThreshold {}
