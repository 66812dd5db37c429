//! This module is the view of what lists are worth to groups of users, and of what is in them.

mod remarks;

use std::collections::{BTreeMap, BTreeSet};

use super::units::{Of, OfSums, Units, buckets};
use super::{Context, Found, Named, Parted, View, parted, view};
use crate::audit::model::{Group, GroupKind, Note};
use crate::catalogue::measures::Measure;
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale};
use crate::lists::customer::{
    CUT, LIFT_HISTORY, LIFT_LIST, RECALL, Relevance, disparity, lift, mean_gap, spread, total_variation,
};
use crate::tally::{Axis, Counts, Cube, Lists};

/// What a tally holds of it, by group.
#[derive(Debug)]
pub(crate) struct CustomerView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
    cutoffs: Vec<u32>,
    relevance: Relevance,
    /// Of how many items shown to each group it is not known whether they were wanted, and how many were shown.
    unknown: Vec<(u64, u64)>,
    /// By the key of a measure, the count and the sum of its values in each group, and in all.
    values: BTreeMap<String, Split>,
    /// By category: of how much was chosen before it and all of them, and of how much was shown.
    chosen: BTreeMap<String, Split>,
    /// By column of items: how often each of its groups was shown to each group, and to all.
    shown: BTreeMap<String, Vec<Vec<f64>>>,
}

/// Sums by group, and over all groups.
#[derive(Debug, Default)]
struct Split {
    groups: Vec<Units>,
    all: Units,
}

impl Split {
    fn of(&self, group: Option<usize>) -> &Units {
        group.and_then(|group| self.groups.get(group)).unwrap_or(&self.all)
    }

    fn settle(&mut self) {
        self.all = Units::default();
        self.groups.iter().for_each(|group| self.all.merge(group));
    }
}

view! {
    CustomerView, Customer,

    fn can_have(&self, measure: &Measure) -> bool {
        !self.lacks(measure.id)
    }

    fn notes(&self) -> Vec<Note> {
        self.remarks()
    }
}

/// The views of one set of attributes.
pub(super) fn views(context: Context<'_>, by: &[String]) -> Vec<Box<dyn View>> {
    let Some(lists) = &context.tally.lists else {
        return Vec::new();
    };
    let Some(groups) = parted(context, &lists.measured, by) else {
        return Vec::new();
    };
    let named: Vec<Named> = groups
        .iter()
        .map(|group| Named {
            group: group.group.clone(),
            kind: group.kind,
            rows: group
                .cells
                .iter()
                .fold(0, |sum, (_, sums)| sum.saturating_add(sums.units)),
        })
        .collect();
    let mut values: BTreeMap<String, Split> = BTreeMap::new();
    let bucket = buckets(&lists.measured);
    for (index, group) in groups.iter().enumerate() {
        for (key, sums) in &group.cells {
            for (measure, moments) in &sums.of {
                let split = values.entry(measure.clone()).or_default();
                split.groups.resize_with(groups.len(), Units::default);
                let units = &mut split.groups[index];
                units.add(bucket(key), 0, 2, moments.n as f64);
                units.add(bucket(key), 1, 2, moments.sum.value());
            }
        }
    }
    values.values_mut().for_each(Split::settle);
    let view = CustomerView {
        by: by.to_vec(),
        within: Group::new(),
        chosen: chosen(context, lists, by, &named).unwrap_or_default(),
        shown: shown(context, lists, by, &named).unwrap_or_default(),
        unknown: unknown(context, lists, by, &named).unwrap_or_default(),
        named,
        cutoffs: context.policy.lists.cutoffs.clone(),
        relevance: match () {
            () if lists.knows_wanted => Relevance::All,
            () if lists.columns.contains_key("relevance") => Relevance::Shown,
            () => Relevance::Unknown,
        },
        values,
    };
    vec![Box::new(view)]
}

/// The text of a cell in a dimension, unless it is missing.
fn text<'c>(context: Context<'_>, cube: &'c Cube<Counts>, position: usize, key: &[u32]) -> Option<&'c str> {
    let missing = &context.policy.values.missing;
    let level = &cube.dimensions()[position].levels[key[position] as usize];
    level.text().filter(|text| !missing.iter().any(|token| token == text))
}

/// The cells of each of the groups that are known by name.
fn by_name<'t>(
    context: Context<'_>,
    cube: &'t Cube<Counts>,
    by: &[String],
    named: &[Named],
) -> Option<Vec<(usize, Parted<'t, Counts>)>> {
    let groups = parted(context, cube, by)?.into_iter();
    let place = |group: &Group| named.iter().position(|named| named.group == *group);
    Some(groups.filter_map(|group| Some((place(&group.group)?, group))).collect())
}

/// How often each category was chosen before, of how much, and shown, of how much.
fn chosen(context: Context<'_>, lists: &Lists, by: &[String], named: &[Named]) -> Option<BTreeMap<String, Split>> {
    let mut times: BTreeMap<String, Split> = BTreeMap::new();
    let mut all = vec![Units::default(); named.len()];
    for (cube, place) in [(lists.history.as_ref()?, 0), (&lists.shown, 2)] {
        let category = cube.positions(Axis::Category).next()?;
        let bucket = buckets(cube);
        for (index, group) in by_name(context, cube, by, named)? {
            for (key, counts) in group.cells {
                // What has no category is in no share.
                let Some(name) = text(context, cube, category, key) else {
                    continue;
                };
                let split = times.entry(name.to_owned()).or_default();
                split.groups.resize_with(named.len(), Units::default);
                split.groups[index].add(bucket(key), place, 4, counts.n as f64);
                all[index].add(bucket(key), place + 1, 4, counts.n as f64);
            }
        }
    }
    for split in times.values_mut() {
        split
            .groups
            .iter_mut()
            .zip(&all)
            .for_each(|(group, all)| group.merge(all));
        split.settle();
    }
    Some(times)
}

/// How often each group of items, or category, was shown to each group of users.
fn shown(
    context: Context<'_>,
    lists: &Lists,
    by: &[String],
    named: &[Named],
) -> Option<BTreeMap<String, Vec<Vec<f64>>>> {
    let cube = &lists.shown;
    let groups = by_name(context, cube, by, named)?;
    let columns = cube.dimensions().iter().enumerate().filter(|(_, dimension)| {
        dimension.role == Axis::Category
            || (dimension.role == Axis::Protected && lists.of_items.contains(&dimension.column))
    });
    let mut shown = BTreeMap::new();
    for (position, dimension) in columns {
        let mut times = vec![vec![0.0; dimension.levels.len()]; named.len()];
        for (index, group) in &groups {
            for (key, counts) in &group.cells {
                if text(context, cube, position, key).is_some() {
                    times[*index][key[position] as usize] += counts.n as f64;
                }
            }
        }
        shown.insert(dimension.column.clone(), times);
    }
    Some(shown)
}

/// Of how many items shown to each group it is not known whether they were wanted, and how many were shown.
fn unknown(context: Context<'_>, lists: &Lists, by: &[String], named: &[Named]) -> Option<Vec<(u64, u64)>> {
    let cube = &lists.shown;
    let relevance = cube.positions(Axis::Relevance).next()?;
    let mut unknown = vec![(0u64, 0u64); named.len()];
    for (index, group) in by_name(context, cube, by, named)? {
        for (key, counts) in group.cells {
            let is_known = text(context, cube, relevance, key).is_some();
            let (without, all) = &mut unknown[index];
            *without = without.saturating_add(if is_known { 0 } else { counts.n });
            *all = all.saturating_add(counts.n);
        }
    }
    Some(unknown)
}

type Values = Vec<(Option<String>, Found)>;

fn mean(sums: &[f64]) -> Option<f64> {
    (sums[0] > 0.0).then(|| sums[1] / sums[0])
}

const OF_USERS: Of<OfSums> = Of {
    function: mean,
    undefined: "it is known of none of these users",
    is_share: false,
};

/// Why recall has no value where only the relevance of what was shown is known.
const NO_RECALL: &str = "nothing says what users wanted beyond what they were shown (--relevant FILE)";

impl CustomerView {
    /// A mean over users of what is asked down to a place.
    fn of_mean(&self, id: &str) -> Of<OfSums> {
        Of {
            undefined: match self.relevance {
                Relevance::Shown if self.knows_nothing() => "the data say of no item whether it was wanted",
                Relevance::Shown if id == "ndcg" => "none of these users wanted anything that they were shown",
                Relevance::Shown => "of nothing that these users were shown it is known whether they wanted it",
                _ => "none of these users wants any item",
            },
            is_share: true,
            ..OF_USERS
        }
    }

    /// Whether it is known of no item whether it was wanted.
    fn knows_nothing(&self) -> bool {
        !self.unknown.is_empty() && self.unknown.iter().all(|(without, all)| without == all)
    }

    /// Whether nothing can say what the measure asks.
    fn lacks(&self, id: &str) -> bool {
        id == RECALL && self.relevance == Relevance::Shown
    }

    /// The cutoffs that the tally has, the one that is judged first. A measure without any value has the others'.
    fn cutoffs(&self) -> Vec<u32> {
        if self.relevance == Relevance::Unknown {
            return Vec::new();
        }
        let of = |key: &String| {
            let (id, k) = key.split_once('@')?;
            k.parse::<u32>().ok().filter(|_| CUT.contains(&id))
        };
        let there: BTreeSet<u32> = self.values.keys().filter_map(of).collect();
        if there.is_empty() {
            return self.cutoffs.clone();
        }
        let named = self.cutoffs.iter().copied().filter(|k| there.contains(k));
        let others = there.iter().copied().filter(|k| !self.cutoffs.contains(k));
        named.chain(others).collect()
    }

    /// A mean over users, down to each place.
    pub(crate) fn at_places(&self, id: &str, group: Option<usize>) -> Values {
        let of = self.of_mean(id);
        let value = |k: u32| {
            let found = match self.values.get(&format!("{id}@{k}")) {
                _ if self.lacks(id) => Err(NO_RECALL.to_owned()),
                Some(split) => split.of(group).value(&of),
                None => Err(of.undefined.to_owned()),
            };
            (Some(k.to_string()), found)
        };
        self.cutoffs().into_iter().map(value).collect()
    }

    /// The same of two groups, down to the first place asked for.
    pub(crate) fn compare_at_places(&self, id: &str, group: usize, reference: usize, comparison: Comparison) -> Found {
        if self.lacks(id) {
            return Err(NO_RECALL.to_owned());
        }
        let of = self.of_mean(id);
        let asked = self.cutoffs.first().copied();
        let split = asked.and_then(|k| self.values.get(&format!("{id}@{k}")));
        let Some(split) = split else {
            let there = self.cutoffs();
            if there.iter().any(|k| Some(*k) == asked) {
                return Err(of.undefined.to_owned());
            }
            let there: Vec<String> = there.iter().map(u32::to_string).collect();
            return Err(format!("the tally knows it down to place {} only", there.join(", ")));
        };
        let (one, other) = (split.of(Some(group)), split.of(Some(reference)));
        one.compared(other, &of, comparison)
    }

    /// A mean over users.
    pub(crate) fn mean(&self, id: &str, group: Option<usize>) -> Values {
        let split = self.values.get(id).into_iter();
        split.map(|split| (None, split.of(group).value(&OF_USERS))).collect()
    }

    /// The same of two groups.
    pub(crate) fn compare_means(&self, id: &str, group: usize, reference: usize, comparison: Comparison) -> Found {
        let split = self.values.get(id).ok_or("it is known of no user")?;
        let (one, other) = (split.of(Some(group)), split.of(Some(reference)));
        one.compared(other, &OF_USERS, comparison)
    }

    /// How far the judged groups lie apart, all together.
    pub(crate) fn apart(&self, id: &str, group: Option<usize>, of: OfSums) -> Values {
        let Some(k) = self.cutoffs().first().copied().filter(|_| group.is_none()) else {
            return Vec::new();
        };
        let Some(split) = self.values.get(&format!("{id}@{k}")) else {
            return Vec::new();
        };
        let judged = split
            .groups
            .iter()
            .zip(&self.named)
            .filter(|(_, named)| named.kind == GroupKind::Judged);
        let means: Vec<f64> = judged
            .filter_map(|(units, _)| units.point(&self.of_mean(id)).ok())
            .collect();
        let why = "it grows by chance alone, the more groups there are and the smaller they are";
        let found = of(&means).map_or_else(
            || Err("fewer than two groups have a value".to_owned()),
            |value| Ok(Estimate::bare(value, Scale::Linear, why)),
        );
        vec![(Some(self.by.join("+")), found)]
    }

    /// How much more popular lists are than what users chose before.
    pub(crate) fn popularity_lift(&self, group: Option<usize>) -> Values {
        let (Some(lists), Some(history)) = (self.values.get(LIFT_LIST), self.values.get(LIFT_HISTORY)) else {
            return Vec::new();
        };
        let both = lists.of(group).beside(history.of(group));
        let of = Of {
            function: |sums: &[f64]| lift(mean(&sums[2..])?, mean(&sums[..2])?),
            undefined: "nothing that these users chose before is popular at all",
            is_share: false,
        };
        vec![(None, both.value(&of))]
    }

    /// How much larger each category's share is in what is shown than in what was chosen.
    pub(crate) fn bias_disparity(&self, group: Option<usize>) -> Values {
        let of = Of {
            function: |sums: &[f64]| disparity_of(sums),
            undefined: "these users never chose the category",
            is_share: false,
        };
        let values = self.chosen.iter();
        values
            .map(|(category, split)| (Some(category.clone()), split.of(group).value(&of)))
            .collect()
    }

    /// How far what a group is shown lies from what all are shown.
    pub(crate) fn shown_distance(&self, group: Option<usize>) -> Values {
        let Some(group) = group else { return Vec::new() };
        let distance = |(column, times): (&String, &Vec<Vec<f64>>)| {
            let all = |level: usize| times.iter().map(|of| of[level]).sum::<f64>();
            let pairs: Vec<(f64, f64)> = times[group]
                .iter()
                .enumerate()
                .map(|(level, own)| (*own, all(level)))
                .collect();
            let why = "it grows by chance alone, the fewer items are shown";
            let found = total_variation(&pairs).map_or_else(
                || Err("nothing that is known of was shown to these users".to_owned()),
                |value| Ok(Estimate::bare(value, Scale::Linear, why)),
            );
            (Some(column.clone()), found)
        };
        self.shown.iter().map(distance).collect()
    }
}

fn disparity_of(sums: &[f64]) -> Option<f64> {
    // Sums of counts are whole numbers.
    let [chosen, of_chosen, shown, of_shown] = [0, 1, 2, 3].map(|place: usize| sums[place] as u64);
    disparity((chosen, of_chosen), (shown, of_shown))
}

pub(crate) const SPREAD: OfSums = spread;
pub(crate) const MEAN_GAP: OfSums = mean_gap;

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
