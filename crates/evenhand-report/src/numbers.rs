//! This module prints numbers for people: how many digits, which separators. It computes nothing.

use evenhand_measure::audit::model::{Amount, Bound};

/// A share as a percentage: one decimal, more near 0% and 100% so that neither is claimed falsely.
///
/// ```
/// use evenhand_report::numbers::percent;
/// assert_eq!(percent(0.2774), "27.7%");
/// assert_eq!(percent(0.0), "0%");
/// assert_eq!(percent(0.00043), "0.043%");
/// assert_eq!(percent(0.9996), "99.960%");
/// ```
#[must_use]
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent == 0.0 || percent == 100.0 {
        return format!("{percent:.0}%");
    }
    // Within one percent of either end two significant digits of the distance tell more than one decimal.
    let distance = percent.abs().min((100.0 - percent).abs());
    let decimals = [(0.95, 1), (0.095, 2), (0.0095, 3)]
        .into_iter()
        .find(|(least, _)| distance >= *least)
        .map_or(4, |(_, n)| n);
    format!("{}%", fixed(percent, decimals, &[0.0, 100.0], 6))
}

/// A share as rules on publication have it: one decimal whatever it is, halves up.
///
/// ```
/// use evenhand_report::numbers::percent_posted;
/// assert_eq!(percent_posted(18.0 / 28.0), "64.3%");
/// assert_eq!(percent_posted(0.0225), "2.3%");
/// ```
#[must_use]
pub fn percent_posted(share: f64) -> String {
    let tenths = ((share * 1e14).round() / 1e11).round();
    format!("{:.1}%", tenths / 10.0)
}

/// A ratio as rules on publication have it: two decimals whatever it is, halves up.
///
/// ```
/// use evenhand_report::numbers::ratio_posted;
/// assert_eq!(ratio_posted(34.0 * 92.0 / (76.0 * 50.0)), "0.82");
/// assert_eq!(ratio_posted(0.125), "0.13");
/// ```
#[must_use]
pub fn ratio_posted(ratio: f64) -> String {
    format!("{:.2}", hundredfold(ratio).round() / 100.0)
}

/// A range of shares in whole percent that holds both ends: `57–100%`.
///
/// ```
/// use evenhand_report::numbers::percent_range;
/// assert_eq!(percent_range(0.574, 0.991), "57–100%");
/// assert_eq!(percent_range(0.07, 0.29), "7–29%");
/// ```
#[must_use]
pub fn percent_range(lowest: f64, highest: f64) -> String {
    format!("{:.0}–{:.0}%", hundredfold(lowest).floor(), hundredfold(highest).ceil())
}

/// A number of unknown size to three digits, for tables of statistics.
///
/// ```
/// use evenhand_report::numbers::significant;
/// assert_eq!([0.0, -0.01234, 1.8391, 12.34, 1234.56].map(significant), ["0", "-0.0123", "1.84", "12.3", "1,234.6"]);
/// ```
#[must_use]
pub fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let decimals = [(10.0, 1), (1.0, 2), (0.1, 3), (0.01, 4), (0.001, 5), (0.0001, 6)];
    match decimals.into_iter().find(|(least, _)| value.abs() >= *least) {
        Some((_, decimals)) => grouped(&format!("{value:.decimals$}")),
        None => format!("{value:.2e}"),
    }
}

/// A number of people that need not be whole: `32`, `about 32`, `less than one`. The sign is left to the words.
#[must_use]
pub fn people(value: f64) -> String {
    let (size, whole) = (value.abs(), value.abs().round());
    let is_whole = (size - whole).abs() <= 1e-9 * whole.max(1.0);
    match (is_whole, whole > 0.0) {
        (true, _) => grouped(&format!("{whole:.0}")),
        (false, true) => format!("about {}", grouped(&format!("{whole:.0}"))),
        (false, false) => "less than one".to_owned(),
    }
}

/// A number to one decimal.
#[must_use]
pub fn one_decimal(value: f64) -> String {
    let text = grouped(&format!("{value:.1}"));
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

/// A ratio: two decimals, more where two would put it on the wrong side of the bound.
///
/// ```
/// use evenhand_measure::audit::model::Bound;
/// use evenhand_report::numbers::ratio;
/// let bound = Bound { at_least: Some(0.8), at_most: None };
/// assert_eq!(ratio(0.6213, &bound), "0.62");
/// assert_eq!(ratio(0.7996, &bound), "0.7996");
/// assert_eq!(ratio(0.8, &bound), "0.80");
/// ```
#[must_use]
pub fn ratio(value: f64, bound: &Bound) -> String {
    match value.abs() {
        size if size >= 100.0 => grouped(&format!("{value:.0}")),
        size if size >= 10.0 => fixed(value, 1, &marks(bound), 3),
        _ => fixed(value, 2, &marks(bound), 4),
    }
}

/// A difference of shares in percentage points, without the unit: one decimal, more where needed.
#[must_use]
pub fn points(value: f64, bound: &Bound) -> String {
    let marks: Vec<f64> = marks(bound).iter().map(|mark| hundredfold(*mark)).collect();
    let text = fixed(hundredfold(value), 1, &marks, 3);
    if text.trim_start_matches('-').bytes().all(|b| b == b'0' || b == b'.') {
        "0.0".to_owned()
    } else {
        text
    }
}

/// A difference of numbers that are no shares: three decimals, fewer for large ones, more where needed.
///
/// ```
/// use evenhand_measure::audit::model::Bound;
/// use evenhand_report::numbers::difference;
/// let bound = Bound { at_least: Some(-0.05), at_most: Some(0.05) };
/// assert_eq!([-0.0712, 0.05, 0.0502, 12.345, -1234.5].map(|value| difference(value, &bound)), ["-0.071", "0.050", "0.0502", "12.35", "-1,234.5"]);
/// ```
#[must_use]
pub fn difference(value: f64, bound: &Bound) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        _ => 3,
    };
    let text = grouped(&fixed(value, decimals, &marks(bound), 6));
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| b == b'0' || b == b'.') => rest.to_owned(),
        _ => text,
    }
}

/// A relative change in percent, with its sign: one decimal, more where it would be none.
///
/// ```
/// use evenhand_report::numbers::change;
/// assert_eq!([0.0412, -0.3, 0.0, 0.0004].map(change), ["+4.1%", "-30.0%", "0.0%", "+0.04%"]);
/// ```
#[must_use]
pub fn change(value: f64) -> String {
    let text = fixed(hundredfold(value), 1, &[0.0], 4);
    match value {
        value if value > 0.0 => format!("+{text}%"),
        value if value < 0.0 => format!("{text}%"),
        _ => "0.0%".to_owned(),
    }
}

/// A bound in percentage points, such as `10`.
#[must_use]
pub fn plain_points(value: f64) -> String {
    trim_zeros(&format!("{:.4}", hundredfold(value)))
}

/// A bound on a ratio, such as `0.80`.
#[must_use]
pub fn plain_ratio(value: f64) -> String {
    // What one over a bound has more of is noise to a reader: 1 / 0.95 is 1.0526.
    let text = match trim_zeros(&format!("{value:.6}")) {
        text if decimals_of(&text) < 6 => text,
        _ => trim_zeros(&format!("{value:.4}")),
    };
    if decimals_of(&text) < 2 {
        format!("{value:.2}")
    } else {
        text
    }
}

fn decimals_of(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// A hundred times a share without binary noise: 0.1 is exactly 10 points.
fn hundredfold(value: f64) -> f64 {
    (value * 1e14).round() / 1e12
}

fn marks(bound: &Bound) -> Vec<f64> {
    [Some(0.0), bound.at_least, bound.at_most]
        .into_iter()
        .flatten()
        .collect()
}

/// `value` with at least `decimals` decimals, and as many more as keep it on its own side of each mark.
fn fixed(value: f64, decimals: usize, marks: &[f64], most: usize) -> String {
    let text = |digits: usize| format!("{value:.digits$}");
    let tells = |text: &str| {
        let rounded: f64 = text.parse().unwrap_or(value);
        marks
            .iter()
            .all(|mark| rounded.partial_cmp(mark) == value.partial_cmp(mark))
    };
    (decimals..=most)
        .map(text)
        .find(|text| tells(text))
        .unwrap_or_else(|| text(decimals))
}

fn trim_zeros(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

/// A count with separators: `1,234,567`.
#[must_use]
pub fn count(rows: u64) -> String {
    evenhand_measure::thousands(rows)
}

/// A number that is an estimate of a size: above 1,000 to two digits.
///
/// ```
/// use evenhand_report::numbers::about;
/// assert_eq!([87, 1_000, 41_234, 12_345_678].map(about), ["87", "1,000", "41,000", "12 million"]);
/// assert_eq!([1_240_000, 999_999, 7_654_321_000].map(about), ["1.2 million", "1 million", "7.7 billion"]);
/// ```
#[must_use]
pub fn about(size: u64) -> String {
    if size <= 1_000 {
        return count(size);
    }
    // 20 digits hold every such number, and in 128 bits rounding up never overflows.
    let place = 10_u128.pow(size.ilog10() - 1);
    let rounded = (u128::from(size) + place / 2) / place * place;
    let named = [
        (1_000_000_000_000, "trillion"),
        (1_000_000_000, "billion"),
        (1_000_000, "million"),
    ];
    match named.into_iter().find(|(unit, _)| rounded >= *unit) {
        Some((unit, name)) => {
            let tenths = rounded % unit / (unit / 10);
            let whole = grouped(&(rounded / unit).to_string());
            match tenths {
                0 => format!("{whole} {name}"),
                tenths => format!("{whole}.{tenths} {name}"),
            }
        }
        None => grouped(&rounded.to_string()),
    }
}

/// An amount: a count, or a sum of weights to one decimal.
#[must_use]
pub fn amount(amount: Amount) -> String {
    match amount {
        Amount::Rows(rows) => count(rows),
        Amount::Weight(weight) => grouped(&trim_zeros(&format!("{weight:.1}"))),
    }
}

/// A number's text with commas between its thousands.
pub(crate) fn grouped(digits: &str) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, decimals) = rest.split_once('.').unwrap_or((rest, ""));
    let mut out = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !decimals.is_empty() {
        out.push('.');
        out.push_str(decimals);
    }
    out
}

/// A p-value: `0.013`, `< 0.0001`.
#[must_use]
pub fn p_value(p: f64) -> String {
    match p {
        p if p < 0.0001 => "< 0.0001".to_owned(),
        p if p < 0.001 => format!("{p:.4}"),
        p => format!("{p:.3}"),
    }
}

/// A confidence, such as `95%`.
#[must_use]
pub fn confidence(level: f64) -> String {
    format!("{}%", trim_zeros(&format!("{:.3}", hundredfold(level))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR_FIFTHS: Bound = Bound {
        at_least: Some(0.8),
        at_most: None,
    };
    const TEN_POINTS: Bound = Bound {
        at_least: Some(-0.1),
        at_most: Some(0.1),
    };

    #[test]
    fn percentages_never_round_to_a_claim() {
        for (share, text) in [
            (1.0, "100%"),
            (0.5, "50.0%"),
            (0.0101, "1.0%"),
            (0.0043, "0.43%"),
            (0.99997, "99.9970%"),
            (0.000_001, "0.0001%"),
            (0.9999, "99.990%"),
        ] {
            assert_eq!(percent(share), text, "{share}");
        }
    }

    #[test]
    fn rounding_never_crosses_a_bound() {
        assert_eq!(ratio(0.8004, &FOUR_FIFTHS), "0.8004");
        assert_eq!(ratio(0.4 / 0.5, &FOUR_FIFTHS), "0.80");
        assert_eq!(ratio(0.004, &FOUR_FIFTHS), "0.004");
        assert_eq!(ratio(12.34, &FOUR_FIFTHS), "12.3");
        assert_eq!(ratio(1234.5, &FOUR_FIFTHS), "1,234");
        assert_eq!(points(-0.0996, &TEN_POINTS), "-9.96");
        assert_eq!(points(0.1, &TEN_POINTS), "10.0");
        assert_eq!(points(0.3 - 0.2, &TEN_POINTS), "10.0");
        assert_eq!(points(-0.0, &TEN_POINTS), "0.0");
    }

    #[test]
    fn bounds_are_short() {
        assert_eq!(plain_points(0.1), "10");
        assert_eq!(plain_points(0.125), "12.5");
        assert_eq!(plain_ratio(0.8), "0.80");
        assert_eq!(plain_ratio(0.875), "0.875");
        assert_eq!(plain_ratio(1.0 / 0.95), "1.0526");
    }

    #[test]
    fn counts_have_separators() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(about(u64::MAX), "18,000,000 trillion");
        assert_eq!(
            [1_001, 1_050, 9_950, 99_500].map(about),
            ["1,000", "1,100", "10,000", "100,000"]
        );
        assert_eq!(amount(Amount::Weight(1234.56)), "1,234.6");
        assert_eq!(amount(Amount::Weight(1234.0)), "1,234");
        assert_eq!(confidence(0.95), "95%");
        assert_eq!(confidence(0.999), "99.9%");
        assert_eq!(p_value(0.01334), "0.013");
        assert_eq!(
            [32.0, -31.6, 0.4, 0.0].map(people),
            ["32", "about 32", "less than one", "0"]
        );
        assert_eq!([-0.04, 1234.56].map(one_decimal), ["0.0", "1,234.6"]);
    }

    #[test]
    fn posted_numbers_round_halves_up() {
        // 23 of 40, 0.575, is below a half of its last digit in binary.
        assert_eq!(ratio_posted(0.575), "0.58");
        assert_eq!(percent_posted(0.0435), "4.4%");
        assert_eq!(percent_posted(1.0), "100.0%");
        assert_eq!(significant(0.000_012_34), "1.23e-5");
    }
}
