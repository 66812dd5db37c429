//! This module finds recommended lists with one item per record: whose list it is, the item, its place, and whether it was
//! wanted.

use evenhand_measure::Policy;
use evenhand_measure::positive::is_binary;

use super::lists::is_user;
use super::{Confidence, Guess, MOST_DECISIONS, free, has_few, once, taken, values};
use crate::aliases::Section;
use crate::naming::{is_one_of, joined, words};
use crate::profile::{ColumnProfile, Profile};

/// Fills the roles of lists: those that are left open where one is named, or all where an item, a place and whose list it
/// is are there under their usual names.
pub(super) fn roles(profile: &Profile, policy: &mut Policy) -> Vec<Guess> {
    let roles = &policy.roles;
    let is_asked = roles.list.is_some() || roles.item.is_some() || roles.rank.is_some();
    let has_other = roles.prediction.is_some() || roles.score.is_some() || roles.amount.is_some();
    if has_other && !is_asked {
        return Vec::new();
    }
    let free = free(profile, policy);
    let find = |is: &dyn Fn(&ColumnProfile) -> bool| free.iter().copied().find(|column| is(column));
    let rank = find(&is_place).filter(|_| roles.rank.is_none());
    let item = find(&|column| is_one_of(&column.name, Section::Item)).filter(|_| roles.item.is_none());
    let user = find(&|column| is_user(&column.name)).filter(|_| roles.user.is_none());
    let listed = |column: &ColumnProfile| is_one_of(&column.name, Section::Listed) && !is_user(&column.name);
    // Where each user has one list, it is called as the user is.
    let list = find(&listed).or(user).filter(|_| roles.list.is_none());
    let is_complete = |there: bool, found: Option<&ColumnProfile>| there || found.is_some();
    let complete = is_complete(roles.rank.is_some(), rank)
        && is_complete(roles.item.is_some(), item)
        && is_complete(roles.list.is_some(), list);
    if !complete && !is_asked {
        return Vec::new();
    }
    let wanted = |column: &ColumnProfile| {
        is_one_of(&column.name, Section::Wanted) && has_few(column, MOST_DECISIONS) && is_binary(&once(column))
    };
    let wanted = find(&wanted).filter(|_| roles.relevance.is_none() && policy.data.relevant.is_none());
    let mut guesses = Vec::new();
    let roles = &mut policy.roles;
    let found = [
        (
            "list",
            &mut roles.list,
            list,
            "the id of a list, beside items and their places",
        ),
        ("item", &mut roles.item, item, "the items of lists"),
        (
            "rank",
            &mut roles.rank,
            rank,
            "whole numbers under a name for places in a list",
        ),
        ("user", &mut roles.user, user, "whose list it is"),
    ];
    for (role, setting, column, reason) in found {
        if let (None, Some(column)) = (&setting, column) {
            *setting = Some(column.name.clone());
            guesses.push(taken(role, column, Confidence::Likely, reason.to_owned()));
        }
    }
    // Who says whose lists they are, and nothing else of lists, has one for each user.
    if let (None, Some(user), true) = (&roles.list, &roles.user, roles.item.is_some())
        && let Some(column) = profile.columns.iter().find(|column| column.name == *user)
    {
        roles.list = Some(column.name.clone());
        let reason = "no column tells several lists of a user apart".to_owned();
        guesses.push(taken("list", column, Confidence::Likely, reason));
    }
    if let Some(column) = wanted {
        roles.relevance = Some(column.name.clone());
        let reason = format!("it says what was wanted, {}", values(column));
        guesses.push(taken("relevance", column, Confidence::Likely, reason));
    }
    guesses
}

/// Which of the protected attributes are those of items: by the first word of their names.
pub(super) fn sides(policy: &mut Policy) -> Vec<Guess> {
    if policy.roles.list.is_none() || !policy.roles.item_side.is_empty() {
        return Vec::new();
    }
    let mut guesses = Vec::new();
    for column in &policy.roles.protected {
        let first = words(column).into_iter().next().unwrap_or_default();
        if column.contains('.') || !is_one_of(&first, Section::Provider) {
            continue;
        }
        policy.roles.item_side.push(column.clone());
        guesses.push(Guess {
            role: "item-side",
            column: column.clone(),
            reason: "its name says that it is an attribute of items or their providers, not of users".to_owned(),
            flag: format!("--protected {}", super::quoted(&format!("item.{column}"))),
            confidence: Confidence::Likely,
            looks_like_counts: false,
        });
    }
    guesses
}

fn is_place(column: &ColumnProfile) -> bool {
    let is_called = is_one_of(&column.name, Section::Rank) || joined(&column.name) == "position";
    is_called && column.is_numeric() && column.whole && column.min >= Some(0.0)
}
