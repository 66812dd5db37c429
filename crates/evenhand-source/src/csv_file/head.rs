//! This module reads the start of a CSV file: its marks, its delimiter and its header.

use std::io::Read as _;

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;
use memchr::memchr;

use super::record::{self, Block, Ends};
use super::text;
use super::{Stop, stopped};
use crate::input::{Compression, Input, Kept, shown, unreadable};
use crate::reading::{Format, Reading};

/// The header must end within this many bytes, which is room for tens of thousands of names.
const LONGEST_HEADER: usize = 1 << 20;

/// More columns than this are data in the place of a header.
pub(crate) const MOST_COLUMNS: usize = 10_000;

/// What the start of a file says about the rest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    /// How the file is packed. Everything else is about the text in it.
    pub(crate) compression: Option<Compression>,
    /// What separates fields.
    pub(crate) delimiter: u8,
    /// The names of the columns, as written.
    pub(crate) columns: Vec<String>,
    /// Where the first record after the header starts.
    pub(super) first_byte: u64,
    /// The number of the line in which it starts; the file's first line is 1.
    pub(super) first_line: u64,
    /// Where what follows the last record starts; nothing at the end of the file.
    pub(super) end: Option<u64>,
}

impl Head {
    /// That of a table that this program wrote down itself.
    pub(crate) fn of_plain(columns: Vec<String>, first_byte: u64) -> Self {
        Self {
            compression: None,
            delimiter: b',',
            columns,
            first_byte,
            first_line: 2,
            end: None,
        }
    }
}

/// Finds out how a text is laid out that is packed so, as far as `data` does not say it. Gives the text back as well
/// where it had to be written in other letters.
///
/// # Errors
/// When the file cannot be read or has no header of text.
pub(crate) fn head(
    input: &Input,
    compression: Option<Compression>,
    data: &Data,
) -> Result<(Option<Kept>, Head, Reading), Problem> {
    let head = start(input, compression)?;
    let reading = Reading {
        format: Format::Csv,
        packed: compression.iter().map(|packed| packed.name().to_owned()).collect(),
        data: Data {
            delimiter: Some(char::from(head.delimiter)),
            ..data.clone()
        },
        notes: Vec::new(),
    };
    Ok((None, head, reading))
}

pub(super) fn start(input: &Input, compression: Option<Compression>) -> Result<Head, Problem> {
    let path = input.path();
    let mut text = Vec::new();
    text::from_start(input, compression, &())
        .map_err(|error| unreadable(path, &error))?
        .take(LONGEST_HEADER as u64)
        .read_to_end(&mut text)
        .map_err(|error| stopped(path, &Stop::Unreadable(error), 1 + record::line_ends(&text)))?;
    let is_whole = text.len() < LONGEST_HEADER;
    let name = shown(path);
    if let Some(offset) = memchr(0, &text) {
        return Err(not_text(&name, offset, "a zero byte"));
    }
    // The mark with which some programs start UTF-8 files is no part of the first name.
    let mark = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    text.drain(..mark);
    let delimiter = delimiter(&text);

    let block = Block::new(text);
    let Some(from) = record::start(&block, 0) else {
        return Err(Problem::data(format!("{name} is empty"), "export the data again"));
    };
    let mut columns = Vec::new();
    // Names stop being kept at the limit, so that a million of them cost nothing.
    let read = record::read(&block, Ends::new(delimiter), from, |index, field| {
        if index <= MOST_COLUMNS {
            columns.push(field.value.into_owned());
        }
        Ok::<(), Problem>(())
    })?;
    if columns.len() > MOST_COLUMNS || (read.next == block.text().len() && !is_whole) {
        return Err(Problem::data(
            format!("{name}: the first line has more than 10,000 columns or a million bytes"),
            "the first line must hold the names of the columns; was the table exported sideways, or a quote left open?",
        ));
    }
    let columns = columns
        .into_iter()
        .map(|bytes| {
            String::from_utf8(bytes).map_err(|error| {
                let odd = error.utf8_error().valid_up_to();
                let bad = &error.as_bytes()[odd..];
                let within = block.text().windows(bad.len()).position(|window| window == bad);
                not_text(&name, mark + within.unwrap_or(0), "a byte that is not UTF-8 text")
            })
        })
        .collect::<Result<Vec<String>, Problem>>()?;
    Ok(Head {
        compression,
        delimiter,
        columns,
        first_byte: (mark + read.next) as u64,
        first_line: 1 + record::line_ends(&block.text()[..read.next]),
        end: None,
    })
}

fn not_text(name: &str, offset: usize, what: &str) -> Problem {
    Problem::data(
        format!("{name} is not text: {what} at offset {offset}"),
        "save the file as \"CSV UTF-8\"; if it came from a spreadsheet, it may be UTF-16 or a workbook",
    )
}

/// A comma, unless the header has none and has more of another usual delimiter.
fn delimiter(text: &[u8]) -> u8 {
    let mut counts = [0usize; 256];
    let mut is_quoted = false;
    // Blank lines may come before the header.
    let header = text.iter().skip_while(|byte| matches!(byte, b'\n' | b'\r'));
    for &byte in header {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => break,
            byte if !is_quoted => counts[byte as usize] += 1,
            _ => {}
        }
    }
    if counts[b',' as usize] > 0 {
        return b',';
    }
    // The first of equals, in this order.
    let mut best = b',';
    for other in [b';', b'\t', b'|'] {
        if counts[other as usize] > counts[best as usize] {
            best = other;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head_of(bytes: &[u8]) -> Result<Head, Problem> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        start(&Input::named(file.path()), None)
    }

    #[test]
    fn marks_blank_lines_and_delimiters() {
        let head = head_of(b"\xef\xbb\xbf\r\n\"a;b\";c\r\n1;2\r\n").unwrap();
        assert_eq!(
            (head.delimiter, head.columns),
            (b';', vec!["a;b".to_owned(), "c".to_owned()])
        );
        assert_eq!((head.first_byte, head.first_line), (14, 3));
        assert_eq!(head_of(b"a;b;c,d\n").unwrap().delimiter, b',');
        assert_eq!(head_of(b"a\tb\n1,2,3\n").unwrap().delimiter, b'\t');
        assert_eq!(head_of(b"a|b").unwrap().delimiter, b'|');
        assert_eq!(head_of(b"only\n1\n").unwrap().columns, ["only"]);
        assert_eq!(head_of(b"\"two\nlines\",b\n1,2\n").unwrap().first_line, 3);
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        for (bytes, words) in [
            (b"a,b\n1,\x002\n".as_slice(), "zero byte at offset 6"),
            (b"a,b\xe9c\n1,2\n", "not UTF-8 text at offset 3"),
            (b"\n\n", "is empty"),
        ] {
            let problem = head_of(bytes).unwrap_err();
            assert!(problem.message.contains(words), "{problem}");
        }
    }

    #[test]
    fn a_million_columns_are_refused_at_once() {
        for name in ["c,", "abcdefgh,"] {
            let problem = head_of(name.repeat(1_000_000).as_bytes()).unwrap_err();
            assert!(problem.message.contains("10,000 columns"), "{problem}");
        }
    }
}
