//! This module codes decoded rows of a column for every slot that uses it.

use bytes::Bytes;

use super::hybrid::{Hybrid, Scratch};
use super::kind::{Kind, code};
use super::levels::Presence;
use super::look_up::{Table, code_of, count_of, id_of, number_of};
use super::plain::{Cuts, Layout, Raw, raw};
use super::trouble::Trouble;
use super::values::{Plain, Recent};
use crate::kernel::{Batch, Coder, Column};

/// A slot that uses the column, with what the dictionary's entries and recent values mean to it.
pub(super) struct Use {
    slot: usize,
    table: Table,
    recent: Recent,
}

/// The entries of the chunk's dictionary.
#[derive(Default)]
pub(super) struct Dictionary {
    /// The page's bytes; none for booleans, whose dictionary is `[false, true]`.
    pub(super) data: Bytes,
    /// Where the entries are.
    pub(super) cuts: Cuts,
    /// How many there are.
    pub(super) entries: usize,
}

impl Use {
    /// The use by the slot at this place of `batch`.
    pub(super) fn new(slot: usize, batch: &Batch) -> Self {
        Self {
            slot,
            table: Table::new(slot, batch),
            recent: Recent::new(slot, batch),
        }
    }

    /// Forgets what the entries of the dictionary before this one meant.
    pub(super) fn forget(&mut self, dictionary: &Dictionary) {
        self.table.reset(dictionary.entries);
    }
}

/// What is needed to code some rows of a column for all its slots.
pub(super) struct Slots<'a> {
    /// The uses of the column.
    pub(super) uses: &'a mut [Use],
    /// Which of the rows have a value.
    pub(super) presence: &'a Presence,
    /// One coder per slot of the plan.
    pub(super) coders: &'a mut [Coder],
    /// Where the rows are appended.
    pub(super) batch: &'a mut Batch,
}

impl Slots<'_> {
    /// Codes rows whose values are entries of a dictionary.
    pub(super) fn look_up(
        &mut self,
        (indices, data): (&mut Hybrid, &[u8]),
        dictionary: &Dictionary,
        layout: Option<Layout>,
        kind: Kind,
    ) -> Result<(), Trouble> {
        let count = self.presence.present();
        let start = indices.clone();
        let mut text = String::new();
        for Use { slot, table, .. } in self.uses.iter_mut() {
            // Each slot reads the indices for itself: a column that has two is rare, and this keeps no copy of them.
            *indices = start.clone();
            let coder = &mut self.coders[*slot];
            let mut entry = |index: u32| {
                let entries = dictionary.entries;
                if index as usize >= entries {
                    return Err(Trouble::broken(format!(
                        "the dictionary entry {index} in a dictionary of {entries}"
                    )));
                }
                let raw = match layout {
                    Some(layout) => raw(layout, dictionary.cuts.get(&dictionary.data, index as usize)),
                    None => Raw::Bool(index == 1),
                };
                code(coder, kind.value(raw, &mut text)).map_err(|unusable| Trouble::Value(0, unusable))
            };
            let out = &mut self.batch.columns[*slot];
            table
                .look_up((indices, data), count, out, &mut entry)
                .map_err(|trouble| trouble.at_row_of(|number| self.presence.row_of(number)))?;
            spread(self.presence, coder, out)?;
        }
        Ok(())
    }

    /// Codes rows whose values are in PLAIN data from `at` on; gives where they end.
    pub(super) fn code_plain(
        &mut self,
        (data, at): (&[u8], usize),
        (layout, kind): (Layout, Kind),
        (cuts, scratch): (&mut Cuts, &mut Scratch),
    ) -> Result<usize, Trouble> {
        let mut end = at;
        for Use { slot, recent, .. } in self.uses.iter_mut() {
            let values = Plain {
                data,
                at,
                count: self.presence.present(),
                layout,
                kind,
            };
            let (coder, out) = (&mut self.coders[*slot], &mut self.batch.columns[*slot]);
            end = recent
                .append(values, coder, (cuts, scratch), out)
                .map_err(|(number, trouble)| trouble.later(number).at_row_of(|number| self.presence.row_of(number)))?;
            spread(self.presence, coder, out)?;
        }
        Ok(end)
    }
}

/// Moves the values that were appended to `out` to their rows.
fn spread(presence: &Presence, coder: &mut Coder, out: &mut Column) -> Result<(), Trouble> {
    if !presence.has_absent() {
        return Ok(());
    }
    let absent = coder
        .absent()
        .map_err(|unusable| Trouble::Value(presence.first_absent(), unusable))?;
    match out {
        Column::Codes(out) if presence.present() == 0 => out.push_run(code_of(absent), presence.rows()),
        Column::Codes(out) => match (out.narrow(), u8::try_from(code_of(absent))) {
            (Some(bytes), Ok(absent)) => presence.spread(bytes, absent),
            _ => presence.spread(out.wide(), code_of(absent)),
        },
        Column::Counts(out) => presence.spread(out, count_of(absent)),
        Column::Weights(out) | Column::Numbers(out) => presence.spread(out, number_of(absent)),
        Column::Ids(out) => presence.spread(out, id_of(absent)),
    }
    Ok(())
}
