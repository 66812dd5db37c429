//! This module turns a report into values for the template, with every text made printable.

use evenhand_measure::audit::model::{Audit, Outcome, Verdict};
use typst::foundations::{Array, Bytes, Dict, IntoValue, Value, dict};

use super::PdfError;
use super::drawing;
use super::glyphs::{Glyphs, code};
use super::table;
use crate::document::{Banner, Block, Document, Letterhead, LogoKind, Place, Section, Span, Statement};
use crate::safe::cut;
use crate::words::printed;
use crate::words::{outcome_symbol, outcome_word};

/// Letters without a place to break that fit into a line.
pub(super) const LINE: usize = 56;
/// The same for a word of a table.
pub(super) const CELL: usize = 14;
/// The same for the title on the cover.
const COVER: usize = 20;
/// The same for text that is to be copied.
const CODE: usize = 84;
/// Text that is not set.
pub(super) const WHOLE: usize = usize::MAX / 4;

/// Who reads a table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Everybody.
    Anyone,
    /// Who checks the audit: what is folded away on a screen, and what stands behind the results.
    Reviewer,
}

/// Columns of the title above every page.
pub(super) const RUNNING: usize = 70;
/// Columns of a title.
pub(super) const TITLE: usize = 300;
/// Bytes of an address.
const ADDRESS: usize = 2_000;
/// Characters that are listed among those that could not be printed.
const LISTED: usize = 24;

/// Blue of Okabe and Ito, darkened until titles can be read.
const ACCENT: [u8; 3] = [0x00, 0x4c, 0x78];

pub(super) fn values(
    document: &Document,
    letterhead: &Letterhead,
    audit: &Audit,
    json: &str,
    glyphs: &mut Glyphs<'_>,
) -> Result<Dict, PdfError> {
    let mut cover: Vec<Value> = document
        .cover
        .iter()
        .map(|(name, value)| pair(name, value, glyphs))
        .collect();
    let mut about = vec![printed::ATTACHED.to_owned()];
    if super::date(audit).is_none() {
        let (name, value) = printed::UNDATED;
        if document.cover.iter().all(|(other, _)| other != name) {
            cover.push(pair(name, value, glyphs));
        }
        about.push(printed::FIXED_DATE.to_owned());
    }
    let title = glyphs.print(&cut(&document.title, TITLE), COVER);
    // For readers that list files: nothing in it is there for the line.
    let name = glyphs.print(&cut(&document.title, TITLE), WHOLE);
    let is_named = !title.trim().is_empty();
    let running = glyphs.print(&cut(&document.title, RUNNING), LINE);
    let confidentiality = document
        .confidentiality
        .as_deref()
        .map(|line| glyphs.print(&cut(line, TITLE), LINE));
    let sections = document
        .sections
        .iter()
        .map(|section| section_value(section, document.verdict, glyphs))
        .collect::<Result<Vec<Value>, PdfError>>()?;
    let banner = document.sections.iter().flat_map(|section| &section.blocks);
    let front = banner
        .filter_map(|block| match block {
            Block::Verdict(banner) => Some(banner_value(banner, document.verdict, glyphs)),
            _ => None,
        })
        .next();
    let author = letterhead
        .auditor
        .as_deref()
        .map(|name| glyphs.print(&cut(name, TITLE), LINE));
    // Last, when everything has been looked at.
    let mut missed = glyphs.missed();
    let codes: Vec<String> = missed.by_ref().take(LISTED).map(code).collect();
    if !codes.is_empty() {
        about.push(printed::not_printed(&codes, missed.count()));
    }
    Ok(dict! {
        "name" => if is_named { name.as_str() } else { printed::TITLE },
        "title" => if is_named { title.as_str() } else { printed::TITLE },
        "running" => running,
        "author" => author,
        "language" => printed::LANGUAGE,
        "accent" => hex(letterhead.accent.unwrap_or(ACCENT)),
        "fonts" => families(glyphs),
        "logo" => logo(letterhead),
        "cover" => cover,
        "front" => front,
        "confidentiality" => confidentiality,
        "contents" => printed::CONTENTS,
        "page" => printed::PAGE_OF.0,
        "of" => printed::PAGE_OF.1,
        "sections" => sections,
        "about" => dict! { "title" => printed::ABOUT, "lines" => about },
        "audit" => Bytes::from_string(json.to_owned()),
        "attachment" => printed::ATTACHMENT,
    })
}

/// The families of the fonts, each once, in order.
fn families(glyphs: &Glyphs<'_>) -> Vec<String> {
    let mut families: Vec<String> = Vec::new();
    for font in glyphs.fonts() {
        if !families.contains(&font.info().family) {
            families.push(font.info().family.clone());
        }
    }
    families
}

fn logo(letterhead: &Letterhead) -> Value {
    letterhead.logo.as_ref().map_or(Value::None, |logo| {
        let kind = match logo.kind {
            LogoKind::Png => "png",
            LogoKind::Jpeg => "jpg",
            LogoKind::Svg => "svg",
        };
        let whose = letterhead.auditor.as_deref().unwrap_or("the auditor");
        dict! {
            "kind" => kind,
            "bytes" => Bytes::new(logo.bytes.clone()),
            "said" => cut(&format!("Logo of {whose}"), TITLE),
        }
        .into_value()
    })
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

pub(super) fn pair(name: &str, value: &str, glyphs: &mut Glyphs<'_>) -> Value {
    let pair: Array = [glyphs.print(name, CELL), glyphs.print(value, LINE)]
        .into_iter()
        .map(IntoValue::into_value)
        .collect();
    pair.into_value()
}

fn section_value(section: &Section, verdict: Verdict, glyphs: &mut Glyphs<'_>) -> Result<Value, PdfError> {
    let reader = match section.place {
        Place::Summary | Place::Page => Reader::Anyone,
        Place::Background | Place::Appendix => Reader::Reviewer,
    };
    let title = if section.title.trim().is_empty() {
        &section.id
    } else {
        &section.title
    };
    Ok(dict! {
        "title" => glyphs.print(&cut(title, TITLE), LINE),
        "blocks" => block_values(&section.blocks, verdict, reader, glyphs)?,
    }
    .into_value())
}

fn block_values(
    blocks: &[Block],
    verdict: Verdict,
    reader: Reader,
    glyphs: &mut Glyphs<'_>,
) -> Result<Vec<Value>, PdfError> {
    let mut values = Vec::with_capacity(blocks.len());
    for block in blocks {
        values.extend(block_value(block, verdict, reader, glyphs)?);
    }
    Ok(values)
}

fn block_value(
    block: &Block,
    verdict: Verdict,
    reader: Reader,
    glyphs: &mut Glyphs<'_>,
) -> Result<Vec<Value>, PdfError> {
    let of_kind = |kind: &str, what: Value| vec![dict! { "kind" => kind, "what" => what }.into_value()];
    Ok(match block {
        Block::Verdict(banner) => of_kind("verdict", banner_value(banner, verdict, glyphs)),
        // A title without letters is none.
        Block::Heading(text) if text.trim().is_empty() => Vec::new(),
        Block::Heading(text) => of_kind("heading", glyphs.print(&cut(text, TITLE), LINE).into_value()),
        Block::Text(text) => of_kind("text", glyphs.print(text, LINE).into_value()),
        Block::List(lines) => {
            let lines: Vec<String> = lines.iter().map(|line| glyphs.print(line, LINE)).collect();
            of_kind("list", lines.into_value())
        }
        Block::Rich(spans) => of_kind("rich", span_values(spans, glyphs)),
        Block::RichList { ordered, items } => {
            let items: Array = items.iter().map(|spans| span_values(spans, glyphs)).collect();
            let kind = if *ordered { "numbered" } else { "points" };
            of_kind(kind, items.into_value())
        }
        Block::Facts(facts) => {
            let facts: Array = facts.iter().map(|(name, value)| pair(name, value, glyphs)).collect();
            of_kind("facts", facts.into_value())
        }
        Block::Statements(statements) => {
            let statements: Array = statements.iter().map(|one| statement_value(one, glyphs)).collect();
            of_kind("statements", statements.into_value())
        }
        Block::Table(table) => table::values(table, reader, glyphs)
            .into_iter()
            .flat_map(|part| of_kind("table", part))
            .collect(),
        Block::Figure(figure) => {
            let mut values = of_kind("figure", drawing::value(figure, glyphs)?);
            // The picture is for everyone, and its numbers for who checks it.
            let tables = figure.table.iter();
            for part in tables.flat_map(|table| table::values(table, Reader::Reviewer, glyphs)) {
                values.extend(of_kind("table", part));
            }
            values
        }
        Block::Fold { summary, blocks } => {
            let title = if summary.trim().is_empty() { "…" } else { summary };
            let fold = dict! {
                "title" => glyphs.print(&cut(title, TITLE), LINE),
                "blocks" => block_values(blocks, verdict, Reader::Reviewer, glyphs)?,
            };
            of_kind("fold", fold.into_value())
        }
        Block::Code(text) => {
            // A tab is a place in a line, which is all that it means here.
            let lines = text.lines().map(|line| glyphs.print(&line.replace('\t', "    "), CODE));
            of_kind("code", lines.collect::<Vec<_>>().join("\n").into_value())
        }
        Block::Blanks(names) => {
            let names: Vec<String> = names.iter().map(|name| glyphs.print(name, CELL)).collect();
            of_kind("blanks", names.into_value())
        }
    })
}

fn banner_value(banner: &Banner, verdict: Verdict, glyphs: &mut Glyphs<'_>) -> Value {
    let outcome = match verdict {
        Verdict::Pass => Outcome::Pass,
        Verdict::Fail => Outcome::Fail,
        Verdict::Inconclusive => Outcome::Inconclusive,
        Verdict::NotJudged => Outcome::NotJudged,
    };
    dict! {
        "outcome" => outcome_word(outcome),
        "word" => glyphs.print(&format!("{} {}", outcome_symbol(outcome), banner.word), LINE),
        "sentence" => glyphs.print(&banner.sentence, LINE),
        "beside" => banner.beside.iter().map(|line| glyphs.print(&joined(line), LINE)).collect::<Vec<_>>(),
    }
    .into_value()
}

fn joined(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

fn statement_value(statement: &Statement, glyphs: &mut Glyphs<'_>) -> Value {
    let outcome = statement.outcome;
    dict! {
        "outcome" => outcome_word(outcome),
        "word" => glyphs.print(&format!("{} {}", outcome_symbol(outcome), outcome_word(outcome)), LINE),
        "text" => glyphs.print(&statement.text, LINE),
        "precise" => glyphs.print(&statement.precise, LINE),
    }
    .into_value()
}

fn span_values(spans: &[Span], glyphs: &mut Glyphs<'_>) -> Value {
    let spans: Array = spans.iter().map(|span| span_value(span, glyphs)).collect();
    spans.into_value()
}

fn span_value(span: &Span, glyphs: &mut Glyphs<'_>) -> Value {
    let known = |link: &&str| {
        let scheme = link.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(scheme.as_deref(), Some("http" | "https" | "mailto")) && link.len() <= ADDRESS && link.is_ascii()
    };
    dict! {
        "text" => glyphs.print(&span.text, LINE),
        "strong" => span.strong,
        "emphasis" => span.emphasis,
        "code" => span.code,
        "link" => span.link.as_deref().filter(known),
    }
    .into_value()
}
