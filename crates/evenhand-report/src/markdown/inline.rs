//! This module writes text within a line of Markdown: the owner's own words, summaries of folds, text to be copied.

use crate::document::Span;
use crate::safe;

/// A paragraph or a point of a list; nothing in it is markup, however it begins.
pub(crate) fn line(text: &str) -> String {
    guarded(&safe::markdown(text))
}

/// The owner's own words.
pub(super) fn spans(spans: &[Span]) -> String {
    let written: String = spans.iter().map(span).collect();
    guarded(&written)
}

fn span(span: &Span) -> String {
    let mut text = safe::markdown(&span.text);
    // Tags, because marks such as `**` mean nothing beside a space.
    for (is_it, tag) in [(span.code, "code"), (span.emphasis, "em"), (span.strong, "strong")] {
        if is_it {
            text = format!("<{tag}>{text}</{tag}>");
        }
    }
    match span.link.as_deref().filter(|link| is_allowed(link)) {
        Some(link) => format!("<a href=\"{}\">{text}</a>", safe::xml(link)),
        None => text,
    }
}

/// Whether a link leads to a page or a mailbox, and so runs nothing.
fn is_allowed(link: &str) -> bool {
    let starts = |scheme: &str| {
        link.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    ["http:", "https:", "mailto:"].into_iter().any(starts)
}

/// Escaped text that starts a line as text: no list, no code, no command of CI.
fn guarded(text: &str) -> String {
    let text = text.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    match rest.chars().next() {
        Some('.' | ')') if digits > 0 && rest[1..].starts_with([' ', '<']) => format!("{number}\\{rest}"),
        Some(':' | '-' | '+' | '=') if digits == 0 && needs_guard(rest) => format!("\\{rest}"),
        _ => text.to_owned(),
    }
}

fn needs_guard(text: &str) -> bool {
    text.starts_with("::") || text[1..].starts_with([' ', '<']) || text.len() == 1
}

/// The text of a summary, which GitHub takes for HTML, where mentions and links act all the same.
pub(crate) fn summary(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text = safe::xml(text);
    for (at, c) in text.char_indices() {
        match c {
            '@' | '#' => {
                out.push(c);
                out.push_str("&#8203;");
            }
            ':' if text[at..].starts_with("://") => out.push_str(":&#8203;"),
            '.' if ends_with_www(&text[..at]) => out.push_str("&#8203;."),
            _ => out.push(c),
        }
    }
    out
}

fn ends_with_www(text: &str) -> bool {
    let end = text.len().checked_sub(3).and_then(|at| text.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Text that is shown and copied as it is, and acts on nothing on its way through a page or a log.
pub(super) fn code(text: &str) -> String {
    let mut out = String::from("<pre>\n");
    for line in text.lines() {
        let line = safe::visible(line);
        let mut before = '\0';
        for (at, c) in line.char_indices() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '@' => out.push_str("&#64;"),
                ':' if before == ':' => out.push_str("&#58;"),
                '#' if before == '#' => out.push_str("&#35;"),
                '/' if before == ':' => out.push_str("&#47;"),
                '.' if ends_with_www(&line[..at]) => out.push_str("&#46;"),
                _ => out.push(c),
            }
            before = c;
        }
        out.push('\n');
    }
    out.push_str("</pre>\n");
    out
}
