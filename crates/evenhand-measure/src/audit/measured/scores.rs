//! This module is the view of scores: what a tally holds of them by group and label.

mod curves;
pub(crate) mod values;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::{Context, Named, View, bucket_of, parted, view};
use crate::audit::model::{Group, GroupKind, Note, Series};
use crate::confusion::Event;
use crate::exact_sum::ExactSum;
use crate::scores::{Labelled, median::Median};
use crate::tally::{Axis, Bar, Cell, Cube, Measured, NumberRole, Numbers};

/// What a tally holds of scores, by group.
#[derive(Debug)]
pub(crate) struct ScoreView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
    /// The scores of each group.
    groups: Vec<Part>,
    /// Those of everybody.
    everybody: Part,
    /// The median of everybody, and of those whose group is known.
    medians: [Option<Median>; 2],
    column: String,
    /// The column without its cells: how its numbers are kept.
    kept: Measured,
    has_labels: bool,
    /// Whether rows come from units that repeat.
    is_clustered: bool,
    is_weighted: bool,
    bins: u32,
    confidence: f64,
    /// Whether the policy says that being selected is bad.
    adverse: bool,
    /// The lowest score that the decisions select, where they are made of these scores.
    threshold: Option<f64>,
    /// The bounds of disparate impact and of equal opportunity.
    bounds: [f64; 2],
}

/// The scores of a group.
#[derive(Debug, Default)]
struct Part {
    rows: Rows,
    /// Of all rows, labelled or not.
    all: Numbers,
    /// Those of everybody else.
    others: Rows,
    /// The same by bucket, where there are any.
    buckets: BTreeMap<u32, Rows>,
    /// What the area needs of each bucket: it is asked for once for every pair of groups.
    area: OnceCell<values::Sums>,
}

/// Scores by label.
#[derive(Clone, Debug, Default)]
struct Rows {
    labelled: Labelled,
    unlabelled: Numbers,
}

view! {
    ScoreView,
    Scores,
    fn series(&self) -> Vec<Series> {
        curves::series(self)
    }

    fn notes(&self) -> Vec<Note> {
        curves::notes(self)
    }
}

/// The views of one set of attributes.
pub(super) fn views(context: Context<'_>, by: &[String]) -> Vec<Box<dyn View>> {
    let view = context
        .tally
        .numbers(NumberRole::Score)
        .and_then(|measured| ScoreView::new(context, measured, by));
    view.map(|view| Box::new(view) as Box<dyn View>).into_iter().collect()
}

impl ScoreView {
    fn new(context: Context<'_>, measured: &Measured, by: &[String]) -> Option<Self> {
        let cube = &measured.cells;
        let events = events(context, cube);
        let bucket = |key: &[u32]| bucket_of(cube, key);
        let mut named = Vec::new();
        let mut groups: Vec<Part> = Vec::new();
        for parted in parted(context, cube, by)? {
            let cells = parted
                .cells
                .iter()
                .map(|(key, numbers)| (events(key), bucket(key), *numbers));
            let part = Part::of(cells, measured.bits);
            named.push(Named {
                group: parted.group,
                kind: parted.kind,
                rows: part.all.n(),
            });
            groups.push(part);
        }
        let cells = cube.cells().map(|(key, numbers)| (events(key), bucket(key), numbers));
        let everybody = Part::of(cells, measured.bits);
        for part in &mut groups {
            part.others = everybody.rows.without(&part.rows);
        }
        let known = named
            .iter()
            .zip(&groups)
            .filter(|(named, _)| named.kind == GroupKind::Judged);
        let known = merged(known.map(|(_, part)| part.all.clone()).collect());
        let decisions = context.reading.prediction.as_ref().map(|events| events.position);
        let decided = decisions.map(|position| &context.reading.cube.dimensions()[position]);
        let inference = &context.policy.inference;
        Some(Self {
            by: by.to_vec(),
            within: Group::new(),
            medians: [Median::of(&everybody.all), Median::of(&known)],
            named,
            groups,
            column: measured.column.clone(),
            kept: Measured::new(
                measured.role,
                &measured.column,
                measured.bits,
                Cube::new(Vec::new(), []).ok()?,
            ),
            has_labels: cube.positions(Axis::Label).next().is_some(),
            is_clustered: cube.positions(Axis::Bucket).next().is_some(),
            is_weighted: context.tally.is_weighted(),
            bins: context.policy.scores.bins,
            confidence: inference.confidence,
            adverse: context.policy.values.adverse == Some(true),
            threshold: decided
                .filter(|dimension| dimension.column == measured.column)
                .and_then(|dimension| dimension.coding.least()),
            bounds: ["disparate-impact", "equal-opportunity"].map(|id| bound(context, id)),
            everybody,
        })
    }

    /// A group, or everybody.
    fn part(&self, group: Option<usize>) -> &Part {
        group.map_or(&self.everybody, |index| &self.groups[index])
    }

    /// The groups that are judged, with their names.
    fn judged(&self) -> impl Iterator<Item = (&Group, &Part)> {
        let all = self.named.iter().zip(&self.groups);
        all.filter(|(named, _)| named.kind == GroupKind::Judged)
            .map(|(named, part)| (&named.group, part))
    }
}

/// The bound that a criterion is judged by.
fn bound(context: Context<'_>, id: &str) -> f64 {
    let asked = context.policy.checks.iter().find(|check| check.criterion.id == id);
    let usual = crate::catalogue::CRITERIA.iter().find(|criterion| criterion.id == id);
    asked
        .and_then(|check| check.bound)
        .or(usual.map(|criterion| criterion.bound))
        .unwrap_or(1.0)
}

/// What really happened to the rows of a cell. The levels are those of the decisions, by their texts.
fn events<'a>(context: Context<'a>, cube: &'a Cube<Numbers>) -> impl Fn(&[u32]) -> Event + 'a {
    let position = cube.positions(Axis::Label).next();
    let by_level: Vec<Event> =
        position
            .zip(context.reading.label.as_ref())
            .map_or_else(Vec::new, |(position, label)| {
                let known = &context.reading.cube.dimensions()[label.position].levels;
                let event = |level| {
                    let at = known.iter().position(|other| other == level);
                    at.map_or(Event::Unknown, |at| label.by_level[at])
                };
                cube.dimensions()[position].levels.iter().map(event).collect()
            });
    move |key| {
        let level = position.and_then(|position| by_level.get(key[position] as usize));
        level.copied().unwrap_or(Event::Unknown)
    }
}

impl Part {
    fn of<'t>(cells: impl Iterator<Item = (Event, Option<u32>, &'t Numbers)>, bits: u8) -> Self {
        // In no bucket at all, or in one of them.
        let mut sorted: BTreeMap<Option<u32>, [Vec<Numbers>; 3]> = BTreeMap::new();
        for (event, bucket, numbers) in cells {
            let at = match event {
                Event::Positive => 0,
                Event::Negative => 1,
                Event::Unknown => 2,
            };
            sorted.entry(bucket).or_default()[at].push(numbers.clone());
        }
        let of_buckets: Vec<(Option<u32>, Rows)> = sorted
            .into_iter()
            .map(|(bucket, [positives, negatives, unlabelled])| {
                let labelled = Labelled {
                    positives: merged(positives),
                    negatives: merged(negatives),
                    bits,
                };
                let unlabelled = merged(unlabelled);
                (bucket, Rows { labelled, unlabelled })
            })
            .collect();
        let all_of = |of: fn(&Rows) -> &Numbers| merged(of_buckets.iter().map(|(_, rows)| of(rows).clone()).collect());
        let rows = Rows {
            labelled: Labelled {
                positives: all_of(|rows| &rows.labelled.positives),
                negatives: all_of(|rows| &rows.labelled.negatives),
                bits,
            },
            unlabelled: all_of(|rows| &rows.unlabelled),
        };
        Self {
            all: rows.all(),
            rows,
            buckets: of_buckets
                .into_iter()
                .filter_map(|(bucket, rows)| Some((bucket?, rows)))
                .collect(),
            ..Self::default()
        }
    }
}

impl Rows {
    /// Labelled or not.
    fn all(&self) -> Numbers {
        merged(vec![self.labelled.all(), self.unlabelled.clone()])
    }

    /// The rows but for some of them.
    fn without(&self, some: &Self) -> Self {
        Self {
            labelled: Labelled {
                positives: less(&self.labelled.positives, &some.labelled.positives),
                negatives: less(&self.labelled.negatives, &some.labelled.negatives),
                bits: self.labelled.bits,
            },
            unlabelled: less(&self.unlabelled, &some.unlabelled),
        }
    }
}

/// All of them together: two and two, because each merge walks through both.
fn merged(mut all: Vec<Numbers>) -> Numbers {
    while all.len() > 1 {
        let mut pairs = all.into_iter();
        let mut halved = Vec::new();
        while let Some(mut one) = pairs.next() {
            if let Some(other) = pairs.next() {
                one.absorb(&other);
            }
            halved.push(one);
        }
        all = halved;
    }
    all.pop().unwrap_or_default()
}

/// The numbers without some of them. Sums are exact, so that these are the sums of the rest.
fn less(all: &Numbers, some: &Numbers) -> Numbers {
    let minus = |all: &ExactSum, some: &ExactSum| {
        let mut rest = all.clone();
        some.canonical().into_iter().for_each(|part| rest.add(-part));
        rest
    };
    let mut others = some.bars.iter().peekable();
    let bars = all.bars.iter().filter_map(|bar| {
        let other = others.next_if(|other| other.from == bar.from);
        let n = bar.n.saturating_sub(other.map_or(0, |other| other.n));
        let sum = bar
            .sum
            .as_ref()
            .map(|sum| match other.and_then(|other| other.sum.as_ref()) {
                Some(other) => Box::new(minus(sum, other)),
                None => sum.clone(),
            });
        (n > 0).then_some(Bar { from: bar.from, n, sum })
    });
    let mut rest = Numbers {
        missing: all.missing.saturating_sub(some.missing),
        bars: bars.collect(),
        sums: all.sums.clone(),
    };
    let (left, gone) = (&mut rest.sums, &some.sums);
    left.sum = minus(&left.sum, &gone.sum);
    left.squares = minus(&left.squares, &gone.squares);
    left.logs = minus(&left.logs, &gone.logs);
    left.log_squares = minus(&left.log_squares, &gone.log_squares);
    left.log_complements = minus(&left.log_complements, &gone.log_complements);
    left.not_positive = left.not_positive.saturating_sub(gone.not_positive);
    left.not_below_one = left.not_below_one.saturating_sub(gone.not_below_one);
    rest
}

#[cfg(test)]
mod tests;
