//! This module fills the roles that nobody named, and asks for those that the columns leave open.

use evenhand::measure::audit::model::{Note, Severity};
use evenhand::source::{Confidence, Guess, Input, Inputs, Profile, Question, cautions, guess, questions};
use evenhand::{Policy, Problem};

use crate::files::{self, shown};
use crate::settings::protect_crossed;
use crate::{answers, asking};

/// What a role is called in a sentence.
pub fn role_words(role: &str) -> &str {
    match role {
        "prediction" => "the decision",
        "label" => "what really happened (the label)",
        "protected" => "a protected attribute",
        "count" => "the count of people",
        "weight" => "the weight of each row",
        "strata" => "strata to compare within",
        "cluster" => "the unit that repeats (cluster)",
        "score" => "the score",
        "list" => "a list of items",
        "item" => "the items of a list",
        "rank" => "the place in a list",
        "user" => "the people that a list is for",
        "relevance" => "whether an item was wanted",
        "item-side" => "an attribute of items",
        "amount" => "the amount",
        "decimal" => "how numbers are written",
        "missing" => "a column with missing values",
        other => other,
    }
}

/// What was found in the first file before its rows are counted.
#[derive(Default)]
pub struct Found {
    /// The columns that were taken for a role, or could be.
    pub guesses: Vec<Guess>,
    /// What people should know besides.
    pub notes: Vec<Note>,
}

/// Fills the roles that nobody named from the first file, and says which and why; asks what the columns leave open.
/// Tallies need no guessing: their columns have roles. With `refused`, nothing is guessed and nothing asked: what would
/// have been asked is noted.
pub fn take(inputs: &Inputs, policy: &mut Policy, refused: bool) -> Result<Found, Vec<Problem>> {
    if inputs.all().iter().all(Input::is_tally) {
        protect_crossed(&mut policy.roles);
        return Ok(Found::default());
    }
    if refused {
        protect_crossed(&mut policy.roles);
        // Counting says what is wrong with the file.
        let notes = inputs
            .profile()
            .map(|profile| unasked(&profile, policy))
            .unwrap_or_default();
        return Ok(Found {
            guesses: Vec::new(),
            notes,
        });
    }
    let is_settled = has_decision(policy) && !policy.roles.protected.is_empty();
    let profile = match inputs.profile() {
        Ok(profile) => profile,
        // Reading the whole file says what is wrong with it, or that nothing is.
        Err(_) if is_settled => return Ok(Found::default()),
        Err(problems) => return Err(problems),
    };
    if profile.records_seen == 0 {
        if is_settled {
            return Ok(Found::default());
        }
        return Err(vec![Problem::data(
            format!("{} has a header and no records", shown(&profile.path)),
            "export the data again",
        )]);
    }
    // What people answer at the terminal, as flags.
    let mut flags = Vec::new();
    loop {
        let mut guessed = policy.clone();
        let guesses = guess(&profile, &mut guessed);
        let mut problems = twins(&profile, &guessed, &guesses);
        let open = questions(&profile, &guessed);
        if problems.is_empty() {
            problems = unanswered(&profile, &guessed, &guesses);
            problems.extend(open.iter().map(|question| question.problem.clone()));
        }
        if problems.is_empty() {
            *policy = guessed;
            if !flags.is_empty() {
                files::tell(&format!("to be asked no more, add {}", flags.join(" ")));
            }
            let notes = cautions(&profile, policy);
            return Ok(Found { guesses, notes });
        }
        if !asking::is_somebody_there() {
            return Err(problems);
        }
        let Some(asked) = answers::next(&profile, &guessed, &guesses, &open) else {
            return Err(problems);
        };
        match asking::ask(&asked.question) {
            Some(chosen) => flags.extend(asked.answered(&chosen, policy)),
            None => return Err(problems),
        }
    }
}

/// What would be asked, as notes.
fn unasked(profile: &Profile, policy: &Policy) -> Vec<Note> {
    let note = |Question { code, problem }: Question| Note {
        code: code.to_owned(),
        severity: Severity::Warning,
        message: problem.message,
        help: Some(problem.help),
    };
    let asked = questions(profile, policy).into_iter().map(note);
    asked.chain(cautions(profile, policy)).collect()
}

/// A guess as a note of the audit, so that every format shows it.
pub fn note(guess: &Guess) -> Note {
    let Guess {
        role, column, reason, ..
    } = guess;
    let (code, severity, message) = match *role {
        "decimal" => (
            "decimal-guessed",
            Severity::Info,
            format!("numbers were read by the look of `{column}`: {reason}"),
        ),
        "missing" => (
            "looks-missing",
            Severity::Warning,
            format!("`{column}`: {reason}; it was taken as it is"),
        ),
        _ => of_role(guess),
    };
    Note {
        code: code.to_owned(),
        severity,
        message,
        help: Some(guess.flag.clone()),
    }
}

/// The code, severity and message of a guess about a role.
fn of_role(guess: &Guess) -> (&'static str, Severity, String) {
    let Guess { role, column, .. } = guess;
    let (role, reason) = (role_words(role), &guess.reason);
    let not_used = || format!("`{column}` could be {role} and was not used: {reason}");
    match () {
        () if guess.is_taken() => (
            "role-guessed",
            Severity::Info,
            format!("`{column}` was taken for {role}: {reason}"),
        ),
        () if guess.looks_like_counts => ("looks-like-counts", Severity::Warning, not_used()),
        () => ("role-possible", Severity::Info, not_used()),
    }
}

fn has_decision(policy: &Policy) -> bool {
    let roles = &policy.roles;
    let named = [&roles.prediction, &roles.score, &roles.rate, &roles.amount, &roles.list];
    named.into_iter().any(Option::is_some)
}

/// Whether an audit cannot go on without a column in this role.
fn is_open(role: &str, policy: &Policy) -> bool {
    match role {
        "prediction" | "score" => !has_decision(policy),
        "protected" => policy.roles.protected.is_empty(),
        _ => false,
    }
}

/// Columns that were taken, or could be, but share their name with another column.
fn twins(profile: &Profile, policy: &Policy, guesses: &[Guess]) -> Vec<Problem> {
    let mut names: Vec<&str> = Vec::new();
    for guess in guesses {
        if (guess.is_taken() || is_open(guess.role, policy)) && !names.contains(&guess.column.as_str()) {
            names.push(&guess.column);
        }
    }
    let times = |name: &str| profile.columns.iter().filter(|column| column.name == name).count();
    names
        .into_iter()
        .filter(|name| times(name) > 1)
        .map(|name| {
            Problem::usage(
                format!("{} has {} columns called `{name}`", shown(&profile.path), times(name)),
                "rename them, so that it is clear which one is meant",
            )
        })
        .collect()
}

/// What has to be asked, because the columns leave it open.
fn unanswered(profile: &Profile, policy: &Policy, guesses: &[Guess]) -> Vec<Problem> {
    let name = shown(&profile.path);
    let candidates = |roles: &[&str]| -> Vec<&Guess> {
        let possible = guesses.iter().filter(|guess| guess.confidence == Confidence::Possible);
        possible.filter(|guess| roles.contains(&guess.role)).collect()
    };
    let columns: Vec<&str> = profile.columns.iter().map(|column| column.name.as_str()).collect();
    let ask = |what: &str, flag: &str, candidates: &[&Guess]| {
        let reasons: Vec<String> = candidates
            .iter()
            .map(|guess| format!("`{}` could be it: {}", guess.column, guess.reason))
            .collect();
        let flags: Vec<&str> = candidates.iter().map(|guess| guess.flag.as_str()).collect();
        let help = match candidates {
            [] => format!(
                "name it with {flag} COLUMN; the columns are {}",
                evenhand::measure::listed(&columns, 20)
            ),
            _ => format!("say {}", flags.join(" or ")),
        };
        let found = if reasons.is_empty() {
            String::new()
        } else {
            format!(" ({})", reasons.join("; "))
        };
        Problem::usage(format!("{name}: it is not plain which column is {what}{found}"), help)
    };
    let mut problems = Vec::new();
    if !has_decision(policy) {
        match candidates(&["prediction", "score", "list"]).as_slice() {
            // Its other values are yes and no.
            [only] if only.flag.contains(" --missing ") => problems.push(Problem::data(
                format!("{name}, column `{}`: {}", only.column, only.reason),
                format!("say {}", only.flag),
            )),
            // It is plain which column is the decision, and not which of its values counts.
            [only] if only.role == "prediction" => problems.push(Problem::data(
                format!("{name}, column `{}`: {}", only.column, only.reason),
                format!("say {} --positive VALUE, with the value that counts", only.flag),
            )),
            open => problems.push(ask("the decision", "--prediction", open)),
        }
    }
    if policy.roles.protected.is_empty() {
        problems.push(ask(
            "a protected attribute",
            "--protected",
            &candidates(&["protected", "user", "item"]),
        ));
    }
    problems
}
