//! This module finds edges between which a column has groups of equal size, as far as equal values allow.
//!
//! A group is everything from its edge to below the next one, and equal values are never in two groups. So between two
//! neighbouring values there is a place to cut, with so many rows below it; for a group that ends at the share p of all
//! rows, that place is taken whose number of rows below is nearest to p times all, the lower one of two equally near.
//! Where all values differ, the edge is the sample quantile by the nearest order statistic (definition 3 of Hyndman and
//! Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50, 1996), counted so that the edge itself
//! belongs to the group above it. Every edge is a value that occurs. Midpoints between values would be no number that
//! anybody chose, and would have to be rounded.

use evenhand_measure::Problem;
use evenhand_measure::policy::Quantiles;

use crate::kernel::{Partial, Unusable};
use crate::order::{Order, Placed};
use crate::plan::Plan;

/// The edges of groups of the column of `slot`, rising. Rows count as often as a count column says; missing values have
/// no part in it. There are fewer edges than asked for where many rows have the same value.
///
/// # Errors
/// Those of `count`, and a column with fewer than two different numbers.
pub(crate) fn edges(
    plan: &Plan,
    slot: usize,
    quantiles: Quantiles,
    place: &str,
    count: impl FnMut(&Plan) -> Result<Partial, Vec<Problem>>,
) -> Result<Vec<f64>, Vec<Problem>> {
    let column = &plan.slots[slot].column;
    let mut order = Order::of(plan, slot, count)?;
    let rows = order.rows();
    if rows == 0 {
        return Err(vec![without_numbers(column).at(place)]);
    }
    let cuts = cuts(rows, quantiles.groups() as u64);
    let places: Vec<u64> = cuts.iter().map(|cut| cut.place).collect();
    let at = order.at(&places, place)?;
    // Where the place to cut above a number is nearer than the one below it, the edge is the next number.
    let is_above = |(cut, at): &(&Cut, &Placed)| cut.is_nearer_above(at) && at.below + at.rows < rows;
    let above: Vec<u64> = cuts
        .iter()
        .zip(&at)
        .filter(is_above)
        .map(|(_, at)| at.below + at.rows)
        .collect();
    let next = if above.is_empty() {
        Vec::new()
    } else {
        order.at(&above, place)?
    };
    let below = cuts.iter().zip(&at).filter(|pair| !is_above(pair)).map(|(_, at)| at);
    // Below the smallest number there is nothing to cut off.
    let mut edges: Vec<f64> = below
        .chain(&next)
        .filter(|edge| edge.below > 0)
        .map(|edge| edge.number + 0.0)
        .collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    if edges.is_empty() {
        return Err(vec![alike(column, quantiles).at(place)]);
    }
    Ok(edges)
}

/// Where a group should end.
struct Cut {
    /// The place of the first row above it, where all rows differ.
    place: u64,
    /// The rows that should be below it, in parts of a row; all rows have so many parts.
    wanted: u128,
    parts: u128,
}

/// The ends of all groups but the last.
fn cuts(rows: u64, groups: u64) -> Vec<Cut> {
    let cut = |group: u64| {
        let wanted = u128::from(rows) * u128::from(group);
        Cut {
            // Less than all rows, because there are fewer ends than groups.
            place: (wanted / u128::from(groups)) as u64,
            wanted,
            parts: u128::from(groups),
        }
    };
    (1..groups).map(cut).collect()
}

impl Cut {
    /// Whether the place above the rows of this number is nearer than the one below them, or the only one.
    fn is_nearer_above(&self, at: &Placed) -> bool {
        let away = |rows: u64| (u128::from(rows) * self.parts).abs_diff(self.wanted);
        at.below == 0 || away(at.below + at.rows) < away(at.below)
    }
}

fn without_numbers(column: &str) -> Unusable {
    Unusable::new(
        column,
        "it has no number in any row, so there are no groups of equal size",
        "check that this is the column of numbers; `evenhand inspect FILE` shows what the columns hold",
    )
}

fn alike(column: &str, quantiles: Quantiles) -> Unusable {
    Unusable::new(
        column,
        format!("all rows have the same number, so there are no {quantiles} of it"),
        format!("leave `{column}` out, or its bins"),
    )
}

#[cfg(test)]
#[path = "quantiles_tests.rs"]
mod tests;
