//! This module writes results: whole or not at all, and keeps going when the reader of a pipe has gone.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use evenhand::Problem;

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

/// Writes a message for the person at the terminal; one that cannot be written is lost.
pub fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Checks that a file could be written, before hours of reading.
pub fn check(path: &Path) -> Result<(), Problem> {
    if path.is_dir() {
        return Err(cannot_write(path, "it is a folder", "name a file in it"));
    }
    let folder = folder(path);
    match folder.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            // A trial file tells what permissions alone do not.
            tempfile::tempfile_in(&folder)
                .map(drop)
                .map_err(|error| cannot_write(path, &error.to_string(), "choose a folder that you may write to"))
        }
        _ => Err(cannot_write(
            path,
            &format!("there is no folder `{}`", folder.display()),
            "make it first",
        )),
    }
}

/// Writes a file whole, or leaves what was there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let failed = |error: io::Error| cannot_write(path, &error.to_string(), "choose a folder that you may write to");
    let mut file = tempfile::Builder::new()
        .prefix(".evenhand-")
        .tempfile_in(folder(path))
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    open_to_all(file.path());
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Temporary files are private; results are to be read by others as any new file is.
#[cfg(unix)]
fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    // A file that stays private is still a result.
    let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn open_to_all(_: &Path) {}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn cannot_write(path: &Path, why: &str, help: &str) -> Problem {
    Problem::usage(format!("`{}` cannot be written: {why}", path.display()), help)
}
