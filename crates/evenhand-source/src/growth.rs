//! This module keeps small inputs from becoming large tables: each row of a list repeats what else its record says, and
//! each joined row what the other table says, so a few thousand bytes could become any number.

use crate::records::Record;

/// So much a table may always become.
const ALWAYS: u64 = 1 << 30;

/// Beyond, it may have so many bytes for each byte that was read.
const RATIO: u64 = 1_000;

/// How many bytes were read, and how many were made of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Growth {
    read: u64,
    made: u64,
}

impl Growth {
    /// That of an input of so many bytes.
    pub(crate) fn of(read: u64) -> Self {
        Self { read, made: 0 }
    }

    pub(crate) fn read(&mut self, record: &Record) {
        self.read = self.read.saturating_add(size(record));
    }

    /// Counts a record that was made; says whether these are too many bytes now.
    pub(crate) fn is_too_much_with(&mut self, record: &Record) -> bool {
        self.made = self.made.saturating_add(size(record));
        self.made > ALWAYS.saturating_add(self.read.saturating_mul(RATIO))
    }
}

/// About how many bytes a record takes when it is written.
fn size(record: &Record) -> u64 {
    record
        .iter()
        .map(|cell| 1 + cell.as_ref().map_or(0, String::len) as u64)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_may_be_large_if_what_it_was_made_of_is() {
        let long: Record = vec![Some("x".repeat(1 << 20)), None];
        let mut growth = Growth::default();
        assert!((0..1_023).all(|_| !growth.is_too_much_with(&long)));
        assert!(growth.is_too_much_with(&long));
        growth.read(&long);
        assert!((0..900).all(|_| !growth.is_too_much_with(&long)));
        assert!((0..200).any(|_| growth.is_too_much_with(&long)));
        assert!(!Growth::of(1 << 20).is_too_much_with(&long));
    }
}
