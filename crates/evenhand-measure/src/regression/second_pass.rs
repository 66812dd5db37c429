//! This module is the second pass over the rows that HC3 needs: how far each is from what the equation gives it.

use super::cholesky::dot;
use super::equation::{Equation, Layout};
use super::rows::{Origin, Rows, place};
use crate::exact_sum::ExactSum;
use crate::long_sum::LongSum;
use crate::tally::{Axis, Controls, Cube, Level, Products, Robust};

/// A row whose leverage leaves less than this of it is one that the equation gives exactly.
const ALONE: f64 = 1e-9;

/// The second pass for some sets of protected attributes.
///
/// Give the rows to the [`Group`] that has their groups and words, in any order and spread over any threads; every
/// row's share is rounded by itself and added exactly, so the result is the same to the byte. What groups add up to is
/// kept in a cube like that of the first pass, which threads and files merge in the same way.
#[derive(Clone, Debug, PartialEq)]
pub struct SecondPass {
    sets: Vec<Set>,
    origin: Vec<Origin>,
}

#[derive(Clone, Debug, PartialEq)]
struct Set {
    rows: Rows,
    kept: Vec<usize>,
    terms: Vec<super::Term>,
    names: Vec<String>,
    scaled: Vec<f64>,
    inverse: Vec<Vec<f64>>,
}

/// The rows that share all groups and words.
#[derive(Clone, Debug)]
pub struct Group {
    origin: Vec<Origin>,
    /// Rows measured from the origin: `(1, z1, …)`.
    row: Vec<f64>,
    /// By set of protected attributes; `None` where these rows are in no equation.
    shares: Vec<Option<Share>>,
}

/// What the rows of a group add to one equation.
#[derive(Clone, Debug)]
struct Share {
    /// The columns that are not 0, each with its place in `(1, z1, …)`.
    active: Vec<(usize, usize)>,
    /// What the equation gives, by place in `(1, z1, …)`.
    fitted: Vec<f64>,
    /// The leverage is a quadratic form of `(1, z1, …)`.
    leverage: Vec<Vec<f64>>,
    /// How much a row moves each coefficient, by column kept and place.
    pull: Vec<Vec<f64>>,
    /// The upper triangle over `(1, z1, …)`.
    meat: Vec<LongSum>,
    /// By column kept.
    alone: Vec<u64>,
}

impl SecondPass {
    /// The pass for the equations of these sets of protected attributes; sets without an equation are left out.
    #[must_use]
    pub fn of(controls: &Controls, sets: &[Vec<String>]) -> Self {
        let mut origin = Vec::new();
        let mut known = Vec::new();
        for by in sets {
            let by: Vec<&str> = by.iter().map(String::as_str).collect();
            let Some(rows) = Rows::of(controls, &by) else { continue };
            origin.clone_from(&rows.origin);
            let Ok(Equation {
                factored,
                terms,
                scaled,
                ..
            }) = rows.explain()
            else {
                continue;
            };
            let names = factored.kept.iter().map(|&place| rows.name(terms[place])).collect();
            known.push(Set {
                kept: factored.kept,
                inverse: factored.inverse,
                names,
                terms,
                scaled,
                rows,
            });
        }
        Self { sets: known, origin }
    }

    /// Whether there is nothing to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// An empty sum for the rows with these levels, looked up by axis and column.
    #[must_use]
    pub fn group(&self, level: impl Fn(Axis, &str) -> Option<Level>) -> Group {
        Group {
            origin: self.origin.clone(),
            row: Vec::new(),
            shares: self.sets.iter().map(|set| set.share(&level)).collect(),
        }
    }

    /// What all rows add up to, by set of protected attributes.
    #[must_use]
    pub fn finish(&self, cells: &Cube<Products>) -> Vec<Robust> {
        let mut found: Vec<Robust> = self.sets.iter().map(Set::empty).collect();
        for (key, products) in cells.cells() {
            let level = |axis, column: &str| {
                let dimension = cells.position(axis, column)?;
                cells.dimensions()[dimension]
                    .levels
                    .get(key[dimension] as usize)
                    .cloned()
            };
            let mut sums = products.sums.iter();
            for ((robust, set), share) in found.iter_mut().zip(&self.sets).zip(self.group(level).shares) {
                let mut own = sums.by_ref().take(set.width());
                if let Some(share) = share {
                    share.add_to(robust, &set.kept, &mut own);
                }
                own.for_each(drop);
            }
        }
        found
    }
}

impl Set {
    fn empty(&self) -> Robust {
        let size = self.kept.len();
        Robust {
            by: self.rows.by.clone(),
            terms: self.names.clone(),
            meat: vec![ExactSum::default(); size * (size + 1) / 2],
            alone: vec![0; size],
        }
    }

    /// How many sums a group has for it.
    fn width(&self) -> usize {
        let row = self.rows.last();
        row * (row + 1) / 2 + self.kept.len()
    }

    fn share(&self, level: impl Fn(Axis, &str) -> Option<Level>) -> Option<Share> {
        let levels: Vec<Level> = self
            .rows
            .by
            .iter()
            .map(|column| level(Axis::Protected, column))
            .collect::<Option<_>>()?;
        let group = self.rows.group(&levels)?;
        let words: Vec<usize> = self
            .rows
            .words
            .iter()
            .map(|(column, levels)| levels.binary_search(&level(Axis::Control, column)?).ok())
            .collect::<Option<_>>()?;
        // Places count from `(1, z1, …)` here, because a row's own amount is not among its columns.
        let last = self.rows.last();
        let active: Vec<(usize, usize)> = Layout::of(&self.terms)
            .columns(group, &words, last)
            .into_iter()
            .filter(|(column, _)| self.kept.contains(column))
            .map(|(column, place)| (column, if place == last { 0 } else { place }))
            .collect();
        let mut fitted = vec![0.0; last];
        let mut leverage = vec![vec![0.0; last]; last];
        for &(column, i) in &active {
            fitted[i] += self.scaled[column];
            for &(other, j) in &active {
                leverage[i][j] += self.inverse[column][other];
            }
        }
        let pull = self
            .kept
            .iter()
            .map(|&kept| {
                // In parts of the coefficient's own variance, so that units decide nothing.
                let own = self.inverse[kept][kept].sqrt();
                let mut by_place = vec![0.0; last];
                active
                    .iter()
                    .for_each(|&(column, i)| by_place[i] += self.inverse[kept][column] / own);
                by_place
            })
            .collect();
        Some(Share {
            active,
            fitted,
            leverage,
            pull,
            meat: vec![LongSum::default(); last * (last + 1) / 2],
            alone: vec![0; self.kept.len()],
        })
    }
}

impl Group {
    /// Adds `n` rows with this amount (its logarithm, where that is explained) and these numbers.
    pub fn add(&mut self, y: f64, numbers: &[f64], n: u64) {
        let Some((of_y, of_numbers)) = self.origin.split_first() else {
            return;
        };
        let y = of_y.of(y);
        self.row.clear();
        self.row.push(1.0);
        self.row
            .extend(of_numbers.iter().zip(numbers).map(|(origin, value)| origin.of(*value)));
        for share in self.shares.iter_mut().flatten() {
            share.add(y, &self.row, n);
        }
    }

    /// What its `n` rows, and so many incomplete ones, add up to.
    #[must_use]
    pub fn products(self, pass: &SecondPass, n: u64, incomplete: u64) -> Products {
        let mut sums = Vec::new();
        for (share, set) in self.shares.into_iter().zip(&pass.sets) {
            match share {
                Some(share) => {
                    sums.extend(share.meat.into_iter().map(LongSum::exact));
                    sums.extend(share.alone.into_iter().map(|rows| {
                        let mut sum = ExactSum::default();
                        sum.add((rows >> 32 << 32) as f64);
                        sum.add((rows & 0xffff_ffff) as f64);
                        sum
                    }));
                }
                None => sums.extend(std::iter::repeat_n(ExactSum::default(), set.width())),
            }
        }
        Products { n, incomplete, sums }
    }
}

impl Share {
    fn add(&mut self, y: f64, row: &[f64], n: u64) {
        let left: f64 = 1.0
            - self
                .leverage
                .iter()
                .zip(row)
                .map(|(form, v)| v * dot(form, row))
                .sum::<f64>();
        if left < ALONE {
            for (rows, pull) in self.alone.iter_mut().zip(&self.pull) {
                if dot(pull, row).abs() > ALONE.sqrt() {
                    *rows = rows.saturating_add(n);
                }
            }
            return;
        }
        let error = (y - dot(&self.fitted, row)) / left;
        let weight = error * error;
        let mut sums = self.meat.iter_mut();
        for (i, a) in row.iter().enumerate() {
            for (b, sum) in row[i..].iter().zip(&mut sums) {
                let share = weight * (a * b);
                sum.add_times(share, n);
            }
        }
    }

    fn add_to<'a>(&self, robust: &mut Robust, kept: &[usize], sums: &mut impl Iterator<Item = &'a ExactSum>) {
        let (size, width) = (kept.len(), self.fitted.len());
        let meat: Vec<&ExactSum> = sums.take(self.meat.len()).collect();
        for (index, &(column, i)) in self.active.iter().enumerate() {
            for &(other, j) in &self.active[index..] {
                let (Ok(a), Ok(b)) = (kept.binary_search(&column), kept.binary_search(&other)) else {
                    continue;
                };
                let from = meat.get(place(width, i.min(j), i.max(j)));
                let to = robust.meat.get_mut(place(size, a.min(b), a.max(b)));
                if let (Some(from), Some(to)) = (from, to) {
                    to.merge(from);
                }
            }
        }
        for (rows, more) in robust.alone.iter_mut().zip(sums) {
            *rows = rows.saturating_add(more.value() as u64);
        }
    }
}
