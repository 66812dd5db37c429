//! `evenhand audit`: from files to a verdict.

use std::io::{self, IsTerminal, Read};

use evenhand::measure::audit::model::Input as InputRead;
use evenhand::source::{Input, Inputs};
use evenhand::{Audit, Policy, Problem, Source, Tally};
use evenhand_report::document::{Letterhead, unsaid};
use evenhand_report::{TextOptions, json, markdown, text};
use sha2::{Digest, Sha256};

use crate::args::{AuditArgs, Format};
use crate::exit::Status;
use crate::files::shown;
use crate::letterhead::Files;
use crate::outputs::{Content, Output};
use crate::progress::Bar;
use crate::{files, guesses, outputs, settings};

/// A larger input is hashed only when asked: hashing it would cost more than the audit.
const HASHED_UNASKED: u64 = 16 << 20;

pub fn run(args: &AuditArgs) -> Result<Status, Vec<Problem>> {
    let mut policy = settings::audit_policy(args)?;
    let given = &args.input.files;
    let dress = Files::new(&policy, args);
    let taken_up = dress.paths();
    let outputs = outputs::parse(&args.out, given.iter().chain(&args.input.policy).chain(&taken_up))?;
    outputs::check_notices(&outputs, &policy, args.as_of.is_some())?;
    let letterhead = if outputs.iter().any(Output::is_dressed) {
        dress.letterhead()?
    } else {
        idle(&dress)?
    };
    let inputs = Inputs::from_arguments(given)?;
    outputs::spare(outputs.iter().map(Output::path), &inputs)?;
    let hash_all = args.hash_inputs || outputs.iter().any(Output::needs_hashes);
    let (_, audit) = audited(args, &mut policy, inputs, hash_all)?;

    outputs::write(&outputs, &Content::new(&audit, &letterhead, &[]))?;
    if outputs.iter().any(Output::is_notice) {
        for (what, key) in unsaid(&letterhead) {
            files::tell(&format!(
                "warning: the notice does not state {what}; say it as `{key}` under [report] in the policy"
            ));
        }
    }
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

/// Counts what the inputs hold and audits it, with all that is to be said of how they were read; fills the roles that
/// nobody named.
pub fn audited(
    args: &AuditArgs,
    policy: &mut Policy,
    inputs: Inputs,
    hash_all: bool,
) -> Result<(Tally, Audit), Vec<Problem>> {
    let inputs = inputs.prepared(&policy.data)?;
    let found = guesses::take(&inputs, policy, args.input.no_guess)?;
    let bar = Bar::new(args.quiet);
    let tally = evenhand::tally(Source::Inputs(&inputs, Some(&bar)), policy);
    bar.finish();
    let tally = tally?;
    let mut audit = evenhand::measure::audit(&tally, policy).map_err(|problems| in_inputs(problems, &inputs))?;
    audit.provenance.inputs = describe(&inputs, hash_all)?;
    audit.provenance.as_of.clone_from(&args.as_of);
    audit.notes.extend(found.guesses.iter().map(guesses::note));
    audit.notes.extend(found.notes);
    audit.notes.extend(files::left_out(&inputs));
    audit.notes.extend(files::readings(&inputs));
    audit.notes.sort_by_key(|note| note.severity);
    Ok((tally, audit))
}

/// Without a report nothing is read of what one says of itself, and flags for it are a mistake.
pub fn idle(dress: &Files<'_>) -> Result<Letterhead, Vec<Problem>> {
    let problems = dress.idle();
    if problems.is_empty() {
        Ok(Letterhead::default())
    } else {
        Err(problems)
    }
}

/// What the audit of a tally finds wrong lies in the inputs: says in which.
pub fn in_inputs(problems: Vec<Problem>, inputs: &Inputs) -> Vec<Problem> {
    let place = match inputs.all() {
        [input] => shown(input.path()),
        _ => "all inputs together".to_owned(),
    };
    let in_place = |problem: Problem| Problem {
        message: format!("{place}: {}", problem.message),
        ..problem
    };
    problems.into_iter().map(in_place).collect()
}

fn describe(inputs: &Inputs, hash_all: bool) -> Result<Vec<InputRead>, Vec<Problem>> {
    let read = |(input, name): (&Input, String)| {
        let described = || -> io::Result<InputRead> {
            let bytes = input.bytes()?;
            let hashed = hash_all || bytes < HASHED_UNASKED;
            Ok(InputRead {
                name,
                bytes,
                sha256: if hashed { Some(sha256(input.read()?)?) } else { None },
            })
        };
        described().map_err(|error| {
            Problem::data(
                format!("{} cannot be read: {error}", shown(input.path())),
                "check the path and that you may read it",
            )
        })
    };
    let mut described = Vec::new();
    let mut problems = Vec::new();
    for input in inputs.all().iter().zip(inputs.names()) {
        match read(input) {
            Ok(input) => described.push(input),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(described)
    } else {
        Err(problems)
    }
}

fn sha256(mut file: impl Read) -> io::Result<String> {
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
