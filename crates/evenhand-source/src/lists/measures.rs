//! This module takes the measures of whole lists, from the side of users and from that of items.

use std::collections::BTreeMap;

use evenhand_measure::attention::Attention;
use evenhand_measure::lists::{customer, provider};
use evenhand_measure::tally::{Level, Moments};

use super::list::Shown;
use super::settings::Settings;
use super::tables::Tables;
use super::united::{Axes, Item, United};

/// The measures that the data allow.
#[derive(Debug)]
pub(super) struct Measures {
    customer: customer::Measuring,
    /// Measures of items that no group matters to.
    known: provider::Known,
    attention: Attention,
    sets: Vec<Set>,
    /// For each item, whether it is not in the short head, where that is known.
    tail: Vec<Option<bool>>,
    /// The names of measures of which a user has the mean of his lists.
    means: Vec<String>,
    /// The names of counts, which are added up list by list or user by user.
    counts: Vec<String>,
}

/// The groups of some columns of items.
#[derive(Debug)]
struct Set {
    measuring: provider::Measuring,
    /// For each combination of all columns of items, its group.
    groups: Vec<usize>,
    /// How many groups there are.
    count: usize,
    /// Whether all wanted items are known, and their groups.
    has_wanted: bool,
}

/// So much of what was wanted so far makes the short head.
const HEAD: f64 = 0.8;

impl Measures {
    pub(super) fn new(settings: &Settings, tables: &Tables, united: &United) -> Self {
        let knows = |role: &str| settings.columns.contains_key(role);
        let relevance = settings.knows_relevance();
        let has_table = tables.catalogue.is_some();
        let of_users = customer::Known {
            relevance,
            category: knows("category"),
            popularity: knows("popularity"),
            history: tables.knows_history(),
        };
        let known = provider::Known {
            relevance,
            merit: knows("merit"),
            // Among items that were shown alone, the head would be another.
            popularity: knows("popularity") && has_table,
            // Without a table it is what was shown; a merge of such parts drops what was held against it.
            catalogue: true,
        };
        let customer = customer::Measuring::new(of_users, &settings.cutoffs);
        let has_wanted = has_table && tables.relevant.is_some();
        let sets = settings.sets_of_items.iter();
        let sets: Vec<Set> = sets
            .filter_map(|columns| Set::new(columns, settings, united, has_table, known, has_wanted))
            .collect();
        let mut means = customer.keys().to_vec();
        means.extend(known.keys().into_iter().map(str::to_owned));
        means.extend(sets.iter().flat_map(|set| set.measuring.keys().to_vec()));
        let counts = sets
            .iter()
            .flat_map(|set| [set.measuring.pair_keys(), set.wanted_keys()].concat());
        Self {
            attention: settings.attention,
            tail: if known.popularity {
                tail(&united.items)
            } else {
                Vec::new()
            },
            counts: counts.collect(),
            customer,
            known,
            sets,
            means,
        }
    }

    /// The names of all: first those of which a user has a mean.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.means.iter().chain(&self.counts)
    }

    /// How many are means, and how many are counts.
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.means.len(), self.counts.len())
    }

    /// Adds the values of a list: to the sums of its user, and to counts.
    pub(super) fn add_list(
        &self,
        (shown, categories): (&[Shown], &[Option<u32>]),
        items: &[Item],
        user: &customer::User,
        means: &mut [(u64, f64)],
        counts: &mut [Moments],
    ) {
        let item = |shown: &Shown| items[shown.item as usize];
        let of_user: Vec<customer::Entry> = shown
            .iter()
            .map(|shown| customer::Entry {
                place: shown.place,
                gain: shown.gain.unwrap_or(0.0),
                category: categories[item(shown).group as usize],
                popularity: item(shown).popularity,
            })
            .collect();
        let mut values = self.customer.of(&of_user, user);
        let mut of_items: Vec<provider::Entry> = shown
            .iter()
            .map(|shown| provider::Entry {
                place: shown.place,
                group: 0,
                relevant: shown.gain.map(|gain| gain > 0.0),
                merit: item(shown).merit,
                is_tail: self.tail.get(shown.item as usize).copied().flatten(),
            })
            .collect();
        values.extend(self.known.of(&of_items, self.attention));
        let mut rest = counts.iter_mut();
        for set in &self.sets {
            for (entry, shown) in of_items.iter_mut().zip(shown) {
                entry.group = set.groups[item(shown).group as usize];
            }
            values.extend(set.measuring.of(&of_items));
            for (wins, moments) in set.measuring.pairs(&of_items).into_iter().zip(&mut rest) {
                moments.add_share(wins.wins, wins.pairs);
            }
            // Those of users come after each set's pairs.
            rest.by_ref().take(set.wanted_keys().len()).for_each(drop);
        }
        for (value, (n, sum)) in values.into_iter().zip(means) {
            if let Some(value) = value.filter(|value| value.is_finite()) {
                *n += 1;
                *sum += value;
            }
        }
    }

    /// Adds how many items of each group a user wants, also of those never shown.
    pub(super) fn add_wanted(&self, wanted: &[(u64, u64, f64)], united: &United, counts: &mut [Moments]) {
        let mut rest = counts.iter_mut();
        for set in &self.sets {
            rest.by_ref().take(set.measuring.pair_keys().len()).for_each(drop);
            if !set.has_wanted {
                continue;
            }
            let mut of_groups = vec![0u64; set.count];
            for (_, id, _) in wanted.iter().filter(|row| row.2 > 0.0) {
                if let Some(item) = united.item(*id) {
                    of_groups[set.groups[united.items[item as usize].group as usize]] += 1;
                }
            }
            for (n, moments) in of_groups.into_iter().zip(&mut rest) {
                moments.add(n as f64);
            }
        }
    }
}

impl Set {
    /// The groups of these columns; nothing where items do not have all of them.
    fn new(
        columns: &[String],
        settings: &Settings,
        united: &United,
        has_table: bool,
        known: provider::Known,
        has_wanted: bool,
    ) -> Option<Self> {
        let axes = &united.of_items;
        let places: Vec<usize> = columns
            .iter()
            .map(|column| axes.protected(column))
            .collect::<Option<_>>()?;
        let (groups, levels) = grouped(axes, &places);
        let mut shares = vec![0.0; levels.len()];
        let could_be_shown = united.items.iter().filter(|item| item.is_in_stock || !has_table);
        for item in could_be_shown {
            shares[groups[item.group as usize]] += 1.0;
        }
        let all: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= all.max(1.0));
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        Some(Self {
            measuring: provider::Measuring::new(&columns, &levels, &shares, known, settings.attention),
            groups,
            count: levels.len(),
            has_wanted,
        })
    }

    fn wanted_keys(&self) -> &[String] {
        if self.has_wanted {
            self.measuring.wanted_keys()
        } else {
            &[]
        }
    }
}

/// The group of each combination among those of some columns, and the levels of each group.
fn grouped(axes: &Axes, places: &[usize]) -> (Vec<usize>, Vec<Vec<Level>>) {
    let mut numbers: BTreeMap<Vec<Level>, usize> = BTreeMap::new();
    let keys: Vec<Vec<Level>> = (0..axes.groups.len() as u32)
        .map(|group| {
            let levels = axes.levels(group);
            places.iter().map(|place| levels[*place].clone()).collect()
        })
        .collect();
    numbers.extend(keys.iter().cloned().map(|key| (key, 0)));
    // In order, so that terms that are not added exactly are added in the same order whatever came first.
    for (number, (_, place)) in numbers.iter_mut().enumerate() {
        *place = number;
    }
    let groups = keys.iter().map(|key| numbers[key]).collect();
    (groups, numbers.into_keys().collect())
}

/// Whether each item is outside of the short head: the fewest items, most popular first, that have [`HEAD`] of what was
/// wanted so far. Of equally popular items that with the smaller hash comes first.
fn tail(items: &[Item]) -> Vec<Option<bool>> {
    let mut known: Vec<(f64, u64, usize)> = items
        .iter()
        .enumerate()
        .filter_map(|(number, item)| Some((item.popularity?, item.id, number)))
        .collect();
    known.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let all: f64 = known.iter().map(|item| item.0).sum();
    let mut found = vec![None; items.len()];
    let mut before = 0.0;
    for (popularity, _, number) in known {
        found[number] = Some(before >= HEAD * all);
        before += popularity;
    }
    found
}
