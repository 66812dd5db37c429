//! This module takes the columns of batches that lists are made of.

use evenhand_measure::tally::Dimension;

use super::Pool;
use super::collector::{Collector, Rows};
use super::settings::Slots;
use crate::kernel::{Batch, Column, Unusable};
use crate::plan::Plan;

/// Reads the rows of lists of one thread.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    slots: Slots,
    /// The column of lists.
    name: String,
    collector: Collector,
}

impl Reader {
    /// A reader for a plan that reads lists; nothing for others.
    pub(crate) fn new(plan: &Plan) -> Option<Self> {
        let settings = plan.lists.as_ref()?;
        if plan.unsettled().is_some() || plan.is_of_kinds() {
            return None;
        }
        let slots = settings.slots(plan)?;
        Some(Self {
            collector: Collector::new(&settings.budget, slots.rank.is_some()),
            name: settings.column("list").to_owned(),
            slots,
        })
    }

    /// Keeps the rows of a batch.
    ///
    /// # Errors
    /// When there are more than are kept, or there are neither ranks nor an order of rows.
    pub(crate) fn add(&mut self, batch: &Batch) -> Result<(), Unusable> {
        let slots = &self.slots;
        if slots.rank.is_none() && batch.first.is_none() && batch.rows > 0 {
            return Err(Unusable::new(
                &self.name,
                "there is no column of ranks, and the rows of this source have no order that could stand for them",
                "name the column of places with `--rank`",
            ));
        }
        let ids = |slot: Option<usize>| slot.map(|slot| ids(&batch.columns[slot]));
        let numbers = |slot: Option<usize>| slot.map(|slot| numbers(&batch.columns[slot]));
        let codes = |slots: &[usize]| slots.iter().map(|slot| codes(&batch.columns[*slot])).collect();
        let rows = Rows {
            rows: batch.rows,
            first: batch.first.unwrap_or(0),
            list: ids(slots.list),
            user: ids(slots.user),
            item: ids(Some(slots.item)).unwrap_or_default(),
            rank: numbers(slots.rank),
            relevance: numbers(slots.relevance),
            popularity: numbers(slots.popularity),
            merit: numbers(slots.merit),
            of_users: codes(&slots.of_users),
            of_items: codes(&slots.of_items),
        };
        self.collector.add(&rows, &self.name)
    }

    /// What was read; `dimension` gives the levels of a slot.
    pub(crate) fn finish(self, dimension: impl Fn(usize) -> Option<Dimension>) -> Pool {
        let of = |slots: &[usize]| slots.iter().filter_map(|slot| dimension(*slot)).collect();
        let (of_users, of_items) = (of(&self.slots.of_users), of(&self.slots.of_items));
        Pool::of(self.collector.finish(of_users, of_items))
    }
}

fn ids(column: &Column) -> &[u64] {
    match column {
        Column::Ids(ids) => ids,
        _ => unreachable!("a slot of ids holds ids"),
    }
}

fn numbers(column: &Column) -> &[f64] {
    match column {
        Column::Numbers(numbers) => numbers,
        _ => unreachable!("a slot of numbers holds numbers"),
    }
}

fn codes(column: &Column) -> Vec<u32> {
    match column {
        Column::Codes(codes) => codes.iter().collect(),
        _ => unreachable!("a key column holds codes"),
    }
}
