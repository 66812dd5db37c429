//! This module writes what a gate answers: the files of `--out`, and what the runner of a workflow takes.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use evenhand::Problem;
use evenhand::measure::gate::Gate;
use evenhand_report::gate::{
    annotations, badge, badge_json, gate_json, github_output, gitlab, junit, openmetrics, sarif, summary,
};

use crate::outputs::{Content, Output};
use crate::{files, outputs};

/// A format that only a gate has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Junit,
    Gitlab,
    Sarif,
    Summary,
    OpenMetrics,
    Badge,
    BadgeJson,
    Gate,
}

/// A file that was asked for in such a format.
#[derive(Debug)]
struct Special {
    kind: Kind,
    path: PathBuf,
}

/// All that a gate is to write.
#[derive(Debug)]
pub struct GateOutputs {
    special: Vec<Special>,
    /// What any audit can write.
    pub of_audit: Vec<Output>,
}

impl GateOutputs {
    /// Reads every `--out`, and checks that each can be written and harms none of the files that are `read`.
    pub fn parse<'a>(given: &[String], read: impl Iterator<Item = &'a PathBuf>) -> Result<Self, Vec<Problem>> {
        let mut special = Vec::new();
        let mut others = Vec::new();
        let mut problems = Vec::new();
        for text in given {
            match parse_one(text) {
                Some(Ok(output)) => special.push(output),
                Some(Err(problem)) => problems.push(problem),
                None => others.push(text.as_str()),
            }
        }
        let (of_audit, unknown) = outputs::parse_all(others.into_iter());
        problems.extend(unknown);
        let outputs = Self { special, of_audit };
        let paths: Vec<&Path> = outputs.paths().collect();
        problems.extend(outputs::misplaced(&paths, read));
        if problems.is_empty() {
            Ok(outputs)
        } else {
            Err(problems)
        }
    }

    /// Where all of it goes.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let special = self.special.iter().map(|output| output.path.as_path());
        special.chain(self.of_audit.iter().map(Output::path))
    }

    /// Renders all, then writes all.
    pub fn write(&self, gate: &Gate, policy: &str, content: &Content<'_>) -> Result<(), Vec<Problem>> {
        let mut rendered = outputs::rendered(&self.of_audit, content)?;
        for output in &self.special {
            let text = match output.kind {
                Kind::Junit => junit(gate),
                Kind::Gitlab => sure(gitlab(gate, policy))?,
                Kind::Sarif => sure(sarif(gate, policy))?,
                Kind::Summary => summary(gate),
                Kind::OpenMetrics => openmetrics(gate),
                Kind::Badge => badge(gate),
                Kind::BadgeJson => badge_json(gate),
                Kind::Gate => sure(gate_json(gate))?,
            };
            rendered.push((&output.path, text.into_bytes()));
        }
        files::write(&rendered)
    }
}

/// A text that could not be written would be a defect of this program, so it is said rather than hidden.
fn sure<E: std::fmt::Display>(text: Result<String, E>) -> Result<String, Vec<Problem>> {
    text.map_err(|error| vec![outputs::no_json(&error)])
}

/// A file in a format that only a gate has, if it is one.
fn parse_one(given: &str) -> Option<Result<Special, Problem>> {
    let (word, path) = match given.split_once('=') {
        Some((word, path)) => (Some(word), path),
        None => (None, given),
    };
    let path = PathBuf::from(path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let kind = match (word, name.as_deref()) {
        (Some("junit"), _) | (None, Some("junit.xml")) => Kind::Junit,
        (Some("gitlab"), _) | (None, Some("gitlab.json")) => Kind::Gitlab,
        (Some("sarif"), _) | (None, Some("sarif.json")) => Kind::Sarif,
        (Some("summary"), _) | (None, Some("summary.md")) => Kind::Summary,
        (Some("openmetrics"), _) | (None, Some("metrics.txt")) => Kind::OpenMetrics,
        (Some("badge"), _) | (None, Some("badge.svg" | "badge.json")) => match ending.as_deref() {
            Some("svg") => Kind::Badge,
            Some("json") => Kind::BadgeJson,
            _ => {
                return Some(Err(Problem::usage(
                    format!("`--out {given}` does not say what to write"),
                    "end a badge in .svg, or in .json for a service that draws it",
                )));
            }
        },
        (Some("gate"), _) => Kind::Gate,
        _ => return None,
    };
    // Without a path the other formats say what is missing.
    (!path.as_os_str().is_empty()).then_some(Ok(Special { kind, path }))
}

/// Whether the runner of GitHub Actions reads what is printed.
pub fn is_under_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// What the runner shows beside the lines of the policy.
pub fn annotated(gate: &Gate, policy: &str) -> String {
    annotations(gate, policy)
}

/// Adds to the files that a step of a workflow leaves for its job, where the runner names them. What cannot be added
/// does not change the verdict.
pub fn leave_for_runner(gate: &Gate) {
    add("GITHUB_STEP_SUMMARY", || summary(gate));
    add("GITHUB_OUTPUT", || github_output(gate));
}

fn add(variable: &str, text: impl Fn() -> String) {
    let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) else {
        return;
    };
    let opened = OpenOptions::new().append(true).create(true).open(&path);
    if let Err(error) = opened.and_then(|mut file| file.write_all(text().as_bytes())) {
        files::tell(&format!(
            "warning: nothing could be added to `{}`, which {variable} names: {error}",
            Path::new(&path).display()
        ));
    }
}
