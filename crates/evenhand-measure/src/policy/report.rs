//! This module is what a report says of itself: who made it for whom, in which dress, and what the owner adds. None of
//! it decides anything, so it is in neither the result nor the policy's hash.

use serde::{Serialize, Serializer};

use super::section::{Located, Section};
use super::words::words;
use crate::day::Day;

/// What a report says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The title, in place of the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// For whom it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auditor: Option<String>,
    /// The number of the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What every page says of who may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidentiality: Option<String>,
    /// What the auditor says of the engagement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engagement: Option<String>,
    /// What the auditor says of being independent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub independence: Option<String>,
    /// The file of a picture for the cover, seen from the policy's folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// The colour of rules and titles, as red, green and blue; dark enough to be read on white.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_hex")]
    pub accent: Option<[u8; 3]>,
    /// Files of further fonts, seen from the policy's folder.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fonts: Vec<String>,
    /// What is audited: the name of the tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The day on which the tool was first used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distribution_date: Option<Day>,
    /// Where the data come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_kind: Option<DataKind>,
    /// Who collected the data, where and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_source: Option<String>,
    /// What else has to be known of the data; of test data, why they were used and how they were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_explanation: Option<String>,
    /// Sections in the owner's own words.
    #[serde(rename = "section", skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<OwnSection>,
}

/// A section in the owner's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnSection {
    /// Its title.
    pub title: String,
    /// What it says, as Markdown.
    #[serde(flatten)]
    pub words: OwnWords,
}

/// Where the words of a section are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OwnWords {
    /// In the policy.
    Text(String),
    /// In a file, seen from the policy's folder.
    File(String),
}

/// Where the data of an audit come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataKind {
    /// From the use of the tool on people.
    Historical,
    /// From elsewhere.
    Test,
}

words! {
    DataKind { "historical" => Historical, "test" => Test }
}

/// The least contrast at which text can be read by most people (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;
/// Characters of what stands on a line of its own, such as at the foot of every page.
const LINE: usize = 200;

pub(super) fn report(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Report {
    let report = Report {
        title: line(&mut section, "title", problems),
        client: line(&mut section, "client", problems),
        auditor: line(&mut section, "auditor", problems),
        number: line(&mut section, "number", problems),
        confidentiality: line(&mut section, "confidentiality", problems),
        engagement: words_of(&mut section, "engagement", problems),
        independence: words_of(&mut section, "independence", problems),
        logo: words_of(&mut section, "logo", problems),
        accent: accent(&mut section, problems),
        fonts: section.texts("fonts", problems).unwrap_or_default(),
        tool: line(&mut section, "tool", problems),
        distribution_date: section.day("distribution-date", problems),
        data_kind: section.word("data-kind", problems),
        data_source: words_of(&mut section, "data-source", problems),
        data_explanation: words_of(&mut section, "data-explanation", problems),
        sections: section
            .sections("section", problems)
            .into_iter()
            .filter_map(|own| own_section(own, problems))
            .collect(),
    };
    section.finish(problems);
    report
}

/// A text with something in it.
fn words_of(section: &mut Section<'_, '_>, key: &str, problems: &mut Vec<Located>) -> Option<String> {
    let text = section.text(key, problems)?;
    if text.trim().is_empty() {
        problems.push(section.at(key, &format!("`{key}` is empty"), "leave it out, or say something"));
        return None;
    }
    Some(text)
}

/// A text that has a line to itself.
fn line(section: &mut Section<'_, '_>, key: &str, problems: &mut Vec<Located>) -> Option<String> {
    let text = words_of(section, key, problems)?;
    if text.chars().any(char::is_control) || text.chars().count() > LINE {
        problems.push(section.at(
            key,
            &format!("`{key}` is more than one line of {LINE} characters"),
            "write less, without line breaks; a [[report.section]] has room for more",
        ));
        return None;
    }
    Some(text)
}

fn own_section(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Option<OwnSection> {
    let title = line(&mut section, "title", problems);
    if title.is_none() && !section.has("title") {
        problems.push(section.here("a section of the report has no `title`", "add title = \"…\""));
    }
    let text = words_of(&mut section, "text", problems);
    let file = words_of(&mut section, "file", problems);
    let words = match (text, file) {
        (Some(text), None) => Some(OwnWords::Text(text)),
        (None, Some(file)) => Some(OwnWords::File(file)),
        (Some(_), Some(_)) => {
            problems.push(section.at(
                "file",
                "a section of the report has `text` and `file`",
                "keep one of the two",
            ));
            None
        }
        (None, None) => {
            if !section.has("text") && !section.has("file") {
                problems.push(section.here(
                    "a section of the report says nothing",
                    "add text = \"…\" with Markdown, or file = \"…\"",
                ));
            }
            None
        }
    };
    section.finish(problems);
    Some(OwnSection {
        title: title?,
        words: words?,
    })
}

fn accent(section: &mut Section<'_, '_>, problems: &mut Vec<Located>) -> Option<[u8; 3]> {
    let text = section.text("accent", problems)?;
    let Some(color) = color(&text) else {
        problems.push(section.at(
            "accent",
            &format!("`{text}` is no colour"),
            "write red, green and blue as \"#005a9c\"",
        ));
        return None;
    };
    let contrast = contrast_on_white(color);
    if contrast < LEAST_CONTRAST {
        let [red, green, blue] = darker(color);
        problems.push(section.at(
            "accent",
            &format!(
                "`{text}` has a contrast of {:.2} to 1 on white, and titles in it could not be read by everybody",
                // Cut off, so that what is too little never looks like enough.
                (contrast * 100.0).floor() / 100.0
            ),
            &format!(
                "{LEAST_CONTRAST} to 1 is the least: write a darker colour, such as \"#{red:02x}{green:02x}{blue:02x}\""
            ),
        ));
        return None;
    }
    Some(color)
}

/// `#005a9c`
fn color(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

/// How far a colour stands out from white, from 1 to 21 (WCAG 2.2, relative luminance).
fn contrast_on_white(color: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    let [red, green, blue] = color.map(linear);
    1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}

/// The nearest darker shade of a colour that can be read on white.
fn darker(color: [u8; 3]) -> [u8; 3] {
    let shade = |percent: u16| color.map(|part| u8::try_from(u16::from(part) * percent / 100).unwrap_or(0));
    (0..100)
        .rev()
        .map(shade)
        .find(|shade| contrast_on_white(*shade) >= LEAST_CONTRAST)
        .unwrap_or_default()
}

// serde hands over a reference to the field as it is.
#[expect(clippy::ref_option, reason = "serde calls it so")]
fn as_hex<S: Serializer>(color: &Option<[u8; 3]>, serializer: S) -> Result<S::Ok, S::Error> {
    match color {
        Some([red, green, blue]) => serializer.serialize_str(&format!("#{red:02x}{green:02x}{blue:02x}")),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
