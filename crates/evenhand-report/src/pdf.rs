//! This module sets a report as PDF, with the audit itself attached as JSON.
//!
//! The file is PDF/A-3a, so that it can be read in thirty years, and PDF/UA-1, so that it can be read aloud. The same
//! audit gives the same bytes: nothing in it comes from a clock, and its date is the one that the audit is given.

mod columns;
mod drawing;
mod glyphs;
mod table;
mod values;
mod world;

use std::fmt;

use evenhand_measure::audit::model::Audit;
use sha2::{Digest, Sha256};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Dict, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use self::glyphs::{Care, Glyphs};
use self::world::Page;
use crate::document::{Document, Letterhead};

/// Why a PDF could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfError {
    /// What was wrong.
    pub message: String,
}

impl fmt::Display for PdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PdfError {}

impl PdfError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

/// What a report came to, and what the typesetter had to say about it.
struct Set {
    bytes: Vec<u8>,
    /// Empty, unless the layout is at fault.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests see to it that there are none"))]
    warnings: Vec<String>,
}

/// The report as PDF.
///
/// A character that no font has is written by its code point, such as `[U+540D]`, and the last page says so.
///
/// # Errors
///
/// When a font of the letterhead cannot be read or must not be embedded, when its logo cannot be drawn, when a picture
/// has no description, or when the typesetter refuses the report, which would be a defect.
pub fn pdf(document: &Document, letterhead: &Letterhead, audit: &Audit) -> Result<Vec<u8>, PdfError> {
    let fonts = glyphs::fonts(&letterhead.fonts)?;
    let json = crate::json(audit).map_err(|error| PdfError::new(format!("the audit cannot be attached: {error}")))?;
    let set = |care| {
        let mut glyphs = Glyphs::new(&fonts, care);
        let inputs = values::values(document, letterhead, audit, &json, &mut glyphs)?;
        typeset(inputs, &glyphs, audit, &json)
    };
    // What the fonts have can still fail to be set, such as a letter and a mark that no font joins. A name must not
    // cost the report: it is then set with the plainest letters alone.
    let made = set(Care::Fonts).or_else(|error| set(Care::Plain).map_err(|_| error))?;
    Ok(made.bytes)
}

fn typeset(inputs: Dict, glyphs: &Glyphs<'_>, audit: &Audit, json: &str) -> Result<Set, PdfError> {
    let options = options(audit, json)?;
    let page = Page::new(inputs, glyphs.fonts());
    let compiled = typst::compile::<PagedDocument>(&page);
    let made = compiled.output.and_then(|document| typst_pdf::pdf(&document, &options));
    // The typesetter remembers what it has set, in case it is to set it again.
    typst::comemo::evict(0);
    let bytes = made.map_err(|errors| PdfError::new(errors.iter().map(said).collect::<Vec<_>>().join("; ")))?;
    Ok(Set {
        bytes,
        warnings: compiled.warnings.iter().map(said).collect(),
    })
}

fn options(audit: &Audit, json: &str) -> Result<PdfOptions, PdfError> {
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]);
    let hash: String = Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect();
    let (year, month, day) = date(audit).unwrap_or(FIXED_DATE);
    Ok(PdfOptions {
        ident: Smart::Custom(hash),
        creator: Smart::Custom(Some(format!("{} {}", audit.provenance.tool, audit.provenance.version))),
        timestamp: Datetime::from_ymd_hms(year, month, day, 0, 0, 0).map(Timestamp::new_utc),
        standards: standards.map_err(|error| PdfError::new(error.message().as_str()))?,
        ..PdfOptions::default()
    })
}

/// The date of a file that has none: the first that every format can write.
const FIXED_DATE: (i32, u8, u8) = (1980, 1, 1);

/// The day that an audit is given, where it is one.
fn date(audit: &Audit) -> Option<(i32, u8, u8)> {
    let as_of = audit.provenance.as_of.as_deref()?;
    let mut parts = as_of.get(..10).unwrap_or(as_of).splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let date = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Datetime::from_ymd(date.0, date.1, date.2).filter(|_| (1..=9999).contains(&date.0))?;
    Some(date)
}

/// What is wrong, and where in the template.
fn said(diagnostic: &SourceDiagnostic) -> String {
    let hints: Vec<&str> = diagnostic.hints.iter().map(|hint| hint.v.as_str()).collect();
    match hints.as_slice() {
        [] => diagnostic.message.to_string(),
        hints => format!("{} ({})", diagnostic.message, hints.join("; ")),
    }
}

#[cfg(test)]
mod tests;
