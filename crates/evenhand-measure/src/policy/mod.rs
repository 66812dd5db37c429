//! This module is what an audit is asked: which columns play which role, and what counts as a breach.

mod applied;
mod beyond;
mod bins;
mod data;
mod gate;
pub mod keys;
mod methods;
mod parse;
mod preset;
mod report;
mod schema;
mod section;
mod show;
mod threshold;
mod words;
mod write;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::applied::{applied_toml, checks_that_ran};
pub use self::beyond::{AmountSettings, ListSettings, Scale, ScoreSettings, Target};
pub use self::bins::{Bins, Quantiles};
pub use self::data::{Data, Decimal, Digits, Join, NamedFile, Ragged};
pub use self::gate::{BaselineSettings, Counts, Waiver};
pub use self::methods::Methods;
use self::parse::level;
pub use self::parse::{HIGHEST_CONFIDENCE, check_bound, check_edges, parse, parse_onto};
pub use self::preset::{Preset, find_preset, presets};
pub use self::report::{DataKind, OwnSection, OwnWords, Report};
pub use self::schema::{SCHEMA_FILE, schema};
pub use self::show::schema_line;
pub use self::threshold::{NoThreshold, Threshold};
pub use self::write::quoted;
use crate::catalogue::{CRITERIA, Criterion, DefaultLevel, is_for_scale};

/// Everything that decides the result of an audit, apart from the data.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Policy {
    /// The id of the preset that it goes on from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// How the inputs are laid out, where looking at them does not tell.
    #[serde(skip_serializing_if = "Data::says_nothing")]
    pub data: Data,
    /// Which column plays which role.
    pub roles: Roles,
    /// What values mean.
    pub values: Values,
    /// How numeric columns become groups.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub bins: BTreeMap<String, Bins>,
    /// How recommended lists are audited.
    #[serde(skip_serializing_if = "is_default")]
    pub lists: ListSettings,
    /// How amounts are compared.
    #[serde(skip_serializing_if = "is_default")]
    pub amounts: AmountSettings,
    /// How scores are looked at.
    #[serde(skip_serializing_if = "is_default")]
    pub scores: ScoreSettings,
    /// How evidence is weighed.
    pub inference: Inference,
    /// What is to be published as a rule asks; `None` when nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication: Option<Publish>,
    /// What is judged; empty stands for [`default_checks`].
    #[serde(rename = "check", skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// How a gate compares with a baseline.
    #[serde(skip_serializing_if = "is_default")]
    pub baseline: BaselineSettings,
    /// Failures that a gate lets through.
    #[serde(rename = "waiver", skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
    /// What a report says of itself; it decides nothing, so it is no part of the result.
    #[serde(skip)]
    pub report: Report,
}

/// Which column plays which role.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Roles {
    /// The decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prediction: Option<String>,
    /// Another model's decision on the same row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<String>,
    /// What really happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A score that becomes the decision through `threshold`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Which scores are positive decisions: the lowest of them, or `median` for all above the median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// The protected attributes, in the order in which they are reported.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub protected: Vec<String>,
    /// Sets of protected attributes that are judged in combination.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intersections: Vec<Vec<String>>,
    /// Whether all protected attributes together are a further set.
    #[serde(skip_serializing_if = "is_default")]
    pub intersect_all: bool,
    /// Columns within whose values groups are compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub strata: Vec<String>,
    /// When the decision was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// A survey-style weight per row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// How many rows a record stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
    /// The unit that repeats, such as a customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// The share of positive decisions of a published group, whose size is `count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    /// A price, a limit, an amount that people get or pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// What the amount should have been.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_amount: Option<String>,
    /// The list that an item is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The place of the item in its list, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<String>,
    /// Whose list it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether the user wanted the item: clicked, bought or rated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relevance: Option<String>,
    /// What kind of thing the item is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How good the item is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merit: Option<String>,
    /// How often the item was sold or wanted so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub popularity: Option<String>,
    /// Reasons for other amounts that are taken for legitimate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// Protected attributes of the items of lists, or of who provides them, besides those called `item.…`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub item_side: Vec<String>,
}

impl Roles {
    /// Whether a column was named for this role, as flags call it.
    #[must_use]
    pub fn has(&self, role: &str) -> bool {
        match role {
            "prediction" => self.prediction.is_some() || self.rate.is_some() || self.threshold.is_some(),
            "label" => self.label.is_some(),
            "score" => self.score.is_some(),
            "amount" => self.amount.is_some(),
            "true-amount" => self.true_amount.is_some(),
            "controls" => !self.controls.is_empty(),
            "strata" => !self.strata.is_empty(),
            "list" => self.list.is_some(),
            "item" => self.item.is_some(),
            "user" => self.user.is_some(),
            "relevance" => self.relevance.is_some(),
            "category" => self.category.is_some(),
            "merit" => self.merit.is_some(),
            "popularity" => self.popularity.is_some(),
            _ => false,
        }
    }

    /// The columns of lists, by role.
    #[must_use]
    pub fn of_lists(&self) -> [(&'static str, Option<String>); 8] {
        self.clone().of_lists_mut().map(|(role, column)| (role, column.take()))
    }

    /// The same, to be changed.
    pub fn of_lists_mut(&mut self) -> [(&'static str, &mut Option<String>); 8] {
        [
            ("list", &mut self.list),
            ("item", &mut self.item),
            ("rank", &mut self.rank),
            ("user", &mut self.user),
            ("relevance", &mut self.relevance),
            ("category", &mut self.category),
            ("merit", &mut self.merit),
            ("popularity", &mut self.popularity),
        ]
    }

    /// Whether a protected attribute is one of items and not of users.
    #[must_use]
    pub fn is_of_items(&self, column: &str) -> bool {
        column.starts_with("item.") || self.item_side.iter().any(|name| name == column)
    }
}

/// What values mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Values {
    /// The value of the prediction that counts as the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positive: Option<String>,
    /// The value of the label that counts as the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positive_label: Option<String>,
    /// Whether each value of a decision with several is compared against all others.
    #[serde(skip_serializing_if = "is_default")]
    pub each_class: bool,
    /// The values of a decision from the worst for the person to the best.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ordered: Vec<String>,
    /// Whether the event is bad for the person; `None` when nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adverse: Option<bool>,
    /// Texts that mean that a value is missing, in any column.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Texts in a protected column that are no group, besides the ones always known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub non_answers: Vec<String>,
    /// By column, which texts are other ways to write a value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, BTreeMap<String, String>>,
    /// Columns whose values are kept apart though they look alike.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub distinct: Vec<String>,
}

/// How evidence is weighed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Inference {
    /// Confidence of the printed intervals; each one-sided test uses half of the rest.
    pub confidence: f64,
    /// Rates with a smaller denominator are reported, not judged.
    pub min_denominator: u64,
    /// Whether evidence or the bare point estimate is judged.
    pub judge: Judge,
    /// The group that others are compared with, by protected column.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reference: BTreeMap<String, String>,
    /// How intervals, and the tests that agree with them, are computed.
    #[serde(skip_serializing_if = "is_default")]
    pub methods: Methods,
    /// Whether a difference that one person's decision would turn round may not fail.
    #[serde(skip_serializing_if = "is_default")]
    pub one_person_rule: bool,
    /// How the p-values of warn-level comparisons are adjusted; those of error level always by Holm.
    #[serde(skip_serializing_if = "is_default")]
    pub adjust_warnings: Adjustment,
    /// Whether intervals that hold together are computed by resampling.
    #[serde(skip_serializing_if = "is_default")]
    pub simultaneous: bool,
    /// Resamples for `simultaneous`.
    #[serde(skip_serializing_if = "is_usual_replicates")]
    pub replicates: u32,
    /// The seed of the resampling.
    #[serde(skip_serializing_if = "is_default")]
    pub seed: u64,
    /// Whether partially pooled estimates are shown beside the rates.
    #[serde(skip_serializing_if = "is_default")]
    pub partial_pooling: bool,
}

/// Resamples when nobody says: the joint critical value is then repeatable to about a hundredth of itself.
const REPLICATES: u32 = 2_000;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_usual_replicates(replicates: &u32) -> bool {
    *replicates == REPLICATES
}

/// Settings that nobody changed are not written, so that one added later changes no policy's hash.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How the p-values of several comparisons are adjusted for their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Adjustment {
    /// Holm (1979): the chance of any false finding is bounded.
    #[default]
    Holm,
    /// Benjamini and Hochberg (1995): the expected share of false findings is bounded, for exploration.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli (2001): the same under any dependence.
    BenjaminiYekutieli,
}

impl Adjustment {
    /// Its name in policies and results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Holm => "holm",
            Self::BenjaminiHochberg => "benjamini-hochberg",
            Self::BenjaminiYekutieli => "benjamini-yekutieli",
        }
    }
}

impl Default for Inference {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            min_denominator: 0,
            judge: Judge::Interval,
            reference: BTreeMap::new(),
            methods: Methods::default(),
            one_person_rule: false,
            adjust_warnings: Adjustment::Holm,
            simultaneous: false,
            replicates: REPLICATES,
            seed: 0,
            partial_pooling: false,
        }
    }
}

impl Inference {
    /// The level of each one-sided test.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        // Written so that 0.95 gives the double nearest 0.025.
        ((1.0 - self.confidence) / 2.0 * 1e12).round() / 1e12
    }
}

/// What is to be published as a rule asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Publish {
    /// Categories with a smaller share of the rows are left out of the impact ratios.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_below: Option<f64>,
    /// Why they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
}

/// What a verdict rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judge {
    /// Evidence: one-sided tests, adjusted for their number.
    #[default]
    Interval,
    /// The bare point estimate against the bound, in exact arithmetic.
    Point,
}

/// One thing that is judged.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Check {
    /// The criterion's id.
    #[serde(serialize_with = "criterion_id")]
    pub criterion: &'static Criterion,
    /// Which sets of attributes; empty stands for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Vec<String>>,
    /// The lowest ratio or the largest absolute difference; without one the comparison is made and not judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<f64>,
    /// What a breach means.
    pub level: Level,
    /// What this check rests on, where that is not what all others rest on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judge: Option<Judge>,
    /// What a gate takes an open question of this check for.
    #[serde(skip_serializing_if = "is_default")]
    pub on_inconclusive: Counts,
    /// Where it stands in the policy file, for whoever has to change it; nothing of what no file or a preset declares.
    #[serde(skip)]
    pub line: Option<usize>,
}

/// Two checks are the same that ask the same, wherever they stand.
impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        fn asked(check: &Check) -> impl PartialEq + '_ {
            // Every field is named, so that none is forgotten.
            let Check {
                criterion,
                by,
                bound,
                level,
                judge,
                on_inconclusive,
                line: _,
            } = check;
            (criterion, by, bound, level, judge, on_inconclusive)
        }
        asked(self) == asked(other)
    }
}

fn criterion_id<S: serde::Serializer>(criterion: &Criterion, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(criterion.id)
}

/// What a breach means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// It fails the audit.
    Error,
    /// It is printed.
    Warn,
    /// It is not looked at.
    Off,
}

/// Every criterion at its default bound and level, where the roles are there of which `has` says so.
#[must_use]
pub fn default_checks(has: &dyn Fn(&str) -> bool) -> Vec<Check> {
    CRITERIA
        .iter()
        .map(|criterion| Check {
            criterion,
            by: Vec::new(),
            bound: Some(criterion.bound),
            level: match criterion.level {
                DefaultLevel::ErrorUnless(roles) if roles.iter().any(|role| has(role)) => Level::Warn,
                DefaultLevel::Error | DefaultLevel::ErrorUnless(_) => Level::Error,
                DefaultLevel::Warn => Level::Warn,
            },
            judge: None,
            on_inconclusive: Counts::default(),
            line: None,
        })
        .collect()
}

impl Policy {
    /// The checks that apply, least surprising first: the policy's own, or the defaults.
    #[must_use]
    pub fn effective_checks(&self, has: &dyn Fn(&str) -> bool) -> Vec<Check> {
        if self.checks.is_empty() {
            let mut checks = default_checks(has);
            checks.retain(|check| is_for_scale(check.criterion, self.amounts.scale));
            checks
        } else {
            self.checks.clone()
        }
    }
}
