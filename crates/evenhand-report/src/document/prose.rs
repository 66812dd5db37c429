//! This module reads the owner's own words, written as Markdown.
//!
//! They are text from outside like any other: HTML in them is shown as it is written, pictures become the words that
//! stand for them, and links lead to `http:`, `https:` and `mailto:` only. What is nested is laid flat, so that no text
//! can be deeper than a page is.

use pulldown_cmark::{Alignment, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::safe::visible;

use super::{Block, Letterhead, Place, Section, Span, Table};

/// Characters that are read; a report is no place for a book.
const MOST: usize = 1 << 20;
/// How long an address may be.
const LONGEST_LINK: usize = 2_000;

/// The sections in the owner's own words.
pub(super) fn sections(letterhead: &Letterhead) -> Vec<Section> {
    let section = |(at, (title, text)): (usize, &(String, String))| {
        Section::new(
            format!("own-{}", at + 1),
            title.clone(),
            Place::Background,
            read(text, Some(title.clone())),
        )
    };
    letterhead.sections.iter().enumerate().map(section).collect()
}

/// Markdown as pieces of a section.
///
/// ```
/// use evenhand_report::document::{Block, prose};
/// let blocks = prose("See [the *rule*](https://example.org).");
/// let [Block::Rich(spans)] = &blocks[..] else { panic!() };
/// assert_eq!(spans[2].link.as_deref(), Some("https://example.org"));
/// assert!(spans[2].emphasis && spans[2].text == "rule");
/// ```
#[must_use]
pub fn prose(markdown: &str) -> Vec<Block> {
    read(markdown, None)
}

/// The same under a title, which a table goes by until another comes.
fn read(markdown: &str, heading: Option<String>) -> Vec<Block> {
    let end = markdown.char_indices().nth(MOST).map_or(markdown.len(), |(at, _)| at);
    let mut writer = Writer {
        heading,
        ..Writer::default()
    };
    for event in Parser::new_ext(&markdown[..end], Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        writer.take(event);
    }
    writer.paragraph();
    if end < markdown.len() {
        writer.blocks.push(Block::Text(
            "The text is longer than a section may be; the rest of it is left out.".to_owned(),
        ));
    }
    writer.blocks
}

#[derive(Default)]
struct Writer {
    blocks: Vec<Block>,
    /// What was read of the paragraph, item or cell that is open.
    spans: Vec<Span>,
    strong: usize,
    emphasis: usize,
    links: Vec<Option<String>>,
    list: Option<List>,
    table: Option<Table>,
    code: Option<String>,
    /// The last title, which a table after it goes by.
    heading: Option<String>,
}

/// A list with those in it.
#[derive(Default)]
struct List {
    ordered: bool,
    depth: usize,
    items: Vec<Vec<Span>>,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.text(&text, false),
            },
            Event::Code(text) => self.text(&text, true),
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.text(&text, false),
            Event::SoftBreak | Event::HardBreak => self.text(" ", false),
            Event::Rule => self.paragraph(),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }, false),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock | Tag::BlockQuote(_) => self.paragraph(),
            Tag::CodeBlock(_) => {
                self.paragraph();
                self.code = Some(String::new());
            }
            Tag::List(first) => {
                self.paragraph();
                let list = self.list.get_or_insert_with(|| List {
                    ordered: first.is_some(),
                    ..List::default()
                });
                list.depth += 1;
            }
            Tag::Item => self.item(),
            Tag::Table(alignments) => {
                self.paragraph();
                if self.list.is_none() {
                    let right = |alignment: &Alignment| matches!(alignment, Alignment::Right);
                    self.table = Some(Table {
                        caption: self.heading.clone().unwrap_or_else(|| "Table".to_owned()),
                        right: alignments.iter().map(right).collect(),
                        ..Table::default()
                    });
                }
            }
            Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Link {
                link_type, dest_url, ..
            } => {
                let mail = matches!(link_type, LinkType::Email);
                let address = if mail {
                    format!("mailto:{dest_url}")
                } else {
                    dest_url.into_string()
                };
                self.links.push(link(&address));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.paragraph(),
            TagEnd::Heading(_) if self.list.is_none() => {
                let title = plain(&std::mem::take(&mut self.spans));
                if !title.is_empty() {
                    self.heading = Some(title.clone());
                    self.blocks.push(Block::Heading(title));
                }
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                if self.list.is_some() {
                    self.text(code.trim_end(), true);
                } else if !code.trim().is_empty() {
                    self.blocks.push(Block::Code(code.trim_end().to_owned()));
                }
            }
            TagEnd::List(_) => self.end_list(),
            TagEnd::TableCell => {
                let text = match self.list {
                    Some(_) => return self.text(" · ", false),
                    None => plain(&std::mem::take(&mut self.spans)),
                };
                if let Some(table) = &mut self.table {
                    match table.rows.last_mut() {
                        Some(row) => row.push(text.into()),
                        None => table.header.push(text),
                    }
                }
            }
            TagEnd::Table => {
                if let Some(mut table) = self.table.take() {
                    for row in &mut table.rows {
                        row.resize(table.header.len(), String::new().into());
                    }
                    self.blocks.push(Block::Table(table));
                }
            }
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Link => drop(self.links.pop()),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, code: bool) {
        let text: String = text
            .chars()
            .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
            .collect();
        let span = Span {
            text: visible(&text),
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            code,
            link: self.links.last().cloned().flatten(),
        };
        let is_alike = |last: &&mut Span| {
            (last.strong, last.emphasis, last.code, &last.link) == (span.strong, span.emphasis, span.code, &span.link)
        };
        match self.spans.last_mut().filter(is_alike) {
            Some(last) => last.text.push_str(&span.text),
            None => self.spans.push(span),
        }
    }

    /// Ends a paragraph. In an item of a list the next one goes on after a space: an item is one paragraph.
    fn paragraph(&mut self) {
        if self.list.is_some() {
            if self.spans.last().is_some_and(|last| !last.text.ends_with(' ')) {
                self.text(" ", false);
            }
        } else if let Some(spans) = trimmed(std::mem::take(&mut self.spans)) {
            self.blocks.push(Block::Rich(spans));
        }
    }

    /// Starts an item. One of an inner list stands below its own as a point with a dash; among numbers it goes on in the
    /// same point, so that the numbers stay those of the owner.
    fn item(&mut self) {
        let Some(list) = &mut self.list else { return };
        let is_inner = list.depth > 1;
        if !(is_inner && list.ordered) {
            list.items.extend(trimmed(std::mem::take(&mut self.spans)));
        }
        if is_inner {
            self.text("– ", false);
        }
    }

    fn end_list(&mut self) {
        let Some(list) = &mut self.list else { return };
        list.depth -= 1;
        if list.depth > 0 {
            return self.paragraph();
        }
        list.items.extend(trimmed(std::mem::take(&mut self.spans)));
        if let Some(List { ordered, items, .. }) = self.list.take().filter(|list| !list.items.is_empty()) {
            self.blocks.push(Block::RichList { ordered, items });
        }
    }
}

/// The text without marks.
fn plain(spans: &[Span]) -> String {
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    text.trim().to_owned()
}

/// The spans without space around them; `None` when there is nothing else.
fn trimmed(mut spans: Vec<Span>) -> Option<Vec<Span>> {
    while let Some(first) = spans.first_mut() {
        first.text = first.text.trim_start().to_owned();
        if !first.text.is_empty() {
            break;
        }
        spans.remove(0);
    }
    while let Some(last) = spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        spans.pop();
    }
    (!spans.is_empty()).then_some(spans)
}

/// An address that a report may lead to, in ASCII that needs no escape in any format; `None` for all others.
fn link(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once(':')?;
    let is_web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) && rest.starts_with("//");
    let is_mail = scheme.eq_ignore_ascii_case("mailto") && rest.contains('@');
    if !(is_web || is_mail) || rest.len() > LONGEST_LINK || rest.chars().any(char::is_control) {
        return None;
    }
    let mut link = format!("{}:", scheme.to_ascii_lowercase());
    for byte in rest.bytes() {
        match byte {
            b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`' | b'{' | b'|' | b'}' | b'^' | b' ' | 0x7f.. => {
                link.push_str(&format!("%{byte:02X}"));
            }
            byte => link.push(char::from(byte)),
        }
    }
    Some(link)
}

#[cfg(test)]
#[path = "prose_tests.rs"]
mod tests;
