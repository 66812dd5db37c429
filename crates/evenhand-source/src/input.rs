//! This module looks at an input before it is read: is it there, and what is it?

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use evenhand_measure::Problem;

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Csv,
    Parquet,
    Tally,
}

/// The path as it is shown in messages.
pub(crate) fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}

/// The problem of an input that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let name = shown(path);
    match error.kind() {
        io::ErrorKind::NotFound if path.as_os_str() == "-" => Problem::data(
            "standard input is not read: files are read more than once",
            "save the data to a file first",
        ),
        io::ErrorKind::NotFound => Problem::data(format!("{name} does not exist"), "check the name and the folder"),
        io::ErrorKind::PermissionDenied => {
            Problem::data(format!("{name} may not be read"), "check the file's permissions")
        }
        _ => Problem::data(format!("{name} cannot be read: {error}"), "check the file and its disk"),
    }
}

/// The kind and size of the file at `path`.
///
/// # Errors
/// When there is nothing to read, or it is a kind of file that this program does not read.
pub(crate) fn look(path: &Path) -> Result<(Kind, u64), Problem> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if metadata.is_dir() {
        return Err(Problem::data(
            format!("{} is a folder", shown(path)),
            "name the files in it; several may be given",
        ));
    }
    if !metadata.is_file() {
        // Files are opened more than once, which empties a pipe.
        return Err(Problem::data(
            format!("{} is not a file but a pipe or a device", shown(path)),
            "save the data to a file first",
        ));
    }
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(8).read_to_end(&mut start))
        .map_err(|error| unreadable(path, &error))?;
    if start.is_empty() {
        return Err(Problem::data(
            format!("{} is empty", shown(path)),
            "export the data again",
        ));
    }
    let size = metadata.len();
    if path.as_os_str().to_string_lossy().ends_with(".tally.json") {
        return Ok((Kind::Tally, size));
    }
    match foreign(&start) {
        Some((what, help)) => Err(Problem::data(format!("{} is {what}", shown(path)), help)),
        None if start.starts_with(b"PAR1") => Ok((Kind::Parquet, size)),
        None if path.extension().is_some_and(|ending| ending == "parquet") => Err(Problem::data(
            format!("{} is named as a Parquet file and does not start as one", shown(path)),
            "copy or export the file again; if it is text, end its name in .csv",
        )),
        None => Ok((Kind::Csv, size)),
    }
}

/// What a file is that starts with these bytes, if it is surely neither CSV nor Parquet.
fn foreign(start: &[u8]) -> Option<(&'static str, &'static str)> {
    const SAVE: &str = "open it in the program that made it and save it as \"CSV UTF-8\"";
    const KNOWN: [(&[u8], &str, &str); 9] = [
        (
            b"PK\x03\x04",
            "an Excel or OpenDocument file, or another zip archive",
            SAVE,
        ),
        (b"\xd0\xcf\x11\xe0", "an old Excel file", SAVE),
        (b"%PDF", "a PDF document", "ask for the data as CSV"),
        (b"\x1f\x8b", "compressed with gzip", "unpack it first, as with `gunzip`"),
        (
            b"\x28\xb5\x2f\xfd",
            "compressed with zstd",
            "unpack it first, as with `unzstd`",
        ),
        (b"\xff\xfe", "UTF-16 text", "save it as \"CSV UTF-8\""),
        (b"\xfe\xff", "UTF-16 text", "save it as \"CSV UTF-8\""),
        (
            b"{",
            "JSON, not a table",
            "save it as CSV or Parquet; name a tally `*.tally.json`",
        ),
        (b"PARE", "an encrypted Parquet file", "decrypt it first"),
    ];
    KNOWN
        .iter()
        .find(|(magic, ..)| start.starts_with(magic))
        .map(|&(_, what, help)| (what, help))
}
