//! This module is what is said of a change since a baseline.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::model::Group;
use crate::policy::Level;

/// When a disparity counts as having grown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegressionRule {
    /// What a disparity may grow by: a ratio by so much, a difference by so many hundredths of a point of 1.
    pub tolerance: f64,
    /// How often an unchanged process may be said to have worsened, over all comparisons together.
    pub alpha: f64,
}

impl Default for RegressionRule {
    fn default() -> Self {
        Self {
            tolerance: 0.01,
            alpha: 0.05,
        }
    }
}

/// What became of the comparisons since a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Changes {
    /// What a disparity may grow by.
    pub tolerance: f64,
    /// How often an unchanged process may be said to have worsened.
    pub alpha: f64,
    /// Whether both sides are about the same rows.
    pub paired: bool,
    /// One for each pair of groups and criterion.
    pub changes: Vec<Change>,
}

/// What became of one comparison.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// The criterion's id.
    pub criterion: String,
    /// The id of the rate or measure.
    pub rate: String,
    /// Of decisions with more than two values, the one that counts here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// `ratio` or `difference`.
    pub comparison: String,
    /// The attributes.
    pub by: Vec<String>,
    /// The group that sorts first.
    pub group: Group,
    /// The group that it is compared with.
    pub reference: Option<Group>,
    /// What both are looked at within.
    #[serde(skip_serializing_if = "Group::is_empty")]
    pub within: Group,
    /// The columns whose values are compared like with like and then pooled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pooled_over: Vec<String>,
    /// Where the check stands in the policy file, if it is declared there; where that is decides nothing, so it is no part
    /// of the result.
    #[serde(skip)]
    pub policy_line: Option<usize>,
    /// How far apart they were.
    pub before: Option<Disparity>,
    /// How far apart they are.
    pub now: Option<Disparity>,
    /// By how much the disparity has grown; below 0 it has shrunk.
    pub worsening: Option<f64>,
    /// The lower end of its one-sided interval.
    pub lower: Option<f64>,
    /// What it may grow by.
    pub tolerance: f64,
    /// Evidence against "it has grown by no more than that".
    pub p: Option<f64>,
    /// The same, adjusted for all comparisons of the level (Holm).
    pub p_adjusted: Option<f64>,
    /// How many were adjusted for together.
    pub family_size: usize,
    /// The smallest worsening that these data would have shown with 80 % power.
    pub detectable: Option<f64>,
    /// How closely the disparities before and now go together, from -1 to 1, where both are of the same rows; absent where
    /// they were taken for different rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<f64>,
    /// What was found.
    pub outcome: ChangeOutcome,
    /// What it means.
    pub level: Level,
}

/// How far two groups are apart, without regard to direction: of a ratio the smaller of it and its inverse, of a
/// difference its size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Disparity {
    /// The estimate.
    pub point: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end of its interval.
    pub upper: f64,
}

/// What became of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeOutcome {
    /// Shown to have worsened by more than the tolerance.
    Worse,
    /// Not shown to have worsened by more than the tolerance.
    NotWorse,
    /// One side has no value, so that nothing can be said.
    Undefined,
    /// The baseline does not have it.
    Appeared,
    /// Only the baseline has it.
    Vanished,
}
