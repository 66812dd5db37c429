//! This module gives the records of a sheet once its sheet, its header and its end are known.

use std::collections::BTreeMap;

use evenhand_measure::Problem;
use evenhand_measure::audit::model::Note;
use evenhand_measure::policy::Data;

use super::cell::Kind;
use super::choice::Chosen;
use super::edges::{self, End, is_sparse, is_total};
use super::header::{self, Header};
use super::marks::Marks;
use super::names::{self, Column};
use super::sheet::{self, Row, Sheet};
use super::told;
use crate::csv_file::MOST_COLUMNS;
use crate::input::Rows;
use crate::kernel::shown;
use crate::naming::words;
use crate::reading::{Format, Reading};
use crate::records::{Points, Record, Records};

/// More fields are not written down.
const MOST_FIELDS: u64 = 200_000_000;

/// The records of the sheet that was chosen, as `data` says or as they look.
///
/// # Errors
/// When it is unclear which row names the columns, or `data` does not fit the sheet.
pub(super) fn rows(chosen: Chosen, data: &Data, name: &str) -> Result<Rows, Problem> {
    let Chosen {
        sheet,
        marks,
        mut notes,
    } = chosen;
    let place = format!("{name}, sheet {}", shown(&sheet.name));
    let header = match data.header_row {
        Some(row) => header::declared(&sheet, &marks, row, name)?,
        None => header::find(&sheet, &marks, name)?,
    };
    let columns = names::columns(&sheet, &marks, &header);
    if columns.len() > MOST_COLUMNS {
        return Err(Problem::data(
            format!("{place} has more than 10,000 columns"),
            "was the table exported sideways?",
        ));
    }
    // Every record gets a field for every column.
    if sheet.rows.saturating_mul(columns.len() as u64) > MOST_FIELDS {
        return Err(Problem::data(
            format!(
                "{place} has {} rows and {} columns, most of them empty",
                sheet.rows,
                columns.len()
            ),
            "delete the columns that are not needed, or save the sheet as \"CSV UTF-8\"",
        ));
    }
    let end = match data.footer_rows {
        Some(count) => edges::declared(&sheet, header.row, count).ok_or_else(|| {
            Problem::usage(
                format!(
                    "{place}: {count} rows at the end (--footer-rows) leave no records, or are too many to leave out"
                ),
                "give a smaller number",
            )
        })?,
        None => edges::find(&sheet, header.row, columns.len()),
    };
    notes.extend(told::before(&sheet, &header, data, &place));
    notes.extend(told::without_names(&columns, &place));
    notes.extend(told::after(&end, data, &place));
    let reading = Reading {
        format: Format::Workbook,
        data: Data {
            sheet: Some(sheet.name.clone()),
            header_row: Some(u64::from(header.row)),
            footer_rows: Some(end.count),
            ..data.clone()
        },
        notes,
        ..Reading::default()
    };
    let row = format!("sheet {}, row", shown(&sheet.name));
    Ok(Rows {
        records: Box::new(Table::new(sheet, marks, header, columns, end, place)),
        reading,
        place: row,
    })
}

/// The records of a sheet.
pub(super) struct Table {
    pub(super) place: String,
    rows: sheet::Rows,
    pub(super) marks: Marks,
    pub(super) header: Header,
    pub(super) columns: Vec<Column>,
    pub(super) names: Vec<String>,
    /// Whether numbers in the column may be codes that lost their zeros.
    is_zip: Vec<bool>,
    pub(super) last: u32,
    /// Merged cells of several rows whose first was read, by their column: the last row, and the value.
    open: BTreeMap<u32, (u32, Option<String>)>,
    /// The regions among the marks that start below this row are still to come.
    next_region: usize,
    previous: u32,
    pub(super) counts: Counts,
    points: Points,
}

/// What was found while records were read.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) records: u64,
    pub(super) empty: u64,
    pub(super) headers: u64,
    pub(super) hidden: u64,
    pub(super) filled: u64,
    pub(super) totals: u64,
    pub(super) errors: BTreeMap<usize, u64>,
    pub(super) short_zips: BTreeMap<usize, u64>,
    pub(super) codes: BTreeMap<usize, u64>,
}

impl Table {
    fn new(sheet: Sheet, mut marks: Marks, header: Header, columns: Vec<Column>, end: End, place: String) -> Self {
        marks
            .merged
            .retain(|region| region.rows.0 < region.rows.1 && region.rows.0 > header.row);
        marks.merged.sort_by_key(|region| (region.rows, region.columns));
        let is_zip = |column: &Column| words(&column.name).iter().any(|word| ZIP.contains(&word.as_str()));
        Self {
            place,
            rows: sheet.rows(),
            marks,
            header,
            names: columns.iter().map(|column| column.name.clone()).collect(),
            is_zip: columns.iter().map(is_zip).collect(),
            columns,
            last: end.last,
            open: BTreeMap::new(),
            next_region: 0,
            previous: header.row,
            counts: Counts::default(),
            points: Points::default(),
        }
    }

    /// Remembers the values of merged cells that start in this row.
    fn open_regions(&mut self, row: &Row) {
        self.open.retain(|_, (last, _)| *last >= row.number);
        while let Some(region) = self.marks.merged.get(self.next_region) {
            if region.rows.0 > row.number {
                break;
            }
            if region.rows.0 == row.number {
                let value = row.cell(region.columns.0).map(|cell| cell.text.clone());
                self.open.insert(region.columns.0, (region.rows.1, value));
            }
            self.next_region += 1;
        }
    }

    fn fill(&mut self, row: &Row, record: &mut Record) {
        for (index, column) in self.columns.iter().enumerate() {
            let Some(value) = record.get_mut(index) else {
                continue;
            };
            let Some(cell) = row.cell(column.place) else {
                *value = self.open.get(&column.place).and_then(|(_, value)| value.clone());
                self.counts.filled += u64::from(value.is_some());
                continue;
            };
            match cell.kind {
                Kind::Error => {
                    *self.counts.errors.entry(index).or_default() += 1;
                    *value = None;
                    continue;
                }
                Kind::Code => *self.counts.codes.entry(index).or_default() += 1,
                Kind::Number if self.is_zip.get(index) == Some(&true) && cell.text.len() < 5 => {
                    *self.counts.short_zips.entry(index).or_default() += 1;
                }
                _ => {}
            }
            if cell.kind == Kind::Number {
                self.points.see(index, &cell.text);
            }
            *value = Some(cell.text.clone());
        }
    }

    /// Whether the row names the columns once more, as on every page of a printout.
    fn is_header(&self, row: &Row) -> bool {
        self.header.row > 0
            && self.columns.len() > 1
            && self.columns.iter().all(|column| {
                let text = row.cell(column.place).map(|cell| cell.text.as_str());
                text == column.is_named.then_some(column.name.as_str())
            })
    }
}

const ZIP: [&str; 10] = [
    "zip",
    "zipcode",
    "postal",
    "postcode",
    "postalcode",
    "plz",
    "postleitzahl",
    "cap",
    "codigopostal",
    "zcta",
];

impl Records for Table {
    fn columns(&self) -> &[String] {
        &self.names
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        loop {
            let row = self.rows.next().map_err(|error| {
                Problem::data(
                    format!("{}: what was kept of it cannot be read: {error}", self.place),
                    "check the disk of the folder for temporary files",
                )
            })?;
            let Some(row) = row.filter(|row| row.number <= self.last) else {
                return Ok(None);
            };
            if row.number <= self.header.row {
                continue;
            }
            if self.counts.records > 0 || self.header.row > 0 {
                self.counts.empty += u64::from(row.number - self.previous - 1);
            }
            self.previous = row.number;
            self.open_regions(&row);
            if self.is_header(&row) {
                self.counts.headers += 1;
                continue;
            }
            record.clear();
            record.resize(self.columns.len(), None);
            self.fill(&row, record);
            self.counts.records += 1;
            self.counts.hidden += u64::from(self.marks.is_row_hidden(row.number));
            self.counts.totals +=
                u64::from(row.number != self.last && is_total(&row) && is_sparse(&row, self.columns.len()));
            return Ok(Some(u64::from(row.number)));
        }
    }

    fn typed(&self) -> Vec<String> {
        self.points.among(&self.names)
    }

    fn notes(&mut self) -> Vec<Note> {
        self.told()
    }
}
