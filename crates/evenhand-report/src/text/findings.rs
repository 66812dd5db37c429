//! This module prints comparisons: a table for each block, or one line for each.

use evenhand_measure::audit::model::{Audit, Finding};

use crate::arrange::{Page, outcome_token};
use crate::order::{Block, Outcomes, strata_together};
use crate::words;

/// Rows of a block that are shown without `detail`: the worst of each group and further failures, up to this many.
const ROWS_SHOWN: usize = 8;
/// Criteria that do not count, in the short form.
const SUMMARIES_SHOWN: usize = 8;

pub(super) fn print_block(page: &mut Page, block: &Block<'_>, audit: &Audit, detail: bool, explains: bool) {
    let mut title = words::block_title(block, audit);
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
    let mut rows: Vec<Vec<String>> = shown.iter().map(|finding| finding_row(block, finding, audit)).collect();
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
    if let Some(line) = words::picked_line(block, audit) {
        page.paragraph(&line, 0, 2);
    }
    if detail {
        for finding in &shown {
            page.paragraph(&format!("- {}", words::finding_sentence(finding, audit, true)), 2, 2);
        }
    } else {
        print_open(page, &shown, in_words, explains, audit);
    }
    // What does not count is about the same people once more.
    for line in words::people_lines(block, audit).iter().filter(|_| block.counts()) {
        page.paragraph(line, 0, 2);
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
fn print_open(page: &mut Page, shown: &[&Finding], in_words: bool, explains: bool, audit: &Audit) {
    if in_words {
        page.paragraph(&words::settle_line(shown, audit), 0, 2);
    } else if explains {
        page.paragraph(&words::settle_legend(shown, audit), 0, 2);
    }
    for line in words::open_lines(shown) {
        page.paragraph(&line, 0, 2);
    }
}

pub(crate) fn finding_header(block: &Block<'_>) -> Vec<String> {
    let measure = match (block.first().comparison.as_str(), words::unit(block.first())) {
        ("ratio", _) => "Ratio",
        (_, "") => "Difference",
        _ => "Points",
    };
    let mut header = ["Outcome", "Group", "Reference", measure, "Interval"]
        .map(str::to_owned)
        .to_vec();
    if block.has_open() {
        header.push("To settle".to_owned());
    }
    header
}

pub(crate) fn finding_row(block: &Block<'_>, finding: &Finding, audit: &Audit) -> Vec<String> {
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
        row.push(words::to_settle(finding, audit));
    }
    row
}

pub(super) fn print_summaries(page: &mut Page, blocks: &[&Block<'_>], audit: &Audit, detail: bool) {
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
        let more = words::plural((blocks.len() - shown) as u64, "more line");
        let line = format!("… and {more}; --detail shows them");
        page.paragraph(&line, 0, 2);
    }
}

pub(crate) fn summary_header() -> Vec<String> {
    ["Worst outcome", "Criterion", "Comparisons", "Clearest comparison"]
        .map(str::to_owned)
        .to_vec()
}

pub(crate) fn summary_row(block: &Block<'_>, audit: &Audit) -> Vec<String> {
    let first = block.first();
    let unit = match first.point {
        Some(_) => words::unit(first),
        None => "",
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
    vec![
        outcome_token(first.outcome),
        words::block_title(block, audit),
        outcomes,
        worst,
    ]
}
