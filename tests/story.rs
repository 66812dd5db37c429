//! The gate as a repository meets it: five commits of a model, the files that fetch and run it elsewhere, and what the
//! documents say of its exit status.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

#[path = "story/action.rs"]
mod action;
#[path = "story/commits.rs"]
mod commits;
#[path = "story/exit_status.rs"]
mod exit_status;
#[path = "story/recipes.rs"]
mod recipes;
#[path = "story/released.rs"]
mod released;

use std::path::{Path, PathBuf};

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
