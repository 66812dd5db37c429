//! This module codes decoded rows of a column for every slot that uses it.

use bytes::Bytes;

use super::hybrid::{Hybrid, Scratch};
use super::kind::{Kind, code};
use super::levels::Presence;
use super::look_up::{Item, Recent, both, item, look_up, reset};
use super::plain::{Cuts, Layout, Raw, raw};
use super::trouble::Trouble;
use crate::kernel::{Batch, Coder, Column, Unusable};

/// A slot that uses the column, with what the dictionary's entries and recent numbers mean to it.
pub(super) struct Use {
    slot: usize,
    table: Column,
    recent: Remembered,
}

enum Remembered {
    Codes(Recent<u32>),
    Counts(Recent<u64>),
    Weights(Recent<f64>),
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
        let (table, recent) = match &batch.columns[slot] {
            Column::Codes(_) => (Column::Codes(Vec::new()), Remembered::Codes(Recent::default())),
            Column::Counts(_) => (Column::Counts(Vec::new()), Remembered::Counts(Recent::default())),
            Column::Weights(_) => (Column::Weights(Vec::new()), Remembered::Weights(Recent::default())),
        };
        Self { slot, table, recent }
    }

    /// Forgets what the entries of the dictionary before this one meant.
    pub(super) fn forget(&mut self, dictionary: &Dictionary) {
        match &mut self.table {
            Column::Codes(table) => reset(table, dictionary.entries),
            Column::Counts(table) => reset(table, dictionary.entries),
            Column::Weights(table) => reset(table, dictionary.entries),
        }
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
        scratch: &mut Scratch,
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
            both!((table, out), |table, out| look_up(
                table,
                (indices, data),
                count,
                scratch,
                out,
                &mut entry
            ))
            .map_err(|trouble| trouble.at_row_of(|number| self.presence.row_of(number)))?;
            spread(self.presence, coder, &mut self.batch.columns[*slot])?;
        }
        Ok(())
    }

    /// Codes rows whose values are cut out of PLAIN data.
    pub(super) fn code_plain(&mut self, data: &[u8], cuts: &Cuts, layout: Layout, kind: Kind) -> Result<(), Trouble> {
        for Use { slot, recent, .. } in self.uses.iter_mut() {
            let values = Plain {
                data,
                cuts,
                layout,
                kind,
                count: self.presence.present(),
            };
            let coder = &mut self.coders[*slot];
            let coded = match (&mut self.batch.columns[*slot], recent) {
                (Column::Codes(out), Remembered::Codes(recent)) => values.code(coder, recent, out),
                (Column::Counts(out), Remembered::Counts(recent)) => values.code(coder, recent, out),
                (Column::Weights(out), Remembered::Weights(recent)) => values.code(coder, recent, out),
                _ => unreachable!("tables and columns are made for the same slot"),
            };
            coded.map_err(|(number, unusable)| Trouble::Value(self.presence.row_of(number), unusable))?;
            spread(self.presence, coder, &mut self.batch.columns[*slot])?;
        }
        Ok(())
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
        Column::Codes(out) => presence.spread(out, item(absent)),
        Column::Counts(out) => presence.spread(out, item(absent)),
        Column::Weights(out) => presence.spread(out, item(absent)),
    }
    Ok(())
}

/// Values of a PLAIN page.
struct Plain<'a> {
    data: &'a [u8],
    cuts: &'a Cuts,
    layout: Layout,
    kind: Kind,
    count: usize,
}

impl Plain<'_> {
    fn code<T: Item>(
        &self,
        coder: &mut Coder,
        recent: &mut Recent<T>,
        out: &mut Vec<T>,
    ) -> Result<(), (usize, Unusable)> {
        let mut text = String::new();
        out.reserve(self.count);
        for number in 0..self.count {
            let bytes = self.cuts.get(self.data, number);
            let raw = raw(self.layout, bytes);
            let coded = match raw {
                Raw::Bytes(bytes) if self.kind == Kind::Text && bytes.len() <= 16 => {
                    coder.short_text(packed(bytes), bytes).map(item).or_else(|_| {
                        // Only for its message about text that is none.
                        code(coder, self.kind.value(raw, &mut text)).map(item)
                    })
                }
                Raw::Bytes(_) => code(coder, self.kind.value(raw, &mut text)).map(item),
                _ => recent.get(bits(raw), || code(coder, self.kind.value(raw, &mut text))),
            };
            out.push(coded.map_err(|unusable| (number, unusable))?);
        }
        Ok(())
    }
}

/// The bits of a number; the values of a column have all the same layout, so different numbers have different bits.
fn bits(raw: Raw<'_>) -> u64 {
    match raw {
        Raw::Bool(value) => u64::from(value),
        Raw::Int32(value) => u64::from(value as u32),
        Raw::Int64(value) => value as u64,
        Raw::Float(value) => u64::from(value.to_bits()),
        Raw::Double(value) => value.to_bits(),
        Raw::Bytes(_) => 0,
    }
}

/// At most 16 bytes as one little-endian number.
#[inline]
fn packed(bytes: &[u8]) -> u128 {
    let mut word = [0u8; 16];
    word[..bytes.len()].copy_from_slice(bytes);
    u128::from_le_bytes(word)
}
