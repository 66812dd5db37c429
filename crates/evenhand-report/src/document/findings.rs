//! This module lists what was compared, failures first.

use evenhand_measure::audit::model::{Audit, Outcome};
use evenhand_measure::policy::Level;

use super::{Block, Place, Section, Statement, Table};
use crate::order::{self, blocks, strata_together};
use crate::text::{summary_header, summary_row};
use crate::words;

/// Comparisons that count and are listed before the rest is folded.
const SHOWN: usize = 10;

pub(super) fn section(audit: &Audit) -> Section {
    let blocks = blocks(audit);
    let (judged, reported): (Vec<&order::Block<'_>>, Vec<&order::Block<'_>>) =
        blocks.iter().partition(|block| block.counts());
    let mut out: Vec<Block> = words::listing(audit, Level::Error)
        .map(Block::Text)
        .into_iter()
        .collect();
    let statements: Vec<Statement> = judged
        .iter()
        .flat_map(|block| block.foremost(SHOWN))
        .map(|finding| Statement {
            outcome: finding.outcome,
            text: words::finding_sentence(finding, audit, false),
            precise: words::precise(finding, audit),
        })
        .collect();
    for outcome in [
        Outcome::Fail,
        Outcome::Inconclusive,
        Outcome::Pass,
        Outcome::NotJudged,
        Outcome::NotApplicable,
    ] {
        let of: Vec<Statement> = statements.iter().filter(|s| s.outcome == outcome).cloned().collect();
        if of.is_empty() {
            continue;
        }
        match outcome {
            Outcome::Fail | Outcome::Inconclusive => out.push(Block::Statements(of)),
            _ => out.push(Block::fold(words::outcome_word(outcome), vec![Block::Statements(of)])),
        }
    }
    if !reported.is_empty() {
        let together = strata_together(&reported);
        let rows = together.iter().map(|block| summary_row(block, audit)).collect();
        let table = Table::new(
            "Also measured; none of it changes the verdict",
            summary_header(),
            &[],
            rows,
        );
        let said = [
            words::listing(audit, Level::Warn),
            words::adjustment_note(audit, Level::Warn),
        ];
        out.push(Block::Table(table.with_legend(said.into_iter().flatten())));
    }
    Section::new("findings", "Findings", Place::Summary, out)
}
