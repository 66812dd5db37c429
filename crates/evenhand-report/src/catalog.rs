//! This module prints the catalogue of measures for `evenhand list` and `evenhand explain`.

use evenhand_measure::catalogue::{Better, Criterion, DefaultLevel, Entry, entries};
use evenhand_measure::inference::Comparison;

use crate::arrange::{Ink, Page};
use crate::numbers::{plain_points, plain_ratio};
use crate::words::capital;

const CELLS: &str = "TP, FP, FN, TN are counts of rows: true positives (the event was decided and came true), false \
    positives (decided, did not come true), false negatives (not decided, came true), true negatives (neither).";

/// Every rate, statistic and criterion: one list per kind.
#[must_use]
pub fn list_text(width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    page.paragraph(
        "Every measure, by id. `evenhand explain ID` says what one means and where it fails.",
        0,
        0,
    );
    for (kind, title) in [
        ("criterion", "Criteria: what is judged"),
        ("rate", "Rates"),
        ("statistic", "Statistics"),
    ] {
        page.heading(title);
        for entry in entries().filter(|entry| entry.kind() == kind) {
            page.paragraph(&format!("{} (needs {})", entry.id(), entry.needs().join(", ")), 0, 4);
            page.paragraph(&first_paragraph(entry), 4, 0);
        }
    }
    page.blank();
    page.paragraph(CELLS, 0, 0);
    page.finish()
}

/// One measure in full: names, formula, needs, range, default bound, limits and sources.
#[must_use]
pub fn explain_text(entry: Entry, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let title = format!("{} ({})", capital(entry.name()), entry.id());
    page.inked(&title, title.len(), Ink::Bold);
    page.blank();
    for paragraph in paragraphs(entry) {
        page.paragraph(&paragraph, 0, 0);
        page.blank();
    }
    for (label, text) in facts(entry) {
        page.labelled(label, &text, 16);
    }
    page.heading("Sources");
    for citation in entry.citations() {
        page.paragraph(&format!("{}: {}", citation.key, citation.text), 2, 2);
    }
    page.blank();
    page.paragraph(CELLS, 0, 0);
    page.finish()
}

pub(crate) fn paragraphs(entry: Entry) -> Vec<String> {
    let lines: Vec<&str> = entry.doc().lines().map(str::trim).collect();
    lines
        .split(|line| line.is_empty())
        .filter(|part| !part.is_empty())
        .map(|part| part.join(" "))
        .collect()
}

fn first_paragraph(entry: Entry) -> String {
    paragraphs(entry).into_iter().next().unwrap_or_default()
}

fn facts(entry: Entry) -> Vec<(&'static str, String)> {
    let list = |items: &[&str]| {
        if items.is_empty() {
            "none".to_owned()
        } else {
            items.join(", ")
        }
    };
    let mut facts = vec![
        ("Kind", entry.kind().to_owned()),
        ("Also called", list(entry.aliases())),
        ("Formula", entry.formula()),
        ("Needs", list(&entry.needs())),
        ("Range", range(entry)),
        ("No value when", entry.undefined_when()),
    ];
    match entry {
        Entry::Rate(rate) => {
            facts.push(("Family", rate.family().name().to_owned()));
            facts.push(("Better", better(rate.better).to_owned()));
        }
        Entry::Statistic(statistic) => facts.push(("Better", better(statistic.better).to_owned())),
        Entry::Criterion(criterion) => facts.extend(judged(criterion)),
    }
    facts
}

pub(crate) fn range(entry: Entry) -> String {
    match entry {
        Entry::Rate(_) => "0 to 1".to_owned(),
        Entry::Statistic(statistic) => match statistic.range {
            (Some(low), Some(high)) => format!("{low} to {high}"),
            (Some(low), None) => format!("{low} and up"),
            (None, Some(high)) => format!("{high} and down"),
            (None, None) => "any number".to_owned(),
        },
        Entry::Criterion(criterion) => match criterion.comparison {
            Comparison::Ratio => "0 and up; 1 is equal".to_owned(),
            Comparison::Difference => "-1 to 1; 0 is equal".to_owned(),
        },
    }
}

pub(crate) fn better(better: Better) -> &'static str {
    match better {
        Better::Higher => "higher",
        Better::Lower => "lower",
        Better::Neither => "depends on what the event means",
    }
}

pub(crate) fn bound(criterion: &Criterion) -> String {
    match criterion.comparison {
        Comparison::Ratio => format!("each ratio at least {}", plain_ratio(criterion.bound)),
        Comparison::Difference => format!(
            "each difference at most {} percentage points either way",
            plain_points(criterion.bound)
        ),
    }
}

pub(crate) fn level(criterion: &Criterion) -> &'static str {
    match criterion.level {
        DefaultLevel::Error => "error: a breach fails the audit",
        DefaultLevel::Warn => "warn: a breach is printed and does not fail the audit",
    }
}

fn judged(criterion: &Criterion) -> Vec<(&'static str, String)> {
    let rates: Vec<&str> = criterion.rates.iter().map(|rate| rate.id).collect();
    let mut facts = vec![
        ("Compares", rates.join(", ")),
        ("Default bound", bound(criterion)),
        ("Default level", level(criterion).to_owned()),
    ];
    if criterion.favourable {
        facts.push((
            "Adverse events",
            "with an adverse event one minus the rate is compared".to_owned(),
        ));
    }
    if criterion.per_stratum {
        facts.push(("Strata", "judged within each stratum".to_owned()));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn everything_in_the_catalogue_is_listed_and_explained() {
        let list = list_text(80, false);
        for entry in entries() {
            assert!(list.contains(entry.id()), "{}", entry.id());
            let text = explain_text(entry, 80, false);
            for label in ["Formula", "Needs", "Range", "No value when", "Sources", "TP, FP"] {
                assert!(text.contains(label), "{} has no {label}", entry.id());
            }
            assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        }
        assert!(list.lines().all(|line| line.width() <= 80), "{list}");
    }
}
