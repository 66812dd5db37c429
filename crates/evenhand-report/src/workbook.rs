//! This module writes an audit as a workbook whose rates and ratios are formulas over the counts.
//!
//! Each formula carries the audit's own number as its cached value, so that the workbook shows the audit until somebody
//! recalculates it, and the same afterwards. What is no plain quotient of the counts beside it is a number, never a
//! formula that only looks like one.

mod cell;
mod chart;
mod data;
mod findings;
mod groups;
mod method;
mod names;
mod page;
mod published;
mod summary;
mod tested;
mod values;

use evenhand_measure::audit::model::{Audit, Publication};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::cell::fitted;
use self::names::Names;
use self::page::{Dress, Page};
use crate::document::{Document, Letterhead, document};
use crate::order::worse_off_first;
use crate::text::group_sets;

/// Rows of a table. A sheet could hold ten times as many, but few programs would open that in reasonable time.
const MOST_ROWS: usize = 100_000;
/// Sheets of attributes; what is left out stands among the counts and measures.
const MOST_SHEETS: usize = 60;
/// The day in the properties of a workbook that is not dated: the first that a ZIP archive can have.
const UNDATED: (u16, u8, u8) = (1980, 1, 1);

/// The audit as an Excel workbook.
///
/// # Errors
///
/// When the workbook cannot be written, which would be a defect.
pub fn workbook(audit: &Audit, letterhead: &Letterhead) -> Result<Vec<u8>, XlsxError> {
    write(audit, letterhead, MOST_ROWS)
}

/// A sheet behind the summary.
struct Sheet<'a> {
    kind: Kind<'a>,
    name: String,
    about: String,
}

/// What a sheet holds.
enum Kind<'a> {
    Findings,
    Groups(&'a groups::Attributes<'a>),
    Counts,
    Measures,
    Tests,
    Practical,
    Sensitivity,
    Data,
    Publication(&'a Publication),
    Method,
}

/// The workbook with at most `most` rows in a table.
fn write(audit: &Audit, letterhead: &Letterhead, most: usize) -> Result<Vec<u8>, XlsxError> {
    let document = document(audit, letterhead);
    let audit = &*worse_off_first(audit);
    let sets = group_sets(audit);
    let attributes = groups::attributes(&sets);
    let left_out = attributes.len().saturating_sub(MOST_SHEETS);
    let sheets = sheets(audit, &attributes);
    let dress = &Dress::new(&document, letterhead);
    let mut book = Workbook::new();
    book.set_properties(&properties(audit, &document, letterhead)?);
    let first = Page::new(book.add_worksheet(), summary::NAME, dress)?;
    summary::write(first.wide(&summary::WIDTHS)?, audit, &document, &sheets, left_out)?;
    for sheet in &sheets {
        let page = Page::new(book.add_worksheet(), &sheet.name, dress)?;
        match sheet.kind {
            Kind::Findings => findings::write(page.wide(&findings::widths())?, audit, most)?,
            Kind::Groups(of) => groups::write(page.wide(&of.widths())?, audit, of, most)?,
            Kind::Counts => values::write_counts(page.wide(&values::COUNTS)?, audit, &sets, most)?,
            Kind::Measures => values::write_measures(page.wide(&values::MEASURES)?, audit, &sets, most)?,
            Kind::Tests => tested::write_tests(page.wide(&tested::TESTS)?, audit, most)?,
            Kind::Practical => tested::write_practical(page.wide(&tested::PRACTICAL)?, audit, most)?,
            Kind::Sensitivity => tested::write_sensitivity(page.wide(&tested::SENSITIVITY)?, audit, most)?,
            Kind::Data => data::write(page.wide(&data::WIDTHS)?, audit)?,
            Kind::Publication(published) => published::write(page.wide(&published::WIDTHS)?, published, audit)?,
            Kind::Method => method::write(page.wide(&method::WIDTHS)?, audit, &document)?,
        }
    }
    book.save_to_buffer()
}

/// The sheets behind the summary, in order.
fn sheets<'a>(audit: &'a Audit, attributes: &'a [groups::Attributes<'a>]) -> Vec<Sheet<'a>> {
    let mut sheets = Vec::new();
    let mut add = |is_there: bool, kind: Kind<'a>, name: &str, about: &str| {
        if is_there {
            let (name, about) = (name.to_owned(), about.to_owned());
            sheets.push(Sheet { kind, name, about });
        }
    };
    let findings = "Every comparison that the audit lists, with the counts of both sides.";
    add(true, Kind::Findings, "Findings", findings);
    for of in attributes.iter().take(MOST_SHEETS) {
        add(true, Kind::Groups(of), &of.name(), &of.about());
    }
    let has = |is_share: bool| {
        let mut values = audit.rates.iter().flat_map(|group| group.values.values());
        values.any(|value| values::is_counted(value) == is_share)
    };
    let counts = "Numerator and denominator of every rate of every group.";
    add(has(true), Kind::Counts, "Counts", counts);
    let measures = "What is no share of rows, and every value that there is none of, with the reason.";
    add(has(false), Kind::Measures, "Measures", measures);
    let tests = "Named tests. They stand beside the verdict and never decide it.";
    add(!audit.tests.is_empty(), Kind::Tests, "Tests", tests);
    let practical = "What the differences mean in people and in effect sizes.";
    add(!audit.practical.is_empty(), Kind::Practical, "In people", practical);
    let sensitivity = "Which other assumptions would change the verdict.";
    add(
        !audit.sensitivity.is_empty(),
        Kind::Sensitivity,
        "Sensitivity",
        sensitivity,
    );
    add(
        true,
        Kind::Data,
        "Data",
        "Rows read, counted and left out, and how the columns were read.",
    );
    if let Some(published) = &audit.publication {
        let about = "The tables that a rule asks to be published.";
        add(true, Kind::Publication(published), "Publication", about);
    }
    let method = "Formulas in words, the policy that was applied, and what made this result from what.";
    add(true, Kind::Method, "Method", method);

    // Attributes are named last, so that a column called `Findings` takes no other sheet's name.
    let mut names = Names::default();
    names.unique(summary::NAME);
    let is_attribute = |sheet: &Sheet<'_>| matches!(sheet.kind, Kind::Groups(_));
    for attribute in [false, true] {
        for sheet in sheets.iter_mut().filter(|sheet| is_attribute(sheet) == attribute) {
            sheet.name = names.unique(&sheet.name);
        }
    }
    sheets
}

/// The properties of the file. Its day is that of the audit, so that the same audit gives the same bytes.
fn properties(audit: &Audit, document: &Document, letterhead: &Letterhead) -> Result<DocProperties, XlsxError> {
    let (year, month, day) = day(audit).unwrap_or(UNDATED);
    let made_with = format!("{} {}", audit.provenance.tool, audit.provenance.version);
    let mut properties = DocProperties::new()
        .set_title(short(&document.title))
        .set_subject("Bias audit")
        .set_author(short(letterhead.auditor.as_ref().unwrap_or(&made_with)))
        .set_comment(short(&format!("Made with {made_with}")))
        .set_creation_datetime(&ExcelDateTime::from_ymd(year, month, day)?);
    if let Some(client) = &letterhead.client {
        properties = properties.set_company(short(client));
    }
    Ok(properties)
}

/// Properties are for lists of files, where nobody reads more.
fn short(text: &str) -> String {
    let start: String = text.chars().take(200).collect();
    fitted(&start)
}

/// The day that the audit is dated, where it is one that a workbook can have.
fn day(audit: &Audit) -> Option<(u16, u8, u8)> {
    let mut parts = audit.provenance.as_of.as_deref()?.splitn(3, '-');
    let day = (
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    );
    ExcelDateTime::from_ymd(day.0, day.1, day.2).ok().map(|_| day)
}

#[cfg(test)]
mod tests;
