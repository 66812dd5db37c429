//! This module is what groups and items get for what they are worth.

/// The disparity of treatment: what a group gets for its merit over what another gets for its own, 1 being fair (Singh
/// and Joachims 2018, section 4.2). `exposure` and `merit` are both sums, or both means, over the items of a group.
///
/// Nothing where a merit, or the exposure of the other group, is not above 0.
///
/// ```
/// use evenhand_measure::lists::provider::treatment;
/// // Half the attention for the same merit.
/// assert_eq!(treatment((1.0, 3.0), (2.0, 3.0)), Some(0.5));
/// assert_eq!(treatment((1.0, 0.0), (2.0, 3.0)), None);
/// ```
#[must_use]
pub fn treatment((exposure, merit): (f64, f64), (other_exposure, other_merit): (f64, f64)) -> Option<f64> {
    let is_there = merit > 0.0 && other_merit > 0.0 && other_exposure > 0.0;
    is_there.then(|| (exposure / merit) / (other_exposure / other_merit))
}

/// The disparity of impact: what the attention is worth to a group for its merit, over the same of another, 1 being fair
/// (Singh and Joachims 2018, section 4.3). `worth` is the sum over items shown of attention times merit, which is what
/// clicks would be if people clicked what they see as often as it is good. Sums, or means over the items of a group.
///
/// Nothing where a merit, or the other group's worth, is not above 0.
#[must_use]
pub fn impact(group: (f64, f64), other: (f64, f64)) -> Option<f64> {
    // The same quotient of another numerator.
    treatment(group, other)
}

/// Inequity of attention: Σ |a - r| over items, where a is an item's share of the attention and r its share of the
/// relevance, from 0, which is fair, to 2 (Biega and others 2018, equation 4, with both sides as shares).
///
/// `items` have the attention and the relevance of each. Given sums over many lists it is the amortized one: over time
/// each item gets what it deserves. Nothing where either adds up to nothing.
#[must_use]
pub fn attention_gap(items: &[(f64, f64)]) -> Option<f64> {
    let attention: f64 = items.iter().map(|(attention, _)| attention).sum();
    let relevance: f64 = items.iter().map(|(_, relevance)| relevance).sum();
    (attention > 0.0 && relevance > 0.0).then(|| {
        items
            .iter()
            .map(|(of_attention, of_relevance)| (of_attention / attention - of_relevance / relevance).abs())
            .sum()
    })
}

/// How unequal the chances of groups to be shown are: the standard deviation of the chances over their mean, with all
/// groups known, so that their number and not one less divides (Zhu and others 2020).
///
/// With the chances of all candidates it is RSP, ranking-based statistical parity; with those of relevant items REO,
/// ranking-based equal opportunity. Nothing with fewer than two groups, or where none is shown.
///
/// ```
/// use evenhand_measure::lists::provider::group_spread;
/// assert!((group_spread(&[8.0 / 12.0, 4.0 / 12.0]).unwrap() - 1.0 / 3.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn group_spread(chances: &[f64]) -> Option<f64> {
    let n = chances.len() as f64;
    let mean = chances.iter().sum::<f64>() / n;
    (chances.len() > 1 && mean > 0.0).then(|| {
        let variance = chances.iter().map(|chance| (chance - mean).powi(2)).sum::<f64>() / n;
        variance.sqrt() / mean
    })
}
