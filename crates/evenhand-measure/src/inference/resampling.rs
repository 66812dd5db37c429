//! Seeded resampling of cells: replicates of every rate, and simultaneous critical values.
//!
//! What is resampled are the cells of the tally, so it costs the same for a thousand rows and for a billion. Each
//! replicate has a stream of random numbers of its own, so that the number of threads changes nothing.
//!
//! [`bootstrap`] keeps what every group counts in each replicate, from which come the replicates of every rate and of
//! every comparison of two groups. [`critical_values`] asks a statistic of each replicate and keeps its quantile.
//!
//! With many comparisons at once, 95 % intervals of each miss somewhere far more often than in 5 % of audits, and the
//! worst disparity is the comparison that is most likely to be missed. A joint critical value replaces 1.96: the 95 %
//! quantile of the largest |Z| of the whole family. Intervals computed with it hold all at once, so they hold for
//! the worst comparison too, whichever that turns out to be. The percentile bootstrap of "largest minus smallest rate"
//! does not: it never covers 0 when three or more groups are equal.

use std::fmt;

use rayon::prelude::*;

use self::urn::Urn;
use super::z_for;

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod laws;
mod layout;
mod replicates;
mod screen;
#[cfg(test)]
mod tests;
mod urn;

pub use self::layout::{Layout, Part, Share};
pub use self::replicates::{Replicates, Spread, bootstrap};
pub(crate) use self::screen::is_surely_at_most;

/// The largest total that can be resampled: beyond 2^53 a count is no longer a number of the computer.
const LARGEST_TOTAL: u64 = 1 << 53;

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    /// How many resamples are drawn, B. A level of 0.95 needs 19; 1,999 give z with a standard error of about 0.04.
    pub replicates: u32,
    /// The same seed and counts give the same result, on any number of threads.
    pub seed: u64,
    /// The share of samples in which all intervals together are to hold, above 0 and below 1; 0.95 is usual.
    pub level: f64,
}

/// A joint critical value and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Critical {
    /// What takes the place of 1.96 in every interval of the family. Finite, and never below the normal quantile of
    /// one comparison.
    pub z: f64,
    /// How many resamples were drawn.
    pub replicates: u32,
    /// In how many of them the statistic was undefined. They count as larger than any number.
    pub undefined: u32,
}

/// Why there is no joint critical value, or nothing to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoCritical {
    /// There are no counts, or all are 0, or a weight is negative or no number.
    NothingToResample,
    /// The counts sum to more than 2^53.
    TooMany,
    /// So many counts would have to be kept: replicates times groups times outcomes.
    TableTooLarge {
        /// Their number.
        counts: u128,
        /// The most that are kept.
        most: usize,
    },
    /// The level is not above 0 and below 1.
    Level(f64),
    /// So few replicates cannot show a quantile of that level.
    TooFewReplicates {
        /// The replicates asked for.
        replicates: u32,
        /// The level asked for.
        level: f64,
    },
    /// The statistic was undefined or infinite in so many resamples that its quantile is infinite: no interval would
    /// claim anything.
    Unbounded {
        /// In how many resamples it was undefined or infinite.
        unbounded: u32,
        /// How many were drawn.
        replicates: u32,
    },
}

impl fmt::Display for NoCritical {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToResample => write!(formatter, "there are no counts to resample"),
            Self::TooMany => write!(formatter, "the counts sum to more than {LARGEST_TOTAL}"),
            Self::TableTooLarge { counts, most } => {
                write!(formatter, "{counts} counts would have to be kept, more than {most}")
            }
            Self::Level(level) => write!(formatter, "the level {level} is not between 0 and 1"),
            Self::TooFewReplicates { replicates, level } => {
                write!(formatter, "{replicates} replicates are too few for a level of {level}")
            }
            Self::Unbounded { unbounded, replicates } => write!(
                formatter,
                "a comparison has no value in {unbounded} of {replicates} resamples: a group is too small"
            ),
        }
    }
}

impl std::error::Error for NoCritical {}

/// The joint critical value of a family of comparisons, by resampling around the counts as they are.
///
/// `statistic` is given the counts of a resample and returns the largest |Z| of the family: each Z is the score
/// statistic of the resample against the *point estimate of the original counts*, which is the truth that the resamples
/// were drawn from. `None` (or NaN) says that it is undefined there, and counts as infinite: it can only widen the
/// intervals. A comparison whose interval would be the whole range for want of a denominator can instead be left out of
/// the maximum, since such an interval misses nothing.
///
/// Resamples are multinomial: as many draws as there were, cell by cell with the observed shares. That equals in law
/// the drawing of whole rows with replacement where rows are independent and unweighted. Where rows come in clusters
/// pass `[1; buckets]`, and read the result as how many times each bucket was drawn.
///
/// A cell of 0 stays 0 in every resample. For a family of rates, [`critical_value_around`] the [`smoothed`] counts is
/// the better choice.
///
/// z is the k-th smallest of the B values, `k = ceil((B + 1) level)`: were the data one more draw of the same law, its
/// own value would lie above z in at most a share 1 - level of all cases, for every B (Davison & Hinkley 1997, section
/// 4.2, the rule of Monte Carlo tests). It is never below `z_for(level)`: the largest of many cannot have a smaller
/// quantile than one of them, and only the coarseness of small counts could say so. If the k-th value is infinite the
/// result is [`NoCritical::Unbounded`].
pub fn critical_value(
    counts: &[u64],
    settings: &Resampling,
    statistic: impl Fn(&[u64]) -> Option<f64> + Sync,
) -> Result<Critical, NoCritical> {
    let weights: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
    critical_value_around(&weights, total(counts)?, settings, statistic)
}

/// [`critical_value`] with the resamples drawn around other shares than the observed: `draws` of them, cell by cell in
/// proportion to `weights`.
///
/// `statistic` must then compare with the point estimate of the *weights*, as they are what the resamples come from.
pub fn critical_value_around(
    weights: &[f64],
    draws: u64,
    settings: &Resampling,
    statistic: impl Fn(&[u64]) -> Option<f64> + Sync,
) -> Result<Critical, NoCritical> {
    let [critical] = critical_values(weights, draws, settings, || (), |(), cells| [statistic(cells)])?;
    critical
}

/// [`critical_value_around`] for several families at once: the same resamples, drawn once, are asked a statistic of
/// each.
///
/// `scratch` makes what `statistics` may write into from one resample to the next, such as the table of a [`Layout`];
/// nothing that is found may rest on what is left in it.
///
/// # Errors
/// What keeps all families from an answer; the result of each family has its own reason.
pub fn critical_values<const FAMILIES: usize, S>(
    weights: &[f64],
    draws: u64,
    settings: &Resampling,
    scratch: impl Fn() -> S + Sync + Send,
    statistics: impl Fn(&mut S, &[u64]) -> [Option<f64>; FAMILIES] + Sync,
) -> Result<[Result<Critical, NoCritical>; FAMILIES], NoCritical> {
    let rank = settings.rank()?;
    let urn = Urn::new(weights, draws, settings.seed)?;
    let values: Vec<[Option<f64>; FAMILIES]> = (0..settings.replicates)
        .into_par_iter()
        .map_init(
            || (vec![0; weights.len()], scratch()),
            |(cells, scratch), replicate| {
                urn.draw(replicate, cells);
                statistics(scratch, cells)
            },
        )
        .collect();
    Ok(std::array::from_fn(|family| {
        quantile(values.iter().map(|of| of[family]), rank, settings)
    }))
}

/// The value at `rank` in ascending order, as a critical value.
fn quantile(
    values: impl Iterator<Item = Option<f64>>,
    rank: usize,
    settings: &Resampling,
) -> Result<Critical, NoCritical> {
    let values: Vec<Option<f64>> = values.map(|z| z.filter(|z| !z.is_nan())).collect();
    let undefined = count(&values, Option::is_none);
    let mut ordered: Vec<f64> = values.iter().map(|z| z.unwrap_or(f64::INFINITY)).collect();
    let (_, &mut z, _) = ordered.select_nth_unstable_by(rank - 1, f64::total_cmp);
    if z == f64::INFINITY {
        return Err(NoCritical::Unbounded {
            unbounded: count(&values, |z| z.is_none_or(f64::is_infinite)),
            replicates: settings.replicates,
        });
    }
    Ok(Critical {
        z: z.max(z_for(settings.level)),
        replicates: settings.replicates,
        undefined,
    })
}

/// The counts with a half added to each: the weights to resample around when the cells make up rates.
///
/// A group with 0 of 50 selected would be 0 of 50 in every resample, as if its rate were known. With the half it varies
/// as a rate of about one in a hundred does. On large counts the half changes nothing.
pub fn smoothed(counts: &[u64]) -> Vec<f64> {
    counts.iter().map(|&count| count as f64 + 0.5).collect()
}

/// The sum of the counts, if it can be resampled.
fn total(counts: &[u64]) -> Result<u64, NoCritical> {
    counts
        .iter()
        .try_fold(0_u64, |sum, &count| sum.checked_add(count))
        .filter(|&sum| sum <= LARGEST_TOTAL)
        .ok_or(NoCritical::TooMany)
}

fn count(values: &[Option<f64>], which: impl Fn(&Option<f64>) -> bool) -> u32 {
    // There are no more values than replicates, which is a u32.
    u32::try_from(values.iter().filter(|value| which(value)).count()).unwrap_or(u32::MAX)
}

impl Resampling {
    /// Which of the values in ascending order is the critical one, counted from 1.
    fn rank(&self) -> Result<usize, NoCritical> {
        let Self { replicates, level, .. } = *self;
        if !(level > 0.0 && level < 1.0) {
            return Err(NoCritical::Level(level));
        }
        let rank = ((f64::from(replicates) + 1.0) * level).ceil();
        if rank > f64::from(replicates) {
            return Err(NoCritical::TooFewReplicates { replicates, level });
        }
        Ok(rank as usize)
    }
}
