//! This module reads the first rows of every column as canonical text, to show what a file holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use evenhand_measure::Problem;
use rayon::prelude::*;

use super::chunk::pages;
use super::fallback::{Decoded, Fallback};
use super::footer::Footer;
use super::kind::{Value, kind_of};
use super::names;
use super::plain::{Cuts, Layout, Raw, raw};
use super::trouble::{Trouble, caught};
use crate::input::{File, Input};

/// How many rows are decoded at a time.
const BATCH: usize = 1_024;

/// What [`head`] read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    /// The names of the columns, in the file's order.
    pub(crate) columns: Vec<String>,
    /// How many rows were read.
    pub(crate) rows: u64,
    /// Whether these are all rows of the file.
    pub(crate) complete: bool,
}

/// A value to look at, as a [`Coder`](crate::kernel::Coder) has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shown<'a> {
    Missing,
    Text(&'a str),
    /// The text of a number that is stored as one.
    Amount(&'a str),
    /// Neither infinite nor negative zero. Its text is that of `{:?}`, which few that look need of all values.
    Number(f64),
}

/// Gives the first `limit` values of each column to the sink at its place; several columns at a time. Columns that cannot be read, such as nested ones, have no values.
///
/// # Errors
/// When the file cannot be read or is no whole Parquet file.
pub(crate) fn head<S>(input: &Input, limit: u64, sinks: &mut [S]) -> Result<Head, Problem>
where
    S: FnMut(Shown<'_>) + Send,
{
    let footer = Footer::read(input)?;
    let columns = names(&footer.metadata);
    let total: u64 = footer
        .metadata
        .row_groups()
        .iter()
        .map(|group| u64::try_from(group.num_rows()).unwrap_or(0))
        .fold(0, u64::saturating_add);
    let rows = total.min(limit);
    let schema = footer.metadata.file_metadata().schema_descr();
    // A nested column has several leaves, none of which can be read.
    let leaves: BTreeMap<usize, usize> = (0..schema.num_columns())
        .map(|leaf| (schema.get_column_root_idx(leaf), leaf))
        .collect();
    let read = |(place, sink): (usize, &mut S)| {
        let Some(&leaf) = leaves.get(&place) else { return Ok(()) };
        let Ok((layout, kind)) = kind_of(&schema.column(leaf)) else {
            return Ok(());
        };
        let mut text = String::new();
        caught(|| {
            let file = Arc::new(input.open().map_err(Trouble::Unreadable)?);
            read_column(&footer, &file, leaf, rows, layout, &mut |raw| match raw {
                None => sink(Shown::Missing),
                Some(raw) => show(kind.value(raw, &mut text), sink),
            })
        })
    };
    let outcomes: Vec<Result<(), Trouble>> = sinks.par_iter_mut().enumerate().map(read).collect();
    // The first column's trouble, whichever thread was first.
    let outcome: Result<(), Trouble> = outcomes.into_iter().collect();
    outcome.map_err(|trouble| trouble.problem(input.path(), 0))?;
    Ok(Head {
        columns,
        rows,
        complete: rows == total,
    })
}

fn read_column(
    footer: &Footer,
    file: &Arc<File>,
    leaf: usize,
    rows: u64,
    layout: Option<Layout>,
    each: &mut dyn FnMut(Option<Raw<'_>>),
) -> Result<(), Trouble> {
    let mut left = rows;
    let mut decoded = Decoded::default();
    let mut cuts = Cuts::default();
    for group in footer.metadata.row_groups() {
        let chunk = group.column(leaf);
        let group_rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let mut wanted = usize::try_from(left).unwrap_or(usize::MAX).min(group_rows);
        left -= wanted as u64;
        if wanted == 0 {
            continue;
        }
        let mut reader = Fallback::new(chunk.column_descr_ptr(), Box::new(pages(file, chunk, group_rows)?), 0)?;
        while wanted > 0 {
            reader.read(wanted.min(BATCH), &mut decoded)?;
            if decoded.rows == 0 {
                return Err(Trouble::broken(format!(
                    "a column `{}` that ends early",
                    chunk.column_descr().name()
                )));
            }
            wanted = wanted.saturating_sub(decoded.rows);
            let nullable = chunk.column_descr().max_def_level() > 0;
            let is_present = |row: &usize| !nullable || decoded.levels.get(*row) == Some(&1);
            let count = (0..decoded.rows).filter(is_present).count();
            // The fallback gives booleans as bytes.
            cuts.cut(layout.unwrap_or(Layout::Fixed(1)), &decoded.data, 0, count)?;
            let mut next = 0;
            for row in 0..decoded.rows {
                if !is_present(&row) {
                    each(None);
                    continue;
                }
                let bytes = cuts.get(&decoded.data, next);
                next += 1;
                each(Some(
                    layout.map_or(Raw::Bool(bytes == [1]), |layout| raw(layout, bytes)),
                ));
            }
        }
    }
    Ok(())
}

fn show(value: Value<'_>, each: &mut impl FnMut(Shown<'_>)) {
    match value {
        Value::Text(text) => {
            let text = String::from_utf8_lossy(text);
            each(match text.trim() {
                "" => Shown::Missing,
                _ => Shown::Text(&text),
            });
        }
        Value::Amount(text) => each(Shown::Amount(&String::from_utf8_lossy(text))),
        Value::Int(value) => each(Shown::Text(&value.to_string())),
        Value::Float(value) if value.is_nan() => each(Shown::Missing),
        Value::Float(value) if value.is_infinite() => each(Shown::Text(&format!("{value:?}"))),
        // Adding zero turns -0.0 into 0.0.
        Value::Float(value) => each(Shown::Number(value + 0.0)),
        Value::Bool(value) => each(Shown::Text(if value { "true" } else { "false" })),
    }
}
