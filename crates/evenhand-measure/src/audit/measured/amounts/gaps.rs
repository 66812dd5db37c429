//! This module is the gap between the amounts of two groups.

use super::spread::{JACKKNIFE, about_centres, by_buckets, of_gap, over};
use super::{AmountView, Bucket, Cell, alone};
use crate::amounts::distance::{clustered_superiority, kolmogorov_smirnov, superiority, wasserstein};
use crate::amounts::{Denominator, Distribution, Moments, Smd, about, cautious_gap, logarithms_about};
use crate::audit::measured::{Found, Function};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale, Spread};

/// The values of a group against the reference of the view; the reference has the value of no gap.
fn against(
    view: &AmountView,
    group: Option<usize>,
    none: f64,
    found: impl Fn(usize, usize) -> Vec<(Option<String>, Found)>,
) -> Vec<(Option<String>, Found)> {
    match (group, view.reference) {
        // Everybody is held against nobody.
        (None, _) => Vec::new(),
        (Some(_), None) => alone(Err("there is no group to hold it against".to_owned())),
        (Some(group), Some(reference)) if group == reference => {
            alone(Ok(Estimate::bare(none, Scale::Linear, "it is the reference itself")))
        }
        (Some(group), Some(reference)) => found(group, reference),
    }
}

/// The ratio of geometric means.
pub(crate) const PRICE_GAP: Function<AmountView> = Function {
    value: |view, group| {
        against(view, group, 1.0, |group, reference| {
            alone(price_gap(view, group, reference, Comparison::Ratio))
        })
    },
    compare: Some(price_gap),
};

fn price_gap(view: &AmountView, group: usize, reference: usize, comparison: Comparison) -> Found {
    if comparison != Comparison::Ratio {
        return Err("geometric means are compared by their ratio".to_owned());
    }
    let (one, two) = (view.amount(Some(group)), view.amount(Some(reference)));
    one.distribution().and(two.distribution())?;
    let (a, b) = (
        Moments::of_logarithms(&one.numbers)?,
        Moments::of_logarithms(&two.numbers)?,
    );
    let (spread, method) = if view.amounts.is_clustered {
        let centres = [a.mean, b.mean];
        let spread = by_buckets(
            &[one, two],
            |place, numbers| logarithms_about(numbers, centres[place]),
            difference_of_means,
        );
        (about_centres(spread, &centres), JACKKNIFE)
    } else {
        (cautious_gap(&a, &b).map(of_gap), "Welch's t of logarithms")
    };
    Ok(Estimate {
        point: (a.mean - b.mean).exp(),
        scale: Scale::Log,
        spread,
        method,
    })
}

/// The difference of means.
pub(crate) const MEAN_GAP: Function<AmountView> = Function {
    value: |view, group| {
        against(view, group, 0.0, |group, reference| {
            alone(difference(view, group, reference, Comparison::Difference))
        })
    },
    compare: Some(difference),
};

pub(super) fn difference(view: &AmountView, group: usize, reference: usize, comparison: Comparison) -> Found {
    if comparison != Comparison::Difference {
        return Err("means are compared by their difference".to_owned());
    }
    means(
        view.amounts.is_clustered,
        view.amount(Some(group)),
        view.amount(Some(reference)),
    )
}

/// The difference of the means of two columns of numbers.
pub(super) fn means(is_clustered: bool, one: &Cell, two: &Cell) -> Found {
    let (a, b) = (moments(one)?, moments(two)?);
    let (spread, method) = if is_clustered {
        let centres = [a.mean, b.mean];
        let spread = by_buckets(
            &[one, two],
            |place, numbers| about(numbers, centres[place]),
            difference_of_means,
        );
        (about_centres(spread, &centres), JACKKNIFE)
    } else {
        (cautious_gap(&a, &b).map(of_gap), "Welch's t")
    };
    Ok(Estimate {
        point: a.mean - b.mean,
        scale: Scale::Linear,
        spread,
        method,
    })
}

fn moments(cell: &Cell) -> Result<Moments, String> {
    Moments::of(&cell.numbers).ok_or_else(|| super::NO_AMOUNT.to_owned())
}

/// Of sums about two centres: what the difference of the means is away from that of the centres.
fn difference_of_means(sums: &[f64]) -> Option<f64> {
    Some(over(sums[1], sums[0])? - over(sums[4], sums[3])?)
}

/// The standardized mean difference.
pub(crate) const SMD: Function<AmountView> = Function {
    value: |view, group| {
        against(view, group, 0.0, |group, reference| {
            let average = averaged(view, group, reference);
            vec![
                (None, smd(view, group, reference, Comparison::Difference)),
                (Some("average".to_owned()), average),
            ]
        })
    },
    compare: Some(smd),
};

fn smd(view: &AmountView, group: usize, reference: usize, comparison: Comparison) -> Found {
    if comparison != Comparison::Difference {
        return Err("a standardized mean difference is a difference already".to_owned());
    }
    let (one, two) = (view.amount(Some(group)), view.amount(Some(reference)));
    let (a, b) = (moments(one)?, moments(two)?);
    let found = Smd::new(&a, &b, Denominator::Pooled)?;
    let (spread, method) = if view.amounts.is_clustered {
        // About one centre, so that the difference of the means is seen.
        let centre = a.mean;
        let spread = by_buckets(
            &[one, two],
            |_, numbers| about(numbers, centre),
            |sums| {
                let part = |sums: &[f64]| {
                    let mean = over(sums[1], sums[0])?;
                    let variance = (sums[2] - sums[1] * mean).max(0.0) / (sums[0] - 1.0);
                    (sums[0] > 1.5).then_some(Moments {
                        n: sums[0].round() as u64,
                        mean,
                        variance: Some(variance),
                    })
                };
                let (a, b) = (part(&sums[..3])?, part(&sums[3..])?);
                Smd::new(&a, &b, Denominator::Pooled).ok().map(|smd| smd.g)
            },
        );
        (spread, JACKKNIFE)
    } else {
        (Ok(of_gap(found.gap())), "Hedges and Olkin")
    };
    Ok(Estimate {
        point: found.g,
        scale: Scale::Linear,
        spread,
        method,
    })
}

fn averaged(view: &AmountView, group: usize, reference: usize) -> Found {
    let (a, b) = (
        moments(view.amount(Some(group)))?,
        moments(view.amount(Some(reference)))?,
    );
    let found = Smd::new(&a, &b, Denominator::Average)?;
    Ok(Estimate::bare(
        found.d,
        Scale::Linear,
        "the standard error is known for the pooled standard deviation alone",
    ))
}

fn distributions(view: &AmountView, group: usize, reference: usize) -> Result<(&Distribution, &Distribution), String> {
    let one = view.amount(Some(group)).distribution()?;
    Ok((one, view.amount(Some(reference)).distribution()?))
}

/// Kolmogorov and Smirnov's distance.
pub(crate) const KOLMOGOROV_SMIRNOV: Function<AmountView> = Function {
    value: |view, group| {
        against(view, group, 0.0, |group, reference| {
            alone(distributions(view, group, reference).map(|(one, two)| {
                Estimate::bare(
                    kolmogorov_smirnov(one, two).d,
                    Scale::Linear,
                    "a largest difference has no interval; its p-value stands among the tests",
                )
            }))
        })
    },
    compare: None,
};

/// Wasserstein's distance and its two parts.
pub(crate) const WASSERSTEIN: Function<AmountView> = Function {
    value: |view, group| {
        against(view, group, 0.0, |group, reference| {
            let found = distributions(view, group, reference)
                .and_then(|(one, two)| wasserstein(one, two).ok_or_else(|| "the amounts are too far apart".to_owned()));
            match found {
                Err(why) => alone(Err(why)),
                Ok(found) => {
                    let bare = |point| {
                        let why = "a distance that cannot be below 0 has no interval of the usual kind";
                        Ok(Estimate::bare(point, Scale::Linear, why))
                    };
                    vec![
                        (None, bare(found.total())),
                        (Some("more".to_owned()), bare(found.more)),
                        (Some("less".to_owned()), bare(found.less)),
                    ]
                }
            }
        })
    },
    compare: None,
};

/// The probability of superiority.
pub(crate) const SUPERIORITY: Function<AmountView> = Function {
    value: |view, group| {
        against(view, group, 0.5, |group, reference| {
            alone(ahead(view, group, reference))
        })
    },
    compare: None,
};

fn ahead(view: &AmountView, group: usize, reference: usize) -> Found {
    let (one, two) = distributions(view, group, reference)?;
    let found = superiority(one, two);
    let (spread, method) = if view.amounts.is_clustered {
        let of = |cell: &Cell, bucket: u32| -> Option<Distribution> {
            cell.buckets
                .get(&bucket)
                .and_then(|Bucket { distribution, .. }| distribution.clone())
        };
        let (a, b) = (view.amount(Some(group)), view.amount(Some(reference)));
        let all: std::collections::BTreeSet<u32> = a.buckets.keys().chain(b.buckets.keys()).copied().collect();
        let buckets: Vec<_> = all.into_iter().map(|bucket| (of(a, bucket), of(b, bucket))).collect();
        (
            clustered_superiority(one, two, &buckets).map(of_gap),
            "DeLong, over buckets",
        )
    } else {
        let gap = found.gap.map(of_gap);
        let why = "the rows of a group do not vary against the others, so nothing says how sure it is";
        (gap.ok_or_else(|| why.to_owned()), "DeLong")
    };
    // What is not known of numbers that stand together widens the interval as an error of this size would.
    let unknown = (found.probability.high - found.probability.low) / 2.0;
    Ok(Estimate {
        point: found.probability.point,
        scale: Scale::Linear,
        spread: spread.map(|spread| Spread {
            se: spread.se + unknown,
            ..spread
        }),
        method,
    })
}
