//! This module warns of groups that a table's layout or its spelling makes, and not the people in it.

use std::collections::BTreeMap;

use evenhand::Audit;
use evenhand::measure::audit::model::{GroupKind, Note, Severity};

/// What tables call the line that adds up the others, in lower case.
const TOTALS: [&str; 12] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "all",
    "all groups",
    "both sexes",
    "overall",
    "sum",
    "gesamt",
    "insgesamt",
    "summe",
];

/// More look-alikes of one column are not listed.
const MOST_LISTED: usize = 5;

/// A warning for each attribute with such groups.
pub fn warnings(audit: &Audit) -> Vec<Note> {
    let mut attributes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rates in &audit.rates {
        if let ([column], GroupKind::Judged) = (rates.by.as_slice(), rates.kind) {
            let groups = attributes.entry(column).or_default();
            for group in rates.group.values().flatten() {
                // Within strata, a group comes once for each stratum.
                if !groups.contains(&group.as_str()) {
                    groups.push(group);
                }
            }
        }
    }
    attributes
        .into_iter()
        .flat_map(|(column, groups)| {
            let mut notes: Vec<Note> = groups.iter().filter_map(|group| total(column, group)).collect();
            notes.extend(look_alikes(column, &groups));
            notes
        })
        .collect()
}

fn plain(group: &str) -> String {
    group.trim().to_lowercase()
}

fn total(column: &str, group: &str) -> Option<Note> {
    TOTALS.contains(&plain(group).as_str()).then(|| Note {
        code: "total-row".to_owned(),
        severity: Severity::Warning,
        message: format!("`{group}` in `{column}` looks like a total row, which counts everybody twice"),
        help: Some("leave its lines out of the file".to_owned()),
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
    Some(Note {
        code: "look-alike-groups".to_owned(),
        severity: Severity::Warning,
        message: format!(
            "groups of `{column}` that differ only in capitals or in blanks around them were judged as different \
             groups: {shown}{more}"
        ),
        help: Some("write them alike in the file, if they are one group".to_owned()),
    })
}
