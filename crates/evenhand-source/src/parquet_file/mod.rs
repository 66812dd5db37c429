//! This module reads Parquet files: the columns that have a role, as codes, without ever making rows.
//!
//! The Parquet crate reads the footer and decompresses pages. Levels, dictionaries, indices and PLAIN values are
//! decoded here, because what is wanted are codes and not values: a dictionary's entry is coded once, and a row only
//! looks its code up.

mod chunk;
mod delta;
mod fallback;
mod footer;
mod group;
mod head;
mod hybrid;
mod in_order;
mod kind;
mod levels;
mod limit;
mod look_up;
mod nested;
mod page;
mod plain;
mod slots;
mod thrift;
mod trouble;
mod unpack;
mod values;
mod window;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use evenhand_measure::Problem;
use parquet::file::metadata::ParquetMetaData;
use rayon::prelude::*;

use self::footer::Footer;
use self::group::{Part, Source, Worker};
pub(crate) use self::head::{Shown, head};
pub(crate) use self::in_order::records;
pub use self::limit::decode_only;
pub(crate) use self::trouble::silenced;
use self::trouble::{broken_file, caught};
use crate::input::{Input, shown, unreadable};
use crate::kernel::Partial;
use crate::plan::Plan;
use crate::tally::Progress;

/// Row groups are cut into parts no smaller than this: each part decodes a page per column only to pass over it.
const SMALLEST_PART: u64 = 1 << 17;

/// The names of a Parquet file's columns, in its order; a nested column has one name.
///
/// # Errors
/// When the file cannot be read or is no Parquet file.
pub(crate) fn columns(input: &Input) -> Result<Vec<String>, Problem> {
    Ok(names(&Footer::read(input)?.metadata))
}

fn names(metadata: &ParquetMetaData) -> Vec<String> {
    let root = metadata.file_metadata().schema_descr().root_schema();
    root.get_fields().iter().map(|field| field.name().to_owned()).collect()
}

/// Tallies the rows of a Parquet file.
///
/// # Errors
/// When the file cannot be read, contradicts itself, or holds values that cannot play their role.
pub(crate) fn tally_parquet(input: &Input, plan: &Plan, progress: &dyn Progress) -> Result<Partial, Vec<Problem>> {
    let path = input.path();
    let footer = Footer::read(input).map_err(|problem| vec![problem])?;
    let sources = sources(path, &footer.metadata, plan)?;
    let parts = parts(path, &footer).map_err(|problem| vec![problem])?;
    let workers = rayon::current_num_threads().min(parts.len()).max(1);
    let queue = Queue {
        next: AtomicUsize::new(0),
        stop: AtomicUsize::new(usize::MAX),
    };
    let work = |_| queue.work(input, plan, &footer.metadata, &sources, &parts, progress);
    let outcomes: Vec<Result<Partial, (usize, Problem)>> = (0..workers).into_par_iter().map(work).collect();

    let mut whole: Option<Partial> = None;
    let mut first: Option<(usize, Problem)> = None;
    for outcome in outcomes {
        match outcome {
            Err(failed) if first.as_ref().is_none_or(|first| failed.0 < first.0) => first = Some(failed),
            Err(_) => {}
            Ok(partial) => {
                whole = Some(match whole {
                    None => partial,
                    Some(others) => others.merge(&partial).map_err(|problem| vec![problem])?,
                });
            }
        }
    }
    match (first, whole) {
        (None, Some(whole)) => Ok(whole),
        (Some((_, problem)), _) => Err(vec![problem]),
        (None, None) => Err(vec![broken_file(path, "nothing that could be read")]),
    }
}

/// Which leaf columns the plan needs. A nested column is found later, when its type is looked at.
fn sources(path: &Path, metadata: &ParquetMetaData, plan: &Plan) -> Result<Vec<Source>, Vec<Problem>> {
    let leaves = metadata.file_metadata().schema_descr().columns();
    let mut problems = Vec::new();
    let mut sources = Vec::new();
    for column in plan.columns() {
        let leaf = leaves
            .iter()
            .position(|leaf| leaf.path().parts().first().is_some_and(|name| name == column));
        let slots = plan.slots.iter().enumerate();
        let slots = slots.filter(|(_, slot)| slot.is_read() && slot.column == column);
        match leaf {
            Some(leaf) => sources.push(Source {
                leaf,
                slots: slots.map(|(index, _)| index).collect(),
            }),
            None => problems.push(Problem::usage(
                format!("{} has no column `{column}`", shown(path)),
                "check the spelling; `evenhand inspect` lists the columns",
            )),
        }
    }
    if problems.is_empty() {
        Ok(sources)
    } else {
        Err(problems)
    }
}

/// Cuts the row groups into parts, so that a file with few groups occupies every thread.
fn parts(path: &Path, footer: &Footer) -> Result<Vec<Part>, Problem> {
    let groups = footer.metadata.row_groups();
    let count = |rows: i64| usize::try_from(rows).map_err(|_| broken_file(path, "a negative number of rows"));
    let mut total = 0u64;
    for group in groups {
        let rows = count(group.num_rows())? as u64;
        total = total
            .checked_add(rows)
            .ok_or_else(|| broken_file(path, "more than 2^64 rows"))?;
    }
    let stated = count(footer.metadata.file_metadata().num_rows())? as u64;
    if stated != total {
        return Err(broken_file(
            path,
            &format!("{total} rows in the row groups of a file that says it has {stated}"),
        ));
    }
    let size = total
        .div_ceil(4 * rayon::current_num_threads() as u64)
        .max(SMALLEST_PART) as usize;
    let bytes_until = |row: u64| (u128::from(footer.length) * u128::from(row)).checked_div(u128::from(total));
    let mut parts = Vec::new();
    let mut first = 0u64;
    for (group, metadata) in groups.iter().enumerate() {
        let group_rows = count(metadata.num_rows())?;
        for start in (0..group_rows).step_by(size) {
            let rows = size.min(group_rows - start);
            let end = first + rows as u64;
            let bytes = bytes_until(end).unwrap_or(0) - bytes_until(first).unwrap_or(0);
            parts.push(Part {
                group,
                group_rows,
                start,
                rows,
                first,
                bytes: bytes as u64,
            });
            first = end;
        }
    }
    Ok(parts)
}

/// Parts are taken in order, and a problem in one stops only later ones: so the first problem in the file is the one
/// that is reported, however the parts fell to the threads.
struct Queue {
    next: AtomicUsize,
    stop: AtomicUsize,
}

impl Queue {
    fn work(
        &self,
        input: &Input,
        plan: &Plan,
        metadata: &ParquetMetaData,
        sources: &[Source],
        parts: &[Part],
        progress: &dyn Progress,
    ) -> Result<Partial, (usize, Problem)> {
        let path = input.path();
        let failed = |index: usize, problem: Problem| {
            self.stop.fetch_min(index, Ordering::Relaxed);
            (index, problem)
        };
        // Each worker has the file open for itself, because an open file has one position.
        let file = input.open().map_err(|error| failed(0, unreadable(path, &error)))?;
        let mut worker = Worker::new(file, plan);
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(index).filter(|_| index < self.stop.load(Ordering::Relaxed)) else {
                break;
            };
            let wanted = || index < self.stop.load(Ordering::Relaxed);
            let group = metadata.row_group(part.group);
            let mut done = 0;
            caught(|| worker.count(group, sources, *part, &mut done, wanted))
                .map_err(|trouble| failed(index, trouble.problem(path, part.first + done as u64)))?;
            progress.advance(part.bytes);
        }
        worker
            .counter
            .finish(worker.coders)
            .map_err(|problem| failed(parts.len(), problem))
    }
}

#[cfg(test)]
#[path = "tests/mod.rs"]
mod tests;
