//! This module finds controls that are themselves stand-ins for a group: what they explain away may be the bias.

use super::rows::{Cell, Rows};
use crate::inference::normal_sf;

/// A control that tells a group from the others as well as this is a proxy.
pub const PROXY_AUC: f64 = 0.75;
/// With two groups and two words, each half of the rows, an AUC of 0.75 is a V of 0.5.
pub const PROXY_V: f64 = 0.5;

/// How alike a control and the groups are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likeness {
    /// The chance that of two rows the one of this group has the higher number (or the lower, whichever is more
    /// likely), for normal distributions with the means and variances found:
    /// `Phi(|m1 - m0| / sqrt(s1^2 + s0^2))`. A tally has sums of a control and not its values, so the AUC itself is not
    /// known.
    Auc {
        /// The group that it tells from all others.
        group: usize,
        /// The chance.
        auc: f64,
    },
    /// Cramer's V of the words and the groups, less what chance makes (Bergsma 2013).
    CramersV(f64),
}

/// A control and how alike it is to the groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Proxy {
    /// The control.
    pub control: String,
    /// How alike.
    pub likeness: Likeness,
}

impl Proxy {
    /// Whether it is a strong stand-in for the group: `PROXY_AUC`, `PROXY_V`.
    #[must_use]
    pub fn is_strong(&self) -> bool {
        match self.likeness {
            Likeness::Auc { auc, .. } => auc >= PROXY_AUC,
            Likeness::CramersV(v) => v >= PROXY_V,
        }
    }
}

/// How alike each control is to these groups: numbers once for each group, or for the first of two, against the
/// others; words once. What cannot be said (a group of one row, a control that does not vary) is left out.
#[must_use]
pub fn proxies(rows: &Rows, groups: &[usize]) -> Vec<Proxy> {
    let mut found = Vec::new();
    let named = if groups.len() == 2 { &groups[..1] } else { groups };
    for (index, column) in rows.numeric.iter().enumerate() {
        let likenesses = named.iter().filter_map(|&group| {
            let others: Vec<usize> = groups.iter().copied().filter(|other| *other != group).collect();
            let ((mean, variance), (mean_others, variance_others)) =
                (moments(rows, index, &[group])?, moments(rows, index, &others)?);
            let spread = (variance + variance_others).sqrt();
            (spread > 0.0).then(|| Likeness::Auc {
                group,
                auc: 1.0 - normal_sf((mean - mean_others).abs() / spread),
            })
        });
        found.extend(likenesses.map(|likeness| Proxy {
            control: column.clone(),
            likeness,
        }));
    }
    for (index, (column, levels)) in rows.words.iter().enumerate() {
        if let Some(v) = cramers_v(&table(rows, index, levels.len(), groups)) {
            found.push(Proxy {
                control: column.clone(),
                likeness: Likeness::CramersV(v),
            });
        }
    }
    found
}

/// The mean and the variance of a number over some groups, measured from its origin.
fn moments(rows: &Rows, index: usize, groups: &[usize]) -> Option<(f64, f64)> {
    let last = rows.last();
    let cells = || rows.cells.iter().filter(|cell| groups.contains(&cell.group));
    let n: f64 = cells().map(Cell::n).sum();
    if n < 2.0 {
        return None;
    }
    let mean = cells().map(|cell| cell.sums[index + 1][last]).sum::<f64>() / n;
    let squares: f64 = cells().map(|cell| cell.sums[index + 1][index + 1]).sum();
    Some((mean, ((squares - n * mean * mean) / (n - 1.0)).max(0.0)))
}

/// Rows by group and level.
fn table(rows: &Rows, index: usize, levels: usize, groups: &[usize]) -> Vec<Vec<f64>> {
    let mut table = vec![vec![0.0; levels]; groups.len()];
    for cell in &rows.cells {
        if let Some(row) = groups.iter().position(|group| *group == cell.group) {
            table[row][cell.words[index]] += cell.n();
        }
    }
    table
}

/// Bergsma's bias-corrected V of a table; `None` with a single row or column, or a single count.
fn cramers_v(table: &[Vec<f64>]) -> Option<f64> {
    let columns = table.first().map_or(0, Vec::len);
    let of_rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let of_columns: Vec<f64> = (0..columns).map(|c| table.iter().map(|row| row[c]).sum()).collect();
    let n: f64 = of_rows.iter().sum();
    let used = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count() as f64;
    let (r, k) = (used(&of_rows), used(&of_columns));
    if r < 2.0 || k < 2.0 || n < 2.0 {
        return None;
    }
    let mut chi = 0.0;
    for (row, of_row) in table.iter().zip(&of_rows) {
        for (count, of_column) in row.iter().zip(&of_columns) {
            let expected = of_row * of_column / n;
            if expected > 0.0 {
                chi += (count - expected).powi(2) / expected;
            }
        }
    }
    let phi = (chi / n - (k - 1.0) * (r - 1.0) / (n - 1.0)).max(0.0);
    let corrected = |size: f64| size - (size - 1.0).powi(2) / (n - 1.0);
    let most = corrected(r).min(corrected(k)) - 1.0;
    (most > 0.0).then(|| (phi / most).sqrt().min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v_is_that_of_the_worked_table() {
        // Group by device: 40, 30, 30 and 10, 50, 40 rows.
        let v = cramers_v(&[vec![40.0, 30.0, 30.0], vec![10.0, 50.0, 40.0]]).unwrap();
        assert!((v - 0.335_646_734).abs() < 5e-10, "{v}");
        assert_eq!(cramers_v(&[vec![3.0, 4.0]]), None);
        assert_eq!(cramers_v(&[vec![3.0, 0.0], vec![4.0, 0.0]]), None);
    }
}
