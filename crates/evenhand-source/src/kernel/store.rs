//! This module holds the cells of one thread's tally under packed keys: a plain array while that is small, a
//! hash map beyond.

use std::ops::BitOr;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use super::batch::Column;
use super::codes::View;

/// The bits that each key column takes in a packed key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// The column's place in the batch, its lowest bit in the key, and its number of bits.
    fields: Vec<Field>,
    total: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Field {
    column: usize,
    shift: u32,
    bits: u32,
}

impl Layout {
    /// A layout for the key columns at these places of a batch; none has seen a code but 0 yet.
    pub(super) fn new(columns: impl Iterator<Item = usize>) -> Self {
        Self {
            fields: columns
                .map(|column| Field {
                    column,
                    shift: 0,
                    bits: 0,
                })
                .collect(),
            total: 0,
        }
    }

    /// A wider layout, if a code in `columns` does not fit this one.
    pub(super) fn widened(&self, columns: &[Column]) -> Option<Self> {
        let mut wider = self.clone();
        wider.total = 0;
        for field in &mut wider.fields {
            let needed = u32::BITS - largest(view(columns, field)).leading_zeros();
            *field = Field {
                shift: wider.total,
                bits: field.bits.max(needed),
                ..*field
            };
            wider.total += field.bits;
        }
        (wider != *self).then_some(wider)
    }

    /// The places of the key columns in a batch, in their order.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().map(|field| field.column)
    }

    /// How many bits a key has.
    pub(super) fn total(&self) -> u32 {
        self.total
    }

    /// The largest code that each key column has room for, with the column's place in a batch.
    pub(super) fn most_codes(&self) -> impl Iterator<Item = (usize, usize)> {
        let most = |field: &Field| ((1u64 << field.bits) - 1) as usize;
        self.fields.iter().map(move |field| (field.column, most(field)))
    }

    /// The codes in a key, in the order of the key columns.
    pub(super) fn codes(&self, key: u128) -> impl Iterator<Item = u32> {
        self.fields
            .iter()
            .map(move |field| (key >> field.shift) as u32 & (((1u64 << field.bits) - 1) as u32))
    }

    /// The key of these codes.
    fn key(&self, codes: impl Iterator<Item = u32>) -> u128 {
        self.fields
            .iter()
            .zip(codes)
            .fold(0, |key, (field, code)| key | u128::from(code) << field.shift)
    }

    /// The key of all rows, where every key column holds one code only.
    pub(super) fn constant(&self, columns: &[Column]) -> Option<u128> {
        self.fields.iter().try_fold(0, |key, field| match view(columns, field) {
            View::Same(code) => Some(key | u128::from(code) << field.shift),
            View::Bytes(_) | View::Words(_) => None,
        })
    }

    /// The widest keys of the rows from `start`, as many as `keys` takes.
    pub(super) fn keys(&self, columns: &[Column], start: usize, keys: &mut [u128]) {
        self.pack(columns, start, keys);
    }

    /// The keys of the rows from `start`, as many as `keys` takes. Column by column, so that it is all shifts
    /// and adds over short arrays.
    fn pack<K: Key>(&self, columns: &[Column], start: usize, keys: &mut [K]) {
        let same = self
            .fields
            .iter()
            .fold(K::ZERO, |key, field| match view(columns, field) {
                // A column that only ever held code 0 takes no bits, and a shift by all bits is none.
                View::Same(code) if field.bits > 0 => key | K::placed(code, field.shift),
                _ => key,
            });
        keys.fill(same);
        let mut unpaired = None;
        for field in self.fields.iter().filter(|field| field.bits > 0) {
            let shift = field.shift;
            match view(columns, field) {
                View::Same(_) => {}
                View::Bytes(codes) => match unpaired.take() {
                    None => unpaired = Some((codes, shift)),
                    // Two columns at a time, so that keys are loaded and stored half as often.
                    Some((others, other_shift)) => {
                        let both = codes[start..].iter().zip(&others[start..]);
                        for (key, (&code, &other)) in keys.iter_mut().zip(both) {
                            *key = *key | K::placed_byte(code, shift) | K::placed_byte(other, other_shift);
                        }
                    }
                },
                View::Words(codes) => {
                    for (key, &code) in keys.iter_mut().zip(&codes[start..]) {
                        *key = *key | K::placed(code, shift);
                    }
                }
            }
        }
        if let Some((codes, shift)) = unpaired {
            for (key, &code) in keys.iter_mut().zip(&codes[start..]) {
                *key = *key | K::placed_byte(code, shift);
            }
        }
    }
}

/// The codes of a key column.
fn view<'a>(columns: &'a [Column], field: &Field) -> View<'a> {
    match &columns[field.column] {
        Column::Codes(codes) => codes.view(),
        _ => unreachable!("keys are made of codes"),
    }
}

/// A number with as many bits as the largest code of a column. Any code's bits are among those of all codes
/// together, and "or" goes through a column faster than a comparison.
fn largest(codes: View<'_>) -> u32 {
    match codes {
        View::Same(code) => code,
        View::Bytes(codes) => u32::from(codes.iter().fold(0, |bits, code| bits | code)),
        View::Words(codes) => codes.iter().fold(0, |bits, code| bits | code),
    }
}

/// A packed key: as narrow as the codes allow, because packing is faster then.
trait Key: Copy + BitOr<Output = Self> {
    const ZERO: Self;
    /// A code, for which the layout has made room, at its place in the key.
    fn placed(code: u32, shift: u32) -> Self;
    /// The same for a code of one byte.
    fn placed_byte(code: u8, shift: u32) -> Self;
}

impl Key for u16 {
    const ZERO: Self = 0;

    fn placed(code: u32, shift: u32) -> Self {
        (code as Self).wrapping_mul(1 << shift)
    }

    #[inline(always)]
    fn placed_byte(code: u8, shift: u32) -> Self {
        // A multiplication, because the compiler does many of these at a time, and shifts of 16 bits one by one.
        Self::from(code).wrapping_mul(1 << shift)
    }
}

macro_rules! shifted {
    ($($key:ty)*) => {$(
        impl Key for $key {
            const ZERO: Self = 0;

            #[inline(always)]
            fn placed(code: u32, shift: u32) -> Self {
                Self::from(code).wrapping_shl(shift)
            }

            #[inline(always)]
            fn placed_byte(code: u8, shift: u32) -> Self {
                Self::from(code).wrapping_shl(shift)
            }
        }
    )*};
}
shifted!(u32 u64 u128);

/// What a cell holds while rows are counted; its default is an untouched cell.
pub(super) trait Value: Clone + Default {
    fn is_untouched(&self) -> bool;
}

/// The cells of one thread.
#[derive(Clone, Debug)]
pub(super) enum Store<V> {
    /// By key.
    Dense(Vec<V>),
    /// Keys of at most 64 bits.
    Narrow(HashMap<u64, V, FixedState>),
    /// Keys of at most 128 bits.
    Wide(HashMap<u128, V, FixedState>),
}

/// Rows are packed and counted this many at a time: keys and codes of one block stay in the nearest cache.
const BLOCK: usize = 4_096;

/// A dense table stays within a usual second-level cache.
const DENSE_BYTES: usize = 2 << 20;

impl<V: Value + 'static> Store<V> {
    /// An empty store for keys of this many bits, or nothing if it does not take keys so wide.
    pub(super) fn new(bits: u32) -> Option<Self> {
        if bits <= dense_bits::<V>() {
            return Some(Self::Dense(vec![V::default(); 1 << bits]));
        }
        match bits {
            0..=64 => Some(Self::Narrow(HashMap::default())),
            65..=128 => Some(Self::Wide(HashMap::default())),
            _ => None,
        }
    }

    /// Calls `step` with the cell of every row and the row's number. Stops once it holds more than `most`
    /// cells, and says whether it did not.
    pub(super) fn visit(
        &mut self,
        layout: &Layout,
        columns: &[Column],
        rows: usize,
        most: usize,
        mut step: impl FnMut(&mut V, usize),
    ) -> bool {
        match self {
            Self::Dense(table) if layout.total <= u16::BITS => blocks::<u16>(layout, columns, rows, |start, keys| {
                for (row, &key) in keys.iter().enumerate() {
                    step(&mut table[usize::from(key)], start + row);
                }
                true
            }),
            Self::Dense(table) => blocks::<u32>(layout, columns, rows, |start, keys| {
                for (row, &key) in keys.iter().enumerate() {
                    step(&mut table[key as usize], start + row);
                }
                true
            }),
            Self::Narrow(map) => blocks::<u64>(layout, columns, rows, |start, keys| {
                for (row, &key) in keys.iter().enumerate() {
                    step(map.entry(key).or_default(), start + row);
                }
                map.len() <= most
            }),
            Self::Wide(map) => blocks::<u128>(layout, columns, rows, |start, keys| {
                for (row, &key) in keys.iter().enumerate() {
                    step(map.entry(key).or_default(), start + row);
                }
                map.len() <= most
            }),
        }
    }

    /// The cell under a key, unless it would be one more than `most`.
    pub(super) fn cell(&mut self, key: u128, most: usize) -> Option<&mut V> {
        match self {
            Self::Dense(table) => table.get_mut(key as usize),
            Self::Narrow(map) => {
                let full = map.len() >= most;
                match map.entry(key as u64) {
                    Entry::Vacant(_) if full => None,
                    entry => Some(entry.or_default()),
                }
            }
            Self::Wide(map) => {
                let full = map.len() >= most;
                match map.entry(key) {
                    Entry::Vacant(_) if full => None,
                    entry => Some(entry.or_default()),
                }
            }
        }
    }

    /// The same cells under the keys of a wider layout, or nothing if it is too wide.
    pub(super) fn repacked(self, old: &Layout, new: &Layout) -> Option<Self> {
        let mut store = Self::new(new.total())?;
        for (key, value) in self.into_cells() {
            let key = new.key(old.codes(key));
            match &mut store {
                Self::Dense(table) => table[key as usize] = value,
                Self::Narrow(map) => drop(map.insert(key as u64, value)),
                Self::Wide(map) => drop(map.insert(key, value)),
            }
        }
        Some(store)
    }

    /// The touched cells with their keys, in no particular order.
    pub(super) fn into_cells(self) -> Box<dyn Iterator<Item = (u128, V)>> {
        match self {
            Self::Dense(table) => Box::new(
                table
                    .into_iter()
                    .enumerate()
                    .filter(|(_, value)| !value.is_untouched())
                    .map(|(key, value)| (key as u128, value)),
            ),
            Self::Narrow(map) => Box::new(map.into_iter().map(|(key, value)| (u128::from(key), value))),
            Self::Wide(map) => Box::new(map.into_iter()),
        }
    }
}

fn dense_bits<V>() -> u32 {
    (DENSE_BYTES / size_of::<V>()).ilog2()
}

/// Packs the rows block by block and gives each block's first row and keys to `count`, until that says no.
fn blocks<K: Key>(
    layout: &Layout,
    columns: &[Column],
    rows: usize,
    mut count: impl FnMut(usize, &[K]) -> bool,
) -> bool {
    let mut keys = vec![K::ZERO; BLOCK.min(rows)];
    (0..rows).step_by(BLOCK).all(|start| {
        let keys = &mut keys[..BLOCK.min(rows - start)];
        layout.pack(columns, start, keys);
        count(start, keys)
    })
}
