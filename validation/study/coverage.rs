//! How often the default 95 % intervals hold the truth: by enumeration.
//!
//! An interval of a difference or ratio leaves a value out exactly where the test of that value rejects on either side,
//! so its coverage follows from two staircases and no interval has to be computed (the test of this study checks that
//! on small groups with the intervals themselves).

use evenhand::measure::inference::{Comparison, Side, wilson, z_for};
use rayon::prelude::*;

use super::binomial::Binomial;
use super::question::{ALPHA, Question, sample};
use super::staircase::Rejected;

/// One rate: the coverage of Wilson's interval.
pub struct OneRate {
    pub trials: usize,
    pub percent: usize,
    pub coverage: f64,
}

/// Two rates: the coverage of Miettinen and Nurminen's interval.
pub struct TwoRates {
    pub group: usize,
    pub reference: usize,
    pub percents: (usize, usize),
    pub coverage: f64,
}

/// Wilson's interval at each size and rate.
pub fn one_rate(sizes: &[usize], percents: &[usize]) -> Vec<OneRate> {
    let z = z_for(0.95);
    let of_size = |&trials: &usize| {
        let intervals: Vec<_> = (0..=trials).map(|x| wilson(sample(x, trials), z)).collect();
        let at = |&percent: &usize| {
            let rate = percent as f64 / 100.0;
            let truth = Binomial::new(trials, rate);
            let held = intervals
                .iter()
                .enumerate()
                .filter(|(_, interval)| interval.contains(rate));
            OneRate {
                trials,
                percent,
                coverage: held.map(|(x, _)| truth.at(x)).sum(),
            }
        };
        percents.iter().map(at).collect::<Vec<_>>()
    };
    sizes.iter().flat_map(of_size).collect()
}

/// The interval of a difference or ratio at each pair of sizes and of rates. Where nobody succeeds in either group the
/// ratio's interval is everything, and holds the truth.
pub fn two_rates(comparison: Comparison, pairs: &[(usize, usize)], percents: &[usize]) -> Vec<TwoRates> {
    let of_pair = |&(group, reference): &(usize, usize)| {
        let distributions = |trials: usize| -> Vec<Binomial> {
            percents
                .iter()
                .map(|&percent| Binomial::new(trials, percent as f64 / 100.0))
                .collect()
        };
        let (of_group, of_reference) = (distributions(group), distributions(reference));
        let mut cells = Vec::new();
        for (a, &p) in of_group.iter().zip(percents) {
            for (b, &q) in of_reference.iter().zip(percents) {
                let truth = match comparison {
                    Comparison::Ratio => p as f64 / q as f64,
                    Comparison::Difference => (p as f64 - q as f64) / 100.0,
                };
                let question = Question {
                    name: "the truth",
                    comparison,
                    bound: truth,
                    breach: Side::Below,
                };
                let missed = |side| Rejected::of(&question, (group, reference), side, ALPHA).probability(a, b);
                cells.push(TwoRates {
                    group,
                    reference,
                    percents: (p, q),
                    coverage: 1.0 - missed(Side::Below) - missed(Side::Above),
                });
            }
        }
        cells
    };
    let cells: Vec<Vec<TwoRates>> = pairs.par_iter().map(of_pair).collect();
    cells.into_iter().flatten().collect()
}
