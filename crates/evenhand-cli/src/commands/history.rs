//! `evenhand history add` and `evenhand history show`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use evenhand::measure::history::{Course, Gate, Given, History, Line, course};
use evenhand::source::Inputs;
use evenhand::{Problem, Source};
use evenhand_report::plot::{Fonts, png_with};
use evenhand_report::{history as report, html_of, markdown_of, safe};

use super::audit::{use_color, width};
use crate::args::history::{AddArgs, History as Asked, ShowArgs};
use crate::exit::Status;
use crate::files::shown;
use crate::progress::Bar;
use crate::turn::Turn;
use crate::{files, guesses, outputs, settings};

/// Characters of a name; more is a mistake, such as a whole log.
const LONGEST_NAME: usize = 200;
/// A line for each commit of years has less.
const LARGEST: u64 = 256 << 20;

pub fn run(asked: &Asked) -> Result<Status, Vec<Problem>> {
    match asked {
        Asked::Add(args) => add(args),
        Asked::Show(args) => show(args),
    }
}

fn add(args: &AddArgs) -> Result<Status, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let mut policy = settings::policy(&args.input)?;
    if args
        .name
        .as_ref()
        .is_some_and(|name| name.chars().count() > LONGEST_NAME)
    {
        return Err(one(Problem::usage(
            format!("--name has more than {LONGEST_NAME} characters"),
            "name the run in short, as by its commit",
        )));
    }
    files::check(&args.to).map_err(one)?;
    let own = files::identity(&args.to);
    if args
        .input
        .policy
        .as_ref()
        .is_some_and(|policy| files::identity(policy) == own)
    {
        return Err(one(Problem::usage(
            format!("`{}` is the policy, and would be written over", args.to.display()),
            "give --to another path",
        )));
    }
    // A history that cannot be continued is found out before hours of counting.
    so_far(&args.to).map_err(one)?;
    let inputs = Inputs::from_arguments(&args.input.files)?;
    outputs::spare([args.to.as_path()].into_iter(), &inputs)?;
    let inputs = inputs.prepared(&policy.data)?;
    let found = guesses::take(&inputs, &mut policy, args.input.no_guess)?;
    let bar = Bar::new(args.quiet);
    let tally = evenhand::tally(Source::Inputs(&inputs, Some(&bar)), &policy);
    bar.finish();
    let mut audit = evenhand::measure::audit(&tally?, &policy)?;
    audit.provenance.as_of.clone_from(&args.as_of);
    let given = Given {
        label: args.name.clone(),
        restart: args.restart,
        new_rows: args.new_rows,
    };
    // What another run added while this one counted is part of what is continued.
    let turn = Turn::at(&args.to, args.quiet).map_err(one)?;
    let history = so_far(&args.to).map_err(one)?;
    let line = history.continued(Line::of(&audit, &given), &given);
    let written = line.to_json().map_err(|error| one(outputs::no_json(&error)))?;
    // Escaped further, so that a terminal that shows the file is not misled.
    let text = history.with(safe::json(&written).trim_end());
    files::write(&[(args.to.as_path(), text.into_bytes())])?;
    drop(turn);
    if !args.quiet {
        for guess in found.guesses.iter().filter(|guess| guess.is_taken()) {
            files::tell(&format!(
                "{} (pin it with {})",
                guesses::note(guess).message,
                guess.flag
            ));
        }
        files::tell(&format!(
            "added run {} to {}: {}; it holds counts of groups, and small ones can identify people",
            history.lines().len() + 1,
            shown(&args.to),
            line.verdict
        ));
    }
    // Said even when quiet: whoever relies on the gate has to know that this run told it nothing.
    match line.unused.as_deref() {
        Some("same-tally") => files::tell("warning: this tally was counted before, so that it adds no evidence"),
        Some(_) => files::tell(
            "warning: each group has as many rows as in an earlier run; they are taken for the same rows, which add no \
             evidence (if they are new, add it with --new-rows)",
        ),
        None => {}
    }
    Ok(Status::Passed)
}

fn show(args: &ShowArgs) -> Result<Status, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let kinds: Vec<Kind> = kinds(args)?;
    let history = read(&args.file).map_err(one)?;
    if history.lines().is_empty() {
        return Err(one(Problem::data(
            format!("{} has no runs", shown(&args.file)),
            "add one with `evenhand history add`",
        )));
    }
    let course = course(&history, args.alpha);
    let mut rendered = Vec::new();
    for (kind, path) in kinds.into_iter().zip(&args.out) {
        rendered.push((path.as_path(), render(kind, &course).map_err(one)?));
    }
    files::write(&rendered)?;
    let text = report::text(&course, width(), !args.no_color && use_color());
    let printed = match (args.quiet, text.split_once("\n\n")) {
        (true, Some((first, _))) => format!("{first}\n"),
        _ => text,
    };
    files::print(&printed).map_err(one)?;
    Ok(match course.evidence.gate {
        Gate::Alarm if args.gate => Status::Failed,
        Gate::NotEnough if args.gate => Status::Inconclusive,
        _ => Status::Passed,
    })
}

/// What the history holds, which is nothing where it is not there yet.
fn so_far(path: &Path) -> Result<History, Problem> {
    if path.symlink_metadata().is_ok() {
        read(path)
    } else {
        Ok(History::default())
    }
}

/// A history as a whole, if it is one and not too large.
fn read(path: &Path) -> Result<History, Problem> {
    let cannot = |why: &str, help: &str| Problem::data(format!("{} cannot be read: {why}", shown(path)), help);
    let told = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => cannot("it does not exist", "begin one with `evenhand history add`"),
        _ => cannot(&error.to_string(), "check the path and that you may read it"),
    };
    let metadata = path.metadata().map_err(told)?;
    // A pipe might never end.
    if !metadata.is_file() {
        return Err(cannot(
            "it is no file",
            "name the file that `evenhand history add --to` writes",
        ));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(told)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > LARGEST {
        return Err(cannot("it is too large for a history", "begin another one"));
    }
    History::read(&bytes).map_err(|problem| Problem {
        message: format!("{}: {}", shown(path), problem.message),
        ..problem
    })
}

/// What a file is to hold.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Markdown,
    Html,
    Csv,
    Svg,
    Png,
}

/// Reads every `--out`, and checks that each can be written and harms nothing.
fn kinds(args: &ShowArgs) -> Result<Vec<Kind>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut kinds = Vec::new();
    let mut taken = vec![files::identity(&args.file)];
    for path in &args.out {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("txt") => kinds.push(Kind::Text),
            Some("md") => kinds.push(Kind::Markdown),
            Some("html" | "htm") => kinds.push(Kind::Html),
            Some("csv") => kinds.push(Kind::Csv),
            Some("svg") => kinds.push(Kind::Svg),
            Some("png") => kinds.push(Kind::Png),
            _ => problems.push(Problem::usage(
                format!("`--out {}` does not say what to write", path.display()),
                "end it in .txt, .md, .html, .csv, .svg or .png",
            )),
        }
        problems.extend(files::check(path).err());
        let identity = files::identity(path);
        if taken.contains(&identity) {
            problems.push(Problem::usage(
                format!("`{}` is read, or is to be written twice", path.display()),
                "give each --out a path of its own",
            ));
        }
        taken.push(identity);
    }
    if problems.is_empty() { Ok(kinds) } else { Err(problems) }
}

fn render(kind: Kind, course: &Course) -> Result<Vec<u8>, Problem> {
    // Twice the size of the drawing, so that print and sharp screens show clean letters.
    const PNG_SCALE: f32 = 2.0;
    Ok(match kind {
        Kind::Text => report::text(course, 100, false).into_bytes(),
        Kind::Markdown => markdown_of(&report::document(course)).into_bytes(),
        Kind::Html => html_of(&report::document(course)).into_bytes(),
        Kind::Csv => report::csv(course).map_err(|error| {
            Problem::data(
                format!("the table cannot be written as CSV: {error}"),
                "write .md instead, and report this",
            )
        })?,
        Kind::Svg => report::svg(course).into_bytes(),
        Kind::Png => png_with(&report::svg(course), PNG_SCALE, &Fonts::default()).map_err(|error| {
            Problem::usage(
                format!("the picture cannot be drawn: {error}"),
                "write an .svg instead, and report this",
            )
        })?,
    })
}
