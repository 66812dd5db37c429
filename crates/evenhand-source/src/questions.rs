//! This module asks what a file leaves open although its columns have roles: values that may be one group, rows that may
//! sum up others, numbers that can be read in two ways. Each question comes with the flags that answer it.

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::{Policy, Problem};

use crate::alike::Alike;
use crate::guess::{Need, blanks, is_number_role, need, quoted};
use crate::input::shown as path_shown;
use crate::kernel::shown;
use crate::profile::Profile;
use crate::spellings::spellings;

/// What has to be said before the verdict can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it is about, in kebab-case.
    pub code: &'static str,
    /// What was found, and the flags that answer it.
    pub problem: Problem,
}

impl Question {
    fn new(code: &'static str, message: String, help: String) -> Self {
        Self {
            code,
            problem: Problem::usage(message, help),
        }
    }
}

/// What `policy` leaves open about the columns that have a role, at most one question of each kind.
#[must_use]
pub fn questions(profile: &Profile, policy: &Policy) -> Vec<Question> {
    let found = [
        looks_alike(profile, policy),
        missing(profile, policy),
        decimals(profile, policy),
    ];
    found.into_iter().flatten().collect()
}

/// What of the policy's values is of no use for this file, so that a slip of the pen does not go unseen.
#[must_use]
pub fn cautions(profile: &Profile, policy: &Policy) -> Vec<Note> {
    let mut notes = Vec::new();
    let caution = |message: String| Note {
        code: "map-unused".to_owned(),
        severity: Severity::Warning,
        message,
        help: Some("check how it is written, with --map or in [values.map] of the policy".to_owned()),
    };
    for (name, map) in &policy.values.map {
        let Some(column) = profile.column(name) else {
            notes.push(caution(format!(
                "values of {} are mapped, and there is no such column",
                shown(name)
            )));
            continue;
        };
        if !profile.complete || column.overflowed {
            continue;
        }
        for text in map.keys() {
            let is_there = column.distinct.iter().any(|(value, _)| value == text);
            if !is_there && !text.trim().is_empty() {
                notes.push(caution(format!(
                    "{} is mapped in {}, and occurs nowhere there",
                    shown(text),
                    shown(name)
                )));
            }
        }
    }
    notes
}

/// Values that are one in all likelihood and that the policy neither unites nor keeps apart.
fn looks_alike(profile: &Profile, policy: &Policy) -> Option<Question> {
    /// So much of a line stays readable, and whole.
    const LONGEST: usize = 1_500;
    let mut found: Vec<String> = Vec::new();
    let mut flags: Vec<String> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    let mut apart: Vec<String> = Vec::new();
    for spellings in spellings(profile, policy) {
        let column = &spellings.column;
        found.push(format!("column {}: {}", shown(column), described(&spellings.groups)));
        apart.push(column.clone());
        flags.extend(spellings.flags());
        let of_column = spellings.lines();
        if !of_column.is_empty() {
            lines.push(format!(
                "[values.map.{}] {}",
                crate::alike::toml(column),
                of_column.join(" ")
            ));
        }
    }
    if found.is_empty() {
        return None;
    }
    let mut ways = Vec::new();
    if !flags.is_empty() {
        ways.push(format!("unite them with {}", some(&flags, LONGEST, " ")));
    }
    if !lines.is_empty() {
        let and = if flags.is_empty() {
            "unite them in a policy"
        } else {
            "and in a policy"
        };
        ways.push(format!("{and} with {}", some(&lines, LONGEST / 2, "; ")));
    }
    let help = format!("{}; or keep them apart with {}", ways.join(", "), distinct(&apart));
    let message = format!(
        "{}: values look like one another: {}",
        path_shown(&profile.path),
        some(&found, LONGEST, "; ")
    );
    Some(Question::new("values-look-alike", message, help))
}

/// The groups of a column in words.
fn described(groups: &[Alike]) -> String {
    const MOST: usize = 8;
    let value = |(text, times): &(String, u64)| format!("{} ({times})", shown(text));
    let group = |group: &Alike| {
        let others: Vec<String> = group.others.iter().take(MOST).map(value).collect();
        let more = match group.others.len().saturating_sub(MOST) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{} and {}{more}", value(&group.keep), others.join(", "))
    };
    let mut texts: Vec<String> = groups.iter().take(MOST).map(group).collect();
    if groups.len() > MOST {
        texts.push(format!("and {} more such values", groups.len() - MOST));
    }
    texts.join("; ")
}

/// As many of `texts` as there is room for, each whole.
fn some(texts: &[String], longest: usize, between: &str) -> String {
    let mut shown = String::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 && shown.len() + text.len() > longest {
            return format!(
                "{shown}{between}(and {} more, which the next run names)",
                texts.len() - index
            );
        }
        if index > 0 {
            shown.push_str(between);
        }
        shown.push_str(text);
    }
    shown
}

/// The flag that keeps the values of these columns as they are.
fn distinct(columns: &[String]) -> String {
    let (plain, odd): (Vec<&String>, Vec<&String>) = columns.iter().partition(|name| !name.contains(','));
    let plain: Vec<&str> = plain.into_iter().map(String::as_str).collect();
    let odd: Vec<String> = odd.into_iter().map(|name| crate::alike::toml(name)).collect();
    match (plain.is_empty(), odd.is_empty()) {
        (false, true) => format!("--distinct {}", quoted(&plain.join(","))),
        (true, _) => format!("`distinct = [{}]` in [values] of a policy", odd.join(", ")),
        (false, false) => format!(
            "--distinct {} and `distinct = [{}]` in [values] of a policy",
            quoted(&plain.join(",")),
            odd.join(", ")
        ),
    }
}

/// A third value of a decision that looks like a missing one.
fn missing(profile: &Profile, policy: &Policy) -> Option<Question> {
    let (roles, values) = (&policy.roles, &policy.values);
    let asked = [
        (&roles.prediction, values.positive.is_none(), "--positive"),
        (&roles.label, values.positive_label.is_none(), "--positive-label"),
    ];
    for (name, is_open, flag) in asked {
        let Some(column) = name.as_ref().and_then(|name| profile.column(name)) else {
            continue;
        };
        let column = column.meant(policy);
        let blanks = blanks(&column);
        if !is_open || blanks.is_empty() {
            continue;
        }
        let texts: Vec<String> = column
            .looks_missing
            .iter()
            .map(|(text, times)| format!("{} ({times})", shown(text)))
            .collect();
        return Some(Question::new(
            "missing-or-value",
            format!(
                "{}, column {}: beside yes and no it has {}",
                path_shown(&profile.path),
                shown(&column.name),
                texts.join(", ")
            ),
            format!(
                "if that means that the value is missing, say {}; else name the value that counts with {flag} VALUE",
                blanks.join(" ")
            ),
        ));
    }
    None
}

/// Numbers that are one number with a decimal point and another with a decimal comma.
fn decimals(profile: &Profile, policy: &Policy) -> Option<Question> {
    if policy.data.decimal.is_some() {
        return None;
    }
    let meant = profile.meant(policy);
    let mut columns = meant
        .columns
        .iter()
        .filter(|column| is_number_role(&column.name, policy));
    let column = columns.find(|column| need(column, policy) == Need::Open)?;
    let example = column
        .distinct
        .iter()
        .map(|(text, _)| text)
        .find(|text| text.contains(','));
    Some(Question::new(
        "decimal-open",
        format!(
            "{}, column {}: {} can be read with a decimal point or a decimal comma",
            path_shown(&profile.path),
            shown(&column.name),
            shown(example.map_or("its numbers", String::as_str))
        ),
        "say --decimal point if its comma stands between thousands, or --decimal comma if a fraction follows it"
            .to_owned(),
    ))
}

#[cfg(test)]
#[path = "questions_tests.rs"]
mod tests;
