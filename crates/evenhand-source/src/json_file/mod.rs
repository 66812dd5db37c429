//! This module reads JSON documents and JSON lines.
//!
//! A file is read two or three times: to find the records, to find the columns, which are the names of all records
//! together, and to read the values. None of them holds more than a record, except where the document has its columns
//! one after the other.

mod columns;
mod flat;
mod shape;
mod text;
mod tokens;

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::policy::{Data, Ragged};
use evenhand_measure::{Problem, listed, thousands};

use self::flat::{MOST_COLUMNS, Paths};
use self::shape::Shape;
use self::text::Text;
use self::tokens::{Token, Tokens};
use crate::input::{Input, Rows};
use crate::reading::{Format, Reading};
use crate::records::{Record, Records};

/// The records of `input`.
pub(crate) fn rows(input: &Input, data: &Data) -> Result<Rows, Problem> {
    let (text, encoding) = Text::of(input, data)?;
    let shape = shape::look(&text, data)?;
    let mut notes = Vec::new();
    let mut found = Data {
        encoding,
        ..data.clone()
    };
    let (format, place) = match &shape {
        Shape::Lines { is_one } => {
            if *is_one {
                notes.push(note(
                    "one-record",
                    Severity::Warning,
                    format!("{} is one JSON object, which is read as one record", input.shown()),
                    Some("if it holds a table, export that as a list of records".to_owned()),
                ));
            }
            (Format::JsonLines, "line")
        }
        Shape::Entries { path, beside, .. } => {
            if !path.is_empty() {
                found.records = Some(path.clone());
            }
            if !beside.is_empty() {
                notes.push(note(
                    "beside-records",
                    Severity::Info,
                    format!(
                        "{}: the records are the list `{path}`; what stands beside it is not read: {}",
                        input.shown(),
                        listed(beside, 5)
                    ),
                    None,
                ));
            }
            (Format::Json, "entry")
        }
        Shape::Columns => (Format::Json, "entry"),
    };
    let records: Box<dyn Records> = match shape {
        Shape::Columns => Box::new(columns::read(&text)?),
        shape => Box::new(Objects::of(text, shape, data)?),
    };
    Ok(Rows {
        records,
        reading: Reading {
            format,
            packed: Vec::new(),
            data: found,
            notes,
        },
        place: place.to_owned(),
    })
}

fn note(code: &str, severity: Severity, message: String, help: Option<String>) -> Note {
    Note {
        code: code.to_owned(),
        severity,
        message,
        help,
    }
}

/// Records that stand one after the other.
struct Objects {
    tokens: Tokens,
    shape: Shape,
    ragged: Option<Ragged>,
    paths: Paths,
    columns: Vec<String>,
    /// Whether the records are lists, which the first entry tells.
    are_lists: Option<bool>,
    /// The number of the entry that was read last, from 1.
    entry: u64,
    records: u64,
    /// How many records were shorter than the header, and how many were left out.
    filled: u64,
    left_out: u64,
}

impl Objects {
    fn of(text: Text, shape: Shape, data: &Data) -> Result<Self, Problem> {
        let mut objects = Self {
            tokens: text.tokens()?,
            shape,
            ragged: data.ragged,
            paths: Paths::default(),
            columns: Vec::new(),
            are_lists: None,
            entry: 0,
            records: 0,
            filled: 0,
            left_out: 0,
        };
        objects.begin()?;
        let mut record = Record::new();
        while objects.read(&mut record)?.is_some() {
            objects.records += 1;
        }
        objects.expect_end()?;
        let name = text.input.shown();
        if objects.records == 0 {
            let found = if objects.columns.is_empty() {
                "no records"
            } else {
                "a header and no records"
            };
            return Err(Problem::data(format!("{name} has {found}"), "export the data again"));
        }
        if objects.columns.is_empty() {
            objects.columns = objects.paths.settle();
        }
        if objects.columns.is_empty() {
            return Err(Problem::data(
                format!("{name}: its records are empty"),
                "export the data again",
            ));
        }
        objects.tokens = text.tokens()?;
        (objects.entry, objects.filled, objects.left_out) = (0, 0, 0);
        objects.begin()?;
        Ok(objects)
    }

    /// Goes to the first record, and reads the header where there is one.
    fn begin(&mut self) -> Result<(), Problem> {
        let Shape::Entries { path, header, .. } = &self.shape else {
            return Ok(());
        };
        if !enter(&mut self.tokens, path)? {
            return Err(Problem::data(
                format!("{}: the file has changed while it was read", self.tokens.place()),
                "try again once nobody writes to it",
            ));
        }
        if let Some(header) = header {
            self.columns.clone_from(header);
        }
        Ok(())
    }

    /// Reads the next record; its place.
    fn read(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        loop {
            let mut token = self.tokens.next()?;
            match token {
                Token::End | Token::ListEnd | Token::ObjectEnd => return Ok(None),
                // The values of an object, by which names these go does not matter.
                Token::Key => token = self.tokens.next()?,
                _ => {}
            }
            self.entry += 1;
            let place = match self.shape {
                Shape::Lines { .. } => self.tokens.line(),
                _ => self.entry,
            };
            let are_lists = *self.are_lists.get_or_insert(token == Token::List);
            match token {
                Token::Object if !are_lists => {
                    record.resize(self.columns.len(), None);
                    self.paths.object(&mut self.tokens, record)?;
                    return Ok(Some(place));
                }
                Token::List if are_lists => {
                    if self.list(record)? {
                        return Ok(Some(place));
                    }
                }
                _ => {
                    return Err(Problem::data(
                        format!(
                            "{}: a value that is no record, or not one as those before it",
                            self.tokens.place()
                        ),
                        "every record must be an object with names, as in `{\"sex\": \"f\"}`",
                    ));
                }
            }
        }
    }

    /// Reads the rest of a list of which the start was read; whether it is a record. The first one is the header.
    fn list(&mut self, record: &mut Record) -> Result<bool, Problem> {
        let is_header = self.columns.is_empty();
        let is_again = self.entry == 1 && matches!(&self.shape, Shape::Entries { header: None, .. });
        record.clear();
        loop {
            let token = self.tokens.next()?;
            if token == Token::ListEnd {
                break;
            }
            if is_header && token != Token::Text {
                return Err(Problem::data(
                    format!(
                        "{}: the first of the lists must be the names of the columns",
                        self.tokens.place()
                    ),
                    "export a list of objects, or write the names first",
                ));
            }
            if record.len() >= MOST_COLUMNS {
                return Err(Problem::data(
                    format!(
                        "{}: a record has more than {} values",
                        self.tokens.place(),
                        thousands(MOST_COLUMNS as u64)
                    ),
                    "was the table exported sideways?",
                ));
            }
            record.push(self.paths.value(&mut self.tokens, token, Some(record.len()))?);
        }
        if is_header {
            self.columns = record.drain(..).flatten().collect();
            return Ok(false);
        }
        if is_again {
            return Ok(false);
        }
        if record.len() == self.columns.len() {
            return Ok(true);
        }
        match self.ragged {
            Some(Ragged::Fill) if record.len() < self.columns.len() => {
                self.filled += 1;
                record.resize(self.columns.len(), None);
                Ok(true)
            }
            Some(Ragged::LeaveOut) => {
                self.left_out += 1;
                Ok(false)
            }
            _ => Err(Problem::data(
                format!(
                    "{}: entry {} has {} values, and there are {} columns",
                    self.tokens.place(),
                    self.entry,
                    record.len(),
                    self.columns.len()
                ),
                "export the data again, or leave such records out with `--ragged leave-out`",
            )),
        }
    }

    /// Checks the rest of the document, so that what is cut short is not taken for whole.
    fn expect_end(&mut self) -> Result<(), Problem> {
        while self.tokens.depth() > 0 {
            self.tokens.next()?;
        }
        match self.shape {
            Shape::Lines { .. } => Ok(()),
            _ if self.tokens.next()? == Token::End => Ok(()),
            _ => Err(Problem::data(
                format!("{}: something follows after the list of records", self.tokens.place()),
                "put one document in a file, or one record on a line",
            )),
        }
    }
}

impl Records for Objects {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        self.read(record)
    }

    fn typed(&self) -> Vec<String> {
        self.paths.points.among(&self.columns)
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = Vec::new();
        let absent = self.paths.absent(self.records);
        if !absent.is_empty() {
            let shown: Vec<String> = absent
                .iter()
                .take(3)
                .map(|(path, times)| format!("{} by {}", crate::kernel::shown(path), thousands(*times)))
                .collect();
            let more = absent.len().saturating_sub(shown.len());
            let more = if more > 0 {
                format!(", and {more} more")
            } else {
                String::new()
            };
            notes.push(note(
                "absent-names",
                Severity::Info,
                format!(
                    "not all of the {} records have all names, which are missing values there: {} lacked{more}",
                    thousands(self.records),
                    shown.join(", ")
                ),
                None,
            ));
        }
        notes.extend(not_numbers(self.paths.not_numbers));
        let mut ragged = |count: u64, what: &str| {
            if count > 0 {
                notes.push(note(
                    "ragged-records",
                    Severity::Warning,
                    format!(
                        "{} records did not have as many values as there are columns; {what}",
                        thousands(count)
                    ),
                    None,
                ));
            }
        };
        ragged(self.filled, "what they lack at the end is missing");
        ragged(self.left_out, "they were left out");
        notes
    }
}

/// The note on values that are `NaN`, which JSON lacks and Python writes.
fn not_numbers(count: u64) -> Option<Note> {
    let message = format!("{} values are `NaN`, which is read as missing", thousands(count));
    (count > 0).then(|| note("not-a-number", Severity::Warning, message, None))
}

/// Reads up to the start of the list or object at `path`; whether there is one. The path is empty for the document.
fn enter(tokens: &mut Tokens, path: &str) -> Result<bool, Problem> {
    let token = tokens.next()?;
    if path.is_empty() {
        return Ok(matches!(token, Token::List | Token::Object));
    }
    let mut starts = Vec::new();
    let mut here = String::new();
    loop {
        match tokens.next()? {
            Token::Key => {
                let start = here.len();
                if !starts.is_empty() {
                    here.push('.');
                }
                here.push_str(tokens.text());
                let token = tokens.next()?;
                let is_on_the_way = path.strip_prefix(&here).is_some_and(|rest| rest.starts_with('.'));
                match token {
                    Token::List if here == path => return Ok(true),
                    Token::Object if is_on_the_way => {
                        starts.push(start);
                        continue;
                    }
                    token => tokens.skip(token)?,
                }
                here.truncate(start);
            }
            Token::ObjectEnd => match starts.pop() {
                Some(start) => here.truncate(start),
                None => return Ok(false),
            },
            _ => return Ok(false),
        }
    }
}

#[cfg(test)]
mod tests;
