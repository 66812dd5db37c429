//! This module makes lists of the rows that hold their items.
//!
//! A row is one item at one place in one list. Rows come in any order, from several threads and files, so entries are
//! kept (32 bytes each) until all rows are there, and then put together user by user. What leaves this module is a tally
//! by groups: [`Lists`].
//!
//! The rules:
//! - A list is that of a user: the same list id of two users is two lists. Without a column of users each list is all
//!   that a user has; so is a list for which nobody is named (counted as `no-user`).
//! - A row without a list, an item or a rank (a whole number from 1) is left out, and counted by reason. A rank of 0 is
//!   refused: where ranks start at 0, every list would lose its first item.
//! - Without a column of ranks the order of rows is that of the places.
//! - The same item twice in a list: the better place counts, and the worse one stays empty; it was wanted if either row
//!   says so (`item-again`).
//! - Several items at one place of a list: they get places one after the other, in the order of a hash of their ids,
//!   which favours nobody, and what follows moves back as far as it has to (`rank-taken`). So a list never has more
//!   attention to give than it has places. Where this happens to more than one item in ten, lists are refused: several
//!   were taken for one.
//! - Places that no item has stay empty (`gap-in-ranks`).
//! - A user, or an item, of which rows say different things is refused, with an example.
//! - An item that the table of all items does not have is kept, with the groups that its rows say (`not-in-catalogue`).
//! - What users wanted or had before is looked up by user; users without a list are not looked at. What kinds of items
//!   they had is only known where the file says it, or a table of all items (else `history-unused`); so is of which group
//!   an item is that they wanted and no list shows (`wanted-unknown`).
//! - Without a file of what users wanted, a column of relevance says it of the items shown alone. Then recall is not
//!   measured, and who wanted none of them counts as 0 but has no NDCG. A row without a value counts as not wanted,
//!   unless the whole list has none: then it has no value. With the file, the file says it of rows without a value.
//! - A user counts once in measures of lists: with the mean of his lists.

mod collector;
mod combinations;
mod cubes;
mod entries;
mod list;
mod made;
mod providers;
mod reader;
mod settings;
mod slice;
mod tables;
mod united;
mod world;

use std::sync::Arc;

use evenhand_measure::Problem;
use evenhand_measure::tally::Lists;

use self::collector::Part;
pub(crate) use self::reader::Reader;
pub(crate) use self::settings::Settings;
use self::tables::Tables;
use crate::plan::Plan;

/// The rows of lists that several threads and files collected, and lists that were tallied before.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pool {
    parts: Vec<Arc<Part>>,
    saved: Option<Arc<Lists>>,
}

impl Pool {
    /// What one thread collected.
    pub(crate) fn of(part: Part) -> Self {
        Self {
            parts: vec![Arc::new(part)],
            saved: None,
        }
    }

    /// The lists of a saved tally.
    pub(crate) fn saved(lists: Lists) -> Self {
        Self {
            parts: Vec::new(),
            saved: Some(Arc::new(lists)),
        }
    }

    /// Whether it knows of no list.
    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.saved.is_none()
    }

    /// Both together.
    ///
    /// # Errors
    /// When saved lists do not go together, or only one of the two has lists.
    pub(crate) fn merge(&self, other: &Self) -> Result<Self, Problem> {
        if self.is_empty() != other.is_empty() {
            return Err(Problem::data(
                "only one of the parts has recommended lists",
                "read all parts with the same columns in the same roles",
            ));
        }
        let saved = match (&self.saved, &other.saved) {
            (Some(one), Some(two)) => Some(Arc::new(merged(one, two)?)),
            (one, two) => one.clone().or_else(|| two.clone()),
        };
        Ok(Self {
            parts: self.parts.iter().chain(&other.parts).cloned().collect(),
            saved,
        })
    }

    /// Says of which file, in the order of the inputs, all rows are.
    pub(crate) fn come_from(&mut self, source: u64) {
        for part in &mut self.parts {
            // Nobody else has it yet.
            Arc::make_mut(part).source = source;
        }
    }

    /// The tally of all lists; nothing where there are none.
    ///
    /// # Errors
    /// When a table beside the lists cannot be read, rows contradict each other, or parts do not go together.
    pub(crate) fn tally(self, plan: &Plan, place: &str) -> Result<Option<Lists>, Problem> {
        let settings = plan.lists.as_deref();
        let made = match settings.and_then(|settings| Some((settings, settings.slots(plan)?))) {
            Some((settings, slots)) if !self.parts.is_empty() => {
                let tables = Tables::read(settings, &slots, plan)?;
                let parts: Vec<&Part> = self.parts.iter().map(AsRef::as_ref).collect();
                Some(made::lists(&parts, settings, &tables, place)?)
            }
            _ => None,
        };
        Ok(match (made, self.saved) {
            (Some(made), Some(saved)) => Some(merged(&made, &saved)?),
            (made, saved) => made.or_else(|| saved.map(Arc::unwrap_or_clone)),
        })
    }
}

fn merged(one: &Lists, two: &Lists) -> Result<Lists, Problem> {
    one.merge(two).map_err(|mismatch| {
        Problem::data(
            mismatch.to_string(),
            "read all parts with the same columns in the same roles, and the same table of all items",
        )
    })
}

#[cfg(test)]
mod tests;
