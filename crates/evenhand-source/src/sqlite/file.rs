//! This module opens the file of a database so that nothing changes it and nothing in it can do harm.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::{Problem, thousands};
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::trouble::{changed, damaged, trouble};
use crate::input::{File, Input, shown, unreadable};

/// A database that can be opened from several threads, again and again.
#[derive(Debug)]
pub(super) struct Stored {
    /// How it is called in messages.
    pub(super) name: String,
    path: PathBuf,
    /// Whether nobody else writes to it, so that it needs no locks. Then no file is made beside it either.
    is_still: bool,
    /// What it is a copy in, which is deleted in the end.
    copy: Option<TempDir>,
    /// What it began with when it was looked at.
    header: Vec<u8>,
    length: u64,
    /// Whether its pages were found to hang together.
    pub(super) sound: OnceLock<()>,
}

/// The file's header holds a counter of changes.
const HEADER: u64 = 100;

/// The largest value or row. Photographs fit; what a hostile query makes does not fill the memory.
const LONGEST: i32 = 100 << 20;

/// So many steps of the database's machine are taken at least before work counts as endless: a few seconds.
const LEAST_STEPS: u64 = 300_000_000;
/// And so many more for each byte of the file. To count a table takes about one.
const STEPS_PER_BYTE: u64 = 200;
/// Steps are counted by so many.
const AT_ONCE: i32 = 100_000;

impl Stored {
    /// The database that `input` is.
    pub(super) fn new(input: &Input) -> Result<(Self, Vec<Note>), Problem> {
        let unreadable = |error: io::Error| unreadable(input.path(), &error);
        let stored = Self {
            name: input.shown(),
            path: PathBuf::new(),
            is_still: true,
            copy: None,
            header: Vec::new(),
            length: input.bytes().map_err(unreadable)?,
            sound: OnceLock::new(),
        };
        let (stored, notes) = match input.stored().map_err(unreadable)? {
            // SQLite opens files by their names, and what came through a pipe or out of an archive has none.
            mut kept @ File::Kept(..) => {
                let folder = TempDir::new().map_err(|error| no_room(&stored.name, &error))?;
                let path = folder.path().join("database");
                let copied = fs::File::create(&path).and_then(|mut file| io::copy(&mut kept, &mut file));
                copied.map_err(|error| no_room(&stored.name, &error))?;
                let copy = Some(folder);
                (Self { path, copy, ..stored }, Vec::new())
            }
            File::Named(_) => stored.beside(resolved(input.path()).map_err(unreadable)?)?,
        };
        let header = header(&stored.path).map_err(unreadable)?;
        let stored = Self { header, ..stored };
        stored.check_length()?;
        Ok((stored, notes))
    }

    /// Refuses a file that is cut off. SQLite reads a part of a page as if zeros followed.
    fn check_length(&self) -> Result<(), Problem> {
        let number = |at: usize, bytes: usize| {
            let field = self.header.get(at..at + bytes).unwrap_or_default();
            field.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte))
        };
        // The largest size does not fit its field.
        let page = if number(16, 2) == 1 { 1 << 16 } else { number(16, 2) };
        // Old programs do not keep the number of pages; then it is that of another change.
        let pages = if number(24, 4) == number(92, 4) {
            number(28, 4)
        } else {
            0
        };
        let whole = page * pages.max(1);
        if self.is_still && (self.length < whole || !self.length.is_multiple_of(page.max(1))) {
            return Err(damaged(
                &self.name,
                &format!("it is cut off after {} bytes", thousands(self.length)),
            ));
        }
        Ok(())
    }

    /// The database at `path`, with what a program that writes to it, or wrote to it last, left beside it.
    fn beside(self, path: PathBuf) -> Result<(Self, Vec<Note>), Problem> {
        let name = self.name.clone();
        let log = sibling(&path, "-wal");
        if has_content(&log) {
            let note = Note {
                code: "changes-beside-database".to_owned(),
                severity: Severity::Info,
                message: format!(
                    "{name} has its last changes in a file beside it, {}, and they were read with it",
                    shown(&log)
                ),
                help: None,
            };
            let is_still = false;
            if sibling(&path, "-shm").exists() {
                return Ok((Self { path, is_still, ..self }, vec![note]));
            }
            // To read the changes an index of them is needed, which would be made beside the database.
            let folder = TempDir::new().map_err(|error| no_room(&name, &error))?;
            let copied = folder.path().join("database");
            fs::copy(&path, &copied)
                .and_then(|_| fs::copy(&log, sibling(&copied, "-wal")))
                .map_err(|error| no_room(&name, &error))?;
            let stored = Self {
                path: copied,
                is_still,
                copy: Some(folder),
                ..self
            };
            return Ok((stored, vec![note]));
        }
        let journal = sibling(&path, "-journal");
        if has_content(&journal) {
            let note = Note {
                code: "journal-beside-database".to_owned(),
                severity: Severity::Warning,
                message: format!(
                    "{} lies beside {name}, which a program leaves that is writing to it or was stopped; what it had \
                     completed was read",
                    shown(&journal)
                ),
                help: Some("to be sure, close that program and read the database again".to_owned()),
            };
            let is_still = false;
            return Ok((Self { path, is_still, ..self }, vec![note]));
        }
        Ok((Self { path, ..self }, Vec::new()))
    }

    /// A connection that can only read.
    pub(super) fn connect(&self) -> Result<Connection, Problem> {
        self.connected().map_err(|error| trouble(self, &error))
    }

    fn connected(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(address(&self.path, self.is_still), flags)?;
        // What SQLite advises for databases from outside (sqlite.org/security.html).
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        // A misspelt column in double quotes would be read as a text.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
        let mut left = self.most_steps() / AT_ONCE as u64;
        connection.progress_handler(
            AT_ONCE,
            Some(move || {
                left = left.saturating_sub(1);
                left == 0
            }),
        )?;
        // All that one connection reads is of the same moment.
        connection.execute_batch(
            "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA query_only = ON; PRAGMA cache_size = -32768; \
             BEGIN;",
        )?;
        Ok(connection)
    }

    /// After so many steps work counts as endless.
    pub(super) fn most_steps(&self) -> u64 {
        LEAST_STEPS.saturating_add(self.length.saturating_mul(STEPS_PER_BYTE))
    }

    /// Refuses what was read from a file that was written to meanwhile: without locks it may be half of each.
    pub(super) fn check_unchanged(&self) -> Result<(), Problem> {
        let is_written = || {
            ["-wal", "-journal"]
                .iter()
                .any(|end| has_content(&sibling(&self.path, end)))
        };
        let is_same = || header(&self.path).is_ok_and(|header| header == self.header);
        if self.is_still && self.copy.is_none() && (is_written() || !is_same()) {
            return Err(changed(&self.name));
        }
        Ok(())
    }
}

/// From here on the connection runs nothing but queries, of which each run gives the same rows.
pub(super) fn guard(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.authorizer(Some(|context: AuthContext<'_>| match context.action {
        AuthAction::Function { function_name } if is_random(function_name) => Authorization::Deny,
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Function { .. } | AuthAction::Recursive => {
            Authorization::Allow
        }
        // Full-text tables ask whether they were changed.
        AuthAction::Pragma { pragma_name, .. } if pragma_name.eq_ignore_ascii_case("data_version") => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }))
}

fn is_random(function: &str) -> bool {
    ["random", "randomblob"]
        .iter()
        .any(|random| function.eq_ignore_ascii_case(random))
}

fn header(path: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    fs::File::open(path)?.take(HEADER).read_to_end(&mut header)?;
    Ok(header)
}

fn has_content(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0)
}

/// A file whose name is that of the database and this ending.
fn sibling(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The path without links, because what lies beside a database lies beside the file itself.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    // On Windows this would be written in a way that SQLite does not read.
    if cfg!(windows) {
        std::path::absolute(path)
    } else {
        fs::canonicalize(path)
    }
}

/// The path as SQLite's kind of address.
fn address(path: &Path, is_still: bool) -> String {
    let mut address = "file:".to_owned();
    if cfg!(windows) {
        address.push('/');
    }
    for byte in bytes(path) {
        match byte {
            b'\\' if cfg!(windows) => address.push('/'),
            b':' if cfg!(windows) => address.push(':'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => address.push(char::from(byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address.push_str(if is_still { "?mode=ro&immutable=1" } else { "?mode=ro" });
    address
}

#[cfg(unix)]
fn bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt as _;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
fn bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

fn no_room(name: &str, error: &io::Error) -> Problem {
    Problem::data(
        format!(
            "{name} has to be copied to the folder for temporary files, `{}` (TMPDIR), to be read: {error}",
            std::env::temp_dir().display()
        ),
        "make room there, or unpack it and name the file itself",
    )
}
