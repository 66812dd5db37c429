//! This module looks at the first records of a file, column by column, so that people and [`guess`](crate::guess())
//! can tell what the columns are.

use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

use evenhand_measure::Problem;
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use crate::csv_file::{self, MOST_COLUMNS};
use crate::input::{Kind, look, shown};
use crate::parquet_file;

/// At most so many records are looked at.
pub const MOST_RECORDS: u64 = 20_000;

/// At most so many different values of a column are kept: one more than a group column may have.
pub const MOST_DISTINCT: usize = 1_001;

/// Fewer records of a wide file are looked at, so that time and memory do not depend on its width.
const MOST_FIELDS: u64 = 4_000_000;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with one record per line.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// What the first records of a file look like.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The file.
    pub path: PathBuf,
    /// Its format.
    pub format: Format,
    /// Its size.
    pub bytes: u64,
    /// What separates the fields of a CSV file.
    pub delimiter: Option<char>,
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
    /// How many records were looked at.
    pub seen: u64,
    /// In how many of them the value is missing: empty, blank or null.
    pub missing: u64,
    /// The different values with their counts, most frequent first, then by text; at most [`MOST_DISTINCT`].
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
    /// Whether a value starts with a zero that a number would lose, as in `00501`.
    pub leading_zeros: bool,
    /// Whether there are values and all of them look like dates or times.
    pub dates: bool,
    /// For a column of whole numbers from 0 upwards, none missing: whether no two records are alike in all other
    /// columns, so that each record is a group whose size this may be. `false` for all other columns.
    pub sizes_groups: bool,
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
}

/// Looks at the first [`MOST_RECORDS`] records of the CSV or Parquet file at `path`.
///
/// # Errors
/// When the file cannot be read, is of another kind, or has no columns or far too many.
pub fn profile(path: &Path) -> Result<Profile, Vec<Problem>> {
    look_through(path).map_err(|problem| vec![problem])
}

fn look_through(path: &Path) -> Result<Profile, Problem> {
    let (kind, bytes) = look(path)?;
    match kind {
        Kind::Tally => Err(Problem::data(
            format!("{} is a tally and has no records to look at", shown(path)),
            "audit it as it is: its columns already have their roles",
        )),
        Kind::Csv => {
            let head = csv_file::head(path)?;
            let mut views = Views::new(&head.columns);
            let complete = csv_file::sample(path, &head, most_records(head.columns.len()), |fields| {
                for (column, field) in fields.iter().enumerate() {
                    let text = String::from_utf8_lossy(field);
                    views.see(column, Some(text.as_ref()));
                }
            })?;
            let (columns, records_seen) = views.finish();
            Ok(Profile {
                path: path.to_owned(),
                format: Format::Csv,
                bytes,
                delimiter: Some(char::from(head.delimiter)),
                columns,
                records_seen,
                complete,
            })
        }
        Kind::Parquet => {
            let names = parquet_file::columns(path)?;
            if names.len() > MOST_COLUMNS {
                return Err(Problem::data(
                    format!(
                        "{} has {} columns; more than 10,000 are not looked at",
                        shown(path),
                        names.len()
                    ),
                    "keep the columns that matter, or name the roles yourself",
                ));
            }
            let mut views = Views::new(&names);
            let head = parquet_file::head(path, most_records(names.len()), |column, value| {
                views.see(column, value)
            })?;
            let (columns, _) = views.finish();
            Ok(Profile {
                path: path.to_owned(),
                format: Format::Parquet,
                bytes,
                delimiter: None,
                columns,
                records_seen: head.rows,
                complete: head.complete,
            })
        }
    }
}

fn most_records(columns: usize) -> u64 {
    MOST_RECORDS.min(MOST_FIELDS / columns.max(1) as u64)
}

/// What was seen of all columns. Values come in any order of columns, but in the order of records within each.
struct Views {
    views: Vec<View>,
    /// Per record, the sum of the hashes of its fields: taking a field out again is a subtraction.
    records: Vec<u64>,
}

#[derive(Default)]
struct View {
    profile: ColumnProfile,
    counts: HashMap<String, u64, FixedState>,
    /// The hashes of the values beyond those in `counts`, until one repeats.
    others: HashSet<u64, FixedState>,
    fractions: bool,
    others_than_dates: bool,
    /// The hash of each field, as long as all of them may be counts.
    own: Option<Vec<u64>>,
}

impl Views {
    fn new(names: &[String]) -> Self {
        let view = |name: &String| View {
            profile: ColumnProfile {
                name: name.clone(),
                ..ColumnProfile::default()
            },
            own: Some(Vec::new()),
            ..View::default()
        };
        Self {
            views: names.iter().map(view).collect(),
            records: Vec::new(),
        }
    }

    fn see(&mut self, column: usize, value: Option<&str>) {
        let Some(view) = self.views.get_mut(column) else { return };
        let record = view.profile.seen as usize;
        let hash = FixedState::default().hash_one((column, value));
        if record >= self.records.len() {
            self.records.resize(record + 1, 0);
        }
        self.records[record] = self.records[record].wrapping_add(hash);
        if let Some(own) = &mut view.own {
            own.push(hash);
        }
        view.see(value, hash);
        if !view.may_count() {
            view.own = None;
        }
    }

    fn finish(self) -> (Vec<ColumnProfile>, u64) {
        let Self { views, records } = self;
        let finish = |view: View| {
            let sizes_groups = view.own.as_ref().is_some_and(|own| {
                let rest = records.iter().zip(own).map(|(record, own)| record.wrapping_sub(*own));
                own.len() == records.len() && rest.collect::<HashSet<u64, FixedState>>().len() == own.len()
            });
            ColumnProfile {
                sizes_groups,
                ..view.finish()
            }
        };
        let columns = views.into_iter().map(finish).collect();
        (columns, records.len() as u64)
    }
}

impl View {
    /// Whether all values so far are whole numbers from 0 upwards.
    fn may_count(&self) -> bool {
        self.profile.numbers == self.profile.seen && !self.fractions && self.profile.min >= Some(0.0)
    }

    fn see(&mut self, value: Option<&str>, hash: u64) {
        let profile = &mut self.profile;
        profile.seen += 1;
        let Some(text) = value.filter(|text| !text.trim().is_empty()) else {
            profile.missing += 1;
            return;
        };
        let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        profile.numbers += u64::from(number.is_some());
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
            profile.repeats = true;
            // What follows depends on the value alone, so the first of equal values is enough.
            return;
        }
        if self.counts.len() < MOST_DISTINCT {
            self.counts.insert(text.to_owned(), 1);
        } else {
            profile.overflowed = true;
            profile.repeats = profile.repeats || !self.others.insert(hash);
        }
        let text = text.trim();
        if let Some(number) = number {
            profile.min = Some(profile.min.map_or(number, |min| min.min(number)));
            profile.max = Some(profile.max.map_or(number, |max| max.max(number)));
            self.fractions |= number.fract() != 0.0;
        }
        let bytes = text.as_bytes();
        profile.leading_zeros |= bytes.len() > 1 && bytes[0] == b'0' && bytes.iter().all(u8::is_ascii_digit);
        self.others_than_dates |= !looks_like_date(text);
    }

    fn finish(self) -> ColumnProfile {
        let mut profile = self.profile;
        profile.whole = profile.numbers > 0 && !self.fractions;
        profile.dates = profile.present() > 0 && !self.others_than_dates;
        profile.distinct = self.counts.into_iter().collect();
        profile
            .distinct
            .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        profile
    }
}

/// Whether a text looks like `2026-03-01`, `01/03/2026`, `1.3.26` or one of them with a time.
fn looks_like_date(text: &str) -> bool {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let Some(separator) = day.chars().find(|c| ['-', '/', '.'].contains(c)) else {
        return false;
    };
    let parts: Vec<&str> = day.split(separator).collect();
    let is_part = |part: &&str| matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_part)
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
        assert_eq!((p.delimiter, p.records_seen, p.complete), (Some(';'), 4, true));
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
        assert_eq!((p.columns[0].numbers, p.columns[0].max), (20_000, Some(19_999.0)));
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
