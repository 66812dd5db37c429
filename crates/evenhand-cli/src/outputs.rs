//! This module chooses the renderer of each `--out`, renders everything, and only then writes anything.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use evenhand::source::{Input, Inputs};
use evenhand::{Audit, Policy, Problem, measure::audit::model::series_kind};
use evenhand_report::document::{Document, Letterhead, document, notice, posted};
use evenhand_report::plot::{Figure, Fonts, png_with, svg_with};
use evenhand_report::{
    Section, TextOptions, findings_csv, html, json, markdown_of, model_card, plain, publication_csv, rates_csv,
    series_csv, tests_csv, text, workbook,
};

use crate::files;

/// What a file is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Table,
    Text,
    Markdown,
    Json,
    Html,
    Pdf,
    Workbook,
    Card,
    Notice(Page),
    RatesCsv,
    FindingsCsv,
    TestsCsv,
    SeriesCsv,
    PublicationCsv,
    Svg(Figure),
    Png(Figure),
}

/// How a page for publication is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Html,
    Pdf,
    Markdown,
}

impl Kind {
    /// Whether it says who made it for whom.
    fn is_dressed(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Markdown | Self::Html | Self::Pdf | Self::Workbook | Self::Card | Self::Notice(_)
        )
    }
}

/// A file that was asked for.
#[derive(Debug)]
pub struct Output {
    kind: Kind,
    path: PathBuf,
}

/// The words that choose a renderer whatever the file's ending.
const KINDS: &str = "html, pdf, xlsx, text, table, markdown, json, csv, findings, tests, series, publication, card, notice, rates, forest, map, curves";

/// Reads every `--out`, and checks that each can be written and harms none of the files that are `read`.
pub fn parse<'a>(given: &[String], read: impl Iterator<Item = &'a PathBuf>) -> Result<Vec<Output>, Vec<Problem>> {
    let (outputs, mut problems) = parse_all(given.iter().map(String::as_str));
    let paths: Vec<&Path> = outputs.iter().map(Output::path).collect();
    problems.extend(misplaced(&paths, read));
    if problems.is_empty() {
        Ok(outputs)
    } else {
        Err(problems)
    }
}

/// What each `--out` asks for, and what is wrong with those that ask for nothing known.
pub fn parse_all<'a>(given: impl Iterator<Item = &'a str>) -> (Vec<Output>, Vec<Problem>) {
    let (outputs, problems): (Vec<_>, Vec<_>) = given.map(parse_one).partition(Result::is_ok);
    (
        outputs.into_iter().flatten().collect(),
        problems.into_iter().filter_map(Result::err).collect(),
    )
}

/// Paths that cannot be written, that are written twice, or that lead to a file that is `read`.
pub fn misplaced<'a>(paths: &[&Path], read: impl Iterator<Item = &'a PathBuf>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let read: Vec<PathBuf> = read.map(|path| files::identity(path)).collect();
    let written: Vec<PathBuf> = paths.iter().map(|path| files::identity(path)).collect();
    for (index, path) in paths.iter().enumerate() {
        problems.extend(files::check(path).err());
        if read.contains(&written[index]) {
            problems.push(is_read(path));
        }
        if written[..index].contains(&written[index]) {
            problems.push(Problem::usage(
                format!("`{}` is to be written twice", path.display()),
                "give each --out a path of its own",
            ));
        }
    }
    problems
}

impl Output {
    /// Where it is to be written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it says who made it for whom.
    pub fn is_dressed(&self) -> bool {
        self.kind.is_dressed()
    }

    /// Whether it is a page for publication.
    pub fn is_notice(&self) -> bool {
        matches!(self.kind, Kind::Notice(_))
    }

    /// Whether it is kept as evidence, so that it has to say which files it is about.
    pub fn needs_hashes(&self) -> bool {
        matches!(self.kind, Kind::Pdf | Kind::Workbook)
    }
}

/// Checks before anything is read that a page for publication can be made.
pub fn check_notices(outputs: &[Output], policy: &Policy, dated: bool) -> Result<(), Vec<Problem>> {
    let Some(first) = outputs.iter().find(|output| output.is_notice()) else {
        return Ok(());
    };
    let asked = format!("--out notice={}", first.path.display());
    if policy.publication.is_none() {
        return Err(vec![nothing_to_publish(&asked)]);
    }
    if !dated {
        return Err(vec![Problem::usage(
            format!("`{asked}` has to state the day of the audit"),
            "add --as-of with the day, such as --as-of 2026-01-31",
        )]);
    }
    Ok(())
}

/// Checks that no input, however it was found, would be written over.
pub fn spare<'a>(outputs: impl Iterator<Item = &'a Path>, inputs: &Inputs) -> Result<(), Vec<Problem>> {
    let mut outputs = outputs.peekable();
    // A run with thousands of inputs and no output asks for none of them.
    if outputs.peek().is_none() {
        return Ok(());
    }
    let files = inputs.all().iter().filter(|input| !input.is_kept());
    let read: BTreeSet<PathBuf> = files.map(Input::path).map(files::identity).collect();
    let problems: Vec<Problem> = outputs
        .filter(|path| read.contains(&files::identity(path)))
        .map(is_read)
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn is_read(path: &Path) -> Problem {
    Problem::usage(
        format!("`{}` is read, and would be written over", path.display()),
        "give --out another path",
    )
}

fn parse_one(given: &str) -> Result<Output, Problem> {
    let (named, path) = match given.split_once('=') {
        Some((kind, path)) if kind.chars().all(|c| c.is_ascii_alphabetic()) || series_kind(kind).is_some() => {
            (Some(kind), path)
        }
        _ => (None, given),
    };
    let path = PathBuf::from(path);
    let ending = path
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let is_page = |known: &str| known == ending || (known == "html" && ending == "htm");
    let picture = |figure| match ending.as_str() {
        "png" => Some(Kind::Png(figure)),
        "svg" => Some(Kind::Svg(figure)),
        _ => None,
    };
    let kind = match named {
        Some("table") => Some(Kind::Table),
        Some("text") => Some(Kind::Text),
        Some("markdown") => Some(Kind::Markdown),
        Some("json") => Some(Kind::Json),
        Some("html") => Some(Kind::Html),
        Some("pdf") => Some(Kind::Pdf),
        Some("xlsx") => Some(Kind::Workbook),
        Some("card") => Some(Kind::Card),
        Some("notice") => match ending.as_str() {
            _ if is_page("html") => Some(Kind::Notice(Page::Html)),
            "pdf" => Some(Kind::Notice(Page::Pdf)),
            "md" => Some(Kind::Notice(Page::Markdown)),
            _ => None,
        },
        Some("csv") => Some(Kind::RatesCsv),
        Some("findings") => Some(Kind::FindingsCsv),
        Some("tests") => Some(Kind::TestsCsv),
        Some("publication") => Some(Kind::PublicationCsv),
        Some("rates") => picture(Figure::Rates),
        Some("series") => Some(Kind::SeriesCsv),
        Some("forest") => picture(Figure::Forest),
        Some("map") => picture(Figure::Map),
        Some("curves") => picture(Figure::Curves),
        // One kind of curve alone, such as `roc`.
        Some(kind) => series_kind(kind).and_then(|kind| picture(Figure::Series(kind.id))),
        None => match ending.as_str() {
            "txt" => Some(Kind::Text),
            "md" => Some(Kind::Markdown),
            "json" => Some(Kind::Json),
            "csv" => Some(Kind::RatesCsv),
            "pdf" => Some(Kind::Pdf),
            "xlsx" => Some(Kind::Workbook),
            _ if is_page("html") => Some(Kind::Html),
            _ => picture(Figure::Overview),
        },
    };
    let kind = kind.filter(|_| !path.as_os_str().is_empty());
    if let (Some(Kind::Pdf | Kind::Notice(Page::Pdf)), false) = (kind, cfg!(feature = "pdf")) {
        return Err(no_pdf(given));
    }
    kind.map(|kind| Output { kind, path }).ok_or_else(|| {
        Problem::usage(
            format!("`--out {given}` does not say what to write"),
            format!(
                "end it in .html, .pdf, .xlsx, .md, .txt, .json, .csv, .svg or .png, or write KIND=PATH with one of {KINDS} \
                 (pictures end in .svg or .png, a notice in .html, .pdf or .md)"
            ),
        )
    })
}

/// What is written, and the pages that several files are made of.
pub struct Content<'a> {
    pub audit: &'a Audit,
    pub letterhead: &'a Letterhead,
    pub extra: &'a [Section],
    report: OnceCell<Document>,
    fonts: OnceCell<Fonts>,
}

impl<'a> Content<'a> {
    pub fn new(audit: &'a Audit, letterhead: &'a Letterhead, extra: &'a [Section]) -> Self {
        Self {
            audit,
            letterhead,
            extra,
            report: OnceCell::new(),
            fonts: OnceCell::new(),
        }
    }

    /// The fonts that pictures are drawn with.
    fn fonts(&self) -> &Fonts {
        self.fonts.get_or_init(|| Fonts::new(&self.letterhead.fonts))
    }

    /// The report before any format, made when the first format asks for it.
    fn report(&self) -> &Document {
        self.report.get_or_init(|| document(self.audit, self.letterhead))
    }
}

/// Renders all, then writes all: a picture that cannot be drawn leaves no file behind.
pub fn write(outputs: &[Output], content: &Content<'_>) -> Result<(), Vec<Problem>> {
    files::write(&rendered(outputs, content)?)
}

/// What is to be written where.
pub fn rendered<'a>(outputs: &'a [Output], content: &Content<'_>) -> Result<Vec<(&'a Path, Vec<u8>)>, Vec<Problem>> {
    let mut rendered: Vec<(&Path, Vec<u8>)> = Vec::new();
    let mut problems = Vec::new();
    for output in outputs {
        match render(output.kind, content) {
            Ok(bytes) => rendered.push((&output.path, bytes)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(rendered)
    } else {
        Err(problems)
    }
}

fn render(kind: Kind, content: &Content<'_>) -> Result<Vec<u8>, Problem> {
    // Twice the size of the drawing, so that print and sharp screens show clean letters.
    const PNG_SCALE: f32 = 2.0;
    let &Content {
        audit,
        letterhead,
        extra,
        ..
    } = content;
    // A file has no terminal whose width could be asked.
    let in_file = TextOptions {
        width: 100,
        color: false,
        detail: true,
        quiet: false,
    };
    Ok(match kind {
        Kind::Table => text(audit, &in_file, extra).into_bytes(),
        Kind::Text => plain(content.report()).into_bytes(),
        Kind::Markdown => markdown_of(content.report()).into_bytes(),
        Kind::Json => json(audit).map_err(|error| no_json(&error))?.into_bytes(),
        Kind::Html => html(content.report(), letterhead, audit).into_bytes(),
        Kind::Pdf => pdf(content.report(), letterhead, audit)?,
        Kind::Workbook => workbook(audit, letterhead).map_err(|error| no_workbook(&error))?,
        Kind::Card => model_card(audit, letterhead)
            .map_err(|error| no_json(&error))?
            .into_bytes(),
        Kind::Notice(page) => {
            let document = notice(audit, letterhead).ok_or_else(|| nothing_to_publish("--out notice=…"))?;
            match page {
                Page::Html => html(&document, letterhead, &posted(audit)).into_bytes(),
                Page::Pdf => pdf(&document, letterhead, &posted(audit))?,
                Page::Markdown => markdown_of(&document).into_bytes(),
            }
        }
        Kind::RatesCsv => rates_csv(audit).map_err(|error| no_csv(&error))?,
        Kind::FindingsCsv => findings_csv(audit).map_err(|error| no_csv(&error))?,
        Kind::TestsCsv => tests_csv(audit).map_err(|error| no_csv(&error))?,
        Kind::SeriesCsv => series_csv(audit).map_err(|error| no_csv(&error))?,
        Kind::PublicationCsv if audit.publication.is_none() => {
            return Err(nothing_to_publish("--out publication=…"));
        }
        Kind::PublicationCsv => publication_csv(audit).map_err(|error| no_csv(&error))?,
        Kind::Svg(figure) => svg_with(audit, figure, content.fonts()).into_bytes(),
        Kind::Png(figure) => {
            png_with(&svg_with(audit, figure, content.fonts()), PNG_SCALE, content.fonts()).map_err(|error| {
                Problem::usage(
                    format!("the picture cannot be drawn: {error}"),
                    "write an .svg instead, and report this",
                )
            })?
        }
    })
}

#[cfg(feature = "pdf")]
fn pdf(document: &Document, letterhead: &Letterhead, audit: &Audit) -> Result<Vec<u8>, Problem> {
    evenhand_report::pdf(document, letterhead, audit).map_err(|error| {
        Problem::data(
            format!("the PDF cannot be made: {error}"),
            "write .html instead and print it, and report this",
        )
    })
}

#[cfg(not(feature = "pdf"))]
fn pdf(_: &Document, _: &Letterhead, _: &Audit) -> Result<Vec<u8>, Problem> {
    Err(no_pdf("….pdf"))
}

fn no_pdf(given: &str) -> Problem {
    Problem::usage(
        format!("`--out {given}` asks for a PDF, which this build of evenhand cannot write"),
        "install one that can with `cargo install --path crates/evenhand-cli --features pdf`, or write .html and print it",
    )
}

fn no_workbook(error: &dyn std::fmt::Display) -> Problem {
    Problem::data(
        format!("the workbook cannot be written: {error}"),
        "write .csv instead, and report this",
    )
}

fn nothing_to_publish(asked: &str) -> Problem {
    Problem::usage(
        format!("`{asked}` asks for tables for publication, and the policy computes none"),
        "add --preset ll144, or [publication] to the policy",
    )
}

fn no_csv(error: &dyn std::fmt::Display) -> Problem {
    Problem::data(
        format!("the table cannot be written as CSV: {error}"),
        "write JSON instead, and report this",
    )
}

/// A result that cannot be written as JSON would be a defect of this program, so it is said rather than hidden.
pub fn no_json(error: &dyn std::fmt::Display) -> Problem {
    Problem::data(
        format!("the result cannot be written as JSON: {error}"),
        "please report this as a defect",
    )
}
