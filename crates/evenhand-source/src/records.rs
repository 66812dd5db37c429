//! This module is what formats that are not read column by column have in common: records of text, one after the
//! other. They are written down as a plain table once, which is then counted like any other CSV file.

use std::io::Write;

use evenhand_measure::Problem;
use evenhand_measure::audit::model::Note;

use crate::input::{Keeper, Kept};

/// A record: one cell per column; nothing is a missing value.
pub(crate) type Record = Vec<Option<String>>;

/// Records in the order of their file.
pub(crate) trait Records {
    /// The names of the columns.
    fn columns(&self) -> &[String];

    /// Reads the next record into `record`, whatever that held before, with one cell per column. Says where it stands
    /// in its file: the number of its row, line or entry. Nothing at the end.
    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem>;

    /// The names of the columns in which numbers with a point were written that are stored as numbers, at the end. What
    /// separates the fraction in texts says nothing about them.
    fn typed(&self) -> Vec<String> {
        Vec::new()
    }

    /// What people should know, at the end.
    fn notes(&mut self) -> Vec<Note> {
        Vec::new()
    }
}

/// In which columns a number was written with a point that is stored as a number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Points(Vec<bool>);

impl Points {
    /// Takes in the text of a number.
    pub(crate) fn see(&mut self, column: usize, text: &str) {
        if text.contains('.') {
            self.add(column);
        }
    }

    /// Takes in that a number of this column has a point.
    pub(crate) fn add(&mut self, column: usize) {
        if self.0.len() <= column {
            self.0.resize(column + 1, false);
        }
        if let Some(has_point) = self.0.get_mut(column) {
            *has_point = true;
        }
    }

    /// Which of these columns it is.
    pub(crate) fn among(&self, columns: &[String]) -> Vec<String> {
        let found = columns.iter().zip(&self.0).filter(|(_, has_point)| **has_point);
        found.map(|(name, _)| name.clone()).collect()
    }
}

/// Where records stand in the file that they come from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// What a place is called, such as "sheet `Data`, row" or "line".
    pub(crate) what: String,
    /// The first record of each stretch in which places rise by one, and its place.
    stretches: Vec<(u64, u64)>,
    records: u64,
    is_cut: bool,
}

/// So many stretches are remembered; beyond, a place is only about right.
const MOST_STRETCHES: usize = 1 << 20;

impl Places {
    fn add(&mut self, place: u64) {
        let expected = self
            .stretches
            .last()
            .map(|(first, start)| start + (self.records - first));
        if expected != Some(place) {
            if self.stretches.len() < MOST_STRETCHES {
                self.stretches.push((self.records, place));
            } else {
                self.is_cut = true;
            }
        }
        self.records += 1;
    }

    /// The place of the record with this number, from 0.
    pub(crate) fn of(&self, record: u64) -> String {
        let next = self.stretches.partition_point(|(first, _)| *first <= record);
        let Some((first, start)) = next.checked_sub(1).and_then(|index| self.stretches.get(index)) else {
            return format!("record {}", record + 1);
        };
        let about = if self.is_cut && next == self.stretches.len() {
            "about "
        } else {
            ""
        };
        format!("{} {about}{}", self.what, start + (record - first))
    }
}

/// Writes records down as CSV with commas. Also says how many bytes the header has.
pub(crate) fn write_down(records: &mut dyn Records, what: &str) -> Result<(Kept, u64, Places), Problem> {
    let mut keeper = Keeper::default();
    let mut line = Vec::new();
    let mut places = Places {
        what: what.to_owned(),
        ..Places::default()
    };
    let header: Vec<Option<String>> = records.columns().iter().cloned().map(Some).collect();
    write_line(&header, &mut line);
    let first_byte = line.len() as u64;
    let mut record = Record::new();
    let write = |keeper: &mut Keeper, line: &[u8]| {
        keeper.write_all(line).map_err(|error| {
            Problem::data(
                format!("the records cannot be written down: {error}"),
                "make room there, or name another folder in TMPDIR",
            )
        })
    };
    while let Some(place) = records.next(&mut record)? {
        places.add(place);
        write(&mut keeper, &line)?;
        line.clear();
        write_line(&record, &mut line);
    }
    write(&mut keeper, &line)?;
    Ok((keeper.finish(), first_byte, places))
}

/// Every text is quoted where it could mean something else without.
fn write_line(record: &[Option<String>], line: &mut Vec<u8>) {
    // A single missing value would be a blank line, which is no record.
    let is_blank = record.iter().all(Option::is_none) && record.len() == 1;
    for (index, cell) in record.iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        let text = cell.as_deref().unwrap_or_default();
        let is_odd = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
        if text.bytes().any(is_odd) || is_blank {
            line.push(b'"');
            line.extend(text.replace('"', "\"\"").into_bytes());
            line.push(b'"');
        } else {
            line.extend_from_slice(text.as_bytes());
        }
    }
    line.push(b'\n');
}

/// Records that tests give: each with its place.
#[cfg(test)]
pub(crate) struct Given(Vec<String>, std::vec::IntoIter<(u64, Record)>);

#[cfg(test)]
impl Given {
    pub(crate) fn new(columns: Vec<String>, records: impl IntoIterator<Item = (u64, Record)>) -> Self {
        Self(columns, records.into_iter().collect::<Vec<_>>().into_iter())
    }

    /// Records from the second line of a file on, which follows its header.
    pub(crate) fn lines(columns: Vec<String>, records: Vec<Record>) -> Self {
        Self::new(columns, (2..).zip(records))
    }
}

#[cfg(test)]
impl Records for Given {
    fn columns(&self) -> &[String] {
        &self.0
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        Ok(self.1.next().map(|(place, next)| {
            *record = next;
            place
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::input::File;

    #[test]
    fn what_is_written_down_is_a_table_whose_records_have_places() {
        let cell = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let rows = [
            (4, ["a,b", ""]),
            (5, ["say \"x\"\n", "é"]),
            (9, ["", "1"]),
            (9, ["", "2"]),
        ];
        let rows: Vec<(u64, Record)> = rows.map(|(place, row)| (place, row.map(cell).to_vec())).to_vec();
        let mut given = Given::new(vec!["x".into(), "y".into()], rows);
        let (kept, first_byte, places) = write_down(&mut given, "row").unwrap();
        assert_eq!(first_byte, 4);
        let mut text = String::new();
        File::Kept(kept, 0).read_to_string(&mut text).unwrap();
        assert_eq!(text, "x,y\n\"a,b\",\n\"say \"\"x\"\"\n\",é\n,1\n,2\n");
        let found: Vec<String> = (0..4).map(|record| places.of(record)).collect();
        assert_eq!(found, ["row 4", "row 5", "row 9", "row 9"]);
    }

    #[test]
    fn a_missing_value_alone_is_still_a_record() {
        let mut given = Given::new(vec!["x".into()], vec![(1, vec![None])]);
        let (kept, ..) = write_down(&mut given, "row").unwrap();
        let mut text = String::new();
        File::Kept(kept, 0).read_to_string(&mut text).unwrap();
        assert_eq!(text, "x\n\"\"\n");
    }
}
