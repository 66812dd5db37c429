//! The command `evenhand`: reads arguments, calls the library, prints, and ends with the documented status.

mod answers;
mod args;
mod asking;
mod commands;
mod exit;
mod files;
mod find_policy;
mod gate_outputs;
mod guesses;
mod letterhead;
mod outputs;
mod progress;
mod settings;
mod today;
mod turn;

use std::process::ExitCode;

use clap::Parser;
use evenhand::Problem;

use crate::args::{Cli, Command};
use crate::exit::Status;

fn main() -> ExitCode {
    let status = run(&Cli::parse()).unwrap_or_else(|problems| {
        // One mistake in a long file can bring hundreds with it.
        const MOST: usize = 20;
        for Problem { message, help, .. } in problems.iter().take(MOST) {
            files::tell(&format!("error: {message}"));
            files::tell(&format!("  help: {help}"));
        }
        if problems.len() > MOST {
            files::tell(&format!(
                "error: there are {} more such problems",
                problems.len() - MOST
            ));
            files::tell("  help: mend the first ones and run again");
        }
        Status::of_problems(&problems)
    });
    status.into()
}

fn run(cli: &Cli) -> Result<Status, Vec<Problem>> {
    match &cli.command {
        Command::Audit(args) => commands::audit::run(args),
        Command::Check(args) => commands::check::run(args),
        Command::Baseline(command) => commands::baseline::run(command),
        Command::List => commands::catalogue::list(),
        Command::Explain { id } => commands::catalogue::explain(id),
        Command::Inspect { file, layout } => commands::inspect::run(file, layout),
        Command::Init { input, out } => commands::init::run(input, out),
        Command::Policy { command } => commands::policy::run(command),
        Command::Tally { input, out, quiet } => commands::tally::run(input, out, *quiet),
        Command::Merge { tallies, out } => commands::tally::merge(tallies, out),
        Command::History(asked) => commands::history::run(asked),
        Command::Schema { format } => commands::schema::run(*format),
        Command::Completions { shell } => commands::complete::completions(*shell),
        Command::Man { folder } => commands::complete::man(folder.as_deref()),
    }
}
