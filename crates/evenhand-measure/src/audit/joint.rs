//! This module lists the cells that rows are resampled from: groups of every set of attributes at once, by decision and
//! label.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Rate;
use crate::confusion::{Confusion, Event};
use crate::tally::Counts;

use super::Run;
use super::model::Group;
use super::simultaneous::Slots;

/// Rows that are in the same groups and have the same decision and label.
pub(super) struct Cell {
    pub(super) rows: u64,
    /// The rows with a little added, so that what nobody happened to be in is not taken for impossible.
    pub(super) smoothed: f64,
    /// Where its rows count, by place of group and rate, and whether in the numerator.
    pub(super) counts_in: Vec<(usize, bool)>,
}

/// The places of a row's groups, and its decision and label.
type Kind = (Vec<Option<usize>>, (Event, Event));

/// The cells of a run.
pub(super) fn cells(run: &Run<'_>, slots: &Slots<'_>, rates: &[&'static Rate]) -> Vec<Cell> {
    let mut rows: BTreeMap<Kind, u64> = BTreeMap::new();
    for (key, counts) in run.reading.cube.cells() {
        let places = slots.partitions.iter().map(|(partition, places)| {
            let columns = partition.by.iter();
            let group: Group = columns
                .map(|column| (column.clone(), run.reading.value(column, key)))
                .collect();
            places.get(&group).copied()
        });
        *rows.entry((places.collect(), run.reading.events_of(key))).or_default() += counts.n;
    }
    let groups: BTreeSet<Vec<Option<usize>>> = rows.keys().map(|(places, _)| places.clone()).collect();
    let events: BTreeSet<(Event, Event)> = rows.keys().map(|(_, events)| *events).collect();
    // A half for each group and outcome of the largest set of attributes, spread over the groups of all sets together.
    let largest = slots
        .partitions
        .iter()
        .map(|(_, places)| places.len())
        .max()
        .unwrap_or(1);
    let added = 0.5 * (largest as f64 / groups.len().max(1) as f64).min(1.0);
    let mut cells = Vec::new();
    for places in groups {
        for &(prediction, label) in &events {
            let mut one = Confusion::default();
            one.add(prediction, label, &Counts::of(1));
            let mut counts_in = Vec::new();
            for slot in places.iter().flatten() {
                for (index, rate) in rates.iter().enumerate() {
                    let (inside, all) = rate.counts(&one);
                    if all > 0 {
                        counts_in.push((slot * rates.len() + index, inside > 0));
                    }
                }
            }
            let rows = rows.get(&(places.clone(), (prediction, label))).copied().unwrap_or(0);
            cells.push(Cell {
                rows,
                smoothed: rows as f64 + added,
                counts_in,
            });
        }
    }
    cells
}
