//! This module finds the header of a text: which line names the columns, and what comes before it.

use evenhand_measure::Problem;
use evenhand_measure::audit::model::{Note, Severity};

use super::dialect::{Outline, Sketch};
use super::encoding::not_text;
use super::head::{MOST_COLUMNS, note};
use super::record::{self, Block, Ends, line_ends};
use crate::kernel::shown;

/// So many records tell whether what looks like a header looks like them.
const COMPARED: usize = 500;

/// The header of a text.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) columns: Vec<String>,
    /// Its line, from 1; 0 when there is none.
    pub(super) line: u64,
    /// Where the first record after it starts.
    pub(super) next: usize,
    /// Whether it is there once more among the records.
    pub(super) is_repeated: bool,
    pub(super) notes: Vec<Note>,
}

/// A text that is searched for its header.
pub(super) struct Search<'a> {
    pub(super) name: &'a str,
    pub(super) block: &'a Block,
    /// Where the lines start that may be a header.
    pub(super) from: usize,
    pub(super) sketch: &'a Sketch,
    /// How many bytes of a mark come before the block.
    pub(super) mark: usize,
}

impl Search<'_> {
    /// The header, which is in this line if that is declared.
    pub(super) fn header(&self, declared: Option<u64>) -> Result<Header, Problem> {
        let (record, is_header) = match declared {
            Some(0) => (self.first()?, false),
            Some(line) => (self.in_line(line)?, true),
            None => (self.likely()?, true),
        };
        let next = if is_header { record.next } else { record.from };
        let mut header = Header {
            columns: self.names(&record)?,
            line: if is_header { self.line(record.from) } else { 0 },
            next,
            is_repeated: false,
            notes: Vec::new(),
        };
        let before = if is_header { record.from } else { self.from };
        header.notes.extend(self.lines_before(before, header.line));
        if is_header {
            // In a single column, a value may be called as the column is.
            header.is_repeated = record.fields > 1 && self.is_repeated(&record);
            if let Some(rule) = self.rule(&record) {
                header.next = rule.next;
                header.notes.push(self.ruled(&rule));
            }
        } else {
            header.columns.iter_mut().for_each(String::clear);
        }
        let mut unnamed = Vec::new();
        for (index, name) in header.columns.iter_mut().enumerate() {
            if name.trim().is_empty() {
                *name = format!("column {}", index + 1);
                unnamed.push(index + 1);
            }
        }
        header.notes.extend(self.without_names(&unnamed, is_header));
        Ok(header)
    }

    fn first(&self) -> Result<Outline, Problem> {
        let first = self.sketch.records.first().copied();
        first.ok_or_else(|| self.too_long())
    }

    /// The record that starts in this line.
    fn in_line(&self, line: u64) -> Result<Outline, Problem> {
        let text = self.block.text();
        let mut from = 0;
        let mut at = 1;
        while at < line && from < text.len() {
            let end = text[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let end = end.map_or(text.len(), |end| from + end);
            from = (end + if text[end..].starts_with(b"\r\n") { 2 } else { 1 }).min(text.len());
            at += 1;
        }
        let blank = |what: &str| {
            Problem::data(
                format!(
                    "{}: line {line}, which `--header-row` names as the header, {what}",
                    self.name
                ),
                "count the lines from 1, with blank ones, and give `--header-row` the line that names the columns; 0 if \
                 none does",
            )
        };
        if from >= text.len() {
            return Err(blank("is not there, or not within the first million bytes"));
        }
        if matches!(text[from], b'\n' | b'\r') {
            return Err(blank("is blank"));
        }
        let ends = Ends::new(self.sketch.delimiter);
        let mut filled = 0;
        let read = record::read(self.block, ends, from, |_, field| {
            filled += usize::from(!field.value.trim_ascii().is_empty());
            Ok::<(), Problem>(())
        })?;
        Ok(Outline {
            from,
            next: read.next,
            fields: read.fields,
            filled,
            after_gap: false,
        })
    }

    /// The record that is most likely the header.
    fn likely(&self) -> Result<Outline, Problem> {
        let records = &self.sketch.records;
        let usual = self.sketch.usual;
        let gap = records
            .iter()
            .position(|record| record.fields == usual && record.after_gap);
        // Lines with too few fields and then a blank one are no part of the table.
        let gap = gap.filter(|gap| records[..*gap].iter().all(|record| record.fields < usual));
        let place = (gap.unwrap_or(0)..records.len()).find(|place| !self.is_title(&records[*place]));
        let place = place.unwrap_or(0);
        let header = match records.get(place) {
            Some(header) => *header,
            None => return Err(self.too_long()),
        };
        let is_usual = |record: &&Outline| record.fields == usual;
        let after = &records[place + 1..];
        if header.fields != usual
            && after.iter().filter(is_usual).count() > 1
            && after.first().as_ref().is_some_and(is_usual)
        {
            return Err(self.unlike_records(&header, after));
        }
        if self.looks_like_data(&header, after)? {
            return Err(self.no_header(&header, after));
        }
        Ok(header)
    }

    /// Whether a line is rather about the table than part of it.
    fn is_title(&self, record: &Outline) -> bool {
        let usual = self.sketch.usual;
        if usual < 2 || record.filled == 0 {
            return usual > 1;
        }
        let mut first = Vec::new();
        let _ = record::read(
            self.block,
            Ends::new(self.sketch.delimiter),
            record.from,
            |index, field| {
                if index == 0 {
                    first = field.value.into_owned();
                }
                Ok::<(), Problem>(())
            },
        );
        let first = first.trim_ascii();
        let is_key = first.ends_with(b":") && record.filled < usual;
        // The first of two columns may have no name, as an index has none.
        let is_index = usual == 2 && record.fields == 2 && first.is_empty();
        is_key || (record.filled * 2 <= usual && !is_index && self.has_fuller())
    }

    /// Whether some record has values in most of its fields, so that those without are others.
    fn has_fuller(&self) -> bool {
        let usual = self.sketch.usual;
        self.sketch
            .records
            .iter()
            .any(|record| record.fields == usual && record.filled * 2 > usual)
    }

    /// Whether a header has figures for names, or what the column also has as values.
    fn looks_like_data(&self, header: &Outline, after: &[Outline]) -> Result<bool, Problem> {
        if after.is_empty() {
            return Ok(false);
        }
        let names = self.fields(header)?;
        let mut is_value: Vec<bool> = names.iter().map(|name| is_figure(name)).collect();
        let figures = is_value.iter().filter(|is_figure| **is_figure).count();
        for record in after.iter().take(COMPARED) {
            let _ = record::read(
                self.block,
                Ends::new(self.sketch.delimiter),
                record.from,
                |index, field| {
                    if let (Some(is_value), Some(name)) = (is_value.get_mut(index), names.get(index)) {
                        *is_value |= !name.is_empty() && *field.value == **name;
                    }
                    Ok::<(), Problem>(())
                },
            );
        }
        let values = is_value.iter().filter(|is_value| **is_value).count();
        let all = names.iter().filter(|name| !name.trim_ascii().is_empty()).count();
        // A first record of many columns has something that occurs only once, and a header some year or other.
        Ok(
            values > 0
                && (values == all || (values > figures && values * 2 > all) || (figures > 1 && values * 2 > all)),
        )
    }

    fn fields(&self, record: &Outline) -> Result<Vec<Vec<u8>>, Problem> {
        let mut fields = Vec::new();
        // Names stop being kept at the limit, so that a million of them cost nothing.
        record::read(
            self.block,
            Ends::new(self.sketch.delimiter),
            record.from,
            |index, field| {
                if index <= MOST_COLUMNS {
                    fields.push(field.value.into_owned());
                }
                Ok::<(), Problem>(())
            },
        )?;
        if fields.len() > MOST_COLUMNS {
            return Err(self.too_long());
        }
        Ok(fields)
    }

    fn names(&self, record: &Outline) -> Result<Vec<String>, Problem> {
        let name = |bytes: Vec<u8>| {
            String::from_utf8(bytes).map_err(|error| {
                let odd = error.utf8_error().valid_up_to();
                let bad = &error.as_bytes()[odd..];
                let text = &self.block.text()[record.from..];
                let within = text.windows(bad.len()).position(|window| window == bad).unwrap_or(0);
                let offset = self.mark + record.from + within;
                not_text(
                    self.name,
                    offset,
                    "a byte that is not UTF-8 text, as the rest of it is,",
                )
            })
        };
        self.fields(record)?.into_iter().map(name).collect()
    }

    /// The line in which this offset is.
    pub(super) fn line(&self, from: usize) -> u64 {
        1 + line_ends(&self.block.text()[..from])
    }

    fn too_long(&self) -> Problem {
        Problem::data(
            format!(
                "{}: the first line has more than 10,000 columns or a million bytes",
                self.name
            ),
            "the first line must hold the names of the columns; was the table exported sideways, or a quote left open?",
        )
    }

    /// A header that has more or fewer fields than all records.
    fn unlike_records(&self, header: &Outline, after: &[Outline]) -> Problem {
        let line = self.line(header.from);
        let next = after.first().map_or(line, |next| self.line(next.from));
        Problem::data(
            format!(
                "{}: line {line} has {} and the lines after it have {}, so it is not clear which line names the columns",
                self.name,
                fields(header.fields),
                fields(self.sketch.usual)
            ),
            format!(
                "if line {next} does, say `--header-row {next}`; if no line does, delete line {line} and say `--header-row \
                 0`; if line {line} does, give it a name for every column (R leaves out that of the row names)"
            ),
        )
    }

    fn no_header(&self, header: &Outline, after: &[Outline]) -> Problem {
        let line = self.line(header.from);
        let start = &self.block.text()[header.from..header.next];
        let bytes = |record: &Outline| self.block.text()[record.from..record.next].trim_ascii_end();
        let again = after.iter().find(|record| bytes(record) == bytes(header));
        let again = again.map_or(String::new(), |again| {
            format!("; line {} is the same", self.line(again.from))
        });
        Problem::data(
            format!(
                "{}: line {line} looks like a record, not like the names of the columns: {}{again}",
                self.name,
                shown(String::from_utf8_lossy(start).trim_end())
            ),
            format!(
                "say `--header-row 0` if no line names the columns, which are then called `column 1`, `column 2` and so \
                 on; `--header-row {line}` if this one does"
            ),
        )
    }

    /// What people should know of the lines before the header.
    fn lines_before(&self, header: usize, line: u64) -> Option<Note> {
        let text = self.block.text().get(self.from..header)?;
        let lines = line_ends(text);
        let is_blank = text.trim_ascii().is_empty();
        if lines == 0 || is_blank {
            return None;
        }
        let first = text
            .trim_ascii_start()
            .split(|byte| matches!(byte, b'\n' | b'\r'))
            .next();
        let first = String::from_utf8_lossy(first.unwrap_or_default()).into_owned();
        let (lines, are) = match lines {
            1 => ("1 line".to_owned(), "is"),
            lines => (format!("{lines} lines"), "are"),
        };
        Some(note(
            "lines-before-header",
            Severity::Info,
            format!(
                "{}: {lines} before the header {are} no part of the table; the first is {}",
                self.name,
                shown(first.trim_end())
            ),
            format!("line {line} was taken for the header; say `--header-row N` if it is line N"),
        ))
    }

    /// Whether a record is the header once more.
    fn is_repeated(&self, header: &Outline) -> bool {
        let bytes = |record: &Outline| self.block.text()[record.from..record.next].trim_ascii_end();
        let mut after = self.sketch.records.iter().filter(|record| record.from > header.from);
        after.any(|record| bytes(record) == bytes(header))
    }

    /// The line of dashes with which the tools of databases underline the names, if it is there.
    fn rule(&self, header: &Outline) -> Option<Outline> {
        let after = self.sketch.records.iter().find(|record| record.from >= header.next)?;
        if after.fields != header.fields || header.fields < 2 {
            return None;
        }
        let cells = self.fields(after).ok()?;
        let is_line = |cell: &Vec<u8>| {
            let cell = cell.trim_ascii();
            !cell.is_empty() && cell.iter().all(|byte| *byte == b'-')
        };
        // A single dash may stand for a value that is missing.
        let is_long = cells.iter().any(|cell| cell.trim_ascii().len() > 2);
        (is_long && cells.iter().all(is_line)).then_some(*after)
    }

    fn ruled(&self, rule: &Outline) -> Note {
        note(
            "rule-below-header",
            Severity::Info,
            format!(
                "{}: line {} underlines the header with dashes, and is no record",
                self.name,
                self.line(rule.from)
            ),
            "export the data without it to be rid of this note".to_owned(),
        )
    }

    fn without_names(&self, unnamed: &[usize], is_header: bool) -> Option<Note> {
        const MOST: usize = 10;
        if unnamed.is_empty() {
            return None;
        }
        let places: Vec<String> = unnamed.iter().take(MOST).map(ToString::to_string).collect();
        let more = if unnamed.len() > MOST { " and others" } else { "" };
        let places = format!("{}{more}", places.join(", "));
        let message = match (is_header, unnamed.len()) {
            (false, _) => format!(
                "{}: no line names the columns, so they are called `column 1` and so on",
                self.name
            ),
            (true, 1) => format!(
                "{}: column {places} has no name and is called `column {places}`",
                self.name
            ),
            (true, _) => format!(
                "{}: columns {places} have no names and are called `column N`",
                self.name
            ),
        };
        Some(note(
            "columns-without-names",
            Severity::Info,
            message,
            "say `--header-row N` if line N names the columns".to_owned(),
        ))
    }
}

fn fields(number: usize) -> String {
    let fields = if number == 1 { "field" } else { "fields" };
    format!("{number} {fields}")
}

/// Whether a cell holds a number, a date or a time.
fn is_figure(cell: &[u8]) -> bool {
    let cell = cell.trim_ascii();
    let starts = cell
        .first()
        .is_some_and(|byte| byte.is_ascii_digit() || b"+-.,".contains(byte));
    let may_have = |byte: &u8| byte.is_ascii_digit() || b"+-.,/:%eETZ ".contains(byte);
    starts && cell.iter().any(u8::is_ascii_digit) && cell.iter().all(may_have)
}
