//! The tally of 1,000 cells whose resampling is timed.

use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};

/// Attributes of 5, 10 and 5 groups by label and decision; counts follow from the cell's number and sum to so many
/// millions.
pub fn tally(millions: u64) -> Tally {
    let sizes = [5_u32, 10, 5, 2, 2];
    let axes = [
        (Axis::Protected, "first"),
        (Axis::Protected, "second"),
        (Axis::Protected, "third"),
        (Axis::Label, "label"),
        (Axis::Prediction, "prediction"),
    ];
    let dimensions = axes.iter().zip(sizes).map(|(&(axis, column), size)| {
        let mut dimension = Dimension::new(axis, column, Coding::AsWritten);
        dimension.levels = match axis {
            Axis::Protected => (0..size).map(|level| Level::of(&format!("group {level}"))).collect(),
            _ => vec![Level::of("no"), Level::of("yes")],
        };
        dimension
    });
    let cells = (0..1000_u32).map(|cell| {
        let mut rest = cell;
        let key = sizes.iter().map(|&size| {
            let level = rest % size;
            rest /= size;
            level
        });
        // 7,919 has no divisor in common with 1,000: every number from 500 to 1,499 once, and one more each for half.
        (
            key.collect(),
            Counts::of(millions * u64::from(500 + (cell * 7919) % 1000 + cell % 2)),
        )
    });
    let cube = Cube::new(dimensions.collect(), cells.collect::<Vec<_>>());
    Tally::new(
        cube.unwrap_or_else(|error| unreachable!("{error}")),
        millions * 1_000_000,
    )
}
