//! This module is the result of an audit: the versioned JSON contract, which every renderer reads.
//!
//! No renderer computes a number: what it prints is here. Fields are added, never renamed.

mod named;
mod paired;
mod publication;
mod series;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

pub use self::named::{NamedTest, Practical};
pub use self::paired::{Paired, PairedRate};
pub use self::publication::{ImpactRow, ImpactTable, Publication};
pub use self::series::{SERIES, Series, SeriesKind, SeriesUnit, series_kind};
use crate::policy::Level;

/// The version of the JSON form.
pub const SCHEMA_VERSION: u32 = 1;

/// A group: the value of each attribute in it, `null` for missing.
pub type Group = BTreeMap<String, Option<String>>;

/// The result of an audit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Audit {
    /// The version of this form.
    pub schema_version: u32,
    /// What the audit found.
    pub verdict: Verdict,
    /// Rows in, counted and left out.
    pub data: Data,
    /// Which column played which role, and how that was decided.
    pub roles: RolesRead,
    /// The policy that was applied, every default filled in.
    pub policy: serde_json::Value,
    /// Every rate and statistic: overall, then by each set of attributes.
    pub rates: Vec<GroupRates>,
    /// The comparisons that were adjusted for together, and what became of them.
    pub families: Vec<Family>,
    /// The comparisons. In a family of more than 5,000 only those that decide or come closest are listed: all
    /// failures of error level and, for each group, the comparison that goes worst for it.
    pub findings: Vec<Finding>,
    /// Named tests; they stand beside the verdict.
    pub tests: Vec<NamedTest>,
    /// What differences mean in people and in effect sizes.
    pub practical: Vec<Practical>,
    /// What another model decided on the same rows, and what became of every disparity since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paired: Option<Paired>,
    /// What a rule asks to be published, where a preset computes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication: Option<Publication>,
    /// Curves, bars and strips, with the numbers behind every plot of lists, amounts and scores.
    pub series: Vec<Series>,
    /// What other assumptions would do to the verdict.
    pub sensitivity: Vec<Sensitivity>,
    /// What the reader has to know.
    pub notes: Vec<Note>,
    /// What made this result from what.
    pub provenance: Provenance,
}

/// The verdict of an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every judged comparison is shown to be within its bound.
    Pass,
    /// At least one comparison is shown to be beyond its bound.
    Fail,
    /// The data settle neither.
    Inconclusive,
    /// There was nothing to judge.
    NotJudged,
}

impl Verdict {
    /// The word of the JSON form.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
            Self::NotJudged => "not-judged",
        }
    }
}

/// Rows in, counted and left out: `rows_read = rows_counted +` the sum of `excluded`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Data {
    /// Lines of the input; with a count column one may stand for many rows.
    pub records_read: u64,
    /// Rows of the input.
    pub rows_read: u64,
    /// Rows that count in at least one rate.
    pub rows_counted: u64,
    /// Rows that count in none, and why.
    pub excluded: Vec<Exclusion>,
    /// Rows that count in some rates only, or whose values had to be taken otherwise than written.
    pub partial: Vec<Exclusion>,
}

/// Rows that were left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Exclusion {
    /// Why, as a stable word.
    pub reason: String,
    /// Why, as a sentence.
    pub message: String,
    /// How many.
    pub rows: u64,
}

/// Which column played which role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct RolesRead {
    /// The decision.
    pub prediction: Option<EventColumn>,
    /// Another model's decision on the same row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<EventColumn>,
    /// What really happened.
    pub label: Option<EventColumn>,
    /// Whether the event is bad for the person.
    pub adverse: Option<bool>,
    /// Whether `adverse` was declared, or taken from a name.
    pub adverse_declared: bool,
    /// The protected attributes.
    pub protected: Vec<String>,
    /// The strata.
    pub strata: Vec<String>,
    /// The weight column.
    pub weight: Option<String>,
    /// The count column.
    pub count: Option<String>,
    /// The cluster column.
    pub cluster: Option<String>,
}

/// A column of events and the value that counts as one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EventColumn {
    /// The column.
    pub column: String,
    /// The rule that made the event of a number, such as `at least 0.5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The value that counts as the event.
    pub positive: String,
    /// All other values.
    pub others: Vec<String>,
    /// Whether the value was declared, or taken from its meaning.
    pub declared: bool,
}

/// The rates and statistics of one group.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct GroupRates {
    /// The attributes; empty is overall.
    pub by: Vec<String>,
    /// The group.
    pub group: Group,
    /// What the group is looked at within, such as a stratum; part of what identifies the row.
    #[serde(skip_serializing_if = "Group::is_empty")]
    pub within: Group,
    /// What kind of group this is.
    pub kind: GroupKind,
    /// Rows in the group.
    pub n: u64,
    /// Value by id of the catalogue, for every entry whose roles are there; a measure with a setting has the key
    /// `id@setting`.
    pub values: BTreeMap<String, Value>,
}

/// What kind of group a [`GroupRates`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GroupKind {
    /// Everybody.
    Overall,
    /// A group that is compared with others.
    Judged,
    /// Rows whose attribute is missing: reported, never judged.
    Missing,
    /// Rows whose attribute is a declared non-answer: reported, never judged.
    NonAnswer,
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// There is none.
    Undefined {
        /// Why.
        undefined: String,
        /// The lowest value that the rows allow, where they bound it: what is not known is taken for the worst.
        #[serde(skip_serializing_if = "Option::is_none")]
        lowest: Option<f64>,
        /// The highest value that the rows allow.
        #[serde(skip_serializing_if = "Option::is_none")]
        highest: Option<f64>,
    },
    /// A share of rows.
    Share(Share),
    /// Another number.
    Number {
        /// The value.
        point: f64,
        /// Lower end of its interval, where it has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        lower: Option<f64>,
        /// Upper end of its interval, where it has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        upper: Option<f64>,
    },
}

impl Value {
    /// No value, and nothing that bounds it.
    #[must_use]
    pub fn undefined(why: impl Into<String>) -> Self {
        Self::Undefined {
            undefined: why.into(),
            lowest: None,
            highest: None,
        }
    }

    /// The value, if there is one.
    #[must_use]
    pub fn point(&self) -> Option<f64> {
        match self {
            Self::Undefined { .. } => None,
            Self::Share(share) => Some(share.point),
            Self::Number { point, .. } => Some(*point),
        }
    }

    /// The share, if it is one.
    #[must_use]
    pub fn share(&self) -> Option<&Share> {
        match self {
            Self::Share(share) => Some(share),
            Self::Undefined { .. } | Self::Number { .. } => None,
        }
    }
}

/// A share of rows with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Share {
    /// Rows that count; with weights, the sum of their weights.
    pub numerator: Amount,
    /// Rows it is a share of; with weights, the sum of their weights.
    pub denominator: Amount,
    /// The share.
    pub point: f64,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
    /// Where labels or decisions are missing: the lowest share that the rows would allow if they were known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowest: Option<f64>,
    /// The highest share that they would allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highest: Option<f64>,
    /// With weights or clusters: how many independent rows the denominator is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_n: Option<f64>,
}

/// An amount: a whole number of rows, or a sum of weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Amount {
    /// Rows.
    Rows(u64),
    /// A sum of weights.
    Weight(f64),
}

impl Amount {
    /// The amount as a real number.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::Rows(rows) => rows as f64,
            Self::Weight(weight) => weight,
        }
    }
}

/// One comparison of a group with a reference.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// The criterion's id.
    pub criterion: String,
    /// The id of the rate or measure.
    pub rate: String,
    /// Of decisions with more than two values, the one that counts here; part of what identifies the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Whether one minus the rate is compared, because the event is adverse.
    pub complement: bool,
    /// `ratio` or `difference`.
    pub comparison: String,
    /// The attributes.
    pub by: Vec<String>,
    /// The group. Of two groups that are compared both ways at once, the one that sorts first.
    pub group: Group,
    /// The group that it is compared with; `null` when it is compared with nothing.
    pub reference: Option<Group>,
    /// What both are looked at within, such as a stratum; part of what identifies the finding.
    #[serde(skip_serializing_if = "Group::is_empty")]
    pub within: Group,
    /// The columns whose values are compared like with like and then pooled; part of what identifies the finding.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pooled_over: Vec<String>,
    /// Where the check stands in the policy file, if it is declared there; where that is decides nothing, so it is no part
    /// of the result.
    #[serde(skip)]
    pub policy_line: Option<usize>,
    /// What is compared on the group's side (the complement is already taken).
    pub group_value: Option<Value>,
    /// What is compared on the reference's side.
    pub reference_value: Option<Value>,
    /// The ratio or difference; `null` when undefined.
    pub point: Option<f64>,
    /// Lower end of its interval.
    pub lower: Option<f64>,
    /// Upper end of its interval; `null` beside a `lower` means that there is no upper limit.
    pub upper: Option<f64>,
    /// The confidence of the interval.
    pub confidence: f64,
    /// An interval that holds together with those of all other comparisons of the family, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simultaneous: Option<Simultaneous>,
    /// What is allowed.
    pub bound: Bound,
    /// The method of interval and tests.
    pub method: String,
    /// Evidence against "within the bound".
    pub p_breach: Option<f64>,
    /// The same, adjusted for all comparisons of the family (Holm), and for small counts by an exact test.
    pub p_breach_adjusted: Option<f64>,
    /// The exact test's value, where counts were too small for the score test alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_breach_exact: Option<f64>,
    /// Evidence against "beyond the bound".
    pub p_comply: Option<f64>,
    /// The exact test's value of the same, where counts were too small for the score test alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_comply_exact: Option<f64>,
    /// The comparisons that were adjusted for together.
    pub family: FamilyOf,
    /// The smallest disparity that these data could have shown with 80 % power.
    pub detectable: Option<f64>,
    /// Rows of both groups together, all of them, that would settle an open question at the observed rates with 80 %
    /// power.
    pub rows_to_settle: Option<u64>,
    /// What was found.
    pub outcome: Outcome,
    /// Why, where it is not plain from the numbers.
    pub why: Option<String>,
    /// A stable word for `why`.
    pub reason: Option<Reason>,
    /// What a breach means.
    pub level: Level,
}

/// What a comparison found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Shown to be beyond the bound.
    Fail,
    /// The data settle neither.
    Inconclusive,
    /// Shown to be within the bound.
    Pass,
    /// Compared and reported, not judged, as the policy asks.
    NotJudged,
    /// Not compared: a role is absent, or there is one group.
    NotApplicable,
}

impl Outcome {
    /// The word of the JSON form.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
            Self::Pass => "pass",
            Self::NotJudged => "not-judged",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// Why an outcome is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The interval covers the bound.
    TooFewRows,
    /// The estimate is on the bound, so that more rows settle nothing.
    OnTheBound,
    /// The interval lies beyond the bound, but the evidence does not hold once all comparisons, and both
    /// directions of each, are counted.
    ManyComparisons,
    /// The score test rejects, an exact test does not.
    SmallCounts,
    /// One of the two rates has no value.
    UndefinedRate,
    /// The rows come from too few different units, such as users or lists, to know how sure anything is.
    TooFewUnits,
    /// The denominator is below the policy's minimum.
    BelowMinimum,
    /// The label has a single value.
    OneValue,
    /// A column that the criterion needs was not named.
    RoleMissing,
    /// Nobody said whether the event is good or bad for the person, and the outcome depends on it.
    DirectionNotDeclared,
    /// There is one group only.
    OneGroup,
    /// Judged by the bare point estimate, as the policy asks.
    PointOnly,
    /// The policy sets no bound for it.
    NoPassMark,
    /// One person's decision would turn the difference round, and the policy does not judge such small numbers.
    OnePerson,
    /// The label is known only for those who were selected.
    SelectiveLabels,
    /// The method that the policy names has no result for these counts.
    MethodUndefined,
    /// Published figures fit several counts, and these give different answers.
    RoundedFigures,
}

/// What is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Bound {
    /// The lowest value allowed.
    pub at_least: Option<f64>,
    /// The highest value allowed.
    pub at_most: Option<f64>,
}

/// An interval that holds together with those of all other comparisons of its family.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Simultaneous {
    /// Its lower end.
    pub lower: f64,
    /// Its upper end; absent when it has no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// How it was made: `max-t`, or `holm` where the groups have no variance to resample.
    pub method: String,
}

/// The comparisons that were adjusted for together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FamilyOf {
    /// Its name.
    pub id: String,
    /// How many there are.
    pub size: usize,
}

/// The comparisons of one family, counted by what became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Family {
    /// Its name.
    pub id: String,
    /// How p-values were adjusted: `holm`, `benjamini-hochberg` or `benjamini-yekutieli`.
    pub adjustment: String,
    /// How many comparisons were adjusted for together.
    pub size: usize,
    /// How many are listed among the findings.
    pub listed: usize,
    /// How many failed.
    pub fail: usize,
    /// How many were settled neither way.
    pub inconclusive: usize,
    /// How many passed.
    pub pass: usize,
    /// How many were reported and not judged.
    pub not_judged: usize,
    /// How many could not be made.
    pub not_applicable: usize,
}

/// What a change of one assumption would do to the verdict.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Sensitivity {
    /// What was assumed otherwise, as a stable word.
    pub code: String,
    /// What was assumed otherwise, as a clause after "if".
    pub assumption: String,
    /// What the verdict would be.
    pub verdict: Verdict,
    /// Whether that is another verdict than the audit's.
    pub changes: bool,
}

/// Something that the reader has to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Note {
    /// A stable word, in kebab-case.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// What it is, as a sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It bears on the verdict.
    Error,
    /// It may change how the numbers are read.
    Warning,
    /// It is good to know.
    Info,
}

/// What made this result from what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Provenance {
    /// The program.
    pub tool: String,
    /// Its version.
    pub version: String,
    /// The seed of random numbers; none are used by the verdict.
    pub seed: Option<u64>,
    /// SHA-256 of the policy's JSON.
    pub policy_hash: String,
    /// SHA-256 of the tally's JSON.
    pub tally_hash: String,
    /// The day that the audit is dated, as `2026-01-31`, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The files that were read.
    pub inputs: Vec<Input>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Input {
    /// Its name, without the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its contents, where that was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}
