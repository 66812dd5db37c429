//! This module gives the rows of a Parquet file one after the other, for what cannot be counted column by column.

use std::sync::Arc;

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::{Problem, thousands};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::{ColumnDescriptor, Type};

use super::chunk::pages;
use super::fallback::{Decoded, Fallback};
use super::footer::Footer;
use super::kind::{Kind, Value, leaf_kind};
use super::nested::{Node, Shape};
use super::parts;
use super::plain::{Cuts, Layout, Raw, raw};
use super::trouble::{Trouble, caught};
use crate::growth::Growth;
use crate::input::{File, Input, unreadable};
use crate::kernel::Unusable;
use crate::records::{Points, Record, Records};

/// How many rows of a column are decoded at a time.
const BATCH: usize = 1_024;

/// What the pages and dictionaries of all columns may take together.
const MOST_HELD: usize = 2 << 30;

/// The rows of `input`; lists and other nested values are written as JSON. Columns of types that are not read are left
/// out, with a note.
pub(crate) fn records(input: &Input) -> Result<Box<dyn Records>, Problem> {
    let footer = Arc::new(Footer::read(input)?);
    let path = input.path();
    // The numbers of rows contradict each other in some damaged files.
    parts(path, &footer)?;
    let file = input.open().map_err(|error| unreadable(path, &error))?;
    let schema = footer.metadata.file_metadata().schema_descr();
    let mut rows = Rows {
        input: input.clone(),
        footer: Arc::clone(&footer),
        file: Arc::new(file),
        names: Vec::new(),
        columns: Vec::new(),
        leaves: Vec::new(),
        group: 0,
        left: 0,
        row: 0,
        notes: Vec::new(),
        growth: Growth::of(footer.length),
    };
    let mut from = 0;
    for field in schema.root_schema().get_fields() {
        let until = (from..schema.num_columns())
            .find(|leaf| schema.column(*leaf).path().parts().first().map(String::as_str) != Some(field.name()))
            .unwrap_or(schema.num_columns());
        let leaves: Vec<&ColumnDescriptor> = schema.columns()[from..until].iter().map(|leaf| leaf.as_ref()).collect();
        rows.add_column(field, from, &leaves);
        from = until;
    }
    Ok(Box::new(rows))
}

/// A file, being read row by row.
struct Rows {
    input: Input,
    footer: Arc<Footer>,
    file: Arc<File>,
    names: Vec<String>,
    columns: Vec<Node>,
    leaves: Vec<Leaf>,
    /// The row group that is read next, and how many rows are left of the one that is read.
    group: usize,
    left: u64,
    /// How many rows were read.
    row: u64,
    notes: Vec<Note>,
    growth: Growth,
}

impl Rows {
    /// Adds a column whose leaves, from the one of this number on in the file, are described so.
    fn add_column(&mut self, field: &Type, from: usize, descriptions: &[&ColumnDescriptor]) {
        let first = self.leaves.len();
        let kinds: Result<Vec<_>, String> = descriptions.iter().map(|leaf| leaf_kind(leaf)).collect();
        let read = kinds.and_then(|kinds| {
            let node = Node::of(field, first).ok_or_else(|| "nested too deeply".to_owned())?;
            if descriptions.is_empty() || node.leaves() != (first..first + descriptions.len()) {
                return Err("nested in an unusual way".to_owned());
            }
            Ok((kinds, node))
        });
        match read {
            Ok((kinds, node)) => {
                let leaves = kinds.into_iter().zip(descriptions).enumerate();
                self.leaves.extend(leaves.map(|(place, ((layout, kind), leaf))| Leaf {
                    place: from + place,
                    layout,
                    kind,
                    full: leaf.max_def_level(),
                    ..Leaf::default()
                }));
                self.names.push(field.name().to_owned());
                self.columns.push(node);
            }
            Err(kind) => self.notes.push(Note {
                code: "column-not-read".to_owned(),
                severity: Severity::Warning,
                message: format!(
                    "{} has a column `{}` whose type is {kind}, which cannot be read; the column is left out",
                    self.input.shown(),
                    field.name()
                ),
                help: Some("write the column as text or numbers if it is needed".to_owned()),
            }),
        }
    }

    /// Makes sure that every leaf has the next row at hand.
    fn fill(&mut self) -> Result<(), Trouble> {
        let group = self.footer.metadata.row_group(self.group.saturating_sub(1));
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        for leaf in &mut self.leaves {
            if leaf.is_used_up() {
                leaf.fill(&self.file, group.column(leaf.place), rows, self.left)?;
            }
        }
        let held = self.leaves.iter().map(Leaf::held).fold(0, usize::saturating_add);
        if held > MOST_HELD {
            return Err(Trouble::broken(format!(
                "pages that take more than {MOST_HELD} bytes of memory together"
            )));
        }
        Ok(())
    }

    /// Opens the next row group that has rows; says whether there is one.
    fn open_group(&mut self) -> bool {
        while self.left == 0 {
            let groups = self.footer.metadata.row_groups();
            let Some(group) = groups.get(self.group) else {
                return false;
            };
            self.left = u64::try_from(group.num_rows()).unwrap_or(0);
            self.group += 1;
            self.leaves.iter_mut().for_each(Leaf::close);
        }
        true
    }

    fn read_row(&mut self, record: &mut Record) -> Result<(), Trouble> {
        if self.leaves.iter().any(Leaf::is_used_up) {
            caught(|| self.fill())?;
        }
        record.clear();
        for (node, name) in self.columns.iter().zip(&self.names) {
            let cell = match &node.shape {
                Shape::Leaf(leaf) => self.leaves.get_mut(*leaf).map_or(Ok(None), Leaf::cell),
                _ => node.cell(&mut self.leaves),
            };
            record.push(cell.map_err(|NotText| {
                let reason = "it holds bytes that are not UTF-8 text";
                let help = "write the column as text (UTF-8), or without it, and try again";
                Trouble::Value(0, Unusable::new(name, reason, help))
            })?);
        }
        if self.leaves.iter().all(|leaf| leaf.repetition() == 0) {
            Ok(())
        } else {
            Err(Trouble::broken("levels that do not fit each other"))
        }
    }
}

impl Records for Rows {
    fn columns(&self) -> &[String] {
        &self.names
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        if !self.open_group() {
            return Ok(None);
        }
        self.read_row(record)
            .map_err(|trouble| trouble.problem(self.input.path(), self.row))?;
        self.left -= 1;
        self.row += 1;
        if self.growth.is_too_much_with(record) {
            return Err(Problem::data(
                format!(
                    "{}, row {}: written as text, the rows are more than a thousand times as long as the file",
                    self.input.shown(),
                    self.row
                ),
                "write the file with only the columns that are needed; is it what you think it is?",
            ));
        }
        Ok(Some(self.row))
    }

    fn typed(&self) -> Vec<String> {
        let mut points = Points::default();
        for (column, node) in self.columns.iter().enumerate() {
            if let Shape::Leaf(leaf) = node.shape
                && self.leaves.get(leaf).is_some_and(|leaf| leaf.has_point)
            {
                points.add(column);
            }
        }
        points.among(&self.names)
    }

    fn notes(&mut self) -> Vec<Note> {
        for (node, name) in self.columns.iter().zip(&self.names) {
            if let Shape::Leaf(leaf) = node.shape
                && let Some(found) = self.leaves.get(leaf).map(|leaf| leaf.not_numbers)
                && found > 0
            {
                self.notes.push(Note {
                    code: "not-a-number".to_owned(),
                    severity: Severity::Info,
                    message: format!(
                        "{}, column `{name}`: {} not a number (NaN) and missing therefore",
                        self.input.shown(),
                        match found {
                            1 => "1 value is".to_owned(),
                            found => format!("{} values are", thousands(found)),
                        }
                    ),
                    help: None,
                });
            }
        }
        std::mem::take(&mut self.notes)
    }
}

/// Bytes that should be text are none.
pub(super) struct NotText;

/// The values of a column that is not nested, or of a part of one that is.
#[derive(Default)]
pub(super) struct Leaf {
    /// Its place among the leaves of the file.
    place: usize,
    layout: Option<Layout>,
    kind: Kind,
    /// The definition level of a value that is there.
    full: i16,
    reader: Option<Fallback>,
    decoded: Decoded,
    cuts: Cuts,
    /// How many entries were decoded, and how many of these and their values were given out.
    entries: usize,
    next: usize,
    next_value: usize,
    /// How many values were not a number.
    not_numbers: u64,
    /// Whether a number was written with a point.
    has_point: bool,
}

impl Leaf {
    fn is_used_up(&self) -> bool {
        self.next >= self.entries
    }

    fn held(&self) -> usize {
        self.reader.as_ref().map_or(0, Fallback::held)
    }

    fn close(&mut self) {
        self.reader = None;
        (self.entries, self.next) = (0, 0);
    }

    /// Decodes some of the `left` last rows of a chunk of `rows` rows.
    fn fill(&mut self, file: &Arc<File>, chunk: &ColumnChunkMetaData, rows: usize, left: u64) -> Result<(), Trouble> {
        if self.reader.is_none() {
            let pages = Box::new(pages(file, chunk, rows)?);
            self.reader = Some(Fallback::new(chunk.column_descr_ptr(), pages, 0)?);
        }
        if let Some(reader) = &mut self.reader {
            let most = usize::try_from(left).unwrap_or(BATCH).min(BATCH);
            reader.read(most, &mut self.decoded)?;
        }
        if self.decoded.rows == 0 {
            let name = chunk.column_descr().name();
            return Err(Trouble::broken(format!("a column `{name}` that ends early")));
        }
        let levels = &self.decoded.levels;
        self.entries = if self.full > 0 { levels.len() } else { self.decoded.rows };
        let values = match self.full {
            0 => self.entries,
            full => levels.iter().filter(|level| **level == full).count(),
        };
        (self.next, self.next_value) = (0, 0);
        // The fallback gives booleans as bytes.
        let layout = self.layout.unwrap_or(Layout::Fixed(1));
        self.cuts.cut(layout, &self.decoded.data, 0, values)?;
        Ok(())
    }

    /// The definition level of the next entry.
    pub(super) fn definition(&self) -> i16 {
        self.decoded.levels.get(self.next).copied().unwrap_or(self.full)
    }

    /// The repetition level of the next entry, which is 0 where a row starts.
    pub(super) fn repetition(&self) -> i16 {
        self.decoded.repetitions.get(self.next).copied().unwrap_or(0)
    }

    /// Passes over an entry.
    pub(super) fn pass(&mut self) {
        self.next_value += usize::from(self.definition() == self.full);
        self.next += 1;
    }

    /// The next entry, by the canonical value that it has if it is not missing.
    pub(super) fn take<T>(&mut self, read: impl FnOnce(Option<Value<'_>>) -> T) -> T {
        let is_there = self.definition() == self.full;
        let (value, kind) = (self.next_value, self.kind);
        self.pass();
        if !is_there {
            return read(None);
        }
        let bytes = self.cuts.get(&self.decoded.data, value);
        let raw = self.layout.map_or(Raw::Bool(bytes == [1]), |layout| raw(layout, bytes));
        read(Some(kind.value(raw, &mut String::new())))
    }

    /// The next entry as a cell of a table.
    fn cell(&mut self) -> Result<Option<String>, NotText> {
        let (cell, is_there, is_number) = self.take(|value| {
            let is_number = matches!(value, Some(Value::Float(_) | Value::Amount(_)));
            (value.map_or(Ok(None), text), value.is_some(), is_number)
        });
        // Only numbers need a look at their text.
        self.has_point |= is_number && matches!(&cell, Ok(Some(text)) if text.contains('.'));
        self.not_numbers += u64::from(is_there && matches!(cell, Ok(None)));
        cell
    }
}

/// The text that the value has when columns are counted; nothing for "not a number".
pub(super) fn text(value: Value<'_>) -> Result<Option<String>, NotText> {
    Ok(match value {
        Value::Text(bytes) | Value::Amount(bytes) => Some(std::str::from_utf8(bytes).map_err(|_| NotText)?.to_owned()),
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) if value.is_nan() => None,
        // Adding zero turns -0.0 into 0.0.
        Value::Float(value) => Some(format!("{:?}", value + 0.0)),
        Value::Bool(value) => Some(value.to_string()),
    })
}
