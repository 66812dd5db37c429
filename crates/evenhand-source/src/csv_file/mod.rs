//! This module tallies CSV files, in parallel: one thread at a time reads the file in order and cuts it at
//! records; all threads code and count what they were given.

mod cut;
mod dialect;
mod encoding;
mod fields;
mod footer;
mod head;
mod header;
mod in_order;
mod record;
mod remark;
mod rows;
mod seen;
mod source;
mod text;
mod transcode;

use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use evenhand_measure::Problem;
use rayon::prelude::*;

use self::cut::{Cutter, Quotes, Stop};
pub(crate) use self::head::{Head, MOST_COLUMNS, head};
pub(crate) use self::in_order::{records, repeated_header};
use self::record::{Block, line_ends};
pub(crate) use self::remark::is_total;
pub(crate) use self::rows::sample;
use self::rows::{Rows, columns_of};
use self::text::Text;
use crate::input::{Damage, Input, shown, unreadable};
use crate::kernel::Partial;
use crate::plan::Plan;
use crate::tally::Progress;

/// Large enough that fetching a block costs little beside parsing it, small enough that the blocks in flight,
/// one per thread, stay in the last cache.
const BLOCK: usize = 1 << 20;

/// Rows are counted this many at a time.
const BATCH: usize = 8_192;

/// Tallies an input whose head was read before.
pub(crate) fn tally(input: &Input, head: &Head, plan: &Plan, progress: &dyn Progress) -> Result<Partial, Problem> {
    tally_in_blocks(input, head, plan, progress, BLOCK)
}

/// The same with blocks of about `size` bytes.
pub(crate) fn tally_in_blocks(
    input: &Input,
    head: &Head,
    plan: &Plan,
    progress: &dyn Progress,
    size: usize,
) -> Result<Partial, Problem> {
    // A problem may lie in the file, or only in counting its quotes: following them decides.
    in_parallel(input, head, plan, progress, Quotes::Counted, size)
        .or_else(|_| in_parallel(input, head, plan, &(), Quotes::Followed, size))
        .or_else(|problem| {
            // Which of several problems a thread meets first is chance. Reading once more in order finds the
            // first one and its line. A file that changed meanwhile may have none any more.
            in_order(input, head, plan, size).and(Err(problem))
        })
        .map_err(|problem| {
            // Damaged data may unpack to strange records before they cannot be unpacked any more.
            text::damage(input, head.compression).unwrap_or(problem)
        })
}

fn in_parallel(
    input: &Input,
    head: &Head,
    plan: &Plan,
    progress: &dyn Progress,
    quotes: Quotes,
    size: usize,
) -> Result<Partial, Problem> {
    /// Packed text is seldom more than so many times as long.
    const RATIO: u64 = 32;
    let path = input.path();
    let bytes = input.length().map_err(|error| unreadable(path, &error))?;
    match text::open(input, head, progress).map_err(|error| unreadable(path, &error))? {
        Text::File(file) => {
            let blocks = bytes / size as u64;
            let cutter = Cutter::new(file, head.delimiter, quotes, size);
            let whole = in_threads(path, head, plan, progress, cutter, quotes, blocks)?;
            // What comes before and after the records is no block.
            let after = head.end.map_or(0, |end| bytes.saturating_sub(end));
            progress.advance(head.first_byte + after);
            Ok(whole)
        }
        // Streams tell how much of them was read.
        Text::Stream(stream) => {
            let blocks = bytes.saturating_mul(RATIO) / size as u64;
            let cutter = Cutter::new(stream, head.delimiter, quotes, size);
            in_threads(path, head, plan, &(), cutter, quotes, blocks)
        }
    }
}

/// Tallies what `cutter` gives, which is about so many blocks. Whichever thread needs a block reads and unpacks it
/// while the others parse, so that a slow source is read without a break and a fast one keeps no thread to itself.
fn in_threads<R: Read + Send>(
    path: &Path,
    head: &Head,
    plan: &Plan,
    progress: &dyn Progress,
    cutter: Cutter<R>,
    quotes: Quotes,
    blocks: u64,
) -> Result<Partial, Problem> {
    let cutter = Mutex::new(cutter);
    let failed = AtomicBool::new(false);
    let targets = columns_of(plan, &head.columns);
    let work = |_: usize| -> Result<Partial, Problem> {
        let mut rows = Rows::new(plan, &targets, head, quotes, BATCH);
        let mut block = Block::default();
        let run = || -> Result<(), Problem> {
            while !failed.load(Ordering::Relaxed) {
                let next = cutter.lock().unwrap_or_else(PoisonError::into_inner).next(block);
                let Some(full) = next.map_err(|(stop, _)| stopped(path, &stop, 0))? else {
                    break;
                };
                rows.read(&full).map_err(|trouble| trouble.reason.at(&shown(path)))?;
                progress.advance(full.text().len() as u64);
                block = full;
            }
            Ok(())
        };
        run().inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        rows.finish(&shown(path))
    };
    // More workers than blocks would only make empty tallies.
    let blocks = usize::try_from(blocks).unwrap_or(usize::MAX).saturating_add(1);
    let workers = rayon::current_num_threads().min(blocks);
    let parts: Vec<Result<Partial, Problem>> = (0..workers).into_par_iter().with_max_len(1).map(work).collect();
    let mut whole: Option<Partial> = None;
    for part in parts {
        let part = part?;
        whole = Some(match whole {
            None => part,
            Some(whole) => whole.merge(&part)?,
        });
    }
    whole.ok_or_else(|| {
        Problem::data(
            format!("{} was not read", shown(path)),
            "please report this as a defect",
        )
    })
}

/// Reads everything on this thread, row by row, so that a problem has its line.
fn in_order(input: &Input, head: &Head, plan: &Plan, size: usize) -> Result<Partial, Problem> {
    let path = input.path();
    let text = text::open(input, head, &()).map_err(|error| unreadable(path, &error))?;
    let mut cutter = Cutter::new(text, head.delimiter, Quotes::Followed, size);
    let targets = columns_of(plan, &head.columns);
    let mut rows = Rows::new(plan, &targets, head, Quotes::Followed, 1);
    let mut line = head.first_line;
    let mut block = Block::default();
    loop {
        match cutter.next(block) {
            Err((stop, text)) => {
                return Err(stopped(path, &stop, line + line_ends(stop.before(&text))));
            }
            Ok(None) => return rows.finish(&shown(path)),
            Ok(Some(full)) => {
                rows.read(&full).map_err(|trouble| {
                    let line = || line + line_ends(&full.text()[..trouble.record]);
                    let place = input
                        .place(rows.records())
                        .unwrap_or_else(|| format!("{}, line {}", shown(path), line()));
                    trouble.reason.at(&place)
                })?;
                line += line_ends(full.text());
                block = full;
            }
        }
    }
}

impl Stop {
    /// The part of the text after the last block that comes before what stopped the reading.
    fn before<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        match self {
            Self::Unclosed(quote) => &text[..*quote],
            Self::Unreadable(_) => text,
            Self::Endless => &[],
        }
    }
}

fn stopped(path: &Path, stop: &Stop, line: u64) -> Problem {
    let name = shown(path);
    match stop {
        Stop::Unreadable(error) => match Damage::of(error) {
            Some(damage) => damage.at(&format!("{name}, line {line} once unpacked")),
            None => unreadable(path, error),
        },
        Stop::Unclosed(_) => Problem::data(
            format!("{name}, line {line}: a quote is opened and never closed"),
            "close it, or write a quote inside of a quoted field twice",
        ),
        Stop::Endless => Problem::data(
            format!("{name}, line {line}: the record does not end within 64 million bytes"),
            "is this a table with one record per line?",
        ),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

#[cfg(test)]
mod dress_tests;
