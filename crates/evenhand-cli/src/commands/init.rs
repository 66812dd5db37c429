//! `evenhand init`: a policy that says how a file is read and what its columns were taken for.

use std::path::{Component, Path, PathBuf};

use evenhand::measure::audit;
use evenhand::measure::policy::keys::{SECTIONS, SectionRow, keys_of};
use evenhand::measure::policy::{Check, SCHEMA_FILE, checks_that_ran, default_checks, quoted, schema_line};
use evenhand::source::{Guess, Inputs, Profile, Spellings, guess, spellings};
use evenhand::{Level, Policy, Problem, Source};
use evenhand_report::safe::terminal;

use crate::args::Input;
use crate::exit::Status;
use crate::guesses::role_words;
use crate::settings::protect_crossed;
use crate::{files, outputs, settings};

pub fn run(input: &Input, out: &Path) -> Result<Status, Vec<Problem>> {
    let is_printed = out.as_os_str() == "-";
    if !is_printed {
        files::check(out).map_err(|problem| vec![problem])?;
        if out.exists() {
            return Err(vec![Problem::usage(
                format!(
                    "`{}` is there already, and somebody may have written in it",
                    out.display()
                ),
                "name another file with --out, or print the policy with `--out -`",
            )]);
        }
    }
    let mut policy = settings::policy(input)?;
    let inputs = Inputs::from_arguments(&input.files)?;
    outputs::spare([out].into_iter(), &inputs)?;
    let inputs = inputs.prepared(&policy.data)?;
    let profile = inputs.profile()?;
    // Looking at the inputs tells their layout; of other tables it tells nothing.
    let asked = std::mem::replace(&mut policy.data, profile.reading.data.clone());
    policy.data.files = seen_from(out, &input.files);
    policy.data.digits = policy.data.digits.or(asked.digits);
    policy.data.joins = asked.joins;
    policy.data.relevant = asked.relevant;
    policy.data.history = asked.history;
    let guesses = if input.no_guess {
        Vec::new()
    } else {
        guess(&profile, &mut policy)
    };
    let has_own_checks = !policy.checks.is_empty();
    if let Some(checks) = checks_of_the_audit(&inputs, &policy) {
        policy.checks = checks;
    }
    // Only now, since until here they are found from where the program runs.
    for table in policy.data.tables_mut() {
        if let Some(name) = seen_from(out, &[table.path()]).pop() {
            *table = name.into();
        }
    }
    let text = page(&Found {
        files: &input.files,
        inputs: &inputs,
        profile: &profile,
        policy: &policy,
        guesses: &guesses,
        has_own_checks,
    });
    if is_printed {
        files::print(&text).map_err(|problem| vec![problem])?;
        return Ok(Status::Passed);
    }
    files::write(&[(out, text.into_bytes())])?;
    let name = out.display();
    files::tell(&format!(
        "wrote {name}: check it, correct it, then audit with --policy {name}"
    ));
    for role in open(&policy) {
        files::tell(&format!(
            "warning: it does not say which column is {role}; fill that in"
        ));
    }
    Ok(Status::Passed)
}

/// What the page is written from.
struct Found<'a> {
    files: &'a [PathBuf],
    inputs: &'a Inputs,
    profile: &'a Profile,
    policy: &'a Policy,
    guesses: &'a [Guess],
    has_own_checks: bool,
}

/// The checks that the bare audit makes of these data, where asking for them gives the same findings; nothing where a
/// policy has its own, or where the audit cannot be made yet.
fn checks_of_the_audit(inputs: &Inputs, policy: &Policy) -> Option<Vec<Check>> {
    if !policy.checks.is_empty() || !open(policy).is_empty() {
        return None;
    }
    let mut asked = policy.clone();
    protect_crossed(&mut asked.roles);
    let tally = evenhand::tally(Source::Inputs(inputs, None), &asked).ok()?;
    let bare = audit(&tally, &asked).ok()?;
    asked.checks = checks_that_ran(&bare);
    let again = audit(&tally, &asked).ok()?;
    let is_same = bare.findings == again.findings && bare.verdict == again.verdict;
    (is_same && !asked.checks.is_empty()).then_some(asked.checks)
}

/// Files as a policy in `out` names them.
fn seen_from(out: &Path, files: &[PathBuf]) -> Vec<String> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let is_below = |folder: &Path| folder.components().all(|part| matches!(part, Component::Normal(_)));
    let seen = |file: &PathBuf| match folder {
        Some(folder) if file.is_relative() && is_below(folder) => {
            let up: PathBuf = folder.components().map(|_| Component::ParentDir).collect();
            Some(up.join(file))
        }
        Some(_) => std::path::absolute(file).ok(),
        None => Some(file.clone()),
    };
    files
        .iter()
        // What comes through a pipe comes once.
        .filter(|file| file.as_os_str() != "-")
        .filter_map(|file| Some(seen(file)?.to_str()?.to_owned()))
        .collect()
}

fn page(found: &Found<'_>) -> String {
    let Found {
        files: given,
        inputs,
        profile,
        policy,
        guesses,
        has_own_checks,
    } = *found;
    let mut page = schema_line();
    page.push_str(&comment(&format!(
        "The line above is for editors: `evenhand schema policy > {SCHEMA_FILE}` writes the file that it names."
    )));
    page.push_str("#\n");
    let names: Vec<String> = given.iter().map(|file| file.display().to_string()).collect();
    page.push_str(&comment(&format!(
        "How `evenhand audit {}` reads the file, and what it takes its columns for.",
        names.join(" ")
    )));
    page.push_str(&comment(
        "Check it, correct it, keep it, and audit with --policy and its name.",
    ));
    for note in files::readings(inputs) {
        page.push_str(&comment(&note.message));
    }
    for guess in guesses.iter().filter(|guess| guess.is_taken()) {
        let (column, role, reason) = (&guess.column, role_words(guess.role), &guess.reason);
        page.push_str(&comment(&format!("`{column}` was taken for {role}: {reason}.")));
    }
    page.push('\n');
    if let Some(preset) = &policy.preset {
        page.push_str(&format!("preset = {}\n\n", quoted(preset)));
    }
    let has_checks = !policy.checks.is_empty();
    let text = policy.to_toml();
    let (before, judged) = text.split_at(text.find("[[check]]\n").unwrap_or(text.len()));
    page.push_str(before);
    page.push_str(&to_unite(profile, policy));
    page.push_str(&unfilled(profile, policy));
    let open: Vec<&Guess> = guesses.iter().filter(|guess| !guess.is_taken()).collect();
    if !open.is_empty() {
        page.push_str("\n# Not taken, though it may matter:\n");
        for guess in open {
            let line = format!("`{}`: {} ({})", guess.column, guess.reason, guess.flag);
            page.push_str(&comment(&line));
        }
    }
    match (has_checks, has_own_checks) {
        (true, false) => page.push_str(
            "\n# What is judged, and what is printed beside it: all that these data allow. Without checks of its own, a\n\
             # policy has those that its data allow at the time.\n",
        ),
        (true, true) => page.push('\n'),
        (false, _) => page.push_str(&checks(policy)),
    }
    page.push_str(judged);
    page.push_str(&to_add());
    page
}

/// What a policy may say besides, as lines that count once somebody takes their mark away.
fn to_add() -> String {
    let parts = [
        (
            "baseline",
            "A stored run that later ones are compared with, by `evenhand check`:",
        ),
        (
            "waiver",
            "A failure that somebody accepts, for a time and up to a size:",
        ),
        ("report", "What reports say of themselves; it decides nothing:"),
    ];
    let mut text = String::new();
    for (section, about) in parts {
        let title = SECTIONS.iter().find(|row| row.path == section).map(SectionRow::title);
        text.push_str(&format!("\n# {about}\n# {}\n", title.unwrap_or_default()));
        for key in keys_of(section) {
            text.push_str(&format!("# {}  # {}\n", key.line(), key.meaning));
        }
        for key in keys_of(&format!("{section}.group")) {
            text.push_str(&format!(
                "# group = {{ {} }}  # who is accepted to be worse off\n",
                key.line()
            ));
        }
    }
    text
}

/// Values of columns with a role that look like one another, as lines that unite them once somebody takes their mark away.
fn to_unite(profile: &Profile, policy: &Policy) -> String {
    let mut text = String::new();
    for Spellings { column, map, .. } in spellings(profile, policy) {
        let line = |(other, keep): &(String, String)| format!("# {} = {}\n", quoted(other), quoted(keep));
        let lines: String = map.iter().map(line).collect();
        text.push_str("\n# If these are the same, take the marks before the next lines away:\n");
        text.push_str(&format!("# [values.map.{}]\n{lines}", quoted(&column)));
    }
    text
}

/// What an audit cannot go on without, as lines to be filled in.
fn unfilled(profile: &Profile, policy: &Policy) -> String {
    let open = open(policy);
    if open.is_empty() {
        return String::new();
    }
    let mut text = comment("These have to be filled in, under [roles]:");
    if has_no_decision(policy) {
        text.push_str("# prediction = \"…\"  # the decision; or score = \"…\" with threshold = 0.5\n");
    }
    if policy.roles.protected.is_empty() {
        text.push_str("# protected = [\"…\"]  # the protected attributes\n");
    }
    let columns: Vec<String> = profile.columns.iter().map(|column| quoted(&column.name)).collect();
    text.push_str(&comment(&format!("The columns are {}.", columns.join(", "))));
    format!("\n{text}")
}

fn open(policy: &Policy) -> Vec<&'static str> {
    let mut open = Vec::new();
    if has_no_decision(policy) {
        open.push("the decision");
    }
    if policy.roles.protected.is_empty() {
        open.push("a protected attribute");
    }
    open
}

fn has_no_decision(policy: &Policy) -> bool {
    let roles = &policy.roles;
    let audited = [&roles.prediction, &roles.score, &roles.rate, &roles.amount, &roles.list];
    audited.into_iter().all(Option::is_none)
}

/// What is judged without a word, for whoever wants to change it.
fn checks(policy: &Policy) -> String {
    let mut text =
        "\n# What is judged. Without checks of its own, a policy has these and reports the rest:\n".to_owned();
    let has = |role: &str| policy.roles.has(role);
    // Of measures those that the file has columns for; decisions may still be named.
    let matters = |check: &&Check| {
        let can = check
            .criterion
            .measure
            .is_none_or(|measure| measure.needs.iter().all(|role| has(role)));
        check.level == Level::Error && can
    };
    for check in default_checks(&has).iter().filter(matters) {
        text.push_str("# [[check]]\n");
        text.push_str(&format!("# criterion = {}\n", quoted(check.criterion.id)));
        if let Some(bound) = check.bound {
            text.push_str(&format!("# bound = {bound}\n"));
        }
        text.push_str("# level = \"error\"\n");
    }
    text
}

/// A line that is not read. Names may hold anything, also the end of a line.
fn comment(text: &str) -> String {
    format!("# {}\n", terminal(text))
}
