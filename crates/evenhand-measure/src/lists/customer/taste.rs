//! This module compares the categories of a list with those of what its user chose before.
//!
//! All functions take how often each category comes, in any order and each once. They give nothing where there is no
//! item of a known category, in the list or in the history. Terms are added in order of size, so that the value does not
//! depend on which number stands for which category.

/// How much of the history is mixed into the list before they are compared, so that a category that the list leaves out
/// makes the divergence large instead of infinite (Steck 2018, section 3.1).
pub const STECK: f64 = 0.01;

/// How many categories the list has in effect: exp of the entropy of its categories (Hill 1973, order 1).
///
/// 1 where all items are of one category; the number of categories where all are as frequent. A longer list can hold
/// more. The plain number of different categories counts a single item as much as many.
///
/// ```
/// use evenhand_measure::lists::customer::diversity;
/// assert_eq!(diversity(&[(7, 3)]), Some(1.0));
/// assert!((diversity(&[(1, 2), (2, 2)]).unwrap() - 2.0).abs() < 1e-12);
/// assert_eq!(diversity(&[]), None);
/// ```
#[must_use]
pub fn diversity(list: &[(u32, u64)]) -> Option<f64> {
    let total = total(list)?;
    let terms = list.iter().filter(|(_, n)| *n > 0).map(|(_, n)| {
        let share = *n as f64 / total;
        -share * share.ln()
    });
    Some(sum(terms.collect()).exp())
}

/// The Kullback-Leibler divergence of the list from the history: the sum over categories of p ln(p / q'), with p the
/// share of a category in the history, q that in the list and q' = (1 - [`STECK`]) q + [`STECK`] p (Steck 2018).
///
/// 0 where the list has the shares of the history, at most ln(1 / [`STECK`]) = 4.605. In nats.
#[must_use]
pub fn divergence(history: &[(u32, u64)], list: &[(u32, u64)]) -> Option<f64> {
    let terms = shares(history, list)?.into_iter().filter(|(p, _)| *p > 0.0);
    let terms = terms.map(|(p, q)| p * (p / (1.0 - STECK).mul_add(q, STECK * p)).ln());
    // Equal shares may leave a rounding error below 0.
    Some(sum(terms.collect()).max(0.0))
}

/// The Hellinger distance of list and history: the root of half the sum over categories of (√p - √q)².
///
/// 0 where they have the same shares, 1 where they share no category. Unlike [`divergence`] it treats both alike.
#[must_use]
pub fn distance(history: &[(u32, u64)], list: &[(u32, u64)]) -> Option<f64> {
    let terms = shares(history, list)?
        .into_iter()
        .map(|(p, q)| (p.sqrt() - q.sqrt()).powi(2));
    Some((sum(terms.collect()) / 2.0).sqrt())
}

/// How much narrower the list is than the history: 1 - [`diversity`] of the list / diversity of the history.
///
/// 0 where both hold as many categories in effect, 0.5 where the list holds half as many, below 0 where it is wider. It
/// does not say whether they are the same categories, and a list that is much shorter than the history cannot be as
/// wide: compare groups whose lists are of one length.
#[must_use]
pub fn narrowing(history: &[(u32, u64)], list: &[(u32, u64)]) -> Option<f64> {
    Some(1.0 - diversity(list)? / diversity(history)?)
}

/// The share of each category in history and list.
fn shares(history: &[(u32, u64)], list: &[(u32, u64)]) -> Option<Vec<(f64, f64)>> {
    let (before, shown) = (total(history)?, total(list)?);
    let mut all: Vec<(u32, f64, f64)> = history
        .iter()
        .map(|(category, n)| (*category, *n as f64 / before, 0.0))
        .chain(list.iter().map(|(category, n)| (*category, 0.0, *n as f64 / shown)))
        .collect();
    all.sort_by_key(|(category, ..)| *category);
    let same = all.chunk_by(|a, b| a.0 == b.0);
    Some(
        same.map(|of| {
            of.iter()
                .fold((0.0, 0.0), |(p, q), (_, before, shown)| (p + before, q + shown))
        })
        .collect(),
    )
}

fn total(counts: &[(u32, u64)]) -> Option<f64> {
    let total = counts.iter().fold(0u64, |sum, (_, n)| sum.saturating_add(*n));
    (total > 0).then_some(total as f64)
}

fn sum(mut terms: Vec<f64>) -> f64 {
    terms.sort_by(f64::total_cmp);
    terms.into_iter().sum()
}
