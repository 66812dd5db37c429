//! This module counts the rows of data frames: blocks of rows on all threads, or row by row.

use std::sync::atomic::{AtomicUsize, Ordering};

use evenhand_measure::Problem;
use evenhand_source::{Batch, Counter, Partial, Plan, Unusable};
use polars::prelude::*;
use rayon::prelude::*;

use super::PLACE;
use super::lane::{Lane, Trouble};

/// Rows that a thread takes at a time: their codes stay in the second-level cache, and taking them costs nothing
/// beside counting them.
const BLOCK: usize = 8_192;

/// One pass over all rows, which may come in several frames.
pub(super) struct Pass {
    plan: Plan,
    workers: Vec<Worker>,
    threads: usize,
    block: usize,
    /// The rows of all frames so far, counted apart from the counters of the workers.
    rows: usize,
}

/// The coders and the counter of one thread.
struct Worker {
    lanes: Vec<Lane>,
    counter: Counter,
    batch: Batch,
}

impl Pass {
    /// A pass that uses all threads.
    pub(super) fn in_parallel(plan: &Plan) -> Self {
        Self::new(plan, rayon::current_num_threads(), BLOCK)
    }

    /// A pass that goes row by row, so that the first problem it meets is the first there is.
    pub(super) fn in_order(plan: &Plan) -> Self {
        Self::new(plan, 1, 1)
    }

    fn new(plan: &Plan, threads: usize, block: usize) -> Self {
        Self {
            workers: vec![Worker::new(plan)],
            plan: plan.clone(),
            threads,
            block,
            rows: 0,
        }
    }

    /// Counts the rows of a frame that has all columns of the plan.
    pub(super) fn add(&mut self, frame: &DataFrame) -> Result<(), Vec<Problem>> {
        let columns: Vec<&Column> = self
            .plan
            .slots
            .iter()
            .map(|slot| {
                frame
                    .column(&slot.column)
                    .map_err(|error| vec![unreadable(&slot.column, &error)])
            })
            .collect::<Result<_, _>>()?;
        let (rows, block) = (frame.height(), self.block);
        // More workers than blocks would only make empty tallies.
        let needed = self.threads.min(rows.div_ceil(block));
        while self.workers.len() < needed {
            self.workers.push(Worker::new(&self.plan));
        }
        let next = AtomicUsize::new(0);
        let before = self.rows;
        let work = |worker: &mut Worker| {
            loop {
                let start = next.fetch_add(block, Ordering::Relaxed);
                if start >= rows {
                    return Ok(());
                }
                let counted = worker.add(&columns, before, start, block.min(rows - start));
                if counted.is_err() {
                    next.store(rows, Ordering::Relaxed);
                }
                counted?;
            }
        };
        let problem = |(row, trouble)| vec![at_row(trouble, before + row)];
        match self.workers.as_mut_slice() {
            [worker] => work(worker).map_err(problem)?,
            workers => workers
                .par_iter_mut()
                .with_max_len(1)
                .try_for_each(work)
                .map_err(problem)?,
        }
        self.rows += rows;
        Ok(())
    }

    /// What all workers counted together.
    pub(super) fn finish(self) -> Result<Partial, Vec<Problem>> {
        let mut whole: Option<Partial> = None;
        for worker in self.workers {
            let part = worker.finish().map_err(|problem| vec![problem])?;
            whole = Some(match whole {
                None => part,
                Some(whole) => whole.merge(&part).map_err(|problem| vec![problem])?,
            });
        }
        let counted = whole.as_ref().map_or(0, |whole| whole.tally.records);
        match whole {
            Some(whole) if counted == self.rows as u64 => Ok(whole),
            _ => Err(vec![Problem::data(
                format!("{PLACE} has {} rows and {counted} were counted", self.rows),
                "this is a defect of the program, not of your data; please report it",
            )]),
        }
    }
}

impl Worker {
    fn new(plan: &Plan) -> Self {
        Self {
            lanes: plan.slots.iter().map(|slot| Lane::new(slot, &plan.texts)).collect(),
            counter: Counter::new(plan),
            batch: Batch::new(plan),
        }
    }

    /// Counts the rows from `start` of a frame that follows so many rows of others; on failure says in which row.
    fn add(&mut self, columns: &[&Column], before: usize, start: usize, length: usize) -> Result<(), (usize, Trouble)> {
        self.batch.clear();
        for ((column, lane), into) in columns.iter().zip(&mut self.lanes).zip(&mut self.batch.columns) {
            // A constant column is written out here, for these rows only.
            let part = column.slice(start as i64, length).take_materialized_series();
            lane.add(&part, into).map_err(|(row, trouble)| (start + row, trouble))?;
        }
        self.batch.rows = length;
        self.batch.first = Some((before + start) as u64);
        self.counter
            .add(&self.batch)
            .map_err(|unusable| (start, Trouble::Value(unusable)))
    }

    fn finish(self) -> Result<Partial, Problem> {
        self.counter
            .finish(self.lanes.into_iter().map(Lane::into_coder).collect())
    }
}

fn at_row(trouble: Trouble, row: usize) -> Problem {
    let at = |unusable: &Unusable| unusable.at(&format!("{PLACE}, row {}", row + 1));
    match trouble {
        Trouble::Value(unusable) => at(&unusable),
        Trouble::Column(column, error) => unreadable(&column, &error),
    }
}

fn unreadable(column: &str, error: &PolarsError) -> Problem {
    Problem::data(
        format!("column `{column}` of {PLACE} cannot be read: {error}"),
        "cast it to text, a number or true/false",
    )
}
