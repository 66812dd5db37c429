//! This module says which texts are numbers in JSON, and how they are written here.

/// Whether `text`, of digits, signs, points and letters e, is a number.
pub(super) fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (text, exponent) = text
        .split_once(['e', 'E'])
        .map_or((text, None), |(text, e)| (text, Some(e)));
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

/// A number as it is written everywhere here: whole ones with their digits, others with as few as tell them apart.
/// Nothing where it stays as it is.
pub(super) fn canonical(text: &str) -> Option<String> {
    if text == "-0" {
        return Some("0".to_owned());
    }
    if !text.contains(['.', 'e', 'E']) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    // Adding zero turns -0.0 into 0.0.
    value.is_finite().then(|| format!("{:?}", value + 0.0))
}
