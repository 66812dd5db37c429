//! This module finds out where in a JSON document the records are.

use evenhand_measure::policy::Data;
use evenhand_measure::{Problem, listed, thousands};

use super::flat::MOST_COLUMNS;
use super::text::Text;
use super::tokens::{Token, Tokens};

/// Where the records are.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// One document per record.
    Lines { is_one: bool },
    /// The entries of a list, or the values of an object, at a path; the path is empty for the document itself.
    Entries {
        path: String,
        /// The names of the columns, where the records are lists and the names stand beside them.
        header: Option<Vec<String>>,
        /// What else the document has, by name.
        beside: Vec<String>,
    },
    /// The document's values are columns.
    Columns,
}

/// A list in a document, by its path.
#[derive(Debug)]
struct Found {
    path: String,
    entries: u64,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Objects,
    /// Lists; whether the first has nothing but texts.
    Lists(bool),
    /// Neither. The texts, where they may be the names of columns.
    Plain(Vec<String>),
}

/// A document with more lists than this is no table.
const MOST_LISTS: usize = 1_000;

/// So many names are kept of what stands beside the records.
const MOST_BESIDE: usize = 20;

/// A document that is an object.
#[derive(Debug, Default)]
struct Document {
    lists: Vec<Found>,
    names: Vec<String>,
    /// How many values it has, and how many of them are lists and objects.
    values: u64,
    objects: u64,
    top_lists: u64,
    /// Whether its names are "0", "1", ….
    is_numbered: bool,
    /// The names in each of its objects, as long as they are the same.
    inner: Inner,
}

/// What the objects in a document have in common.
#[derive(Debug, Default, PartialEq)]
enum Inner {
    #[default]
    None,
    /// The same names in the same order; whether these are "0", "1", ….
    Same {
        hash: u64,
        is_numbered: bool,
    },
    Different,
}

/// Looks at the text to its end where that is needed, and otherwise at its start.
pub(super) fn look(text: &Text, data: &Data) -> Result<Shape, Problem> {
    let mut tokens = text.tokens()?;
    let name = text.input.shown();
    match tokens.next()? {
        Token::List if data.records.is_none() => Ok(Shape::Entries {
            path: String::new(),
            header: None,
            beside: Vec::new(),
        }),
        Token::Object => {
            let document = document(&mut tokens)?;
            let lines = tokens.line();
            if tokens.next()? == Token::End {
                document.shape(&name, lines, data)
            } else if data.records.is_none() {
                Ok(Shape::Lines { is_one: false })
            } else {
                Err(needless(&name, "one document per record"))
            }
        }
        Token::List => Err(needless(&name, "itself the list of records")),
        Token::End => Err(Problem::data(format!("{name} is empty"), "export the data again")),
        _ => Err(tokens.broken("a single value where records should be")),
    }
}

fn needless(name: &str, what: &str) -> Problem {
    Problem::usage(
        format!("{name} is {what}, so there is nowhere to look for a list"),
        "leave `--records` out",
    )
}

/// Looks through the object of which the start was read.
fn document(tokens: &mut Tokens) -> Result<Document, Problem> {
    let mut document = Document {
        is_numbered: true,
        ..Document::default()
    };
    let mut path = String::new();
    let mut starts = Vec::new();
    let mut names = Names::default();
    loop {
        if tokens.next()? == Token::ObjectEnd {
            let Some(start) = starts.pop() else { return Ok(document) };
            path.truncate(start);
            if starts.is_empty() {
                document.inner = document.inner.with(&names);
            }
            continue;
        }
        let start = path.len();
        if !starts.is_empty() {
            path.push('.');
        }
        path.push_str(tokens.text());
        match starts.len() {
            0 => {
                document.is_numbered &= tokens.text() == document.values.to_string();
                document.values += 1;
                if document.names.len() < MOST_BESIDE {
                    document.names.push(tokens.text().to_owned());
                }
            }
            1 => names.add(tokens.text()),
            _ => {}
        }
        let token = tokens.next()?;
        if token == Token::Object {
            if starts.is_empty() {
                document.objects += 1;
                names = Names::default();
            }
            starts.push(start);
            continue;
        }
        if token == Token::List {
            document.top_lists += u64::from(starts.is_empty());
            let is_header = tokens.text() == "columns";
            let found = list(tokens, path.clone(), is_header)?;
            if document.lists.len() >= MOST_LISTS {
                return Err(Problem::data(
                    format!("{}: the document has more than {MOST_LISTS} lists", tokens.place()),
                    "export the data as one list of records, or as one record per line",
                ));
            }
            document.lists.push(found);
        } else {
            tokens.skip(token)?;
        }
        path.truncate(start);
    }
}

/// Looks through the list of which the start was read.
fn list(tokens: &mut Tokens, path: String, is_header: bool) -> Result<Found, Problem> {
    let mut found = Found {
        path,
        entries: 0,
        kind: Kind::Plain(Vec::new()),
    };
    loop {
        let token = tokens.next()?;
        if token == Token::ListEnd {
            return Ok(found);
        }
        found.entries += 1;
        match (&mut found.kind, token) {
            (kind @ Kind::Plain(_), Token::Object) if found.entries == 1 => *kind = Kind::Objects,
            (kind @ Kind::Plain(_), Token::List) if found.entries == 1 => {
                *kind = Kind::Lists(are_texts(tokens)?);
                continue;
            }
            (Kind::Plain(texts), Token::Text) if is_header && texts.len() < MOST_COLUMNS => {
                texts.push(tokens.text().to_owned());
            }
            _ => {}
        }
        tokens.skip(token)?;
    }
}

/// Whether the list of which the start was read has texts, and nothing else.
fn are_texts(tokens: &mut Tokens) -> Result<bool, Problem> {
    let mut texts = 0;
    loop {
        match tokens.next()? {
            Token::ListEnd => return Ok(texts > 0),
            Token::Text => texts += 1,
            token => {
                tokens.skip(token)?;
                let depth = tokens.depth();
                while tokens.depth() >= depth {
                    tokens.next()?;
                }
                return Ok(false);
            }
        }
    }
}

impl Document {
    /// Where the records are, if there is one answer.
    fn shape(&self, name: &str, lines: u64, data: &Data) -> Result<Shape, Problem> {
        if let Some(path) = &data.records {
            return self.at(name, path);
        }
        let lengths = || self.lists.iter().map(|found| found.entries);
        let are_even = lengths().min() == lengths().max() && lengths().min() > Some(0);
        let is_plain = |found: &Found| matches!(found.kind, Kind::Plain(_));
        // A single record may have lists as well, and whoever wants them taken apart says that it is one.
        let is_split = self.lists.iter().any(|found| self.header(found).is_some());
        let are_columns = self.top_lists == self.values && are_even && self.lists.iter().any(is_plain) && !is_split;
        if are_columns && data.explode.is_empty() {
            return Ok(Shape::Columns);
        }
        if self.objects == self.values && self.values > 0 {
            match self.inner {
                Inner::Same { is_numbered: true, .. } if !self.is_numbered => return Ok(Shape::Columns),
                Inner::Same { is_numbered: false, .. } if self.is_numbered => return self.entries("", None),
                // Two objects may well have the same parts, as in `{"user": {"id": 1}, "item": {"id": 2}}`.
                Inner::Same { .. } if self.values > 2 => {
                    return Err(Problem::data(
                        format!("{name} is an object of objects with the same names, which may be rows or columns"),
                        "write it as a list of records, as pandas does with `to_json(orient=\"records\")`",
                    ));
                }
                _ => {}
            }
        }
        let candidates: Vec<&Found> = self.lists.iter().filter(|found| self.is_candidate(found)).collect();
        match candidates.as_slice() {
            [] if lines > 1 => Err(Problem::data(
                format!("{name} is one JSON object over several lines, and has no list of records"),
                "export a list of records, or one record per line",
            )),
            [] => Ok(Shape::Lines { is_one: true }),
            [only] => self.entries(&only.path, self.header(only)),
            several => Err(Problem::data(
                format!(
                    "{name} has {} lists that may be the records: {}",
                    several.len(),
                    entries(several)
                ),
                format!("say which: {}", flags(several)),
            )),
        }
    }

    /// The list at `path`.
    fn at(&self, name: &str, path: &str) -> Result<Shape, Problem> {
        let mut there = self.lists.iter().filter(|found| found.path == path);
        let candidates: Vec<&Found> = self.lists.iter().filter(|found| self.is_candidate(found)).collect();
        let help = match candidates.as_slice() {
            [] => "it has no list of records".to_owned(),
            candidates => format!("it has {}", flags(candidates)),
        };
        match (there.next(), there.next()) {
            (Some(found), None) if !matches!(found.kind, Kind::Plain(_)) => self.entries(path, self.header(found)),
            (Some(_), None) => Err(Problem::usage(
                format!("{name}: the list `{path}` has no records in it"),
                help,
            )),
            (None, _) => Err(Problem::usage(format!("{name} has no list at `{path}`"), help)),
            _ => Err(Problem::data(
                format!("{name} has two lists at `{path}`"),
                "export the data again with each name once in an object",
            )),
        }
    }

    fn entries(&self, path: &str, header: Option<Vec<String>>) -> Result<Shape, Problem> {
        let top = path.split('.').next().unwrap_or_default();
        let is_beside = |name: &&String| !path.is_empty() && name.as_str() != top && name.as_str() != path;
        // What a data frame split into parts has besides.
        let is_part = |name: &&String| header.is_some() && matches!(name.as_str(), "columns" | "index");
        let beside = self.names.iter().filter(|name| is_beside(name) && !is_part(name));
        Ok(Shape::Entries {
            path: path.to_owned(),
            beside: beside.cloned().collect(),
            header,
        })
    }

    fn is_candidate(&self, found: &Found) -> bool {
        match found.kind {
            Kind::Objects => true,
            Kind::Lists(are_texts) => are_texts || self.header(found).is_some(),
            Kind::Plain(_) => false,
        }
    }

    /// The names of the columns of lists, where they stand in `columns` beside them.
    fn header(&self, found: &Found) -> Option<Vec<String>> {
        if !matches!(found.kind, Kind::Lists(_)) {
            return None;
        }
        let beside = match found.path.rsplit_once('.') {
            Some((folder, _)) => format!("{folder}.columns"),
            None => "columns".to_owned(),
        };
        let mut there = self.lists.iter().filter(|other| other.path == beside);
        match there.next().map(|other| (&other.kind, other.entries)) {
            Some((Kind::Plain(texts), entries)) if entries > 0 && texts.len() as u64 == entries => Some(texts.clone()),
            _ => None,
        }
    }
}

fn entries(found: &[&Found]) -> String {
    let shown = |found: &&Found| format!("`{}` ({} entries)", short(&found.path), thousands(found.entries));
    let shown: Vec<String> = found.iter().take(5).map(shown).collect();
    shown.join(", ")
}

fn flags(found: &[&Found]) -> String {
    let flags: Vec<String> = found
        .iter()
        .map(|found| format!("--records {}", short(&found.path)))
        .collect();
    listed(&flags, 5)
}

fn short(path: &str) -> String {
    path.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The names in an object, without keeping them.
#[derive(Debug, Default)]
struct Names {
    count: u64,
    hash: u64,
    is_other: bool,
}

impl Names {
    fn add(&mut self, name: &str) {
        self.is_other |= name != self.count.to_string();
        self.count += 1;
        // A fixed hash: whoever makes two sets of names collide gets them read as what they look like.
        for byte in name.bytes().chain([0xff]) {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl Inner {
    fn with(&self, names: &Names) -> Self {
        let is_numbered = names.count > 0 && !names.is_other;
        match self {
            Self::None if names.count > 0 => Self::Same {
                hash: names.hash,
                is_numbered,
            },
            Self::Same { hash, .. } if *hash == names.hash => Self::Same {
                hash: *hash,
                is_numbered,
            },
            _ => Self::Different,
        }
    }
}
