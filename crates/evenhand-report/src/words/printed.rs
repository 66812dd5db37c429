//! This module says what a printed report says of itself, beside what it says of the audit.

/// The language of the sentences.
pub(crate) const LANGUAGE: &str = "en";
/// What a report is called that has no name.
pub(crate) const TITLE: &str = "Bias audit";
/// The title of the list of sections.
pub(crate) const CONTENTS: &str = "Contents";
/// What stands before the number of a page, and between it and how many there are.
pub(crate) const PAGE_OF: (&str, &str) = ("Page", "of");
/// The title of what a file says of itself.
pub(crate) const ABOUT: &str = "About this file";
/// What is attached.
pub(crate) const ATTACHED: &str =
    "The audit itself is attached to this file as audit.json: every number of this report, not rounded.";
/// The same, for the list of attachments.
pub(crate) const ATTACHMENT: &str = "The audit that this report was made from";
/// The name of a date that is not known.
pub(crate) const UNDATED: (&str, &str) = ("As of", "not dated");
/// What a file says as its date where there is none.
pub(crate) const FIXED_DATE: &str = "This report is not dated. Its file carries the fixed date 1980-01-01, so that the \
     same audit always gives the same file; --as-of dates a report.";

/// What became of characters that cannot be printed; `codes` are how the first of them are written.
pub(crate) fn not_printed(codes: &[String], more: usize) -> String {
    let more = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    format!(
        "Characters that no font of this report has are written by their code: {}{more}. --font adds a font that has \
         them.",
        codes.join(" ")
    )
}

/// The part of a table that is too wide for a page: `(columns 2 to 13 of 30)`.
pub(crate) fn columns(first: usize, last: usize, of: usize) -> String {
    format!("(columns {first} to {last} of {of})")
}
