//! This module reads a table that is joined into memory: for each key, what the table says of it.

use std::collections::BTreeSet;
use std::hash::BuildHasher;

use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::catalogue::closest;
use evenhand_measure::policy::{Data, Join};
use evenhand_measure::{Problem, listed, thousands};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::flag;
use crate::explode::counted;
use crate::input::{Input, Inputs, records};
use crate::kernel::shown;
use crate::records::Record;

/// A larger table is not kept in memory.
const MOST_BYTES: usize = 1 << 30;

/// About what a key and a text need besides their letters.
const EACH: usize = 40;

/// A table with one entry per key.
#[derive(Debug)]
pub(super) struct Table {
    /// How it is called in messages.
    pub(super) name: String,
    /// The name of the column with the keys, and those of the others.
    pub(super) key: String,
    pub(super) columns: Vec<String>,
    /// Those whose numbers are stored as numbers.
    pub(super) plain: BTreeSet<String>,
    /// What people should know of how it was read.
    pub(super) notes: Vec<Note>,
    keys: Texts,
    /// The texts of all cells, each kept once, and for each entry the numbers of its cells' texts.
    texts: Texts,
    cells: Vec<u32>,
    bytes: usize,
}

/// The number of a missing cell.
const MISSING: u32 = u32::MAX;

impl Table {
    /// Reads the table of a join.
    pub(super) fn read(join: &Join) -> Result<Self, Problem> {
        let input = the_one(join)?;
        let name = input.shown();
        let found = records(&input, &Data::default()).map_err(|problem| of_table(problem, &name))?;
        let Some((mut records, what)) = found else {
            return Err(Problem::usage(
                format!("{name} is a tally, and tallies keep no rows that could be joined"),
                "name a table",
            ));
        };
        let wanted = join.key.as_ref().unwrap_or(&join.on);
        let key = key_column(records.columns(), wanted, join, &name)?;
        let others = |index: &usize| *index != key;
        let columns: Vec<String> = records.columns().to_vec();
        let others: Vec<usize> = (0..columns.len()).filter(others).collect();
        let mut table = Self {
            name,
            key: wanted.clone(),
            columns: others.iter().map(|column| columns[*column].clone()).collect(),
            plain: input.known()?.plain.clone(),
            notes: notes_of(&input),
            keys: Texts::default(),
            texts: Texts::default(),
            cells: Vec::new(),
            bytes: 0,
        };
        table.check_columns()?;
        let mut counts = Counts::default();
        let mut record = Record::new();
        let mut number = 0;
        while let Some(place) = records
            .next(&mut record)
            .map_err(|problem| of_table(problem, &table.name))?
        {
            let at = input
                .place(number)
                .unwrap_or_else(|| format!("{}, {what} {place}", table.name));
            number += 1;
            table.add(&record, key, &others, &at, &mut counts)?;
        }
        table.plain.extend(records.typed());
        table.notes.extend(records.notes());
        table.check(&mut counts)?;
        Ok(table)
    }

    /// How many entries there are.
    pub(super) fn length(&self) -> usize {
        self.keys.texts.len()
    }

    /// The keys, in the order of the table.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.texts.iter().map(AsRef::as_ref)
    }

    /// The number of the entry of a key.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.keys.find(key).map(|number| number as usize)
    }

    /// What the entry of this number says, column by column.
    pub(super) fn cells(&self, entry: usize) -> impl Iterator<Item = Option<&str>> {
        let width = self.columns.len();
        let cells = self.cells.get(entry * width..(entry + 1) * width);
        let text = |number: &u32| self.texts.texts.get(*number as usize).map(AsRef::as_ref);
        cells.unwrap_or_default().iter().map(text)
    }

    /// Two columns of one name would both be meant by it.
    fn check_columns(&self) -> Result<(), Problem> {
        let mut names = self.columns.clone();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(()),
            Some(pair) => Err(Problem::data(
                format!("{} has two columns `{}`", self.name, pair[0]),
                "rename one of them in the file",
            )),
        }
    }

    fn add(
        &mut self,
        record: &Record,
        key: usize,
        others: &[usize],
        at: &str,
        counts: &mut Counts,
    ) -> Result<(), Problem> {
        let text = record
            .get(key)
            .and_then(Option::as_deref)
            .map(str::trim)
            .unwrap_or_default();
        if text.is_empty() {
            counts.keyless += 1;
            return Ok(());
        }
        let cells: Vec<u32> = others
            .iter()
            .map(|column| match record.get(*column).and_then(Option::as_deref) {
                Some(cell) if !cell.trim().is_empty() => self.texts.number(cell, &mut self.bytes),
                _ => MISSING,
            })
            .collect();
        if let Some(entry) = self.find(text) {
            let width = self.columns.len();
            let before = self.cells.get(entry * width..(entry + 1) * width).unwrap_or_default();
            if let Some(odd) = (0..width).find(|column| before.get(*column) != cells.get(*column)) {
                counts.differ(entry, || {
                    format!(
                        "{at} says otherwise of {} in column `{}`",
                        shown(text),
                        self.columns[odd]
                    )
                });
            } else {
                counts.repeated += 1;
            }
            return Ok(());
        }
        self.keys.number(text, &mut self.bytes);
        self.bytes += cells.len() * size_of::<u32>();
        self.cells.extend(cells);
        if self.bytes > MOST_BYTES {
            return Err(Problem::data(
                format!(
                    "{at}: the table that is joined takes more than {} million bytes of memory",
                    MOST_BYTES >> 20
                ),
                "leave out of it the rows and columns that are not needed",
            ));
        }
        Ok(())
    }

    /// What is wrong or odd with the table as a whole.
    fn check(&mut self, counts: &mut Counts) -> Result<(), Problem> {
        if let Some(first) = counts.first_differing.take() {
            counts.differing.sort_unstable();
            counts.differing.dedup();
            let keys = counts.differing.len();
            return Err(Problem::data(
                format!(
                    "{}: {} of `{}` {} entries that differ; {first}",
                    self.name,
                    counted(keys as u64, "value"),
                    self.key,
                    if keys == 1 { "has" } else { "have" },
                ),
                "keep one entry for each of them, or join on a column that tells them apart",
            ));
        }
        let mut note = |code: &str, severity, message| {
            self.notes.push(Note {
                code: code.to_owned(),
                severity,
                message,
                help: None,
            });
        };
        if counts.repeated > 0 {
            note(
                "repeated-entries",
                Severity::Info,
                format!(
                    "{}: {} an earlier one word for word, and counts once",
                    self.name,
                    match counts.repeated {
                        1 => "1 entry repeats".to_owned(),
                        entries => format!("{} entries repeat", thousands(entries)),
                    }
                ),
            );
        }
        if counts.keyless > 0 {
            note(
                "entries-without-key",
                Severity::Info,
                format!(
                    "{}: `{}` is missing in {}, which cannot be joined",
                    self.name,
                    self.key,
                    counted(counts.keyless, "row")
                ),
            );
        }
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Counts {
    keyless: u64,
    repeated: u64,
    /// Entries of which another row says something else, and the first such row.
    differing: Vec<usize>,
    first_differing: Option<String>,
}

impl Counts {
    fn differ(&mut self, entry: usize, first: impl FnOnce() -> String) {
        self.differing.push(entry);
        self.first_differing.get_or_insert_with(first);
    }
}

/// Texts by their numbers, and the other way round.
#[derive(Debug, Default)]
struct Texts {
    texts: Vec<Box<str>>,
    numbers: HashTable<u32>,
}

impl Texts {
    fn find(&self, text: &str) -> Option<u32> {
        let same = |number: &u32| self.texts.get(*number as usize).is_some_and(|known| **known == *text);
        self.numbers.find(hash(text), same).copied()
    }

    /// The number of `text`, which adds to `bytes` if it is new.
    fn number(&mut self, text: &str, bytes: &mut usize) -> u32 {
        if let Some(number) = self.find(text) {
            return number;
        }
        // Bounded by the limit on bytes.
        let number = self.texts.len() as u32;
        self.texts.push(text.into());
        let texts = &self.texts;
        self.numbers.insert_unique(hash(text), number, |number| {
            texts.get(*number as usize).map_or(0, |text| hash(text))
        });
        *bytes += text.len() + EACH;
        number
    }
}

fn hash(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

/// The one input that a join's file is, as it is read.
fn the_one(join: &Join) -> Result<Input, Problem> {
    let file = join.file.path();
    let first = |problems: Vec<Problem>| {
        let first = problems.into_iter().next();
        first.unwrap_or_else(|| Problem::data(format!("`{}` cannot be read", file.display()), "check the file"))
    };
    let found = Inputs::find(std::slice::from_ref(&file)).map_err(first)?;
    // Settings are those of the inputs, and a table that is joined may be written in quite another way.
    let prepared = found.prepared(&Data::default()).map_err(|problems| {
        let name = found
            .all()
            .first()
            .map_or_else(|| file.display().to_string(), Input::shown);
        of_table(first(problems), &name)
    })?;
    match prepared.all() {
        [one] => Ok(one.clone()),
        several => Err(Problem::usage(
            format!(
                "`{}` is {} tables, and one can be joined",
                file.display(),
                several.len()
            ),
            "name the one to join",
        )),
    }
}

/// What to do about a table that is joined cannot be a flag: those are about the inputs.
fn of_table(problem: Problem, name: &str) -> Problem {
    let help = if problem.help.contains("--") {
        format!(
            "flags are about the inputs: save {name} as \"CSV UTF-8\" with commas and the names of columns in the first line"
        )
    } else {
        problem.help.clone()
    };
    Problem { help, ..problem }
}

/// What there is to know of how the table was read.
fn notes_of(input: &Input) -> Vec<Note> {
    let reading = input.reading();
    let notes = reading.map(|reading| reading.notes.clone()).unwrap_or_default();
    let name = input.shown();
    let named = |note: Note| Note {
        message: if note.message.contains(&name) {
            note.message
        } else {
            format!("{name}: {}", note.message)
        },
        // Its flags would be about the inputs.
        help: note.help.filter(|help| !help.contains("--")),
        ..note
    };
    notes.into_iter().map(named).collect()
}

fn key_column(columns: &[String], wanted: &str, join: &Join, name: &str) -> Result<usize, Problem> {
    let found: Vec<usize> = (0..columns.len()).filter(|column| columns[*column] == wanted).collect();
    if let [column] = found.as_slice() {
        return Ok(*column);
    }
    if !found.is_empty() {
        return Err(Problem::data(
            format!("{name} has {} columns `{wanted}`", found.len()),
            "rename all but one of them in the file",
        ));
    }
    let near = closest(wanted, columns.iter().map(String::as_str));
    let example = |key: &str| flag(join, &format!("{}={key}", join.on));
    let help = match near.first() {
        Some(near) => format!("did you mean `{near}`? then write `{}`", example(near)),
        None => format!(
            "name its column of keys, as with `{}`; it has {}",
            example(columns.first().map_or("COLUMN", String::as_str)),
            listed(columns, 8)
        ),
    };
    Err(Problem::usage(
        format!("{name} has no column `{wanted}` to join on"),
        help,
    ))
}
