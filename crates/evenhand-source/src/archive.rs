//! This module unpacks archives into their members, and what is packed in a way that cannot be read in order.
//!
//! What an archive says of itself is not believed: its directory is checked before it is read, names are labels and
//! never paths, and what comes out is counted as it comes.

mod allowance;
mod directory;

use std::io::{self, BufReader, Read as _};

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::{Problem, listed, thousands};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use self::allowance::{Allowance, Stop};
use crate::input::{Compression, File, Input, Kept, unreadable};
use crate::parquet_file::silenced;

/// Whether a zip archive is a workbook, by what is in it and not by its name.
pub(crate) fn is_workbook(input: &Input) -> bool {
    const SPREADSHEET: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    // One that is damaged is what it is called.
    let is_called = || {
        let endings = ["xlsx", "xlsm", "xlsb", "ods"];
        let called = input.path().extension();
        called.is_some_and(|called| endings.iter().any(|ending| called.eq_ignore_ascii_case(ending)))
    };
    let Ok(mut source) = input.stored() else {
        return is_called();
    };
    if directory::check(&mut source).is_err() {
        return is_called();
    }
    let Ok(Ok(mut archive)) = silenced(|| ZipArchive::new(BufReader::new(source))) else {
        return is_called();
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

/// The endings of members that are surely tables.
const TABLES: [&str; 15] = [
    "csv", "tsv", "jsonl", "ndjson", "parquet", "arrow", "arrows", "feather", "xlsx", "xlsm", "xlsb", "xls", "ods",
    "sqlite", "db",
];

/// The endings of members that may as well be notes and settings: these are tables only where nothing else is.
const PERHAPS: [&str; 2] = ["txt", "json"];

/// Each table of an archive is a file that stays open, of which systems allow about a thousand.
const MOST_TABLES: usize = 250;

/// A member that may be read.
struct Member {
    index: usize,
    /// The name, to be shown; it may come twice.
    label: String,
    ending: String,
    size: u64,
}

/// The members of a zip archive that are tables, in the order of their names, and what people should know of the others.
pub(crate) fn members(input: &Input) -> Result<(Vec<Input>, Vec<Note>), Problem> {
    let name = input.shown();
    if input.is_member() {
        return Err(Problem::data(
            format!("{name} is an archive within an archive"),
            "unpack the outer one first",
        ));
    }
    let mut source = input.stored().map_err(|error| unreadable(input.path(), &error))?;
    directory::check(&mut source).map_err(|refused| refused.at(input))?;
    let archive = silenced(|| ZipArchive::new(BufReader::new(source)));
    let mut archive = archive
        .unwrap_or_else(|_| Err(ZipError::InvalidArchive("it makes no sense".into())))
        .map_err(|error| damaged(input, &error))?;
    if archive.has_duplicate_names() {
        return Err(Problem::data(
            format!("{name} has two members of the same name"),
            "unpack it, and name the file that is meant",
        ));
    }
    let (found, others) = listing(&archive, input)?;
    check_tables(&name, &found, &others)?;
    let packed = input.bytes().map_err(|error| unreadable(input.path(), &error))?;
    let mut allowance = Allowance::of(packed);
    let claimed = found.iter().fold(0u64, |sum, member| sum.saturating_add(member.size));
    if !allowance.suffices(claimed) {
        return Err(Stop::TooLarge.problem(&name, input));
    }
    let mut members = Vec::new();
    for member in &found {
        let label = &member.label;
        let mut file = match silenced(|| archive.by_index(member.index)) {
            Ok(Ok(file)) => file,
            Ok(Err(error)) => return Err(damaged_member(&name, label, &error.to_string())),
            Err(found) => return Err(damaged_member(&name, label, &found)),
        };
        let kept = silenced(|| allowance.keep(&mut file));
        let kept = kept.unwrap_or_else(|found| Err(Stop::Damaged(found)));
        let kept = kept.map_err(|stop| match stop {
            Stop::Damaged(found) => damaged_member(&name, label, &found),
            stop => stop.problem(&name, input),
        })?;
        if kept.length() > 0 {
            members.push(input.member(label, kept));
        } else {
            return Err(Problem::data(
                format!("`{label}` in {name} is empty"),
                "export the data again",
            ));
        }
    }
    Ok((members, left_out(&name, others)))
}

/// The members that may be tables, in the order of their names, and the names of the others.
fn listing(archive: &ZipArchive<BufReader<File>>, input: &Input) -> Result<(Vec<Member>, Vec<String>), Problem> {
    let mut found = Vec::new();
    let mut others = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|error| damaged(input, &error))?;
        let label = label(entry.name_raw());
        if entry.is_dir() || is_hidden(&label) {
            continue;
        }
        let ending = label
            .rsplit_once('.')
            .map_or_else(String::new, |(_, ending)| ending.to_lowercase());
        let is_tally = label.to_lowercase().ends_with(".tally.json");
        let is_known = TABLES.contains(&ending.as_str()) || PERHAPS.contains(&ending.as_str());
        if !is_known || is_tally || entry.is_symlink() {
            others.push(label);
            continue;
        }
        if entry.encrypted() {
            return Err(Problem::data(
                format!("`{label}` in {} needs a password", input.shown()),
                "unpack the archive with its password, and name the file",
            ));
        }
        if !matches!(
            entry.compression(),
            CompressionMethod::Stored | CompressionMethod::Deflated
        ) {
            return Err(Problem::data(
                format!(
                    "`{label}` in {} is packed in a way that is not read ({})",
                    input.shown(),
                    entry.compression()
                ),
                "unpack the archive first, or pack it again with the usual method (deflate)",
            ));
        }
        found.push(Member {
            index,
            label,
            ending,
            size: entry.size(),
        });
    }
    if found.iter().any(|member| TABLES.contains(&member.ending.as_str())) {
        found.retain(|member| {
            let is_table = TABLES.contains(&member.ending.as_str());
            if !is_table {
                others.push(member.label.clone());
            }
            is_table
        });
    }
    found.sort_by(|one, other| one.label.cmp(&other.label));
    others.sort();
    Ok((found, others))
}

/// Checks that there are tables, not too many, and none of them twice.
fn check_tables(name: &str, found: &[Member], others: &[String]) -> Result<(), Problem> {
    if found.is_empty() {
        let there = match others {
            [] => "it is empty".to_owned(),
            others => format!("it has {}", listed(others, 5)),
        };
        return Err(Problem::data(
            format!("{name} is a zip archive without a table: {there}"),
            "unpack it first, and name the file with the table",
        ));
    }
    if found.len() > MOST_TABLES {
        return Err(Problem::data(
            format!(
                "{name} has {} tables, and at most {MOST_TABLES} are read",
                thousands(found.len() as u64)
            ),
            "unpack it first, and name the folder",
        ));
    }
    let stem = |member: &Member| member.label.rsplit_once('.').map(|(stem, _)| stem.to_lowercase());
    let mut stems: Vec<(Option<String>, &str)> = found.iter().map(|member| (stem(member), &*member.label)).collect();
    stems.sort();
    let again = stems.windows(2).find_map(|pair| match pair {
        [one, other] if one.0 == other.0 => Some((one.1, other.1)),
        _ => None,
    });
    match again {
        None => Ok(()),
        Some((one, other)) => Err(Problem::data(
            format!("{name} has `{one}` and `{other}`, so rows may count double"),
            "unpack it, and name the file that is meant",
        )),
    }
}

fn left_out(name: &str, others: Vec<String>) -> Vec<Note> {
    if others.is_empty() {
        return Vec::new();
    }
    vec![Note {
        code: "members-left-out".to_owned(),
        severity: Severity::Warning,
        message: format!(
            "{name} has {} more, of which nothing is read: {}",
            if others.len() == 1 {
                "one file".to_owned()
            } else {
                format!("{} files", thousands(others.len() as u64))
            },
            listed(&others, 5)
        ),
        help: Some("if one of them is a table, unpack the archive and name it".to_owned()),
    }]
}

/// A name as it is shown: what a name may do to a terminal or a path does not matter to a label.
fn label(name: &[u8]) -> String {
    const MOST: usize = 200;
    let name = String::from_utf8_lossy(name);
    let shown = name
        .chars()
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    let length = name.chars().count();
    // The end of a name tells more than its start.
    shown.skip(length.saturating_sub(MOST)).collect()
}

/// What programs leave beside data: `__MACOSX`, `.DS_Store`, `_SUCCESS`.
fn is_hidden(label: &str) -> bool {
    let is_above = |part: &str| matches!(part, "." | "..");
    label
        .split(['/', '\\'])
        .any(|part| part.starts_with(['.', '_']) && !is_above(part) && part != "_")
}

fn damaged(input: &Input, error: &ZipError) -> Problem {
    match error {
        ZipError::Io(error) if error.raw_os_error().is_some() => unreadable(input.path(), error),
        error => Problem::data(
            format!("{} is a damaged zip archive: {error}", input.shown()),
            "copy or export it again",
        ),
    }
}

fn damaged_member(name: &str, label: &str, found: &str) -> Problem {
    Problem::data(
        format!("`{label}` in {name} is damaged: {found}"),
        "copy or export the archive again; `unzip -t` tests one",
    )
}

/// What is packed in `input`, within limits.
pub(crate) fn unpack(input: &Input, packed: Compression) -> Result<Kept, Problem> {
    let name = input.shown();
    let failed = |error: &io::Error| unreadable(input.path(), error);
    let size = input.bytes().map_err(|error| failed(&error))?;
    let source = input.stored().and_then(|file| packed.unpack(file));
    let mut source = source.map_err(|error| failed(&error))?;
    Allowance::of(size)
        .keep(&mut source)
        .map_err(|stop| stop.problem(&name, input))
}

#[cfg(test)]
mod tests;
