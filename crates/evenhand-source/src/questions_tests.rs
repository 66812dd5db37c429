//! Tests of the questions, and that the flags in them answer them.

use evenhand_measure::policy::Decimal;

use super::*;
use crate::guess::guess;

fn profile(text: &str) -> Profile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    crate::profile(file.path()).unwrap()
}

fn asked(text: &str, policy: &Policy) -> Vec<Question> {
    questions(&profile(text), policy)
}

/// Does what the `--map` flags of a help text say.
fn unite_by(help: &str, policy: &mut Policy) {
    for flag in help.split("--map '").skip(1) {
        let (given, _) = flag.split_once('\'').unwrap();
        let (column, rest) = given.split_once('=').unwrap();
        let (text, value) = rest.split_once(':').unwrap();
        let map = policy.values.map.entry(column.to_owned()).or_default();
        map.insert(text.to_owned(), value.to_owned());
    }
}

const SPELLINGS: &str =
    "sex,advice,bought\nFemale,Yes,1\nfemale ,no,0\nF,Yes,1\nMale,YES,1\nMale,no,0\nM,yes,0\nFemale,Yes,1\n";

#[test]
fn spellings_are_one_question_whose_flags_answer_it() {
    let mut policy = Policy::default();
    policy.roles.prediction = Some("advice".into());
    policy.roles.protected = vec!["sex".into()];
    let found = asked(SPELLINGS, &policy);
    assert_eq!(found.len(), 1, "{found:?}");
    let Problem { message, help, .. } = &found[0].problem;
    assert!(
        message.contains("column `sex`: `Female` (2) and `F` (1), `female ` (1); `Male` (2) and `M` (1)"),
        "{message}"
    );
    assert!(
        message.contains("column `advice`: `Yes` (3) and `YES` (1), `yes` (1)"),
        "{message}"
    );
    assert_eq!(
        help,
        "unite them with --map 'sex=F:Female' --map 'sex=female :Female' --map 'sex=M:Male' --map 'advice=YES:Yes' \
         --map 'advice=yes:Yes'; or keep them apart with --distinct sex,advice"
    );
    unite_by(help, &mut policy);
    assert_eq!(asked(SPELLINGS, &policy), []);
    policy.values.map.clear();
    policy.values.distinct = vec!["sex".into(), "advice".into()];
    assert_eq!(asked(SPELLINGS, &policy), []);
}

#[test]
fn a_guessed_decision_in_several_spellings_is_found_and_asked_about() {
    let mut policy = Policy::default();
    let text = SPELLINGS.replace("advice", "approved");
    guess(&profile(&text), &mut policy);
    assert_eq!(policy.roles.prediction.as_deref(), Some("approved"));
    assert_eq!(policy.roles.protected, ["sex"]);
    assert_eq!(asked(&text, &policy).len(), 1);
}

#[test]
fn what_is_mapped_to_another_spelling_is_still_asked_about() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into()];
    let map = policy.values.map.entry("sex".to_owned()).or_default();
    map.insert("F".to_owned(), "female ".to_owned());
    map.insert("M".to_owned(), "Male".to_owned());
    let found = asked(SPELLINGS, &policy);
    let help = &found[0].problem.help;
    assert!(
        help.starts_with("unite them with --map 'sex=F:Female' --map 'sex=female :Female';"),
        "{help}"
    );
    unite_by(help, &mut policy);
    assert_eq!(asked(SPELLINGS, &policy), []);
}

#[test]
fn only_columns_with_a_role_and_without_bins_are_asked_about() {
    let mut policy = Policy::default();
    assert_eq!(asked(SPELLINGS, &policy), []);
    policy.roles.protected = vec!["sex".into()];
    policy.bins.insert("sex".into(), vec![1.0].into());
    assert_eq!(asked(SPELLINGS, &policy), []);
    policy.bins.clear();
    // What means that the value is missing is no group.
    policy.values.missing = ["F", "M", "female"].map(str::to_owned).to_vec();
    assert_eq!(asked(SPELLINGS, &policy), []);
}

#[test]
fn a_third_value_that_looks_missing_is_asked_about() {
    let text = "sex,decision\nF,yes\nM,no\nM,N/A\n";
    let mut policy = Policy::default();
    let guesses = guess(&profile(text), &mut policy);
    assert_eq!(policy.roles.prediction, None);
    assert_eq!(guesses[0].flag, "--prediction decision --missing N/A");
    policy.roles.prediction = Some("decision".into());
    let found = asked(text, &policy);
    assert_eq!(found[0].code, "missing-or-value");
    assert!(found[0].problem.help.contains("say --missing N/A;"), "{found:?}");
    policy.values.missing = vec!["N/A".to_owned()];
    assert_eq!(asked(text, &policy), []);
    policy.roles.prediction = None;
    guess(&profile(text), &mut policy);
    assert_eq!(policy.roles.prediction.as_deref(), Some("decision"));
}

#[test]
fn numbers_that_can_be_read_in_two_ways_are_asked_about() {
    let mut policy = Policy::default();
    policy.roles.score = Some("s".into());
    let text = "sex;s\nf;1,234\nm;2,500\n";
    let found = asked(text, &policy);
    assert_eq!(found[0].code, "decimal-open");
    assert!(found[0].problem.help.contains("--decimal point") && found[0].problem.help.contains("--decimal comma"));
    assert_eq!(
        guess(&profile(text), &mut policy)
            .iter()
            .filter(|guess| guess.role == "decimal")
            .count(),
        0
    );
    assert_eq!(policy.data.decimal, None);
    policy.data.decimal = Some(Decimal::Comma);
    assert_eq!(asked(text, &policy), []);
}

#[test]
fn maps_that_meet_nothing_are_noted() {
    let mut policy = Policy::default();
    for (column, text) in [("sex", "f"), ("sex", "F"), ("gender", "x")] {
        let map = policy.values.map.entry(column.to_owned()).or_default();
        map.insert(text.to_owned(), "Female".to_owned());
    }
    let notes = cautions(&profile(SPELLINGS), &policy);
    let messages: Vec<&str> = notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "values of `gender` are mapped, and there is no such column",
            "`f` is mapped in `sex`, and occurs nowhere there"
        ]
    );
}

#[test]
fn long_questions_are_cut_between_flags() {
    let rows: String = (0..200)
        .map(|n| format!("group number {n}\nGROUP number {n}\n"))
        .collect();
    let mut policy = Policy::default();
    policy.roles.protected = vec!["team".into()];
    let found = asked(&format!("team\n{rows}"), &policy);
    let Problem { message, help, .. } = &found[0].problem;
    assert!(
        message.len() < 2_000 && help.len() < 2_000,
        "{} {}",
        message.len(),
        help.len()
    );
    assert!(
        help.contains("more, which the next run names); or keep them apart with --distinct team"),
        "{help}"
    );
}
