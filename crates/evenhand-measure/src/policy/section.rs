//! This module takes values out of one table of a policy file, and remembers which keys nobody asked for.

use std::collections::BTreeSet;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::homes;
use super::parse::{kind, place};
use super::{Bins, Quantiles, Threshold};
use crate::catalogue::closest;
use crate::day::Day;
use crate::problem::{Problem, listed};

/// A problem with the byte offset that it is about, so that problems are listed in the file's order.
pub(super) type Located = (usize, Problem);

/// A table of the file, with the keys that were asked for so far.
pub(super) struct Section<'f, 't> {
    file: &'f str,
    text: &'f str,
    title: String,
    table: &'t DeTable<'t>,
    asked: BTreeSet<String>,
}

impl<'f, 't> Section<'f, 't> {
    pub(super) fn new(file: &'f str, text: &'f str, title: &str, table: &'t DeTable<'t>) -> Self {
        Self {
            file,
            text,
            title: title.to_owned(),
            table,
            asked: BTreeSet::new(),
        }
    }

    /// The keys as written.
    pub(super) fn keys(&self) -> Vec<String> {
        self.table.keys().map(|key| key.get_ref().to_string()).collect()
    }

    /// A problem at the value of `key`, or at the section's start.
    pub(super) fn at(&self, key: &str, message: &str, help: &str) -> Located {
        let offset = self.get(key).map_or_else(|| self.start(), |value| value.span().start);
        (
            offset,
            Problem::usage(format!("{}, {}: {message}", self.file, place(self.text, offset)), help),
        )
    }

    /// A problem with the section as a whole.
    pub(super) fn here(&self, message: &str, help: &str) -> Located {
        (
            self.start(),
            Problem::usage(
                format!("{}, {}: {message}", self.file, place(self.text, self.start())),
                help,
            ),
        )
    }

    /// Whether the file has this key, whatever its value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The line on which the section's first key stands.
    pub(super) fn line(&self) -> usize {
        let before = self.text.get(..self.start()).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    fn start(&self) -> usize {
        self.table.keys().map(|key| key.span().start).min().unwrap_or(0)
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| value)
    }

    /// Knows a key without reading it.
    pub(super) fn knows(&mut self, key: &str) {
        self.asked.insert(key.to_owned());
    }

    fn take(&mut self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.insert(key.to_owned());
        self.get(key)
    }

    fn read<T>(
        &mut self,
        key: &str,
        wanted: &str,
        problems: &mut Vec<Located>,
        convert: impl Fn(&'t Spanned<DeValue<'t>>) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let converted = convert(value);
        if converted.is_none() {
            problems.push(self.at(
                key,
                &format!("`{key}` is {}, not {wanted}", kind(value)),
                &format!("write {wanted}"),
            ));
        }
        converted
    }

    pub(super) fn text(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<String> {
        self.read(key, "a text in quotes", problems, text)
    }

    /// A day of the calendar, as a date of TOML or as a text.
    pub(super) fn day(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<Day> {
        let written = self.read(key, "a day such as 2026-01-31", problems, |value| {
            match value.get_ref() {
                DeValue::Datetime(day) if day.time.is_none() => Some(day.to_string()),
                _ => text(value),
            }
        })?;
        match written.parse() {
            Ok(day) => Some(day),
            Err(message) => {
                problems.push(self.at(key, &message, "write year, month and day as 2026-01-31"));
                None
            }
        }
    }

    pub(super) fn texts(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<Vec<String>> {
        self.read(key, "a list of texts", problems, |value| list(value, text))
    }

    pub(super) fn text_lists(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<Vec<Vec<String>>> {
        self.read(key, "a list of lists of texts", problems, |value| {
            list(value, |inner| list(inner, text))
        })
    }

    pub(super) fn number(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<f64> {
        self.read(key, "a finite number", problems, number)
    }

    pub(super) fn threshold(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<Threshold> {
        self.read(key, "a finite number or \"median\"", problems, |value| {
            match value.get_ref().as_str() {
                Some(word) => word.parse().ok().filter(|threshold| *threshold == Threshold::Median),
                None => number(value).map(Threshold::AtLeast),
            }
        })
    }

    pub(super) fn bins(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<Bins> {
        let words = Quantiles::WORDS.join(", ");
        self.read(
            key,
            &format!("a list of finite numbers, or one of {words}"),
            problems,
            |value| match value.get_ref().as_str() {
                Some(word) => Quantiles::of(word).map(Bins::Quantiles),
                None => list(value, number).map(Bins::Edges),
            },
        )
    }

    pub(super) fn letter(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<char> {
        self.read(key, "one character in quotes", problems, |value| {
            let mut letters = value.get_ref().as_str()?.chars();
            letters.next().filter(|_| letters.next().is_none())
        })
    }

    /// One of the few words that a setting knows.
    pub(super) fn word<T: FromStr<Err = String>>(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<T> {
        let word = self.text(key, problems)?;
        match word.parse() {
            Ok(value) => Some(value),
            Err(message) => {
                problems.push(self.at(key, &message, "write one of these words"));
                None
            }
        }
    }

    pub(super) fn whole(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<u64> {
        self.read(key, "a whole number of 0 or more", problems, whole)
    }

    pub(super) fn wholes(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<Vec<u64>> {
        self.read(key, "a list of whole numbers", problems, |value| list(value, whole))
    }

    pub(super) fn flag(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<bool> {
        self.read(key, "true or false", problems, |value| value.get_ref().as_bool())
    }

    pub(super) fn section(&mut self, key: &str, problems: &mut Vec<Located>) -> Option<Section<'f, 't>> {
        let table = self.read(key, "a table", problems, |value| value.get_ref().as_table())?;
        Some(Self::new(self.file, self.text, &format!("[{key}]"), table))
    }

    pub(super) fn sections(&mut self, key: &str, problems: &mut Vec<Located>) -> Vec<Section<'f, 't>> {
        let tables = self.read(key, "one or more [[tables]]", problems, |value| {
            list(value, |inner| inner.get_ref().as_table())
        });
        let title = format!("[[{key}]]");
        tables
            .unwrap_or_default()
            .into_iter()
            .map(|table| Self::new(self.file, self.text, &title, table))
            .collect()
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, problems: &mut Vec<Located>) {
        for key in self
            .table
            .keys()
            .filter(|key| !self.asked.contains(key.get_ref().as_ref()))
        {
            let name = key.get_ref();
            let known: Vec<&str> = self.asked.iter().map(String::as_str).collect();
            let near = closest(name, known.iter().copied());
            let homes = homes(name);
            let help = match near.as_slice() {
                [] if !homes.is_empty() => format!("`{name}` belongs under {}", homes.join(" or ")),
                [] => format!("{} knows {}", self.title, listed(&known, known.len())),
                _ => format!("did you mean {}?", listed(&near, 3)),
            };
            let message = format!(
                "{}, {}: {} has no key `{name}`",
                self.file,
                place(self.text, key.span().start),
                self.title
            );
            problems.push((key.span().start, Problem::usage(message, help)));
        }
    }
}

fn text(value: &Spanned<DeValue<'_>>) -> Option<String> {
    value.get_ref().as_str().map(str::to_owned)
}

fn number(value: &Spanned<DeValue<'_>>) -> Option<f64> {
    let parsed = match value.get_ref() {
        DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse::<f64>().ok(),
        _ => None,
    };
    parsed.filter(|number| number.is_finite())
}

fn list<'t, T>(
    value: &'t Spanned<DeValue<'t>>,
    convert: impl Fn(&'t Spanned<DeValue<'t>>) -> Option<T>,
) -> Option<Vec<T>> {
    value.get_ref().as_array()?.iter().map(convert).collect()
}

fn whole(value: &Spanned<DeValue<'_>>) -> Option<u64> {
    match value.get_ref() {
        DeValue::Integer(integer) => u64::from_str_radix(integer.as_str(), integer.radix()).ok(),
        _ => None,
    }
}
