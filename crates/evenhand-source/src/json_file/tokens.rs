//! This module takes JSON (RFC 8259) apart, a token at a time, in bounded memory.
//!
//! Written out because the text of a number matters here (`00501` is an error, `12345678901234567890123` an id), and
//! so do the line in which something stands and the words `NaN` and `Infinity`, which Python writes and JSON lacks.

mod number;
mod string;

use std::io::{ErrorKind, Read as _};
use std::path::PathBuf;

use evenhand_measure::Problem;

use self::number::{canonical, is_number};
use crate::input::{File, Input, unreadable};

/// A text, number or list of more bytes is no value of a table.
pub(super) const LONGEST: usize = 16 << 20;

/// So deep may lists and objects lie in each other; records are a few levels deep.
const DEEPEST: usize = 128;

/// So many bytes are read at a time.
const READ: usize = 64 << 10;

/// What stands next. The text of keys, texts and numbers is in [`Tokens::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Object,
    ObjectEnd,
    List,
    ListEnd,
    Key,
    Text,
    Number,
    Bool(bool),
    Null,
    /// `NaN`.
    NotANumber,
    /// Nothing stands after the last document.
    End,
}

/// What the next byte may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// A document, or the end.
    Document,
    Value,
    /// A list has just begun: a value, or its end.
    ValueOrEnd,
    Key,
    /// An object has just begun: a key, or its end.
    KeyOrEnd,
    /// A comma, or the end of a list or an object.
    Comma,
}

/// The tokens of one or more JSON documents, one after the other.
pub(super) struct Tokens {
    name: String,
    path: PathBuf,
    source: File,
    buffer: Vec<u8>,
    at: usize,
    /// How many bytes came before the buffer.
    before: u64,
    line: u64,
    /// Where the line starts.
    line_start: u64,
    /// Whether each that is open is an object.
    open: Vec<bool>,
    expected: Expected,
    bytes: Vec<u8>,
    text: String,
}

impl Tokens {
    /// The tokens in `source`, which is what `input` holds.
    pub(super) fn new(input: &Input, source: File) -> Self {
        Self {
            name: input.shown(),
            path: input.path().to_owned(),
            source,
            buffer: Vec::new(),
            at: 0,
            before: 0,
            line: 1,
            line_start: 0,
            open: Vec::new(),
            expected: Expected::Document,
            bytes: Vec::new(),
            text: String::new(),
        }
    }

    /// The text of the key, text or number that was read last. Whole numbers have their digits, others those in which
    /// they are written everywhere here.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The number of the line that is being read, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// How many lists and objects are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Reads the next token.
    pub(super) fn next(&mut self) -> Result<Token, Problem> {
        loop {
            let byte = self.solid()?;
            let Some(byte) = byte else {
                return if self.expected == Expected::Document {
                    Ok(Token::End)
                } else {
                    Err(self.cut_short())
                };
            };
            match (self.expected, byte) {
                (Expected::KeyOrEnd | Expected::Comma, b'}') if self.open.last() == Some(&true) => {
                    return Ok(self.close(Token::ObjectEnd));
                }
                (Expected::ValueOrEnd | Expected::Comma, b']') if self.open.last() == Some(&false) => {
                    return Ok(self.close(Token::ListEnd));
                }
                (Expected::Comma, b',') => {
                    self.at += 1;
                    let is_object = self.open.last() == Some(&true);
                    self.expected = if is_object { Expected::Key } else { Expected::Value };
                }
                (Expected::Comma, _) => return Err(self.broken("no comma between two values")),
                (Expected::Key | Expected::KeyOrEnd, b'"') => {
                    self.string()?;
                    if self.solid()? != Some(b':') {
                        return Err(self.broken("no colon after a name"));
                    }
                    self.at += 1;
                    self.expected = Expected::Value;
                    return Ok(Token::Key);
                }
                (Expected::Key | Expected::KeyOrEnd, _) => {
                    return Err(self.broken("something else where a name in double quotes should be"));
                }
                _ => return self.value(byte),
            }
        }
    }

    /// Skips the value that starts with `token`, which was read.
    pub(super) fn skip(&mut self, token: Token) -> Result<(), Problem> {
        if matches!(token, Token::Object | Token::List) {
            let depth = self.depth();
            while self.depth() >= depth {
                self.next()?;
            }
        }
        Ok(())
    }

    /// The problem of JSON that does not keep to the rules, here.
    pub(super) fn broken(&self, found: &str) -> Problem {
        Problem::data(
            format!("{}: this is not JSON: {found}", self.place()),
            "export the data again; if a program wrote this, tell its makers",
        )
    }

    /// Where it stands, for messages.
    pub(super) fn place(&self) -> String {
        let column = (self.before + self.at as u64).saturating_sub(self.line_start) + 1;
        format!("{}, line {}, byte {column}", self.name, self.line)
    }

    fn cut_short(&self) -> Problem {
        Problem::data(
            format!("{}: the JSON ends in the middle", self.place()),
            "the file is cut short: copy or export it again",
        )
    }

    fn value(&mut self, byte: u8) -> Result<Token, Problem> {
        let token = match byte {
            b'{' | b'[' => {
                if self.open.len() >= DEEPEST {
                    return Err(Problem::data(
                        format!(
                            "{}: lists or objects lie more than {DEEPEST} deep in each other",
                            self.place()
                        ),
                        "export the data as a list of records",
                    ));
                }
                self.at += 1;
                let is_object = byte == b'{';
                self.open.push(is_object);
                self.expected = if is_object {
                    Expected::KeyOrEnd
                } else {
                    Expected::ValueOrEnd
                };
                return Ok(if is_object { Token::Object } else { Token::List });
            }
            b'"' => {
                self.string()?;
                Token::Text
            }
            b'-' | b'0'..=b'9' => self.number()?,
            b'a'..=b'z' | b'A'..=b'Z' => self.word()?,
            _ => return Err(self.broken("something else where a value should be")),
        };
        self.after_value();
        Ok(token)
    }

    fn close(&mut self, token: Token) -> Token {
        self.at += 1;
        self.open.pop();
        self.after_value();
        token
    }

    fn after_value(&mut self) {
        self.expected = if self.open.is_empty() {
            Expected::Document
        } else {
            Expected::Comma
        };
    }

    /// The next byte that is no white space, which is not consumed.
    fn solid(&mut self) -> Result<Option<u8>, Problem> {
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.line += 1;
                    self.line_start = self.before + self.at as u64;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                // The mark with which some programs start UTF-8 files.
                0xef if self.before == 0 && self.buffer.starts_with(b"\xef\xbb\xbf") && self.at == 0 => self.at = 3,
                byte => return Ok(Some(byte)),
            }
        }
        Ok(None)
    }

    fn peek(&mut self) -> Result<Option<u8>, Problem> {
        if self.at == self.buffer.len() {
            self.refill()?;
        }
        Ok(self.buffer.get(self.at).copied())
    }

    fn refill(&mut self) -> Result<(), Problem> {
        self.before += self.buffer.len() as u64;
        self.at = 0;
        self.buffer.resize(READ, 0);
        loop {
            match self.source.read(&mut self.buffer) {
                Ok(read) => {
                    self.buffer.truncate(read);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.clear();
                    return Err(unreadable(&self.path, &error));
                }
            }
        }
    }

    fn number(&mut self) -> Result<Token, Problem> {
        self.run(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'))?;
        if self.text == "-" && self.peek()? == Some(b'I') {
            self.word()?;
            self.text = "-inf".to_owned();
            return Ok(Token::Number);
        }
        if !is_number(&self.text) {
            return Err(self.broken("a number that is not written as one"));
        }
        if let Some(written) = canonical(&self.text) {
            self.text = written;
        }
        Ok(Token::Number)
    }

    fn word(&mut self) -> Result<Token, Problem> {
        self.run(|byte| byte.is_ascii_alphanumeric() || byte == b'_')?;
        match self.text.as_str() {
            "true" => Ok(Token::Bool(true)),
            "false" => Ok(Token::Bool(false)),
            "null" => Ok(Token::Null),
            "NaN" => Ok(Token::NotANumber),
            // As every number is written here. Whoever needs a number refuses it.
            "Infinity" => {
                self.text = "inf".to_owned();
                Ok(Token::Number)
            }
            _ => Err(self.broken("a word that is none of true, false and null")),
        }
    }

    /// Reads the bytes from here on that `belongs` takes, which are ASCII.
    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> Result<(), Problem> {
        self.text.clear();
        while let Some(byte) = self.peek()?.filter(|byte| belongs(*byte)) {
            self.text.push(char::from(byte));
            self.at += 1;
            if self.text.len() > LONGEST {
                return Err(self.too_long());
            }
        }
        Ok(())
    }

    pub(super) fn too_long(&self) -> Problem {
        Problem::data(
            format!("{}: a value is longer than 16 MB", self.place()),
            "leave such values out of the export; no table needs them",
        )
    }
}
