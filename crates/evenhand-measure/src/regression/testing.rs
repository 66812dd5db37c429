//! This module is what tests of regressions share: the second pass over rows at hand, and chance.

use super::{Row, SecondPass};
use crate::tally::{Controls, Cube, Dimension, Products, Robust};

/// The worked example, prices of six goods in each of two zip codes: group, price, cost, distance, loyal.
pub(crate) const PRICES: [(&str, f64, f64, f64, &str); 12] = [
    ("H", 20.0, 10.0, 2.0, "1"),
    ("H", 22.0, 11.0, 3.0, "1"),
    ("H", 19.0, 10.0, 1.0, "0"),
    ("H", 25.0, 12.0, 5.0, "0"),
    ("H", 21.0, 10.0, 3.0, "1"),
    ("H", 23.0, 11.0, 4.0, "0"),
    ("L", 24.0, 11.0, 3.0, "0"),
    ("L", 27.0, 12.0, 5.0, "0"),
    ("L", 22.0, 10.0, 2.0, "1"),
    ("L", 26.0, 11.0, 4.0, "0"),
    ("L", 30.0, 13.0, 6.0, "0"),
    ("L", 23.0, 10.0, 3.0, "1"),
];

/// Its rows, with two controls.
pub(crate) fn prices() -> Vec<Row> {
    PRICES
        .iter()
        .map(|&(zip, price, cost, distance, _)| {
            Row::new(&[("zip", zip)], price)
                .with_number("cost", cost)
                .with_number("distance", distance)
        })
        .collect()
}

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
