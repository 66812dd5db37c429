//! The exact permutation test of a difference of means, for few rows.

use crate::tally::Numbers;

/// Up to so many ways of dealing the rows to two groups are tried.
pub const MOST_SPLITS: u64 = 1_000_000;

/// How many of all ways of dealing the rows are as far apart as what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permutations {
    /// Ways whose means differ as much in either direction, the one that was seen among them.
    pub extreme: u64,
    /// All ways.
    pub all: u64,
}

impl Permutations {
    /// The two-sided p-value: never 0, because what was seen is one of the ways (Phipson and Smyth, "Permutation
    /// P-values should never be zero", Statistical Applications in Genetics and Molecular Biology 9, 2010).
    #[must_use]
    pub fn p(self) -> f64 {
        self.extreme as f64 / self.all as f64
    }
}

/// Tries every way of dealing the rows of both groups to groups of the same sizes (Fisher 1935; Pitman 1937).
///
/// Differences within 1e-12 of the spread of the numbers count as equal, because sums are rounded. The numbers must be
/// kept as they are.
///
/// # Errors
/// When a group is empty, or there are more ways than [`MOST_SPLITS`].
///
/// ```
/// use evenhand_measure::amounts::permutation::all_splits;
/// use evenhand_measure::tally::Numbers;
/// let group = Numbers::of([(3.0, 1), (4.0, 1)], 0);
/// let reference = Numbers::of([(1.0, 1), (2.0, 1)], 0);
/// assert_eq!(all_splits(&group, &reference).unwrap().p(), 2.0 / 6.0);
/// ```
pub fn all_splits(group: &Numbers, reference: &Numbers) -> Result<Permutations, String> {
    let (n, m) = (group.n(), reference.n());
    if n == 0 || m == 0 {
        return Err("a group has no amount".to_owned());
    }
    let all = splits(n, m)
        .ok_or_else(|| format!("there are more than {MOST_SPLITS} ways of dealing the rows to two groups"))?;
    let bars = || group.bars.iter().chain(&reference.bars);
    if bars().any(|bar| bar.sum.is_some()) {
        return Err("not every amount is kept as it is".to_owned());
    }
    let total: u64 = n + m;
    // About the middle, so that large numbers with a small spread keep their digits.
    let middle = bars().map(|bar| bar.from * (bar.n as f64 / total as f64)).sum::<f64>();
    let rows: Vec<f64> = bars()
        .flat_map(|bar| (0..bar.n).map(move |_| bar.from - middle))
        .collect();
    let whole: f64 = rows.iter().sum();
    let spread: f64 = rows.iter().map(|x| x.abs()).sum();
    let seen: f64 = rows.iter().take(n as usize).sum();
    // The smaller group is dealt; the other has the rest.
    let (dealt, share) = (n.min(m), n.min(m) as f64 / total as f64);
    let centre = whole * share;
    let seen = if n <= m { seen } else { whole - seen };
    let far = (seen - centre).abs() - 1e-12 * spread;
    let mut extreme = 0;
    deal(&rows, dealt as usize, 0.0, &mut |sum| {
        extreme += u64::from((sum - centre).abs() >= far);
    });
    Ok(Permutations { extreme, all })
}

/// In how many ways `n + m` rows fall into groups of n and m, unless there are more than are tried.
fn splits(n: u64, m: u64) -> Option<u64> {
    let mut ways = 1u64;
    for k in 1..=n.min(m) {
        // Whole at every step: a product of k neighbours is divisible by k!. It only grows, so it may stop early.
        ways = ways.checked_mul(n.max(m).checked_add(k)?)? / k;
        if ways > MOST_SPLITS {
            return None;
        }
    }
    Some(ways)
}

/// Calls `each` with the sum of every choice of so many rows.
fn deal(rows: &[f64], left: usize, sum: f64, each: &mut impl FnMut(f64)) {
    if left == 0 {
        each(sum);
        return;
    }
    for next in 0..=rows.len() - left {
        deal(&rows[next + 1..], left - 1, sum + rows[next], each);
    }
}
