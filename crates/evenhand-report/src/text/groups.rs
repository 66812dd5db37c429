//! This module prints the rates of each group, one table per set of attributes.

use evenhand_measure::audit::model::{Audit, Group, GroupRates, Value};
use evenhand_measure::catalogue::{self, Entry};

use super::{classes, interval_confidence, measured};
use crate::arrange::Page;
use crate::numbers::{amount, count, percent, percent_range};
use crate::words;

/// Rates in the table of groups, in this order, where the audit has them.
const COLUMNS: [&str; 6] = [
    "selection-rate",
    "base-rate",
    "true-positive-rate",
    "false-positive-rate",
    "positive-predictive-value",
    "accuracy",
];

/// Groups of a table that are shown without `detail`: the largest, in their own order.
const GROUPS_SHOWN: usize = 40;

/// The groups of one set of attributes.
pub(crate) struct Groups<'a> {
    pub(crate) by: &'a [String],
    /// What they are looked at within; empty for nothing.
    pub(crate) within: &'a Group,
    pub(crate) groups: Vec<&'a GroupRates>,
    /// Everybody, for comparison.
    pub(crate) overall: Option<&'a GroupRates>,
}

impl Groups<'_> {
    /// The heading: `Groups by race`.
    pub(crate) fn title(&self) -> String {
        let within = words::within(self.within).map_or_else(String::new, |stratum| format!(" within {stratum}"));
        format!("Groups by {}{within}", words::attributes(self.by))
    }

    /// The rates that are shown, those that the audit has.
    pub(crate) fn columns(&self) -> Vec<&'static str> {
        let has = |id: &str| self.groups.iter().any(|group| group.values.contains_key(id));
        // Without a decision there is no selection; the base rate stands in for it.
        COLUMNS
            .into_iter()
            .filter(|id| has(id) && (*id != "base-rate" || !has("selection-rate")))
            .collect()
    }

    /// Whether rates are also there drawn towards each other.
    fn has_pooled(&self) -> bool {
        let mut keys = self.groups.iter().flat_map(|group| group.values.keys());
        keys.any(|key| is_pooled(key))
    }

    /// The `most` largest groups, in their own order.
    pub(crate) fn largest(&self, most: usize) -> Vec<&GroupRates> {
        let mut sizes: Vec<u64> = self.groups.iter().map(|group| group.n).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let least = sizes.get(most.saturating_sub(1)).copied().unwrap_or(0);
        self.groups
            .iter()
            .copied()
            .filter(|group| group.n >= least)
            .take(most)
            .collect()
    }
}

/// One entry per set of attributes, in the audit's order.
pub(crate) fn group_sets(audit: &Audit) -> Vec<Groups<'_>> {
    let overall = |within: &Group| {
        let is_all = |rates: &&GroupRates| rates.by.is_empty() && rates.within == *within;
        audit.rates.iter().find(is_all)
    };
    let mut sets: Vec<Groups<'_>> = Vec::new();
    for rates in audit.rates.iter().filter(|rates| !rates.by.is_empty()) {
        match sets
            .iter_mut()
            .rev()
            .find(|set| (set.by, set.within) == (&rates.by, &rates.within))
        {
            Some(set) => set.groups.push(rates),
            None => sets.push(Groups {
                by: &rates.by,
                within: &rates.within,
                groups: vec![rates],
                overall: overall(&rates.within),
            }),
        }
    }
    sets
}

pub(super) fn print(page: &mut Page, audit: &Audit, detail: bool) {
    let sets = group_sets(audit);
    for set in &sets {
        if measured::is_reach(set) {
            if detail {
                page.heading(&set.title());
                print_all(page, set);
            }
            continue;
        }
        page.heading(&set.title());
        let shown = set.largest(if detail { usize::MAX } else { GROUPS_SHOWN });
        let columns = set.columns();
        let rows = |with_limits: bool| -> Vec<Vec<String>> {
            let groups = shown.iter().copied().chain(set.overall);
            groups.map(|group| row(set, group, &columns, with_limits)).collect()
        };
        let right: Vec<bool> = std::iter::once(false)
            .chain(std::iter::repeat_n(true, columns.len() + 1))
            .collect();
        // Lists, amounts and scores have tables of their own.
        if !columns.is_empty() {
            let header = header(&columns);
            let with_limits = page.fits(&header, &rows(true), &right);
            page.paragraph(&legend(audit, set, with_limits, "--detail says why"), 0, 0);
            page.table(&header, &rows(with_limits), &right);
        }
        let classes = classes::print(page, audit, set, &shown);
        measured::print(page, audit, set, &shown, columns.is_empty() && !classes);
        let hidden = set.groups.len() - shown.len();
        if hidden > 0 {
            let hidden = words::plural(hidden as u64, "smaller group");
            page.paragraph(&format!("… and {hidden}; --detail or --format json shows them"), 0, 2);
        }
        if detail {
            page.blank();
            print_all(page, set);
        } else if set.has_pooled() {
            page.paragraph("--detail shows the partially pooled rates.", 0, 0);
        }
    }
    for reach in measured::reaches(&sets) {
        page.heading(&reach.title());
        page.paragraph(&reach.legend(), 0, 0);
        page.table(
            &reach.header(),
            &reach.rows(if detail { usize::MAX } else { GROUPS_SHOWN }),
            &reach.right(),
        );
    }
}

/// What the columns of the table are; `with_limits` says whether it has limits in place of values that are undefined,
/// and `elsewhere` what says of each why it has no value.
pub(crate) fn legend(audit: &Audit, set: &Groups<'_>, with_limits: bool, elsewhere: &str) -> String {
    let mut parts = Vec::new();
    if let Some(prediction) = &audit.roles.prediction {
        parts.push(format!(
            "Selection rate: the share where {}{}.",
            words::event(prediction),
            words::direction(audit)
        ));
    }
    if let Some(confidence) = interval_confidence(audit) {
        parts.push(format!("In parentheses: {confidence} interval."));
    }
    let columns = set.columns();
    let glossary: Vec<String> = columns
        .iter()
        .filter(|id| **id != "selection-rate")
        .filter_map(|id| words::entry(id))
        .map(|entry| format!("{} = {}", symbol(entry), entry.name()))
        .collect();
    if !glossary.is_empty() {
        parts.push(format!("{}.", glossary.join(", ")));
    }
    let groups = set.groups.iter().copied().chain(set.overall);
    let values = groups.flat_map(|group| columns.iter().filter_map(|id| group.values.get(*id)));
    let undefined: Vec<&Value> = values
        .filter(|value| matches!(value, Value::Undefined { .. }))
        .collect();
    let limited = |value: &&Value| with_limits && words::limits(value).is_some();
    if undefined.iter().copied().find(limited).is_some() {
        parts.push("A range such as 57–100% has no value, only limits, whatever the missing values are.".to_owned());
    }
    let dashes: Vec<&str> = undefined
        .iter()
        .filter(|value| !limited(value))
        .filter_map(|value| match value {
            Value::Undefined { undefined, .. } => Some(undefined.as_str()),
            Value::Share(_) | Value::Number { .. } => None,
        })
        .collect();
    if let Some(first) = dashes.first() {
        parts.push(match dashes.iter().all(|why| why == first) {
            true => format!("– has no value: {}.", words::long(first).trim_end_matches('.')),
            false => format!("– has no value; {elsewhere}."),
        });
    }
    parts.join(" ")
}

/// The short symbol of an entry, for table heads.
pub(super) fn symbol(entry: Entry) -> &'static str {
    match entry {
        Entry::Rate(rate) => rate.symbol,
        Entry::Statistic(statistic) => statistic.symbol,
        Entry::Measure(measure) => measure.symbol,
        Entry::Criterion(criterion) => criterion.name,
        Entry::Method(method) => method.name,
    }
}

pub(crate) fn header(columns: &[&str]) -> Vec<String> {
    let mut header = vec!["Group".to_owned(), "Rows".to_owned()];
    header.extend(columns.iter().map(|id| match words::entry(id) {
        Some(entry) if *id == "selection-rate" => words::capital(entry.name()),
        Some(entry) => symbol(entry).to_owned(),
        None => words::name(id),
    }));
    header
}

pub(crate) fn row(set: &Groups<'_>, group: &GroupRates, columns: &[&str], with_limits: bool) -> Vec<String> {
    let mut cells = vec![words::group_with_kind(set.by, &group.group, group.kind), count(group.n)];
    cells.extend(
        columns
            .iter()
            .enumerate()
            .map(|(at, id)| cell(group.values.get(*id), at == 0, with_limits)),
    );
    cells
}

fn cell(value: Option<&Value>, with_interval: bool, with_limits: bool) -> String {
    match value {
        Some(value @ Value::Undefined { .. }) if with_limits => words::limits(value).map_or_else(
            || plain_value(value),
            |(lowest, highest)| percent_range(lowest, highest),
        ),
        Some(Value::Share(share)) if with_interval => {
            let ends = [share.lower, share.upper]
                .map(percent)
                .map(|text| text.trim_end_matches('%').to_owned());
            format!("{} ({} to {})", percent(share.point), ends[0], ends[1])
        }
        Some(value) => plain_value(value),
        None => String::new(),
    }
}

/// Whether the key of a value is that of a rate that is partially pooled.
fn is_pooled(key: &str) -> bool {
    key.ends_with("@partial-pooling")
}

/// Whether a key is of a measure that is no function of the four cells.
fn is_measure(key: &str) -> bool {
    !matches!(words::entry(key), Some(Entry::Rate(_) | Entry::Statistic(_)))
}

fn plain_value(value: &Value) -> String {
    match value {
        Value::Share(share) => percent(share.point),
        Value::Number { point, .. } => words::number(*point),
        Value::Undefined { .. } => "–".to_owned(),
    }
}

/// Every rate and statistic of every group, one a row.
fn print_all(page: &mut Page, set: &Groups<'_>) {
    if let Some(legend) = all_legend(set) {
        page.paragraph(legend, 0, 0);
    }
    page.table(&all_header(set), &all_rows(set), &ALL_RIGHT);
}

/// What the last column of the table of every measure is, where it has that column.
pub(crate) fn all_legend(set: &Groups<'_>) -> Option<&'static str> {
    has_limits(set).then_some("Limits: between these the value lies whatever the missing values are.")
}

fn range((low, high): (f64, f64)) -> String {
    format!("{} to {}", percent(low), percent(high))
}

/// Which columns of the table of every measure hold numbers.
pub(crate) const ALL_RIGHT: [bool; 6] = [false, false, true, true, true, true];

/// The header of the table of every measure.
pub(crate) fn all_header(set: &Groups<'_>) -> Vec<String> {
    let mut header = ["Group", "Measure", "Value", "Interval", "Counts"]
        .map(str::to_owned)
        .to_vec();
    if has_limits(set) {
        header.push("Limits".to_owned());
    }
    header
}

/// Whether any value has limits because something that matters for it is missing.
fn has_limits(set: &Groups<'_>) -> bool {
    let mut values = set.groups.iter().flat_map(|group| group.values.values());
    values.any(|value| words::limits(value).is_some())
}

/// The values of a group in the order of the catalogue, each with its settings.
fn in_order(group: &GroupRates) -> Vec<(&str, &Value)> {
    let ids: Vec<&str> = catalogue::entries().map(Entry::id).collect();
    let place = |key: &str| {
        let id = key.split_once('@').map_or(key, |(id, _)| id);
        ids.iter().position(|known| *known == id).unwrap_or(ids.len())
    };
    let mut values: Vec<(&str, &Value)> = group.values.iter().map(|(key, value)| (key.as_str(), value)).collect();
    values.sort_by_key(|(key, _)| place(key));
    values
}

pub(crate) fn all_rows(set: &Groups<'_>) -> Vec<Vec<String>> {
    let has_limits = has_limits(set);
    let mut rows = Vec::new();
    for group in &set.groups {
        for (id, value) in in_order(group) {
            let (interval, counts) = match value {
                Value::Share(share) => (
                    range((share.lower, share.upper)),
                    format!("{} of {}", amount(share.numerator), amount(share.denominator)),
                ),
                Value::Number { .. } if is_measure(id) => {
                    (words::measured_interval(id, value).unwrap_or_default(), String::new())
                }
                Value::Number { .. } => (words::number_interval(value).unwrap_or_default(), String::new()),
                Value::Undefined { undefined, .. } => (String::new(), words::long(undefined)),
            };
            let name = words::group_with_kind(set.by, &group.group, group.kind);
            let (shown, interval) = match value {
                // An estimate of a rate, with no counts of its own.
                Value::Number { point, lower, upper } if is_pooled(id) => {
                    (percent(*point), lower.zip(*upper).map_or(interval, range))
                }
                Value::Number { .. } if is_measure(id) => (words::measured_value(id, value), interval),
                _ => (plain_value(value), interval),
            };
            let mut row = vec![name, words::entry_name(id), shown, interval, counts];
            if has_limits {
                row.push(words::limits(value).map_or_else(String::new, range));
            }
            rows.push(row);
        }
    }
    rows
}
