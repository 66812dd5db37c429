//! Tests of the regression: the worked example, a twin that solves row by row, and laws.

mod laws;
mod other_software;
mod worked;

use super::testing::{Numbers, passed, second_pass};
use super::*;
use crate::tally::{Axis, Controls, Level};

/// The index of a group of one attribute.
pub(super) fn at(rows: &Rows, level: &str) -> usize {
    rows.group(&[Level::of(level)]).unwrap()
}

#[test]
fn a_row_knows_its_levels() {
    let row = Row::new(&[("sex", "F")], 1.0).with_word("shop", "A");
    assert_eq!(row.level(Axis::Protected, "sex"), Some(Level::of("F")));
    assert_eq!(row.level(Axis::Control, "shop"), Some(Level::of("A")));
    assert_eq!(row.level(Axis::Control, "sex"), None);
}
