//! The command as people and scripts meet it: arguments in; status, text and files out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/baseline.rs"]
mod baseline;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/check_outputs.rs"]
mod check_outputs;
#[path = "cli/classes.rs"]
mod classes;
#[path = "cli/compare.rs"]
mod compare;
#[path = "cli/complete.rs"]
mod complete;
#[path = "cli/exports.rs"]
mod exports;
#[path = "cli/fixtures.rs"]
mod fixtures;
#[path = "cli/harness.rs"]
mod harness;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/inputs.rs"]
mod inputs;
#[path = "cli/leads.rs"]
mod leads;
#[path = "cli/lists.rs"]
mod lists;
#[path = "cli/lists_asked.rs"]
mod lists_asked;
#[path = "cli/median.rs"]
mod median;
#[path = "cli/outputs.rs"]
mod outputs;
#[path = "cli/packed.rs"]
mod packed;
#[path = "cli/policy.rs"]
mod policy;
#[path = "cli/prices.rs"]
mod prices;
#[path = "cli/questions.rs"]
mod questions;
#[path = "cli/rates.rs"]
mod rates;
#[path = "cli/reports.rs"]
mod reports;
#[path = "cli/roles.rs"]
mod roles;
#[path = "cli/scores.rs"]
mod scores;
#[path = "cli/tallies.rs"]
mod tallies;
#[path = "cli/usage.rs"]
mod usage;
