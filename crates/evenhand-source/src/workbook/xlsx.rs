//! This module reads the workbooks of Excel since 2007: those of XML (xlsx, xlsm) and those of binary records (xlsb).

use std::io::BufReader;

use calamine::{Data, Reader as _, Sheet as Found, SheetType, SheetVisible, Xlsb, Xlsx, XlsxError};
use quick_xml::events::Event;

use super::book::{Book, Listed, Trouble, caught};
use super::cell::Cell;
use super::marks::{MOST, Marks, Region};
use super::package::Package;
use super::sheet::{Gatherer, Sheet};
use super::xml::{self, Xml};
use crate::input::File;

/// A workbook of XML.
pub(super) struct Plain {
    book: Xlsx<BufReader<File>>,
    package: Package,
    sheets: Vec<Listed>,
}

impl Plain {
    pub(super) fn open(package: &Package) -> Result<Self, Trouble> {
        let book = Xlsx::new(package.file()?).map_err(|error| match error {
            XlsxError::Password => Trouble::protected(),
            error => Trouble::broken(error),
        })?;
        Ok(Self {
            sheets: listed(book.sheets_metadata()),
            book,
            package: package.clone(),
        })
    }
}

impl Book for Plain {
    fn sheets(&self) -> Vec<Listed> {
        self.sheets.clone()
    }

    fn read(&mut self, index: usize) -> Result<Sheet, Trouble> {
        let name = &named(&self.sheets, index)?.name;
        let book = &mut self.book;
        let unpacked = self.package.unpacked;
        caught(|| {
            let mut gatherer = Gatherer::new(name, unpacked);
            let mut cells = book.worksheet_cells_reader(name).map_err(Trouble::broken)?;
            let digits: Vec<usize> = cells
                .styles()
                .iter()
                .map(|style| digits(style.number_format.as_ref().map_or("", |format| &format.format_code)))
                .collect();
            while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(Trouble::broken)? {
                let (row, column) = cell.get_position();
                if let Some(cell) = Cell::of(Data::from(cell.get_value().clone())) {
                    let digits = digits.get(style).copied().unwrap_or(0);
                    gatherer.add(row.saturating_add(1), column, cell.with_digits(digits))?;
                }
            }
            gatherer.finish()
        })
    }

    fn marks(&mut self, index: usize) -> Result<Marks, Trouble> {
        let name = &named(&self.sheets, index)?.name;
        let package = &self.package;
        caught(|| {
            let Some(path) = path_of(package, name)? else {
                return Ok(Marks::default());
            };
            Ok(package.part(&path, marks)?.unwrap_or_default())
        })
    }
}

/// How many digits a format shows at least, if it is nothing but zeros, as for zip codes.
fn digits(format: &str) -> usize {
    if format.bytes().all(|byte| byte == b'0') {
        format.len().min(20)
    } else {
        0
    }
}

fn listed(sheets: &[Found]) -> Vec<Listed> {
    sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| Listed {
            name: sheet.name.clone(),
            is_hidden: sheet.visible != SheetVisible::Visible,
        })
        .collect()
}

fn named(sheets: &[Listed], index: usize) -> Result<&Listed, Trouble> {
    sheets
        .get(index)
        .ok_or_else(|| Trouble::broken(format!("it has no sheet {}", index + 1)))
}

/// Where the sheet of this name is, which only the workbook's relations tell.
fn path_of(package: &Package, name: &str) -> Result<Option<String>, Trouble> {
    let is_document = |kind: &str| kind.ends_with("/officeDocument");
    let relations = package.part("_rels/.rels", relations)?.unwrap_or_default();
    let document = relations.into_iter().find(|relation| is_document(&relation.kind));
    let document = document.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
    let document = document.trim_start_matches('/');
    let (folder, file) = document.rsplit_once('/').unwrap_or(("", document));
    let within = |target: &str| match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let Some(id) = package.part(document, |xml| id_of(xml, name))?.flatten() else {
        return Ok(None);
    };
    let relations = package.part(&within(&format!("_rels/{file}.rels")), self::relations)?;
    let sheet = relations
        .unwrap_or_default()
        .into_iter()
        .find(|relation| relation.id == id);
    Ok(sheet.map(|relation| within(&relation.target)))
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relations(xml: &mut Xml<'_>) -> Result<Vec<Relation>, Trouble> {
    let mut found = Vec::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(Trouble::broken)? {
            Event::Start(start) if start.local_name().as_ref() == "Relationship" => found.push(Relation {
                id: xml::attribute(&start, "Id")?.unwrap_or_default(),
                kind: xml::attribute(&start, "Type")?.unwrap_or_default(),
                target: xml::attribute(&start, "Target")?.unwrap_or_default(),
            }),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The id of the relation to the sheet of this name.
fn id_of(xml: &mut Xml<'_>, name: &str) -> Result<Option<String>, Trouble> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(Trouble::broken)? {
            Event::Start(start)
                if start.local_name().as_ref() == "sheet"
                    && xml::attribute(&start, "name")?.as_deref() == Some(name) =>
            {
                return xml::attribute(&start, "id");
            }
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// What a sheet's XML says beside its values.
fn marks(xml: &mut Xml<'_>) -> Result<Marks, Trouble> {
    let mut marks = Marks::default();
    let mut buffer = Vec::new();
    let mut row = 0;
    let mut column = 0;
    let mut formula = Formula::default();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(Trouble::broken)? {
            Event::Start(start) => match start.local_name().as_ref() {
                "col" if xml::is_true(&start, "hidden")? => {
                    let first = xml::number(&start, "min")?.unwrap_or(1).saturating_sub(1);
                    let last = xml::number(&start, "max")?.unwrap_or(first + 1).saturating_sub(1);
                    if marks.hidden_columns.len() < MOST {
                        marks.hidden_columns.push((first, last));
                    }
                }
                "row" => {
                    row = xml::number(&start, "r")?.unwrap_or(row + 1);
                    column = 0;
                    if xml::is_true(&start, "hidden")? {
                        marks.hide_row(row, row);
                    }
                }
                "c" => {
                    column = match xml::attribute(&start, "r")?.as_deref().and_then(place) {
                        Some((_, column)) => column,
                        None => column,
                    };
                    formula = Formula {
                        is_text: xml::attribute(&start, "t")?.as_deref() == Some("str"),
                        ..Formula::default()
                    };
                }
                "f" => formula.is_there = true,
                "v" => {
                    formula.is_within = true;
                    formula.has_value = formula.is_text;
                }
                "filterColumn" => marks.is_filtered = true,
                "mergeCell" => {
                    let region = xml::attribute(&start, "ref")?;
                    if let Some(region) = region.as_deref().and_then(region_of) {
                        if marks.merged.len() >= MOST {
                            return Err(Trouble::too_much("it has more than a million merged cells"));
                        }
                        marks.merged.push(region);
                    }
                }
                _ => {}
            },
            Event::Text(_) | Event::GeneralRef(_) => formula.has_value |= formula.is_within,
            Event::End(end) => match end.local_name().as_ref() {
                "v" => formula.is_within = false,
                "c" => {
                    if formula.is_there && !formula.has_value && marks.uncomputed.len() < MOST {
                        marks.uncomputed.push((row, column));
                    }
                    column = column.saturating_add(1);
                }
                _ => {}
            },
            Event::Eof => return Ok(marks),
            _ => {}
        }
    }
}

/// What is known of the formula in a cell. One whose value is an empty text has a value.
#[derive(Default)]
struct Formula {
    is_there: bool,
    is_text: bool,
    is_within: bool,
    has_value: bool,
}

/// The row (from 1) and the column (from 0) of a place such as `AB12`.
fn place(text: &str) -> Option<(u32, u32)> {
    let text = text.replace('$', "");
    let split = text.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, digits) = text.split_at_checked(split)?;
    let column = letters.bytes().try_fold(0u32, |column, letter| {
        let digit = letter
            .to_ascii_uppercase()
            .checked_sub(b'A')
            .filter(|digit| *digit < 26)?;
        column.checked_mul(26)?.checked_add(u32::from(digit) + 1)
    })?;
    Some((digits.parse().ok()?, column.checked_sub(1)?))
}

fn region_of(text: &str) -> Option<Region> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (first, last) = (place(first)?, place(last)?);
    Some(Region {
        rows: (first.0, last.0),
        columns: (first.1, last.1),
    })
}

/// A workbook of binary records.
pub(super) struct Binary {
    book: Xlsb<BufReader<File>>,
    unpacked: u64,
    sheets: Vec<Listed>,
}

impl Binary {
    pub(super) fn open(package: &Package) -> Result<Self, Trouble> {
        let book = Xlsb::new(package.file()?).map_err(Trouble::broken)?;
        Ok(Self {
            sheets: listed(book.sheets_metadata()),
            book,
            unpacked: package.unpacked,
        })
    }
}

impl Book for Binary {
    fn sheets(&self) -> Vec<Listed> {
        self.sheets.clone()
    }

    fn read(&mut self, index: usize) -> Result<Sheet, Trouble> {
        let name = &named(&self.sheets, index)?.name;
        let book = &mut self.book;
        let unpacked = self.unpacked;
        caught(|| {
            let mut gatherer = Gatherer::new(name, unpacked);
            let mut cells = book.worksheet_cells_reader(name).map_err(Trouble::broken)?;
            while let Some(cell) = cells.next_cell().map_err(Trouble::broken)? {
                let (row, column) = cell.get_position();
                if let Some(cell) = Cell::of(Data::from(cell.get_value().clone())) {
                    gatherer.add(row.saturating_add(1), column, cell)?;
                }
            }
            gatherer.finish()
        })
    }

    /// The format does not tell in a way that is read here.
    fn marks(&mut self, _index: usize) -> Result<Marks, Trouble> {
        Ok(Marks::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_regions() {
        assert_eq!(place("A1"), Some((1, 0)));
        assert_eq!(place("$AB$12"), Some((12, 27)));
        assert_eq!(place("12"), None);
        assert_eq!(place("ZZZZZZZZZ1"), None);
        let region = region_of("B2:D3").unwrap();
        assert_eq!((region.rows, region.columns), ((2, 3), (1, 3)));
    }

    #[test]
    fn formats_of_zeros_show_so_many_digits() {
        assert_eq!(
            [digits("00000"), digits("0"), digits("0.00"), digits("General")],
            [5, 1, 0, 0]
        );
    }

    #[test]
    fn formulas_without_a_value_are_seen() {
        let sheet = r#"<worksheet><sheetData>
            <row r="1" hidden="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c><f/><v/></c></row>
            <row><c t="str"><f>""</f><v></v></c><c t="str"><f>"x"</f><v>&amp;</v></c></row>
        </sheetData><autoFilter><filterColumn/></autoFilter><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>"#;
        let found = marks(&mut xml::reader(sheet.as_bytes())).unwrap();
        assert_eq!(found.uncomputed, [(1, 1), (1, 2)]);
        assert_eq!(found.hidden_rows, [(1, 1)]);
        assert!(found.is_filtered);
        assert_eq!(found.merged.len(), 1);
    }
}
