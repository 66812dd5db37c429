//! This module is the sheets of all values of all groups: shares with their counts, and what is no share.

use std::collections::BTreeSet;

use evenhand_measure::audit::model::{Audit, GroupRates, Share, Value};
use evenhand_measure::catalogue::{self, Entry};
use rust_xlsxwriter::XlsxError;

use super::cell::{Cell, Form, Formula};
use super::names;
use super::page::{Page, Table};
use crate::text::{Groups, interval_confidence};
use crate::words;

pub(super) const COUNTS: [f64; 14] = [
    18.0, 16.0, 26.0, 26.0, 10.0, 11.0, 11.0, 10.0, 9.0, 9.0, 11.0, 11.0, 12.0, 24.0,
];
pub(super) const MEASURES: [f64; 9] = [18.0, 16.0, 36.0, 26.0, 10.0, 12.0, 12.0, 12.0, 30.0];

/// One value of one group.
pub(super) struct Row<'a> {
    pub(super) group: &'a GroupRates,
    pub(super) key: &'a str,
    pub(super) value: &'a Value,
}

impl Row<'_> {
    /// The two ends of the value's interval.
    pub(super) fn interval(&self) -> (Option<f64>, Option<f64>) {
        match self.value {
            Value::Share(share) => (Some(share.lower), Some(share.upper)),
            Value::Number { lower, upper, .. } => (*lower, *upper),
            Value::Undefined { .. } => (None, None),
        }
    }
}

/// Whether a value stands among the counts.
pub(super) fn is_counted(value: &Value) -> bool {
    matches!(value, Value::Share(_))
}

/// Every value of some groups, by measure in the order of the catalogue; groups without a value come last.
pub(super) fn rows<'a>(groups: &[&'a GroupRates]) -> Vec<Row<'a>> {
    let ids: Vec<&str> = catalogue::entries().map(Entry::id).collect();
    let place = |key: &str| {
        let id = key.split_once('@').map_or(key, |(id, _)| id);
        ids.iter().position(|known| *known == id).unwrap_or(ids.len())
    };
    let keys: BTreeSet<&str> = groups
        .iter()
        .flat_map(|group| group.values.keys().map(String::as_str))
        .collect();
    let mut keys: Vec<&str> = keys.into_iter().collect();
    keys.sort_by_key(|key| place(key));
    let mut rows = Vec::new();
    for key in keys {
        let mut of_key: Vec<Row<'a>> = groups
            .iter()
            .filter_map(|group| {
                let (key, value) = group.values.get_key_value(key)?;
                Some(Row { group, key, value })
            })
            .collect();
        of_key.sort_by_key(|row| row.value.point().is_none());
        rows.extend(of_key);
    }
    rows
}

/// Count, denominator, value and the two ends of its interval, from a column on.
pub(super) fn cells(row: &Row<'_>, first: u16) -> [Cell; 5] {
    let end = |value: Option<f64>| {
        value.map_or(Cell::Empty, |value| {
            Cell::Number(value, Form::of_measure(row.key, value))
        })
    };
    match row.value {
        Value::Share(share) => [
            Cell::amount(share.numerator),
            Cell::amount(share.denominator),
            quotient(share, first),
            Cell::share(share.lower),
            Cell::share(share.upper),
        ],
        Value::Number { point, lower, upper } => [
            Cell::Empty,
            Cell::Empty,
            Cell::Number(*point, Form::of_measure(row.key, *point)),
            end(*lower),
            end(*upper),
        ],
        Value::Undefined { undefined, .. } => [
            Cell::Empty,
            Cell::Empty,
            Cell::Why(no_value(undefined, row.value)),
            Cell::Empty,
            Cell::Empty,
        ],
    }
}

/// The share as a formula over its counts, which stand in the two columns before it.
pub(super) fn quotient(share: &Share, first: u16) -> Cell {
    let gives = share.numerator.value() / share.denominator.value();
    Cell::formula(
        Formula::Share(first, first + 1),
        Some(gives),
        share.point,
        Form::of_share(share.point),
    )
}

/// Why there is no value, and between which limits it would lie.
pub(super) fn no_value(why: &str, value: &Value) -> String {
    let limits = words::limits(value).map_or_else(String::new, |(lowest, highest)| {
        let ends = [lowest, highest].map(crate::numbers::percent);
        format!("; between {} and {} whatever the missing values are", ends[0], ends[1])
    });
    format!("no value: {}{limits}", words::long(why))
}

/// The rows of all sets, everybody first.
fn all<'a>(audit: &'a Audit, sets: &[Groups<'a>]) -> Vec<Row<'a>> {
    let overall: Vec<&GroupRates> = audit.rates.iter().filter(|group| group.by.is_empty()).collect();
    let of_sets = sets.iter().flat_map(|set| rows(&set.groups));
    rows(&overall).into_iter().chain(of_sets).collect()
}

/// What a row is of.
fn lead(row: &Row<'_>) -> Vec<Cell> {
    let group = row.group;
    let within = match names::within(&group.within) {
        text if text.is_empty() => Cell::Empty,
        text => Cell::Text(text),
    };
    vec![
        Cell::text(names::attributes(&group.by)),
        within,
        Cell::text(words::capital(&words::entry_name(row.key))),
        Cell::text(names::group(&group.by, &group.group, group.kind)),
        Cell::count(group.n),
    ]
}

pub(super) fn write_counts(
    mut page: Page<'_>,
    audit: &Audit,
    sets: &[Groups<'_>],
    most: usize,
) -> Result<(), XlsxError> {
    let all = all(audit, sets);
    let shares = || all.iter().filter_map(|row| row.value.share().map(|share| (row, share)));
    page.title("Counts")?;
    page.note(&format!(
        "Each rate is its count divided by what it is a share of. Lower and upper: its {} interval.",
        interval_confidence(audit).unwrap_or_default()
    ))?;
    page.note(
        "Lowest and highest: between these it lies whatever the missing values are. Worth: how many independent rows the \
         denominator is worth, with weights or clusters.",
    )?;
    page.left_out(most, shares().count())?;
    let header = [
        "By", "Within", "Measure", "Group", "Rows", "Count", "Of", "Rate", "Lower", "Upper", "Lowest", "Highest",
        "Worth", "Id",
    ];
    let optional = |value: Option<f64>| value.map_or(Cell::Empty, Cell::share);
    let table = shares().take(most).map(|(row, share)| {
        let mut line = lead(row);
        line.extend(cells(row, 5));
        line.extend([
            optional(share.lowest),
            optional(share.highest),
            share.effective_n.map_or(Cell::Empty, |n| Cell::Number(n, Form::Weight)),
            Cell::text(row.key),
        ]);
        line
    });
    page.main_table(&table_of(&header, table.collect()), 0)?;
    Ok(())
}

pub(super) fn write_measures(
    mut page: Page<'_>,
    audit: &Audit,
    sets: &[Groups<'_>],
    most: usize,
) -> Result<(), XlsxError> {
    let all = all(audit, sets);
    let others = || all.iter().filter(|row| !is_counted(row.value));
    page.title("Measures")?;
    page.note(&format!(
        "Numbers that are no share of rows. Lower and upper: the {} interval, where there is one.",
        interval_confidence(audit).unwrap_or_default()
    ))?;
    page.left_out(most, others().count())?;
    let header = [
        "By", "Within", "Measure", "Group", "Rows", "Value", "Lower", "Upper", "Id",
    ];
    let table = others().take(most).map(|row| {
        let mut line = lead(row);
        line.extend(cells(row, 3).into_iter().skip(2));
        line.push(Cell::text(row.key));
        line
    });
    page.main_table(&table_of(&header, table.collect()), 0)?;
    Ok(())
}

pub(super) fn table_of(header: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    Table {
        header: header.iter().map(|head| (*head).to_owned()).collect(),
        rows,
    }
}
