//! This module finds out how a text is laid out: its letters, its delimiter, its header and its end.

use evenhand_measure::Problem;
use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::policy::Data;
use memchr::memchr;

use super::dialect::{self, Sketch};
use super::encoding::{self, Found, How, Letters, not_text};
use super::footer::footer;
use super::header::Search;
use super::record::{self, Block};
use super::source::Source;
use super::transcode::{Words, transcode};
use crate::input::{Compression, Input, Kept, unreadable};
use crate::kernel;
use crate::reading::{Format, Reading};

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
    /// Whether the header is seen once more among the records.
    pub(crate) repeats_header: bool,
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
            repeats_header: false,
        }
    }
}

/// Finds out how a text is laid out that is packed so, as far as `data` does not say it. Gives the text back as well
/// where it had to be unpacked or written in other letters.
///
/// # Errors
/// When the file cannot be read or has no header of text, or when it is not clear what it says.
pub(crate) fn head(
    input: &Input,
    compression: Option<Compression>,
    data: &Data,
) -> Result<(Option<Kept>, Head, Reading), Problem> {
    let name = input.shown();
    let mut source = Source::of(input, compression, data)?;
    let mut sample = source.sample()?;
    let found = encoding::find(&name, &sample, data.encoding.as_deref())?;
    let mut notes = Vec::new();
    let mut mark = found.mark;
    if found.letters == Letters::UTF_8 {
        notes.extend(found.stray.map(|offset| stray_bytes(&name, offset)));
    } else {
        let (kept, words) = transcode(&source, &found)?;
        notes.extend(found_out(&name, &found, &words));
        source = Source {
            input,
            kept: Some(kept),
            compression: None,
        };
        sample = source.sample()?;
        mark = 0;
    }
    if found.is_utf_8 {
        notes.push(rather_utf_8(&name, &found));
    }
    if found.how == How::Mark {
        notes.push(other_mark(&name, &found));
    }
    let mut text = sample.start;
    text.drain(..mark);
    let layout = Layout::of(&name, text, sample.is_whole, mark, data)?;
    let mut head = layout.head;
    head.compression = source.compression;
    notes.extend(layout.notes);

    // The end of packed text is only known when all of it was unpacked.
    let mut footer_rows = data.footer_rows;
    if source.compression.is_none() {
        let file = source.file().map_err(|error| unreadable(input.path(), &error))?;
        let columns = head.columns.len();
        let footer = footer(&name, &file, head.first_byte, head.delimiter, columns, data.footer_rows)
            .map_err(|error| unreadable(input.path(), &error))??;
        head.end = footer.end;
        notes.extend(footer.notes);
        if footer.rows > 0 {
            footer_rows = Some(footer.rows);
        }
    }
    let reading = Reading {
        format: Format::Csv,
        packed: compression.iter().map(|packed| packed.name().to_owned()).collect(),
        data: Data {
            encoding: Some(found.letters.name().to_owned()),
            delimiter: Some(char::from(head.delimiter)),
            header_row: Some(layout.header_row),
            footer_rows,
            ..data.clone()
        },
        notes,
    };
    Ok((source.kept, head, reading))
}

/// How the start of a text in UTF-8 is laid out.
struct Layout {
    head: Head,
    /// The line of the header; 0 when there is none.
    header_row: u64,
    notes: Vec<Note>,
}

impl Layout {
    /// That of this text, before which a mark has so many bytes.
    fn of(name: &str, text: Vec<u8>, is_whole: bool, mark: usize, data: &Data) -> Result<Self, Problem> {
        if let Some(offset) = memchr(0, &text) {
            return Err(not_text(name, mark + offset, "a zero byte"));
        }
        let block = Block::new(text);
        let announced = dialect::announced(block.text());
        let from = announced.map_or(0, |(_, next)| next);
        if record::start(&block, from).is_none() {
            return Err(Problem::data(format!("{name} is empty"), "export the data again"));
        }
        let delimiter = match data.delimiter {
            Some(delimiter) => Some(dialect::declared(name, delimiter)?),
            None => announced.map(|(delimiter, _)| delimiter),
        };
        let sketch = match delimiter {
            Some(delimiter) => Sketch::of(&block, from, is_whole, delimiter),
            None => dialect::likeliest(&block, from, is_whole),
        };
        let search = Search {
            name,
            block: &block,
            from,
            sketch: &sketch,
            mark,
        };
        let header = search.header(data.header_row)?;
        Ok(Self {
            head: Head {
                compression: None,
                delimiter: sketch.delimiter,
                first_byte: (mark + header.next) as u64,
                first_line: search.line(header.next),
                columns: header.columns,
                end: None,
                repeats_header: header.is_repeated,
            },
            header_row: header.line,
            notes: header.notes,
        })
    }
}

/// What people should know of how a text is read.
pub(super) fn note(code: &str, severity: Severity, message: String, help: String) -> Note {
    Note {
        code: code.to_owned(),
        severity,
        message,
        help: Some(help),
    }
}

fn stray_bytes(name: &str, offset: u64) -> Note {
    note(
        "stray-bytes",
        Severity::Warning,
        format!(
            "{name} is UTF-8 but for some bytes, the first at offset {offset}; in columns with a role they are refused"
        ),
        "export the data again; if none of it is UTF-8, name its encoding, as with `--encoding windows-1252`"
            .to_owned(),
    )
}

fn other_mark(name: &str, found: &Found) -> Note {
    let encoding = found.letters.name();
    note(
        "encoding-mark",
        Severity::Warning,
        format!("{name} starts with the mark of {encoding} and was read so, whatever encoding was named"),
        format!("`--encoding {encoding}` says the same"),
    )
}

fn rather_utf_8(name: &str, found: &Found) -> Note {
    let encoding = found.letters.name();
    note(
        "encoding-doubtful",
        Severity::Warning,
        format!("{name} was read as {encoding}, as was said, and its letters are rather UTF-8"),
        "leave `--encoding` out, and look at the letters of the groups".to_owned(),
    )
}

/// What was guessed of the letters, if they were.
fn found_out(name: &str, found: &Found, words: &Words) -> Option<Note> {
    if found.how != How::Guessed {
        return None;
    }
    let encoding = found.letters.name();
    let severity = if words.any { Severity::Warning } else { Severity::Info };
    let shown: Vec<String> = words.shown.iter().map(|word| kernel::shown(word)).collect();
    let such = match shown.is_empty() {
        true => String::new(),
        false => format!(", with words such as {}", shown.join(", ")),
    };
    Some(note(
        "encoding-guessed",
        severity,
        format!("{name} is not UTF-8 and does not say what it is; it was read as {encoding}{such}"),
        format!(
            "if a word is wrong, name the right encoding with --encoding NAME; `--encoding {encoding}` keeps this one"
        ),
    ))
}

/// A head for tests of what comes after it: the first line with text names the columns, whatever follows.
#[cfg(test)]
pub(super) fn start(input: &Input, compression: Option<Compression>) -> Result<Head, Problem> {
    let source = Source {
        input,
        kept: None,
        compression,
    };
    let mut text = source.sample()?.start;
    let mark = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    text.drain(..mark);
    let blank = text.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let header = text[blank..].split(|byte| matches!(byte, b'\n' | b'\r')).next();
    let has = |delimiter: &u8| header.is_some_and(|header| header.contains(delimiter));
    let data = Data {
        delimiter: [b',', b';', b'\t', b'|'].into_iter().find(has).map(char::from),
        header_row: Some(1 + record::line_ends(&text[..blank])),
        ..Data::default()
    };
    let mut head = Layout::of(&input.shown(), text, true, mark, &data)?.head;
    head.compression = compression;
    Ok(head)
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
