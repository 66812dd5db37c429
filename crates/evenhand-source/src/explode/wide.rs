//! This module finds lists that have one column per place, such as `rec_1` to `rec_10`, named `rec_*`.

use std::collections::BTreeMap;

use evenhand_measure::{Problem, listed};

use super::source::Lists;
use super::{MOST_ENTRIES, entries_of};

/// The lists that these patterns name among `columns`.
pub(super) fn lists(patterns: &[String], columns: &[String], name: &str) -> Result<Lists, Problem> {
    let mut first: Option<BTreeMap<u64, usize>> = None;
    let mut lists = Vec::new();
    for pattern in patterns {
        let places = places(pattern, columns, name)?;
        let first = first.get_or_insert_with(|| places.clone());
        if let Some(odd) = odd_one(first, &places) {
            return Err(Problem::usage(
                format!(
                    "{name}: `{}` and `{pattern}` do not name the same places: only one of them has {odd}",
                    patterns[0]
                ),
                "name lists that belong together, place by place",
            ));
        }
        lists.push(places.into_values().collect());
    }
    let numbers: Vec<u64> = first.unwrap_or_default().into_keys().collect();
    // Some programs count from 0.
    let start = u64::from(numbers.first() == Some(&0));
    Ok(Lists::Wide {
        ranks: numbers.into_iter().map(|number| number + start).collect(),
        columns: lists,
        patterns: patterns.to_vec(),
        names: patterns.iter().map(|pattern| stem(pattern)).collect(),
    })
}

/// The columns that a pattern names, by the number that its `*` stands for.
fn places(pattern: &str, columns: &[String], name: &str) -> Result<BTreeMap<u64, usize>, Problem> {
    let Some((before, after)) = pattern.split_once('*').filter(|(_, after)| !after.contains('*')) else {
        return Err(Problem::usage(
            format!("`{pattern}` has more than one `*`"),
            "write one `*` for the number of the place, as in `rec_*`",
        ));
    };
    if before.is_empty() && after.is_empty() {
        return Err(Problem::usage(
            "`*` alone names no list",
            "write what the columns have in common, as in `rec_*`",
        ));
    }
    let mut places: BTreeMap<u64, usize> = BTreeMap::new();
    for (index, column) in columns.iter().enumerate() {
        let number = column.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        // What else stands there is no place: `rec_count`.
        let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(number) = number.filter(is_number) else {
            continue;
        };
        let number = number.parse().ok().filter(|number| *number <= MOST_ENTRIES as u64);
        let number: u64 = number.ok_or_else(|| {
            Problem::usage(
                format!(
                    "{name}: the column `{column}` would be a place behind {}",
                    entries_of(MOST_ENTRIES)
                ),
                "write a pattern that leaves the column out",
            )
        })?;
        if let Some(other) = places.insert(number, index) {
            return Err(Problem::usage(
                format!(
                    "{name}: `{}` and `{column}` are the same place of `{pattern}`",
                    columns[other]
                ),
                "rename one of them in the file",
            ));
        }
    }
    if places.is_empty() {
        return Err(Problem::usage(
            format!("{name} has no columns like `{before}1{after}`, which `{pattern}` would name"),
            format!("it has {}", listed(columns, 8)),
        ));
    }
    Ok(places)
}

/// The first number that only one of them has.
fn odd_one(one: &BTreeMap<u64, usize>, other: &BTreeMap<u64, usize>) -> Option<u64> {
    let lacks = |number: &&u64, places: &BTreeMap<u64, usize>| !places.contains_key(number);
    let only_here = one.keys().find(|number| lacks(number, other));
    let only_there = other.keys().find(|number| lacks(number, one));
    only_here.into_iter().chain(only_there).min().copied()
}

/// What the columns have in common: `score` of `score_*`.
fn stem(pattern: &str) -> String {
    let is_mark = |c: char| matches!(c, '_' | '-' | '.' | ' ');
    let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
    if before.is_empty() || after.is_empty() {
        let whole = format!("{before}{after}");
        return whole.trim_matches(is_mark).to_owned();
    }
    format!("{}{after}", before.strip_suffix(is_mark).unwrap_or(before))
}
