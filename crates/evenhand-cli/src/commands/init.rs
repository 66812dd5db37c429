//! `evenhand init`: a policy that says how a file is read and what its columns were taken for.

use std::path::Path;

use evenhand::measure::policy::{Check, default_checks, quoted};
use evenhand::source::{Guess, Inputs, Profile, Spellings, guess, spellings};
use evenhand::{Level, Policy, Problem};
use evenhand_report::safe::terminal;

use crate::args::Layout;
use crate::exit::Status;
use crate::guesses::role_words;
use crate::settings::lay_out;
use crate::{files, outputs};

pub fn run(file: &Path, out: &Path, layout: &Layout) -> Result<Status, Vec<Problem>> {
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
    let mut policy = Policy::default();
    lay_out(&mut policy.data, layout);
    let inputs = Inputs::from_arguments(&[file.to_owned()])?;
    outputs::spare([out].into_iter(), &inputs)?;
    let inputs = inputs.prepared(&policy.data)?;
    let profile = inputs.profile()?;
    policy.data = profile.reading.data.clone();
    let guesses = guess(&profile, &mut policy);
    let text = page(file, &inputs, &profile, &policy, &guesses);
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

fn page(file: &Path, inputs: &Inputs, profile: &Profile, policy: &Policy, guesses: &[Guess]) -> String {
    let mut page = comment(&format!(
        "How `evenhand audit {}` reads the file, and what it takes its columns for.",
        file.display()
    ));
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
    page.push_str(&policy.to_toml());
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
    page.push_str(&checks(policy));
    page.push_str(DRESS);
    page
}

/// What a report says of itself, for whoever hands one on.
const DRESS: &str = "
# What reports say of themselves; it decides nothing:
# [report]
# client = \"…\"
# auditor = \"…\"
";

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
