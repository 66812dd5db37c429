//! This module is how an input was read, for people to check.

use evenhand_measure::audit::model::Note;
use evenhand_measure::policy::Data;

/// The format of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text with one record per line.
    #[default]
    Csv,
    /// Apache Parquet.
    Parquet,
    /// A workbook of Excel or OpenDocument.
    Workbook,
    /// A JSON document with a list of records.
    Json,
    /// One JSON document per line.
    JsonLines,
    /// Apache Arrow IPC, as a file (also called Feather) or a stream.
    Arrow,
    /// A SQLite database.
    Sqlite,
}

impl Format {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Parquet => "Parquet",
            Self::Workbook => "workbook",
            Self::Json => "JSON",
            Self::JsonLines => "JSON lines",
            Self::Arrow => "Arrow IPC",
            Self::Sqlite => "SQLite database",
        }
    }
}

/// How an input was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Its format.
    pub format: Format,
    /// What it is packed in, from the outside in, such as `zip` or `gzip`.
    pub packed: Vec<String>,
    /// What was given or found out. Given as the `[data]` of a policy, the input is read the same way.
    pub data: Data,
    /// What people should know: what was guessed, what was left out and how much of it.
    pub notes: Vec<Note>,
}
