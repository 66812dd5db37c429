//! This module is a report before any format: sections of sentences, tables and pictures.
//!
//! HTML, PDF and Markdown write the same [`Document`], so they say the same. Nothing in it is escaped: each format
//! escapes where it writes. Nothing in it is computed: what it says is in the audit.

mod actions;
mod attached;
mod attributes;
mod closing;
mod comparisons;
mod curves;
mod data;
mod findings;
mod maps;
mod notice;
mod opening;
mod procedure;
mod prose;
mod repeat;
mod table;

use evenhand_measure::audit::model::{Audit, Outcome, Verdict};
use evenhand_measure::policy::DataKind;

pub use self::attached::{Logo, LogoKind, is_font};
pub use self::notice::{notice, posted, unsaid};
pub use self::prose::prose;
pub use self::table::{Cell, Table};
use crate::order::worse_off_first;
use crate::plot::Fonts;

/// A report.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is called.
    pub title: String,
    /// What the audit found.
    pub verdict: Verdict,
    /// What a cover states: of what, for whom, by whom, when.
    pub cover: Vec<(String, String)>,
    /// What every page has to say, where the owner asks for it.
    pub confidentiality: Option<String>,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

/// A part of a report under a title of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// A name for links, of ASCII letters, digits and hyphens; unique in the document.
    pub id: String,
    /// The title.
    pub title: String,
    /// Where it belongs.
    pub place: Place,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// Where a section belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the first page: what was found.
    Summary,
    /// A page of its own, such as that of an attribute.
    Page,
    /// What stands behind the results.
    Background,
    /// What only a reviewer reads.
    Appendix,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The verdict.
    Verdict(Banner),
    /// A title within the section.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Lines, each a point of its own.
    List(Vec<String>),
    /// A paragraph in the owner's own words.
    Rich(Vec<Span>),
    /// A list in the owner's own words.
    RichList {
        /// Whether the points are numbered.
        ordered: bool,
        /// The points.
        items: Vec<Vec<Span>>,
    },
    /// Names and what they stand for.
    Facts(Vec<(String, String)>),
    /// Comparisons in words.
    Statements(Vec<Statement>),
    /// A table.
    Table(Table),
    /// A picture.
    Figure(Figure),
    /// What is shown when asked for, and always in print.
    Fold {
        /// What is behind it.
        summary: String,
        /// What it holds.
        blocks: Vec<Block>,
    },
    /// Text to be copied as it is, such as a policy.
    Code(String),
    /// Lines to be filled in by hand, by what belongs there.
    Blanks(Vec<String>),
}

/// A stretch of text of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Whether it is important.
    pub strong: bool,
    /// Whether it is stressed.
    pub emphasis: bool,
    /// Whether it is a name of a computer's.
    pub code: bool,
    /// Where it leads: `http:`, `https:` or `mailto:` only.
    pub link: Option<String>,
}

/// The verdict in one sentence, and what has to be read with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Banner {
    /// The word: `FAIL`.
    pub word: String,
    /// The sentence after it.
    pub sentence: String,
    /// What else must be known before acting on it.
    pub beside: Vec<Vec<Span>>,
}

/// One comparison in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What was found.
    pub outcome: Outcome,
    /// The sentence.
    pub text: String,
    /// The same for a statistician.
    pub precise: String,
}

/// A picture with its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The drawing, as SVG; ids within it are unique in the document.
    pub svg: String,
    /// What it is of.
    pub title: String,
    /// What it shows, for who cannot see it.
    pub description: String,
    /// The numbers behind it, where no table beside it has them.
    pub table: Option<Table>,
}

/// Who made a report for whom, in which dress.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Letterhead {
    /// The title, in place of the usual one.
    pub title: Option<String>,
    /// For whom.
    pub client: Option<String>,
    /// By whom.
    pub auditor: Option<String>,
    /// The number of the report.
    pub number: Option<String>,
    /// What every page says of who may read it.
    pub confidentiality: Option<String>,
    /// What the auditor says of the engagement.
    pub engagement: Option<String>,
    /// What the auditor says of being independent.
    pub independence: Option<String>,
    /// The colour of rules and titles, as red, green and blue; dark enough to be read on white.
    pub accent: Option<[u8; 3]>,
    /// A picture for the cover.
    pub logo: Option<Logo>,
    /// Sections in the owner's own words: title and Markdown.
    pub sections: Vec<(String, String)>,
    /// Further fonts, for characters that the bundled ones lack.
    pub fonts: Vec<Vec<u8>>,
    /// What is posted beside the figures that a rule asks for.
    pub posting: Posting,
}

/// What has to be posted beside the figures of an audit that a rule asks for; the audit does not know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    /// The name of the tool.
    pub tool: Option<String>,
    /// The day on which the tool was first used.
    pub distribution_date: Option<String>,
    /// Where the data come from.
    pub data_kind: Option<DataKind>,
    /// Who collected them, where and when.
    pub data_source: Option<String>,
    /// What else has to be known of them.
    pub data_explanation: Option<String>,
}

/// The report of an audit.
#[must_use]
pub fn document(audit: &Audit, letterhead: &Letterhead) -> Document {
    let audit = &*worse_off_first(audit);
    let fonts = Fonts::new(&letterhead.fonts);
    let mut sections = vec![opening::verdict(audit), findings::section(audit)];
    sections.extend(opening::engagement(letterhead));
    sections.extend(prose::sections(letterhead));
    sections.extend(actions::against(audit));
    sections.push(actions::recommendations(audit));
    sections.extend(opening::publication(audit));
    sections.extend(attributes::sections(audit, &fonts));
    sections.extend(curves::sections(audit, &fonts));
    sections.extend([actions::sensitivity(audit), actions::tests(audit)]);
    sections.extend([data::section(audit), procedure::method(audit), procedure::limits(audit)]);
    sections.push(repeat::section(audit));
    sections.extend(closing::sections(audit));
    sections.retain(|section| !section.blocks.is_empty());
    Document {
        title: opening::title(audit, letterhead),
        verdict: audit.verdict,
        cover: opening::cover(audit, letterhead),
        confidentiality: letterhead.confidentiality.clone(),
        sections,
    }
}

impl Section {
    pub(crate) fn new(id: impl Into<String>, title: impl Into<String>, place: Place, blocks: Vec<Block>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            place,
            blocks,
        }
    }
}

impl Block {
    fn fold(summary: impl Into<String>, blocks: Vec<Self>) -> Self {
        Self::Fold {
            summary: summary.into(),
            blocks,
        }
    }

    /// A list, where there are lines.
    fn list(lines: Vec<String>) -> Option<Self> {
        let any_code = lines.iter().any(|line| line.contains('`'));
        (!lines.is_empty()).then(|| match any_code {
            true => Self::RichList {
                ordered: false,
                items: lines.iter().map(|line| marked(line)).collect(),
            },
            false => Self::List(lines),
        })
    }
}

/// A sentence of this program, in which names of a computer's stand between backticks. A name can hold backticks itself, so
/// one that stands within a word is text: marks begin after a space or a bracket, and end before what is no letter.
pub(crate) fn marked(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((before, code, after)) = first_code(rest) {
        spans.extend([(before, false), (code, true)]);
        rest = after;
    }
    spans.push((rest, false));
    let span = |(text, code): (&str, bool)| Span {
        text: text.to_owned(),
        code,
        ..Span::default()
    };
    spans
        .into_iter()
        .filter(|(text, _)| !text.is_empty())
        .map(span)
        .collect()
}

/// The first stretch between marks, with what stands before and after it.
fn first_code(text: &str) -> Option<(&str, &str, &str)> {
    let begins = |at: &usize| text[..*at].chars().next_back().is_none_or(|c| c == ' ' || c == '(');
    let ends = |at: &usize| {
        let next = text[at + 1..].chars().next();
        next.is_none_or(|c| c != '`' && !c.is_alphanumeric())
    };
    let marks = || text.match_indices('`').map(|(at, _)| at);
    let start = marks().find(begins)?;
    let end = marks().filter(|at| *at > start + 1).find(ends)?;
    Some((&text[..start], &text[start + 1..end], &text[end + 1..]))
}

#[cfg(test)]
mod tests;
