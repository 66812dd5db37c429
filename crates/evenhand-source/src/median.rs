//! This module finds the exact median of a score, above which it is a positive decision.

use evenhand_measure::Problem;

use crate::kernel::{Partial, Unusable};
use crate::order::Order;
use crate::plan::Plan;

/// The median of the column of `slot`. Every row with a finite score counts, as often as a count column says, whatever
/// is known of its groups. Of an even number of scores the median is the midpoint of the two in the middle.
///
/// # Errors
/// Those of `count`, and a score without a single number.
pub(crate) fn median(
    plan: &Plan,
    slot: usize,
    place: &str,
    count: impl FnMut(&Plan) -> Result<Partial, Vec<Problem>>,
) -> Result<f64, Vec<Problem>> {
    let mut order = Order::of(plan, slot, count)?;
    let rows = order.rows();
    let Some(last) = rows.checked_sub(1) else {
        return Err(vec![without_numbers(&plan.slots[slot].column).at(place)]);
    };
    match order.at(&[last / 2, rows / 2], place)?.as_slice() {
        [lower, upper] => Ok(midpoint(lower.number, upper.number)),
        _ => Err(vec![without_numbers(&plan.slots[slot].column).at(place)]),
    }
}

/// The midpoint of two numbers, from which the upper one can be told: where no double lies between them, the lower.
fn midpoint(lower: f64, upper: f64) -> f64 {
    let middle = lower.midpoint(upper);
    let middle = if middle < upper { middle } else { lower };
    // Adding zero turns -0.0 into 0.0.
    middle + 0.0
}

fn without_numbers(column: &str) -> Unusable {
    Unusable::new(
        column,
        "the score is missing in every row, so there is no median",
        "check that this is the column of scores; `evenhand inspect FILE` shows what the columns hold",
    )
}

#[cfg(test)]
#[path = "median_tests.rs"]
mod tests;
