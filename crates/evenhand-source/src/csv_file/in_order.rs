//! This module gives the records of a text one after the other, for what cannot be counted as it stands.

use evenhand_measure::Problem;
use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::policy::{Data, Ragged};

use super::cut::{Cutter, Quotes};
use super::head::note;
use super::record::{self, Block, Ends, line_ends};
use super::rows::ragged;
use super::text::{self, Text};
use super::{BLOCK, Head, stopped};
use crate::input::{Input, shown, unreadable};
use crate::records::{Record, Records};

/// The records of `input`; what is ragged becomes what `data` says.
pub(crate) fn records(input: &Input, head: &Head, data: &Data) -> Result<Box<dyn Records>, Problem> {
    let text = text::open(input, head, &()).map_err(|error| unreadable(input.path(), &error))?;
    Ok(Box::new(in_order(input, head, data, text)))
}

/// The line of the first record of `input` that is its header once more.
pub(crate) fn repeated_header(input: &Input, head: &Head) -> Result<Option<u64>, Problem> {
    let text = text::open(input, head, &()).map_err(|error| unreadable(input.path(), &error))?;
    let mut records = InOrder {
        takes_any_letters: true,
        ..in_order(input, head, &Data::default(), text)
    };
    let mut record = Record::default();
    while records.headers == 0 && records.next(&mut record)?.is_some() {}
    Ok((records.headers > 0).then_some(records.first_header))
}

fn in_order(input: &Input, head: &Head, data: &Data, text: Text<'static>) -> InOrder {
    InOrder {
        input: input.clone(),
        head: head.clone(),
        ragged: data.ragged.unwrap_or_default(),
        cutter: Cutter::new(text, head.delimiter, Quotes::Followed, BLOCK),
        block: Block::default(),
        next: 0,
        counted: 0,
        line: head.first_line,
        odd: 0,
        first_odd: 0,
        headers: 0,
        first_header: 0,
        takes_any_letters: false,
    }
}

struct InOrder {
    input: Input,
    head: Head,
    ragged: Ragged,
    cutter: Cutter<Text<'static>>,
    block: Block,
    /// Where the next record of the block may start.
    next: usize,
    /// How much of the block's lines are counted.
    counted: usize,
    /// The line in which that is.
    line: u64,
    /// How many records had too few fields, or too many.
    odd: u64,
    /// The line of the first.
    first_odd: u64,
    /// How many records were the header once more.
    headers: u64,
    /// The line of the first.
    first_header: u64,
    /// Whether bytes that are no UTF-8 are no reason to stop: who only looks for headers asks nothing of other columns.
    takes_any_letters: bool,
}

impl Records for InOrder {
    fn columns(&self) -> &[String] {
        &self.head.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        self.read(record).map_err(|problem| {
            // Damaged data may unpack to strange records before they cannot be unpacked any more.
            text::damage(&self.input, self.head.compression).unwrap_or(problem)
        })
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes: Vec<Note> = self.repeated().into_iter().collect();
        if self.odd == 0 {
            return notes;
        }
        let (records, have) = match self.odd {
            1 => ("1 record".to_owned(), "has"),
            odd => (format!("{odd} records"), "have"),
        };
        let name = shown(self.input.path());
        let first = self.first_odd;
        let message = match self.ragged {
            Ragged::Fill => format!(
                "{name}: {records} {have} fewer fields than the header, the first in line {first}; what is not there is \
                 missing"
            ),
            _ => format!(
                "{name}: {records} {have} more or fewer fields than the header, the first in line {first}, and nothing of \
                 this is counted"
            ),
        };
        let help = "`--ragged refuse` stops at the first".to_owned();
        notes.push(note("ragged-records", Severity::Warning, message, help));
        notes
    }
}

impl InOrder {
    fn read(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        loop {
            let Some(from) = record::start(&self.block, self.next) else {
                if !self.advance()? {
                    return Ok(None);
                }
                continue;
            };
            self.line += line_ends(&self.block.text()[self.counted..from]);
            self.counted = from;
            let line = self.line;
            let expected = self.head.columns.len();
            record.clear();
            let mut odd_column = None;
            let takes_any_letters = self.takes_any_letters;
            let read = record::read(&self.block, Ends::new(self.head.delimiter), from, |index, field| {
                if index >= expected {
                    return Ok::<(), Problem>(());
                }
                match std::str::from_utf8(&field.value) {
                    Ok(text) => record.push((!text.is_empty()).then(|| text.to_owned())),
                    Err(_) if takes_any_letters => {
                        record.push(Some(String::from_utf8_lossy(&field.value).into_owned()))
                    }
                    Err(_) => odd_column = odd_column.or(Some(index)),
                }
                Ok(())
            })?;
            self.next = read.next;
            let place = || format!("{}, line {line}", shown(self.input.path()));
            if read.fields == expected || (read.fields < expected && self.ragged == Ragged::Fill) {
                if let Some(column) = odd_column {
                    return Err(self.not_utf8(&place(), column));
                }
                if read.fields < expected {
                    self.odd_in(line);
                    record.resize(expected, None);
                }
                if self.is_header(record) {
                    if self.headers == 0 {
                        self.first_header = line;
                    }
                    self.headers += 1;
                    continue;
                }
                return Ok(Some(line));
            }
            if self.ragged != Ragged::LeaveOut {
                return Err(ragged(&place(), read.fields, expected));
            }
            self.odd_in(line);
        }
    }

    /// Goes on to the next block, if there is one.
    fn advance(&mut self) -> Result<bool, Problem> {
        self.line += line_ends(&self.block.text()[self.counted..]);
        self.counted = 0;
        self.next = 0;
        let old = std::mem::take(&mut self.block);
        match self.cutter.next(old) {
            Ok(Some(block)) => {
                self.block = block;
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err((stop, text)) => {
                let line = self.line + line_ends(stop.before(&text));
                Err(stopped(self.input.path(), &stop, line))
            }
        }
    }

    /// Whether a record names the columns once more, as where several exports were put into one file.
    fn is_header(&self, record: &Record) -> bool {
        let columns = &self.head.columns;
        let mut cells = columns.iter().zip(record).enumerate();
        let by_place = |(index, name): (usize, &String)| *name == format!("column {}", index + 1);
        columns.len() > 1
            // Without a header, that is how all are called.
            && !columns.iter().enumerate().all(by_place)
            && cells.all(|(index, (name, value))| match value {
                Some(value) => value.trim() == name.trim(),
                None => *name == format!("column {}", index + 1),
            })
    }

    fn repeated(&self) -> Option<Note> {
        let lines = match self.headers {
            0 => return None,
            1 => "1 line is the header once more, and was left out:".to_owned(),
            headers => format!("{headers} lines are the header once more, and were left out: the first is"),
        };
        Some(note(
            "repeated-headers-left-out",
            Severity::Info,
            format!("{}: {lines} line {}", shown(self.input.path()), self.first_header),
            "check that no part of the data is there twice".to_owned(),
        ))
    }

    fn odd_in(&mut self, line: u64) {
        if self.odd == 0 {
            self.first_odd = line;
        }
        self.odd += 1;
    }

    fn not_utf8(&self, place: &str, column: usize) -> Problem {
        let name = self.head.columns.get(column).map_or("", String::as_str);
        Problem::data(
            format!("{place}, column `{name}`: the text is not UTF-8"),
            "say how its letters are stored, as with `--encoding windows-1252`, or save the file again as \"CSV UTF-8\"",
        )
    }
}
