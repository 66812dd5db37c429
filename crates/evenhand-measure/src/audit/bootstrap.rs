//! The bootstrap of a tally: every rate of every group in each of many resamples, and with them every comparison.
//!
//! Verdicts and intervals of an audit do not rest on it: the score methods do better on counts. It is here for what has
//! no formula, and for who wants to compare with software that resamples rows. The percentile interval of a *largest*
//! gap is not offered, because with three or more equal groups it never covers 0; intervals that hold for the largest
//! are in an audit with `simultaneous`.

use rayon::prelude::*;

use crate::catalogue::{RATES, Rate};
use crate::inference::Comparison;
use crate::inference::resampling::{Layout, NoCritical, Part, Replicates, Resampling, Share, Spread, bootstrap};
use crate::policy::Policy;
use crate::problem::Problem;
use crate::tally::Tally;

use super::Run;
use super::evidence::Evidence;
use super::groups::Members;
use super::joint::{self, Outcomes, Places};
use super::model::{Group, GroupKind};
use super::read::Reading;

#[cfg(test)]
mod tests;

/// Replicates of every rate of every group.
#[derive(Debug)]
pub struct Bootstrap {
    /// Everybody, then the groups of each set of attributes, those with missing values as well.
    pub groups: Vec<Resampled>,
    /// The rates: all of the catalogue, or without a label those that need none.
    pub rates: Vec<&'static Rate>,
    /// How many cells were resampled (or clusters' buckets).
    pub cells: usize,
    replicates: Replicates,
    /// By rate; which outcomes it counts.
    shares: Vec<Share>,
    /// By group and rate: whether its outcomes are known of the selected only, so that it has no value.
    hidden: Vec<bool>,
}

/// A group that was resampled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resampled {
    /// The attributes whose values make it; none for everybody.
    pub by: Vec<String>,
    /// Those values.
    pub group: Group,
    /// What it is.
    pub kind: GroupKind,
}

/// Resamples a tally as many times as the policy's `replicates`, from its seed.
///
/// Each replicate draws as many rows as there are, with replacement, and reads every group from the same rows. It draws
/// cells instead of rows, which is the same in law, so that it costs the same for a thousand rows and for a billion.
/// Where rows come in clusters, buckets of clusters are drawn whole.
///
/// ```
/// # use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};
/// # use evenhand_measure::{Policy, audit::bootstrap};
/// # let mut group = Dimension::new(Axis::Protected, "group", Coding::AsWritten);
/// # group.levels = vec![Level::of("A"), Level::of("B")];
/// # let mut hired = Dimension::new(Axis::Prediction, "hired", Coding::AsWritten);
/// # hired.levels = vec![Level::of("yes"), Level::of("no")];
/// # let cells = [([0, 0], 250), ([0, 1], 250), ([1, 0], 150), ([1, 1], 350)];
/// # let cube = Cube::new(vec![group, hired], cells.map(|(key, n)| (key.to_vec(), Counts::of(n)))).unwrap();
/// # let tally = Tally::new(cube, 1000);
/// // 250 of 500 in group A were hired, 150 of 500 in group B.
/// let bootstrap = bootstrap::of(&tally, &Policy::default())?;
/// let selection = bootstrap.rates.iter().position(|rate| rate.id == "selection-rate").unwrap();
/// let spread = bootstrap.spread(1, selection, 0.95).unwrap();
/// assert!((spread.mean - 0.5).abs() < 0.005);
/// # Ok::<(), Vec<evenhand_measure::Problem>>(())
/// ```
///
/// # Errors
/// What keeps an audit from running; weighted rows; nothing to resample; more replicates than can be kept.
pub fn of(tally: &Tally, policy: &Policy) -> Result<Bootstrap, Vec<Problem>> {
    let reading = Reading::of(tally, policy)?;
    if reading.published.is_some() {
        return Err(vec![Problem::usage(
            "published rates leave open what there is to resample",
            "use the intervals of the audit, or the counts themselves",
        )]);
    }
    let run = Run::new(&reading, tally, policy, &[], false);
    if run.basis.weighted {
        return Err(vec![Problem::usage(
            "weighted rows cannot be resampled from counts",
            "leave out the weights, or use the intervals of the audit",
        )]);
    }
    let outcomes = Outcomes::of(&run);
    let settings = Resampling {
        replicates: policy.inference.replicates,
        seed: policy.inference.seed,
        level: policy.inference.confidence,
    };
    let (layout, weights, draws) = layout(&run, &outcomes);
    let replicates = bootstrap(&weights, draws, &layout, &settings).map_err(|why| vec![problem(why)])?;

    let labelled = reading.label.is_some();
    let rates: Vec<&'static Rate> = RATES
        .iter()
        .filter(|rate| labelled || !rate.needs().label)
        .copied()
        .collect();
    let groups = groups(&run);
    let hidden = |members: &Members| {
        let rates = rates.iter();
        rates
            .map(|rate| Evidence::of(rate, members, run.basis).hidden)
            .collect::<Vec<_>>()
    };
    Ok(Bootstrap {
        hidden: groups.iter().flat_map(|(_, members)| hidden(members)).collect(),
        groups: groups.into_iter().map(|(group, _)| group).collect(),
        shares: rates.iter().map(|rate| outcomes.share(rate)).collect(),
        rates,
        cells: layout.cells(),
        replicates,
    })
}

fn problem(why: NoCritical) -> Problem {
    match why {
        NoCritical::TableTooLarge { .. } => Problem::usage(why.to_string(), "ask for fewer replicates or attributes"),
        _ => Problem::data(why.to_string(), "give data with at least one row"),
    }
}

/// Everybody and all groups, in the order of their numbers.
fn groups<'r>(run: &'r Run<'_>) -> Vec<(Resampled, &'r Members)> {
    let everybody = Resampled {
        by: Vec::new(),
        group: Group::new(),
        kind: GroupKind::Overall,
    };
    let mut groups = vec![(everybody, &run.split.overall)];
    for partition in &run.split.partitions {
        groups.extend(partition.groups.iter().map(|of| {
            let group = Resampled {
                by: partition.by.clone(),
                group: of.group.clone(),
                kind: of.kind,
            };
            (group, &of.members)
        }));
    }
    groups
}

/// What is drawn, how likely each is, and how many draws there are. Everybody is group 0.
fn layout(run: &Run<'_>, outcomes: &Outcomes) -> (Layout, Vec<f64>, u64) {
    let places = Places::of(run, |_| true, |_| true);
    if run.reading.bucket.is_some() {
        let overall = &run.split.overall.buckets;
        let buckets = joint::buckets(run, &places, outcomes);
        let all = overall.values().zip(&buckets).map(|(confusion, parts)| {
            let of_groups = parts.iter().map(|part| Part {
                group: part.group + 1,
                ..*part
            });
            outcomes
                .parts(0, confusion)
                .into_iter()
                .chain(of_groups)
                .collect::<Vec<_>>()
        });
        let layout = Layout::of(all);
        return (layout, vec![1.0; buckets.len()], buckets.len() as u64);
    }
    let kinds = joint::kinds(run, &places);
    let parts = kinds.keys().map(|(groups, events)| {
        let outcome = outcomes.place(*events);
        let numbers = std::iter::once(0).chain(groups.iter().flatten().map(|group| group + 1));
        numbers.filter_map(move |group| {
            Some(Part {
                group,
                outcome: outcome?,
                rows: 1,
            })
        })
    });
    let layout = Layout::of(parts);
    let rows = kinds.values().map(|&rows| rows as f64).collect();
    (layout, rows, kinds.values().sum())
}

impl Bootstrap {
    /// How many replicates there are.
    #[must_use]
    pub fn replicates(&self) -> usize {
        self.replicates.len()
    }

    /// A rate of a group in each replicate, by their places in `groups` and `rates`. `None` where nobody drawn is in its
    /// denominator, and everywhere where the audit gives the rate no value, because labels are known of the selected only.
    pub fn values(&self, group: usize, rate: usize) -> impl Iterator<Item = Option<f64>> {
        let share = self.share(group, rate);
        (0..self.replicates()).map(move |replicate| share?.of(self.replicates.counts(replicate, group)))
    }

    /// How a rate of a group varies between replicates; `None` where fewer than two replicates have a value.
    #[must_use]
    pub fn spread(&self, group: usize, rate: usize, level: f64) -> Option<Spread> {
        Spread::of(self.values(group, rate), level)
    }

    /// The spread of every rate of every group: groups follow each other, and within a group its rates.
    #[must_use]
    pub fn spreads(&self, level: f64) -> Vec<Option<Spread>> {
        let rates = self.rates.len();
        let of_group = |group| (0..rates).map(move |rate| self.spread(group, rate, level));
        (0..self.groups.len()).into_par_iter().flat_map_iter(of_group).collect()
    }

    /// The ratio or difference of a rate between a group and a reference in each replicate.
    ///
    /// Its spread is that of one comparison chosen before looking; the largest of many varies less tamely.
    pub fn compared(
        &self,
        comparison: Comparison,
        group: usize,
        reference: usize,
        rate: usize,
    ) -> impl Iterator<Item = Option<f64>> {
        let pairs = self.values(group, rate).zip(self.values(reference, rate));
        pairs.map(move |(a, b)| comparison.of(a?, b?))
    }

    fn share(&self, group: usize, rate: usize) -> Option<&Share> {
        let share = self.shares.get(rate)?;
        let hidden = self.hidden.get(group * self.shares.len() + rate)?;
        (!hidden).then_some(share)
    }
}
