//! This module bets on the counts of whole batches of independent trials.
//!
//! A bet on the means of two batches takes one step for each pair of batches, however many trials are in them: a
//! breach that every batch of ten thousand shows plainly takes dozens of batches to earn `1/alpha`. Where the trials
//! of a batch are independent, its counts allow far more. The gambler names, before a batch comes, how likely each
//! pair of counts is, q; then the batch pays
//!
//! `e = q(counts) / sup { P(counts): rates within the bound }`.
//!
//! Whatever the rates are, as long as they are within the bound, the denominator is at least their own probability,
//! so that the expectation of e is at most the sum of q over all counts, 1 (Wasserman, Ramdas & Balakrishnan 2020,
//! "Universal inference"). This is exact: no approximation, any sizes, and the rates may drift from batch to batch.
//!
//! q is a mixture of three forecasts, each a product of two beta-binomial laws: that nothing is known (Jeffreys), that
//! the rates are those of the batch before, and that they are those of all batches so far. Their weights follow how
//! well they forecast, with a share that is spread anew before each batch (Herbster & Warmuth 1998).
//!
//! A process that was within its bound for a year has lost most of a fortune that was staked from the first batch on, and
//! would take long to show a breach that begins now. So the fortune is spread over the batch at which a breach might
//! begin: `1/(t(t+1))` of it is staked from batch t on, and what is staked later is kept. `E_t = S_t + 1/(t+1)` with
//! `S_t = e_t (S_{t-1} + 1/(t(t+1)))`; a mixture of e-processes is one.

use statrs::function::beta::ln_beta;

use super::super::{Comparison, Sample};
use super::p_of;

/// What is spread over the forecasts anew before each batch.
const SHARED: f64 = 0.1;

/// A bet against "the comparison is within its bound", on batches of independent trials.
#[derive(Debug, Clone, PartialEq)]
pub struct CountBet {
    comparison: Comparison,
    at_least: Option<f64>,
    at_most: Option<f64>,
    /// The weights of the forecasts: nothing is known, as before, as all so far.
    weights: [f64; 3],
    before: Option<(Sample, Sample)>,
    all: Option<(Sample, Sample)>,
    /// The logarithm of what is staked already.
    log_staked: f64,
    batches: u64,
    best_log_e: f64,
}

impl CountBet {
    /// A bet that has seen nothing: E is 1. `None` without a bound, and with one that cannot be bet against: a ratio
    /// that is not above 0, a difference that is not within (-1, 1), a lower end above the upper.
    pub fn new(comparison: Comparison, at_least: Option<f64>, at_most: Option<f64>) -> Option<Self> {
        let can = |bound: f64| match comparison {
            Comparison::Ratio => bound > 0.0 && bound.is_finite(),
            Comparison::Difference => bound > -1.0 && bound < 1.0,
        };
        let ends = [at_least, at_most];
        let is_order = at_least.zip(at_most).is_none_or(|(least, most)| least <= most);
        let has_bound = ends.iter().any(Option::is_some);
        (has_bound && is_order && ends.into_iter().flatten().all(can)).then_some(Self {
            comparison,
            at_least,
            at_most,
            weights: [1.0 / 3.0; 3],
            before: None,
            all: None,
            log_staked: f64::NEG_INFINITY,
            batches: 0,
            best_log_e: 0.0,
        })
    }

    /// One batch of each group.
    pub fn observe(&mut self, group: Sample, reference: Sample) {
        let log_e = self.forecast(group, reference) - self.likeliest_within(group, reference);
        self.batches += 1;
        let t = self.batches as f64;
        self.log_staked = log_e + log_sum(self.log_staked, -(t.ln() + (t + 1.0).ln()));
        self.before = Some((group, reference));
        let (of_group, of_reference) = self
            .all
            .map_or((group, reference), |(a, b)| (sum(a, group), sum(b, reference)));
        self.all = Some((of_group, of_reference));
        self.best_log_e = self.best_log_e.max(self.log_e());
    }

    /// The natural logarithm of E; 0 at the start.
    pub fn log_e(&self) -> f64 {
        log_sum(self.log_staked, -((self.batches + 1) as f64).ln())
    }

    /// The smallest 1/E so far, at most 1: a p-value that is valid at every look, and never rises.
    pub fn always_valid_p(&self) -> f64 {
        p_of(self.best_log_e)
    }

    /// Whether E has ever reached `1/alpha`. While the comparison is within its bound, the chance that this ever becomes
    /// true is at most alpha.
    pub fn alarms(&self, alpha: f64) -> bool {
        self.best_log_e >= -alpha.ln()
    }

    /// The logarithm of how likely the counts were thought to be, in one order of the trials; then the weights learn.
    fn forecast(&mut self, group: Sample, reference: Sample) -> f64 {
        let known = [None, self.before, self.all];
        let logs = known.map(|known| {
            let (a, b) = known.unzip();
            beta_binomial(a, group) + beta_binomial(b, reference)
        });
        let mut mixed = f64::NEG_INFINITY;
        for (weight, log) in self.weights.iter().zip(logs) {
            mixed = log_sum(mixed, weight.ln() + log);
        }
        for (weight, log) in self.weights.iter_mut().zip(logs) {
            *weight = (1.0 - SHARED) * (weight.ln() + log - mixed).exp() + SHARED / 3.0;
        }
        mixed
    }

    /// The logarithm of the largest probability of the counts, in one order of the trials, that the bound allows.
    fn likeliest_within(&self, group: Sample, reference: Sample) -> f64 {
        let on = |bound: f64| {
            let rate_b = self.comparison.contrast(group, reference, bound).restricted_b;
            let rate_a = self.comparison.rate_on(bound, rate_b).clamp(0.0, 1.0);
            log_likelihood(group, rate_a) + log_likelihood(reference, rate_b)
        };
        let (rate_a, rate_b) = (group.rate(), reference.rate());
        let edge = |bound: f64| self.comparison.rate_on(bound, rate_b);
        if let Some(least) = self.at_least.filter(|&least| rate_a < edge(least)) {
            on(least)
        } else if let Some(most) = self.at_most.filter(|&most| rate_a > edge(most)) {
            on(most)
        } else {
            log_likelihood(group, rate_a) + log_likelihood(reference, rate_b)
        }
    }
}

/// The beta-binomial forecast of the counts, in one order of the trials, by Jeffreys' law and what is known already.
fn beta_binomial(known: Option<Sample>, sample: Sample) -> f64 {
    let (a, b) = known.map_or((0.5, 0.5), |known| (0.5 + known.successes, 0.5 + known.failures()));
    ln_beta(a + sample.successes, b + sample.failures()) - ln_beta(a, b)
}

fn log_likelihood(sample: Sample, rate: f64) -> f64 {
    let part = |count: f64, log: f64| if count > 0.0 { count * log } else { 0.0 };
    part(sample.successes, rate.ln()) + part(sample.failures(), (-rate).ln_1p())
}

fn sum(a: Sample, b: Sample) -> Sample {
    Sample {
        successes: a.successes + b.successes,
        trials: a.trials + b.trials,
    }
}

/// `log(exp a + exp b)`.
fn log_sum(a: f64, b: f64) -> f64 {
    let (high, low) = (a.max(b), a.min(b));
    if low == f64::NEG_INFINITY {
        high
    } else {
        high + (low - high).exp().ln_1p()
    }
}

#[cfg(test)]
#[path = "counts_tests.rs"]
mod tests;
