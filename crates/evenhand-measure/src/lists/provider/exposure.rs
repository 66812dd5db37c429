//! This module is exposure: the attention that groups of items get by their places.

use std::collections::BTreeMap;

use crate::attention::Attention;

/// How much attention each place gets: a model's, or what clicks say.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    attention: Attention,
    /// By place, where clicks say it.
    clicks: BTreeMap<u64, f64>,
}

impl Curve {
    /// The curve of a model; nothing for [`Attention::Clicks`], which [`Curve::of_clicks`] makes.
    #[must_use]
    pub fn new(attention: Attention) -> Option<Self> {
        attention.weight(1).map(|_| Self {
            attention,
            clicks: BTreeMap::new(),
        })
    }

    /// The share of clicks that each place got, over that of the first: CTR(k) / CTR(1).
    ///
    /// It takes for attention what may be quality: better items are placed higher, and clicked more for that as well.
    /// Only places that were dealt at random are free of this.
    ///
    /// `places` are a place, how many items shown there were clicked, and of how many that is known, in any order.
    ///
    /// # Errors
    /// When the first place has no clicks, or one of the places has nothing known; the error says which.
    pub fn of_clicks(places: impl IntoIterator<Item = (u64, u64, u64)>) -> Result<Self, String> {
        let mut sums: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
        for (place, clicked, known) in places {
            let sum = sums.entry(place).or_default();
            sum.0 = sum.0.saturating_add(clicked);
            sum.1 = sum.1.saturating_add(known);
        }
        if let Some((place, _)) = sums.iter().find(|(_, (_, known))| *known == 0) {
            return Err(format!("nothing says whether items in place {place} were clicked"));
        }
        let rate = |(clicked, known): (u64, u64)| clicked as f64 / known as f64;
        let first = sums.get(&1).map_or(0.0, |first| rate(*first));
        if first == 0.0 {
            return Err(
                "no item in the first place was clicked, and the clicks of others are held against it".to_owned(),
            );
        }
        Ok(Self {
            attention: Attention::Clicks,
            clicks: sums
                .into_iter()
                .map(|(place, sum)| (place, rate(sum) / first))
                .collect(),
        })
    }

    /// The attention of a place, from 1. A place that the clicks know nothing of gets none.
    #[must_use]
    pub fn weight(&self, place: u64) -> f64 {
        self.attention
            .weight(place)
            .unwrap_or_else(|| self.clicks.get(&place).copied().unwrap_or(0.0))
    }

    /// All the attention that a list with these places has to give.
    #[must_use]
    pub fn budget(&self, places: impl IntoIterator<Item = u64>) -> f64 {
        places.into_iter().map(|place| self.weight(place)).sum()
    }
}

/// What each group gets: the sum, over the items of it that are shown, of the attention of their places.
///
/// `shown` are a group (below `groups`; others are left out), a place, and how often the group was shown there. Unit:
/// places like the first, of a model that gives it 1. The exposures of all groups add up to the attention of all lists.
///
/// ```
/// use evenhand_measure::attention::Attention;
/// use evenhand_measure::lists::provider::{Curve, exposures, ratio, shares};
/// let curve = Curve::new(Attention::Log).unwrap();
/// let got = exposures(&curve, 2, [(0, 1, 1), (1, 3, 1)]);
/// assert_eq!(got, [1.0, 0.5]);
/// let share = shares(&got).unwrap();
/// assert_eq!(share[1], 1.0 / 3.0);
/// // Half of the catalogue, a third of the attention.
/// assert_eq!(ratio(share[1], 0.5), Some(2.0 / 3.0));
/// ```
#[must_use]
pub fn exposures(curve: &Curve, groups: usize, shown: impl IntoIterator<Item = (usize, u64, u64)>) -> Vec<f64> {
    let mut sums = vec![0.0; groups];
    for (group, place, times) in shown {
        if let Some(sum) = sums.get_mut(group) {
            *sum += times as f64 * curve.weight(place);
        }
    }
    sums
}

/// Each part as a share of them all; nothing where they add up to nothing.
#[must_use]
pub fn shares(parts: &[f64]) -> Option<Vec<f64>> {
    let whole: f64 = parts.iter().sum();
    (whole > 0.0 && whole.is_finite()).then(|| parts.iter().map(|part| part / whole).collect())
}

/// A group's share of the attention over its target share; 1 is as it should be. Nothing where the target is 0.
#[must_use]
pub fn ratio(share: f64, target: f64) -> Option<f64> {
    (target > 0.0).then(|| share / target)
}

/// The smallest over the largest of the groups' ratios, from 0 to 1, which is parity.
///
/// Nothing with fewer than two groups, or where none of them gets anything.
#[must_use]
pub fn parity(ratios: &[f64]) -> Option<f64> {
    let largest = ratios.iter().copied().fold(0.0, f64::max);
    let smallest = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    (ratios.len() > 1 && largest > 0.0).then(|| smallest / largest)
}

/// How far apart the exposures per item of groups are: the largest less the smallest.
///
/// Some software calls this quantity AWRF; [`awrf`](super::awrf) is the one of the TREC tracks. Nothing with fewer than
/// two groups.
#[must_use]
pub fn gap(per_item: &[f64]) -> Option<f64> {
    let largest = per_item.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let smallest = per_item.iter().copied().fold(f64::INFINITY, f64::min);
    (per_item.len() > 1).then_some(largest - smallest)
}
