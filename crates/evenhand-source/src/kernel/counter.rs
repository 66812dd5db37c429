//! This module counts coded rows: one counter per thread, one cell per combination of codes.

use std::collections::BTreeMap;

use evenhand_measure::Problem;
use evenhand_measure::tally::{Axis, Counts, Cube, Dimension, Found, Mismatch, Quantity, Tally};

use super::batch::{Batch, Column};
use super::coder::{Coder, NOT_A_NUMBER};
use super::controls::Explained;
use super::limits::too_many_cells;
use super::numbers::Gathered;
use super::partial::Partial;
use super::store::{Layout, Store, Value};
use super::unusable::Unusable;
use super::weighed::Weighed;
use crate::lists;
use crate::plan::{Plan, Purpose};

/// The most combinations of values: a tally with more is no summary but a copy of its source. Four million
/// cells take about half a gigabyte while they are sorted.
pub(super) const MOST_CELLS: usize = 1 << 22;

/// The most combinations where each has sums of weights: a cell takes eight times the room then.
pub(super) const MOST_WEIGHTED: usize = 1 << 20;

/// Counts the rows of one thread.
///
/// ```
/// use evenhand_measure::Policy;
/// use evenhand_source::{Batch, Coder, Counter, Plan};
/// let mut policy = Policy::default();
/// policy.roles.protected = vec!["sex".into()];
/// policy.roles.prediction = Some("hired".into());
/// let plan = Plan::from_policy(&policy).unwrap();
/// let mut coders: Vec<Coder> = plan.slots.iter().map(|slot| Coder::new(slot, &plan.texts)).collect();
/// let mut counter = Counter::new(&plan);
/// let mut batch = Batch::new(&plan);
/// for row in [["Female", "yes"], ["Male", "no"], ["Female", "yes"]] {
///     for ((coder, column), value) in coders.iter_mut().zip(&mut batch.columns).zip(row) {
///         column.push(coder.text(value.as_bytes())?);
///     }
///     batch.rows += 1;
/// }
/// counter.add(&batch)?;
/// let partial = counter.finish(coders)?;
/// assert_eq!(partial.rows, 3);
/// assert_eq!(partial.tally.decisions.cells().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Counter {
    names: Vec<String>,
    /// The places of columns of numbers, and how many rows each says are none.
    numbers: Vec<(usize, u64)>,
    gathered: Option<Gathered>,
    explained: Option<Explained>,
    missing: Vec<String>,
    count: Option<usize>,
    weight: Option<usize>,
    layout: Layout,
    cells: Cells,
    records: u64,
    rows: u64,
    zero_counts: u64,
    zero_weights: u64,
    /// What keeps the rows of lists, where there are lists.
    lists: Option<lists::Reader>,
}

/// Unweighted cells are eight bytes, so that many fit into a cache.
#[derive(Clone, Debug)]
enum Cells {
    Plain(Store<u64>),
    Weighted(Store<Weighed>),
}

impl Value for u64 {
    fn is_untouched(&self) -> bool {
        *self == 0
    }
}

impl Counter {
    /// A counter for batches with one column per slot of `plan`.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let place = |purpose: &Purpose| plan.slots.iter().position(|slot| slot.purpose == *purpose);
        let places = |wanted: fn(&Purpose) -> bool| {
            let slots = plan.slots.iter().enumerate();
            slots
                .filter(move |(_, slot)| wanted(&slot.purpose))
                .map(|(place, _)| place)
        };
        let weight = place(&Purpose::Weight);
        let mut missing = plan.texts.missing.clone();
        missing.sort();
        missing.dedup();
        Self {
            gathered: Gathered::new(plan),
            explained: Explained::new(plan),
            missing,
            names: plan.slots.iter().map(|slot| slot.name.clone()).collect(),
            numbers: places(|purpose| matches!(purpose, Purpose::Number(_)))
                .map(|place| (place, 0))
                .collect(),
            count: place(&Purpose::Count),
            weight,
            layout: Layout::new(places(is_of_decisions)),
            cells: match weight {
                None => Cells::Plain(Store::Dense(vec![0])),
                Some(_) => Cells::Weighted(Store::Dense(vec![Weighed::default()])),
            },
            records: 0,
            rows: 0,
            zero_counts: 0,
            zero_weights: 0,
            lists: lists::Reader::new(plan),
        }
    }

    /// Counts the rows of a batch. After an error the counter must not be used any more.
    ///
    /// # Errors
    /// When the counts add up to more than 2^64, or there are too many combinations of values, or too many different
    /// numbers where each is to be kept.
    ///
    /// # Panics
    /// When the batch does not fit the plan: columns of another number or kind, or not `rows` values in each.
    pub fn add(&mut self, batch: &Batch) -> Result<(), Unusable> {
        let columns = &batch.columns;
        assert_eq!(columns.len(), self.names.len(), "a batch has one column per slot");
        assert!(
            columns.iter().all(|column| column.len() == batch.rows),
            "a column of a batch has one value per row"
        );
        if let Some(wider) = self.layout.widened(columns) {
            self.widen(wider)?;
        }
        if let Some(lists) = &mut self.lists {
            lists.add(batch)?;
        }
        let counts = self.count.map(|slot| match &columns[slot] {
            Column::Counts(counts) => counts.as_slice(),
            _ => unreachable!("the count slot holds counts"),
        });
        let weights = self.weight.map(|slot| match &columns[slot] {
            Column::Weights(weights) => weights.as_slice(),
            _ => unreachable!("the weight slot holds weights"),
        });

        self.records += batch.rows as u64;
        let rows = counts.map_or(batch.rows as u128, |counts| counts.iter().map(|&n| u128::from(n)).sum());
        self.rows = u64::try_from(u128::from(self.rows) + rows).map_err(|_| self.overflow())?;
        if let Some(counts) = counts {
            self.zero_counts += counts.iter().filter(|&&n| n == 0).count() as u64;
        }
        if let Some(weights) = weights {
            let rows = |row: usize| counts.map_or(1, |counts| counts[row]);
            self.zero_weights += weights
                .iter()
                .enumerate()
                .filter(|(_, w)| **w == 0.0)
                .map(|(row, _)| rows(row))
                .sum::<u64>();
        }

        for (slot, not_numbers) in &mut self.numbers {
            let Column::Numbers(numbers) = &columns[*slot] else {
                unreachable!("a slot of numbers holds numbers")
            };
            let is_none = |(_, number): &(usize, &f64)| number.to_bits() == NOT_A_NUMBER.to_bits();
            let rows = numbers.iter().enumerate().filter(is_none);
            *not_numbers += rows.map(|(row, _)| counts.map_or(1, |counts| counts[row])).sum::<u64>();
        }

        if let Some(gathered) = &mut self.gathered {
            gathered.add(columns, batch.rows, counts)?;
        }
        if let Some(explained) = &mut self.explained {
            explained.add(columns, batch.rows, counts)?;
        }
        let fits = match self.layout.constant(columns) {
            Some(key) => self.add_alike(key, rows as u64, counts, weights),
            None => self.add_each(columns, batch.rows, counts, weights),
        };
        if fits { Ok(()) } else { Err(self.too_many_cells()) }
    }

    /// Adds `rows` rows to one cell; says whether there is room for it.
    fn add_alike(&mut self, key: u128, rows: u64, counts: Option<&[u64]>, weights: Option<&[f64]>) -> bool {
        match &mut self.cells {
            Cells::Plain(store) => {
                let Some(n) = store.cell(key, MOST_CELLS) else {
                    return false;
                };
                *n += rows;
            }
            Cells::Weighted(store) => {
                let Some(cell) = store.cell(key, MOST_WEIGHTED) else {
                    return false;
                };
                let weights = weights.unwrap_or_default().iter();
                match counts {
                    None => weights.for_each(|weight| cell.add(*weight)),
                    Some(counts) => weights.zip(counts).for_each(|(weight, n)| cell.add_many(*n, *weight)),
                }
            }
        }
        true
    }

    /// Adds every row to its cell; says whether there was room for all.
    fn add_each(&mut self, columns: &[Column], rows: usize, counts: Option<&[u64]>, weights: Option<&[f64]>) -> bool {
        let layout = &self.layout;
        let weights = weights.unwrap_or_default();
        // No cell overflows, because all rows together were found to be fewer than 2^64.
        match (&mut self.cells, counts) {
            (Cells::Plain(store), None) => {
                store.visit(layout, columns, rows, MOST_CELLS, |n, _| *n = n.wrapping_add(1))
            }
            (Cells::Plain(store), Some(counts)) => store.visit(layout, columns, rows, MOST_CELLS, |n, row| {
                *n = n.wrapping_add(counts[row])
            }),
            (Cells::Weighted(store), None) => {
                store.visit(layout, columns, rows, MOST_WEIGHTED, |cell, row| cell.add(weights[row]))
            }
            (Cells::Weighted(store), Some(counts)) => store.visit(layout, columns, rows, MOST_WEIGHTED, |cell, row| {
                cell.add_many(counts[row], weights[row])
            }),
        }
    }

    /// The tally of everything added, with the levels that `coders` know, one per slot.
    ///
    /// # Errors
    /// When there are too many different numbers where each is to be kept, or the cells do not add up to the rows that
    /// were added, which would be a defect of this program.
    pub fn finish(self, coders: Vec<Coder>) -> Result<Partial, Problem> {
        let Self {
            layout,
            records,
            rows,
            zero_counts,
            zero_weights,
            names,
            numbers,
            gathered,
            explained,
            missing,
            count,
            weight,
            cells,
            lists,
        } = self;
        let dimensions: Vec<Option<(Dimension, Option<u32>)>> = coders.into_iter().map(Coder::into_dimension).collect();
        let lists = lists.map(|lists| lists.finish(|slot| Some(dimensions.get(slot)?.as_ref()?.0.clone())));
        let keys = layout.columns().filter_map(|slot| dimensions.get(slot)?.clone());
        let axes: Vec<(Dimension, Option<u32>)> = keys.collect();
        let mut not_numbers = vec![0u64; axes.len()];
        let mut key = |packed: u128, n: u64| {
            let codes: Vec<u32> = layout.codes(packed).collect();
            for ((code, (_, nan)), rows) in codes.iter().zip(&axes).zip(&mut not_numbers) {
                if Some(*code) == *nan {
                    *rows += n;
                }
            }
            codes
        };
        let counted: Vec<(Vec<u32>, Counts)> = match cells {
            Cells::Plain(store) => store
                .into_cells()
                .map(|(packed, n)| (key(packed, n), Counts::of(n)))
                .collect(),
            Cells::Weighted(store) => store
                .into_cells()
                .map(|(packed, cell)| {
                    let n = cell.n;
                    let weights = Some(Box::new(cell.into_weights()));
                    (
                        key(packed, n),
                        Counts {
                            weights,
                            ..Counts::of(n)
                        },
                    )
                })
                .collect(),
        };
        let keyed: Vec<Dimension> = axes.into_iter().map(|(dimension, _)| dimension).collect();
        let columns: Vec<String> = keyed.iter().map(|dimension| dimension.column.clone()).collect();
        let defect = |mismatch: Mismatch| Problem::data(mismatch.to_string(), "please report this as a defect");
        let cube = Cube::new(keyed, counted).map_err(defect)?;
        let dimension = |slot: usize| dimensions.get(slot)?.as_ref().map(|(dimension, _)| dimension.clone());
        let measured = gathered.map(|gathered| gathered.finish(dimension));
        let measured = measured.transpose()?.unwrap_or_default();
        let controls = explained.map(|explained| explained.finish(dimension));
        let controls = controls.transpose().map_err(defect)?;

        let mut tally = Tally::new(cube, records).with(measured, controls, None);
        tally.missing = missing;
        // A column may be read twice, as a score and as the decision that a threshold makes of it.
        let mut without_number: BTreeMap<&str, u64> = BTreeMap::new();
        let of_numbers = numbers.iter().map(|(slot, rows)| (names[*slot].as_str(), *rows));
        for (column, rows) in columns.iter().map(String::as_str).zip(not_numbers).chain(of_numbers) {
            let most = without_number.entry(column).or_default();
            *most = rows.max(*most);
        }
        for (column, rows) in without_number {
            tally.add_reading(column, Found::NotANumber, rows);
        }
        if let Some(slot) = count {
            tally.quantities.insert(Quantity::Count, names[slot].clone());
            tally.add_reading(&names[slot], Found::ZeroCount, zero_counts);
        }
        if let Some(slot) = weight {
            tally.quantities.insert(Quantity::Weight, names[slot].clone());
            tally.add_reading(&names[slot], Found::ZeroWeight, zero_weights);
        }
        let lists = lists.unwrap_or_default();
        Partial { tally, rows, lists }.checked()
    }

    fn widen(&mut self, wider: Layout) -> Result<(), Unusable> {
        let old = &self.layout;
        let repacked = match &mut self.cells {
            Cells::Plain(store) => std::mem::replace(store, Store::Dense(Vec::new()))
                .repacked(old, &wider)
                .map(Cells::Plain),
            Cells::Weighted(store) => std::mem::replace(store, Store::Dense(Vec::new()))
                .repacked(old, &wider)
                .map(Cells::Weighted),
        };
        match repacked {
            Some(cells) => {
                self.cells = cells;
                self.layout = wider;
                Ok(())
            }
            None => {
                self.layout = wider;
                Err(self.too_wide())
            }
        }
    }

    /// A key has no room for a code of each column, however few combinations there are.
    fn too_wide(&self) -> Unusable {
        let columns = self.layout.most_codes().count();
        self.too_many(|_| format!("the {columns} columns have too many values to be counted together"))
    }

    fn overflow(&self) -> Unusable {
        let column = self.count.map_or("", |slot| self.names[slot].as_str());
        Unusable::new(
            column,
            "the counts add up to more than 2^64 rows",
            "check whether the column really counts rows; leave `--count` out if it does not",
        )
    }

    fn too_many_cells(&self) -> Unusable {
        self.too_many(|reason| reason)
    }

    fn too_many(&self, said: impl FnOnce(String) -> String) -> Unusable {
        let most = match self.cells {
            Cells::Plain(_) => MOST_CELLS,
            Cells::Weighted(_) => MOST_WEIGHTED,
        };
        let levels: Vec<(&str, usize)> = self
            .layout
            .most_codes()
            .map(|(column, codes)| (self.names[column].as_str(), codes))
            .collect();
        let (reason, help) = too_many_cells(levels.iter().copied(), most);
        let column = levels
            .iter()
            .max_by_key(|(_, codes)| *codes)
            .map_or("", |(column, _)| *column);
        Unusable::new(column, said(reason), help)
    }
}

/// Whether values are a part of the key of decisions. Other keys are those of controls and of lists.
fn is_of_decisions(purpose: &Purpose) -> bool {
    match purpose {
        Purpose::Key(axis, _) => !matches!(axis, Axis::Control | Axis::Category | Axis::Rank | Axis::Relevance),
        Purpose::Sifted(_) | Purpose::Either(_) => true,
        _ => false,
    }
}

#[cfg(test)]
#[path = "counter_tests.rs"]
mod tests;
