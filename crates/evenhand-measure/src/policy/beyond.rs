//! This module is what a policy says of lists, amounts and scores.

use std::collections::BTreeMap;

use serde::Serialize;

use super::section::{Located, Section};
use super::words::words;
use crate::attention::Attention;

/// How recommended lists are audited.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ListSettings {
    /// How much attention the places of a list get.
    pub attention: Attention,
    /// What share of the attention a group of items should get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// The shares that [`Target::Shares`] stands for: by column and group.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shares: BTreeMap<String, BTreeMap<String, f64>>,
    /// Down to which places lists are looked at, where a measure asks for one; the first is judged.
    pub cutoffs: Vec<u32>,
}

impl Default for ListSettings {
    fn default() -> Self {
        Self {
            attention: Attention::Log,
            target: None,
            shares: BTreeMap::new(),
            cutoffs: vec![10],
        }
    }
}

/// What share of the attention a group of items should get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// Its share of the items that could be shown.
    Catalogue,
    /// Its share of what users wanted: of the relevant items.
    Relevance,
    /// Its share of what was sold, or wanted, so far.
    Sales,
    /// Its share of the merit of the items.
    Merit,
    /// The share that the policy says.
    Shares,
}

/// How amounts are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AmountSettings {
    /// By their ratios or by their differences.
    pub scale: Scale,
}

/// How amounts are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// By ratios, on the scale of their logarithms.
    #[default]
    Log,
    /// By differences.
    Plain,
}

/// How scores are looked at, and how scores and amounts are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScoreSettings {
    /// How many bins of equal width calibration is looked at in.
    pub bins: u32,
    /// Whether every different score and amount is kept, however many there are, with memory for each.
    #[serde(skip_serializing_if = "is_usual")]
    pub exact: bool,
}

/// Policies that say nothing of it are written as before it could be said.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_usual(exact: &bool) -> bool {
    !exact
}

impl Default for ScoreSettings {
    fn default() -> Self {
        Self { bins: 10, exact: false }
    }
}

/// More places than this are no list that anybody reads.
const MOST_CUTOFF: u64 = 10_000;

pub(super) fn lists(base: ListSettings, mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> ListSettings {
    let mut cutoffs = Vec::new();
    for cutoff in section.wholes("cutoffs", problems).unwrap_or_default() {
        match u32::try_from(cutoff) {
            Ok(place) if (1..=MOST_CUTOFF).contains(&cutoff) => cutoffs.push(place),
            _ => problems.push(section.at(
                "cutoffs",
                &format!("{cutoff} is no place of a list"),
                "write places such as [5, 10]; the first is judged",
            )),
        }
    }
    let mut shares = BTreeMap::new();
    if let Some(mut table) = section.section("shares", problems) {
        for column in table.keys() {
            let Some(mut groups) = table.section(&column, problems) else {
                continue;
            };
            let of_column: BTreeMap<String, f64> = groups
                .keys()
                .into_iter()
                .filter_map(|group| Some((group.clone(), groups.number(&group, problems)?)))
                .collect();
            let sum: f64 = of_column.values().sum();
            // Shares are written with a few decimals.
            let shown = (sum * 1e6).round() / 1e6;
            if of_column.values().any(|share| *share < 0.0) || (sum - 1.0).abs() > 0.005 {
                problems.push(groups.here(
                    &format!("the shares of the groups of `{column}` add up to {shown}"),
                    "write shares of 0 or more that add up to 1",
                ));
            }
            groups.finish(problems);
            shares.insert(column, of_column);
        }
        table.finish(problems);
    }
    let shares = if section.has("shares") { shares } else { base.shares };
    let target: Option<Target> = section.word("target", problems).or(base.target);
    if target == Some(Target::Shares) && shares.is_empty() {
        problems.push(section.at(
            "target",
            "the target is `shares`, and there are none",
            "write them as [lists.shares.COLUMN] with GROUP = SHARE",
        ));
    }
    let settings = ListSettings {
        attention: section.word("attention", problems).unwrap_or(base.attention),
        target,
        shares,
        cutoffs: if cutoffs.is_empty() { base.cutoffs } else { cutoffs },
    };
    section.finish(problems);
    settings
}

pub(super) fn amounts(
    base: AmountSettings,
    mut section: Section<'_, '_>,
    problems: &mut Vec<Located>,
) -> AmountSettings {
    let settings = AmountSettings {
        scale: section.word("scale", problems).unwrap_or(base.scale),
    };
    section.finish(problems);
    settings
}

pub(super) fn scores(base: ScoreSettings, mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> ScoreSettings {
    /// Finer bins than this hold a row or two each.
    const MOST: u64 = 1_000;
    let bins = section.whole("bins", problems);
    if bins.is_some_and(|bins| !(1..=MOST).contains(&bins)) {
        problems.push(section.at(
            "bins",
            "that many bins show nothing",
            "write a number from 1 to 1000, such as 10",
        ));
    }
    let bins = bins.and_then(|bins| u32::try_from(bins).ok());
    let exact = section.flag("exact", problems);
    section.finish(problems);
    ScoreSettings {
        bins: bins.unwrap_or(base.bins),
        exact: exact.unwrap_or(base.exact),
    }
}

words! {
    Target {
        "catalogue" => Catalogue, "relevance" => Relevance, "sales" => Sales, "merit" => Merit, "shares" => Shares
    }
    Scale { "log" => Log, "plain" => Plain }
}
