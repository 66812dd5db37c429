//! The bootstrap of all rates: what every group counts in each of many resamples.

use rayon::prelude::*;

use super::urn::Urn;
use super::{Layout, NoCritical, Resampling, Share};
use crate::inference::{Comparison, Interval};

/// The most counts that are kept: 4 GiB of them.
const MOST_COUNTS: usize = 1 << 29;

/// Resamples cells and counts every group in each: the replicates of all rates, of all groups at once.
///
/// `weights` says in which proportion the cells are drawn and `draws` how often: the counts themselves and their sum
/// for the usual bootstrap (Efron 1979), [`smoothed`](super::smoothed) counts and the same sum where a count of 0 must
/// not be taken for certainty, ones and the number of clusters where clusters are drawn whole. The law is the
/// multinomial itself, which equals the drawing of whole rows with replacement; the cost follows the cells, not the
/// rows. Of `settings` the level is not used.
///
/// Groups overlap as they do in the data, so that replicates of two groups, or of one group by two attributes, vary
/// together as they should.
///
/// ```
/// use evenhand_measure::inference::resampling::{Layout, Part, Resampling, Share, Spread, bootstrap};
/// // Two groups, selected and not: 30 of 100 and 45 of 90.
/// let counts = [30.0, 70.0, 45.0, 45.0];
/// let part = |group, outcome| [Part { group, outcome, rows: 1 }];
/// let layout = Layout::of([part(0, 0), part(0, 1), part(1, 0), part(1, 1)]);
/// let selected = Share { inside: vec![0], all: vec![0, 1] };
/// let settings = Resampling { replicates: 1999, seed: 1, level: 0.95 };
///
/// let replicates = bootstrap(&counts, 190, &layout, &settings)?;
/// let spread = Spread::of(replicates.shares(0, &selected), 0.95).unwrap();
/// // sqrt(0.3 x 0.7 / 100)
/// assert!((spread.standard_error - 0.0458).abs() < 0.003);
/// # Ok::<(), evenhand_measure::inference::resampling::NoCritical>(())
/// ```
///
/// # Errors
/// Nothing to draw, or more than 2^53 draws, or more counts than a computer should be asked to keep.
pub fn bootstrap(
    weights: &[f64],
    draws: u64,
    layout: &Layout,
    settings: &Resampling,
) -> Result<Replicates, NoCritical> {
    let urn = Urn::new(weights, draws, settings.seed)?;
    if !layout.holds(draws) {
        return Err(NoCritical::TooMany);
    }
    let places = layout.places();
    if places == 0 || settings.replicates == 0 {
        return Err(NoCritical::NothingToResample);
    }
    let all = places as u128 * u128::from(settings.replicates);
    if all > MOST_COUNTS as u128 {
        return Err(NoCritical::TableTooLarge {
            counts: all,
            most: MOST_COUNTS,
        });
    }
    let mut counts = vec![0; all as usize];
    counts
        .par_chunks_exact_mut(places)
        .zip(0..settings.replicates)
        .for_each_init(
            || vec![0; weights.len()],
            |cells, (table, replicate)| {
                urn.draw(replicate, cells);
                layout.count(cells, table);
            },
        );
    Ok(Replicates {
        groups: layout.groups(),
        outcomes: layout.outcomes(),
        counts,
    })
}

/// What every group counts in each resample. Shares and comparisons are worked out when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replicates {
    groups: usize,
    outcomes: usize,
    /// By replicate, group, outcome.
    counts: Vec<u64>,
}

impl Replicates {
    /// How many resamples there are.
    pub fn len(&self) -> usize {
        self.counts.len() / (self.groups * self.outcomes).max(1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// A group's rows by outcome, in one resample; nothing for a group or resample that is not there.
    pub fn counts(&self, replicate: usize, group: usize) -> &[u64] {
        if group >= self.groups {
            return &[];
        }
        let start = (replicate * self.groups + group) * self.outcomes;
        self.counts.get(start..start + self.outcomes).unwrap_or_default()
    }

    /// A share of a group in each resample; `None` where its denominator has no row.
    pub fn shares(&self, group: usize, share: &Share) -> impl Iterator<Item = Option<f64>> {
        (0..self.len()).map(move |replicate| share.of(self.counts(replicate, group)))
    }

    /// The ratio or difference of a share between two groups in each resample; `None` where it has no value in one of
    /// them, or is a ratio to 0.
    ///
    /// Its spread is that of one comparison that was chosen before looking. For the largest of many see
    /// [`critical_values`](super::critical_values).
    pub fn comparisons(
        &self,
        comparison: Comparison,
        share: &Share,
        group: usize,
        reference: usize,
    ) -> impl Iterator<Item = Option<f64>> {
        (0..self.len()).map(move |replicate| {
            let of = |group| share.of(self.counts(replicate, group));
            comparison.of(of(group)?, of(reference)?)
        })
    }
}

/// How a quantity varies between resamples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The mean of the replicates.
    pub mean: f64,
    /// Their standard deviation, which is the bootstrap's standard error.
    pub standard_error: f64,
    /// The percentile interval (Efron 1979): the replicates of rank `k = (B + 1)(1 - level)/2`, rounded down, from
    /// either end. `None` when there are too few replicates for that rank.
    pub interval: Option<Interval>,
    /// In how many resamples it had no value. The other numbers are of those in which it had one.
    pub undefined: u32,
}

impl Spread {
    /// The spread of replicates; `None` when fewer than two have a value, or the level is not between 0 and 1.
    pub fn of(values: impl IntoIterator<Item = Option<f64>>, level: f64) -> Option<Self> {
        let mut undefined = 0;
        let mut known = Vec::new();
        for value in values {
            match value {
                Some(value) => known.push(value),
                None => undefined += 1,
            }
        }
        if known.len() < 2 || !(level > 0.0 && level < 1.0) {
            return None;
        }
        let size = known.len() as f64;
        let mean = known.iter().sum::<f64>() / size;
        let squares: f64 = known.iter().map(|value| (value - mean).powi(2)).sum();
        Some(Self {
            mean,
            standard_error: (squares / (size - 1.0)).sqrt(),
            interval: percentiles(&mut known, level),
            undefined,
        })
    }
}

/// The k-th value from either end.
fn percentiles(values: &mut [f64], level: f64) -> Option<Interval> {
    // A whole number that rounding has put just under itself is still that number.
    let rank = ((values.len() as f64 + 1.0) * (1.0 - level) / 2.0 * (1.0 + 1e-12)).floor() as usize;
    let place = rank.checked_sub(1)?;
    let last = values.len() - 1 - place;
    if last <= place {
        return None;
    }
    let (_, &mut lower, above) = values.select_nth_unstable_by(place, f64::total_cmp);
    let (_, &mut upper, _) = above.select_nth_unstable_by(last - place - 1, f64::total_cmp);
    Some(Interval { lower, upper })
}
