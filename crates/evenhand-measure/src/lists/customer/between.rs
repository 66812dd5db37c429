//! This module compares groups of users by what their lists are worth and what is in them.

/// The largest value of a group less the smallest. Nothing of fewer than two groups.
///
/// It grows with the number of groups even where nothing differs but chance, so it is reported and never judged.
///
/// ```
/// use evenhand_measure::lists::customer::spread;
/// assert_eq!(spread(&[0.5, 0.25, 1.0]), Some(0.75));
/// assert_eq!(spread(&[0.5]), None);
/// ```
#[must_use]
pub fn spread(values: &[f64]) -> Option<f64> {
    let lowest = values.iter().copied().reduce(f64::min)?;
    let highest = values.iter().copied().reduce(f64::max)?;
    (values.len() > 1).then_some(highest - lowest)
}

/// The mean over all pairs of groups of how far their values lie apart. Nothing of fewer than two groups.
///
/// This is "UserMADranking" of Elliot (Deldjoo and others 2021). Each pair counts without its sign, so the order of
/// groups does not show. What other software calls MAD is a signed difference of two means.
///
/// ```
/// use evenhand_measure::lists::customer::mean_gap;
/// assert_eq!(mean_gap(&[0.25, 1.0]), Some(0.75));
/// assert_eq!(mean_gap(&[1.0, 0.25]), Some(0.75));
/// assert_eq!(mean_gap(&[0.0, 1.0, 0.5]), Some(2.0 / 3.0));
/// ```
#[must_use]
pub fn mean_gap(values: &[f64]) -> Option<f64> {
    // Sorted, so that rounding does not depend on the order of groups.
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let pairs = || {
        sorted
            .iter()
            .enumerate()
            .flat_map(|(i, a)| sorted[i + 1..].iter().map(move |b| b - a))
    };
    let n = pairs().count();
    (n > 0).then(|| pairs().sum::<f64>() / n as f64)
}

/// How much more popular what a group is shown is than what it chose before, as a part of the latter: 0 where both are
/// as popular, 0.5 where lists are half as popular again (Abdollahpouri and others 2019). Nothing where what the group
/// chose has no popularity at all.
///
/// Both are means over the users of the group of the mean of each user.
///
/// ```
/// use evenhand_measure::lists::customer::lift;
/// assert_eq!(lift(20.0, 30.0), Some(0.5));
/// assert_eq!(lift(0.0, 30.0), None);
/// ```
#[must_use]
pub fn lift(history: f64, lists: f64) -> Option<f64> {
    (history > 0.0).then(|| (lists - history) / history)
}

/// How much larger the share of a category is in what a group is shown than in what it chose before, as a part of the
/// latter (Tsintzou, Pitoura and Tsaparas 2018). Nothing where the group never chose the category.
///
/// Shares are over all that the group was shown or chose, so users with long lists or histories weigh more. The paper
/// divides both shares by that of the category in the catalogue, which cancels.
///
/// ```
/// use evenhand_measure::lists::customer::disparity;
/// let found = disparity((3, 8), (3, 6)).unwrap();
/// assert!((found - 1.0 / 3.0).abs() < 1e-15);
/// assert_eq!(disparity((0, 8), (3, 6)), None);
/// ```
#[must_use]
pub fn disparity(history: (u64, u64), lists: (u64, u64)) -> Option<f64> {
    let (before, shown) = (share(history)?, share(lists)?);
    lift(before, shown)
}

fn share((of, all): (u64, u64)) -> Option<f64> {
    (all > 0).then(|| of as f64 / all as f64)
}

/// Half the sum of the differences of two sets of shares: the part of one that would have to move for it to become the
/// other. 0 where they are the same, 1 where they have nothing in common. Amounts need not add up to 1; nothing where
/// one of them is all zero.
///
/// ```
/// use evenhand_measure::lists::customer::total_variation;
/// assert_eq!(total_variation(&[(2.0, 1.0), (2.0, 3.0)]), Some(0.25));
/// assert_eq!(total_variation(&[(2.0, 0.0)]), None);
/// ```
#[must_use]
pub fn total_variation(amounts: &[(f64, f64)]) -> Option<f64> {
    let one: f64 = amounts.iter().map(|(one, _)| one).sum();
    let other: f64 = amounts.iter().map(|(_, other)| other).sum();
    let apart = || amounts.iter().map(|(a, b)| (a / one - b / other).abs()).sum::<f64>() / 2.0;
    (one > 0.0 && other > 0.0).then(apart)
}

/// How much attention of a group of users the items of a group get.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reach {
    /// What these items get.
    pub of: f64,
    /// What all items get.
    pub all: f64,
}

impl Reach {
    /// The share of these items. Nothing where these users saw nothing.
    ///
    /// ```
    /// use evenhand_measure::lists::customer::Reach;
    /// assert_eq!(Reach { of: 1.0, all: 4.0 }.share(), Some(0.25));
    /// assert_eq!(Reach::default().share(), None);
    /// ```
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.all > 0.0).then(|| self.of / self.all)
    }
}
