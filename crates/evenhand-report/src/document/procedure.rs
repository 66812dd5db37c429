//! This module says how the numbers were made, what was allowed, and what all that leaves open.

use evenhand_measure::audit::model::Audit;
use evenhand_measure::catalogue::Entry;

use super::{Block, Place, Section, Table};
use crate::words::limits::{self, preset};
use crate::words::method::{CELLS, bounds, bounds_header, how, sources, used, used_header, used_row};

pub(super) fn method(audit: &Audit) -> Section {
    let mut out: Vec<Block> = how(audit).into_iter().map(Block::Text).collect();
    let bounds = bounds(audit);
    if !bounds.is_empty() {
        let table = Table::new("What was allowed", bounds_header(), &[], bounds).with_legend([
            "Counts: whether a breach makes the audit fail. What does not count is shown beside it.".to_owned(),
        ]);
        out.push(Block::Table(table));
    }
    let kinds = used(audit);
    for kind in &kinds {
        let rows = kind.entries.iter().map(|entry| used_row(*entry)).collect();
        let of_cells = kind
            .entries
            .iter()
            .any(|entry| matches!(entry, Entry::Rate(_) | Entry::Statistic(_)));
        let of_criteria = kind.entries.iter().any(|entry| matches!(entry, Entry::Criterion(_)));
        let table = Table::new(kind.title, used_header(), &[], rows)
            .with_legend(of_cells.then(|| CELLS.to_owned()))
            .with_legend(
                of_criteria.then(|| "Formulas show the usual bounds; what was allowed here stands above.".to_owned()),
            );
        out.push(Block::fold(kind.title, vec![Block::Table(table)]));
    }
    let sources = sources(&kinds);
    if !sources.is_empty() {
        out.push(Block::fold("Sources", vec![Block::Facts(sources)]));
    }
    if let Some(preset) = preset(audit) {
        let mut of_preset = preset.establishes.clone();
        of_preset.extend(preset.notes.iter().cloned());
        let mut blocks: Vec<Block> = Block::list(of_preset).into_iter().collect();
        blocks.extend(Block::list(preset.sources.clone()));
        out.push(Block::fold(
            format!("The preset {}: what it establishes, and its sources", preset.id),
            blocks,
        ));
    }
    Section::new("method", "Method", Place::Background, out)
}

pub(super) fn limits(audit: &Audit) -> Section {
    let mut out = vec![Block::Text(
        "What stands under the verdict holds first. Besides:".to_owned(),
    )];
    out.extend(Block::list(limits::limits(audit)));
    Section::new("limits", "Limits", Place::Background, out)
}
