//! This module sets a report as PDF, with the audit itself attached as JSON.

use std::fmt;

use evenhand_measure::audit::model::Audit;

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

/// The report as PDF.
///
/// # Errors
///
/// When the typesetter refuses the report, which would be a defect.
pub fn pdf(document: &Document, letterhead: &Letterhead, audit: &Audit) -> Result<Vec<u8>, PdfError> {
    let _ = (document, letterhead, audit);
    Err(PdfError {
        message: "not there yet".to_owned(),
    })
}
