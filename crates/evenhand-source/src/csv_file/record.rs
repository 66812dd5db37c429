//! This module walks through the records of a block of CSV text, as the `csv` crate understands them: a quote
//! opens only at the start of a field, two quotes inside are one, and `\n`, `\r` and `\r\n` all end a record.
//!
//! It exists beside that crate because fields are handed out without a copy, and because it is what
//! [`fields`](super::fields) is held to.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

use super::fields::WORD;

/// How many bytes follow the text of a [`Block`], so that reading ahead needs no care.
const PAD: usize = WORD;

/// Text that starts at a record and, unless the file ends, stops after one.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The text, then `PAD` line ends, which stop every search.
    bytes: Vec<u8>,
    length: usize,
    /// How many bytes come before it in the text of all blocks.
    pub(super) start: u64,
}

impl Block {
    /// A block of this text.
    pub(super) fn new(mut text: Vec<u8>) -> Self {
        let length = text.len();
        text.resize(length + PAD, b'\n');
        Self {
            bytes: text,
            length,
            start: 0,
        }
    }

    /// The text.
    pub(super) fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The text with at least one line end after it, word by word.
    pub(super) fn words(&self) -> &[[u8; WORD]] {
        self.bytes[..(self.length / WORD + 1) * WORD].as_chunks().0
    }

    /// The text and what follows it.
    pub(super) fn padded(&self) -> &[u8] {
        &self.bytes
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
}

/// The fields that were read, and where the next record may start.
#[derive(Debug, PartialEq)]
pub(super) struct Read {
    pub(super) fields: usize,
    pub(super) next: usize,
}

/// Fields end at one of these.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    delimiter: u8,
}

impl Ends {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter }
    }

    /// What separates fields.
    pub(super) fn delimiter(self) -> u8 {
        self.delimiter
    }

    /// The first delimiter or line end at or after `from`; the padding of a block has one.
    fn find(self, bytes: &[u8], from: usize) -> usize {
        memchr3(self.delimiter, b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |found| from + found)
    }
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
    loop {
        let (value, end) = field(block, ends, at);
        take(fields, Field { value })?;
        fields += 1;
        if end >= block.length {
            return Ok(Read {
                fields,
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
            next: next.min(block.length),
        });
    }
}

/// The text of the field that starts at `from`, without quotes, and where it ends.
pub(super) fn field<'a>(block: &'a Block, ends: Ends, from: usize) -> (Cow<'a, [u8]>, usize) {
    let bytes = &block.bytes;
    if bytes[from] == b'"' && from < block.length {
        return quoted(block, ends, from);
    }
    let end = ends.find(bytes, from);
    (Cow::Borrowed(&bytes[from..end]), end)
}

/// The field that opens with the quote at `open`.
fn quoted<'a>(block: &'a Block, ends: Ends, open: usize) -> (Cow<'a, [u8]>, usize) {
    let bytes = &block.bytes;
    let mut rewritten: Vec<u8> = Vec::new();
    let mut from = open + 1;
    loop {
        let Some(quote) = memchr(b'"', &bytes[from..block.length]).map(|found| from + found) else {
            // The file ends inside the quotes, which the cutter refuses; here the text simply ends.
            rewritten.extend_from_slice(&bytes[from..block.length]);
            return (Cow::Owned(rewritten), block.length);
        };
        if bytes[quote + 1] == b'"' && quote + 1 < block.length {
            rewritten.extend_from_slice(&bytes[from..=quote]);
            from = quote + 2;
            continue;
        }
        // What follows a closing quote belongs to the field as it stands: `"a"b` is `ab`.
        let end = ends.find(bytes, quote + 1).min(block.length);
        if rewritten.is_empty() && end == quote + 1 {
            return (Cow::Borrowed(&bytes[from..quote]), end);
        }
        rewritten.extend_from_slice(&bytes[from..quote]);
        rewritten.extend_from_slice(&bytes[quote + 1..end]);
        return (Cow::Owned(rewritten), end);
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
pub(super) mod tests {
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
    pub(in crate::csv_file) fn expected(text: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
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

    /// Texts that readers disagree about.
    pub(in crate::csv_file) const ODD: &[&str] = &[
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
    ];

    #[test]
    fn odd_quotes_are_read_as_the_csv_crate_reads_them() {
        for text in ODD {
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
