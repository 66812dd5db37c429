//! This module is the page that a rule asks to be published: who, when, of what data, and the figures. No verdict: such
//! rules set no pass mark.

use evenhand_measure::audit::model::{Audit, Verdict};
use evenhand_measure::policy::DataKind;

use super::{Block, Document, Letterhead, Place, Section, Table};
use crate::words::posting::{self, NOT_STATED};
use crate::{numbers, publication, words};

/// The page that a rule asks to be published; `None` when the audit computed nothing for publication.
#[must_use]
pub fn notice(audit: &Audit, letterhead: &Letterhead) -> Option<Document> {
    let published = audit.publication.as_ref()?;
    let given = &letterhead.posting;
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| NOT_STATED.to_owned());
    let counted = posting::counted(published, audit);
    let mut facts = vec![
        ("Date of the most recent bias audit", stated(&audit.provenance.as_of)),
        (
            "Distribution date (the day on which the tool was first used)",
            stated(&given.distribution_date),
        ),
        (
            "Kind of data",
            given.data_kind.map_or(NOT_STATED, posting::data_kind).to_owned(),
        ),
        ("Source of the data", stated(&given.data_source)),
    ];
    match (given.data_kind, &given.data_explanation) {
        (_, Some(why)) => facts.push(("Explanation of the data", why.clone())),
        (Some(DataKind::Test), None) => facts.push((
            "Why no historical data were used, and how the test data were made",
            NOT_STATED.to_owned(),
        )),
        _ => {}
    }
    facts.push(("People assessed", numbers::count(published.rows)));
    facts.push(("People whose category is not known", posting::unknown(published)));
    facts.extend(posting::left_out(audit).map(|rows| ("Rows of the data that count nowhere", rows)));
    facts.extend(counted.clone().map(|counted| ("Who counts as selected", counted)));

    let mut tables = Vec::new();
    for posted in publication::tables(published, &audit.roles) {
        let table = Table::new(posted.caption, posted.header, &publication::RIGHT, posted.rows);
        tables.push(Block::Table(table.with_legend([posted.unknown])));
    }
    let mut meanings = posting::meanings(published, counted.as_deref());
    meanings.extend(posting::justification(audit));
    let followed = published.title.iter().chain(&published.sources);
    let followed: Vec<String> = followed.map(|source| words::long(source)).collect();
    let mut sections = vec![
        Section::new(
            "about",
            "About this audit",
            Place::Summary,
            unfinished(letterhead)
                .into_iter()
                .chain([
                    Block::Text(posting::intro(published, given.tool.as_deref())),
                    Block::Facts(owned(facts)),
                ])
                .collect(),
        ),
        Section::new("results", "Results", Place::Summary, tables),
        Section::new(
            "meaning",
            "What the figures mean",
            Place::Background,
            vec![Block::List(meanings)],
        ),
    ];
    sections.extend(
        Block::list(followed)
            .map(|list| Section::new("rule", "What these tables follow", Place::Background, vec![list])),
    );
    let named = [
        ("Tool", &given.tool),
        ("Employer", &letterhead.client),
        ("Independent auditor", &letterhead.auditor),
        ("Date of the bias audit", &audit.provenance.as_of),
    ];
    let named = named
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)));
    Some(Document {
        title: "Summary of bias audit results".to_owned(),
        verdict: Verdict::NotJudged,
        cover: owned(named.collect()),
        confidentiality: None,
        sections,
    })
}

fn owned(facts: Vec<(&str, String)>) -> Vec<(String, String)> {
    facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// What the page has to say and nobody stated, with the key under `[report]` that states it.
#[must_use]
pub fn unsaid(letterhead: &Letterhead) -> Vec<(&'static str, &'static str)> {
    let given = &letterhead.posting;
    let explains = given.data_explanation.is_some() || given.data_kind != Some(DataKind::Test);
    let asked = [
        (
            given.distribution_date.is_some(),
            "the day on which the tool was first used",
            "distribution-date",
        ),
        (
            given.data_kind.is_some(),
            "whether the data are historical or test data",
            "data-kind",
        ),
        (given.data_source.is_some(), "where the data come from", "data-source"),
        (
            explains,
            "why test data were used and how they were made",
            "data-explanation",
        ),
    ];
    let open = asked.into_iter().filter(|(stated, ..)| !stated);
    open.map(|(_, what, key)| (what, key)).collect()
}

/// What keeps the page from being posted as it is.
fn unfinished(letterhead: &Letterhead) -> Option<Block> {
    let open: Vec<&str> = unsaid(letterhead).into_iter().map(|(what, _)| what).collect();
    let keys: Vec<&str> = unsaid(letterhead).into_iter().map(|(_, key)| key).collect();
    (!open.is_empty()).then(|| {
        Block::Text(format!(
            "INCOMPLETE, not to be posted as it is. Nobody said: {}. [report] in the policy says it ({}).",
            open.join("; "),
            keys.join(", ")
        ))
    })
}

/// The part of an audit that is published with the page: its figures and what made them, and nothing of what else was
/// measured, of files or of settings.
#[must_use]
pub fn posted(audit: &Audit) -> Audit {
    let mut part = audit.clone();
    part.verdict = Verdict::NotJudged;
    part.policy = serde_json::json!({ "publication": audit.policy.get("publication") });
    part.rates.clear();
    part.families.clear();
    part.findings.clear();
    part.tests.clear();
    part.practical.clear();
    part.series.clear();
    part.sensitivity.clear();
    part.notes.clear();
    part.provenance.inputs.clear();
    part
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
