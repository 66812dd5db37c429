//! This module counts how many rows of each group have which score or amount, while rows are counted.
//!
//! A row costs one look into a table: how often was this number in this group? What a tally keeps of numbers (exact
//! sums, and bars of numbers that begin with the same bits) is made of that table when it is full and at the end, once
//! per different number. So a score with a hundred values costs as little as a group with a hundred levels, and one that
//! differs in every row needs no more room than its bars. A plan may ask to keep every number instead; then it is refused
//! to keep more than a tally may hold.

use std::collections::BTreeSet;

use evenhand_measure::tally::{
    ALL_BITS, Axis, Bar, Cube, Dimension, GrowingSums, MOST_BARS, MOST_LEVELS, Measured, Mismatch, NumberRole, Numbers,
    leading, rank, unrank,
};
use evenhand_measure::{LongSum, Problem};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::batch::Column;
use super::coder::NO_NUMBER;
use super::limits::{check_bars, too_many_bars};
use super::store::Layout;
use super::unusable::Unusable;
use crate::plan::{NumberUse, Plan, Purpose};

/// So many different numbers of groups are looked up in a table that stays in a usual second-level cache.
const FIRST_FULL: usize = 1 << 15;

/// A table grows to so many while all its numbers may be kept as they are: then rows find theirs again.
const LAST_FULL: usize = 1 << 19;

/// Rows are packed this many at a time: keys and numbers of one block stay in the nearest cache.
const BLOCK: usize = 4_096;

/// What one thread counts of columns of numbers.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    /// The columns that make groups.
    layout: Layout,
    columns: Vec<Gathering>,
    keys: Vec<u128>,
}

/// One column of numbers.
#[derive(Clone, Debug)]
struct Gathering {
    role: NumberRole,
    name: String,
    slot: usize,
    /// The column that is taken off it.
    minus: Option<usize>,
    /// How many rows of a group have a number, by the group's key and the number's bits.
    table: HashMap<(u128, u64), u64, FixedState>,
    /// With so many entries the table is full.
    full: usize,
    /// Whether every number is kept, however many there are.
    exact: bool,
    kept: Kept,
}

/// What is kept of numbers that left the table.
#[derive(Clone, Debug)]
struct Kept {
    /// With how many of their leading bits numbers are kept.
    bits: u8,
    /// By the codes of the group.
    cells: HashMap<Box<[u32]>, Kind, FixedState>,
    /// The numbers of all groups.
    starts: BTreeSet<u64>,
}

/// The numbers of a group.
#[derive(Clone, Debug, Default)]
struct Kind {
    missing: u64,
    sums: GrowingSums,
    /// By the place of their first number among all numbers.
    bars: HashMap<u64, Counted, FixedState>,
}

/// How many rows have a number, and the sum of the numbers where several fall together.
#[derive(Clone, Debug, Default)]
struct Counted {
    n: u64,
    sum: Option<Box<LongSum>>,
}

impl Gathered {
    /// What is to be counted of numbers for `plan`; nothing if there are none.
    pub(super) fn new(plan: &Plan) -> Option<Self> {
        let place = |number| plan.place(&Purpose::Number(number));
        let column = |role, slot: usize, minus: Option<usize>, named: usize| Gathering {
            role,
            name: plan.slots[named].name.clone(),
            slot,
            minus,
            table: HashMap::default(),
            full: FIRST_FULL,
            exact: plan.exact,
            kept: Kept::new(),
        };
        let mut columns = Vec::new();
        columns.extend(place(NumberUse::Score).map(|slot| column(NumberRole::Score, slot, None, slot)));
        if let Some(slot) = place(NumberUse::Amount) {
            columns.push(column(NumberRole::Amount, slot, None, slot));
            let minus = place(NumberUse::TrueAmount);
            columns.extend(minus.map(|minus| column(NumberRole::Error, slot, Some(minus), minus)));
        }
        let groups = plan.slots.iter().enumerate();
        let groups = groups
            .filter(|(_, slot)| is_group(&slot.purpose))
            .map(|(place, _)| place);
        (!columns.is_empty()).then(|| Self {
            layout: Layout::new(groups),
            columns,
            keys: Vec::new(),
        })
    }

    /// Counts the rows of a batch, whose records stand for `counts` rows each.
    ///
    /// # Errors
    /// When every number is to be kept and there are too many.
    pub(super) fn add(&mut self, columns: &[Column], rows: usize, counts: Option<&[u64]>) -> Result<(), Unusable> {
        if let Some(wider) = self.layout.widened(columns) {
            for column in &mut self.columns {
                column.empty(&self.layout)?;
            }
            self.layout = wider;
        }
        for start in (0..rows).step_by(BLOCK) {
            let end = rows.min(start + BLOCK);
            self.keys.resize(end - start, 0);
            self.layout.keys(columns, start, &mut self.keys);
            let counts = counts.map(|counts| &counts[start..end]);
            for column in &mut self.columns {
                let numbers = &numbers(&columns[column.slot])[start..end];
                match column.minus {
                    None => column.add(&self.keys, numbers.iter().copied(), counts),
                    Some(minus) => {
                        let minus = &self::numbers(&columns[minus])[start..end];
                        // Not-a-number minus anything is not a number.
                        let differences = numbers.iter().zip(minus).map(|(number, minus)| number - minus);
                        column.add(&self.keys, differences, counts);
                    }
                }
                if column.table.len() > column.full {
                    column.empty(&self.layout)?;
                }
            }
        }
        Ok(())
    }

    /// What a tally keeps, with the dimension of each slot that has one.
    ///
    /// # Errors
    /// When every number is to be kept and there are too many.
    pub(super) fn finish(self, dimension: impl Fn(usize) -> Option<Dimension>) -> Result<Vec<Measured>, Problem> {
        let all_rows = |unusable: Unusable| unusable.at("all rows together");
        let defect = |mismatch: Mismatch| Problem::data(mismatch.to_string(), "please report this as a defect");
        let Self { layout, columns, .. } = self;
        let dimensions: Vec<Dimension> = layout.columns().filter_map(dimension).collect();
        let finished = columns.into_iter().map(|mut column| {
            column.empty(&layout).map_err(all_rows)?;
            let Kept { bits, cells, .. } = column.kept;
            let cells = cells.into_iter().map(|(codes, kind)| (codes.into_vec(), kind.finish()));
            let cube = Cube::new(dimensions.clone(), cells).map_err(defect)?;
            let (role, name) = (column.role, &column.name);
            let measured = match column.exact {
                true => Measured::exact(role, name, cube),
                false => Measured::new(role, name, bits, cube),
            };
            check_bars(&measured).map_err(all_rows)?;
            Ok(measured)
        });
        finished.collect()
    }
}

/// Whether values are a part of a group whose numbers are counted: not decisions, which scores need none of.
fn is_group(purpose: &Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Key(
            Axis::Protected | Axis::Strata | Axis::Period | Axis::Label | Axis::Bucket,
            _
        )
    )
}

fn numbers(column: &Column) -> &[f64] {
    match column {
        Column::Numbers(numbers) => numbers,
        _ => unreachable!("a slot of numbers holds numbers"),
    }
}

impl Gathering {
    fn add(&mut self, keys: &[u128], numbers: impl Iterator<Item = f64>, counts: Option<&[u64]>) {
        // One way to be missing, so that rows without a number fall together. Adding zero turns -0.0 into 0.0.
        let bits = |number: f64| (if number.is_nan() { NO_NUMBER } else { number + 0.0 }).to_bits();
        let rows = keys.iter().zip(numbers.map(bits));
        // No count overflows, because all rows together were found to be fewer than 2^64.
        match counts {
            None => {
                for (key, bits) in rows {
                    *self.table.entry((*key, bits)).or_default() += 1;
                }
            }
            Some(counts) => {
                for ((key, bits), n) in rows.zip(counts).filter(|(_, n)| **n > 0) {
                    *self.table.entry((*key, bits)).or_default() += n;
                }
            }
        }
    }

    /// Takes the numbers out of the table.
    fn empty(&mut self, layout: &Layout) -> Result<(), Unusable> {
        let mut entries: Vec<((u128, u64), u64)> = self.table.drain().collect();
        // Each group is looked up once.
        entries.sort_unstable_by_key(|((key, _), _)| *key);
        for group in entries.chunk_by(|((one, _), _), ((other, _), _)| one == other) {
            let codes: Box<[u32]> = layout.codes(group[0].0.0).collect();
            let numbers = group.iter().map(|((_, bits), n)| (f64::from_bits(*bits), *n));
            self.kept.add(codes, numbers);
        }
        // A level may have two codes here, one of them for values that are not numbers, so a cell may be in as many
        // parts: what is too much for a tally must be too much whatever codes its levels have.
        let parts = layout.columns().count() as u32;
        let most_bars = MOST_BARS.saturating_mul(1usize.checked_shl(parts).unwrap_or(usize::MAX));
        if !self.exact {
            self.kept.settle(most_bars);
        } else if self.kept.starts.len() > MOST_BARS || self.kept.bars() > most_bars {
            // Different numbers are in different bars, whatever the groups are.
            return Err(too_many_bars(&self.name));
        }
        if self.kept.bits == ALL_BITS {
            self.full = (self.full * 2).min(LAST_FULL);
        }
        Ok(())
    }
}

impl Kept {
    fn new() -> Self {
        Self {
            bits: ALL_BITS,
            cells: HashMap::default(),
            starts: BTreeSet::new(),
        }
    }

    fn add(&mut self, codes: Box<[u32]>, numbers: impl Iterator<Item = (f64, u64)>) {
        let cell = self.cells.entry(codes).or_default();
        for (number, n) in numbers {
            if number.is_nan() {
                cell.missing += n;
                continue;
            }
            cell.sums.add(number, n);
            let start = rank(leading(number, self.bits));
            let bar = cell.bars.entry(start).or_insert_with(|| {
                self.starts.insert(start);
                Counted::default()
            });
            bar.n += n;
            if self.bits < ALL_BITS {
                bar.sum.get_or_insert_default().add_times(number, n);
            }
        }
    }

    /// How many bars there are in all groups together.
    fn bars(&self) -> usize {
        self.cells.values().map(|cell| cell.bars.len()).sum()
    }

    /// Keeps fewer bits of all numbers, if they are too many.
    fn settle(&mut self, most_bars: usize) {
        if self.starts.len() <= MOST_LEVELS && self.bars() <= most_bars {
            return;
        }
        let numbers: Vec<f64> = self.starts.iter().map(|start| unrank(*start)).collect();
        let fits = |bits: &u8| {
            let bars = self
                .cells
                .values()
                .map(|cell| different(cell.starts().into_iter().map(unrank), *bits));
            different(numbers.iter().copied(), *bits) <= MOST_LEVELS && bars.sum::<usize>() <= most_bars
        };
        let bits = (0..self.bits).rev().find(fits).unwrap_or(0);
        for cell in self.cells.values_mut() {
            let mut bars: HashMap<u64, Counted, FixedState> = HashMap::default();
            for (start, Counted { n, sum }) in std::mem::take(&mut cell.bars) {
                let from = unrank(start);
                let bar = bars.entry(rank(leading(from, bits))).or_default();
                bar.n += n;
                let kept = bar.sum.get_or_insert_default();
                match sum {
                    Some(sum) => kept.merge(&sum.exact()),
                    None => kept.add_times(from, n),
                }
            }
            cell.bars = bars;
        }
        self.bits = bits;
        self.starts = numbers.iter().map(|number| rank(leading(*number, bits))).collect();
    }
}

/// How many of these numbers, which rise, are different by so many bits.
fn different(numbers: impl Iterator<Item = f64>, bits: u8) -> usize {
    let mut last = None;
    numbers
        .map(|number| rank(leading(number, bits)))
        .filter(|start| last.replace(*start) != Some(*start))
        .count()
}

impl Kind {
    /// The places of first numbers, rising.
    fn starts(&self) -> Vec<u64> {
        let mut starts: Vec<u64> = self.bars.keys().copied().collect();
        starts.sort_unstable();
        starts
    }

    fn finish(self) -> Numbers {
        let mut bars: Vec<(u64, Counted)> = self.bars.into_iter().collect();
        bars.sort_unstable_by_key(|(start, _)| *start);
        let bars = bars.into_iter().map(|(start, Counted { n, sum })| Bar {
            from: unrank(start),
            n,
            sum: sum.map(|sum| Box::new(sum.exact())),
        });
        Numbers {
            missing: self.missing,
            bars: bars.collect(),
            sums: self.sums.sums(),
        }
    }
}

#[cfg(test)]
#[path = "numbers_tests.rs"]
mod tests;
