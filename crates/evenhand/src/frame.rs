//! This module feeds polars columns to the counting kernel. It is the only place that names polars.
//!
//! polars holds the data and projects columns; it never counts them. Its own grouping is not used.

mod lane;
mod lately;
mod pass;
#[cfg(feature = "streaming")]
mod streamed;

use evenhand_measure::catalogue::closest;
use evenhand_measure::tally::Quantity;
use evenhand_measure::{Policy, Problem, Tally, listed};
use evenhand_source::{Partial, Plan, finish, read_again};
use polars::prelude::*;

use self::pass::Pass;

/// What messages call the rows.
const PLACE: &str = "the data frame";

pub(crate) fn tally_frame(frame: &DataFrame, policy: &Policy) -> Result<Tally, Vec<Problem>> {
    let plan = Plan::from_policy(policy)?.fitted(&names(frame.schema()))?;
    check_columns(&plan, frame.schema())?;
    count(plan, |plan| counted(frame, plan))
}

#[cfg(feature = "streaming")]
pub(crate) fn tally_query(query: LazyFrame, policy: &Policy) -> Result<Tally, Vec<Problem>> {
    let (query, plan) = checked(query, Plan::from_policy(policy)?)?;
    // The search for a median and a second look after a problem run the query again: rows are not kept.
    count(plan, |plan| streamed::counted(&query, plan))
}

#[cfg(not(feature = "streaming"))]
pub(crate) fn tally_query(query: LazyFrame, policy: &Policy) -> Result<Tally, Vec<Problem>> {
    let (query, plan) = checked(query, Plan::from_policy(policy)?)?;
    let frame = projected(&query, &plan)
        .collect()
        .map_err(|error| vec![cannot_run(&error)])?;
    count(plan, |plan| counted(&frame, plan))
}

/// The query, once it is known to have the columns of the plan, and the plan for these columns.
fn checked(mut query: LazyFrame, plan: Plan) -> Result<(LazyFrame, Plan), Vec<Problem>> {
    let schema = query.collect_schema().map_err(|error| vec![cannot_run(&error)])?;
    let plan = plan.fitted(&names(&schema))?;
    check_columns(&plan, &schema)?;
    Ok((query, plan))
}

fn names(schema: &Schema) -> Vec<&str> {
    schema.iter_names().map(PlSmallStr::as_str).collect()
}

/// The query for the columns of the plan alone.
fn projected(query: &LazyFrame, plan: &Plan) -> LazyFrame {
    // Not `col`, which takes some names for patterns.
    let wanted: Vec<Expr> = plan
        .columns()
        .into_iter()
        .map(|name| Expr::Column(name.into()))
        .collect();
    query.clone().select(wanted)
}

fn cannot_run(error: &PolarsError) -> Problem {
    Problem::data(format!("the query cannot be run: {error}"), "correct the query")
}

fn check_columns(plan: &Plan, schema: &Schema) -> Result<(), Vec<Problem>> {
    let names = names(schema);
    let problems: Vec<Problem> = plan
        .columns()
        .into_iter()
        .filter_map(|column| match schema.get(column) {
            Some(DataType::List(_)) => Some(Problem::data(
                format!("column `{column}` of the data frame holds lists, not single values"),
                "explode it, or name another column",
            )),
            Some(_) => None,
            None => {
                let near = closest(column, names.iter().copied());
                let help = match near.as_slice() {
                    [] => format!("the data frame has {}", listed(&names, 8)),
                    _ => format!("did you mean {}?", listed(&near, 3)),
                };
                Some(Problem::usage(format!("the data frame has no column `{column}`"), help))
            }
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The tally by `plan`, once a median it may need is known. `counted` counts all rows by the plan that it is given.
fn count(plan: Plan, counted: impl Fn(&Plan) -> Result<Partial, Vec<Problem>>) -> Result<Tally, Vec<Problem>> {
    let counted = |plan: &Plan| counted(plan).and_then(not_empty);
    let plan = plan.settled(PLACE, counted)?;
    let partial = read_again(counted(&plan)?, &plan, counted)?;
    finish(partial, &plan, PLACE)
}

/// Refuses what stands for no rows at all, as is done with files.
fn not_empty(partial: Partial) -> Result<Partial, Vec<Problem>> {
    if partial.tally.records == 0 {
        return Err(vec![Problem::data(
            format!("{PLACE} has columns and no rows"),
            "check what it was made from",
        )]);
    }
    if partial.rows == 0 {
        let column = partial
            .tally
            .quantities
            .get(&Quantity::Count)
            .map_or("", String::as_str);
        return Err(vec![Problem::data(
            format!("{PLACE}, column `{column}`: every count is 0, so the records stand for no rows"),
            "check the count column",
        )]);
    }
    Ok(partial)
}

fn counted(frame: &DataFrame, plan: &Plan) -> Result<Partial, Vec<Problem>> {
    let whole = |mut pass: Pass| {
        pass.add(frame)?;
        pass.finish()
    };
    // Which of several problems a thread meets first is chance: the rows in their order have a first one.
    whole(Pass::in_parallel(plan)).or_else(|problems| whole(Pass::in_order(plan)).and(Err(problems)))
}
