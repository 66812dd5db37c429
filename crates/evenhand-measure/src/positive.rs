//! This module reads what values mean: which one is the event, which names say that the event is bad for the
//! person, and which answers are none.

/// Pairs of words of which the first is the event. Compared in lower case.
const YES_NO: [(&str, &str); 41] = [
    ("1", "0"),
    ("1.0", "0.0"),
    ("yes", "no"),
    ("true", "false"),
    ("y", "n"),
    ("t", "f"),
    ("1", "-1"),
    ("positive", "negative"),
    ("pos", "neg"),
    ("admitted", "rejected"),
    ("admit", "reject"),
    ("accepted", "rejected"),
    ("accept", "reject"),
    ("accepted", "declined"),
    ("accepted", "denied"),
    ("approved", "denied"),
    ("approved", "rejected"),
    ("approved", "declined"),
    ("approve", "deny"),
    ("approve", "reject"),
    ("granted", "denied"),
    ("hired", "not hired"),
    ("hired", "rejected"),
    ("hire", "no hire"),
    ("selected", "not selected"),
    ("selected", "rejected"),
    ("shortlisted", "not shortlisted"),
    ("invited", "not invited"),
    ("offered", "not offered"),
    ("recommended", "not recommended"),
    ("shown", "not shown"),
    ("passed", "failed"),
    ("pass", "fail"),
    ("good", "bad"),
    ("ja", "nein"),
    ("ja", "nee"),
    ("oui", "non"),
    ("sí", "no"),
    ("si", "no"),
    ("sì", "no"),
    ("sim", "não"),
];

/// Parts of a name which say that the event is bad for the person. Compared in lower case.
const ADVERSE: [&str; 60] = [
    "adverse",
    "audit",
    "bad",
    "banned",
    "block",
    "cancel",
    "chargeback",
    "churn",
    "debt",
    "declin",
    "default",
    "delinquen",
    "denial",
    "denied",
    "deny",
    "dismiss",
    "evict",
    "excluded",
    "exclusion",
    "fail",
    "fired",
    "flag",
    "fraud",
    "high risk",
    "high_risk",
    "highrisk",
    "investigat",
    "laid off",
    "laid_off",
    "layoff",
    "non_",
    "not ",
    "not-",
    "not_",
    "penal",
    "recid",
    "reject",
    "remov",
    "risk",
    "suspend",
    "suspicio",
    "terminat",
    "violat",
    "withdr",
    // The same in other languages.
    "abgelehnt",
    "ablehn",
    "afgewezen",
    "ausfall",
    "betrug",
    "denegad",
    "frode",
    "kündig",
    "negado",
    "rechaz",
    "refus",
    "riesgo",
    "rifiut",
    "risiko",
    "risque",
    "verweiger",
];

/// Answers that are no group: kept apart from missing, reported, never judged.
const NON_ANSWERS: [&str; 21] = [
    "prefer not to say",
    "prefer not to answer",
    "prefer not to disclose",
    "rather not say",
    "decline to answer",
    "declined to answer",
    "declined to state",
    "decline to state",
    "decline to self-identify",
    "do not wish to answer",
    "i do not wish to answer",
    "choose not to disclose",
    "not disclosed",
    "undisclosed",
    "not stated",
    "not specified",
    "unspecified",
    "not provided",
    "unknown",
    "no answer",
    "n/a",
];

/// Texts that spreadsheets and programs write for "no value", though a group may bear the name.
const LOOKS_MISSING: [&str; 9] = ["na", "nan", "null", "none", "nil", "-", "?", ".", "#n/a"];

/// The event among `values` (missing left out), if their meaning leaves no doubt.
///
/// ```
/// use evenhand_measure::positive::guess;
/// assert_eq!(guess(&["No", "Yes"]), Some("Yes"));
/// assert_eq!(guess(&["0"]), Some("1"));
/// assert_eq!(guess(&["Gold", "Silver"]), None);
/// assert_eq!(guess(&["yes", "no", "maybe"]), None);
/// ```
#[must_use]
pub fn guess<'a>(values: &[&'a str]) -> Option<&'a str> {
    let lower: Vec<String> = values.iter().map(|value| value.trim().to_lowercase()).collect();
    match lower.as_slice() {
        [only] => YES_NO.iter().find_map(|&(yes, no)| match () {
            () if only == yes => Some(values[0]),
            // Nobody has the event: its usual name stands in, and no row matches it.
            () if only == no => Some(yes),
            () => None,
        }),
        [first, second] => YES_NO.iter().find_map(|&(yes, no)| match () {
            () if first == yes && second == no => Some(values[0]),
            () if first == no && second == yes => Some(values[1]),
            () => None,
        }),
        _ => None,
    }
}

/// Whether every one of `values` is a word for yes or no.
#[must_use]
pub fn is_binary(values: &[&str]) -> bool {
    guess(values).is_some()
}

/// The part of a column's or value's name which suggests that the event is bad for the person.
///
/// ```
/// use evenhand_measure::positive::adverse_word;
/// assert_eq!(adverse_word("High_Risk"), Some("high_risk"));
/// assert_eq!(adverse_word("approved"), None);
/// ```
#[must_use]
pub fn adverse_word(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    // The longest match reads best: "high risk" rather than "risk".
    ADVERSE
        .iter()
        .copied()
        .filter(|word| lower.contains(word))
        .max_by_key(|word| word.len())
}

/// Whether an answer is known to be none.
#[must_use]
pub fn is_non_answer(value: &str, declared: &[String]) -> bool {
    let lower = value.trim().to_lowercase();
    NON_ANSWERS.contains(&lower.as_str()) || declared.iter().any(|d| d.trim().to_lowercase() == lower)
}

/// Whether a group's name is what tables call the sum of all groups, in any of the languages of `totals.txt`.
///
/// ```
/// use evenhand_measure::positive::looks_total;
/// assert!(looks_total(" Total ") && looks_total("Итого:") && !looks_total("Total Wine"));
/// ```
#[must_use]
pub fn looks_total(value: &str) -> bool {
    let words = include_str!("totals.txt").lines().filter(|line| !line.starts_with('#'));
    let name = value.trim().trim_end_matches([':', '.']).trim_end().to_lowercase();
    words.flat_map(|line| line.split(", ")).any(|total| total == name)
}

/// Whether a group's name looks like a program's word for a missing value.
#[must_use]
pub fn looks_missing(value: &str) -> bool {
    LOOKS_MISSING.contains(&value.trim().to_lowercase().as_str())
}
