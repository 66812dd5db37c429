//! This module lets one run at a time change a file that all of them add to.
//!
//! The lock is on a file of its own beside it: the file itself is replaced whole, and with it would go its lock. The
//! system gives the lock up when a run ends in whatever way, so none is left behind that keeps others waiting.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use evenhand::Problem;

use crate::files;
use crate::files::shown;

/// The turn of one run; it ends when this is dropped.
pub struct Turn {
    file: File,
    path: PathBuf,
    /// Whether nobody else has a turn meanwhile: some shared folders know no locks.
    is_alone: bool,
}

impl Turn {
    /// Waits for the turn to change a file.
    pub fn at(path: &Path, quiet: bool) -> Result<Self, Problem> {
        let lock = beside(&files::identity(path));
        let cannot = |error: io::Error| {
            Problem::usage(
                format!(
                    "{} cannot be kept for this run alone: {}: {error}",
                    shown(path),
                    shown(&lock)
                ),
                "look who may write that file; where no other run is under way, it may be removed",
            )
        };
        loop {
            let mut options = File::options();
            let file = options
                .create(true)
                .truncate(false)
                .write(true)
                .open(&lock)
                .map_err(cannot)?;
            let locked = match file.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    if !quiet {
                        files::tell(&format!("another run adds to {}; waiting for it", shown(path)));
                    }
                    file.lock()
                }
                Err(TryLockError::Error(error)) => Err(error),
                Ok(()) => Ok(()),
            };
            // Said even when quiet: what may be lost is a line of evidence.
            if let Err(error) = &locked {
                files::tell(&format!(
                    "warning: {} cannot be locked here ({error}); of two runs that add to it at once, one can be lost",
                    shown(path)
                ));
            }
            let is_alone = locked.is_ok();
            // A turn takes its file away when it ends, so only a file that still has the name makes one.
            if !is_alone || is_named(&file, &lock).map_err(cannot)? {
                return Ok(Self {
                    file,
                    path: lock,
                    is_alone,
                });
            }
        }
    }
}

/// Whether a file is still the one of this name: whoever had the lock before has taken that file away.
#[cfg(unix)]
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match path.metadata() {
        Ok(named) => Ok((named.dev(), named.ino()) == (own.dev(), own.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Elsewhere the file stays, so there is no other.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it is asked in the same way everywhere")]
fn is_named(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Taken away before the lock is given up, so that nobody takes away a file that another run has locked.
        #[cfg(unix)]
        if self.is_alone {
            let _ = std::fs::remove_file(&self.path);
        }
        // Closing the file gives the lock up in any case.
        let _ = self.file.unlock();
    }
}

/// Where the lock of a file is.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".lock");
    path.with_file_name(name)
}
