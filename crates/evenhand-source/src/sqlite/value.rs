//! This module is what the values of a database mean. SQLite has five kinds of them, in any column.

use evenhand_measure::thousands;
use rusqlite::types::ValueRef;

use crate::kernel::{Coded, Coder, Unusable};
use crate::plan::Texts;

/// Codes a value as its text in a CSV file would be.
pub(super) fn coded(coder: &mut Coder, value: ValueRef<'_>, texts: &Texts) -> Result<Coded, Unusable> {
    match value {
        ValueRef::Null => coder.absent(),
        ValueRef::Text(bytes) if std::str::from_utf8(bytes).is_ok() => coder.text(bytes),
        ValueRef::Integer(number) => match mapped(coder, texts, || number.to_string()) {
            Some(text) => coder.text(text.as_bytes()),
            None => coder.int(number),
        },
        ValueRef::Real(number) => match mapped(coder, texts, || real(number)) {
            Some(text) => coder.amount(text.as_bytes()),
            None => coder.float(number),
        },
        ValueRef::Text(_) | ValueRef::Blob(_) => Err(no_text(coder.column(), value)),
    }
}

/// The text of a number that stands for another value.
fn mapped(coder: &Coder, texts: &Texts, text: impl FnOnce() -> String) -> Option<String> {
    let map = texts.map.get(coder.column())?;
    Some(text()).filter(|text| map.contains_key(text))
}

/// The text of a value; missing ones have none.
pub(super) fn text(column: &str, value: ValueRef<'_>) -> Result<Option<String>, Unusable> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(number) => Ok(Some(number.to_string())),
        ValueRef::Real(number) => Ok(Some(real(number))),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err(no_text(column, value)),
        },
        ValueRef::Blob(_) => Err(no_text(column, value)),
    }
}

/// The same for people to look at: a column of pictures is no problem as long as nobody counts them.
pub(super) fn glimpse(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Blob(_) => Some("(binary data)".to_owned()),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        other => text("", other).unwrap_or_default(),
    }
}

fn real(number: f64) -> String {
    // Adding zero turns -0.0 into 0.0.
    format!("{:?}", number + 0.0)
}

fn no_text(column: &str, value: ValueRef<'_>) -> Unusable {
    match value {
        ValueRef::Blob(bytes) => Unusable::new(
            column,
            format!(
                "{} bytes of binary data (a BLOB) are no value to compare",
                thousands(bytes.len() as u64)
            ),
            format!("name another column, or turn it into text, as with `--query \"SELECT CAST({column} AS TEXT) …\"`"),
        ),
        _ => Unusable::new(
            column,
            "a text that is not UTF-8, as the database says its texts are",
            "write the column again with the program that it comes from",
        ),
    }
}
