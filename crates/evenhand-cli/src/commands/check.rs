//! `evenhand check`: files before the gate of a policy.

use std::path::{Path, PathBuf};

use evenhand::measure::gate::baseline::Baseline;
use evenhand::measure::gate::{Gate, gate};
use evenhand::source::Inputs;
use evenhand::{Level, Policy, Problem};
use evenhand_report::TextOptions;
use evenhand_report::gate::{gate_json, gate_text, summary};

use super::audit::{audited, idle, use_color, width};
use super::baseline;
use crate::args::gate::CheckArgs;
use crate::args::{AuditArgs, Format};
use crate::exit::Status;
use crate::gate_outputs::{GateOutputs, annotated, is_under_actions, leave_for_runner};
use crate::letterhead::Files;
use crate::outputs::{Content, Output};
use crate::today::today;
use crate::{files, find_policy, outputs, settings};

pub fn run(args: &CheckArgs) -> Result<Status, Vec<Problem>> {
    let mut audit = args.audit.0.clone();
    find_policy::find(&mut audit.input)?;
    let policy = settings::audit_policy(&audit)?;
    find_policy::fill_files(&mut audit.input, &policy)?;
    if args.baseline.is_some() && policy.baseline.level == Level::Off {
        return Err(vec![Problem::usage(
            "--baseline is of no use: the policy does not look at changes",
            "take level = \"off\" out of [baseline] in the policy, or leave the flag out",
        )]);
    }
    let compared_with = compared_with(args, &audit, &policy);
    let before = match &compared_with {
        Some(path) => Some(baseline::read(path)?),
        None => None,
    };
    check(&audit, policy, compared_with.as_deref(), before.as_ref())
}

/// The baseline: the one that was named, else the policy's; a policy that does not look at changes needs none.
fn compared_with(args: &CheckArgs, audit: &AuditArgs, policy: &Policy) -> Option<PathBuf> {
    let of_policy = || {
        let file = policy.baseline.file.as_deref()?;
        Some(find_policy::beside(audit.input.policy.as_deref(), file))
    };
    let looks = policy.baseline.level != Level::Off;
    args.baseline.clone().or_else(of_policy).filter(|_| looks)
}

fn check(
    args: &AuditArgs,
    mut policy: Policy,
    compared_with: Option<&Path>,
    before: Option<&Baseline>,
) -> Result<Status, Vec<Problem>> {
    let given = &args.input.files;
    let dress = Files::new(&policy, args);
    let mut read = dress.paths();
    read.extend(compared_with.map(Path::to_owned));
    let outputs = GateOutputs::parse(&args.out, given.iter().chain(&args.input.policy).chain(&read))?;
    let of_audit = &outputs.of_audit;
    outputs::check_notices(of_audit, &policy, args.as_of.is_some())?;
    let letterhead = if of_audit.iter().any(Output::is_dressed) {
        dress.letterhead()?
    } else {
        idle(&dress)?
    };
    // A clock that nothing depends on is not looked at.
    let today = if policy.waivers.is_empty() {
        None
    } else {
        today(args.as_of.as_deref()).map_err(|problem| vec![problem])?
    };
    let inputs = Inputs::from_arguments(given)?;
    outputs::spare(outputs.paths(), &inputs)?;
    let hash_all = args.hash_inputs || of_audit.iter().any(Output::needs_hashes);
    let (tally, mut audit) = audited(args, &mut policy, inputs, hash_all)?;
    let changes = match before {
        Some(before) => {
            audit.notes.extend(before.remarks(&tally));
            Some(before.compare(&tally, &policy)?)
        }
        // Without a baseline, another model's decisions on the same rows are what these are held against.
        None => audit.paired.as_ref().map(|paired| paired.changes.clone()),
    };
    let gate = gate(audit, changes, &policy, today);
    let policy_path = find_policy::in_repository(args.input.policy.as_deref());
    outputs.write(&gate, &policy_path, &Content::new(&gate.audit, &letterhead, &[]))?;
    say(&gate, args, &policy_path)?;
    Ok(Status::of(gate.verdict, args.exit_zero, args.on_inconclusive))
}

/// Prints the answer, and leaves it for the runner of a workflow.
fn say(gate: &Gate, args: &AuditArgs, policy_path: &str) -> Result<(), Vec<Problem>> {
    let printed = match args.format {
        Format::Json => gate_json(gate).map_err(|error| vec![outputs::no_json(&error)])?,
        Format::Markdown => summary(gate),
        Format::Table => {
            let options = TextOptions {
                width: width(),
                color: !args.no_color && use_color(),
                detail: args.detail,
                quiet: args.quiet,
            };
            gate_text(gate, &options)
        }
    };
    files::print(&printed).map_err(|problem| vec![problem])?;
    if is_under_actions() {
        let text = annotated(gate, policy_path);
        if args.format == Format::Table {
            files::print(&text).map_err(|problem| vec![problem])?;
        } else {
            // The runner reads both streams, and a document stays one document.
            files::tell_runner(&text);
        }
    }
    leave_for_runner(gate);
    Ok(())
}
