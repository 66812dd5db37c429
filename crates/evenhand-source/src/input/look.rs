//! This module tells by its first bytes what an input is, whatever its name says.

use std::io::{self, Read};

use evenhand_measure::Problem;

use super::Input;
use super::packed::Compression;

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    Parquet,
    Packed(Compression),
    /// A zip archive, which a workbook may be as well.
    Zip,
    /// A workbook that is no zip archive.
    OldWorkbook,
    Arrow,
    Database,
    Json,
    /// Anything else is text, or is refused as that.
    Text,
}

/// So many bytes tell what a file is; the mark of a tar archive is the farthest.
pub(super) const START: u64 = 512;

/// The first bytes of a source.
pub(super) fn first(source: impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    source.take(START).read_to_end(&mut start)?;
    Ok(start)
}

/// What starts with these bytes, if it is read at all.
///
/// # Errors
/// When it is a kind of file that this program does not read, or not what its name says.
pub(super) fn nature(input: &Input, start: &[u8]) -> Result<Nature, Problem> {
    let name = input.shown();
    let is_called = |ending: &str| {
        let called = input.path().extension();
        !input.is_kept() && called.is_some_and(|found| found.eq_ignore_ascii_case(ending))
    };
    // A header may start with the letters of a magic word, as `PARENT` does.
    let is_magic = |magic: &[u8]| start.starts_with(magic) && !(magic[0].is_ascii_uppercase() && is_table(start));
    let found = NATURES.iter().find(|(magic, _)| is_magic(magic));
    if let Some((_, nature)) = found {
        return Ok(*nature);
    }
    if let Some(packed) = Compression::of(start) {
        return Ok(Nature::Packed(packed));
    }
    if let Some((what, help)) = foreign(start) {
        return Err(Problem::data(format!("{name} is {what}"), help));
    }
    if is_json(start) {
        return Ok(Nature::Json);
    }
    if is_called("parquet") {
        return Err(Problem::data(
            format!("{name} is named as a Parquet file and does not start as one"),
            "copy or export the file again; if it is text, end its name in .csv",
        ));
    }
    Ok(Nature::Text)
}

const NATURES: [(&[u8], Nature); 7] = [
    (b"PAR1", Nature::Parquet),
    (b"PK\x03\x04", Nature::Zip),
    // The end of an archive that has no members.
    (b"PK\x05\x06", Nature::Zip),
    (b"\xd0\xcf\x11\xe0", Nature::OldWorkbook),
    (b"ARROW1", Nature::Arrow),
    // The start of a stream's first message.
    (b"\xff\xff\xff\xff", Nature::Arrow),
    (b"SQLite format 3\0", Nature::Database),
];

/// Whether this starts an object, or a list of objects or lists.
fn is_json(start: &[u8]) -> bool {
    // Of ASCII, UTF-16 has the letters and a zero byte beside each.
    let is_marked = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    let is_wide = is_marked || matches!(start, [0, b'{' | b'[', 0, _, ..] | [b'{' | b'[', 0, _, 0, ..]);
    let mark = if is_marked { 2 } else { 0 };
    let narrow: Vec<u8> = start.iter().skip(mark).copied().filter(|byte| *byte != 0).collect();
    let start = if is_wide { &narrow } else { start };
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    match start.split_first() {
        Some((b'{', _)) => true,
        Some((b'[', rest)) => matches!(rest.trim_ascii_start().first(), Some(b'{' | b'[' | b']')),
        _ => false,
    }
}

/// Whether this starts a web page, or the XML of a workbook in one file.
fn is_page(start: &[u8]) -> bool {
    const TAGS: [&str; 9] = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<table",
        "<div",
        "<meta",
        "<style",
        "<?xml",
    ];
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let is_tag = |tag: &&str| {
        start
            .get(..tag.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(tag.as_bytes()))
    };
    TAGS.iter().any(is_tag)
}

/// Whether a start that has the letters of a magic word is rather that of a table.
fn is_table(start: &[u8]) -> bool {
    let parts = |byte: &u8| b",;|\t\n\r".contains(byte);
    start.iter().any(parts) && start.iter().all(|byte| !byte.is_ascii_control() || parts(byte))
}

/// What a file is that starts with these bytes, if it is surely none that is read.
fn foreign(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const REPACK: &str = "unpack it first; gzip, zstd and zip are read as they are";
    const KNOWN: [(&[u8], &str, &str); 5] = [
        (b"%PDF", "a PDF document", "ask for the data as CSV"),
        (b"BZh", "compressed with bzip2", REPACK),
        (b"\xfd7zXZ\0", "compressed with xz", REPACK),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive", REPACK),
        (b"PARE", "an encrypted Parquet file", "decrypt it first"),
    ];
    const TAR: usize = 257;
    // A tar's header is padded with zero bytes, which no text has.
    let is_padded = start.iter().take(TAR).any(|byte| *byte == 0);
    if is_padded && !is_table(start) && start.get(TAR..).is_some_and(|rest| rest.starts_with(b"ustar")) {
        return Some((
            "a tar archive",
            "unpack it first, as with `tar -x`, and name the folder",
        ));
    }
    if is_page(start) {
        return Some((
            "a web page (HTML) or XML, which some programs export under the name of a workbook",
            "open it in Excel or LibreOffice and save it as .xlsx or as \"CSV UTF-8\"",
        ));
    }
    KNOWN
        .iter()
        .find(|(magic, ..)| start.starts_with(magic) && !(magic[0].is_ascii_uppercase() && is_table(start)))
        .map(|&(_, what, help)| (what, help))
}
