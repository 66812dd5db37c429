//! This module writes the sections of curves, bars and strips: each picture with the table behind it.
//!
//! What is not drawn has its table all the same. The table of a long curve has some of its points only, and says so.

use std::collections::BTreeSet;

use evenhand_measure::audit::model::{Audit, Group, Series, series_kind};

use super::attributes::distinct;
use super::{Block, Figure, Place, Section, Table};
use crate::numbers::count;
use crate::plot::{self, Fonts};
use crate::text::interval_confidence;
use crate::words;
use crate::words::curves::{interval, series_name, series_setting, series_title, shown, unit_of};

/// Points of a table before it is thinned.
const POINTS_SHOWN: usize = 40;
/// Points of each curve of a table of many.
const LEAST_POINTS: usize = 5;
/// Curves of a table.
const CURVES_SHOWN: usize = 40;
/// Curves that stand side by side where they have the same points.
const CURVES_BESIDE: usize = 8;

/// The head of the column of groups.
const GROUP: &str = "Group";

/// The kind of series that has a section of its own.
const SWEEP: &str = "threshold-sweep";

pub(super) fn sections(audit: &Audit, fonts: &Fonts) -> Vec<Section> {
    let (mut thresholds, mut curves) = (Vec::new(), Vec::new());
    let mut is_drawn: Vec<&Series> = Vec::new();
    let drawings = plot::curve_drawings_with(audit, fonts);
    for (drawing, series) in &drawings {
        is_drawn.extend(series);
        let table = table(audit, &drawing.title, series);
        let figure = Block::Figure(Figure {
            svg: drawing.svg.clone(),
            title: drawing.title.clone(),
            description: drawing.description.clone(),
            table: (!series.is_empty()).then_some(table),
        });
        match series.first().is_some_and(|series| series.id == SWEEP) {
            true => thresholds.push(figure),
            false => curves.push(figure),
        }
    }
    let left = audit
        .series
        .iter()
        .filter(|series| !is_drawn.iter().any(|drawn| std::ptr::eq(*drawn, *series)));
    let left: Vec<&Series> = left.collect();
    for kind in distinct(left.iter().map(|series| together(series))) {
        let of_kind: Vec<&Series> = left.iter().copied().filter(|series| together(series) == kind).collect();
        let Some(first) = of_kind.first() else { continue };
        let title = series_title(first);
        let fold = Block::fold(title.clone(), vec![Block::Table(table(audit, &title, &of_kind))]);
        match first.id == SWEEP {
            true => thresholds.push(fold),
            false => curves.push(fold),
        }
    }
    let sections = [("thresholds", "Thresholds", thresholds), ("curves", "Curves", curves)];
    let sections = sections.into_iter().filter(|(.., blocks)| !blocks.is_empty());
    sections
        .map(|(id, title, blocks)| Section::new(id, title, Place::Page, blocks))
        .collect()
}

/// What the series of one table have in common.
fn together(series: &Series) -> impl PartialEq + '_ {
    (&series.id, &series.setting, &series.measure, &series.by, &series.within)
}

/// The points of some series: a column for each series where they have the same points, else a row for each point.
fn table(audit: &Audit, title: &str, series: &[&Series]) -> Table {
    let across = beside(series).or_else(|| of_groups(series));
    let (header, right, rows, points) = match across {
        Some((header, rows, points)) => {
            let right = (0..header.len())
                .map(|column| column > 0 || header[0] != GROUP)
                .collect();
            (header, right, rows, points)
        }
        None => one_below_another(series),
    };
    let all: usize = series.iter().map(|series| series.x.len()).sum();
    let thinned = (points < all).then(|| {
        format!(
            "Here are {} of {}; `--out series=FILE.csv` has all.",
            count(points as u64),
            words::plural(all as u64, "point")
        )
    });
    Table::new(title, header, &right, rows)
        .with_legend(about(audit, series))
        .with_legend(thinned)
}

/// Header, rows, and how many points they hold.
type Across = (Vec<String>, Vec<Vec<String>>, usize);

/// A few series at the same points: a column for each.
fn beside(series: &[&Series]) -> Option<Across> {
    let (first, others) = series.split_first()?;
    let is_alike = |other: &&Series| {
        (&other.x, &other.labels, &other.y_label) == (&first.x, &first.labels, &first.y_label) && other.n.is_empty()
    };
    if others.is_empty() || series.len() > CURVES_BESIDE || !others.iter().all(is_alike) || !first.n.is_empty() {
        return None;
    }
    let common = Columns::common_reference(series);
    let mut header = vec![words::capital(&words::name(&first.x_label))];
    header.extend(series.iter().map(|series| series_name(series, common)));
    let rows: Vec<Vec<String>> = points(first, POINTS_SHOWN)
        .into_iter()
        .map(|at| {
            let values = series.iter().map(|series| with_interval(series, at));
            std::iter::once(x_at(first, at)).chain(values).collect()
        })
        .collect();
    let points = rows.len() * series.len();
    Some((header, rows, points))
}

/// Series of which each is one number of one group, such as its share and its target: a row for each group.
fn of_groups(series: &[&Series]) -> Option<Across> {
    let is_number = |series: &&Series| {
        series.x.len() == 1 && series.labels.is_empty() && series.n.is_empty() && !series.group.is_empty()
    };
    let whats = distinct(series.iter().map(|series| series.y_label.as_str()));
    let groups = distinct(series.iter().map(|series| (&series.group, &series.reference)));
    let find = |of: (&Group, &Option<Group>), what: &str| {
        let is_it = |series: &&&Series| (&series.group, &series.reference) == of && series.y_label == what;
        let mut found = series.iter().filter(is_it);
        (found.next().copied(), found.next().is_some())
    };
    let is_twice = |of| whats.iter().any(|what| find(of, what).1);
    if series.is_empty() || !series.iter().all(is_number) || groups.iter().any(|of| is_twice(*of)) {
        return None;
    }
    let common = Columns::common_reference(series);
    let mut header = vec![GROUP.to_owned()];
    header.extend(whats.iter().map(|what| words::capital(&words::name(what))));
    let mut points = 0;
    let rows = groups.iter().take(POINTS_SHOWN).map(|of| {
        let of_group: Vec<Option<&Series>> = whats.iter().map(|what| find(*of, what).0).collect();
        points += of_group.iter().flatten().count();
        let name = of_group
            .iter()
            .flatten()
            .next()
            .map(|series| series_name(series, common));
        let values = of_group
            .iter()
            .map(|series| series.map_or_else(String::new, |series| with_interval(series, 0)));
        std::iter::once(name.unwrap_or_default()).chain(values).collect()
    });
    let rows = rows.collect();
    Some((header, rows, points))
}

/// Header, which columns hold numbers, rows, and how many points they hold, of any series.
fn one_below_another(series: &[&Series]) -> (Vec<String>, Vec<bool>, Vec<Vec<String>>, usize) {
    let curves = &series[..series.len().min(CURVES_SHOWN)];
    let points_of_each = (POINTS_SHOWN / curves.len().max(1)).max(LEAST_POINTS);
    let columns = Columns::of(curves);
    let mut rows = Vec::new();
    for series in curves {
        rows.extend(
            points(series, points_of_each)
                .into_iter()
                .map(|at| columns.row(series, at)),
        );
    }
    let (header, right) = columns.header();
    let points = rows.len();
    (header, right, rows, points)
}

/// How the series are read, under which setting, and against what.
fn about(audit: &Audit, series: &[&Series]) -> Vec<String> {
    let Some(first) = series.first() else {
        return Vec::new();
    };
    let mut about: Vec<String> = series_kind(&first.id)
        .map(|kind| kind.doc.to_owned())
        .into_iter()
        .collect();
    if beside(series).is_some() {
        about.push(format!("In the columns of groups: {}.", words::name(&first.y_label)));
    }
    about.extend(series_setting(first));
    let has_one = |of: fn(&Series) -> bool| series.iter().any(|series| of(series));
    if let Some(reference) = &first.reference
        && Columns::common_reference(series)
    {
        let reference = words::group_phrase(&first.by, reference);
        about.push(format!("The reference is {reference}."));
    }
    if let Some(marked) = first.marked
        && series.iter().all(|series| series.marked == first.marked)
    {
        about.push(format!(
            "In use: {} {}.",
            words::name(&first.x_label),
            shown(marked, first.x_unit)
        ));
    }
    let has_intervals = has_one(|series| series.lower.iter().chain(&series.upper).any(Option::is_some));
    if let Some(confidence) = interval_confidence(audit).filter(|_| has_intervals) {
        about.push(format!("Intervals: {confidence}."));
    }
    if has_one(|series| series.y.iter().any(Option::is_none)) {
        about.push("– has no value.".to_owned());
    }
    about
}

/// Which points of a series have a row: the first, the last, the one in use, and others evenly between them.
fn points(series: &Series, most: usize) -> Vec<usize> {
    let all = series.x.len();
    if all <= most {
        return (0..all).collect();
    }
    let last = most.saturating_sub(1).max(1);
    let mut kept: BTreeSet<usize> = (0..=last).map(|step| step * (all - 1) / last).collect();
    if let Some(marked) = series.marked {
        let distance = |at: usize| (series.x[at] - marked).abs();
        let nearest = (0..all).min_by(|a, b| distance(*a).total_cmp(&distance(*b)));
        if let Some(nearest) = nearest.filter(|at| !kept.contains(at)) {
            // It takes the place of its neighbour, so that the table grows no longer.
            let between = kept.range(1..all - 1).copied();
            if let Some(neighbour) = between.min_by_key(|at| at.abs_diff(nearest)) {
                kept.remove(&neighbour);
            }
            kept.insert(nearest);
        }
    }
    kept.into_iter().collect()
}

/// Which columns the table of some series needs.
struct Columns {
    /// What the values are, where the series differ in it.
    what: bool,
    group: bool,
    common_reference: bool,
    /// What the points are called on the horizontal axis; nothing where a group is its only point.
    x: Option<String>,
    y: String,
    interval: bool,
    rows: bool,
}

impl Columns {
    fn of(series: &[&Series]) -> Self {
        let label = |of: fn(&Series) -> &str| series.first().map_or_else(String::new, |first| words::name(of(first)));
        let is_group = |series: &&Series| series.x.len() == 1 && series.labels.is_empty() && !series.group.is_empty();
        let y = label(|series| &series.y_label);
        let what = series.iter().any(|series| words::name(&series.y_label) != y);
        Self {
            what,
            group: series.len() > 1 || series.iter().any(|series| !series.group.is_empty()),
            common_reference: Self::common_reference(series),
            x: (!series.iter().all(is_group)).then(|| words::capital(&label(|series| &series.x_label))),
            y: if what { "Value".to_owned() } else { words::capital(&y) },
            interval: series
                .iter()
                .any(|series| series.lower.iter().chain(&series.upper).any(Option::is_some)),
            rows: series.iter().any(|series| !series.n.is_empty()),
        }
    }

    /// Whether all are compared with the same group, which then need not stand in each row.
    fn common_reference(series: &[&Series]) -> bool {
        series
            .first()
            .is_some_and(|first| series.iter().all(|series| series.reference == first.reference))
    }

    fn header(&self) -> (Vec<String>, Vec<bool>) {
        let columns = [
            (self.group.then(|| GROUP.to_owned()), false),
            (self.what.then(|| "What".to_owned()), false),
            (self.x.clone(), true),
            (Some(self.y.clone()), true),
            (self.interval.then(|| "Interval".to_owned()), true),
            (self.rows.then(|| "Rows".to_owned()), true),
        ];
        columns
            .into_iter()
            .filter_map(|(name, right)| Some((name?, right)))
            .unzip()
    }

    fn row(&self, series: &Series, at: usize) -> Vec<String> {
        let cells = [
            self.group.then(|| series_name(series, self.common_reference)),
            self.what.then(|| words::name(&series.y_label)),
            self.x.as_ref().map(|_| x_at(series, at)),
            Some(value_at(series, at)),
            self.interval.then(|| interval_at(series, at).unwrap_or_default()),
            self.rows
                .then(|| series.n.get(at).copied().map_or_else(String::new, count)),
        ];
        cells.into_iter().flatten().collect()
    }
}

/// What a point is called on the horizontal axis.
fn x_at(series: &Series, at: usize) -> String {
    match (series.labels.get(at), series.x.get(at)) {
        (Some(label), _) => words::name(label),
        (None, Some(x)) => shown(*x, series.x_unit),
        (None, None) => String::new(),
    }
}

fn value_at(series: &Series, at: usize) -> String {
    let value = series.y.get(at).copied().flatten();
    value.map_or_else(|| "–".to_owned(), |value| shown(value, unit_of(series)))
}

fn with_interval(series: &Series, at: usize) -> String {
    match interval_at(series, at) {
        Some(interval) => format!("{} ({interval})", value_at(series, at)),
        None => value_at(series, at),
    }
}

fn interval_at(series: &Series, at: usize) -> Option<String> {
    let end = |ends: &[Option<f64>]| ends.get(at).copied().flatten();
    let unit = unit_of(series);
    match (end(&series.lower), end(&series.upper)) {
        (Some(lower), Some(upper)) => Some(interval((lower, upper), unit)),
        (Some(lower), None) => Some(format!("{} or more", shown(lower, unit))),
        (None, Some(upper)) => Some(format!("{} or less", shown(upper, unit))),
        (None, None) => None,
    }
}

#[cfg(test)]
#[path = "curves_tests.rs"]
mod tests;
