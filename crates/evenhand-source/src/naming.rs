//! This module compares the names of columns and values with the dictionary of [`aliases`](crate::aliases): whole, by
//! their words, or by how they begin and end.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::aliases::Section;

/// The words of a name: letters in lower case and without marks, and digits, split where the kind changes.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in unmarked(name).chars() {
        if !c.is_alphanumeric() {
            before = None;
            continue;
        }
        // `ageCat` has two words, `ZIP` one.
        let starts = before.is_none_or(|before| before.is_lowercase() && c.is_uppercase());
        match words.last_mut() {
            Some(word) if !starts => word.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
        before = Some(c);
    }
    words
}

/// All words of a name, without anything between them.
pub(crate) fn joined(name: &str) -> String {
    let letters = unmarked(name);
    let letters = letters.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A name with letters that have no marks: `Âge` is `Age`, as many programs write it.
fn unmarked(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return name.into();
    }
    let mut text = String::with_capacity(name.len());
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' | 'ẞ' => text.push_str("ss"),
            'æ' | 'Æ' => text.push_str("ae"),
            'œ' | 'Œ' => text.push_str("oe"),
            'ø' | 'Ø' => text.push('o'),
            'ł' | 'Ł' => text.push('l'),
            c => text.push(c),
        }
    }
    text.into()
}

/// Whether the whole name is in this section.
pub(crate) fn is_one_of(name: &str, section: Section) -> bool {
    section.has(&joined(name))
}

/// Whether some words at the start or the end of the name are in this section.
pub(crate) fn starts_or_ends_with(name: &str, section: Section) -> bool {
    let words = words(name);
    (1..=words.len())
        .any(|count| section.has(&words[..count].concat()) || section.has(&words[words.len() - count..].concat()))
}

/// Whether a column of this name may hold decisions.
pub(crate) fn is_decision_name(name: &str) -> bool {
    if is_one_of(name, Section::Prediction) {
        return true;
    }
    let words = words(name);
    let says = |part: &[String]| {
        let alias = part.concat();
        Section::Prediction.has(&alias) && !Section::Bare.has(&alias)
    };
    // What the other words are about is what the column is about: `race approved` is not `approved`.
    let is_free = |decision: &[String], rest: &[String]| {
        let rest = rest.join(" ");
        !starts_or_ends_with(&rest, Section::Protected)
            && (!starts_or_ends_with(&rest, Section::Label) || decision.iter().any(|word| Section::Model.has(word)))
    };
    (1..words.len()).any(|count| {
        let (start, after) = words.split_at(count);
        let (before, end) = words.split_at(words.len() - count);
        (says(start) && is_free(start, after)) || (says(end) && is_free(end, before))
    })
}

/// Whether a value is a decision, such as `Approved` or `not hired`.
pub(crate) fn is_decided(value: &str) -> bool {
    let words = words(value);
    let rest = match words.as_slice() {
        [first, rest @ ..] if first == "not" || first == "no" => rest,
        all => all,
    };
    Section::Decided.has(&rest.concat())
}

/// Whether a column of this name may be a count, and whether the name alone says so.
pub(crate) fn is_count_name(name: &str) -> Option<bool> {
    let words: Vec<String> = words(name).into_iter().filter(|word| !Section::Of.has(word)).collect();
    match words.as_slice() {
        _ if is_one_of(name, Section::Count) => Some(true),
        [number, what] if Section::Numbers.has(number) && Section::Counted.has(what) => Some(true),
        [what, number]
            if Section::Counted.has(what) && ["count", "total", "number", "n"].contains(&number.as_str()) =>
        {
            Some(true)
        }
        _ if is_one_of(name, Section::Amount) => Some(false),
        _ => None,
    }
}

/// Whether the name stands for another role than the count.
pub(crate) fn has_another_role(name: &str) -> bool {
    is_decision_name(name)
        || [Section::Protected, Section::Label, Section::Score]
            .into_iter()
            .any(|section| starts_or_ends_with(name, section))
        || [
            Section::Region,
            Section::StandIns,
            Section::Age,
            Section::Weight,
            Section::Cluster,
            Section::Strata,
            Section::Rank,
        ]
        .into_iter()
        .any(|section| is_one_of(name, section))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_case_are_ignored() {
        for name in ["Age_Cat", "ageCat", "AGE CAT", "age-cat", "age.cat"] {
            assert!(is_one_of(name, Section::Protected), "{name}");
        }
        assert_eq!(words("ZIP code"), ["zip", "code"]);
        assert!(starts_or_ends_with("derived_race", Section::Protected));
        assert!(starts_or_ends_with("race_ethnicity", Section::Protected));
        assert!(!starts_or_ends_with("essex", Section::Protected));
    }

    #[test]
    fn a_part_of_a_name_makes_a_decision_unless_the_rest_is_about_something_else() {
        for name in [
            "hired",
            "was_hired",
            "predicted_churn",
            "flag",
            "result",
            "loan_approved",
            "pred_default",
        ] {
            assert!(is_decision_name(name), "{name}");
        }
        for name in [
            "veteran_flag",
            "fraud_flag",
            "action_date",
            "citizen_approved",
            "default_approved",
            "test_result",
        ] {
            assert!(!is_decision_name(name), "{name}");
        }
        assert!(["Approved", "not hired", "DENIED"].into_iter().all(is_decided));
        assert!(!["yes", "not", "repaid", "failed"].into_iter().any(is_decided));
    }

    #[test]
    fn counts_are_known_by_what_they_count() {
        for name in [
            "n",
            "number_of_people",
            "Number of applicants",
            "num_cases",
            "total students",
        ] {
            assert_eq!(is_count_name(name), Some(true), "{name}");
        }
        assert_eq!(is_count_name("total"), Some(false));
        for name in ["number_of_children", "loan amount", "income", "years"] {
            assert_eq!(is_count_name(name), None, "{name}");
        }
    }
}
