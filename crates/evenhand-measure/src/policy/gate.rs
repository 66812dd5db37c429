//! This module is what a policy says to a gate: what is waived and until when, what is compared with a baseline, what an
//! open question counts as.

use std::collections::BTreeMap;

use serde::Serialize;

use super::section::{Located, Section};
use super::words::words;
use super::{Level, level};
use crate::catalogue::{CRITERIA, Criterion, find_criterion};
use crate::day::Day;
use crate::problem::listed;

/// A failure that somebody accepted, for a time and up to a size.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Waiver {
    /// The criterion's id.
    #[serde(rename = "check", serialize_with = "criterion_id")]
    pub criterion: &'static Criterion,
    /// The group that is accepted to be worse off, by column; it is held by a finding that has at least these values on
    /// its worse side.
    pub group: BTreeMap<String, String>,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Day,
    /// The disparity past which it no longer holds: the lowest ratio, or the largest difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<f64>,
    /// Where it stands in the policy file, for whoever has to change it.
    #[serde(skip)]
    pub line: usize,
}

fn criterion_id<S: serde::Serializer>(criterion: &Criterion, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(criterion.id)
}

/// How a baseline is compared with.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BaselineSettings {
    /// The file, relative to the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What a disparity may grow by.
    pub tolerance: f64,
    /// How often an unchanged process may be said to have worsened, over all comparisons together.
    pub alpha: f64,
    /// What a regression means.
    pub level: Level,
    /// What a group that the baseline has and the data have no more counts as.
    pub vanished: Counts,
}

impl Default for BaselineSettings {
    fn default() -> Self {
        Self {
            file: None,
            tolerance: 0.01,
            alpha: 0.05,
            level: Level::Error,
            vanished: Counts::Inconclusive,
        }
    }
}

/// What a question that the data leave open counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// As passed.
    Pass,
    /// As failed.
    Fail,
    /// As what it is.
    #[default]
    Inconclusive,
}

words! {
    Counts { "pass" => Pass, "fail" => Fail, "inconclusive" => Inconclusive }
}

pub(super) fn waiver(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Option<Waiver> {
    let line = section.line();
    let name = section.text("check", problems);
    let reason = section.text("reason", problems);
    let owner = section.text("owner", problems);
    let expires = section.day("expires", problems);
    let ceiling = section.number("ceiling", problems);
    let mut group = BTreeMap::new();
    if let Some(mut table) = section.section("group", problems) {
        for column in table.keys() {
            if let Some(value) = table.text(&column, problems) {
                group.insert(column, value);
            }
        }
        table.finish(problems);
    }
    for (key, is_there, help) in [
        (
            "check",
            name.is_some(),
            "add check = \"disparate-impact\" or another criterion",
        ),
        (
            "group",
            !group.is_empty(),
            "add group = { race = \"Hispanic\" }, the group that is worse off",
        ),
        (
            "reason",
            reason.as_ref().is_some_and(|text| !text.trim().is_empty()),
            "add the reason, for whoever reads this later",
        ),
        (
            "owner",
            owner.as_ref().is_some_and(|text| !text.trim().is_empty()),
            "add who answers for it",
        ),
    ] {
        if !is_there {
            problems.push(section.at(key, &format!("a waiver names no {key}"), help));
        }
    }
    if expires.is_none() && !section.has("expires") {
        problems.push(section.here("a waiver does not say when it expires", "add expires = \"2027-01-31\""));
    }
    let criterion = name.and_then(|name| match find_criterion(&name) {
        Ok(criterion) => Some(criterion),
        Err(near) => {
            let all: Vec<&str> = CRITERIA.iter().map(|criterion| criterion.id).collect();
            let help = match near.as_slice() {
                [] => format!("the criteria are {}", listed(&all, all.len())),
                _ => format!("did you mean {}?", listed(&near, 3)),
            };
            problems.push(section.at("check", &format!("there is no criterion `{name}`"), &help));
            None
        }
    });
    if let (Some(criterion), Some(ceiling)) = (criterion, ceiling)
        && let Err(problem) = super::check_bound(criterion, ceiling)
    {
        problems.push(section.at("ceiling", &problem.message.replace("bound", "ceiling"), &problem.help));
    }
    section.finish(problems);
    Some(Waiver {
        criterion: criterion?,
        group,
        reason: reason?,
        owner: owner?,
        expires: expires?,
        ceiling,
        line,
    })
}

pub(super) fn baseline(
    usual: BaselineSettings,
    mut section: Section<'_, '_>,
    problems: &mut Vec<Located>,
) -> BaselineSettings {
    let tolerance = section.number("tolerance", problems).unwrap_or(usual.tolerance);
    if !(0.0..1.0).contains(&tolerance) {
        problems.push(section.at(
            "tolerance",
            &format!("{tolerance} cannot be what a disparity may grow by"),
            "write a number from 0 to below 1, such as 0.01",
        ));
    }
    let alpha = section.number("alpha", problems).unwrap_or(usual.alpha);
    if !(1e-9..=0.2).contains(&alpha) {
        problems.push(section.at(
            "alpha",
            &format!("{alpha} cannot be how often an unchanged process may fail"),
            "write a number above 0 and at most 0.2, such as 0.05",
        ));
    }
    let settings = BaselineSettings {
        file: section.text("file", problems).or(usual.file),
        tolerance,
        alpha,
        level: level(&mut section, usual.level, problems),
        vanished: section.word("vanished", problems).unwrap_or(usual.vanished),
    };
    section.finish(problems);
    settings
}
