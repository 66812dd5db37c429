//! However the same rows come, they give the same bytes, or the same kind of problem.
//!
//! More cases: `PROPTEST_RNG_SEED=<any number> PROPTEST_CASES=5000 cargo test -p evenhand --test paths`.
#![cfg(feature = "polars")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod csv;
mod database;
mod frames;
mod packed;
mod parquet;
mod rows;
mod shards;

use std::path::PathBuf;

use evenhand::{Fault, Policy, Problem, Source, Tally, tally};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use self::rows::{Row, Sort, case, policy, row};

type Outcome = Result<Tally, Vec<Problem>>;

/// The same rows with choices of how to write them down, from which each way takes what it needs.
#[derive(Clone, Debug)]
struct Case {
    rows: Vec<Row>,
    /// Rises; where files, row groups, pages and chunks end.
    cuts: Vec<usize>,
    /// A number to choose by.
    choice: usize,
    sort: Sort,
}

impl Case {
    fn policy(&self) -> Policy {
        policy(self.sort)
    }

    /// The parts between the cuts, and all of it if there is no cut.
    fn parts(&self) -> Vec<&[Row]> {
        let mut ends: Vec<usize> = self.cuts.iter().map(|cut| cut % (self.rows.len() + 1)).collect();
        ends.push(self.rows.len());
        ends.sort_unstable();
        let mut start = 0;
        let part = |end: usize| &self.rows[std::mem::replace(&mut start, end)..end];
        ends.into_iter().map(part).filter(|part| !part.is_empty()).collect()
    }

    /// A number below `bound` that the case chose for this `purpose`.
    fn choose(&self, purpose: usize, bound: usize) -> usize {
        (self.choice / (purpose * 7 + 1) + purpose) % bound
    }
}

/// A way to give the rows of a case to the library.
struct Way {
    name: &'static str,
    tally: fn(&Case) -> Outcome,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// All rows are read in one go.
    Whole,
    /// Parts are counted apart and merged: a median or quantile of parts is not that of the whole, and a part without rows to
    /// count has no tally.
    Parts,
}

/// Every way there is. A new one is a line here.
const WAYS: &[Way] = &[
    whole("data frame of text", frames::text),
    whole("data frame of categories", frames::categories),
    whole("data frame of an enumeration", frames::enumeration),
    whole("data frame of other widths", frames::narrow),
    whole("data frame in chunks that do not line up", frames::chunked),
    whole("slice of a larger data frame", frames::sliced),
    whole("query", frames::query),
    whole("query that filters and stacks", frames::filtered_query),
    whole("CSV, quoted where it must be", csv::plain),
    whole("CSV, all quoted", csv::quoted),
    whole("CSV, line ends of Windows", csv::windows),
    whole("CSV with a byte-order mark", csv::marked),
    whole("CSV with another delimiter", csv::semicolons),
    whole("Parquet", parquet::any),
    whole("Parquet without dictionaries", parquet::plain),
    whole("Parquet with dictionaries", parquet::dictionaries),
    whole("Parquet, pages of version 2", parquet::second_version),
    whole("SQLite", database::typed),
    whole("SQLite, all text", database::text),
    whole("CSV in gzip, two members", packed::gzip),
    whole("CSV in zstd, two frames", packed::zstd),
    #[cfg(target_os = "linux")]
    whole("through a pipe", packed::pipe),
    whole("a folder", packed::folder),
    whole("a pattern", packed::pattern),
    whole("folders that name the group", packed::parted),
    whole("several CSV files", shards::csv_files),
    whole("several Parquet files", shards::parquet_files),
    whole("CSV and Parquet", shards::mixed_files),
    parts("tallies of parts, merged", shards::merged),
    parts("saved tallies of parts", shards::saved),
];

const fn whole(name: &'static str, tally: fn(&Case) -> Outcome) -> Way {
    let kind = Kind::Whole;
    Way { name, tally, kind }
}

const fn parts(name: &'static str, tally: fn(&Case) -> Outcome) -> Way {
    let kind = Kind::Parts;
    Way { name, tally, kind }
}

fn of_files(files: &[tempfile::NamedTempFile], policy: &Policy) -> Outcome {
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path().to_owned()).collect();
    tally(Source::from(paths.as_slice()), policy)
}

/// What must be the same however the rows come.
fn essence(outcome: Outcome) -> Result<String, (usize, bool)> {
    match outcome {
        Ok(tally) => Ok(tally.to_json()),
        Err(problems) => Err((
            problems.len(),
            problems.iter().all(|problem| problem.fault == Fault::Data),
        )),
    }
}

proptest! {
    #[test]
    fn every_way_gives_the_same_bytes(case in case()) {
        let expected = essence(tally(&frames::typed(&case.rows), &case.policy()));
        for way in WAYS {
            // Nor are lists of parts those of the whole, where a list is in several.
            if way.kind == Kind::Parts && matches!(case.sort, Sort::Median | Sort::Parted | Sort::Listed) {
                continue;
            }
            prop_assert_eq!(&expected, &essence((way.tally)(&case)), "{}", way.name);
        }
    }
}

proptest! {
    #[test]
    fn a_median_is_kept_and_parts_with_the_same_one_merge(case in case()) {
        let policy = policy(Sort::Median);
        let has_score = |row: &Row| row.score.is_some_and(|score| !score.is_nan() && score != -4.0);
        prop_assume!(case.rows.iter().any(has_score));
        let part = tally(&frames::typed(&case.rows), &policy).unwrap();
        let text = part.to_json();
        prop_assert!(text.starts_with("{\"version\":4,") && text.contains("above-median"), "{}", text);
        prop_assert_eq!(&text, &Tally::from_json(&text).unwrap().to_json());
        let twice = [case.rows.as_slice(), &case.rows].concat();
        let twice = tally(&frames::typed(&twice), &policy).unwrap();
        prop_assert_eq!(part.merge(&part).unwrap().to_json(), twice.to_json());
    }
}

#[test]
fn no_rows_are_a_problem_of_the_data_on_every_path() {
    for sort in [
        Sort::Plain,
        Sort::Counted,
        Sort::Median,
        Sort::Parted,
        Sort::Scored,
        Sort::Priced,
    ] {
        let case = Case {
            rows: Vec::new(),
            cuts: Vec::new(),
            choice: 0,
            sort,
        };
        for way in WAYS.iter().filter(|way| way.kind == Kind::Whole) {
            let problems = (way.tally)(&case).unwrap_err();
            let [problem] = problems.as_slice() else {
                panic!("{}: {problems:?}", way.name)
            };
            let says_so = problem.message.contains("and no rows") || problem.message.contains("and no records");
            assert!(problem.fault == Fault::Data && says_so, "{}: {problem:?}", way.name);
        }
    }
}

#[test]
fn counts_that_are_all_zero_are_a_problem_of_the_data_on_every_path() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let row = row().new_tree(&mut runner).unwrap().current();
    let case = Case {
        rows: vec![Row { people: 0, ..row }],
        cuts: Vec::new(),
        choice: 0,
        sort: Sort::Counted,
    };
    for way in WAYS.iter().filter(|way| way.kind == Kind::Whole) {
        let problems = (way.tally)(&case).unwrap_err();
        assert!(
            problems[0].message.contains("every count is 0"),
            "{}: {problems:?}",
            way.name
        );
    }
}
