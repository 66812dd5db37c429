//! This module counts the rows of a query while it runs, batch by batch, so that no more than a few batches are in
//! memory. polars only reads, filters and joins as the query says.

use std::sync::{Mutex, PoisonError};

use evenhand_measure::Problem;
use evenhand_source::{Partial, Plan};
use polars::prelude::*;

use super::pass::Pass;
use super::{cannot_run, projected};

pub(super) fn counted(query: &LazyFrame, plan: &Plan) -> Result<Partial, Vec<Problem>> {
    // Which of several problems a thread meets first is chance: the rows in their order have a first one.
    run(query, plan, Pass::in_parallel(plan), false)
        .or_else(|problems| run(query, plan, Pass::in_order(plan), true).and(Err(problems)))
}

/// A pass that batches are given to, and what went wrong with it.
struct Running {
    pass: Pass,
    problems: Option<Vec<Problem>>,
}

fn run(query: &LazyFrame, plan: &Plan, pass: Pass, in_order: bool) -> Result<Partial, Vec<Problem>> {
    let running = Arc::new(Mutex::new(Running { pass, problems: None }));
    let sink = {
        let running = Arc::clone(&running);
        PlanCallback::new(move |batch: DataFrame| {
            let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
            if running.problems.is_none() {
                running.problems = running.pass.add(&batch).err();
            }
            // To say yes stops the query.
            Ok(running.problems.is_some())
        })
    };
    projected(query, plan)
        .sink_batches(sink, in_order, None)
        .and_then(|query| query.collect_with_engine(Engine::Streaming))
        .map_err(|error| vec![cannot_run(&error)])?;
    let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
    match running.problems.take() {
        Some(problems) => Err(problems),
        None => std::mem::replace(&mut running.pass, Pass::in_order(plan)).finish(),
    }
}
