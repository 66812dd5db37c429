//! This module gives values that are no text the text by which they are compared, the same from every kind of source.

use std::fmt::Write as _;

/// A single-precision number as the double that is written in the same digits: 0.7, not 0.699999988079071.
///
/// So the file gives the same tally as its export to CSV, and a threshold of 0.7 includes a score of 0.7.
#[must_use]
pub fn widened(value: f32) -> f64 {
    let exact = f64::from(value);
    if value.fract() == 0.0 && value.abs() < 16_777_216.0 || !value.is_finite() {
        return exact;
    }
    if (1e-4..1e7).contains(&value.abs()) {
        return fewest_digits(value.abs()).copysign(exact);
    }
    format!("{value:?}").parse().unwrap_or(exact)
}

/// The decimal with the fewest places that reads as `value`, without the detour of writing it down.
fn fewest_digits(value: f32) -> f64 {
    // Powers of ten up to 10^22 are doubles, and so are whole numbers below 2^53: their quotient is rounded once, as
    // the text of the decimal would be when it is read.
    const POWERS: [f64; 14] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13];
    let exact = f64::from(value);
    let rounded = |places: usize| {
        let decimal = (exact * POWERS[places] + 0.5) as u64 as f64 / POWERS[places];
        (decimal as f32 == value).then_some(decimal)
    };
    // Where some places suffice, more do as well. Seven is about what scores between 0 and 1 have.
    const USUAL: usize = 7;
    match rounded(USUAL) {
        // Below 1 singles lie closer together than these decimals, so no other one reads as this value, and a shorter
        // one is the same number.
        Some(decimal) if value < 1.0 => decimal,
        Some(decimal) => (0..USUAL).rev().map_while(rounded).last().unwrap_or(decimal),
        None => (USUAL + 1..POWERS.len()).find_map(rounded).unwrap_or(exact),
    }
}

const DAY: i64 = 86_400;

/// Writes a day, given as days since 1970, as in `2024-02-29` (ISO 8601).
///
/// # Errors
/// None that a `String` has.
pub fn write_date(text: &mut String, days: i64) -> std::fmt::Result {
    // Years begin in March here, so that a leap day ends its year; an era is the 400 years after which days repeat.
    const ERA: i64 = 146_097;
    let from_march = days + 719_468;
    let era = from_march.div_euclid(ERA);
    let day = from_march.rem_euclid(ERA);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    write!(text, "{year:04}-{month:02}-{day_of_month:02}")
}

/// Writes a moment, given as whole parts of a second since 1970, as in `2024-01-02T03:04:05.12Z` (ISO 8601), with
/// `Z` where it is of a time zone.
///
/// # Errors
/// None that a `String` has.
pub fn write_timestamp(text: &mut String, value: i64, per_second: i64, utc: bool) -> std::fmt::Result {
    let (seconds, fraction) = (value.div_euclid(per_second), value.rem_euclid(per_second));
    write_date(text, seconds.div_euclid(DAY))?;
    let second = seconds.rem_euclid(DAY);
    write!(
        text,
        "T{:02}:{:02}:{:02}",
        second / 3_600,
        second / 60 % 60,
        second % 60
    )?;
    if fraction > 0 {
        // The same moment is the same text in any unit: no zeros at the end.
        let nanoseconds = fraction * (1_000_000_000 / per_second);
        write!(text, ".{nanoseconds:09}")?;
        text.truncate(text.trim_end_matches('0').len());
    }
    if utc { text.write_char('Z') } else { Ok(()) }
}

/// Writes a whole number that stands for itself divided by a power of ten, with all its places, as in `0.50`.
///
/// # Errors
/// None that a `String` has.
pub(crate) fn write_decimal(text: &mut String, value: i128, scale: usize) -> std::fmt::Result {
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    write!(text, "{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_has_the_digits_of_its_text() {
        let mut bits = 1u32;
        for _ in 0..300_000 {
            bits = bits.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let any = f32::from_bits(bits);
            let score = (bits >> 8) as f32 / 16_777_216.0;
            let short = (bits % 100_000) as f32 / 1_000.0;
            for value in [any, score, short, -score * 1e4]
                .into_iter()
                .filter(|value| value.is_finite())
            {
                let text = format!("{value:?}");
                assert_eq!(widened(value), text.parse::<f64>().unwrap(), "{text}");
            }
        }
    }
}
