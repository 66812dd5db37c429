//! The command `evenhand`: reads arguments, calls the library, prints, and ends with the documented status.

mod args;
mod commands;
mod exit;
mod files;
mod outputs;
mod progress;
mod settings;

use std::process::ExitCode;

use clap::Parser;
use evenhand::Problem;

use crate::args::{Cli, Command};
use crate::exit::Status;

fn main() -> ExitCode {
    let status = run(&Cli::parse()).unwrap_or_else(|problems| {
        for Problem { message, help, .. } in &problems {
            let (message, help) = (
                evenhand_report::safe::terminal(message),
                evenhand_report::safe::terminal(help),
            );
            files::tell(&format!("error: {message}\n  help: {help}\n"));
        }
        Status::of_problems(&problems)
    });
    status.into()
}

fn run(cli: &Cli) -> Result<Status, Vec<Problem>> {
    match &cli.command {
        Command::Audit(args) => commands::audit::run(args),
        Command::List => commands::catalogue::list(),
        Command::Explain { id } => commands::catalogue::explain(id),
        Command::Inspect { file } => commands::inspect::run(file),
        Command::Tally { input, out, quiet } => commands::tally::run(input, out, *quiet),
        Command::Merge { tallies, out } => commands::tally::merge(tallies, out),
        Command::Schema { format } => commands::schema::run(*format),
    }
}
