//! This module is what a plan reads beside decisions: scores, amounts and lists.

use evenhand_measure::policy::Roles;
use evenhand_measure::tally::{Axis, Coding};
use evenhand_measure::{Policy, Problem};

use super::{IdUse, NumberUse, Purpose, Slot};

/// Whether there is something to audit besides decisions and scores.
pub(super) fn has_amounts_or_lists(roles: &Roles) -> bool {
    roles.amount.is_some() || roles.list.is_some()
}

/// Whether scores are measured, and not only compared with a threshold. Measures of scores know no weights yet; where
/// there is a decision, that is what the weights are for.
fn measures_scores(roles: &Roles) -> bool {
    roles.score.is_some() && (roles.weight.is_none() || !has_decision(roles))
}

fn has_decision(roles: &Roles) -> bool {
    roles.prediction.is_some() || (roles.score.is_some() && roles.threshold.is_some())
}

/// The slots of scores, amounts and lists.
pub(super) fn slots(policy: &Policy) -> Vec<Slot> {
    let roles = &policy.roles;
    let score = roles.score.as_ref().filter(|_| measures_scores(roles));
    let mut slots = Vec::new();
    let mut add = |column: Option<&String>, purpose: Purpose| {
        slots.extend(column.map(|column| Slot::new(column, purpose)));
    };
    add(score, Purpose::Number(NumberUse::Score));
    add(roles.amount.as_ref(), Purpose::Number(NumberUse::Amount));
    add(roles.true_amount.as_ref(), Purpose::Number(NumberUse::TrueAmount));
    for control in &roles.controls {
        add(Some(control), Purpose::Either(NumberUse::Control));
    }
    if roles.list.is_some() {
        add(roles.list.as_ref(), Purpose::Id(IdUse::List));
        add(roles.item.as_ref(), Purpose::Id(IdUse::Item));
        add(roles.user.as_ref(), Purpose::Id(IdUse::User));
        add(roles.rank.as_ref(), Purpose::Number(NumberUse::Rank));
        add(roles.relevance.as_ref(), Purpose::Number(NumberUse::Relevance));
        add(roles.category.as_ref(), Purpose::Key(Axis::Category, Coding::AsWritten));
        add(roles.merit.as_ref(), Purpose::Number(NumberUse::Merit));
        add(roles.popularity.as_ref(), Purpose::Number(NumberUse::Popularity));
    }
    slots
}

/// What is asked of scores, amounts and lists and cannot be.
pub(super) fn problems(policy: &Policy) -> Vec<Problem> {
    let roles = &policy.roles;
    let mut problems = Vec::new();
    if let Some(weight) = &roles.weight {
        let unweighted = [
            ("scores", roles.score.is_some() && !has_decision(roles)),
            ("amounts", roles.amount.is_some()),
            ("lists", roles.list.is_some()),
        ];
        for (what, _) in unweighted.iter().filter(|(_, is_asked)| *is_asked) {
            problems.push(Problem::usage(
                format!("measures of {what} know no weights yet, and `{weight}` is given as the weight"),
                "leave `--weight` out",
            ));
        }
    }
    if let (Some(count), Some(_)) = (&roles.count, &roles.list) {
        problems.push(Problem::usage(
            format!("every record of a list is one item, and `{count}` says how many rows a record stands for"),
            "leave `--count` out",
        ));
    }
    let lonely = |role: &str, column: &str, needed: &str| {
        Problem::usage(
            format!("`{column}` ({role}) says nothing without {needed}"),
            format!("name {needed} as well, or leave `{column}` out"),
        )
    };
    if roles.amount.is_none() {
        let controls = roles.controls.iter().map(|column| ("controls", column));
        for (role, column) in roles
            .true_amount
            .iter()
            .map(|column| ("true-amount", column))
            .chain(controls)
        {
            problems.push(lonely(role, column, "`--amount`"));
        }
    }
    for column in &roles.controls {
        // It would explain all of itself, and no gap would ever be left.
        if roles.amount.as_ref() == Some(column) {
            problems.push(Problem::usage(
                format!("`{column}` is the amount, and cannot be a reason for itself"),
                "leave it out of `--controls`",
            ));
        }
    }
    let of_lists = [
        ("item", &roles.item),
        ("rank", &roles.rank),
        ("relevance", &roles.relevance),
        ("category", &roles.category),
        ("merit", &roles.merit),
        ("popularity", &roles.popularity),
    ];
    for (role, column) in of_lists {
        match (column, &roles.list) {
            (Some(column), None) => problems.push(lonely(role, column, "`--list`")),
            (None, Some(list)) if role == "item" => problems.push(lonely("list", list, "`--item`")),
            _ => {}
        }
    }
    problems
}
