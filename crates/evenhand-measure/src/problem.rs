//! This module is how the project says what is wrong: what was found, where, and one thing to do.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a problem, which decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// What was asked cannot be: an unknown flag, column or key, an impossible threshold. Exit status 2.
    Usage,
    /// The input cannot be used: unreadable, empty, unparsable. Exit status 3.
    Data,
}

/// Something that keeps an audit from running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whose it is to mend.
    pub fault: Fault,
    /// What was found and what was expected, with file, column and row; lower case, no full stop.
    pub message: String,
    /// One thing to do.
    pub help: String,
}

impl Problem {
    /// A problem with what was asked.
    #[must_use]
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            fault: Fault::Usage,
            message: message.into(),
            help: help.into(),
        }
    }

    /// A problem with the input.
    #[must_use]
    pub fn data(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            fault: Fault::Data,
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (help: {})", self.message, self.help)
    }
}

impl std::error::Error for Problem {}

/// Names in backticks, joined by commas; at most `most` of them.
#[must_use]
pub fn listed<S: AsRef<str>>(names: &[S], most: usize) -> String {
    let mut shown: Vec<String> = names
        .iter()
        .take(most)
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    if names.len() > most {
        shown.push(format!("and {} more", names.len() - most));
    }
    shown.join(", ")
}

/// A whole number with commas between thousands: `1,234,567`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
