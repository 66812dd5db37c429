//! This module codes the values of one column for one slot, by their polars type.

use evenhand_measure::tally::Coding;
use evenhand_source::canonical::{widened, write_date, write_timestamp};
use evenhand_source::{Coded, Coder, Column, Purpose, Slot, Texts, Unusable};
use polars::prelude::*;

use super::lately::{Lately, LatelyLong};

/// One slot on its way through a thread: its coder, and what became of values lately.
pub(super) struct Lane {
    coder: Coder,
    memory: Memory,
}

/// By what the values of the slot become.
enum Memory {
    /// With room for the codes of a block, before it is known how much of it they need.
    Codes(Seen<u32>, Vec<u32>),
    /// Counts, or hashes of ids.
    Wholes(Seen<u64>),
    /// Weights, or other numbers.
    Doubles(Seen<f64>),
}

/// Why a block of a column cannot be used.
pub(super) enum Trouble {
    Value(Unusable),
    /// polars cannot turn the column of this name into text.
    Column(String, PolarsError),
}

impl Lane {
    pub(super) fn new(slot: &Slot, texts: &Texts) -> Self {
        // Numbers that become names are written out, which is slow; others are only compared.
        let is_written = matches!(
            slot.purpose,
            Purpose::Key(_, Coding::AsWritten | Coding::Buckets | Coding::Share(_)) | Purpose::Id(_)
        );
        Self {
            coder: Coder::new(slot, texts),
            memory: match slot.purpose {
                Purpose::Key(..) | Purpose::Sifted(_) | Purpose::Parted(..) | Purpose::Either(_) => {
                    Memory::Codes(Seen::new(is_written), Vec::new())
                }
                Purpose::Count | Purpose::Id(_) => Memory::Wholes(Seen::new(is_written)),
                Purpose::Weight | Purpose::Number(_) => Memory::Doubles(Seen::new(false)),
            },
        }
    }

    /// Codes all values of a series; on failure says in which of its rows.
    pub(super) fn add(&mut self, series: &Series, into: &mut Column) -> Result<(), (usize, Trouble)> {
        match (&mut self.memory, into) {
            (Memory::Codes(seen, words), Column::Codes(codes)) => {
                words.clear();
                let coded = seen.add(&mut self.coder, series, words);
                codes.append(words);
                coded
            }
            (Memory::Wholes(seen), Column::Counts(out) | Column::Ids(out)) => seen.add(&mut self.coder, series, out),
            (Memory::Doubles(seen), Column::Weights(out) | Column::Numbers(out)) => {
                seen.add(&mut self.coder, series, out)
            }
            _ => unreachable!("a lane and its column are made for the same slot"),
        }
    }

    pub(super) fn into_coder(self) -> Coder {
        self.coder
    }
}

/// What a coded value is in a column.
trait Plain: Copy + Default {
    fn of(coded: Coded) -> Self;
}

impl Plain for u32 {
    fn of(coded: Coded) -> Self {
        match coded {
            Coded::Code(code) => code,
            _ => unreachable!("a key column has codes"),
        }
    }
}

impl Plain for u64 {
    fn of(coded: Coded) -> Self {
        match coded {
            Coded::Count(whole) | Coded::Id(whole) => whole,
            _ => unreachable!("a column of counts or ids has counts or ids"),
        }
    }
}

impl Plain for f64 {
    fn of(coded: Coded) -> Self {
        match coded {
            Coded::Weight(number) | Coded::Number(number) => number,
            _ => unreachable!("a column of numbers has numbers"),
        }
    }
}

/// What became of the values of a column, as far as it is remembered.
struct Seen<T> {
    /// Whether floating-point numbers are written out to be coded.
    is_written: bool,
    dtype: Option<DataType>,
    short: Lately<T>,
    long: LatelyLong<T>,
    absent: Option<T>,
    truth: [Option<T>; 2],
    /// By the physical number of a category.
    categories: Vec<Option<T>>,
    mapping: Option<Arc<CategoricalMapping>>,
}

impl<T: Plain> Seen<T> {
    fn new(is_written: bool) -> Self {
        Self {
            is_written,
            dtype: None,
            short: Lately::new(),
            long: LatelyLong::new(),
            absent: None,
            truth: [None; 2],
            categories: Vec::new(),
            mapping: None,
        }
    }

    /// Forgets everything when the type is another one than before: the same bits may then mean something else.
    fn expect(&mut self, dtype: &DataType) {
        if self.dtype.as_ref() != Some(dtype) {
            *self = Self::new(self.is_written);
            self.dtype = Some(dtype.clone());
        }
    }

    fn add(&mut self, coder: &mut Coder, series: &Series, into: &mut Vec<T>) -> Result<(), (usize, Trouble)> {
        self.expect(series.dtype());
        // The type is matched just before each accessor, so that none of them fails.
        let column = |error: PolarsError| (0, Trouble::Column(series.name().to_string(), error));
        macro_rules! whole {
            ($values:expr) => {{
                let values = $values.map_err(column)?;
                let nulls = values.null_count() > 0;
                let mut row = 0;
                for array in values.downcast_iter() {
                    let key = |value: i64| u128::from(value as u64);
                    if nulls {
                        fill(into, array.len(), &mut row, array.iter(), |value| match value {
                            Some(value) => {
                                let value = i64::from(*value);
                                self.number(key(value), || coder.int(value))
                            }
                            None => self.absent(coder),
                        })?;
                    } else {
                        fill(into, array.len(), &mut row, array.values().iter(), |value| {
                            let value = i64::from(*value);
                            self.number(key(value), || coder.int(value))
                        })?;
                    }
                }
                Ok(())
            }};
        }
        match series.dtype() {
            DataType::String => self.texts(coder, series.str().map_err(column)?, into),
            DataType::Boolean => self.truths(coder, series.bool().map_err(column)?, into),
            DataType::Int8 => whole!(series.i8()),
            DataType::Int16 => whole!(series.i16()),
            DataType::Int32 => whole!(series.i32()),
            DataType::Int64 => whole!(series.i64()),
            DataType::UInt8 => whole!(series.u8()),
            DataType::UInt16 => whole!(series.u16()),
            DataType::UInt32 => whole!(series.u32()),
            DataType::UInt64 => {
                let values = series.u64().map_err(column)?;
                fill(into, values.len(), &mut 0, values.iter(), |value| match value {
                    Some(value) => self.number(u128::from(value), || match i64::try_from(value) {
                        Ok(value) => coder.int(value),
                        Err(_) => coder.text(value.to_string().as_bytes()),
                    }),
                    None => self.absent(coder),
                })
            }
            DataType::Float64 => {
                let values = series.f64().map_err(column)?;
                fill(into, values.len(), &mut 0, values.iter(), |value| match value {
                    Some(value) if self.is_written => self.number(u128::from(value.to_bits()), || coder.float(value)),
                    Some(value) => coder.float(value).map(T::of),
                    None => self.absent(coder),
                })
            }
            DataType::Float32 => {
                let values = series.f32().map_err(column)?;
                fill(into, values.len(), &mut 0, values.iter(), |value| match value {
                    Some(value) => self.number(u128::from(value.to_bits()), || coder.float(widened(value))),
                    None => self.absent(coder),
                })
            }
            DataType::Categorical(_, mapping) | DataType::Enum(_, mapping) => {
                self.expect_mapping(mapping);
                let mut row = 0;
                macro_rules! physical {
                    ($values:expr) => {{
                        for array in $values.physical().downcast_iter() {
                            let categories = array.iter().map(|code| code.map(|code| *code as usize));
                            self.categories(coder, mapping, categories, array.len(), &mut row, into)?;
                        }
                    }};
                }
                if let Some(values) = series.try_cat8() {
                    physical!(values);
                } else if let Some(values) = series.try_cat16() {
                    physical!(values);
                } else {
                    physical!(series.cat32().map_err(column)?);
                }
                Ok(())
            }
            DataType::Null => fill(into, series.len(), &mut 0, 0..series.len(), |_| self.absent(coder)),
            DataType::Date => {
                let days = series.date().map_err(column)?.physical();
                fill(into, days.len(), &mut 0, days.iter(), |value| match value {
                    Some(value) => self.number(u128::from(value as u32), || {
                        written(coder, |text| write_date(text, i64::from(value)))
                    }),
                    None => self.absent(coder),
                })
            }
            DataType::Datetime(unit, zone) => {
                let per_second = match unit {
                    TimeUnit::Milliseconds => 1_000,
                    TimeUnit::Microseconds => 1_000_000,
                    TimeUnit::Nanoseconds => 1_000_000_000,
                };
                let moments = series.datetime().map_err(column)?.physical();
                fill(into, moments.len(), &mut 0, moments.iter(), |value| match value {
                    Some(value) => self.number(u128::from(value as u64), || {
                        written(coder, |text| write_timestamp(text, value, per_second, zone.is_some()))
                    }),
                    None => self.absent(coder),
                })
            }
            // Decimals and what else there may be, in the text that polars has for them.
            _ => {
                let text = series.cast(&DataType::String).map_err(column)?;
                self.texts(coder, text.str().map_err(column)?, into)
            }
        }
    }

    fn texts(&mut self, coder: &mut Coder, values: &StringChunked, into: &mut Vec<T>) -> Result<(), (usize, Trouble)> {
        let nulls = values.null_count() > 0;
        let mut row = 0;
        for array in values.downcast_iter() {
            let views = array.views().iter();
            if nulls {
                fill(
                    into,
                    array.len(),
                    &mut row,
                    views.zip(array.iter()),
                    |(view, text)| match text {
                        Some(text) => self.text(coder, view.length, view.as_u128(), || text),
                        None => self.absent(coder),
                    },
                )?;
            } else {
                fill(into, array.len(), &mut row, views.enumerate(), |(index, view)| {
                    self.text(coder, view.length, view.as_u128(), || array.value(index))
                })?;
            }
        }
        Ok(())
    }

    /// A text by its view: its length, then its bytes if they are at most twelve.
    #[inline]
    fn text<'a>(
        &mut self,
        coder: &mut Coder,
        length: u32,
        view: u128,
        text: impl FnOnce() -> &'a str,
    ) -> Result<T, Unusable> {
        const SHORT: u32 = 12;
        if length <= SHORT {
            return self.number(view, || coder.text(text().as_bytes()));
        }
        let text = text().as_bytes();
        if let Some(coded) = self.long.get(text) {
            return Ok(coded);
        }
        let coded = T::of(coder.text(text)?);
        self.long.keep(text, coded);
        Ok(coded)
    }

    fn truths(
        &mut self,
        coder: &mut Coder,
        values: &BooleanChunked,
        into: &mut Vec<T>,
    ) -> Result<(), (usize, Trouble)> {
        let nulls = values.null_count() > 0;
        let mut row = 0;
        for array in values.downcast_iter() {
            if nulls {
                fill(into, array.len(), &mut row, array.iter(), |value| match value {
                    Some(value) => self.truth(coder, value),
                    None => self.absent(coder),
                })?;
            } else {
                fill(into, array.len(), &mut row, array.values().iter(), |value| {
                    self.truth(coder, value)
                })?;
            }
        }
        Ok(())
    }

    fn categories(
        &mut self,
        coder: &mut Coder,
        mapping: &CategoricalMapping,
        codes: impl Iterator<Item = Option<usize>>,
        length: usize,
        row: &mut usize,
        into: &mut Vec<T>,
    ) -> Result<(), (usize, Trouble)> {
        fill(into, length, row, codes, |code| {
            let Some(code) = code else {
                return self.absent(coder);
            };
            if let Some(Some(coded)) = self.categories.get(code) {
                return Ok(*coded);
            }
            // Every number of a column has a category.
            let text = mapping.cat_to_str(code as CatSize).unwrap_or_default();
            let coded = T::of(coder.text(text.as_bytes())?);
            if self.categories.len() <= code {
                self.categories.resize(code + 1, None);
            }
            self.categories[code] = Some(coded);
            Ok(coded)
        })
    }

    /// Numbers of categories mean something else in another mapping. Holding on to the mapping keeps its address.
    fn expect_mapping(&mut self, mapping: &Arc<CategoricalMapping>) {
        if !self.mapping.as_ref().is_some_and(|known| Arc::ptr_eq(known, mapping)) {
            self.categories.clear();
            self.mapping = Some(Arc::clone(mapping));
        }
    }

    #[inline]
    fn number(&mut self, key: u128, code: impl FnOnce() -> Result<Coded, Unusable>) -> Result<T, Unusable> {
        if let Some(coded) = self.short.get(key) {
            return Ok(coded);
        }
        let coded = T::of(code()?);
        self.short.keep(key, coded);
        Ok(coded)
    }

    #[inline]
    fn truth(&mut self, coder: &mut Coder, value: bool) -> Result<T, Unusable> {
        if let Some(coded) = self.truth[usize::from(value)] {
            return Ok(coded);
        }
        let coded = T::of(coder.boolean(value)?);
        self.truth[usize::from(value)] = Some(coded);
        Ok(coded)
    }

    #[inline]
    fn absent(&mut self, coder: &mut Coder) -> Result<T, Unusable> {
        if let Some(coded) = self.absent {
            return Ok(coded);
        }
        let coded = T::of(coder.absent()?);
        self.absent = Some(coded);
        Ok(coded)
    }
}

/// Appends what `code` makes of `length` values; `row` is that of the first, and then that after the last.
#[inline]
fn fill<T: Plain, V>(
    into: &mut Vec<T>,
    length: usize,
    row: &mut usize,
    values: impl Iterator<Item = V>,
    mut code: impl FnMut(V) -> Result<T, Unusable>,
) -> Result<(), (usize, Trouble)> {
    let start = into.len();
    into.resize(start + length, T::default());
    for ((index, place), value) in into[start..].iter_mut().enumerate().zip(values) {
        *place = code(value).map_err(|unusable| (*row + index, Trouble::Value(unusable)))?;
    }
    *row += length;
    Ok(())
}

/// Codes the text that `write` writes.
fn written(coder: &mut Coder, write: impl FnOnce(&mut String) -> std::fmt::Result) -> Result<Coded, Unusable> {
    let mut text = String::new();
    // Writing to a `String` does not fail.
    let _ = write(&mut text);
    coder.text(text.as_bytes())
}
