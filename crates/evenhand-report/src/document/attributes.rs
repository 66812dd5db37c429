//! This module writes a section for each set of attributes: pictures, the tables behind them, the comparisons.

use evenhand_measure::audit::model::Audit;

use super::{Block, Figure, Place, Section, Table, findings};
use crate::order::blocks;
use crate::plot;
use crate::text::{ALL_RIGHT, all_header, all_rows, group_header, group_row, group_sets, is_reach, legend};
use crate::words;

/// Groups of a table before the rest is left to the appendix.
const GROUPS_SHOWN: usize = 40;
/// Comparisons of a table.
const COMPARISONS_SHOWN: usize = 40;

pub(super) fn sections(audit: &Audit) -> Vec<Section> {
    let mut sections = Vec::new();
    let comparisons = blocks(audit);
    for (at, set) in group_sets(audit).iter().enumerate() {
        if is_reach(set) {
            continue;
        }
        let mut out = Vec::new();
        out.extend(plot::drawings(audit, set.by, set.within).into_iter().map(figure));
        let columns = set.columns();
        if !columns.is_empty() {
            let groups = set.largest(GROUPS_SHOWN).into_iter().chain(set.overall);
            let rows = groups.map(|group| group_row(set, group, &columns, true)).collect();
            let right: Vec<bool> = (0..columns.len() + 2).map(|column| column > 0).collect();
            let table = Table::new(set.title(), group_header(&columns), &right, rows);
            out.push(Block::Table(table.with_legend([legend(
                audit,
                set,
                true,
                "the full list says why",
            )])));
        }
        let of_set = comparisons
            .iter()
            .filter(|block| block.first().by == set.by && block.first().within == *set.within);
        for block in of_set.filter(|block| !block.compares_nothing()) {
            out.push(Block::Table(findings::table(block, audit, COMPARISONS_SHOWN)));
        }
        let all = Table::new(set.title(), all_header(set), &ALL_RIGHT, all_rows(set));
        out.push(Block::fold("Every measure of every group", vec![Block::Table(all)]));
        sections.push(Section::new(
            format!("groups-{}", at + 1),
            words::capital(&set.title()),
            Place::Page,
            out,
        ));
    }
    sections
}

fn figure(drawing: plot::Drawing) -> Block {
    Block::Figure(Figure {
        svg: drawing.svg,
        title: drawing.title,
        description: drawing.description,
        table: None,
    })
}
