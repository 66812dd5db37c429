//! This module turns dictionary indices into what the counting kernel takes, for one slot.

use super::hybrid::{Hybrid, Packed, Piece, SCRATCH, Scratch};
use super::trouble::Trouble;
use super::unpack::Meanings;
use crate::kernel::{Batch, Coded, Codes, Column};

/// What the entries of a dictionary mean to a slot. Entries are coded when a row first uses them, because writers leave
/// entries in dictionaries that no row has, and those must not become levels or errors.
pub(super) enum Table {
    /// The codes of a key column.
    Codes(CodeTable),
    /// How many rows a record stands for.
    Counts(Vec<Option<u64>>),
    /// The weight or another number of each row.
    Doubles(Vec<Option<f64>>),
    /// A hash of the id of each row.
    Ids(Vec<Option<u64>>),
}

/// The codes of entries.
#[derive(Default)]
pub(super) struct CodeTable {
    codes: Vec<Option<u32>>,
    /// The same as bytes for several indices at once, or [`UNKNOWN`]; of width 0 when it has to be made again.
    meanings: Meanings,
    /// Whether there are indices of as many bits that have no meaning yet.
    unknown: bool,
    /// Whether a code is too large for it.
    wide: bool,
}

/// Stands for an entry that was not coded yet, among codes that are one byte each.
const UNKNOWN: u8 = u8::MAX;

impl Table {
    /// An empty table for the slot at this place of `batch`.
    pub(super) fn new(slot: usize, batch: &Batch) -> Self {
        match &batch.columns[slot] {
            Column::Codes(_) => Self::Codes(CodeTable::default()),
            Column::Counts(_) => Self::Counts(Vec::new()),
            Column::Weights(_) | Column::Numbers(_) => Self::Doubles(Vec::new()),
            Column::Ids(_) => Self::Ids(Vec::new()),
        }
    }

    /// Forgets what the entries meant, and makes room for `entries` others.
    pub(super) fn reset(&mut self, entries: usize) {
        fn forget<T: Copy>(items: &mut Vec<Option<T>>, entries: usize) {
            items.clear();
            items.resize(entries, None);
        }
        match self {
            Self::Codes(table) => {
                forget(&mut table.codes, entries);
                table.meanings = Meanings::default();
                table.wide = false;
            }
            Self::Counts(items) | Self::Ids(items) => forget(items, entries),
            Self::Doubles(items) => forget(items, entries),
        }
    }

    /// Reads the next `count` indices and appends what their entries mean to `out`. `code` codes the entry at an
    /// index. A value that cannot be used is reported by its number among these.
    pub(super) fn look_up(
        &mut self,
        (indices, data): (&mut Hybrid, &[u8]),
        count: usize,
        out: &mut Column,
        code: &mut impl FnMut(u32) -> Result<Coded, Trouble>,
    ) -> Result<(), Trouble> {
        match (self, out) {
            (Self::Codes(table), Column::Codes(out)) => {
                let code = &mut |index| code(index).map(code_of);
                let mut done = 0;
                indices.read(data, count, &mut |piece| {
                    table.append(piece, out, code).map_err(|trouble| trouble.later(done))?;
                    done = (done + piece.len()).min(count);
                    Ok(())
                })
            }
            (Self::Counts(items), Column::Counts(out)) => numbers(items, (indices, data), count, out, &mut |index| {
                code(index).map(count_of)
            }),
            (Self::Doubles(items), Column::Weights(out) | Column::Numbers(out)) => {
                numbers(items, (indices, data), count, out, &mut |index| {
                    code(index).map(number_of)
                })
            }
            (Self::Ids(items), Column::Ids(out)) => {
                numbers(items, (indices, data), count, out, &mut |index| code(index).map(id_of))
            }
            _ => unreachable!("tables and columns are made for the same slot"),
        }
    }
}

/// The code in a coded value.
pub(super) fn code_of(coded: Coded) -> u32 {
    match coded {
        Coded::Code(code) => code,
        _ => unreachable!("the coder of a key column gives codes"),
    }
}

/// The count in a coded value.
pub(super) fn count_of(coded: Coded) -> u64 {
    match coded {
        Coded::Count(count) => count,
        _ => unreachable!("the coder of counts gives counts"),
    }
}

/// The weight or other number in a coded value.
pub(super) fn number_of(coded: Coded) -> f64 {
    match coded {
        Coded::Weight(number) | Coded::Number(number) => number,
        _ => unreachable!("the coder of numbers gives numbers"),
    }
}

/// The hash of an id in a coded value.
pub(super) fn id_of(coded: Coded) -> u64 {
    match coded {
        Coded::Id(id) => id,
        _ => unreachable!("the coder of ids gives ids"),
    }
}

impl CodeTable {
    fn append(
        &mut self,
        piece: Piece<'_>,
        out: &mut Codes,
        code: &mut impl FnMut(u32) -> Result<u32, Trouble>,
    ) -> Result<(), Trouble> {
        match piece {
            Piece::Run(index, rows) => out.push_run(entry(&mut self.codes, index, code)?, rows),
            Piece::Packed(packed) => {
                if !self.append_bytes(packed, out) {
                    self.append_slowly(packed, out, code)?;
                }
            }
        }
        Ok(())
    }

    // Apart from the quick way, which then needs no room for a block of indices.
    #[inline(never)]
    fn append_slowly(
        &mut self,
        packed: Packed<'_>,
        out: &mut Codes,
        code: &mut impl FnMut(u32) -> Result<u32, Trouble>,
    ) -> Result<(), Trouble> {
        let mut scratch = SCRATCH;
        let indices = packed.words(&mut scratch);
        self.learn(indices, code)?;
        if !self.append_bytes(packed, out) {
            let codes = indices.iter().map(|index| known(&self.codes, *index).unwrap_or(0));
            out.wide().extend(codes);
        }
        Ok(())
    }

    /// Appends codes of one byte each, if the codes of all these entries are known and are that small.
    fn append_bytes(&mut self, packed: Packed<'_>, out: &mut Codes) -> bool {
        if self.wide || packed.width() > 8 {
            return false;
        }
        let Some(bytes) = out.narrow() else {
            return false;
        };
        if self.meanings.width() != packed.width() {
            let codes = &self.codes;
            self.unknown = false;
            self.meanings = Meanings::new(packed.width(), |index| {
                let code = known(codes, index).map_or(UNKNOWN, |code| code.min(u32::from(UNKNOWN)) as u8);
                self.unknown |= code == UNKNOWN;
                code
            });
        }
        let before = bytes.len();
        packed.meanings(&self.meanings, bytes);
        let most = |bytes: &[u8]| bytes.iter().fold(0, |most, byte| most.max(*byte));
        let is_known = !self.unknown || most(&bytes[before..]) != UNKNOWN;
        if !is_known {
            bytes.truncate(before);
        }
        is_known
    }

    /// Codes the entries at these indices.
    fn learn(&mut self, indices: &[u32], code: &mut impl FnMut(u32) -> Result<u32, Trouble>) -> Result<(), Trouble> {
        let mut largest = 0;
        for (number, &index) in indices.iter().enumerate() {
            let code = entry(&mut self.codes, index, code).map_err(|trouble| trouble.later(number))?;
            largest = largest.max(code);
        }
        self.wide |= largest >= u32::from(UNKNOWN);
        self.meanings = Meanings::default();
        Ok(())
    }
}

/// Appends counts, numbers or ids.
fn numbers<T: Copy>(
    items: &mut [Option<T>],
    (indices, data): (&mut Hybrid, &[u8]),
    count: usize,
    out: &mut Vec<T>,
    code: &mut impl FnMut(u32) -> Result<T, Trouble>,
) -> Result<(), Trouble> {
    let start = out.len();
    let mut scratch: Scratch = SCRATCH;
    indices.read(data, count, &mut |piece| {
        match piece {
            Piece::Run(index, rows) => {
                let item = entry(items, index, code).map_err(|trouble| trouble.later(out.len() - start))?;
                out.resize(out.len() + rows, item);
            }
            Piece::Packed(packed) => {
                for &index in packed.words(&mut scratch) {
                    let item = entry(items, index, code).map_err(|trouble| trouble.later(out.len() - start))?;
                    out.push(item);
                }
            }
        }
        Ok(())
    })
}

#[inline]
fn known<T: Copy>(items: &[Option<T>], index: u32) -> Option<T> {
    items.get(index as usize).copied().flatten()
}

/// What an entry means, which may not have been coded yet.
#[inline]
fn entry<T: Copy>(
    items: &mut [Option<T>],
    index: u32,
    code: &mut impl FnMut(u32) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    if let Some(item) = known(items, index) {
        return Ok(item);
    }
    let item = code(index)?;
    if let Some(entry) = items.get_mut(index as usize) {
        *entry = Some(item);
    }
    Ok(item)
}
