//! This module lists what was compared, failures first.

use evenhand_measure::audit::model::{Audit, Finding, Outcome};
use evenhand_measure::policy::Level;

use super::{Block, Place, Section, Statement, Table};
use crate::numbers::count;
use crate::order::{self, Outcomes, blocks, family, strata_together, worse_first};
use crate::text::{summary_header, summary_row};
use crate::words;

/// Comparisons of one outcome that are shown before the rest is folded.
const SHOWN: usize = 10;
/// Open comparisons in words, besides failures, which are all told.
const TOLD: usize = 30;
/// Comparisons in words that ask for nothing, such as passes: the nearest to their bounds.
const TOLD_AT_EASE: usize = 5;

pub(super) fn section(audit: &Audit) -> Section {
    let blocks = blocks(audit);
    let (judged, reported): (Vec<&order::Block<'_>>, Vec<&order::Block<'_>>) =
        blocks.iter().partition(|block| block.counts());
    let mut out = Vec::new();
    out.extend(words::listing(audit, Level::Error).map(Block::Text));
    let totals = family(audit, Level::Error).map(Outcomes::of_family).unwrap_or_default();
    for (outcome, title, total) in [
        (Outcome::Fail, "Beyond the bound", totals.fail),
        (Outcome::Inconclusive, "Open: shown neither way", totals.inconclusive),
        (Outcome::Pass, "Shown to be within the bound", totals.pass),
        (Outcome::NotJudged, "Reported, not judged", totals.not_judged),
        (Outcome::NotApplicable, "Not compared", totals.not_applicable),
    ] {
        let (first, rest) = in_order(&judged, outcome);
        if first.is_empty() {
            continue;
        }
        let listed = first.len() + rest.len();
        let title = format!("{title} ({})", count(total.max(listed) as u64));
        match outcome {
            Outcome::Fail | Outcome::Inconclusive => {
                out.push(Block::Heading(title));
                out.push(Block::Statements(statements(&first, audit)));
                if !rest.is_empty() {
                    let more = words::plural(rest.len() as u64, "more such comparison");
                    out.push(Block::fold(more, told(&rest, outcome, audit)));
                }
            }
            _ => {
                let all = [first, rest].concat();
                out.push(Block::fold(title, told(&all, outcome, audit)));
            }
        }
    }
    if !reported.is_empty() {
        out.extend(also_measured(&reported, audit));
    }
    Section::new("findings", "Findings", Place::Summary, out)
}

/// The comparisons of an outcome that say the most, and the others, each the worst first: the worst of every group comes
/// before further pairs of the same group.
fn in_order<'a>(blocks: &[&order::Block<'a>], outcome: Outcome) -> (Vec<&'a Finding>, Vec<&'a Finding>) {
    let all = blocks.iter().flat_map(|block| block.findings.iter().copied());
    let mut all: Vec<&Finding> = all.filter(|finding| finding.outcome == outcome).collect();
    all.sort_by(|a, b| worse_first(a, b));
    let mut first: Vec<usize> = Vec::new();
    for (at, finding) in all.iter().enumerate() {
        let same = |other: &usize| {
            let other = all[*other];
            (&other.criterion, &other.by, &other.group) == (&finding.criterion, &finding.by, &finding.group)
        };
        if first.len() < SHOWN && !first.iter().any(same) {
            first.push(at);
        }
    }
    let room = SHOWN - first.len();
    let further: Vec<usize> = (0..all.len()).filter(|at| !first.contains(at)).take(room).collect();
    first.extend(further);
    first.sort_unstable();
    let foremost = first.iter().map(|at| all[*at]).collect();
    let others = (0..all.len()).filter(|at| !first.contains(at)).map(|at| all[at]);
    (foremost, others.collect())
}

/// Comparisons in words, up to a number that a reader can want; failures all.
fn told(findings: &[&Finding], outcome: Outcome, audit: &Audit) -> Vec<Block> {
    let most = match outcome {
        Outcome::Fail => findings.len(),
        Outcome::Inconclusive => findings.len().min(TOLD),
        Outcome::Pass | Outcome::NotJudged | Outcome::NotApplicable => findings.len().min(TOLD_AT_EASE),
    };
    let mut out = vec![Block::Statements(statements(&findings[..most], audit))];
    if most < findings.len() {
        let more = words::plural((findings.len() - most) as u64, "more comparison");
        out.push(Block::Text(format!("… and {more}, in the table of every comparison.")));
    }
    out
}

fn statements(findings: &[&Finding], audit: &Audit) -> Vec<Statement> {
    findings
        .iter()
        .map(|finding| Statement {
            outcome: finding.outcome,
            text: words::finding_sentence(finding, audit, false),
            precise: words::precise(finding, audit),
        })
        .collect()
}

/// What does not change the verdict: a line for each criterion, and failures in words.
fn also_measured(reported: &[&order::Block<'_>], audit: &Audit) -> Vec<Block> {
    let together = strata_together(reported);
    let rows = together.iter().map(|block| summary_row(block, audit)).collect();
    let mut table = Table::new(
        "Also measured; none of it changes the verdict",
        summary_header(),
        &[],
        rows,
    );
    for (row, block) in table.rows.iter_mut().zip(&together) {
        if let Some(cell) = row.first_mut() {
            cell.outcome = Some(block.first().outcome);
        }
    }
    let said = [
        words::listing(audit, Level::Warn),
        words::adjustment_note(audit, Level::Warn),
    ];
    let mut out = vec![Block::Table(table.with_legend(said.into_iter().flatten()))];
    let (first, rest) = in_order(reported, Outcome::Fail);
    let beyond = [first, rest].concat();
    if !beyond.is_empty() {
        let title = format!(
            "Beyond its bound as well, without changing the verdict ({})",
            count(beyond.len() as u64)
        );
        out.push(Block::fold(title, told(&beyond, Outcome::Fail, audit)));
    }
    out
}
