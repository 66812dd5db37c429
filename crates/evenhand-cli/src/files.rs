//! This module writes results: whole or not at all, and keeps going when the reader of a pipe has gone.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use evenhand::Problem;
use evenhand::measure::audit::model::{Note, Severity};
use evenhand::measure::listed;
use evenhand::source::{Input, Inputs, LeftOut};
use evenhand_report::safe::{cut, terminal};
use tempfile::NamedTempFile;

/// Prints to standard output. A reader that has closed the pipe is no failure: the status still tells the verdict.
pub fn print(text: &str) -> Result<(), Problem> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Problem::usage(
            format!("standard output cannot be written: {error}"),
            "send it to a place that has room",
        )),
        _ => Ok(()),
    }
}

/// Writes a line for the person at the terminal, made harmless; one that cannot be written is lost.
pub fn tell(line: &str) {
    // Names of columns can be as long as a file's author likes.
    const LONGEST: usize = 2_000;
    let line = cut(&terminal(line), LONGEST);
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes lines for the runner of a workflow, which are harmless already, beside what is printed.
pub fn tell_runner(lines: &str) {
    let _ = io::stderr().lock().write_all(lines.as_bytes());
}

/// The path of an input as messages show it.
pub fn shown(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        format!("`{}`", path.display())
    }
}

/// What was left out of folders, as notes: a part that was not read is missing in every number.
pub fn left_out(inputs: &Inputs) -> Vec<Note> {
    const NAMED: usize = 3;
    let note = |left_out: &LeftOut| {
        let (message, help) = match left_out {
            LeftOut::InFolder(folder, names) => (
                format!(
                    "in the folder {}, what is neither CSV nor Parquet nor a tally was not read: {}",
                    shown(folder),
                    listed(names, NAMED)
                ),
                "if it belongs to the data, name it beside the folder",
            ),
            LeftOut::Folders(pattern, names) => (
                format!(
                    "the pattern {} also matches folders, which were not read: {}",
                    shown(pattern),
                    listed(names, NAMED)
                ),
                "if they belong to the data, name them beside the pattern",
            ),
        };
        Note {
            code: "files-left-out".to_owned(),
            severity: Severity::Info,
            message,
            help: Some(help.to_owned()),
        }
    };
    inputs.left_out().iter().map(note).collect()
}

/// What was found out about how to read the inputs, and what was left out of them.
pub fn readings(inputs: &Inputs) -> Vec<Note> {
    let notes = |input: &Input| input.reading().map(|reading| reading.notes.clone());
    inputs.all().iter().filter_map(notes).flatten().collect()
}

/// A note with what to do about it, on one line.
pub fn with_help(note: &Note) -> String {
    match &note.help {
        Some(help) => format!("{} ({help})", note.message.trim_end_matches('.')),
        None => note.message.clone(),
    }
}

/// How a path is to be written.
enum Target {
    /// In place of whatever file is there.
    Replace(PathBuf),
    /// Into the pipe or device that is there: replacing `/dev/null` would harm the whole computer.
    Into(PathBuf),
}

fn target(path: &Path) -> Target {
    let is_system = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    match path.symlink_metadata() {
        Ok(entry) if entry.is_file() => Target::Replace(path.to_owned()),
        Ok(_) if is_system => Target::Into(path.to_owned()),
        Ok(_) => match (path.metadata(), path.canonicalize()) {
            // A link stays a link, and the file that it leads to is replaced.
            (Ok(file), Ok(real)) if file.is_file() => Target::Replace(real),
            (Ok(_), _) => Target::Into(path.to_owned()),
            _ => Target::Replace(path.to_owned()),
        },
        Err(_) => Target::Replace(path.to_owned()),
    }
}

/// Checks that a file could be written, before hours of reading.
pub fn check(path: &Path) -> Result<(), Problem> {
    if path.is_dir() {
        return Err(cannot_write(path, "it is a folder", "name a file in it"));
    }
    let Target::Replace(file) = target(path) else {
        return Ok(());
    };
    let folder = folder(&file);
    match folder.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            // A trial file tells what permissions alone do not.
            tempfile::tempfile_in(&folder)
                .map(drop)
                .map_err(|error| cannot_write(path, &error.to_string(), ELSEWHERE))
        }
        Ok(_) => Err(cannot_write(
            path,
            &format!("`{}` is no folder", folder.display()),
            ELSEWHERE,
        )),
        Err(_) => Err(cannot_write(
            path,
            &format!("there is no folder `{}`", folder.display()),
            "make it first",
        )),
    }
}

const ELSEWHERE: &str = "choose a folder that you may write to";

/// Writes files whole, or leaves what was there: all of them are on the disk before the first gets its name.
pub fn write(files: &[(&Path, Vec<u8>)]) -> Result<(), Vec<Problem>> {
    let mut staged = Vec::new();
    let mut problems = Vec::new();
    for (path, bytes) in files {
        match target(path) {
            Target::Into(_) => {}
            Target::Replace(real) => match stage(&real, bytes) {
                Ok(file) => staged.push((path, real, file)),
                Err(error) => problems.push(cannot_write(path, &error.to_string(), ELSEWHERE)),
            },
        }
    }
    if problems.is_empty() {
        for (path, real, file) in staged {
            if let Err(error) = file.persist(real) {
                problems.push(cannot_write(path, &error.error.to_string(), ELSEWHERE));
            }
        }
        for (path, bytes) in files {
            if let Target::Into(device) = target(path)
                && let Err(error) = append(&device, bytes)
            {
                problems.push(cannot_write(path, &error.to_string(), ELSEWHERE));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn stage(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".evenhand-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private; a result is as open as any new file, which the user's umask decides, or as
        // the file that it replaces.
        builder.permissions(match path.metadata() {
            Ok(old) => old.permissions(),
            Err(_) => std::fs::Permissions::from_mode(0o666),
        });
    }
    let mut file = builder.tempfile_in(folder(path))?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Writes to what keeps no file's content, so that there is nothing to cut off first.
fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let written = OpenOptions::new()
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(bytes));
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// What makes two paths the same: the file that each leads to, whether it is there yet or not.
pub fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = folder(path);
        let folder = folder.canonicalize().unwrap_or(folder);
        path.file_name()
            .map_or_else(|| path.to_owned(), |name| folder.join(name))
    })
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn cannot_write(path: &Path, why: &str, help: &str) -> Problem {
    Problem::usage(format!("`{}` cannot be written: {why}", path.display()), help)
}
