//! This module makes the tally of lists of all entries: user by user, and list by list.

use std::collections::BTreeMap;

use evenhand_measure::Problem;
use evenhand_measure::lists::customer::{self, Measuring};
use evenhand_measure::tally::{
    AT_LEAST, Axis, BELOW, BUCKETS, Coding, Counts, Cube, Dimension, LAST_PLACE, Level, ListSums, Lists, Mismatch,
    Moments, Stock, TimesShown,
};
use evenhand_measure::{LARGEST, SMALLEST, thousands};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rayon::prelude::*;

use super::collector::Part;
use super::entries::{Entry, PARTS};
use super::list::{Maker, Odd, Shown, order};
use super::providers::Providers;
use super::settings::Settings;
use super::tables::Tables;
use super::united::{Axes, United};

/// More combinations than this are no summary any more: see the counter of decisions.
const MOST_CELLS: usize = 1 << 22;

/// Where the entries of all parts are made into lists.
struct World<'a> {
    parts: &'a [&'a Part],
    settings: &'a Settings,
    tables: &'a Tables,
    united: &'a United,
    measuring: &'a Measuring,
    providers: &'a Providers,
    /// For each group of users, the bucket of its cluster, where there are clusters.
    clusters: Option<Vec<u32>>,
    /// For each group of items, the code of the category.
    categories: Vec<Option<u32>>,
    /// The categories of the history, by their code there.
    of_history: Vec<Option<u32>>,
}

/// What the lists of some users hold.
#[derive(Default)]
struct Slice {
    shown: HashMap<Cell, u64, FixedState>,
    measured: HashMap<(u32, u32), Measured, FixedState>,
    /// By group and bucket of users, and category.
    history: HashMap<(u32, u32, u32), u64, FixedState>,
    history_rows: u64,
    times: HashMap<u32, u64, FixedState>,
    odd: Odd,
    lists: u64,
    users: u64,
    unnamed: u64,
    longest: u64,
    impressions: u64,
    not_in_catalogue: u64,
}

/// Where items are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Cell {
    users: u32,
    items: u32,
    place: u16,
    bucket: u16,
    relevance: u16,
}

#[derive(Clone, Default)]
struct Measured {
    units: u64,
    of: Vec<Moments>,
}

/// The codes of relevance.
const UNKNOWN: u16 = 0;
const WANTED: u16 = 1;
const UNWANTED: u16 = 2;

/// The tally of the lists of all parts.
///
/// # Errors
/// When rows contradict each other, ranks are none, or there are more combinations than are kept.
pub(super) fn lists(parts: &[&Part], settings: &Settings, tables: &Tables, place: &str) -> Result<Lists, Problem> {
    let columns = ["popularity", "merit"].map(|role| settings.column(role));
    let mut united = United::of(parts, tables.catalogue.as_ref(), columns)?;
    check_ranks(parts, settings, place)?;
    let knows = |role: &str| settings.columns.contains_key(role);
    let known = customer::Known {
        relevance: settings.knows_relevance(),
        category: knows("category"),
        popularity: knows("popularity"),
        history: tables.history.is_some(),
    };
    let measuring = Measuring::new(known, &settings.cutoffs);
    let providers = Providers::new(&united, tables, settings);
    let of_history = history_categories(&mut united.of_items, tables);
    let world = World {
        parts,
        settings,
        tables,
        united: &united,
        measuring: &measuring,
        providers: &providers,
        clusters: clusters(&united.of_users),
        categories: categories(&united.of_items),
        of_history,
    };
    let slices: Vec<Slice> = (0..PARTS).into_par_iter().map(|part| world.slice(part)).collect();
    let whole = Whole::of(slices);
    let rows: u64 = parts.iter().map(|part| part.rows).sum();
    world.check(&whole, rows, place)?;
    world
        .tally(whole)
        .map_err(|mismatch| Problem::data(format!("{place}: {mismatch}"), "please report this as a defect"))
}

/// Ranks that start at 0 would lose the first item of every list.
fn check_ranks(parts: &[&Part], settings: &Settings, place: &str) -> Result<(), Problem> {
    let zeros: u64 = parts.iter().map(|part| part.left_out.rank_zero).sum();
    if zeros == 0 {
        return Ok(());
    }
    let column = settings.column("rank");
    Err(Problem::data(
        format!(
            "{place}, column `{column}`: {} {} the rank 0, and ranks are places from 1",
            thousands(zeros),
            if zeros == 1 { "row has" } else { "rows have" },
        ),
        "if the first place of a list is 0, add 1 to all ranks; if 0 means that there is none, leave it empty",
    ))
}

/// The bucket of each group of users, where one of their columns is the cluster.
fn clusters(of_users: &Axes) -> Option<Vec<u32>> {
    let axis = of_users
        .dimensions
        .iter()
        .position(|dimension| dimension.role == Axis::Bucket)?;
    Some(of_users.groups.iter().map(|codes| codes[axis]).collect())
}

fn category_axis(of_items: &Axes) -> Option<usize> {
    of_items
        .dimensions
        .iter()
        .position(|dimension| dimension.role == Axis::Category)
}

/// The code of the category of each group of items, if it has one.
fn categories(of_items: &Axes) -> Vec<Option<u32>> {
    let Some(axis) = category_axis(of_items) else {
        return vec![None; of_items.groups.len()];
    };
    let levels = &of_items.dimensions[axis].levels;
    let known = |code: u32| levels[code as usize].text().map(|_| code);
    of_items.groups.iter().map(|codes| known(codes[axis])).collect()
}

/// What the categories of the history are called among those of items.
fn history_categories(of_items: &mut Axes, tables: &Tables) -> Vec<Option<u32>> {
    let history = tables.history.as_ref().and_then(|history| history.categories.as_ref());
    let (Some(axis), Some(dimension)) = (category_axis(of_items), history) else {
        return Vec::new();
    };
    let levels = dimension.levels.iter();
    levels
        .map(|level| level.text().map(|_| of_items.code(axis, level)))
        .collect()
}

impl World<'_> {
    /// Makes the lists of the users of one part.
    fn slice(&self, part: usize) -> Slice {
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
        sums.iter()
            .zip(of_user)
            .for_each(|(sum, moments)| add_mean(*sum, moments));
        self.providers.close(of_groups, wanted, self.united, of_items);
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

    /// The gains of all items that the user of a list wants: those of the file, shown or not, and those of rows.
    fn gains(&self, shown: &[Shown], wanted: Option<&[(u64, u64, f64)]>) -> Vec<f64> {
        let mut gains: Vec<f64> = shown.iter().filter_map(|shown| shown.gain).collect();
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
        let Some(history) = &self.tables.history else {
            return customer::History::default();
        };
        let rows = history.of_user(user);
        slice.history_rows += rows.len() as u64;
        let mut categories: BTreeMap<u32, u64> = BTreeMap::new();
        let (mut n, mut sum) = (0u64, 0.0);
        for (_, id, code) in rows {
            let item = self.united.item(*id).map(|item| self.united.items[item as usize]);
            let category = match self.of_history.get(*code as usize) {
                Some(category) => *category,
                None => item.and_then(|item| self.categories[item.group as usize]),
            };
            if let Some(category) = category {
                *categories.entry(category).or_default() += 1;
                *slice.history.entry((cell.0, cell.1, category)).or_default() += 1;
            }
            if let Some(popularity) = item.and_then(|item| item.popularity) {
                n += 1;
                sum += popularity;
            }
        }
        customer::History {
            categories: categories.into_iter().collect(),
            popularity: (n > 0).then(|| sum / n as f64),
        }
    }

    fn check(&self, whole: &Whole, rows: u64, place: &str) -> Result<(), Problem> {
        let column = self.settings.column("rank");
        if whole.impressions == 0 {
            return Err(Problem::data(
                format!("{place}: no row has a list, an item and a rank"),
                "check the columns given as list, item and rank",
            ));
        }
        // One item in ten at a place that is taken is no slip: several lists were taken for one.
        if whole.odd.rank_taken > whole.impressions / 10 {
            return Err(Problem::data(
                format!(
                    "{place}, column `{column}`: {} of {} items are at a place of their list that another item has",
                    thousands(whole.odd.rank_taken),
                    thousands(whole.impressions)
                ),
                "if these are several lists of one user, name with `--list` the column that tells them apart; if ranks are \
                 tied, number the items of each list 1, 2, 3",
            ));
        }
        if whole.shown.len() > MOST_CELLS {
            return Err(Problem::data(
                format!(
                    "{place}: groups, categories, places and buckets of lists have more than {} combinations",
                    thousands(MOST_CELLS as u64)
                ),
                "leave the category out, or protected columns with many values",
            ));
        }
        let left_out: u64 = self.parts.iter().map(|part| part.left_out.all()).sum();
        let counted = whole.impressions + whole.odd.item_again + left_out;
        if counted == rows {
            return Ok(());
        }
        Err(Problem::data(
            format!("{rows} rows of lists were read and {counted} were counted"),
            "this is a defect of the program, not of your data; please report it",
        ))
    }

    fn tally(&self, whole: Whole) -> Result<Lists, Mismatch> {
        let named = |counts: &[(&str, u64)]| -> BTreeMap<String, u64> {
            let some = counts.iter().filter(|(_, n)| *n > 0);
            some.map(|(name, n)| ((*name).to_owned(), *n)).collect()
        };
        let sum = |count: fn(&Part) -> u64| self.parts.iter().map(|part| count(part)).sum::<u64>();
        let had = self.tables.history.as_ref().map_or(0, |history| history.len() as u64);
        let catalogue = self.catalogue(&whole.times)?;
        Ok(Lists {
            columns: self.settings.columns.clone(),
            of_items: self.settings.of_items.clone(),
            lists: whole.lists,
            users: whole.users,
            longest: whole.longest,
            left_out: named(&[
                ("no-list", sum(|part| part.left_out.no_list)),
                ("no-item", sum(|part| part.left_out.no_item)),
                ("no-rank", sum(|part| part.left_out.no_rank)),
                ("item-again", whole.odd.item_again),
            ]),
            found: named(&[
                ("gap-in-ranks", whole.odd.gap_in_ranks),
                ("rank-taken", whole.odd.rank_taken),
                ("not-in-catalogue", whole.not_in_catalogue),
                ("no-user", whole.unnamed),
                ("history-unused", had - whole.history_rows),
            ]),
            times_shown: self.times_shown(&whole.times, &catalogue),
            shown: self.shown(&whole.shown)?,
            catalogue,
            has_catalogue: self.tables.catalogue.is_some(),
            history: self.past(&whole.history)?,
            measured: self.measured(whole.measured)?,
        })
    }

    /// The bucket of a user, and the codes of what else he belongs to.
    fn user_key(&self, group: u32, bucket: u32) -> (Vec<u32>, u32) {
        let codes = self.united.of_users.groups[group as usize].iter();
        let kept = codes.zip(&self.united.of_users.dimensions);
        let kept = kept.filter(|(_, dimension)| dimension.role != Axis::Bucket);
        let bucket = self
            .clusters
            .as_ref()
            .map_or(bucket, |clusters| clusters[group as usize]);
        (kept.map(|(code, _)| *code).collect(), bucket)
    }

    /// The dimensions of users, and that of buckets.
    fn user_dimensions(&self) -> (Vec<Dimension>, Dimension) {
        let (mut buckets, others): (Vec<Dimension>, Vec<Dimension>) = self
            .united
            .of_users
            .dimensions
            .iter()
            .cloned()
            .partition(|dimension| dimension.role == Axis::Bucket);
        let role = if self.settings.columns.contains_key("user") {
            "user"
        } else {
            "list"
        };
        let bucket = buckets.pop().unwrap_or_else(|| Dimension {
            levels: (0..BUCKETS).map(|bucket| Level::of(&bucket.to_string())).collect(),
            ..Dimension::new(Axis::Bucket, self.settings.column(role), Coding::Buckets)
        });
        (others, bucket)
    }

    fn shown(&self, cells: &HashMap<Cell, u64, FixedState>) -> Result<Cube<Counts>, Mismatch> {
        let (mut dimensions, bucket) = self.user_dimensions();
        dimensions.extend(self.united.of_items.dimensions.iter().cloned());
        let rank = self.settings.columns.get("rank").map_or("rank", String::as_str);
        dimensions.push(Dimension {
            levels: (0..=LAST_PLACE).map(|place| Level::of(&place.to_string())).collect(),
            ..Dimension::new(Axis::Rank, rank, Coding::AsWritten)
        });
        let has_relevance = self.settings.knows_relevance();
        if has_relevance {
            let column = self
                .settings
                .columns
                .get("relevance")
                .map_or("relevant", String::as_str);
            dimensions.push(Dimension {
                levels: vec![Level::Missing, Level::of(AT_LEAST), Level::of(BELOW)],
                ..Dimension::new(Axis::Relevance, column, Coding::AsWritten)
            });
        }
        dimensions.push(bucket);
        let cells = cells.iter().map(|(cell, n)| {
            let (mut key, bucket) = self.user_key(cell.users, u32::from(cell.bucket));
            key.extend(&self.united.of_items.groups[cell.items as usize]);
            key.push(u32::from(cell.place));
            key.extend(has_relevance.then_some(u32::from(cell.relevance)));
            key.push(bucket);
            (key, Counts::of(*n))
        });
        Cube::new(dimensions, cells)
    }

    fn measured(&self, cells: HashMap<(u32, u32), Measured, FixedState>) -> Result<Cube<ListSums>, Mismatch> {
        let (mut dimensions, bucket) = self.user_dimensions();
        dimensions.push(bucket);
        let keys = self.measuring.keys().iter().chain(self.providers.keys());
        let cells = cells.into_iter().map(|((group, bucket), measured)| {
            let (mut key, bucket) = self.user_key(group, bucket);
            key.push(bucket);
            let of = keys.clone().cloned().zip(measured.of);
            let of = of.filter(|(_, moments)| moments.n > 0).collect();
            let units = measured.units;
            (key, ListSums { units, of })
        });
        Cube::new(dimensions, cells)
    }

    fn past(&self, cells: &HashMap<(u32, u32, u32), u64, FixedState>) -> Result<Option<Cube<Counts>>, Mismatch> {
        let (Some(_), Some(axis)) = (&self.tables.history, category_axis(&self.united.of_items)) else {
            return Ok(None);
        };
        let (mut dimensions, bucket) = self.user_dimensions();
        dimensions.push(bucket);
        dimensions.push(self.united.of_items.dimensions[axis].clone());
        let cells = cells.iter().map(|((group, bucket, category), n)| {
            let (mut key, bucket) = self.user_key(*group, *bucket);
            key.extend([bucket, *category]);
            (key, Counts::of(*n))
        });
        Cube::new(dimensions, cells).map(Some)
    }

    /// The items that could have been shown: those of the table, or else those that were.
    fn catalogue(&self, times: &HashMap<u32, u64, FixedState>) -> Result<Cube<Stock>, Mismatch> {
        let has_table = self.tables.catalogue.is_some();
        let asked = ["popularity", "merit"].map(|role| self.settings.columns.contains_key(role));
        let mut cells: BTreeMap<u32, Stock> = BTreeMap::new();
        for (item, number) in self.united.items.iter().zip(0u32..) {
            if if has_table {
                item.is_in_stock
            } else {
                times.contains_key(&number)
            } {
                cells
                    .entry(item.group)
                    .or_default()
                    .add(item.popularity, item.merit, asked);
            }
        }
        let groups = &self.united.of_items.groups;
        let cells = cells
            .into_iter()
            .map(|(group, stock)| (groups[group as usize].clone(), stock));
        Cube::new(self.united.of_items.dimensions.clone(), cells)
    }

    fn times_shown(&self, times: &HashMap<u32, u64, FixedState>, catalogue: &Cube<Stock>) -> Vec<TimesShown> {
        let axes = &self.united.of_items;
        // In the order of the catalogue, which sorts its dimensions.
        let order = catalogue.dimensions().iter().filter_map(|dimension| {
            let same = |own: &Dimension| (own.role, &own.column) == (dimension.role, &dimension.column);
            axes.dimensions.iter().position(same)
        });
        let order: Vec<usize> = order.collect();
        let mut shown: Vec<TimesShown> = times
            .iter()
            .map(|(number, times)| {
                let item = self.united.items[*number as usize];
                let plain = TimesShown {
                    item: item.id,
                    times: *times,
                    ..TimesShown::default()
                };
                if self.tables.catalogue.is_some() {
                    return plain;
                }
                let levels = axes.levels(item.group);
                TimesShown {
                    groups: order.iter().map(|axis| levels[*axis].clone()).collect(),
                    popularity: item.popularity,
                    merit: item.merit,
                    ..plain
                }
            })
            .collect();
        shown.sort_unstable_by_key(|shown| shown.item);
        shown
    }
}

/// Adds the mean of a user's lists: he counts once, however many there are.
pub(super) fn add_mean((n, sum): (u64, f64), moments: &mut Moments) {
    let mean = sum / n as f64;
    if n > 0 && (mean == 0.0 || (SMALLEST..=LARGEST).contains(&mean.abs())) {
        moments.add(mean);
    }
}

/// What the lists of all users hold.
type Whole = Slice;

impl Slice {
    /// All slices together. A bucket lies in one slice, but the bucket of a cluster may not.
    fn of(slices: Vec<Self>) -> Self {
        let mut slices = slices.into_iter();
        let mut whole = slices.next().unwrap_or_default();
        for slice in slices {
            whole.absorb(slice);
        }
        whole
    }

    #[expect(
        clippy::iter_over_hash_type,
        reason = "counts and exact sums do not depend on the order of adding"
    )]
    fn absorb(&mut self, other: Self) {
        for (cell, n) in other.shown {
            *self.shown.entry(cell).or_default() += n;
        }
        for (cell, n) in other.history {
            *self.history.entry(cell).or_default() += n;
        }
        for (item, n) in other.times {
            *self.times.entry(item).or_default() += n;
        }
        for (cell, measured) in other.measured {
            let own = self.measured.entry(cell).or_default();
            own.units += measured.units;
            own.of
                .resize_with(measured.of.len().max(own.of.len()), Moments::default);
            for (own, other) in own.of.iter_mut().zip(&measured.of) {
                own.merge(other);
            }
        }
        self.odd.item_again += other.odd.item_again;
        self.odd.rank_taken += other.odd.rank_taken;
        self.odd.gap_in_ranks += other.odd.gap_in_ranks;
        self.lists += other.lists;
        self.users += other.users;
        self.unnamed += other.unnamed;
        self.longest = self.longest.max(other.longest);
        self.impressions += other.impressions;
        self.not_in_catalogue += other.not_in_catalogue;
        self.history_rows += other.history_rows;
    }
}
