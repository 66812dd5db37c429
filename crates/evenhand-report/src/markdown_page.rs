//! This module writes a document as GitHub Markdown.

use crate::document::{Block, Document, Span, Table};
use crate::{safe, words};

/// The document as Markdown. Pictures are left out; the tables behind them are not.
#[must_use]
pub fn markdown_of(document: &Document) -> String {
    let mut out = format!("# {}\n", safe::markdown(&document.title));
    let cover = document.cover.iter().map(|(name, value)| fact(name, value));
    push_list(&mut out, "- ", cover.collect());
    for section in &document.sections {
        out.push_str(&format!("\n## {}\n", safe::markdown(&section.title)));
        push(&mut out, &section.blocks);
    }
    if let Some(line) = &document.confidentiality {
        out.push_str(&format!("\n{}\n", safe::markdown(line)));
    }
    out
}

fn push(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Verdict(banner) => {
                let sentence = safe::markdown(&banner.sentence);
                out.push_str(&format!("\n**{}:** {sentence}\n", safe::markdown(&banner.word)));
                for line in &banner.beside {
                    out.push_str(&format!("\n{}\n", safe::markdown(line)));
                }
            }
            Block::Heading(text) => out.push_str(&format!("\n### {}\n", safe::markdown(text))),
            Block::Text(text) => out.push_str(&format!("\n{}\n", safe::markdown(text))),
            Block::List(lines) => push_list(out, "- ", lines.iter().map(|line| safe::markdown(line)).collect()),
            Block::Rich(spans) => out.push_str(&format!("\n{}\n", rich(spans))),
            Block::RichList { ordered, items } => {
                let mark = if *ordered { "1. " } else { "- " };
                push_list(out, mark, items.iter().map(|item| rich(item)).collect());
            }
            Block::Facts(facts) => {
                let lines = facts.iter().map(|(name, value)| fact(name, value));
                push_list(out, "- ", lines.collect());
            }
            Block::Statements(statements) => {
                let line = |statement: &crate::document::Statement| {
                    let word = words::outcome_word(statement.outcome);
                    format!("**{word}:** {}", safe::markdown(&statement.text))
                };
                push_list(out, "- ", statements.iter().map(line).collect());
            }
            Block::Table(table) => push_table(out, table),
            Block::Figure(figure) => figure.table.iter().for_each(|table| push_table(out, table)),
            Block::Fold { summary, blocks } => {
                // Markdown within <details> is rendered only after an empty line.
                out.push_str(&format!("\n<details>\n<summary>{}</summary>\n", safe::xml(summary)));
                push(out, blocks);
                out.push_str("\n</details>\n");
            }
            // Indented, so that no line of it can end the block.
            Block::Code(text) => {
                out.push('\n');
                for line in text.lines() {
                    out.push_str(&format!("    {}\n", safe::visible(line)));
                }
            }
            Block::Blanks(names) => {
                let lines = names
                    .iter()
                    .map(|name| format!("{}: \\_\\_\\_\\_", safe::markdown(name)));
                push_list(out, "- ", lines.collect());
            }
        }
    }
}

fn fact(name: &str, value: &str) -> String {
    format!("**{}:** {}", safe::markdown(name), safe::markdown(value))
}

fn push_list(out: &mut String, mark: &str, lines: Vec<String>) {
    if !lines.is_empty() {
        out.push('\n');
    }
    for line in lines {
        out.push_str(&format!("{mark}{line}\n"));
    }
}

fn rich(spans: &[Span]) -> String {
    let span = |span: &Span| {
        let text = safe::markdown(&span.text);
        let marks = [("**", span.strong), ("*", span.emphasis)];
        let marked = marks
            .iter()
            .filter(|(_, is)| *is)
            .fold(text, |text, (mark, _)| format!("{mark}{text}{mark}"));
        match &span.link {
            Some(link) => format!("[{marked}](<{link}>)"),
            None => marked,
        }
    };
    spans.iter().map(span).collect()
}

fn push_table(out: &mut String, table: &Table) {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&format!("\n{}\n\n", safe::markdown(&table.caption)));
    out.push_str(&line(table.header.iter().map(|cell| safe::markdown(cell)).collect()));
    let rule = (0..table.header.len()).map(|column| if table.is_right(column) { "---:" } else { "---" });
    out.push_str(&line(rule.map(str::to_owned).collect()));
    for row in &table.rows {
        out.push_str(&line(row.iter().map(|cell| safe::markdown(&cell.text)).collect()));
    }
    for legend in &table.legend {
        out.push_str(&format!("\n{}\n", safe::markdown(legend)));
    }
}
