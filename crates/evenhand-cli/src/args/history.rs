//! This module is the command line of `evenhand history`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Input, day};

pub const EXAMPLES: &str = "\
Examples:
  evenhand history add export.csv --policy evenhand.toml --to history.jsonl --name \"$(git rev-parse --short HEAD)\"
  evenhand history show history.jsonl --out trend.html
  evenhand history show history.jsonl --gate

Looking again and again at a test of the usual kind raises a false alarm sooner or later. The evidence of a history does
not: it may be looked at after every run. For that, each run has to bring new rows.";

#[derive(Debug, Subcommand)]
pub enum History {
    /// Audit files and add a line to a history; the verdict is recorded and does not change the status
    Add(Box<AddArgs>),
    /// Show what a history shows: the runs, the trend of each comparison, the evidence against the bounds
    Show(ShowArgs),
}

#[derive(Args, Debug)]
pub struct AddArgs {
    /// The history; made if it is not there
    #[arg(long, value_name = "history.jsonl")]
    pub to: PathBuf,
    // `--label` is the column of what really happened.
    /// What the run is called, such as a commit or a release
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub name: Option<String>,
    /// The day of the audit, such as 2026-01-31; nothing is dated otherwise
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub as_of: Option<String>,
    /// The rows are new though each group has as many as in an earlier run, as with samples of a fixed size
    #[arg(long)]
    pub new_rows: bool,
    /// Start the evidence anew with this run, as after a breach was mended; the line says so
    #[arg(long)]
    pub restart: bool,
    /// Print no progress
    #[arg(short, long)]
    pub quiet: bool,
    // What is flattened comes last: a heading of it holds for all that follows.
    #[command(flatten)]
    pub input: Box<Input>,
}

#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The history
    #[arg(value_name = "history.jsonl")]
    pub file: PathBuf,
    /// End with status 1 when the evidence alarms, and with 4 when the rows could not have shown a breach
    #[arg(long)]
    pub gate: bool,
    /// In what share of histories that keep every bound it may ever alarm
    #[arg(long, value_name = "SHARE", default_value = "0.05", value_parser = share)]
    pub alpha: f64,
    /// Also write to a file, by its ending: .txt .md .html .csv .svg .png
    #[arg(long, value_name = "PATH")]
    pub out: Vec<PathBuf>,
    /// Print the first sentence only
    #[arg(short, long)]
    pub quiet: bool,
    /// No colours (the environment variable NO_COLOR does the same)
    #[arg(long)]
    pub no_color: bool,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share: &f64| (1e-12..=0.5).contains(share))
        .ok_or_else(|| "write a share above 0 and up to 0.5, such as 0.05".to_owned())
}
