//! This module warns of groups that a table's layout or its spelling makes, and not the people in it.

use std::collections::BTreeMap;

use super::model::Note;
use super::warning;
use crate::positive::looks_total;

/// More look-alikes of one column are not listed.
const MOST_LISTED: usize = 5;

/// The warnings about the judged groups of an attribute.
pub(super) fn warnings(column: &str, groups: &[&str]) -> Vec<Note> {
    let totals = groups.iter().filter_map(|group| total(column, group));
    totals.chain(look_alikes(column, groups)).collect()
}

fn plain(group: &str) -> String {
    group.trim().to_lowercase()
}

fn total(column: &str, group: &str) -> Option<Note> {
    looks_total(group).then(|| {
        warning(
            "total-row",
            format!("`{group}` in `{column}` looks like a total row, which counts everybody twice"),
            "leave its lines out of the file",
        )
    })
}

fn look_alikes(column: &str, groups: &[&str]) -> Option<Note> {
    let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for group in groups {
        alike.entry(plain(group)).or_default().push(group);
    }
    let sets: Vec<String> = alike
        .into_values()
        .filter(|same| same.len() > 1)
        .map(|mut same| {
            same.sort_unstable();
            let quoted: Vec<String> = same.iter().map(|group| format!("\"{group}\"")).collect();
            quoted.join(", ")
        })
        .collect();
    if sets.is_empty() {
        return None;
    }
    let more = match sets.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let shown = sets[..sets.len().min(MOST_LISTED)].join("; ");
    Some(warning(
        "look-alike-groups",
        format!(
            "groups of `{column}` that differ only in capitals or in blanks around them were judged as different \
             groups: {shown}{more}"
        ),
        "write them alike in the file, if they are one group",
    ))
}
