//! This module is how sure a number about amounts is: by the rows, or by their buckets where rows belong together.

use std::collections::BTreeMap;

use super::Cell;
use crate::amounts::{Gap, Moments};
use crate::inference::estimate::{FEWEST_BUCKETS, Spread, jackknife};
use crate::tally::Numbers;

/// How an interval that comes from buckets is called.
pub(super) const JACKKNIFE: &str = "jackknife over buckets";

/// The spread of a function of sums over the buckets of one or two groups. The sums of a bucket's rows of the first group
/// stand before those of the second, and the function takes all of them.
///
/// The degrees of freedom are those of the group with fewer buckets: a group of few customers is not known better because
/// the other has many.
pub(super) fn by_buckets<const N: usize>(
    cells: &[&Cell],
    sums: impl Fn(usize, &Numbers) -> [f64; N],
    function: impl Fn(&[f64]) -> Option<f64>,
) -> Result<Spread, String> {
    let fewest = cells.iter().map(|cell| cell.buckets.len()).min().unwrap_or(0);
    if fewest < FEWEST_BUCKETS {
        return Err(format!(
            "the rows of a group come from {fewest} different units or fewer, too few to know how sure it is"
        ));
    }
    let width = N * cells.len();
    let mut parts: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (place, cell) in cells.iter().enumerate() {
        for (bucket, of) in &cell.buckets {
            let part = parts.entry(*bucket).or_insert_with(|| vec![0.0; width]);
            part[place * N..][..N].copy_from_slice(&sums(place, &of.numbers));
        }
    }
    let parts: Vec<Vec<f64>> = parts.into_values().collect();
    let mut whole = vec![0.0; width];
    for part in &parts {
        whole.iter_mut().zip(part).for_each(|(all, one)| *all += one);
    }
    let spread = jackknife(&whole, &parts, function)?;
    Ok(Spread {
        freedom: fewest as f64 - 1.0,
        ..spread
    })
}

/// The same of sums about a centre, where rounding alone may be left of numbers that are all the same.
pub(super) fn about_centres(spread: Result<Spread, String>, centres: &[f64]) -> Result<Spread, String> {
    let size = centres.iter().fold(0.0f64, |most, centre| most.max(centre.abs()));
    match spread {
        Ok(spread) if spread.se <= 1e-12 * size => {
            Err("the data are the same in all units, so nothing says how sure it is".to_owned())
        }
        spread => spread,
    }
}

/// The spread of a mean, by its rows.
pub(super) fn of_mean(moments: &Moments) -> Result<Spread, String> {
    moments
        .standard_error()
        .map(|se| Spread {
            se,
            freedom: (moments.n - 1) as f64,
        })
        .ok_or_else(|| {
            let why = if moments.n == 1 {
                "there is only one amount"
            } else {
                "the amounts are all the same"
            };
            format!("{why}, so nothing says how sure it is")
        })
}

/// The spread of a gap.
pub(super) fn of_gap(gap: Gap) -> Spread {
    Spread {
        se: gap.se,
        freedom: gap.freedom,
    }
}

/// The quotient of two sums, unless nothing is there to divide by.
pub(super) fn over(sum: f64, n: f64) -> Option<f64> {
    // Counts that were taken away one by one are whole, so this is no rounding of 0.
    (n > 0.5).then(|| sum / n)
}
