//! This module writes the comparisons of one criterion: a table of those that say the most, and the first of them in
//! words where the findings do not tell them. All of them stand in the table at the end of the report.

use evenhand_measure::audit::model::{Audit, Finding};

use super::{Block, Cell, Statement, Table};
use crate::numbers::count;
use crate::order::{self, Outcomes};
use crate::text::{finding_header, finding_row};
use crate::words;

/// Comparisons of a table.
const ROWS_SHOWN: usize = 10;
/// Of those that do not count, told in words.
const TOLD: usize = 3;
/// Groups that are told in people.
const GROUPS_TOLD: usize = 40;
/// Which columns of the table hold numbers.
const RIGHT: [bool; 6] = [false, false, false, true, true, true];

pub(super) fn of_block(block: &order::Block<'_>, audit: &Audit) -> Vec<Block> {
    if block.compares_nothing() {
        let statements = block.findings.iter().map(|finding| statement(finding, audit)).collect();
        return vec![
            Block::Heading(words::block_title(block, audit)),
            Block::Statements(statements),
        ];
    }
    let shown = block.foremost(ROWS_SHOWN);
    let mut out = vec![Block::Table(table(block, &shown, audit))];
    out.extend(words::picked_line(block, audit).map(Block::Text));
    let mut lines = words::open_lines(&shown);
    // What does not count is about the same people once more.
    if block.counts() {
        let (told, more) = words::people_told(block, audit, GROUPS_TOLD);
        lines.extend(told);
        lines.extend((more > 0).then(|| format!("… and {}.", words::plural(more as u64, "more group"))));
    }
    out.extend(Block::list(lines));
    // What counts is told in words among the findings.
    if !block.counts() {
        let told = &shown[..shown.len().min(TOLD)];
        let statements: Vec<Statement> = told.iter().map(|finding| statement(finding, audit)).collect();
        let summary = match statements.len() {
            1 => "The comparison in words".to_owned(),
            several => format!("The first {} comparisons in words", count(several as u64)),
        };
        out.push(Block::fold(summary, vec![Block::Statements(statements)]));
    }
    out
}

/// The table of the comparisons shown, with what is compared and what is allowed below it.
fn table(block: &order::Block<'_>, shown: &[&Finding], audit: &Audit) -> Table {
    let row = |finding: &&Finding| {
        let mut cells: Vec<Cell> = finding_row(block, finding, audit).into_iter().map(Cell::from).collect();
        if let Some(first) = cells.first_mut() {
            first.outcome = Some(finding.outcome);
        }
        cells
    };
    let header = finding_header(block);
    let right = &RIGHT[..header.len().min(RIGHT.len())];
    let rows = shown.iter().map(row).collect();
    let is_shown = |finding: &Finding| shown.iter().any(|other| std::ptr::eq(*other, finding));
    let hidden = block.findings.iter().copied().filter(|finding| !is_shown(finding));
    let more = (shown.len() < block.findings.len()).then(|| {
        words::more_phrase(
            Outcomes::of(hidden),
            block.partly_listed(audit),
            ", in the table of every comparison at the end",
        )
    });
    let settle = block.has_open().then(|| words::settle_legend(shown, audit));
    Table::of_cells(words::block_title(block, audit), header, right, rows)
        .with_legend(more)
        .with_legend([words::block_rule(block, audit)])
        .with_legend(settle)
}

fn statement(finding: &Finding, audit: &Audit) -> Statement {
    Statement {
        outcome: finding.outcome,
        text: words::finding_sentence(finding, audit, false),
        precise: words::precise_and_together(finding, audit),
    }
}
