//! This module turns JSON objects into records: one column per path, such as `user.sex`.

use std::collections::HashMap;

use evenhand_measure::{Problem, thousands};

use super::tokens::{LONGEST, Token, Tokens};
use crate::records::Points;

/// More columns than this are data in the place of names. The same as for text.
pub(super) const MOST_COLUMNS: usize = 10_000;

/// So many bytes may the names of all columns have together.
const MOST_NAMES: usize = 16 << 20;

/// A record of more bytes is none of a table; so much is in memory at once, a few times over.
const LONGEST_RECORD: usize = 32 << 20;

/// What was seen at a path.
#[derive(Debug, Default)]
struct Node {
    path: String,
    /// In how many records it has a value or null.
    seen: u64,
    has_value: bool,
    has_parts: bool,
    /// The last record that has it.
    last: u64,
    /// The column, once it is known which paths are columns.
    column: Option<usize>,
}

/// The paths in the objects of a list, in the order in which they first appear.
#[derive(Debug, Default)]
pub(super) struct Paths {
    nodes: Vec<Node>,
    places: HashMap<String, usize>,
    bytes: usize,
    /// How many records were read.
    pub(super) records: u64,
    /// How many values were `NaN`.
    pub(super) not_numbers: u64,
    /// The columns of numbers with a point.
    pub(super) points: Points,
    is_settled: bool,
    /// The path that was met last: the next one is often the one after it.
    last: usize,
}

impl Paths {
    /// Decides which paths are columns: those that have a value somewhere, and those that are always null. From here on
    /// no new path may appear.
    pub(super) fn settle(&mut self) -> Vec<String> {
        let mut columns = Vec::new();
        for node in &mut self.nodes {
            if node.has_value || (node.seen > 0 && !node.has_parts) {
                node.column = Some(columns.len());
                columns.push(node.path.clone());
            }
            node.last = 0;
        }
        self.records = 0;
        self.not_numbers = 0;
        self.is_settled = true;
        columns
    }

    /// The columns that some of so many records lack, with how many.
    pub(super) fn absent(&self, records: u64) -> Vec<(&str, u64)> {
        let columns = self.nodes.iter().filter(|node| node.column.is_some());
        let absent = columns.map(|node| (node.path.as_str(), records - node.seen.min(records)));
        absent.filter(|(_, times)| *times > 0).collect()
    }

    /// Reads the rest of an object of which the start was read. Its values go into `record`, once columns are known.
    pub(super) fn object(&mut self, tokens: &mut Tokens, record: &mut [Option<String>]) -> Result<(), Problem> {
        self.records += 1;
        record.fill(None);
        let depth = tokens.depth();
        let mut path = String::new();
        let mut starts = Vec::new();
        let mut bytes = 0;
        loop {
            match tokens.next()? {
                Token::ObjectEnd if tokens.depth() < depth => return Ok(()),
                Token::ObjectEnd => path.truncate(starts.pop().unwrap_or_default()),
                _ => {
                    let start = path.len();
                    if !starts.is_empty() {
                        path.push('.');
                    }
                    path.push_str(tokens.text());
                    let place = self.place(&path, tokens)?;
                    let token = tokens.next()?;
                    if token == Token::Object {
                        starts.push(start);
                        if let Some(node) = self.nodes.get_mut(place) {
                            node.has_parts = true;
                        }
                        continue;
                    }
                    path.truncate(start);
                    let column = self.nodes.get(place).and_then(|node| node.column);
                    let value = self.value(tokens, token, column)?;
                    bytes += value.as_ref().map_or(0, String::len);
                    if bytes > LONGEST_RECORD {
                        return Err(tokens.too_long());
                    }
                    self.keep(place, value, record);
                }
            }
        }
    }

    /// The value that starts with `token`, of this column if that is known: lists as JSON.
    pub(super) fn value(
        &mut self,
        tokens: &mut Tokens,
        token: Token,
        column: Option<usize>,
    ) -> Result<Option<String>, Problem> {
        if let (Token::Number, Some(column)) = (token, column) {
            self.points.see(column, tokens.text());
        }
        Ok(match token {
            Token::Text | Token::Number => Some(tokens.text().to_owned()),
            Token::Bool(value) => Some(value.to_string()),
            Token::NotANumber => {
                self.not_numbers += 1;
                None
            }
            Token::List | Token::Object => Some(self.json(tokens, token)?),
            _ => None,
        })
    }

    /// The list or object that starts with `token` as compact JSON.
    fn json(&mut self, tokens: &mut Tokens, token: Token) -> Result<String, Problem> {
        let mut text = String::new();
        let depth = tokens.depth();
        let mut token = token;
        let mut is_first = true;
        let mut is_named = false;
        loop {
            let is_end = matches!(token, Token::ListEnd | Token::ObjectEnd);
            if !is_end && !is_first && !is_named {
                text.push(',');
            }
            match token {
                Token::List => text.push('['),
                Token::ListEnd => text.push(']'),
                Token::Object => text.push('{'),
                Token::ObjectEnd => text.push('}'),
                Token::Key => {
                    text.push_str(&quoted(tokens.text()));
                    text.push(':');
                }
                Token::Text => text.push_str(&quoted(tokens.text())),
                // What is not finite has no form in JSON.
                Token::Number if tokens.text().ends_with("inf") => text.push_str(&quoted(tokens.text())),
                Token::Number => text.push_str(tokens.text()),
                Token::Bool(value) => text.push_str(if value { "true" } else { "false" }),
                Token::NotANumber => {
                    self.not_numbers += 1;
                    text.push_str("null");
                }
                Token::Null | Token::End => text.push_str("null"),
            }
            if text.len() > LONGEST {
                return Err(tokens.too_long());
            }
            if tokens.depth() < depth {
                return Ok(text);
            }
            is_first = matches!(token, Token::List | Token::Object);
            is_named = token == Token::Key;
            token = tokens.next()?;
        }
    }

    fn keep(&mut self, place: usize, value: Option<String>, record: &mut [Option<String>]) {
        let Some(node) = self.nodes.get_mut(place) else { return };
        if self.is_settled {
            if let Some(cell) = node.column.and_then(|column| record.get_mut(column)) {
                *cell = value;
            }
        } else {
            node.seen += 1;
            node.has_value |= value.is_some();
        }
    }

    /// The number of the node at `path`, which the record has no second time.
    fn place(&mut self, path: &str, tokens: &Tokens) -> Result<usize, Problem> {
        let next = self.last + 1;
        let place = if self.nodes.get(next).is_some_and(|node| node.path == path) {
            next
        } else {
            match self.places.get(path) {
                Some(place) => *place,
                None => self.new_place(path, tokens)?,
            }
        };
        self.last = place;
        if let Some(node) = self.nodes.get_mut(place) {
            if node.last == self.records {
                return Err(Problem::data(
                    format!("{}: a record has {} twice", tokens.place(), crate::kernel::shown(path)),
                    "export the data again with each name once in a record",
                ));
            }
            node.last = self.records;
        }
        Ok(place)
    }

    fn new_place(&mut self, path: &str, tokens: &Tokens) -> Result<usize, Problem> {
        if self.is_settled {
            return Err(Problem::data(
                format!("{}: the file has changed while it was read", tokens.place()),
                "try again once nobody writes to it",
            ));
        }
        self.bytes += path.len();
        if self.nodes.len() >= MOST_COLUMNS || self.bytes > MOST_NAMES {
            return Err(Problem::data(
                format!(
                    "{}: the records have more than {} different names, or names of more than 16 MB",
                    tokens.place(),
                    thousands(MOST_COLUMNS as u64)
                ),
                "are ids used as names? Export a list of records in which every record has the same names",
            ));
        }
        let place = self.nodes.len();
        self.nodes.push(Node {
            path: path.to_owned(),
            ..Node::default()
        });
        self.places.insert(path.to_owned(), place);
        Ok(place)
    }
}

/// The text as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
