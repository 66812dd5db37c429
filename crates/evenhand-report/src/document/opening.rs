//! This module opens a report: the verdict, what must be read with it, who made it for whom, what a rule asks for.

use evenhand_measure::audit::model::Audit;
use evenhand_measure::policy::Level;

use super::prose::prose;
use super::{Banner, Block, Letterhead, Place, Section, Table, marked};
use crate::numbers::count;
use crate::order::family;
use crate::safe::visible_cut;
use crate::text::reversal_lines;
use crate::words::limits::{not_told, preset};
use crate::words::summary::worst_facts;
use crate::words::terms::subject;
use crate::{publication, words};

/// What a title or a name on a cover has room for.
const COVER_COLUMNS: usize = 200;

pub(super) fn title(audit: &Audit, letterhead: &Letterhead) -> String {
    let files = match audit.provenance.inputs.as_slice() {
        [input] => Some(words::name(&input.name)),
        [] => None,
        several => Some(words::plural(several.len() as u64, "file")),
    };
    // One file can be audited for several things.
    let of = || match (subject(audit), files) {
        (Some(what), Some(files)) => format!("Bias audit of {what} in {files}"),
        (Some(of), None) | (None, Some(of)) => format!("Bias audit of {of}"),
        (None, None) => "Bias audit".to_owned(),
    };
    letterhead
        .title
        .as_deref()
        .map_or_else(of, |title| visible_cut(title, COVER_COLUMNS))
}

/// Files that a cover names.
const FILES_NAMED: usize = 6;

pub(super) fn cover(audit: &Audit, letterhead: &Letterhead) -> Vec<(String, String)> {
    let given = [
        ("Prepared for", &letterhead.client),
        ("Prepared by", &letterhead.auditor),
        ("Report number", &letterhead.number),
    ];
    let mut facts: Vec<(String, String)> = given
        .into_iter()
        .filter_map(|(name, value)| Some((name, visible_cut(value.as_deref()?, COVER_COLUMNS))))
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
    let day = audit.provenance.as_of.as_deref();
    fact("As of", day.map_or_else(|| "not dated".to_owned(), words::name));
    let inputs = &audit.provenance.inputs;
    for input in inputs.iter().take(FILES_NAMED) {
        fact("Data", words::name(&input.name));
    }
    if inputs.len() > FILES_NAMED {
        let more = words::plural((inputs.len() - FILES_NAMED) as u64, "more file");
        fact("Data", format!("… and {more}"));
    }
    fact("Rows", count(audit.data.rows_read));
    if let Some(preset) = preset(audit) {
        fact("Judged by", format!("the preset {}", preset.id));
    }
    let made = &audit.provenance;
    fact(
        "Made with",
        format!("{} {}", words::name(&made.tool), words::name(&made.version)),
    );
    facts
}

pub(super) fn verdict(audit: &Audit) -> Section {
    let headline = words::headline(audit);
    let (word, sentence) = headline.split_once(": ").unwrap_or((&headline, ""));
    let banner = Banner {
        word: word.to_owned(),
        sentence: words::capital(sentence),
        beside: words::other_sides(audit)
            .into_iter()
            .chain(beyond_besides(audit))
            .chain(reversal_lines(audit))
            .map(|line| marked(&line))
            .collect(),
    };
    let mut out = vec![Block::Verdict(banner)];
    let facts = worst_facts(audit);
    if !facts.is_empty() {
        out.push(Block::Facts(facts));
    }
    out.push(Block::Heading("What this does not tell you".to_owned()));
    out.extend(Block::list(not_told(audit)));
    Section::new("verdict", "Verdict", Place::Summary, out)
}

/// What is beyond its bound and does not count, which the verdict would let nobody look for.
fn beyond_besides(audit: &Audit) -> Option<String> {
    let beyond = family(audit, Level::Warn)?.fail;
    (beyond > 0).then(|| {
        format!(
            "Of the comparisons that do not count for the verdict, {} beyond the bound: they are among the findings.",
            match beyond {
                1 => "one is".to_owned(),
                several => format!("{} are", count(several as u64)),
            }
        )
    })
}

/// What the auditor says of the engagement; where it is said who made the report for whom, also that nothing is said.
pub(super) fn engagement(letterhead: &Letterhead) -> Option<Section> {
    let Letterhead {
        client,
        auditor,
        engagement,
        independence,
        ..
    } = letterhead;
    if [client, auditor, engagement, independence]
        .iter()
        .all(|said| said.is_none())
    {
        return None;
    }
    let shown = |name: &Option<String>| name.as_deref().map(|name| visible_cut(name, COVER_COLUMNS));
    let mut out = vec![Block::Heading("Engagement".to_owned())];
    match (engagement, shown(client), shown(auditor)) {
        (Some(said), ..) => out.extend(prose(said)),
        (None, Some(client), Some(auditor)) => out.push(Block::Text(format!(
            "{auditor} prepared this report for {client}. Nothing was stated about the engagement: what was agreed, what was paid for, \
             and who chose the data."
        ))),
        (None, ..) => out.push(Block::Text(
            "Nothing was stated about the engagement: what was agreed, what was paid for, and who chose the data.".to_owned(),
        )),
    }
    out.push(Block::Heading("Independence".to_owned()));
    match independence {
        Some(said) => out.extend(prose(said)),
        None => out.push(Block::Text(
            "No statement of independence was given. This report does not say whether its author has an interest in the result, or a \
             part in the system."
                .to_owned(),
        )),
    }
    Some(Section::new(
        "engagement",
        "Engagement and independence",
        Place::Background,
        out,
    ))
}

/// What a rule asks to be published.
pub(super) fn publication(audit: &Audit) -> Option<Section> {
    let published = audit.publication.as_ref()?;
    let mut blocks = Vec::new();
    for posted in publication::tables(published, &audit.roles) {
        let table = Table::new(posted.title, posted.header, &publication::RIGHT, posted.rows);
        blocks.push(Block::Table(table.with_legend([posted.unknown])));
    }
    blocks.extend(Block::list(publication::about(published, &audit.roles)));
    Some(Section::new("publication", "For publication", Place::Page, blocks))
}
