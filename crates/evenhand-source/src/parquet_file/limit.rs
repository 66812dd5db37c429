//! This module decodes the columns that an audit needs and does nothing with them: how fast reading can be at best.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use evenhand_measure::Problem;
use rayon::prelude::*;

use super::chunk::Chunk;
use super::footer::Footer;
use super::trouble::caught;
use super::{parts, sources};
use crate::input::{Input, unreadable};
use crate::kernel::Batch;
use crate::plan::Plan;

/// As many rows at a time as are counted at a time.
const BATCH: usize = 8_192;

/// Reads, decompresses and decodes the columns of `plan` on all threads, in the parts in which they are counted, and
/// throws the decoded levels, indices and values away. Gives the number of rows.
///
/// # Errors
/// When the file cannot be read, or lacks a column.
pub fn decode_only(path: &Path, plan: &Plan) -> Result<u64, Vec<Problem>> {
    let input = Input::named(path);
    let footer = Footer::read(&input).map_err(|problem| vec![problem])?;
    let sources = sources(path, &footer.metadata, plan)?;
    let parts = parts(path, &footer).map_err(|problem| vec![problem])?;
    let next = AtomicUsize::new(0);
    let work = |_| {
        let file = Arc::new(input.open().map_err(|error| vec![unreadable(path, &error)])?);
        let batch = Batch::new(plan);
        let mut rows = 0;
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let group = footer.metadata.row_group(part.group);
            caught(|| {
                let mut chunks = Vec::with_capacity(sources.len());
                for source in &sources {
                    let mut chunk = Chunk::new(&file, group.column(source.leaf), part.group_rows, &[], &batch)?;
                    chunk.skip(part.start)?;
                    chunks.push(chunk);
                }
                for start in (0..part.rows).step_by(BATCH) {
                    let rows = BATCH.min(part.rows - start);
                    chunks.iter_mut().try_for_each(|chunk| chunk.discard(rows))?;
                }
                Ok(())
            })
            .map_err(|trouble| vec![trouble.problem(path, part.first)])?;
            rows += part.rows as u64;
        }
        Ok(rows)
    };
    (0..rayon::current_num_threads())
        .into_par_iter()
        .map(work)
        .try_reduce(|| 0, |one, other| Ok(one + other))
}
