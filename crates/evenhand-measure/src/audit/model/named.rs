//! This module is what named tests and practical measures say beside the verdict.

use schemars::JsonSchema;
use serde::Serialize;

use super::Group;

/// One named test or estimate. It stands beside the verdict and never decides it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct NamedTest {
    /// The method's id in the catalogue, such as `fisher-exact`; `explain` says what it is.
    pub id: String,
    /// The criterion whose worst disparity it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criterion: Option<String>,
    /// The rate's id.
    pub rate: String,
    /// Whether one minus the rate is compared, because the event is adverse.
    pub complement: bool,
    /// The attributes.
    pub by: Vec<String>,
    /// The group.
    pub group: Group,
    /// The group that it is compared with.
    pub reference: Option<Group>,
    /// The stratum that both are looked at within.
    #[serde(skip_serializing_if = "Group::is_empty")]
    pub within: Group,
    /// The columns over whose values it is pooled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pooled_over: Vec<String>,
    /// What is estimated, in the unit of the method (a ratio, a difference, an odds ratio).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<f64>,
    /// Lower end of the estimate's interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<f64>,
    /// Upper end of the estimate's interval; absent beside a `lower` it has no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// The confidence of the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// The test statistic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<f64>,
    /// Degrees of freedom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freedom: Option<u64>,
    /// The two-sided p-value of equality, unless the method's entry says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// Why there is no result: undefined for these counts, or not computed for their size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
    /// What the reader has to know of how it was computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a difference means in people and in effect sizes; whole counts only.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Practical {
    /// The rate's id.
    pub rate: String,
    /// Whether one minus the rate is compared, because the event is adverse.
    pub complement: bool,
    /// The attributes.
    pub by: Vec<String>,
    /// The group.
    pub group: Group,
    /// The group that it is compared with: the one with the highest favourable rate, or the declared reference.
    pub reference: Group,
    /// How many more of the group would be selected at the reference's rate; negative when it does better.
    pub shortfall_of_reference_rate: f64,
    /// How many more of the group would be selected at the rate of both together.
    pub shortfall_of_pooled_rate: f64,
    /// How many favourable decisions would have to go to the group instead of the reference for the ratio to reach
    /// four fifths; absent when none would do.
    pub moves_to_four_fifths: Option<u64>,
    /// The same for equal rates.
    pub moves_to_parity: Option<u64>,
    /// Whether one favourable decision, had it gone to the group instead of the reference, would have turned the
    /// difference round.
    pub one_person_flips: bool,
    /// Cohen's h: the difference of the rates on the arcsine scale.
    pub cohens_h: f64,
    /// The words of Cohen's convention for `cohens_h`.
    pub cohens_h_words: String,
    /// The phi coefficient; absent when all decisions are the same.
    pub phi: Option<f64>,
}
