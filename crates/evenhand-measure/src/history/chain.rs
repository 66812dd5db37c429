//! This module reads the lines of a history, checks that none was changed or taken out, and adds one.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::evidence::Unused;
use super::line::{Given, Line, VERSION};
use crate::problem::Problem;

/// What the first line holds in place of the hash of a line before it.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A history whose chain is whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    lines: Vec<Line>,
    text: String,
}

impl History {
    /// Reads a history; an empty file is one without lines.
    ///
    /// # Errors
    /// When a line is none of a history, is newer than this program, or does not follow from the line before it. Says
    /// which.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let text = std::str::from_utf8(bytes).map_err(|_| foreign("it is not text"))?;
        let mut lines = Vec::new();
        let mut previous = FIRST.to_owned();
        for (at, written) in text.lines().enumerate() {
            let line = line(written, at + 1)?;
            if line.previous != previous {
                return Err(broken(at + 1, text.lines().count()));
            }
            previous = hash(written);
            lines.push(line);
        }
        Ok(Self {
            lines,
            text: text.to_owned(),
        })
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The line with its place in the chain, and with why its rows are no new evidence, where they are not.
    #[must_use]
    pub fn continued(&self, line: Line, given: &Given) -> Line {
        let last = self.text.lines().next_back();
        Line {
            unused: self.unused(&line, given).map(|unused| unused.word().to_owned()),
            previous: last.map_or_else(|| FIRST.to_owned(), hash),
            ..line
        }
    }

    /// The history with one more line.
    ///
    /// # Errors
    /// When the line cannot be written, which memory alone can cause.
    pub fn and(mut self, line: Line, given: &Given) -> Result<Self, serde_json::Error> {
        let line = self.continued(line, given);
        let written = line.to_json()?;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(&written);
        self.text.push('\n');
        self.lines.push(line);
        Ok(self)
    }

    /// Why the rows of the line add no evidence. It depends on what was counted, never on how it was decided: else
    /// leaving out would be a choice between outcomes. (Two tallies of new rows that are the same to the last count are
    /// the exception, and chance makes those of a handful of rows only.)
    fn unused(&self, line: &Line, given: &Given) -> Option<Unused> {
        if self.lines.iter().any(|other| other.tally_hash == line.tally_hash) {
            return Some(Unused::SameTally);
        }
        let has_same = |other: &Line| !line.groups.is_empty() && other.groups == line.groups;
        (!given.new_rows && self.lines.iter().any(has_same)).then_some(Unused::SameRows)
    }

    /// The whole file with one more line, whose text this is.
    #[must_use]
    pub fn with(&self, line: &str) -> String {
        let mut text = self.text.clone();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
        text
    }
}

fn line(written: &str, number: usize) -> Result<Line, Problem> {
    let value: Value = serde_json::from_str(written).map_err(|_| no_line(number, written))?;
    match value.get("version").and_then(Value::as_u64) {
        None => return Err(no_line(number, written)),
        Some(VERSION) => {}
        Some(version) => {
            return Err(Problem::data(
                format!("line {number} has version {version}, and this program reads version {VERSION}"),
                "use the version of evenhand that wrote it, or a newer one",
            ));
        }
    }
    let line: Line = serde_json::from_value(value).map_err(|_| no_line(number, written))?;
    let is_sound = line.comparisons.iter().all(|pair| {
        let sides = pair.counts.iter().flatten();
        sides
            .into_iter()
            .all(|side| side.denominator > 0.0 && (0.0..=side.denominator).contains(&side.numerator))
    });
    if is_sound {
        Ok(line)
    } else {
        Err(no_line(number, written))
    }
}

fn foreign(why: &str) -> Problem {
    Problem::data(
        format!("this is not a history: {why}"),
        "name the file that `evenhand history add --to` writes, or another one to begin a new history",
    )
}

fn no_line(number: usize, written: &str) -> Problem {
    // What a merge of two branches leaves behind.
    if ["<<<<<<<", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| written.starts_with(mark))
    {
        return Problem::data(
            format!("line {number} is a mark of a merge that was not finished"),
            "keep the lines of one side, and add the runs of the other again",
        );
    }
    foreign(&format!("line {number} is no line of one"))
}

fn broken(number: usize, of: usize) -> Problem {
    let found = match number {
        1 => "line 1 is not the beginning: it follows a line that is not there".to_owned(),
        _ => format!(
            "line {number} of {of} does not follow from line {}: one of them was changed, or a line between them was added or taken out",
            number - 1
        ),
    };
    Problem::data(
        format!("the chain of this history is broken: {found}"),
        "take the file back from version control; a history that was edited says nothing, so begin a new one otherwise",
    )
}

/// SHA-256 of a line without its end, so that another way to end lines changes nothing.
fn hash(line: &str) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(line.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
