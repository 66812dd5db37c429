//! This module counts the rows of a part of a row group: all columns in lock step, a batch at a time.

use std::sync::Arc;

use parquet::file::metadata::RowGroupMetaData;

use super::chunk::Chunk;
use super::trouble::Trouble;
use crate::input::File;
use crate::kernel::{Batch, Coder, Counter};
use crate::plan::Plan;

/// Codes of this many rows in a few columns stay in the nearest caches.
const BATCH: usize = 8_192;

/// A column of the file and the slots that use it.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Its place among the file's leaf columns.
    pub(super) leaf: usize,
    /// The places of the slots.
    pub(super) slots: Vec<usize>,
}

/// A part of a row group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Which row group.
    pub(super) group: usize,
    /// How many rows the group has.
    pub(super) group_rows: usize,
    /// The part's first row in the group.
    pub(super) start: usize,
    /// How many rows it has.
    pub(super) rows: usize,
    /// The number of its first row in the file, counted from 0.
    pub(super) first: u64,
    /// What it counts for in the progress.
    pub(super) bytes: u64,
}

/// What a thread keeps while it counts parts.
pub(super) struct Worker {
    file: Arc<File>,
    /// One coder per slot.
    pub(super) coders: Vec<Coder>,
    /// What was counted.
    pub(super) counter: Counter,
    batch: Batch,
}

impl Worker {
    /// A worker that alone uses `file`.
    pub(super) fn new(file: File, plan: &Plan) -> Self {
        Self {
            file: Arc::new(file),
            coders: plan.slots.iter().map(|slot| Coder::new(slot, &plan.texts)).collect(),
            counter: Counter::new(plan),
            batch: Batch::new(plan),
        }
    }

    /// Counts a part. On trouble, `done` says how many of its rows were read before the batch that has it.
    pub(super) fn count(
        &mut self,
        group: &RowGroupMetaData,
        sources: &[Source],
        part: Part,
        done: &mut usize,
        wanted: impl Fn() -> bool,
    ) -> Result<(), Trouble> {
        let mut chunks = Vec::with_capacity(sources.len());
        for source in sources {
            let mut chunk = Chunk::new(
                &self.file,
                group.column(source.leaf),
                part.group_rows,
                &source.slots,
                &self.batch,
            )?;
            chunk.skip(part.start)?;
            chunks.push(chunk);
        }
        while *done < part.rows {
            if !wanted() {
                return Err(Trouble::Superseded);
            }
            self.batch.clear();
            let rows = BATCH.min(part.rows - *done);
            for chunk in &mut chunks {
                chunk.read(rows, &mut self.coders, &mut self.batch)?;
            }
            self.batch.rows = rows;
            self.batch.first = Some(part.first + *done as u64);
            self.batch.complete();
            self.counter.add(&self.batch).map_err(Trouble::Unfit)?;
            *done += rows;
        }
        if part.start + part.rows == part.group_rows {
            chunks.into_iter().try_for_each(Chunk::finish)?;
        }
        Ok(())
    }
}
