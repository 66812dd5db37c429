//! This module finds out whether a control is a number or a word.
//!
//! A control is a number if every value of its column is one, in all rows of all inputs; missing values do not count, and
//! a column without a value is one of numbers. Otherwise it is a word. That takes a pass over the rows, and then holds
//! for every format, order and number of files alike: `7` is a number in a database's text column as it is in a CSV file.
//! Codes made of digits, such as those of branches, become words when the policy maps one of them to a word.

use evenhand_measure::Problem;
use evenhand_measure::tally::{Axis, Coding, Level};

use crate::kernel::{Partial, WORD};
use crate::plan::{Plan, Purpose};

impl Plan {
    /// Whether it only looks at what kind of values columns have.
    pub(crate) fn is_of_kinds(&self) -> bool {
        !self.slots.is_empty() && self.slots.iter().all(|slot| matches!(slot.purpose, Purpose::Either(_)))
    }
}

/// Settles the slots that are one or the other. `count` counts all rows by the plan that it is given.
///
/// # Errors
/// Those of `count`.
pub(crate) fn settle(
    plan: &mut Plan,
    mut count: impl FnMut(&Plan) -> Result<Partial, Vec<Problem>>,
) -> Result<(), Vec<Problem>> {
    let open = |purpose: &Purpose| matches!(purpose, Purpose::Either(_));
    let pass = Plan {
        slots: plan.slots.iter().filter(|slot| open(&slot.purpose)).cloned().collect(),
        texts: plan.texts.clone(),
        lists: None,
    };
    if pass.slots.is_empty() {
        return Ok(());
    }
    let found = count(&pass)?.tally.decisions;
    for slot in &mut plan.slots {
        let Purpose::Either(number) = slot.purpose else {
            continue;
        };
        let has_word = found.dimensions().iter().any(|dimension| {
            dimension.column == slot.name && dimension.levels.iter().any(|level| *level == Level::of(WORD))
        });
        slot.purpose = if has_word {
            Purpose::Key(Axis::Control, Coding::AsWritten)
        } else {
            Purpose::Number(number)
        };
    }
    Ok(())
}

#[cfg(test)]
#[path = "controls_tests.rs"]
mod tests;
