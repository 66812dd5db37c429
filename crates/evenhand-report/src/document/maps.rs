//! This module lays groups of two or more attributes out as maps: one attribute down, the next across.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use evenhand_measure::audit::model::{Audit, Group, GroupKind, GroupRates, Value};
use evenhand_measure::catalogue::Unit;

use super::{Block, Cell, Table};
use crate::numbers::count;
use crate::text::{Groups, measures};
use crate::words;
use crate::words::written::{measured_number, unit_of};

/// Maps of one set, where there are further attributes.
const MAPS_SHOWN: usize = 6;
/// Rows and columns of a map: more would be too small to read on a page.
const ROWS_SHOWN: usize = 40;
const COLUMNS_SHOWN: usize = 10;

/// The value of an attribute, after whether it is missing, so that what is missing comes last.
type Level<'a> = (bool, &'a str);

/// The maps of a set of two or more attributes.
pub(super) fn maps(audit: &Audit, set: &Groups<'_>) -> Vec<Block> {
    let [down, across, further @ ..] = set.by else {
        return Vec::new();
    };
    let tables = measures(audit, set);
    let measured = || tables.iter().find_map(|measures| measures.foremost());
    let Some(key) = set.columns().first().copied().or_else(measured) else {
        return Vec::new();
    };
    let rows = Levels::of(&set.groups, |group| level(group, down), ROWS_SHOWN);
    let columns = Levels::of(&set.groups, |group| level(group, across), COLUMNS_SHOWN);
    let others = |group| further.iter().map(|column| level(group, column)).collect::<Vec<_>>();
    let combinations = Levels::of(&set.groups, others, MAPS_SHOWN);
    let shading = Shading::of(key, &set.groups);
    let mut out = Vec::new();
    for combination in &combinations.shown {
        let here: Vec<&GroupRates> = set
            .groups
            .iter()
            .copied()
            .filter(|g| others(g) == *combination)
            .collect();
        let cell = |row: Level<'_>, column: Level<'_>| {
            let is_it = |group: &&GroupRates| (level(group, down), level(group, across)) == (row, column);
            here.iter()
                .copied()
                .find(is_it)
                .map_or_else(|| Cell::from("no rows".to_owned()), |group| shading.cell(group))
        };
        let cells = rows.shown.iter().map(|row| {
            let cells = columns.shown.iter().map(|column| cell(*row, *column));
            std::iter::once(Cell::from(named(*row))).chain(cells).collect()
        });
        let mut header = vec![format!("{} / {}", words::name(down), words::name(across))];
        header.extend(columns.shown.iter().map(|column| named(*column)));
        let right: Vec<bool> = (0..header.len()).map(|column| column > 0).collect();
        let of = words::attributes(&set.by[..2]);
        let mut caption = format!("Map: {} by {of}", words::entry_name(key));
        if let Some(stratum) = words::within(&group_of(further, combination)) {
            caption.push_str(&format!(", where {stratum}"));
        }
        let table = Table::of_cells(caption, header, &right, cells.collect());
        out.push(Block::Table(table.with_legend([shading.legend()])));
    }
    let cut = [
        (&set.by[..1], rows.cut()),
        (&set.by[1..2], columns.cut()),
        (further, combinations.cut()),
    ];
    for (names, (shown, all)) in cut.into_iter().filter(|(_, (shown, all))| shown < all) {
        out.push(Block::Text(format!(
            "Of {} the {} with the most rows are drawn, of {}; the list of every measure has the others.",
            words::attributes(names),
            count(shown as u64),
            count(all as u64),
        )));
    }
    out
}

fn level<'a>(group: &'a GroupRates, column: &str) -> Level<'a> {
    let value = group.group.get(column).and_then(Option::as_deref);
    (value.is_none(), value.unwrap_or_default())
}

fn named((is_missing, value): Level<'_>) -> String {
    if is_missing {
        "(missing)".to_owned()
    } else {
        words::name(value)
    }
}

fn group_of(columns: &[String], levels: &[Level<'_>]) -> Group {
    let values = levels
        .iter()
        .map(|(is_missing, value)| (!is_missing).then(|| (*value).to_owned()));
    columns.iter().cloned().zip(values).collect()
}

/// The values that are drawn, and how many there are.
struct Levels<T> {
    shown: Vec<T>,
    all: usize,
}

impl<T: Ord + Clone> Levels<T> {
    /// The `most` values with the most rows, in the order of their names.
    fn of<'a>(groups: &[&'a GroupRates], level: impl Fn(&'a GroupRates) -> T, most: usize) -> Self {
        let mut sizes: BTreeMap<T, u64> = BTreeMap::new();
        for group in groups {
            let size = sizes.entry(level(group)).or_default();
            *size = size.saturating_add(group.n);
        }
        let all = sizes.len();
        let mut by_size: Vec<(T, u64)> = sizes.into_iter().collect();
        by_size.sort_by_key(|(_, size)| Reverse(*size));
        by_size.truncate(most);
        let mut shown: Vec<T> = by_size.into_iter().map(|(level, _)| level).collect();
        shown.sort();
        Self { shown, all }
    }

    fn cut(&self) -> (usize, usize) {
        (self.shown.len(), self.all)
    }
}

/// Whether a group is compared with others. What is not has no shade, for it may be anybody.
fn is_judged(group: &GroupRates) -> bool {
    matches!(group.kind, GroupKind::Judged | GroupKind::Overall)
}

/// What is drawn, and between which values the shades run.
struct Shading<'a> {
    key: &'a str,
    lowest: f64,
    highest: f64,
}

impl<'a> Shading<'a> {
    fn of(key: &'a str, groups: &[&GroupRates]) -> Self {
        let judged = groups.iter().filter(|group| is_judged(group));
        let values: Vec<f64> = judged.filter_map(|group| group.values.get(key)?.point()).collect();
        let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // A share has a natural zero, so that half the shade is half the share, and likes look alike.
        let lowest = match unit_of(key) {
            Unit::Share => 0.0,
            _ => values.iter().copied().fold(f64::INFINITY, f64::min),
        };
        Self { key, lowest, highest }
    }

    fn cell(&self, group: &GroupRates) -> Cell {
        let text = match group.values.get(self.key) {
            Some(Value::Undefined { .. }) | None => "–".to_owned(),
            Some(value) => words::measured_value(self.key, value),
        };
        let point = group.values.get(self.key).and_then(Value::point);
        let judged = if is_judged(group) { "" } else { ", not judged" };
        Cell {
            text: format!("{text}, {}{judged}", words::rows(group.n)),
            shade: point.filter(|_| is_judged(group)).map(|point| self.shade(point)),
            ..Cell::default()
        }
    }

    fn shade(&self, value: f64) -> f64 {
        let width = self.highest - self.lowest;
        match width > 0.0 {
            true => ((value - self.lowest) / width).clamp(0.0, 1.0),
            false => 0.0,
        }
    }

    fn legend(&self) -> String {
        let name = words::capital(&words::entry_name(self.key));
        if !self.highest.is_finite() {
            return format!("{name} and rows of each group; – has no value.");
        }
        format!(
            "{name} and rows of each group. Shading: from {} (none) to {} (full), the highest of those that are judged.",
            measured_number(self.key, self.lowest),
            measured_number(self.key, self.highest),
        )
    }
}

#[cfg(test)]
#[path = "maps_tests.rs"]
mod tests;
