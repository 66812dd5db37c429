//! This module is the answer of a gate, which every format for machines is written from.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::audit::change::Changes;
use crate::audit::model::{Audit, Verdict};
use crate::policy::Level;

/// The answer of a gate.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Gate {
    /// Whether it opens: what was waived no longer fails, what has worsened does.
    pub verdict: Verdict,
    /// What was asked, in the order of the audit, then of the changes.
    pub items: Vec<Item>,
    /// The waivers and what became of them.
    pub waivers: Vec<WaiverRead>,
    /// The day by which waivers were judged, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// What became of the comparisons since a baseline, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// The audit.
    pub audit: Audit,
}

/// One question and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    /// What it is about.
    pub subject: Subject,
    /// What a failure means.
    pub level: Level,
    /// What came of it.
    pub result: Result,
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A finding of the audit, by its place there.
    Finding(usize),
    /// A change, by its place there.
    Change(usize),
}

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Result {
    /// It failed.
    Fail,
    /// It failed, and a waiver covers it.
    Waived,
    /// The data leave it open.
    Open,
    /// The data leave it open, and the policy lets that pass.
    Allowed,
    /// It passed.
    Pass,
    /// It was not judged.
    NotJudged,
}

/// A waiver and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct WaiverRead {
    /// The criterion's id.
    pub check: String,
    /// The group that is accepted to be worse off.
    pub group: BTreeMap<String, String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: String,
    /// The disparity past which it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<f64>,
    /// Its line in the policy file.
    pub line: usize,
    /// How many failures it covers.
    pub covers: usize,
    /// What became of it.
    pub state: State,
}

/// What became of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It covers a failure.
    Used,
    /// Nothing that it would cover fails.
    Unused,
    /// Its last day is over.
    Expired,
    /// What it would cover lies past its ceiling.
    Exceeded,
}
