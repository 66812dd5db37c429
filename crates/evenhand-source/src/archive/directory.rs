//! This module checks the end of a zip archive before anything believes what it says: how many members there are, and
//! where the list of them is.
//!
//! Readers of zip archives differ in what they make of archives that contradict themselves, and a reader that believes
//! in a billion members asks for the memory first. Here an archive has one end, at its end, and the list of its members
//! stands right before that.

use std::io::{self, Read as _, Seek as _, SeekFrom};

use evenhand_measure::{Problem, thousands};

use crate::input::{File, Input, unreadable};

/// The end of an archive: its mark, sizes, and up to 64 KB of comment.
const END_MARK: &[u8] = b"PK\x05\x06";
const END: usize = 22;
const LONGEST_COMMENT: usize = 65_535;

/// The ends of an archive with large numbers (ZIP64).
const LOCATOR_MARK: &[u8] = b"PK\x06\x07";
const LOCATOR: u64 = 20;
const END64_MARK: &[u8] = b"PK\x06\x06";
const END64: usize = 56;

/// An entry in the list of members.
const ENTRY_MARK: &[u8] = b"PK\x01\x02";

/// Archives of more members are no tables, and their list would fill memory.
const MOST_MEMBERS: u64 = 10_000;
const MOST_LIST: u64 = 16 << 20;

/// Why an archive is not read.
#[derive(Debug)]
pub(super) enum Refused {
    Unreadable(io::Error),
    CutShort,
    Broken(&'static str),
    TooMany(u64),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl Refused {
    pub(super) fn at(self, input: &Input) -> Problem {
        let name = input.shown();
        match self {
            Self::Unreadable(error) => unreadable(input.path(), &error),
            Self::CutShort => Problem::data(
                format!("{name} is a zip archive without an end"),
                "it is cut short: copy or download it again",
            ),
            Self::Broken(found) => Problem::data(
                format!("{name} is a damaged zip archive: {found}"),
                "copy or export it again; `unzip -t` tests one",
            ),
            Self::TooMany(count) => Problem::data(
                format!(
                    "{name} has {} members, or a list of them of more than 16 MB",
                    thousands(count)
                ),
                "unpack it first, and name the folder with the tables",
            ),
        }
    }
}

/// What the end of an archive says.
struct End {
    members: u64,
    size: u64,
    start: u64,
    /// Where the list of members has to end.
    before: u64,
}

/// Checks the end of the archive in `source`, and goes back to its start.
pub(super) fn check(source: &mut File) -> Result<(), Refused> {
    let length = source.length()?;
    let tail_start = length.saturating_sub((END + LONGEST_COMMENT) as u64);
    let tail = bytes(source, tail_start, (length - tail_start) as usize)?;
    let at = memchr::memmem::rfind(&tail, END_MARK).ok_or(Refused::CutShort)?;
    let record = tail.get(at..at + END).ok_or(Refused::CutShort)?;
    if at + END + usize::from(u16_at(record, 20)) != tail.len() {
        return Err(Refused::Broken("something follows after its end"));
    }
    let place = tail_start + at as u64;
    let end = end(source, record, place)?;
    if end.members > MOST_MEMBERS || end.size > MOST_LIST {
        return Err(Refused::TooMany(end.members));
    }
    if end.start.checked_add(end.size) != Some(end.before) {
        return Err(Refused::Broken("the list of its members is not where it should be"));
    }
    if end.members > 0 && bytes(source, end.start, ENTRY_MARK.len())? != ENTRY_MARK {
        return Err(Refused::Broken("the list of its members is none"));
    }
    source.seek(SeekFrom::Start(0))?;
    Ok(())
}

/// What the end at `place` says, and the longer one before it where its numbers are too large for it.
fn end(source: &mut File, record: &[u8], place: u64) -> Result<End, Refused> {
    let (disk, first_disk) = (u16_at(record, 4), u16_at(record, 6));
    let short = End {
        members: u64::from(u16_at(record, 10)),
        size: u64::from(u32_at(record, 12)),
        start: u64::from(u32_at(record, 16)),
        before: place,
    };
    let locator = match place.checked_sub(LOCATOR) {
        Some(place) => bytes(source, place, LOCATOR as usize)?,
        None => Vec::new(),
    };
    if !locator.starts_with(LOCATOR_MARK) {
        if disk != 0 || first_disk != 0 || u16_at(record, 8) != u16_at(record, 10) {
            return Err(Refused::Broken("it is one of several parts"));
        }
        return Ok(short);
    }
    let place64 = u64_at(&locator, 8);
    // Nothing stands between the two ends.
    if place64.checked_add(END64 as u64 + LOCATOR) != Some(place) {
        return Err(Refused::Broken("its two ends are apart"));
    }
    let record = bytes(source, place64, END64)?;
    if !record.starts_with(END64_MARK) || u64_at(&record, 4) != END64 as u64 - 12 {
        return Err(Refused::Broken("its longer end is none"));
    }
    if u32_at(&record, 16) != 0 || u32_at(&record, 20) != 0 || u64_at(&record, 24) != u64_at(&record, 32) {
        return Err(Refused::Broken("it is one of several parts"));
    }
    let long = End {
        members: u64_at(&record, 32),
        size: u64_at(&record, 40),
        start: u64_at(&record, 48),
        before: place64,
    };
    let agrees = |short: u64, most: u64, long: u64| short == most || short == long;
    let most = u64::from(u32::MAX);
    if !agrees(short.members, u64::from(u16::MAX), long.members)
        || !agrees(short.size, most, long.size)
        || !agrees(short.start, most, long.start)
    {
        return Err(Refused::Broken("its two ends contradict each other"));
    }
    Ok(long)
}

fn bytes(source: &mut File, start: u64, size: usize) -> Result<Vec<u8>, Refused> {
    source.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    let read = source.take(size as u64).read_to_end(&mut bytes)?;
    if read == size {
        Ok(bytes)
    } else {
        Err(Refused::CutShort)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let found = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    u16::from_le_bytes(found.copied().unwrap_or_default())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let found = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    u32::from_le_bytes(found.copied().unwrap_or_default())
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let found = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    u64::from_le_bytes(found.copied().unwrap_or_default())
}
