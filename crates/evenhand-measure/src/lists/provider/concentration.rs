//! This module says how unevenly attention, or anything else, is spread over items.

/// How unevenly counts are spread over all items of a catalogue, those never shown among them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    /// How many items there are.
    pub items: u64,
    /// How many of them have a count above 0.
    pub shown: u64,
    /// The index of Gini, over n: Σ (2i - n - 1) c(i) / (n Σ c), from 0 to (n - 1) / n.
    pub gini: f64,
    /// The same over n - 1, which reaches 1 where one item has it all; nothing for one item.
    pub gini_unbiased: Option<f64>,
    /// The entropy of the shares, in nats.
    pub entropy: f64,
    /// The entropy over that of equal shares, ln n: from 0 to 1, which is even; nothing for one item.
    pub evenness: Option<f64>,
    /// How many items with equal shares would have this entropy.
    pub effective: f64,
    /// The index of Herfindahl and Hirschman: the sum of the squares of the shares, up to 1.
    pub herfindahl: f64,
}

impl Concentration {
    /// The concentration of `counts`, in any order, over a catalogue of so many items; those without a count have 0.
    ///
    /// Nothing where all counts are 0, or more items have one than there are. A catalogue that holds only what was shown
    /// hides what was not: coverage is then 1 and Gini too low.
    ///
    /// ```
    /// use evenhand_measure::lists::provider::Concentration;
    /// let even = Concentration::of([2, 2], 4).unwrap();
    /// assert_eq!((even.coverage(), even.gini, even.effective), (0.5, 0.5, 2.0));
    /// ```
    #[must_use]
    pub fn of(counts: impl IntoIterator<Item = u64>, items: u64) -> Option<Self> {
        let mut counts: Vec<u64> = counts.into_iter().filter(|count| *count > 0).collect();
        let shown = counts.len() as u64;
        let sum: u128 = counts.iter().copied().map(u128::from).sum();
        if sum == 0 || shown > items {
            return None;
        }
        counts.sort_unstable();
        let (n, whole) = (items as f64, sum as f64);
        // Items that were never shown come first, and add nothing.
        let ranked: f64 = (items - shown + 1..=items)
            .zip(&counts)
            .map(|(place, count)| (2.0 * place as f64 - n - 1.0) * *count as f64)
            .sum();
        let shares = || counts.iter().map(|count| *count as f64 / whole);
        let entropy = f64::max(-shares().map(|share| share * share.ln()).sum::<f64>(), 0.0);
        let several = items > 1;
        Some(Self {
            items,
            shown,
            gini: f64::max(ranked / (n * whole), 0.0),
            gini_unbiased: several.then(|| f64::max(ranked / ((n - 1.0) * whole), 0.0)),
            entropy,
            evenness: several.then(|| entropy / n.ln()),
            effective: entropy.exp(),
            herfindahl: shares().map(|share| share * share).sum(),
        })
    }

    /// The share of all items that are shown at all.
    #[must_use]
    pub fn coverage(&self) -> f64 {
        self.shown as f64 / self.items as f64
    }
}

/// Which items are the short head: the fewest that hold at least `share` of all popularity, the most popular first. All
/// others are the tail (Abdollahpouri and others 2017; 0.8 is usual).
///
/// Items as popular as the last of the head are in it as well, so that the order of items does not matter. Unknown
/// popularity (nothing) is neither head nor tail. Nothing at all is the head where all popularity is 0.
///
/// ```
/// use evenhand_measure::lists::provider::short_head;
/// let popularity = [50.0, 30.0, 10.0, 5.0, 3.0, 2.0].map(Some);
/// assert_eq!(short_head(&popularity, 0.8), [true, true, false, false, false, false].map(Some));
/// ```
#[must_use]
pub fn short_head(popularity: &[Option<f64>], share: f64) -> Vec<Option<bool>> {
    let mut known: Vec<f64> = popularity.iter().copied().flatten().filter(|p| *p > 0.0).collect();
    known.sort_by(|a, b| b.total_cmp(a));
    let whole: f64 = known.iter().sum();
    let mut sum = 0.0;
    let least = known.iter().copied().find(|popularity| {
        sum += popularity;
        // A hair below is rounding.
        sum >= whole * share * (1.0 - 1e-12)
    });
    popularity
        .iter()
        .map(|popularity| popularity.map(|popularity| least.is_some_and(|least| popularity >= least)))
        .collect()
}
