//! What is asked of each resample: the largest statistic of each family.

use crate::catalogue::Method;
use crate::inference::resampling::{
    Critical, Layout, NoCritical, Resampling, Share, critical_values, is_surely_at_most,
};
use crate::inference::{Comparison, Sample};
use crate::policy::Inference;

use super::super::compare::statistic;
use super::{Plan, Side};

/// A plan with everything that a resample is held against.
pub(super) struct Asked<'p, const FAMILIES: usize> {
    pub(super) plan: &'p Plan<'p, FAMILIES>,
    pub(super) inference: &'p Inference,
    pub(super) layout: &'p Layout,
    pub(super) shares: &'p [Share],
    pub(super) are_clusters: bool,
    /// The estimate of each question; `None` where there is none.
    pub(super) bounds: Vec<Option<f64>>,
    /// Whether ratios, and differences, are compared by a score method.
    pub(super) score_methods: (bool, bool),
}

/// Whether a method's statistic is the score statistic, with whatever correction.
pub(super) fn is_score(method: &Method) -> bool {
    [
        "miettinen-nurminen-difference",
        "mee",
        "miettinen-nurminen-ratio",
        "koopman",
    ]
    .contains(&method.id)
}

/// What one resample is worked out in.
#[derive(Clone)]
struct Scratch {
    table: Vec<u64>,
    samples: Vec<Option<Sample>>,
}

impl<const FAMILIES: usize> Asked<'_, FAMILIES> {
    pub(super) fn critical(
        &self,
        weights: &[f64],
        draws: u64,
    ) -> Result<[Result<Critical, NoCritical>; FAMILIES], NoCritical> {
        if !self.layout.holds(draws) {
            return Err(NoCritical::TooMany);
        }
        let settings = Resampling {
            replicates: self.inference.replicates,
            seed: self.inference.seed,
            level: self.inference.confidence,
        };
        let scratch = Scratch {
            table: vec![0; self.layout.places()],
            samples: Vec::with_capacity(self.plan.sides.len()),
        };
        critical_values(
            weights,
            draws,
            &settings,
            || scratch.clone(),
            |scratch, drawn| self.largest(scratch, drawn),
        )
    }

    /// The largest |Z| of each family in a resample, each against the estimate that the resamples come from: every group
    /// is counted once, every side made once, and no question asked that cannot matter.
    fn largest(&self, Scratch { table, samples }: &mut Scratch, drawn: &[u64]) -> [Option<f64>; FAMILIES] {
        self.layout.count(drawn, table);
        samples.clear();
        samples.extend(self.plan.sides.iter().map(|side| self.sample(side, table)));
        let mut largest = [0.0_f64; FAMILIES];
        let questions = self.plan.questions.iter().zip(&self.bounds);
        for ((question, bound), asked_by) in questions.zip(&self.plan.asked_by) {
            // A group that a resample leaves empty has an interval that is the whole range, which misses nothing.
            let sides = samples[question.group].zip(samples[question.reference]);
            let Some(((a, b), bound)) = sides.zip(*bound) else {
                continue;
            };
            let comparison = question.comparison();
            let of_families = || largest.iter().zip(asked_by).filter(|(_, asks)| **asks);
            let to_beat = of_families().fold(f64::INFINITY, |least, (&largest, _)| least.min(largest));
            if self.screens(comparison) && is_surely_at_most(to_beat, comparison, a, b, bound) {
                continue;
            }
            if let Some(z) = statistic(self.inference, comparison, a, b, bound) {
                let of_families = largest.iter_mut().zip(asked_by).filter(|(_, asks)| **asks);
                of_families.for_each(|(largest, _)| *largest = largest.max(z.abs()));
            }
        }
        largest.map(Some)
    }

    /// Whether the policy's method is one whose statistic can be looked at cheaply.
    fn screens(&self, comparison: Comparison) -> bool {
        match comparison {
            Comparison::Ratio => self.score_methods.0,
            Comparison::Difference => self.score_methods.1,
        }
    }

    fn sample(&self, side: &Side, table: &[u64]) -> Option<Sample> {
        let rows = rows_of(self.layout, table, side.group);
        let (inside, all) = self.shares[side.rate].counts(rows);
        if all == 0 {
            return None;
        }
        let rate = inside as f64 / all as f64;
        // Rows of a cluster go together: what they are worth stays what the jackknife found.
        let trials = if self.are_clusters {
            f64::from_bits(side.worth)
        } else {
            all as f64
        };
        Sample::new((side.of(rate) * trials).clamp(0.0, trials), trials)
    }
}

/// A group's rows by outcome, in a table of all groups.
pub(super) fn rows_of<'t>(layout: &Layout, table: &'t [u64], group: usize) -> &'t [u64] {
    let start = group * layout.outcomes();
    table.get(start..start + layout.outcomes()).unwrap_or_default()
}
