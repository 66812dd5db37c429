//! This module writes a report as GitHub Markdown, for a pull request or a wiki.
//!
//! Results stand open, what is behind them is folded. Pictures are left out; the tables behind them are kept.

pub(crate) mod inline;

use evenhand_measure::audit::model::Audit;

use crate::arrange::outcome_token;
use crate::document::{self, Banner, Block, Document, Figure, Letterhead, Place, Statement, Table, document};
use crate::safe;
use crate::text::Section;

/// The audit as Markdown, with what the caller adds at the end.
#[must_use]
pub fn markdown(audit: &Audit, extra: &[Section]) -> String {
    let mut out = markdown_of(&document(audit, &Letterhead::default()));
    for section in extra.iter().filter(|section| !section.lines.is_empty()) {
        heading(&mut out, 2, &section.title);
        list(&mut out, section.lines.iter().map(|line| inline::line(line)), "- ");
    }
    out
}

/// A report as Markdown: what was found, then folded what is behind it.
#[must_use]
pub fn markdown_of(document: &Document) -> String {
    let mut out = format!("# {}\n", safe::markdown(&document.title));
    if let Some(said) = &document.confidentiality {
        paragraph(&mut out, &format!("**{}**", safe::markdown(said)));
    }
    if !document.cover.is_empty() {
        let facts = document.cover.iter().map(|(name, value)| fact(name, value));
        paragraph(&mut out, &facts.collect::<Vec<_>>().join(" · "));
    }
    let (open, folded): (Vec<&document::Section>, Vec<&document::Section>) = document
        .sections
        .iter()
        .partition(|section| matches!(section.place, Place::Summary | Place::Page));
    for section in open {
        // The verdict needs no title over it.
        if !matches!(section.blocks.first(), Some(Block::Verdict(_))) {
            heading(&mut out, 2, &section.title);
        }
        blocks(&mut out, &section.blocks, &section.title, false);
    }
    if !folded.is_empty() {
        heading(&mut out, 2, "Behind the results");
    }
    for section in folded {
        fold(&mut out, &section.title, &section.blocks);
    }
    out
}

/// Blocks under a title, which a table does not repeat; `folded` says whether they are seen when asked for only.
fn blocks(out: &mut String, blocks: &[Block], title: &str, folded: bool) {
    for block in blocks {
        match block {
            Block::Verdict(banner) => verdict(out, banner),
            Block::Heading(text) => heading(out, 3, text),
            Block::Text(text) => paragraph(out, &inline::line(text)),
            Block::List(lines) => list(out, lines.iter().map(|line| inline::line(line)), "- "),
            Block::Rich(spans) => paragraph(out, &inline::spans(spans)),
            Block::RichList { ordered, items } => {
                let mark = if *ordered { "1. " } else { "- " };
                list(out, items.iter().map(|item| inline::spans(item)), mark);
            }
            Block::Facts(facts) => list(out, facts.iter().map(|(name, value)| fact(name, value)), "- "),
            Block::Statements(said) => statements(out, said, folded),
            Block::Table(of) => {
                if of.caption != title {
                    caption(out, &of.caption, folded);
                }
                table(out, of);
            }
            Block::Figure(figure) => behind(out, figure, title),
            Block::Fold { summary, blocks } => fold(out, summary, blocks),
            Block::Code(text) => {
                out.push('\n');
                out.push_str(&inline::code(text));
            }
            Block::Blanks(names) => {
                for name in names {
                    paragraph(
                        out,
                        &format!("{}: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_", inline::line(name)),
                    );
                }
            }
        }
    }
}

fn verdict(out: &mut String, banner: &Banner) {
    let (word, sentence) = (safe::markdown(&banner.word), safe::markdown(&banner.sentence));
    paragraph(out, &format!("**{word}:** {sentence}"));
    for line in &banner.beside {
        paragraph(out, &inline::spans(line));
    }
}

fn heading(out: &mut String, depth: usize, text: &str) {
    out.push_str(&format!("\n{} {}\n", "#".repeat(depth), safe::markdown(text)));
}

fn paragraph(out: &mut String, text: &str) {
    out.push_str(&format!("\n{text}\n"));
}

fn list(out: &mut String, lines: impl Iterator<Item = String>, mark: &str) {
    out.push('\n');
    for line in lines {
        out.push_str(&format!("{mark}{line}\n"));
    }
}

fn fact(name: &str, value: &str) -> String {
    format!("**{}:** {}", safe::markdown(name), safe::markdown(value))
}

/// Comparisons in words. Where they stand open, what a statistician asks for follows folded.
fn statements(out: &mut String, said: &[Statement], folded: bool) {
    let line = |statement: &Statement, text: &str| {
        format!(
            "**{}** {}",
            safe::markdown(&outcome_token(statement.outcome)),
            safe::markdown(text)
        )
    };
    let precise = |statement: &Statement| match statement.precise.as_str() {
        "" => String::new(),
        precise => format!(" {}.", safe::markdown(&crate::words::capital(precise))),
    };
    let lines = said.iter().map(|statement| match folded {
        true => format!("{}{}", line(statement, &statement.text), precise(statement)),
        false => line(statement, &statement.text),
    });
    list(out, lines, "- ");
    let any = said.iter().any(|statement| !statement.precise.is_empty());
    if !folded && any {
        let lines = said.iter().map(|statement| line(statement, &statement.precise));
        let mut body = String::new();
        list(&mut body, lines, "- ");
        details(out, "The same for a statistician, in the same order", &body);
    }
}

fn caption(out: &mut String, text: &str, folded: bool) {
    match (text.is_empty(), folded) {
        (true, _) => {}
        (false, false) => heading(out, 3, text),
        // A heading would take a folded table for a part of the page.
        (false, true) => paragraph(out, &format!("**{}**", safe::markdown(text))),
    }
}

/// The table behind a picture.
fn behind(out: &mut String, figure: &Figure, title: &str) {
    if let Some(of) = &figure.table {
        let mut body = String::new();
        if of.caption != figure.title && of.caption != title {
            caption(&mut body, &of.caption, true);
        }
        table(&mut body, of);
        details(out, &figure.title, &body);
    }
}

fn table(out: &mut String, table: &Table) {
    let line = |cells: &mut dyn Iterator<Item = String>| format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
    out.push('\n');
    out.push_str(&line(&mut table.header.iter().map(|cell| safe::markdown(cell))));
    let rule = (0..table.header.len()).map(|column| if table.is_right(column) { "---:" } else { "---" });
    out.push_str(&line(&mut rule.map(str::to_owned)));
    for row in &table.rows {
        out.push_str(&line(&mut row.iter().map(|cell| safe::markdown(&cell.text))));
    }
    for said in &table.legend {
        paragraph(out, &inline::line(said));
    }
}

fn fold(out: &mut String, summary: &str, of: &[Block]) {
    let mut body = String::new();
    blocks(&mut body, of, summary, true);
    details(out, summary, &body);
}

fn details(out: &mut String, summary: &str, body: &str) {
    // GitHub renders Markdown inside <details> only after an empty line.
    out.push_str(&format!(
        "\n<details>\n<summary>{}</summary>\n\n{}\n</details>\n",
        inline::summary(summary),
        body.trim_start_matches('\n')
    ));
}

#[cfg(test)]
mod tests;
