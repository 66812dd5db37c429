//! This module says what to do, what would change the verdict, and what stands beside it.

use evenhand_measure::audit::model::{Audit, Verdict};

use super::{Block, Place, Section, Table};
use crate::words::advice::advice;
use crate::{against, significance, words};

/// Assumptions that are listed before the table of all of them.
const CHANGES_SHOWN: usize = 12;

pub(super) fn recommendations(audit: &Audit) -> Section {
    let mut out = Vec::new();
    for part in advice(audit) {
        out.push(Block::Heading(part.about.title().to_owned()));
        out.extend(Block::list(part.lines));
    }
    Section::new("recommendations", "What to do", Place::Summary, out)
}

/// Other assumptions, and the thresholds at which the lowest rate would be near enough to the highest.
pub(super) fn sensitivity(audit: &Audit) -> Section {
    let mut out = Vec::new();
    if let Some(changes) = words::what_would_change(audit, CHANGES_SHOWN) {
        out.push(Block::Text(changes.lead));
        let lines = changes.lines.into_iter().map(|line| format!("{line}."));
        out.extend(Block::list(lines.collect()));
        if changes.more > 0 {
            let more = words::plural(changes.more as u64, "more assumption");
            out.push(Block::Text(format!("… and {more}, in the table.")));
        }
    } else if !audit.sensitivity.is_empty() && audit.verdict == Verdict::NotJudged {
        out.push(Block::Text(
            "Nothing was judged, and no other assumption that was examined changes that.".to_owned(),
        ));
    }
    if !audit.sensitivity.is_empty() {
        let rows = audit.sensitivity.iter().map(words::sensitivity_row).collect();
        let table = Table::new("Every assumption examined", words::sensitivity_header(), &[], rows);
        out.push(Block::fold("Every assumption examined", vec![Block::Table(table)]));
    }
    let sweeps = audit.notes.iter().filter(|note| note.code == "threshold-sweep");
    let lines: Vec<String> = sweeps
        .map(|note| format!("{}.", words::capital(words::long(&note.message).trim_end_matches('.'))))
        .collect();
    if !lines.is_empty() {
        out.push(Block::Heading("Other thresholds".to_owned()));
        out.extend(Block::list(lines));
    }
    Section::new("sensitivity", "What would change the verdict", Place::Background, out)
}

/// What another model decided on the same rows.
pub(super) fn against(audit: &Audit) -> Option<Section> {
    let paired = against::of(audit)?;
    let mut out = vec![Block::Text(against::about(paired))];
    out.extend(Block::list(against::changes(paired, false)));
    let right = against::right(paired).into_iter().map(|line| format!("{line}."));
    out.extend(Block::list(right.collect()));
    let every = Block::list(against::changes(paired, true));
    out.push(Block::fold(
        "Every disparity by either model",
        every.into_iter().collect(),
    ));
    let precise = against::precise(paired).into_iter().map(|line| format!("{line}."));
    out.push(Block::fold(
        "How each change was tested",
        Block::list(precise.collect()).into_iter().collect(),
    ));
    let caption = "Rates by either model";
    let table = Table::new(caption, against::header(), &against::RIGHT, against::rows(paired))
        .with_legend([against::legend(paired)]);
    out.push(Block::fold(caption, vec![Block::Table(table)]));
    Some(Section::new("against", against::TITLE, Place::Page, out))
}

/// Named tests, and what differences mean in people.
pub(super) fn tests(audit: &Audit) -> Section {
    let mut out = Vec::new();
    for (at, set) in significance::sets(audit).iter().enumerate() {
        if at == 0 {
            out.push(Block::Text(significance::ABOUT.to_owned()));
        }
        let title = set.title();
        let by = title.trim_start_matches(significance::TITLE);
        let practical = set.practical_rows();
        if !practical.is_empty() {
            let caption = format!("What differences mean in people{by}");
            let table = Table::new(
                caption.clone(),
                significance::practical_header(),
                &significance::PRACTICAL_RIGHT,
                practical,
            )
            .with_legend([set.practical_about().to_owned()])
            .with_legend(set.harm_about().map(str::to_owned));
            out.push(Block::fold(caption, vec![Block::Table(table)]));
        }
        let tests = set.test_rows();
        if !tests.is_empty() {
            let caption = format!("Named tests{by}");
            let header = significance::test_header();
            let table =
                Table::new(caption.clone(), header, &significance::TESTS_RIGHT, tests).with_legend([set.tests_about()]);
            out.push(Block::fold(caption, vec![Block::Table(table)]));
        }
    }
    Section::new("tests", significance::TITLE, Place::Background, out)
}
