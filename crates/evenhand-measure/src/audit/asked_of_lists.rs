//! This module refuses what a policy asks of lists and these lists cannot answer. Asked in vain, it would end as
//! "inconclusive" with the advice to get more data, which would not help.

use super::read::Attribute;
use crate::lists::provider::WANTED;
use crate::policy::{Policy, Target};
use crate::problem::{Problem, listed};
use crate::tally::{Axis, Lists, Tally};

/// All attributes, those of users apart from those of items where nothing has both.
pub(super) fn sides(tally: &Tally, all: Vec<String>) -> Vec<Vec<String>> {
    match &tally.lists {
        Some(lists) if has_lists_only(tally) => {
            let (of_items, of_users) = all.into_iter().partition(|column| lists.of_items.contains(column));
            vec![of_users, of_items]
        }
        _ => vec![all],
    }
}

/// Decisions, scores and amounts can have groups of both sides; lists cannot.
fn has_lists_only(tally: &Tally) -> bool {
    tally.measured.is_empty() && tally.decisions.positions(Axis::Prediction).next().is_none()
}

pub(super) fn check(
    tally: &Tally,
    attributes: &[Attribute],
    sets: &[Vec<usize>],
    policy: &Policy,
    problems: &mut Vec<Problem>,
) {
    let Some(lists) = &tally.lists else {
        return;
    };
    let columns = |set: &[usize]| -> Vec<&str> { set.iter().map(|&at| attributes[at].column.as_str()).collect() };
    let is_of_items = |column: &str| lists.of_items.iter().any(|name| name == column);
    for set in sets.iter().filter(|_| has_lists_only(tally)) {
        let columns = columns(set);
        let of_items = columns.iter().filter(|column| is_of_items(column)).count();
        if of_items > 0 && of_items < columns.len() {
            problems.push(Problem::usage(
                format!(
                    "`{}` are attributes of users and of items, and nothing belongs to groups of both",
                    columns.join("+")
                ),
                "combine attributes of users, or attributes of items; which items reach which users is always shown",
            ));
        }
    }
    let of_items: Vec<&str> = attributes
        .iter()
        .map(|attribute| attribute.column.as_str())
        .filter(|column| is_of_items(column))
        .collect();
    if of_items.is_empty() {
        return;
    }
    if policy.lists.target == Some(Target::Shares) {
        shares(&of_items, policy, problems);
    } else if let Some(target) = policy.lists.target.filter(|target| !is_known(*target, lists)) {
        let (missing, help) = match target {
            Target::Sales => (
                "no column says how often items were sold or wanted so far",
                "--popularity COLUMN",
            ),
            Target::Merit => ("no column says how good items are", "--merit COLUMN"),
            _ => ("nothing says which items users wanted", "--relevance COLUMN"),
        };
        problems.push(Problem::usage(
            format!("the target of exposure is `{target}`, and {missing}"),
            format!("name it with {help}, or choose another target with --target"),
        ));
    }
}

fn is_known(target: Target, lists: &Lists) -> bool {
    let has = |role: &str| lists.columns.contains_key(role);
    match target {
        Target::Catalogue | Target::Shares => true,
        Target::Sales => has("popularity"),
        Target::Merit => has("merit"),
        // A file says it as well as a column.
        Target::Relevance => {
            let measures = || lists.measured.cells().flat_map(|(_, sums)| sums.of.keys());
            has("relevance") || measures().any(|key| key.starts_with(WANTED))
        }
    }
}

/// Shares have to be those of attributes of items, and there for at least one of them.
fn shares(of_items: &[&str], policy: &Policy, problems: &mut Vec<Problem>) {
    let written = &policy.lists.shares;
    for column in written.keys().filter(|column| !of_items.contains(&column.as_str())) {
        problems.push(Problem::usage(
            format!(
                "the policy gives shares of the groups of `{column}`, which is no protected attribute of items here"
            ),
            format!("the protected attributes of items are {}", listed(of_items, 8)),
        ));
    }
    if !of_items.iter().any(|column| written.contains_key(*column)) {
        problems.push(Problem::usage(
            format!(
                "the target of exposure is `shares`, and no shares of {} are given",
                listed(of_items, 8)
            ),
            "write them in a policy as [lists.shares.COLUMN] with GROUP = SHARE, such as Coast = 0.6",
        ));
    }
}
