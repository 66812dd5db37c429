//! The difference of two rates with one success and one failure added to each group (Agresti & Caffo 2000).

use super::{Interval, Sample, difference, normal::usable};

/// The Agresti-Caffo interval of `p_a - p_b`, cut off at -1 and 1.
///
/// `p+_a - p+_b +- z sqrt(p+_a (1 - p+_a)/(n_a + 2) + p+_b (1 - p+_b)/(n_b + 2))` with `p+ = (x + 1)/(n + 2)`. Always
/// defined. Its centre is drawn towards 0, so that the observed difference may lie outside when z is small. NaN for
/// `z` counts as +infinity, a negative `z` as 0.
pub fn interval(a: Sample, b: Sample, z: f64) -> Option<Interval> {
    let z = usable(z);
    let (a, b) = (padded(a), padded(b));
    let centre = a.rate() - b.rate();
    let reach = z * deviation(a, b);
    Some(Interval {
        lower: (centre - reach).clamp(-1.0, 1.0),
        upper: (centre + reach).clamp(-1.0, 1.0),
    })
}

/// How many standard deviations the padded difference is above `delta`: the z at which an end of the interval is there.
///
/// `delta` beyond [-1, 1] is moved to the nearer end. `None` if it is no number.
pub fn z(a: Sample, b: Sample, delta: f64) -> Option<f64> {
    let (a, b) = (padded(a), padded(b));
    (!delta.is_nan()).then(|| difference::contrast(a, b, delta).effect / deviation(a, b))
}

/// The sample with one success and one failure more.
fn padded(sample: Sample) -> Sample {
    Sample {
        successes: sample.successes + 1.0,
        trials: sample.trials + 2.0,
    }
}

/// Above 0, because a padded rate is neither 0 nor 1.
fn deviation(a: Sample, b: Sample) -> f64 {
    let variance = |sample: Sample| sample.rate() * sample.reflected().rate() / sample.trials;
    (variance(a) + variance(b)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agrees, sample};
    use super::super::z_for;
    use super::*;

    #[test]
    fn published_and_recomputed_intervals() {
        // The first eight are the data sets of Newcombe 1998b, table II. 7/34 - 1/34 is in the tests of statsmodels,
        // from R's PropCIs: 0.01161167, 0.32172166. Where the formula leaves [-1, 1] the end is cut off.
        for ([x_a, n_a, x_b, n_b], [lower, upper]) in [
            ([56.0, 70.0, 48.0, 80.0], ["0.0524529266", "0.335758455"]),
            ([9.0, 10.0, 3.0, 10.0], ["0.160000801", "0.839999199"]),
            ([6.0, 7.0, 2.0, 7.0], ["0.0338062743", "0.855082615"]),
            ([5.0, 56.0, 0.0, 29.0], ["-0.0288658463", "0.171246269"]),
            ([0.0, 10.0, 0.0, 20.0], ["-0.141090095", "0.216847671"]),
            ([0.0, 10.0, 0.0, 10.0], ["-0.221150315", "0.221150315"]),
            ([10.0, 10.0, 0.0, 20.0], ["0.692243238", "1"]),
            ([10.0, 10.0, 0.0, 10.0], ["0.612183018", "1"]),
            ([7.0, 34.0, 1.0, 34.0], ["0.0116116701", "0.321721663"]),
            ([2.0, 10.0, 15.0, 25.0], ["-0.649792963", "-0.035392222"]),
            ([555.0, 1181.0, 667.0, 1390.0], ["-0.0485933933", "0.0288063722"]),
            ([170.0, 390.0, 412.0, 797.0], ["-0.140760211", "-0.0205830497"]),
        ] {
            let got = interval(sample(x_a, n_a), sample(x_b, n_b), z_for(0.95)).unwrap();
            agrees(got.lower, lower, 9);
            agrees(got.upper, upper, 9);
        }
    }
}
