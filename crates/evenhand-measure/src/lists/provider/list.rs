//! This module is all measures of one list that have to be taken while its items are known.

use super::divergence::{awrf, ndkl};
use super::exposure::{Curve, exposures, shares};
use super::merit::attention_gap;
use super::pairs::{Pairs, Wins};
use crate::attention::Attention;
use crate::tally::Level;

/// An item of a list. Entries of a list are in order of place, best first; none is there twice.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its place, from 1.
    pub place: u64,
    /// The group of the item, by its number; items whose group is missing are a group as well.
    pub group: usize,
    /// Whether its user wanted it, where that is known.
    pub relevant: Option<bool>,
    /// How good it is, 0 or more, where that is known.
    pub merit: Option<f64>,
    /// Whether it is in the tail and not in the short head, where its popularity is known.
    pub is_tail: Option<bool>,
}

/// What the data say of items, which decides which measures there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Which of those shown are relevant.
    pub relevance: bool,
    /// How good items are.
    pub merit: bool,
    /// How popular items are.
    pub popularity: bool,
    /// What could have been shown. Without a table of all items it is what a part of the lists shows, and then what is
    /// held against it does not add up over parts: a merge drops it.
    pub catalogue: bool,
}

/// The mean share of a list's items that are not in the short head (APLT).
pub const TAIL_SHARE: &str = "tail-share";
/// The mean number of a list's items that are not in the short head (ACLT).
pub const TAIL_ITEMS: &str = "tail-items";
/// How far the attention that items get in a list is from what they merit (IAA of one list). See [`under`].
pub const ATTENTION_GAP: &str = "list-attention-gap";
/// How close the attention shares of a list are to the target shares. See [`under`].
pub const LIST_AWRF: &str = "list-awrf";
/// How far the prefixes of a list are from the target shares.
pub const NDKL: &str = "ndkl";
/// Pairs whose irrelevant item is of the same group.
pub const PAIRS_WITHIN: &str = "pairs-within";
/// Pairs whose irrelevant item is of another group.
pub const PAIRS_BETWEEN: &str = "pairs-between";
/// How many relevant items users have, also those never shown.
pub const WANTED: &str = "wanted";

/// The name under which a measure of the groups of some columns of items is tallied. The order of columns does not matter.
///
/// ```
/// use evenhand_measure::lists::provider::key;
/// assert_eq!(key("ndkl", &["region"]), r#"ndkl of ["region"]"#);
/// assert_eq!(key("ndkl", &["b", "a"]), key("ndkl", &["a", "b"]));
/// ```
#[must_use]
pub fn key(measure: &str, columns: &[&str]) -> String {
    let mut columns = columns.to_vec();
    columns.sort_unstable();
    // Any text may be in a name, so it is quoted.
    format!("{measure} of {}", serde_json::Value::from(columns))
}

/// The name of a measure of lists under a model of attention. What places get is in the values when they are tallied, so
/// those of another model are another measure.
///
/// ```
/// use evenhand_measure::attention::Attention;
/// use evenhand_measure::lists::provider::{LIST_AWRF, under};
/// assert_eq!(under(LIST_AWRF, Attention::Log), "list-awrf@log");
/// ```
#[must_use]
pub fn under(measure: &str, attention: Attention) -> String {
    format!("{measure}@{attention}")
}

/// The name under which a measure of one group is tallied: its level in each of the columns.
#[must_use]
pub fn key_of_group(measure: &str, columns: &[&str], group: &[Level]) -> String {
    let mut levels: Vec<(&str, Option<&str>)> = columns.iter().copied().zip(group.iter().map(Level::text)).collect();
    levels.sort_unstable();
    let levels: Vec<Option<&str>> = levels.into_iter().map(|(_, level)| level).collect();
    format!("{} {}", key(measure, columns), serde_json::json!(levels))
}

/// The measures of one list, for the groups of one set of columns of items.
///
/// ```
/// use evenhand_measure::attention::Attention;
/// use evenhand_measure::lists::provider::{Entry, Known, Measuring};
/// use evenhand_measure::tally::Level;
/// let groups = [vec![Level::of("near")], vec![Level::of("far")]];
/// let known = Known { catalogue: true, ..Known::default() };
/// let measuring = Measuring::new(&["region"], &groups, &[0.5, 0.5], known, Attention::Log);
/// let entry = |place, group| Entry { place, group, ..Entry::default() };
/// let values = measuring.of(&[entry(1, 0), entry(2, 1)]);
/// assert_eq!(measuring.keys()[0], r#"ndkl of ["region"]"#);
/// // All of the first place, half of the first two: ln 2 / (1 + 1 / log2 3).
/// assert!((values[0].unwrap() - 0.4250).abs() < 1e-4);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Measuring {
    targets: Vec<f64>,
    known: Known,
    curve: Option<Curve>,
    keys: Vec<String>,
    pair_keys: Vec<String>,
    wanted_keys: Vec<String>,
}

impl Measuring {
    /// The measures that these data allow. `groups` are the levels of each group in `columns`, and `targets` their
    /// shares of the catalogue, in the order in which entries number them.
    #[must_use]
    pub fn new(columns: &[&str], groups: &[Vec<Level>], targets: &[f64], known: Known, attention: Attention) -> Self {
        // What clicks say of places is only known after the last list.
        let curve = Curve::new(attention);
        let mut keys = Vec::new();
        if known.catalogue {
            keys.push(key(NDKL, columns));
            keys.extend(curve.as_ref().map(|_| key(&under(LIST_AWRF, attention), columns)));
        }
        let each = |measure: &str| {
            groups
                .iter()
                .map(|group| key_of_group(measure, columns, group))
                .collect()
        };
        let within: Vec<String> = each(PAIRS_WITHIN);
        let between: Vec<String> = each(PAIRS_BETWEEN);
        Self {
            targets: targets.to_vec(),
            known,
            curve,
            keys,
            pair_keys: within
                .into_iter()
                .zip(between)
                .flat_map(|(within, between)| [within, between])
                .collect(),
            wanted_keys: each(WANTED),
        }
    }

    /// The names under which the values of [`Measuring::of`] are tallied.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The value of each measure for a list, in the order of [`Measuring::keys`]; nothing where it has none.
    #[must_use]
    pub fn of(&self, list: &[Entry]) -> Vec<Option<f64>> {
        if !self.known.catalogue {
            return Vec::new();
        }
        let groups: Vec<usize> = list.iter().map(|entry| entry.group).collect();
        let mut values = vec![ndkl(&groups, &self.targets)];
        if let Some(curve) = &self.curve {
            let shown = list.iter().map(|entry| (entry.group, entry.place, 1));
            let got = shares(&exposures(curve, self.targets.len(), shown));
            values.push(got.and_then(|got| awrf(&got, &self.targets)));
        }
        values
    }

    /// The names under which the pairs of [`Measuring::pairs`] are tallied.
    #[must_use]
    pub fn pair_keys(&self) -> &[String] {
        if self.known.relevance { &self.pair_keys } else { &[] }
    }

    /// The pairs of a relevant and an irrelevant item of a list, in the order of [`Measuring::pair_keys`]; they are
    /// tallied with [`Moments::add_share`](crate::tally::Moments::add_share).
    #[must_use]
    pub fn pairs(&self, list: &[Entry]) -> Vec<Wins> {
        if !self.known.relevance {
            return Vec::new();
        }
        let list: Vec<(usize, Option<bool>)> = list.iter().map(|entry| (entry.group, entry.relevant)).collect();
        Pairs::of_list(&list, self.targets.len())
            .into_iter()
            .flat_map(|pairs| [pairs.within, pairs.between])
            .collect()
    }

    /// The names under which it is tallied how many relevant items of each group a user has, also those never shown;
    /// where a table says that. Items that no list shows have a group only in the catalogue.
    #[must_use]
    pub fn wanted_keys(&self) -> &[String] {
        if self.known.catalogue { &self.wanted_keys } else { &[] }
    }
}

impl Known {
    /// The names under which the values of [`Known::of`] are tallied.
    #[must_use]
    pub fn keys(self, attention: Attention) -> Vec<String> {
        let mut keys = Vec::new();
        if self.popularity && self.catalogue {
            keys.extend([TAIL_SHARE, TAIL_ITEMS].map(str::to_owned));
        }
        if self.merit {
            keys.push(under(ATTENTION_GAP, attention));
        }
        keys
    }

    /// The measures of a list that no group of items matters to, in the order of [`Known::keys`].
    ///
    /// Items of unknown popularity are left out of the tail's shares; a list with an item of unknown merit has no gap.
    /// The attention of clicks has no gap either: what it is, is only known after the last list.
    #[must_use]
    pub fn of(self, list: &[Entry], attention: Attention) -> Vec<Option<f64>> {
        let mut values = Vec::new();
        if self.popularity && self.catalogue {
            let known = list.iter().filter_map(|entry| entry.is_tail);
            let n = known.clone().count();
            let tail = known.filter(|is_tail| *is_tail).count() as f64;
            values.extend([(n > 0).then(|| tail / n as f64), (n > 0).then_some(tail)]);
        }
        if self.merit {
            let items: Option<Vec<(f64, f64)>> = list
                .iter()
                .map(|entry| {
                    Some((
                        attention.weight(entry.place)?,
                        entry.merit.filter(|merit| *merit >= 0.0)?,
                    ))
                })
                .collect();
            values.push(items.and_then(|items| attention_gap(&items)));
        }
        values
    }
}
