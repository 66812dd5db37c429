//! This module writes the audit for a terminal: one sentence first, then the tables, then what was read how.

use evenhand_measure::audit::model::{Audit, Finding, Severity};
use evenhand_measure::policy::Level;

use crate::arrange::{Ink, Page, outcome_token};
use crate::numbers::{confidence, count};
use crate::order::{Block, Outcomes, blocks, lower_first, strata_together};
use crate::words;

mod groups;

pub(crate) use self::groups::{Groups, all_rows, group_sets, header as group_header, legend, row as group_row};

/// How the text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to use colour.
    pub color: bool,
    /// Whether to print every comparison with the precise statement.
    pub detail: bool,
    /// Whether to print the first sentence only.
    pub quiet: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            width: 80,
            color: false,
            detail: false,
            quiet: false,
        }
    }
}

/// Lines under a title that the caller adds at the end, such as what was guessed and how to pin it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The title.
    pub title: String,
    /// The lines, each a paragraph.
    pub lines: Vec<String>,
}

/// Rows of a block that are shown without `detail`: the worst of each group and further failures, up to this many.
const ROWS_SHOWN: usize = 8;
/// Criteria that do not count, in the short form.
const SUMMARIES_SHOWN: usize = 8;

/// The audit as text for a terminal.
#[must_use]
pub fn text(audit: &Audit, options: &TextOptions, extra: &[Section]) -> String {
    let audit = &*lower_first(audit);
    let mut page = Page::new(options.width, options.color);
    let headline = words::headline(audit);
    page.inked(
        &headline,
        words::verdict_word(audit.verdict).len() + 1,
        Ink::of_verdict(audit.verdict),
    );
    if options.quiet {
        return page.finish();
    }
    groups::print(&mut page, audit, options.detail);
    let blocks = blocks(audit);
    let (judged, reported): (Vec<&Block<'_>>, Vec<&Block<'_>>) = blocks.iter().partition(|block| block.counts());
    if let Some(listing) = words::listing(audit, Level::Error) {
        page.blank();
        page.paragraph(&listing, 0, 0);
    }
    for block in judged {
        print_block(&mut page, block, audit, options.detail);
    }
    let listing = words::listing(audit, Level::Warn);
    if options.detail {
        if let Some(listing) = listing {
            page.blank();
            page.paragraph(&listing, 0, 0);
        }
        for block in reported {
            print_block(&mut page, block, audit, true);
        }
    } else if !reported.is_empty() {
        page.heading("Also measured; none of it changes the verdict");
        if let Some(listing) = listing {
            page.paragraph(&listing, 0, 0);
        }
        print_summaries(&mut page, &reported, audit, options.detail);
    }
    print_data(&mut page, audit);
    print_notes(&mut page, audit);
    if options.detail {
        print_provenance(&mut page, audit);
    }
    for section in extra {
        page.heading(&section.title);
        for line in &section.lines {
            page.paragraph(line, 2, 2);
        }
    }
    page.finish()
}

fn print_block(page: &mut Page, block: &Block<'_>, audit: &Audit, detail: bool) {
    let mut title = words::block_title(block);
    if !block.counts() {
        title.push_str(" (does not change the verdict)");
    }
    page.heading(&title);
    if block.compares_nothing() {
        for finding in &block.findings {
            let symbol = words::outcome_symbol(finding.outcome);
            page.paragraph(
                &format!("{symbol} {}", words::finding_sentence(finding, audit, detail)),
                0,
                2,
            );
        }
        return;
    }
    page.paragraph(&words::block_rule(block, audit), 0, 0);
    let shown = if detail {
        block.findings.clone()
    } else {
        block.foremost(ROWS_SHOWN)
    };
    let mut header = finding_header(block);
    let mut rows: Vec<Vec<String>> = shown.iter().map(|finding| finding_row(block, finding)).collect();
    let right = [false, false, false, true, true, true];
    // Long names have the room of the last column, whose numbers then follow in words.
    let in_words = block.has_open() && !page.fits(&header, &rows, &right);
    if in_words {
        header.pop();
        for row in &mut rows {
            row.pop();
        }
    }
    page.table(&header, &rows, &right);
    print_rest(page, block, &shown, audit);
    if detail {
        for finding in &shown {
            page.paragraph(&format!("- {}", words::finding_sentence(finding, audit, true)), 2, 2);
        }
    } else {
        print_open(page, &shown, in_words);
    }
}

fn print_rest(page: &mut Page, block: &Block<'_>, shown: &[&Finding], audit: &Audit) {
    if shown.len() < block.findings.len() {
        let hidden = block
            .findings
            .iter()
            .copied()
            .filter(|finding| !shown.iter().any(|s| std::ptr::eq(*s, *finding)));
        page.paragraph(
            &words::more_phrase(
                Outcomes::of(hidden),
                block.partly_listed(audit),
                "; --detail or --format json shows them",
            ),
            0,
            2,
        );
    }
}

/// What settles the open questions among the rows shown, and why others cannot be settled.
fn print_open(page: &mut Page, shown: &[&Finding], in_words: bool) {
    if in_words {
        page.paragraph(&words::settle_line(shown), 0, 2);
    } else if shown.iter().any(|finding| finding.rows_to_settle.is_some()) {
        page.paragraph(SETTLE, 0, 2);
    }
    for line in words::open_lines(shown) {
        page.paragraph(&line, 0, 2);
    }
}

/// What the last column of a table of findings is.
pub(crate) const SETTLE: &str =
    "To settle: about how many rows of the two groups together would answer the open question at these rates.";

pub(crate) fn finding_header(block: &Block<'_>) -> Vec<String> {
    let measure = if block.first().comparison == "ratio" {
        "Ratio"
    } else {
        "Points"
    };
    let mut header = ["Outcome", "Group", "Reference", measure, "Interval"]
        .map(str::to_owned)
        .to_vec();
    if block.has_open() {
        header.push("To settle".to_owned());
    }
    header
}

pub(crate) fn finding_row(block: &Block<'_>, finding: &Finding) -> Vec<String> {
    let reference = match &finding.reference {
        None => "–".to_owned(),
        Some(reference) => words::group_name(&finding.by, reference),
    };
    let mut row = vec![
        outcome_token(finding.outcome),
        words::group_name(&finding.by, &finding.group),
        reference,
        words::point(finding),
        words::interval(finding).unwrap_or_default(),
    ];
    if block.has_open() {
        row.push(finding.rows_to_settle.map_or_else(String::new, count));
    }
    row
}

fn print_summaries(page: &mut Page, blocks: &[&Block<'_>], audit: &Audit, detail: bool) {
    let blocks = strata_together(blocks);
    // They come worst first, so that what is cut is what matters least.
    let shown = if detail {
        blocks.len()
    } else {
        blocks.len().min(SUMMARIES_SHOWN)
    };
    let rows: Vec<Vec<String>> = blocks
        .iter()
        .take(shown)
        .map(|block| summary_row(block, audit))
        .collect();
    page.table(&summary_header(), &rows, &[]);
    if shown < blocks.len() {
        let line = format!("… and {} more lines; --detail shows them", blocks.len() - shown);
        page.paragraph(&line, 0, 2);
    }
}

pub(crate) fn summary_header() -> Vec<String> {
    ["Worst outcome", "Criterion", "Comparisons", "Worst comparison"]
        .map(str::to_owned)
        .to_vec()
}

pub(crate) fn summary_row(block: &Block<'_>, audit: &Audit) -> Vec<String> {
    let first = block.first();
    let unit = if first.comparison == "ratio" || first.point.is_none() {
        ""
    } else {
        " points"
    };
    // The number comes first: after a name that is written from right to left it would be shown before it.
    let worst = match &first.reference {
        None => words::compared_with_nothing(first, audit),
        Some(_) => {
            let within = words::within(&first.within).filter(|_| block.spans_strata());
            let within = within.map_or_else(String::new, |stratum| format!(" within {stratum}"));
            format!("{}{unit}: {}{within}", words::point(first), words::pair(first))
        }
    };
    let outcomes = words::outcomes_phrase(block.outcomes());
    vec![outcome_token(first.outcome), words::block_title(block), outcomes, worst]
}

fn print_data(page: &mut Page, audit: &Audit) {
    page.heading("Data");
    for line in data_lines(audit) {
        page.paragraph(&line, 2, 2);
    }
}

/// Rows read, counted and left out, and what the columns mean.
pub(crate) fn data_lines(audit: &Audit) -> Vec<String> {
    let data = &audit.data;
    let left_out: u64 = data.excluded.iter().map(|exclusion| exclusion.rows).sum();
    let mut lines = vec![format!(
        "{} rows read = {} counted + {} left out",
        count(data.rows_read),
        count(data.rows_counted),
        count(left_out)
    )];
    if data.records_read != data.rows_read {
        lines.push(format!(
            "{} lines of input stand for these rows",
            count(data.records_read)
        ));
    }
    let excluded = data.excluded.iter().map(|e| (" left out", e));
    let exclusions = excluded.chain(data.partial.iter().map(|e| ("", e)));
    lines.extend(exclusions.map(|(what, e)| format!("{}{what}: {}", words::rows(e.rows), words::long(&e.message))));
    for (role, column) in [("Decision", &audit.roles.prediction), ("Truth", &audit.roles.label)] {
        if let Some(column) = column {
            let origin = if column.declared {
                ""
            } else {
                ", taken from its meaning"
            };
            lines.push(format!("{role}: {}{origin}", words::event(column)));
        }
    }
    match (audit.roles.adverse, audit.roles.adverse_declared) {
        (Some(true), true) => lines.push("The event is bad for the person, as declared".to_owned()),
        (Some(true), false) => lines.push("The event was taken to be bad for the person, going by its name".to_owned()),
        (Some(false), true) => lines.push("The event is good for the person, as declared".to_owned()),
        _ => {}
    }
    lines
}

fn print_notes(page: &mut Page, audit: &Audit) {
    let lines = note_lines(audit);
    if !lines.is_empty() {
        page.heading("Notes");
        for line in lines {
            page.paragraph(&line, 2, 2);
        }
    }
}

/// The notes, the gravest first, then what would change the verdict.
pub(crate) fn note_lines(audit: &Audit) -> Vec<String> {
    let mut notes: Vec<_> = audit.notes.iter().collect();
    notes.sort_by_key(|note| note.severity);
    let mut lines: Vec<String> = notes
        .iter()
        .map(|note| {
            let grade = match note.severity {
                Severity::Error => "Important: ",
                Severity::Warning => "Careful: ",
                Severity::Info => "",
            };
            let help = note
                .help
                .as_deref()
                .map_or_else(String::new, |help| format!(" ({})", words::long(help)));
            format!("{grade}{}{help}", words::long(&note.message))
        })
        .collect();
    lines.extend(audit.sensitivity.iter().map(words::sensitivity_sentence));
    lines
}

fn print_provenance(page: &mut Page, audit: &Audit) {
    page.heading("Provenance");
    for line in provenance_lines(audit) {
        page.paragraph(&line, 2, 2);
    }
}

/// What made this result from what.
pub(crate) fn provenance_lines(audit: &Audit) -> Vec<String> {
    let made = &audit.provenance;
    let mut lines = vec![format!("{} {}", words::name(&made.tool), words::name(&made.version))];
    for input in &made.inputs {
        let hash = input
            .sha256
            .as_deref()
            .map_or_else(String::new, |hash| format!(", SHA-256 {}", words::long(hash)));
        lines.push(format!(
            "{}, {} bytes{hash}",
            words::name(&input.name),
            count(input.bytes)
        ));
    }
    lines.push(format!("policy {}", words::long(&made.policy_hash)));
    lines.push(format!("tally {}", words::long(&made.tally_hash)));
    lines
}

/// The confidence of the intervals of single groups, as the policy has it.
pub(crate) fn interval_confidence(audit: &Audit) -> Option<String> {
    audit
        .policy
        .pointer("/inference/confidence")
        .and_then(serde_json::Value::as_f64)
        .map(confidence)
}

#[cfg(test)]
mod tests;
