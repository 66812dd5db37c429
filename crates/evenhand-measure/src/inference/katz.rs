//! The ratio of two rates by the normal law of its logarithm (Katz, Baptista, Azen & Pike 1978).

use super::{Interval, Sample, normal::usable, ratio};

/// The Katz interval of `p_a / p_b`: `exp(ln R +- z sqrt(1/x_a - 1/n_a + 1/x_b - 1/n_b))`.
///
/// `None` if either group has no success: the logarithm then has no value. With only successes in both groups it is
/// [1, 1] whatever their size, which claims far too much. NaN for `z` counts as +infinity, a negative `z` as 0.
pub fn interval(a: Sample, b: Sample, z: f64) -> Option<Interval> {
    let deviation = deviation(a, b)?;
    let z = usable(z);
    if z.is_infinite() {
        return Some(Interval {
            lower: 0.0,
            upper: f64::INFINITY,
        });
    }
    let point = a.rate() / b.rate();
    let factor = (z * deviation).exp();
    Some(Interval {
        lower: point / factor,
        upper: point * factor,
    })
}

/// How many standard deviations the logarithm of the observed ratio is above that of `bound`: the z at which an end
/// of the interval is there.
///
/// `bound` must be a number above 0; anything else is moved to the nearest such number. With only successes in both
/// groups it is 0 at a bound of 1 and +-infinity elsewhere. `None` if either group has no success, or `bound` is no
/// number.
pub fn z(a: Sample, b: Sample, bound: f64) -> Option<f64> {
    let deviation = deviation(a, b)?;
    if bound.is_nan() {
        return None;
    }
    // The contrast knows an exact tie, which the logarithms would miss by rounding.
    if ratio::contrast(a, b, bound).effect == 0.0 {
        return Some(0.0);
    }
    let (weight_a, weight_b) = ratio::weights(bound);
    let gap = ln_rate(a) + weight_a.ln() - (ln_rate(b) + weight_b.ln());
    Some(gap / deviation)
}

/// The standard deviation of the logarithm; `1/x - 1/n` is `(n - x) / (x n)`.
fn deviation(a: Sample, b: Sample) -> Option<f64> {
    let variance = |sample: Sample| sample.reflected().rate() / sample.successes;
    let defined = a.successes > 0.0 && b.successes > 0.0;
    // A finite number even where a success is so small a fraction that its reciprocal is not.
    defined.then(|| (variance(a) + variance(b)).sqrt().min(f64::MAX))
}

/// The logarithm of the rate, from the failures where they have more digits.
fn ln_rate(sample: Sample) -> f64 {
    let failures = sample.reflected().rate();
    if failures < 0.5 {
        (-failures).ln_1p()
    } else {
        sample.rate().ln()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agrees, sample};
    use super::super::{OneSided, z_for};
    use super::*;

    #[test]
    fn published_and_recomputed_intervals() {
        // 7/34 : 1/34 is .91, 54 in Fagerland, Lydersen & Laake 2015.
        for ([x_a, n_a, x_b, n_b], [lower, upper]) in [
            ([7.0, 34.0, 1.0, 34.0], ["0.909605512", "53.8695065"]),
            ([36.0, 40.0, 16.0, 80.0], ["2.8685502", "7.05931519"]),
            ([24.0, 73.0, 53.0, 65.0], ["0.284819224", "0.570797994"]),
            ([29.0, 55.0, 11.0, 11.0], ["0.410542417", "0.677193189"]),
            ([7.0, 18.0, 1.0, 18.0], ["0.956072713", "51.251332"]),
            ([8.0, 15.0, 4.0, 15.0], ["0.763102168", "5.24176207"]),
            ([6.0, 22.0, 112.0, 842.0], ["1.01427539", "4.14466458"]),
            ([2.0, 10.0, 15.0, 25.0], ["0.0926565713", "1.19917141"]),
            ([555.0, 1181.0, 667.0, 1390.0], ["0.902563611", "1.0626403"]),
            ([170.0, 390.0, 412.0, 797.0], ["0.739441685", "0.961583294"]),
            ([48.0, 100.0, 60.0, 100.0], ["0.617286255", "1.03679613"]),
            ([450.0, 1000.0, 500.0, 1000.0], ["0.820571604", "0.987116781"]),
        ] {
            let got = interval(sample(x_a, n_a), sample(x_b, n_b), z_for(0.95)).unwrap();
            agrees(got.lower, lower, 9);
            agrees(got.upper, upper, 9);
        }
    }

    #[test]
    fn four_fifths_tests() {
        // Columns: (ln R - ln 0.8) / se and 1 - Phi of it, recomputed with scipy 1.17.
        for ([x_a, n_a, x_b, n_b], statistic, p) in [
            ([480.0, 1000.0, 500.0, 1000.0], "3.994465175", "3.242022530e-05"),
            ([48.0, 100.0, 60.0, 100.0], "0", "0.5"),
            ([90.0, 100.0, 95.0, 100.0], "4.178321485", "1.468341809e-05"),
            ([450.0, 1000.0, 500.0, 1000.0], "2.498555497", "0.006235030779"),
            ([555.0, 1181.0, 667.0, 1390.0], "4.856043238", "5.987728170e-07"),
            ([170.0, 390.0, 412.0, 797.0], "0.7853200387", "0.2161329749"),
            ([18.0, 20.0, 19.0, 20.0], "1.868602174", "0.03083909152"),
            ([1065.0, 1337.0, 13142.0, 14461.0], "6.491281638", "4.255460142e-11"),
        ] {
            let got = z(sample(x_a, n_a), sample(x_b, n_b), 0.8).unwrap();
            agrees(got, statistic, 10);
            agrees(OneSided::of(got).above, p, 10);
        }
    }

    #[test]
    fn a_zero_cell_has_no_logarithm() {
        let (none, some, all) = (sample(0.0, 20.0), sample(5.0, 30.0), sample(9.0, 9.0));
        for (a, b) in [(none, some), (some, none), (none, none)] {
            assert_eq!(interval(a, b, 2.0), None);
            assert_eq!(z(a, b, 0.8), None);
        }
        assert_eq!(interval(all, all, 2.0), Some(Interval { lower: 1.0, upper: 1.0 }));
        assert_eq!(z(all, all, 1.0), Some(0.0));
        assert_eq!(z(all, all, 0.8), Some(f64::INFINITY));
        assert_eq!(z(all, all, 1.25), Some(f64::NEG_INFINITY));
    }
}
