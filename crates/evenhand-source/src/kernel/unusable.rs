//! This module is how the kernel says that a value cannot be used: the column, what is wrong, what to do.

use std::fmt;

use evenhand_measure::Problem;

/// Why a value, or a column as a whole, cannot be used.
///
/// It does not know where in the file it was found: the reader does, and adds it with [`Unusable::at`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable(Box<Detail>);

// Boxed, because a result of this type is returned for every single value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Detail {
    column: String,
    reason: String,
    help: String,
}

impl Unusable {
    /// Column `column` cannot be used because of `reason`; `help` is one thing to do.
    #[must_use]
    pub fn new(column: &str, reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self(Box::new(Detail {
            column: column.to_owned(),
            reason: reason.into(),
            help: help.into(),
        }))
    }

    /// The data problem, with the place where it was found, such as "`hires.csv`, line 17".
    #[must_use]
    pub fn at(&self, place: &str) -> Problem {
        Problem::data(format!("{place}, {self}"), self.0.help.clone())
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column `{}`: {}", self.0.column, self.0.reason)
    }
}

impl std::error::Error for Unusable {}

/// A value as it can be shown in a message: short, and without control characters.
pub(crate) fn shown(value: &str) -> String {
    const MOST: usize = 40;
    let mut text: String = value
        .chars()
        .take(MOST)
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect();
    if value.chars().nth(MOST).is_some() {
        text.push('…');
    }
    format!("`{text}`")
}
