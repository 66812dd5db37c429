//! This module is the presets: policies with a date and sources, as data.
//!
//! Thresholds of law and custom move, so none is a constant in code: each is in a file that says where it comes from
//! and when that was read.

use std::sync::LazyLock;

use toml::de::{DeTable, DeValue};

use super::{Policy, parse_onto};
use crate::catalogue::closest;

/// A policy with its sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// The id, in kebab-case.
    pub id: String,
    /// What it is.
    pub title: String,
    /// The day on which its sources were last read.
    pub as_of: String,
    /// The texts that it follows, with the section.
    pub sources: Vec<String>,
    /// What an audit by it establishes.
    pub establishes: Vec<String>,
    /// What it does not.
    pub does_not_establish: Vec<String>,
    /// What the reader has to know of how it computes.
    pub notes: Vec<String>,
    /// The policy.
    pub policy: Policy,
}

/// Every preset, in the order in which they are listed.
pub fn presets() -> &'static [Preset] {
    static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| FILES.iter().filter_map(|file| read(file)).collect());
    &PRESETS
}

const FILES: &[&str] = &[
    include_str!("presets/four-fifths.toml"),
    include_str!("presets/ll144.toml"),
    include_str!("presets/equalized-odds.toml"),
    include_str!("presets/strict.toml"),
];

/// The preset with this id.
///
/// # Errors
/// The closest ids, or all when none is close.
///
/// ```
/// use evenhand_measure::policy::find_preset;
/// assert_eq!(find_preset("four-fifths").unwrap().policy.checks[0].bound, Some(0.8));
/// assert_eq!(find_preset("four-fith").unwrap_err(), ["four-fifths"]);
/// ```
pub fn find_preset(name: &str) -> Result<&'static Preset, Vec<&'static str>> {
    let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
    presets().iter().find(|preset| preset.id == wanted).ok_or_else(|| {
        let ids = || presets().iter().map(|preset| preset.id.as_str());
        match closest(&wanted, ids()) {
            near if near.is_empty() => ids().collect(),
            near => near,
        }
    })
}

/// A preset from its file: the table `[preset]` says what it is, the rest is a policy. The files are part of the
/// program, and a test reads every one.
fn read(file: &str) -> Option<Preset> {
    let (head, policy) = file.split_once("\n# The policy\n")?;
    let document = DeTable::parse(head).ok()?;
    let table = document.get_ref().get("preset")?.get_ref().as_table()?;
    let text = |key: &str| Some(table.get(key)?.get_ref().as_str()?.to_owned());
    let texts = |key: &str| -> Option<Vec<String>> {
        let list = table.get(key).map(|value| value.get_ref());
        let items = list.and_then(DeValue::as_array)?.iter();
        items.map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
    };
    let id = text("id")?;
    let base = Policy {
        preset: Some(id.clone()),
        ..Policy::default()
    };
    let mut policy = parse_onto(base, &id, policy).ok()?;
    // Nobody who reads a line would look for it in a preset.
    policy.checks.iter_mut().for_each(|check| check.line = None);
    Some(Preset {
        title: text("title")?,
        as_of: text("as-of")?,
        sources: texts("sources")?,
        establishes: texts("establishes")?,
        does_not_establish: texts("does-not-establish")?,
        notes: texts("notes")?,
        policy,
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_preset_with_a_date_and_sources() {
        assert_eq!(presets().len(), FILES.len());
        for preset in presets() {
            assert_eq!(preset.policy.preset.as_deref(), Some(preset.id.as_str()));
            assert!(
                preset.as_of.len() == 10 && preset.as_of.starts_with("20"),
                "{}",
                preset.as_of
            );
            assert!(!preset.sources.is_empty() && !preset.establishes.is_empty());
            assert!(!preset.does_not_establish.is_empty() && !preset.policy.checks.is_empty());
        }
        let ids: Vec<&str> = presets().iter().map(|preset| preset.id.as_str()).collect();
        assert_eq!(ids, ["four-fifths", "ll144", "equalized-odds", "strict"]);
    }

    #[test]
    fn a_rule_without_a_pass_mark_gets_none() {
        let ll144 = &find_preset("LL144").unwrap().policy;
        assert!(ll144.publication.is_some() && ll144.roles.intersect_all);
        assert!(ll144.checks.iter().all(|check| check.bound.is_none()));
    }
}
