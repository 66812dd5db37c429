//! This module prints the catalogue of measures, and the presets, for `evenhand list` and `evenhand explain`.

use evenhand_measure::catalogue::{
    Better, Criterion, DefaultLevel, Entry, METHODS, Method, MethodOf, Unit, default_method, entries,
};
use evenhand_measure::inference::Comparison;
use evenhand_measure::policy::{Check, Level, Preset, presets};

use crate::arrange::{Ink, Page};
use crate::numbers::{plain_points, plain_ratio};
use crate::words::{attributes, capital};

const CELLS: &str = "TP, FP, FN, TN are counts of rows: true positives (the event was decided and came true), false \
    positives (decided, did not come true), false negatives (not decided, came true), true negatives (neither).";

/// Every criterion, rate, statistic and preset: one list per kind.
#[must_use]
pub fn list_text(width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    page.paragraph(
        "Every measure and preset, by id. `evenhand explain ID` says what one means and where it fails.",
        0,
        0,
    );
    for (kind, title) in [
        ("criterion", "Criteria: what is judged"),
        ("rate", "Rates"),
        ("statistic", "Statistics"),
        ("measure", "Measures of scores, amounts and lists"),
    ] {
        page.heading(title);
        for entry in entries().filter(|entry| entry.kind() == kind) {
            page.paragraph(&format!("{} (needs {})", entry.id(), entry.needs().join(", ")), 0, 4);
            page.paragraph(&first_paragraph(entry), 4, 0);
        }
    }
    page.heading("Methods: intervals that a policy chooses under [inference.methods], and named tests");
    for method in METHODS {
        page.paragraph(&format!("{} ({})", method.id, method_of(method)), 0, 4);
        page.paragraph(&first_paragraph(Entry::Method(method)), 4, 0);
    }
    page.heading("Presets: policies with their sources, for `--preset ID`");
    for preset in presets() {
        page.paragraph(&preset.id, 0, 4);
        page.paragraph(&format!("{}.", preset.title), 4, 0);
    }
    page.blank();
    page.paragraph(CELLS, 0, 0);
    page.finish()
}

/// One preset in full: what it checks, what that establishes and what not, its sources and their date.
#[must_use]
pub fn explain_preset_text(preset: &Preset, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let title = format!("{} ({})", preset.title, preset.id);
    page.inked(&title, title.len(), Ink::Bold);
    page.blank();
    page.labelled("Kind", &format!("preset; `--preset {}`", preset.id), 16);
    page.labelled("As of", &preset.as_of, 16);
    let parts = [
        ("Checks", checks(preset)),
        ("What it establishes", preset.establishes.clone()),
        ("What it does not establish", preset.does_not_establish.clone()),
        ("Notes", preset.notes.clone()),
        ("Sources", preset.sources.clone()),
    ];
    for (title, lines) in parts.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        page.heading(title);
        for line in lines {
            page.paragraph(&format!("- {line}"), 2, 2);
        }
    }
    page.finish()
}

/// What a preset asks, a line for each thing.
fn checks(preset: &Preset) -> Vec<String> {
    let policy = &preset.policy;
    let mut lines: Vec<String> = policy.checks.iter().map(check_line).collect();
    if policy.roles.intersect_all {
        lines.push("By each protected attribute, and by all of them together.".to_owned());
    }
    if policy.publication.is_some() {
        lines.push(
            "Prints the tables that the rule asks to be published; `--out publication=PATH` writes them.".to_owned(),
        );
    }
    lines
}

/// What a check asks.
pub(crate) fn check_line(check: &Check) -> String {
    let name = format!("{} ({})", capital(check.criterion.name), check.criterion.id);
    let by: Vec<String> = check.by.iter().map(|by| format!(" by {}", attributes(by))).collect();
    let by = by.join(",");
    match (check.bound, check.level) {
        (_, Level::Off) => format!("{name}{by}: not looked at."),
        (None, _) => format!("{name}{by}: computed, and not judged, because no pass mark is set."),
        (Some(bound), Level::Error) => {
            format!(
                "{name}{by}: {}; a breach fails the audit.",
                held_to(check.criterion, bound)
            )
        }
        (Some(bound), Level::Warn) => {
            format!(
                "{name}{by}: {}; a breach is printed and does not fail the audit.",
                held_to(check.criterion, bound)
            )
        }
    }
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
    if speaks_of_cells(entry) {
        page.blank();
        page.paragraph(CELLS, 0, 0);
    }
    page.finish()
}

/// Whether an entry is a function of the four cells, or compares one.
fn speaks_of_cells(entry: Entry) -> bool {
    match entry {
        Entry::Rate(_) | Entry::Statistic(_) => true,
        Entry::Criterion(criterion) => criterion.measure.is_none(),
        Entry::Measure(_) | Entry::Method(_) => false,
    }
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
    ];
    if let Entry::Method(method) = entry {
        facts.push(("For", method_of(method)));
        facts.push(("Assumes", method.assumptions.to_owned()));
    } else {
        facts.push(("Needs", list(&entry.needs())));
        facts.push(("Range", range(entry)));
    }
    facts.push(("No value when", entry.undefined_when()));
    match entry {
        Entry::Method(_) => {}
        Entry::Rate(rate) => {
            facts.push(("Family", rate.family().name().to_owned()));
            facts.push(("Better", better(rate.better).to_owned()));
        }
        Entry::Statistic(statistic) => facts.push(("Better", better(statistic.better).to_owned())),
        Entry::Measure(measure) => {
            facts.push(("About", measure.domain().to_owned()));
            facts.push(("Unit", measure.unit.words().to_owned()));
            facts.push(("Better", better(measure.better).to_owned()));
        }
        Entry::Criterion(criterion) => facts.extend(judged(criterion)),
    }
    facts
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

/// What a method is for, and whether it is the one that is used when nobody chooses.
pub(crate) fn method_of(method: &Method) -> String {
    let default = default_method(method.of).is_some_and(|default| default == method);
    match (method.of, default) {
        (MethodOf::Test, _) => "named test or adjustment".to_owned(),
        (of, true) => format!("interval of {}, the default", with_article(of.name())),
        (of, false) => format!("interval of {}", with_article(of.name())),
    }
}

pub(crate) fn range(entry: Entry) -> String {
    match entry {
        Entry::Method(_) => "as what it is used for".to_owned(),
        Entry::Rate(_) => "0 to 1".to_owned(),
        Entry::Statistic(statistic) => between(statistic.range),
        Entry::Measure(measure) => between(measure.range),
        Entry::Criterion(criterion) => match criterion.comparison {
            Comparison::Ratio => "0 and up; 1 is equal".to_owned(),
            Comparison::Difference
                if criterion
                    .measure
                    .is_some_and(|measure| measure.range != (Some(0.0), Some(1.0))) =>
            {
                "any number; 0 is equal".to_owned()
            }
            Comparison::Difference => "-1 to 1; 0 is equal".to_owned(),
        },
    }
}

fn between(range: (Option<f64>, Option<f64>)) -> String {
    match range {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} and up"),
        (None, Some(high)) => format!("{high} and down"),
        (None, None) => "any number".to_owned(),
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
    held_to(criterion, criterion.bound)
}

fn held_to(criterion: &Criterion, bound: f64) -> String {
    match criterion.comparison {
        Comparison::Ratio => format!("each ratio at least {}", plain_ratio(bound)),
        Comparison::Difference => {
            // A bound in a unit of its own has the digits of one in percent, a hundred times as large.
            let (size, unit) = match unit(criterion) {
                Unit::Share | Unit::Change => (plain_points(bound), " percentage points"),
                Unit::Deviations => (plain_points(bound / 100.0), " standard deviations"),
                Unit::Ratio | Unit::Amount | Unit::Score | Unit::Number => (plain_points(bound / 100.0), ""),
            };
            format!("each difference at most {size}{unit} either way")
        }
    }
}

/// What the numbers that a criterion compares are in.
fn unit(criterion: &Criterion) -> Unit {
    criterion.measure.map_or(Unit::Share, |measure| measure.unit)
}

pub(crate) fn level(criterion: &Criterion) -> &'static str {
    match criterion.level {
        DefaultLevel::Error => "error: a breach fails the audit",
        DefaultLevel::Warn => "warn: a breach is printed and does not fail the audit",
        DefaultLevel::ErrorUnless(_) => {
            "error: a breach fails the audit, unless something nearer to the point is judged"
        }
    }
}

fn judged(criterion: &Criterion) -> Vec<(&'static str, String)> {
    let rates = criterion.rates.iter().map(|rate| rate.id);
    let compared: Vec<&str> = rates.chain(criterion.measure.map(|measure| measure.id)).collect();
    let mut facts = vec![
        ("Compares", compared.join(", ")),
        ("Default bound", bound(criterion)),
        ("Default level", level(criterion).to_owned()),
    ];
    if criterion.favourable && criterion.measure.is_none() {
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
            let labels: &[&str] = match entry {
                Entry::Method(_) => &["Formula", "For", "Assumes", "No value when", "Sources"],
                _ => &["Formula", "Needs", "Range", "No value when", "Sources"],
            };
            assert_eq!(text.contains("TP, FP"), speaks_of_cells(entry), "{}", entry.id());
            assert!(
                text.lines().all(|line| !line.ends_with("  ")),
                "{} has an empty line of facts: {text}",
                entry.id()
            );
            for label in labels {
                assert!(text.contains(label), "{} has no {label}", entry.id());
            }
            assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        }
        assert!(list.lines().all(|line| line.width() <= 80), "{list}");
    }

    #[test]
    fn bounds_are_in_the_unit_of_what_is_compared() {
        for (id, expected) in [
            ("auc-parity", "each difference at most 0.05 either way"),
            (
                "score-parity",
                "each difference at most 0.2 standard deviations either way",
            ),
            (
                "pairwise-parity",
                "each difference at most 10 percentage points either way",
            ),
            (
                "equal-opportunity",
                "each difference at most 10 percentage points either way",
            ),
        ] {
            let text = explain_text(evenhand_measure::catalogue::find(id).unwrap(), 200, false);
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn every_preset_is_listed_and_explained() {
        let list = list_text(80, false);
        for preset in presets() {
            assert!(list.contains(&preset.id), "{}", preset.id);
            let text = explain_preset_text(preset, 80, false);
            for label in ["As of", "Checks", "What it establishes", "What it does not", "Sources"] {
                assert!(text.contains(label), "{} has no {label}", preset.id);
            }
            assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        }
        let ll144 = presets().iter().find(|preset| preset.id == "ll144").unwrap();
        let text = explain_preset_text(ll144, 200, false);
        assert!(
            text.contains("(disparate-impact): computed, and not judged, because no pass mark is set."),
            "{text}"
        );
        assert!(
            text.contains("sets no pass mark") && text.contains("2026-09-15"),
            "{text}"
        );
    }
}
