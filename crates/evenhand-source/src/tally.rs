//! This module reads files of any kind into one tally.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use evenhand_measure::catalogue::closest;
use evenhand_measure::tally::{Axis, Quantity, Tally};
use evenhand_measure::{Policy, Problem, listed};
use rayon::prelude::*;

use crate::constants;
use crate::controls::read_again;
use crate::csv_file;
use crate::input::{Body, Input, Inputs, Partition, shown, unreadable};
use crate::kernel::{Partial, check_numbers};
use crate::lists::Pool;
use crate::parquet_file;
use crate::plan::{Plan, Purpose};
use crate::rates;
use crate::saved::{check_roles, saved};
use crate::sqlite;
use crate::totals;

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

/// Smaller inputs are read several at a time: one alone has too little for all threads.
const SMALL: u64 = 8 << 20;

/// So many of them at most, because what was counted in each is kept until all of them are read.
const AT_ONCE: usize = 64;

/// An input whose columns are known, or a tally.
struct Source<'a> {
    input: &'a Input,
    bytes: u64,
    body: &'a Body,
    /// All columns, first those of the file.
    columns: Vec<String>,
    /// The columns that only its folders have.
    constants: Vec<Partition>,
}

impl<'a> Source<'a> {
    fn new(input: &'a Input) -> Result<Self, Problem> {
        let body = &input.known()?.body;
        let mut columns = input.columns()?;
        let constants = match body {
            Body::Tally => Vec::new(),
            // What a file says of its rows goes before what its folder says.
            _ => input.partitions_beside(&columns),
        };
        columns.extend(constants.iter().map(|constant| constant.column.clone()));
        Ok(Self {
            input,
            bytes: input.length().map_err(|error| unreadable(input.path(), &error))?,
            body,
            columns,
            constants,
        })
    }

    fn path(&self) -> &'a Path {
        self.input.path()
    }

    fn is_small(&self) -> bool {
        self.bytes < SMALL
    }

    fn is_tally(&self) -> bool {
        matches!(self.body, Body::Tally)
    }

    /// The folder that gives `column` its value, if the file itself does not have it.
    fn constant(&self, column: &str) -> Option<&Partition> {
        self.constants.iter().find(|constant| constant.column == column)
    }
}

/// Reads files of any format and tallies (`*.tally.json`), as the roles of `policy` say, into one tally. A path may also
/// be a pattern, a folder or a pipe: see [`Inputs::find`].
///
/// # Errors
/// When a file cannot be read or understood, a role's column is not there, the files do not fit together, or a
/// value cannot play its role; what can be found out before reading is reported at once.
pub fn tally(paths: &[PathBuf], policy: &Policy, progress: &dyn Progress) -> Result<Tally, Vec<Problem>> {
    Inputs::find(paths)?.tally(policy, progress)
}

impl Inputs {
    /// Reads all of them, as the roles of `policy` say, into one tally.
    ///
    /// # Errors
    /// As for [`tally`].
    pub fn tally(&self, policy: &Policy, progress: &dyn Progress) -> Result<Tally, Vec<Problem>> {
        let inputs = self.prepared(&policy.data)?;
        let sources = look_at(inputs.all())?;
        let bytes = sources
            .iter()
            .fold(0u64, |sum, source| sum.saturating_add(source.bytes));
        let data: Vec<&Source<'_>> = sources.iter().filter(|source| !source.is_tally()).collect();
        // Tallies bring their roles with them, so a policy is asked for them only when there are rows to read.
        let plan = if data.is_empty() {
            Plan::default()
        } else {
            Plan::from_policy(policy)?
        };
        let plan = match data.first() {
            Some(first) => plan.fitted(&first.columns)?,
            None => plan,
        };
        check_columns(&data, &plan)?;

        let place = match self.all() {
            [input] => shown(input.path()),
            _ => "all files together".to_owned(),
        };
        let count = |plan: &Plan| {
            progress.total(bytes);
            if plan.is_of_kinds() {
                // A tally knows of its own controls what they are.
                return whole(&data, plan, &place, progress);
            }
            whole(&sources.iter().collect::<Vec<_>>(), plan, &place, progress)
        };
        if let Some(slot) = plan.unsettled() {
            check_numbers_kept(&sources, &plan.slots[slot].purpose)?;
        }
        let plan = plan.settled(&place, count)?;
        let partial = count(&plan)?;
        let partial = if data.len() == sources.len() {
            read_again(partial, &plan, count)?
        } else {
            partial
        };
        if data.is_empty() {
            // Saved tallies were checked when they were made; what they are asked for may still not be in them.
            let tally = added_up(partial, &plan, &place)?;
            check_roles(&tally, policy, &place)?;
            return Ok(tally);
        }
        finish(partial, &plan, &place)
    }
}

/// Everything that the sources hold.
fn whole(sources: &[&Source<'_>], plan: &Plan, place: &str, progress: &dyn Progress) -> Result<Partial, Vec<Problem>> {
    let mut whole: Option<Partial> = None;
    let mut numbers = 0u64..;
    for together in sources.chunk_by(|one, next| one.is_small() && next.is_small()) {
        for some in together.chunks(AT_ONCE) {
            let parts: Vec<_> = some.par_iter().map(|source| read(source, plan, progress)).collect();
            // In the order of the inputs, so that the first problem does not depend on threads.
            for (source, part) in some.iter().zip(parts) {
                let mut part = part?;
                part.lists.come_from(numbers.next().unwrap_or_default());
                whole = Some(match whole {
                    None => part,
                    Some(whole) => whole.merge(&part).map_err(|problem| vec![unlike(source, problem)])?,
                });
            }
        }
    }
    let Some(whole) = whole else {
        return Err(vec![Problem::usage("no input is given", "name a CSV or Parquet file")]);
    };
    if whole.tally.records == 0 {
        return Err(vec![match sources {
            [_] => empty(place),
            files => Problem::data(
                format!("none of the {} files has any records", files.len()),
                "export the data again",
            ),
        }]);
    }
    if whole.rows == 0 {
        let column = whole.tally.quantities.get(&Quantity::Count).map_or("", String::as_str);
        return Err(vec![Problem::data(
            format!("{place}, column `{column}`: every count is 0, so the records stand for no rows"),
            "check the count column",
        )]);
    }
    Ok(whole)
}

/// A median needs the scores of all rows, and quantiles their numbers; a tally keeps no rows.
fn check_numbers_kept(sources: &[Source<'_>], purpose: &Purpose) -> Result<(), Vec<Problem>> {
    let (wanted, instead) = match purpose {
        Purpose::Parted(_, quantiles) => (
            format!("the {quantiles} of all rows"),
            "the edges of the bins as numbers",
        ),
        _ => ("the median of all rows".to_owned(), "the threshold as a number"),
    };
    let problems: Vec<Problem> = sources
        .iter()
        .filter(|source| source.is_tally())
        .map(|source| {
            Problem::usage(
                format!(
                    "{} is a tally and keeps no rows, so {wanted} cannot be found",
                    shown(source.path())
                ),
                format!("give the file that it was made from in its place, or give {instead}"),
            )
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// A problem of adding what was read from `source` to what was read before.
fn unlike(source: &Source<'_>, problem: Problem) -> Problem {
    Problem {
        message: format!(
            "{} does not go with the inputs before it: {}",
            shown(source.path()),
            problem.message
        ),
        ..problem
    }
}

/// The tally of everything that was read from `place` by this plan, once its groups are known to be groups, and published
/// rates have become counts.
///
/// # Errors
/// When a protected column is a bare number with many values, one group is the sum of the others, no count fits a
/// published rate, or the cells do not add up to the rows.
pub fn finish(partial: Partial, plan: &Plan, place: &str) -> Result<Tally, Vec<Problem>> {
    let partial = match plan.published() {
        Some(digits) => rates::counted(partial, digits, plan.texts.decimal, place)?,
        None => partial,
    };
    totals::check(&partial.tally, place)?;
    let dimensions = partial.tally.decisions.dimensions().iter();
    let problems: Vec<Problem> = dimensions
        .filter_map(|dimension| check_numbers(dimension).err())
        .map(|unusable| unusable.at(place))
        .collect();
    if problems.is_empty() {
        added_up(partial, plan, place)
    } else {
        Err(problems)
    }
}

/// What leaves this crate adds up to what was read, and the rows of lists have become lists.
fn added_up(partial: Partial, plan: &Plan, place: &str) -> Result<Tally, Vec<Problem>> {
    let one = |problem| vec![problem];
    let Partial { tally, lists, .. } = partial.checked().map_err(one)?;
    let lists = lists.tally(plan, place).map_err(one)?;
    let (measured, controls) = (tally.measured.clone(), tally.controls.clone());
    Ok(tally.with(measured, controls, lists))
}

/// Looks at every input before any is read.
fn look_at(inputs: &[Input]) -> Result<Vec<Source<'_>>, Vec<Problem>> {
    let (sources, problems): (Vec<_>, Vec<_>) = inputs
        .par_iter()
        .map(Source::new)
        .collect::<Vec<_>>()
        .into_iter()
        .partition(Result::is_ok);
    let problems: Vec<Problem> = problems.into_iter().filter_map(Result::err).collect();
    if problems.is_empty() {
        Ok(sources.into_iter().flatten().collect())
    } else {
        Err(problems)
    }
}

/// Checks that the first file has the plan's columns, and the others the same columns as the first.
fn check_columns(data: &[&Source<'_>], plan: &Plan) -> Result<(), Vec<Problem>> {
    let Some((first, others)) = data.split_first() else {
        return Ok(());
    };
    let unfit = |source: &Source<'_>| -> Vec<Problem> {
        let wanted = plan.columns().into_iter();
        let absent = wanted.filter_map(|wanted| unfit(source, wanted, plan));
        absent.chain(unfit_constants(source, plan)).collect()
    };
    let problems = unfit(first);
    if !problems.is_empty() {
        return Err(problems);
    }
    let expected: BTreeSet<&String> = first.columns.iter().collect();
    let wanted = plan.columns();
    let differ = |source: &&Source<'_>| {
        let found: BTreeSet<&String> = source.columns.iter().collect();
        let (path, first_path) = (source.path(), first.path());
        // On the way to a file that was named, a folder may be called `x=1` for reasons of its own; there only a role
        // makes that a column that others must have. What was found beside each other is one table.
        let is_named = !first.input.is_found() && !source.input.is_found();
        let matters = |column: &&&String| {
            let is_constant = is_named && (first.constant(column).is_some() || source.constant(column).is_some());
            !is_constant || wanted.contains(&column.as_str())
        };
        let lacking = expected.difference(&found).find(matters);
        let (lacks, has, column) = match (lacking, found.difference(&expected).find(matters)) {
            (Some(column), _) => (path, first_path, column),
            (None, Some(column)) => (first_path, path, column),
            // The same names may still hide a role's column that is there twice.
            (None, None) => return unfit(source).into_iter().next(),
        };
        Some(Problem::data(
            format!("{} has no column `{column}`, which {} has", shown(lacks), shown(has)),
            "give files with the same columns, or audit them one by one",
        ))
    };
    let problems: Vec<Problem> = others.iter().filter_map(differ).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Counts and weights are numbers of records, so they cannot come from a folder's name.
fn unfit_constants(source: &Source<'_>, plan: &Plan) -> Vec<Problem> {
    let unfit = |(role, column): (&str, &str)| {
        let constant = source.constant(column)?;
        let value = constant.value.as_deref().unwrap_or_default();
        Some(Problem::usage(
            format!(
                "{} has no column `{column}` ({role}) of its own, only a folder `{column}={value}`",
                shown(source.path())
            ),
            format!("give a column of the file as --{role}, or leave it out"),
        ))
    };
    let slots = plan.slots.iter();
    let numbers = slots.filter_map(|slot| match &slot.purpose {
        Purpose::Count => Some(("count", slot.column.as_str())),
        Purpose::Weight => Some(("weight", slot.column.as_str())),
        _ => None,
    });
    numbers.filter_map(unfit).collect()
}

/// What is wrong with `wanted` among the columns of a source.
fn unfit(source: &Source<'_>, wanted: &str, plan: &Plan) -> Option<Problem> {
    let (path, columns) = (source.path(), &source.columns);
    let role = plan
        .slots
        .iter()
        .find(|slot| slot.column == wanted)
        .map_or("", |slot| plan.role(slot));
    match columns.iter().filter(|name| *name == wanted).count() {
        1 => None,
        0 => {
            let alike = closest(wanted, columns.iter().map(String::as_str));
            let help = if alike.is_empty() {
                let parted = parted(columns).map(|mark| match source.body {
                    // It stands within quotes, or it would have separated fields.
                    Body::Text(head) if char::from(head.delimiter) == mark => {
                        "; if the lines are in quotes as a whole, take these away and halve the doubled ones".to_owned()
                    }
                    _ => format!("; if `{mark}` separates fields, say `--delimiter {mark}`"),
                });
                format!("its columns are {}{}", listed(columns, 20), parted.unwrap_or_default())
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

/// What may separate the fields of a table that seems to have a single column: the mark that its name has most often.
fn parted(columns: &[String]) -> Option<char> {
    let [name] = columns else { return None };
    let is_mark = |c: &char| c.is_ascii_punctuation() && !matches!(c, '"' | '\'' | '_' | '-' | '.' | '(' | ')');
    let times = |mark: char| name.chars().filter(|c| *c == mark).count();
    name.chars().filter(is_mark).max_by_key(|mark| (times(*mark), *mark))
}

fn read(source: &Source<'_>, plan: &Plan, progress: &dyn Progress) -> Result<Partial, Vec<Problem>> {
    let Source { input, constants, .. } = source;
    let one = |problem| vec![problem];
    let partial = match source.body {
        Body::Tally => {
            let mut tally = saved(input, progress).map_err(one)?;
            Partial {
                rows: tally.counted(),
                lists: tally.lists.take().map(Pool::saved).unwrap_or_default(),
                tally,
            }
        }
        body => {
            let mut varied = constants::with(plan, constants, &shown(input.path())).map_err(one)?;
            varied.texts.plain.clone_from(&input.known().map_err(one)?.plain);
            match body {
                Body::Text(head) => {
                    let partial = csv_file::tally(input, head, &varied, progress).map_err(one)?;
                    check_header_once(input, head, &partial.tally).map_err(one)?;
                    partial
                }
                Body::Database(database) => sqlite::tally(input, database, &varied, progress).map_err(one)?,
                Body::Parquet | Body::Tally => parquet_file::tally_parquet(input, &varied, progress)?,
            }
        }
    };
    // Programs that write many parts write empty ones too, which nobody named.
    if partial.tally.records == 0 && !input.is_found() {
        return Err(vec![empty(&shown(input.path()))]);
    }
    Ok(partial)
}

/// Where several exports were put into one text, the names of the columns stand among its records, and would be groups.
/// Whoever looked at its start need not have seen that; what is called as its column is called tells.
fn check_header_once(input: &Input, head: &csv_file::Head, tally: &Tally) -> Result<(), Problem> {
    let mut groups = tally.decisions.dimensions().iter();
    let has_own_name = groups.any(|dimension| {
        let mut levels = dimension.levels.iter();
        dimension.role == Axis::Protected && levels.any(|level| level.text() == Some(dimension.column.as_str()))
    });
    if !has_own_name || input.is_written_down() {
        return Ok(());
    }
    match csv_file::repeated_header(input, head)? {
        None => Ok(()),
        Some(line) => Err(Problem::data(
            format!("{}, line {line}: the header is there once more", shown(input.path())),
            "`--ragged leave-out` leaves such lines out, and counts them",
        )),
    }
}

fn empty(place: &str) -> Problem {
    Problem::data(
        format!("{place} has a header and no records"),
        "export the data again, or leave this file out",
    )
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;
