//! This module takes lists apart: a record with a list becomes one record per entry, with the entry's rank.

mod form;
mod list;
mod source;
mod told;
mod wide;

use std::collections::VecDeque;

use evenhand_measure::audit::model::Note;
use evenhand_measure::policy::Data;
use evenhand_measure::{Problem, listed, thousands};

use self::form::Form;
use self::source::{Lists, Source};
use self::told::Counts;
use crate::growth::Growth;
use crate::kernel::shown;
use crate::records::{Points, Record, Records};

/// The names of the columns that there are afterwards besides those of the table.
const ITEM: &str = "item";
const LIST: &str = "list";
const RANK: &str = "rank";

/// Longer lists are no lists.
const MOST_ENTRIES: usize = 100_000;

/// How lists are written is found out from so many records, and from more as long as all lists are empty.
const LOOKED_AT: usize = 1_000;
const MOST_LOOKED_AT: usize = 100_000;
/// These records take no more than about so many bytes.
const MOST_BYTES: usize = 32 << 20;

/// The records with the lists that `data` names taken apart, and what separates their entries if that was found out;
/// the records as they are if it names none. They are those of the input `name`, where a place is called `what`.
pub(crate) fn exploded(
    mut records: Box<dyn Records>,
    data: &Data,
    name: &str,
    what: &str,
) -> Result<(Box<dyn Records>, Option<String>), Problem> {
    if data.explode.is_empty() {
        return Ok((records, None));
    }
    let lists = Lists::of(&data.explode, records.columns(), name)?;
    let others: Vec<usize> = (0..records.columns().len())
        .filter(|column| !lists.holds(*column))
        .collect();
    let mut columns: Vec<String> = others.iter().map(|column| records.columns()[*column].clone()).collect();
    for new in [ITEM].into_iter().chain(lists.further()).chain([LIST, RANK]) {
        if columns.iter().any(|column| column == new) {
            return Err(Problem::usage(
                format!("{name} has a column `{new}`, and lists that are taken apart make another one"),
                format!("rename the column `{new}` in the file"),
            ));
        }
        columns.push(new.to_owned());
    }
    let (ahead, is_whole) = look_ahead(records.as_mut(), &lists)?;
    let (forms, separator) = match &lists {
        Lists::Wide { .. } => (Vec::new(), None),
        Lists::Cells(sources) => form::found(sources, &ahead, is_whole, data, name, what)?,
    };
    let exploded = Exploded {
        records,
        name: name.to_owned(),
        what: what.to_owned(),
        columns,
        others,
        lists,
        forms,
        ahead: ahead.into(),
        record: Record::new(),
        place: 0,
        entries: Vec::new(),
        next: 0,
        counts: Counts::default(),
        growth: Growth::default(),
        separator: separator.clone(),
        points: Points::default(),
    };
    Ok((Box::new(exploded), separator))
}

/// Reads records until it can be told how lists are written; also says whether these are all there are.
fn look_ahead(records: &mut dyn Records, lists: &Lists) -> Result<(Vec<(u64, Record)>, bool), Problem> {
    let Lists::Cells(sources) = lists else {
        return Ok((Vec::new(), false));
    };
    let mut ahead = Vec::new();
    let mut bytes = 0;
    let mut empty: Vec<usize> = sources.iter().map(|source| source.column).collect();
    while ahead.len() < LOOKED_AT || (!empty.is_empty() && ahead.len() < MOST_LOOKED_AT) {
        if bytes > MOST_BYTES {
            break;
        }
        let mut record = Record::new();
        let Some(place) = records.next(&mut record)? else {
            return Ok((ahead, true));
        };
        bytes += record.iter().flatten().map(String::len).sum::<usize>();
        empty.retain(|column| record.get(*column).is_none_or(|cell| !list::is_list(cell.as_deref())));
        ahead.push((place, record));
    }
    Ok((ahead, false))
}

struct Exploded {
    records: Box<dyn Records>,
    name: String,
    what: String,
    columns: Vec<String>,
    /// The columns that are repeated.
    others: Vec<usize>,
    lists: Lists,
    forms: Vec<Form>,
    ahead: VecDeque<(u64, Record)>,
    /// The record that is taken apart, its place, and its entries by column and position.
    record: Record,
    place: u64,
    entries: Vec<Vec<Option<String>>>,
    next: usize,
    counts: Counts,
    growth: Growth,
    separator: Option<String>,
    /// The lists with a bare number that has a point.
    points: Points,
}

impl Records for Exploded {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        loop {
            let items = self.entries.first().map_or(0, Vec::len);
            while self.next < items {
                let position = self.next;
                self.next += 1;
                if self.give(position, record) {
                    self.counts.entries += 1;
                    if self.growth.is_too_much_with(record) {
                        return Err(Problem::data(
                            format!(
                                "{}, {} {}: taken apart, the lists are more than a thousand times as long as they were, \
                                 because every entry repeats the other columns",
                                self.name, self.what, self.place
                            ),
                            "leave out of the file long columns that are not needed",
                        ));
                    }
                    return Ok(Some(self.place));
                }
            }
            if !self.take_next()? {
                return Ok(None);
            }
        }
    }

    fn typed(&self) -> Vec<String> {
        let before = self.records.typed();
        let is_typed = |column: &usize| {
            self.records
                .columns()
                .get(*column)
                .is_some_and(|name| before.contains(name))
        };
        // The columns are the repeated ones, the lists with the items first, the list's number and the rank.
        let others = self.others.iter().filter(|column| is_typed(column));
        let others = others.filter_map(|column| self.records.columns().get(*column).cloned());
        let lists = self.columns.get(self.others.len()..).unwrap_or_default();
        let cells = lists
            .iter()
            .enumerate()
            .filter(|(list, _)| self.lists.columns_of(*list).iter().any(is_typed));
        let mut typed: Vec<String> = others.chain(cells.map(|(_, name)| name.clone())).collect();
        typed.extend(self.points.among(lists));
        typed
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = self.records.notes();
        notes.extend(self.own_notes());
        notes
    }
}

impl Exploded {
    /// Makes a record of the entry at this position, if there is one.
    fn give(&mut self, position: usize, record: &mut Record) -> bool {
        let entry = |entries: &mut Vec<Option<String>>| entries.get_mut(position).and_then(Option::take);
        let mut lists = self.entries.iter_mut();
        let Some(item) = lists.next().and_then(entry) else {
            return false;
        };
        record.clear();
        let repeated = self
            .others
            .iter()
            .map(|column| self.record.get(*column).cloned().flatten());
        record.extend(repeated);
        record.push(Some(item));
        record.extend(lists.map(entry));
        record.push(Some(self.counts.records.to_string()));
        record.push(Some(self.lists.rank(position).to_string()));
        true
    }

    /// Reads the next record and its entries; says whether there is one.
    fn take_next(&mut self) -> Result<bool, Problem> {
        match self.ahead.pop_front() {
            Some((place, record)) => (self.place, self.record) = (place, record),
            None => match self.records.next(&mut self.record)? {
                Some(place) => self.place = place,
                None => return Ok(false),
            },
        }
        self.growth.read(&self.record);
        self.next = 0;
        self.entries = match &self.lists {
            Lists::Wide { columns, .. } => columns
                .iter()
                .map(|columns| {
                    let cell = |column: &usize| self.record.get(*column).cloned().flatten();
                    let text = |text: &String| !text.trim().is_empty();
                    columns.iter().map(|column| cell(column).filter(text)).collect()
                })
                .collect(),
            Lists::Cells(sources) => {
                let at = format!("{}, {} {}", self.name, self.what, self.place);
                in_step(sources, &self.forms, &self.record, &at, &mut self.points)?
            }
        };
        self.count();
        Ok(true)
    }
}

/// A number of things.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", thousands(number))
}

/// The entries of a record's lists, which belong together by their position.
fn in_step(
    sources: &[Source],
    forms: &[Form],
    record: &Record,
    at: &str,
    points: &mut Points,
) -> Result<Vec<Vec<Option<String>>>, Problem> {
    let mut all: Vec<Vec<Option<String>>> = Vec::new();
    for (index, (source, form)) in sources.iter().zip(forms).enumerate() {
        let cell = record.get(source.column).and_then(Option::as_deref);
        let entries = match cell.filter(|cell| list::is_list(Some(cell))) {
            None => list::Entries::default(),
            Some(cell) => form
                .entries(cell)
                .map_err(|unlisted| unlisted.at(&format!("{at}, column `{}`", source.name), cell))?,
        };
        if entries.has_point {
            points.add(index);
        }
        let entries = entries.texts;
        let Some(items) = all.first() else {
            all.push(entries);
            continue;
        };
        // Where a list is missing as a whole, so are its values.
        if !entries.is_empty() && !list::are_in_step(items, &entries) {
            let first = sources.first().map_or("", |first| first.name.as_str());
            return Err(Problem::data(
                format!(
                    "{at}: the list in `{first}` has {} and the one in `{}` has {}, so it cannot be told which belong \
                     together",
                    entries_of(list::filled(items)),
                    source.name,
                    entries_of(list::filled(&entries)),
                ),
                "mend the record, or name only one of the columns in `--explode`",
            ));
        }
        all.push(entries);
    }
    Ok(all)
}

fn entries_of(number: usize) -> String {
    match number {
        1 => "1 entry".to_owned(),
        number => format!("{} entries", thousands(number as u64)),
    }
}

/// Why a cell is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unlisted {
    /// What was expected, to follow "expected".
    Expected(&'static str),
    TooLong,
    /// Entries that are lists or objects themselves, with the fields of the first object.
    Nested(Vec<String>),
    /// An object without this field.
    NoField(String),
}

impl Unlisted {
    fn at(&self, place: &str, cell: &str) -> Problem {
        let cell = shown(cell);
        match self {
            Self::Expected(expected) => Problem::data(
                format!("{place}: {cell} is no list that can be read: expected {expected}"),
                "mend the cell, or say what separates the entries, as with `--separator \"|\"`",
            ),
            Self::TooLong => Problem::data(
                format!(
                    "{place}: the list has more than {} entries",
                    thousands(MOST_ENTRIES as u64)
                ),
                "is it a list? if not, leave the column out of `--explode`",
            ),
            Self::Nested(fields) if fields.is_empty() => Problem::data(
                format!("{place}: the entries of {cell} are lists themselves"),
                "export the data with one list per record",
            ),
            Self::Nested(fields) => Problem::usage(
                format!("{place}: the entries of {cell} are objects"),
                format!(
                    "name the field that is the item, and others behind it, with the column before: `--explode \
                     COLUMN.FIELD`; there is {}",
                    listed(fields, 6)
                ),
            ),
            Self::NoField(field) => Problem::data(
                format!("{place}: an entry of {cell} is no object with the field `{field}`, nor missing"),
                "name a field that the entries have",
            ),
        }
    }
}

#[cfg(test)]
mod tests;
