//! This module finds groups of a table of counts that are the sum of all others: counted with them, everybody is there
//! twice.

use std::collections::BTreeMap;

use evenhand_measure::Problem;
use evenhand_measure::positive::looks_total;
use evenhand_measure::tally::{Axis, Level, Margins, Quantity, Tally};

use crate::kernel::shown;

/// Refuses a table in which a group is called a total and is the sum of the others. One that is only called so is judged,
/// with a warning of the audit.
pub(crate) fn check(tally: &Tally, place: &str) -> Result<(), Vec<Problem>> {
    let problems: Vec<Problem> = if tally.quantities.contains_key(&Quantity::Count) {
        let axes = [Axis::Protected, Axis::Strata, Axis::Period];
        let positions = axes.iter().flat_map(|axis| tally.decisions.positions(*axis));
        positions
            .filter_map(|position| sum_of_others(tally, position, place))
            .collect()
    } else {
        Vec::new()
    };
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn sum_of_others(tally: &Tally, position: usize, place: &str) -> Option<Problem> {
    let cube = &tally.decisions;
    let dimension = &cube.dimensions()[position];
    let is_total = |level: &Level| level.text().is_some_and(looks_total);
    let total = dimension.levels.iter().position(is_total)? as u32;
    let margins = Margins::of(cube);
    let is_published = evenhand_measure::tally::published(cube).is_some();
    // Of everything else the same: the rows of the total, and of the others with how many groups they are.
    let mut sums: BTreeMap<Vec<u32>, (u64, u64)> = BTreeMap::new();
    let mut others = std::collections::BTreeSet::new();
    for (key, counts) in cube.cells() {
        if margins
            .as_ref()
            .is_some_and(|margins| margins.attribute(key) != Some(position))
        {
            continue;
        }
        // Rounded figures do not add up, the sizes of their groups do.
        let is_rest =
            |other: &usize| *other != position && !(is_published && cube.dimensions()[*other].role == Axis::Prediction);
        let rest: Vec<u32> = (0..key.len()).filter(is_rest).map(|other| key[other]).collect();
        let sum = sums.entry(rest).or_default();
        if key[position] == total {
            sum.0 = sum.0.saturating_add(counts.n);
        } else {
            sum.1 = sum.1.saturating_add(counts.n);
            others.insert(key[position]);
        }
    }
    let adds_up = others.len() > 1 && sums.values().all(|(total, others)| total == others);
    adds_up.then(|| {
        let name = dimension
            .levels
            .get(total as usize)
            .and_then(Level::text)
            .unwrap_or_default();
        Problem::data(
            format!(
                "{place}, column `{}`: {} is the sum of the other groups, so everybody would be counted twice",
                dimension.column,
                shown(name)
            ),
            "take its records out; if they are the last ones, say --footer-rows with their number",
        )
    })
}
