//! This module makes lists of all entries: user by user, and list by list.

use std::collections::BTreeMap;

use evenhand_measure::lists::customer;
use evenhand_measure::tally::{BUCKETS, LAST_PLACE, Moments};
use evenhand_measure::{LARGEST, SMALLEST};

use super::collector::Part;
use super::entries::Entry;
use super::list::{Maker, Shown, order};
use super::providers::Providers;
use super::settings::Settings;
use super::slice::{Cell, Slice, UNKNOWN, UNWANTED, WANTED};
use super::tables::Tables;
use super::united::United;

/// Where the entries of all parts are made into lists.
pub(super) struct World<'a> {
    pub(super) parts: &'a [&'a Part],
    pub(super) settings: &'a Settings,
    pub(super) tables: &'a Tables,
    pub(super) united: &'a United,
    pub(super) measuring: &'a customer::Measuring,
    pub(super) providers: &'a Providers,
    /// For each group of users, the bucket of its cluster, where there are clusters.
    pub(super) clusters: Option<Vec<u32>>,
    /// For each group of items, the code of the category.
    pub(super) categories: Vec<Option<u32>>,
    /// The categories of the history, by their code there.
    pub(super) of_history: Vec<Option<u32>>,
}

impl World<'_> {
    /// Makes the lists of the users of one part.
    pub(super) fn slice(&self, part: usize) -> Slice {
        let items = &self.united.items;
        let mut entries: Vec<Entry> = Vec::with_capacity(self.parts.iter().map(|all| all.entries[part].len()).sum());
        for (all, (users, numbers)) in self.parts.iter().zip(&self.united.of_parts) {
            // Rows of a later file come after those of an earlier one.
            let from = if all.is_ranked { 0 } else { all.source << 48 };
            entries.extend(all.entries[part].iter().map(|entry| Entry {
                place: entry.place + from,
                user: users[entry.user as usize],
                item: numbers[entry.item as usize],
                ..*entry
            }));
        }
        entries.sort_unstable_by(|a, b| {
            let unit = (a.user, a.list).cmp(&(b.user, b.list));
            unit.then_with(|| order(items, a, b))
        });
        let is_ranked = self.parts.first().is_some_and(|all| all.is_ranked);
        let mut maker = Maker::new(is_ranked, items.len());
        let mut slice = Slice::default();
        for of_user in entries.chunk_by(|a, b| a.user == b.user) {
            self.user(of_user, &mut maker, &mut slice);
        }
        slice.odd = maker.odd;
        slice
    }

    /// Makes the lists of a user.
    fn user(&self, entries: &[Entry], maker: &mut Maker, slice: &mut Slice) {
        let Some(first) = entries.first() else { return };
        let user = self.united.users[first.user as usize];
        let bucket = match &self.clusters {
            Some(_) => 0,
            None => (user.id % u64::from(BUCKETS)) as u16,
        };
        let wanted = self.tables.relevant.as_ref().map(|relevant| relevant.of_user(user.id));
        let history = self.history(user.id, (user.group, u32::from(bucket)), slice);
        let mut sums: Vec<(u64, f64)> = vec![(0, 0.0); self.measuring.keys().len()];
        let mut of_groups = self.providers.nothing();
        slice.users += 1;
        for list in entries.chunk_by(|a, b| a.list == b.list) {
            maker.make(list);
            slice.lists += 1;
            slice.unnamed += u64::from(!user.is_named);
            slice.longest = slice.longest.max(maker.shown.len() as u64);
            slice.impressions += maker.shown.len() as u64;
            self.learn(&mut maker.shown, wanted);
            for shown in &maker.shown {
                self.count(shown, user.group, bucket, slice);
            }
            self.measure(&maker.shown, wanted, &history, &mut sums);
            self.providers.add(&maker.shown, &self.united.items, &mut of_groups);
        }
        let cell = slice.measured.entry((user.group, u32::from(bucket))).or_default();
        cell.units += 1;
        cell.of
            .resize_with(sums.len() + self.providers.keys().len(), Moments::default);
        let (of_user, of_items) = cell.of.split_at_mut(sums.len());
        for (sum, moments) in sums.iter().zip(of_user) {
            add_mean(*sum, moments);
        }
        slice.wanted_unknown += self.providers.close(of_groups, wanted, self.united, of_items);
    }

    /// Adds what the file of wanted items says of what is shown, where the row does not say it.
    fn learn(&self, shown: &mut [Shown], wanted: Option<&[(u64, u64, f64)]>) {
        let Some(wanted) = wanted else { return };
        for shown in shown.iter_mut().filter(|shown| shown.gain.is_none()) {
            let id = self.united.items[shown.item as usize].id;
            let found = wanted.binary_search_by_key(&id, |(_, item, _)| *item);
            shown.gain = Some(found.ok().and_then(|index| wanted.get(index)).map_or(0.0, |row| row.2));
        }
    }

    fn count(&self, shown: &Shown, users: u32, bucket: u16, slice: &mut Slice) {
        let item = self.united.items[shown.item as usize];
        let cell = Cell {
            users,
            items: item.group,
            place: shown.place.min(u64::from(LAST_PLACE)) as u16,
            bucket,
            relevance: match shown.gain {
                None => UNKNOWN,
                Some(gain) if gain > 0.0 => WANTED,
                Some(_) => UNWANTED,
            },
        };
        *slice.shown.entry(cell).or_default() += 1;
        *slice.times.entry(shown.item).or_default() += 1;
        slice.not_in_catalogue += u64::from(self.tables.catalogue.is_some() && !item.is_in_stock);
    }

    /// Adds the values of the measures of a list.
    fn measure(
        &self,
        shown: &[Shown],
        wanted: Option<&[(u64, u64, f64)]>,
        history: &customer::History,
        sums: &mut [(u64, f64)],
    ) {
        let entry = |shown: &Shown| {
            let item = self.united.items[shown.item as usize];
            customer::Entry {
                place: shown.place,
                gain: shown.gain.unwrap_or(0.0),
                category: self.categories[item.group as usize],
                popularity: item.popularity,
            }
        };
        let entries: Vec<customer::Entry> = shown.iter().map(entry).collect();
        let user = customer::User::new(self.gains(shown, wanted), history.clone());
        for (value, (n, sum)) in self.measuring.of(&entries, &user).into_iter().zip(sums) {
            if let Some(value) = value.filter(|value| value.is_finite()) {
                *n += 1;
                *sum += value;
            }
        }
    }

    /// The gains of all items of which it is known whether the user of a list wants them: those of the file, shown or not,
    /// and those of rows.
    fn gains(&self, shown: &[Shown], wanted: Option<&[(u64, u64, f64)]>) -> Vec<f64> {
        let mut gains: Vec<f64> = Vec::with_capacity(shown.len());
        gains.extend(shown.iter().filter_map(|shown| shown.gain));
        let Some(wanted) = wanted else { return gains };
        let mut ids: Vec<u64> = shown
            .iter()
            .map(|shown| self.united.items[shown.item as usize].id)
            .collect();
        ids.sort_unstable();
        let unseen = wanted.iter().filter(|(_, item, _)| ids.binary_search(item).is_err());
        gains.extend(unseen.map(|row| row.2));
        gains
    }

    /// What a user had before.
    fn history(&self, user: u64, cell: (u32, u32), slice: &mut Slice) -> customer::History {
        let Some(history) = self.tables.history.as_ref() else {
            return customer::History::default();
        };
        // Of items that were never shown only a table of all items knows what they are.
        let has_table = self.tables.catalogue.is_some();
        let rows = history.of_user(user);
        let mut categories: BTreeMap<u32, u64> = BTreeMap::new();
        let (mut n, mut sum) = (0u64, 0.0);
        for (_, id, code) in rows {
            let item = self.united.item(*id).filter(|_| has_table);
            let item = item.map(|item| self.united.items[item as usize]);
            let category = match self.of_history.get(*code as usize) {
                Some(category) => *category,
                None => item.and_then(|item| self.categories[item.group as usize]),
            };
            let popularity = item.and_then(|item| item.popularity);
            slice.history_unused += u64::from(category.is_none() && popularity.is_none());
            if let Some(category) = category {
                *categories.entry(category).or_default() += 1;
                *slice.history.entry((cell.0, cell.1, category)).or_default() += 1;
            }
            if let Some(popularity) = popularity {
                n += 1;
                sum += popularity;
            }
        }
        customer::History {
            categories: categories.into_iter().collect(),
            popularity: (n > 0).then(|| sum / n as f64),
        }
    }
}

/// Adds the mean of a user's lists: he counts once, however many there are.
pub(super) fn add_mean((n, sum): (u64, f64), moments: &mut Moments) {
    let mean = sum / n as f64;
    if n > 0 && (mean == 0.0 || (SMALLEST..=LARGEST).contains(&mean.abs())) {
        moments.add(mean);
    }
}
