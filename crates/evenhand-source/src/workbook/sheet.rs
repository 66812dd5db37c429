//! This module keeps the rows of a sheet: the first and the last in memory, to find out what they are, and all of them
//! where there is room.

use std::collections::VecDeque;
use std::io::{BufReader, Read, Write};

use super::book::Trouble;
use super::cell::{Cell, Kind};
use crate::csv_file::MOST_COLUMNS;
use crate::input::{File, Keeper, Kept};

/// So many rows at the start are looked at to find the names of the columns.
pub(super) const FIRST: usize = 200;
/// So many rows at the end are looked at to find what is no record.
const LAST: usize = 40;
/// More rows than any program for workbooks has are a mistake, or meant to do harm.
const MOST_ROWS: u32 = 1_048_576;
/// So many cells are read.
const MOST_CELLS: u64 = 40_000_000;
/// A longer text is no cell: Excel allows 32,767 letters.
const LONGEST: usize = 1 << 20;
/// So many bytes of one row, of the first rows and of the last ones are kept in memory.
const MOST_HELD: usize = 16 << 20;

/// A row that has a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// As the program shows it, from 1.
    pub(super) number: u32,
    /// Its cells with their columns, from 0, in their order.
    pub(super) cells: Vec<(u32, Cell)>,
}

impl Row {
    /// The cell in this column.
    pub(super) fn cell(&self, column: u32) -> Option<&Cell> {
        let place = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        self.cells.get(place).map(|(_, cell)| cell)
    }

    /// About how much memory it takes.
    fn held(&self) -> usize {
        self.texts().map(|text| text.len() + size_of::<(u32, Cell)>()).sum()
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|(_, cell)| cell.text.as_str())
    }
}

/// A sheet that was read.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    kept: Kept,
    /// Its first rows with values.
    pub(super) first: Vec<Row>,
    /// Its last rows with values, which may be among the first.
    pub(super) last: VecDeque<Row>,
    /// How many rows have values.
    pub(super) rows: u64,
    /// The most cells that a row has.
    pub(super) widest: usize,
    /// Of each column, the last row with a value; 0 if there is none.
    pub(super) depths: Vec<u32>,
    /// About how much memory it takes.
    pub(super) held: usize,
}

impl Sheet {
    /// Its rows, from the first.
    pub(super) fn rows(&self) -> Rows {
        Rows {
            source: BufReader::with_capacity(1 << 16, File::Kept(self.kept.clone(), 0)),
        }
    }
}

/// Gathers the rows of a sheet.
pub(super) struct Gatherer {
    name: String,
    keeper: Keeper,
    row: Row,
    row_held: usize,
    first: Vec<Row>,
    first_held: usize,
    last: VecDeque<Row>,
    last_held: usize,
    rows: u64,
    cells: u64,
    widest: usize,
    depths: Vec<u32>,
    /// So many bytes may be kept.
    room: u64,
    most_cells: u64,
}

impl Gatherer {
    /// Of a workbook with so many bytes once unpacked: what takes far more was made to do harm.
    pub(super) fn new(name: &str, unpacked: u64) -> Self {
        Self {
            name: name.to_owned(),
            keeper: Keeper::default(),
            row: Row::default(),
            row_held: 0,
            first: Vec::new(),
            first_held: 0,
            last: VecDeque::new(),
            last_held: 0,
            rows: 0,
            cells: 0,
            widest: 0,
            depths: Vec::new(),
            room: unpacked.saturating_mul(20).saturating_add(256 << 20),
            // Repeated cells may be more than their bytes.
            most_cells: unpacked.saturating_add(4_000_000).min(MOST_CELLS),
        }
    }

    /// Adds a cell; rows come in order.
    pub(super) fn add(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), Trouble> {
        if row != self.row.number {
            if row < self.row.number {
                return Err(Trouble::broken(format!(
                    "in the sheet `{}`, row {row} comes after row {}",
                    self.name, self.row.number
                )));
            }
            self.end_row()?;
            self.row.number = row;
        }
        if row > MOST_ROWS || column as usize >= MOST_COLUMNS {
            return Err(Trouble::too_much(format!(
                "the sheet `{}` has more than 1,048,576 rows or 10,000 columns",
                self.name
            )));
        }
        self.row_held += cell.text.len() + size_of::<(u32, Cell)>();
        if cell.text.len() > LONGEST || self.row_held > MOST_HELD {
            return Err(Trouble::too_much(format!(
                "in the sheet `{}`, row {row} or a cell of it has far too much text",
                self.name
            )));
        }
        self.row.cells.push((column, cell));
        Ok(())
    }

    /// Adds the row once more, below it.
    pub(super) fn repeat(&mut self, times: u32) -> Result<(), Trouble> {
        for _ in 0..times {
            let again = self.row.clone();
            self.end_row()?;
            self.row = Row {
                number: again.number.saturating_add(1),
                ..again
            };
            if self.row.number > MOST_ROWS {
                return Err(Trouble::too_much(format!(
                    "the sheet `{}` has too many rows",
                    self.name
                )));
            }
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Trouble> {
        let mut row = std::mem::take(&mut self.row);
        self.row_held = 0;
        // A row of spaces alone is an empty row.
        if row.texts().all(|text| text.trim().is_empty()) {
            return Ok(());
        }
        row.cells.sort_by_key(|(column, _)| *column);
        if row
            .cells
            .windows(2)
            .any(|pair| matches!(pair, [(one, _), (other, _)] if one == other))
        {
            return Err(Trouble::broken(format!(
                "in the sheet `{}`, row {} has a cell twice",
                self.name, row.number
            )));
        }
        for (column, _) in &row.cells {
            let column = *column as usize;
            if self.depths.len() <= column {
                self.depths.resize(column + 1, 0);
            }
            if let Some(depth) = self.depths.get_mut(column) {
                *depth = row.number;
            }
        }
        self.rows += 1;
        self.cells += row.cells.len() as u64;
        self.widest = self.widest.max(row.cells.len());
        self.keep(&row)?;
        if self.cells > self.most_cells || self.keeper.length() > self.room {
            return Err(Trouble::too_much(format!(
                "the sheet `{}` has more than 40 million cells, or far more than its file has bytes",
                self.name
            )));
        }
        let held = row.held();
        if self.first.len() < FIRST && self.first.len() as u64 + 1 == self.rows && self.first_held < MOST_HELD {
            self.first_held += held;
            self.first.push(row.clone());
        }
        self.last_held += held;
        self.last.push_back(row);
        while self.last.len() > LAST || (self.last_held > MOST_HELD && self.last.len() > 1) {
            let before = self.last.pop_front();
            self.last_held -= before.map_or(0, |row| row.held());
        }
        Ok(())
    }

    fn keep(&mut self, row: &Row) -> Result<(), Trouble> {
        let mut bytes = Vec::new();
        bytes.extend(row.number.to_le_bytes());
        bytes.extend((row.cells.len() as u32).to_le_bytes());
        for (column, cell) in &row.cells {
            bytes.extend(column.to_le_bytes());
            bytes.push(cell.kind.number());
            bytes.extend((cell.text.len() as u32).to_le_bytes());
            bytes.extend(cell.text.as_bytes());
        }
        self.keeper.write_all(&bytes)?;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Sheet, Trouble> {
        self.end_row()?;
        Ok(Sheet {
            held: (self.keeper.length().min(MOST_HELD as u64) as usize) + self.first_held + self.last_held,
            name: self.name,
            kept: self.keeper.finish(),
            first: self.first,
            last: self.last,
            rows: self.rows,
            widest: self.widest,
            depths: self.depths,
        })
    }
}

/// The rows of a sheet, from the first.
#[derive(Debug)]
pub(super) struct Rows {
    source: BufReader<File>,
}

impl Rows {
    /// The next row; nothing at the end.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Row>> {
        let number = match self.number() {
            Ok(number) => number,
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        };
        let count = self.number()?;
        let mut cells = Vec::with_capacity((count as usize).min(MOST_COLUMNS));
        for _ in 0..count {
            let column = self.number()?;
            let mut kind = [0];
            self.source.read_exact(&mut kind)?;
            let [kind] = kind;
            let length = self.number()? as usize;
            let mut bytes = vec![0; length.min(LONGEST)];
            self.source.read_exact(&mut bytes)?;
            let kind = Kind::of_number(kind).ok_or(std::io::ErrorKind::InvalidData)?;
            let text = String::from_utf8(bytes).map_err(std::io::Error::other)?;
            cells.push((column, Cell { kind, text }));
        }
        Ok(Some(Row { number, cells }))
    }

    fn number(&mut self) -> std::io::Result<u32> {
        let mut bytes = [0; 4];
        self.source.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> Cell {
        Cell::of_number(value)
    }

    #[test]
    fn what_is_kept_is_what_was_added() {
        let mut gatherer = Gatherer::new("S", 0);
        for row in 1..=500u32 {
            gatherer.add(row * 2, 3, number(f64::from(row))).unwrap();
            gatherer.add(row * 2, 1, Cell::new(Kind::Text, "é")).unwrap();
            gatherer.add(row * 2 + 1, 0, Cell::new(Kind::Text, "  ")).unwrap();
        }
        let sheet = gatherer.finish().unwrap();
        assert_eq!((sheet.rows, sheet.first.len(), sheet.last.len()), (500, FIRST, LAST));
        assert_eq!(sheet.depths, [0, 1_000, 0, 1_000]);
        let mut rows = sheet.rows();
        for row in 1..=500u32 {
            let found = rows.next().unwrap().unwrap();
            assert_eq!(found.number, row * 2);
            assert_eq!(
                found.cells,
                [(1, Cell::new(Kind::Text, "é")), (3, number(f64::from(row)))]
            );
        }
        assert_eq!(rows.next().unwrap(), None);
    }

    #[test]
    fn rows_repeat_and_have_to_be_in_order() {
        let mut gatherer = Gatherer::new("S", 0);
        gatherer.add(1, 0, number(1.0)).unwrap();
        gatherer.repeat(2).unwrap();
        gatherer.add(5, 0, number(2.0)).unwrap();
        assert!(gatherer.add(4, 0, number(3.0)).is_err());
        let sheet = gatherer.finish().unwrap();
        let numbers: Vec<u32> = sheet.first.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 2, 3, 5]);
    }

    #[test]
    fn what_is_absurd_is_refused() {
        let mut gatherer = Gatherer::new("S", 0);
        assert!(gatherer.add(1, 10_000, number(1.0)).is_err());
        assert!(gatherer.add(2_000_000, 0, number(1.0)).is_err());
        let mut gatherer = Gatherer::new("S", 0);
        gatherer.add(1, 0, number(1.0)).unwrap();
        assert!(gatherer.repeat(u32::MAX).is_err());
    }
}
