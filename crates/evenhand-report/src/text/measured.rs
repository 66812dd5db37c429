//! This module is the tables of what is no share of rows: lists, amounts and scores, by group.

use evenhand_measure::audit::model::{Audit, GroupRates, Series, Value};

use super::groups::{Groups, symbol};
use super::interval_confidence;
use crate::arrange::Page;
use crate::numbers::{count, percent};
use crate::words;

/// A table: its title, the measures in their order where the audit has them, and the one that is told with its interval.
struct Kind {
    title: &'static str,
    measures: &'static [&'static str],
    foremost: &'static str,
}

const KINDS: [Kind; 6] = [
    Kind {
        title: "What lists give to the items of each group",
        measures: &[
            "exposure-share",
            TARGET,
            "exposure-ratio",
            "exposure-merit-ratio",
            "exposure-per-item",
            "skew",
        ],
        foremost: "exposure-ratio",
    },
    Kind {
        title: "What lists are worth to the users of each group",
        measures: &[
            "ndcg",
            "hit-rate",
            "list-precision",
            "list-recall",
            "mean-reciprocal-rank",
        ],
        foremost: "ndcg",
    },
    Kind {
        title: "What the users of each group are shown",
        measures: &[
            "cross-exposure",
            "narrowing",
            "list-diversity",
            "history-divergence",
            "list-popularity",
            "popularity-lift",
        ],
        foremost: "cross-exposure",
    },
    Kind {
        title: "Amounts",
        measures: &[
            "geometric-mean-amount",
            "mean-amount",
            "median-amount",
            "price-gap",
            "adjusted-price-gap",
            "share-at-most-median",
        ],
        foremost: "geometric-mean-amount",
    },
    Kind {
        title: "How far amounts are from what they should have been",
        measures: &[
            "mean-error",
            "mean-absolute-error",
            "root-mean-squared-error",
            "share-overestimated",
            "share-underestimated",
        ],
        foremost: "mean-error",
    },
    Kind {
        title: "Scores",
        measures: &[
            "auc",
            "calibration-in-the-large",
            "calibration-error",
            "brier-score",
            "scoring-rate",
            "mean-score",
        ],
        foremost: "auc",
    },
];

/// The share that the target gives, which stands in the series behind the bars.
const TARGET: &str = "exposure-target";

/// Columns of one table.
const COLUMNS: usize = 6;

/// One table of measures of a set of groups.
pub(crate) struct Measures<'a> {
    kind: &'static Kind,
    keys: Vec<&'a str>,
}

/// The tables of a set of groups, of those measures that any of them has.
pub(crate) fn measures<'a>(audit: &'a Audit, set: &Groups<'a>) -> Vec<Measures<'a>> {
    let tables = KINDS.iter().map(|kind| {
        let of = |id: &&str| -> Vec<&'a str> {
            let mut keys: Vec<&str> = set
                .groups
                .iter()
                .flat_map(|group| group.values.keys())
                .map(String::as_str)
                .collect();
            keys.retain(|key| key.split_once('@').map_or(*key, |(bare, _)| bare) == *id);
            keys.sort_unstable();
            keys.dedup();
            // One value is what is judged; of the others only what another target would make of exposure has room here.
            if keys.contains(id) {
                let chosen = words::terms::target_key(audit);
                keys.retain(|key| *key == *id || (*id == "exposure-ratio" && !key.ends_with(&chosen)));
            }
            if *id == TARGET && targets(audit, set).next().is_some() {
                keys.push(TARGET);
            }
            keys
        };
        let keys = kind.measures.iter().flat_map(of).take(COLUMNS).collect();
        Measures { kind, keys }
    });
    let has_any = |table: &Measures<'_>| table.keys.iter().any(|key| *key != TARGET);
    tables.filter(has_any).collect()
}

/// The target shares of a set of groups.
fn targets<'a>(audit: &'a Audit, set: &Groups<'a>) -> impl Iterator<Item = &'a Series> {
    let (by, within) = (set.by, set.within);
    audit
        .series
        .iter()
        .filter(move |series| series.id == TARGET && series.by == by && series.within == *within)
}

impl<'a> Measures<'a> {
    pub(crate) fn title(&self) -> &'static str {
        self.kind.title
    }

    pub(crate) fn header(&self) -> Vec<String> {
        let mut header = vec!["Group".to_owned(), "Rows".to_owned()];
        header.extend(self.keys.iter().map(|key| head(key)));
        header
    }

    pub(crate) fn right(&self) -> Vec<bool> {
        std::iter::once(false)
            .chain(std::iter::repeat_n(true, self.keys.len() + 1))
            .collect()
    }

    /// The row of one group; `wide` says whether there is room for an interval.
    pub(crate) fn row(&self, audit: &Audit, set: &Groups<'_>, group: &GroupRates, wide: bool) -> Vec<String> {
        let target = || {
            let series = targets(audit, set).find(|series| series.group == group.group && !series.group.is_empty())?;
            series.y.first().copied().flatten()
        };
        let mut cells = vec![words::group_with_kind(set.by, &group.group, group.kind), count(group.n)];
        cells.extend(self.keys.iter().map(|key| match group.values.get(*key) {
            None if *key == TARGET => target().map_or_else(String::new, percent),
            None => String::new(),
            Some(Value::Undefined { .. }) => "–".to_owned(),
            Some(value) => {
                let interval = words::measured_interval(key, value).filter(|_| wide && self.is_foremost(key));
                let value = words::measured_value(key, value);
                interval.map_or_else(|| value.clone(), |interval| format!("{value} ({interval})"))
            }
        }));
        cells
    }

    /// The groups that have any of the measures, and everybody if there are such numbers of all.
    pub(crate) fn groups<'b>(
        &'b self,
        set: &'b Groups<'b>,
        shown: &'b [&'b GroupRates],
    ) -> impl Iterator<Item = &'b GroupRates> {
        let has = |group: &&GroupRates| self.keys.iter().any(|key| group.values.contains_key(*key));
        shown.iter().copied().chain(set.overall).filter(has)
    }

    /// The key of the measure that is told with its interval, where the groups have it.
    pub(crate) fn foremost(&self) -> Option<&'a str> {
        self.keys
            .iter()
            .copied()
            .find(|key| *key != TARGET && self.is_foremost(key))
    }

    fn is_foremost(&self, key: &str) -> bool {
        let first = self.keys.iter().find(|key| key.starts_with(self.kind.foremost));
        first.or_else(|| self.keys.first()) == Some(&key)
    }

    /// What the columns are, and why some have no value.
    pub(crate) fn legend(&self, audit: &Audit, set: &Groups<'_>, wide: bool) -> String {
        let names: Vec<String> = self
            .keys
            .iter()
            .map(|key| match head(key) {
                head if *key == TARGET => format!("{head} = what the target gives"),
                head if [head.clone(), head.replace('@', " at ")].contains(&words::entry_name(key)) => head,
                head => format!("{head} = {}", words::entry_name(key)),
            })
            .collect();
        let mut parts = vec![format!("{}.", names.join(", "))];
        let has_interval = || {
            let foremost = self.keys.iter().filter(|key| self.is_foremost(key));
            let mut values = foremost.flat_map(|key| {
                set.groups
                    .iter()
                    .filter_map(move |group| Some((key, group.values.get(*key)?)))
            });
            values.any(|(key, value)| words::measured_interval(key, value).is_some())
        };
        if let Some(confidence) = interval_confidence(audit).filter(|_| wide && has_interval()) {
            parts.push(format!("In parentheses: {confidence} interval."));
        }
        let values = set
            .groups
            .iter()
            .flat_map(|group| self.keys.iter().filter_map(|key| group.values.get(*key)));
        let mut reasons: Vec<&str> = values
            .filter_map(|value| match value {
                Value::Undefined { undefined, .. } => Some(undefined.as_str()),
                Value::Share(_) | Value::Number { .. } => None,
            })
            .collect();
        reasons.sort_unstable();
        reasons.dedup();
        match reasons.as_slice() {
            [] => {}
            [one] => parts.push(format!("– has no value: {}.", words::long(one).trim_end_matches('.'))),
            _ => parts.push("– has no value; --format json says why.".to_owned()),
        }
        parts.join(" ")
    }
}

/// The head of a column: the symbol of the measure, with its setting in place of its `k`.
fn head(key: &str) -> String {
    let (id, setting) = key
        .split_once('@')
        .map_or((key, None), |(id, setting)| (id, Some(setting)));
    let symbol = match words::entry(id) {
        _ if id == TARGET => "Target".to_owned(),
        Some(entry) => symbol(entry).to_owned(),
        None => words::name(id),
    };
    match setting {
        Some(setting) => format!("{}@{}", symbol.trim_end_matches("@k"), words::name(setting)),
        None => symbol,
    }
}

/// Prints the tables of a set, each under its title.
///
/// The `first` of them stands directly under the heading of the groups.
pub(super) fn print(page: &mut Page, audit: &Audit, set: &Groups<'_>, shown: &[&GroupRates], first: bool) {
    for (at, table) in measures(audit, set).iter().enumerate() {
        let rows = |wide: bool| -> Vec<Vec<String>> {
            table
                .groups(set, shown)
                .map(|group| table.row(audit, set, group, wide))
                .collect()
        };
        let (header, right) = (table.header(), table.right());
        let wide = page.fits(&header, &rows(true), &right);
        if at > 0 || !first {
            page.blank();
        }
        page.paragraph(&format!("{}. {}", table.title(), table.legend(audit, set, wide)), 0, 0);
        page.table(&header, &rows(wide), &right);
    }
}

/// Which groups of items reach which groups of users, in one table for each pair of sets.
pub(crate) struct Reach<'a> {
    by: &'a [String],
    /// The attributes of the items.
    of: Vec<String>,
    sets: Vec<&'a Groups<'a>>,
}

/// The measure of it.
const REACH: &str = "cross-exposure";

/// Whether a set of groups holds nothing but who reaches whom, which a table of its own shows better.
pub(crate) fn is_reach(set: &Groups<'_>) -> bool {
    let mut keys = set.groups.iter().flat_map(|group| group.values.keys());
    !set.within.is_empty() && keys.all(|key| key == REACH)
}

/// The tables of who reaches whom.
pub(crate) fn reaches<'a>(sets: &'a [Groups<'a>]) -> Vec<Reach<'a>> {
    let mut reaches: Vec<Reach<'a>> = Vec::new();
    for set in sets.iter().filter(|set| is_reach(set)) {
        let of: Vec<String> = set.within.keys().cloned().collect();
        match reaches.iter_mut().find(|reach| reach.by == set.by && reach.of == of) {
            Some(reach) => reach.sets.push(set),
            None => reaches.push(Reach {
                by: set.by,
                of,
                sets: vec![set],
            }),
        }
    }
    reaches
}

impl Reach<'_> {
    /// Whether these are the users of a set of attributes.
    pub(crate) fn is_by(&self, by: &[String]) -> bool {
        self.by == by
    }

    pub(crate) fn title(&self) -> String {
        format!(
            "Which items reach whom: {} by {}",
            words::attributes(&self.of),
            words::attributes(self.by)
        )
    }

    pub(crate) fn legend(&self) -> String {
        let left = self.sets.len().saturating_sub(COLUMNS);
        let more = match left {
            0 => String::new(),
            left => format!(
                " … and {}; --format json has all.",
                words::plural(left as u64, "more group of items")
            ),
        };
        format!(
            "The share of the attention of each group of users that goes to the items of each {}.{more}",
            words::attributes(&self.of)
        )
    }

    pub(crate) fn header(&self) -> Vec<String> {
        let items = self
            .sets
            .iter()
            .take(COLUMNS)
            .map(|set| words::group_name(&self.of, set.within));
        std::iter::once("Group".to_owned()).chain(items).collect()
    }

    pub(crate) fn right(&self) -> Vec<bool> {
        (0..=self.sets.len().min(COLUMNS)).map(|column| column > 0).collect()
    }

    /// A row for each group of users, the largest of them, and one for all.
    pub(crate) fn rows(&self, most: usize) -> Vec<Vec<String>> {
        let Some(first) = self.sets.first() else {
            return Vec::new();
        };
        let users = first.largest(most).into_iter().chain(first.overall);
        let share = |set: &Groups<'_>, user: &GroupRates| {
            let mut groups = set.groups.iter().copied().chain(set.overall);
            let found = groups.find(|group| group.by == user.by && group.group == user.group);
            match found.and_then(|group| group.values.get(REACH)) {
                Some(Value::Undefined { .. }) => "–".to_owned(),
                Some(value) => words::measured_value(REACH, value),
                None => String::new(),
            }
        };
        let row = |user: &GroupRates| {
            let name = words::group_with_kind(self.by, &user.group, user.kind);
            let shares = self.sets.iter().take(COLUMNS).map(|set| share(set, user));
            std::iter::once(name).chain(shares).collect()
        };
        users.map(row).collect()
    }
}
