//! This module compares the names of columns and values with the lists of [`aliases`](crate::aliases): whole, by their
//! words, or by how they begin and end.

use crate::aliases::{
    AGE, AMOUNT, BARE, CLUSTER, COUNT, COUNTED, DECIDED, LABEL, MODEL, PREDICTION, PROTECTED, REGION, SCORE, STAND_INS,
    STRATA, WEIGHT,
};

/// The words of a name: letters in lower case and digits, split where the kind changes.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in name.chars() {
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

/// Whether the whole name is one of `aliases`.
pub(crate) fn is_one_of(name: &str, aliases: &[&str]) -> bool {
    aliases.contains(&words(name).concat().as_str())
}

/// Whether some words at the start or the end of the name are one of `aliases`.
pub(crate) fn starts_or_ends_with(name: &str, aliases: &[&str]) -> bool {
    let words = words(name);
    (1..=words.len()).any(|count| {
        let start = words[..count].concat();
        let end = words[words.len() - count..].concat();
        aliases.contains(&start.as_str()) || aliases.contains(&end.as_str())
    })
}

/// Whether a column of this name may hold decisions.
pub(crate) fn is_decision_name(name: &str) -> bool {
    if is_one_of(name, &PREDICTION) {
        return true;
    }
    let words = words(name);
    let says = |part: &[String]| {
        let alias = part.concat();
        PREDICTION.contains(&alias.as_str()) && !BARE.contains(&alias.as_str())
    };
    // What the other words are about is what the column is about: `race approved` is not `approved`.
    let is_free = |decision: &[String], rest: &[String]| {
        let rest = rest.join(" ");
        !starts_or_ends_with(&rest, &PROTECTED)
            && (!starts_or_ends_with(&rest, &LABEL) || decision.iter().any(|word| MODEL.contains(&word.as_str())))
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
    DECIDED.contains(&rest.concat().as_str())
}

/// Whether a column of this name may be a count, and whether the name alone says so.
pub(crate) fn is_count_name(name: &str) -> Option<bool> {
    let words: Vec<String> = words(name).into_iter().filter(|word| word != "of").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        _ if is_one_of(name, &COUNT) => Some(true),
        ["number" | "num" | "no" | "nr" | "total" | "count" | "n", what]
        | [what, "count" | "total" | "number" | "n"]
            if COUNTED.contains(what) =>
        {
            Some(true)
        }
        _ if is_one_of(name, &AMOUNT) => Some(false),
        _ => None,
    }
}

/// Whether the name stands for another role than the count.
pub(crate) fn has_another_role(name: &str) -> bool {
    is_decision_name(name)
        || [&PROTECTED[..], &LABEL, &SCORE]
            .iter()
            .any(|aliases| starts_or_ends_with(name, aliases))
        || [&REGION[..], &STAND_INS, &AGE, &WEIGHT, &CLUSTER, &STRATA]
            .iter()
            .any(|aliases| is_one_of(name, aliases))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_case_are_ignored() {
        for name in ["Age_Cat", "ageCat", "AGE CAT", "age-cat", "age.cat"] {
            assert!(is_one_of(name, &PROTECTED), "{name}");
        }
        assert_eq!(words("ZIP code"), ["zip", "code"]);
        assert!(starts_or_ends_with("derived_race", &PROTECTED));
        assert!(starts_or_ends_with("race_ethnicity", &PROTECTED));
        assert!(!starts_or_ends_with("essex", &PROTECTED));
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

    #[test]
    fn entries_are_words_without_separators_and_in_one_role_only() {
        let roles: [&[&str]; 11] = [
            &PROTECTED,
            &REGION,
            &STAND_INS,
            &AGE,
            &PREDICTION,
            &LABEL,
            &SCORE,
            &COUNT,
            &AMOUNT,
            &WEIGHT,
            &CLUSTER,
        ];
        let mut all: Vec<&str> = roles.concat();
        all.extend(STRATA);
        assert!(
            all.iter()
                .all(|entry| entry.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
        );
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
