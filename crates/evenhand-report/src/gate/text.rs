//! This module writes the answer of a gate for a terminal or the log of a build: what keeps it shut comes first.

use evenhand_measure::audit::change::Changes;
use evenhand_measure::audit::model::Severity;
use evenhand_measure::gate::Gate;
use evenhand_measure::policy::Level;

use super::line::Line;
use super::told::{Kind, passed_line, passed_title, so_many, symbol, told};
use super::{since, worst};
use crate::arrange::{Ink, Page};
use crate::text::{TextOptions, data_lines, note_lines, reversal_lines};
use crate::words;

/// Failures that are told without `detail`.
const FAILURES_SHOWN: usize = 12;
/// Lines of any other kind that are told without `detail`.
const OTHERS_SHOWN: usize = 5;
/// Rows of a table of changes that are shown without `detail`.
const CHANGES_SHOWN: usize = 6;

/// The answer as text. With `quiet` the first sentence only, with `detail` everything, and the precise statements.
#[must_use]
pub fn gate_text(gate: &Gate, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.color);
    page.inked(
        &words::gate_headline(gate),
        words::verdict_word(gate.verdict).len() + 1,
        Ink::of_verdict(gate.verdict),
    );
    if options.quiet {
        return page.finish();
    }
    for line in reversal_lines(&gate.audit) {
        page.blank();
        page.paragraph(&line, 0, 0);
    }
    let lines = worst::worst_first(gate);
    for kind in told(gate) {
        let of: Vec<&Line> = lines.iter().filter(|line| Kind::of(line) == kind).collect();
        print_kind(&mut page, kind, &of, options.detail);
    }
    if let Some(changes) = &gate.changes {
        print_changes(&mut page, changes, options.detail);
    }
    page.heading(passed_title(gate));
    page.paragraph(&passed_line(gate), 2, 2);
    if let Some(listing) = words::listing(&gate.audit, Level::Error) {
        page.paragraph(&listing, 2, 2);
    }
    print_data(&mut page, gate, options.detail);
    page.finish()
}

fn print_kind(page: &mut Page, kind: Kind, lines: &[&Line], detail: bool) {
    if lines.is_empty() {
        return;
    }
    page.heading(kind.title());
    let most = match kind {
        _ if detail => usize::MAX,
        Kind::Failed => FAILURES_SHOWN,
        _ => OTHERS_SHOWN,
    };
    for line in lines.iter().take(most) {
        page.paragraph(&format!("{} {}", symbol(line), line.sentence), 2, 2);
        if detail && !line.precise.is_empty() {
            page.paragraph(&line.precise, 4, 0);
        }
    }
    let more = lines.len().saturating_sub(most);
    if more > 0 {
        let more = so_many(more, kind).replacen(' ', " more ", 1);
        page.paragraph(&format!("… and {more}; --detail shows them"), 2, 2);
    }
}

fn print_changes(page: &mut Page, changes: &Changes, detail: bool) {
    page.heading(since::title(changes));
    for block in since::blocks(changes) {
        let most = if detail { usize::MAX } else { CHANGES_SHOWN };
        let rows: Vec<Vec<String>> = block
            .changes
            .iter()
            .take(most)
            .map(|change| since::row(change))
            .collect();
        page.paragraph(&block.title, 0, 2);
        page.table(&since::header(), &rows, &since::RIGHT);
        let more = block.changes.len() - rows.len();
        if more > 0 {
            let more = words::plural(more as u64, "more comparison");
            page.paragraph(&format!("… and {more}; --detail shows them"), 0, 2);
        }
        page.blank();
    }
    for line in since::could_show(changes) {
        page.paragraph(&line, 0, 2);
    }
    page.paragraph(&since::how(changes), 0, 2);
}

/// What the answer rests on: how many rows, and what a reader has to know of them.
fn print_data(page: &mut Page, gate: &Gate, detail: bool) {
    let mut lines = data_lines(&gate.audit);
    let mut notes = note_lines(&gate.audit);
    if !detail {
        lines.truncate(1);
        // The gravest come first.
        let grave =
            |note: &&evenhand_measure::audit::model::Note| note.severity != Severity::Info && note.code != "simpson";
        notes.truncate(gate.audit.notes.iter().filter(grave).count());
    }
    if let Some(day) = &gate.as_of {
        lines.push(format!("Waivers were judged as of {}", words::name(day)));
    }
    page.heading("Data");
    for line in lines.iter().chain(&notes) {
        page.paragraph(line, 2, 2);
    }
}

#[cfg(test)]
mod tests;
