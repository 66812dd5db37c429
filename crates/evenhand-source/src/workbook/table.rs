//! This module gives the records of a sheet once its sheet, its header and its end are known.

use std::collections::BTreeMap;

use evenhand_measure::Problem;
use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::policy::Data;

use super::cell::Kind;
use super::choice::Chosen;
use super::edges::{self, End, is_sparse, is_total};
use super::header::{self, Header, sample};
use super::marks::Marks;
use super::names::{self, Column};
use super::sheet::{self, Row, Sheet};
use crate::csv_file::MOST_COLUMNS;
use crate::input::Rows;
use crate::kernel::shown;
use crate::naming::words;
use crate::reading::{Format, Reading};
use crate::records::{Record, Records};

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
    notes.extend(before(&sheet, &header, data, &place));
    notes.extend(without_names(&columns, &place));
    notes.extend(after(&end, data, &place));
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

fn note(code: &str, severity: Severity, message: String, help: &str) -> Note {
    Note {
        code: code.to_owned(),
        severity,
        message,
        help: (!help.is_empty()).then(|| help.to_owned()),
    }
}

/// So many of something, as in `1 row` and `2 rows`.
fn many(count: u64, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

fn was(count: u64) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// Says what stands before the header.
fn before(sheet: &Sheet, header: &Header, data: &Data, place: &str) -> Option<Note> {
    let start = header.upper.unwrap_or(header.row);
    let titles: Vec<&Row> = sheet.first.iter().take_while(|row| row.number < start).collect();
    let first = titles.first().filter(|_| data.header_row.is_none())?;
    let count = titles.len() as u64;
    Some(note(
        "rows-before-header",
        Severity::Info,
        format!(
            "{place}: {} before the header {} left out; the first reads {}.",
            many(count, "row"),
            was(count),
            sample(first)
        ),
        &format!("--header-row {} says so; another number means another row", header.row),
    ))
}

fn without_names(columns: &[Column], place: &str) -> Option<Note> {
    let open: Vec<String> = columns
        .iter()
        .filter(|column| !column.is_named)
        .map(|column| shown(&column.name))
        .collect();
    let count = open.len() as u64;
    (count > 0 && open.len() < columns.len()).then(|| {
        let some: Vec<String> = open.into_iter().take(5).collect();
        note(
            "columns-without-name",
            Severity::Info,
            format!(
                "{place}: {} without a name {} called {}.",
                many(count, "column"),
                was(count),
                some.join(", ")
            ),
            "",
        )
    })
}

/// Says what stands after the records.
fn after(end: &End, data: &Data, place: &str) -> Option<Note> {
    if data.footer_rows.is_some() {
        return None;
    }
    if let Some(first) = end.left_out.first() {
        return Some(note(
            "rows-at-end-left-out",
            Severity::Warning,
            format!(
                "{place}: {} at the end {} left out, from row {} on, as totals or notes; the first reads {}.",
                many(end.count, "row"),
                was(end.count),
                first.number,
                sample(first)
            ),
            &format!(
                "--footer-rows {} says so; --footer-rows 0 reads them as records",
                end.count
            ),
        ));
    }
    let suspect = end.suspect.as_ref()?;
    Some(note(
        "row-like-a-total",
        Severity::Warning,
        format!(
            "{place}: the last row ({}) is read as a record and begins as a row of totals does: {}.",
            suspect.number,
            sample(suspect)
        ),
        "--footer-rows 1 leaves it out",
    ))
}

/// The records of a sheet.
struct Table {
    place: String,
    rows: sheet::Rows,
    marks: Marks,
    header: Header,
    columns: Vec<Column>,
    names: Vec<String>,
    /// Whether numbers in the column may be codes that lost their zeros.
    is_zip: Vec<bool>,
    last: u32,
    /// Merged cells of several rows whose first was read, by their column: the last row, and the value.
    open: BTreeMap<u32, (u32, Option<String>)>,
    /// The regions among the marks that start below this row are still to come.
    next_region: usize,
    previous: u32,
    counts: Counts,
}

/// What was found while records were read.
#[derive(Default)]
struct Counts {
    records: u64,
    empty: u64,
    headers: u64,
    hidden: u64,
    filled: u64,
    totals: u64,
    errors: BTreeMap<usize, u64>,
    short_zips: BTreeMap<usize, u64>,
    codes: BTreeMap<usize, u64>,
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

    fn named(&self, counts: &BTreeMap<usize, u64>) -> String {
        let named: Vec<String> = counts
            .iter()
            .map(|(index, count)| {
                let name = self.names.get(*index).map_or("", String::as_str);
                format!("{} ({count})", shown(name))
            })
            .take(8)
            .collect();
        named.join(", ")
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

    fn notes(&mut self) -> Vec<Note> {
        let place = &self.place;
        let counts = &self.counts;
        let mut notes = Vec::new();
        let mut add = |is_so: bool, code: &str, severity, message: String, help: &str| {
            if is_so {
                notes.push(note(code, severity, format!("{place}: {message}"), help));
            }
        };
        add(
            counts.empty > 0,
            "empty-rows-left-out",
            Severity::Info,
            format!(
                "{} between the records {} left out.",
                many(counts.empty, "empty row"),
                was(counts.empty)
            ),
            "if another table starts there, keep only one on the sheet",
        );
        add(
            counts.headers > 0,
            "repeated-headers-left-out",
            Severity::Info,
            format!(
                "{} that repeat the header {} left out.",
                many(counts.headers, "row"),
                was(counts.headers)
            ),
            "",
        );
        add(
            counts.totals > 0,
            "row-like-a-total",
            Severity::Warning,
            format!(
                "{} amid the records begin as totals do, and were read as records.",
                many(counts.totals, "row")
            ),
            "delete them from the sheet if they are totals",
        );
        let how = if self.marks.is_filtered { ", by a filter" } else { "" };
        add(
            counts.hidden > 0,
            "hidden-rows",
            Severity::Warning,
            format!(
                "{} of {} are hidden in the sheet{how}, and were read all the same.",
                counts.hidden,
                many(counts.records, "record")
            ),
            "if only the rows that are shown are meant, copy them to a sheet of their own",
        );
        let hidden = self
            .columns
            .iter()
            .filter(|column| self.marks.is_column_hidden(column.place));
        let hidden: Vec<String> = hidden.map(|column| shown(&column.name)).take(8).collect();
        add(
            !hidden.is_empty(),
            "hidden-columns",
            Severity::Info,
            format!("hidden columns were read as well: {}.", hidden.join(", ")),
            "",
        );
        add(
            counts.filled > 0,
            "merged-cells-filled",
            Severity::Warning,
            format!(
                "{} of merged cells that span several rows got the value of the first row.",
                many(counts.filled, "value")
            ),
            "split the merged cells if the value is meant for the first row only",
        );
        add(
            !counts.errors.is_empty(),
            "cells-with-errors",
            Severity::Warning,
            format!(
                "cells with an error such as #N/A are missing values: {}.",
                self.named(&counts.errors)
            ),
            "mend the formulas, if the values are needed",
        );
        let records = self.header.row + 1..=self.last;
        let uncomputed = self.marks.uncomputed.iter().filter(|(row, _)| records.contains(row));
        let places = self.columns.iter().map(|column| column.place);
        let places: BTreeMap<u32, usize> = places.zip(0..).collect();
        let mut open: BTreeMap<usize, u64> = BTreeMap::new();
        for index in uncomputed.filter_map(|(_, column)| places.get(column)) {
            *open.entry(*index).or_default() += 1;
        }
        add(
            !open.is_empty(),
            "formulas-without-values",
            Severity::Warning,
            format!(
                "formulas whose values the file does not hold are missing values: {}.",
                self.named(&open)
            ),
            "open the file in Excel or LibreOffice and save it, which computes them",
        );
        add(
            !counts.short_zips.is_empty(),
            "zip-codes-as-numbers",
            Severity::Warning,
            format!(
                "numbers of fewer than five digits may be zip codes that lost their zeros: {}.",
                self.named(&counts.short_zips)
            ),
            "export them as text",
        );
        add(
            !counts.codes.is_empty(),
            "numbers-with-leading-zeros",
            Severity::Info,
            format!(
                "numbers were read as they are shown, with leading zeros: {}.",
                self.named(&counts.codes)
            ),
            "",
        );
        notes
    }
}
