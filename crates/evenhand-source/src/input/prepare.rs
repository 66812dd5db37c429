//! This module finds out how each input is to be read, before any is counted: what it is, what it is packed in, and how
//! it is laid out. What is neither plain text nor read column by column is written down as a plain table once, so that
//! whoever looks at records or counts them need not know where they come from.

use std::collections::BTreeSet;
use std::sync::Arc;

use evenhand_measure::Problem;
use evenhand_measure::audit::model::Note;
use evenhand_measure::policy::Data;
use rayon::prelude::*;

use super::fitting::unfit;
use super::look::{Nature, first, nature};
use super::packed::Compression;
use super::{Input, Inputs, Kept, unreadable};
use crate::reading::{Format, Reading};
use crate::records::{Places, Records, write_down};
use crate::{archive, arrow_file, csv_file, explode, join, json_file, parquet_file, sqlite, workbook};

/// What is known of how to read an input.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The text that was made of it, if one was.
    pub(super) text: Option<Kept>,
    pub(crate) body: Body,
    /// Where the records of that text stand in the input, if not in its lines.
    pub(super) places: Option<Places>,
    pub(crate) reading: Reading,
    /// The columns of that text whose numbers were numbers in the input: see [`Records::typed`].
    pub(crate) plain: BTreeSet<String>,
}

/// What there is to read.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Text(csv_file::Head),
    Parquet,
    Database(sqlite::Database),
    /// A tally keeps no records.
    Tally,
}

/// Records of a format that is read in order, and how they were found.
pub(crate) struct Rows {
    pub(crate) records: Box<dyn Records>,
    pub(crate) reading: Reading,
    /// What the place of a record is called: see [`Places`].
    pub(crate) place: String,
}

impl Inputs {
    /// The inputs as they will be read, and of archives the members: what `data` leaves open is found out by looking at
    /// them. What was found stands in [`Input::reading`].
    ///
    /// # Errors
    /// When an input is not there, is of a kind that is not read, is damaged, or is not laid out as `data` says; all
    /// that are.
    pub fn prepared(&self, data: &Data) -> Result<Self, Vec<Problem>> {
        if self.is_prepared {
            return Ok(self.clone());
        }
        let parts: Vec<_> = self.inputs.par_iter().map(|input| prepare(input, data)).collect();
        let mut inputs = Vec::new();
        let mut problems = Vec::new();
        for part in parts {
            match part {
                Ok(part) => inputs.extend(part),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let data_read = inputs.iter().filter(|input| !input.is_tally());
        let formats = data_read.filter_map(|input| Some(input.reading()?.format));
        let unfit = unfit(data, &formats.collect::<Vec<_>>());
        if !unfit.is_empty() {
            return Err(unfit);
        }
        Ok(Self {
            inputs,
            left_out: self.left_out.clone(),
            is_prepared: true,
        })
    }
}

fn prepare(input: &Input, data: &Data) -> Result<Vec<Input>, Problem> {
    let name = input.shown();
    let start = input
        .stored()
        .and_then(first)
        .map_err(|error| unreadable(input.path(), &error))?;
    if start.is_empty() {
        return Err(Problem::data(format!("{name} is empty"), "export the data again"));
    }
    let is_packed_tally = Compression::of(&start).is_some() && input.is_called_tally();
    if input.is_tally() || is_packed_tally {
        return match Compression::of(&start) {
            None => Ok(vec![input.with(Prepared::of(Body::Tally, Format::Json))]),
            Some(packed) => Err(Problem::data(
                format!("{name} is a tally that is compressed with {}", packed.name()),
                format!("unpack it first, as with `{}`", packed.unpacker()),
            )),
        };
    }
    match nature(input, &start)? {
        Nature::Zip if !archive::is_workbook(input) => {
            let (members, mut notes) = archive::members(input)?;
            let prepared = members.iter().map(|member| prepare(member, data));
            let mut inputs = prepared.collect::<Result<Vec<_>, _>>()?.concat();
            for input in &mut inputs {
                input.add_packing("zip", std::mem::take(&mut notes));
            }
            Ok(inputs)
        }
        nature => Ok(vec![single(input, nature, data)?]),
    }
}

fn single(input: &Input, nature: Nature, data: &Data) -> Result<Input, Problem> {
    let rows = match nature {
        Nature::Zip | Nature::OldWorkbook => workbook::rows(input, data)?,
        Nature::Json => json_file::rows(input, data)?,
        Nature::Arrow => arrow_file::rows(input, data)?,
        Nature::Text => return of_text(input, None, data),
        Nature::Packed(packed) => return unpacked(input, packed, data),
        Nature::Parquet => return changed(&input.with(Prepared::of(Body::Parquet, Format::Parquet)), data),
        Nature::Database => {
            let (database, reading) = sqlite::open(input, data)?;
            let body = Body::Database(database);
            return changed(
                &input.with(Prepared {
                    reading,
                    ..Prepared::of(body, Format::Sqlite)
                }),
                data,
            );
        }
    };
    written(input, rows, data)
}

fn of_text(input: &Input, packed: Option<Compression>, data: &Data) -> Result<Input, Problem> {
    let (text, head, reading) = csv_file::head(input, packed, data)?;
    let prepared = Prepared {
        text,
        reading,
        ..Prepared::of(Body::Text(head), Format::Csv)
    };
    changed(&input.with(prepared), data)
}

/// What is packed: text is read as it is unpacked, everything else is unpacked first.
fn unpacked(input: &Input, packed: Compression, data: &Data) -> Result<Input, Problem> {
    let name = input.shown();
    let inside = input.stored().and_then(|file| packed.unpack(file)).and_then(first);
    let inside = inside.map_err(|error| unreadable(input.path(), &error))?;
    let unpack = format!("unpack it first, as with `{}`", packed.unpacker());
    if inside.is_empty() {
        return Err(Problem::data(
            format!("{name} is compressed with {}, and inside is nothing", packed.name()),
            "export the data again",
        ));
    }
    match nature(input, &inside)? {
        Nature::Text => of_text(input, Some(packed), data),
        Nature::Packed(_) => Err(Problem::data(
            format!(
                "{name} is compressed with {}, and inside is data compressed once more",
                packed.name()
            ),
            unpack,
        )),
        nature => {
            let kept = archive::unpack(input, packed)?;
            let mut inner = single(&input.unpacked(kept.clone()), nature, data)?;
            inner.kept.clone_from(&input.kept);
            inner.read_from(kept);
            inner.add_packing(packed.name(), Vec::new());
            Ok(inner)
        }
    }
}

/// The input with its lists taken apart and its tables joined, if that is asked for.
fn changed(input: &Input, data: &Data) -> Result<Input, Problem> {
    let prepared = input.known()?;
    let is_odd = match &prepared.body {
        Body::Text(head) => head.repeats_header || data.ragged.is_some(),
        _ => false,
    };
    if data.explode.is_empty() && data.joins.is_empty() && !is_odd {
        return Ok(input.clone());
    }
    let Some((records, place)) = records(input, data)? else {
        return Ok(input.clone());
    };
    let rows = Rows {
        records,
        reading: prepared.reading.clone(),
        place: place.to_owned(),
    };
    written(input, rows, data)
}

/// Records, and what a place of theirs is called.
type InOrder = (Box<dyn Records>, &'static str);

/// The records of an input that was prepared, and what a place in it is called; a tally has none.
pub(crate) fn records(input: &Input, data: &Data) -> Result<Option<InOrder>, Problem> {
    Ok(match &input.known()?.body {
        Body::Text(head) => Some((csv_file::records(input, head, data)?, "line")),
        Body::Parquet => Some((parquet_file::records(input)?, "row")),
        Body::Database(database) => Some((sqlite::records(database)?, "row")),
        Body::Tally => None,
    })
}

/// The input as the plain table of its records.
fn written(input: &Input, rows: Rows, data: &Data) -> Result<Input, Problem> {
    let Rows {
        records,
        mut reading,
        place,
    } = rows;
    let (records, separator) = explode::exploded(records, data, &input.shown(), &place)?;
    let mut records = join::joined(records, data, input)?;
    reading.data.explode.clone_from(&data.explode);
    reading.data.joins.clone_from(&data.joins);
    reading.data.separator = separator.or_else(|| data.separator.clone());
    let columns = records.columns().to_vec();
    let (kept, first_byte, places) = write_down(records.as_mut(), &place)?;
    reading.notes.extend(records.notes());
    Ok(input.with(Prepared {
        text: Some(kept),
        body: Body::Text(csv_file::Head::of_plain(columns, first_byte)),
        places: Some(places),
        reading,
        plain: records.typed().into_iter().collect(),
    }))
}

impl Prepared {
    fn of(body: Body, format: Format) -> Self {
        Self {
            text: None,
            body,
            places: None,
            plain: BTreeSet::new(),
            reading: Reading {
                format,
                ..Reading::default()
            },
        }
    }
}

impl Input {
    /// Whether its records were written down as a plain table, and are not read where they are stored.
    pub(crate) fn is_written_down(&self) -> bool {
        self.prepared.as_ref().is_some_and(|prepared| prepared.places.is_some())
    }

    fn with(&self, prepared: Prepared) -> Self {
        Self {
            prepared: Some(Arc::new(prepared)),
            ..self.clone()
        }
    }

    /// Adds to how it was read that all of it was packed so.
    fn add_packing(&mut self, packing: &str, notes: Vec<Note>) {
        // It was prepared just now, so nobody else has it.
        if let Some(prepared) = self.prepared.as_mut().and_then(Arc::get_mut) {
            prepared.reading.packed.insert(0, packing.to_owned());
            prepared.reading.notes.extend(notes);
        }
    }

    /// Has what it holds read, where nothing was written down that is read instead.
    fn read_from(&mut self, kept: Kept) {
        if let Some(prepared) = self.prepared.as_mut().and_then(Arc::get_mut) {
            prepared.text.get_or_insert(kept);
        }
    }

    /// The same with what it holds in the place of what is stored.
    fn unpacked(&self, kept: Kept) -> Self {
        Self {
            kept: Some(kept),
            ..self.clone()
        }
    }
}
