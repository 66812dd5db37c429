//! This module tells keys that are the same but for the way in which they are written: `501`, `00501` and `501.0`.

use std::collections::{BTreeMap, HashSet};

use super::table::Table;

/// Keys without an entry that would have one if they were written as the table does.
pub(super) struct Alike {
    /// How many, all with the same difference.
    pub(super) keys: u64,
    pub(super) difference: &'static str,
    /// One of them, and the key in the table.
    pub(super) here: String,
    pub(super) there: String,
}

/// What makes keys the same that are written differently.
type Plainer = fn(&str) -> String;

const DIFFERENCES: [(&str, Plainer); 4] = [
    ("the case of letters", |key| key.to_lowercase()),
    ("zeros in front", |key| without_zeros(key).to_owned()),
    ("`.0` behind a whole number", |key| without_fraction(key).to_owned()),
    ("case, zeros in front or `.0`", |key| {
        without_zeros(without_fraction(key)).to_lowercase()
    }),
];

/// The difference that most of the keys have to keys of the table, if any.
pub(super) fn most_alike(unmatched: &HashSet<String>, table: &Table) -> Option<Alike> {
    let mut keys: Vec<&str> = unmatched.iter().map(String::as_str).collect();
    keys.sort_unstable();
    let mut best: Option<Alike> = None;
    for (difference, plainer) in DIFFERENCES {
        let wanted: BTreeMap<String, &str> = keys.iter().rev().map(|key| (plainer(key), *key)).collect();
        // Memory for the keys that are looked for, not for the table.
        let mut found: BTreeMap<String, &str> = BTreeMap::new();
        for key in table.keys() {
            let plain = plainer(key);
            if wanted.contains_key(&plain) {
                found.entry(plain).or_insert(key);
            }
        }
        let is_alike = |key: &&&str| found.contains_key(&plainer(key));
        let count = keys.iter().filter(is_alike).count() as u64;
        let example = wanted
            .iter()
            .find_map(|(plain, here)| Some((*here, *found.get(plain)?)));
        if let Some((here, there)) = example
            && best.as_ref().is_none_or(|best| best.keys < count)
        {
            best = Some(Alike {
                keys: count,
                difference,
                here: here.to_owned(),
                there: there.to_owned(),
            });
        }
    }
    best
}

fn without_zeros(key: &str) -> &str {
    let rest = key.trim_start_matches('0');
    // `0` is a number, and `0.5` starts with one.
    if rest.starts_with(|c: char| c.is_alphanumeric()) {
        rest
    } else {
        &key[key.len() - rest.len() - usize::from(rest.len() < key.len())..]
    }
}

fn without_fraction(key: &str) -> &str {
    match key.split_once('.') {
        Some((whole, zeros))
            if !zeros.is_empty()
                && zeros.bytes().all(|byte| byte == b'0')
                && !whole.is_empty()
                && whole.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            whole
        }
        _ => key,
    }
}
