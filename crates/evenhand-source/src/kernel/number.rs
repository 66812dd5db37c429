//! This module reads numbers that people and programs wrote as text, and says what is wrong with the others.

use super::unusable::shown;

/// A text read as a number.
pub(crate) enum Number {
    /// A finite number.
    Finite(f64),
    /// "NaN", as programs write it.
    NotANumber,
}

/// The largest whole number up to which every whole number is an `f64`.
pub(crate) const WHOLE: u64 = 1 << 53;

/// Reads `text`, already trimmed.
pub(crate) fn parse(text: &str) -> Result<Number, String> {
    let value: f64 = text.parse().map_err(|_| format!("{} is not a number", shown(text)))?;
    match value {
        value if value.is_nan() => Ok(Number::NotANumber),
        value if value.is_infinite() => Err(format!("{} is not a finite number", shown(text))),
        // Adding zero turns -0.0 into 0.0.
        value => Ok(Number::Finite(value + 0.0)),
    }
}

/// Reads how many rows a record stands for.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text
            .parse()
            .map_err(|_| format!("the count {} is too large", shown(text)));
    }
    match parse(text)? {
        Number::Finite(value) => count_of(value),
        Number::NotANumber => Err("the count is not a number".to_owned()),
    }
}

/// A number as how many rows a record stands for.
pub(crate) fn count_of(value: f64) -> Result<u64, String> {
    if value.is_nan() {
        Err("the count is not a number".to_owned())
    } else if value < 0.0 {
        Err(format!("the count `{value}` is negative"))
    } else if value > WHOLE as f64 {
        Err(format!("the count `{value}` is too large"))
    } else if value.fract() != 0.0 {
        Err(format!("the count `{value}` is not a whole number"))
    } else {
        Ok(value as u64)
    }
}
