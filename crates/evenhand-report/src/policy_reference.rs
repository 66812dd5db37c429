//! This module writes the reference of the policy file, `docs/policy.md`, from the rows of its keys.

use evenhand_measure::catalogue::METHODS;
use evenhand_measure::policy::keys::{KeyRow, SECTIONS, SectionRow, Takes, Usual, keys_of};
use evenhand_measure::policy::{Quantiles, presets};

use crate::catalog::check_line;

/// What no row can say: the way of the file as a whole, and a policy to begin with.
const OPENING: &str = include_str!("policy_reference/opening.md");

/// What is said after the keys of a table.
const AFTER: &[(&str, &str)] = &[
    ("publication", include_str!("policy_reference/publication.md")),
    ("report.section", include_str!("policy_reference/report.md")),
];

/// The reference as Markdown: every table and key of a policy file.
#[must_use]
pub fn policy_markdown() -> String {
    let mut page = OPENING.to_owned();
    page.push_str("\n## Before the first table\n");
    table(keys_of(""), &mut page);
    for row in SECTIONS {
        if keys_of(row.path).next().is_some() {
            section(row, &mut page);
        }
        if let Some((_, after)) = AFTER.iter().find(|(path, _)| *path == row.path) {
            page.push_str(&format!("\n{after}"));
        }
    }
    page.push_str(
        "\n## Presets\n\nA preset is a policy with a date and sources: `evenhand explain strict` says what it \
         establishes and what it does not.\n\n| preset | what it judges |\n|---|---|\n",
    );
    for preset in presets() {
        let checks: Vec<String> = preset.policy.checks.iter().map(check_line).collect();
        page.push_str(&format!("| `{}` | {} |\n", preset.id, cell(&checks.join(" "))));
    }
    page
}

fn section(row: &SectionRow, page: &mut String) {
    page.push_str(&format!("\n## `{}`\n\n{}\n", row.title(), row.about));
    table(keys_of(row.path), page);
}

fn table<'a>(keys: impl Iterator<Item = &'a KeyRow>, page: &mut String) {
    page.push_str("\n| key | what it means | what it takes | if it is not there | example |\n|---|---|---|---|---|\n");
    for key in keys {
        let name = if key.name == "*" {
            "any name".to_owned()
        } else {
            format!("`{}`", key.name)
        };
        let usual = match key.usual {
            Usual::Required => "an error".to_owned(),
            Usual::Is(usual) => format!("`{usual}`"),
            Usual::Told(told) => told.to_owned(),
            Usual::Nothing => "–".to_owned(),
        };
        page.push_str(&format!(
            "| {name} | {} | {} | {} | `{}` |\n",
            cell(key.meaning),
            cell(&takes(key.takes)),
            cell(&usual),
            cell(&key.line())
        ));
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn takes(takes: Takes) -> String {
    let words = |words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
        quoted.join(", ")
    };
    match takes {
        Takes::Text => "a text".to_owned(),
        Takes::Line => "a text of one line, up to 200 characters".to_owned(),
        Takes::Words => "a text that is not empty".to_owned(),
        Takes::Texts => "a list of texts".to_owned(),
        Takes::TextLists => "a list of lists of texts".to_owned(),
        Takes::Flag => "`true` or `false`".to_owned(),
        Takes::Letter => "one character".to_owned(),
        Takes::Number(range) => {
            let least = if range.with_least { "from" } else { "above" };
            let most = if range.with_most { "to" } else { "to below" };
            format!("a number {least} {} {most} {}", range.least, range.most)
        }
        // Nobody has so many rows that the highest number would be news.
        Takes::Whole(least, most) if most > 1 << 60 => format!("a whole number of {least} or more"),
        Takes::Whole(least, most) => format!("a whole number from {least} to {most}"),
        Takes::Wholes(least, most) => format!("a list of whole numbers from {least} to {most}"),
        Takes::Word(of) => words(of),
        Takes::Day => "a day, as `2026-01-31`".to_owned(),
        Takes::Threshold => "a number; or `\"median\"`: strictly above the median of all rows".to_owned(),
        Takes::Bins => format!("a list of rising numbers, or {}", words(&Quantiles::WORDS)),
        Takes::Attention => {
            "`\"log\"`, `\"trec\"`, `\"rbp:0.85\"`, `\"geometric:0.5\"`, `\"top:10\"`, `\"clicks\"`".to_owned()
        }
        Takes::Criterion => "the id of a criterion, or another name for it".to_owned(),
        Takes::Method(of) => {
            let of_it: Vec<&str> = METHODS
                .iter()
                .filter(|method| method.of == of)
                .map(|method| method.id)
                .collect();
            words(&of_it)
        }
        Takes::Preset => words(&presets().iter().map(|preset| preset.id.as_str()).collect::<Vec<_>>()),
        Takes::Color => "a colour as `\"#005a9c\"`".to_owned(),
    }
}
