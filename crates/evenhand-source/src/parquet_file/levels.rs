//! This module decodes definition levels of flat columns: which rows have a value.

use super::hybrid::{Hybrid, Piece};
use super::trouble::Trouble;
use super::unpack::Meanings;

/// Which of some rows have a value.
#[derive(Debug)]
pub(super) struct Presence {
    /// Levels of one bit mean themselves.
    bits: Meanings,
    rows: usize,
    present: usize,
    /// One byte per row, 1 for a value; left empty while all rows are alike, which is the common case.
    flags: Vec<u8>,
}

impl Default for Presence {
    fn default() -> Self {
        Self {
            bits: Meanings::new(1, |bit| bit as u8),
            rows: 0,
            present: 0,
            flags: Vec::new(),
        }
    }
}

impl Presence {
    /// Every one of `rows` rows has a value.
    pub(super) fn set_all(&mut self, rows: usize) {
        self.rows = rows;
        self.present = rows;
        self.flags.clear();
    }

    /// Reads the levels of the next `rows` rows.
    pub(super) fn read(&mut self, levels: &mut Hybrid, data: &[u8], rows: usize) -> Result<(), Trouble> {
        self.rows = 0;
        self.present = 0;
        self.flags.clear();
        levels.read(data, rows, &mut |piece| {
            match piece {
                Piece::Run(level, len) => self.push_run(level == 1, len),
                Piece::Packed(levels) => {
                    self.materialise();
                    levels.meanings(&self.bits, &mut self.flags);
                    let flags = &self.flags[self.rows..];
                    self.present += flags.iter().map(|flag| usize::from(*flag)).sum::<usize>();
                    self.rows += levels.len();
                }
            }
            Ok(())
        })
    }

    /// Takes over levels that were decoded already.
    pub(super) fn set_levels(&mut self, levels: &[i16]) {
        self.rows = levels.len();
        self.flags.clear();
        self.flags.extend(levels.iter().map(|level| u8::from(*level == 1)));
        self.present = self.flags.iter().map(|flag| usize::from(*flag)).sum();
    }

    fn push_run(&mut self, present: bool, len: usize) {
        let alike = self.flags.is_empty() && self.present == if present { self.rows } else { 0 };
        if !alike {
            self.materialise();
            self.flags.resize(self.rows + len, u8::from(present));
        }
        self.rows += len;
        self.present += if present { len } else { 0 };
    }

    fn materialise(&mut self) {
        if self.flags.is_empty() {
            self.flags.resize(self.rows, u8::from(self.present > 0));
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// How many of the rows have a value.
    pub(super) fn present(&self) -> usize {
        self.present
    }

    /// Whether some row has no value.
    pub(super) fn has_absent(&self) -> bool {
        self.present < self.rows
    }

    /// The row of the value at `index` among the values there are.
    pub(super) fn row_of(&self, index: usize) -> usize {
        if !self.has_absent() {
            return index;
        }
        let mut present = (0..self.flags.len()).filter(|row| self.flags[*row] == 1);
        present.nth(index).unwrap_or(index)
    }

    /// The first row without a value.
    pub(super) fn first_absent(&self) -> usize {
        self.flags.iter().position(|flag| *flag == 0).unwrap_or(0)
    }

    /// Spreads the values at the end of `column`, one per value there is, over the rows, with `absent` between them.
    pub(super) fn spread<T: Copy>(&self, column: &mut Vec<T>, absent: T) {
        if !self.has_absent() {
            return;
        }
        let start = column.len() - self.present;
        column.resize(start + self.rows, absent);
        let rows = &mut column[start..];
        if self.present == 0 {
            return;
        }
        // From the back, so that no value is overwritten before it has moved.
        let mut next = self.present;
        for row in (0..self.rows).rev() {
            let here = self.flags[row] == 1;
            next -= usize::from(here);
            rows[row] = if here { rows[next] } else { absent };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(data: &[u8], rows: usize) -> Vec<u32> {
        let mut levels = Hybrid::new(1, 0, data.len()).unwrap();
        let mut presence = Presence::default();
        presence.read(&mut levels, data, rows).unwrap();
        let mut column: Vec<u32> = (1..=presence.present() as u32).collect();
        presence.spread(&mut column, 0);
        column
    }

    #[test]
    fn values_land_on_their_rows() {
        assert_eq!(spread(&[8, 1], 4), [1, 2, 3, 4]);
        assert_eq!(spread(&[8, 0], 4), [0; 4]);
        assert_eq!(spread(&[4, 0, 4, 1], 4), [0, 0, 1, 2]);
        assert_eq!(spread(&[4, 1, 4, 0], 4), [1, 2, 0, 0]);
        assert_eq!(spread(&[4, 1, 3, 0b1010_0110], 9), [1, 2, 0, 3, 4, 0, 0, 5, 0]);
        assert_eq!(spread(&[3, 0b1010_0110, 4, 1], 10), [0, 1, 2, 0, 0, 3, 0, 4, 5, 6]);
    }

    #[test]
    fn a_value_knows_its_row() {
        let mut levels = Hybrid::new(1, 0, 2).unwrap();
        let mut presence = Presence::default();
        presence.read(&mut levels, &[3, 0b1010_0110], 8).unwrap();
        assert_eq!(
            (0..4).map(|value| presence.row_of(value)).collect::<Vec<_>>(),
            [1, 2, 5, 7]
        );
        assert_eq!(presence.first_absent(), 0);
    }
}
