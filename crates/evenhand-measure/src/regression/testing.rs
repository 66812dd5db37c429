//! This module is what tests of regressions share: the second pass over rows at hand, and chance.

use super::{Row, SecondPass};
use crate::tally::{Controls, Cube, Dimension, Products, Robust};

/// What the second pass finds in rows.
pub(crate) fn second_pass(controls: &Controls, by: &[&str], rows: &[Row]) -> Vec<Robust> {
    let sets = [by.iter().map(|column| (*column).to_owned()).collect()];
    let pass = SecondPass::of(controls, &sets);
    pass.finish(&passed(controls, &pass, rows.iter().map(|row| (row, 1))))
}

/// The sums of the second pass, for rows that each stand for so many.
pub(crate) fn passed<'a>(
    controls: &Controls,
    pass: &SecondPass,
    rows: impl Iterator<Item = (&'a Row, u64)>,
) -> Cube<Products> {
    let dimensions = controls.cells.dimensions();
    let cells = rows.map(|(row, n)| {
        let code = |dimension: &Dimension| {
            let level = row.level(dimension.role, &dimension.column).unwrap();
            dimension.levels.binary_search(&level).unwrap() as u32
        };
        let mut group = pass.group(|axis, column| row.level(axis, column));
        let complete = row.complete(controls.log);
        if let Some((y, numbers)) = &complete {
            group.add(*y, numbers, n);
        }
        let (n, incomplete) = if complete.is_some() { (n, 0) } else { (0, n) };
        (
            dimensions.iter().map(code).collect(),
            group.products(pass, n, incomplete),
        )
    });
    Cube::new(dimensions.to_vec(), cells).unwrap()
}

/// A stream of numbers in [0, 1) that is the same everywhere.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> f64 {
        // Splitmix64 (Steele, Lea and Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
