//! This module names sheets and writes the names of groups in full.

use std::collections::BTreeSet;

use evenhand_measure::audit::model::{Group, GroupKind};

use crate::safe::visible;

/// Characters of a sheet's name, in units of UTF-16.
const MOST_CHARACTERS: usize = 31;

/// The names of sheets that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A name that every program accepts and no other sheet has, as near as can be to the one that is wanted.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        // A name is cut anyway; what stands far behind need not be looked at.
        let start: String = wanted.chars().take(4 * MOST_CHARACTERS).collect();
        let allowed = |c: char| if "[]:*?/\\".contains(c) { '_' } else { c };
        let clean: String = visible(&start).chars().map(allowed).collect();
        let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        let clean = if clean.is_empty() { "Sheet" } else { clean };
        let mut number = 1;
        loop {
            let ending = match number {
                1 => String::new(),
                number => format!(" ({number})"),
            };
            let name = format!("{}{ending}", cut(clean, MOST_CHARACTERS - ending.len()));
            // Programs tell names apart without regard to case; `History` is one that Excel keeps for itself.
            let key = name.to_lowercase();
            if key != "history" && self.taken.insert(key) {
                return name;
            }
            number += 1;
        }
    }
}

fn cut(text: &str, most: usize) -> &str {
    let mut room = most;
    for (at, c) in text.char_indices() {
        if c.len_utf16() > room {
            return text[..at].trim_end_matches(|c: char| c == '\'' || c.is_whitespace());
        }
        room -= c.len_utf16();
    }
    text
}

/// A group by its values, in full: two names that differ anywhere look different.
pub(super) fn group(by: &[String], group: &Group, kind: GroupKind) -> String {
    match kind {
        GroupKind::Overall => "everyone".to_owned(),
        GroupKind::Judged => values(by, group),
        GroupKind::Missing | GroupKind::NonAnswer => format!("{}, not judged", values(by, group)),
    }
}

/// The values of a group, in the order of the attributes.
pub(super) fn values(by: &[String], group: &Group) -> String {
    let value = |column: &String| group.get(column).and_then(Option::as_deref).unwrap_or("(missing)");
    let values: Vec<&str> = by.iter().map(value).collect();
    match values.is_empty() {
        true => "everyone".to_owned(),
        false => values.join(" / "),
    }
}

/// A set of attributes.
pub(super) fn attributes(by: &[String]) -> String {
    match by.is_empty() {
        true => "everyone".to_owned(),
        false => by.join(" × "),
    }
}

/// What groups are looked at within; empty for nothing.
pub(super) fn within(within: &Group) -> String {
    let pair =
        |(column, value): (&String, &Option<String>)| format!("{column} = {}", value.as_deref().unwrap_or("(missing)"));
    let pairs: Vec<String> = within.iter().map(pair).collect();
    pairs.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::HOSTILE;

    #[test]
    fn every_name_is_accepted_once() {
        let mut names = Names::default();
        let long = "x".repeat(10_000);
        let wanted = HOSTILE.iter().copied().chain([
            "",
            "''",
            "'quoted'",
            "History",
            "Race",
            "race",
            "RACE",
            "a/b",
            "a:b",
            "a_b",
            &long,
            &long,
            "\u{1f600}",
            " ",
        ]);
        let mut seen = BTreeSet::new();
        for wanted in wanted {
            let name = names.unique(wanted);
            assert!(
                !name.is_empty() && name.encode_utf16().count() <= MOST_CHARACTERS,
                "{name}"
            );
            assert!(!name.contains(['[', ']', ':', '*', '?', '/', '\\']), "{name}");
            assert!(!name.starts_with('\'') && !name.ends_with('\''), "{name}");
            assert!(!name.chars().any(char::is_control), "{name}");
            assert!(seen.insert(name.to_lowercase()), "{name} twice");
        }
        assert!(!seen.contains("history"));
    }
}
