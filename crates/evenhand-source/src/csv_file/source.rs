//! This module is the bytes of a text before it is known how it is laid out: where they are, and some of them.

use std::io::{self, Read, Write as _};

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use super::text;
use crate::input::{Compression, File, Input, Keeper, Kept, unreadable};

/// So much of a text's start is looked at; the header must end in it.
pub(super) const START: usize = 1 << 20;

/// Texts up to this length are looked at from end to end to tell their encoding.
const WHOLE: u64 = 8 << 20;

/// In longer ones, so many places of this length are looked at besides the start.
const PLACES: u64 = 16;
const PLACE: u64 = 64 << 10;

/// Packed texts up to this size are unpacked once, if they do not become longer than the second.
const SMALL_PACKED: u64 = 8 << 20;
const SMALL_UNPACKED: u64 = 256 << 20;

/// What unpacks to more than so many times its size, and is long, is no table.
const MOST_RATIO: u64 = 200;

/// A text, wherever it is.
pub(super) struct Source<'a> {
    pub(super) input: &'a Input,
    /// What was written down of it, unpacked or in other letters.
    pub(super) kept: Option<Kept>,
    /// How it is packed, if what is read is packed.
    pub(super) compression: Option<Compression>,
}

/// Some bytes of a text.
pub(super) struct Sample {
    /// Its start.
    pub(super) start: Vec<u8>,
    /// Whether that is all of it.
    pub(super) is_whole: bool,
    /// Further on, with where it is.
    pub(super) elsewhere: Vec<(u64, Vec<u8>)>,
}

impl Sample {
    pub(super) fn is_ascii(&self) -> bool {
        self.start.is_ascii() && self.elsewhere.iter().all(|(_, bytes)| bytes.is_ascii())
    }
}

impl<'a> Source<'a> {
    /// The text of an input. Small packed texts are unpacked: then their end can be looked at as well.
    pub(super) fn of(input: &'a Input, compression: Option<Compression>, data: &Data) -> Result<Self, Problem> {
        let mut source = Self {
            input,
            kept: None,
            compression,
        };
        let Some(packed) = compression else {
            return Ok(source);
        };
        let bytes = input.bytes().map_err(|error| unreadable(input.path(), &error))?;
        // Whoever says how the text ends wants it to be found.
        let most = match data.footer_rows {
            Some(rows) if rows > 0 => most_unpacked(bytes),
            _ if bytes < SMALL_PACKED => SMALL_UNPACKED,
            _ => return Ok(source),
        };
        let mut stream = source.stream()?.take(most + 1);
        let mut keeper = Keeper::default();
        copy(&mut stream, &mut keeper, |error| {
            text::damage(input, Some(packed)).unwrap_or_else(|| unreadable(input.path(), &error))
        })?;
        if keeper.length() <= most {
            source.kept = Some(keeper.finish());
            source.compression = None;
        } else if most > SMALL_UNPACKED {
            return Err(too_long(&input.shown(), packed.name()));
        }
        Ok(source)
    }

    /// The whole text.
    pub(super) fn stream(&self) -> Result<Box<dyn Read + Send>, Problem> {
        let unreadable = |error: io::Error| unreadable(self.input.path(), &error);
        let file = self.file().map_err(unreadable)?;
        Ok(match self.compression {
            None => Box::new(file),
            Some(compression) => Box::new(compression.unpack(file).map_err(unreadable)?),
        })
    }

    /// What is read, packed as it is.
    pub(super) fn file(&self) -> io::Result<File> {
        match &self.kept {
            Some(kept) => Ok(File::Kept(kept.clone(), 0)),
            None => self.input.open(),
        }
    }

    /// Some of its bytes.
    pub(super) fn sample(&self) -> Result<Sample, Problem> {
        let unreadable = |error: io::Error| {
            let damage = text::damage(self.input, self.compression);
            damage.unwrap_or_else(|| unreadable(self.input.path(), &error))
        };
        let mut start = Vec::new();
        let mut stream = self.stream()?.take(START as u64 + 1);
        stream.read_to_end(&mut start).map_err(unreadable)?;
        let is_whole = start.len() <= START;
        start.truncate(START);
        let mut elsewhere = Vec::new();
        if self.compression.is_none() && !is_whole {
            let file = self.file().map_err(unreadable)?;
            let length = file.length().map_err(unreadable)?;
            for (from, size) in places(length) {
                let mut bytes = Vec::new();
                file.append(from, size, &mut bytes).map_err(unreadable)?;
                elsewhere.push((from, bytes));
            }
        }
        Ok(Sample {
            start,
            is_whole,
            elsewhere,
        })
    }

    /// The longest text that may be made of it.
    pub(super) fn most_written(&self) -> Result<u64, Problem> {
        let bytes = self.input.bytes();
        let bytes = bytes.map_err(|error| unreadable(self.input.path(), &error))?;
        Ok(match self.compression {
            Some(_) => most_unpacked(bytes),
            None => u64::MAX,
        })
    }
}

/// Where a text of this length is looked at besides its start.
fn places(length: u64) -> Vec<(u64, u64)> {
    let start = START as u64;
    let rest = length.saturating_sub(start);
    if length <= WHOLE {
        return vec![(start, rest)];
    }
    // The last of them is the end.
    let last = length - PLACE;
    (1..=PLACES)
        .map(|place| (start + (last - start) / PLACES * place, PLACE))
        .chain([(last, PLACE)])
        .collect()
}

fn most_unpacked(bytes: u64) -> u64 {
    bytes.saturating_mul(MOST_RATIO).max(SMALL_UNPACKED)
}

/// The problem of a packed text that grows beyond all measure.
pub(super) fn too_long(name: &str, packed: &str) -> Problem {
    Problem::data(
        format!("{name}: unpacking the {packed} data gives more than {MOST_RATIO} times as many bytes"),
        "unpack it first, and look whether it is a table",
    )
}

/// Copies everything, so that it is known whether reading or writing failed.
fn copy(from: &mut impl Read, to: &mut Keeper, unreadable: impl Fn(io::Error) -> Problem) -> Result<(), Problem> {
    let mut buffer = vec![0; 1 << 18];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => keep(to, &buffer[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
}

/// Writes a part down.
pub(super) fn keep(keeper: &mut Keeper, part: &[u8]) -> Result<(), Problem> {
    keeper
        .write_all(part)
        .map_err(|error| Problem::data(format!("the text cannot be written down: {error}"), "make room there"))
}
