//! This module writes a report as one self-contained page.
//!
//! The page asks for nothing from anywhere, and says everything without scripts and without its style sheet, which
//! servers that show build results take away. Its policy allows its own style and script by their hashes.

mod blocks;
mod drawing;
mod embedded;
mod hash;
mod mark;
mod sheet;
mod table;
#[cfg(test)]
mod tests;

use evenhand_measure::audit::model::Audit;

use self::blocks::Writer;
use crate::document::{Block, Document, Letterhead, Place, Section};
use crate::safe;
use crate::words;

const SCRIPT: &str = include_str!("html/page.js");

/// Columns of a title before it is cut: it may be a file name of any length.
const TITLE_COLUMNS: usize = 160;

/// The report as HTML, with the audit itself in it as JSON.
#[must_use]
pub fn html(document: &Document, letterhead: &Letterhead, audit: &Audit) -> String {
    page(document, letterhead, Some(audit))
}

/// A report of more than one audit as HTML, with no audit in it.
#[must_use]
pub fn html_of(document: &Document) -> String {
    page(document, &Letterhead::default(), None)
}

fn page(document: &Document, letterhead: &Letterhead, audit: Option<&Audit>) -> String {
    let sheet = sheet::sheet(document, letterhead);
    let mut out = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    out.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\"/>\n",
        policy(&sheet)
    ));
    out.push_str(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n",
    );
    let title = safe::visible_cut(&document.title, TITLE_COLUMNS);
    // Of more than one audit there is more than one verdict, and a page for publication has none.
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let judges = audit.is_some() && blocks.into_iter().any(|block| matches!(block, Block::Verdict(_)));
    let verdict = match judges {
        true => format!("{}: ", words::verdict_word(document.verdict)),
        false => String::new(),
    };
    out.push_str(&format!("<title>{verdict}{}</title>\n", safe::xml(&title)));
    // An icon that is there: else a server is asked for one.
    out.push_str("<link rel=\"icon\" href=\"data:,\"/>\n");
    out.push_str(&format!("<style>{sheet}</style>\n</head>\n<body>\n"));
    out.push_str("<a class=\"skip\" href=\"#report\">Skip to the report</a>\n");
    header(&mut out, document, letterhead, &title);
    body(&mut out, document);
    footer(&mut out, document, audit.is_some());
    if let Some(json) = audit.and_then(embedded::json) {
        out.push_str(&format!(
            "<script type=\"application/json\" id=\"audit\">{json}</script>\n"
        ));
    }
    out.push_str(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    out
}

/// What the page may load: its own style and script, and pictures that are in it.
fn policy(sheet: &str) -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash::source(sheet),
        hash::source(SCRIPT)
    )
}

fn header(out: &mut String, document: &Document, letterhead: &Letterhead, title: &str) {
    out.push_str("<header class=\"head\">\n");
    if let Some(logo) = &letterhead.logo {
        let by = letterhead.auditor.as_deref().unwrap_or("The auditor");
        out.push_str(&format!(
            "<img class=\"logo\" src=\"{}\" alt=\"{}: logo\"/>\n",
            drawing::data_uri(logo),
            safe::xml(&safe::visible_cut(by, TITLE_COLUMNS))
        ));
    }
    out.push_str(&format!("<h1>{}</h1>\n", safe::xml(title)));
    if let Some(line) = &document.confidentiality {
        out.push_str(&format!("<p class=\"confidential\">{}</p>\n", safe::xml(line)));
    }
    out.push_str("</header>\n");
}

/// The verdict, then a table of contents beside everything else.
fn body(out: &mut String, document: &Document) {
    let is_verdict = |section: &&Section| section.blocks.iter().any(|block| matches!(block, Block::Verdict(_)));
    let (first, rest): (Vec<&Section>, Vec<&Section>) = document.sections.iter().partition(is_verdict);
    let mut writer = Writer::new();
    writer.raw("<main id=\"report\" tabindex=\"-1\">\n");
    for part in first {
        section(&mut writer, part, document.verdict.into());
    }
    writer.facts(&document.cover, "facts cover");
    writer.raw("<div class=\"rest\">\n");
    contents(&mut writer, &rest);
    writer.raw("<div class=\"sections\">\n");
    for part in rest {
        section(&mut writer, part, document.verdict.into());
    }
    writer.raw("</div>\n</div>\n</main>\n");
    out.push_str(&writer.finish());
}

fn contents(writer: &mut Writer, sections: &[&Section]) {
    if sections.is_empty() {
        return;
    }
    writer.raw("<nav class=\"contents\" aria-label=\"Contents\">\n<p class=\"label\">Contents</p>\n<ul>\n");
    for section in sections {
        writer.raw(&format!(
            "<li class=\"{}\"><a href=\"#{}\">{}</a></li>\n",
            place(section.place),
            section.id,
            safe::xml(&section.title)
        ));
    }
    writer.raw("</ul>\n</nav>\n");
}

fn section(writer: &mut Writer, section: &Section, verdict: mark::Mark) {
    let id = &section.id;
    writer.raw(&format!(
        "<section id=\"{id}\" class=\"{}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{}</h2>\n",
        place(section.place),
        safe::xml(&section.title)
    ));
    writer.blocks(&section.blocks, verdict);
    writer.raw("</section>\n");
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Summary => "summary",
        Place::Page => "page",
        Place::Background => "background",
        Place::Appendix => "appendix",
    }
}

fn footer(out: &mut String, document: &Document, holds_audit: bool) {
    out.push_str("<footer class=\"foot\">\n");
    if let Some(line) = &document.confidentiality {
        out.push_str(&format!("<p>{}</p>\n", safe::xml(line)));
    }
    out.push_str("<p>This page is one file. It loads nothing, sends nothing and works without scripts.");
    if holds_audit {
        out.push_str(" It holds the whole audit as JSON, for other programs.");
    }
    out.push_str("</p>\n</footer>\n");
}
