//! This module solves normal equations: Cholesky's factorisation, leaving out columns that others already give.

/// A column is left out when the ones before it leave less than this part of its sum of squares: a millionth of its
/// length. What rounding leaves of a column that the others give exactly is about 1e-15 of it.
const RANK_TOLERANCE: f64 = 1e-12;

/// A weight in a dependence is one of rounding below this.
const DEPENDENCE: f64 = 1e-6;

/// A symmetric positive semidefinite matrix, factorised column by column in the order given.
#[derive(Clone, Debug)]
pub(super) struct Factored {
    /// The columns that were kept, in order.
    pub(super) kept: Vec<usize>,
    /// The columns that were left out, each with the columns kept that give it, and by how much.
    pub(super) dropped: Vec<(usize, Vec<(usize, f64)>)>,
    /// The inverse over the kept columns, row by row; zeros for the others.
    pub(super) inverse: Vec<Vec<f64>>,
}

/// Factorises `matrix`, of which the lower triangle is read.
pub(super) fn factorised(matrix: &[Vec<f64>]) -> Factored {
    let size = matrix.len();
    // Scaled to a diagonal of ones, so that units of measurement decide nothing.
    let scale: Vec<f64> = (0..size)
        .map(|i| if matrix[i][i] > 0.0 { matrix[i][i].sqrt() } else { 0.0 })
        .collect();
    let entry = |i: usize, j: usize| matrix[i.max(j)][i.min(j)] / (scale[i] * scale[j]);
    let mut kept: Vec<usize> = Vec::new();
    let mut dropped = Vec::new();
    // The rows of the factor, one for each kept column.
    let mut lower: Vec<Vec<f64>> = Vec::new();
    for column in 0..size {
        if scale[column] == 0.0 {
            dropped.push((column, Vec::new()));
            continue;
        }
        let mut row: Vec<f64> = Vec::with_capacity(kept.len() + 1);
        for (index, &other) in kept.iter().enumerate() {
            let known: f64 = row.iter().zip(&lower[index]).map(|(a, b)| a * b).sum();
            row.push((entry(column, other) - known) / lower[index][index]);
        }
        let pivot = 1.0 - row.iter().map(|a| a * a).sum::<f64>();
        if pivot > RANK_TOLERANCE {
            row.push(pivot.sqrt());
            lower.push(row);
            kept.push(column);
        } else {
            let weights = kept.iter().copied().zip(backward(&lower, row));
            let depends = weights.filter(|(_, weight)| weight.abs() > DEPENDENCE);
            let unscaled = depends.map(|(other, weight)| (other, weight * scale[column] / scale[other]));
            dropped.push((column, unscaled.collect()));
        }
    }
    let mut inverse = vec![vec![0.0; size]; size];
    for (index, &column) in kept.iter().enumerate() {
        let mut unit = vec![0.0; kept.len()];
        unit[index] = 1.0;
        for (&other, value) in kept.iter().zip(backward(&lower, forward(&lower, unit))) {
            inverse[other][column] = value / (scale[other] * scale[column]);
        }
    }
    Factored {
        kept,
        dropped,
        inverse: symmetric(&inverse),
    }
}

/// The mean of both triangles: they come from different roundings.
fn symmetric(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let row = |(i, row): (usize, &Vec<f64>)| {
        let entries = row.iter().zip(matrix);
        entries.map(|(entry, other)| f64::midpoint(*entry, other[i])).collect()
    };
    matrix.iter().enumerate().map(row).collect()
}

/// Solves `L x = right`.
fn forward(lower: &[Vec<f64>], mut right: Vec<f64>) -> Vec<f64> {
    for i in 0..right.len() {
        let known: f64 = (0..i).map(|j| lower[i][j] * right[j]).sum();
        right[i] = (right[i] - known) / lower[i][i];
    }
    right
}

/// Solves `L' x = right`.
fn backward(lower: &[Vec<f64>], mut right: Vec<f64>) -> Vec<f64> {
    for i in (0..right.len()).rev() {
        let known: f64 = (i + 1..right.len()).map(|j| lower[j][i] * right[j]).sum();
        right[i] = (right[i] - known) / lower[i][i];
    }
    right
}

/// `matrix * vector`.
pub(super) fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

/// The sum of the products of two vectors.
pub(super) fn dot(one: &[f64], two: &[f64]) -> f64 {
    one.iter().zip(two).map(|(a, b)| a * b).sum()
}

/// `inverse * meat * inverse`: the sandwich.
pub(super) fn sandwich(inverse: &[Vec<f64>], meat: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let half: Vec<Vec<f64>> = inverse.iter().map(|row| times(meat, row)).collect();
    half.iter().map(|row| times(inverse, row)).collect()
}
