//! What the tests of this module share.

use proptest::prelude::*;

use super::Sample;

/// A sample that must be valid.
pub(crate) fn sample(successes: f64, trials: f64) -> Sample {
    Sample::new(successes, trials).unwrap()
}

/// Asserts that `value`, rounded to `digits` significant digits, is what was printed. The tolerance is half a unit of
/// the last of those digits (trailing zeros are not printed, so they cannot be counted in the text), and a hundredth
/// of that more, for the printed value's own rounding error.
pub(crate) fn agrees(value: f64, printed: &str, digits: i32) {
    let expected: f64 = printed.parse().unwrap();
    if expected == 0.0 {
        assert_eq!(value, 0.0, "printed {printed}");
        return;
    }
    let unit = 10f64.powi(expected.abs().log10().floor() as i32 + 1 - digits);
    assert!(
        (value - expected).abs() <= 0.505 * unit,
        "got {value:.15e}, printed {printed}"
    );
}

/// Whole counts from tiny to large, the ends overrepresented.
pub(crate) fn samples() -> impl Strategy<Value = Sample> {
    let trials = prop_oneof![1u64..40, 1u64..2_000, 1_000_000u64..1_000_000_000];
    (trials, 0.0..=1.0f64, 0..6u8).prop_map(|(trials, share, kind)| {
        let successes = match kind {
            0 => 0,
            1 => trials,
            _ => ((trials as f64) * share).round() as u64,
        };
        sample(successes as f64, trials as f64)
    })
}

/// Samples of any positive size: fractions, huge counts, one trial.
pub(crate) fn extreme_samples() -> impl Strategy<Value = Sample> {
    let trials = prop_oneof![Just(1.0), Just(1e15), Just(0.25), 1e-3..1e3f64, 1e9..1e15f64];
    (trials, 0.0..=1.0f64, 0..8u8).prop_map(|(trials, share, kind)| {
        let successes: f64 = match kind {
            0 => 0.0,
            1 => trials,
            2 => 1.0,
            3 => trials - 1.0,
            4 => 1e-200,
            _ => trials * share,
        };
        sample(successes.clamp(0.0, trials), trials)
    })
}

/// Two groups of whole counts: successes and trials of one, then of the other.
pub(crate) fn tables() -> impl Strategy<Value = [u64; 4]> {
    let group = || {
        (
            prop_oneof![1u64..12, 1u64..300, 1_000u64..2_000_000],
            0.0..=1.0f64,
            0..6u8,
        )
            .prop_map(|(trials, share, kind)| {
                let successes = match kind {
                    0 => 0,
                    1 => trials,
                    _ => (trials as f64 * share).round() as u64,
                };
                (successes, trials)
            })
    };
    (group(), group()).prop_map(|((x_a, n_a), (x_b, n_b))| [x_a, n_a, x_b, n_b])
}

/// Strata from rows of group a's successes and failures, then the reference's.
pub(crate) fn strata(rows: &[[f64; 4]]) -> Vec<(Sample, Sample)> {
    rows.iter()
        .map(|&[a, b, c, d]| (sample(a, a + b), sample(c, c + d)))
        .collect()
}
