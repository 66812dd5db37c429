//! This module reads one published share, and finds the whole counts that it may have been computed from.

use evenhand_measure::policy::{Decimal, Digits};

use crate::kernel::{number, shown};

/// A share, as its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    /// All digits, without leading zeros.
    digits: Vec<u8>,
    /// How many of them stand behind the point; below zero for zeros that are not written.
    places: i64,
    /// Whether a percent sign follows.
    pub(super) has_sign: bool,
}

/// Why no count fits, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    pub(super) message: String,
    pub(super) help: String,
}

/// A double holds no more decimals of a share: what follows is no digit of the figure, but noise of its computation.
const MOST_PLACES: i64 = 15;

/// A number with more digits than this in front of its point is no share, and would not fit 128 bits.
const MOST_DIGITS: usize = 20;

impl Figure {
    pub(super) fn read(text: &str, decimal: Option<Decimal>) -> Result<Self, String> {
        let not_a_rate = || format!("{} is no rate", shown(text));
        let trimmed = text.trim();
        let (bare, has_sign) = match trimmed.strip_suffix('%') {
            Some(bare) => (bare.trim_end(), true),
            None => (trimmed, false),
        };
        // A single comma without a point cannot part thousands of a share.
        let is_comma = decimal.is_none() && bare.matches(',').count() == 1 && !bare.contains('.');
        let decimal = if is_comma { Some(Decimal::Comma) } else { decimal };
        let plain = number::plain(bare, decimal).ok_or_else(not_a_rate)?;
        let unsigned = plain.strip_prefix('+').unwrap_or(&plain);
        let (is_negative, unsigned) = match unsigned.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, unsigned),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().map_err(|_| not_a_rate())?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) || exponent.abs() > 400 {
            return Err(not_a_rate());
        }
        let figure = Self {
            digits: digits.into_iter().skip_while(|digit| *digit == b'0').collect(),
            places: fraction.len() as i64 - exponent,
            has_sign,
        };
        if is_negative && !figure.is_zero() {
            return Err(format!("{} is below 0", shown(text)));
        }
        Ok(figure)
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.iter().all(|digit| *digit == b'0')
    }

    /// Whether the figure, taken as a share, is above 1.
    pub(super) fn is_above_one(&self) -> bool {
        match self.units(self.places) {
            Some((units, unit, _)) => units > unit,
            None => true,
        }
    }

    /// How many digits are kept of a number with so many places.
    fn kept(&self, places: i64) -> usize {
        let cut = usize::try_from(places - MOST_PLACES).unwrap_or(0);
        self.digits.len().saturating_sub(cut)
    }

    /// The number in units of its last place, how many of these make 1, and whether digits were cut off; nothing when it
    /// is far above 1.
    fn units(&self, places: i64) -> Option<(u128, u128, bool)> {
        let kept = &self.digits[..self.kept(places)];
        let before = i64::try_from(kept.len()).ok()? - places.min(MOST_PLACES);
        if before > MOST_DIGITS as i64 {
            return None;
        }
        let mut units: u128 = 0;
        for digit in kept {
            units = units.checked_mul(10)?.checked_add(u128::from(digit - b'0'))?;
        }
        for _ in places..0 {
            units = if units == 0 { 0 } else { units.checked_mul(10)? };
        }
        let unit = 10u128.checked_pow(u32::try_from(places.clamp(0, MOST_PLACES)).ok()?)?;
        Some((units, unit, places > MOST_PLACES))
    }

    /// The fewest and the most of `n` whose share this can be.
    pub(super) fn fitting(&self, is_percent: bool, digits: Digits, n: u64) -> Result<(u64, u64), Unfit> {
        let places = if is_percent { self.places + 2 } else { self.places };
        let above = || Unfit {
            message: "a share cannot be above 1, which is 100 %".to_owned(),
            help: "check the record, and that the column holds the rates".to_owned(),
        };
        let share = self
            .units(places)
            .filter(|(units, unit, _)| units <= unit)
            .ok_or_else(above)?;
        if let Some(found) = counts(share, digits, n) {
            return Ok(found);
        }
        let other = match digits {
            Digits::Rounded => Digits::Truncated,
            Digits::Truncated => Digits::Rounded,
        };
        let message = format!("no whole number of {n} has this share when {digits}");
        Err(match (counts(share, other, n), other) {
            (Some((fewest, most)), Digits::Truncated) => Unfit {
                message: format!("{message}; {} fits if the figures were cut off", either(fewest, most)),
                help: "say --digits truncated if they were, or correct the record".to_owned(),
            },
            (Some((fewest, most)), Digits::Rounded) => Unfit {
                message: format!("{message}; {} fits if the figures were rounded", either(fewest, most)),
                help: "leave out --digits truncated if they were, or correct the record".to_owned(),
            },
            (None, _) => Unfit {
                message,
                help: "check the size and the rate of the group: one of them must be of something else".to_owned(),
            },
        })
    }
}

fn either(fewest: u64, most: u64) -> String {
    if fewest == most {
        fewest.to_string()
    } else {
        format!("{fewest} to {most}")
    }
}

/// The whole numbers of `n` whose share has these digits, in whole numbers throughout.
fn counts((units, unit, is_cut): (u128, u128, bool), digits: Digits, n: u64) -> Option<(u64, u64)> {
    let all = u128::from(n);
    // Between so many half units, both included unless the upper is cut off.
    let (low, high, is_open) = match digits {
        // Where digits are noise, a unit either way covers what it can have done.
        _ if is_cut => ((2 * units).saturating_sub(2), 2 * units + 4, false),
        Digits::Rounded => ((2 * units).saturating_sub(1), 2 * units + 1, false),
        Digits::Truncated => (2 * units, 2 * units + 2, true),
    };
    // At most 2^64 times a little over 2e15: within 128 bits.
    let fewest = all.checked_mul(low)?.div_ceil(2 * unit);
    let most = all.checked_mul(high)?;
    let most = if is_open {
        most.div_ceil(2 * unit).checked_sub(1)?
    } else {
        most / (2 * unit)
    };
    let most = most.min(all);
    (fewest <= most).then_some((u64::try_from(fewest).ok()?, u64::try_from(most).ok()?))
}

#[cfg(test)]
#[path = "figure_tests.rs"]
mod tests;
