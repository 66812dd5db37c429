//! This module unpacks archives into their members, and what is packed in a way that cannot be read in order.

use std::io::{BufReader, Read as _};

use evenhand_measure::Problem;
use zip::ZipArchive;

use crate::input::{Compression, Input, Kept};

/// Whether a zip archive is a workbook, by what is in it and not by its name.
pub(crate) fn is_workbook(input: &Input) -> bool {
    const SPREADSHEET: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let archive = input.stored().map(BufReader::new).map(ZipArchive::new);
    let Ok(Ok(mut archive)) = archive else {
        // One that is damaged is what it is called.
        let endings = ["xlsx", "xlsm", "xlsb", "ods"];
        let called = input.path().extension();
        return called.is_some_and(|called| endings.iter().any(|ending| called.eq_ignore_ascii_case(ending)));
    };
    let is_main = |name: &str| {
        let name = name.replace('\\', "/").to_lowercase();
        name.rsplit('/')
            .next()
            .is_some_and(|name| name == "workbook.xml" || name == "workbook.bin")
    };
    if archive.file_names().flatten().any(|name| is_main(&name)) {
        return true;
    }
    let mut kind = Vec::new();
    let read = archive
        .by_name("mimetype")
        .is_ok_and(|part| part.take(SPREADSHEET.len() as u64).read_to_end(&mut kind).is_ok());
    read && kind == SPREADSHEET
}

/// The members of a zip archive that are tables.
pub(crate) fn members(input: &Input) -> Result<Vec<Input>, Problem> {
    Err(Problem::data(
        format!("{} is a zip archive", input.shown()),
        "unpack it first; gzip and zstd are read as they are",
    ))
}

/// What is packed in `input`, within limits.
pub(crate) fn unpack(input: &Input, packed: Compression) -> Result<Kept, Problem> {
    Err(Problem::data(
        format!(
            "{} is packed with {}, and inside is no text",
            input.shown(),
            packed.name()
        ),
        "unpack it first",
    ))
}
