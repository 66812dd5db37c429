//! This module says what rows of repeating units are worth in a comparison that is pooled over strata.
//!
//! A unit may be in several strata, so a jackknife within each would count it several times. Here a bucket of units is
//! deleted in all strata at once.

use std::collections::BTreeSet;

use crate::inference::strata::{point, weight};
use crate::inference::{Comparison, Sample};

use super::super::evidence::{FEWEST_BUCKETS, student_over_normal};
use super::Known;

/// How many independent rows a counted one is worth: the variance that the common difference of Mantel and Haenszel
/// would have if rows were independent, over the one that the delete-a-bucket jackknife finds (Efron 1982, chapter 3),
/// enlarged by (t/z)^2 because it is itself estimated. `None` with fewer than twenty buckets.
pub(super) fn worth(strata: &[(Sample, Sample)], known: &[(&Known, &Known)]) -> Option<f64> {
    let of_group: BTreeSet<u32> = known.iter().flat_map(|(a, _)| a.buckets.keys().copied()).collect();
    let of_reference: BTreeSet<u32> = known.iter().flat_map(|(_, b)| b.buckets.keys().copied()).collect();
    if of_group.len() < FEWEST_BUCKETS || of_reference.len() < FEWEST_BUCKETS {
        return None;
    }
    let buckets: BTreeSet<u32> = of_group.union(&of_reference).copied().collect();
    let without: Vec<f64> = buckets
        .iter()
        .filter_map(|bucket| {
            let left = strata
                .iter()
                .zip(known)
                .filter_map(|(&(a, b), (of_a, of_b))| Some((less(a, of_a, *bucket)?, less(b, of_b, *bucket)?)));
            point(Comparison::Difference, &left.collect::<Vec<_>>())
        })
        .collect();
    let count = without.len() as f64;
    let mean = without.iter().sum::<f64>() / count;
    let found = (count - 1.0) / count * without.iter().map(|d| (d - mean).powi(2)).sum::<f64>();
    let enlarged = found * student_over_normal(count - 1.0)?.powi(2);
    let independent = variance(strata);
    let rows: f64 = strata.iter().map(|(a, b)| a.trials + b.trials).sum();
    Some(if enlarged > 0.0 && independent > 0.0 {
        independent / enlarged
    } else {
        // All decisions alike: as many rows as there are buckets.
        (count / rows).min(1.0)
    })
}

/// A stratum's sample without a bucket; `None` when nobody is left.
fn less(sample: Sample, known: &Known, bucket: u32) -> Option<Sample> {
    let (inside, all) = known.buckets.get(&bucket).copied().unwrap_or_default();
    let trials = sample.trials - all;
    // Sums of weights leave a rest of rounding behind.
    (trials > 1e-9 * sample.trials).then(|| Sample {
        successes: (sample.successes - inside).clamp(0.0, trials),
        trials,
    })
}

/// The variance of the common difference if rows are independent.
fn variance(strata: &[(Sample, Sample)]) -> f64 {
    let of = |sample: Sample| sample.rate() * (1.0 - sample.rate()) / sample.trials;
    let weights: f64 = strata.iter().map(|&(a, b)| weight(a, b)).sum();
    let sum: f64 = strata
        .iter()
        .map(|&(a, b)| weight(a, b).powi(2) * (of(a) + of(b)))
        .sum();
    sum / weights.powi(2)
}
