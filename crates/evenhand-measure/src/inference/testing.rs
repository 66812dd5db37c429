//! What the tests of this module share.

use super::Sample;

/// A sample that must be valid.
pub(super) fn sample(successes: f64, trials: f64) -> Sample {
    Sample::new(successes, trials).unwrap()
}

/// Asserts that `value`, rounded to `digits` significant digits, is what was printed. The tolerance is half a unit of
/// the last of those digits (trailing zeros are not printed, so they cannot be counted in the text), and a hundredth
/// of that more, for the printed value's own rounding error.
pub(super) fn agrees(value: f64, printed: &str, digits: i32) {
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
