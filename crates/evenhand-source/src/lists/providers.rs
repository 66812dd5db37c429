//! This module measures list by list what groups of items get.

use std::collections::BTreeMap;

use evenhand_measure::attention::Attention;
use evenhand_measure::lists::provider::{Entry, Known, Measuring, Wins, short_head};
use evenhand_measure::tally::{Axis, Level, Moments};

use super::list::Shown;
use super::settings::Settings;
use super::tables::Tables;
use super::united::{Item, United};
use super::world::add_mean;

/// The most popular items that together have this share of all popularity are the short head.
const HEAD: f64 = 0.8;

/// What is measured of the groups of items.
pub(super) struct Providers {
    sets: Vec<Set>,
    known: Known,
    attention: Attention,
    /// Of each item, whether it is in the long tail.
    is_tail: Vec<Option<bool>>,
    /// Whether a table says which items users wanted, and another of which groups they are.
    knows_wanted: bool,
    keys: Vec<String>,
}

/// The groups of one set of columns.
struct Set {
    measuring: Measuring,
    /// The group of each combination of levels.
    groups: Vec<usize>,
}

/// What the lists of one user add up to.
pub(super) struct Sums {
    /// Values of lists and how many there are, to be averaged.
    means: Vec<(u64, f64)>,
    wins: Vec<Wins>,
}

impl Providers {
    pub(super) fn new(united: &United, tables: &Tables, settings: &Settings) -> Self {
        let has = |role: &str| settings.columns.contains_key(role);
        let known = Known {
            relevance: settings.knows_relevance(),
            merit: has("merit"),
            popularity: has("popularity"),
            catalogue: tables.catalogue.is_some(),
        };
        let sets = settings.item_sets.iter();
        let sets: Vec<Set> = sets
            .filter_map(|columns| Set::new(columns, united, known, settings.attention))
            .collect();
        let popularity: Vec<Option<f64>> = united
            .items
            .iter()
            .map(|item| item.popularity.filter(|_| item.is_in_stock))
            .collect();
        let is_tail = short_head(&popularity, HEAD)
            .into_iter()
            .map(|head| head.map(|head| !head));
        let knows_wanted = tables.relevant.is_some() && known.catalogue;
        let mut keys: Vec<String> = known.keys(settings.attention);
        keys.extend(sets.iter().flat_map(|set| set.measuring.keys()).cloned());
        keys.extend(sets.iter().flat_map(|set| set.measuring.pair_keys()).cloned());
        if knows_wanted {
            keys.extend(sets.iter().flat_map(|set| set.measuring.wanted_keys()).cloned());
        }
        Self {
            sets,
            known,
            attention: settings.attention,
            is_tail: is_tail.collect(),
            knows_wanted,
            keys,
        }
    }

    /// The names under which it is tallied.
    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// What no list adds up to.
    pub(super) fn nothing(&self) -> Sums {
        let of_sets = |count: fn(&Measuring) -> usize| self.sets.iter().map(|set| count(&set.measuring)).sum::<usize>();
        Sums {
            means: vec![(0, 0.0); self.known.keys(self.attention).len() + of_sets(|measuring| measuring.keys().len())],
            wins: vec![Wins::default(); of_sets(|measuring| measuring.pair_keys().len())],
        }
    }

    /// Adds a list.
    pub(super) fn add(&self, shown: &[Shown], items: &[Item], sums: &mut Sums) {
        let entry = |shown: &Shown| Entry {
            place: shown.place,
            group: 0,
            relevant: shown.gain.map(|gain| gain > 0.0),
            merit: items[shown.item as usize].merit,
            is_tail: self.is_tail[shown.item as usize],
        };
        let mut list: Vec<Entry> = shown.iter().map(entry).collect();
        let mut means = sums.means.iter_mut();
        let mut wins = sums.wins.iter_mut();
        let mut take = |values: Vec<Option<f64>>| {
            for (value, (n, sum)) in values.into_iter().zip(means.by_ref()) {
                if let Some(value) = value.filter(|value| value.is_finite()) {
                    *n += 1;
                    *sum += value;
                }
            }
        };
        take(self.known.of(&list, self.attention));
        for set in &self.sets {
            for (entry, shown) in list.iter_mut().zip(shown) {
                entry.group = set.groups[items[shown.item as usize].group as usize];
            }
            take(set.measuring.of(&list));
            for (found, sum) in set.measuring.pairs(&list).into_iter().zip(wins.by_ref()) {
                *sum += found;
            }
        }
    }

    /// Tallies what the lists of a user add up to, and what he wanted. Gives back how many items he wanted of which no
    /// group is known.
    pub(super) fn close(
        &self,
        sums: Sums,
        wanted: Option<&[(u64, u64, f64)]>,
        united: &United,
        moments: &mut [Moments],
    ) -> u64 {
        let mut moments = moments.iter_mut();
        for (sum, moments) in sums.means.into_iter().zip(moments.by_ref()) {
            add_mean(sum, moments);
        }
        for (wins, moments) in sums.wins.into_iter().zip(moments.by_ref()) {
            moments.add_share(wins.wins, wins.pairs);
        }
        if !self.knows_wanted {
            return 0;
        }
        let wanted = wanted.unwrap_or_default().iter().filter(|row| row.2 > 0.0);
        // An item that is neither in a list nor in the table of all items has no group.
        let groups: Vec<usize> = wanted
            .clone()
            .filter_map(|row| united.item(row.1))
            .map(|item| united.items[item as usize].group as usize)
            .collect();
        for set in &self.sets {
            let mut counts = vec![0u32; set.measuring.wanted_keys().len()];
            groups.iter().for_each(|group| counts[set.groups[*group]] += 1);
            for (count, moments) in counts.into_iter().zip(moments.by_ref()) {
                moments.add(f64::from(count));
            }
        }
        (wanted.count() - groups.len()) as u64
    }
}

impl Set {
    /// Nothing where a column is not among those read.
    fn new(columns: &[String], united: &United, known: Known, attention: Attention) -> Option<Self> {
        let axes = &united.of_items;
        let places: Vec<usize> = columns
            .iter()
            .map(|column| {
                let mut dimensions = axes.dimensions.iter();
                dimensions.position(|dimension| dimension.role == Axis::Protected && dimension.column == *column)
            })
            .collect::<Option<_>>()?;
        let levels_of = |group: u32| -> Vec<Level> {
            let levels = axes.levels(group);
            places.iter().map(|place| levels[*place].clone()).collect()
        };
        let mut numbers: BTreeMap<Vec<Level>, usize> = BTreeMap::new();
        let all = 0..axes.groups.len() as u32;
        all.clone().for_each(|group| {
            numbers.insert(levels_of(group), 0);
        });
        numbers.values_mut().zip(0..).for_each(|(number, next)| *number = next);
        let groups: Vec<usize> = all.map(|group| numbers[&levels_of(group)]).collect();
        let mut stock = vec![0u64; numbers.len()];
        for item in united.items.iter().filter(|item| item.is_in_stock) {
            stock[groups[item.group as usize]] += 1;
        }
        let whole: u64 = stock.iter().sum();
        let targets: Vec<f64> = stock.iter().map(|items| *items as f64 / whole.max(1) as f64).collect();
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let levels: Vec<Vec<Level>> = numbers.into_keys().collect();
        Some(Self {
            measuring: Measuring::new(&names, &levels, &targets, known, attention),
            groups,
        })
    }
}
