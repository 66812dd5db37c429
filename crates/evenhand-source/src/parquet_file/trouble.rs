//! This module is what can go wrong while rows are decoded, before it is known which file and row it was.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use evenhand_measure::Problem;
use parquet::errors::ParquetError;

use crate::input::{shown, unreadable};
use crate::kernel::Unusable;

/// Why decoding stopped.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The file contradicts itself or the format; what was found, to follow "found".
    Broken(String),
    /// The file is packed in a way that this program does not know; what the Parquet crate says of it.
    Packed(String),
    /// The operating system could not read.
    Unreadable(std::io::Error),
    /// A column of a kind that cannot be read.
    Unfit(Unusable),
    /// A value that cannot be used, in this row of the batch.
    Value(usize, Unusable),
    /// Another row group, earlier in the file, has a problem already.
    Superseded,
}

impl Trouble {
    /// The file is broken: what was found.
    pub(super) fn broken(found: impl Into<String>) -> Self {
        Self::Broken(found.into())
    }

    /// The same trouble where rows are counted from `rows` earlier.
    pub(super) fn later(self, rows: usize) -> Self {
        match self {
            Self::Value(row, unusable) => Self::Value(row + rows, unusable),
            other => other,
        }
    }

    /// The same trouble where its row is still the number of a value.
    pub(super) fn at_row_of(self, row_of: impl Fn(usize) -> usize) -> Self {
        match self {
            Self::Value(number, unusable) => Self::Value(row_of(number), unusable),
            other => other,
        }
    }

    /// The problem to report about `path`, where row 0 of the batch is row `first` of the file, counted from 0.
    pub(super) fn problem(self, path: &Path, first: u64) -> Problem {
        let file = shown(path);
        match self {
            Self::Broken(found) => broken_file(path, &found),
            Self::Packed(said) => Problem::data(
                format!("{file} has a compression that this program does not know ({said})"),
                "write it again with zstd, snappy, gzip, lz4 or no compression",
            ),
            Self::Unreadable(error) => unreadable(path, &error),
            Self::Unfit(unusable) => unusable.at(&file),
            Self::Value(row, unusable) => {
                let row = first.saturating_add(row as u64).saturating_add(1);
                unusable.at(&format!("{file}, row {row}"))
            }
            Self::Superseded => broken_file(path, "a row group that was left early"),
        }
    }
}

/// The problem of a file that is no whole Parquet file.
pub(super) fn broken_file(path: &Path, found: &str) -> Problem {
    Problem::data(
        format!("{} is damaged or incomplete: found {found}", shown(path)),
        "copy or export the file again; if it was written by a program that stopped early, it has no end",
    )
}

impl From<ParquetError> for Trouble {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(cause) if cause.is::<std::io::Error>() => {
                Self::broken(format!("data that cannot be read or decompressed ({cause})"))
            }
            ParquetError::General(message) | ParquetError::NYI(message)
                if message.starts_with("Disabled feature") || message.contains("codec type") =>
            {
                Self::Packed(message)
            }
            error => Self::broken(format!("data that cannot be decoded ({error})")),
        }
    }
}

/// Runs code that may panic on a damaged file, and makes a panic an ordinary trouble.
///
/// The Parquet crate checks most of what it reads, not all; a damaged file must not look like a fault of this program.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let outcome = quietly(work);
    outcome.unwrap_or_else(|said| Err(Trouble::broken(format!("data that makes no sense ({said})"))))
}

/// Runs code of others that may panic on a damaged file. A panic is not printed; what it says is the error.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    silence::install();
    let outcome = silence::during(|| catch_unwind(AssertUnwindSafe(work)));
    outcome.map_err(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        said.unwrap_or("no further details").to_owned()
    })
}

/// Keeps a panic that is caught from being printed; all others are reported as before.
mod silence {
    use std::cell::Cell;
    use std::panic;
    use std::sync::Once;

    thread_local! {
        static SILENT: Cell<bool> = const { Cell::new(false) };
    }

    pub(super) fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                if !SILENT.get() {
                    before(info);
                }
            }));
        });
    }

    pub(super) fn during<T>(work: impl FnOnce() -> T) -> T {
        let before = SILENT.replace(true);
        let outcome = work();
        SILENT.set(before);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_problem() {
        let outcome = caught(|| {
            if std::hint::black_box(true) {
                panic!("deliberate")
            } else {
                Ok(())
            }
        });
        let problem = outcome.unwrap_err().problem(Path::new("x.parquet"), 0);
        assert!(problem.message.contains("`x.parquet` is damaged"), "{problem}");
    }

    #[test]
    fn an_unknown_compression_is_no_damage() {
        let error = ParquetError::General("Disabled feature at compile time: brotli".to_owned());
        let problem = Trouble::from(error).problem(Path::new("x.parquet"), 0);
        assert!(!problem.message.contains("damaged"), "{problem}");
        assert!(
            problem.message.contains("does not know") && problem.help.contains("zstd"),
            "{problem}"
        );
    }

    #[test]
    fn rows_are_counted_from_one() {
        let trouble = Trouble::Value(2, Unusable::new("n", "it is negative", "mend it")).later(3);
        let problem = trouble.problem(Path::new("x.parquet"), 10);
        assert!(problem.message.contains("row 16"), "{problem}");
    }
}
