//! This module is how data are laid out: what the program finds out by looking, and what a policy may say instead.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::words::words;

/// How to read the inputs, where looking at them does not tell or tells wrong. Empty settings are found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Data {
    /// Which files a gate reads where the command names none, seen from the policy's folder. Where data lie decides
    /// nothing, so it is no part of the result.
    #[serde(skip)]
    pub files: Vec<String>,
    /// How the letters of a text are stored, by a name of the WHATWG Encoding Standard, such as `windows-1252`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// What separates the fields of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// What separates the whole part of a number from the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimal>,
    /// The line of a text or row of a sheet that names the columns, from 1; 0 when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u64>,
    /// How many lines or rows at the end are no records, such as totals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer_rows: Option<u64>,
    /// What becomes of records with more or fewer fields than the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ragged: Option<Ragged>,
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The table of a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// A query whose rows are read, instead of a table's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Where in a JSON document the list of records is: names with dots between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<String>,
    /// Columns that hold lists, one list per record: `recommendedItems`, or `rec_*` for one column per place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explode: Vec<String>,
    /// What separates the entries of a list in a cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// Tables that know more about a column's values.
    #[serde(rename = "join", skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<Join>,
    /// How published rates lost their further digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<Digits>,
    /// A file that says which items users wanted: clicked or bought after they got their lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relevant: Option<NamedFile>,
    /// A file that says which items users had before they got their lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<NamedFile>,
}

impl Data {
    /// Whether nothing is said of the layout.
    pub(super) fn says_nothing(&self) -> bool {
        let layout = Self {
            files: Vec::new(),
            ..self.clone()
        };
        layout == Self::default()
    }

    /// The tables that are read beside the inputs.
    pub fn tables(&self) -> impl Iterator<Item = &NamedFile> {
        let joined = self.joins.iter().map(|join| &join.file);
        joined.chain(&self.relevant).chain(&self.history)
    }

    /// The same, to say where they are.
    pub fn tables_mut(&mut self) -> impl Iterator<Item = &mut NamedFile> {
        let joined = self.joins.iter_mut().map(|join| &mut join.file);
        joined.chain(&mut self.relevant).chain(&mut self.history)
    }
}

/// A table that is read beside the inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct NamedFile {
    /// As it was written, which is all that a result says of it.
    pub name: String,
    /// The folder from which that is seen; empty for the one in which the program runs. Where data lie decides nothing,
    /// so it is no part of the result.
    #[serde(skip)]
    pub seen_from: PathBuf,
}

impl NamedFile {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        // An address lies in no folder, and is refused as one.
        match self.name.contains("://") {
            true => PathBuf::from(&self.name),
            false => self.seen_from.join(&self.name),
        }
    }
}

impl From<String> for NamedFile {
    fn from(name: String) -> Self {
        Self {
            name,
            seen_from: PathBuf::new(),
        }
    }
}

impl From<&str> for NamedFile {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

/// A table with one record per value of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Join {
    /// Which it is.
    pub file: NamedFile,
    /// The column whose values it knows.
    pub on: String,
    /// The same in the table, where it has another name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What it is about; its columns get names that start so, as in `user.sex`. Without, they keep their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<String>,
}

/// What separates the whole part of a number from the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decimal {
    /// As in 0.5.
    #[default]
    Point,
    /// As in 0,5.
    Comma,
}

/// What becomes of records with more or fewer fields than the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ragged {
    /// Nothing is read.
    #[default]
    Refuse,
    /// Fields that a record lacks at its end are missing values; more fields than the header has are refused.
    Fill,
    /// Such records are left out, and counted.
    LeaveOut,
}

/// How published rates lost their further digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Digits {
    /// To the nearest figure, with ties either way.
    #[default]
    Rounded,
    /// Cut off.
    Truncated,
}

words! {
    Decimal { "point" => Point, "comma" => Comma }
    Ragged { "refuse" => Refuse, "fill" => Fill, "leave-out" => LeaveOut }
    Digits { "rounded" => Rounded, "truncated" => Truncated }
}
