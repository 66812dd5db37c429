//! This module is what each thread and each file gives back: a tally, and an independent count of its rows.

use evenhand_measure::Problem;
use evenhand_measure::tally::{Coding, Controls, Measured, Tally};

use super::counter::{MOST_CELLS, MOST_WEIGHTED};
use super::limits::{check_bars, check_levels, too_many_cells};
use crate::lists::Pool;

/// The tally of a part of the rows, and how many rows were read for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial {
    /// The tally.
    pub tally: Tally,
    /// The rows that were read, counted apart from the cells: the sum of the counts, or the number of records. Of
    /// several attributes of published rates, all of them together.
    pub rows: u64,
    /// The rows of recommended lists, which are made into lists when all parts are there.
    pub(crate) lists: Pool,
}

impl Partial {
    /// The tally of both parts.
    ///
    /// # Errors
    /// When the parts have different columns, or together too many rows, levels or cells.
    pub fn merge(&self, other: &Self) -> Result<Self, Problem> {
        let rows = self.rows.checked_add(other.rows).ok_or_else(|| {
            Problem::data(
                "the counts add up to more than 2^64 rows",
                "check whether the count column really counts rows",
            )
        })?;
        let tally = self.tally.merge(&other.tally).map_err(|mismatch| {
            let is_median = |partial: &Self| {
                let mut dimensions = partial.tally.decisions.dimensions().iter();
                dimensions.any(|dimension| matches!(dimension.coding, Coding::AboveMedian(_)))
            };
            let help = if is_median(self) && is_median(other) {
                "read the rows of all parts together, or count each part with the same number as `--threshold`"
            } else {
                "read all parts with the same columns in the same roles"
            };
            Problem::data(mismatch.to_string(), help)
        })?;
        for dimension in tally.decisions.dimensions() {
            check_levels(dimension).map_err(|unusable| unusable.at("all parts together"))?;
        }
        let most = if tally.is_weighted() { MOST_WEIGHTED } else { MOST_CELLS };
        if tally.decisions.cells().len() > most {
            let dimensions = tally.decisions.dimensions().iter();
            let levels = dimensions.map(|dimension| (dimension.column.as_str(), dimension.levels.len()));
            let (reason, help) = too_many_cells(levels, most);
            return Err(Problem::data(format!("all parts together: {reason}"), help));
        }
        for measured in &tally.measured {
            check_bars(measured).map_err(|unusable| unusable.at("all rows together"))?;
        }
        let lists = self.lists.merge(&other.lists)?;
        Self { tally, rows, lists }.checked()
    }

    /// Refuses a tally whose cells do not add up to the rows that were read. A wrong total is never printed.
    pub(crate) fn checked(self) -> Result<Self, Problem> {
        let numbers = self.tally.measured.iter().map(Measured::rows);
        let controls = self.tally.controls.iter().map(Controls::rows);
        let sums = std::iter::once(self.tally.counted()).chain(numbers).chain(controls);
        let Some(counted) = sums.into_iter().find(|counted| *counted != self.rows) else {
            return Ok(self);
        };
        Err(Problem::data(
            format!("{} rows were read and {counted} were counted", self.rows),
            "this is a defect of the program, not of your data; please report it",
        ))
    }
}
