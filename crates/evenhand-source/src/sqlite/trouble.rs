//! This module turns what SQLite says into problems.

use evenhand_measure::{Problem, thousands};
use rusqlite::{Error, ErrorCode};

use super::file::Stored;

/// A problem of reading.
pub(super) fn trouble(stored: &Stored, error: &Error) -> Problem {
    let name = &stored.name;
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(name, &said(error)),
        Some(ErrorCode::OperationInterrupted) => Problem::data(
            format!(
                "{name}: to read this takes more than {} steps, and may have no end",
                thousands(stored.most_steps())
            ),
            "check the query or view, or write its rows to a table first and read that with `--table NAME`",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Problem::data(
            format!("{name} is being written to by another program"),
            "close that program and try again",
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) => Problem::data(
            format!(
                "{name} cannot be opened for reading only ({}): a program that wrote to it was stopped",
                said(error)
            ),
            "open and close it once with the program that it belongs to, and try again",
        ),
        Some(ErrorCode::TooBig) => Problem::data(
            format!("{name} has a value or record of more than 100 million bytes"),
            "leave that column out, as with `--query \"SELECT column, … FROM table\"`",
        ),
        Some(ErrorCode::AuthorizationForStatementDenied) => Problem::usage(
            format!(
                "{name}: {}, because only queries whose rows are the same each time are run",
                said(error)
            ),
            "write the rows to a table first, and read that with `--table NAME`",
        ),
        _ => Problem::data(
            format!("{name} cannot be read: {}", said(error)),
            "check the database, or export the table as CSV",
        ),
    }
}

/// Pages that do not hang together.
pub(super) fn damaged(name: &str, how: &str) -> Problem {
    Problem::data(
        format!("{name} is damaged: {how}"),
        "copy it again; `sqlite3 FILE .recover` saves what can be read of it",
    )
}

/// Pages that somebody wrote while they were read.
pub(super) fn changed(name: &str) -> Problem {
    Problem::data(
        format!("{name} was written to while it was read"),
        "close the program that writes to it, or copy it first, and try again",
    )
}

/// What SQLite says, short enough for a message and without control characters.
pub(super) fn said(error: &Error) -> String {
    let text = match error {
        Error::SqliteFailure(_, Some(text)) => text.clone(),
        Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    };
    short(&text)
}

/// A text of the database, short enough for a message and without control characters.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 160;
    let mut short: String = text
        .chars()
        .take(MOST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}
