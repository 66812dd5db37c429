//! This module knows words that mean the same, that stand for a missing value, or for all groups together. They are
//! data, in `aliases/` and beside `looks_total`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use evenhand_measure::positive::{is_non_answer, looks_total};

use super::{Class, folded};
use crate::aliases::{heading, lines, words};

/// The words of one kind of column.
struct Family {
    /// Whether all values have to be among its words; else two thirds of them.
    all: bool,
    /// The meaning of each word, and its place among the words for it.
    words: BTreeMap<String, (usize, usize)>,
}

/// What the values of one column mean.
#[derive(Default)]
pub(super) struct Meanings {
    family: Option<&'static Family>,
    /// The place of the pair of words that is kept.
    pair: Option<usize>,
}

impl Meanings {
    /// The meaning of a folded value, if it is known.
    pub(super) fn of(&self, value: &str) -> Option<usize> {
        Some(self.family?.find(value)?.0)
    }

    /// Whether it is the word to keep for its meaning.
    pub(super) fn is_kept(&self, value: &str) -> bool {
        let found = self.family.and_then(|family| family.find(value));
        self.pair.is_some() && found.map(|(_, place)| place) == self.pair
    }
}

impl Family {
    fn find(&self, value: &str) -> Option<(usize, usize)> {
        self.words.get(value.trim_end_matches('.')).copied()
    }

    /// Whether the values of a column are about what this family is about.
    fn fits(&self, values: &[&Class]) -> bool {
        let known = values.iter().filter(|class| self.find(&class.folded).is_some()).count();
        if self.all {
            known == values.len()
        } else {
            known > 1 && 3 * known >= 2 * values.len()
        }
    }

    /// The place of the two opposites that most records have, where both are among the values.
    fn pair(&self, values: &[&Class]) -> Option<usize> {
        let mut times: BTreeMap<usize, [u64; 2]> = BTreeMap::new();
        for class in values {
            let (meaning, place) = self.find(&class.folded)?;
            if let Some(side) = times.entry(place).or_default().get_mut(meaning) {
                *side += class.times();
            }
        }
        let both = times.into_iter().filter(|(_, sides)| !sides.contains(&0));
        let most = both.max_by_key(|(place, [yes, no])| (yes + no, std::cmp::Reverse(*place)));
        most.map(|(place, _)| place)
    }
}

/// What the values of a column mean, if most of them are known words of one kind.
pub(super) fn meanings(classes: &[Class]) -> Meanings {
    /// A column of so many values is not about words for the same few.
    const MOST: usize = 100;
    if classes.len() < 2 || classes.len() > MOST {
        return Meanings::default();
    }
    let is_answer = |class: &&Class| !is_non_answer(&class.folded, &[]) && !is_missing(&class.folded);
    let values: Vec<&Class> = classes.iter().filter(is_answer).collect();
    match families().iter().find(|family| family.fits(&values)) {
        Some(family) => Meanings {
            family: Some(family),
            pair: if family.all { family.pair(&values) } else { None },
        },
        None => Meanings::default(),
    }
}

/// Whether a text looks like a missing value.
pub(crate) fn looks_missing(text: &str) -> bool {
    /// The longest of them is shorter than this.
    const LONGEST: usize = 40;
    text.len() <= LONGEST && is_missing(&folded(text))
}

fn is_missing(folded: &str) -> bool {
    static MISSING: OnceLock<BTreeSet<String>> = OnceLock::new();
    let missing = MISSING.get_or_init(|| set(include_str!("../../aliases/missing.txt")));
    missing.contains(folded)
}

/// Whether a value stands for all groups together, however it is written.
pub(crate) fn is_total(text: &str) -> bool {
    looks_total(text) || looks_total(&folded(text))
}

fn set(text: &str) -> BTreeSet<String> {
    lines(text).flat_map(words).map(folded).collect()
}

fn families() -> &'static [Family] {
    static FAMILIES: OnceLock<Vec<Family>> = OnceLock::new();
    FAMILIES.get_or_init(|| {
        let mut families: Vec<Family> = Vec::new();
        let mut meaning = 0;
        for line in lines(include_str!("../../aliases/values.txt")) {
            if let Some(heading) = heading(line) {
                meaning = 0;
                families.push(Family {
                    all: heading.ends_with(" all"),
                    words: BTreeMap::new(),
                });
                continue;
            }
            if let Some(family) = families.last_mut() {
                let known = words(line).enumerate();
                family
                    .words
                    .extend(known.map(|(place, word)| (folded(word), (meaning, place))));
                meaning += 1;
            }
        }
        families
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_has_two_meanings() {
        for section in ["[sex most]", "[yes-no all]", "[decision most]"] {
            let text = include_str!("../../aliases/values.txt");
            let lines = lines(text).skip_while(|line| *line != section).skip(1);
            let all: Vec<String> = lines
                .take_while(|line| heading(line).is_none())
                .flat_map(words)
                .map(folded)
                .collect();
            let different: BTreeSet<&String> = all.iter().collect();
            assert!(all.len() > 10, "{section}");
            assert_eq!(different.len(), all.len(), "{section}");
        }
        assert_eq!(families().len(), 3);
    }

    #[test]
    fn missing_values_and_totals_are_known_by_their_texts() {
        for text in [
            "NA",
            "#N/A",
            " null",
            "None",
            "-",
            "k. A.",
            "s.o.",
            "not  available",
            "#NV",
            "?",
        ] {
            assert!(looks_missing(text), "{text}");
        }
        for text in ["no", "ND", "KA", "0", "prefer not to say", "Nan Goldin"] {
            assert!(!looks_missing(text), "{text}");
        }
        assert!(
            ["Total", "ALL", "Gesamt", "Total général", "Total:"]
                .into_iter()
                .all(is_total)
        );
        assert!(!["totally", "Allen County", "north"].into_iter().any(is_total));
    }
}
