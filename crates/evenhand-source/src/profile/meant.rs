//! This module is what the values of a column are once a policy has said what texts mean: which are missing, which are
//! other ways to write a value, and what separates the whole part of a number from the rest.

use std::borrow::Cow;
use std::collections::BTreeMap;

use evenhand_measure::Policy;
use evenhand_measure::policy::Decimal;

use super::views::{Read, looks_like_date};
use super::{ColumnProfile, Numbers, Profile};

impl Profile {
    /// The same as the rows are read with `policy`. Of a column with more values than are kept, only those that are
    /// kept can be.
    #[must_use]
    pub fn meant(&self, policy: &Policy) -> Cow<'_, Self> {
        let values = &policy.values;
        if values.missing.is_empty() && values.map.is_empty() && policy.data.decimal.is_none() {
            return Cow::Borrowed(self);
        }
        let columns = self.columns.iter().map(|column| column.meant(policy)).collect();
        Cow::Owned(Self {
            columns,
            ..self.clone()
        })
    }
}

impl ColumnProfile {
    /// The same as the rows are read with `policy`.
    #[must_use]
    pub fn meant(&self, policy: &Policy) -> Self {
        let mut meant = self.clone();
        let map = policy.values.map.get(&self.name);
        let missing: Vec<&str> = policy.values.missing.iter().map(|text| text.trim()).collect();
        let mut values: BTreeMap<&str, u64> = BTreeMap::new();
        for (text, times) in &self.distinct {
            let value = map.and_then(|map| map.get(text)).unwrap_or(text);
            let is_missing = value.trim().is_empty() || missing.contains(&value.trim());
            if is_missing {
                meant.missing += times;
            } else {
                *values.entry(value).or_default() += times;
            }
            if is_missing || value != text {
                meant.forget(text, *times);
                if !is_missing {
                    meant.count(value, *times);
                }
            }
        }
        let is_changed = values.len() != self.distinct.len()
            || values
                .iter()
                .any(|(text, times)| !self.distinct.iter().any(|(known, of)| known == text && of == times));
        if is_changed {
            if !self.overflowed {
                meant.look_again(&values);
            }
            meant.distinct = values
                .into_iter()
                .map(|(text, times)| (text.to_owned(), times))
                .collect();
            meant.distinct.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            meant.looks_missing.retain(|(text, _)| !missing.contains(&text.trim()));
        }
        match policy.data.decimal {
            None => {}
            Some(Decimal::Point) => meant.read_plainly(meant.with_point),
            Some(Decimal::Comma) => meant.read_plainly(meant.with_comma),
        }
        meant
    }

    /// Takes these for the numbers of the column.
    pub(super) fn read_plainly(&mut self, numbers: Numbers) {
        self.numbers = numbers.count;
        self.min = numbers.min;
        self.max = numbers.max;
        self.whole = numbers.count > 0 && !numbers.fractions;
    }

    /// The number that a text of this column is, in each way to read it.
    fn read(&self, text: &str) -> Read {
        if self.plain { Read::plain(text) } else { Read::of(text) }
    }

    fn forget(&mut self, text: &str, times: u64) {
        let read = self.read(text);
        let less = |count: &mut u64, is_one: bool| *count -= if is_one { times.min(*count) } else { 0 };
        less(&mut self.numbers, read.plain.is_some());
        less(&mut self.with_point.count, read.point.is_some());
        less(&mut self.with_comma.count, read.comma.is_some());
        less(&mut self.ambiguous, read.is_ambiguous());
    }

    fn count(&mut self, text: &str, times: u64) {
        let read = self.read(text);
        self.numbers += if read.plain.is_some() { times } else { 0 };
        self.with_point.count += if read.point.is_some() { times } else { 0 };
        self.with_comma.count += if read.comma.is_some() { times } else { 0 };
        self.ambiguous += if read.is_ambiguous() { times } else { 0 };
    }

    /// Finds out again what follows from all values together.
    fn look_again(&mut self, values: &BTreeMap<&str, u64>) {
        let (mut plain, mut point, mut comma) = (Numbers::default(), Numbers::default(), Numbers::default());
        for (text, times) in values {
            let read = self.read(text);
            let ways = [
                (&mut plain, read.plain),
                (&mut point, read.point),
                (&mut comma, read.comma),
            ];
            for (numbers, number) in ways {
                if let Some(number) = number {
                    numbers.see(number, *times);
                }
            }
        }
        self.read_plainly(plain);
        (self.with_point, self.with_comma) = (point, comma);
        self.dates = !values.is_empty() && values.keys().all(|text| looks_like_date(text.trim()));
        self.repeats = values.values().any(|&times| times > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str, policy: &Policy) -> Profile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        crate::profile(file.path()).unwrap().meant(policy).into_owned()
    }

    #[test]
    fn missing_and_mapped_texts_are_what_the_policy_says() {
        let mut policy = Policy::default();
        policy.values.missing = vec!["NA".to_owned(), "-99".to_owned()];
        let map = [("F".to_owned(), "Female".to_owned()), ("-".to_owned(), String::new())];
        policy.values.map.insert("sex".to_owned(), BTreeMap::from(map));
        let p = meant("sex,age\nF,30\nFemale,NA\nM,-99\n-,41\n", &policy);
        let [sex, age] = p.columns.as_slice() else { panic!() };
        assert_eq!(sex.distinct, [("Female".to_owned(), 2), ("M".to_owned(), 1)]);
        assert_eq!((sex.missing, sex.looks_missing.len(), sex.repeats), (1, 1, true));
        assert_eq!(
            (age.missing, age.numbers, age.min, age.is_numeric()),
            (2, 2, Some(30.0), true)
        );
        assert!(age.looks_missing.is_empty());
    }

    #[test]
    fn numbers_follow_the_decimal_mark() {
        let text = "a;b;c;d\n0,5;1,234;1.200;1 000\n12;7;950;1,5\n";
        let p = meant(text, &Policy::default());
        let found: Vec<(bool, bool, u64)> = p
            .columns
            .iter()
            .map(|c| (c.is_numeric(), c.numbers_with_comma(), c.ambiguous))
            .collect();
        assert_eq!(
            found,
            [(false, true, 0), (false, false, 1), (true, false, 1), (false, true, 0)]
        );
        let mut policy = Policy::default();
        policy.data.decimal = Some(Decimal::Comma);
        let p = meant(text, &policy);
        let found: Vec<_> = p.columns.iter().map(|c| (c.is_numeric(), c.max, c.whole)).collect();
        assert_eq!(
            found,
            [
                (true, Some(12.0), false),
                (true, Some(7.0), false),
                (true, Some(1200.0), true),
                (true, Some(1000.0), false)
            ]
        );
    }
}
