//! This module is what every threshold would make of scores: who would be selected, and where groups would fare alike.

use std::collections::BTreeSet;

use super::Labelled;
use crate::tally::Numbers;

/// The scores of a group whose thresholds are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Swept<'a> {
    /// Of everybody.
    pub all: &'a Numbers,
    /// By label, if there are labels.
    pub labelled: Option<&'a Labelled>,
}

/// A share of rows, as two counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many of them.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
}

impl Share {
    /// The share, unless it is one of nobody.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// The share of the others.
    #[must_use]
    pub fn rest(self) -> Self {
        Self {
            part: self.whole - self.part,
            whole: self.whole,
        }
    }
}

/// What a threshold makes of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// Those at or above it, of all.
    pub all: Share,
    /// Of the positives.
    pub positives: Share,
    /// Of the negatives.
    pub negatives: Share,
}

/// A threshold and what it makes of each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// Whoever scores at least this is selected.
    pub threshold: f64,
    /// The groups, in the order in which they were given.
    pub groups: Vec<Selected>,
}

/// Which share is compared between groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The selection rate.
    Selected,
    /// One minus the selection rate: the favourable one where being selected is bad.
    Spared,
    /// The true positive rate.
    TruePositives,
    /// The false positive rate.
    FalsePositives,
    /// The positive predictive value.
    Precision,
}

impl Selected {
    /// One of its shares.
    #[must_use]
    pub fn share(&self, compared: Compared) -> Share {
        match compared {
            Compared::Selected => self.all,
            Compared::Spared => self.all.rest(),
            Compared::TruePositives => self.positives,
            Compared::FalsePositives => self.negatives,
            Compared::Precision => Share {
                part: self.positives.part,
                whole: self.positives.part.saturating_add(self.negatives.part),
            },
        }
    }
}

/// Thresholds from the lowest to the highest that lie next to one another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lowest.
    pub from: f64,
    /// The highest.
    pub to: f64,
}

/// Every threshold that makes a difference: each different score, rising. The counts are exact for these, also where
/// numbers fall together: then thresholds between are left out.
///
/// ```
/// use evenhand_measure::scores::sweep::{Compared, Range, Swept, ranges, sweep};
/// use evenhand_measure::tally::Numbers;
/// let one = Numbers::of([(1.0, 1), (2.0, 1), (3.0, 2)], 0);
/// let two = Numbers::of([(1.0, 2), (3.0, 2)], 0);
/// let groups = [&one, &two].map(|all| Swept { all, labelled: None });
/// let cuts = sweep(&groups);
/// assert_eq!(cuts[1].groups[0].all.rate(), Some(0.75));
/// let fair = ranges(&cuts, |cut| cut.is_within(Compared::Selected, 0.8));
/// assert_eq!(fair, [Range { from: 1.0, to: 1.0 }, Range { from: 3.0, to: 3.0 }]);
/// ```
#[must_use]
pub fn sweep(groups: &[Swept<'_>]) -> Vec<Cut> {
    let thresholds: BTreeSet<u64> = groups
        .iter()
        .flat_map(|group| group.all.bars.iter().map(|bar| crate::tally::rank(bar.from)))
        .collect();
    let mut cuts: Vec<Cut> = thresholds
        .into_iter()
        .map(|place| Cut {
            threshold: crate::tally::unrank(place),
            groups: vec![Selected::default(); groups.len()],
        })
        .collect();
    for (index, group) in groups.iter().enumerate() {
        fill(&mut cuts, group.all, |cut| &mut cut.groups[index].all);
        if let Some(labelled) = group.labelled {
            fill(&mut cuts, &labelled.positives, |cut| &mut cut.groups[index].positives);
            fill(&mut cuts, &labelled.negatives, |cut| &mut cut.groups[index].negatives);
        }
    }
    cuts
}

/// From the highest threshold down, each selects whom the one above does and those of its own score.
fn fill(cuts: &mut [Cut], numbers: &Numbers, of: impl Fn(&mut Cut) -> &mut Share) {
    let whole = numbers.n();
    let mut bars = numbers.bars.iter().rev().peekable();
    let mut part = 0u64;
    for cut in cuts.iter_mut().rev() {
        while let Some(bar) = bars.next_if(|bar| bar.from >= cut.threshold) {
            part = part.saturating_add(bar.n);
        }
        *of(cut) = Share { part, whole };
    }
}

impl Cut {
    fn shares(&self, compared: Compared) -> impl Iterator<Item = Share> {
        self.groups.iter().map(move |group| group.share(compared))
    }

    /// The lowest share and the highest, unless there are fewer than two groups that have one.
    #[must_use]
    pub fn ends(&self, compared: Compared) -> Option<(Share, Share)> {
        let mut shares = self.shares(compared).filter(|share| share.whole > 0);
        let first = shares.next()?;
        let mut ends = None;
        for share in shares {
            let (low, high) = ends.unwrap_or((first, first));
            ends = Some((
                if is_below(share, low) { share } else { low },
                if is_below(high, share) { share } else { high },
            ));
        }
        ends
    }

    /// The lowest share as a part of the highest; nothing if all are 0.
    #[must_use]
    pub fn ratio(&self, compared: Compared) -> Option<f64> {
        let (low, high) = self.ends(compared)?;
        (high.part > 0).then(|| {
            let low = low.part as f64 * high.whole as f64 / low.whole as f64;
            low / high.part as f64
        })
    }

    /// Whether the lowest share is at least `bound` times the highest; nothing if all are 0.
    ///
    /// Judged on whole numbers with a bound of up to six decimals, so that a tie is one.
    #[must_use]
    pub fn is_within(&self, compared: Compared, bound: f64) -> Option<bool> {
        let (low, high) = self.ends(compared)?;
        if high.part == 0 {
            return None;
        }
        let product = |parts: u128, a: u64, b: u64| (u128::from(a) * u128::from(b)).checked_mul(parts);
        let exact = millionths(bound).and_then(|parts| {
            let low_side = product(MILLION, low.part, high.whole)?;
            Some(low_side >= product(parts, high.part, low.whole)?)
        });
        exact.or_else(|| self.ratio(compared).map(|ratio| ratio >= bound))
    }

    /// How far the highest share lies above the lowest.
    #[must_use]
    pub fn gap(&self, compared: Compared) -> Option<f64> {
        let (low, high) = self.ends(compared)?;
        Some(high.rate()? - low.rate()?)
    }

    /// Whether the highest share is at most `bound` above the lowest, as exactly.
    #[must_use]
    pub fn is_apart_by(&self, compared: Compared, bound: f64) -> Option<bool> {
        let (low, high) = self.ends(compared)?;
        let exact = millionths(bound).and_then(|parts| {
            let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
            let gap = product(high.part, low.whole).checked_sub(product(low.part, high.whole))?;
            Some(gap.checked_mul(MILLION)? <= product(high.whole, low.whole).checked_mul(parts)?)
        });
        exact.or_else(|| self.gap(compared).map(|gap| gap <= bound))
    }
}

const MILLION: u128 = 1_000_000;

/// A bound of up to six decimals in millionths.
fn millionths(bound: f64) -> Option<u128> {
    let parts = (bound * MILLION as f64).round();
    let is_decimal = (parts / MILLION as f64 - bound).abs() <= f64::EPSILON * bound.abs();
    (is_decimal && (0.0..1e18).contains(&parts)).then_some(parts as u128)
}

fn is_below(one: Share, other: Share) -> bool {
    u128::from(one.part) * u128::from(other.whole) < u128::from(other.part) * u128::from(one.whole)
}

/// The thresholds at which something holds, those that lie next to one another together.
///
/// Thresholds at which the question has no answer belong to none.
#[must_use]
pub fn ranges(cuts: &[Cut], holds: impl Fn(&Cut) -> Option<bool>) -> Vec<Range> {
    let mut found: Vec<Range> = Vec::new();
    let mut is_open = false;
    for cut in cuts {
        let is_held = holds(cut) == Some(true);
        match found.last_mut() {
            Some(range) if is_held && is_open => range.to = cut.threshold,
            _ if is_held => found.push(Range {
                from: cut.threshold,
                to: cut.threshold,
            }),
            _ => {}
        }
        is_open = is_held;
    }
    found
}

/// At most so many cuts, evenly among all, the first and the last among them.
#[must_use]
pub fn thinned(cuts: &[Cut], most: usize) -> Vec<&Cut> {
    if cuts.len() <= most || most < 2 {
        return cuts.iter().collect();
    }
    (0..most)
        .filter_map(|place| cuts.get(place * (cuts.len() - 1) / (most - 1)))
        .collect()
}

#[cfg(test)]
#[path = "sweep_tests.rs"]
mod tests;
