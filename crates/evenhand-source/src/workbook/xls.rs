//! This module reads the workbooks of Excel 97 to 2003. Their records are looked through first: for what they say
//! beside values, and for claims for which the reader would make room.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use calamine::{Reader as _, SheetType, SheetVisible, Xls, XlsError};

use super::book::{Book, Listed, Trouble, caught};
use super::cell::Cell;
use super::marks::{MOST, Marks, Region};
use super::ole::{self, u16_at, u32_at};
use super::sheet::{Gatherer, Sheet};
use crate::input::Input;

/// A bigger file is not read: a sheet has at most 65,536 rows.
const LARGEST: u64 = 64 << 20;
/// The area of all sheets, from the first to the last cell with a value, for all of which there has to be room.
const MOST_AREA: u64 = 4_000_000;
/// The area that a sheet may claim to have.
const MOST_CLAIMED: u64 = 8_500_000;
/// What is written out of formulas.
const MOST_FORMULAS: u64 = 128 << 20;

/// A workbook of Excel 97 to 2003.
pub(super) struct Old {
    book: Xls<Cursor<Vec<u8>>>,
    sheets: Vec<Listed>,
    marks: Vec<Marks>,
    bytes: u64,
}

impl Old {
    pub(super) fn open(input: &Input) -> Result<Self, Trouble> {
        let file = input.stored()?;
        let length = file.length()?;
        if length > LARGEST {
            return Err(Trouble::too_much("an .xls file has at most 64 MB"));
        }
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes)?;
        let seen = look_through(&ole::workbook(&bytes)?)?;
        let book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsError::Password => Trouble::protected(),
            error => Trouble::broken(error),
        })?;
        let mut sheets = Vec::new();
        let mut marks = Vec::new();
        for (sheet, seen) in book.sheets_metadata().iter().zip(seen) {
            if sheet.typ == SheetType::WorkSheet {
                sheets.push(Listed {
                    name: sheet.name.clone(),
                    is_hidden: sheet.visible != SheetVisible::Visible,
                });
                marks.push(seen);
            }
        }
        Ok(Self {
            book,
            sheets,
            marks,
            bytes: length,
        })
    }
}

impl Book for Old {
    fn sheets(&self) -> Vec<Listed> {
        self.sheets.clone()
    }

    fn read(&mut self, index: usize) -> Result<Sheet, Trouble> {
        let listed = self.sheets.get(index);
        let name = &listed.ok_or_else(|| Trouble::broken("a sheet is not there"))?.name;
        let book = &mut self.book;
        let bytes = self.bytes;
        caught(|| {
            let range = book.worksheet_range(name).map_err(Trouble::broken)?;
            let (top, left) = range.start().unwrap_or_default();
            let mut gatherer = Gatherer::new(name, bytes);
            for (row, column, value) in range.used_cells() {
                if let Some(cell) = Cell::of(value.clone()) {
                    gatherer.add(top + row as u32 + 1, left + column as u32, cell)?;
                }
            }
            gatherer.finish()
        })
    }

    fn marks(&mut self, index: usize) -> Result<Marks, Trouble> {
        Ok(self.marks.get(index).cloned().unwrap_or_default())
    }
}

/// What the records of one sheet say.
#[derive(Clone, Default)]
struct Seen {
    marks: Marks,
    /// The first and last row and column with a value.
    bounds: Option<[u16; 4]>,
}

impl Seen {
    fn add(&mut self, row: u16, first: u16, last: u16) {
        let [top, bottom, left, right] = self.bounds.unwrap_or([row, row, first, last]);
        self.bounds = Some([top.min(row), bottom.max(row), left.min(first), right.max(last)]);
    }

    fn area(&self) -> u64 {
        self.bounds.map_or(0, |[top, bottom, left, right]| {
            (u64::from(bottom - top) + 1) * (u64::from(right.max(left) - left) + 1)
        })
    }
}

/// Looks through all records, and gives the marks of the sheets in the order in which they are listed.
fn look_through(stream: &[u8]) -> Result<Vec<Marks>, Trouble> {
    let mut listed = Vec::new();
    let mut sheets: BTreeMap<usize, Seen> = BTreeMap::new();
    let mut at = 0;
    // Within a sheet there may be charts, which have cells of their own.
    let mut open: Vec<usize> = Vec::new();
    let mut letters = 0;
    let mut formulas = 0;
    let mut longest_name = 0;
    while let (Ok(kind), Ok(size)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let start = at + 4;
        let end = start + usize::from(size);
        let Some(body) = stream.get(start..end) else {
            return Err(Trouble::broken("a record of it ends early"));
        };
        match kind {
            // The start and the end of a sheet or chart.
            0x0809 => {
                open.push(at);
                sheets.insert(at, Seen::default());
            }
            0x000A => {
                open.pop();
            }
            // A password.
            0x002F => return Err(Trouble::protected()),
            // The list of sheets.
            0x0085 => listed.push(u32_at(body, 0)? as usize),
            // Names, and texts of their own.
            0x0018 => longest_name = longest_name.max(body.len() as u64),
            0x0204 | 0x00D6 => letters += u64::from(u16_at(body, 6)?),
            0x0207 => letters += u64::from(u16_at(body, 0)?),
            0x0006 => formulas += body.len() as u64,
            _ => {}
        }
        if let Some(seen) = open.first().and_then(|sheet| sheets.get_mut(sheet)) {
            of_sheet(seen, kind, body)?;
        }
        at = end;
    }
    // What is read makes room for as many letters as a text claims to have.
    if letters > 4 * stream.len() as u64 + (1 << 20) || formulas / 5 * longest_name > MOST_FORMULAS {
        return Err(Trouble::broken("its texts claim to be longer than the file"));
    }
    let sheets = listed.iter().map(|at| sheets.get(at).cloned());
    let sheets: Option<Vec<Seen>> = sheets.collect();
    let sheets = sheets.ok_or_else(|| Trouble::broken("a sheet is not where it is said to be"))?;
    let area: u64 = sheets.iter().map(Seen::area).sum();
    if area > MOST_AREA {
        return Err(Trouble::too_much(format!(
            "its sheets span {area} cells, and {MOST_AREA} of an .xls file are read"
        )));
    }
    Ok(sheets.into_iter().map(|seen| seen.marks).collect())
}

/// Sees a record of a sheet.
fn of_sheet(seen: &mut Seen, kind: u16, body: &[u8]) -> Result<(), Trouble> {
    const HIDDEN_ROW: u16 = 0x20;
    const HIDDEN_COLUMN: u16 = 1;
    match kind {
        // A cell.
        0x0203..=0x0205 | 0x00D6 | 0x027E | 0x00FD | 0x0006 => {
            let column = u16_at(body, 2)?;
            seen.add(u16_at(body, 0)?, column, column);
        }
        // Several numbers beside each other.
        0x00BD => {
            let last = u16_at(body, body.len().saturating_sub(2))?;
            seen.add(u16_at(body, 0)?, u16_at(body, 2)?, last);
        }
        // How far the sheet reaches.
        0x0200 if body.len() >= 14 => {
            let rows = u32_at(body, 4)?.saturating_sub(u32_at(body, 0)?);
            let columns = u16_at(body, 10)?;
            let claimed = u64::from(rows.max(1)) * u64::from(columns.max(1));
            if claimed > MOST_CLAIMED {
                return Err(Trouble::too_much(format!("a sheet claims to have {claimed} cells")));
            }
        }
        0x0208 if u16_at(body, 12)? & HIDDEN_ROW != 0 => {
            let row = u32::from(u16_at(body, 0)?) + 1;
            seen.marks.hide_row(row, row);
        }
        0x007D if u16_at(body, 8)? & HIDDEN_COLUMN != 0 && seen.marks.hidden_columns.len() < MOST => {
            let columns = (u32::from(u16_at(body, 0)?), u32::from(u16_at(body, 2)?));
            seen.marks.hidden_columns.push(columns);
        }
        // Rows are hidden by a filter.
        0x009B => seen.marks.is_filtered = true,
        0x00E5 => {
            let (regions, _) = body.get(2..).unwrap_or_default().as_chunks::<8>();
            for region in regions {
                let [top, bottom, left, right] = [0, 2, 4, 6].map(|at| u16_at(region, at).map(u32::from));
                if seen.marks.merged.len() < MOST {
                    seen.marks.merged.push(Region {
                        rows: (top? + 1, bottom? + 1),
                        columns: (left?, right?),
                    });
                }
            }
        }
        _ => {}
    }
    Ok(())
}
