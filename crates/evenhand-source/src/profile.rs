//! This module looks at the first records of a file, column by column, so that people and [`guess`](crate::guess())
//! can tell what the columns are.

mod meant;
mod suspicions;
mod views;

use std::path::{Path, PathBuf};

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

pub use self::suspicions::Suspicion;
pub(crate) use self::suspicions::has_na;
use self::views::Views;
use crate::csv_file::{self, MOST_COLUMNS};
use crate::input::{Body, Input, Inputs, Partition, shown, unreadable};
use crate::parquet_file::{self, Shown};
use crate::reading::Reading;
use crate::sqlite;

/// At most so many records are looked at.
pub const MOST_RECORDS: u64 = 10_000;

/// At most so many different values of a column are kept: one more than a group column may have.
pub const MOST_DISTINCT: usize = 1_001;

/// Fewer records of a wide file are looked at, so that time and memory do not depend on its width.
const MOST_FIELDS: u64 = 4_000_000;

/// What the first records of a file look like.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The file; of several, the first that is no tally. `-` is standard input.
    pub path: PathBuf,
    /// How many inputs there are.
    pub inputs: usize,
    /// How it was read.
    pub reading: Reading,
    /// Its size, as it is stored.
    pub bytes: u64,
    /// The columns, in the file's order.
    pub columns: Vec<ColumnProfile>,
    /// How many records were looked at.
    pub records_seen: u64,
    /// Whether these are all records of the file.
    pub complete: bool,
}

impl Profile {
    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnProfile> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// What the values of a column look like, in the records that were looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnProfile {
    /// The name, as in the file.
    pub name: String,
    /// Whether it comes from the names of folders, as in `region=north`, and not from the file.
    pub from_folder: bool,
    /// How many records were looked at.
    pub seen: u64,
    /// In how many of them the value is missing: empty, blank or null.
    pub missing: u64,
    /// The different values with their counts, most frequent first, then by text; at most [`MOST_DISTINCT`], and fewer
    /// of values with millions of letters.
    pub distinct: Vec<(String, u64)>,
    /// Whether there are more different values than that.
    pub overflowed: bool,
    /// Whether some value occurs in more than one record.
    pub repeats: bool,
    /// How many values are finite numbers.
    pub numbers: u64,
    /// The smallest number.
    pub min: Option<f64>,
    /// The largest number.
    pub max: Option<f64>,
    /// Whether there are numbers and all of them are whole.
    pub whole: bool,
    /// The numbers as they are with a decimal point, and commas or other marks between thousands.
    pub with_point: Numbers,
    /// The numbers as they are with a decimal comma, and points or other marks between thousands.
    pub with_comma: Numbers,
    /// How many values are one number with a decimal point and another with a decimal comma, such as `1,234`.
    pub ambiguous: u64,
    /// Whether numbers with a point are stored as numbers, so that they are plain however texts are read.
    pub plain: bool,
    /// Whether a value starts with a zero that a number would lose, as in `00501`.
    pub leading_zeros: bool,
    /// Whether there are values and all of them look like dates or times.
    pub dates: bool,
    /// For a column of whole numbers from 0 upwards, in any way to read them, none missing: whether no two records are
    /// alike in all other columns, so that each record is a group whose size this may be. `false` for all other columns.
    pub sizes_groups: bool,
    /// The values that look like missing ones, such as `NA`, with their counts.
    pub looks_missing: Vec<(String, u64)>,
    /// An earlier column with the same values in the same records.
    pub same_as: Option<String>,
}

/// The numbers of a column under one way to read them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Numbers {
    /// How many values are finite numbers.
    pub count: u64,
    /// The smallest of them.
    pub min: Option<f64>,
    /// The largest of them.
    pub max: Option<f64>,
    /// Whether there are some that are not whole.
    pub fractions: bool,
}

impl Numbers {
    /// Takes in a number that so many records have.
    fn see(&mut self, number: f64, times: u64) {
        self.count += times;
        self.min = Some(self.min.map_or(number, |min| min.min(number)));
        self.max = Some(self.max.map_or(number, |max| max.max(number)));
        self.fractions |= number.fract() != 0.0;
    }

    /// Whether so many values are all there are, and all of them whole and from 0 upwards.
    pub(crate) fn may_count(&self, values: u64) -> bool {
        self.count == values && !self.fractions && self.min >= Some(0.0)
    }
}

impl ColumnProfile {
    /// How many records have a value.
    #[must_use]
    pub fn present(&self) -> u64 {
        self.seen - self.missing
    }

    /// Whether there are values and all of them are numbers.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        self.numbers > 0 && self.numbers == self.present()
    }

    /// Whether all values are numbers with a decimal comma, and some are none without.
    #[must_use]
    pub fn numbers_with_comma(&self) -> bool {
        self.with_comma.count > self.with_point.count && self.with_comma.count == self.present()
    }
}

/// Looks at the first [`MOST_RECORDS`] records of the file at `path`, in any format that is read; it may also be a
/// pattern, a folder or a pipe: see [`Inputs::find`].
///
/// # Errors
/// When the file cannot be read, is of another kind, or has no columns or far too many.
pub fn profile(path: &Path) -> Result<Profile, Vec<Problem>> {
    Inputs::find(&[path.to_owned()])?.profile()
}

impl Inputs {
    /// Looks at the first [`MOST_RECORDS`] records of the first input that is no tally. Where folders give columns,
    /// records of several inputs are looked at, because one alone has one value only.
    ///
    /// # Errors
    /// When there is none, or it cannot be read or has no columns or far too many.
    pub fn profile(&self) -> Result<Profile, Vec<Problem>> {
        let inputs = self.prepared(&Data::default())?;
        inputs.look()
    }

    fn look(&self) -> Result<Profile, Vec<Problem>> {
        /// So many inputs tell what their folders are about.
        const MOST_INPUTS: usize = 16;
        let data: Vec<&Input> = self.all().iter().filter(|input| !input.is_tally()).collect();
        let Some(first) = data.first() else {
            return Err(vec![self.without_records()]);
        };
        let mut chosen = if first.partitions().is_empty() {
            vec![*first]
        } else {
            // Spread over all of them, as those beside each other are alike.
            let most = MOST_INPUTS.min(data.len());
            (0..most).map(|index| data[index * data.len() / most]).collect()
        };
        let mut profile = look_through(&chosen).map_err(|problem| vec![problem])?;
        // Programs that write many parts write empty ones too.
        for other in data.iter().skip(1) {
            if profile.records_seen > 0 || !first.is_found() {
                break;
            }
            chosen = vec![*other];
            profile = look_through(&chosen).map_err(|problem| vec![problem])?;
        }
        Ok(Profile {
            inputs: self.all().len(),
            complete: profile.complete && self.all().len() == chosen.len(),
            ..profile
        })
    }

    fn without_records(&self) -> Problem {
        match self.all().first() {
            Some(tally) => Problem::data(
                format!("{} is a tally and has no records to look at", shown(tally.path())),
                "audit it as it is: its columns already have their roles",
            ),
            None => Problem::usage("no input is given", "name a CSV or Parquet file"),
        }
    }
}

/// Looks at the records of `inputs`, in equal parts. The first tells what the columns are.
fn look_through(inputs: &[&Input]) -> Result<Profile, Problem> {
    let mut whole: Option<(Profile, Views)> = None;
    for input in inputs {
        let seen = Seen::new(input)?;
        let names = seen.names();
        let (profile, views) = match &mut whole {
            Some(whole) => whole,
            None => {
                let views = Views::new(&names, seen.columns.len());
                whole.insert((seen.profile(input, inputs.len())?, views))
            }
        };
        // Counting says which input has other columns than the first.
        let Some(places) = views.places(&names) else {
            profile.complete = false;
            continue;
        };
        let most = most_records(places.len()) / inputs.len() as u64;
        let (records, complete) = seen.look(input, most.max(1), &places, views)?;
        profile.records_seen += records;
        profile.complete &= complete;
    }
    let (profile, views) = whole.ok_or_else(|| Problem::usage("no input is given", "name a CSV or Parquet file"))?;
    let columns = views.finish();
    Ok(Profile { columns, ..profile })
}

/// An input whose columns are known.
struct Seen {
    /// The columns of the file.
    columns: Vec<String>,
    /// The columns that only its folders have.
    partitions: Vec<Partition>,
}

impl Seen {
    fn new(input: &Input) -> Result<Self, Problem> {
        let columns = input.columns()?;
        if columns.len() > MOST_COLUMNS {
            return Err(Problem::data(
                format!(
                    "{} has {} columns; more than 10,000 are not looked at",
                    shown(input.path()),
                    columns.len()
                ),
                "keep the columns that matter, or name the roles yourself",
            ));
        }
        Ok(Self {
            partitions: input.partitions_beside(&columns),
            columns,
        })
    }

    fn names(&self) -> Vec<String> {
        let partitions = self.partitions.iter().map(|partition| partition.column.clone());
        self.columns.iter().cloned().chain(partitions).collect()
    }

    fn profile(&self, input: &Input, inputs: usize) -> Result<Profile, Problem> {
        Ok(Profile {
            path: input.path().to_owned(),
            inputs,
            reading: input.known()?.reading.clone(),
            bytes: input.bytes().map_err(|error| unreadable(input.path(), &error))?,
            columns: Vec::new(),
            records_seen: 0,
            complete: true,
        })
    }

    /// Shows `views` at most `most` records, each column at its place; says how many it
    /// were, and whether these are all of them.
    fn look(&self, input: &Input, most: u64, places: &[usize], views: &mut Views) -> Result<(u64, bool), Problem> {
        let (own, folders) = places.split_at(self.columns.len());
        let mut records = 0u64;
        let complete = match &input.known()?.body {
            Body::Text(head) => {
                let plain = &input.known()?.plain;
                let is_plain: Vec<bool> = self.columns.iter().map(|column| plain.contains(column)).collect();
                csv_file::sample(input, head, most, |fields| {
                    records += 1;
                    for ((place, is_plain), field) in own.iter().zip(&is_plain).zip(fields) {
                        let text = String::from_utf8_lossy(field);
                        views.see(
                            *place,
                            if *is_plain {
                                Shown::Amount(&text)
                            } else {
                                Shown::Text(&text)
                            },
                        );
                    }
                })?
            }
            Body::Database(database) => sqlite::sample(database, most, &mut |column, value| {
                records += u64::from(column == 0);
                if let Some(place) = own.get(column) {
                    views.see(*place, value);
                }
            })?,
            Body::Parquet | Body::Tally => {
                let columns = views.at(own).into_iter();
                let mut sinks: Vec<_> = columns.map(|view| |value: Shown<'_>| view.see(value)).collect();
                let head = parquet_file::head(input, most, &mut sinks)?;
                records = head.rows;
                head.complete
            }
        };
        for (place, partition) in folders.iter().zip(&self.partitions) {
            for _ in 0..records {
                views.see(*place, partition.value.as_deref().map_or(Shown::Missing, Shown::Text));
            }
        }
        Ok((records, complete))
    }
}

fn most_records(columns: usize) -> u64 {
    MOST_RECORDS.min(MOST_FIELDS / columns.max(1) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile_of(text: &str) -> Result<Profile, Vec<Problem>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        profile(file.path())
    }

    #[test]
    fn columns_are_described() {
        let p = profile_of(
            "zip;when;n;x\n00501;2026-03-01;1;0.5\n10001;2026-03-02T10:00;2; \n10001;1/2/2026;4;a\n10001;1.2.26;4;2\n",
        )
        .unwrap();
        assert_eq!(
            (p.reading.data.delimiter, p.records_seen, p.complete),
            (Some(';'), 4, true)
        );
        let [zip, when, n, x] = p.columns.as_slice() else {
            panic!()
        };
        assert!(zip.leading_zeros && zip.whole && zip.is_numeric() && !zip.dates);
        assert_eq!(zip.distinct, [("10001".to_owned(), 3), ("00501".to_owned(), 1)]);
        assert_eq!((zip.numbers, zip.min, zip.max), (4, Some(501.0), Some(10_001.0)));
        assert!(when.dates && when.numbers == 0);
        assert!(n.sizes_groups && zip.sizes_groups && n.whole && !n.leading_zeros);
        assert_eq!((x.missing, x.numbers, x.whole, x.is_numeric()), (1, 2, false, false));
        assert!(!x.sizes_groups && !when.sizes_groups);
    }

    #[test]
    fn a_count_beside_equal_records_sizes_no_groups() {
        let p = profile_of("sex,n\nf,1\nf,2\n").unwrap();
        assert!(!p.columns[1].sizes_groups);
    }

    #[test]
    fn only_the_first_records_are_looked_at() {
        let text: String = std::iter::once("id\n".to_owned())
            .chain((0..30_000).map(|n| format!("{n}\n")))
            .collect();
        let p = profile_of(&text).unwrap();
        assert_eq!((p.records_seen, p.complete), (MOST_RECORDS, false));
        assert!(p.columns[0].overflowed);
        assert_eq!(p.columns[0].distinct.len(), MOST_DISTINCT);
        assert!(!p.columns[0].repeats);
        assert_eq!((p.columns[0].numbers, p.columns[0].max), (10_000, Some(9_999.0)));
    }

    #[test]
    fn of_huge_values_some_are_kept() {
        let value = |record: usize, column: usize| format!("{record}{}", "x".repeat(1_000_000 * (1 - column)));
        let text: String = std::iter::once("a,b\n".to_owned())
            .chain((0..100).map(|record| format!("{},{}\n", value(record, 0), value(record, 1))))
            .collect();
        let p = profile_of(&text).unwrap();
        let [a, b] = p.columns.as_slice() else { panic!() };
        assert_eq!(
            (a.overflowed, a.distinct.len(), a.repeats, a.seen),
            (true, 67, false, 100)
        );
        assert_eq!((b.overflowed, b.distinct.len()), (false, 100));
    }

    #[test]
    fn problems_name_the_line() {
        let problems = profile_of("a,b\n1,2\n\"x\ny\",2\n1\n").unwrap_err();
        assert!(
            problems[0].message.contains("line 5: the record has 1 field"),
            "{problems:?}"
        );
    }
}
