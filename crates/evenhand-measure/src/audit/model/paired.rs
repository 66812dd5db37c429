//! This module is what two models say of the same rows.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::change::Changes;
use super::{Group, GroupKind};

/// Two models on the same rows: the one that is audited, and another one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Paired {
    /// The column of the model that is audited.
    pub now: String,
    /// The column of the other model.
    pub before: String,
    /// Rows that both models decided.
    pub rows: u64,
    /// Rows that both decided, and not in the same way.
    pub differ: u64,
    /// The rates of every group by either model.
    pub rates: Vec<PairedRate>,
    /// By how much each disparity is greater by the audited model than by the other.
    pub changes: Changes,
}

/// A rate of one group by either model.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PairedRate {
    /// The rate's id.
    pub rate: String,
    /// The attributes; empty is overall.
    pub by: Vec<String>,
    /// The group.
    pub group: Group,
    /// What kind of group it is.
    pub kind: GroupKind,
    /// Rows in the numerator and the denominator by the audited model.
    pub now: (u64, u64),
    /// The same by the other model.
    pub before: (u64, u64),
    /// Rows that only the audited model counts in the numerator, where both models' rates are of the same rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_now: Option<u64>,
    /// Rows that only the other model counts there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_before: Option<u64>,
    /// The rate by the audited model less that by the other, of the rows that were tested.
    pub difference: Option<f64>,
    /// Lower end of its interval.
    pub lower: Option<f64>,
    /// Upper end of its interval.
    pub upper: Option<f64>,
    /// The confidence of the interval.
    pub confidence: f64,
    /// The test's id in the catalogue.
    pub method: String,
    /// The two-sided p-value of equal rates, not adjusted.
    pub p: Option<f64>,
    /// Rows that one of the models did not decide, and that no test of pairs can use.
    pub left_out: u64,
    /// Why there is no result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
}
