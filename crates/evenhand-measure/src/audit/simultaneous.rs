//! This module makes intervals that hold together: those of all comparisons of a family at once, and so also that of
//! the worst one, whichever it turns out to be.
//!
//! The cells of the tally are resampled; what is looked for is the value that the largest of all score statistics
//! stays under in 95 of 100 resamples. It takes the place of 1.96 in every interval.

use std::collections::BTreeMap;

use crate::catalogue::Rate;
use crate::inference::resampling::{Resampling, critical_value, critical_value_around};
use crate::inference::{Comparison, Sample, z_above};
use crate::policy::Inference;

use super::Run;
use super::compare::statistic;
use super::family::Family;
use super::groups::Partition;
use super::joint::{self, Cell};
use super::model::{Group, GroupKind};

/// More groups than this in one set of attributes take no part: their comparisons get intervals at Holm's level.
const MOST_GROUPS: usize = 20;

/// The values that take the place of the usual normal quantile in the intervals of one family.
pub(super) struct Joint {
    /// By resampling; `None` when there was nothing to resample, or it claimed nothing.
    resampled: Option<f64>,
    /// By Holm's first step (Bonferroni), for comparisons that could not be resampled.
    holm: f64,
    /// Which trials were resampled.
    part: Vec<bool>,
    /// Why none was.
    pub(super) why_not: Option<String>,
}

impl Joint {
    /// The value for one trial, and the name of the method.
    pub(super) fn of(&self, trial: usize) -> (f64, &'static str) {
        match self.resampled {
            Some(z) if self.part.get(trial) == Some(&true) => (z, "max-t"),
            _ => (self.holm, "holm"),
        }
    }
}

/// The joint values of a judged family.
pub(super) fn joint(run: &Run<'_>, family: &Family<'_>) -> Joint {
    let inference = &run.policy.inference;
    let alpha = 1.0 - inference.confidence;
    let holm = z_above(alpha / 2.0 / family.size.max(1) as f64);
    let plan = Plan::of(run, family);
    let settings = Resampling {
        replicates: inference.replicates,
        seed: inference.seed,
        level: inference.confidence,
    };
    let (resampled, why_not) = if run.basis.weighted {
        (None, Some("weighted rows cannot be resampled from counts".to_owned()))
    } else if plan.questions.is_empty() {
        let many = plan.slots.partitions.len() < run.split.partitions.len();
        let why = if many {
            format!("sets of attributes with more than {MOST_GROUPS} groups are not")
        } else {
            "no comparison has two rates that vary".to_owned()
        };
        (None, Some(why))
    } else {
        let found = if run.reading.bucket.is_some() {
            plan.by_bucket(run, inference, &settings)
        } else {
            plan.by_cell(run, inference, &settings)
        };
        match found {
            Ok(z) => (Some(z), None),
            Err(why) => (None, Some(why)),
        }
    };
    let mut part = vec![false; family.trials.len()];
    for question in &plan.questions {
        part[question.trial] = true;
    }
    Joint {
        resampled,
        holm: resampled.map_or(holm, |z| z.max(holm)),
        part,
        why_not,
    }
}

/// What is resampled, and what is asked of each resample.
struct Plan<'r> {
    /// The partitions that take part, with the place of each group among all.
    slots: Slots<'r>,
    /// Which cells of a group each rate is a share of.
    rates: Vec<&'static Rate>,
    questions: Vec<Question>,
}

/// One comparison of the family.
struct Question {
    trial: usize,
    rate: usize,
    group: usize,
    reference: usize,
    complement: bool,
    comparison: Comparison,
    /// Effective rows of group and reference, where rows are clustered.
    worth: (f64, f64),
}

/// Places of groups, over all partitions that take part.
pub(super) struct Slots<'r> {
    pub(super) partitions: Vec<(&'r Partition, BTreeMap<&'r Group, usize>)>,
    pub(super) count: usize,
}

impl<'r> Slots<'r> {
    fn of(run: &'r Run<'_>) -> Self {
        let mut slots = Self {
            partitions: Vec::new(),
            count: 0,
        };
        for partition in &run.split.partitions {
            let judged = || partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
            if judged().count() <= MOST_GROUPS {
                let first = slots.count;
                let places = judged()
                    .enumerate()
                    .map(|(place, of)| (&of.group, first + place))
                    .collect();
                slots.count += judged().count();
                slots.partitions.push((partition, places));
            }
        }
        slots
    }

    fn place(&self, by: &[String], group: &Group) -> Option<usize> {
        let (_, places) = self.partitions.iter().find(|(partition, _)| partition.by == by)?;
        places.get(group).copied()
    }
}

impl<'r> Plan<'r> {
    fn of(run: &'r Run<'_>, family: &Family<'_>) -> Self {
        let mut plan = Self {
            slots: Slots::of(run),
            rates: Vec::new(),
            questions: Vec::new(),
        };
        for (index, trial) in family.trials.iter().enumerate() {
            let setting = &family.settings[trial.setting];
            let (Some(_), Some(reference)) = (trial.answers, trial.reference) else {
                continue;
            };
            if trial.pair.is_some() || !setting.within.is_empty() {
                continue;
            }
            let (group, reference) = (&family.known[trial.group], &family.known[reference]);
            let (Some(a), Some(b)) = (group.evidence.sample, reference.evidence.sample) else {
                continue;
            };
            // A rate of 0 or 1 does not vary between resamples.
            let varies = |sample: Sample| sample.successes > 0.0 && sample.successes < sample.trials;
            let places = plan.slots.place(&setting.by, &group.group);
            let Some(places) = places.zip(plan.slots.place(&setting.by, &reference.group)) else {
                continue;
            };
            if !varies(a) || !varies(b) {
                continue;
            }
            let known = plan.rates.iter().position(|rate| rate.id == setting.rate.id);
            let rate = known.unwrap_or_else(|| {
                plan.rates.push(setting.rate);
                plan.rates.len() - 1
            });
            plan.questions.push(Question {
                trial: index,
                rate,
                group: places.0,
                reference: places.1,
                complement: setting.complement,
                comparison: setting.comparison(),
                worth: (a.trials, b.trials),
            });
        }
        plan
    }

    /// Resamples rows: the cells of groups by decision and label.
    fn by_cell(&self, run: &Run<'_>, inference: &Inference, settings: &Resampling) -> Result<f64, String> {
        let cells = joint::cells(run, &self.slots, &self.rates);
        let truth = self.rates_of(&self.sums(&cells, &|index| cells[index].smoothed));
        let weights: Vec<f64> = cells.iter().map(|cell| cell.smoothed).collect();
        let draws: u64 = cells.iter().map(|cell| cell.rows).sum();
        let largest = |counts: &[u64]| {
            let resampled = self.rates_of(&self.sums(&cells, &|index| counts[index] as f64));
            self.largest(inference, &truth, &resampled, |_, trials| trials)
        };
        critical_value_around(&weights, draws, settings, largest)
            .map(|critical| critical.z)
            .map_err(|why| why.to_string())
    }

    fn sums(&self, cells: &[Cell], amount: &dyn Fn(usize) -> f64) -> Vec<Sums> {
        let mut sums = vec![Sums::default(); self.slots.count * self.rates.len()];
        for (index, cell) in cells.iter().enumerate() {
            let amount = amount(index);
            for &(place, inside) in &cell.counts_in {
                sums[place].all += amount;
                if inside {
                    sums[place].inside += amount;
                }
            }
        }
        sums
    }

    /// Resamples buckets of clusters: each is drawn whole.
    fn by_bucket(&self, run: &Run<'_>, inference: &Inference, settings: &Resampling) -> Result<f64, String> {
        let buckets: Vec<u32> = run.split.overall.buckets.keys().copied().collect();
        let by_bucket: Vec<Vec<(usize, Sums)>> = buckets.iter().map(|bucket| self.of_bucket(*bucket)).collect();
        let total = |times: &dyn Fn(usize) -> f64| {
            let mut sums = vec![Sums::default(); self.slots.count * self.rates.len()];
            for (index, of_bucket) in by_bucket.iter().enumerate() {
                let times = times(index);
                for (place, part) in of_bucket {
                    sums[*place].inside += times * part.inside;
                    sums[*place].all += times * part.all;
                }
            }
            self.rates_of(&sums)
        };
        let truth = total(&|_| 1.0);
        let largest = |counts: &[u64]| {
            let resampled = total(&|index| counts[index] as f64);
            // Rows of a cluster go together: what they are worth stays what the jackknife found.
            self.largest(inference, &truth, &resampled, |worth, _| worth)
        };
        critical_value(&vec![1; buckets.len()], settings, largest)
            .map(|critical| critical.z)
            .map_err(|why| why.to_string())
    }

    /// What a bucket adds to each group's rates.
    fn of_bucket(&self, bucket: u32) -> Vec<(usize, Sums)> {
        let mut found = Vec::new();
        for (partition, places) in &self.slots.partitions {
            for of in &partition.groups {
                let Some((slot, confusion)) = places.get(&of.group).zip(of.members.buckets.get(&bucket)) else {
                    continue;
                };
                for (index, rate) in self.rates.iter().enumerate() {
                    let (inside, all) = rate.counts(confusion);
                    let sums = Sums {
                        inside: inside as f64,
                        all: all as f64,
                    };
                    found.push((slot * self.rates.len() + index, sums));
                }
            }
        }
        found
    }

    /// The largest |Z| of all comparisons in a resample, each against the estimate that the resamples come from.
    fn largest(
        &self,
        inference: &Inference,
        truth: &[Option<(f64, f64)>],
        resampled: &[Option<(f64, f64)>],
        worth: impl Fn(f64, f64) -> f64,
    ) -> Option<f64> {
        let mut largest: f64 = 0.0;
        for question in &self.questions {
            let at = |slot: usize| slot * self.rates.len() + question.rate;
            let side = |rate: f64| if question.complement { 1.0 - rate } else { rate };
            let (Some((p, _)), Some((q, _))) = (truth[at(question.group)], truth[at(question.reference)]) else {
                continue;
            };
            let Some(bound) = question.comparison.of(side(p), side(q)) else {
                continue;
            };
            // A group that a resample leaves empty has an interval that is the whole range, which misses nothing.
            let sample = |slot: usize, effective: f64| {
                let (rate, trials) = resampled[at(slot)]?;
                let trials = worth(effective, trials);
                Sample::new((side(rate) * trials).clamp(0.0, trials), trials)
            };
            let pair = sample(question.group, question.worth.0).zip(sample(question.reference, question.worth.1));
            if let Some((a, b)) = pair
                && let Some(z) = statistic(inference, question.comparison, a, b, bound)
            {
                largest = largest.max(z.abs());
            }
        }
        Some(largest)
    }

    fn rates_of(&self, sums: &[Sums]) -> Vec<Option<(f64, f64)>> {
        sums.iter()
            .map(|sums| (sums.all > 0.0).then(|| (sums.inside / sums.all, sums.all)))
            .collect()
    }
}

/// Rows of a rate's numerator and denominator.
#[derive(Clone, Copy, Default)]
struct Sums {
    inside: f64,
    all: f64,
}
