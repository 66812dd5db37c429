//! This module finds what follows the last record of a text: totals, remarks and blank rows, as far as its last bytes
//! tell.

use std::collections::BTreeSet;
use std::io;

use evenhand_measure::Problem;
use evenhand_measure::audit::model::{Note, Severity};

use super::head::note;
use super::record::{self, Block, Ends};
use super::remark::{is_remark, is_total};
use crate::input::File;
use crate::kernel::shown;

/// So much of a text's end is looked at.
const END: u64 = 64 << 10;

/// The same where somebody said how many lines are none.
const DECLARED_END: u64 = 1 << 20;

/// Longer remarks are none.
const MOST_LINES: usize = 20;

/// So many lines that are left out are shown.
const SHOWN: usize = 3;

/// Old systems end a text with this, which is no part of it.
const END_MARK: u8 = 0x1a;

/// What follows the last record.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Footer {
    /// Where it starts; nothing if there is none.
    pub(super) end: Option<u64>,
    /// How many lines it has, without blank ones.
    pub(super) rows: u64,
    pub(super) notes: Vec<Note>,
}

/// The lines at the end of a text.
struct Tail<'a> {
    name: &'a str,
    text: &'a [u8],
    delimiter: u8,
    columns: usize,
    lines: Vec<Line>,
    /// Whether these are all lines after the header.
    is_all: bool,
}

/// A line that is not blank.
#[derive(Clone, Debug)]
struct Line {
    from: usize,
    /// Whether a blank line comes before it.
    after_gap: bool,
    /// Its fields, unless it is part of a record with several lines.
    cells: Option<Vec<String>>,
    /// Whether it has delimiters and nothing else.
    is_empty: bool,
}

/// Looks for what follows the last record, of which there are so many lines if that is declared.
pub(super) fn footer(
    name: &str,
    file: &File,
    first_byte: u64,
    delimiter: u8,
    columns: usize,
    declared: Option<u64>,
) -> Result<Result<Footer, Problem>, io::Error> {
    let length = file.length()?;
    let most = if declared.is_some() { DECLARED_END } else { END };
    let start = first_byte.max(length.saturating_sub(most));
    let mut text = Vec::new();
    file.append(start, length.saturating_sub(start), &mut text)?;
    let marked = end_mark(&text);
    text.truncate(marked.unwrap_or(text.len()));
    let tail = Tail::new(name, &text, delimiter, columns, start == first_byte);
    let kept = match declared {
        Some(rows) => {
            let lines = tail.lines.len() as u64;
            match lines.checked_sub(rows) {
                Some(kept) => kept as usize,
                None => return Ok(Err(tail.too_few(rows))),
            }
        }
        None => tail.records_end(),
    };
    let left_out = &tail.lines[kept..];
    let mut notes = Vec::new();
    notes.extend(tail.left_out(left_out));
    if declared.is_none() {
        notes.extend(tail.total_among_records(kept));
    }
    let end = left_out.first().map(|line| line.from).or(marked);
    let rows = left_out.len() as u64;
    Ok(Ok(Footer {
        end: end.map(|end| start + end as u64),
        rows,
        notes,
    }))
}

/// Where the marks of a text's end start, if it has any.
fn end_mark(text: &[u8]) -> Option<usize> {
    let mut end = None;
    let mut rest = text;
    loop {
        let trimmed = rest
            .iter()
            .rposition(|byte| !matches!(byte, b'\n' | b'\r'))
            .map_or(0, |last| last + 1);
        match rest[..trimmed].strip_suffix(&[END_MARK]) {
            Some(before) => {
                rest = before;
                end = Some(before.len());
            }
            None => return end,
        }
    }
}

impl<'a> Tail<'a> {
    fn new(name: &'a str, text: &'a [u8], delimiter: u8, columns: usize, is_all: bool) -> Self {
        let starts = is_all.then(|| record_starts(text, delimiter));
        let mut lines = Vec::new();
        let mut from = 0;
        let mut after_gap = false;
        // The first line may be half of one.
        let mut is_half = !is_all;
        while from < text.len() {
            let end = text[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let end = end.map_or(text.len(), |end| from + end);
            let line = &text[from..end];
            if line.is_empty() {
                after_gap = true;
            } else if !is_half {
                let is_blank = |byte: &u8| *byte == delimiter || byte.is_ascii_whitespace();
                let is_record = starts.as_ref().is_none_or(|starts| starts.contains(&from));
                lines.push(Line {
                    from,
                    after_gap: std::mem::take(&mut after_gap),
                    cells: is_record.then(|| cells(line, delimiter)).flatten(),
                    // Rows of a spreadsheet below its table; in narrow ones a record may have no values.
                    is_empty: is_record && columns > 2 && line.iter().all(is_blank),
                });
            }
            is_half = false;
            from = end + if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
        }
        Self {
            name,
            text,
            delimiter,
            columns,
            lines,
            is_all,
        }
    }

    /// How many of the lines come before what is no record.
    fn records_end(&self) -> usize {
        let mut kept = self.lines.len();
        if self.columns < 2 {
            return kept;
        }
        while let Some(last) = kept.checked_sub(1) {
            let line = &self.lines[last];
            if line.is_empty || self.says_so(line) {
                kept = last;
                continue;
            }
            match self.remarks(kept) {
                Some(start) => kept = start,
                None => break,
            }
        }
        kept
    }

    /// Whether a line says itself that it is no record.
    fn says_so(&self, line: &Line) -> bool {
        let Some(cells) = &line.cells else { return false };
        let mut filled = cells.iter().filter(|cell| !cell.is_empty());
        let Some(first) = filled.next() else { return false };
        let others = filled.count();
        let is_rule = cells.len() == 1 && first.len() > 2 && first.bytes().all(|byte| b"-=_*+".contains(&byte));
        let empty = self.columns.saturating_sub(1 + others);
        let is_total = is_total(first) && empty * 2 >= self.columns - 1;
        is_total || (others == 0 && (is_remark(first) || is_rule))
    }

    /// Where the lines start that stand apart from the table and have too few fields for it, of the first `kept`.
    fn remarks(&self, kept: usize) -> Option<usize> {
        let start_of = |end: usize| {
            let lines = &self.lines[..end];
            let gap = (1..end)
                .rev()
                .find(|line| lines[*line].after_gap || lines[*line - 1].is_empty);
            gap.unwrap_or(0)
        };
        let is_short = |line: &Line| {
            let Some(cells) = &line.cells else { return false };
            let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
            cells.len() < self.columns || (filled < 2 && self.columns > 2)
        };
        let mut start = kept;
        loop {
            let before = start_of(start);
            if self.lines[before..start].iter().all(is_short) {
                if before == 0 || kept - before > MOST_LINES {
                    return None;
                }
                start = before;
                continue;
            }
            // Where blank lines stand between all records, they set nothing apart.
            let header = usize::from(before == 0 && self.is_all);
            return (start < kept && start - before + header > 1).then_some(start);
        }
    }

    /// What people should know of lines that are left out.
    fn left_out(&self, lines: &[Line]) -> Option<Note> {
        if lines.is_empty() {
            return None;
        }
        let rows = lines.len();
        let texts: Vec<String> = lines
            .iter()
            .take(SHOWN)
            .map(|line| shown(&self.text_of(line)))
            .collect();
        let more = if rows > SHOWN { " and more" } else { "" };
        let (what, are) = if rows == 1 {
            ("1 line".to_owned(), "is no record and was")
        } else {
            (format!("{rows} lines"), "are no records and were")
        };
        Some(note(
            "rows-at-end-left-out",
            Severity::Warning,
            format!(
                "{}: {what} at the end {are} left out: {}{more}",
                self.name,
                texts.join(", ")
            ),
            format!("`--footer-rows {rows}` says so; if they are records, say `--footer-rows 0`"),
        ))
    }

    /// A last record that is named as a total, or has no name where all others have one.
    fn total_among_records(&self, kept: usize) -> Option<Note> {
        const ENOUGH: usize = 10;
        let last = kept.checked_sub(1)?;
        let line = self.lines.get(last)?;
        let first = line.cells.as_ref()?.iter().find(|cell| !cell.is_empty())?;
        let has_name = |line: &Line| {
            let name = line.cells.as_ref().and_then(|cells| cells.first());
            name.is_none_or(|name| !name.is_empty())
        };
        let is_nameless = last >= ENOUGH && !has_name(line) && self.lines[..last].iter().all(has_name);
        if self.columns < 2 || !(is_total(first) || is_nameless) {
            return None;
        }
        let rows = self.lines.len() - kept + 1;
        Some(note(
            "row-like-a-total",
            Severity::Warning,
            format!(
                "{}: the last record looks like a total, and is counted: {}",
                self.name,
                shown(&self.text_of(line))
            ),
            format!(
                "if it is a total, say `--footer-rows {rows}`; if it is a record, `--footer-rows {}`",
                rows - 1
            ),
        ))
    }

    fn text_of(&self, line: &Line) -> String {
        let rest = &self.text[line.from..];
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .unwrap_or(rest.len());
        let text = String::from_utf8_lossy(&rest[..end]);
        text.trim_end_matches(|letter: char| letter == char::from(self.delimiter) || letter.is_whitespace())
            .to_owned()
    }

    fn too_few(&self, rows: u64) -> Problem {
        Problem::data(
            format!(
                "{}: `--footer-rows {rows}` leaves out more lines than there are after the header, or than a million bytes \
                 hold",
                self.name
            ),
            "give the number of lines at the end that are no records, without blank ones",
        )
    }
}

/// Where records start in the text behind a header.
fn record_starts(text: &[u8], delimiter: u8) -> BTreeSet<usize> {
    let block = Block::new(text.to_vec());
    let mut starts = BTreeSet::new();
    let mut next = 0;
    while let Some(from) = record::start(&block, next) {
        starts.insert(from);
        match record::read(&block, Ends::new(delimiter), from, |_, _| Ok::<(), Problem>(())) {
            Ok(read) => next = read.next,
            Err(_) => break,
        }
    }
    starts
}

/// The fields of a line that is surely a record of its own: its quotes open and close fields.
fn cells(line: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut rest = line;
    let mut cells = Vec::new();
    loop {
        let end = match rest.strip_prefix(b"\"") {
            None => rest.iter().position(|byte| *byte == delimiter).unwrap_or(rest.len()),
            Some(mut within) => loop {
                let quote = within.iter().position(|byte| *byte == b'"')?;
                within = &within[quote + 1..];
                match within.strip_prefix(b"\"") {
                    Some(more) => within = more,
                    None => break rest.len() - within.len(),
                }
            },
        };
        let (cell, after) = rest.split_at_checked(end)?;
        let is_quoted = cell.starts_with(b"\"");
        if !is_quoted && cell.contains(&b'"') {
            return None;
        }
        let text = String::from_utf8_lossy(cell);
        cells.push(text.trim_matches('"').trim().to_owned());
        match after.split_first() {
            None => return Some(cells),
            Some((byte, next)) if *byte == delimiter => rest = next,
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
#[path = "footer_tests.rs"]
mod tests;
