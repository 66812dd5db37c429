//! Files that are damaged or lie end with a problem that names them, or with counts that add up: no panic of our own,
//! and no more memory than is stated here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod bombs;
mod budget;
mod craft;
mod damage;
mod lying;
mod mutations;
mod odd_text;
mod seeds;
mod workbooks;

use std::path::Path;

use evenhand_measure::tally::Tally;
use evenhand_measure::{Fault, Policy, Problem};
use tempfile::TempDir;

/// Protected `sex`, decision `hired`.
fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".to_owned()];
    policy.roles.prediction = Some("hired".to_owned());
    policy
}

/// The bytes, read as a file of this name, as the roles of `policy` say and to be looked at.
fn read(folder: &TempDir, name: &str, bytes: &[u8], policy: &Policy) -> Result<Tally, Problem> {
    let path = folder.path().join(name);
    // Some file systems wait for the disk when a file is written over, and not when it is a new one.
    let _ = std::fs::remove_file(&path);
    std::fs::write(&path, bytes).unwrap();
    let found = evenhand_source::tally(std::slice::from_ref(&path), policy, &());
    let seen = evenhand_source::profile(&path);
    for problem in found.as_ref().err().into_iter().flatten() {
        assert_named(problem, &path);
    }
    seen.err()
        .into_iter()
        .flatten()
        .for_each(|problem| assert_named(&problem, &path));
    let tally = found.map_err(|problems| problems[0].clone())?;
    let cells: u64 = tally.decisions.cells().map(|(_, counts)| counts.n).sum();
    assert_eq!(cells, tally.rows());
    Ok(tally)
}

fn assert_named(problem: &Problem, path: &Path) {
    assert!(problem.message.contains(&path.display().to_string()), "{problem}");
    assert!(!problem.help.is_empty(), "{problem}");
}

/// The message with which these bytes are refused, as a fault of the data.
#[track_caller]
fn refused(folder: &TempDir, name: &str, bytes: &[u8], what: &str) -> String {
    match read(folder, name, bytes, &policy()) {
        Ok(tally) => panic!("{what}: {} rows were counted", tally.rows()),
        Err(problem) => {
            assert_eq!(problem.fault, Fault::Data, "{what}: {problem}");
            problem.message
        }
    }
}
