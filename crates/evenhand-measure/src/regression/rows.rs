//! This module is what a regression sees of a tally: the rows by group, words and bucket, with centred sums.

use std::collections::BTreeMap;

use crate::exact_sum::ExactSum;
use crate::tally::{Axis, Controls, Cube, Level, Products};

/// The rows of a [`Controls`] tally by the groups of some protected attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The protected attributes, in the order of [`Self::groups`].
    pub by: Vec<String>,
    /// The groups that occur, each a level per attribute, in the order of levels.
    pub groups: Vec<Vec<Level>>,
    /// Complete rows by group.
    pub sizes: Vec<u64>,
    /// Controls that are numbers.
    pub numeric: Vec<String>,
    /// Controls that are words, with the levels that complete rows have.
    pub words: Vec<(String, Vec<Level>)>,
    /// Complete rows.
    pub n: u64,
    /// Rows that lack the amount (or its logarithm) or one of the controls; they are left out.
    pub incomplete: u64,
    /// Whether rows of the same unit are known to be of the same unit.
    pub has_buckets: bool,
    /// What numbers are measured from, and in which unit: the amount, then each number.
    pub(super) origin: Vec<Origin>,
    pub(super) cells: Vec<Cell>,
}

/// A number is read as `(value - centre) / unit`; the unit is a power of two, so only the difference is rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Origin {
    pub(super) centre: f64,
    pub(super) unit: f64,
}

impl Origin {
    pub(super) fn of(self, value: f64) -> f64 {
        (value - self.centre) / self.unit
    }
}

/// Complete rows of one group that share all words, and a bucket.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) group: usize,
    /// The index of the level of each control that is a word.
    pub(super) words: Vec<usize>,
    pub(super) bucket: Option<u32>,
    /// The sums of `v[i] * v[j]`, with `v = (y, z1, …, 1)`, all measured from the origin.
    pub(super) sums: Vec<Vec<f64>>,
}

impl Rows {
    /// The rows by the groups of these protected attributes; `None` when the tally does not have one of them.
    #[must_use]
    pub fn of(controls: &Controls, by: &[&str]) -> Option<Self> {
        let mut keep: Vec<usize> = by
            .iter()
            .map(|column| controls.cells.position(Axis::Protected, column))
            .collect::<Option<_>>()?;
        keep.extend(controls.cells.positions(Axis::Control));
        keep.extend(controls.cells.positions(Axis::Bucket));
        let cube = controls.cells.margin(&keep);
        // A margin sorts its dimensions again.
        let groups: Vec<usize> = by
            .iter()
            .map(|column| cube.position(Axis::Protected, column))
            .collect::<Option<_>>()?;
        let words: Vec<usize> = cube.positions(Axis::Control).collect();
        let bucket = cube.positions(Axis::Bucket).next();
        let width = controls.numeric.len() + 2;

        let mut total = Products::default();
        let mut incomplete = 0u64;
        let mut known: BTreeMap<Vec<Level>, u64> = BTreeMap::new();
        let mut complete: Vec<(&[u32], &Products)> = Vec::new();
        for (key, products) in cube.cells() {
            let lacks_word = words.iter().any(|&d| level(&cube, key, d) == &Level::Missing);
            let lost = if lacks_word { products.n } else { 0 };
            incomplete = incomplete.saturating_add(products.incomplete).saturating_add(lost);
            if lacks_word || products.n == 0 {
                continue;
            }
            crate::tally::Cell::absorb(&mut total, products);
            let group = groups.iter().map(|&d| level(&cube, key, d).clone()).collect();
            *known.entry(group).or_default() += products.n;
            complete.push((key, products));
        }
        let origin = origins(&total, width);
        let used = |d: usize| -> Vec<Level> {
            let mut codes: Vec<u32> = complete.iter().map(|(key, _)| key[d]).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
                .iter()
                .map(|&code| cube.dimensions()[d].levels[code as usize].clone())
                .collect()
        };
        let word_levels: Vec<(String, Vec<Level>)> = words
            .iter()
            .map(|&d| (cube.dimensions()[d].column.clone(), used(d)))
            .collect();
        let group_keys: Vec<Vec<Level>> = known.keys().cloned().collect();
        let cells = complete
            .iter()
            .map(|(key, products)| {
                let group: Vec<Level> = groups.iter().map(|&d| level(&cube, key, d).clone()).collect();
                let place = |levels: &[Level], level: &Level| levels.binary_search(level).unwrap_or_default();
                Cell {
                    group: group_keys.binary_search(&group).unwrap_or_default(),
                    words: words
                        .iter()
                        .zip(&word_levels)
                        .map(|(&d, (_, levels))| place(levels, level(&cube, key, d)))
                        .collect(),
                    bucket: bucket.map(|d| key[d]),
                    sums: centred(products, &origin),
                }
            })
            .collect();
        Some(Self {
            by: by.iter().map(|column| (*column).to_owned()).collect(),
            groups: group_keys,
            sizes: known.into_values().collect(),
            numeric: controls.numeric.clone(),
            words: word_levels,
            n: total.n,
            incomplete,
            has_buckets: bucket.is_some(),
            origin,
            cells,
        })
    }

    /// The index of a group.
    #[must_use]
    pub fn group(&self, levels: &[Level]) -> Option<usize> {
        self.groups.binary_search_by(|group| group.as_slice().cmp(levels)).ok()
    }

    /// The names of all controls: numbers first, then words.
    pub fn controls(&self) -> impl Iterator<Item = &str> {
        let words = self.words.iter().map(|(column, _)| column.as_str());
        self.numeric.iter().map(String::as_str).chain(words)
    }

    /// The mean of what is explained, in a group; of a group that [`Self::groups`] has.
    #[must_use]
    pub fn mean(&self, group: usize) -> Option<f64> {
        let (sum, n) = self
            .cells
            .iter()
            .filter(|cell| cell.group == group)
            .fold((0.0, 0.0), |(sum, n), cell| {
                (sum + cell.sums[0][self.last()], n + cell.n())
            });
        let Origin { centre, unit } = self.origin[0];
        (n > 0.0).then(|| centre + unit * sum / n)
    }

    /// The standard error of [`Self::mean`], by the rows, or by their units where rows belong together.
    #[must_use]
    pub fn error_of_mean(&self, group: usize) -> Option<f64> {
        let last = self.last();
        let of_group = || self.cells.iter().filter(|cell| cell.group == group);
        let n: f64 = of_group().map(Cell::n).sum();
        let sum: f64 = of_group().map(|cell| cell.sums[0][last]).sum();
        let mean = sum / n;
        let (squares, units) = if self.has_buckets {
            let mut units: BTreeMap<Option<u32>, f64> = BTreeMap::new();
            for cell in of_group() {
                *units.entry(cell.bucket).or_default() += cell.sums[0][last] - cell.n() * mean;
            }
            (units.values().map(|rest| rest * rest).sum::<f64>(), units.len() as f64)
        } else {
            let squares: f64 = of_group().map(|cell| cell.sums[0][0]).sum();
            ((squares - n * mean * mean).max(0.0), n)
        };
        let variance = squares / (n * n) * units / (units - 1.0);
        (n > 0.0 && units > 1.0).then(|| self.origin[0].unit * variance.sqrt())
    }

    /// The mean of the amounts (or logarithms) of one group less that of another, before any control.
    #[must_use]
    pub fn raw_gap(&self, group: usize, reference: usize) -> Option<f64> {
        Some(self.mean(group)? - self.mean(reference)?)
    }

    /// In how many buckets a group has rows.
    #[must_use]
    pub fn buckets(&self, group: usize) -> usize {
        let of_group = self.cells.iter().filter(|cell| cell.group == group);
        let buckets: std::collections::BTreeSet<u32> = of_group.filter_map(|cell| cell.bucket).collect();
        buckets.len()
    }

    /// The place of the constant in `v`.
    pub(super) fn last(&self) -> usize {
        self.numeric.len() + 1
    }
}

impl Cell {
    pub(super) fn n(&self) -> f64 {
        self.sums.last().and_then(|row| row.last()).copied().unwrap_or_default()
    }
}

fn level<'a>(cube: &'a Cube<Products>, key: &[u32], dimension: usize) -> &'a Level {
    &cube.dimensions()[dimension].levels[key[dimension] as usize]
}

/// The upper triangle's place of `v[i] * v[j]`, for `i <= j`, among `width` values.
pub(super) fn place(width: usize, i: usize, j: usize) -> usize {
    i * width - i * (i + 1) / 2 + j
}

/// The mean of each number, and the power of two next to its standard deviation.
fn origins(total: &Products, width: usize) -> Vec<Origin> {
    let n = total.n as f64;
    let exact = |i: usize, j: usize| total.sums.get(place(width, i, j));
    (0..width - 1)
        .map(|i| {
            let mean = exact(i, width - 1).map_or(0.0, ExactSum::value) / n;
            let centre = if mean.is_finite() { mean } else { 0.0 };
            let around = Origin { centre, unit: 1.0 };
            let spread = (moment(total, width, [(i, around), (i, around)]) / n).sqrt();
            let unit = if spread > 0.0 {
                spread.log2().round().exp2()
            } else {
                1.0
            };
            Origin { centre, unit }
        })
        .collect()
}

/// The sums of products of a cell, all measured from the origin.
fn centred(products: &Products, origin: &[Origin]) -> Vec<Vec<f64>> {
    let width = origin.len() + 1;
    let one = Origin { centre: 0.0, unit: 1.0 };
    let of = |i: usize| (i, origin.get(i).copied().unwrap_or(one));
    let row = |i: usize| (0..width).map(|j| moment(products, width, [of(i), of(j)])).collect();
    (0..width).map(row).collect()
}

/// The sum of `(v[i] - a) (v[j] - b)`, exact until it is rounded, over both units.
fn moment(products: &Products, width: usize, [(i, a), (j, b)]: [(usize, Origin); 2]) -> f64 {
    let last = width - 1;
    let mut sum = ExactSum::default();
    let mut add = |i: usize, j: usize, factor: f64| {
        let (i, j) = (i.min(j), i.max(j));
        if i == last {
            sum.add_product((products.n >> 32 << 32) as f64, factor);
            sum.add_product((products.n & 0xffff_ffff) as f64, factor);
        } else if let Some(exact) = products.sums.get(place(width, i, j)) {
            for part in exact.canonical() {
                sum.add_product(part, factor);
            }
        }
    };
    add(i, j, 1.0);
    // The constant is not moved.
    if i != last {
        add(last, j, -a.centre);
    }
    if j != last {
        add(i, last, -b.centre);
    }
    if i != last && j != last {
        let product = a.centre * b.centre;
        add(last, last, product);
        add(last, last, a.centre.mul_add(b.centre, -product));
    }
    sum.value() / (a.unit * b.unit)
}
