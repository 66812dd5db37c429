//! This module cuts a file into blocks that start and stop at records.

use std::io::{self, Read};

use memchr::{memchr_iter, memrchr2};

use super::record::Block;

/// A record longer than this is a quote that was never closed, not a record.
const LONGEST_RECORD: usize = 64 << 20;

/// How quotes are followed to find where records end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// As if every quote opened, closed or doubled: then a line end outside of quotes is one with an even number
    /// of quotes before it, and counting them is some thirty times faster than following them. Whoever reads
    /// a block has to check that it was so: see [`FieldEnds::ordinary_quotes`](super::fields::FieldEnds).
    Counted,
    /// One by one, so that a quote inside of an unquoted field is the ordinary letter that it is.
    Followed,
}

/// Reads a file block by block. Only this part sees the file in order; what happens inside a block does not
/// depend on the blocks before it.
#[derive(Debug)]
pub(super) struct Cutter<R> {
    source: R,
    delimiter: u8,
    quotes: Quotes,
    /// How many bytes a block has, more or less.
    size: usize,
    /// The start of a record that was read with the last block.
    rest: Vec<u8>,
    /// How many bytes all blocks before had.
    given: u64,
}

/// Why there is no next block.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// A quote was opened at this offset of the text that follows the last block, and not closed.
    Unclosed(usize),
    /// No record ends for a long while.
    Endless,
}

impl<R: Read> Cutter<R> {
    /// Blocks of about `size` bytes of `source`, which stands at the start of a record.
    pub(super) fn new(source: R, delimiter: u8, quotes: Quotes, size: usize) -> Self {
        Self {
            source,
            delimiter,
            quotes,
            size: size.max(1),
            rest: Vec::new(),
            given: 0,
        }
    }

    /// The next block, in the memory of an old one; nothing at the end of the file. On an error about the text,
    /// the text is in the returned memory.
    pub(super) fn next(&mut self, old: Block) -> Result<Option<Block>, (Stop, Vec<u8>)> {
        let mut text = old.into_memory();
        text.clear();
        text.append(&mut self.rest);
        let mut wanted = self.size.max(text.len() + 1);
        loop {
            let missing = wanted - text.len();
            match self.source.by_ref().take(missing as u64).read_to_end(&mut text) {
                Err(error) => return Err((Stop::Unreadable(error), text)),
                Ok(read) if read < missing => {
                    // The file ends here.
                    return match self.cut(&text) {
                        Cut { open: Some(quote), .. } => Err((Stop::Unclosed(quote), text)),
                        _ if text.is_empty() => Ok(None),
                        _ => Ok(Some(self.block(text))),
                    };
                }
                Ok(_) => {}
            }
            let Cut { end, open } = self.cut(&text);
            if let Some(end) = end {
                self.rest.extend_from_slice(&text[end..]);
                text.truncate(end);
                return Ok(Some(self.block(text)));
            }
            if text.len() >= LONGEST_RECORD {
                return Err((open.map_or(Stop::Endless, Stop::Unclosed), text));
            }
            wanted = text.len() * 2;
        }
    }
}

impl<R> Cutter<R> {
    fn block(&mut self, text: Vec<u8>) -> Block {
        let start = self.given;
        self.given += text.len() as u64;
        let mut block = Block::new(text);
        block.start = start;
        block
    }

    fn cut(&self, text: &[u8]) -> Cut {
        match self.quotes {
            Quotes::Counted => counted(text),
            Quotes::Followed => followed(text, self.delimiter),
        }
    }
}

/// Where a text that starts at a record can be cut.
#[derive(Debug, PartialEq)]
struct Cut {
    /// After the last record that surely ends in it.
    end: Option<usize>,
    /// The quote that is open at its end.
    open: Option<usize>,
}

/// Finds the last line end with an even number of quotes before it.
fn counted(text: &[u8]) -> Cut {
    let count = |text: &[u8]| memchr_iter(b'"', text).count();
    let total = count(text);
    // Which quote is open is not known, and nobody asks: the file is then read again with its quotes followed.
    let open = (total % 2 == 1).then_some(0);
    let mut before = total;
    let mut stretch = without_half_end(text);
    while let Some(last) = last_line_end(stretch) {
        before -= count(&stretch[last..]);
        if before.is_multiple_of(2) {
            return Cut {
                end: Some(last + 1),
                open,
            };
        }
        stretch = &stretch[..last];
    }
    Cut { end: None, open }
}

/// Follows the quotes of `text` and finds its last record end, in a single pass over the quotes.
fn followed(text: &[u8], delimiter: u8) -> Cut {
    let mut end = None;
    // The quote that is open, and where the stretch since the last quoted field starts.
    let mut open = None;
    let mut from = 0;
    for quote in memchr_iter(b'"', text) {
        if quote < from {
            // The second of two quotes inside of quotes.
            continue;
        }
        if open.is_some() {
            if text.get(quote + 1) == Some(&b'"') {
                from = quote + 2;
            } else {
                open = None;
                from = quote + 1;
            }
            continue;
        }
        let opens = match quote.checked_sub(1).map(|before| text[before]) {
            None | Some(b'\n' | b'\r') => true,
            Some(before) => before == delimiter,
        };
        // A quote that does not start a field is an ordinary letter.
        if opens {
            if let Some(last) = last_line_end(&text[from..quote]) {
                end = Some(from + last + 1);
            }
            open = Some(quote);
            from = quote + 1;
        }
    }
    if open.is_none()
        && let Some(last) = last_line_end(without_half_end(&text[from..]))
    {
        end = Some(from + last + 1);
    }
    Cut { end, open }
}

/// A `\r` at the end of a text may be half of a `\r\n`, so it does not count.
fn without_half_end(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\r").unwrap_or(text)
}

/// The last line end of a stretch without quoted fields.
fn last_line_end(stretch: &[u8]) -> Option<usize> {
    // Between two quoted fields there is one byte, for which calling a search costs too much.
    match stretch {
        [] => None,
        [b'\n' | b'\r'] => Some(0),
        [_] => None,
        _ => memrchr2(b'\n', b'\r', stretch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str, quotes: Quotes, size: usize) -> Vec<String> {
        let mut cutter = Cutter::new(text.as_bytes(), b',', quotes, size);
        let mut blocks = Vec::new();
        while let Some(block) = cutter.next(Block::default()).unwrap() {
            blocks.push(String::from_utf8(block.text().to_vec()).unwrap());
        }
        blocks
    }

    #[test]
    fn blocks_stop_at_records_and_join_to_the_text() {
        let text = "a,\"x\ny\"\r\nb,\"\"\"\n\"\rc,d\ne,\"f\"";
        for (size, quotes) in (1..40).flat_map(|size| [(size, Quotes::Counted), (size, Quotes::Followed)]) {
            let parts = blocks(text, quotes, size);
            assert_eq!(parts.concat(), text, "size {size}");
            for part in &parts[..parts.len() - 1] {
                assert!(
                    part.ends_with(['\n', '\r']) && !part.ends_with("x\n"),
                    "size {size}: {part:?}"
                );
            }
            assert!(
                parts.iter().all(|part| !part.starts_with('\n')),
                "size {size}: a `\\r\\n` was cut in two"
            );
        }
        assert!(blocks(text, Quotes::Followed, 4).len() >= 3);
    }

    #[test]
    fn an_ordinary_quote_needs_following() {
        let text = "5\" pipe,a\n6,b\n7,c\n";
        assert!(blocks(text, Quotes::Followed, 1).len() >= 2);
        assert!(
            Cutter::new(text.as_bytes(), b',', Quotes::Counted, 1)
                .next(Block::default())
                .is_err()
        );
    }

    #[test]
    fn an_open_quote_is_found() {
        let mut cutter = Cutter::new("a,b\nc,\"d\ne,f\n".as_bytes(), b',', Quotes::Followed, 4);
        let first = cutter.next(Block::default()).unwrap().unwrap();
        assert_eq!(first.text(), b"a,b\n");
        let (stop, text) = cutter.next(first).unwrap_err();
        assert!(matches!(stop, Stop::Unclosed(2)), "{stop:?}");
        assert_eq!(text, b"c,\"d\ne,f\n");
    }
}
