//! This module keeps what is seen of each column, value by value.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet, HashTable};

use evenhand_measure::policy::Decimal;

use super::{ColumnProfile, MOST_DISTINCT, Numbers};
use crate::alike::looks_missing;
use crate::kernel::{Number, parse_number};
use crate::parquet_file::Shown;

/// At most so many bytes of different values are kept, the same share of them for each column: a small packed file may
/// hold huge values.
const MOST_TEXT: usize = 128 << 20;

/// What was seen of all columns. Values come in any order of columns, but in the order of records within each.
pub(super) struct Views {
    views: Vec<View>,
}

/// What was seen of one column.
#[derive(Default)]
pub(super) struct View {
    profile: ColumnProfile,
    column: usize,
    /// The hash of each field.
    fields: Vec<u64>,
    known: HashTable<Known>,
    /// Numbers that need no text as long as they are only counted, by their bits.
    numbers: HashMap<u64, u64, FixedState>,
    /// How many different values there are in both.
    distinct: usize,
    /// How many bytes those in `known` have together, and may have.
    bytes: usize,
    most_bytes: usize,
    /// The hashes of the values beyond those, until one repeats.
    others: HashSet<u64, FixedState>,
    /// Those of them that look like missing values.
    missing_beyond: BTreeMap<String, u64>,
    plain: Numbers,
    others_than_dates: bool,
    /// A hash of all values in their order.
    order: u64,
}

/// A value that was seen, and what follows from its text alone.
struct Known {
    text: String,
    hash: u64,
    times: u64,
    read: Read,
    is_amount: bool,
}

/// The number that a text is, in each way to read it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Read {
    pub(super) plain: Option<f64>,
    pub(super) point: Option<f64>,
    pub(super) comma: Option<f64>,
}

impl Read {
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        // Most texts are no numbers in any way.
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return Self::default();
        }
        let number = |decimal| match parse_number(text, decimal) {
            Ok(Number::Finite(number)) => Some(number),
            _ => None,
        };
        let plain = number(None);
        if plain.is_some() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::number(plain);
        }
        Self {
            plain,
            point: number(Some(Decimal::Point)),
            comma: number(Some(Decimal::Comma)),
        }
    }

    /// The number that a text is where numbers are plain.
    pub(super) fn plain(text: &str) -> Self {
        Self::number(match parse_number(text.trim(), None) {
            Ok(Number::Finite(number)) => Some(number),
            _ => None,
        })
    }

    fn number(number: Option<f64>) -> Self {
        Self {
            plain: number,
            point: number,
            comma: number,
        }
    }

    /// Whether it is one number with a point and another with a comma.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.point.is_some() && self.comma.is_some() && self.point != self.comma
    }
}

impl Views {
    /// Nothing seen of columns with these names, of which the first `own` are the file's.
    pub(super) fn new(names: &[String], own: usize) -> Self {
        let view = |(index, name): (usize, &String)| View {
            profile: ColumnProfile {
                name: name.clone(),
                from_folder: index >= own,
                ..ColumnProfile::default()
            },
            column: index,
            most_bytes: MOST_TEXT / names.len().max(1),
            ..View::default()
        };
        Self {
            views: names.iter().enumerate().map(view).collect(),
        }
    }

    /// The places of the columns with these names, if they are the same columns in any order.
    pub(super) fn places(&self, names: &[String]) -> Option<Vec<usize>> {
        let own = || self.views.iter().map(|view| &view.profile.name);
        if own().eq(names) {
            return Some((0..names.len()).collect());
        }
        let places: BTreeMap<&String, usize> = own().zip(0..).collect();
        let found: Option<Vec<usize>> = names.iter().map(|name| places.get(name).copied()).collect();
        found.filter(|found| found.len() == places.len() && places.len() == self.views.len())
    }

    pub(super) fn see(&mut self, column: usize, value: Shown<'_>) {
        if let Some(view) = self.views.get_mut(column) {
            view.see(value);
        }
    }

    /// The columns at these places, in the order of the places.
    pub(super) fn at(&mut self, places: &[usize]) -> Vec<&mut View> {
        let mut views: Vec<Option<&mut View>> = self.views.iter_mut().map(Some).collect();
        places
            .iter()
            .filter_map(|&place| views.get_mut(place)?.take())
            .collect()
    }

    pub(super) fn finish(self) -> Vec<ColumnProfile> {
        let records = self.views.iter().map(|view| view.fields.len()).max().unwrap_or(0);
        // Per record, the sum of the hashes of its fields: taking a field out again is a subtraction.
        let mut sums = vec![0u64; records];
        if self.views.iter().any(View::may_count) {
            for view in &self.views {
                let fields = sums.iter_mut().zip(&view.fields);
                fields.for_each(|(sum, field)| *sum = sum.wrapping_add(*field));
            }
        }
        let mut orders: HashMap<u64, String, FixedState> = HashMap::default();
        let mut same = |view: &View| {
            if view.distinct < 2 || view.fields.len() != records {
                return None;
            }
            let name = &view.profile.name;
            let first = orders.entry(view.order).or_insert_with(|| name.clone());
            (first != name).then(|| first.clone())
        };
        let finish = |view: View| ColumnProfile {
            same_as: same(&view),
            sizes_groups: view.may_count() && view.fields.len() == sums.len() && {
                let rest = sums.iter().zip(&view.fields).map(|(sum, own)| sum.wrapping_sub(*own));
                rest.collect::<HashSet<u64, FixedState>>().len() == sums.len()
            },
            ..view.finish()
        };
        self.views.into_iter().map(finish).collect()
    }
}

impl View {
    /// Whether all values are whole numbers from 0 upwards, in some way to read them.
    fn may_count(&self) -> bool {
        let ways = [&self.plain, &self.profile.with_point, &self.profile.with_comma];
        ways.into_iter().any(|numbers| numbers.may_count(self.profile.seen))
    }

    pub(super) fn see(&mut self, value: Shown<'_>) {
        let hash = match value {
            Shown::Missing => 0,
            Shown::Text(text) | Shown::Amount(text) => FixedState::default().hash_one(text),
            Shown::Number(number) => FixedState::default().hash_one(number.to_bits()),
        };
        // The same text in another column is another field.
        self.fields.push(FixedState::default().hash_one((self.column, hash)));
        self.order = FixedState::default().hash_one((self.order, hash));
        self.profile.seen += 1;
        match value {
            Shown::Missing => self.profile.missing += 1,
            Shown::Text(text) => self.see_text(text, hash, false),
            Shown::Amount(text) => self.see_text(text, hash, true),
            Shown::Number(number) => self.see_number(number, hash),
        }
    }

    fn see_number(&mut self, number: f64, hash: u64) {
        self.profile.plain = true;
        self.count(Read::number(Some(number)));
        if let Some(times) = self.numbers.get_mut(&number.to_bits()) {
            *times += 1;
            self.profile.repeats = true;
            return;
        }
        if self.distinct < MOST_DISTINCT {
            self.distinct += 1;
            self.numbers.insert(number.to_bits(), 1);
        } else {
            self.beyond(hash);
        }
        self.others_than_dates = true;
    }

    /// A value for which there is no more room.
    fn beyond(&mut self, hash: u64) {
        self.profile.overflowed = true;
        self.profile.repeats = self.profile.repeats || !self.others.insert(hash);
    }

    fn count(&mut self, read: Read) {
        let profile = &mut self.profile;
        let ways = [
            (&mut self.plain, read.plain),
            (&mut profile.with_point, read.point),
            (&mut profile.with_comma, read.comma),
        ];
        for (numbers, number) in ways {
            if let Some(number) = number {
                numbers.see(number, 1);
            }
        }
        profile.ambiguous += u64::from(read.is_ambiguous());
    }

    fn see_text(&mut self, text: &str, hash: u64, is_amount: bool) {
        // What a value means depends on its text alone, so the first of equal values tells.
        if let Some(known) = self
            .known
            .find_mut(hash, |known| known.is_amount == is_amount && known.text == text)
        {
            known.times += 1;
            let read = known.read;
            self.profile.repeats = true;
            return self.count(read);
        }
        if text.trim().is_empty() {
            self.profile.missing += 1;
            return;
        }
        let read = if is_amount { Read::plain(text) } else { Read::of(text) };
        self.profile.plain |= is_amount && read.plain.is_some() && text.contains('.');
        self.count(read);
        if self.distinct < MOST_DISTINCT && self.bytes + text.len() <= self.most_bytes {
            self.distinct += 1;
            self.bytes += text.len();
            let known = Known {
                text: text.to_owned(),
                hash,
                times: 1,
                read,
                is_amount,
            };
            self.known.insert_unique(hash, known, |known| known.hash);
        } else {
            self.beyond(hash);
            if !text.starts_with(|c: char| c.is_ascii_digit()) && looks_missing(text) {
                *self.missing_beyond.entry(text.to_owned()).or_default() += 1;
            }
        }
        let text = text.trim();
        let bytes = text.as_bytes();
        self.profile.leading_zeros |= bytes.len() > 1 && bytes[0] == b'0' && bytes.iter().all(u8::is_ascii_digit);
        self.others_than_dates |= !looks_like_date(text);
    }

    fn finish(self) -> ColumnProfile {
        let mut profile = self.profile;
        profile.read_plainly(self.plain);
        profile.dates = profile.present() > 0 && !self.others_than_dates;
        let known = self.known.into_iter().map(|known| (known.text, known.times));
        let numbers = self.numbers.into_iter();
        let numbers = numbers.map(|(bits, times)| (format!("{:?}", f64::from_bits(bits)), times));
        // A number may be known as a text too, from a file of another kind.
        let mut distinct: BTreeMap<String, u64> = BTreeMap::new();
        for (text, times) in known.chain(numbers) {
            *distinct.entry(text).or_default() += times;
        }
        profile.distinct = distinct.into_iter().collect();
        profile
            .distinct
            .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let known = profile.distinct.iter().filter(|(text, _)| looks_missing(text));
        profile.looks_missing = known.cloned().chain(self.missing_beyond).collect();
        profile
    }
}

/// Whether a text looks like `2026-03-01`, `01/03/2026`, `1.3.26` or one of them with a time.
pub(super) fn looks_like_date(text: &str) -> bool {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let Some(separator) = day.chars().find(|c| ['-', '/', '.'].contains(c)) else {
        return false;
    };
    let parts: Vec<&str> = day.split(separator).collect();
    let is_part = |part: &&str| matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_part)
}
