//! This module is what is read: files by their paths, and what came through a pipe and was kept.
//!
//! Files are read more than once (to see their columns, to guess roles, to count), so whoever reads opens an
//! [`Input`] and need not know which of the two it is.

mod find;
mod fitting;
mod kept;
mod look;
mod packed;
mod partition;
mod pattern;
mod prepare;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evenhand_measure::Problem;

use crate::parquet_file;
use crate::reading::Reading;

pub(crate) use self::kept::{File, Keeper, Kept};
pub use self::packed::Compression;
pub(crate) use self::packed::Damage;
pub use self::partition::Partition;
pub(crate) use self::prepare::{Body, Prepared, Rows, records};

/// The path that means standard input.
const STANDARD: &str = "-";

/// One input.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it is; `-` for standard input.
    path: PathBuf,
    /// What came through a pipe, or is a member of an archive.
    kept: Option<Kept>,
    /// The name of that member.
    member: Option<String>,
    /// What is known of how to read it, once that was found out.
    prepared: Option<Arc<Prepared>>,
    /// What the folders on the way to it say about all of its rows.
    partitions: Vec<Partition>,
    /// Whether it was found by a pattern or in a folder, so that nobody named it.
    found: bool,
}

impl Input {
    /// The file at `path`.
    pub(crate) fn named(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            kept: None,
            member: None,
            prepared: None,
            partitions: partition::of(path),
            found: false,
        }
    }

    /// Where it is; `-` for standard input.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it came through a pipe, so that it cannot be written over.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.kept.is_some() && self.member.is_none()
    }

    /// A member of this archive, with its contents.
    pub(crate) fn member(&self, name: &str, kept: Kept) -> Self {
        Self {
            kept: Some(kept),
            member: Some(name.to_owned()),
            prepared: None,
            partitions: partition::of(&self.path.join(name)),
            ..self.clone()
        }
    }

    /// Whether it is a member of an archive.
    pub(crate) fn is_member(&self) -> bool {
        self.member.is_some()
    }

    /// How it is called in messages.
    pub(crate) fn shown(&self) -> String {
        match &self.member {
            Some(member) => format!("`{member}` in {}", shown(&self.path)),
            None => shown(&self.path),
        }
    }

    /// How it was read, once that was found out: see [`Inputs::prepared`].
    #[must_use]
    pub fn reading(&self) -> Option<&Reading> {
        self.prepared.as_ref().map(|prepared| &prepared.reading)
    }

    /// What is known of how to read it.
    ///
    /// # Errors
    /// When nobody found that out, which is a defect of the program.
    pub(crate) fn known(&self) -> Result<&Prepared, Problem> {
        self.prepared.as_deref().ok_or_else(|| {
            Problem::data(
                format!("{} was not looked at before it is read", self.shown()),
                "please report this as a defect",
            )
        })
    }

    /// The names of its own columns.
    pub(crate) fn columns(&self) -> Result<Vec<String>, Problem> {
        Ok(match &self.known()?.body {
            Body::Text(head) => head.columns.clone(),
            Body::Parquet => parquet_file::columns(self)?,
            Body::Database(database) => database.columns.clone(),
            Body::Tally => Vec::new(),
        })
    }

    /// Where the record of this number, from 0, stands, if that is not a line of the input.
    pub(crate) fn place(&self, record: u64) -> Option<String> {
        let places = self.prepared.as_ref()?.places.as_ref()?;
        Some(format!("{}, {}", self.shown(), places.of(record)))
    }

    /// Whether it is a tally: by its name, or, as a pipe has none, by its start.
    #[must_use]
    pub fn is_tally(&self) -> bool {
        match &self.kept {
            _ if self.member.is_some() => false,
            Some(kept) if kept.starts_as_tally() => true,
            _ => self.path.as_os_str().to_string_lossy().ends_with(".tally.json"),
        }
    }

    /// Whether its name is that of a tally, whatever it is packed in.
    fn is_called_tally(&self) -> bool {
        let name = self.path.as_os_str().to_string_lossy();
        let unpacked = name.rsplit_once('.').map_or(&*name, |(before, _)| before);
        self.member.is_none() && [&*name, unpacked].iter().any(|name| name.ends_with(".tally.json"))
    }

    /// What the folders on the way to it say about all of its rows.
    #[must_use]
    pub fn partitions(&self) -> &[Partition] {
        &self.partitions
    }

    /// What its folders say of columns that are not among `columns`, which are its own.
    pub(crate) fn partitions_beside(&self, columns: &[String]) -> Vec<Partition> {
        let partitions = self.partitions.iter();
        let others = partitions.filter(|partition| !columns.contains(&partition.column));
        others.cloned().collect()
    }

    /// How many bytes it has, as they are stored.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn bytes(&self) -> io::Result<u64> {
        match &self.kept {
            Some(kept) => Ok(kept.length()),
            None => Ok(std::fs::metadata(&self.path)?.len()),
        }
    }

    /// Opens it at its start, to read the bytes as they are stored.
    ///
    /// # Errors
    /// When the operating system does not open it.
    pub fn read(&self) -> io::Result<impl Read + use<>> {
        self.stored()
    }

    /// How many bytes there are to read, which are those of the text that was made of it if one was.
    pub(crate) fn length(&self) -> io::Result<u64> {
        match self.text() {
            Some(text) => Ok(text.length()),
            None => self.bytes(),
        }
    }

    /// The text that was made of it.
    fn text(&self) -> Option<&Kept> {
        self.prepared.as_ref()?.text.as_ref()
    }

    /// Opens what is to be read at its start. What is opened twice has two positions.
    pub(crate) fn open(&self) -> io::Result<File> {
        match self.text() {
            Some(text) => Ok(File::Kept(text.clone(), 0)),
            None => self.stored(),
        }
    }

    /// Opens the bytes as they are stored.
    pub(crate) fn stored(&self) -> io::Result<File> {
        match &self.kept {
            Some(kept) => Ok(File::Kept(kept.clone(), 0)),
            None => Ok(File::Named(std::fs::File::open(&self.path)?)),
        }
    }

    /// Whether it was found by a pattern or in a folder, so that nobody named it.
    pub(crate) fn is_found(&self) -> bool {
        self.found
    }
}

/// All inputs of a run, found once, so that what comes through a pipe is read once.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    inputs: Vec<Input>,
    left_out: Vec<LeftOut>,
    is_prepared: bool,
}

/// What a folder or a pattern leads to besides the files that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// In this folder, the names of files of other kinds and of links to folders. Names that start with a dot or an
    /// underline are left out of this as well.
    InFolder(PathBuf, Vec<String>),
    /// By this pattern, folders of which no file was found.
    Folders(PathBuf, Vec<String>),
}

impl Inputs {
    /// The inputs that `given` leads to: files, patterns with `*`, `?` or `[…]`, and folders, which are searched for
    /// tables of kinds that hold nothing else (CSV, Parquet, JSON lines, Arrow) and tallies. Pipes are read and kept.
    ///
    /// # Errors
    /// When a path leads to nothing or to what cannot be read, or an input is given twice; all of them at once.
    pub fn find(given: &[PathBuf]) -> Result<Self, Vec<Problem>> {
        find::find(given, false)
    }

    /// The same for what was written on a command line, where `-` is standard input.
    ///
    /// # Errors
    /// As for [`find`](Self::find).
    pub fn from_arguments(given: &[PathBuf]) -> Result<Self, Vec<Problem>> {
        find::find(given, true)
    }

    /// The inputs, in the order in which they are read.
    #[must_use]
    pub fn all(&self) -> &[Input] {
        &self.inputs
    }

    /// What folders and patterns lead to besides, so that nobody takes it for read.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// A name for each that no other has: that of its file, with as many of its folders as that takes.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let parts: Vec<Vec<String>> = self.inputs.iter().map(parts).collect();
        let ending = |input: usize, depth: usize| {
            let parts = &parts[input];
            parts[parts.len().saturating_sub(depth)..].join("/")
        };
        let mut names: Vec<Option<String>> = vec![None; parts.len()];
        let deepest = parts.iter().map(Vec::len).max().unwrap_or(0);
        for depth in 1..=deepest {
            let mut times: BTreeMap<String, usize> = BTreeMap::new();
            for input in 0..parts.len() {
                *times.entry(ending(input, depth)).or_default() += 1;
            }
            for (input, name) in names.iter_mut().enumerate() {
                let tried = ending(input, depth);
                if name.is_none() && (times[&tried] == 1 || depth == deepest) {
                    *name = Some(tried);
                }
            }
        }
        names.into_iter().flatten().collect()
    }
}

impl From<Vec<Input>> for Inputs {
    fn from(inputs: Vec<Input>) -> Self {
        Self {
            inputs,
            left_out: Vec::new(),
            is_prepared: false,
        }
    }
}

/// The parts of an input's path as they are shown.
fn parts(input: &Input) -> Vec<String> {
    if input.path.as_os_str() == STANDARD {
        return vec![shown(&input.path)];
    }
    if let Some(member) = &input.member {
        let archive = input.path.iter().map(|part| part.to_string_lossy().into_owned());
        return archive.chain([member.clone()]).collect();
    }
    // `/dev/fd/63` says more than `63`.
    if input.is_kept() {
        return vec![input.path.display().to_string()];
    }
    let part = |part: &std::ffi::OsStr| part.to_string_lossy().into_owned();
    let parts: Vec<String> = input.path.iter().map(part).collect();
    if parts.is_empty() { vec![String::new()] } else { parts }
}

/// The path as it is shown in messages.
pub(crate) fn shown(path: &Path) -> String {
    if path.as_os_str() == STANDARD {
        "standard input".to_owned()
    } else {
        format!("`{}`", path.display())
    }
}

/// The problem of an input that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let name = shown(path);
    if let Some(damage) = Damage::of(error) {
        return damage.at(&name);
    }
    match error.kind() {
        io::ErrorKind::NotFound => Problem::data(format!("{name} does not exist"), "check the name and the folder"),
        io::ErrorKind::NotADirectory => Problem::data(
            format!("{name} does not exist: a folder in it is a file"),
            "check the name and the folder",
        ),
        io::ErrorKind::IsADirectory => Problem::data(format!("{name} is a folder"), "name the folder, or a file in it"),
        io::ErrorKind::PermissionDenied => {
            Problem::data(format!("{name} may not be read"), "check the file's permissions")
        }
        _ => Problem::data(format!("{name} cannot be read: {error}"), "check the file and its disk"),
    }
}

#[cfg(test)]
mod tests;
