//! This module reads the batches of an Arrow IPC file or stream, one at a time.
//!
//! The frames around the batches are read here, so that nothing is given to the decoder before it is known how much
//! memory that takes: a few bytes may say that they unpack to anything.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::{root_as_footer_with_opts, root_as_message_with_opts};
use arrow_schema::SchemaRef;
use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::{Problem, thousands};

use super::cells::{Leaf, cell, leaves};
use super::message::{Fault, Next, decode, limits};
use crate::input::{File, Input, unreadable};
use crate::parquet_file::silenced;
use crate::records::{Points, Record, Records};

/// So much may a batch take in memory, packed and unpacked together. Columns that do not
/// start where processors like them to are copied, so it may be twice as much for a moment.
const MOST_BATCH: u64 = 192 << 20;

/// What describes a batch has some hundred bytes per column.
const MOST_METADATA: u64 = 32 << 20;

/// More columns than this are data in the place of names. The same as for text.
const MOST_COLUMNS: usize = 10_000;

/// Written as text, a file may have so many bytes, or so many times its own: long texts in a dictionary may stand in
/// any number of rows.
const MOST_TEXT: u64 = 256 << 20;
const MOST_TIMES: u64 = 1_000;

const FILE_MARK: &[u8] = b"ARROW1";

/// The rows of an Arrow IPC file or stream.
pub(super) struct Batches {
    name: String,
    path: PathBuf,
    source: File,
    length: u64,
    position: u64,
    schema: SchemaRef,
    leaves: Vec<Leaf>,
    columns: Vec<String>,
    dictionaries: HashMap<i64, ArrayRef>,
    dictionary_bytes: BTreeMap<i64, u64>,
    /// Where the batches of a file start that are still to be read. A stream has them one after the other.
    starts: Option<VecDeque<u64>>,
    batch: Option<RecordBatch>,
    row: usize,
    rows: u64,
    written: u64,
    has_end: bool,
    points: Points,
}

impl Batches {
    /// Those of `input`, from the first on.
    pub(super) fn of(input: &Input) -> Result<Self, Problem> {
        let failed = |error: &std::io::Error| unreadable(input.path(), error);
        let source = input.stored().map_err(|error| failed(&error))?;
        let length = source.length().map_err(|error| failed(&error))?;
        let mut batches = Self {
            name: input.shown(),
            path: input.path().to_owned(),
            source,
            length,
            position: 0,
            schema: SchemaRef::new(arrow_schema::Schema::empty()),
            leaves: Vec::new(),
            columns: Vec::new(),
            dictionaries: HashMap::new(),
            dictionary_bytes: BTreeMap::new(),
            starts: None,
            points: Points::default(),
            batch: None,
            row: 0,
            rows: 0,
            written: 0,
            has_end: false,
        };
        let start = batches.bytes(FILE_MARK.len() as u64)?;
        if start == FILE_MARK {
            batches.footer()?;
        } else {
            batches.go_to(0)?;
            batches.first_message()?;
        }
        batches.leaves = leaves(batches.schema.fields()).map_err(|(column, kind)| {
            Problem::data(
                format!(
                    "{}: the column {} is of a type that is not read: {kind}",
                    batches.name,
                    short(&column)
                ),
                "leave it out of the export, or write it as text, a number or a date",
            )
        })?;
        if batches.leaves.len() > MOST_COLUMNS {
            return Err(Problem::data(
                format!(
                    "{} has more than {} columns",
                    batches.name,
                    thousands(MOST_COLUMNS as u64)
                ),
                "was the table exported sideways?",
            ));
        }
        if batches.leaves.is_empty() {
            return Err(batches.broken("no columns"));
        }
        batches.columns = batches.leaves.iter().map(|leaf| leaf.name.clone()).collect();
        Ok(batches)
    }

    /// Reads what stands at the end of a file: the columns, and where the batches are.
    fn footer(&mut self) -> Result<(), Problem> {
        const END: u64 = 10;
        let end = self.length.checked_sub(END).ok_or_else(|| self.cut_short())?;
        self.go_to(end)?;
        let last = self.bytes(END)?;
        let Some((size, FILE_MARK)) = last.split_first_chunk::<4>() else {
            return Err(self.cut_short());
        };
        let size = u64::from(u32::from_le_bytes(*size));
        let start = end.checked_sub(size).filter(|_| size <= MOST_METADATA);
        self.go_to(start.ok_or_else(|| self.broken("a list of batches larger than the file"))?)?;
        let bytes = self.bytes(size)?;
        let found = silenced(|| {
            let footer = root_as_footer_with_opts(&limits(), &bytes).map_err(|error| error.to_string())?;
            let schema = footer.schema().ok_or("no columns")?;
            if !schema.endianness().equals_to_target_endianness() {
                return Err("numbers in the byte order of another kind of computer".to_owned());
            }
            let schema = try_fb_to_schema(schema).map_err(|error| error.to_string())?;
            let dictionaries = footer.dictionaries().into_iter().flatten();
            let dictionaries: Vec<i64> = dictionaries.map(arrow_ipc::Block::offset).collect();
            let batches = footer.recordBatches().into_iter().flatten();
            Ok((
                schema,
                dictionaries,
                batches.map(arrow_ipc::Block::offset).collect::<Vec<i64>>(),
            ))
        });
        let (schema, dictionaries, starts) = self.sound(found)?;
        self.schema = SchemaRef::new(schema);
        let inside = |start: i64| u64::try_from(start).ok().filter(|start| *start < end);
        for start in dictionaries {
            let start = inside(start).ok_or_else(|| self.broken("a dictionary outside of the file"))?;
            self.go_to(start)?;
            if !matches!(self.message()?, Next::Dictionary) {
                return Err(self.broken("something else where a dictionary should be"));
            }
        }
        let starts: Option<VecDeque<u64>> = starts.into_iter().map(inside).collect();
        self.starts = Some(starts.ok_or_else(|| self.broken("a batch outside of the file"))?);
        self.has_end = true;
        Ok(())
    }

    /// Reads the first message of a stream: the columns.
    fn first_message(&mut self) -> Result<(), Problem> {
        let metadata = self.metadata()?.ok_or_else(|| self.cut_short())?;
        let found = silenced(|| {
            let message = root_as_message_with_opts(&limits(), &metadata).map_err(|error| error.to_string())?;
            let schema = message.header_as_schema().ok_or("no columns")?;
            if !schema.endianness().equals_to_target_endianness() {
                return Err("numbers in the byte order of another kind of computer".to_owned());
            }
            try_fb_to_schema(schema).map_err(|error| error.to_string())
        });
        self.schema = SchemaRef::new(self.sound(found)?);
        Ok(())
    }

    /// Goes to the next batch that has rows; whether there is one.
    fn advance(&mut self) -> Result<bool, Problem> {
        loop {
            if let Some(starts) = &mut self.starts {
                match starts.pop_front() {
                    None => return Ok(false),
                    Some(start) => self.go_to(start)?,
                }
            }
            match self.message()? {
                Next::End if self.starts.is_some() => return Err(self.broken("no batch where one should be")),
                Next::End => return Ok(false),
                Next::Dictionary if self.starts.is_some() => {
                    return Err(self.broken("a dictionary where a batch should be"));
                }
                Next::Dictionary => {}
                Next::Batch(batch) if batch.num_rows() == 0 => {}
                Next::Batch(batch) => {
                    self.batch = Some(batch);
                    self.row = 0;
                    return Ok(true);
                }
            }
        }
    }

    /// Reads the message that stands here.
    fn message(&mut self) -> Result<Next, Problem> {
        let Some(metadata) = self.metadata()? else {
            return Ok(Next::End);
        };
        let size = silenced(|| {
            let message = root_as_message_with_opts(&limits(), &metadata).map_err(|error| error.to_string())?;
            u64::try_from(message.bodyLength()).map_err(|_| "a batch of less than nothing".to_owned())
        });
        let size = self.sound(size)?;
        if size > self.length.saturating_sub(self.position) {
            return Err(self.cut_short());
        }
        if size > MOST_BATCH {
            return Err(self.too_large());
        }
        let body = Buffer::from_vec(self.bytes(size)?);
        let room = MOST_BATCH - size;
        let (schema, dictionaries) = (self.schema.clone(), &mut self.dictionaries);
        let known = &mut self.dictionary_bytes;
        let found = silenced(move || {
            let message = root_as_message_with_opts(&limits(), &metadata).map_err(|error| error.to_string())?;
            decode(&message, &body, &schema, dictionaries, known, room)
        });
        match found {
            Ok(Err(Fault::TooLarge)) => Err(self.too_large()),
            Ok(Err(Fault::Broken(found))) | Err(found) => Err(self.broken(&found)),
            Ok(Ok(next)) => Ok(next),
        }
    }

    /// The description of the next message; nothing at the end of a stream.
    fn metadata(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        const CONTINUED: u32 = u32::MAX;
        if self.position == self.length {
            return Ok(None);
        }
        let mut size = self.number()?;
        if size == CONTINUED {
            size = self.number()?;
        }
        if size == 0 {
            self.has_end = true;
            if self.starts.is_none() && self.position < self.length {
                return Err(self.broken("more data after the end of the stream"));
            }
            return Ok(None);
        }
        if u64::from(size) > MOST_METADATA {
            return Err(self.broken("a description of more than 32 MB"));
        }
        self.bytes(u64::from(size)).map(Some)
    }

    fn number(&mut self) -> Result<u32, Problem> {
        let bytes = self.bytes(4)?;
        let bytes = bytes.first_chunk::<4>().ok_or_else(|| self.cut_short())?;
        Ok(u32::from_le_bytes(*bytes))
    }

    fn go_to(&mut self, position: u64) -> Result<(), Problem> {
        self.position = position;
        match self.source.seek(SeekFrom::Start(position)) {
            Ok(_) => Ok(()),
            Err(error) => Err(unreadable(&self.path, &error)),
        }
    }

    /// Reads so many bytes, which have to be there.
    fn bytes(&mut self, size: u64) -> Result<Vec<u8>, Problem> {
        if size > self.length.saturating_sub(self.position) {
            return Err(self.cut_short());
        }
        // There are so many, and all callers have a limit for them.
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        let read = (&mut self.source).take(size).read_to_end(&mut bytes);
        match read {
            Ok(read) if read as u64 == size => {}
            Ok(_) => return Err(self.cut_short()),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Err(self.cut_short()),
            Err(error) => return Err(unreadable(&self.path, &error)),
        }
        self.position += size;
        Ok(bytes)
    }

    fn sound<T>(&self, found: Result<Result<T, String>, String>) -> Result<T, Problem> {
        found.and_then(|found| found).map_err(|found| self.broken(&found))
    }

    fn broken(&self, found: &str) -> Problem {
        Problem::data(
            format!("{} is damaged: found {}", self.name, short(found)),
            "copy or export the file again",
        )
    }

    fn cut_short(&self) -> Problem {
        Problem::data(
            format!("{}: the Arrow data end in the middle", self.name),
            "the file is cut short: copy or export it again; the program that writes it has to close it",
        )
    }

    fn too_large(&self) -> Problem {
        Problem::data(
            format!(
                "{} has a batch or dictionaries of more than {} MB",
                self.name,
                MOST_BATCH >> 20
            ),
            "write it in smaller batches, of a million rows or fewer, or as Parquet",
        )
    }
}

impl Records for Batches {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        if self.batch.as_ref().is_none_or(|batch| self.row >= batch.num_rows()) {
            self.batch = None;
            if !self.advance()? {
                return Ok(None);
            }
        }
        let Some(batch) = &self.batch else { return Ok(None) };
        record.clear();
        let row = self.row;
        let (leaves, points) = (&self.leaves, &mut self.points);
        let found = silenced(|| {
            for (column, leaf) in leaves.iter().enumerate() {
                let value = cell(batch.columns(), leaf, row).map_err(|found| (short(&leaf.name), found))?;
                if let Some((number, true)) = &value {
                    points.see(column, number);
                }
                record.push(value.map(|(text, _)| text));
            }
            Ok::<(), (String, String)>(())
        });
        self.row += 1;
        self.rows += 1;
        match found {
            Ok(Ok(())) => {}
            Ok(Err((column, found))) => {
                return Err(Problem::data(
                    format!("{}, row {}: the column {column} has {found}", self.name, self.rows),
                    "write the column as text (UTF-8), or leave it out",
                ));
            }
            Err(found) => return Err(self.broken(&found)),
        }
        let size: usize = record.iter().flatten().map(String::len).sum();
        self.written += (size + record.len()) as u64;
        if self.written > MOST_TEXT.max(self.length.saturating_mul(MOST_TIMES)) {
            return Err(Problem::data(
                format!("{} would be over {MOST_TIMES} times as large as text", self.name),
                "leave long texts out of the export, or write it as Parquet",
            ));
        }
        Ok(Some(self.rows))
    }

    fn typed(&self) -> Vec<String> {
        self.points.among(&self.columns)
    }

    fn notes(&mut self) -> Vec<Note> {
        if self.has_end {
            return Vec::new();
        }
        vec![Note {
            code: "no-end-mark".to_owned(),
            severity: Severity::Warning,
            message: format!(
                "{} is a stream without a mark at its end, so it may be cut short",
                self.name
            ),
            help: Some("compare the number of rows with that of the source".to_owned()),
        }]
    }
}

/// What a file says, for messages.
fn short(text: &str) -> String {
    crate::kernel::shown(text)
}
