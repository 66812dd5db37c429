//! This module looks at an input before it is read: is it there, and what is it?

use std::io::{self, Read};

use evenhand_measure::Problem;

use super::packed::Compression;
use super::{Input, shown, unreadable};

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text with one record per line, which may be packed.
    Csv(Option<Compression>),
    Parquet,
    Tally,
}

/// What a first look tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) kind: Kind,
    /// As they are stored.
    pub(crate) bytes: u64,
}

/// So many bytes tell what a file is; the mark of a tar archive is the farthest.
const START: u64 = 512;

/// The kind and size of an input.
///
/// # Errors
/// When there is nothing to read, or it is a kind of file that this program does not read.
pub(crate) fn look(input: &Input) -> Result<Look, Problem> {
    let name = shown(input.path());
    let unreadable = |error: io::Error| unreadable(input.path(), &error);
    let bytes = input.bytes().map_err(unreadable)?;
    let start = first(input.open().map_err(unreadable)?).map_err(unreadable)?;
    if start.is_empty() {
        return Err(Problem::data(format!("{name} is empty"), "export the data again"));
    }
    let packed = Compression::of(&start);
    if let (Some(packed), true) = (packed, input.is_tally()) {
        return Err(Problem::data(
            format!("{name} is a tally that is compressed with {}", packed.name()),
            format!("unpack it first, as with `{}`", packed.unpacker()),
        ));
    }
    if input.is_tally() {
        return Ok(Look {
            kind: Kind::Tally,
            bytes,
        });
    }
    let kind = match packed {
        None => plain(input, &start)?,
        Some(packed) => {
            let text = input.open().and_then(|file| packed.unpack(file)).and_then(first);
            inside(&name, packed, &text.map_err(unreadable)?)?;
            Kind::Csv(Some(packed))
        }
    };
    Ok(Look { kind, bytes })
}

fn first(source: impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    source.take(START).read_to_end(&mut start)?;
    Ok(start)
}

/// The kind of a file that starts with these bytes, if it is read at all.
fn plain(input: &Input, start: &[u8]) -> Result<Kind, Problem> {
    let name = shown(input.path());
    match foreign(start) {
        Some((what, help)) => Err(Problem::data(format!("{name} is {what}"), help)),
        None if start.starts_with(PARQUET) && !is_table(start) => Ok(Kind::Parquet),
        None if !input.is_kept() && input.path().extension().is_some_and(|ending| ending == "parquet") => {
            Err(Problem::data(
                format!("{name} is named as a Parquet file and does not start as one"),
                "copy or export the file again; if it is text, end its name in .csv",
            ))
        }
        None => Ok(Kind::Csv(None)),
    }
}

/// Checks that what is packed is text: the rest is refused with advice.
fn inside(name: &str, packed: Compression, start: &[u8]) -> Result<(), Problem> {
    let unpack = format!("unpack it first, as with `{}`", packed.unpacker());
    let (what, help) = if start.is_empty() {
        ("nothing", "export the data again".to_owned())
    } else if start.starts_with(PARQUET) && !is_table(start) {
        (
            "a Parquet file, which cannot be read in order",
            format!("{unpack}; Parquet is compressed inside already"),
        )
    } else if Compression::of(start).is_some() {
        ("data compressed once more", unpack)
    } else if start.starts_with(b"{") {
        ("JSON, not a table", format!("{unpack}, if it is a tally"))
    } else if let Some((what, help)) = foreign(start) {
        (what, help.to_owned())
    } else {
        return Ok(());
    };
    Err(Problem::data(
        format!("{name} is compressed with {}, and inside is {what}", packed.name()),
        help,
    ))
}

const PARQUET: &[u8] = b"PAR1";

/// Whether a start that has the letters of a magic word is rather that of a table: a header may start with `PARENT`.
fn is_table(start: &[u8]) -> bool {
    let parts = |byte: &u8| b",;|\t\n\r".contains(byte);
    start.iter().any(parts) && start.iter().all(|byte| !byte.is_ascii_control() || parts(byte))
}

/// What a file is that starts with these bytes, if it is surely neither CSV nor Parquet.
fn foreign(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const SAVE: &str = "open it in the program that made it and save it as \"CSV UTF-8\"";
    const REPACK: &str = "unpack it first; gzip and zstd are read as they are";
    const KNOWN: [(&[u8], &str, &str); 10] = [
        (
            b"PK\x03\x04",
            "an Excel or OpenDocument file, or another zip archive",
            SAVE,
        ),
        (b"\xd0\xcf\x11\xe0", "an old Excel file", SAVE),
        (b"%PDF", "a PDF document", "ask for the data as CSV"),
        (b"BZh", "compressed with bzip2", REPACK),
        (b"\xfd7zXZ\0", "compressed with xz", REPACK),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive", REPACK),
        (b"\xff\xfe", "UTF-16 text", "save it as \"CSV UTF-8\""),
        (b"\xfe\xff", "UTF-16 text", "save it as \"CSV UTF-8\""),
        (
            b"{",
            "JSON, not a table",
            "save it as CSV or Parquet; name a tally `*.tally.json`",
        ),
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
    KNOWN
        .iter()
        .find(|(magic, ..)| start.starts_with(magic) && !(magic[0].is_ascii_uppercase() && is_table(start)))
        .map(|&(_, what, help)| (what, help))
}
