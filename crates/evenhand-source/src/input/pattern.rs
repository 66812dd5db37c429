//! This module finds the files that match a pattern such as `data/*/part-?.csv`.
//!
//! The `glob` crate says which names match. The folders are walked here, because its own walk panics at names that are
//! no UTF-8 and follows links to folders in circles.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use evenhand_measure::Problem;
use glob::{MatchOptions, Pattern};

use super::find::is_pipe;
use super::{shown, unreadable};

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// One name of a path with patterns in it.
enum Step {
    /// This very name, or the root, or `..`.
    Literal(PathBuf),
    /// All names like it.
    Like(Pattern),
    /// `**`: any number of folders, also none.
    Folders,
}

/// What matches, before it is known what of it is a file.
#[derive(Default)]
struct Matches {
    paths: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

/// The files that match `pattern`, in the order of their names, and the folders that match and of which no file does.
pub(super) fn matches(pattern: &str) -> Result<(Vec<PathBuf>, Vec<String>), Problem> {
    let mut found = Matches::default();
    found.walk(PathBuf::new(), &steps(pattern)?)?;
    let Matches { mut paths, mut folders } = found;
    paths.sort();
    // Two `**` may lead to the same file in several ways.
    paths.dedup();
    if paths.is_empty() {
        return Err(nothing(pattern, !folders.is_empty()));
    }
    // Links that lead nowhere stay: reading them says so.
    let is_no_file = |path: &&PathBuf| path.metadata().is_ok_and(|metadata| !metadata.is_file());
    if let Some(path) = paths.iter().find(is_no_file) {
        let what = match path.metadata() {
            Ok(metadata) if is_pipe(&metadata) => "a pipe",
            _ => "a device",
        };
        return Err(Problem::data(
            format!(
                "the pattern `{pattern}` matches {}, which is {what} and no file",
                shown(path)
            ),
            "choose a pattern that matches files only; a pipe has to be named itself",
        ));
    }
    folders.sort();
    folders.dedup();
    // In the order of names, the files below a folder come right after where it would stand.
    folders.retain(|folder| {
        let next = paths.partition_point(|path| path < folder);
        paths.get(next).is_none_or(|path| !path.starts_with(folder))
    });
    let folders = folders.iter().map(|folder| folder.display().to_string()).collect();
    Ok((paths, folders))
}

fn steps(pattern: &str) -> Result<Vec<Step>, Problem> {
    let mut steps: Vec<Step> = Vec::new();
    for component in Path::new(pattern).components() {
        let step = match component {
            Component::Normal(name) if name == "**" => Step::Folders,
            Component::Normal(name) => match name.to_str().filter(|name| is_pattern(name)) {
                Some(name) => Step::Like(Pattern::new(name).map_err(|error| no_pattern(pattern, error.msg))?),
                None => Step::Literal(name.into()),
            },
            other => Step::Literal(other.as_os_str().into()),
        };
        // One after the other they mean what one alone means.
        if !matches!((steps.last(), &step), (Some(Step::Folders), Step::Folders)) {
            steps.push(step);
        }
    }
    Ok(steps)
}

/// Whether a name may match others than itself.
pub(super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

impl Matches {
    /// Goes on from `path`, which may be empty, by `steps`.
    fn walk(&mut self, path: PathBuf, steps: &[Step]) -> Result<(), Problem> {
        let Some((step, rest)) = steps.split_first() else {
            if path.is_dir() {
                self.folders.push(path);
            } else {
                self.paths.push(path);
            }
            return Ok(());
        };
        match step {
            Step::Literal(name) => {
                let next = path.join(name);
                if next.symlink_metadata().is_ok() {
                    self.walk(next, rest)?;
                }
            }
            Step::Like(pattern) => {
                for entry in entries(&path)? {
                    let name = entry.file_name();
                    let text = name.to_string_lossy();
                    // As in a shell, hidden names are meant only where a pattern starts as they do.
                    let is_meant = !text.starts_with('.') || pattern.as_str().starts_with('.');
                    if is_meant && pattern.matches_with(&text, OPTIONS) {
                        self.walk(path.join(&name), rest)?;
                    }
                }
            }
            Step::Folders => {
                self.walk(path.clone(), rest)?;
                for entry in entries(&path)? {
                    // Links are not followed: they may lead in circles.
                    let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                    if is_folder && !entry.file_name().to_string_lossy().starts_with('.') {
                        self.walk(path.join(entry.file_name()), steps)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// What is in a folder; nothing in what is none.
fn entries(path: &Path) -> Result<Vec<fs::DirEntry>, Problem> {
    let folder = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<fs::DirEntry>>>);
    entries.map_err(|error| unreadable(folder, &error))
}

fn nothing(pattern: &str, has_folders: bool) -> Problem {
    if has_folders {
        return Problem::data(
            format!("the pattern `{pattern}` matches folders only"),
            "add `/*.csv` or `/*.parquet` to it, or `/**/*.parquet` for folders in folders",
        );
    }
    Problem::data(
        format!("no file matches the pattern `{pattern}`"),
        "check it with `ls`; a `*` does not go into folders, and `**` does",
    )
}

fn no_pattern(pattern: &str, why: &str) -> Problem {
    Problem::data(
        format!("`{pattern}` does not exist and is no pattern: {why}"),
        format!(
            "write {} to mean the letters themselves",
            shown(Path::new(&Pattern::escape(pattern)))
        ),
    )
}
