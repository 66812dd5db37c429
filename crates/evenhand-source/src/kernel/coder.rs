//! This module turns the values of one slot into small codes, counts and weights.

mod id;
mod refused;

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use evenhand_measure::policy::Decimal;
use evenhand_measure::tally::{AT_LEAST, Axis, BELOW, BUCKETS, Coding, Dimension, Level, bin_name, bin_of};
use evenhand_measure::{LARGEST, SMALLEST};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::limits::{check_text, most_levels, too_many};
use super::number::{self, Number};
use super::sieve::Sifter;
use super::unusable::Unusable;
use crate::plan::{NumberUse, Purpose, Slot, Texts};

/// What a value became. Small and `Copy`, so that the entries of a dictionary are coded once and rows only
/// look the result up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coded {
    /// A level of a key column: 0 is missing.
    Code(u32),
    /// How many rows the record stands for.
    Count(u64),
    /// The weight of each of those rows.
    Weight(f64),
    /// A number; [`NO_NUMBER`] and [`NOT_A_NUMBER`] are none.
    Number(f64),
    /// A hash of an id: [`NO_ID`] is missing.
    Id(u64),
}

/// The code of a missing value.
const MISSING: u32 = 0;

/// Stands for a missing number. It is compared by its bits, which are not those of [`NOT_A_NUMBER`].
pub const NO_NUMBER: f64 = f64::from_bits(0x7ff8_0000_0000_0000);

/// Stands for a number that the source says is none, which is missing as well, and counted.
pub const NOT_A_NUMBER: f64 = f64::from_bits(0x7ff8_0000_0000_0001);

/// Stands for a missing id.
pub const NO_ID: u64 = 0;

/// Codes the values of one slot, and remembers its levels in the order in which they first appeared.
///
/// Codes of two coders are not comparable; levels are.
///
/// ```
/// use evenhand_measure::tally::{Axis, Coding};
/// use evenhand_source::{Coded, Coder, Purpose, Slot, Texts};
/// let slot = Slot::new("sex", Purpose::Key(Axis::Protected, Coding::AsWritten));
/// let texts = Texts { missing: vec!["unknown".to_owned()], ..Texts::default() };
/// let mut coder = Coder::new(&slot, &texts);
/// assert_eq!(coder.text(b"Female")?, Coded::Code(1));
/// assert_eq!(coder.text(b"Male")?, Coded::Code(2));
/// assert_eq!(coder.text(b"Female")?, Coded::Code(1));
/// assert_eq!(coder.text(b"unknown")?, Coded::Code(0));
/// # Ok::<(), evenhand_source::Unusable>(())
/// ```
#[derive(Clone, Debug)]
pub struct Coder {
    column: String,
    /// What the column is called in a tally.
    name: String,
    way: Way,
    /// The missing texts, trimmed; and those of them that are numbers, for columns that hold numbers.
    missing: Vec<String>,
    missing_numbers: Vec<f64>,
    /// What people's numbers have before their fraction; nothing in a column of plain numbers.
    decimal: Option<Decimal>,
    /// Whether the source stores numbers of the column as numbers.
    is_plain: bool,
    /// Whether texts are published figures, which are read when all are known: by then, all have a decimal comma.
    has_comma: bool,
    /// Texts of this column that are other ways to write a value.
    map: BTreeMap<String, String>,
    levels: Vec<Level>,
    /// The codes of the text levels, by their text.
    codes: HashTable<u32>,
    /// How many bytes the text levels have together.
    bytes: usize,
    /// The code of "not a number": a level of its own here, so that its rows can be counted, and missing in the tally.
    nan: Option<u32>,
}

#[derive(Clone, Debug)]
enum Way {
    AsWritten(Axis),
    /// The coding, and the lowest number that is [`AT_LEAST`].
    AtLeast(Axis, Coding, f64),
    Bins(Axis, Vec<f64>),
    Buckets(Axis),
    Sifted(Box<Sifter>),
    /// Whether values are numbers or words: [`NUMBER_CODE`] or [`WORD_CODE`].
    Either,
    Count,
    Weight,
    Number(NumberUse),
    Id,
}

/// The codes of [`Way::AtLeast`].
const BELOW_CODE: u32 = 1;
const AT_LEAST_CODE: u32 = 2;

/// The codes of [`Way::Either`], and their levels.
const NUMBER_CODE: u32 = 1;
const WORD_CODE: u32 = 2;
const KINDS: [&str; 2] = ["number", WORD];

/// The level of values that are no numbers, where only that is looked at.
pub(crate) const WORD: &str = "word";

impl Coder {
    /// A coder for `slot`, to which texts mean what `texts` says.
    ///
    /// # Panics
    /// When the slot waits for quantiles, which [`Plan::settled`](crate::Plan::settled) finds.
    #[must_use]
    pub fn new(slot: &Slot, texts: &Texts) -> Self {
        let mut levels = vec![Level::Missing];
        let way = match &slot.purpose {
            // What published figures mean is found out when all of them are known.
            Purpose::Key(axis, Coding::AsWritten | Coding::Share(_)) => Way::AsWritten(*axis),
            Purpose::Key(axis, coding @ (Coding::AtLeast(threshold) | Coding::AboveMedian(threshold))) => {
                levels.extend([BELOW, AT_LEAST].map(Level::of));
                Way::AtLeast(*axis, coding.clone(), coding.least().unwrap_or(*threshold))
            }
            Purpose::Key(axis, Coding::Bins(edges)) => {
                levels.extend((0..=edges.len()).map(|bin| Level::of(&bin_name(edges, bin))));
                Way::Bins(*axis, edges.clone())
            }
            Purpose::Key(axis, Coding::Buckets) => {
                levels.extend((0..BUCKETS).map(|bucket| Level::of(&bucket.to_string())));
                Way::Buckets(*axis)
            }
            Purpose::Sifted(sieve) => Way::Sifted(Box::new(Sifter::new(sieve))),
            Purpose::Parted(..) => unreachable!("quantiles are found before rows are coded"),
            Purpose::Either(_) => {
                levels.extend(KINDS.map(Level::of));
                Way::Either
            }
            Purpose::Count => Way::Count,
            Purpose::Weight => Way::Weight,
            Purpose::Number(number) => Way::Number(*number),
            Purpose::Id(_) => Way::Id,
        };
        let mut missing: Vec<String> = texts.missing.iter().map(|text| text.trim().to_owned()).collect();
        let numbers = missing.iter().filter_map(|text| text.parse::<f64>().ok());
        let missing_numbers: Vec<f64> = numbers.filter(|number| !number.is_nan()).collect();
        // A column of numbers has its -99 written as -99.0, and what is written must mean the same.
        missing.extend(missing_numbers.iter().map(|number| format!("{:?}", number + 0.0)));
        let is_plain = texts.plain.contains(&slot.column);
        let is_figure = texts.figures && matches!(slot.purpose, Purpose::Key(Axis::Prediction | Axis::Compared, _));
        let mut coder = Self {
            column: slot.column.clone(),
            name: slot.name.clone(),
            way,
            missing,
            missing_numbers,
            decimal: texts.decimal.filter(|_| !is_plain),
            is_plain,
            has_comma: is_figure && texts.decimal == Some(Decimal::Comma),
            map: texts.map.get(&slot.column).cloned().unwrap_or_default(),
            levels,
            codes: HashTable::new(),
            bytes: 0,
            nan: None,
        };
        if let Way::AsWritten(axis) = coder.way {
            for level in slot.known.iter().filter_map(Level::text) {
                // They fitted in the first pass.
                let _ = coder.intern(axis, level);
            }
        }
        if let Some(level) = &slot.fixed {
            // So that the first code is that of the value of all rows; whether it fits is asked before rows are read.
            let _ = coder.level(level);
        }
        coder
    }

    /// What all rows have in a slot whose value does not come from a column of the file; nothing for other slots.
    pub(crate) fn fixed(slot: &Slot, texts: &Texts) -> Option<Result<Coded, Unusable>> {
        let level = slot.fixed.as_ref()?;
        let mut coder = Self::new(slot, texts);
        Some(coder.level(level))
    }

    fn level(&mut self, level: &Level) -> Result<Coded, Unusable> {
        match level.text() {
            Some(text) => self.text(text.as_bytes()),
            None => self.absent(),
        }
    }

    /// The column's name.
    #[must_use]
    pub fn column(&self) -> &str {
        &self.column
    }

    /// Codes a text, as bytes that should be UTF-8.
    ///
    /// # Errors
    /// When the value cannot play the slot's role.
    pub fn text(&mut self, value: &[u8]) -> Result<Coded, Unusable> {
        // What is mapped may be a level as well, of other texts.
        if let Way::AsWritten(_) = self.way
            && self.map.is_empty()
            && !(self.has_comma && self.is_plain)
            && let Some(code) = self.known(value)
        {
            return Ok(Coded::Code(code));
        }
        let Ok(text) = std::str::from_utf8(value) else {
            return Err(self.not_utf8(value));
        };
        match self.map.get(text) {
            None => self.plain(text),
            Some(value) => self.plain(&value.clone()),
        }
    }

    /// Codes a text as it stands.
    fn plain(&mut self, text: &str) -> Result<Coded, Unusable> {
        let trimmed = text.trim();
        if trimmed.is_empty() || self.missing.iter().any(|missing| missing == trimmed) {
            return self.absent();
        }
        match self.way {
            Way::AsWritten(axis) if self.has_comma && self.is_plain => {
                self.intern(axis, &text.replace('.', ",")).map(Coded::Code)
            }
            Way::AsWritten(axis) => self.intern(axis, text).map(Coded::Code),
            Way::Buckets(_) => Ok(id::bucket(text)),
            Way::Id => Ok(id::id(text)),
            Way::Either => Ok(Coded::Code(match number::parse(trimmed, self.decimal) {
                Ok(Number::Finite(value)) if self.missing_numbers.contains(&value) => MISSING,
                Ok(Number::NotANumber) => MISSING,
                Ok(Number::Finite(_)) => NUMBER_CODE,
                // One that is too large is refused as the number that it is.
                Err(_) if trimmed.parse::<f64>().is_ok() => NUMBER_CODE,
                Err(_) => WORD_CODE,
            })),
            Way::Count => number::count(trimmed, self.decimal)
                .map(Coded::Count)
                .map_err(|reason| self.bad_count(reason)),
            Way::AtLeast(..) | Way::Bins(..) | Way::Sifted(_) | Way::Weight | Way::Number(_) => {
                match number::parse(trimmed, self.decimal) {
                    Ok(Number::Finite(value)) if self.missing_numbers.contains(&value) => self.absent(),
                    Ok(Number::Finite(value)) => self.number(value),
                    Ok(Number::NotANumber) => self.not_a_number(),
                    Err(reason) => match (&self.way, yes_or_no(trimmed)) {
                        (Way::Number(NumberUse::Relevance), Some(value)) => Ok(Coded::Number(value)),
                        _ => Err(self.not_numeric(text, reason)),
                    },
                }
            }
        }
    }

    /// Codes the text of a number that the source stores as a number: it is plain, whatever texts have before their
    /// fraction.
    ///
    /// # Errors
    /// When the value cannot play the slot's role.
    pub fn amount(&mut self, value: &[u8]) -> Result<Coded, Unusable> {
        let (decimal, is_plain) = (self.decimal.take(), std::mem::replace(&mut self.is_plain, true));
        let coded = self.text(value);
        (self.decimal, self.is_plain) = (decimal, is_plain);
        coded
    }

    /// Codes a floating-point number.
    ///
    /// # Errors
    /// When the value cannot play the slot's role.
    pub fn float(&mut self, value: f64) -> Result<Coded, Unusable> {
        if self.missing_numbers.contains(&value) {
            return self.absent();
        }
        if value.is_nan() {
            return self.not_a_number();
        }
        // Adding zero turns -0.0 into 0.0.
        let value = value + 0.0;
        match self.way {
            // What is written is then read as any other text is.
            Way::AsWritten(_) | Way::Buckets(_) | Way::Id => self.amount(format!("{value:?}").as_bytes()),
            Way::Either => Ok(Coded::Code(NUMBER_CODE)),
            Way::Count => number::count_of(value)
                .map(Coded::Count)
                .map_err(|reason| self.bad_count(reason)),
            Way::AtLeast(..) | Way::Bins(..) | Way::Sifted(_) | Way::Weight | Way::Number(_) if value.is_infinite() => {
                Err(self.not_numeric("", format!("`{value}` is not a finite number")))
            }
            Way::AtLeast(..) | Way::Bins(..) | Way::Sifted(_) | Way::Weight | Way::Number(_) => self.number(value),
        }
    }

    /// Codes a whole number.
    ///
    /// # Errors
    /// When the value cannot play the slot's role.
    pub fn int(&mut self, value: i64) -> Result<Coded, Unusable> {
        match self.way {
            Way::AtLeast(..) | Way::Bins(..) | Way::Sifted(_) | Way::Weight | Way::Number(_) | Way::Either => {
                self.float(value as f64)
            }
            // Its decimal text is read as any other text is: one path for what is missing and what is not.
            Way::AsWritten(_) | Way::Buckets(_) | Way::Count | Way::Id => self.text(value.to_string().as_bytes()),
        }
    }

    /// The codes of numbers below and at least the threshold, in slots that have one.
    pub(crate) const SIDES: (u32, u32) = (BELOW_CODE, AT_LEAST_CODE);

    /// The lowest number that gets the second of [`Coder::SIDES`]; nothing for a slot without a threshold, or where
    /// some numbers are missing values.
    pub(crate) fn threshold(&self) -> Option<f64> {
        match self.way {
            Way::AtLeast(_, _, threshold) if self.takes_all_numbers() => Some(threshold),
            _ => None,
        }
    }

    /// Whether no number stands for a missing value.
    pub(crate) fn takes_all_numbers(&self) -> bool {
        self.missing_numbers.is_empty()
    }

    /// Codes a truth value, which is written `true` or `false`.
    ///
    /// # Errors
    /// When the value cannot play the slot's role.
    pub fn boolean(&mut self, value: bool) -> Result<Coded, Unusable> {
        self.text(if value { b"true" } else { b"false" })
    }

    /// Codes a missing value.
    ///
    /// # Errors
    /// When the slot is a count or a weight, which cannot be missing.
    pub fn absent(&mut self) -> Result<Coded, Unusable> {
        match self.way {
            Way::Count => Err(self.bad_count("the count is missing".to_owned())),
            Way::Weight => Err(self.bad_weight("the weight is missing".to_owned())),
            Way::Number(_) => Ok(Coded::Number(NO_NUMBER)),
            Way::Id => Ok(Coded::Id(NO_ID)),
            _ => Ok(Coded::Code(MISSING)),
        }
    }

    /// The axis of a key column, with its levels by code; nothing for other columns.
    pub(crate) fn dimension(self) -> Option<Dimension> {
        Some(self.into_dimension()?.0)
    }

    /// The axis that a key column gives a tally, with its levels by code, and the code of "not a number";
    /// nothing for a count, a weight, a number or an id.
    pub(super) fn into_dimension(self) -> Option<(Dimension, Option<u32>)> {
        let (axis, coding) = match self.way {
            Way::AsWritten(axis) => (axis, Coding::AsWritten),
            Way::AtLeast(axis, coding, _) => (axis, coding),
            Way::Bins(axis, edges) => (axis, Coding::Bins(edges)),
            Way::Buckets(axis) => (axis, Coding::Buckets),
            // Ranges of numbers, though not of anybody's choice; they serve the search for a median and go no further.
            Way::Sifted(_) => (Axis::Prediction, Coding::Bins(Vec::new())),
            Way::Either => (Axis::Strata, Coding::AsWritten),
            Way::Count | Way::Weight | Way::Number(_) | Way::Id => return None,
        };
        let dimension = Dimension {
            levels: self.levels,
            ..Dimension::new(axis, &self.name, coding)
        };
        Some((dimension, self.nan))
    }

    /// A finite number in a slot that wants one.
    fn number(&mut self, value: f64) -> Result<Coded, Unusable> {
        match &mut self.way {
            Way::AtLeast(_, _, threshold) => Ok(Coded::Code(if value >= *threshold {
                AT_LEAST_CODE
            } else {
                BELOW_CODE
            })),
            // Code 1 is bin 0. A plan with 2^32 bins does not fit into memory.
            Way::Bins(_, edges) => Ok(Coded::Code(bin_of(edges, value) as u32 + 1)),
            Way::Sifted(sifter) => Ok(Coded::Code(sifter.code(value, &mut self.levels))),
            Way::Weight if value < 0.0 => Err(self.bad_weight(format!("the weight `{value}` is negative"))),
            Way::Weight if value != 0.0 && !(SMALLEST..=LARGEST).contains(&value) => Err(self.bad_weight(format!(
                "the weight `{value:e}` is outside of {SMALLEST:e} to {LARGEST:e}"
            ))),
            Way::Weight => Ok(Coded::Weight(value)),
            // Squares of larger ones could not be added up.
            Way::Number(_) if value.abs() > LARGEST => Err(self.not_numeric(
                "",
                format!("`{value:e}` is beyond the largest number that is read, {LARGEST:e}"),
            )),
            Way::Number(_) => Ok(Coded::Number(value)),
            Way::AsWritten(_) | Way::Buckets(_) | Way::Count | Way::Id | Way::Either => {
                unreachable!("only thresholds, bins and weights are read as numbers")
            }
        }
    }

    fn not_a_number(&mut self) -> Result<Coded, Unusable> {
        match self.way {
            Way::Count => Err(self.bad_count("the count is not a number".to_owned())),
            Way::Weight => Err(self.bad_weight("the weight is not a number".to_owned())),
            Way::Number(_) => Ok(Coded::Number(NOT_A_NUMBER)),
            Way::Either => self.absent(),
            Way::Id => self.amount(b"NaN"),
            _ => {
                let code = *self.nan.get_or_insert_with(|| {
                    self.levels.push(Level::Missing);
                    // Bounded by the limits on levels and bins.
                    (self.levels.len() - 1) as u32
                });
                Ok(Coded::Code(code))
            }
        }
    }

    /// The code of a text that was seen before.
    fn known(&self, value: &[u8]) -> Option<u32> {
        let levels = &self.levels;
        let same = |code: &u32| level_text(levels, *code).as_bytes() == value;
        self.codes.find(hash(value), same).copied()
    }

    fn intern(&mut self, axis: Axis, text: &str) -> Result<u32, Unusable> {
        if let Some(code) = self.known(text.as_bytes()) {
            return Ok(code);
        }
        if self.codes.len() >= most_levels(axis) {
            return Err(too_many(&self.column, axis, &self.levels));
        }
        self.bytes = self.bytes.saturating_add(text.len());
        check_text(&self.column, self.bytes)?;
        let code = self.levels.len() as u32;
        self.levels.push(Level::of(text));
        let levels = &self.levels;
        self.codes.insert_unique(hash(text.as_bytes()), code, |&code| {
            hash(level_text(levels, code).as_bytes())
        });
        Ok(code)
    }
}

fn level_text(levels: &[Level], code: u32) -> &str {
    levels[code as usize].text().unwrap_or_default()
}

fn hash(value: &[u8]) -> u64 {
    // A fixed seed is enough: the limits on levels bound what colliding values can cost.
    FixedState::default().hash_one(value)
}

/// Whether something was wanted, in the words that programs write for it.
fn yes_or_no(text: &str) -> Option<f64> {
    let is = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match () {
        () if is(["true", "yes"]) => Some(1.0),
        () if is(["false", "no"]) => Some(0.0),
        () => None,
    }
}

#[cfg(test)]
#[path = "coder_tests.rs"]
mod tests;
