//! This module turns PLAIN values into what the counting kernel takes, for one slot.

use std::ops::Range;

use evenhand_measure::{LARGEST, SMALLEST};

use super::hybrid::Scratch;
use super::kind::{Kind, Value, code};
use super::look_up::{code_of, count_of, id_of, number_of};
use super::plain::{Cuts, Layout, Raw, raw};
use super::trouble::Trouble;
use crate::kernel::{Batch, Coded, Coder, Codes, Column, Unusable};

/// What single values meant lately to a slot.
pub(super) enum Recent {
    /// The codes of a key column.
    Codes(Box<Texts>, Numbers<u32>),
    /// How many rows a record stands for.
    Counts(Numbers<u64>),
    /// The weight or another number of each row.
    Doubles(Numbers<f64>),
    /// A hash of the id of each row.
    Ids(Numbers<u64>),
}

/// Some PLAIN values of a column.
#[derive(Clone, Copy)]
pub(super) struct Plain<'a> {
    /// The page.
    pub(super) data: &'a [u8],
    /// Where the values begin in it.
    pub(super) at: usize,
    /// How many there are.
    pub(super) count: usize,
    /// How they are laid out.
    pub(super) layout: Layout,
    /// What they are.
    pub(super) kind: Kind,
}

/// A trouble with the value of this number.
type At = (usize, Trouble);

impl Recent {
    /// Nothing that the slot at this place of `batch` remembers.
    pub(super) fn new(slot: usize, batch: &Batch) -> Self {
        match &batch.columns[slot] {
            Column::Codes(_) => Self::Codes(Box::default(), Numbers::default()),
            Column::Counts(_) => Self::Counts(Numbers::default()),
            Column::Weights(_) | Column::Numbers(_) => Self::Doubles(Numbers::default()),
            Column::Ids(_) => Self::Ids(Numbers::default()),
        }
    }

    /// Appends what the values mean to `out`, and gives where they end.
    pub(super) fn append(
        &mut self,
        values: Plain<'_>,
        coder: &mut Coder,
        (cuts, scratch): (&mut Cuts, &mut Scratch),
        out: &mut Column,
    ) -> Result<usize, At> {
        if let (Self::Codes(texts, _), Column::Codes(out), Layout::Bytes, Kind::Text) =
            (&mut *self, &mut *out, values.layout, values.kind)
        {
            return texts.append(values, coder, scratch, out);
        }
        let end = cuts
            .cut(values.layout, values.data, values.at, values.count)
            .map_err(|trouble| (0, trouble))?;
        match (self, out) {
            (Self::Codes(_, numbers), Column::Codes(out)) => codes(values, cuts, coder, numbers, scratch, out),
            (Self::Counts(numbers), Column::Counts(out)) => {
                each(values, 0..values.count, cuts, coder, numbers, count_of, |_, count| {
                    out.push(count)
                })
            }
            (Self::Doubles(numbers), Column::Weights(out)) => {
                let is_usable = |weight: f64| weight == 0.0 || (SMALLEST..=LARGEST).contains(&weight);
                doubles(values, cuts, coder, numbers, out, is_usable)
            }
            (Self::Doubles(numbers), Column::Numbers(out)) => {
                doubles(values, cuts, coder, numbers, out, |number: f64| number.abs() <= LARGEST)
            }
            (Self::Ids(numbers), Column::Ids(out)) => {
                each(values, 0..values.count, cuts, coder, numbers, id_of, |_, id| {
                    out.push(id)
                })
            }
            _ => unreachable!("memories and columns are made for the same slot"),
        }
        .map_err(|(number, unusable)| (number, Trouble::Value(0, unusable)))?;
        Ok(end)
    }
}

/// Codes numbers, or texts of a fixed length.
fn codes(
    values: Plain<'_>,
    cuts: &Cuts,
    coder: &mut Coder,
    numbers: &mut Numbers<u32>,
    scratch: &mut Scratch,
    out: &mut Codes,
) -> Result<(), (usize, Unusable)> {
    let threshold = coder.threshold().and_then(|threshold| values.threshold(threshold));
    let mut done = 0;
    while done < values.count {
        let block = values.block(done, scratch.len());
        let codes = &mut scratch[..block.count];
        let compared = threshold.is_some_and(|threshold| {
            let (below, at_least) = Coder::SIDES;
            block.numbers(|number, value| {
                codes[number] = if value >= threshold { at_least } else { below };
                value.is_finite()
            })
        });
        if !compared {
            let range = done..done + block.count;
            each(values, range, cuts, coder, numbers, code_of, |number, code| {
                codes[number - done] = code;
            })?;
        }
        out.append(codes);
        done += block.count;
    }
    Ok(())
}

/// Codes weights or other numbers, all at once where they are usable as they are stored.
fn doubles(
    values: Plain<'_>,
    cuts: &Cuts,
    coder: &mut Coder,
    numbers: &mut Numbers<f64>,
    out: &mut Vec<f64>,
    is_usable: impl Fn(f64) -> bool,
) -> Result<(), (usize, Unusable)> {
    let start = out.len();
    if coder.takes_all_numbers() && values.layout != Layout::Float && values.is_numeric() {
        out.resize(start + values.count, 0.0);
        let places = &mut out[start..];
        let usable = values.numbers(|number, value| {
            // Adding zero turns -0.0 into 0.0.
            places[number] = value + 0.0;
            is_usable(value)
        });
        if usable {
            return Ok(());
        }
        out.truncate(start);
    }
    each(values, 0..values.count, cuts, coder, numbers, number_of, |_, number| {
        out.push(number)
    })
}

/// Codes the values of these numbers one by one.
fn each<T: Copy>(
    values: Plain<'_>,
    range: Range<usize>,
    cuts: &Cuts,
    coder: &mut Coder,
    numbers: &mut Numbers<T>,
    item: impl Fn(Coded) -> T,
    mut push: impl FnMut(usize, T),
) -> Result<(), (usize, Unusable)> {
    let mut text = String::new();
    for number in range {
        let raw = raw(values.layout, cuts.get(values.data, number));
        let item = match raw {
            Raw::Bytes(_) => code(coder, values.kind.value(raw, &mut text)).map(&item),
            _ => numbers.get(bits(raw), || code(coder, values.kind.value(raw, &mut text)).map(&item)),
        };
        push(number, item.map_err(|unusable| (number, unusable))?);
    }
    Ok(())
}

impl Plain<'_> {
    /// At most `most` of the values, from the one of this number; only for values of a fixed width.
    fn block(self, first: usize, most: usize) -> Self {
        Self {
            at: self.at + first * self.layout.width().unwrap_or(0),
            count: most.min(self.count - first),
            ..self
        }
    }

    /// Whether the stored numbers are what they mean.
    fn is_numeric(&self) -> bool {
        self.kind == Kind::Stored && !matches!(self.layout, Layout::Bytes | Layout::Fixed(_))
    }

    /// What stored numbers, made doubles, are compared with in place of what they mean.
    fn threshold(&self, threshold: f64) -> Option<f64> {
        match self.layout {
            _ if !self.is_numeric() => None,
            Layout::Float => Some(first_float(threshold)),
            _ => Some(threshold),
        }
    }

    /// Gives each stored number, made a double, to `check`; says whether all were good.
    fn numbers(&self, mut check: impl FnMut(usize, f64) -> bool) -> bool {
        fn all<const WIDTH: usize>(
            data: &[u8],
            read: impl Fn([u8; WIDTH]) -> f64,
            mut check: impl FnMut(usize, f64) -> bool,
        ) -> bool {
            let numbers = data.as_chunks::<WIDTH>().0.iter().enumerate();
            numbers.fold(true, |good, (number, bytes)| good & check(number, read(*bytes)))
        }
        let length = self.count * self.layout.width().unwrap_or(0);
        let Some(data) = self.data.get(self.at..self.at + length) else {
            return false;
        };
        match self.layout {
            Layout::Double => all(data, f64::from_le_bytes, &mut check),
            Layout::Float => all(data, |bytes| f64::from(f32::from_le_bytes(bytes)), &mut check),
            Layout::Int64 => all(data, |bytes| i64::from_le_bytes(bytes) as f64, &mut check),
            Layout::Int32 => all(data, |bytes| f64::from(i32::from_le_bytes(bytes)), &mut check),
            Layout::Bytes | Layout::Fixed(_) => false,
        }
    }
}

/// The smallest single-precision number that means at least `threshold`, as a double. What such numbers mean, the
/// decimals of their digits, are in the same order as they are.
fn first_float(threshold: f64) -> f64 {
    let mut text = String::new();
    let mut is_below = |value: f32| match Kind::Stored.value(Raw::Float(value), &mut text) {
        Value::Float(meant) => meant < threshold,
        _ => false,
    };
    let mut first = (threshold as f32).next_down();
    while first < f32::INFINITY && is_below(first) {
        first = first.next_up();
    }
    f64::from(first)
}

/// The longest text of which a length before it and the letters fit into sixteen bytes.
const SHORT: usize = 12;
/// The bits of a text of each length, with its length before it.
const LETTERS: [u128; SHORT + 1] = {
    let mut bits = [u128::MAX; SHORT + 1];
    let mut length = 0;
    while length < SHORT {
        bits[length] = u128::MAX >> (8 * (SHORT - length));
        length += 1;
    }
    bits
};
const PLACES: usize = 256;

/// What short texts were coded as lately: one place per value of a hash, the last one stays.
pub(super) struct Texts {
    places: [(u128, u32); PLACES],
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            // No short text is as long as these bits say.
            places: [(u128::MAX, 0); PLACES],
        }
    }
}

impl Texts {
    /// Codes texts, each with its length in four bytes before it.
    fn append(
        &mut self,
        values: Plain<'_>,
        coder: &mut Coder,
        scratch: &mut Scratch,
        out: &mut Codes,
    ) -> Result<usize, At> {
        let mut at = values.at;
        let mut done = 0;
        while done < values.count {
            let most = scratch.len().min(values.count - done);
            let block = &mut scratch[..most];
            for (number, place) in block.iter_mut().enumerate() {
                let (code, end) = self
                    .text(values.data, at, coder)
                    .map_err(|trouble| (done + number, trouble))?;
                (*place, at) = (code, end);
            }
            out.append(block);
            done += block.len();
        }
        Ok(at)
    }

    /// The code of the text at `at`, and where it ends.
    #[inline]
    fn text(&mut self, data: &[u8], at: usize, coder: &mut Coder) -> Result<(u32, usize), Trouble> {
        let Some(word) = data.get(at..).and_then(|rest| rest.first_chunk::<16>()) else {
            return slowly(data, at, coder);
        };
        let word = u128::from_le_bytes(*word);
        let length = word as u32 as usize;
        if length > SHORT {
            return slowly(data, at, coder);
        }
        let key = word & LETTERS[length];
        // The golden ratio spreads words that differ in few bits (Knuth, volume 3, section 6.4).
        let folded = key as u64 ^ ((key >> 64) as u64).rotate_left(29);
        let place = (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize % PLACES;
        let (known, code) = self.places[place];
        if known == key {
            return Ok((code, at + 4 + length));
        }
        let (code, end) = slowly(data, at, coder)?;
        self.places[place] = (key, code);
        Ok((code, end))
    }
}

/// The code of any text, and where it ends.
#[inline(never)]
fn slowly(data: &[u8], at: usize, coder: &mut Coder) -> Result<(u32, usize), Trouble> {
    let mut cuts = Cuts::default();
    let end = cuts.cut(Layout::Bytes, data, at, 1)?;
    let value = Value::Text(data.get(at + 4..end).unwrap_or_default());
    match code(coder, value) {
        Ok(coded) => Ok((code_of(coded), end)),
        Err(unusable) => Err(Trouble::Value(0, unusable)),
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

/// What single numbers meant lately: one place per value of a hash, the last one stays.
pub(super) struct Numbers<T> {
    places: Box<[Option<(u64, T)>; PLACES]>,
}

impl<T: Copy> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            places: Box::new([None; PLACES]),
        }
    }
}

impl<T: Copy> Numbers<T> {
    /// What the number with these bits means, which otherwise `find` finds out.
    #[inline]
    fn get(&mut self, bits: u64, find: impl FnOnce() -> Result<T, Unusable>) -> Result<T, Unusable> {
        // The golden ratio spreads numbers that follow each other (Knuth, volume 3, section 6.4).
        let place = (bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize % PLACES;
        match self.places[place] {
            Some((known, item)) if known == bits => Ok(item),
            _ => {
                let item = find()?;
                self.places[place] = Some((bits, item));
                Ok(item)
            }
        }
    }
}
