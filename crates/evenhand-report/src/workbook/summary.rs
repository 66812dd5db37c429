//! This module is the first sheet: the verdict, what it does not tell, who made it for whom, the key figures.

use evenhand_measure::audit::model::{Audit, Verdict};
use rust_xlsxwriter::XlsxError;

use super::Sheet;
use super::cell::Cell;
use super::page::{Page, Table, Tone};
use crate::document::{Block, Document, Span};
use crate::numbers::count;
use crate::words;

pub(super) const NAME: &str = "Summary";
pub(super) const WIDTHS: [f64; 9] = [24.0, 19.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 14.0];

pub(super) fn write(
    mut page: Page<'_>,
    audit: &Audit,
    document: &Document,
    sheets: &[Sheet<'_>],
    left_out: usize,
) -> Result<(), XlsxError> {
    page.title(&document.title)?;
    page.skip();
    // What opens a report opens the workbook, in the same words.
    let first = document.sections.iter().take(1);
    blocks(&mut page, first.flat_map(|section| &section.blocks), audit.verdict)?;
    let advice = document
        .sections
        .iter()
        .filter(|section| section.id == "recommendations");
    for section in advice {
        page.heading(&section.title)?;
        blocks(&mut page, &section.blocks, audit.verdict)?;
    }
    page.heading("About this audit")?;
    page.facts(
        document
            .cover
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )?;
    if audit.provenance.as_of.is_none() {
        page.facts([(
            "Date",
            "Not dated: nobody said what day the audit is of. The file's properties carry 1980-01-01 in its place.",
        )])?;
    }
    if let Some(line) = &document.confidentiality {
        page.facts([("Confidentiality", line.as_str())])?;
    }
    key_figures(&mut page, audit)?;
    page.heading("How to read this workbook")?;
    page.list(&[
        "Rates are formulas over the counts beside them, ratios and differences are formulas over the rates: they can be \
         recalculated, traced and changed. Until then each shows the audit's own number."
            .to_owned(),
        "Grey numbers in italics are no quotient of the counts beside them, such as pooled or adjusted values.".to_owned(),
        "Where there is no value a cell says why. It is never 0.".to_owned(),
    ])?;
    page.heading("Sheets")?;
    page.facts(sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.about.as_str())))?;
    if left_out > 0 {
        page.paragraph(&format!(
            "Further sets of attributes, without a sheet of their own, among the counts and measures: {}.",
            count(left_out as u64)
        ))?;
    }
    page.portrait();
    Ok(())
}

fn key_figures(page: &mut Page<'_>, audit: &Audit) -> Result<(), XlsxError> {
    page.heading("Key figures")?;
    let data = &audit.data;
    let left_out: u64 = data.excluded.iter().map(|exclusion| exclusion.rows).sum();
    page.facts([
        ("Rows read", count(data.rows_read).as_str()),
        ("Rows counted", count(data.rows_counted).as_str()),
        ("Rows left out", count(left_out).as_str()),
    ])?;
    if audit.families.is_empty() {
        return Ok(());
    }
    page.skip();
    let header = [
        "Comparisons",
        "Adjusted by",
        "Together",
        "Listed",
        "Fail",
        "Inconclusive",
        "Pass",
        "Not judged",
        "Not compared",
    ];
    let rows = audit.families.iter().map(|family| {
        let name = match family.id.as_str() {
            "error-level" => "that count",
            "warn-level" => "that do not count",
            other => other,
        };
        let numbers = [
            family.size,
            family.listed,
            family.fail,
            family.inconclusive,
            family.pass,
            family.not_judged,
            family.not_applicable,
        ];
        let numbers = numbers.map(|number| Cell::count(number as u64));
        [Cell::text(name), Cell::text(family.adjustment.as_str())]
            .into_iter()
            .chain(numbers)
            .collect()
    });
    let rows = rows.collect();
    page.table(&Table {
        header: header.map(str::to_owned).to_vec(),
        rows,
    })?;
    Ok(())
}

/// What a report says, as far as a sheet can hold it: pictures have their place beside the numbers.
pub(super) fn blocks<'b>(
    page: &mut Page<'_>,
    blocks: impl IntoIterator<Item = &'b Block>,
    verdict: Verdict,
) -> Result<(), XlsxError> {
    for block in blocks {
        match block {
            Block::Verdict(banner) => {
                page.verdict(&banner.word, &banner.sentence, tone(verdict))?;
                for line in &banner.beside {
                    page.paragraph(&joined(line))?;
                }
            }
            Block::Heading(text) => page.heading(text)?,
            Block::Text(text) => page.paragraph(text)?,
            Block::List(lines) => page.list(lines)?,
            Block::Rich(spans) => page.paragraph(&joined(spans))?,
            Block::RichList { items, .. } => {
                let lines: Vec<String> = items.iter().map(|spans| joined(spans)).collect();
                page.list(&lines)?;
            }
            Block::Facts(facts) => page.facts(facts.iter().map(|(name, value)| (name.as_str(), value.as_str())))?,
            Block::Statements(statements) => {
                for statement in statements {
                    page.facts([(words::outcome_word(statement.outcome), statement.text.as_str())])?;
                }
            }
            Block::Fold { summary, blocks: inner } => {
                page.heading(summary)?;
                self::blocks(page, inner, verdict)?;
            }
            Block::Code(text) => {
                for line in text.lines() {
                    page.code(line)?;
                }
            }
            Block::Table(_) | Block::Figure(_) | Block::Blanks(_) => {}
        }
    }
    Ok(())
}

fn joined(spans: &[Span]) -> String {
    // A cell has one kind of letters, so that names of a computer's keep their marks.
    let text = |span: &Span| match span.code {
        true => format!("`{}`", span.text),
        false => span.text.clone(),
    };
    spans.iter().map(text).collect()
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Fail => Tone::Fail,
        Verdict::Pass => Tone::Pass,
        Verdict::Inconclusive | Verdict::NotJudged => Tone::Open,
    }
}
