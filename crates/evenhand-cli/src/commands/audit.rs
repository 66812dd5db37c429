//! `evenhand audit`: from files to a verdict.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use evenhand::measure::audit::model::{Input as InputRead, Note, Severity};
use evenhand::source::{Confidence, Guess, Profile, guess, profile};
use evenhand::{Policy, Problem, Source};
use evenhand_report::{TextOptions, json, markdown, text};
use sha2::{Digest, Sha256};

use crate::args::{AuditArgs, Format};
use crate::exit::Status;
use crate::progress::Bar;
use crate::{files, outputs, settings};

/// A larger input is hashed only when asked: hashing it would cost more than the audit.
const HASHED_UNASKED: u64 = 16 << 20;

pub fn run(args: &AuditArgs) -> Result<Status, Vec<Problem>> {
    let mut policy = settings::audit_policy(args)?;
    let outputs = outputs::parse(&args.out)?;
    let paths = &args.input.files;
    let guesses = take_guesses(paths, &mut policy)?;
    let inputs = describe(paths, args.hash_inputs)?;

    let bar = Bar::new(args.quiet);
    let tally = evenhand::tally(Source::Files(paths.clone(), Some(&bar)), &policy);
    bar.finish();
    let mut audit = evenhand::measure::audit(&tally?, &policy)?;
    audit.provenance.inputs = inputs;
    audit.notes.extend(guesses.iter().map(note));
    audit.notes.sort_by_key(|note| note.severity);

    outputs::write(&outputs, &audit, &[])?;
    let printed = match args.format {
        Format::Json => json(&audit).map_err(|error| vec![outputs::no_json(&error)])?,
        Format::Markdown => markdown(&audit, &[]),
        Format::Table => {
            let options = TextOptions {
                width: width(),
                color: !args.no_color && use_color(),
                detail: args.detail,
                quiet: args.quiet,
            };
            text(&audit, &options, &[])
        }
    };
    files::print(&printed).map_err(|problem| vec![problem])?;
    Ok(Status::of(audit.verdict, args.exit_zero, args.on_inconclusive))
}

/// Fills the roles that nobody named from the first file, and says which and why. Tallies need no guessing: their
/// columns have roles.
pub fn take_guesses(paths: &[PathBuf], policy: &mut Policy) -> Result<Vec<Guess>, Vec<Problem>> {
    let Some(first) = paths
        .iter()
        .find(|path| !path.to_string_lossy().ends_with(".tally.json"))
    else {
        return Ok(Vec::new());
    };
    let complete =
        (policy.roles.prediction.is_some() || policy.roles.score.is_some()) && !policy.roles.protected.is_empty();
    if complete {
        return Ok(Vec::new());
    }
    let profile = profile(first)?;
    let guesses = guess(&profile, policy);
    let problems = unanswered(first, &profile, policy, &guesses);
    if problems.is_empty() {
        Ok(guesses)
    } else {
        Err(problems)
    }
}

/// What has to be asked, because the columns leave it open.
fn unanswered(path: &Path, profile: &Profile, policy: &Policy, guesses: &[Guess]) -> Vec<Problem> {
    let name = path.display();
    let candidates = |role: &str| -> Vec<&Guess> {
        guesses
            .iter()
            .filter(|guess| guess.role == role && guess.confidence == Confidence::Possible)
            .collect()
    };
    let columns: Vec<&str> = profile.columns.iter().map(|column| column.name.as_str()).collect();
    let ask = |what: &str, flag: &str, candidates: &[&Guess]| {
        let help = match candidates {
            [] => format!(
                "name it with {flag} COLUMN; the columns are {}",
                evenhand::measure::listed(&columns, 20)
            ),
            _ => {
                let flags: Vec<&str> = candidates.iter().map(|guess| guess.flag.as_str()).collect();
                format!("say {}", flags.join(" or "))
            }
        };
        Problem::usage(format!("{name}: it is not plain which column is {what}"), help)
    };
    let mut problems = Vec::new();
    if policy.roles.prediction.is_none() && policy.roles.score.is_none() {
        let mut open = candidates("prediction");
        open.extend(candidates("score"));
        problems.push(ask("the decision", "--prediction", &open));
    }
    if policy.roles.protected.is_empty() {
        problems.push(ask("a protected attribute", "--protected", &candidates("protected")));
    }
    problems
}

/// A guess as a note of the audit, so that every format shows it.
fn note(guess: &Guess) -> Note {
    let Guess {
        role,
        column,
        reason,
        flag,
        confidence,
    } = guess;
    let (code, message) = match confidence {
        Confidence::Possible => (
            "role-possible",
            format!("`{column}` could be the {role} and was not used: {reason}"),
        ),
        _ => ("role-guessed", format!("`{column}` was taken for the {role}: {reason}")),
    };
    Note {
        code: code.to_owned(),
        severity: Severity::Info,
        message,
        help: Some(flag.clone()),
    }
}

fn describe(paths: &[PathBuf], hash_all: bool) -> Result<Vec<InputRead>, Vec<Problem>> {
    let read = |path: &PathBuf| -> io::Result<InputRead> {
        let bytes = path.metadata()?.len();
        let hashed = path.is_file() && (hash_all || bytes < HASHED_UNASKED);
        Ok(InputRead {
            name: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            bytes,
            sha256: if hashed { Some(sha256(path)?) } else { None },
        })
    };
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match read(path) {
            Ok(input) => inputs.push(input),
            Err(error) => problems.push(Problem::data(
                format!("`{}` cannot be read: {error}", path.display()),
                "check the path and that you may read it",
            )),
        }
    }
    if problems.is_empty() { Ok(inputs) } else { Err(problems) }
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether colour is welcome: on a terminal, unless `NO_COLOR` is set (no-color.org).
pub fn use_color() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The terminal's width, within what can be read; a pipe gets the width of a classic terminal.
pub fn width() -> usize {
    const CLASSIC: usize = 80;
    const WIDEST: usize = 120;
    let term = console::Term::stdout();
    term.size_checked()
        .map_or(CLASSIC, |(_, columns)| usize::from(columns))
        .clamp(60, WIDEST)
}
