//! This module is the passes over the rows that controls need beside the one that counts: before it, to find out whether
//! a control is a number or a word, and after it, for errors that do not take rows to be alike.
//!
//! A control is a number if every value of its column is one, in all rows of all inputs; missing values do not count, and
//! a column without a value is one of numbers. Otherwise it is a word. That takes a pass over the rows, and then holds
//! for every format, order and number of files alike: `7` is a number in a database's text column as it is in a CSV file.
//! Codes made of digits, such as those of branches, become words when the policy maps one of them to a word.

use std::sync::Arc;

use evenhand_measure::Problem;
use evenhand_measure::regression::SecondPass;
use evenhand_measure::tally::{Axis, Coding, Level};

use crate::kernel::{Partial, WORD};
use crate::plan::{NumberUse, Plan, Purpose};

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
        explain: None,
        exact: false,
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

/// The same with what a second pass finds: how far each row is from what the equation of the first gives it. `count`
/// counts all rows by the plan that it is given. Where units are known to repeat, errors follow from the first pass.
///
/// # Errors
/// Those of `count`, and rows that are others when they are read again.
pub fn read_again(
    mut partial: Partial,
    plan: &Plan,
    count: impl FnOnce(&Plan) -> Result<Partial, Vec<Problem>>,
) -> Result<Partial, Vec<Problem>> {
    let (Some(controls), Some(explain)) = (&mut partial.tally.controls, &plan.explain) else {
        return Ok(partial);
    };
    let has_units = controls.cells.positions(Axis::Bucket).next().is_some();
    let pass = SecondPass::of(controls, &explain.sets);
    if has_units || pass.is_empty() {
        return Ok(partial);
    }
    let pass = Arc::new(pass);
    let mut again = plan.clone();
    again.slots.retain(|slot| {
        matches!(
            slot.purpose,
            Purpose::Key(Axis::Protected | Axis::Control, _)
                | Purpose::Number(NumberUse::Amount | NumberUse::Control)
                | Purpose::Count
        )
    });
    for slot in &mut again.slots {
        let Purpose::Key(axis, _) = slot.purpose else { continue };
        if let Some(place) = controls.cells.position(axis, &slot.name) {
            slot.known.clone_from(&controls.cells.dimensions()[place].levels);
        }
    }
    if let Some(explain) = &mut again.explain {
        explain.second = Some(Arc::clone(&pass));
    }
    let second = count(&again)?;
    let sums = |partial: &Partial| partial.tally.controls.as_ref().map(|controls| controls.cells.total());
    let counts = |partial: &Partial| sums(partial).map(|total| (total.n, total.incomplete));
    let Some(found) = second
        .tally
        .controls
        .as_ref()
        .filter(|_| counts(&second) == counts(&partial))
    else {
        return Err(vec![Problem::data(
            "the rows were others when they were read a second time",
            "do not change the data while they are read",
        )]);
    };
    if let Some(controls) = &mut partial.tally.controls {
        controls.robust = pass.finish(&found.cells);
    }
    Ok(partial)
}

#[cfg(test)]
#[path = "controls_tests.rs"]
mod tests;
