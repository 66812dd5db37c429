//! This module walks through the records of a block of CSV text, as the `csv` crate understands them: a quote
//! opens only at the start of a field, two quotes inside are one, and `\n`, `\r` and `\r\n` all end a record.
//!
//! It exists beside that crate because fields are found eight bytes at a time and handed out without a copy.

use std::borrow::Cow;

/// How many bytes follow the text of a [`Block`], so that reading ahead needs no care.
const PAD: usize = 32;

/// Text that starts at a record and, unless the file ends, stops after one.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The text, then `PAD` line ends, which stop every search.
    bytes: Vec<u8>,
    length: usize,
}

impl Block {
    /// A block of this text.
    pub(super) fn new(mut text: Vec<u8>) -> Self {
        let length = text.len();
        text.resize(length + PAD, b'\n');
        Self { bytes: text, length }
    }

    /// The text.
    pub(super) fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The memory, to be used again.
    pub(super) fn into_memory(self) -> Vec<u8> {
        self.bytes
    }
}

/// One field of a record.
pub(super) struct Field<'a> {
    /// Its text, without quotes.
    pub(super) value: Cow<'a, [u8]>,
    /// The text as one little-endian number with zeros above it, if it has at most 16 bytes and was not rewritten.
    pub(super) packed: Option<u128>,
}

/// The fields that were read, and where the next record may start.
#[derive(Debug, PartialEq)]
pub(super) struct Read {
    pub(super) fields: usize,
    /// How many quotes opened, closed or doubled. Where these are all quotes of a block, counting quotes told
    /// what is inside of them.
    pub(super) quotes: usize,
    pub(super) next: usize,
}

/// Fields end at one of these.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    delimiter: u8,
    /// The delimiter in each of eight bytes.
    pattern: u64,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

impl Ends {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            pattern: ONES * u64::from(delimiter),
        }
    }

    /// The first delimiter or line end at or after `from`; the padding of a block has one.
    #[inline]
    fn find(self, bytes: &[u8], mut from: usize) -> usize {
        while let Some(eight) = bytes.get(from..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*eight);
            let found =
                zeros(word ^ self.pattern) | zeros(word ^ (ONES * b'\n' as u64)) | zeros(word ^ (ONES * b'\r' as u64));
            if found != 0 {
                return from + (found.trailing_zeros() / 8) as usize;
            }
            from += 8;
        }
        bytes.len()
    }
}

/// The first quote at or after `from`; none gives the length.
#[inline]
fn find_quote(bytes: &[u8], mut from: usize) -> usize {
    while let Some(eight) = bytes.get(from..).and_then(<[u8]>::first_chunk::<8>) {
        let found = zeros(u64::from_le_bytes(*eight) ^ (ONES * b'"' as u64));
        if found != 0 {
            return from + (found.trailing_zeros() / 8) as usize;
        }
        from += 8;
    }
    bytes.len()
}

/// The high bit of every zero byte. Bytes above the lowest zero byte may be marked in error, so only the
/// lowest mark counts ("Bit Twiddling Hacks", S. E. Anderson, "Determine if a word has a zero byte").
#[inline]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// Skips the line ends before a record, and says where it starts; nothing when there is none.
#[inline]
pub(super) fn start(block: &Block, mut from: usize) -> Option<usize> {
    while from < block.length {
        if !matches!(block.bytes[from], b'\n' | b'\r') {
            return Some(from);
        }
        from += 1;
    }
    None
}

/// Reads the record that starts at `from`, and calls `take` with the number and text of every field.
///
/// # Errors
/// The first error of `take`.
#[inline]
pub(super) fn read<E>(
    block: &Block,
    ends: Ends,
    from: usize,
    mut take: impl FnMut(usize, Field<'_>) -> Result<(), E>,
) -> Result<Read, E> {
    let bytes = &block.bytes;
    let mut at = from;
    let mut fields = 0;
    let mut quotes = 0;
    loop {
        let end = if bytes[at] == b'"' && at < block.length {
            let (value, end) = quoted(block, ends, at, &mut quotes);
            take(fields, value)?;
            end
        } else {
            let end = ends.find(bytes, at);
            take(fields, plain(bytes, at, end))?;
            end
        };
        fields += 1;
        if end >= block.length {
            return Ok(Read {
                fields,
                quotes,
                next: block.length,
            });
        }
        if bytes[end] == ends.delimiter {
            at = end + 1;
            continue;
        }
        let pair = bytes[end] == b'\r' && bytes[end + 1] == b'\n';
        let next = if pair { end + 2 } else { end + 1 };
        return Ok(Read {
            fields,
            quotes,
            next: next.min(block.length),
        });
    }
}

/// The field whose text is `bytes[from..to]`.
#[inline]
fn plain(bytes: &[u8], from: usize, to: usize) -> Field<'_> {
    let length = to - from;
    let packed = match bytes[from..].first_chunk::<16>() {
        Some(sixteen) if length <= 16 => Some(u128::from_le_bytes(*sixteen) & MASKS[length]),
        _ => None,
    };
    Field {
        value: Cow::Borrowed(&bytes[from..to]),
        packed,
    }
}

/// Masks that keep the lowest 0 to 16 bytes.
const MASKS: [u128; 17] = {
    let mut masks = [0; 17];
    let mut length = 1;
    while length < masks.len() {
        masks[length] = u128::MAX >> (128 - 8 * length);
        length += 1;
    }
    masks
};

/// The field that opens with the quote at `open`, and where it ends; adds to the quotes used.
fn quoted<'a>(block: &'a Block, ends: Ends, open: usize, quotes: &mut usize) -> (Field<'a>, usize) {
    let bytes = &block.bytes;
    let mut rewritten: Vec<u8> = Vec::new();
    let mut from = open + 1;
    *quotes += 1;
    loop {
        let quote = find_quote(bytes, from);
        if quote >= block.length {
            // The file ends inside the quotes, which the cutter refuses; here the text simply ends.
            rewritten.extend_from_slice(&bytes[from..block.length]);
            return (
                Field {
                    value: Cow::Owned(rewritten),
                    packed: None,
                },
                block.length,
            );
        }
        if bytes[quote + 1] == b'"' && quote + 1 < block.length {
            rewritten.extend_from_slice(&bytes[from..=quote]);
            from = quote + 2;
            *quotes += 2;
            continue;
        }
        *quotes += 1;
        // What follows a closing quote belongs to the field as it stands: `"a"b` is `ab`.
        let end = ends.find(bytes, quote + 1).min(block.length);
        if rewritten.is_empty() && end == quote + 1 {
            return (plain(bytes, from, quote), end);
        }
        rewritten.extend_from_slice(&bytes[from..quote]);
        rewritten.extend_from_slice(&bytes[quote + 1..end]);
        return (
            Field {
                value: Cow::Owned(rewritten),
                packed: None,
            },
            end,
        );
    }
}

/// How many lines end in `text`; `\r\n` is one end.
pub(super) fn line_ends(text: &[u8]) -> u64 {
    let mut ends = 0;
    for (index, byte) in text.iter().enumerate() {
        let counts = match byte {
            b'\n' => true,
            b'\r' => text.get(index + 1) != Some(&b'\n'),
            _ => false,
        };
        ends += u64::from(counts);
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All records of a text.
    fn records(text: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
        let block = Block::new(text.to_vec());
        let mut records = Vec::new();
        let mut next = 0;
        while let Some(from) = start(&block, next) {
            let mut record = Vec::new();
            let read = read::<()>(&block, Ends::new(delimiter), from, |_, field| {
                if let Some(packed) = field.packed {
                    assert_eq!(&packed.to_le_bytes()[..field.value.len()], field.value.as_ref());
                    assert_eq!(packed & !MASKS[field.value.len()], 0);
                }
                record.push(field.value.into_owned());
                Ok(())
            })
            .unwrap();
            assert_eq!(read.fields, record.len());
            records.push(record);
            next = read.next;
        }
        records
    }

    /// The same by the `csv` crate.
    fn expected(text: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text);
        reader
            .byte_records()
            .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
            .collect()
    }

    #[test]
    fn odd_quotes_are_read_as_the_csv_crate_reads_them() {
        for text in [
            "a,b\n1,2",
            "a,b,\n",
            "a,",
            ",",
            "\"\"",
            "\"a\"b,c",
            "a\"b\",c",
            "\"a\"\"b\"\n",
            "\"a\nb\",c\r\nd",
            "\"\"\"\"",
            "a\r\rb\n\n\rc",
            "\"a\" ,b",
            " \"a\",b",
            "\"ab",
            "\"a\"\"",
            "\"a\"\"b",
            "\"a\"\"\"",
            "a,\"",
            "é,\"ü\nß\"",
            "\r\n",
            "",
        ] {
            assert_eq!(
                records(text.as_bytes(), b','),
                expected(text.as_bytes(), b','),
                "{text:?}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]
        #[test]
        fn any_bytes_are_read_as_the_csv_crate_reads_them(
            text in prop::collection::vec(prop::sample::select(b"ab\"\",,;\n\r\x00\xc3\x80\x8a\x8d".to_vec()), 0..60),
            delimiter in prop::sample::select(b",;".to_vec()),
        ) {
            prop_assert_eq!(records(&text, delimiter), expected(&text, delimiter));
        }
    }

    #[test]
    fn line_ends_count_once_each() {
        assert_eq!(line_ends(b"a\nb\r\nc\rd\r\r\n"), 5);
    }
}
