//! This module is what a list is worth to a user of whom it is known which items he wants.
//!
//! All functions take the entries of a list in order of place, and the last place that is looked at. Those that hold
//! what is found against all items that the user wants take their gains, largest first, and give nothing where he wants
//! none. Whether the others count such a user depends on what is known of him, which [`Measuring`](super::Measuring)
//! decides.

use super::list::Entry;

/// The normalised discounted cumulative gain down to place `k`: the sum of gain / log2(1 + place), as a part of the
/// largest sum that the wanted items allow (Järvelin and Kekäläinen 2002).
///
/// Gains count as they are. The exponential gain 2^gain - 1 (Burges and others 2005) is another measure; with gains of
/// 0 and 1 both are the same. The largest sum is over all wanted items, shown or not, so a list that is shorter than
/// `k` loses what it leaves out. From 0 to 1.
///
/// ```
/// use evenhand_measure::lists::customer::{Entry, ndcg};
/// let entry = |place, gain| Entry { place, gain, ..Entry::default() };
/// let found = ndcg(&[entry(1, 1.0), entry(2, 0.0), entry(3, 1.0)], &[1.0, 1.0], 3);
/// assert_eq!(found.map(|x| (x * 1e6).round()), Some(919_721.0));
/// assert_eq!(ndcg(&[entry(1, 0.0)], &[], 3), None);
/// ```
#[must_use]
pub fn ndcg(list: &[Entry], gains: &[f64], k: u32) -> Option<f64> {
    let discount = |place: u64| (1.0 + place as f64).log2();
    let ideal: f64 = gains
        .iter()
        .zip(1..=u64::from(k))
        .map(|(gain, place)| gain / discount(place))
        .sum();
    let found: f64 = relevant(list, k).map(|entry| entry.gain / discount(entry.place)).sum();
    (ideal > 0.0).then(|| (found / ideal).min(1.0))
}

/// The share of the first `k` places that hold a wanted item.
///
/// It divides by `k` also where the list is shorter: a place left empty helps nobody. The other convention divides by
/// how many are shown, and prefers short lists. From 0 to 1; who wants fewer than `k` items cannot reach 1.
#[must_use]
pub fn precision(list: &[Entry], k: u32) -> Option<f64> {
    (k > 0).then(|| relevant(list, k).count() as f64 / f64::from(k))
}

/// The share of the wanted items that are in the first `k` places.
///
/// It divides by all of them, also where they are more than `k`. The other convention divides by the smaller of both.
/// From 0 to 1.
#[must_use]
pub fn recall(list: &[Entry], gains: &[f64], k: u32) -> Option<f64> {
    (!gains.is_empty()).then(|| relevant(list, k).count() as f64 / gains.len() as f64)
}

/// 1 where a wanted item is in the first `k` places, else 0. Its mean is the hit rate.
#[must_use]
pub fn hit(list: &[Entry], k: u32) -> f64 {
    f64::from(u8::from(relevant(list, k).next().is_some()))
}

/// 1 / place of the first wanted item, or 0 where none is in the first `k` places. Its mean is the mean reciprocal rank
/// (Voorhees 1999).
#[must_use]
pub fn reciprocal_rank(list: &[Entry], k: u32) -> f64 {
    relevant(list, k).next().map_or(0.0, |entry| 1.0 / entry.place as f64)
}

fn relevant(list: &[Entry], k: u32) -> impl Iterator<Item = &Entry> {
    list.iter()
        .take_while(move |entry| entry.place <= u64::from(k))
        .filter(|entry| entry.gain > 0.0)
}
