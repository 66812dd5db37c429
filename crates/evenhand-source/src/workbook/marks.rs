//! This module is what a sheet says about its cells beside their values: which are hidden, merged, or not computed.

/// What a sheet says about its rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Rows that are not shown, from the first to the last of each stretch, in order.
    pub(super) hidden_rows: Vec<(u32, u32)>,
    /// Columns that are not shown, in the same way.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// Whether a filter decides which rows are shown.
    pub(super) is_filtered: bool,
    /// Rows and columns of formulas whose value the file does not have.
    pub(super) uncomputed: Vec<(u32, u32)>,
    /// Cells that are merged into one.
    pub(super) merged: Vec<Region>,
}

/// Cells that are merged into one, by the numbers of their first and last rows (from 1) and columns (from 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) rows: (u32, u32),
    pub(super) columns: (u32, u32),
}

/// More marks of one kind are not kept.
pub(super) const MOST: usize = 1 << 20;

impl Marks {
    pub(super) fn hide_row(&mut self, number: u32, last: u32) {
        if let Some((_, end)) = self.hidden_rows.last_mut()
            && *end + 1 == number
        {
            *end = last;
        } else if self.hidden_rows.len() < MOST {
            self.hidden_rows.push((number, last));
        }
    }

    pub(super) fn is_row_hidden(&self, number: u32) -> bool {
        is_within(&self.hidden_rows, number)
    }

    pub(super) fn is_column_hidden(&self, column: u32) -> bool {
        self.hidden_columns
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&column))
    }
}

fn is_within(stretches: &[(u32, u32)], number: u32) -> bool {
    let next = stretches.partition_point(|(first, _)| *first <= number);
    let before = next.checked_sub(1).and_then(|index| stretches.get(index));
    before.is_some_and(|(_, last)| number <= *last)
}

impl Region {
    /// Whether it is one cell for several columns of one row.
    pub(super) fn spans_columns_of(&self, row: u32) -> bool {
        self.rows == (row, row) && self.columns.0 < self.columns.1
    }

    pub(super) fn has(&self, row: u32, column: u32) -> bool {
        (self.rows.0..=self.rows.1).contains(&row) && (self.columns.0..=self.columns.1).contains(&column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_are_stretches() {
        let mut marks = Marks::default();
        for row in [2, 3, 7] {
            marks.hide_row(row, row);
        }
        marks.hide_row(10, 20);
        assert_eq!(marks.hidden_rows, [(2, 3), (7, 7), (10, 20)]);
        let hidden: Vec<u32> = (1..=21).filter(|row| marks.is_row_hidden(*row)).collect();
        assert_eq!(hidden, [2, 3, 7, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    }
}
