//! `evenhand` audits the decisions of an algorithm for bias.
//!
//! Give it rows (a polars `DataFrame` or `LazyFrame`, or the paths of files) and a [`Policy`] that says which
//! column plays which role; it gives back a row-free [`Tally`], or an [`Audit`] with rates, comparisons and a
//! verdict.
//!
//! ```
//! # #[cfg(feature = "polars")] {
//! use evenhand::{Policy, Verdict, audit};
//! use polars::df;
//!
//! // 400 people of two groups; 120 of 200 and 60 of 200 are hired.
//! let group: Vec<&str> = (0..400).map(|i| if i < 200 { "A" } else { "B" }).collect();
//! let hired: Vec<bool> = (0..400).map(|i| if i < 200 { i < 120 } else { i < 260 }).collect();
//! let frame = df!("group" => group, "hired" => hired).unwrap();
//!
//! let mut policy = Policy::default();
//! policy.roles.prediction = Some("hired".to_owned());
//! policy.roles.protected = vec!["group".to_owned()];
//!
//! let audit = audit(&frame, &policy).unwrap();
//! assert_eq!(audit.verdict, Verdict::Fail);
//! let ratio = audit.findings.iter().find(|f| f.group["group"].as_deref() == Some("B")).unwrap();
//! assert_eq!((ratio.criterion.as_str(), ratio.point), ("disparate-impact", Some(0.5)));
//! # }
//! ```
//!
//! Numbers are proved rather than believed: every rate and criterion is defined once, in
//! [`measure::catalogue`], and tested against other software and by laws.

#[cfg(feature = "polars")]
mod frame;

use std::path::{Path, PathBuf};

pub use evenhand_measure as measure;
pub use evenhand_measure::audit::model::{Audit, Finding, Outcome, Verdict};
pub use evenhand_measure::policy::{Check, Inference, Judge, Level, Roles, Threshold, Values};
pub use evenhand_measure::{Fault, Policy, Problem, Tally};
pub use evenhand_source as source;
use evenhand_source::{Inputs, Progress};

/// Where rows come from.
#[non_exhaustive]
pub enum Source<'a> {
    /// A data frame in memory.
    #[cfg(feature = "polars")]
    Frame(&'a polars::frame::DataFrame),
    /// A query; only the columns that play a role are asked for.
    ///
    /// With the cargo feature `streaming` it runs in batches, and memory does not grow with the rows; where something
    /// needs a second look (a median, a problem to locate) it runs again. Without, those columns are collected first.
    #[cfg(feature = "polars")]
    Lazy(Box<polars::lazy::frame::LazyFrame>),
    /// Files, patterns such as `part-*.csv`, folders and pipes: text, workbooks, JSON, Parquet, Arrow or SQLite, as they
    /// are or packed with gzip, zstd or zip; or tallies. How they are laid out is found out, or said
    /// in the `data` of a [`Policy`].
    Files(Vec<PathBuf>, Option<&'a dyn Progress>),
    /// The same, found before.
    Inputs(&'a Inputs, Option<&'a dyn Progress>),
}

#[cfg(feature = "polars")]
impl<'a> From<&'a polars::frame::DataFrame> for Source<'a> {
    fn from(frame: &'a polars::frame::DataFrame) -> Self {
        Self::Frame(frame)
    }
}

#[cfg(feature = "polars")]
impl From<polars::lazy::frame::LazyFrame> for Source<'_> {
    fn from(query: polars::lazy::frame::LazyFrame) -> Self {
        Self::Lazy(Box::new(query))
    }
}

impl From<&Path> for Source<'_> {
    fn from(path: &Path) -> Self {
        Self::Files(vec![path.to_owned()], None)
    }
}

impl From<&str> for Source<'_> {
    fn from(path: &str) -> Self {
        Self::Files(vec![PathBuf::from(path)], None)
    }
}

impl From<&[PathBuf]> for Source<'_> {
    fn from(paths: &[PathBuf]) -> Self {
        Self::Files(paths.to_vec(), None)
    }
}

/// Counts the rows of a source into a tally.
///
/// The same rows give the same bytes whether they come from a frame, a query, a file or its parts.
///
/// # Errors
/// Every problem with the roles (a column that is not there, named twice, or misspelt) or with the data (a value
/// that cannot play its role, a file that cannot be read), all at once where that is possible.
pub fn tally<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> Result<Tally, Vec<Problem>> {
    match source.into() {
        #[cfg(feature = "polars")]
        Source::Frame(frame) => frame::tally_frame(frame, policy),
        #[cfg(feature = "polars")]
        Source::Lazy(query) => frame::tally_query(*query, policy),
        Source::Inputs(inputs, progress) => inputs.tally(policy, progress.unwrap_or(&())),
        Source::Files(paths, progress) => evenhand_source::tally(&paths, policy, progress.unwrap_or(&())),
    }
}

/// Audits a source: [`tally`], then [`measure::audit()`].
///
/// # Errors
/// As for [`tally`], and what keeps the audit itself from running, such as three values in a decision and no
/// event named.
pub fn audit<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> Result<Audit, Vec<Problem>> {
    evenhand_measure::audit(&tally(source, policy)?, policy)
}
