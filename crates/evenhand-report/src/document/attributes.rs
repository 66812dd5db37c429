//! This module writes a section for each set of attributes: pictures, the tables behind them, the comparisons.
//!
//! What is looked at within strata stands folded in the section of its attributes, one part for each stratum.

use evenhand_measure::audit::model::{Audit, Group};

use super::{Block, Figure, Place, Section, Table, comparisons, maps};
use crate::order::{self, Outcomes, blocks};
use crate::plot::{self, Fonts};
use crate::text::{
    ALL_RIGHT, Groups, Whole, all_header, all_legend, all_rows, classes, group_header, group_row, group_sets, is_reach,
    legend, measures, reaches, whole,
};
use crate::words;

/// Groups of a table before the rest is left to the list of every measure.
const GROUPS_SHOWN: usize = 40;
/// The fold with every measure of every group.
pub(super) const EVERY_MEASURE: &str = "Every measure of every group";
/// The fold with the comparisons that cannot fail the audit.
const ALSO_MEASURED: &str = "Also measured; none of it changes the verdict";

pub(super) fn sections(audit: &Audit, fonts: &Fonts) -> Vec<Section> {
    let (sets, comparisons) = (group_sets(audit), blocks(audit));
    let of_findings = comparisons.iter().map(|block| block.first().by.as_slice());
    let bys = distinct(sets.iter().map(|set| set.by).chain(of_findings));
    let named = bys.into_iter().filter(|by| !by.is_empty());
    let mut sections: Vec<Section> = named
        .enumerate()
        .map(|(at, by)| {
            Section::new(
                format!("groups-{}", at + 1),
                format!("Groups by {}", words::attributes(by)),
                Place::Page,
                of_attributes((audit, fonts), by, &sets, &comparisons),
            )
        })
        .collect();
    sections.extend(of_no_attribute(audit, &comparisons));
    sections.extend(of_all_lists(audit));
    sections
}

/// Everything about one set of attributes.
fn of_attributes(
    (audit, fonts): (&Audit, &Fonts),
    by: &[String],
    sets: &[Groups<'_>],
    comparisons: &[order::Block<'_>],
) -> Vec<Block> {
    let of_set: Vec<&Groups<'_>> = sets.iter().filter(|set| set.by == by).collect();
    let of_blocks: Vec<&order::Block<'_>> = comparisons.iter().filter(|block| block.first().by == by).collect();
    let nothing = Group::new();
    let whole = Part::of(&nothing, &of_set, &of_blocks);
    let mut out = whole.blocks(audit, fonts);
    for reach in reaches(sets).iter().filter(|reach| reach.is_by(by)) {
        let table = plain(reach.title(), reach.header(), &reach.right(), reach.rows(GROUPS_SHOWN));
        out.push(Block::Table(table.with_legend([reach.legend()])));
    }
    let within_sets = of_set.iter().map(|set| set.within);
    let within_blocks = of_blocks.iter().map(|block| &block.first().within);
    let strata = distinct(within_sets.chain(within_blocks).filter(|within| !within.is_empty()));
    for columns in distinct(strata.iter().map(|within| within.keys().collect::<Vec<_>>())) {
        let of_columns = strata
            .iter()
            .filter(|within| within.keys().collect::<Vec<_>>() == columns);
        let parts: Vec<Part<'_>> = of_columns.map(|within| Part::of(within, &of_set, &of_blocks)).collect();
        let names: Vec<String> = columns.into_iter().cloned().collect();
        let summary = format!(
            "Within each {} ({} in all)",
            words::attributes(&names),
            crate::numbers::count(parts.len() as u64)
        );
        let folds = parts
            .iter()
            .map(|part| Block::fold(part.title(), part.blocks(audit, fonts)))
            .collect();
        out.push(Block::fold(summary, folds));
    }
    out
}

/// The groups of a set of attributes and their comparisons, within one stratum or within none.
struct Part<'a> {
    within: &'a Group,
    set: Option<&'a Groups<'a>>,
    comparisons: Vec<&'a order::Block<'a>>,
}

impl<'a> Part<'a> {
    fn of(within: &'a Group, sets: &[&'a Groups<'a>], comparisons: &[&'a order::Block<'a>]) -> Self {
        Self {
            within,
            set: sets.iter().copied().find(|set| set.within == within),
            comparisons: comparisons
                .iter()
                .copied()
                .filter(|block| block.first().within == *within)
                .collect(),
        }
    }

    /// The stratum, and what was found in it, so that nobody has to open each to see where something is.
    fn title(&self) -> String {
        let stratum = words::within(self.within).unwrap_or_default();
        let counts = self.comparisons.iter().any(|block| block.counts());
        let of_level = self.comparisons.iter().filter(|block| block.counts() == counts);
        let findings = of_level.flat_map(|block| block.findings.iter().copied());
        let note = if counts { "" } else { "; it does not change the verdict" };
        match words::outcomes_phrase(Outcomes::of(findings)) {
            outcomes if outcomes.is_empty() => format!("Within {stratum}"),
            outcomes => format!("Within {stratum}: {outcomes}{note}"),
        }
    }

    fn blocks(&self, audit: &Audit, fonts: &Fonts) -> Vec<Block> {
        let mut out = Vec::new();
        if let Some(set) = self.set.filter(|set| !is_reach(set)) {
            out.extend(
                plot::drawings_with(audit, set.by, set.within, fonts)
                    .into_iter()
                    .map(figure),
            );
            out.extend(tables(audit, set));
            if set.within.is_empty() {
                out.extend(maps::maps(audit, set));
            }
        }
        let (judged, reported): (Vec<&order::Block<'_>>, Vec<&order::Block<'_>>) =
            self.comparisons.iter().partition(|block| block.counts());
        // The title of a stratum says already that nothing in it counts.
        let is_said = judged.is_empty() && !self.within.is_empty();
        out.extend(judged.into_iter().flat_map(|block| comparisons::of_block(block, audit)));
        let reported: Vec<Block> = reported
            .into_iter()
            .flat_map(|block| comparisons::of_block(block, audit))
            .collect();
        match is_said {
            true => out.extend(reported),
            false if reported.is_empty() => {}
            false => out.push(Block::fold(ALSO_MEASURED, reported)),
        }
        out.extend(self.set.map(every_measure));
        out
    }
}

/// The tables of a set of groups: rates, decisions of several values, lists, amounts and scores.
fn tables(audit: &Audit, set: &Groups<'_>) -> Vec<Block> {
    let mut tables = Vec::new();
    let shown = set.largest(GROUPS_SHOWN);
    let everyone = || shown.iter().copied().chain(set.overall);
    let columns = set.columns();
    if !columns.is_empty() {
        let rows = everyone().map(|group| group_row(set, group, &columns, true)).collect();
        let right: Vec<bool> = (0..columns.len() + 2).map(|column| column > 0).collect();
        let table = plain(words::capital(&set.title()), group_header(&columns), &right, rows);
        tables.push(table.with_legend([legend(audit, set, true, "the list of every measure says why")]));
    }
    if let Some(classes) = classes(audit, set) {
        let rows = everyone().map(|group| classes.row(set, group, true)).collect();
        let title = format!("Decisions by {}", words::attributes(set.by));
        let table = plain(title, classes.header(), &classes.right(), rows);
        tables.push(table.with_legend([classes.legend(audit, true)]));
    }
    for measures in measures(audit, set) {
        let groups = measures.groups(set, &shown);
        let rows = groups.map(|group| measures.row(audit, set, group, true)).collect();
        let table = plain(measures.title(), measures.header(), &measures.right(), rows);
        tables.push(table.with_legend([measures.legend(audit, set, true)]));
    }
    let hidden = set.groups.len() - shown.len();
    if tables.is_empty() {
        return vec![Block::Text(
            "Nothing is measured of these groups by themselves.".to_owned(),
        )];
    }
    let mut out: Vec<Block> = tables.into_iter().map(Block::Table).collect();
    if hidden > 0 {
        let noun = words::plural(hidden as u64, "smaller group");
        out.push(Block::Text(format!("… and {noun}, in the list of every measure.")));
    }
    out
}

fn every_measure(set: &Groups<'_>) -> Block {
    let header = all_header(set);
    let right = &ALL_RIGHT[..header.len().min(ALL_RIGHT.len())];
    let table = plain(EVERY_MEASURE, header, right, all_rows(set));
    let table = table.with_legend(all_legend(set).map(str::to_owned));
    Block::fold(EVERY_MEASURE, vec![Block::Table(table)])
}

/// Comparisons that are of no attribute, such as those that lack a column.
fn of_no_attribute(audit: &Audit, comparisons: &[order::Block<'_>]) -> Option<Section> {
    let of_none: Vec<&order::Block<'_>> = comparisons.iter().filter(|block| block.first().by.is_empty()).collect();
    let title = match of_none.iter().all(|block| block.compares_nothing()) {
        true => "Not compared",
        false => "Other comparisons",
    };
    let blocks: Vec<Block> = of_none
        .into_iter()
        .flat_map(|block| comparisons::of_block(block, audit))
        .collect();
    (!blocks.is_empty()).then(|| Section::new("other-comparisons", title, Place::Page, blocks))
}

/// What is measured of all lists together and of no group.
fn of_all_lists(audit: &Audit) -> Option<Section> {
    let whole = whole(audit)?;
    let table = plain(Whole::TITLE, Whole::header(), &Whole::RIGHT, whole.rows().to_vec());
    let table = table.with_legend([whole.legend().to_owned()]);
    Some(Section::new(
        "lists",
        Whole::TITLE,
        Place::Page,
        vec![Block::Table(table)],
    ))
}

fn plain(caption: impl Into<String>, header: Vec<String>, right: &[bool], rows: Vec<Vec<String>>) -> Table {
    Table::new(caption, header, right, rows)
}

fn figure(drawing: plot::Drawing) -> Block {
    Block::Figure(Figure {
        svg: drawing.svg,
        title: drawing.title,
        description: drawing.description,
        table: None,
    })
}

/// What there is, each once, in the order of the first.
pub(super) fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct: Vec<T> = Vec::new();
    for one in all {
        if !distinct.contains(&one) {
            distinct.push(one);
        }
    }
    distinct
}

#[cfg(test)]
#[path = "attributes_tests.rs"]
mod tests;
