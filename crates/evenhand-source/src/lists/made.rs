//! This module makes the tally of lists of what was collected.

use evenhand_measure::lists::customer;
use evenhand_measure::tally::{Axis, Lists};
use evenhand_measure::{Problem, thousands};
use rayon::prelude::*;

use super::collector::Part;
use super::entries::PARTS;
use super::providers::Providers;
use super::settings::Settings;
use super::slice::Slice;
use super::tables::Tables;
use super::united::{Axes, United};
use super::world::World;

/// More combinations than this are no summary any more: see the counter of decisions.
const MOST_CELLS: usize = 1 << 22;

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
        relevance: settings.relevance(),
        category: knows("category"),
        popularity: knows("popularity"),
        history: tables.knows_history(),
    };
    let measuring = customer::Measuring::new(known, &settings.cutoffs);
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
    let whole = Slice::of(slices);
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

pub(super) fn category_axis(of_items: &Axes) -> Option<usize> {
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
    fn check(&self, whole: &Slice, rows: u64, place: &str) -> Result<(), Problem> {
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
}
