//! `evenhand baseline`: what later data are compared with.

use std::io;
use std::path::{Path, PathBuf};

use evenhand::measure::audit::change::{Change, ChangeOutcome, Changes};
use evenhand::measure::gate::baseline::{Baseline, loosened};
use evenhand::source::Inputs;
use evenhand::{Audit, Policy, Problem, Source, Tally};
use evenhand_report::numbers::count;
use evenhand_report::safe::terminal;
use evenhand_report::{TextOptions, text, words};

use super::audit::{in_inputs, use_color, width};
use crate::args::Input;
use crate::args::gate::{BaselineCommand, MakeArgs, ShowArgs, UpdateArgs};
use crate::exit::Status;
use crate::progress::Bar;
use crate::{files, find_policy, guesses, outputs, settings};

pub fn run(command: &BaselineCommand) -> Result<Status, Vec<Problem>> {
    match command {
        BaselineCommand::Create(args) => create(args),
        BaselineCommand::Update(args) => update(args),
        BaselineCommand::Show(args) => show(args),
    }
}

/// The largest baseline that is read: lists and clusters make large tallies, a file that is none may have any size.
const LARGEST: u64 = 1 << 30;

/// Reads a baseline.
pub fn read(path: &Path) -> Result<Baseline, Vec<Problem>> {
    let name = files::shown(path);
    let problem = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Problem::usage(
            format!("the baseline {name} does not exist"),
            format!("make it with `evenhand baseline create --out {}`", path.display()),
        ),
        _ => Problem::data(
            format!("the baseline {name} cannot be read: {error}"),
            "check the file and its permissions",
        ),
    };
    let metadata = path.metadata().map_err(|error| vec![problem(error)])?;
    if metadata.is_dir() || metadata.len() > LARGEST {
        return Err(vec![Problem::data(
            format!("the baseline {name} cannot be read: it is a folder, or far too large for one"),
            "name the file that `evenhand baseline create` made",
        )]);
    }
    let bytes = std::fs::read(path).map_err(|error| vec![problem(error)])?;
    Baseline::from_json(&name, &bytes).map_err(|problem| vec![problem])
}

/// What was counted for a baseline, and where that is to lie.
struct Made {
    policy: Policy,
    tally: Tally,
    audit: Audit,
    baseline: Baseline,
}

/// Settles what is read and where it goes, before anything is.
fn settle(args: &MakeArgs) -> Result<(Input, Policy, PathBuf), Vec<Problem>> {
    let mut input = args.input.0.clone();
    find_policy::find(&mut input)?;
    let policy = settings::policy(&input)?;
    find_policy::fill_files(&mut input, &policy)?;
    let out = place(args.out.as_deref(), &policy, input.policy.as_deref())?;
    Ok((input, policy, out))
}

/// Where a baseline lies: where that was said, else where the policy says.
fn place(said: Option<&Path>, policy: &Policy, policy_path: Option<&Path>) -> Result<PathBuf, Vec<Problem>> {
    let of_policy = || {
        let file = policy.baseline.file.as_deref()?;
        Some(find_policy::beside(policy_path, file))
    };
    said.map(Path::to_owned).or_else(of_policy).ok_or_else(|| {
        vec![Problem::usage(
            "nothing says which file is the baseline",
            "name it with --out evenhand.baseline.json, or write file = \"evenhand.baseline.json\" under [baseline] in \
             the policy",
        )]
    })
}

fn make(input: &Input, mut policy: Policy, out: &Path, quiet: bool) -> Result<Made, Vec<Problem>> {
    let read = input.files.iter().chain(&input.policy);
    let problems = outputs::misplaced(&[out], read);
    if !problems.is_empty() {
        return Err(problems);
    }
    let inputs = Inputs::from_arguments(&input.files)?;
    outputs::spare([out].into_iter(), &inputs)?;
    let inputs = inputs.prepared(&policy.data)?;
    let asked = policy.clone();
    let found = guesses::take(&inputs, &mut policy, input.no_guess)?;
    let bar = Bar::new(quiet);
    let tally = evenhand::tally(Source::Inputs(&inputs, Some(&bar)), &policy);
    bar.finish();
    let tally = tally?;
    // Whatever the gate could not audit later is said now.
    let audit = evenhand::measure::audit(&tally, &policy).map_err(|problems| in_inputs(problems, &inputs))?;
    let baseline = Baseline::of(&tally, &asked, &audit)?;
    if !quiet {
        for note in files::left_out(&inputs).into_iter().chain(files::readings(&inputs)) {
            files::tell(&files::with_help(&note));
        }
        for guess in found.guesses.iter().filter(|guess| guess.is_taken()) {
            let message = guesses::note(guess).message;
            files::tell(&format!("{message} (pin it with {})", guess.flag));
        }
    }
    Ok(Made {
        policy,
        tally,
        audit,
        baseline,
    })
}

fn create(args: &MakeArgs) -> Result<Status, Vec<Problem>> {
    let (input, policy, out) = settle(args)?;
    if out.symlink_metadata().is_ok() {
        return Err(vec![Problem::usage(
            format!("`{}` is there already", out.display()),
            "renew it with `evenhand baseline update`, which says what changes, or name another file with --out",
        )]);
    }
    let made = make(&input, policy, &out, args.quiet)?;
    keep(&made, &out)?;
    Ok(Status::Passed)
}

fn keep(made: &Made, out: &Path) -> Result<(), Vec<Problem>> {
    files::write(&[(out, made.baseline.to_json().into_bytes())])?;
    let said = format!(
        "Wrote {}: {}. Small cells can identify people, so treat it as you treat the data.",
        files::shown(out),
        size(&made.tally)
    );
    print(&format!("{}\n", terminal(&said)))
}

fn size(tally: &Tally) -> String {
    let cells = tally.decisions.cells().len() as u64;
    let cells = if cells == 1 {
        "1 cell".to_owned()
    } else {
        format!("{} cells", count(cells))
    };
    format!("{} rows in {cells}", count(tally.rows()))
}

fn print(text: &str) -> Result<(), Vec<Problem>> {
    files::print(text).map_err(|problem| vec![problem])
}

fn update(args: &UpdateArgs) -> Result<Status, Vec<Problem>> {
    let (input, policy, out) = settle(&args.make)?;
    // Of a newer or damaged one nobody can say what would be lost.
    let before = read(&out)?;
    let made = make(&input, policy, &out, args.make.quiet)?;
    if made.baseline.to_json() == before.to_json() {
        print(&format!(
            "{} holds these data already: nothing changes.\n",
            terminal(&files::shown(&out))
        ))?;
        return Ok(Status::Passed);
    }
    match before.compare(&made.tally, &made.policy) {
        Ok(changes) => {
            let was = evenhand::measure::audit(&before.tally, &made.policy)?;
            let worse = loosened(&changes, &was, &made.audit, &made.policy);
            if !args.make.quiet {
                print(&told(&changes))?;
            }
            if !worse.is_empty() && !args.allow_worse {
                print(&refused(&changes, &worse, &out))?;
                return Ok(Status::Failed);
            }
        }
        Err(problems) if args.allow_worse => {
            for problem in problems {
                files::tell(&format!("warning: {}", problem.message));
            }
        }
        Err(problems) => return Err(problems),
    }
    keep(&made, &out)?;
    Ok(Status::Passed)
}

/// So many changes are listed; a hundred groups have thousands of pairs.
const LISTED: usize = 100;

/// What changes, the greatest worsening first.
fn told(changes: &Changes) -> String {
    let has_moved = |change: &&Change| change.worsening.is_none_or(|worsening| worsening != 0.0);
    let mut moved: Vec<&Change> = changes.changes.iter().filter(has_moved).collect();
    // What appears or goes comes first, in the order of the audit.
    let growth = |change: &Change| change.worsening.unwrap_or(f64::INFINITY);
    moved.sort_by(|one, other| growth(other).total_cmp(&growth(one)));
    let same = changes.changes.len() - moved.len();
    let mut out = format!(
        "{} of {} comparisons change:\n",
        count(moved.len() as u64),
        count(changes.changes.len() as u64)
    );
    for change in moved.iter().take(LISTED) {
        out.push_str(&format!("  {}\n", terminal(&said(change))));
    }
    if moved.len() > LISTED {
        out.push_str(&format!("  and {} more\n", count((moved.len() - LISTED) as u64)));
    }
    if same > 0 {
        out.push_str(&format!("{} stay as they were.\n", count(same as u64)));
    }
    out
}

fn refused(changes: &Changes, worse: &[usize], out: &Path) -> String {
    let these: Vec<&Change> = worse.iter().filter_map(|place| changes.changes.get(*place)).collect();
    let mut text = terminal(&format!(
        "Not updated: {} of the comparisons that count would be worse in {}, by more than {} and with no better outcome, \
         or would have no value any more:",
        count(these.len() as u64),
        files::shown(out),
        changes.tolerance
    ));
    text.push('\n');
    for change in these.iter().take(LISTED) {
        text.push_str(&format!("  {}\n", terminal(&said(change))));
    }
    if these.len() > LISTED {
        text.push_str(&format!("  and {} more\n", count((these.len() - LISTED) as u64)));
    }
    text.push_str("Where that is accepted, add --allow-worse, and say why where the file is kept.\n");
    text
}

/// One comparison: what it was, what it is.
fn said(change: &Change) -> String {
    let what = format!(
        "{} of {}",
        words::entry_name(&change.criterion),
        words::change_pair(change)
    );
    let within = match words::within(&change.within) {
        Some(stratum) => format!(" within {stratum}"),
        None => String::new(),
    };
    let number = |value: f64| match change.comparison.as_str() {
        "ratio" => format!("{value:.3}"),
        _ => format!("{:.1} points", value * 100.0),
    };
    let value = |side: Option<f64>| side.map_or_else(|| "no value".to_owned(), number);
    let (was, is) = (change.before.map(|side| side.point), change.now.map(|side| side.point));
    let came = match (change.outcome, change.worsening) {
        (ChangeOutcome::Appeared, _) => format!("new, {}", value(is)),
        (ChangeOutcome::Vanished, _) => format!("gone, was {}", value(was)),
        (_, Some(worsening)) if worsening > 0.0 => format!("{} -> {} (worse)", value(was), value(is)),
        (_, Some(_)) => format!("{} -> {} (better)", value(was), value(is)),
        (_, None) => format!("{} -> {}", value(was), value(is)),
    };
    format!("{what}{within}: {came}")
}

fn show(args: &ShowArgs) -> Result<Status, Vec<Problem>> {
    let policy_path = args.policy.clone().or_else(|| find_policy::nearest(Path::new(".")));
    let policy = settings::written(None, policy_path.as_deref())?;
    let said = args.file.as_deref().or(args.out.as_deref());
    let path = place(said, &policy, policy_path.as_deref())?;
    let baseline = read(&path)?;
    let audit = evenhand::measure::audit(&baseline.tally, &baseline.as_it_was_read(&policy))?;
    let made = match (&baseline.tool, baseline.is_of(&policy)) {
        (None, _) => "It is a tally: nobody knows what its columns were taken for, so the policy decides.".to_owned(),
        (Some(tool), Some(true)) => format!("{tool} made it under this policy."),
        (Some(tool), _) if policy_path.is_none() => format!("{tool} made it under a policy that is not here."),
        (Some(tool), _) => format!("{tool} made it under another policy, or one that has been changed since."),
    };
    let options = TextOptions {
        width: width(),
        color: use_color(),
        detail: args.detail,
        quiet: false,
    };
    let head = terminal(&format!(
        "The baseline {} holds {}. {made}",
        files::shown(&path),
        size(&baseline.tally)
    ));
    print(&format!("{head}\n\n{}", text(&audit, &options, &[])))?;
    Ok(Status::Passed)
}
