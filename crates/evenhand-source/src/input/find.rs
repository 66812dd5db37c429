//! This module finds the files that paths, patterns and folders lead to, in an order that depends on names alone.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use evenhand_measure::{Problem, listed};

use super::kept::Kept;
use super::{Input, Inputs, LeftOut, STANDARD, pattern, shown, unreadable};

/// What is taken from a folder, by the endings of names: those of data sets, which programs write in many parts and which
/// hold one table each. `.txt` and `.json` are not: they are more often notes and settings. Workbooks, databases and
/// archives are not: they may hold several tables, or what stands beside them once more. All of these are listed as left
/// out, and can be named.
const ENDINGS: [&str; 16] = [
    ".csv",
    ".tsv",
    ".csv.gz",
    ".tsv.gz",
    ".csv.zst",
    ".tsv.zst",
    ".parquet",
    ".jsonl",
    ".ndjson",
    ".jsonl.gz",
    ".ndjson.gz",
    ".jsonl.zst",
    ".ndjson.zst",
    ".arrow",
    ".feather",
    TALLY,
];
const TALLY: &str = ".tally.json";

/// What a path given by a person leads to, before anything is read.
enum Lead {
    File(PathBuf),
    /// Found by a pattern or in a folder, with what there is besides.
    Found(Vec<PathBuf>, Option<LeftOut>),
    Pipe(PathBuf),
    Standard,
}

/// The inputs that `given` leads to; with `standard`, `-` is standard input.
pub(super) fn find(given: &[PathBuf], standard: bool) -> Result<Inputs, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut leads = Vec::new();
    for path in given {
        match follow(path, standard) {
            Ok(lead) => leads.push(lead),
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(twice(&leads));
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut inputs = Vec::new();
    let mut left_out = Vec::new();
    for lead in leads {
        match lead {
            Lead::File(path) => inputs.push(Input::named(&path)),
            Lead::Found(paths, others) => {
                inputs.extend(paths.iter().map(|path| Input {
                    found: true,
                    ..Input::named(path)
                }));
                left_out.extend(others);
            }
            Lead::Pipe(path) => {
                let kept = fs::File::open(&path).and_then(Kept::from_pipe);
                inputs.push(kept_as(path, kept)?);
            }
            Lead::Standard => inputs.push(kept_as(STANDARD.into(), standard_input())?),
        }
    }
    Ok(Inputs {
        inputs,
        left_out,
        is_prepared: false,
    })
}

fn kept_as(path: PathBuf, kept: io::Result<Kept>) -> Result<Input, Vec<Problem>> {
    let kept = kept.map_err(|error| vec![unreadable(&path, &error)])?;
    Ok(Input {
        partitions: Vec::new(),
        kept: Some(kept),
        member: None,
        prepared: None,
        path,
        found: false,
    })
}

/// Standard input: kept where it is if it is a file, and read to its end if it is not.
fn standard_input() -> io::Result<Kept> {
    #[cfg(unix)]
    use std::os::fd::AsFd as _;
    #[cfg(windows)]
    use std::os::windows::io::AsHandle as _;
    let stdin = io::stdin();
    #[cfg(unix)]
    let file = stdin.as_fd().try_clone_to_owned();
    #[cfg(windows)]
    let file = stdin.as_handle().try_clone_to_owned();
    match Kept::from_file(fs::File::from(file?))? {
        Some(kept) => Ok(kept),
        None => Kept::from_pipe(stdin.lock()),
    }
}

fn follow(path: &Path, standard: bool) -> Result<Lead, Problem> {
    if standard && is_standard(path) {
        return Ok(Lead::Standard);
    }
    if let Some(problem) = address(path) {
        return Err(problem);
    }
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return matches(path).unwrap_or_else(|| Err(unreadable(path, &error))),
    };
    if metadata.is_dir() {
        return folder(path);
    }
    if metadata.is_file() {
        // Without standard input, `-` is a name like any other, and messages must not take it for that.
        let is_dash = path.as_os_str() == STANDARD;
        return Ok(Lead::File(if is_dash {
            Path::new(".").join(path)
        } else {
            path.to_owned()
        }));
    }
    if is_pipe(&metadata) {
        return Ok(Lead::Pipe(path.to_owned()));
    }
    Err(Problem::data(
        format!("{} is not a file but a device", shown(path)),
        "name a file, a pipe, or `-` for standard input",
    ))
}

/// Addresses are refused before anything sees them: nothing here reaches for a network.
fn address(path: &Path) -> Option<Problem> {
    let text = path.to_str()?;
    let (scheme, _) = text.split_once("://")?;
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if scheme.len() < 2 || !scheme.chars().all(is_scheme) {
        return None;
    }
    let help = match text.strip_prefix("file://") {
        Some(local) => format!("name the file itself: `{local}`"),
        None => "download it yourself, and name the file".to_owned(),
    };
    Some(Problem::usage(
        format!("`{text}` is an address, and evenhand never uses the network"),
        help,
    ))
}

fn is_standard(path: &Path) -> bool {
    let aliases: &[&str] = if cfg!(unix) {
        &[STANDARD, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]
    } else {
        &[STANDARD]
    };
    aliases.iter().any(|alias| path.as_os_str() == *alias)
}

#[cfg(unix)]
pub(super) fn is_pipe(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    metadata.file_type().is_fifo()
}

#[cfg(not(unix))]
pub(super) fn is_pipe(_: &fs::Metadata) -> bool {
    true
}

/// The files that match `path` as a pattern; nothing if it is none.
fn matches(path: &Path) -> Option<Result<Lead, Problem>> {
    let pattern = path.to_str().filter(|text| pattern::is_pattern(text))?;
    let lead = pattern::matches(pattern).and_then(|(files, folders)| {
        counted_twice(&format!("the pattern `{pattern}` matches"), Path::new(""), &files)?;
        let left_out = (!folders.is_empty()).then(|| LeftOut::Folders(path.to_owned(), folders));
        Ok(Lead::Found(files, left_out))
    });
    Some(lead)
}

/// The tables and tallies in a folder and the folders in it.
fn folder(path: &Path) -> Result<Lead, Problem> {
    let mut found = Vec::new();
    let mut others = Vec::new();
    walk(path, &mut found, &mut others)?;
    if found.is_empty() {
        let endings = listed(&ENDINGS, ENDINGS.len());
        let help = match others.as_slice() {
            [] => "check the name of the folder".to_owned(),
            others => format!("name the files themselves; there is {}", listed(others, 3)),
        };
        return Err(Problem::data(
            format!("the folder {} has no file that ends in {endings}", shown(path)),
            help,
        ));
    }
    counted_twice(&format!("the folder {} has", shown(path)), path, &found)?;
    let left_out = (!others.is_empty()).then(|| LeftOut::InFolder(path.to_owned(), others));
    Ok(Lead::Found(found, left_out))
}

/// Walks in the order of names. Links to folders are not followed: they may lead in circles.
fn walk(folder: &Path, found: &mut Vec<PathBuf>, others: &mut Vec<String>) -> Result<(), Problem> {
    let unreadable = |error: io::Error| unreadable(folder, &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What programs leave beside their data: `_SUCCESS`, `.crc`, half-written files.
        if !name.starts_with(['.', '_']) {
            entries.push((entry.file_name(), name, entry));
        }
    }
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    for (_, name, entry) in entries {
        let kind = entry.file_type().map_err(unreadable)?;
        let path = entry.path();
        if kind.is_dir() {
            walk(&path, found, others)?;
        } else if ending(&name).is_none() {
            others.push(name);
        } else if path
            .metadata()
            .map_err(|error| super::unreadable(&path, &error))?
            .is_file()
        {
            found.push(path);
        } else {
            others.push(name);
        }
    }
    Ok(())
}

/// The longest of the known endings that a name has, in small letters or large.
fn ending(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let known = ENDINGS.into_iter().filter(|ending| name.ends_with(ending));
    known.max_by_key(|ending| ending.len())
}

/// A folder may hold the same rows twice: as a table and packed, or as tables and the tally of them. `has` starts the
/// sentence about it.
fn counted_twice(has: &str, folder: &Path, found: &[PathBuf]) -> Result<(), Problem> {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let within = |path: &Path| shown(path.strip_prefix(folder).unwrap_or(path));
    let is_tally = |path: &&PathBuf| name(path).to_lowercase().ends_with(TALLY);
    if let (Some(tally), Some(table)) = (found.iter().find(is_tally), found.iter().find(|path| !is_tally(path))) {
        return Err(Problem::data(
            format!(
                "{has} tables ({}) and tallies ({}), so rows may count double",
                within(table),
                within(tally)
            ),
            "give the tables or the tallies, with a pattern such as `folder/*.csv`",
        ));
    }
    let mut stems: BTreeMap<(PathBuf, String), &PathBuf> = BTreeMap::new();
    for path in found {
        let file = name(path);
        let stem = &file[..file.len() - ending(&file).map_or(0, str::len).min(file.len())];
        let key = (path.parent().map(Path::to_owned).unwrap_or_default(), stem.to_owned());
        if let Some(other) = stems.insert(key, path) {
            return Err(Problem::data(
                format!("{has} {} and {}, so rows may count double", within(other), within(path)),
                "give one of the two, with a pattern such as `folder/*.csv`",
            ));
        }
    }
    Ok(())
}

/// The problems of inputs that are given more than once.
fn twice(leads: &[Lead]) -> Vec<Problem> {
    let mut times: BTreeMap<PathBuf, (usize, &Path)> = BTreeMap::new();
    for lead in leads {
        let paths: Vec<&Path> = match lead {
            Lead::File(path) | Lead::Pipe(path) => vec![path],
            Lead::Found(paths, _) => paths.iter().map(PathBuf::as_path).collect(),
            Lead::Standard => vec![Path::new(STANDARD)],
        };
        for path in paths {
            let place = match lead {
                Lead::Standard => path.to_owned(),
                _ => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
            };
            let (times, last) = times.entry(place).or_insert((0, path));
            (*times, *last) = (*times + 1, path);
        }
    }
    let again = times.into_values().filter(|(times, _)| *times > 1);
    again
        .map(|(_, path)| {
            Problem::usage(
                format!("{} is given twice, so its rows would count double", shown(path)),
                "name each file once",
            )
        })
        .collect()
}
