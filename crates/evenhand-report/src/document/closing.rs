//! This module closes a report: other assumptions, tests beside the verdict, data, method, limits, reproduction.

use evenhand_measure::audit::model::Audit;

use super::{Block, Letterhead, Place, Section, Table};
use crate::text::{data_lines, note_lines, provenance_lines};
use crate::words;

pub(super) fn sections(audit: &Audit, _letterhead: &Letterhead) -> Vec<Section> {
    let mut sections = Vec::new();
    if let Some(changes) = words::what_would_change(audit, usize::MAX) {
        let rows = audit.sensitivity.iter().map(words::sensitivity_row).collect();
        let table = Table::new("Every assumption examined", words::sensitivity_header(), &[], rows);
        let blocks = vec![
            Block::Text(changes.lead),
            Block::List(changes.lines),
            Block::fold("Every assumption examined", vec![Block::Table(table)]),
        ];
        sections.push(Section::new(
            "changes",
            "What would change the verdict",
            Place::Background,
            blocks,
        ));
    }
    let lists = [
        ("data", "How the data were read", data_lines(audit)),
        ("notes", "Notes", note_lines(audit)),
        ("reproduce", "How to repeat this", provenance_lines(audit)),
    ];
    for (id, title, lines) in lists {
        sections.push(Section::new(
            id,
            title,
            Place::Background,
            Block::list(lines).into_iter().collect(),
        ));
    }
    sections
}
