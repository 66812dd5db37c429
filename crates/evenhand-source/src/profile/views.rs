//! This module keeps what is seen of each column, value by value.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use super::{ColumnProfile, MOST_DISTINCT};

/// At most so many bytes of different values are kept, the same share of them for each column: a small packed file may
/// hold huge values.
const MOST_TEXT: usize = 128 << 20;

/// What was seen of all columns. Values come in any order of columns, but in the order of records within each.
pub(super) struct Views {
    views: Vec<View>,
    /// Per record, the sum of the hashes of its fields: taking a field out again is a subtraction.
    records: Vec<u64>,
}

#[derive(Default)]
struct View {
    profile: ColumnProfile,
    counts: HashMap<String, u64, FixedState>,
    /// How many bytes those have together, and may have.
    bytes: usize,
    most_bytes: usize,
    /// The hashes of the values beyond those in `counts`, until one repeats.
    others: HashSet<u64, FixedState>,
    fractions: bool,
    others_than_dates: bool,
    /// The hash of each field, as long as all of them may be counts.
    own: Option<Vec<u64>>,
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
            own: Some(Vec::new()),
            most_bytes: MOST_TEXT / names.len(),
            ..View::default()
        };
        Self {
            views: names.iter().enumerate().map(view).collect(),
            records: Vec::new(),
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

    pub(super) fn see(&mut self, column: usize, value: Option<&str>) {
        let Some(view) = self.views.get_mut(column) else { return };
        let record = view.profile.seen as usize;
        let hash = FixedState::default().hash_one((column, value));
        if record >= self.records.len() {
            self.records.resize(record + 1, 0);
        }
        self.records[record] = self.records[record].wrapping_add(hash);
        if let Some(own) = &mut view.own {
            own.push(hash);
        }
        view.see(value, hash);
        if !view.may_count() {
            view.own = None;
        }
    }

    pub(super) fn finish(self) -> Vec<ColumnProfile> {
        let Self { views, records } = self;
        let finish = |view: View| {
            let sizes_groups = view.own.as_ref().is_some_and(|own| {
                let rest = records.iter().zip(own).map(|(record, own)| record.wrapping_sub(*own));
                own.len() == records.len() && rest.collect::<HashSet<u64, FixedState>>().len() == own.len()
            });
            ColumnProfile {
                sizes_groups,
                ..view.finish()
            }
        };
        views.into_iter().map(finish).collect()
    }
}

impl View {
    /// Whether all values so far are whole numbers from 0 upwards.
    fn may_count(&self) -> bool {
        self.profile.numbers == self.profile.seen && !self.fractions && self.profile.min >= Some(0.0)
    }

    fn see(&mut self, value: Option<&str>, hash: u64) {
        let profile = &mut self.profile;
        profile.seen += 1;
        let Some(text) = value.filter(|text| !text.trim().is_empty()) else {
            profile.missing += 1;
            return;
        };
        let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        profile.numbers += u64::from(number.is_some());
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
            profile.repeats = true;
            // What follows depends on the value alone, so the first of equal values is enough.
            return;
        }
        if self.counts.len() < MOST_DISTINCT && self.bytes + text.len() <= self.most_bytes {
            self.bytes += text.len();
            self.counts.insert(text.to_owned(), 1);
        } else {
            profile.overflowed = true;
            profile.repeats = profile.repeats || !self.others.insert(hash);
        }
        let text = text.trim();
        if let Some(number) = number {
            profile.min = Some(profile.min.map_or(number, |min| min.min(number)));
            profile.max = Some(profile.max.map_or(number, |max| max.max(number)));
            self.fractions |= number.fract() != 0.0;
        }
        let bytes = text.as_bytes();
        profile.leading_zeros |= bytes.len() > 1 && bytes[0] == b'0' && bytes.iter().all(u8::is_ascii_digit);
        self.others_than_dates |= !looks_like_date(text);
    }

    fn finish(self) -> ColumnProfile {
        let mut profile = self.profile;
        profile.whole = profile.numbers > 0 && !self.fractions;
        profile.dates = profile.present() > 0 && !self.others_than_dates;
        profile.distinct = self.counts.into_iter().collect();
        profile
            .distinct
            .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        profile
    }
}

/// Whether a text looks like `2026-03-01`, `01/03/2026`, `1.3.26` or one of them with a time.
fn looks_like_date(text: &str) -> bool {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let Some(separator) = day.chars().find(|c| ['-', '/', '.'].contains(c)) else {
        return false;
    };
    let parts: Vec<&str> = day.split(separator).collect();
    let is_part = |part: &&str| matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_part)
}
