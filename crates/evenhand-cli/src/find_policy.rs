//! This module finds the policy of a gate, and what the policy names besides: files of data, the baseline.

use std::path::{Component, Path, PathBuf};

use evenhand::{Policy, Problem};

use crate::args::Input;

/// What a policy is called where nobody names it.
const NAME: &str = "evenhand.toml";

/// Fills in the policy where none was named: the nearest one in this folder or above it, up to the folder of the
/// repository. A preset alone is a policy as well.
pub fn find(input: &mut Input) -> Result<(), Vec<Problem>> {
    if input.policy.is_some() {
        return Ok(());
    }
    input.policy = nearest(Path::new("."));
    if input.policy.is_none() && input.preset.is_none() {
        return Err(vec![Problem::usage(
            format!("there is no {NAME} in this folder or above it, so nothing says what is checked"),
            "write one with `evenhand init FILE`, or name another with --policy",
        )]);
    }
    Ok(())
}

/// The nearest policy at or above a folder, by a path relative to it, so that messages do not depend on where the
/// repository lies.
pub fn nearest(start: &Path) -> Option<PathBuf> {
    let start_at = start.canonicalize().ok()?;
    let mut relative = PathBuf::new();
    for folder in start_at.ancestors() {
        let file = folder.join(NAME);
        if file.is_file() {
            return Some(relative.join(NAME));
        }
        // A file in a linked worktree, a folder in any other.
        if folder.join(".git").exists() {
            return None;
        }
        relative.push("..");
    }
    None
}

/// What the policy names lies in the policy's folder, wherever the command runs.
pub fn beside(policy: Option<&Path>, name: &str) -> PathBuf {
    let folder = policy.and_then(Path::parent);
    folder.unwrap_or_else(|| Path::new("")).join(name)
}

/// Fills in the files where the command line names none.
pub fn fill_files(input: &mut Input, policy: &Policy) -> Result<(), Vec<Problem>> {
    if !input.files.is_empty() {
        return Ok(());
    }
    let named = policy.data.files.iter();
    input.files = named.map(|name| beside(input.policy.as_deref(), name)).collect();
    if input.files.is_empty() {
        let policy = input.policy.as_deref().unwrap_or(Path::new(NAME));
        return Err(vec![Problem::usage(
            format!("no file is named, neither here nor in `{}`", policy.display()),
            "name one on the command line, or write files = [\"decisions.csv\"] under [data] in the policy",
        )]);
    }
    Ok(())
}

/// The policy's path as the reviewers of a repository know it: from the repository's folder, with slashes.
pub fn in_repository(policy: Option<&Path>) -> String {
    let named = policy.unwrap_or(Path::new(NAME));
    let from_root = named.canonicalize().ok().and_then(|file| {
        let root = file.ancestors().skip(1).find(|folder| folder.join(".git").exists())?;
        file.strip_prefix(root).ok().map(Path::to_owned)
    });
    let path = from_root.as_deref().unwrap_or(named);
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        Component::ParentDir => Some("..".to_owned()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}
