//! This module adds to what a file's rows were counted into the columns that its folders give to all of them.
//!
//! A column with one value for all rows need not be looked at row by row: the rows are counted without it, and the
//! cells get its level afterwards.

use evenhand_measure::Problem;
use evenhand_measure::tally::{Cube, Tally};

use crate::input::Partition;
use crate::kernel::{Batch, Coder, Counter, Partial};
use crate::plan::Plan;

/// The plan without the columns in `constants`.
pub(crate) fn without(plan: &Plan, constants: &[Partition]) -> Plan {
    part(plan, |column| !is_in(constants, column))
}

/// The partial of the whole plan, made of one that was read [`without`] the columns in `constants`.
///
/// # Errors
/// When a value cannot play its role, as a word cannot be a score.
pub(crate) fn with(partial: Partial, plan: &Plan, constants: &[Partition], place: &str) -> Result<Partial, Problem> {
    let plan = part(plan, |column| is_in(constants, column));
    if plan.slots.is_empty() {
        return Ok(partial);
    }
    // One row of the constants alone: what becomes of a value is decided where it is decided for all values.
    let mut coders: Vec<Coder> = plan.slots.iter().map(|slot| Coder::new(slot, &plan.texts)).collect();
    let mut batch = Batch::new(&plan);
    for ((slot, coder), column) in plan.slots.iter().zip(&mut coders).zip(&mut batch.columns) {
        let constant = constants.iter().find(|constant| constant.column == slot.column);
        let coded = match constant.and_then(|constant| constant.value.as_ref()) {
            Some(value) => coder.text(value.as_bytes()),
            None => coder.absent(),
        };
        column.push(coded.map_err(|unusable| unusable.at(&format!("{place}, in the name of a folder")))?);
    }
    batch.rows = 1;
    let mut counter = Counter::new(&plan);
    counter.add(&batch).map_err(|unusable| unusable.at(place))?;
    let row = counter.finish(coders)?.tally;

    let cube = &partial.tally.decisions;
    let dimensions = cube.dimensions().iter().chain(row.decisions.dimensions()).cloned();
    let key: Vec<u32> = row.decisions.cells().flat_map(|(key, _)| key.to_vec()).collect();
    let cells = cube
        .cells()
        .map(|(own, counts)| ([own, key.as_slice()].concat(), counts.clone()));
    let decisions = Cube::new(dimensions.collect(), cells)
        .map_err(|mismatch| Problem::data(mismatch.to_string(), "please report this as a defect"))?;
    let rows = partial.rows;
    let mut tally = Tally {
        quantities: partial.tally.quantities,
        missing: partial.tally.missing,
        readings: partial.tally.readings,
        ..Tally::new(decisions, partial.tally.records)
    };
    for reading in row.readings {
        tally.add_reading(&reading.column, reading.found, rows);
    }
    Ok(Partial { tally, rows })
}

fn is_in(constants: &[Partition], column: &str) -> bool {
    constants.iter().any(|constant| constant.column == column)
}

fn part(plan: &Plan, wanted: impl Fn(&str) -> bool) -> Plan {
    Plan {
        slots: plan.slots.iter().filter(|slot| wanted(&slot.column)).cloned().collect(),
        texts: plan.texts.clone(),
    }
}
