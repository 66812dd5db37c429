//! This module is how a numeric column becomes groups.

use std::fmt;

use serde::Serialize;

/// The groups of a numeric column.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Bins {
    /// Rising edges between them.
    Edges(Vec<f64>),
    /// As many rows in each as equal values allow, by the name for so many groups.
    Quantiles(Quantiles),
}

/// So many groups of equal size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantiles {
    /// Two.
    Halves,
    /// Three.
    Terciles,
    /// Four.
    Quartiles,
    /// Five.
    Quintiles,
    /// Ten.
    Deciles,
}

impl Quantiles {
    const ALL: [(Self, &'static str, usize); 5] = [
        (Self::Halves, "halves", 2),
        (Self::Terciles, "terciles", 3),
        (Self::Quartiles, "quartiles", 4),
        (Self::Quintiles, "quintiles", 5),
        (Self::Deciles, "deciles", 10),
    ];

    /// The words for them.
    pub const WORDS: [&'static str; 5] = ["halves", "terciles", "quartiles", "quintiles", "deciles"];

    /// The quantiles of this name.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|(_, name, _)| *name == word);
        found.map(|(quantiles, ..)| quantiles)
    }

    /// How many groups they make.
    #[must_use]
    pub fn groups(self) -> usize {
        let found = Self::ALL.into_iter().find(|(quantiles, ..)| *quantiles == self);
        found.map_or(1, |(.., groups)| groups)
    }
}

impl fmt::Display for Quantiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Self::ALL.into_iter().find(|(quantiles, ..)| quantiles == self);
        f.write_str(found.map_or("", |(_, name, _)| name))
    }
}

impl From<Vec<f64>> for Bins {
    fn from(edges: Vec<f64>) -> Self {
        Self::Edges(edges)
    }
}
