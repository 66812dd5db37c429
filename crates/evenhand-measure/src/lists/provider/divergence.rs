//! This module says how far shares are from target shares.
//!
//! In all of it 0 ln 0 is 0, and nothing is added to keep a logarithm finite: a small addition decides the value where
//! a group is absent. What would be infinite is absent, with its reason.

/// The divergence of Kullback and Leibler of shares from target shares, in nats: Σ p ln(p / t), from 0.
///
/// Nothing where it is infinite, because a group without a target has a share; or where the lengths differ.
#[must_use]
pub fn divergence(shares: &[f64], targets: &[f64]) -> Option<f64> {
    if shares.len() != targets.len() {
        return None;
    }
    let mut sum = 0.0;
    for (share, target) in shares.iter().zip(targets) {
        if *share > 0.0 {
            if *target <= 0.0 {
                return None;
            }
            sum += share * (share / target).ln();
        }
    }
    // Rounding may leave a hair less than nothing.
    Some(f64::max(sum, 0.0))
}

/// The divergence of Jensen and Shannon, in bits, from 0 to 1: that of each from the mean of both, halved. Always finite.
///
/// Nothing where the lengths differ.
#[must_use]
pub fn jensen_shannon(shares: &[f64], targets: &[f64]) -> Option<f64> {
    let middle: Vec<f64> = shares.iter().zip(targets).map(|(p, t)| f64::midpoint(*p, *t)).collect();
    let nats = f64::midpoint(divergence(shares, &middle)?, divergence(targets, &middle)?);
    Some((nats / std::f64::consts::LN_2).min(1.0))
}

/// Attention-weighted rank fairness, 1 - JSD(attention shares || target shares) in bits, from 0 to 1, which is as it
/// should be (Sapiezynski and others 2019; Ekstrand and others, TREC Fair Ranking 2022).
///
/// Other software gives this name to the largest less the smallest attention per item; that is [`gap`](super::gap).
///
/// ```
/// use evenhand_measure::lists::provider::awrf;
/// assert_eq!(awrf(&[0.6, 0.4], &[0.6, 0.4]), Some(1.0));
/// assert_eq!(awrf(&[1.0, 0.0], &[0.0, 1.0]), Some(0.0));
/// ```
#[must_use]
pub fn awrf(shares: &[f64], targets: &[f64]) -> Option<f64> {
    jensen_shannon(shares, targets).map(|divergence| 1.0 - divergence)
}

/// Why a group has no skew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSkew {
    /// None of its items is there: the logarithm of nothing.
    Absent,
    /// Its target share is 0.
    NoTarget,
    /// Nothing is shown.
    Nothing,
}

impl NoSkew {
    /// The reason, as a clause.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Absent => "the group is absent from these places",
            Self::NoTarget => "the target share of the group is 0",
            Self::Nothing => "nothing is shown in these places",
        }
    }
}

/// Skew: ln((share of the first places) / (target share)); 0 is as it should be, below is too little (Geyik and others
/// 2019, section 3.1).
///
/// # Errors
/// When the group is absent, has no target, or nothing is shown. An absent group is not minus infinity.
///
/// ```
/// use evenhand_measure::lists::provider::{NoSkew, skew};
/// assert_eq!(skew(1, 5, 0.4), Ok((0.2f64 / 0.4).ln()));
/// assert_eq!(skew(0, 3, 0.4), Err(NoSkew::Absent));
/// ```
pub fn skew(of_group: u64, shown: u64, target: f64) -> Result<f64, NoSkew> {
    match (of_group, shown) {
        (_, 0) => Err(NoSkew::Nothing),
        _ if target <= 0.0 => Err(NoSkew::NoTarget),
        (0, _) => Err(NoSkew::Absent),
        _ => Ok((of_group as f64 / shown as f64 / target).ln()),
    }
}

/// Normalized discounted cumulative divergence of one list, in nats, from 0, which is as it should be: the divergence of
/// the groups' shares in each prefix from the target, weighted by 1 / log2(k + 1) and divided by the sum of these
/// weights (Geyik and others 2019, section 3.2).
///
/// `groups` has the group of each item, best place first. Even a fair list is not 0: its first place is one group's.
/// Nothing for an empty list, or where a group that is shown has no target.
#[must_use]
pub fn ndkl(groups: &[usize], targets: &[f64]) -> Option<f64> {
    let mut counts = vec![0.0f64; targets.len()];
    let (mut sum, mut weights) = (0.0, 0.0);
    for (index, group) in groups.iter().enumerate() {
        *counts.get_mut(*group)? += 1.0;
        if targets[*group] <= 0.0 {
            return None;
        }
        let n = index as f64 + 1.0;
        let weight = 1.0 / (n + 1.0).log2();
        let terms = counts.iter().zip(targets).filter(|(count, _)| **count > 0.0);
        let divergence: f64 = terms
            .map(|(count, target)| {
                let share = count / n;
                share * (share / target).ln()
            })
            .sum();
        sum += weight * f64::max(divergence, 0.0);
        weights += weight;
    }
    (weights > 0.0).then(|| sum / weights)
}
