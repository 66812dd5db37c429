//! This module computes everything that is shown of a history.

use super::chain::History;
use super::drift::{Drift, Shift, drifts, shifts};
use super::evidence::{Book, Evidence, Unused};
use super::line::{Line, Pair};
use super::trend::{Trend, trend};

/// A history as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The runs, oldest first.
    pub runs: Vec<Run>,
    /// The comparisons, in the order in which they came.
    pub comparisons: Vec<Comparison>,
    /// Everybody's rates, between the first and the last run that brought new rows.
    pub drifts: Vec<Drift>,
    /// Gaps with strata, between the same runs.
    pub shifts: Vec<Shift>,
    /// The two runs that are meant.
    pub between: Option<(usize, usize)>,
    /// The evidence against all bounds together.
    pub evidence: Evidence,
}

/// A run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What it is called: its label, else its day, else its number.
    pub name: String,
    /// The day, where there is one.
    pub as_of: Option<String>,
    /// What was found.
    pub verdict: String,
    /// Why its rows are no new evidence.
    pub unused: Option<Unused>,
    /// Whether the e-processes start anew with it.
    pub restart: bool,
}

/// A comparison from run to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The comparison as it last was.
    pub of: Pair,
    /// What each run has of it, in the order of the runs.
    pub points: Vec<Option<Point>>,
    /// Whether the gap moves, where a share of independent rows is compared.
    pub trend: Option<Trend>,
    /// The runs that the trend is of.
    pub used: Vec<usize>,
    /// The smallest 1/E under the present bound, at most 1: valid at every look. `None` where nothing is bet on.
    pub p: Option<f64>,
}

/// A comparison in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// What was recorded.
    pub pair: Pair,
    /// The smallest 1/E up to then.
    pub p: Option<f64>,
}

/// Computes what is shown of a history, with the e-processes held against `1/alpha`.
#[must_use]
pub fn course(history: &History, alpha: f64) -> Course {
    let lines = history.lines();
    let mut book = Book::new(alpha);
    let mut comparisons: Vec<Comparison> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        book.take(at, line);
        for pair in &line.comparisons {
            let account = book.account(pair, line.independent).filter(|account| account.runs > 0);
            let point = Point {
                pair: pair.clone(),
                p: account.map(|account| account.p),
            };
            let known = comparisons.iter().position(|comparison| comparison.of.is_of(pair));
            let known = known.unwrap_or_else(|| {
                comparisons.push(Comparison {
                    of: pair.clone(),
                    points: Vec::new(),
                    trend: None,
                    used: Vec::new(),
                    p: None,
                });
                comparisons.len() - 1
            });
            let comparison = &mut comparisons[known];
            comparison.points.resize(at, None);
            comparison.p = point.p;
            comparison.of = pair.clone();
            comparison.points.push(Some(point));
        }
    }
    for comparison in &mut comparisons {
        comparison.points.resize(lines.len(), None);
        let gaps: Vec<(usize, (f64, f64))> = comparison
            .points
            .iter()
            .zip(lines)
            .enumerate()
            .filter_map(|(at, (point, line))| Some((at, gap(&point.as_ref()?.pair, line)?)))
            .collect();
        (comparison.used, comparison.trend) = {
            let (used, gaps): (Vec<usize>, Vec<(f64, f64)>) = gaps.into_iter().unzip();
            (used, trend(&gaps))
        };
    }
    let fresh = |line: &Line| Unused::of(line).is_none();
    let (first, last) = (lines.iter().position(fresh), lines.iter().rposition(fresh));
    let between = first.zip(last).filter(|(first, last)| first < last);
    Course {
        runs: lines.iter().enumerate().map(run).collect(),
        comparisons,
        drifts: between.map_or_else(Vec::new, |(first, last)| drifts(&lines[first], &lines[last])),
        shifts: between.map_or_else(Vec::new, |(first, last)| shifts(&lines[first], &lines[last])),
        between,
        evidence: book.evidence(),
    }
}

fn run((at, line): (usize, &Line)) -> Run {
    let name = line.label.as_ref().or(line.as_of.as_ref());
    Run {
        name: name.cloned().unwrap_or_else(|| format!("run {}", at + 1)),
        as_of: line.as_of.clone(),
        verdict: line.verdict.clone(),
        unused: Unused::of(line),
        restart: line.restart,
    }
}

/// The gap of two shares with its standard error, where the run brought new and independent rows.
fn gap(pair: &Pair, line: &Line) -> Option<(f64, f64)> {
    let [group, reference] = pair.counts.filter(|_| line.independent && Unused::of(line).is_none())?;
    let variance = |rate: f64, of: f64| rate * (1.0 - rate) / of;
    let error = (variance(group.rate(), group.denominator) + variance(reference.rate(), reference.denominator)).sqrt();
    (error > 0.0).then(|| (group.rate() - reference.rate(), error))
}
