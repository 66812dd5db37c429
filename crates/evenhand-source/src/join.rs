//! This module adds to each record what another table knows of one of its values.

mod alike;
mod table;

use std::collections::HashSet;
use std::path::Path;

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::catalogue::closest;
use evenhand_measure::policy::{Data, Join};
use evenhand_measure::{Problem, listed, thousands};

use self::table::Table;
use crate::explode::counted;
use crate::growth::Growth;
use crate::input::Input;
use crate::kernel::shown;
use crate::records::{Record, Records};

/// So many different keys without an entry are told apart, of so many bytes together.
const MOST_UNMATCHED: usize = 100_000;
const MOST_UNMATCHED_BYTES: usize = 32 << 20;
/// So many of them are shown.
const EXAMPLES: usize = 3;

/// The records of `input` with the tables joined that `data` names; as they are if it names none. Tables are joined one
/// after the other, so one may be about what an earlier one brought.
pub(crate) fn joined(records: Box<dyn Records>, data: &Data, input: &Input) -> Result<Box<dyn Records>, Problem> {
    let mut whole = records;
    for join in &data.joins {
        whole = Box::new(Joined::new(whole, join, data, input)?);
    }
    Ok(whole)
}

struct Joined {
    records: Box<dyn Records>,
    /// How the input is called.
    name: String,
    join: Join,
    columns: Vec<String>,
    /// The column with the keys.
    on: usize,
    table: Table,
    /// The entries of the table that some record has used.
    used: Vec<bool>,
    rows: u64,
    /// Records without a key, and with one that has no entry.
    keyless: u64,
    unmatched: u64,
    unmatched_keys: HashSet<String>,
    unmatched_bytes: usize,
    examples: Vec<String>,
    growth: Growth,
}

impl Joined {
    fn new(records: Box<dyn Records>, join: &Join, data: &Data, input: &Input) -> Result<Self, Problem> {
        let name = input.shown();
        let on = key_column(records.columns(), join, data, &name)?;
        check_file(join, input)?;
        let table = Table::read(join)?;
        let mut columns = records.columns().to_vec();
        for column in &table.columns {
            let new = match &join.side {
                Some(side) => format!("{side}.{column}"),
                None => column.clone(),
            };
            if columns.contains(&new) {
                return Err(Problem::usage(
                    format!(
                        "{name} has a column `{new}` already, and so would be called the column `{column}` of {}",
                        table.name
                    ),
                    format!("rename the column `{column}` in {}, or leave it out there", table.name),
                ));
            }
            columns.push(new);
        }
        Ok(Self {
            records,
            name,
            join: join.clone(),
            columns,
            on,
            used: vec![false; table.length()],
            table,
            rows: 0,
            keyless: 0,
            unmatched: 0,
            unmatched_keys: HashSet::new(),
            unmatched_bytes: 0,
            examples: Vec::new(),
            growth: Growth::default(),
        })
    }

    /// Remembers a key without an entry.
    fn miss(&mut self, key: &str) {
        self.unmatched += 1;
        if self.are_too_many() || self.unmatched_keys.contains(key) {
            return;
        }
        self.unmatched_bytes += key.len();
        self.unmatched_keys.insert(key.to_owned());
        if self.examples.len() < EXAMPLES {
            self.examples.push(key.to_owned());
        }
    }

    /// Whether there are more keys without an entry than are told apart.
    fn are_too_many(&self) -> bool {
        self.unmatched_keys.len() >= MOST_UNMATCHED || self.unmatched_bytes >= MOST_UNMATCHED_BYTES
    }

    fn unmatched_note(&self) -> Note {
        let different = self.unmatched_keys.len();
        let at_least = if self.are_too_many() { "at least " } else { "" };
        let examples: Vec<String> = self.examples.iter().map(|key| shown(key)).collect();
        let more = if different > examples.len() { ", …" } else { "" };
        let (on, table) = (&self.join.on, &self.table.name);
        let values = if different == 1 { "value" } else { "different values" };
        let all = if self.unmatched + self.keyless == self.rows {
            "; nothing was joined at all"
        } else {
            ""
        };
        let message = format!(
            "{}: {} of {} ({at_least}{} {values} of `{on}`: {}{more}) {} no entry in {table}; what it says is missing for \
             them{all}",
            self.name,
            thousands(self.unmatched),
            counted(self.rows, "row"),
            thousands(different as u64),
            examples.join(", "),
            if self.unmatched == 1 { "has" } else { "have" },
        );
        let alike = alike::most_alike(&self.unmatched_keys, &self.table);
        let help = match alike {
            Some(alike) => format!(
                "{} of these values {} there but for {}: {} is {}; write them alike in both files",
                thousands(alike.keys),
                if alike.keys == 1 { "is" } else { "are" },
                alike.difference,
                shown(&alike.here),
                shown(&alike.there),
            ),
            None => format!(
                "add them to {table}, or check that `{on}` and its column `{}` mean the same",
                self.table.key
            ),
        };
        Note {
            code: "unmatched-keys".to_owned(),
            severity: if all.is_empty() {
                Severity::Warning
            } else {
                Severity::Error
            },
            message,
            help: Some(help),
        }
    }
}

impl Records for Joined {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        let Some(place) = self.records.next(record)? else {
            return Ok(None);
        };
        self.rows += 1;
        self.growth.read(record);
        let key = record.get(self.on).and_then(Option::as_deref).map(str::trim);
        match key.filter(|key| !key.is_empty()) {
            None => self.keyless += 1,
            Some(key) => {
                if let Some(entry) = self.table.find(key) {
                    if let Some(used) = self.used.get_mut(entry) {
                        *used = true;
                    }
                    let cells = self.table.cells(entry);
                    record.extend(cells.map(|cell| cell.map(str::to_owned)));
                } else {
                    let key = key.to_owned();
                    self.miss(&key);
                }
            }
        }
        record.resize(self.columns.len(), None);
        if self.growth.is_too_much_with(record) {
            return Err(Problem::data(
                format!(
                    "{}: with what {} says, the rows are more than a thousand times as long as they were",
                    self.name, self.table.name
                ),
                format!("leave out of {} long columns that are not needed", self.table.name),
            ));
        }
        Ok(Some(place))
    }

    fn typed(&self) -> Vec<String> {
        let mut typed = self.records.typed();
        // The columns of the table are the last ones, in its order.
        let first = self.columns.len() - self.table.columns.len();
        let new = self.columns.iter().skip(first).zip(&self.table.columns);
        let new = new.filter(|(_, column)| self.table.plain.contains(*column));
        typed.extend(new.map(|(name, _)| name.clone()));
        typed
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = self.records.notes();
        notes.append(&mut self.table.notes);
        if self.unmatched > 0 {
            notes.push(self.unmatched_note());
        }
        let (on, table) = (&self.join.on, &self.table.name);
        if self.keyless > 0 {
            notes.push(Note {
                code: "missing-keys".to_owned(),
                severity: Severity::Warning,
                message: format!(
                    "{}: `{on}` is missing in {} of {}, so what {table} says is missing for them",
                    self.name,
                    thousands(self.keyless),
                    counted(self.rows, "row"),
                ),
                help: None,
            });
        }
        let unused = self.used.iter().filter(|used| !**used).count();
        if unused > 0 {
            notes.push(Note {
                code: "unused-entries".to_owned(),
                severity: Severity::Info,
                message: format!(
                    "{}: no row has the `{on}` of {} of {} in {table}",
                    self.name,
                    thousands(unused as u64),
                    match self.used.len() {
                        1 => "1 entry".to_owned(),
                        entries => format!("{} entries", thousands(entries as u64)),
                    },
                ),
                help: None,
            });
        }
        notes
    }
}

/// The column of the records that has the keys.
fn key_column(columns: &[String], join: &Join, data: &Data, name: &str) -> Result<usize, Problem> {
    let found: Vec<usize> = (0..columns.len())
        .filter(|column| columns[*column] == join.on)
        .collect();
    if let [column] = found.as_slice() {
        return Ok(*column);
    }
    if !found.is_empty() {
        return Err(Problem::usage(
            format!("{name} has {} columns `{}`", found.len(), join.on),
            "rename all but one of them in the file",
        ));
    }
    let near = closest(&join.on, columns.iter().map(String::as_str));
    let help = if data.explode.contains(&join.on) {
        format!("its lists were taken apart: write `{}`", flag(join, "item"))
    } else if let Some(near) = near.first() {
        format!("did you mean `{near}`? then write `{}`", flag(join, near))
    } else {
        format!(
            "name the column of keys, as with `{}`; it has {}",
            flag(join, "COLUMN"),
            listed(columns, 8)
        )
    };
    Err(Problem::usage(
        format!("{name} has no column `{}` to join `{}` on", join.on, join.file.name),
        help,
    ))
}

/// The setting that joins the table on this column, or pair of columns.
pub(super) fn flag(join: &Join, on: &str) -> String {
    match join.side.as_deref() {
        Some("user") => format!("--on {on}"),
        Some("item") => format!("--items-on {on}"),
        None => format!("--lookup-on {on}"),
        Some(_) => match on.split_once('=') {
            Some((on, key)) => format!("on = \"{on}\"` and `key = \"{key}\""),
            None => format!("on = \"{on}\""),
        },
    }
}

/// A table cannot come through standard input, which may be the input, and it cannot be the input.
fn check_file(join: &Join, input: &Input) -> Result<(), Problem> {
    if join.file.name == "-" {
        return Err(Problem::usage(
            "a table that is joined cannot come from standard input",
            "write it to a file, and name the file",
        ));
    }
    let (file, real) = (join.file.path(), |path: &Path| path.canonicalize().ok());
    if !input.is_kept() && real(&file).is_some_and(|found| real(input.path()) == Some(found)) {
        return Err(Problem::usage(
            format!("`{}` is both an input and the table to join", file.display()),
            "name the inputs one by one, without the table, or leave the join out",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
