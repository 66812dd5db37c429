//! This module is the view of what lists give to groups of items, or to those who provide them.

mod chance;
mod curves;
mod got;
mod otherwise;
mod ranking;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;

use self::chance::{Uneven, uneven};
pub(super) use self::otherwise::other_assumptions;
use super::{Context, Found, Named, View, parted, view};
use crate::audit::model::{Group, GroupKind, NamedTest, Note, Series};
use crate::inference::estimate::{Estimate, Scale, jackknife_of};
use crate::lists::provider::{Concentration, WANTED, key, key_of_group};
use crate::policy::{ListSettings, Target};
use crate::tally::{AT_LEAST, Axis, BELOW, Cell, Cube, Level, Lists};

/// What lists show of each group of items.
#[derive(Debug)]
pub(crate) struct ProviderView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
    settings: ListSettings,
    target: Target,
    seed: u64,
    draws: u32,
    /// Whether this view stands for all that no group of items matters to, so that it is told once.
    is_first: bool,
    /// Whether there are other sets of attributes of items, from which a value of all lists has to be told apart.
    has_others: bool,
    has_catalogue: bool,
    has_merit: bool,
    has_popularity: bool,
    has_relevance: bool,
    /// Whether a table says which items users wanted, also of those that no list shows.
    has_wanted: bool,
    lists: u64,
    /// By group.
    stock: Vec<Stocked>,
    /// Sorted by bucket.
    shown: Vec<Shown>,
    /// What every group gets, and what it gets without each bucket.
    whole: Result<Got, String>,
    without: Vec<Option<Got>>,
    /// Sums of tallied measures: of all, and by bucket.
    tallied: BTreeMap<String, Tallied>,
    concentration: Option<Concentration>,
    /// How often items were shown, the least first.
    times: Vec<u64>,
    /// The same by group.
    uneven: Option<Vec<Uneven>>,
}

/// Items of a group that could be shown.
#[derive(Clone, Copy, Debug, Default)]
struct Stocked {
    items: u64,
    popularity: f64,
    merit: f64,
    without_popularity: u64,
    without_merit: u64,
}

/// Items of one group, category and place.
#[derive(Clone, Debug)]
struct Shown {
    bucket: Option<u32>,
    group: usize,
    category: Option<u32>,
    place: u64,
    relevant: Option<bool>,
    n: u64,
}

/// What groups get.
#[derive(Clone, Debug, Default)]
struct Got {
    /// The attention of all their items.
    exposure: Vec<f64>,
    /// The attention of those that were wanted.
    worth: Vec<f64>,
    /// How many items users wanted.
    wanted: Vec<f64>,
}

/// How many values of a measure there are, and their sum.
#[derive(Debug, Default)]
struct Tallied {
    n: u64,
    sum: f64,
    /// By bucket.
    parts: BTreeMap<Option<u32>, (u64, f64)>,
}

view! {
    ProviderView, Provider,

    fn series(&self) -> Vec<Series> {
        self.curves()
    }

    fn tests(&self) -> Vec<NamedTest> {
        self.rankings()
    }

    fn notes(&self) -> Vec<Note> {
        self.remarks()
    }
}

/// The views of one set of attributes: one where all of them are of items.
pub(super) fn views(context: Context<'_>, by: &[String]) -> Vec<Box<dyn View>> {
    let made = context.tally.lists.as_ref().and_then(|lists| made(context, lists, by));
    made.into_iter().map(|view| Box::new(view) as Box<dyn View>).collect()
}

fn made(context: Context<'_>, lists: &Lists, by: &[String]) -> Option<ProviderView> {
    if by.is_empty() || !by.iter().all(|column| lists.of_items.contains(column)) {
        return None;
    }
    let parts = parted(context, &lists.shown, by)?;
    let stocked = parted(context, &lists.catalogue, by)?;
    let mut named: BTreeMap<Group, (GroupKind, u64)> = BTreeMap::new();
    for part in &stocked {
        named.entry(part.group.clone()).or_insert((part.kind, 0));
    }
    for part in &parts {
        let of_group = named.entry(part.group.clone()).or_insert((part.kind, 0));
        of_group.1 = part
            .cells
            .iter()
            .fold(of_group.1, |sum, (_, counts)| sum.saturating_add(counts.n));
    }
    let place_of = |group: &Group| named.keys().position(|name| name == group);
    let mut stock = vec![Stocked::default(); named.len()];
    for part in &stocked {
        let of_group = &mut stock[place_of(&part.group)?];
        for (_, cell) in &part.cells {
            let unknown = |what: &str| cell.unknown.get(what).copied().unwrap_or(0);
            of_group.items = of_group.items.saturating_add(cell.items);
            of_group.popularity += cell.popularity.value();
            of_group.merit += cell.merit.value();
            of_group.without_popularity += unknown("popularity");
            of_group.without_merit += unknown("merit");
        }
    }
    let mut shown = Vec::with_capacity(lists.shown.cells().len());
    for part in &parts {
        let group = place_of(&part.group)?;
        for (key, counts) in &part.cells {
            shown.push(read(lists, group, key, counts.n)?);
        }
    }
    shown.sort_by_key(|shown| shown.bucket);
    let named: Vec<Named> = named
        .into_iter()
        .map(|(group, (kind, rows))| Named { group, kind, rows })
        .collect();
    let settings = context.policy.lists.clone();
    let has = |role: &str| lists.columns.contains_key(role);
    let mut times: Vec<u64> = lists.times_shown.iter().map(|shown| shown.times).collect();
    times.sort_unstable();
    let mut view = ProviderView {
        by: by.to_vec(),
        within: Group::new(),
        target: settings.target.unwrap_or(Target::Catalogue),
        seed: context.policy.inference.seed,
        draws: context.policy.inference.replicates,
        is_first: lists.of_items.first().map(std::slice::from_ref) == Some(by),
        has_others: has_other_sets(context, lists),
        has_catalogue: lists.has_catalogue,
        has_merit: has("merit"),
        has_popularity: has("popularity"),
        has_relevance: shown.iter().any(|shown| shown.relevant.is_some()),
        has_wanted: false,
        lists: lists.lists,
        stock,
        shown,
        whole: Err(String::new()),
        without: Vec::new(),
        tallied: tallied(lists),
        concentration: Concentration::of(
            times.iter().copied(),
            // Items that are shown though the table lacks them are items as well.
            lists.catalogue.total().items.max(times.len() as u64),
        ),
        times,
        settings,
        uneven: uneven(lists, by, &named.iter().map(|named| &named.group).collect::<Vec<_>>()),
        named,
    };
    view.has_wanted = (0..view.named.len()).any(|group| view.tallied.contains_key(&view.wanted_key(group)));
    (view.whole, view.without) = view.got();
    Some(view)
}

/// Whether more than one set of attributes is one of items.
fn has_other_sets(context: Context<'_>, lists: &Lists) -> bool {
    let attributes = &context.reading.attributes;
    let of_items = |set: &&Vec<usize>| {
        set.iter()
            .all(|&index| lists.of_items.contains(&attributes[index].column))
    };
    context.reading.sets.iter().filter(of_items).count() > 1
}

/// Items of one cell; `None` where the cube does not say their place.
fn read(lists: &Lists, group: usize, key: &[u32], n: u64) -> Option<Shown> {
    let cube = &lists.shown;
    let code = |axis: Axis| cube.positions(axis).next().map(|position| (position, key[position]));
    let text = |axis: Axis| {
        let (position, code) = code(axis)?;
        cube.dimensions()[position].levels[code as usize].text()
    };
    Some(Shown {
        bucket: bucket(cube, key),
        group,
        category: code(Axis::Category).map(|(_, code)| code),
        place: text(Axis::Rank)?.parse().ok()?,
        relevant: match text(Axis::Relevance) {
            Some(AT_LEAST) => Some(true),
            Some(BELOW) => Some(false),
            _ => None,
        },
        n,
    })
}

fn tallied(lists: &Lists) -> BTreeMap<String, Tallied> {
    let mut by_bucket: BTreeMap<&str, BTreeMap<Option<u32>, (u64, f64)>> = BTreeMap::new();
    for (key, sums) in lists.measured.cells() {
        let bucket = bucket(&lists.measured, key);
        for (measure, moments) in &sums.of {
            let sum = by_bucket.entry(measure).or_default().entry(bucket).or_default();
            sum.0 = sum.0.saturating_add(moments.n);
            sum.1 += moments.sum.value();
        }
    }
    let sum_up = |(measure, parts): (&str, BTreeMap<Option<u32>, (u64, f64)>)| {
        let tallied = Tallied {
            n: parts.values().fold(0, |sum, part| sum.saturating_add(part.0)),
            sum: parts.values().map(|part| part.1).sum(),
            parts,
        };
        (measure.to_owned(), tallied)
    };
    by_bucket.into_iter().map(sum_up).collect()
}

/// The number of a cell's bucket, which is the same in all cubes of a tally.
fn bucket<V: Cell>(cube: &Cube<V>, key: &[u32]) -> Option<u32> {
    let position = cube.positions(Axis::Bucket).next()?;
    cube.dimensions()[position].levels[key[position] as usize]
        .text()?
        .parse()
        .ok()
}

impl ProviderView {
    fn columns(&self) -> Vec<&str> {
        self.by.iter().map(String::as_str).collect()
    }

    /// The name under which a measure of a group is tallied.
    fn group_key(&self, measure: &str, group: usize) -> String {
        let level = |column: &String| match self.named[group].group.get(column) {
            Some(Some(text)) => Level::of(text),
            _ => Level::Missing,
        };
        let levels: Vec<Level> = self.by.iter().map(level).collect();
        key_of_group(measure, &self.columns(), &levels)
    }

    fn wanted_key(&self, group: usize) -> String {
        self.group_key(WANTED, group)
    }

    /// The mean of a tallied measure, or why there is none.
    fn mean_of(&self, key: &str, why_not: &str) -> Found {
        let tallied = self.tallied.get(key).filter(|tallied| tallied.n > 0);
        let tallied = tallied.ok_or_else(|| why_not.to_owned())?;
        Ok(Estimate {
            point: tallied.sum / tallied.n as f64,
            scale: Scale::Linear,
            spread: jackknife_of(tallied.without()),
            method: JACKKNIFE,
        })
    }

    /// The mean of a measure of whole lists.
    fn mean_of_lists(&self, measure: &str, why_not: &str) -> Found {
        self.mean_of(&key(measure, &self.columns()), why_not)
    }
}

impl Tallied {
    /// The mean without each bucket.
    fn without(&self) -> impl Iterator<Item = Option<f64>> {
        self.parts.values().map(|(n, sum)| {
            let rest = self.n - n;
            (rest > 0).then(|| (self.sum - sum) / rest as f64)
        })
    }
}

/// The method of intervals.
const JACKKNIFE: &str = "jackknife";

/// The method of intervals that the choice of items makes wider.
const OVER_ITEMS: &str = "jackknife, and spread over items";
