//! This module draws the groups of two attributes as a map: a row for each value of one, a column for each of the other.
//!
//! A cell says its rate and the rows behind it; its shade says the rate again. Where few rows stand behind a rate, a shade
//! would make too much of it, so that the cell is hatched instead.

use std::collections::BTreeSet;

use evenhand_measure::audit::model::{Audit, Group, GroupRates, Outcome, Value};
use evenhand_measure::policy::Level;

use super::canvas::{Anchor, At, Canvas, Ink, Shape, Weight};
use super::panel::{Captions, LABEL_ROOM, LEADING, Lettering, MARGIN, SMALL, TEXT, TICKS_HEIGHT, WIDTH};
use super::{Fonts, Part, rates};
use crate::numbers::{amount, percent};
use crate::text::{Groups, group_sets};
use crate::words;

/// A column of names is at least so wide, and a cell.
const LEAST_LABEL: f64 = 80.0;
const NARROWEST: i32 = 78;
/// Columns that are drawn however many rows there are.
const LEAST_COLUMNS: usize = 10;
/// A cell is at most so wide.
const WIDEST: i32 = 150;
const ROW: i32 = 42;
/// Rows of one map, and cells: the largest groups are drawn.
const ROWS_DRAWN: usize = 40;
const CELLS_DRAWN: usize = 360;
/// Between one set of columns and the next.
const BAND_GAP: i32 = 16;
/// A rate of fewer rows is hatched, unless the policy asks for more.
const FEW: f64 = 30.0;

/// One cell.
enum Cell {
    /// No row is in the group.
    Empty,
    /// There are rows, and no rate.
    Undefined,
    /// A rate: its text, the rows that it is a share of, and its depth of shade unless it has few.
    Rate {
        text: String,
        rows: String,
        depth: Option<f64>,
        fails: bool,
    },
}

/// A map, ready to draw.
pub(super) struct Map {
    words: Lettering,
    /// What the rows and what the columns are.
    attributes: (String, String),
    columns: Vec<Vec<String>>,
    rows: Vec<(Vec<String>, Vec<Cell>)>,
    scale: (f64, f64),
    few: f64,
    /// Where the cells begin, and how wide they are.
    left: i32,
    cell: i32,
}

/// The maps of every set of two attributes.
pub(super) fn maps(audit: &Audit, fonts: &Fonts) -> Vec<Map> {
    let sets = group_sets(audit);
    sets.iter().flat_map(|set| of_set(audit, set, fonts)).collect()
}

/// The maps of a set, where it is of two attributes: one for each rate that is drawn.
pub(super) fn of_set(audit: &Audit, set: &Groups<'_>, fonts: &Fonts) -> Vec<Map> {
    match set.by {
        [first, second] => rates::drawn(set)
            .into_iter()
            .map(|rate| map(audit, set, (first, second), rate, fonts))
            .collect(),
        _ => Vec::new(),
    }
}

/// The values of an attribute, the largest `most` of them in their own order with the missing one last; and how many
/// there are.
fn values<'a>(set: &Groups<'a>, attribute: &str, most: usize) -> (Vec<Option<&'a str>>, usize) {
    let mut sizes: Vec<(Option<&'a str>, u64)> = Vec::new();
    for group in &set.groups {
        let value = group.group.get(attribute).and_then(Option::as_deref);
        match sizes.iter_mut().find(|(known, _)| *known == value) {
            Some((_, size)) => *size += group.n,
            None => sizes.push((value, group.n)),
        }
    }
    let all = sizes.len();
    let mut order: Vec<usize> = (0..all).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(sizes[index].1));
    order.truncate(most);
    order.sort_unstable();
    // A stable sort, so that all others keep their order.
    order.sort_by_key(|&index| sizes[index].0.is_none());
    (order.into_iter().map(|index| sizes[index].0).collect(), all)
}

fn map(audit: &Audit, set: &Groups<'_>, (first, second): (&str, &str), rate: &str, fonts: &Fonts) -> Map {
    let count = |attribute: &str| values(set, attribute, usize::MAX).1;
    // What has more values goes down the page.
    let (down, across) = match count(first) < count(second) {
        true => (second, first),
        false => (first, second),
    };
    let (rows, all_rows) = values(set, down, ROWS_DRAWN);
    let (columns, all_columns) = values(set, across, (CELLS_DRAWN / rows.len().max(1)).max(LEAST_COLUMNS));
    let of = |row: Option<&str>, column: Option<&str>| {
        let is = |group: &Group, attribute: &str, value| group.get(attribute).map(Option::as_deref) == Some(value);
        let mut groups = set.groups.iter().copied();
        groups.find(|group| is(&group.group, down, row) && is(&group.group, across, column))
    };
    let asked = audit.policy.pointer("/inference/min-denominator");
    let few = asked.and_then(serde_json::Value::as_f64).unwrap_or(0.0).max(FEW);
    let drawn: Vec<&GroupRates> = rows
        .iter()
        .flat_map(|row| columns.iter().filter_map(|column| of(*row, *column)))
        .collect();
    let sound = |group: &&GroupRates| {
        let share = group.values.get(rate)?.share()?;
        (share.denominator.value() >= few).then_some(share.point)
    };
    let scale = scale(&drawn.iter().filter_map(sound).collect::<Vec<f64>>());
    let value_name = |attribute: &str, value: Option<&str>| {
        let group = Group::from([(attribute.to_owned(), value.map(str::to_owned))]);
        words::group_name(&[attribute.to_owned()], &group)
    };
    let failing: BTreeSet<&Group> = audit
        .findings
        .iter()
        .filter(|finding| finding.level == Level::Error && finding.outcome == Outcome::Fail && finding.rate == rate)
        .filter(|finding| finding.by == set.by && finding.within == *set.within)
        .map(|finding| &finding.group)
        .collect();
    let cells = |row: Option<&str>| -> Vec<Cell> {
        let cell = |column: &Option<&str>| cell(of(row, *column), rate, (few, scale), &failing);
        columns.iter().map(cell).collect()
    };
    let within = words::within(set.within).map_or_else(String::new, |stratum| format!(" within {stratum}"));
    let title = format!(
        "Map of the {} by {}{within}",
        words::entry_name(rate),
        words::attributes(set.by)
    );
    let hatched = drawn.iter().filter(|group| sound(group).is_none()).count();
    let subtitle = format!(
        "{} Upper number: the rate. Lower number: the rows that it is a share of. Darker: higher.",
        rates::meaning(audit, rate)
    );
    let mut ends: Vec<(&GroupRates, f64)> = drawn.iter().filter_map(|group| Some((*group, sound(group)?))).collect();
    ends.sort_by(|a, b| a.1.total_cmp(&b.1));
    let captions = Captions {
        fonts,
        title: &title,
        subtitle: subtitle.trim(),
        footer: &footer([(all_rows, rows.len(), down), (all_columns, columns.len(), across)]),
        summary: summary(&title, set, &ends, hatched),
    };
    let label = |value: Option<&str>| {
        let name = fonts.drawable(&value_name(down, value));
        fonts.wrap(&name, LABEL_ROOM, TEXT, Weight::Regular, 3)
    };
    let labels: Vec<Vec<String>> = rows.iter().map(|row| label(*row)).collect();
    let lines = labels.iter().flatten();
    let widest = lines
        .map(|line| fonts.width(line, TEXT, Weight::Regular))
        .fold(LEAST_LABEL, f64::max);
    let left = MARGIN + widest.ceil() as i32 + 20;
    let cell_width = ((WIDTH - MARGIN - left) / abreast(columns.len(), left) as i32).min(WIDEST);
    let head = |value: &Option<&str>| {
        let name = fonts.drawable(&value_name(across, *value));
        fonts.wrap(&name, f64::from(cell_width - 8), SMALL, Weight::Regular, 10)
    };
    Map {
        words: Lettering::new(captions),
        attributes: (fonts.drawable(&words::name(down)), fonts.drawable(&words::name(across))),
        columns: columns.iter().map(head).collect(),
        rows: labels.into_iter().zip(rows.iter().map(|row| cells(*row))).collect(),
        scale,
        few,
        left,
        cell: cell_width,
    }
}

fn cell(
    group: Option<&GroupRates>,
    rate: &str,
    (few, (low, high)): (f64, (f64, f64)),
    failing: &BTreeSet<&Group>,
) -> Cell {
    let Some(group) = group else { return Cell::Empty };
    let Some(Value::Share(share)) = group.values.get(rate) else {
        return Cell::Undefined;
    };
    let depth = if high > low {
        (share.point - low) / (high - low)
    } else {
        0.0
    };
    Cell::Rate {
        text: percent(share.point),
        rows: amount(share.denominator),
        depth: (share.denominator.value() >= few).then_some(depth),
        fails: failing.contains(&group.group),
    }
}

fn footer(sides: [(usize, usize, &str); 2]) -> String {
    let left_out = |(all, shown, attribute): (usize, usize, &str)| {
        (all > shown).then(|| {
            let attribute = words::name(attribute);
            format!("The {shown} largest of the {all} values of {attribute} are drawn.")
        })
    };
    let parts: Vec<String> = sides.into_iter().filter_map(left_out).collect();
    parts.join(" ")
}

fn summary(title: &str, set: &Groups<'_>, ends: &[(&GroupRates, f64)], hatched: usize) -> String {
    let named = |(group, rate): &(&GroupRates, f64)| {
        format!("{} at {}", words::group_name(set.by, &group.group), percent(*rate))
    };
    let range = match ends {
        [] => "no group has a rate of enough rows".to_owned(),
        [only] => format!("only {} has enough rows", named(only)),
        [lowest, .., highest] => format!("from {} to {}", named(lowest), named(highest)),
    };
    let few = match hatched {
        0 => String::new(),
        1 => "; 1 more group has few rows or no value".to_owned(),
        more => format!("; {more} more groups have few rows or no value"),
    };
    format!("{title}: {range}{few}.")
}

/// The rates of the lightest and of the darkest shade. Rates that lie near each other would all be dark on a scale from 0,
/// and tiny gaps would be glaring on one from the lowest; so it begins at 0 or at half of the highest.
fn scale(rates: &[f64]) -> (f64, f64) {
    let highest = rates.iter().copied().fold(0.0, f64::max);
    let half = highest / 2.0;
    match rates.iter().all(|rate| *rate >= half) {
        true => (half, highest),
        false => (0.0, highest),
    }
}

/// How many of the columns stand side by side: as many as there is room for, as evenly as they go.
fn abreast(columns: usize, left: i32) -> usize {
    let most = ((WIDTH - MARGIN - left) / NARROWEST).max(1) as usize;
    columns.div_ceil(columns.div_ceil(most).max(1)).max(1)
}

impl Map {
    /// The columns by what stands side by side.
    fn bands(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let all = self.columns.len();
        let abreast = abreast(all, self.left);
        (0..all)
            .step_by(abreast)
            .map(move |from| from..(from + abreast).min(all))
    }

    fn head(&self, band: &std::ops::Range<usize>) -> i32 {
        let lines = self.columns[band.clone()].iter().map(Vec::len).max().unwrap_or(0);
        LEADING + lines as i32 * LEADING + 6
    }

    fn row_height(name: &[String]) -> i32 {
        (name.len() as i32 * LEADING + 8).max(ROW)
    }

    fn body(&self) -> i32 {
        self.rows.iter().map(|(name, _)| Self::row_height(name)).sum()
    }

    fn draw_band(&self, canvas: &mut Canvas<'_>, band: &std::ops::Range<usize>, top: i32) -> i32 {
        let (left, cell) = (self.left, self.cell);
        let heads = self.head(band);
        let faint = |canvas: &mut Canvas<'_>, at: At, text: &str, anchor: Anchor| {
            canvas.text(at, text, SMALL, anchor, Ink::FAINT_TEXT, Weight::Regular);
        };
        let room = |width: i32| f64::from(width - 8);
        let (down, across) = &self.attributes;
        let across = canvas
            .fonts
            .fit(across, room(WIDTH - MARGIN - left), SMALL, Weight::Bold);
        let down = canvas.fonts.fit(down, room(left - MARGIN), SMALL, Weight::Bold);
        let bold = |canvas: &mut Canvas<'_>, at: At, text: &str| {
            canvas.text(at, text, SMALL, Anchor::Start, Ink::FAINT_TEXT, Weight::Bold);
        };
        bold(canvas, (left, top + LEADING / 2), &across);
        bold(canvas, (MARGIN, top + heads - 6 - LEADING / 2), &down);
        for (at, name) in self.columns[band.clone()].iter().enumerate() {
            // Names of fewer lines stand at the foot, next to their cells.
            let first = top + heads - 6 - name.len() as i32 * LEADING + LEADING / 2;
            for (line, text) in name.iter().enumerate() {
                let x = left + at as i32 * cell + cell / 2;
                faint(canvas, (x, first + line as i32 * LEADING), text, Anchor::Middle);
            }
        }
        let mut y = top + heads;
        for (name, cells) in &self.rows {
            let height = Self::row_height(name);
            let first = y + height / 2 - (name.len() as i32 - 1) * LEADING / 2;
            for (at, line) in name.iter().enumerate() {
                let place = (MARGIN, first + at as i32 * LEADING);
                canvas.text(place, line, TEXT, Anchor::Start, Ink::TEXT, Weight::Regular);
            }
            for (at, content) in cells[band.clone()].iter().enumerate() {
                let x = left + at as i32 * cell;
                draw_cell(canvas, content, (x, y), (x + cell - 2, y + height - 2));
            }
            y += height;
        }
        y
    }

    /// What shades, hatching and marks mean.
    fn draw_key(&self, canvas: &mut Canvas<'_>, top: i32) {
        const STEPS: i32 = 8;
        let middle = top + TICKS_HEIGHT / 2;
        let mut x = MARGIN;
        let write = |canvas: &mut Canvas<'_>, x: i32, text: &str| {
            canvas.text(
                (x, middle),
                text,
                SMALL,
                Anchor::Start,
                Ink::FAINT_TEXT,
                Weight::Regular,
            );
            x + canvas.fonts.width(text, SMALL, Weight::Regular) as i32 + 6
        };
        let (low, high) = self.scale;
        if high > low {
            x = write(canvas, x, &percent(low));
            for step in 0..STEPS {
                let shade = Ink::shade(f64::from(step) / f64::from(STEPS - 1));
                canvas.rect((x, middle - 7), (x + 14, middle + 7), shade);
                x += 14;
            }
            x = write(canvas, x + 6, &percent(high)) + 22;
        }
        swatch(canvas, (x, middle - 7), (x + 28, middle + 7));
        let few = format!("fewer than {:.0} rows, or no value: too little to shade", self.few);
        x = write(canvas, x + 34, &few) + 22;
        if self.has_failure() {
            canvas.mark((x + 5, middle), Shape::Square, Ink::FAIL);
            write(canvas, x + 16, "fails a comparison");
        }
    }

    fn has_failure(&self) -> bool {
        let mut cells = self.rows.iter().flat_map(|(_, cells)| cells);
        cells.any(|cell| matches!(cell, Cell::Rate { fails: true, .. }))
    }
}

/// A hatched box with an edge.
fn swatch(canvas: &mut Canvas<'_>, from: At, to: At) {
    canvas.rect(from, to, Ink::FAINT_LINE);
    canvas.rect((from.0 + 1, from.1 + 1), (to.0 - 1, to.1 - 1), Ink::PAPER);
    canvas.hatch((from.0 + 1, from.1 + 1), (to.0 - 1, to.1 - 1), Ink::FAINT_LINE);
}

fn draw_cell(canvas: &mut Canvas<'_>, cell: &Cell, from: At, to: At) {
    let (x, middle) = ((from.0 + to.0) / 2, (from.1 + to.1) / 2);
    let plate = |canvas: &mut Canvas<'_>, y: i32, text: &str, ink: Ink, weight: Weight, is_bare: bool| {
        if !is_bare {
            // Letters are read on paper, not on lines.
            let half = canvas.fonts.width(text, SMALL, weight) as i32 / 2 + 4;
            canvas.rect((x - half, y - 8), (x + half, y + 8), Ink::PAPER);
        }
        let text = canvas.fonts.fit(text, f64::from(to.0 - from.0 - 4), SMALL, weight);
        canvas.text((x, y), &text, SMALL, Anchor::Middle, ink, weight);
    };
    match cell {
        Cell::Empty => plate(canvas, middle, "no rows", Ink::FAINT_TEXT, Weight::Regular, true),
        Cell::Undefined => {
            swatch(canvas, from, to);
            plate(canvas, middle, "no value", Ink::TEXT, Weight::Regular, false);
        }
        Cell::Rate {
            text,
            rows,
            depth,
            fails,
        } => {
            match depth {
                Some(depth) => canvas.rect(from, to, Ink::shade(*depth)),
                None => swatch(canvas, from, to),
            }
            let ink = depth.map_or(Ink::TEXT, Ink::on_shade);
            plate(canvas, middle - 8, text, ink, Weight::Bold, depth.is_some());
            plate(
                canvas,
                middle + 8,
                &format!("n {rows}"),
                ink,
                Weight::Regular,
                depth.is_some(),
            );
            if *fails {
                canvas.rect((to.0 - 14, from.1), (to.0, from.1 + 14), Ink::PAPER);
                canvas.mark((to.0 - 6, from.1 + 6), Shape::Square, Ink::FAIL);
            }
        }
    }
}

impl Part for Map {
    fn words(&self) -> &Lettering {
        &self.words
    }

    fn height(&self) -> i32 {
        let bands: i32 = self.bands().map(|band| self.head(&band) + self.body() + BAND_GAP).sum();
        self.words.head() + 6 + bands + TICKS_HEIGHT + self.words.foot()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, top: i32) {
        self.words.write_head(canvas, top);
        let mut y = top + self.words.head() + 6;
        for band in self.bands() {
            y = self.draw_band(canvas, &band, y) + BAND_GAP;
        }
        self.draw_key(canvas, y - BAND_GAP / 2);
        self.words.write_foot(canvas, y + TICKS_HEIGHT);
    }
}
