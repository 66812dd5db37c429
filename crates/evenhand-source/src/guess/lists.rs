//! This module points out lists: in a cell, in a column per place, or one item per record. They are suggestions only.

use std::collections::BTreeMap;

use evenhand_measure::Policy;

use super::{Confidence, Guess, MOST_GROUPS, has_few, possible, quoted};
use crate::aliases::Section;
use crate::naming::{is_one_of, joined, starts_or_ends_with};
use crate::profile::{ColumnProfile, Profile};

pub(super) fn lists(profile: &Profile, policy: &Policy) -> Vec<Guess> {
    let mut guesses = Vec::new();
    if policy.data.explode.is_empty() {
        guesses.extend(profile.columns.iter().filter_map(in_cells));
        guesses.extend(in_columns(profile));
    }
    guesses.extend(of_items(profile, policy));
    guesses
}

/// A list in each cell.
fn in_cells(column: &ColumnProfile) -> Option<Guess> {
    const SEPARATORS: [char; 3] = ['|', ';', ','];
    let texts = || column.distinct.iter().map(|(text, _)| text.trim());
    if column.distinct.is_empty() || column.is_numeric() || column.dates {
        return None;
    }
    let flag = format!("--explode {}", quoted(&column.name));
    if texts().all(|text| text.starts_with('[') && text.ends_with(']')) {
        let reason = "its values are lists: taken apart, each item is a record with its rank".to_owned();
        return Some(possible("list", column, reason, flag));
    }
    let is_list = is_one_of(&column.name, Section::List) || starts_or_ends_with(&column.name, Section::List);
    let has = |separator: &char| {
        let parted = texts().filter(|text| text.contains(*separator)).count();
        2 * parted > column.distinct.len()
    };
    let separator = SEPARATORS.into_iter().find(has).filter(|_| is_list)?;
    let reason = format!("its name, and `{separator}` between the items of most of its values");
    Some(possible(
        "list",
        column,
        reason,
        format!("{flag} --separator '{separator}'"),
    ))
}

/// A column for each place of a list, as in `rec_1`, `rec_2`.
fn in_columns(profile: &Profile) -> Vec<Guess> {
    let mut stems: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for column in &profile.columns {
        let stem = column.name.trim_end_matches(|c: char| c.is_ascii_digit());
        if let Some(Ok(place)) = column.name.get(stem.len()..).map(str::parse) {
            stems.entry(stem).or_default().push(place);
        }
    }
    let mut guesses = Vec::new();
    for (stem, mut places) in stems {
        places.sort_unstable();
        let first = places.first().copied().unwrap_or_default();
        let in_a_row = first <= 1 && places.iter().zip(first..).all(|(place, next)| *place == next);
        let matching = profile
            .columns
            .iter()
            .filter(|column| column.name.starts_with(stem))
            .count();
        let is_known = is_one_of(stem, Section::List) || is_one_of(stem, Section::Item);
        if places.len() < 2 || !in_a_row || matching != places.len() || !is_known {
            continue;
        }
        let pattern = format!("{stem}*");
        guesses.push(Guess {
            role: "list",
            flag: format!("--explode {}", quoted(&pattern)),
            column: pattern,
            reason: format!("{} columns, one for each place of a list", places.len()),
            confidence: Confidence::Possible,
            looks_like_counts: false,
        });
    }
    guesses
}

/// One item per record: who it was shown to, and where in the list.
fn of_items(profile: &Profile, policy: &Policy) -> Vec<Guess> {
    let is_named =
        |section: Section| move |column: &&ColumnProfile| column.present() > 0 && is_one_of(&column.name, section);
    let has_users = policy
        .data
        .joins
        .iter()
        .any(|join| join.side.as_deref() == Some("user"));
    let has_items = policy
        .data
        .joins
        .iter()
        .any(|join| join.side.as_deref() == Some("item"));
    let nobody = policy.roles.protected.is_empty();
    let item = profile.columns.iter().find(is_named(Section::Item));
    let user = profile
        .columns
        .iter()
        .find(|column| is_user(&column.name) && column.present() > 0);
    let mut guesses = Vec::new();
    if let Some(user) = user
        && nobody
        && !has_users
    {
        let flag = format!("--users FILE --on {}", quoted(&user.name));
        let reason = "a table of these people could say which groups they belong to".to_owned();
        guesses.push(possible("user", user, reason, flag));
    }
    let Some(item) = item else { return guesses };
    if nobody && !has_items {
        let flag = format!("--items FILE --items-on {}", quoted(&item.name));
        let reason = "a table of these items could say which groups they belong to".to_owned();
        guesses.push(possible("item", item, reason, flag));
    }
    let is_place = |column: &&ColumnProfile| {
        // Where there are items, a position is a place in a list and no job.
        let is_called = is_one_of(&column.name, Section::Rank) || joined(&column.name) == "position";
        is_called && column.is_numeric() && column.whole && column.min >= Some(0.0) && has_few(column, MOST_GROUPS)
    };
    if let Some(rank) = profile.columns.iter().find(is_place)
        && policy.roles.strata.is_empty()
        && policy.roles.rank.is_none()
    {
        let flag = format!("--strata {}", quoted(&rank.name));
        let reason = "a place in a list: compares groups only within the same place".to_owned();
        guesses.push(possible("rank", rank, reason, flag));
    }
    guesses
}

pub(super) fn is_user(name: &str) -> bool {
    // What JSON holds within something else is called after both: `input.userId`.
    let name = name.rsplit('.').next().unwrap_or(name);
    let words = joined(name);
    is_one_of(name, Section::Cluster)
        && ["user", "customer", "client", "kunde", "member"]
            .iter()
            .any(|who| words.starts_with(who))
}
