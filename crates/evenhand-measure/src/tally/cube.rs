//! This module is the sorted table behind every tally: cells keyed by one level per dimension.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::level::{Axis, Coding, Dimension, Level, written};

/// What a cell holds: something that adds up, in any order, to the same bytes.
pub trait Cell: Clone + Default + PartialEq {
    /// Adds the contents of another cell.
    fn absorb(&mut self, other: &Self);
    /// Whether the cell holds nothing, so that it can be left out.
    fn is_empty(&self) -> bool;
}

/// Sorted cells over sorted dimensions: equal contents give equal bytes.
///
/// Dimensions are sorted by role and column, levels by [`Level`]'s order, cells by key; a level that no cell
/// uses is not kept. So a cube does not remember the order in which its rows came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cube<V> {
    dimensions: Vec<Dimension>,
    cells: Vec<(Box<[u32]>, V)>,
}

/// Why two cubes cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch(pub String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

impl<V: Cell> Cube<V> {
    /// Builds the canonical cube of `cells`, whose keys index into the levels of `dimensions`, in any order.
    ///
    /// # Errors
    /// When a key has another length than `dimensions`, an index beyond its levels, or two dimensions are the same.
    pub fn new(dimensions: Vec<Dimension>, cells: impl IntoIterator<Item = (Vec<u32>, V)>) -> Result<Self, Mismatch> {
        let mut merged: BTreeMap<Vec<u32>, V> = BTreeMap::new();
        for (key, value) in cells {
            let fits = key.len() == dimensions.len()
                && key
                    .iter()
                    .zip(&dimensions)
                    .all(|(&code, d)| (code as usize) < d.levels.len());
            if !fits {
                return Err(Mismatch(format!(
                    "a cell's key {key:?} does not fit the tally's dimensions"
                )));
            }
            merged.entry(key).or_default().absorb(&value);
        }
        merged.retain(|_, value| !value.is_empty());

        let mut order: Vec<usize> = (0..dimensions.len()).collect();
        order.sort_by(|&a, &b| identity(&dimensions[a]).cmp(&identity(&dimensions[b])));
        if let Some(twin) = order
            .windows(2)
            .find(|pair| identity(&dimensions[pair[0]]) == identity(&dimensions[pair[1]]))
        {
            let column = &dimensions[twin[0]].column;
            return Err(Mismatch(format!("column `{column}` plays the same role twice")));
        }

        let (sorted, renumber): (Vec<Dimension>, Vec<Vec<u32>>) = order
            .iter()
            .map(|&d| used_levels(&dimensions[d], merged.keys().map(|key| key[d])))
            .unzip();
        // Levels that are the same text under two codes fall together here, so merge once more.
        let mut canonical: BTreeMap<Box<[u32]>, V> = BTreeMap::new();
        for (key, value) in &merged {
            let key = order
                .iter()
                .zip(&renumber)
                .map(|(&d, codes)| codes[key[d] as usize])
                .collect();
            canonical.entry(key).or_default().absorb(value);
        }
        Ok(Self {
            dimensions: sorted,
            cells: canonical.into_iter().collect(),
        })
    }

    /// The dimensions, sorted by role and column.
    #[must_use]
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The cells, sorted by key; each key has one level index per dimension.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = (&[u32], &V)> {
        self.cells.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// The position of the dimension with this role and column.
    #[must_use]
    pub fn position(&self, role: Axis, column: &str) -> Option<usize> {
        self.dimensions
            .iter()
            .position(|d| d.role == role && d.column == column)
    }

    /// The positions of all dimensions in this role.
    pub fn positions(&self, role: Axis) -> impl Iterator<Item = usize> {
        self.dimensions
            .iter()
            .enumerate()
            .filter(move |(_, d)| d.role == role)
            .map(|(index, _)| index)
    }

    /// Adds the cells of `other`, which must have the same dimensions (its levels may differ).
    ///
    /// # Errors
    /// When roles, columns or codings differ; the message names both sides.
    pub fn merge(&self, other: &Self) -> Result<Self, Mismatch> {
        if self.dimensions.len() != other.dimensions.len()
            || self
                .dimensions
                .iter()
                .zip(&other.dimensions)
                .any(|(a, b)| identity(a) != identity(b))
        {
            return Err(Mismatch(format!(
                "the tallies have different columns: {} against {}",
                names(&self.dimensions),
                names(&other.dimensions)
            )));
        }
        if let Some((a, b)) = self
            .dimensions
            .iter()
            .zip(&other.dimensions)
            .find(|(a, b)| a.coding != b.coding)
        {
            return Err(unlike(a, b));
        }
        let mut joined = self.dimensions.clone();
        for (dimension, more) in joined.iter_mut().zip(&other.dimensions) {
            dimension.levels.extend(more.levels.iter().cloned());
        }
        let offsets: Vec<u32> = self.dimensions.iter().map(|d| d.levels.len() as u32).collect();
        let own = self.cells.iter().map(|(key, value)| (key.to_vec(), value.clone()));
        let others = other.cells.iter().map(|(key, value)| {
            (
                key.iter().zip(&offsets).map(|(code, offset)| code + offset).collect(),
                value.clone(),
            )
        });
        Self::new(joined, own.chain(others))
    }

    /// The cube over only the dimensions at `keep`; the others are summed out.
    ///
    /// # Panics
    /// When `keep` names a dimension twice, or one that there is not.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the keys of a part of the dimensions fit that part")]
    pub fn margin(&self, keep: &[usize]) -> Self {
        let dimensions: Vec<Dimension> = keep.iter().map(|&d| self.dimensions[d].clone()).collect();
        let cells = self
            .cells
            .iter()
            .map(|(key, value)| (keep.iter().map(|&d| key[d]).collect::<Vec<u32>>(), value.clone()));
        Self::new(dimensions, cells).expect("keys of a part of the dimensions fit that part")
    }

    /// The cells whose level at `dimension` is `level`, without that dimension.
    ///
    /// # Panics
    /// When there is no such dimension.
    #[must_use]
    #[expect(clippy::expect_used, reason = "keys without one dimension fit the others")]
    pub fn slice(&self, dimension: usize, level: &Level) -> Self {
        let wanted = self.dimensions[dimension].levels.iter().position(|l| l == level);
        let mut dimensions = self.dimensions.clone();
        dimensions.remove(dimension);
        let cells = self
            .cells
            .iter()
            .filter(|(key, _)| Some(key[dimension] as usize) == wanted)
            .map(|(key, value)| {
                let mut key = key.to_vec();
                key.remove(dimension);
                (key, value.clone())
            });
        Self::new(dimensions, cells).expect("keys without one dimension fit the others")
    }

    /// Everything in one cell.
    #[must_use]
    pub fn total(&self) -> V {
        let mut total = V::default();
        for (_, value) in &self.cells {
            total.absorb(value);
        }
        total
    }

    /// The same cells, each changed.
    #[must_use]
    pub(crate) fn mapped(&self, mut change: impl FnMut(&mut V)) -> Self {
        let mut mapped = self.clone();
        mapped.cells.iter_mut().for_each(|(_, value)| change(value));
        mapped
    }

    /// Checks what a file may have got wrong, and returns the canonical form.
    pub(super) fn checked(self) -> Result<Self, Mismatch> {
        Self::new(
            self.dimensions,
            self.cells.into_iter().map(|(key, value)| (key.into_vec(), value)),
        )
    }
}

fn unlike(a: &Dimension, b: &Dimension) -> Mismatch {
    let column = &a.column;
    Mismatch(match (&a.coding, &b.coding) {
        (Coding::AboveMedian(one), Coding::AboveMedian(other)) => format!(
            "column `{column}` was compared with its median in each part, {} against {}, and from these the median of \
             the whole does not follow",
            written(*one),
            written(*other)
        ),
        (one, other) => match (one.rule(), other.rule()) {
            (Some(one), Some(other)) => format!("column `{column}` was read in two ways: {one} against {other}"),
            _ => format!("column `{column}` was read in two ways: {one:?} against {other:?}"),
        },
    })
}

fn identity(dimension: &Dimension) -> (Axis, &str) {
    (dimension.role, &dimension.column)
}

fn names(dimensions: &[Dimension]) -> String {
    let names: Vec<String> = dimensions.iter().map(|d| format!("`{}`", d.column)).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// The dimension with its used levels sorted and without repeats, and the new index of each old one.
fn used_levels(dimension: &Dimension, codes: impl Iterator<Item = u32>) -> (Dimension, Vec<u32>) {
    let mut used = vec![false; dimension.levels.len()];
    for code in codes {
        used[code as usize] = true;
    }
    let mut levels: Vec<Level> = dimension
        .levels
        .iter()
        .zip(&used)
        .filter(|(_, used)| **used)
        .map(|(level, _)| level.clone())
        .collect();
    levels.sort();
    levels.dedup();
    let renumber = dimension
        .levels
        .iter()
        .map(|level| levels.binary_search(level).map_or(u32::MAX, |index| index as u32))
        .collect();
    (
        Dimension {
            levels,
            ..dimension.clone()
        },
        renumber,
    )
}
