//! This module asks a person at the terminal for what a file leaves open, one thing at a time, and turns the answer into
//! the flag that says the same.

use evenhand::Policy;
use evenhand::measure::policy::Decimal;
use evenhand::measure::positive::is_binary;
use evenhand::source::{
    Alike, ColumnProfile, Confidence, Guess, Profile, Question as Open, Spellings, missing_beside_yes_and_no,
    shell_word, spellings,
};

use crate::asking::Question;

/// Columns with more values than this are not offered as groups or decisions.
const MOST_VALUES: usize = 50;

/// Something to ask, and what an answer does.
pub struct Asked<'a> {
    pub question: Question,
    answer: Answer<'a>,
}

enum Answer<'a> {
    /// One of these columns is the decision.
    Decision(Vec<&'a ColumnProfile>),
    /// These texts mean that the decision is missing, or one of these values counts.
    Missing(Vec<String>, Vec<&'a str>),
    /// One of these values of the decision counts.
    Positive(Vec<&'a str>),
    /// Some of these columns are protected attributes.
    Protected(Vec<&'a ColumnProfile>),
    /// Values are one, or stay apart.
    Alike(Spellings),
    Decimal,
}

/// What to ask first: what `policy`, with its guesses, leaves open. Nothing if only flags can say it.
pub fn next<'a>(profile: &'a Profile, policy: &'a Policy, guesses: &[Guess], open: &[Open]) -> Option<Asked<'a>> {
    let roles = &policy.roles;
    let has_choices = |asked: Asked<'a>| (!asked.question.choices.is_empty()).then_some(asked);
    let audited = [&roles.prediction, &roles.score, &roles.rate, &roles.amount, &roles.list];
    if audited.into_iter().all(Option::is_none) {
        return has_choices(decision(profile, policy, guesses));
    }
    if let Some(asked) = missing(profile, policy).or_else(|| positive(profile, policy)) {
        return Some(asked);
    }
    if roles.protected.is_empty() {
        return has_choices(protected(profile, policy, guesses));
    }
    match open.first()?.code {
        "values-look-alike" => same(profile, policy),
        "decimal-open" => Some(Asked {
            question: Question {
                asked: format!(
                    "{}. What comes before the fraction of a number in this file?",
                    open.first()?.problem.message
                ),
                choices: vec![
                    "a point: 1,234 is more than a thousand".into(),
                    "a comma: 1,234 is about one and a quarter".into(),
                ],
                several: false,
            },
            answer: Answer::Decimal,
        }),
        _ => None,
    }
}

impl Asked<'_> {
    /// Does what the chosen answers say; gives the flags that say the same.
    pub fn answered(self, chosen: &[usize], policy: &mut Policy) -> Vec<String> {
        let first = chosen.first().copied().unwrap_or_default();
        match self.answer {
            Answer::Decision(columns) => {
                let column = columns[first].name.clone();
                let flag = format!("--prediction {}", shell_word(&column));
                policy.roles.prediction = Some(column);
                vec![flag]
            }
            Answer::Missing(texts, _) if first == 0 => {
                let flag = |text: &String| format!("--missing {}", shell_word(text));
                let flags = texts.iter().map(flag).collect();
                policy.values.missing.extend(texts);
                flags
            }
            Answer::Missing(_, values) => {
                let value = values[first - 1].to_owned();
                let flag = format!("--positive {}", shell_word(&value));
                policy.values.positive = Some(value);
                vec![flag]
            }
            Answer::Positive(values) => {
                let value = values[first].to_owned();
                let flag = format!("--positive {}", shell_word(&value));
                policy.values.positive = Some(value);
                vec![flag]
            }
            Answer::Protected(columns) => {
                let chosen = chosen.iter().map(|place| columns[*place].name.clone());
                policy.roles.protected = chosen.collect();
                let flag = |column: &String| format!("--protected {}", shell_word(column));
                policy.roles.protected.iter().map(flag).collect()
            }
            Answer::Alike(spellings) if first == 0 => {
                let map = policy.values.map.entry(spellings.column.clone()).or_default();
                map.extend(spellings.map.iter().cloned());
                spellings.flags()
            }
            Answer::Alike(spellings) => {
                let flag = format!("--distinct {}", shell_word(&spellings.column));
                policy.values.distinct.push(spellings.column);
                vec![flag]
            }
            Answer::Decimal => {
                let decimal = if first == 0 { Decimal::Point } else { Decimal::Comma };
                policy.data.decimal = Some(decimal);
                vec![format!("--decimal {decimal}")]
            }
        }
    }
}

/// A column as a choice: its name and some of its values.
fn described(column: &ColumnProfile) -> String {
    const MOST: usize = 4;
    let values: Vec<&str> = column
        .distinct
        .iter()
        .take(MOST)
        .map(|(text, _)| text.as_str())
        .collect();
    let more = if column.distinct.len() > MOST { ", …" } else { "" };
    format!("{} ({}{more})", column.name, values.join(", "))
}

/// The columns that guesses in these roles name, or all that could be.
fn candidates<'a>(profile: &'a Profile, policy: &Policy, guesses: &[Guess], roles: &[&str]) -> Vec<&'a ColumnProfile> {
    let suggested = |column: &&ColumnProfile| {
        let mut possible = guesses.iter().filter(|guess| guess.confidence == Confidence::Possible);
        possible.any(|guess| roles.contains(&guess.role) && guess.column == column.name)
    };
    let taken = [
        &policy.roles.prediction,
        &policy.roles.compared,
        &policy.roles.label,
        &policy.roles.count,
        &policy.roles.weight,
    ];
    let is_free = |column: &&ColumnProfile| {
        let is_taken = taken.iter().any(|role| role.as_ref() == Some(&column.name));
        !is_taken && !policy.roles.protected.contains(&column.name)
    };
    let is_small = |column: &&ColumnProfile| !column.overflowed && (2..=MOST_VALUES).contains(&column.distinct.len());
    let found: Vec<&ColumnProfile> = profile.columns.iter().filter(is_free).filter(is_small).collect();
    let suggested: Vec<&ColumnProfile> = found.iter().copied().filter(suggested).collect();
    if suggested.is_empty() { found } else { suggested }
}

fn decision<'a>(profile: &'a Profile, policy: &Policy, guesses: &[Guess]) -> Asked<'a> {
    let columns = candidates(profile, policy, guesses, &["prediction"]);
    Asked {
        question: Question {
            asked: "Which column holds the decision about each person?".to_owned(),
            choices: columns.iter().map(|column| described(column)).collect(),
            several: false,
        },
        answer: Answer::Decision(columns),
    }
}

/// Whether a text beside yes and no means that there is no decision: else those people count as not chosen.
fn missing<'a>(profile: &'a Profile, policy: &'a Policy) -> Option<Asked<'a>> {
    let name = policy.roles.prediction.as_ref()?;
    let column = profile.column(name)?;
    let texts = missing_beside_yes_and_no(&column.meant(policy));
    if policy.values.positive.is_some() || texts.is_empty() {
        return None;
    }
    let values: Vec<&str> = column.distinct.iter().map(|(text, _)| text.as_str()).collect();
    let list: Vec<String> = texts.iter().map(|text| format!("“{text}”")).collect();
    let mut choices = vec![format!("{} means that there is no decision", list.join(", "))];
    let counts = |value: &&str| format!("it is a decision like the others, and “{value}” is the one to look at");
    choices.extend(values.iter().map(counts));
    Some(Asked {
        question: Question {
            asked: format!("Beside yes and no, {name} has {}. What does it mean?", list.join(", ")),
            choices,
            several: false,
        },
        answer: Answer::Missing(texts, values),
    })
}

/// Which value counts, where the decision has more than yes and no.
fn positive<'a>(profile: &'a Profile, policy: &'a Policy) -> Option<Asked<'a>> {
    if policy.values.each_class || !policy.values.ordered.is_empty() {
        return None;
    }
    let name = policy.roles.prediction.as_ref()?;
    let column = profile.column(name)?;
    let meant = profile.meant(policy);
    let texts: Vec<&str> = meant
        .column(name)?
        .distinct
        .iter()
        .map(|(text, _)| text.as_str())
        .collect();
    if policy.values.positive.is_some() || is_binary(&texts) || column.overflowed || texts.len() > MOST_VALUES {
        return None;
    }
    let values: Vec<&str> = column.distinct.iter().map(|(text, _)| text.as_str()).collect();
    Some(Asked {
        question: Question {
            asked: format!("Which value of {name} is the decision to look at, such as being chosen?"),
            choices: column
                .distinct
                .iter()
                .map(|(text, times)| format!("{text} ({times})"))
                .collect(),
            several: false,
        },
        answer: Answer::Positive(values),
    })
}

fn protected<'a>(profile: &'a Profile, policy: &Policy, guesses: &[Guess]) -> Asked<'a> {
    let columns = candidates(profile, policy, guesses, &["protected"]);
    Asked {
        question: Question {
            asked: "Which columns say what group a person belongs to, such as sex, age or region?".to_owned(),
            choices: columns.iter().map(|column| described(column)).collect(),
            several: true,
        },
        answer: Answer::Protected(columns),
    }
}

/// Whether values of the first column in question are one.
fn same(profile: &Profile, policy: &Policy) -> Option<Asked<'static>> {
    let first = spellings(profile, policy).into_iter().next()?;
    // What a command line cannot say has to be written into a policy.
    if !first.lines().is_empty() {
        return None;
    }
    let list = |group: &Alike| {
        let others: Vec<String> = group
            .others
            .iter()
            .map(|(text, times)| format!("“{text}” ({times})"))
            .collect();
        format!("{} with “{}” ({})", others.join(", "), group.keep.0, group.keep.1)
    };
    let united: Vec<String> = first.groups.iter().map(list).collect();
    Some(Asked {
        question: Question {
            asked: format!(
                "Some values of {} look like one another. Are they the same?",
                first.column
            ),
            choices: vec![
                format!("the same: count {}", united.join("; ")),
                "different groups: keep them apart".to_owned(),
            ],
            several: false,
        },
        answer: Answer::Alike(first),
    })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use evenhand::source::{Inputs, guess, profile, questions};

    use super::*;

    /// What is asked about a file, one thing after the other, when these answers are given; and all flags.
    fn asked(text: &str, answers: &[&[usize]]) -> (Vec<String>, Vec<String>, Policy) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, text).unwrap();
        asked_of(&path, answers)
    }

    fn asked_of(path: &Path, answers: &[&[usize]]) -> (Vec<String>, Vec<String>, Policy) {
        let profile = Inputs::find(&[path.to_owned()]).unwrap().profile().unwrap();
        let mut policy = Policy::default();
        let (mut questions_asked, mut flags) = (Vec::new(), Vec::new());
        for answer in answers.iter().map(Some).chain([None]) {
            let mut guessed = policy.clone();
            let guesses = guess(&profile, &mut guessed);
            let open = questions(&profile, &guessed);
            let Some(asked) = next(&profile, &guessed, &guesses, &open) else {
                break;
            };
            questions_asked.push(asked.question.asked.clone());
            match answer {
                Some(answer) => flags.extend(asked.answered(answer, &mut policy)),
                None => break,
            }
        }
        (questions_asked, flags, policy)
    }

    #[test]
    fn what_is_open_is_asked_until_nothing_is() {
        let text = "team,grade,way,outcome1\nred,A,x,up\nblue,B,y,down\nred,B,x,sideways\nblue,A,y,up\n";
        let (questions, flags, policy) = asked(text, &[&[3], &[0], &[0, 1]]);
        assert_eq!(questions.len(), 3, "{questions:?}");
        assert!(questions[0].contains("the decision") && questions[1].contains("outcome1"));
        assert_eq!(
            flags,
            [
                "--prediction outcome1",
                "--positive up",
                "--protected team",
                "--protected grade"
            ]
        );
        assert_eq!(policy.roles.protected, ["team", "grade"]);
    }

    #[test]
    fn spellings_are_united_or_kept_apart() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/exports/vendor.xlsx");
        let (questions, flags, policy) = asked_of(&path, &[&[0]]);
        assert_eq!(questions.len(), 1, "{questions:?}");
        assert!(flags.contains(&"--map 'Gender=female :Female'".to_owned()), "{flags:?}");
        assert_eq!(policy.values.map["Gender"]["F"], "Female");
        let (_, flags, policy) = asked_of(&path, &[&[1]]);
        assert_eq!(
            (flags, policy.values.distinct),
            (vec!["--distinct Gender".to_owned()], vec!["Gender".to_owned()])
        );
    }

    /// What is asked of this decision, and what the answer of this number does.
    fn answered(chosen: usize) -> (String, Vec<String>, Policy) {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut text = "sex,hired\n".to_owned();
        for row in 0..60 {
            let (sex, hired) = (["F", "M"][row % 2], ["1", "0", "N/A"][row % 3]);
            writeln!(text, "{sex},{hired}").unwrap();
        }
        std::fs::write(file.path(), text).unwrap();
        let profile = profile(file.path()).unwrap();
        let mut policy = Policy::default();
        policy.roles.prediction = Some("hired".to_owned());
        let mut guessed = policy.clone();
        let guesses = guess(&profile, &mut guessed);
        let open = questions(&profile, &guessed);
        let asked = next(&profile, &guessed, &guesses, &open).unwrap();
        let question = asked.question.asked.clone();
        let flags = asked.answered(&[chosen], &mut policy);
        (question, flags, policy)
    }

    #[test]
    fn what_may_be_no_decision_is_asked_before_it_counts_as_one() {
        let (question, flags, policy) = answered(0);
        assert_eq!(question, "Beside yes and no, hired has “N/A”. What does it mean?");
        assert_eq!(flags, ["--missing N/A"]);
        assert_eq!(
            (policy.values.missing, policy.values.positive),
            (vec!["N/A".to_owned()], None)
        );
        let (_, flags, policy) = answered(2);
        assert_eq!(flags, ["--positive 1"]);
        assert_eq!(
            (policy.values.missing.len(), policy.values.positive.as_deref()),
            (0, Some("1"))
        );
    }
}
