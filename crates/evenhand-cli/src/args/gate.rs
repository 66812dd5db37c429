//! This module is the command line of the gate: `evenhand check` and `evenhand baseline`.

use std::path::PathBuf;

use clap::error::Error;
use clap::{ArgMatches, Args, Command, FromArgMatches, Id, Subcommand};

use super::{AuditArgs, FROM_FILE, Input};

pub const CHECK_EXAMPLES: &str = "\
The policy is the nearest evenhand.toml, in this folder or above it, as far as the repository reaches.
Examples:
  evenhand check
  evenhand check decisions.csv --baseline evenhand.baseline.json
  evenhand check --out junit.xml --out gitlab.json --out sarif.json --out report.html
  evenhand check --as-of 2026-01-31 --on-inconclusive pass
Of files for --out a gate knows besides: junit.xml, gitlab.json (code quality), sarif.json, summary.md, metrics.txt \
(OpenMetrics), badge.svg and badge.json by their names; or KIND=PATH with the kinds junit, gitlab, sarif, summary, \
openmetrics, badge (.svg or .json) and gate (the whole answer as JSON).";

/// What `evenhand check` takes.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// What the data are compared with: a file that `evenhand baseline create` made, or a tally; instead of the one
    /// that the policy names
    #[arg(long, value_name = "B", help_heading = FROM_FILE)]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub audit: FilesOfPolicy<AuditArgs>,
}

/// Arguments whose files the policy may name instead.
#[derive(Clone, Debug)]
pub struct FilesOfPolicy<T>(pub T);

fn unforced(command: Command) -> Command {
    command.mut_arg("files", |files| files.required(false))
}

impl<T: Args> Args for FilesOfPolicy<T> {
    fn group_id() -> Option<Id> {
        T::group_id()
    }

    fn augment_args(command: Command) -> Command {
        unforced(T::augment_args(command))
    }

    fn augment_args_for_update(command: Command) -> Command {
        unforced(T::augment_args_for_update(command))
    }
}

impl<T: FromArgMatches> FromArgMatches for FilesOfPolicy<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// What `evenhand baseline` does.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Keep the tally of these data as what later data are compared with; never in place of another
    Create(Box<MakeArgs>),
    /// Put these data in place of an older baseline, and say what changes; refuses where a comparison that counts gets
    /// worse
    ///
    /// Worse means: by the bare estimates the disparity has grown by more than the tolerance and the outcome by its
    /// bound is no better than it was; or it has no value any more.
    Update(Box<UpdateArgs>),
    /// Say what a baseline holds, as the policy reads it
    Show(Box<ShowArgs>),
}

/// What `evenhand baseline create` takes.
#[derive(Args, Debug)]
pub struct MakeArgs {
    /// The file; the one that the policy names if nothing is said
    #[arg(short, long, alias = "baseline", value_name = "B")]
    pub out: Option<PathBuf>,
    /// Print no progress
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub input: FilesOfPolicy<Input>,
}

/// What `evenhand baseline update` takes.
#[derive(Args, Debug)]
pub struct UpdateArgs {
    /// Take the data over though comparisons get worse, or cannot be compared
    #[arg(long)]
    pub allow_worse: bool,
    #[command(flatten)]
    pub make: MakeArgs,
}

/// What `evenhand baseline show` takes.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The file; the one that the policy names if nothing is said
    #[arg(value_name = "B")]
    pub file: Option<PathBuf>,
    /// The same
    #[arg(short, long, alias = "baseline", value_name = "B", conflicts_with = "file")]
    pub out: Option<PathBuf>,
    /// Print the precise statements beside the plain ones
    #[arg(long)]
    pub detail: bool,
    /// A policy file, instead of the nearest evenhand.toml
    #[arg(long, value_name = "evenhand.toml")]
    pub policy: Option<PathBuf>,
}
