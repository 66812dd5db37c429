//! This module writes a report as plain text: for a mail, an archive, or a screen reader.
//!
//! It says what the other formats say. Pictures are left out; the tables behind them are kept.

use crate::arrange::{Page, outcome_token};
use crate::document::{Banner, Block, Document, Figure, Section, Span, Statement, Table};
use crate::words::capital;

/// Columns of sentences.
const WIDTH: usize = 100;
/// Columns that a table may take.
const TABLE_WIDTH: usize = 160;

/// A report as text.
#[must_use]
pub fn plain(document: &Document) -> String {
    let mut page = Page::new(WIDTH, false);
    page.title(&document.title, '=');
    if let Some(said) = &document.confidentiality {
        page.paragraph(said, 0, 0);
        page.blank();
    }
    facts(&mut page, &document.cover);
    for section in &document.sections {
        page.blank();
        page.title(&section.title, '=');
        blocks(&mut page, section);
    }
    page.finish()
}

fn blocks(page: &mut Page, section: &Section) {
    for (at, block) in section.blocks.iter().enumerate() {
        self::block(page, block, &section.title, at == 0);
    }
}

/// A block under a title, which its table does not repeat; `first` says whether it stands directly below that title.
fn block(page: &mut Page, block: &Block, title: &str, first: bool) {
    if !first {
        page.blank();
    }
    match block {
        Block::Verdict(banner) => verdict(page, banner),
        Block::Heading(text) => page.title(text, '-'),
        Block::Text(text) => page.paragraph(text, 0, 0),
        Block::Rich(spans) => page.paragraph(&said(spans), 0, 0),
        Block::List(lines) => list(page, lines.iter().map(String::clone), false),
        Block::RichList { ordered, items } => list(page, items.iter().map(|item| said(item)), *ordered),
        Block::Facts(named) => facts(page, named),
        Block::Statements(statements) => statements.iter().for_each(|of| statement(page, of)),
        Block::Table(of) => table(page, of, title),
        Block::Figure(figure) => behind(page, figure, title),
        Block::Fold { summary, blocks } => {
            page.title(summary, '-');
            for (at, inner) in blocks.iter().enumerate() {
                self::block(page, inner, summary, at == 0);
            }
        }
        Block::Code(text) => text.lines().for_each(|line| page.line(&format!("    {line}"))),
        Block::Blanks(names) => names.iter().for_each(|name| {
            page.paragraph(&format!("{name}: {}", "_".repeat(40)), 0, 0);
        }),
    }
}

fn verdict(page: &mut Page, banner: &Banner) {
    page.paragraph(&format!("{}: {}", banner.word, banner.sentence), 0, 0);
    for line in &banner.beside {
        page.blank();
        page.paragraph(&said(line), 0, 0);
    }
}

fn facts(page: &mut Page, facts: &[(String, String)]) {
    for (name, value) in facts {
        page.paragraph(&format!("{name}: {value}"), 0, 2);
    }
}

fn list(page: &mut Page, lines: impl Iterator<Item = String>, ordered: bool) {
    for (at, line) in lines.enumerate() {
        let mark = if ordered {
            format!("{}.", at + 1)
        } else {
            "-".to_owned()
        };
        page.paragraph(&format!("{mark} {line}"), 0, 2);
    }
}

/// The owner's own words; where a link leads stands beside it.
fn said(spans: &[Span]) -> String {
    let text = |span: &Span| match &span.link {
        Some(link) if *link != span.text => format!("{} ({link})", span.text),
        _ if span.code => format!("`{}`", span.text),
        _ => span.text.clone(),
    };
    spans.iter().map(text).collect()
}

fn statement(page: &mut Page, statement: &Statement) {
    page.paragraph(
        &format!("{} {}", outcome_token(statement.outcome), statement.text),
        0,
        2,
    );
    if !statement.precise.is_empty() {
        page.paragraph(&format!("{}.", capital(&statement.precise)), 4, 0);
    }
}

/// The table behind a picture; what has none is told.
fn behind(page: &mut Page, figure: &Figure, title: &str) {
    match &figure.table {
        Some(of) => {
            page.title(&figure.title, '-');
            let title = if of.caption == title { title } else { &figure.title };
            table(page, of, title);
        }
        None if figure.description.starts_with(&figure.title) => page.paragraph(&figure.description, 0, 2),
        None => page.paragraph(&format!("{}: {}", figure.title, figure.description), 0, 2),
    }
}

fn table(page: &mut Page, table: &Table, title: &str) {
    if !table.caption.is_empty() && !title.starts_with(&table.caption) {
        page.title(&table.caption, '-');
    }
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.text.clone()).collect())
        .collect();
    page.wide_table(&table.header, &rows, &table.right, TABLE_WIDTH);
    for line in &table.legend {
        page.paragraph(line, 0, 2);
    }
}

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
