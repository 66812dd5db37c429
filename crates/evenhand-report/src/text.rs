//! This module writes the audit for a terminal: one sentence first, then the tables, then what was read how.

use evenhand_measure::audit::model::Audit;
use evenhand_measure::policy::Level;

use crate::arrange::{Ink, Page};
use crate::order::{Block, blocks, worse_off_first};
use crate::words::advice::{About, advice};
use crate::words::limits::not_told;
use crate::{against, publication, significance, words};

mod classes;
mod findings;
mod groups;
mod lines;
mod measured;
mod whole;

pub(crate) use self::classes::classes;
pub(crate) use self::findings::{finding_header, finding_row, summary_header, summary_row};
pub(crate) use self::groups::{
    ALL_RIGHT, Groups, all_header, all_legend, all_rows, group_sets, header as group_header, legend, row as group_row,
};
pub(crate) use self::lines::{data_lines, interval_confidence, note_lines, provenance_lines, reversal_lines};
pub(crate) use self::measured::{is_reach, measures, reaches};
pub(crate) use self::whole::{Whole, whole};

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

/// Assumptions that would change the verdict, without `detail`.
pub(crate) const CHANGES_SHOWN: usize = 6;

/// The audit as text for a terminal.
#[must_use]
pub fn text(audit: &Audit, options: &TextOptions, extra: &[Section]) -> String {
    let audit = &*worse_off_first(audit);
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
    for line in words::other_sides(audit).into_iter().chain(reversal_lines(audit)) {
        page.blank();
        page.paragraph(&line, 0, 0);
    }
    print_publication(&mut page, audit);
    groups::print(&mut page, audit, options.detail);
    let blocks = blocks(audit);
    let (judged, reported): (Vec<&Block<'_>>, Vec<&Block<'_>>) = blocks.iter().partition(|block| block.counts());
    if let Some(listing) = words::listing(audit, Level::Error) {
        page.blank();
        page.paragraph(&listing, 0, 0);
    }
    // What the column means is said where it stands first.
    let first_open = judged.iter().position(|block| block.has_open());
    for (at, block) in judged.iter().enumerate() {
        findings::print_block(&mut page, block, audit, options.detail, first_open == Some(at));
    }
    let listing: Vec<String> = [
        words::listing(audit, Level::Warn),
        words::adjustment_note(audit, Level::Warn),
    ]
    .into_iter()
    .flatten()
    .collect();
    if options.detail {
        for line in listing {
            page.blank();
            page.paragraph(&line, 0, 0);
        }
        for block in reported {
            findings::print_block(&mut page, block, audit, true, false);
        }
    } else if !reported.is_empty() {
        page.heading("Also measured; none of it changes the verdict");
        for line in listing {
            page.paragraph(&line, 0, 0);
        }
        findings::print_summaries(&mut page, &reported, audit, options.detail);
    }
    print_against(&mut page, audit, options.detail);
    if options.detail {
        print_beside(&mut page, audit);
    }
    print_changes(&mut page, audit, options.detail);
    print_advice(&mut page, audit);
    let not_told: Vec<String> = not_told(audit).iter().map(|line| format!("- {line}")).collect();
    print_list(&mut page, "What this does not tell you", &not_told);
    print_list(&mut page, "Data", &data_lines(audit));
    print_list(&mut page, "Notes", &note_lines(audit));
    if options.detail {
        print_list(&mut page, "Provenance", &provenance_lines(audit));
    }
    for section in extra {
        page.heading(&section.title);
        for line in &section.lines {
            page.paragraph(line, 2, 2);
        }
    }
    page.finish()
}

/// What to do, but for what the notes ask for.
fn print_advice(page: &mut Page, audit: &Audit) {
    let lines: Vec<String> = advice(audit)
        .into_iter()
        .filter(|part| part.about != About::Data)
        .flat_map(|part| part.lines)
        .map(|line| format!("- {line}"))
        .collect();
    print_list(page, "What to do", &lines);
}

fn print_list(page: &mut Page, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        page.heading(title);
        for line in lines {
            page.paragraph(line, 2, 2);
        }
    }
}

/// What a rule asks to be published.
fn print_publication(page: &mut Page, audit: &Audit) {
    let Some(published) = &audit.publication else { return };
    for mut table in publication::tables(published, &audit.roles) {
        let below = table.narrowed();
        page.heading(&table.title);
        page.table(&table.header, &table.rows, &publication::RIGHT);
        for line in below {
            page.paragraph(&line, 0, 2);
        }
        page.paragraph(&table.unknown, 0, 0);
    }
    print_list(page, publication::ABOUT, &publication::about(published, &audit.roles));
}

/// What another model decided on the same rows.
fn print_against(page: &mut Page, audit: &Audit, detail: bool) {
    let Some(paired) = against::of(audit) else { return };
    page.heading(against::TITLE);
    page.paragraph(&against::about(paired), 0, 0);
    for line in against::changes(paired, detail) {
        page.paragraph(&line, 2, 2);
    }
    for line in against::right(paired) {
        page.paragraph(&format!("{line}."), 2, 2);
    }
    if detail {
        for line in against::precise(paired) {
            page.paragraph(&format!("{line}."), 2, 2);
        }
        page.table(&against::header(), &against::rows(paired), &against::RIGHT);
        page.paragraph(&against::legend(paired), 0, 0);
    }
}

/// Named tests and what differences mean in people.
fn print_beside(page: &mut Page, audit: &Audit) {
    for (at, set) in significance::sets(audit).iter().enumerate() {
        page.heading(&set.title());
        if at == 0 {
            page.paragraph(significance::ABOUT, 0, 0);
        }
        let mut tests = set.test_rows();
        if !tests.is_empty() {
            let remarks = significance::remarks_below(&mut tests);
            let mut header = significance::test_header();
            header.pop();
            page.paragraph(&set.tests_about(), 0, 0);
            page.table(&header, &tests, &significance::TESTS_RIGHT);
            for remark in remarks {
                page.paragraph(&remark, 0, 2);
            }
        }
        let practical = set.practical_rows();
        if !practical.is_empty() {
            let (header, rows) = significance::practical_in_short(&practical);
            page.blank();
            page.paragraph(set.short_about(), 0, 0);
            if let Some(about) = set.harm_about() {
                page.paragraph(about, 0, 0);
            }
            page.table(&header, &rows, &significance::SHORT_RIGHT);
        }
    }
}

fn print_changes(page: &mut Page, audit: &Audit, detail: bool) {
    let most = if detail { usize::MAX } else { CHANGES_SHOWN };
    let Some(changes) = words::what_would_change(audit, most) else {
        return;
    };
    page.heading("What would change the verdict");
    page.paragraph(&changes.lead, 2, 2);
    for line in &changes.lines {
        page.paragraph(&format!("- {line}."), 2, 2);
    }
    if changes.more > 0 {
        page.paragraph(&format!("… and {} more; --detail shows them", changes.more), 2, 2);
    }
}

#[cfg(test)]
mod tests;
