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
    Ok(Box::new(InOrder {
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
    }))
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
        if self.odd == 0 {
            return Vec::new();
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
        vec![note("ragged-records", Severity::Warning, message, help)]
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
            let read = record::read(&self.block, Ends::new(self.head.delimiter), from, |index, field| {
                if index >= expected {
                    return Ok::<(), Problem>(());
                }
                match std::str::from_utf8(&field.value) {
                    Ok(text) => record.push((!text.is_empty()).then(|| text.to_owned())),
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
