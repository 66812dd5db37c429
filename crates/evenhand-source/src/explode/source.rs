//! This module finds the columns that hold lists by the names that people give.

use evenhand_measure::catalogue::closest;
use evenhand_measure::{Problem, listed};

use super::wide;

/// Where the lists are.
#[derive(Debug)]
pub(super) enum Lists {
    /// In cells, one list each. The first holds the items.
    Cells(Vec<Source>),
    /// In one column per place, whose ranks are these; for each list its columns and its name afterwards.
    Wide {
        ranks: Vec<u64>,
        columns: Vec<Vec<usize>>,
        patterns: Vec<String>,
        names: Vec<String>,
    },
}

/// A column with a list in each cell.
#[derive(Debug)]
pub(super) struct Source {
    /// As it was named.
    pub(super) name: String,
    pub(super) column: usize,
    /// The field of the list's entries, where these are objects.
    pub(super) field: Option<String>,
}

impl Lists {
    /// What `named` means in a table with these columns.
    pub(super) fn of(named: &[String], columns: &[String], name: &str) -> Result<Self, Problem> {
        if let Some(twice) = named
            .iter()
            .enumerate()
            .find(|(place, one)| named[..*place].contains(one))
        {
            return Err(Problem::usage(
                format!("`{}` is given twice in `--explode`", twice.1),
                "name each column once",
            ));
        }
        let is_pattern = |one: &&String| one.contains('*') && !columns.contains(one);
        let patterns = named.iter().filter(is_pattern).count();
        if patterns == named.len() {
            return wide::lists(named, columns, name);
        }
        if patterns > 0 {
            return Err(Problem::usage(
                format!(
                    "{} are partly lists in cells and partly one column per place",
                    listed(named, 6)
                ),
                "take one kind apart in `--explode`",
            ));
        }
        let sources = named.iter().map(|one| source(one, columns, name));
        Ok(Self::Cells(sources.collect::<Result<_, _>>()?))
    }

    /// Whether a column is part of a list.
    pub(super) fn holds(&self, column: usize) -> bool {
        match self {
            Self::Cells(sources) => sources.iter().any(|source| source.column == column),
            Self::Wide { columns, .. } => columns.iter().any(|columns| columns.contains(&column)),
        }
    }

    /// The names of the lists besides the items.
    pub(super) fn further(&self) -> Vec<&str> {
        match self {
            Self::Cells(sources) => sources.iter().skip(1).map(|source| source.name.as_str()).collect(),
            Self::Wide { names, .. } => names.iter().skip(1).map(String::as_str).collect(),
        }
    }

    /// The columns that hold this list.
    pub(super) fn columns_of(&self, list: usize) -> &[usize] {
        match self {
            Self::Cells(sources) => sources
                .get(list)
                .map_or(&[], |source| std::slice::from_ref(&source.column)),
            Self::Wide { columns, .. } => columns.get(list).map_or(&[], Vec::as_slice),
        }
    }

    /// How they were named.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Cells(sources) => sources.iter().map(|source| source.name.as_str()).collect(),
            Self::Wide { patterns, .. } => patterns.iter().map(String::as_str).collect(),
        }
    }

    /// The rank of the entry at this position.
    pub(super) fn rank(&self, position: usize) -> u64 {
        match self {
            Self::Cells(_) => position as u64 + 1,
            Self::Wide { ranks, .. } => ranks.get(position).copied().unwrap_or(0),
        }
    }
}

fn source(named: &str, columns: &[String], name: &str) -> Result<Source, Problem> {
    let found: Vec<usize> = (0..columns.len()).filter(|column| columns[*column] == named).collect();
    if let [column] = found.as_slice() {
        return Ok(Source {
            name: named.to_owned(),
            column: *column,
            field: None,
        });
    }
    if !found.is_empty() {
        return Err(Problem::usage(
            format!("{name} has {} columns `{named}`", found.len()),
            "rename all but one of them in the file",
        ));
    }
    // The longest name of a column that the name of a field may follow.
    let dots = named.match_indices('.').rev();
    let within = dots.filter_map(|(dot, _)| {
        let column = columns.iter().position(|column| *column == named[..dot])?;
        Some(Source {
            name: named.to_owned(),
            column,
            field: Some(named[dot + 1..].to_owned()).filter(|field| !field.is_empty()),
        })
    });
    within.into_iter().next().ok_or_else(|| no_column(named, columns, name))
}

/// The problem of a column that is not there.
pub(crate) fn no_column(named: &str, columns: &[String], name: &str) -> Problem {
    let near = closest(named, columns.iter().map(String::as_str));
    let help = match near.as_slice() {
        [] => format!("it has {}", listed(columns, 8)),
        near => format!("did you mean {}?", listed(near, 3)),
    };
    Problem::usage(format!("{name} has no column `{named}`"), help)
}
