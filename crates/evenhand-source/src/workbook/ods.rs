//! This module reads OpenDocument spreadsheets. Rows and cells may be repeated in them by a number, which the reader of
//! the other formats would write out in memory; here they are written down one by one, up to the usual limits.

use std::collections::BTreeSet;

use quick_xml::events::{BytesStart, Event};

use super::book::{Book, Listed, Trouble};
use super::cell::{Cell, Kind};
use super::marks::{MOST, Marks, Region};
use super::package::Package;
use super::sheet::{Gatherer, Sheet};
use super::xml::{self, Xml, attribute, number};

/// An OpenDocument spreadsheet; its sheets are read when it is opened, as they are in one part.
pub(super) struct Ods {
    sheets: Vec<(Listed, Sheet, Marks)>,
}

impl Ods {
    pub(super) fn open(package: &Package) -> Result<Self, Trouble> {
        let is_encrypted = package.part("META-INF/manifest.xml", is_encrypted)?;
        if is_encrypted == Some(true) {
            return Err(Trouble::protected());
        }
        let unpacked = package.unpacked;
        let sheets = package.part("content.xml", |xml| sheets(xml, unpacked))?;
        Ok(Self {
            sheets: sheets.unwrap_or_default(),
        })
    }
}

impl Book for Ods {
    fn sheets(&self) -> Vec<Listed> {
        self.sheets.iter().map(|(listed, ..)| listed.clone()).collect()
    }

    fn read(&mut self, index: usize) -> Result<Sheet, Trouble> {
        let sheet = self.sheets.get(index).map(|(_, sheet, _)| sheet.clone());
        sheet.ok_or_else(|| Trouble::broken("a sheet is not there"))
    }

    fn marks(&mut self, index: usize) -> Result<Marks, Trouble> {
        let marks = self.sheets.get(index).map(|(_, _, marks)| marks.clone());
        Ok(marks.unwrap_or_default())
    }
}

fn is_encrypted(xml: &mut Xml<'_>) -> Result<bool, Trouble> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(Trouble::broken)? {
            Event::Start(start) if start.local_name().as_ref() == "encryption-data" => return Ok(true),
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

fn sheets(xml: &mut Xml<'_>, unpacked: u64) -> Result<Vec<(Listed, Sheet, Marks)>, Trouble> {
    /// More than any program allows.
    const MOST_SHEETS: usize = 10_000;
    /// So much memory the starts of all sheets may take.
    const MOST_HELD: usize = 192 << 20;
    let mut found: Vec<(Listed, Sheet, Marks)> = Vec::new();
    let mut held = 0;
    let mut hidden = BTreeSet::new();
    let mut style = String::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(Trouble::broken)? {
            Event::Start(start) => match start.name().as_ref() {
                "style:style" => style = attribute(&start, "name")?.unwrap_or_default(),
                "style:table-properties" if attribute(&start, "display")?.as_deref() == Some("false") => {
                    hidden.insert(style.clone());
                }
                "table:table" => {
                    let name = attribute(&start, "name")?.unwrap_or_default();
                    let is_hidden = attribute(&start, "style-name")?.is_some_and(|style| hidden.contains(&style));
                    let mut table = Table::new(&name, unpacked);
                    table.read(xml)?;
                    let (sheet, marks) = table.finish()?;
                    held += sheet.held;
                    found.push((Listed { name, is_hidden }, sheet, marks));
                    if found.len() > MOST_SHEETS || held > MOST_HELD {
                        return Err(Trouble::too_much("its sheets together have far too many cells"));
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A sheet as it is read.
struct Table {
    name: String,
    gatherer: Gatherer,
    marks: Marks,
    row: u32,
    column: u32,
    /// Cells of the row that have a value, each with how often it stands there.
    cells: Vec<(u32, u32, Cell)>,
    /// How often the row stands there.
    times: u32,
    is_hidden: bool,
}

impl Table {
    fn new(name: &str, unpacked: u64) -> Self {
        Self {
            name: name.to_owned(),
            gatherer: Gatherer::new(name, unpacked),
            marks: Marks::default(),
            row: 1,
            column: 0,
            cells: Vec::new(),
            times: 1,
            is_hidden: false,
        }
    }

    fn finish(self) -> Result<(Sheet, Marks), Trouble> {
        Ok((self.gatherer.finish()?, self.marks))
    }

    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), Trouble> {
        let mut buffer = Vec::new();
        let mut columns = 0u32;
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(Trouble::broken)? {
                Event::Start(start) => match start.name().as_ref() {
                    "table:table-column" => {
                        let times = number(&start, "number-columns-repeated")?.unwrap_or(1);
                        let last = columns.saturating_add(times);
                        if is_invisible(&start)? && times > 0 && self.marks.hidden_columns.len() < MOST {
                            self.marks.hidden_columns.push((columns, last - 1));
                        }
                        columns = last;
                    }
                    "table:table-row" => {
                        self.times = number(&start, "number-rows-repeated")?.unwrap_or(1);
                        self.is_hidden = is_invisible(&start)?;
                        self.marks.is_filtered |= attribute(&start, "visibility")?.as_deref() == Some("filter");
                        self.column = 0;
                        self.cells.clear();
                    }
                    "table:table-cell" => self.cell(&start.to_owned(), xml)?,
                    "table:covered-table-cell" => {
                        let times = number(&start, "number-columns-repeated")?.unwrap_or(1);
                        skip(xml, "table:covered-table-cell")?;
                        self.column = self.column.saturating_add(times);
                    }
                    _ => {}
                },
                Event::End(end) => match end.name().as_ref() {
                    "table:table-row" => self.end_row()?,
                    "table:table" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Err(Trouble::broken(format!("the sheet `{}` ends early", self.name))),
                _ => {}
            }
        }
    }

    fn cell(&mut self, start: &BytesStart<'_>, xml: &mut Xml<'_>) -> Result<(), Trouble> {
        let times = number(start, "number-columns-repeated")?.unwrap_or(1);
        let rows = number(start, "number-rows-spanned")?.unwrap_or(1);
        let columns = number(start, "number-columns-spanned")?.unwrap_or(1);
        let shown = shown(xml)?;
        let value = value(start, shown)?;
        if attribute(start, "formula")?.is_some() && value.is_none() && self.marks.uncomputed.len() < MOST {
            // A formula whose value is an empty text says so.
            if attribute(start, "value-type")?.is_none() {
                self.marks.uncomputed.push((self.row, self.column));
            }
        }
        if (rows > 1 || columns > 1) && self.marks.merged.len() < MOST {
            self.marks.merged.push(Region {
                rows: (self.row, self.row.saturating_add(rows.max(1) - 1)),
                columns: (self.column, self.column.saturating_add(columns.max(1) - 1)),
            });
        }
        if let Some(cell) = value {
            self.cells.push((self.column, times, cell));
        }
        self.column = self.column.saturating_add(times);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Trouble> {
        let row = self.row;
        self.row = row.saturating_add(self.times);
        if self.times == 0 {
            return Ok(());
        }
        if self.is_hidden {
            self.marks.hide_row(row, self.row - 1);
        }
        if self.cells.is_empty() {
            return Ok(());
        }
        for (column, times, cell) in self.cells.drain(..) {
            for column in column..column.saturating_add(times) {
                self.gatherer.add(row, column, cell.clone())?;
            }
        }
        self.gatherer.repeat(self.times - 1)
    }
}

fn is_invisible(start: &BytesStart<'_>) -> Result<bool, Trouble> {
    Ok(matches!(
        attribute(start, "visibility")?.as_deref(),
        Some("collapse" | "filter")
    ))
}

/// Passes over an element that was started.
fn skip(xml: &mut Xml<'_>, name: &str) -> Result<(), Trouble> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(Trouble::broken)? {
            Event::End(end) if end.name().as_ref() == name => return Ok(()),
            Event::Eof => return Err(Trouble::broken("its cells end early")),
            _ => {}
        }
    }
}

/// The text that a cell shows, up to its end.
fn shown(xml: &mut Xml<'_>) -> Result<String, Trouble> {
    /// More spaces than a cell has letters.
    const MOST_SPACES: u32 = 65_536;
    let mut text = String::new();
    let mut paragraphs = 0;
    let mut is_within = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(Trouble::broken)? {
            Event::Start(start) => match start.name().as_ref() {
                // Comments are no part of the value.
                "office:annotation" => skip(xml, "office:annotation")?,
                "draw:frame" => skip(xml, "draw:frame")?,
                "text:p" => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                    is_within = true;
                }
                "text:s" => {
                    let spaces = number(&start, "c")?.unwrap_or(1).min(MOST_SPACES);
                    text.extend(std::iter::repeat_n(' ', spaces as usize));
                }
                "text:tab" => text.push('\t'),
                "text:line-break" => text.push('\n'),
                _ => {}
            },
            Event::Text(part) if is_within => text.push_str(&part.xml10_content()),
            Event::CData(part) if is_within => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if is_within => xml::resolve(&reference, &mut text)?,
            Event::End(end) => match end.name().as_ref() {
                "text:p" => is_within = false,
                "table:table-cell" => return Ok(text),
                _ => {}
            },
            Event::Eof => return Err(Trouble::broken("its cells end early")),
            _ => {}
        }
        if text.len() > 1 << 20 {
            return Err(Trouble::too_much("a cell has more than a million bytes"));
        }
    }
}

/// The cell with the value that `start` declares, which shows as `shown`.
fn value(start: &BytesStart<'_>, shown: String) -> Result<Option<Cell>, Trouble> {
    let mut is_error = false;
    let mut kind = None;
    for declared in start.attributes().with_checks(false) {
        let declared = declared.map_err(Trouble::broken)?;
        match declared.key.as_ref() {
            "office:value-type" => kind = Some(declared.value.into_owned()),
            "calcext:value-type" => is_error = declared.value == "error",
            _ => {}
        }
    }
    if is_error {
        return Ok(Some(Cell::new(Kind::Error, shown)));
    }
    let of = |name: &str| Ok::<_, Trouble>(attribute(start, name)?.unwrap_or_default());
    // LibreOffice makes formulas of the truths of other formats.
    match of("formula")?.as_str() {
        "of:=TRUE()" => return Ok(Some(Cell::new(Kind::Truth, "true"))),
        "of:=FALSE()" => return Ok(Some(Cell::new(Kind::Truth, "false"))),
        _ => {}
    }
    let cell = match kind.as_deref() {
        None => return Ok(None),
        Some("float" | "currency" | "percentage") => {
            let written = of("value")?;
            let number: f64 = written
                .trim()
                .parse()
                .map_err(|_| Trouble::broken("a number of it has no digits"))?;
            let cell = Cell::of_number(number);
            // A number that shows leading zeros is a code.
            let is_code = shown.len() > cell.text.len() && shown.bytes().all(|byte| byte.is_ascii_digit());
            let digits = if is_code && shown.ends_with(&cell.text) {
                shown.len()
            } else {
                0
            };
            cell.with_digits(digits)
        }
        Some("boolean") => Cell::new(Kind::Truth, of("boolean-value")?.to_lowercase()),
        Some("date") => Cell::of_written_moment(&of("date-value")?),
        Some("time") => Cell::of_written_duration(&of("time-value")?),
        Some(_) => Cell::new(Kind::Text, attribute(start, "string-value")?.unwrap_or(shown)),
    };
    Ok(Some(cell).filter(|cell| !cell.text.is_empty()))
}
