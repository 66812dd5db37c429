//! This module finds out how lists are written in cells, from the first records.

use std::fmt;

use evenhand_measure::policy::{Data, Decimal};
use evenhand_measure::{Problem, listed};

use super::list::{self, Entries, is_list};
use super::source::Source;
use super::{LOOKED_AT, Unlisted, counted};
use crate::kernel::shown;
use crate::records::Record;

/// How the lists of a column are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In brackets, as JSON and Python write them.
    Bracketed,
    /// In braces, as PostgreSQL writes them.
    Braced,
    /// With this between entries, in brackets or not.
    Parted { separator: String, in_brackets: bool },
    /// As objects with this field, in JSON.
    Objects(String),
}

impl Form {
    /// The entries of the list in `cell`.
    pub(super) fn entries(&self, cell: &str) -> Result<Entries, Unlisted> {
        let cell = cell.trim();
        match self {
            Self::Bracketed => list::bracketed(cell),
            Self::Braced => list::braced(cell),
            Self::Objects(field) => list::objects(cell, field),
            Self::Parted { in_brackets: false, .. } if cell.starts_with("[\"") || cell.starts_with("['") => {
                Err(Unlisted::Expected("a list written as the others are, without brackets"))
            }
            Self::Parted {
                separator,
                in_brackets: false,
            } => list::parted(cell, separator),
            Self::Parted {
                separator,
                in_brackets: true,
            } => {
                let inside = cell.strip_prefix('[').and_then(|cell| cell.strip_suffix(']'));
                let inside = inside.ok_or(Unlisted::Expected("brackets around the list, as before"))?;
                match inside.trim() {
                    "" => Ok(Entries::default()),
                    inside => list::parted(inside, separator),
                }
            }
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bracketed => f.write_str("in brackets"),
            Self::Braced => f.write_str("in braces"),
            Self::Parted { separator, .. } => write!(f, "with `{separator}` between entries"),
            Self::Objects(_) => f.write_str("as objects"),
        }
    }
}

/// Whether a list starts with this mark and ends with that, or would if it was whole. `[New] Hat|Shirt` does not.
fn is_in(cell: &str, open: char, close: char) -> bool {
    let inside = cell.strip_prefix(open).map(str::trim_start);
    inside.is_some_and(|inside| inside.ends_with(close) || inside.starts_with(['"', '\'']))
}

/// What separates entries, if nothing else is said.
const SEPARATORS: [&str; 3] = ["|", ";", ","];

/// How the lists of each source are written, and what separates entries if that had to be found out.
///
/// # Errors
/// When it is doubtful: the question, with the flags that answer it.
pub(super) fn found(
    sources: &[Source],
    ahead: &[(u64, Record)],
    is_whole: bool,
    data: &Data,
    name: &str,
    what: &str,
) -> Result<(Vec<Form>, Option<String>), Problem> {
    let mut forms = Vec::new();
    for source in sources {
        forms.push(of_marks(source, ahead, is_whole, data, name, what)?);
    }
    if forms.iter().all(Option::is_some) {
        return Ok((forms.into_iter().flatten().collect(), None));
    }
    let separator = separator(sources, &forms, ahead, data, name, what)?;
    let parted = || Form::Parted {
        separator: separator.clone(),
        in_brackets: false,
    };
    let forms = forms.into_iter().map(|form| form.unwrap_or_else(parted)).collect();
    Ok((forms, Some(separator)))
}

/// The lists that are there, with their places.
fn lists<'a>(source: &Source, ahead: &'a [(u64, Record)]) -> impl Iterator<Item = (u64, &'a str)> {
    let column = source.column;
    ahead.iter().filter_map(move |(place, record)| {
        let cell = record.get(column)?.as_deref().filter(|cell| is_list(Some(cell)))?;
        Some((*place, cell.trim()))
    })
}

/// How lists are written that have marks at both ends or a declared separator; nothing for others.
fn of_marks(
    source: &Source,
    ahead: &[(u64, Record)],
    is_whole: bool,
    data: &Data,
    name: &str,
    what: &str,
) -> Result<Option<Form>, Problem> {
    if let Some(field) = &source.field {
        return Ok(Some(Form::Objects(field.clone())));
    }
    let column = &source.name;
    let Some((_, first)) = lists(source, ahead).next() else {
        if is_whole {
            // Nothing to read, in whatever form.
            return Ok(Some(Form::Bracketed));
        }
        return Err(Problem::data(
            format!(
                "{name}: the first {} have no list in `{column}`",
                counted(ahead.len() as u64, "record")
            ),
            "is it the right column? if so, put records with lists first",
        ));
    };
    let declared = data.separator.as_ref();
    for (form, open, close) in [(Form::Bracketed, '[', ']'), (Form::Braced, '{', '}')] {
        let marked = lists(source, ahead)
            .filter(|(_, cell)| is_in(cell, open, close))
            .count();
        if marked == 0 {
            continue;
        }
        if let Some((place, other)) = lists(source, ahead).find(|(_, cell)| !is_in(cell, open, close)) {
            if declared.is_some() {
                continue;
            }
            let marked = lists(source, ahead).find(|(_, cell)| is_in(cell, open, close));
            return Err(Problem::data(
                format!(
                    "{name}, {what} {place}, column `{column}`: {} is not written as the list {} is",
                    shown(other),
                    shown(marked.map_or(first, |(_, cell)| cell)),
                ),
                "write all lists in one way, or say what separates entries, as with `--separator \"|\"`",
            ));
        }
        let unlisted = lists(source, ahead).find_map(|(place, cell)| Some((place, cell, form.entries(cell).err()?)));
        return match (unlisted, declared) {
            (None, _) => Ok(Some(form)),
            (Some((_, _, Unlisted::Expected(_))), Some(separator)) => Ok(Some(Form::Parted {
                separator: separator.clone(),
                in_brackets: form == Form::Bracketed,
            })),
            (Some((place, cell, unlisted)), _) => {
                Err(unlisted.at(&format!("{name}, {what} {place}, column `{column}`"), cell))
            }
        };
    }
    if declared.is_some_and(String::is_empty) {
        return Err(Problem::usage(
            "`--separator` is empty",
            "say what stands between entries, as with `--separator \"|\"`",
        ));
    }
    Ok(declared.map(|separator| Form::Parted {
        separator: separator.clone(),
        in_brackets: false,
    }))
}

/// What separates the entries of the lists whose form is not known.
fn separator(
    sources: &[Source],
    forms: &[Option<Form>],
    ahead: &[(u64, Record)],
    data: &Data,
    name: &str,
    what: &str,
) -> Result<String, Problem> {
    let open: Vec<&Source> = sources
        .iter()
        .zip(forms)
        .filter(|(_, form)| form.is_none())
        .map(|(source, _)| source)
        .collect();
    let records = ahead
        .iter()
        .filter(|(_, record)| open.iter().any(|source| has_list(source, record)));
    let records = records.take(LOOKED_AT);
    let total = records.clone().count();
    let used = |separator: &str| {
        let uses = |source: &&Source, record: &Record| {
            let cell = record.get(source.column).and_then(Option::as_deref);
            cell.is_some_and(|cell| cell.contains(separator))
        };
        let using = records
            .clone()
            .filter(|(_, record)| open.iter().any(|source| uses(source, record)));
        using.count()
    };
    let is_viable = |separator: &str| {
        if separator == "," && data.decimal == Some(Decimal::Comma) {
            return false;
        }
        let used = used(separator);
        // A bar is seldom anything else, even if most lists have one entry.
        let is_usual = used * 2 >= total || separator == "|";
        used > 0
            && is_usual
            && records
                .clone()
                .all(|(_, record)| is_in_step(sources, forms, record, separator))
    };
    let viable: Vec<&str> = SEPARATORS
        .into_iter()
        .filter(|separator| is_viable(separator))
        .collect();
    match viable.as_slice() {
        [one] => return Ok((*one).to_owned()),
        ["|", ..] if used("|") * 2 >= total => return Ok("|".to_owned()),
        _ => {}
    }
    let names: Vec<&str> = open.iter().map(|source| source.name.as_str()).collect();
    let first = open.first().and_then(|source| lists(source, ahead).next());
    let (place, cell) = first.unwrap_or_default();
    let seen: Vec<&str> = SEPARATORS.into_iter().filter(|separator| used(separator) > 0).collect();
    let doubt = match seen.as_slice() {
        [] => format!("none of {} is in its lists", listed(&SEPARATORS, 3)),
        [one] => format!(
            "`{one}` is in {} of {total} lists, and may be part of an entry",
            used(one)
        ),
        several => format!(
            "{} are in its lists, and nothing tells which of them it is",
            listed(several, 3)
        ),
    };
    let suggested = seen.first().copied().unwrap_or("|");
    Err(Problem::data(
        format!(
            "{name}: what separates the entries in {}? {doubt}; {what} {place} has {}",
            listed(&names, 3),
            shown(cell)
        ),
        format!("say it, as with `--separator \"{suggested}\"`"),
    ))
}

fn has_list(source: &Source, record: &Record) -> bool {
    record.get(source.column).is_some_and(|cell| is_list(cell.as_deref()))
}

/// Whether a record's lists have equally many entries if this separates those whose form is not known.
fn is_in_step(sources: &[Source], forms: &[Option<Form>], record: &Record, separator: &str) -> bool {
    let entries = |(source, form): (&Source, &Option<Form>)| {
        let cell = record
            .get(source.column)?
            .as_deref()
            .filter(|cell| is_list(Some(cell)))?;
        match form {
            Some(form) => form.entries(cell).ok(),
            None => list::parted(cell, separator).ok(),
        }
    };
    let mut lists = sources.iter().zip(forms).filter_map(entries);
    let Some(first) = lists.next() else { return true };
    lists.all(|other| list::are_in_step(&first.texts, &other.texts))
}
