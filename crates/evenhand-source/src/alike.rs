//! This module finds values of a column that look like one another, so that people can say whether they are the same.
//! It unites nothing: two groups that are one in truth are a question, not a guess.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::profile::ColumnProfile;

mod near;
mod unite;
mod words;

pub(crate) use self::unite::{Said, flags, lines, toml, unite};
pub(crate) use self::words::{is_total, looks_missing};

/// Values of one column that may be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The column.
    pub column: String,
    /// The value to keep: the most frequent way to write it, with the number of its records.
    pub keep: (String, u64),
    /// The others, most frequent first.
    pub others: Vec<(String, u64)>,
    /// How sure it is that they are the same.
    pub strength: Strength,
}

/// How sure it is that values are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// One letter apart, or initials: a suggestion only.
    Perhaps,
    /// Words that are known to mean the same in such a column, such as `F` and `Female`.
    Known,
    /// The same but for case, spaces or letters that nobody sees.
    Surely,
}

impl Alike {
    /// The flags that unite the values, as far as a command line can say it.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        flags(self.said())
    }

    /// Lines for `[values.map.COLUMN]` of a policy, for what a command line cannot say.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        lines(self.said())
    }

    fn said(&self) -> impl Iterator<Item = Said> {
        let others = self.others.iter();
        others.map(|(text, _)| unite(&self.column, text, &self.keep.0))
    }
}

/// A value with the number of its records, as a profile has it.
type Value = (String, u64);

/// Ways to write one value: the same but for what nobody sees.
#[derive(Clone, Debug)]
struct Class {
    folded: String,
    /// Most frequent first.
    values: Vec<Value>,
}

impl Class {
    fn times(&self) -> u64 {
        self.values.iter().map(|(_, times)| times).sum()
    }

    /// The most frequent way to write it that has nothing at its ends.
    fn best(&self) -> Option<&Value> {
        let tidy = |(text, _): &&Value| text == text.trim() && !text.contains(is_unseen);
        self.values.iter().find(tidy).or(self.values.first())
    }
}

/// Values of `column` that look like one another, surest first.
#[must_use]
pub fn alike(column: &ColumnProfile) -> Vec<Alike> {
    let mut groups = sure(column);
    let classes = classes(column);
    if !column.overflowed && !column.is_numeric() && !column.dates {
        let united: Vec<&str> = groups
            .iter()
            .flat_map(|group| &group.others)
            .map(|(text, _)| text.as_str())
            .collect();
        let best = classes.iter().filter_map(Class::best);
        let open: Vec<&Value> = best.filter(|(text, _)| !united.contains(&text.as_str())).collect();
        groups.extend(near::pairs(&column.name, &open));
    }
    groups
}

/// Those that are surely the same or known to mean the same.
pub(crate) fn sure(column: &ColumnProfile) -> Vec<Alike> {
    let classes = classes(column);
    let meanings = words::meanings(&classes);
    // By its meaning, or by itself if that is not known, the classes of each value.
    let mut groups: BTreeMap<(usize, usize), Vec<&Class>> = BTreeMap::new();
    for (index, class) in classes.iter().enumerate() {
        let key = match meanings.of(&class.folded) {
            Some(meaning) => (0, meaning),
            None => (1, index),
        };
        groups.entry(key).or_default().push(class);
    }
    let mut found: Vec<Alike> = Vec::new();
    for classes in groups.values() {
        found.extend(group(&column.name, classes, &meanings));
    }
    found.sort_by(|a, b| {
        let order = (b.strength, b.keep.1).cmp(&(a.strength, a.keep.1));
        order.then_with(|| a.keep.0.cmp(&b.keep.0))
    });
    found
}

fn group(column: &str, classes: &[&Class], meanings: &words::Meanings) -> Option<Alike> {
    let mut values: Vec<Value> = classes.iter().flat_map(|class| class.values.iter().cloned()).collect();
    if values.len() < 2 {
        return None;
    }
    let first = classes
        .iter()
        .max_by(|a, b| a.times().cmp(&b.times()).then_with(|| b.folded.cmp(&a.folded)))?;
    // Yes stays beside no, and Y beside N.
    let paired = classes.iter().find(|class| meanings.is_kept(&class.folded));
    let keep = paired.unwrap_or(first).best()?.clone();
    values.retain(|value| *value != keep);
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Some(Alike {
        column: column.to_owned(),
        keep,
        others: values,
        strength: if classes.len() == 1 {
            Strength::Surely
        } else {
            Strength::Known
        },
    })
}

fn classes(column: &ColumnProfile) -> Vec<Class> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut classes: Vec<Class> = Vec::new();
    for (text, times) in &column.distinct {
        let folded = folded(text);
        let place = *places.entry(folded.clone()).or_insert(classes.len());
        match classes.get_mut(place) {
            Some(class) => class.values.push((text.clone(), *times)),
            None => classes.push(Class {
                folded,
                values: vec![(text.clone(), *times)],
            }),
        }
    }
    classes
}

/// A text without what nobody sees or means: case, spaces at its ends and more than one between words, letters without
/// a width, wide forms, and different marks for the same dash or quote.
pub(crate) fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfc().filter(|c| !is_unseen(*c)) {
        match wide(c) {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => plain.push('-'),
            '\u{2018}' | '\u{2019}' | '\u{b4}' | '`' => plain.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' => plain.push('"'),
            'ß' | 'ẞ' => plain.push_str("ss"),
            // The sigma at the end of a word has a form of its own.
            'ς' => plain.push('σ'),
            c => plain.extend(c.to_lowercase()),
        }
    }
    // Some letters get a mark of their own in lower case.
    let plain: String = plain.nfc().collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The usual form of a wide letter, as in `Ｆ`.
fn wide(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

/// Whether a letter has no width: soft hyphens, joiners, and marks for the direction of a text.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests;
