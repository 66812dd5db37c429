//! This module is whether two tallies are about the same: the same columns in the same roles, and the same event.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::audit::model::RolesRead;
use crate::policy::Policy;
use crate::problem::{Problem, listed};
use crate::tally::{Axis, Coding, Dimension, Quantity, Tally};

/// What the columns of a tally were taken for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning {
    /// The columns of each role.
    columns: BTreeMap<String, BTreeSet<String>>,
    /// The value of the decision that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    positive: Option<String>,
    /// The value of the label that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    positive_label: Option<String>,
    /// Whether the event is bad for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    adverse: Option<bool>,
}

const ON_PURPOSE: &str = "read the data as the baseline was read; where the change is wanted, take it over with \
                          `evenhand baseline update --allow-worse`";

impl Meaning {
    /// As an audit read it: of the attributes those that it compared, of the other columns those that are there.
    pub(super) fn of(tally: &Tally, roles: &RolesRead) -> Self {
        let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut add = |role: &str, column: &String| {
            columns.entry(role.to_owned()).or_default().insert(column.clone());
        };
        roles.protected.iter().for_each(|column| add("protected", column));
        roles.strata.iter().for_each(|column| add("strata", column));
        for dimension in tally.decisions.dimensions() {
            if let Some(role) = role(dimension.role) {
                add(role, &dimension.column);
            }
        }
        for (quantity, column) in &tally.quantities {
            match quantity {
                Quantity::Count => add("count", column),
                Quantity::Weight => add("weight", column),
            }
        }
        for measured in &tally.measured {
            add(measured.role.word(), &measured.column);
        }
        if let Some(controls) = &tally.controls {
            let words = controls.cells.positions(Axis::Control);
            let words = words.map(|place| &controls.cells.dimensions()[place].column);
            controls
                .numeric
                .iter()
                .chain(words)
                .for_each(|column| add("controls", column));
        }
        if let Some(lists) = &tally.lists {
            lists.columns.iter().for_each(|(role, column)| add(role, column));
        }
        Self {
            columns,
            positive: roles.prediction.as_ref().map(|events| events.positive.clone()),
            positive_label: roles.label.as_ref().map(|events| events.positive.clone()),
            adverse: roles.adverse,
        }
    }

    /// Says which values count where a policy leaves it open.
    pub(super) fn fill(&self, policy: &mut Policy) {
        let values = &mut policy.values;
        values.positive = values.positive.take().or_else(|| self.positive.clone());
        values.positive_label = values.positive_label.take().or_else(|| self.positive_label.clone());
        values.adverse = values.adverse.or(self.adverse);
    }

    /// What this, of a baseline, and `now` were taken for otherwise.
    pub(super) fn disagreements(&self, now: &Self) -> Vec<Problem> {
        let problem = |message: String| Problem::usage(message, ON_PURPOSE);
        let all: BTreeSet<&String> = self.columns.keys().chain(now.columns.keys()).collect();
        let named = |of: &Self, role: &String| match of.columns.get(role) {
            Some(columns) => listed(&columns.iter().collect::<Vec<_>>(), 8),
            None => "none".to_owned(),
        };
        let mut problems: Vec<Problem> = all
            .into_iter()
            .filter(|role| self.columns.get(*role) != now.columns.get(*role))
            .map(|role| {
                problem(format!(
                    "the baseline is about other columns: as {role} it has {}, and the data have {}",
                    named(self, role),
                    named(now, role)
                ))
            })
            .collect();
        for (what, was, is) in [
            ("decision", &self.positive, &now.positive),
            ("label", &self.positive_label, &now.positive_label),
        ] {
            if let (Some(was), Some(is)) = (was, is)
                && was != is
            {
                problems.push(problem(format!(
                    "the baseline is about another event: the {what} that counts is `{was}` there, and `{is}` here"
                )));
            }
        }
        if let (Some(was), Some(is)) = (self.adverse, now.adverse)
            && was != is
        {
            let word = |adverse| if adverse { "bad" } else { "good" };
            problems.push(problem(format!(
                "the baseline takes the event for {} for the person, and this run for {}",
                word(was),
                word(is)
            )));
        }
        problems
    }
}

/// What flags call the columns that a tally's cells are counted by; the protected ones and the strata are chosen from.
fn role(axis: Axis) -> Option<&'static str> {
    match axis {
        Axis::Protected | Axis::Strata => None,
        Axis::Period => Some("period"),
        Axis::Label => Some("label"),
        Axis::Prediction => Some("prediction"),
        Axis::Compared => Some("compared"),
        Axis::Bucket => Some("cluster"),
        Axis::Control => Some("controls"),
        Axis::Category => Some("category"),
        Axis::Rank => Some("rank"),
        Axis::Relevance => Some("relevance"),
    }
}

/// Groups that were cut out of numbers at other edges are other groups, even where a name is the same.
pub(super) fn other_bins(before: &Tally, now: &Tally) -> Vec<Problem> {
    let mut problems = Vec::new();
    for dimension in now.decisions.dimensions() {
        let same = |other: &&Dimension| other.role == dimension.role && other.column == dimension.column;
        let Some(earlier) = before.decisions.dimensions().iter().find(same) else {
            continue;
        };
        let is_cut = |coding: &Coding| matches!(coding, Coding::Bins(_));
        if earlier.coding != dimension.coding && (is_cut(&earlier.coding) || is_cut(&dimension.coding)) {
            problems.push(Problem::usage(
                format!(
                    "the baseline is about other groups of `{}`: {} there, and {} here",
                    dimension.column,
                    cut(&earlier.coding),
                    cut(&dimension.coding)
                ),
                "write the edges that the baseline has under [bins] in the policy; where the change is wanted, take it \
                 over with `evenhand baseline update --allow-worse`",
            ));
        }
    }
    problems
}

fn cut(coding: &Coding) -> String {
    match coding {
        Coding::Bins(edges) => {
            let edges: Vec<String> = edges.iter().map(|edge| crate::tally::written(*edge)).collect();
            format!("cut at {}", edges.join(", "))
        }
        _ => "as written".to_owned(),
    }
}

/// The rules that made decisions of scores, where they differ.
pub(super) fn other_rule(before: &Tally, now: &Tally) -> Option<(String, String)> {
    let rule = |tally: &Tally| {
        let place = tally.decisions.positions(Axis::Prediction).next()?;
        let dimension = &tally.decisions.dimensions()[place];
        Some(format!("`{}` {}", dimension.column, dimension.coding.rule()?))
    };
    let (was, is) = (rule(before)?, rule(now)?);
    (was != is).then_some((was, is))
}
