//! This module is the sheet of how it was done: formulas in words, limits, hashes, the policy that was applied.

use std::collections::BTreeSet;

use evenhand_measure::audit::model::Audit;
use evenhand_measure::catalogue::{self, Entry};
use rust_xlsxwriter::XlsxError;

use super::cell::Cell;
use super::page::Page;
use super::summary::blocks;
use super::values::table_of;
use crate::document::Document;
use crate::text::provenance_lines;
use crate::words;

pub(super) const WIDTHS: [f64; 5] = [30.0, 14.0, 56.0, 46.0, 40.0];

/// The section of a report on what an audit cannot tell.
const LIMITS: &str = "limits";

pub(super) fn write(mut page: Page<'_>, audit: &Audit, document: &Document) -> Result<(), XlsxError> {
    page.title("Method")?;
    page.note(
        "TP, FP, FN, TN: the event was decided and came true, decided and did not, not decided and did, neither.",
    )?;
    page.skip();
    let rows = used(audit).into_iter().map(|entry| {
        let sources: Vec<&str> = entry.citations().iter().map(|citation| citation.key).collect();
        vec![
            Cell::Prose(words::capital(entry.name())),
            Cell::text(entry.kind()),
            Cell::Prose(entry.formula()),
            Cell::Prose(entry.undefined_when()),
            Cell::Prose(sources.join(", ")),
        ]
    });
    let header = ["Name", "Kind", "Formula", "No value when", "Sources"];
    page.table(&table_of(&header, rows.collect()))?;
    if let Some(section) = document.sections.iter().find(|section| section.id == LIMITS) {
        page.heading(&section.title)?;
        blocks(&mut page, &section.blocks, audit.verdict)?;
    }
    page.heading("What made this result from what")?;
    page.list(&provenance_lines(audit))?;
    page.paragraph(&match &audit.provenance.as_of {
        Some(day) => format!("• as of {}", words::name(day)),
        None => "• not dated".to_owned(),
    })?;
    if let Some(seed) = audit.provenance.seed {
        page.paragraph(&format!("• seed of random numbers {seed}"))?;
    }
    page.heading("The policy that was applied, every default filled in (JSON)")?;
    let policy = serde_json::to_string_pretty(&audit.policy).unwrap_or_default();
    for line in policy.lines() {
        page.code(line)?;
    }
    Ok(())
}

/// What the audit measured, judged and tested with, in the order of the catalogue.
fn used(audit: &Audit) -> Vec<Entry> {
    let id = |key: &str| key.split_once('@').map_or(key, |(id, _)| id).to_owned();
    let values = audit.rates.iter().flat_map(|group| group.values.keys());
    let mut ids: BTreeSet<String> = values.map(|key| id(key)).collect();
    for finding in &audit.findings {
        ids.extend([id(&finding.criterion), id(&finding.rate), id(&finding.method)]);
    }
    ids.extend(audit.tests.iter().map(|test| id(&test.id)));
    catalogue::entries().filter(|entry| ids.contains(entry.id())).collect()
}
