//! This module opens the text of a CSV file behind its header, wherever the text is and however it is packed.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};

use evenhand_measure::Problem;

use super::head::Head;
use super::record::line_ends;
use super::{Stop, stopped};
use crate::input::{Compression, Damage, File, Input};
use crate::tally::Progress;

/// The text of a file from some byte on.
pub(super) enum Text<'a> {
    /// A file as it is. The standard library reads it into memory that nobody has to clear first, which a stream
    /// cannot have.
    File(io::Take<fs::File>),
    /// Any other.
    Stream(Box<dyn Read + Send + 'a>),
}

impl Read for Text<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Stream(stream) => stream.read(buffer),
        }
    }
}

/// The records of `input`. Streams tell `progress` how many bytes were read, packed as they are; files do not.
pub(super) fn open<'a>(input: &Input, head: &Head, progress: &'a dyn Progress) -> io::Result<Text<'a>> {
    let mut text = from_start(input, head.compression, progress)?;
    match &mut text {
        Text::File(file) => {
            file.get_mut().seek(SeekFrom::Start(head.first_byte))?;
        }
        Text::Stream(stream) => {
            io::copy(&mut stream.take(head.first_byte), &mut io::sink())?;
        }
    }
    // What follows the last record is no record.
    Ok(match (text, head.end) {
        (text, None) => text,
        (Text::File(mut file), Some(end)) => {
            file.set_limit(end.saturating_sub(head.first_byte));
            Text::File(file)
        }
        (Text::Stream(stream), Some(end)) => Text::Stream(Box::new(stream.take(end.saturating_sub(head.first_byte)))),
    })
}

/// The text of `input` from its first byte on.
pub(super) fn from_start<'a>(
    input: &Input,
    compression: Option<Compression>,
    progress: &'a dyn Progress,
) -> io::Result<Text<'a>> {
    let file = match (input.open()?, compression) {
        (File::Named(file), None) => return Ok(Text::File(file.take(u64::MAX))),
        (file, _) => Heard { file, progress },
    };
    Ok(Text::Stream(match compression {
        None => Box::new(file),
        Some(compression) => Box::new(compression.unpack(file)?),
    }))
}

/// So far into the unpacked text damage is looked for: what is made to unpack without end would take all day.
const FARTHEST: u64 = 512 << 20;

/// What is wrong with the packed data of `input`, if something is.
pub(super) fn damage(input: &Input, compression: Option<Compression>) -> Option<Problem> {
    let mut text = from_start(input, Some(compression?), &()).ok()?.take(FARTHEST);
    let mut buffer = vec![0; 1 << 16];
    let mut line = 1;
    let mut was_return = false;
    loop {
        match text.read(&mut buffer) {
            Ok(0) => return None,
            Ok(read) => {
                let part = &buffer[..read];
                line += line_ends(part);
                // The two halves of one line end.
                line -= u64::from(was_return && part.starts_with(b"\n"));
                was_return = part.ends_with(b"\r");
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                Damage::of(&error)?;
                return Some(stopped(input.path(), &Stop::Unreadable(error), line));
            }
        }
    }
}

/// A file that tells how much of it was read.
struct Heard<'a> {
    file: File,
    progress: &'a dyn Progress,
}

impl Read for Heard<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}
