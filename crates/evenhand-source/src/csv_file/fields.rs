//! This module finds where the fields of a block end, 64 bytes at a time, as [`record::read`](super::record::read)
//! finds them one by one.
//!
//! Each kind of byte that matters becomes a word with one bit per byte. What is inside of quotes, which line ends
//! end a record and which quotes are ordinary letters is then a matter of shifts, for 64 bytes at once (after
//! "Parsing Gigabytes of JSON per Second", Langdale and Lemire 2019, section 3.1).

use super::record::{Block, Ends};

/// A word has one bit per byte of these.
pub(super) const WORD: usize = 64;

/// So many words are looked at together: their text, their field ends and their codes stay in a near cache.
const WINDOW: usize = 1_024;

/// The ends of the fields of a block, found window by window.
#[derive(Debug, Default)]
pub(super) struct FieldEnds {
    /// Where fields end that were not taken yet, and room for more.
    ends: Vec<u32>,
    /// How many of them were found.
    found: usize,
    /// How many of those end a record.
    records: usize,
    /// Where the first record that was not taken starts, but for line ends before it.
    start: usize,
    /// The next word of the block.
    next: usize,
    edge: Edge,
    has_quotes: bool,
    /// Whether there was a quote that neither opens, closes nor doubles.
    ordinary_quotes: bool,
}

/// What a word needs to know about the one before it.
#[derive(Clone, Copy, Debug)]
struct Edge {
    /// All ones when its end is inside of quotes.
    inside: u64,
    /// One when its last byte ends a line.
    line_end: u64,
    /// One when a quote that follows its last byte may open.
    opens: u64,
}

impl Default for Edge {
    /// At the start of a block, where a record starts.
    fn default() -> Self {
        Self {
            inside: 0,
            line_end: 1,
            opens: 1,
        }
    }
}

impl FieldEnds {
    /// Starts at the start of a block.
    pub(super) fn restart(&mut self, has_quotes: bool) {
        *self = Self {
            ends: std::mem::take(&mut self.ends),
            has_quotes,
            ..Self::default()
        };
    }

    /// Looks at the next window of the block; says no at its end.
    pub(super) fn advance(&mut self, block: &Block, delimiter: Ends) -> bool {
        let words = block.words();
        let to = words.len().min(self.next + WINDOW);
        let window = &words[self.next..to];
        if window.is_empty() {
            return false;
        }
        // Every byte may end a field, and a word's ends are written eight at a time.
        let room = self.found + (window.len() + 1) * WORD;
        if self.ends.len() < room {
            self.ends.resize(room, 0);
        }
        if self.has_quotes {
            self.find::<true>(window, delimiter.delimiter());
        } else {
            self.find::<false>(window, delimiter.delimiter());
        }
        self.next = to;
        true
    }

    fn find<const QUOTES: bool>(&mut self, window: &[[u8; WORD]], delimiter: u8) {
        let mut edge = self.edge;
        let mut found = self.found;
        // A block with more than 2^32 bytes would be a record of as many, which the cutter refuses.
        let mut base = (self.next * WORD) as u32;
        for bytes in window {
            let mut delimiters = positions(bytes, [delimiter]);
            let mut line_ends = positions(bytes, *b"\n\r");
            if QUOTES {
                let quotes = positions(bytes, [b'"']);
                let (inside, ordinary) = quoted(quotes, delimiters | line_ends, &mut edge);
                self.ordinary_quotes |= ordinary;
                delimiters &= !inside;
                line_ends &= !inside;
            }
            // Of several line ends in a row the first ends the record; the others are empty lines, or half of `\r\n`.
            let record_ends = line_ends & !(line_ends << 1 | edge.line_end);
            edge.line_end = line_ends >> (WORD - 1);
            self.records += record_ends.count_ones() as usize;
            let ends = delimiters | record_ends;
            if let Some(room) = self.ends[found..].first_chunk_mut::<WORD>() {
                write(ends, base, room);
            }
            found += ends.count_ones() as usize;
            base += WORD as u32;
        }
        self.found = found;
        self.edge = edge;
    }

    /// Whether a quote was found so far that neither opens, closes nor doubles.
    pub(super) fn ordinary_quotes(&self) -> bool {
        self.ordinary_quotes
    }

    /// Whether the quotes that were opened so far were closed.
    pub(super) fn is_closed(&self) -> bool {
        self.edge.inside == 0
    }

    /// How many records are complete.
    pub(super) fn records(&self) -> usize {
        self.records
    }

    /// The complete records, if they and what was found of the next one have `columns` fields each; otherwise
    /// where to look for the one that has not.
    pub(super) fn table(&self, bytes: &[u8], columns: usize) -> Result<Table<'_>, usize> {
        let count = self.records * columns;
        let rest = self.found.checked_sub(count).filter(|rest| *rest < columns);
        let (Some(_), Some(ends)) = (rest, self.ends.get(..count)) else {
            return Err(self.start);
        };
        // There are as many record ends as records. If each record's last field has one, no other field has.
        let ends_record = |record: &[u32]| {
            record
                .last()
                .is_some_and(|&end| matches!(bytes[end as usize], b'\n' | b'\r'))
        };
        if !ends.chunks_exact(columns).all(ends_record) {
            return Err(self.start);
        }
        Ok(Table {
            ends,
            columns,
            start: self.start,
        })
    }

    /// Forgets the complete records, which had `columns` fields each.
    pub(super) fn take(&mut self, columns: usize) {
        let count = self.records * columns;
        if let Some(last) = count.checked_sub(1) {
            self.start = self.ends[last] as usize + 1;
        }
        self.ends.copy_within(count..self.found, 0);
        self.found -= count;
        self.records = 0;
    }
}

/// Records of equally many fields.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    ends: &'a [u32],
    columns: usize,
    start: usize,
}

impl<'a> Table<'a> {
    /// Where the fields of a column after the first start and end.
    pub(super) fn column(self, column: usize) -> impl ExactSizeIterator<Item = (usize, usize)> + 'a {
        self.ends
            .chunks_exact(self.columns)
            .map(move |record| (record[column - 1] as usize + 1, record[column] as usize))
    }

    /// Where the fields of the first column start and end.
    pub(super) fn first_column(self, bytes: &'a [u8]) -> impl ExactSizeIterator<Item = (usize, usize)> + 'a {
        let mut start = self.start;
        self.ends.chunks_exact(self.columns).map(move |record| {
            while matches!(bytes[start], b'\n' | b'\r') {
                start += 1;
            }
            let from = start;
            start = record[self.columns - 1] as usize + 1;
            (from, record[0] as usize)
        })
    }
}

/// The bit of every byte that is one of `wanted`.
#[inline(always)]
fn positions<const N: usize>(bytes: &[u8; WORD], wanted: [u8; N]) -> u64 {
    // The compiler turns this loop into comparisons of whole registers.
    let mut marks = [0u8; WORD];
    for (mark, &byte) in marks.iter_mut().zip(bytes) {
        *mark = wanted.iter().fold(0, |mark, &wanted| mark | u8::from(byte == wanted));
    }
    // Of eight bytes that are zero or one, the product holds the lowest bits side by side in its highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut bits = 0;
    for (index, eight) in marks.as_chunks::<8>().0.iter().enumerate() {
        bits |= (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (8 * index);
    }
    bits
}

/// Which bytes are inside of quotes, and whether there is a quote that does not quote. `ends` are the bytes that
/// end a field where they are not inside.
#[inline(always)]
fn quoted(mut quotes: u64, ends: u64, edge: &mut Edge) -> (u64, bool) {
    let mut ordinary = false;
    loop {
        // From an opening quote on, and from a closing one on no more.
        let inside = running_parity(quotes) ^ edge.inside;
        let closing = quotes & !inside;
        // A quote opens at the start of a field. Right after a closing one it is the second of two inside of
        // quotes, which closing and opening again describes as well.
        let may_open_after = ends & !inside | closing;
        let wrong = quotes & inside & !(may_open_after << 1 | edge.opens);
        if wrong == 0 {
            edge.inside = 0u64.wrapping_sub(inside >> (WORD - 1));
            edge.opens = may_open_after >> (WORD - 1);
            return (inside, ordinary);
        }
        // What comes before the first wrong one is right, so that one is an ordinary letter.
        quotes ^= wrong & wrong.wrapping_neg();
        ordinary = true;
    }
}

/// The parity of the ones up to and with each bit.
#[inline(always)]
fn running_parity(mut bits: u64) -> u64 {
    for distance in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << distance;
    }
    bits
}

/// Writes the positions of the ones in `bits`, counted from `base`.
#[inline(always)]
fn write(mut bits: u64, base: u32, room: &mut [u32; WORD]) {
    // Eight at a time, wanted or not, costs less than asking after each whether there is another.
    for eight in room.as_chunks_mut::<8>().0 {
        for place in eight {
            // With a one at the top there is always one to find, which the compiler can make use of.
            *place = base + (bits | 1 << (WORD - 1)).trailing_zeros();
            bits &= bits.wrapping_sub(1);
        }
        if bits == 0 {
            return;
        }
    }
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
