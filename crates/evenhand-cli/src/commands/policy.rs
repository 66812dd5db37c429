//! `evenhand policy check` and `evenhand policy show`.

use std::path::Path;

use evenhand::measure::policy::schema_line;
use evenhand::{Policy, Problem};
use evenhand_report::policy_lines;
use evenhand_report::safe::terminal;

use crate::args::PolicyCommand;
use crate::exit::Status;
use crate::{files, settings};

pub fn run(command: &PolicyCommand) -> Result<Status, Vec<Problem>> {
    let text = match command {
        PolicyCommand::Check { policy } => checked(policy)?,
        PolicyCommand::Show { policy, preset } => {
            shown(&settings::from_file(settings::ground(preset.as_deref())?, policy)?)
        }
    };
    files::print(&text).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}

fn checked(path: &Path) -> Result<String, Vec<Problem>> {
    let policy = settings::from_file(Policy::default(), path)?;
    let counted = |n: usize, one: &str| match n {
        0 => format!("no {one}s"),
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    };
    let checks = match policy.checks.len() {
        0 => "the usual checks".to_owned(),
        n => counted(n, "check"),
    };
    let name = terminal(&path.display().to_string());
    Ok(format!(
        "{name} is a policy: {checks}, {}\n",
        counted(policy.waivers.len(), "waiver")
    ))
}

/// In words, which are comments, and in full: together a policy file that asks the same.
fn shown(policy: &Policy) -> String {
    let checks: Vec<_> = policy.effective_checks(&|role| policy.roles.has(role));
    let mut page = schema_line();
    page.push_str("# What this policy asks:\n");
    for line in policy_lines(policy, &checks) {
        page.push_str(&format!("# - {}\n", terminal(&line)));
    }
    page.push_str("#\n# In full, with what holds where it says nothing:\n");
    page.push_str(&policy.in_full());
    if policy.checks.is_empty() {
        page.push_str("\n# The checks that apply are not written here: they follow from the data, as listed above.\n");
    }
    page
}
