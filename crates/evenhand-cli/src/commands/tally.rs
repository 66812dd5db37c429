//! `evenhand tally` and `evenhand merge`.

use std::path::{Path, PathBuf};

use evenhand::source::Inputs;
use evenhand::{Policy, Problem, Source, Tally};
use evenhand_report::numbers::count;

use crate::args::Input;
use crate::exit::Status;
use crate::progress::Bar;
use crate::{files, guesses, outputs, settings};

pub fn run(input: &Input, out: &Path, quiet: bool) -> Result<Status, Vec<Problem>> {
    let mut policy = settings::policy(input)?;
    check_name(out)?;
    let inputs = Inputs::from_arguments(&input.files)?;
    // Written over, the tally of all would count some twice in the next run.
    outputs::spare([out].into_iter(), &inputs)?;
    let inputs = inputs.prepared(&policy.data)?;
    let found = guesses::take(&inputs, &mut policy, input.no_guess)?;
    let bar = Bar::new(quiet);
    let tally = evenhand::tally(Source::Inputs(&inputs, Some(&bar)), &policy);
    bar.finish();
    let tally = tally?;
    if !quiet {
        for note in files::left_out(&inputs).into_iter().chain(files::readings(&inputs)) {
            files::tell(&files::with_help(&note));
        }
        for note in &found.notes {
            files::tell(&format!("warning: {}", note.message));
        }
        for guess in &found.guesses {
            let message = guesses::note(guess).message;
            if guess.is_taken() {
                files::tell(&format!("{message} (pin it with {})", guess.flag));
            } else if guess.looks_like_counts || guess.role == "missing" {
                files::tell(&format!("warning: {message} (use it with {})", guess.flag));
            }
        }
    }
    keep(&tally, out, quiet)
}

pub fn merge(tallies: &[PathBuf], out: &Path) -> Result<Status, Vec<Problem>> {
    check_name(out)?;
    let wrong: Vec<Problem> = tallies
        .iter()
        .filter(|path| !is_tally(path))
        .map(|path| {
            Problem::usage(
                format!("`{}` is not named as a tally", path.display()),
                "make one with `evenhand tally FILE --out NAME.tally.json`",
            )
        })
        .collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let inputs = Inputs::find(tallies)?;
    outputs::spare([out].into_iter(), &inputs)?;
    let merged = evenhand::tally(Source::Inputs(&inputs, None), &Policy::default())?;
    keep(&merged, out, false)
}

fn keep(tally: &Tally, out: &Path, quiet: bool) -> Result<Status, Vec<Problem>> {
    files::write(&[(out, tally.to_json().into_bytes())])?;
    if !quiet {
        files::tell(&format!(
            "wrote {}: {} rows in {} cells; small cells can identify people, so treat it as you treat the data",
            out.display(),
            count(tally.rows()),
            count(tally.decisions.cells().len() as u64)
        ));
    }
    Ok(Status::Passed)
}

fn is_tally(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".tally.json")
}

/// Other commands know a tally by its name, so it has to have one that they know.
fn check_name(out: &Path) -> Result<(), Vec<Problem>> {
    let problem = if is_tally(out) {
        files::check(out).err()
    } else {
        Some(Problem::usage(
            format!("`{}` would not be known as a tally", out.display()),
            "end its name in .tally.json",
        ))
    };
    problem.map_or(Ok(()), |problem| Err(vec![problem]))
}
