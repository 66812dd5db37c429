//! This module is a sheet for each set of attributes: every value of its groups, and charts of their rates.

use evenhand_measure::audit::model::{Audit, GroupKind, GroupRates};
use rust_xlsxwriter::XlsxError;

use super::cell::{Cell, Form, Formula};
use super::chart::{self, Bars, Columns};
use super::names;
use super::page::Page;
use super::values::{Row, cells, rows, table_of};
use crate::text::{Groups, interval_confidence};
use crate::words;

/// Columns of the table; one more where groups are looked at within something.
const WIDTHS: [f64; 8] = [27.0, 26.0, 9.0, 10.0, 10.0, 10.0, 9.0, 9.0];
const HEADER: [&str; 8] = ["Measure", "Group", "Rows", "Count", "Of", "Value", "Lower", "Upper"];
/// Where the columns stand that charts are drawn of. The charts have the eleven columns before the last two.
const COLUMNS: Columns = Columns {
    measure: 0,
    group: 1,
    value: 5,
    charts: 9,
    lengths: 20,
};

/// The sets of groups of the same attributes: one, or one for each stratum.
pub(super) struct Attributes<'a> {
    sets: Vec<&'a Groups<'a>>,
}

/// One entry for each set of attributes, in the audit's order.
pub(super) fn attributes<'a>(sets: &'a [Groups<'a>]) -> Vec<Attributes<'a>> {
    let mut all: Vec<Attributes<'a>> = Vec::new();
    for set in sets {
        let same = |of: &&mut Attributes<'a>| {
            let first = of.sets[0];
            first.by == set.by && first.within.keys().eq(set.within.keys())
        };
        match all.iter_mut().find(same) {
            Some(of) => of.sets.push(set),
            None => all.push(Attributes { sets: vec![set] }),
        }
    }
    all
}

impl Attributes<'_> {
    fn within(&self) -> Vec<String> {
        self.sets[0].within.keys().cloned().collect()
    }

    fn is_within(&self) -> bool {
        !self.sets[0].within.is_empty()
    }

    /// What the sheet would like to be called.
    pub(super) fn name(&self) -> String {
        let by = names::attributes(self.sets[0].by);
        match self.is_within() {
            true => format!("{by} within {}", names::attributes(&self.within())),
            false => by,
        }
    }

    fn title(&self) -> String {
        let by = words::attributes(self.sets[0].by);
        match self.is_within() {
            true => format!("Groups by {by} within each {}", words::attributes(&self.within())),
            false => format!("Groups by {by}"),
        }
    }

    /// What the sheet holds.
    pub(super) fn about(&self) -> String {
        format!("{}: every value of each of them.", self.title())
    }

    pub(super) fn widths(&self) -> Vec<f64> {
        let within = self.is_within().then_some(22.0);
        within.into_iter().chain(WIDTHS).collect()
    }
}

pub(super) fn write(mut page: Page<'_>, audit: &Audit, of: &Attributes<'_>, most: usize) -> Result<(), XlsxError> {
    let shift = u16::from(of.is_within());
    let all: Vec<Row<'_>> = of.sets.iter().flat_map(|set| rows(&everybody(set))).collect();
    page.title(&of.title())?;
    page.note(&format!(
        "Each rate is its count divided by what it is a share of. Lower and upper: the {} interval.",
        interval_confidence(audit).unwrap_or_default()
    ))?;
    page.left_out(most, all.len())?;
    let mut header: Vec<&str> = HEADER.to_vec();
    if of.is_within() {
        header.insert(0, "Within");
    }
    let table = all.iter().take(most).map(|row| {
        let mut line = Vec::with_capacity(header.len());
        if of.is_within() {
            line.push(Cell::text(names::within(&row.group.within)));
        }
        line.extend([
            Cell::text(words::capital(&words::entry_name(row.key))),
            Cell::text(names::group(&row.group.by, &row.group.group, row.group.kind)),
            Cell::count(row.group.n),
        ]);
        line.extend(cells(row, 3 + shift));
        line
    });
    let table = table_of(&header, table.collect());
    let placed = page.main_table(&table, 0)?;
    if let ([set], false) = (of.sets.as_slice(), of.is_within()) {
        let bars = bars(set, &all, placed.first);
        if !bars.is_empty() {
            lengths(&mut page, placed.header, &bars)?;
            let confidence = interval_confidence(audit);
            let bottom = chart::draw(&mut page, &bars, COLUMNS, placed.header, confidence.as_deref())?;
            let last = page.row().max(bottom);
            page.print_to(last, COLUMNS.lengths - 1)?;
        }
    }
    Ok(())
}

/// The groups of a set, and all of them together at the end.
fn everybody<'a>(set: &Groups<'a>) -> Vec<&'a GroupRates> {
    set.groups.iter().copied().chain(set.overall).collect()
}

/// The stretches of the table that a chart is drawn of.
fn bars<'a>(set: &Groups<'a>, all: &'a [Row<'a>], first: u32) -> Vec<Bars<'a>> {
    let wanted = set.columns();
    let measured: Vec<&str> = match wanted.is_empty() {
        // Without rates, the foremost of what else is measured.
        true => all.iter().map(|row| row.key).take(1).collect(),
        false => wanted,
    };
    let mut charts = Vec::new();
    for key in measured {
        let Some(start) = all.iter().position(|row| row.key == key && row.value.point().is_some()) else {
            continue;
        };
        let rows = all[start..].iter();
        let of: Vec<&Row<'_>> = rows
            .take_while(|row| row.key == key && row.value.point().is_some())
            .collect();
        let without = all.iter().filter(|row| row.key == key).count() - of.len();
        let judged = of.iter().filter(|row| row.group.kind == GroupKind::Judged).count();
        if of.len() > 1 && judged <= chart::MOST_GROUPS {
            let start = first + u32::try_from(start).unwrap_or(u32::MAX);
            charts.push(Bars {
                rows: of,
                first: start,
                without,
            });
        }
    }
    charts
}

/// How far each interval reaches from its value, which is what a chart's error bars are drawn of.
fn lengths(page: &mut Page<'_>, header: u32, bars: &[Bars<'_>]) -> Result<(), XlsxError> {
    let column = COLUMNS.lengths;
    page.head(
        header,
        column,
        &["For the charts: value less lower", "Upper less value"],
    )?;
    for bars in bars {
        for (at, row) in (bars.first..).zip(&bars.rows) {
            let (lower, upper) = row.interval();
            let point = row.value.point();
            let down = point.zip(lower).map(|(point, lower)| point - lower);
            let up = upper.zip(point).map(|(upper, point)| upper - point);
            for (column, formula, length) in [
                (column, Formula::Minus(5, 6), down),
                (column + 1, Formula::Minus(7, 5), up),
            ] {
                if let Some(length) = length {
                    page.put(at, column, &Cell::Formula(formula, length, Form::Decimal(4)))?;
                }
            }
        }
    }
    Ok(())
}
