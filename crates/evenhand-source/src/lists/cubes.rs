//! This module writes what all lists hold as the cubes of a tally.

use std::collections::BTreeMap;

use evenhand_measure::tally::{
    AT_LEAST, Axis, BELOW, BUCKETS, Coding, Counts, Cube, Dimension, LAST_PLACE, Level, ListSums, Lists, Mismatch,
    Stock, TimesShown,
};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::collector::Part;
use super::made::category_axis;
use super::slice::{Cell, Measured, Slice};
use super::world::World;

impl World<'_> {
    /// The tally of all lists.
    ///
    /// # Errors
    /// When cells do not fit their dimensions, which would be a defect of this program.
    pub(super) fn tally(&self, whole: Slice) -> Result<Lists, Mismatch> {
        let named = |counts: &[(&str, u64)]| -> BTreeMap<String, u64> {
            let some = counts.iter().filter(|(_, n)| *n > 0);
            some.map(|(name, n)| ((*name).to_owned(), *n)).collect()
        };
        let sum = |count: fn(&Part) -> u64| self.parts.iter().map(|part| count(part)).sum::<u64>();
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
                ("history-unused", whole.history_unused),
                ("wanted-unknown", whole.wanted_unknown),
            ]),
            times_shown: self.times_shown(&whole.times, &catalogue),
            shown: self.shown(&whole.shown)?,
            catalogue,
            has_catalogue: self.tables.catalogue.is_some(),
            knows_wanted: self.tables.relevant.is_some(),
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
        let keys: Vec<&String> = self.measuring.keys().iter().chain(self.providers.keys()).collect();
        let cells = cells.into_iter().map(|((group, bucket), measured)| {
            let (mut key, bucket) = self.user_key(group, bucket);
            key.push(bucket);
            let of = keys.iter().map(|key| (*key).clone()).zip(measured.of);
            let of = of.filter(|(_, moments)| moments.n > 0).collect();
            let units = measured.units;
            (key, ListSums { units, of })
        });
        Cube::new(dimensions, cells)
    }

    fn past(&self, cells: &HashMap<(u32, u32, u32), u64, FixedState>) -> Result<Option<Cube<Counts>>, Mismatch> {
        let Some(axis) = category_axis(&self.united.of_items).filter(|_| self.tables.knows_history()) else {
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
                let levels = axes.levels(item.group);
                TimesShown {
                    item: item.id,
                    times: *times,
                    groups: order.iter().map(|axis| levels[*axis].clone()).collect(),
                    popularity: item.popularity,
                    merit: item.merit,
                }
            })
            .collect();
        shown.sort_unstable_by_key(|shown| shown.item);
        shown
    }
}
