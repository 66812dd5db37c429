//! This module gives a plan the columns that a file's folders give to all of its rows.

use evenhand_measure::Problem;

use crate::input::Partition;
use crate::plan::Plan;

/// The plan in which the columns in `constants` have their value for all rows, and are not looked for in the file.
///
/// # Errors
/// When a value cannot play its role, as a word cannot be a score.
pub(crate) fn with(plan: &Plan, constants: &[Partition], place: &str) -> Result<Plan, Problem> {
    let mut plan = plan.clone();
    for slot in &mut plan.slots {
        let constant = constants.iter().find(|constant| constant.column == slot.column);
        slot.fixed = constant.map(|constant| constant.value.clone().into());
    }
    plan.check_fixed()
        .map_err(|unusable| unusable.at(&format!("{place}, in the name of a folder")))?;
    Ok(plan)
}
