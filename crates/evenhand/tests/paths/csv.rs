//! The rows as CSV files.

use std::io::Write as _;

use tempfile::NamedTempFile;

use super::rows::{COLUMNS, Row};
use super::{Case, Outcome, of_files};

#[derive(Clone, Copy)]
pub struct Style {
    pub delimiter: char,
    pub end: &'static str,
    pub all_quoted: bool,
    pub mark: bool,
}

pub const PLAIN: Style = Style {
    delimiter: ',',
    end: "\n",
    all_quoted: false,
    mark: false,
};

pub fn plain(case: &Case) -> Outcome {
    read(case, PLAIN)
}

pub fn quoted(case: &Case) -> Outcome {
    read(
        case,
        Style {
            all_quoted: true,
            ..PLAIN
        },
    )
}

pub fn windows(case: &Case) -> Outcome {
    read(case, Style { end: "\r\n", ..PLAIN })
}

pub fn marked(case: &Case) -> Outcome {
    read(
        case,
        Style {
            mark: true,
            end: ["\n", "\r\n"][case.choose(1, 2)],
            ..PLAIN
        },
    )
}

pub fn semicolons(case: &Case) -> Outcome {
    read(
        case,
        Style {
            delimiter: [';', '\t'][case.choose(2, 2)],
            ..PLAIN
        },
    )
}

fn read(case: &Case, style: Style) -> Outcome {
    of_files(&[file(&case.rows, style)], &case.policy())
}

/// The text of a CSV file, for whoever packs it.
pub fn text(rows: &[Row], style: Style) -> String {
    let all: Vec<usize> = (0..COLUMNS.len()).collect();
    text_of(rows, &all, style)
}

/// The same with some of the columns.
pub fn text_of(rows: &[Row], columns: &[usize], style: Style) -> String {
    let mut text = if style.mark { "\u{feff}" } else { "" }.to_owned();
    let mut line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| in_quotes(cell, style)).collect();
        text.push_str(&cells.join(&style.delimiter.to_string()));
        text.push_str(style.end);
    };
    line(columns.iter().map(|&column| COLUMNS[column].to_owned()).collect());
    for row in rows {
        let cells = row.cells().map(Option::unwrap_or_default);
        line(columns.iter().map(|&column| cells[column].clone()).collect());
    }
    text
}

pub fn file(rows: &[Row], style: Style) -> NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text(rows, style).as_bytes()).unwrap();
    file
}

fn in_quotes(cell: &str, style: Style) -> String {
    if style.all_quoted || cell.contains([style.delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
