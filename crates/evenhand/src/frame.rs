//! This module feeds polars columns to the counting kernel. It is the only place that names polars.
//!
//! polars holds the data and projects columns; it never counts them. Its own grouping is not used.

use evenhand_measure::catalogue::closest;
use evenhand_measure::{Policy, Problem, Tally, listed};
use evenhand_source::{Batch, Coded, Coder, Column, Counter, Partial, Plan, Slot, Unusable, finish};
use polars::prelude::*;

/// Rows per batch: the index of a batch and its codes stay in the first-level cache.
const BATCH: usize = 4_096;

/// What messages call the rows.
const PLACE: &str = "the data frame";

pub(crate) fn tally_query(query: LazyFrame, policy: &Policy) -> Result<Tally, Vec<Problem>> {
    let plan = Plan::from_policy(policy)?;
    let mut query = query;
    let schema = query.collect_schema().map_err(|error| vec![cannot_run(&error)])?;
    let names: Vec<&str> = schema.iter_names().map(PlSmallStr::as_str).collect();
    check_columns(&plan, &names)?;
    let wanted: Vec<Expr> = plan.columns().into_iter().map(col).collect();
    let frame = query
        .select(wanted)
        .collect()
        .map_err(|error| vec![cannot_run(&error)])?;
    count(&frame, plan)
}

pub(crate) fn tally_frame(frame: &DataFrame, policy: &Policy) -> Result<Tally, Vec<Problem>> {
    let plan = Plan::from_policy(policy)?;
    let names: Vec<&str> = frame.get_column_names().into_iter().map(PlSmallStr::as_str).collect();
    check_columns(&plan, &names)?;
    count(frame, plan)
}

fn cannot_run(error: &PolarsError) -> Problem {
    Problem::data(format!("the query cannot be run: {error}"), "correct the query")
}

fn check_columns(plan: &Plan, names: &[&str]) -> Result<(), Vec<Problem>> {
    let problems: Vec<Problem> = plan
        .columns()
        .into_iter()
        .filter(|column| !names.contains(column))
        .map(|column| {
            let near = closest(column, names.iter().copied());
            let help = match near.as_slice() {
                [] => format!("the data frame has {}", listed(names, 8)),
                _ => format!("did you mean {}?", listed(&near, 3)),
            };
            Problem::usage(format!("the data frame has no column `{column}`"), help)
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn count(frame: &DataFrame, plan: Plan) -> Result<Tally, Vec<Problem>> {
    let plan = plan.settled(PLACE, |plan| counted(frame, plan))?;
    finish(counted(frame, &plan)?, PLACE)
}

fn counted(frame: &DataFrame, plan: &Plan) -> Result<Partial, Vec<Problem>> {
    let columns: Vec<Series> = plan
        .slots
        .iter()
        .map(|slot| readable(frame, slot))
        .collect::<Result<_, _>>()?;
    let mut coders: Vec<Coder> = plan.slots.iter().map(|slot| Coder::new(slot, &plan.missing)).collect();
    let mut counter = Counter::new(plan);
    let mut batch = Batch::new(plan);
    let rows = frame.height();
    for start in (0..rows).step_by(BATCH) {
        let length = BATCH.min(rows - start);
        batch.clear();
        for ((series, coder), column) in columns.iter().zip(&mut coders).zip(&mut batch.columns) {
            let part = series.slice(start as i64, length);
            code(&part, coder, column).map_err(|(row, unusable)| vec![at_row(&unusable, start + row)])?;
        }
        batch.rows = length;
        counter.add(&batch).map_err(|unusable| vec![at_row(&unusable, start)])?;
    }
    counter.finish(coders).map_err(|problem| vec![problem])
}

fn at_row(unusable: &Unusable, row: usize) -> Problem {
    unusable.at(&format!("{PLACE}, row {}", row + 1))
}

/// The column of a slot in a type that [`code`] reads; categories, dates and the like become text.
fn readable(frame: &DataFrame, slot: &Slot) -> Result<Series, Vec<Problem>> {
    let unreadable = |error: PolarsError| {
        vec![Problem::data(
            format!("column `{}` of the data frame cannot be read: {error}", slot.column),
            "cast it to text, a number or true/false",
        )]
    };
    let series = frame.column(&slot.column).map_err(unreadable)?.as_materialized_series();
    let plain = match series.dtype() {
        DataType::String
        | DataType::Boolean
        | DataType::Null
        | DataType::Float64
        | DataType::Float32
        | DataType::Int64 => series.clone(),
        DataType::UInt64 => series.cast(&DataType::String).map_err(unreadable)?,
        dtype if dtype.is_integer() => series.cast(&DataType::Int64).map_err(unreadable)?,
        DataType::List(_) => {
            return Err(vec![Problem::data(
                format!(
                    "column `{}` of the data frame holds lists, not single values",
                    slot.column
                ),
                "explode it, or name another column",
            )]);
        }
        _ => series.cast(&DataType::String).map_err(unreadable)?,
    };
    Ok(plain)
}

/// Codes the values of one column; on failure says in which of its rows.
fn code(series: &Series, coder: &mut Coder, into: &mut Column) -> Result<(), (usize, Unusable)> {
    // The type was matched just before each accessor, so that none of them fails.
    let mismatch = |error: PolarsError| {
        (
            0,
            Unusable::new(series.name(), error.to_string(), "cast the column to text"),
        )
    };
    match series.dtype() {
        DataType::String => each(series.str().map_err(mismatch)?.iter(), coder, into, |coder, text| {
            coder.text(text.as_bytes())
        }),
        DataType::Boolean => each(series.bool().map_err(mismatch)?.iter(), coder, into, Coder::boolean),
        DataType::Int64 => each(series.i64().map_err(mismatch)?.iter(), coder, into, Coder::int),
        DataType::Float64 => each(series.f64().map_err(mismatch)?.iter(), coder, into, Coder::float),
        DataType::Float32 => each(series.f32().map_err(mismatch)?.iter(), coder, into, |coder, value| {
            coder.float(as_written(value))
        }),
        // A column of nothing but nulls.
        _ => each((0..series.len()).map(|_| None::<bool>), coder, into, Coder::boolean),
    }
}

fn each<T>(
    values: impl Iterator<Item = Option<T>>,
    coder: &mut Coder,
    into: &mut Column,
    code: impl Fn(&mut Coder, T) -> Result<Coded, Unusable>,
) -> Result<(), (usize, Unusable)> {
    for (row, value) in values.enumerate() {
        let coded = match value {
            Some(value) => code(coder, value),
            None => coder.absent(),
        };
        into.push(coded.map_err(|unusable| (row, unusable))?);
    }
    Ok(())
}

/// The double of a float's shortest decimal: 0.7 stays 0.7, as it would in a CSV of the same data.
fn as_written(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}
