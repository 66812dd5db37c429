//! The interval of one rate.

use super::{Interval, Sample, normal::usable};

/// The Wilson (1927) score interval of one rate, within [0, 1].
///
/// `(p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)`. The lower end is exactly 0 when nothing succeeded and
/// the upper end exactly 1 when everything did. An infinite or NaN `z` gives [0, 1], a negative one counts as 0.
///
/// The lower end is computed from the product of the two ends, `(x^2/n) / (n + z^2)`: their difference form cancels
/// when the rate is small.
pub fn wilson(sample: Sample, z: f64) -> Interval {
    let z = usable(z);
    if z.is_infinite() {
        return Interval { lower: 0.0, upper: 1.0 };
    }
    let Sample {
        successes: x,
        trials: n,
    } = sample;
    let reach = x + z * z / 2.0 + z * (x * (sample.failures() / n) + z * z / 4.0).sqrt();
    let lower = if x == 0.0 { 0.0 } else { x * (x / n) / reach };
    let upper = if sample.failures() == 0.0 {
        1.0
    } else {
        (reach / (n + z * z)).min(1.0)
    };
    // Rounding must not put an end past the rate.
    Interval {
        lower: lower.min(sample.rate()),
        upper: upper.max(sample.rate()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agrees, sample};
    use super::super::z_for;
    use super::*;

    #[test]
    fn published_and_recomputed_intervals() {
        // 15/148, 0/20, 1/29 and 81/263 are those of Newcombe 1998, who prints four decimals.
        for (x, n, [lower, upper]) in [
            (81.0, 263.0, ["0.25528852", "0.366209577"]),
            (15.0, 148.0, ["0.0623863995", "0.160487242"]),
            (0.0, 20.0, ["0", "0.161125158"]),
            (1.0, 29.0, ["0.00611321429", "0.171755219"]),
            (100.0, 200.0, ["0.43136086", "0.56863914"]),
            (37.0, 43.0, ["0.72736412", "0.934442766"]),
            (20.0, 20.0, ["0.838874842", "1"]),
            (5.0, 10.0, ["0.236593091", "0.763406909"]),
        ] {
            let got = wilson(sample(x, n), z_for(0.95));
            agrees(got.lower, lower, 9);
            agrees(got.upper, upper, 9);
        }
    }

    #[test]
    fn the_ends_are_exact() {
        for n in [1.0, 20.0, 1e15] {
            assert_eq!(wilson(sample(0.0, n), 1.96).lower, 0.0);
            assert_eq!(wilson(sample(n, n), 1.96).upper, 1.0);
        }
        // n = 1e15 and no success: the upper end is z^2 / (n + z^2), to its last digits.
        let upper = wilson(sample(0.0, 1e15), 2.0).upper;
        assert!((upper / (4.0 / (1e15 + 4.0)) - 1.0).abs() < 1e-15);
        assert_eq!(
            wilson(sample(3.0, 7.0), f64::INFINITY),
            Interval { lower: 0.0, upper: 1.0 }
        );
        assert_eq!(wilson(sample(0.0, 7.0), 0.0), Interval { lower: 0.0, upper: 0.0 });
        assert_eq!(wilson(sample(7.0, 7.0), 0.0), Interval { lower: 1.0, upper: 1.0 });
    }
}
