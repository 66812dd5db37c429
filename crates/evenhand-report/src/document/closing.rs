//! This module closes a report: who signs it, what its words mean, every comparison and count.

use evenhand_measure::audit::model::{Audit, Finding};

use super::{Block, Place, Section, Table};
use crate::numbers::p_value;
use crate::order::{blocks, worse_first};
use crate::text::{ALL_RIGHT, Groups, all_header, all_legend, all_rows};
use crate::words;
use crate::words::glossary::glossary;

pub(super) fn sections(audit: &Audit) -> [Section; 3] {
    let signature = vec![
        Block::Text("Whoever answers for this report signs here.".to_owned()),
        Block::Blanks(["Name", "Role", "Date", "Signature"].map(str::to_owned).to_vec()),
    ];
    let mut counts = Vec::new();
    counts.extend(comparisons(audit));
    counts.extend(everyone(audit));
    [
        Section::new("signature", "Signature", Place::Background, signature),
        Section::new(
            "glossary",
            "Words used here",
            Place::Appendix,
            vec![Block::Facts(glossary(audit))],
        ),
        Section::new("counts", "Every comparison and count", Place::Appendix, counts),
    ]
}

/// Every comparison that is listed in the audit, what counts first, the worst first.
fn comparisons(audit: &Audit) -> Option<Block> {
    let mut findings: Vec<(&Finding, String)> = blocks(audit)
        .iter()
        .flat_map(|block| {
            let title = words::block_title(block, audit);
            block
                .findings
                .iter()
                .map(move |finding| (*finding, title.clone()))
                .collect::<Vec<_>>()
        })
        .collect();
    findings.sort_by(|(a, _), (b, _)| worse_first(a, b));
    let p = |value: Option<f64>| value.map_or_else(String::new, p_value);
    let rows: Vec<Vec<String>> = findings
        .iter()
        .map(|(finding, title)| {
            let value = |value: &Option<evenhand_measure::audit::model::Value>| match value {
                Some(value) if words::written::is_measured(finding) => words::measured_value(&finding.rate, value),
                Some(value) => words::rate_with_counts(value),
                None => String::new(),
            };
            vec![
                title.clone(),
                words::pair(finding),
                words::outcome_word(finding.outcome).to_owned(),
                value(&finding.group_value),
                value(&finding.reference_value),
                format!("{}{}", words::point(finding), words::unit(finding)),
                words::interval(finding).unwrap_or_default(),
                p(finding.p_breach_adjusted),
                p(finding.p_comply_exact.or(finding.p_comply)),
                words::to_settle(finding, audit),
            ]
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let listed: Vec<&Finding> = findings.iter().map(|(finding, _)| *finding).collect();
    let outcomes = listed.iter().map(|finding| finding.outcome);
    let header = [
        "Criterion",
        "Compared",
        "Outcome",
        "The group's",
        "The reference's",
        "Ratio or difference",
        "Interval",
        "Adjusted p beyond",
        "p within",
        "To settle",
    ];
    let right = [false, false, false, true, true, true, true, true, true, true];
    let mut table = Table::new("Every comparison", header.map(str::to_owned).to_vec(), &right, rows).with_legend([
        "Adjusted p beyond: of a breach, adjusted for the number of comparisons; p within: of compliance.".to_owned(),
        words::settle_legend(&listed, audit),
    ]);
    for (row, outcome) in table.rows.iter_mut().zip(outcomes) {
        row[2].outcome = Some(outcome);
    }
    Some(Block::fold(
        format!("Every comparison ({})", crate::numbers::count(findings.len() as u64)),
        vec![Block::Table(table)],
    ))
}

/// Every measure of all rows together; those of each group stand with their attribute.
fn everyone(audit: &Audit) -> Option<Block> {
    let overall: Vec<_> = audit
        .rates
        .iter()
        .filter(|rates| rates.by.is_empty() && rates.within.is_empty())
        .collect();
    let first = *overall.first()?;
    let set = Groups {
        by: &first.by,
        within: &first.within,
        groups: overall,
        overall: None,
    };
    let rows = all_rows(&set);
    let table = Table::new("Every measure of everyone", all_header(&set), &ALL_RIGHT, rows)
        .with_legend(all_legend(&set).map(str::to_owned));
    let about = "Those of each group stand with its attribute.".to_owned();
    (!table.rows.is_empty()).then(|| {
        Block::fold(
            "Every measure of everyone",
            vec![Block::Table(table), Block::Text(about)],
        )
    })
}
