//! This module sums up amounts and their controls, while rows are counted: what a regression is made of.

use std::sync::Arc;

use evenhand_measure::regression::{Group, SecondPass};
use evenhand_measure::tally::{Axis, Controls, Cube, Dimension, GrowingProducts, Level, Mismatch, Products};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::batch::Column;
use super::coder::Coder;
use super::limits::too_many_cells;
use super::store::Layout;
use super::unusable::Unusable;
use crate::plan::{NumberUse, Plan, Purpose};

/// The most sums of products that one thread keeps, each of which takes some 80 bytes.
const MOST_SUMS: usize = 1 << 23;

/// Rows are packed this many at a time.
const BLOCK: usize = 4_096;

/// What one thread sums up of an amount and its controls.
#[derive(Clone, Debug)]
pub(super) struct Explained {
    names: Vec<String>,
    layout: Layout,
    amount: usize,
    log: bool,
    /// The controls that are numbers.
    numbers: Vec<usize>,
    second: Option<Second>,
    /// The place of a cell among `cells`. It is emptied when keys become wider, so that cells may come twice.
    index: HashMap<u128, usize, FixedState>,
    cells: Vec<(Box<[u32]>, Cell)>,
    /// How many sums a cell has.
    width: usize,
    most: usize,
}

/// The second pass: what was found in the first, and the levels of each code, by slot of a key.
#[derive(Clone, Debug)]
struct Second {
    pass: Arc<SecondPass>,
    keys: Vec<(Axis, String, Vec<Level>)>,
}

/// The rows of one combination of groups and words.
#[derive(Clone, Debug)]
enum Cell {
    First(GrowingProducts),
    Second { group: Box<Group>, n: u64, incomplete: u64 },
}

impl Explained {
    /// What is to be summed up for `plan`; nothing if it explains no amount.
    pub(super) fn new(plan: &Plan) -> Option<Self> {
        let explain = plan.explain.as_ref()?;
        let amount = plan.place(&Purpose::Number(NumberUse::Amount))?;
        let places = |wanted: fn(&Purpose) -> bool| {
            let slots = plan.slots.iter().enumerate();
            slots
                .filter(move |(_, slot)| wanted(&slot.purpose))
                .map(|(place, _)| place)
        };
        let numbers: Vec<usize> = places(|purpose| matches!(purpose, Purpose::Number(NumberUse::Control))).collect();
        let layout = Layout::new(places(is_of_cells));
        let second = explain.second.as_ref().map(|pass| Second {
            pass: Arc::clone(pass),
            keys: layout.columns().filter_map(|place| known(plan, place)).collect(),
        });
        let values = numbers.len() + 2;
        Some(Self {
            names: plan.slots.iter().map(|slot| slot.name.clone()).collect(),
            layout,
            amount,
            log: explain.log,
            numbers,
            second,
            index: HashMap::default(),
            cells: Vec::new(),
            width: values * (values + 1) / 2,
            most: MOST_SUMS,
        })
    }

    /// Adds the rows of a batch, whose records stand for `counts` rows each.
    ///
    /// # Errors
    /// When there are too many combinations of groups, words and buckets.
    pub(super) fn add(&mut self, columns: &[Column], rows: usize, counts: Option<&[u64]>) -> Result<(), Unusable> {
        if let Some(wider) = self.layout.widened(columns) {
            self.index.clear();
            self.layout = wider;
        }
        let amounts = numbers(&columns[self.amount]);
        let controls: Vec<&[f64]> = self.numbers.iter().map(|&slot| numbers(&columns[slot])).collect();
        let mut keys = vec![0; BLOCK.min(rows)];
        let mut values = vec![0.0; controls.len()];
        for start in (0..rows).step_by(BLOCK) {
            let end = rows.min(start + BLOCK);
            keys.resize(end - start, 0);
            self.layout.keys(columns, start, &mut keys);
            for (row, &key) in (start..end).zip(&keys) {
                let n = counts.map_or(1, |counts| counts[row]);
                if n == 0 {
                    continue;
                }
                values
                    .iter_mut()
                    .zip(&controls)
                    .for_each(|(value, column)| *value = column[row]);
                let y = match amounts[row] {
                    amount if !self.log => amount,
                    amount if amount > 0.0 => amount.ln(),
                    _ => f64::NAN,
                };
                let is_complete = y.is_finite() && values.iter().all(|value| value.is_finite());
                let cell = self.cell(key)?;
                match cell {
                    Cell::First(products) if is_complete => products.add(y, &values, n),
                    Cell::First(products) => products.add_incomplete(n),
                    Cell::Second { group, n: rows, .. } if is_complete => {
                        group.add(y, &values, n);
                        *rows = rows.saturating_add(n);
                    }
                    Cell::Second { incomplete, .. } => *incomplete = incomplete.saturating_add(n),
                }
            }
        }
        Ok(())
    }

    fn cell(&mut self, key: u128) -> Result<&mut Cell, Unusable> {
        let place = match self.index.get(&key) {
            Some(&place) => place,
            None => {
                let place = self.cells.len();
                if (place + 1).saturating_mul(self.width) > self.most {
                    return Err(self.too_many());
                }
                let codes: Box<[u32]> = self.layout.codes(key).collect();
                let cell = match &self.second {
                    None => Cell::First(GrowingProducts::default()),
                    Some(second) => Cell::Second {
                        group: Box::new(second.group(&codes)),
                        n: 0,
                        incomplete: 0,
                    },
                };
                self.cells.push((codes, cell));
                self.index.insert(key, place);
                place
            }
        };
        Ok(&mut self.cells[place].1)
    }

    fn too_many(&self) -> Unusable {
        let levels: Vec<(&str, usize)> = self
            .layout
            .most_codes()
            .map(|(slot, codes)| (self.names[slot].as_str(), codes))
            .collect();
        let (reason, help) = too_many_cells(levels.iter().copied(), self.most / self.width);
        let column = levels
            .iter()
            .max_by_key(|(_, codes)| *codes)
            .map_or("", |(column, _)| *column);
        Unusable::new(
            column,
            format!("to explain `{}`, {reason}", self.names[self.amount]),
            help,
        )
    }

    /// What a tally keeps, with the dimension of each slot that has one.
    pub(super) fn finish(self, dimension: impl Fn(usize) -> Option<Dimension>) -> Result<Controls, Mismatch> {
        let dimensions: Vec<Dimension> = self.layout.columns().filter_map(dimension).collect();
        let second = self.second;
        let cells = self.cells.into_iter().map(|(codes, cell)| {
            let products = match (cell, &second) {
                (Cell::First(products), _) => products.products(),
                (Cell::Second { group, n, incomplete }, Some(second)) => group.products(&second.pass, n, incomplete),
                (Cell::Second { n, incomplete, .. }, None) => Products {
                    n,
                    incomplete,
                    sums: Vec::new(),
                },
            };
            (codes.into_vec(), products)
        });
        Ok(Controls {
            amount: self.names[self.amount].clone(),
            log: self.log,
            numeric: self.numbers.iter().map(|&slot| self.names[slot].clone()).collect(),
            cells: Cube::new(dimensions, cells)?,
            robust: Vec::new(),
        })
    }
}

impl Second {
    fn group(&self, codes: &[u32]) -> Group {
        self.pass.group(|axis, column| {
            let place = self
                .keys
                .iter()
                .position(|(role, name, _)| *role == axis && name == column)?;
            let (_, _, levels) = &self.keys[place];
            // A code of no level is that of a number that is none, which is missing.
            let level = levels.get(*codes.get(place)? as usize);
            Some(level.cloned().unwrap_or(Level::Missing))
        })
    }
}

/// What codes of a slot will stand for: all its levels are known before the second pass.
fn known(plan: &Plan, place: usize) -> Option<(Axis, String, Vec<Level>)> {
    let slot = plan.slots.get(place)?;
    let (dimension, _) = Coder::new(slot, &plan.texts).into_dimension()?;
    Some((dimension.role, dimension.column, dimension.levels))
}

/// Whether values are a part of the key of sums of products.
fn is_of_cells(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::Key(Axis::Protected | Axis::Control | Axis::Bucket, _))
}

fn numbers(column: &Column) -> &[f64] {
    match column {
        Column::Numbers(numbers) => numbers,
        _ => unreachable!("a slot of numbers holds numbers"),
    }
}

#[cfg(test)]
#[path = "controls_tests.rs"]
mod tests;
