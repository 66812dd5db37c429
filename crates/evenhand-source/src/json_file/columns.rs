//! This module reads documents whose values are columns, as pandas writes them: `{"sex": ["f", "m"], …}`, or with a
//! number for each value, `{"sex": {"0": "f", "1": "m"}, …}`.

use std::collections::HashSet;

use evenhand_measure::audit::model::Note;
use evenhand_measure::{Problem, thousands};

use super::flat::{MOST_COLUMNS, Paths};
use super::not_numbers;
use super::text::Text;
use super::tokens::Token;
use crate::records::{Points, Record, Records};

/// The columns stand one after the other, so all of them are in memory at once.
const MOST_BYTES: usize = 256 << 20;

/// What a value takes besides its text.
const CELL: usize = 24;

/// A table by columns.
pub(super) struct Columns {
    names: Vec<String>,
    columns: Vec<std::vec::IntoIter<Option<Box<str>>>>,
    entry: u64,
    not_numbers: u64,
    points: Points,
}

/// The columns of the document in `text`.
pub(super) fn read(text: &Text) -> Result<Columns, Problem> {
    let mut tokens = text.tokens()?;
    let mut paths = Paths::default();
    let mut known = HashSet::new();
    let mut found = Columns {
        names: Vec::new(),
        columns: Vec::new(),
        entry: 0,
        not_numbers: 0,
        points: Points::default(),
    };
    let mut bytes = 0;
    tokens.next()?;
    while tokens.next()? == Token::Key {
        let name = tokens.text().to_owned();
        bytes += name.len();
        if !known.insert(name.clone()) {
            return Err(Problem::data(
                format!(
                    "{}: the column {} is there twice",
                    tokens.place(),
                    crate::kernel::shown(&name)
                ),
                "export the data again with each name once",
            ));
        }
        if known.len() > MOST_COLUMNS {
            return Err(Problem::data(
                format!(
                    "{}: there are more than {} columns",
                    tokens.place(),
                    thousands(MOST_COLUMNS as u64)
                ),
                "was the table exported sideways?",
            ));
        }
        tokens.next()?;
        let mut column = Vec::new();
        loop {
            let mut token = tokens.next()?;
            match token {
                Token::ListEnd | Token::ObjectEnd => break,
                Token::Key => token = tokens.next()?,
                _ => {}
            }
            let value = paths.value(&mut tokens, token, Some(found.columns.len()))?;
            bytes += CELL + value.as_ref().map_or(0, String::len);
            if bytes > MOST_BYTES {
                return Err(Problem::data(
                    format!(
                        "{} has its columns one after the other, and they have more than 256 MB",
                        text.input.shown()
                    ),
                    "write it as one record per line, as pandas does with `to_json(orient=\"records\", lines=True)`",
                ));
            }
            column.push(value.map(String::into_boxed_str));
        }
        if found.columns.first().is_some_and(|first| first.len() != column.len()) {
            return Err(Problem::data(
                format!("{}: the columns do not have the same number of values", tokens.place()),
                "export a list of records",
            ));
        }
        found.names.push(name);
        found.columns.push(column.into_iter());
    }
    found.not_numbers = paths.not_numbers;
    found.points = paths.points;
    Ok(found)
}

impl Records for Columns {
    fn columns(&self) -> &[String] {
        &self.names
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        record.clear();
        for column in &mut self.columns {
            let Some(value) = column.next() else { return Ok(None) };
            record.push(value.map(String::from));
        }
        self.entry += 1;
        Ok(Some(self.entry))
    }

    fn typed(&self) -> Vec<String> {
        self.points.among(&self.names)
    }

    fn notes(&mut self) -> Vec<Note> {
        not_numbers(self.not_numbers).into_iter().collect()
    }
}
