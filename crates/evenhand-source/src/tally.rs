//! This module reads files of any kind into one tally.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use evenhand_measure::catalogue::closest;
use evenhand_measure::tally::{Axis, Quantity, Tally};
use evenhand_measure::{Policy, Problem, listed};

use crate::csv_file::{self, Head};
use crate::input::{Kind, look, shown};
use crate::kernel::{Partial, check_numbers};
use crate::parquet_file;
use crate::plan::{Plan, Purpose, role_name};
use crate::saved::{check_roles, saved};

/// Hears how much of the input was read. Called from several threads.
pub trait Progress: Sync {
    /// So many more bytes will be read; what is read several times is announced each time.
    fn total(&self, bytes: u64);
    /// So many more bytes were read.
    fn advance(&self, bytes: u64);
}

/// Hears nothing.
impl Progress for () {
    fn total(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}

/// A data file whose columns are known, or a tally.
enum Source<'a> {
    Csv(&'a Path, Head),
    Parquet(&'a Path, Vec<String>),
    Tally(&'a Path),
}

impl Source<'_> {
    /// The file and its columns; nothing for a tally.
    fn columns(&self) -> Option<(&Path, &[String])> {
        match self {
            Self::Csv(path, head) => Some((path, &head.columns)),
            Self::Parquet(path, columns) => Some((path, columns)),
            Self::Tally(_) => None,
        }
    }
}

/// Reads CSV and Parquet files and tallies (`*.tally.json`), as the roles of `policy` say, into one tally.
///
/// # Errors
/// When a file cannot be read or understood, a role's column is not there, the files do not fit together, or a
/// value cannot play its role; what can be found out before reading is reported at once.
pub fn tally(paths: &[PathBuf], policy: &Policy, progress: &dyn Progress) -> Result<Tally, Vec<Problem>> {
    let (sources, bytes) = look_at(paths)?;
    let data: Vec<(&Path, &[String])> = sources.iter().filter_map(Source::columns).collect();
    // Tallies bring their roles with them, so a policy is asked for them only when there are rows to read.
    let plan = if data.is_empty() {
        Plan::default()
    } else {
        Plan::from_policy(policy)?
    };
    check_columns(&data, &plan)?;

    let place = match paths {
        [path] => shown(path),
        _ => "all files together".to_owned(),
    };
    let count = |plan: &Plan| {
        progress.total(bytes);
        whole(&sources, plan, &place, progress)
    };
    if plan.unsettled().is_some() {
        check_scores(&sources)?;
    }
    let plan = plan.settled(&place, count)?;
    let partial = count(&plan)?;
    if data.is_empty() {
        // Saved tallies were checked when they were made; what they are asked for may still not be in them.
        check_roles(&partial.tally, policy, &place)?;
        return added_up(partial);
    }
    finish(partial, &place)
}

/// Everything that the sources hold.
fn whole(sources: &[Source<'_>], plan: &Plan, place: &str, progress: &dyn Progress) -> Result<Partial, Vec<Problem>> {
    let mut whole: Option<Partial> = None;
    for source in sources {
        let part = read(source, plan, progress)?;
        whole = Some(match whole {
            None => part,
            Some(whole) => whole.merge(&part).map_err(|problem| vec![unlike(source, problem)])?,
        });
    }
    let Some(whole) = whole else {
        return Err(vec![Problem::usage("no input is given", "name a CSV or Parquet file")]);
    };
    if whole.rows == 0 {
        let column = whole.tally.quantities.get(&Quantity::Count).map_or("", String::as_str);
        return Err(vec![Problem::data(
            format!("{place}, column `{column}`: every count is 0, so the records stand for no rows"),
            "check the count column",
        )]);
    }
    Ok(whole)
}

/// A median needs the scores of all rows, and a tally keeps none.
fn check_scores(sources: &[Source<'_>]) -> Result<(), Vec<Problem>> {
    let problems: Vec<Problem> = sources
        .iter()
        .filter_map(|source| match source {
            Source::Tally(path) => Some(Problem::usage(
                format!(
                    "{} is a tally and keeps no scores, so the median of all rows cannot be found",
                    shown(path)
                ),
                "give the file that it was made from in its place, or give the threshold as a number",
            )),
            Source::Csv(..) | Source::Parquet(..) => None,
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// A problem of adding what was read from `source` to what was read before.
fn unlike(source: &Source<'_>, problem: Problem) -> Problem {
    let (Source::Csv(path, _) | Source::Parquet(path, _) | Source::Tally(path)) = source;
    Problem {
        message: format!(
            "{} does not go with the inputs before it: {}",
            shown(path),
            problem.message
        ),
        ..problem
    }
}

/// The tally of everything that was read from `place`, once its groups are known to be groups.
///
/// # Errors
/// When a protected column is a bare number with many values, or the cells do not add up to the rows.
pub fn finish(partial: Partial, place: &str) -> Result<Tally, Vec<Problem>> {
    let dimensions = partial.tally.decisions.dimensions().iter();
    let problems: Vec<Problem> = dimensions
        .filter_map(|dimension| check_numbers(dimension).err())
        .map(|unusable| unusable.at(place))
        .collect();
    if problems.is_empty() {
        added_up(partial)
    } else {
        Err(problems)
    }
}

/// What leaves this crate adds up to what was read.
fn added_up(partial: Partial) -> Result<Tally, Vec<Problem>> {
    partial
        .checked()
        .map(|partial| partial.tally)
        .map_err(|problem| vec![problem])
}

/// Looks at every file before any is read.
fn look_at(paths: &[PathBuf]) -> Result<(Vec<Source<'_>>, u64), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut sources = Vec::new();
    let mut bytes = 0u64;
    for (index, path) in paths.iter().enumerate() {
        if paths[..index].iter().any(|other| is_same(path, other)) {
            problems.push(Problem::usage(
                format!("{} is given twice, so its rows would count double", shown(path)),
                "name each file once",
            ));
        }
        let source = look(path).and_then(|(kind, size)| {
            bytes = bytes.saturating_add(size);
            Ok(match kind {
                Kind::Csv => Source::Csv(path, csv_file::head(path)?),
                Kind::Parquet => Source::Parquet(path, parquet_file::columns(path)?),
                Kind::Tally => Source::Tally(path),
            })
        });
        match source {
            Ok(source) => sources.push(source),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok((sources, bytes))
    } else {
        Err(problems)
    }
}

/// Whether two paths lead to the same file.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Checks that the first file has the plan's columns, and the others the same columns as the first.
fn check_columns(data: &[(&Path, &[String])], plan: &Plan) -> Result<(), Vec<Problem>> {
    let Some(((first, columns), others)) = data.split_first() else {
        return Ok(());
    };
    let problems: Vec<Problem> = plan
        .columns()
        .into_iter()
        .filter_map(|wanted| unfit(first, columns, wanted, plan))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let expected: BTreeSet<&String> = columns.iter().collect();
    let differ = |(path, columns): &(&Path, &[String])| {
        let found: BTreeSet<&String> = columns.iter().collect();
        let (lacks, has, column) = match (expected.difference(&found).next(), found.difference(&expected).next()) {
            (Some(column), _) => (*path, *first, column),
            (None, Some(column)) => (*first, *path, column),
            (None, None) => {
                // The same names may still hide a role's column that is there twice.
                return plan
                    .columns()
                    .into_iter()
                    .find_map(|wanted| unfit(path, columns, wanted, plan));
            }
        };
        Some(Problem::data(
            format!("{} has no column `{column}`, which {} has", shown(lacks), shown(has)),
            "give files with the same columns, or audit them one by one",
        ))
    };
    let problems: Vec<Problem> = others.iter().filter_map(differ).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// What is wrong with `wanted` among the `columns` of a file.
fn unfit(path: &Path, columns: &[String], wanted: &str, plan: &Plan) -> Option<Problem> {
    let role = plan
        .slots
        .iter()
        .find(|slot| slot.column == wanted)
        .map_or("", |slot| match &slot.purpose {
            Purpose::Key(axis, _) => role_name(*axis),
            Purpose::Sifted(_) => role_name(Axis::Prediction),
            Purpose::Count => "count",
            Purpose::Weight => "weight",
        });
    match columns.iter().filter(|name| *name == wanted).count() {
        1 => None,
        0 => {
            let alike = closest(wanted, columns.iter().map(String::as_str));
            let help = if alike.is_empty() {
                format!("its columns are {}", listed(columns, 20))
            } else {
                format!("did you mean {}?", listed(&alike, 3))
            };
            Some(Problem::usage(
                format!("{} has no column `{wanted}` ({role})", shown(path)),
                help,
            ))
        }
        times => Some(Problem::usage(
            format!("{} has {times} columns called `{wanted}` ({role})", shown(path)),
            "rename them, so that it is clear which one is meant",
        )),
    }
}

fn read(source: &Source<'_>, plan: &Plan, progress: &dyn Progress) -> Result<Partial, Vec<Problem>> {
    let (path, partial) = match source {
        Source::Csv(path, head) => (
            path,
            csv_file::tally(path, head, plan, progress).map_err(|problem| vec![problem])?,
        ),
        Source::Parquet(path, _) => (path, parquet_file::tally_parquet(path, plan, progress)?),
        Source::Tally(path) => {
            let tally = saved(path, progress).map_err(|problem| vec![problem])?;
            (
                path,
                Partial {
                    rows: tally.rows(),
                    tally,
                },
            )
        }
    };
    if partial.tally.records == 0 {
        return Err(vec![Problem::data(
            format!("{} has a header and no records", shown(path)),
            "export the data again, or leave this file out",
        )]);
    }
    Ok(partial)
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;
