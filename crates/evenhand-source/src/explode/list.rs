//! This module reads the entries of a list that is written in a cell.

use serde_json::Value;

use super::{MOST_ENTRIES, Unlisted};

/// The entries of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entries {
    /// Their texts; nothing is a missing one.
    pub(super) texts: Vec<Option<String>>,
    /// Whether one is a number with a point that is not written as a text, as where commas stand between entries.
    pub(super) has_point: bool,
}

impl Entries {
    fn add(&mut self, entry: Entry) {
        self.has_point |= entry.is_bare && entry.text.as_deref().is_some_and(is_with_point);
        self.texts.push(entry.text);
    }
}

/// An entry of a list.
struct Entry {
    text: Option<String>,
    /// Whether it is written without quotes.
    is_bare: bool,
}

fn is_with_point(text: &str) -> bool {
    text.contains('.') && text.parse::<f64>().is_ok()
}

/// Whether there is a list in a cell at all.
pub(super) fn is_list(cell: Option<&str>) -> bool {
    // As programs write a list that is missing.
    cell.is_some_and(|cell| !matches!(cell.trim(), "" | "null" | "None" | "NULL" | "nan" | "NaN"))
}

/// The entries of a list in the brackets of JSON or of Python: `["a", 0.9]`, `['a', None]`.
pub(super) fn bracketed(cell: &str) -> Result<Entries, Unlisted> {
    within(cell, ('[', ']'), |rest| match rest.chars().next() {
        Some('"' | '\'') => quoted(rest),
        Some('[') => Err(Unlisted::Nested(Vec::new())),
        Some('{') => Err(Unlisted::Nested(fields(cell))),
        _ => wrapped(rest).unwrap_or_else(|| bare(rest, &[',', ']'])),
    })
}

/// The entries of a list in braces, as PostgreSQL writes it: `{a,"b c",NULL}`.
pub(super) fn braced(cell: &str) -> Result<Entries, Unlisted> {
    within(cell, ('{', '}'), |rest| match rest.chars().next() {
        Some('"') => quoted(rest),
        Some('{') => Err(Unlisted::Nested(Vec::new())),
        _ => bare(rest, &[',', '}']),
    })
}

/// The entries of a list with something between them.
pub(super) fn parted(cell: &str, separator: &str) -> Result<Entries, Unlisted> {
    let entry = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    // Several spaces separate as one does.
    let texts: Vec<Option<String>> = if separator.trim().is_empty() && separator.contains(' ') {
        cell.split_whitespace().take(MOST_ENTRIES + 1).map(entry).collect()
    } else {
        cell.split(separator).take(MOST_ENTRIES + 1).map(entry).collect()
    };
    within_limit(Entries {
        texts,
        has_point: false,
    })
}

/// This field of the objects in a list.
pub(super) fn objects(cell: &str, field: &str) -> Result<Entries, Unlisted> {
    let no_list = Unlisted::Expected("a list of objects, such as [{\"id\": 1}]");
    let Ok(Value::Array(entries)) = serde_json::from_str(cell) else {
        return Err(no_list);
    };
    let pointer = format!("/{}", field.replace('~', "~0").replace('/', "~1").replace('.', "/"));
    let quoted = |text: Option<String>| Entry { text, is_bare: false };
    let read = |entry: Value| match entry {
        Value::Null => Ok(quoted(None)),
        Value::Object(object) => {
            let whole = object.get(field).cloned();
            let found = whole.or_else(|| Value::Object(object).pointer(&pointer).cloned());
            match found {
                None | Some(Value::Null) => Ok(quoted(None)),
                Some(Value::String(text)) => Ok(quoted(Some(text).filter(|text| !text.trim().is_empty()))),
                Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(Entry {
                    text: Some(value.to_string()),
                    is_bare: true,
                }),
                Some(Value::Array(_) | Value::Object(_)) => Err(Unlisted::Nested(Vec::new())),
            }
        }
        _ => Err(Unlisted::NoField(field.to_owned())),
    };
    let mut all = Entries::default();
    for entry in entries {
        all.add(read(entry)?);
    }
    within_limit(all)
}

fn within_limit(entries: Entries) -> Result<Entries, Unlisted> {
    if entries.texts.len() > MOST_ENTRIES {
        return Err(Unlisted::TooLong);
    }
    Ok(entries)
}

/// The names of the fields of a list's first object.
fn fields(cell: &str) -> Vec<String> {
    match serde_json::from_str(cell) {
        Ok(Value::Array(entries)) => match entries.into_iter().next() {
            Some(Value::Object(object)) => object.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Whether entries belong together by their positions; empty ones at the end may be written or not.
pub(super) fn are_in_step(one: &[Option<String>], other: &[Option<String>]) -> bool {
    one.len() == other.len() || filled(one) == filled(other)
}

/// How many entries there are up to the last that is not missing.
pub(super) fn filled(entries: &[Option<String>]) -> usize {
    entries.iter().rposition(Option::is_some).map_or(0, |last| last + 1)
}

/// An entry and what follows it.
type Cut<'a> = (Entry, &'a str);

/// The entries between these marks, with commas between them, each as `entry` reads it.
fn within<'a>(
    cell: &'a str,
    (open, close): (char, char),
    entry: impl Fn(&'a str) -> Result<Cut<'a>, Unlisted>,
) -> Result<Entries, Unlisted> {
    let inside = cell.trim().strip_prefix(open);
    let mut rest = inside.ok_or(Unlisted::Expected("an opening bracket"))?.trim_start();
    let mut entries = Entries::default();
    if let Some(behind) = rest.strip_prefix(close) {
        return end(behind, entries);
    }
    loop {
        if entries.texts.len() == MOST_ENTRIES {
            return Err(Unlisted::TooLong);
        }
        let (next, behind) = entry(rest)?;
        entries.add(next);
        rest = behind.trim_start();
        if let Some(behind) = rest.strip_prefix(close) {
            return end(behind, entries);
        }
        rest = match rest.strip_prefix(',') {
            Some(behind) => behind.trim_start(),
            None if rest.is_empty() => return Err(Unlisted::Expected("a closing bracket")),
            None => return Err(Unlisted::Expected("a comma between entries")),
        };
    }
}

fn end(behind: &str, entries: Entries) -> Result<Entries, Unlisted> {
    if behind.trim().is_empty() {
        Ok(entries)
    } else {
        Err(Unlisted::Expected("nothing behind the closing bracket"))
    }
}

/// A text in quotes of either kind.
fn quoted(text: &str) -> Result<Cut<'_>, Unlisted> {
    const UNCLOSED: Unlisted = Unlisted::Expected("a closing quote");
    const HALF: Unlisted = Unlisted::Expected("the second half of a letter");
    let mut letters = text.char_indices();
    let (_, quote) = letters.next().ok_or(UNCLOSED)?;
    let mut value = String::new();
    // The first half of a letter that JSON writes in two.
    let mut half: Option<u32> = None;
    while let Some((at, letter)) = letters.next() {
        if half.is_some() && letter != '\\' {
            return Err(HALF);
        }
        if letter == quote {
            let entry = Entry {
                text: Some(value).filter(|value| !value.trim().is_empty()),
                is_bare: false,
            };
            return Ok((entry, &text[at + 1..]));
        }
        if letter != '\\' {
            value.push(letter);
            continue;
        }
        let (at, escaped) = letters.next().ok_or(UNCLOSED)?;
        let digits = match escaped {
            _ if half.is_some() && escaped != 'u' => return Err(HALF),
            'u' => 4,
            'x' => 2,
            'U' => 8,
            _ => 0,
        };
        match escaped {
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            'b' => value.push('\u{8}'),
            'f' => value.push('\u{c}'),
            '"' | '\'' | '\\' | '/' => value.push(escaped),
            _ if digits > 0 => {
                let code = text.get(at + 1..at + 1 + digits);
                let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
                let code = code.ok_or(Unlisted::Expected("digits of a letter's number"))?;
                let whole = match (half.take(), code) {
                    (Some(high), 0xdc00..=0xdfff) => 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00),
                    (None, code) => code,
                    (Some(_), _) => return Err(HALF),
                };
                match char::from_u32(whole) {
                    Some(letter) => value.push(letter),
                    None if (0xd800..0xdc00).contains(&whole) => half = Some(whole),
                    None => return Err(Unlisted::Expected("the number of a letter")),
                }
                letters.nth(digits - 1);
            }
            // As Python keeps what it does not know.
            other => value.extend(['\\', other]),
        }
    }
    Err(UNCLOSED)
}

/// A value as newer versions of NumPy show it in lists: `np.float64(0.9)`, `np.str_('a')`.
fn wrapped(text: &str) -> Option<Result<Cut<'_>, Unlisted>> {
    let (before, inside) = text.split_once('(')?;
    let is_known = before == "Decimal" || before.strip_prefix("np.").is_some_and(|kind| kind.len() < 12);
    if !is_known || before.contains([',', ' ']) {
        return None;
    }
    let read = if inside.starts_with(['"', '\'']) {
        quoted(inside)
    } else {
        bare(inside, &[',', ')'])
    };
    Some(read.and_then(|(value, rest)| {
        let rest = rest.strip_prefix(')');
        Ok((value, rest.ok_or(Unlisted::Expected("a closing parenthesis"))?))
    }))
}

/// A number, or a word without spaces: with them, nobody can tell whether a comma is part of it.
fn bare<'a>(text: &'a str, ends: &[char]) -> Result<Cut<'a>, Unlisted> {
    let end = text.find(ends).ok_or(Unlisted::Expected("a closing bracket"))?;
    let (word, rest) = text.split_at(end);
    let word = word.trim_end();
    if word.contains(|c: char| c.is_whitespace() || "'\"()[]{}".contains(c)) {
        return Err(Unlisted::Expected("commas between entries, and texts in quotes"));
    }
    if word.is_empty() {
        return Err(Unlisted::Expected("an entry between commas"));
    }
    let is_missing = matches!(word, "null" | "None" | "NULL" | "NaN" | "nan");
    let entry = Entry {
        text: (!is_missing).then(|| word.to_owned()),
        is_bare: true,
    };
    Ok((entry, rest))
}
