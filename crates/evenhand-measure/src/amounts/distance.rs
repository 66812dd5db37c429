//! How far the distributions of two groups lie apart.
//!
//! All of it comes from one walk over the numbers of both groups in their order. Where several numbers stand together,
//! what is not known inside shows as a width.

use std::cmp::Ordering;

use super::distribution::{Distribution, Step, Within};
use super::gap::Gap;
use crate::inference::estimate::FEWEST_BUCKETS;

/// The largest difference between the shares of two groups at or below a number: the distance of Kolmogorov and Smirnov.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KolmogorovSmirnov {
    /// The distance, from 0 to 1. Where several numbers stand together it is at least this.
    pub d: f64,
    /// And at most this.
    pub at_most: f64,
    /// The distance as a fraction of the product of the sizes of both groups: exact, for the exact p-value.
    pub numerator: u128,
    /// At or below which number the shares differ most: the lowest of several.
    pub at: f64,
}

/// How far amounts would have to move to make one distribution of the other: Wasserstein's distance of order 1, or the
/// area between the quantile functions, in the unit of the amounts.
///
/// The sum of both parts has no sign. Each part has: see which group pays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wasserstein {
    /// The part where the group has more than its reference.
    pub more: f64,
    /// The part where it has less.
    pub less: f64,
    /// Each part may be off by so much, because several numbers stand together.
    pub within: f64,
}

impl Wasserstein {
    /// Both parts together.
    #[must_use]
    pub fn total(self) -> f64 {
        self.more + self.less
    }

    /// The difference of the means: the part with more, less the part with less.
    #[must_use]
    pub fn net(self) -> f64 {
        self.more - self.less
    }
}

/// The probability that somebody of the group has more than somebody of the reference, ties counting half: 0.5 where
/// nobody is ahead. Also the common language effect size, or the area under the ROC curve of the amount for the group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Superiority {
    /// The probability.
    pub probability: Within,
    /// Less one half, with the standard error of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988).
    /// `None` where a group has one row, or where nobody of one group is between others: the spread is not known then.
    pub gap: Option<Gap>,
}

/// One place of the walk: what each group has there, if anything.
type Place<'a> = (Option<&'a Step>, Option<&'a Step>);

fn places<'a>(group: &'a Distribution, reference: &'a Distribution) -> impl Iterator<Item = Place<'a>> {
    let (mut one, mut two) = (group.steps().iter().peekable(), reference.steps().iter().peekable());
    std::iter::from_fn(move || match (one.peek(), two.peek()) {
        (None, None) => None,
        (Some(_), None) => Some((one.next(), None)),
        (None, Some(_)) => Some((None, two.next())),
        (Some(a), Some(b)) => Some(match a.from.total_cmp(&b.from) {
            Ordering::Less => (one.next(), None),
            Ordering::Greater => (None, two.next()),
            Ordering::Equal => (one.next(), two.next()),
        }),
    })
}

/// Kolmogorov and Smirnov's distance (Smirnov 1939).
#[must_use]
pub fn kolmogorov_smirnov(group: &Distribution, reference: &Distribution) -> KolmogorovSmirnov {
    let (n, m) = (u128::from(group.n()), u128::from(reference.n()));
    let apart = |a: u64, b: u64| (u128::from(a) * m).abs_diff(u128::from(b) * n);
    let (mut a, mut b) = (0u64, 0u64);
    let (mut numerator, mut most, mut at) = (0, 0, f64::NAN);
    for (one, two) in places(group, reference) {
        let (before_a, before_b) = (a, b);
        a += one.map_or(0, |step| step.n);
        b += two.map_or(0, |step| step.n);
        let here = apart(a, b);
        let place = one.or(two).map_or(f64::NAN, |step| step.until);
        if here > numerator || at.is_nan() {
            numerator = here;
            at = place;
        }
        most = most.max(here);
        if one.or(two).is_some_and(|step| step.from < step.until) {
            most = most.max(apart(a, before_b)).max(apart(before_a, b));
        }
    }
    let whole = (n * m) as f64;
    KolmogorovSmirnov {
        d: numerator as f64 / whole,
        at_most: most as f64 / whole,
        numerator,
        at,
    }
}

/// Wasserstein's distance of order 1, in both directions. `None` where numbers are too far apart to subtract.
///
/// Each number of several that stand together is put at their mean within its group, so that the net is exact.
#[must_use]
pub fn wasserstein(group: &Distribution, reference: &Distribution) -> Option<Wasserstein> {
    let (n, m) = (group.n() as f64, reference.n() as f64);
    let mut points: Vec<(f64, i128)> = Vec::with_capacity(group.steps().len() + reference.steps().len());
    let mut within = 0.0;
    for step in group.steps() {
        points.push((step.mean, -i128::from(step.n) * i128::from(reference.n())));
        within += step.n as f64 / n * (step.until - step.from);
    }
    for step in reference.steps() {
        points.push((step.mean, i128::from(step.n) * i128::from(group.n())));
        within += step.n as f64 / m * (step.until - step.from);
    }
    points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    // The share of the reference at or below less that of the group, over the product of the sizes.
    let (mut ahead, mut more, mut less) = (0i128, 0.0, 0.0);
    for pair in points.windows(2) {
        ahead += pair[0].1;
        let area = ahead as f64 / (n * m) * (pair[1].0 - pair[0].0);
        if area > 0.0 {
            more += area;
        } else {
            less -= area;
        }
    }
    let found = Wasserstein { more, less, within };
    (more + less + within).is_finite().then_some(found)
}

/// The probability of superiority (Mann and Whitney 1947).
#[must_use]
pub fn superiority(group: &Distribution, reference: &Distribution) -> Superiority {
    let (n, m) = (group.n(), reference.n());
    let (mut below_a, mut below_b) = (0u64, 0u64);
    // Twice the pairs that the group wins, so that ties are whole.
    let (mut twice, mut unknown) = (0u128, 0u128);
    // Sums of placements less one half, and of their squares, over the rows of each group.
    let (mut placed_a, mut placed_b) = (Placements::default(), Placements::default());
    for (one, two) in places(group, reference) {
        let (a, b) = (one.map_or(0, |step| step.n), two.map_or(0, |step| step.n));
        twice += u128::from(a) * (2 * u128::from(below_b) + u128::from(b));
        if one.is_some_and(|step| step.from < step.until) {
            unknown += u128::from(a) * u128::from(b);
        }
        placed_a.add(a, (below_b as f64 + b as f64 / 2.0) / m as f64);
        placed_b.add(b, (below_a as f64 + a as f64 / 2.0) / n as f64);
        below_a += a;
        below_b += b;
    }
    let pairs = n as f64 * m as f64;
    let (point, off) = (twice as f64 / 2.0 / pairs, unknown as f64 / 2.0 / pairs);
    let variance = placed_a
        .variance(n)
        .zip(placed_b.variance(m))
        .map(|(one, two)| one / n as f64 + two / m as f64);
    Superiority {
        probability: Within {
            point,
            low: point - off,
            high: point + off,
        },
        gap: variance.filter(|v| *v > 0.0).map(|variance| Gap {
            point: point - 0.5,
            se: variance.sqrt(),
            freedom: f64::INFINITY,
        }),
    }
}

/// The probability of superiority less one half where rows belong together: `buckets` are the rows of the group and of
/// the reference in each bucket. The variance is that of what each bucket adds (Obuchowski, "Nonparametric analysis of
/// clustered ROC curve data", Biometrics 53, 1997, with the rows of both groups in one sum, so that a bucket with both is
/// counted once).
///
/// # Errors
/// When a group has rows in fewer than [`FEWEST_BUCKETS`] buckets, or no bucket differs from another.
pub fn clustered_superiority(
    group: &Distribution,
    reference: &Distribution,
    buckets: &[(Option<Distribution>, Option<Distribution>)],
) -> Result<Gap, String> {
    let fewest =
        |side: fn(&(Option<Distribution>, Option<Distribution>)) -> bool| buckets.iter().filter(|b| side(b)).count();
    let fewest = fewest(|b| b.0.is_some()).min(fewest(|b| b.1.is_some()));
    if fewest < FEWEST_BUCKETS {
        return Err(format!(
            "the rows of a group come from {fewest} different units or fewer, too few to know how sure it is"
        ));
    }
    let point = superiority(group, reference).probability.point;
    let (n, m) = (group.n() as f64, reference.n() as f64);
    // What a bucket's rows add: how much more often than on average they are ahead, or behind.
    let added: Vec<f64> = buckets
        .iter()
        .map(|(one, two)| {
            let ahead = one.as_ref().map_or(0.0, |of| {
                of.n() as f64 * (superiority(of, reference).probability.point - point) / n
            });
            let behind = two.as_ref().map_or(0.0, |of| {
                of.n() as f64 * (superiority(group, of).probability.point - point) / m
            });
            ahead + behind
        })
        .collect();
    let g = added.len() as f64;
    let mean = added.iter().sum::<f64>() / g;
    let squares: f64 = added.iter().map(|x| (x - mean).powi(2)).sum();
    let se = (g / (g - 1.0) * squares).sqrt();
    if se <= 1e-12 {
        return Err("the data are the same in all units, so nothing says how sure it is".to_owned());
    }
    Ok(Gap {
        point: point - 0.5,
        se,
        freedom: fewest as f64 - 1.0,
    })
}

/// What share of the other group each row is ahead of: sums over the rows, about one half.
#[derive(Default)]
struct Placements {
    sum: f64,
    squares: f64,
}

impl Placements {
    fn add(&mut self, rows: u64, placement: f64) {
        let off = placement - 0.5;
        self.sum += rows as f64 * off;
        self.squares += rows as f64 * off * off;
    }

    fn variance(&self, rows: u64) -> Option<f64> {
        let n = rows as f64;
        (rows > 1).then(|| (self.squares - self.sum * self.sum / n).max(0.0) / (n - 1.0))
    }
}
