use proptest::prelude::*;

use super::*;

fn fits(text: &str, is_percent: bool, digits: Digits, n: u64) -> Option<(u64, u64)> {
    let figure = Figure::read(text, None).unwrap();
    figure.fitting(is_percent || figure.has_sign, digits, n).ok()
}

#[test]
fn shares_and_percentages_are_read_as_they_are_written() {
    use Digits::{Rounded, Truncated};
    for (text, is_percent, digits, n, expected) in [
        ("0.315", false, Rounded, 200, Some((63, 63))),
        ("31.5 %", false, Rounded, 200, Some((63, 63))),
        ("31,5\u{a0}%", false, Rounded, 200, Some((63, 63))),
        ("31.5", true, Rounded, 200, Some((63, 63))),
        ("+3.15e-1", false, Rounded, 200, Some((63, 63))),
        (".315", false, Rounded, 200, Some((63, 63))),
        // 0.305 to 0.315, both ends included: ties go either way.
        ("0.31", false, Rounded, 200, Some((61, 63))),
        ("0.31", false, Truncated, 200, Some((62, 63))),
        ("31 %", false, Truncated, 100, Some((31, 31))),
        ("66.7%", false, Rounded, 3, Some((2, 2))),
        ("66.6%", false, Rounded, 3, None),
        ("66.6%", false, Truncated, 3, Some((2, 2))),
        ("66.7%", false, Truncated, 3, None),
        ("0", false, Rounded, 10, Some((0, 5))),
        ("0 %", false, Rounded, 1_000, Some((0, 5))),
        ("0.000", false, Rounded, 200, Some((0, 0))),
        ("1", false, Rounded, 10, Some((5, 10))),
        ("100 %", false, Rounded, 1_000, Some((995, 1_000))),
        ("100.0 %", false, Truncated, 1_000, Some((1_000, 1_000))),
        // As it is written, in hundreds.
        ("1e2", true, Rounded, 7, Some((4, 7))),
        ("100.1 %", false, Rounded, 1_000, None),
        ("1.01", false, Rounded, 1_000, None),
        ("1e30", false, Rounded, 1_000, None),
        ("1e-30", false, Rounded, 1_000, Some((0, 0))),
        // Two thirds as a double writes it is not two thirds rounded to as many places.
        ("0.6666666666666666", false, Rounded, 3, Some((2, 2))),
        ("66.66666666666667", true, Rounded, 3, Some((2, 2))),
        ("0.31499999999999995", false, Truncated, 200, Some((63, 63))),
        (
            "0.5",
            false,
            Rounded,
            u64::MAX,
            Some((8_301_034_833_169_298_227, 10_145_709_240_540_253_388)),
        ),
    ] {
        assert_eq!(fits(text, is_percent, digits, n), expected, "{text} {digits} of {n}");
    }
}

#[test]
fn what_is_no_share_is_refused() {
    for text in [
        "", "%", "2/3", "abc", "12%%", "-0.3", "-1 %", "0.3.1", "1,2,3", "0x1", "NaN", "inf", "1e", "1e999999", "∞",
    ] {
        assert!(Figure::read(text, None).is_err(), "{text}");
    }
    assert!(Figure::read("-0.0", None).unwrap().is_zero());
    let digits = "9".repeat(5_000);
    assert!(Figure::read(&digits, None).unwrap().is_above_one());
    assert!(!Figure::read(&format!("0.{digits}"), None).unwrap().is_above_one());
}

#[test]
fn a_decimal_comma_is_known_by_itself_and_a_point_between_thousands_is_not() {
    let read = |text, decimal| Figure::read(text, decimal).ok().map(|figure| figure.is_above_one());
    assert_eq!(read("0,315", None), Some(false));
    assert_eq!(read("0,315", Some(Decimal::Comma)), Some(false));
    assert_eq!(read("31,5", Some(Decimal::Comma)), Some(true));
    assert_eq!(read("0.315", Some(Decimal::Comma)), Some(true));
    assert_eq!(read("0,315", Some(Decimal::Point)), Some(true));
}

#[test]
fn what_fits_the_other_reading_is_said() {
    let why = |text, digits, n| Figure::read(text, None).unwrap().fitting(false, digits, n).unwrap_err();
    let cut = why("0.66", Digits::Rounded, 3);
    assert!(cut.message.contains("2 fits if the figures were cut off"), "{cut:?}");
    assert!(cut.help.contains("--digits truncated"), "{cut:?}");
    let rounded = why("0.67", Digits::Truncated, 3);
    assert!(
        rounded.message.contains("2 fits if the figures were rounded"),
        "{rounded:?}"
    );
    assert!(why("0.5", Digits::Rounded, 3).help.contains("check the size"));
}

proptest! {
    /// Every count that gives the figure is found, and no other; by trying all of them.
    #[test]
    fn the_counts_are_those_that_give_the_figure(n in 1u64..400, share in 0.0..=1.0f64, places in 0usize..5, percent: bool) {
        let k = (share * n as f64).round() as u64;
        let scale = 10u64.pow(places as u32 + if percent { 2 } else { 0 });
        // In units of half the last place, so that ties are whole numbers.
        let written = |units: u64| {
            let unit = 10u64.pow(places as u32);
            let sign = if percent { " %" } else { "" };
            if places == 0 {
                format!("{units}{sign}")
            } else {
                format!("{}.{:0places$}{sign}", units / unit, units % unit)
            }
        };
        let truncated = k * scale / n;
        let rounded = (2 * k * scale + n) / (2 * n);
        let gives_truncated = |k: &u64| k * scale / n == truncated;
        let gives_rounded = |k: &u64| (2 * k * scale).abs_diff(2 * rounded * n) <= n;
        let span = |all: Vec<u64>| (*all.first().unwrap(), *all.last().unwrap());
        prop_assert_eq!(
            fits(&written(truncated), percent, Digits::Truncated, n),
            Some(span((0..=n).filter(gives_truncated).collect()))
        );
        prop_assert_eq!(
            fits(&written(rounded), percent, Digits::Rounded, n),
            Some(span((0..=n).filter(gives_rounded).collect()))
        );
    }

    #[test]
    fn no_text_does_harm(text in "\\PC{0,12}|[-+0-9.,e%' ]{0,24}", n: u64) {
        if let Ok(figure) = Figure::read(&text, None) {
            for digits in [Digits::Rounded, Digits::Truncated] {
                if let Ok((fewest, most)) = figure.fitting(figure.is_above_one(), digits, n) {
                    prop_assert!(fewest <= most && most <= n);
                }
            }
        }
    }
}
