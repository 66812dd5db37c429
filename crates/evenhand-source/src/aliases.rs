//! This module is the dictionary of column names: what people and programs call a column in each role. The words are
//! data, one file per language in `aliases/`, and read once.
//!
//! `naming` splits names into lower-case words at every change of kind, so that `Age_Cat`, `ageCat` and `age cat`
//! are the same. An entry is the words without anything between them.

use std::sync::OnceLock;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::naming::joined;

/// The dictionary of each language.
const LANGUAGES: [&str; 7] = [
    include_str!("../aliases/en.txt"),
    include_str!("../aliases/de.txt"),
    include_str!("../aliases/fr.txt"),
    include_str!("../aliases/es.txt"),
    include_str!("../aliases/it.txt"),
    include_str!("../aliases/nl.txt"),
    include_str!("../aliases/pt.txt"),
];

/// Sections of a dictionary, with their headings.
macro_rules! sections {
    ($($(#[$doc:meta])* $section:ident = $heading:literal,)+) => {
        /// What a name may stand for; the dictionaries say more about each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Section { $($(#[$doc])* $section),+ }

        const SECTIONS: &[(Section, &str)] = &[$((Section::$section, $heading)),+];
    };
}

sections! {
    /// Protected attributes, also at the start or the end of a longer name.
    Protected = "protected",
    /// Places that groups live in.
    Region = "region",
    /// What often stands in for a protected attribute.
    StandIns = "stand-ins",
    /// Ages in years.
    Age = "age",
    /// Decisions.
    Prediction = "prediction",
    /// Those of them that say nothing as a part of a longer name.
    Bare = "bare",
    /// What a model says.
    Model = "model",
    /// How something ended.
    Ending = "ending",
    /// Values that are decided, not observed.
    Decided = "decided",
    /// What really happened.
    Label = "label",
    /// Scores.
    Score = "score",
    /// How many rows a record stands for.
    Count = "count",
    /// Names that counts have as well as other things.
    Amount = "amount",
    /// Whom or what a column counts.
    Counted = "counted",
    /// What stands before that.
    Numbers = "numbers",
    /// What stands between the two.
    Of = "of",
    /// Weights.
    Weight = "weight",
    /// Units that repeat.
    Cluster = "cluster",
    /// Columns within whose values groups are compared.
    Strata = "strata",
    /// What a list is made of.
    Item = "item",
    /// Places in a list.
    Rank = "rank",
    /// Lists.
    List = "list",
    /// Ids of lists, one item per record.
    Listed = "listed",
    /// Whether somebody wanted an item.
    Wanted = "wanted",
    /// Words that say that an attribute is one of items.
    Provider = "provider",
    /// Amounts that people pay or get.
    Price = "price",
}

impl Section {
    /// Whether this is an entry: words in lower case without anything between them.
    pub(crate) fn has(self, words: &str) -> bool {
        dictionary()[self as usize].contains(words)
    }
}

type Words = HashSet<String, FixedState>;

fn dictionary() -> &'static [Words] {
    static DICTIONARY: OnceLock<Vec<Words>> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        let mut dictionary = vec![Words::default(); SECTIONS.len()];
        for (section, entry) in LANGUAGES.iter().flat_map(|language| entries(language)) {
            // German is also written without its dots.
            if entry.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü']) {
                dictionary[section as usize].insert(joined(&without_dots(entry)));
            }
            dictionary[section as usize].insert(joined(entry));
        }
        dictionary
    })
}

/// The entries of a dictionary as they are written, each with its section.
fn entries(language: &str) -> impl Iterator<Item = (Section, &str)> {
    let mut section = None;
    lines(language)
        .filter_map(move |line| {
            if let Some(heading) = heading(line) {
                section = SECTIONS
                    .iter()
                    .find(|(_, name)| *name == heading)
                    .map(|(found, _)| *found);
                return None;
            }
            Some((section?, line))
        })
        .flat_map(|(section, line)| words(line).map(move |entry| (section, entry)))
}

/// The lines of a file of words that are not empty and not for people.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && *line != "#" && !line.starts_with("# "))
}

/// What a line that starts a section calls it.
pub(crate) fn heading(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']')
}

/// The words of a line.
pub(crate) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn without_dots(entry: &str) -> String {
    let mut text = String::new();
    for c in entry.chars() {
        match c {
            'ä' | 'Ä' => text.push_str("ae"),
            'ö' | 'Ö' => text.push_str("oe"),
            'ü' | 'Ü' => text.push_str("ue"),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn zz_time() {
        let t = std::time::Instant::now();
        let n: usize = dictionary().iter().map(|s| s.len()).sum();
        eprintln!("TIMED {n} {:?}", t.elapsed());
    }

    #[test]
    fn every_entry_has_a_section_and_every_section_entries() {
        for language in LANGUAGES {
            assert!(entries(language).count() > 50);
            for line in lines(language) {
                let known = |heading: &str| SECTIONS.iter().any(|(_, name)| *name == heading);
                assert!(heading(line).is_none_or(known), "{line}");
            }
            assert!(lines(language).next().is_some_and(|line| heading(line).is_some()));
        }
        for (section, heading) in SECTIONS {
            assert!(!dictionary()[*section as usize].is_empty(), "{heading}");
        }
    }

    /// A word that is a part of a name or of another section's meaning may be in several.
    const PARTS: [Section; 11] = [
        // What a name means beside items and places, or where there is no decision.
        Section::Listed,
        Section::Wanted,
        Section::Provider,
        Section::Price,
        Section::Bare,
        Section::Model,
        Section::Ending,
        Section::Decided,
        Section::Counted,
        Section::Numbers,
        Section::Of,
    ];

    #[test]
    fn a_name_has_one_role_only_in_any_language() {
        let mut roles: BTreeMap<String, &str> = BTreeMap::new();
        let roles_only = |section: &Section| !PARTS.contains(section);
        for (section, entry) in LANGUAGES.iter().flat_map(|language| entries(language)) {
            if !roles_only(&section) {
                continue;
            }
            let (_, heading) = SECTIONS[section as usize];
            let other = roles.insert(joined(entry), heading);
            assert!(
                other.is_none_or(|other| other == heading),
                "{entry} is {other:?} and {heading}"
            );
        }
    }

    #[test]
    fn other_languages_and_marks_are_known() {
        for (name, section) in [
            ("Geschlecht", Section::Protected),
            ("geschlecht", Section::Protected),
            ("Staatsangehörigkeit", Section::Protected),
            ("STAATSANGEHOERIGKEIT", Section::Protected),
            ("tranche d'âge", Section::Protected),
            ("género", Section::Protected),
            ("Faixa Etária", Section::Protected),
            ("derived_sex", Section::Protected),
            ("Décision", Section::Prediction),
            ("e\u{301}tat civil", Section::Protected),
            ("Âge", Section::Age),
            ("edad", Section::Age),
            ("Anzahl", Section::Count),
            ("Kundennummer", Section::Cluster),
            ("recommendedItems", Section::List),
        ] {
            assert!(crate::naming::starts_or_ends_with(name, section), "{name}");
        }
    }
}
