//! This module is a line of a history: what is kept of one audit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::audit::model::{Amount, Audit, Bound, Finding, Group, GroupKind, Outcome, Value};
use crate::policy::Level;

/// The version of the form.
pub const VERSION: u64 = 1;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The version of the form.
    pub version: u64,
    /// What the run is called: a commit, a day, a release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The day of the audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// SHA-256 of the tally.
    pub tally_hash: String,
    /// SHA-256 of the policy.
    pub policy_hash: String,
    /// What the audit found.
    pub verdict: String,
    /// Why the rows add no evidence to that of earlier lines, where they do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unused: Option<String>,
    /// Whether the e-processes start anew with this line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restart: bool,
    /// Whether rows stand for people one by one: neither weighted nor in clusters.
    pub independent: bool,
    /// Whether every comparison that was made is here.
    pub complete: bool,
    /// How many rows each group has.
    pub groups: Vec<Count>,
    /// What was judged.
    pub comparisons: Vec<Pair>,
    /// SHA-256 of the line before; zeros on the first.
    pub previous: String,
}

/// The rows of a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Count {
    /// The attributes.
    pub by: Vec<String>,
    /// The group.
    pub group: Group,
    /// What it is looked at within.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub within: Group,
    /// Its rows.
    pub rows: u64,
}

/// A comparison of two groups; both directions of it are one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The criterion's id.
    pub criterion: String,
    /// The id of the rate or measure.
    pub rate: String,
    /// Of decisions with more than two values, the one that counts here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Whether one minus the rate is compared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complement: bool,
    /// `ratio` or `difference`.
    pub comparison: String,
    /// The attributes.
    pub by: Vec<String>,
    /// The group.
    pub group: Group,
    /// The group that it is compared with.
    pub reference: Option<Group>,
    /// What both are looked at within.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub within: Group,
    /// The columns whose values are compared like with like and then pooled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pooled_over: Vec<String>,
    /// The counts of the group and of the reference, where a share of rows is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<[Side; 2]>,
    /// The ratio or difference.
    pub point: Option<f64>,
    /// Lower end of its interval.
    pub lower: Option<f64>,
    /// Upper end of its interval.
    pub upper: Option<f64>,
    /// The lowest value allowed.
    pub at_least: Option<f64>,
    /// The highest value allowed.
    pub at_most: Option<f64>,
    /// What was found: `pass`, `fail` or `inconclusive`.
    pub outcome: String,
    /// What a breach means.
    pub level: Level,
}

/// A share of rows; whole numbers, or sums of weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// Rows that count.
    pub numerator: f64,
    /// Rows it is a share of.
    pub denominator: f64,
}

impl Side {
    /// The share.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.numerator / self.denominator
    }
}

/// What whoever runs the audit says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// What the run is called.
    pub label: Option<String>,
    /// Whether the e-processes start anew.
    pub restart: bool,
    /// The rows are others than those of earlier lines, though there are as many.
    pub new_rows: bool,
}

impl Line {
    /// What is kept of an audit; [`super::History::continued`] says what it adds to the lines before it.
    #[must_use]
    pub fn of(audit: &Audit, given: &Given) -> Self {
        let roles = &audit.roles;
        Self {
            version: VERSION,
            label: given.label.clone(),
            as_of: audit.provenance.as_of.clone(),
            tally_hash: audit.provenance.tally_hash.clone(),
            policy_hash: audit.provenance.policy_hash.clone(),
            verdict: audit.verdict.word().to_owned(),
            unused: None,
            restart: given.restart,
            independent: roles.weight.is_none() && roles.cluster.is_none(),
            // Of very large families only those that look bad are listed, and a bet on those alone would be unfair.
            complete: audit.families.iter().all(|family| family.listed == family.size),
            groups: groups(audit),
            comparisons: pairs(audit),
            previous: String::new(),
        }
    }

    /// The line as it is written, without its end.
    ///
    /// # Errors
    /// When it cannot be written, which memory alone can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

fn groups(audit: &Audit) -> Vec<Count> {
    let rows = audit.rates.iter().filter(|rates| rates.kind != GroupKind::Overall);
    let mut groups: Vec<Count> = rows
        .map(|rates| Count {
            by: rates.by.clone(),
            group: rates.group.clone(),
            within: rates.within.clone(),
            rows: rates.n,
        })
        .collect();
    groups.sort();
    groups
}

fn pairs(audit: &Audit) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for finding in &audit.findings {
        let is_judged = matches!(finding.outcome, Outcome::Pass | Outcome::Fail | Outcome::Inconclusive);
        if !is_judged || finding.level == Level::Off {
            continue;
        }
        let pair = Pair::of(finding);
        let turned = pairs.iter_mut().find(|other| {
            other.is_same(&pair, |a, b| {
                (a.reference.as_ref(), Some(&a.group)) == (Some(&b.group), b.reference.as_ref())
            })
        });
        match turned {
            // The one whose group sorts first is kept, and takes over what the other allows and found.
            Some(other) if Some(&other.group) < other.reference.as_ref() => other.take(&pair),
            Some(other) => {
                let mut pair = pair;
                pair.take(other);
                *other = pair;
            }
            None => pairs.push(pair),
        }
    }
    pairs
}

impl Pair {
    fn of(finding: &Finding) -> Self {
        let side = |value: &Option<Value>| {
            let share = value.as_ref().and_then(Value::share)?;
            let amount = |amount: Amount| amount.value();
            Some(Side {
                numerator: amount(share.numerator),
                denominator: amount(share.denominator),
            })
            .filter(|side| side.denominator > 0.0)
        };
        // What is pooled over strata is not the share of all rows.
        let counts = match (side(&finding.group_value), side(&finding.reference_value)) {
            (Some(group), Some(reference)) if finding.pooled_over.is_empty() => Some([group, reference]),
            _ => None,
        };
        Self {
            criterion: finding.criterion.clone(),
            rate: finding.rate.clone(),
            event: finding.event.clone(),
            complement: finding.complement,
            comparison: finding.comparison.clone(),
            by: finding.by.clone(),
            group: finding.group.clone(),
            reference: finding.reference.clone(),
            within: finding.within.clone(),
            pooled_over: finding.pooled_over.clone(),
            counts,
            point: finding.point,
            lower: finding.lower,
            upper: finding.upper,
            at_least: finding.bound.at_least,
            at_most: finding.bound.at_most,
            outcome: finding.outcome.word().to_owned(),
            level: finding.level,
        }
    }

    /// Whether this is the same comparison, whatever groups it is of, and `of` says the same of the groups.
    fn is_same(&self, other: &Self, of: impl Fn(&Self, &Self) -> bool) -> bool {
        (
            &self.criterion,
            &self.rate,
            &self.event,
            self.complement,
            &self.comparison,
        ) == (
            &other.criterion,
            &other.rate,
            &other.event,
            other.complement,
            &other.comparison,
        ) && (&self.by, &self.within, &self.pooled_over, self.level)
            == (&other.by, &other.within, &other.pooled_over, other.level)
            && of(self, other)
    }

    /// Whether both are the same comparison of the same groups.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        self.is_same(other, |a, b| a.group == b.group && a.reference == b.reference)
    }

    /// What is allowed.
    #[must_use]
    pub fn bound(&self) -> Bound {
        Bound {
            at_least: self.at_least,
            at_most: self.at_most,
        }
    }

    /// What was found.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.outcome.as_str() {
            "pass" => Outcome::Pass,
            "fail" => Outcome::Fail,
            _ => Outcome::Inconclusive,
        }
    }

    /// Takes over what the opposite direction allows and what it found.
    fn take(&mut self, opposite: &Self) {
        let turn = |bound: Option<f64>| match self.comparison.as_str() {
            "ratio" => bound.filter(|&bound| bound > 0.0).map(|bound| 1.0 / bound),
            _ => bound.map(|bound| -bound),
        };
        let (least, most) = (turn(opposite.at_most), turn(opposite.at_least));
        self.at_least = [self.at_least, least].into_iter().flatten().reduce(f64::max);
        self.at_most = [self.at_most, most].into_iter().flatten().reduce(f64::min);
        if opposite.outcome() < self.outcome() {
            self.outcome.clone_from(&opposite.outcome);
        }
    }
}
