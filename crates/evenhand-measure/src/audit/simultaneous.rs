//! This module makes intervals that hold together: those of all comparisons of a family at once, and so also that of
//! the worst one, whichever it turns out to be.
//!
//! The cells of the tally are resampled; what is looked for is the value that the largest of all score statistics
//! stays under in 95 of 100 resamples. It takes the place of 1.96 in every interval.

use std::collections::BTreeMap;

use crate::catalogue::Rate;
use crate::inference::resampling::{Critical, Layout, NoCritical, Part, Share};
use crate::inference::{Comparison, Sample, z_above};
use crate::policy::Inference;

use self::asked::{Asked, is_score, rows_of};
use super::Run;
use super::family::Family;
use super::joint::{self, Cell, Outcomes, Places};
use super::model::GroupKind;

mod asked;
#[cfg(test)]
mod tests;

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

/// The joint values of judged families, each with its own; what they ask is asked of the same resamples.
pub(super) fn joints<const FAMILIES: usize>(run: &Run<'_>, families: [&Family<'_>; FAMILIES]) -> [Joint; FAMILIES] {
    let plan = Plan::of(run, families);
    let resampled: [Result<f64, String>; FAMILIES] = if run.basis.weighted {
        families.map(|_| Err("weighted rows cannot be resampled from counts".to_owned()))
    } else if run.reading.published.is_some() {
        families.map(|_| Err("published rates leave open what there is to resample".to_owned()))
    } else if plan.questions.is_empty() {
        families.map(|_| Err(plan.why_empty(run)))
    } else {
        match plan.resample(run) {
            Ok(found) => found.map(|found| found.map(|critical| critical.z).map_err(|why| why.to_string())),
            Err(why) => families.map(|_| Err(why.to_string())),
        }
    };
    let why_empty = plan.why_empty(run);
    let mut parts = plan.part.into_iter();
    let mut resampled = resampled.into_iter();
    families.map(|family| {
        let part = parts.next().unwrap_or_default();
        let found = match resampled.next() {
            Some(found) if run.basis.weighted || part.contains(&true) => found,
            _ => Err(why_empty.clone()),
        };
        Joint::new(&run.policy.inference, family, part, found)
    })
}

impl Joint {
    fn new(inference: &Inference, family: &Family<'_>, part: Vec<bool>, found: Result<f64, String>) -> Self {
        let alpha = 1.0 - inference.confidence;
        let holm = z_above(alpha / 2.0 / family.size.max(1) as f64);
        let (resampled, why_not) = match found {
            Ok(z) => (Some(z), None),
            Err(why) => (None, Some(why)),
        };
        Self {
            resampled,
            holm: resampled.map_or(holm, |z| z.max(holm)),
            part,
            why_not,
        }
    }
}

/// What is resampled, and what is asked of each resample.
struct Plan<'r, const FAMILIES: usize> {
    /// The groups that take part.
    places: Places<'r>,
    rates: Vec<&'static Rate>,
    sides: Vec<Side>,
    questions: Vec<Question>,
    /// Which families ask each question. Several may ask the same, or one more than once: equalised odds and equal
    /// opportunity both compare true positive rates.
    asked_by: Vec<[bool; FAMILIES]>,
    /// For each family, its trials that are resampled.
    part: [Vec<bool>; FAMILIES],
}

/// A rate of a group, as it is compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Side {
    group: usize,
    rate: usize,
    complement: bool,
    /// Effective rows, where rows are clustered; the bits of the number.
    worth: u64,
}

/// One comparison of two sides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    group: usize,
    reference: usize,
    is_ratio: bool,
}

impl Question {
    fn comparison(self) -> Comparison {
        if self.is_ratio {
            Comparison::Ratio
        } else {
            Comparison::Difference
        }
    }
}

impl<'r, const FAMILIES: usize> Plan<'r, FAMILIES> {
    fn of(run: &'r Run<'_>, families: [&Family<'_>; FAMILIES]) -> Self {
        let judged = |partition: &super::groups::Partition| {
            let groups = partition.groups.iter();
            groups.filter(|of| of.kind == GroupKind::Judged).count()
        };
        let mut plan = Self {
            places: Places::of(
                run,
                |partition| judged(partition) <= MOST_GROUPS,
                |of| of.kind == GroupKind::Judged,
            ),
            rates: Vec::new(),
            sides: Vec::new(),
            questions: Vec::new(),
            asked_by: Vec::new(),
            part: families.map(|family| vec![false; family.trials.len()]),
        };
        let mut sides = Numbered::default();
        let mut questions = Numbered::default();
        for (number, family) in families.into_iter().enumerate() {
            for (trial, question) in plan.questions_of(family, &mut sides, &mut questions) {
                plan.part[number][trial] = true;
                plan.asked_by.resize(questions.all.len(), [false; FAMILIES]);
                plan.asked_by[question][number] = true;
            }
        }
        plan.sides = sides.all;
        plan.questions = questions.all;
        plan
    }

    /// The trials of a family that can be resampled, each with the number of its question.
    fn questions_of(
        &mut self,
        family: &Family<'_>,
        sides: &mut Numbered<Side>,
        questions: &mut Numbered<Question>,
    ) -> Vec<(usize, usize)> {
        let mut asked = Vec::new();
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
            let places = self.places.place(&setting.by, &group.group);
            let Some(places) = places.zip(self.places.place(&setting.by, &reference.group)) else {
                continue;
            };
            if !varies(a) || !varies(b) {
                continue;
            }
            let Some(of) = setting.of.rate() else { continue };
            let known = self.rates.iter().position(|rate| rate.id == of.id);
            let rate = known.unwrap_or_else(|| {
                self.rates.push(of);
                self.rates.len() - 1
            });
            let mut side = |group: usize, sample: Sample| {
                sides.number(Side {
                    group,
                    rate,
                    complement: setting.complement,
                    worth: sample.trials.to_bits(),
                })
            };
            let question = Question {
                group: side(places.0, a),
                reference: side(places.1, b),
                is_ratio: setting.comparison() == Comparison::Ratio,
            };
            asked.push((index, questions.number(question)));
        }
        asked
    }

    /// Why there is nothing to ask.
    fn why_empty(&self, run: &Run<'_>) -> String {
        if self.places.sets.len() < run.split.partitions.len() {
            format!("sets of attributes with more than {MOST_GROUPS} groups are not")
        } else {
            "no comparison has two rates that vary".to_owned()
        }
    }

    fn resample(&self, run: &Run<'_>) -> Result<[Result<Critical, NoCritical>; FAMILIES], NoCritical> {
        let outcomes = Outcomes::of(run);
        let shares: Vec<Share> = self.rates.iter().map(|rate| outcomes.share(rate)).collect();
        if run.reading.bucket.is_some() {
            // Buckets of clusters: each is drawn whole.
            let buckets = joint::buckets(run, &self.places, &outcomes);
            let layout = Layout::of(buckets.iter().map(|parts| parts.iter().copied()));
            let mut table = vec![0; layout.places()];
            layout.count(&vec![1; buckets.len()], &mut table);
            let truth = |side: &Side| shares[side.rate].of(rows_of(&layout, &table, side.group));
            let asked = self.asked(&run.policy.inference, &layout, &shares, true, truth);
            asked.critical(&vec![1.0; buckets.len()], buckets.len() as u64)
        } else {
            // Rows: the cells of groups by decision and label.
            let cells = joint::cells(run, &self.places);
            let layout = Layout::of(cells.iter().map(|cell| parts(cell, &outcomes)));
            let truth = |side: &Side| smoothed_rate(&cells, &outcomes, side.group, &shares[side.rate]);
            let asked = self.asked(&run.policy.inference, &layout, &shares, false, truth);
            let weights: Vec<f64> = cells.iter().map(|cell| cell.smoothed).collect();
            asked.critical(&weights, cells.iter().map(|cell| cell.rows).sum())
        }
    }

    /// The questions with the estimates that the resamples come from.
    fn asked<'p>(
        &'p self,
        inference: &'p Inference,
        layout: &'p Layout,
        shares: &'p [Share],
        are_clusters: bool,
        truth: impl Fn(&Side) -> Option<f64>,
    ) -> Asked<'p, FAMILIES> {
        let truths: Vec<Option<f64>> = self.sides.iter().map(|side| Some(side.of(truth(side)?))).collect();
        let bound = |question: &Question| {
            let (p, q) = truths[question.group].zip(truths[question.reference])?;
            question.comparison().of(p, q)
        };
        Asked {
            plan: self,
            inference,
            layout,
            shares,
            are_clusters,
            bounds: self.questions.iter().map(bound).collect(),
            score_methods: (
                is_score(inference.methods.ratio),
                is_score(inference.methods.difference),
            ),
        }
    }
}

impl Side {
    /// What is compared, given the rate.
    fn of(&self, rate: f64) -> f64 {
        if self.complement { 1.0 - rate } else { rate }
    }
}

/// Things that are kept once each, in the order in which they were first seen.
struct Numbered<T> {
    all: Vec<T>,
    numbers: BTreeMap<T, usize>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }
}

impl<T: Copy + Ord> Numbered<T> {
    fn number(&mut self, thing: T) -> usize {
        *self.numbers.entry(thing).or_insert_with(|| {
            self.all.push(thing);
            self.all.len() - 1
        })
    }
}

/// A cell adds a row to each of its groups.
fn parts<'c>(cell: &'c Cell, outcomes: &Outcomes) -> impl Iterator<Item = Part> + use<'c> {
    let outcome = outcomes.place(cell.events);
    let groups = cell.places.iter();
    groups.filter_map(move |&group| {
        Some(Part {
            group,
            outcome: outcome?,
            rows: 1,
        })
    })
}

/// The rate that the resamples come from: that of the cells with a little added.
fn smoothed_rate(cells: &[Cell], outcomes: &Outcomes, group: usize, share: &Share) -> Option<f64> {
    let (mut inside, mut all) = (0.0, 0.0);
    for cell in cells.iter().filter(|cell| cell.places.contains(&group)) {
        let outcome = outcomes.place(cell.events)?;
        if share.all.contains(&outcome) {
            all += cell.smoothed;
        }
        if share.inside.contains(&outcome) {
            inside += cell.smoothed;
        }
    }
    (all > 0.0).then(|| inside / all)
}
