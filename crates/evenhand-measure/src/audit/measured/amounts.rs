//! This module is the view of amounts, and of how far they lie from the true ones.

mod beside;
mod errors;
mod gaps;
mod levels;
mod shares;
mod spread;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(crate) use self::errors::{
    MEAN_ABSOLUTE_ERROR, MEAN_ERROR, OVERESTIMATED, ROOT_MEAN_SQUARED_ERROR, UNDERESTIMATED,
};
pub(crate) use self::gaps::{KOLMOGOROV_SMIRNOV, MEAN_GAP, PRICE_GAP, SMD, SUPERIORITY, WASSERSTEIN};
pub(crate) use self::levels::{GEOMETRIC_MEAN, MEAN, MEDIAN, QUANTILES};
pub(crate) use self::shares::{ABOVE_MEDIAN, BELOW_MEDIAN};
use super::{Context, Found, Named, View, bucket_of, parted, view};
use crate::amounts::Distribution;
use crate::audit::model::{Group, GroupKind, NamedTest, Note, Series};
use crate::policy::Scale;
use crate::tally::{Axis, Cell as _, Measured, NumberRole, Numbers};

/// What a tally holds of it, by group.
#[derive(Debug)]
pub(crate) struct AmountView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
    amounts: Column,
    errors: Option<Column>,
    scale: Scale,
    confidence: f64,
    /// The group that the others are held against where only one can be: the one that the policy names, else the judged
    /// group with the most amounts.
    reference: Option<usize>,
    /// Whether it is the view that speaks for all of them where they would say the same.
    is_first: bool,
}

/// One column of numbers by group.
#[derive(Debug)]
struct Column {
    name: String,
    everybody: Cell,
    groups: Vec<Cell>,
    /// Whether rows belong together, so that their buckets say how sure anything is.
    is_clustered: bool,
    /// How many leading bits are kept, where that is not all of them.
    bits: Option<u8>,
    /// What splits everybody in halves.
    median: Option<f64>,
}

/// The numbers of one group.
#[derive(Debug, Default)]
struct Cell {
    numbers: Numbers,
    distribution: Option<Distribution>,
    buckets: BTreeMap<u32, Bucket>,
}

/// Those of them that are in one bucket.
#[derive(Debug, Default)]
struct Bucket {
    numbers: Numbers,
    distribution: Option<Distribution>,
}

view! {
    AmountView, Amounts,
    fn series(&self) -> Vec<Series> {
        self.quantile_gaps()
    }

    fn tests(&self) -> Vec<NamedTest> {
        self.named_tests()
    }

    fn notes(&self) -> Vec<Note> {
        self.reservations()
    }
}

/// The views of one set of attributes.
pub(super) fn views(context: Context<'_>, by: &[String]) -> Vec<Box<dyn View>> {
    AmountView::new(context, by)
        .into_iter()
        .map(|view| Box::new(view) as Box<dyn View>)
        .collect()
}

impl AmountView {
    fn new(context: Context<'_>, by: &[String]) -> Option<Self> {
        let measured = context.tally.numbers(NumberRole::Amount)?;
        let (mut named, groups) = sorted(context, measured, by)?;
        let errors = context.tally.numbers(NumberRole::Error).and_then(|measured| {
            let (of, mut cells) = sorted(context, measured, by)?;
            // Both columns are of the same rows, but a group may be in one of them alone.
            let groups = named.iter().map(|named| {
                let place = of.iter().position(|other| other.group == named.group);
                place.map(|place| std::mem::take(&mut cells[place])).unwrap_or_default()
            });
            Some(Column::new(measured, groups.collect()))
        });
        for (named, cell) in named.iter_mut().zip(&groups) {
            named.rows = cell.numbers.n();
        }
        let amounts = Column::new(measured, groups);
        let policy = context.policy;
        let declared = |column: &String| Some((column.clone(), Some(policy.inference.reference.get(column)?.clone())));
        let declared: Option<Group> = by.iter().map(declared).collect();
        let judged = |place: &usize| named[*place].kind == GroupKind::Judged && named[*place].rows > 0;
        let reference = match declared {
            Some(group) => named.iter().position(|named| named.group == group),
            // Of several with as many, the first by name.
            None => (0..named.len()).filter(judged).reduce(|kept, next| {
                if named[next].rows > named[kept].rows {
                    next
                } else {
                    kept
                }
            }),
        };
        let sets = &context.reading.sets;
        let first = sets.first().map(|set| -> Vec<&String> {
            let attributes = &context.reading.attributes;
            set.iter().map(|&index| &attributes[index].column).collect()
        });
        Some(Self {
            is_first: first.is_some_and(|first| first.into_iter().eq(by)),
            by: by.to_vec(),
            within: Group::new(),
            named,
            amounts,
            errors,
            scale: policy.amounts.scale,
            confidence: policy.inference.confidence,
            reference,
        })
    }

    /// The amounts of a group, or of everybody.
    fn amount(&self, group: Option<usize>) -> &Cell {
        self.amounts.cell(group)
    }
}

impl Column {
    fn new(measured: &Measured, groups: Vec<Cell>) -> Self {
        let mut everybody = Cell::default();
        for cell in &groups {
            everybody.numbers.absorb(&cell.numbers);
            for (bucket, part) in &cell.buckets {
                everybody
                    .buckets
                    .entry(*bucket)
                    .or_default()
                    .numbers
                    .absorb(&part.numbers);
            }
        }
        everybody.sort(measured);
        let mut groups = groups;
        groups.iter_mut().for_each(|cell| cell.sort(measured));
        Self {
            name: measured.column.clone(),
            is_clustered: measured.cells.positions(Axis::Bucket).next().is_some(),
            bits: (!measured.is_exact()).then_some(measured.bits),
            median: everybody.distribution.as_ref().map(Distribution::median_cut),
            everybody,
            groups,
        }
    }

    fn cell(&self, group: Option<usize>) -> &Cell {
        group.map_or(&self.everybody, |group| &self.groups[group])
    }
}

impl Cell {
    /// Puts the numbers in their order.
    fn sort(&mut self, measured: &Measured) {
        self.distribution = Distribution::of(measured, &self.numbers);
        // A bucket without a number has no say in how sure anything is.
        self.buckets.retain(|_, bucket| bucket.numbers.n() > 0);
        for bucket in self.buckets.values_mut() {
            bucket.distribution = Distribution::of(measured, &bucket.numbers);
        }
    }

    fn distribution(&self) -> Result<&Distribution, String> {
        self.distribution.as_ref().ok_or_else(|| NO_AMOUNT.to_owned())
    }
}

const NO_AMOUNT: &str = "no row of the group has an amount";

/// The groups of these attributes, and the numbers of each.
fn sorted(context: Context<'_>, measured: &Measured, by: &[String]) -> Option<(Vec<Named>, Vec<Cell>)> {
    let parts = parted(context, &measured.cells, by)?;
    Some(
        parts
            .into_iter()
            .map(|part| {
                let mut cell = Cell::default();
                for (key, numbers) in &part.cells {
                    cell.numbers.absorb(numbers);
                    if let Some(bucket) = bucket_of(&measured.cells, key) {
                        cell.buckets.entry(bucket).or_default().numbers.absorb(numbers);
                    }
                }
                let named = Named {
                    group: part.group,
                    kind: part.kind,
                    rows: 0,
                };
                (named, cell)
            })
            .unzip(),
    )
}

/// One value without a setting.
fn alone(found: Found) -> Vec<(Option<String>, Found)> {
    vec![(None, found)]
}
