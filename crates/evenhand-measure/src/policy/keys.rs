//! This module is what can be said in a policy: one row per key, with what it takes, what it means, what holds when nobody
//! says it, and an example.
//!
//! The JSON Schema, the reference in `docs/policy.md`, the comments in written policies, what `policy show` fills in and
//! the advice on misplaced keys are all made from these rows; a test holds the parser to them.

mod rows;

pub use self::rows::{KEYS, SECTIONS};
use crate::catalogue::MethodOf;

/// A table of the file.
#[derive(Clone, Copy, Debug)]
pub struct SectionRow {
    /// Where it is, with dots; `*` stands for a name that the file chooses, such as a column's.
    pub path: &'static str,
    /// Whether it is written as `[[…]]`, once for each thing.
    pub is_list: bool,
    /// Whether the table that it is in cannot do without it.
    pub is_required: bool,
    /// What it is about, in one sentence.
    pub about: &'static str,
}

/// A key of the file.
#[derive(Clone, Copy, Debug)]
pub struct KeyRow {
    /// The table that it is in; empty for the file itself.
    pub section: &'static str,
    /// Its name; `*` where the file chooses the names.
    pub name: &'static str,
    /// What may be written.
    pub takes: Takes,
    /// What holds when it is not there.
    pub usual: Usual,
    /// A value, as TOML; for a free name, the whole line.
    pub example: &'static str,
    /// What it means, in a few words.
    pub meaning: &'static str,
}

impl KeyRow {
    /// The table and the name, with a dot between them.
    #[must_use]
    pub fn path(&self) -> String {
        match self.section {
            "" => self.name.to_owned(),
            section => format!("{section}.{}", self.name),
        }
    }

    /// A line of a policy that says it.
    #[must_use]
    pub fn line(&self) -> String {
        match self.name {
            "*" => self.example.to_owned(),
            name => format!("{name} = {}", self.example),
        }
    }
}

/// What may be written for a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Takes {
    /// Any text.
    Text,
    /// A text of one line with something in it.
    Line,
    /// A text with something in it.
    Words,
    /// A list of texts.
    Texts,
    /// A list of lists of texts.
    TextLists,
    /// `true` or `false`.
    Flag,
    /// One character.
    Letter,
    /// A number between two.
    Number(Range),
    /// A whole number, from the one to the other.
    Whole(u64, u64),
    /// A list of whole numbers, from the one to the other.
    Wholes(u64, u64),
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A day of the calendar.
    Day,
    /// A number, or `"median"`.
    Threshold,
    /// A list of rising numbers, or a word for groups of equal size.
    Bins,
    /// A model of attention.
    Attention,
    /// The id of a criterion.
    Criterion,
    /// The id of a method.
    Method(MethodOf),
    /// The id of a preset.
    Preset,
    /// A colour as `#005a9c`.
    Color,
}

/// Numbers between two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least.
    pub least: f64,
    /// Whether the least itself may be written.
    pub with_least: bool,
    /// The most.
    pub most: f64,
    /// Whether the most itself may be written.
    pub with_most: bool,
}

/// What holds when a key is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// It has to be there.
    Required,
    /// As if this were written, as TOML.
    Is(&'static str),
    /// What these words say.
    Told(&'static str),
    /// Nothing.
    Nothing,
}

/// The keys of a table, in the order in which they are written.
pub fn keys_of(section: &str) -> impl Iterator<Item = &'static KeyRow> {
    KEYS.iter().filter(move |key| key.section == section)
}

/// The tables right in a table.
pub fn sections_in(section: &str) -> impl Iterator<Item = &'static SectionRow> {
    SECTIONS.iter().filter(move |row| parent(row.path) == section)
}

/// The table that a table is in; empty for the file itself.
#[must_use]
pub fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

/// The place of a path in the tables above, where each name of the file's own choice is `*`.
#[must_use]
pub fn row_of(path: &[&str]) -> Option<&'static KeyRow> {
    let is_it = |row: &&KeyRow| {
        let own = row.path();
        let parts: Vec<&str> = own.split('.').collect();
        parts.len() == path.len() && parts.iter().zip(path).all(|(own, part)| own == part || *own == "*")
    };
    KEYS.iter().find(is_it)
}

/// The tables that know a key of this name, as they are written in a file.
#[must_use]
pub fn homes(name: &str) -> Vec<String> {
    let mut homes: Vec<String> = KEYS
        .iter()
        .filter(|key| key.name == name && !key.section.is_empty())
        .filter_map(|key| SECTIONS.iter().find(|row| row.path == key.section))
        .map(SectionRow::title)
        .collect();
    homes.dedup();
    homes
}

impl SectionRow {
    /// How its title is written in a file.
    #[must_use]
    pub fn title(&self) -> String {
        let named = self.path.replace('*', "COLUMN");
        if self.is_list {
            format!("[[{named}]]")
        } else {
            format!("[{named}]")
        }
    }
}

#[cfg(test)]
mod tests;
