//! This module gathers what a report says of itself: from the policy, from flags, and from the files that both name.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use evenhand::measure::policy::{OwnWords, Report};
use evenhand::{Policy, Problem};
use evenhand_report::document::{Letterhead, Logo, Posting, is_font};

use crate::args::AuditArgs;
use crate::find_policy;

/// The largest picture or text of one's own.
const LARGEST: u64 = 5 << 20;
/// The largest font: those of Chinese, Japanese and Korean have 20 MB.
const LARGEST_FONT: u64 = 64 << 20;

/// The files that a report takes up, and where to look for them.
pub struct Files<'a> {
    report: &'a Report,
    args: &'a AuditArgs,
}

impl<'a> Files<'a> {
    pub fn new(policy: &'a Policy, args: &'a AuditArgs) -> Self {
        Self {
            report: &policy.report,
            args,
        }
    }

    /// All of them, so that none is written over.
    pub fn paths(&self) -> Vec<PathBuf> {
        let words = self.report.sections.iter().map(|section| &section.words);
        let files = words.filter_map(|words| match words {
            OwnWords::File(file) => Some(file),
            OwnWords::Text(_) => None,
        });
        let named = self.report.logo.iter().chain(&self.report.fonts).chain(files);
        named
            .map(|name| self.beside_policy(name))
            .chain(self.args.font.iter().cloned())
            .collect()
    }

    /// What the policy names lies in the policy's folder, wherever the command runs.
    fn beside_policy(&self, name: &str) -> PathBuf {
        find_policy::beside(self.args.input.policy.as_deref(), name)
    }

    /// What a report says of itself, with the content of the files.
    pub fn letterhead(&self) -> Result<Letterhead, Vec<Problem>> {
        let (report, args) = (self.report, self.args);
        let mut problems = Vec::new();
        let logo = report
            .logo
            .as_ref()
            .and_then(|name| keep(&mut problems, logo(&self.beside_policy(name))));
        let named = report.fonts.iter().map(|name| self.beside_policy(name));
        let fonts = named.chain(args.font.iter().cloned());
        let fonts = fonts.filter_map(|path| keep(&mut problems, font(&path))).collect();
        let mut sections = Vec::new();
        for section in &report.sections {
            let text = match &section.words {
                OwnWords::Text(text) => Ok(text.clone()),
                OwnWords::File(name) => text(&section.title, &self.beside_policy(name)),
            };
            sections.extend(keep(&mut problems, text).map(|text| (section.title.clone(), text)));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Letterhead {
            title: report.title.clone(),
            client: args.client.clone().or_else(|| report.client.clone()),
            auditor: args.auditor.clone().or_else(|| report.auditor.clone()),
            number: report.number.clone(),
            confidentiality: report.confidentiality.clone(),
            engagement: report.engagement.clone(),
            independence: report.independence.clone(),
            accent: report.accent,
            logo,
            sections,
            fonts,
            posting: Posting {
                tool: report.tool.clone(),
                distribution_date: report.distribution_date.map(|day| day.to_string()),
                data_kind: report.data_kind,
                data_source: report.data_source.clone(),
                data_explanation: report.data_explanation.clone(),
            },
        })
    }

    /// Flags that would have no effect on what is written.
    pub fn idle(&self) -> Vec<Problem> {
        let given = [
            ("--client", self.args.client.is_some()),
            ("--auditor", self.args.auditor.is_some()),
            ("--font", !self.args.font.is_empty()),
        ];
        let idle = given.into_iter().filter(|(_, is_given)| *is_given);
        idle.map(|(flag, _)| {
            Problem::usage(
                format!("{flag} is of no use without a report to write"),
                format!("add --out report.html, or leave out {flag}"),
            )
        })
        .collect()
    }
}

/// What was read; what could not be is remembered.
fn keep<T>(problems: &mut Vec<Problem>, read: Result<T, Problem>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

fn logo(path: &Path) -> Result<Logo, Problem> {
    Logo::read(read("the logo", path, LARGEST)?).ok_or_else(|| {
        Problem::usage(
            format!("the logo `{}` is neither PNG nor JPEG nor SVG", path.display()),
            "save it in one of these formats; the ending of its name does not matter",
        )
    })
}

fn font(path: &Path) -> Result<Vec<u8>, Problem> {
    let bytes = read("the font", path, LARGEST_FONT)?;
    if is_font(&bytes) {
        return Ok(bytes);
    }
    Err(Problem::usage(
        format!("`{}` is no font that can be used", path.display()),
        "name a TrueType or OpenType font (.ttf, .otf or .ttc); unpack .woff and .woff2 first",
    ))
}

/// The text of a section.
fn text(title: &str, path: &Path) -> Result<String, Problem> {
    let what = format!("the text of the section `{title}`");
    let text = String::from_utf8(read(&what, path, LARGEST)?).map_err(|_| {
        Problem::usage(
            format!("{what}, `{}`, is not UTF-8", path.display()),
            "save it again as UTF-8",
        )
    })?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// A file as a whole, if it is one and not too large.
fn read(what: &str, path: &Path, largest: u64) -> Result<Vec<u8>, Problem> {
    let cannot =
        |why: &str, help: &str| Problem::usage(format!("{what}, `{}`, cannot be read: {why}", path.display()), help);
    let told = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => cannot(
            "it does not exist",
            "check the name; what a policy names is looked for in the policy's folder",
        ),
        _ => cannot(&error.to_string(), "check the file and its permissions"),
    };
    let metadata = path.metadata().map_err(told)?;
    // A pipe might never end.
    if !metadata.is_file() {
        return Err(cannot("it is no file", "name a file"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(told)?;
    file.take(largest + 1).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > largest {
        let most = largest >> 20;
        return Err(cannot(&format!("it has more than {most} MB"), "make it smaller"));
    }
    Ok(bytes)
}
