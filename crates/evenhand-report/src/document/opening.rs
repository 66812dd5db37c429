//! This module opens a report: the verdict, what must be read with it, who made it for whom, what a rule asks for.

use evenhand_measure::audit::model::Audit;

use super::{Banner, Block, Letterhead, Place, Section, Table};
use crate::text::reversal_lines;
use crate::{publication, words};

pub(super) fn title(audit: &Audit, letterhead: &Letterhead) -> String {
    let of = match audit.provenance.inputs.as_slice() {
        [input] => format!("Bias audit of {}", input.name),
        [] => "Bias audit".to_owned(),
        several => format!("Bias audit of {}", words::plural(several.len() as u64, "file")),
    };
    letterhead.title.clone().unwrap_or(of)
}

pub(super) fn cover(audit: &Audit, letterhead: &Letterhead) -> Vec<(String, String)> {
    let given = [
        ("Prepared for", &letterhead.client),
        ("Prepared by", &letterhead.auditor),
        ("Report number", &letterhead.number),
        ("As of", &audit.provenance.as_of),
    ];
    let mut facts: Vec<(String, String)> = given
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)))
        .collect();
    facts.extend(
        audit
            .provenance
            .inputs
            .iter()
            .map(|input| ("Data".to_owned(), input.name.clone())),
    );
    facts.push(("Rows".to_owned(), crate::numbers::count(audit.data.rows_read)));
    facts.push((
        "Made with".to_owned(),
        format!("{} {}", audit.provenance.tool, audit.provenance.version),
    ));
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
            .chain(reversal_lines(audit))
            .collect(),
    };
    Section::new("verdict", "Verdict", Place::Summary, vec![Block::Verdict(banner)])
}

/// What the auditor says of the engagement, where there is one.
pub(super) fn engagement(letterhead: &Letterhead) -> Option<Section> {
    let said = [&letterhead.engagement, &letterhead.independence];
    let blocks: Vec<Block> = said.into_iter().flatten().cloned().map(Block::Text).collect();
    Some(Section::new(
        "engagement",
        "Engagement and independence",
        Place::Background,
        blocks,
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
