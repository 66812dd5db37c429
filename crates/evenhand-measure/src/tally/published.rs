//! This module is what sets a tally of published rates apart: counts that a rounded figure leaves open, and attributes
//! that each have all people once more.

use std::collections::BTreeMap;

use super::{AT_LEAST, Axis, BELOW, Coding, Counts, Cube, Level, Mismatch};
use crate::policy::Digits;

/// How the digits of the published rates ended, if the cells come from such rates.
#[must_use]
pub fn published(cube: &Cube<Counts>) -> Option<Digits> {
    cube.dimensions().iter().find_map(|dimension| match dimension.coding {
        Coding::Share(digits) => Some(digits),
        _ => None,
    })
}

/// The attributes of published rates, where there are several. Each has the same people again, so that nothing may be
/// added up over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Margins {
    /// The place of each attribute among the dimensions, whether it is missing in the cells of the others, and its rows.
    attributes: Vec<(usize, bool, u64)>,
}

impl Margins {
    /// The margins of a tally of published rates; nothing for one attribute alone, and for any other tally.
    #[must_use]
    pub fn of(cube: &Cube<Counts>) -> Option<Self> {
        published(cube)?;
        let attributes = cube.positions(Axis::Protected).map(|position| {
            let levels = &cube.dimensions()[position].levels;
            // Missing sorts first.
            (position, levels.first() == Some(&Level::Missing), 0)
        });
        let mut margins = Self {
            attributes: attributes.collect(),
        };
        if margins.attributes.len() < 2 {
            return None;
        }
        for (key, counts) in cube.cells() {
            let position = margins.attribute(key);
            for (_, _, rows) in margins.attributes.iter_mut().filter(|(own, ..)| Some(*own) == position) {
                *rows = rows.saturating_add(counts.n);
            }
        }
        Some(margins)
    }

    /// The place of the attribute that a cell belongs to: the first that is not missing.
    #[must_use]
    pub fn attribute(&self, key: &[u32]) -> Option<usize> {
        let is_here = |&&(position, may_miss, _): &&(usize, bool, u64)| !(may_miss && key[position] == 0);
        self.attributes.iter().find(is_here).map(|(position, ..)| *position)
    }

    /// The place of the attribute with most rows, the first of equals, and its rows: those of everybody.
    #[must_use]
    pub fn largest(&self) -> (usize, u64) {
        let sizes = self.attributes.iter().map(|&(position, _, rows)| (position, rows));
        sizes.fold((usize::MAX, 0), |kept, next| {
            if kept.0 == usize::MAX || next.1 > kept.1 {
                next
            } else {
                kept
            }
        })
    }

    /// The place of each attribute and its rows.
    pub fn sizes(&self) -> impl Iterator<Item = (usize, u64)> {
        self.attributes.iter().map(|&(position, _, rows)| (position, rows))
    }
}

/// Checks what a file may have got wrong about published rates.
pub(super) fn check(cube: &Cube<Counts>, is_counted: bool) -> Result<(), Mismatch> {
    let wrong = |what: &str| Err(Mismatch(format!("the tally contradicts itself: {what}")));
    if published(cube).is_none() {
        return match cube.cells().any(|(_, counts)| counts.between.is_some()) {
            true => wrong("counts are left open, and no column holds published rates"),
            false => Ok(()),
        };
    }
    let fits = |role, coding: &Coding| match role {
        Axis::Protected => *coding == Coding::AsWritten,
        Axis::Prediction => matches!(coding, Coding::Share(_)),
        _ => false,
    };
    if !is_counted || !cube.dimensions().iter().all(|d| fits(d.role, &d.coding)) {
        return wrong("published rates have groups and their sizes, and nothing else");
    }
    let attributes: Vec<usize> = cube.positions(Axis::Protected).collect();
    let Some(decision) = cube
        .positions(Axis::Prediction)
        .next()
        .filter(|_| !attributes.is_empty())
    else {
        return wrong("published rates without groups");
    };
    let level = |key: &[u32], position: usize| &cube.dimensions()[position].levels[key[position] as usize];
    // By group: the selected and the others.
    let mut groups: BTreeMap<Vec<u32>, [Counts; 2]> = BTreeMap::new();
    for (key, counts) in cube.cells() {
        let here = attributes
            .iter()
            .filter(|&&position| *level(key, position) != Level::Missing);
        if attributes.len() > 1 && here.count() != 1 {
            return wrong("a group of published rates belongs to one attribute");
        }
        let side = match level(key, decision).text() {
            Some(AT_LEAST) => 0,
            Some(BELOW) => 1,
            None if counts.between.is_none() => continue,
            _ => return wrong("published rates say how many were selected and how many were not"),
        };
        if counts.weights.is_some() || counts.between.as_ref().is_some_and(|b| b[0] >= b[1]) {
            return wrong("counts that are left open lie between a lower and a higher one");
        }
        let group = attributes.iter().map(|&position| key[position]).collect();
        groups.entry(group).or_default()[side] = counts.clone();
    }
    for [selected, others] in groups.values() {
        let ([fewest, most], [fewest_others, most_others]) = (selected.span(), others.span());
        let all = [(selected.n, others.n), (fewest, most_others), (most, fewest_others)];
        let [rows, lowest, highest] = all.map(|(a, b)| u128::from(a) + u128::from(b));
        let is_between = (fewest..=most).contains(&selected.n);
        if !is_between || rows != lowest || rows != highest {
            return wrong("the counts that are left open do not add up to their group");
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "published_tests.rs"]
mod tests;
