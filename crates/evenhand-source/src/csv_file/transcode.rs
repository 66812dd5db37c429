//! This module writes a text down in UTF-8 that is in other letters, once, in bounded memory.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};
use evenhand_measure::Problem;

use super::encoding::{Found, Letters, undecodable};
use super::record::line_ends;
use super::source::{Source, keep, too_long};
use super::text;
use crate::input::{File, Keeper, Kept, unreadable};

/// So many bytes are rewritten at a time.
const PART: usize = 64 << 10;

/// So many words with strange letters are shown.
const WORDS: usize = 3;

/// Words with strange letters, by which people see whether they were read right.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) shown: Vec<String>,
    /// Whether there was any letter that is no ASCII.
    pub(super) any: bool,
}

/// The text of `source` in UTF-8 and without its mark.
pub(super) fn transcode(source: &Source<'_>, found: &Found) -> Result<(Kept, Words), Problem> {
    let input = source.input;
    let stopped = |error: io::Error| {
        let damage = text::damage(input, source.compression);
        damage.unwrap_or_else(|| unreadable(input.path(), &error))
    };
    let most = source.most_written()?;
    let mut stream = source.stream()?;
    let mark = found.mark as u64;
    io::copy(&mut stream.by_ref().take(mark), &mut io::sink()).map_err(stopped)?;
    let mut decoding = Decoding::new(found.letters, mark);
    let mut keeper = Keeper::default();
    let mut words = Words::default();
    let mut part = vec![0; PART];
    let mut text = Vec::with_capacity(PART * 3);
    loop {
        let read = match stream.read(&mut part) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(stopped(error)),
        };
        text.clear();
        let decoded = decoding.decode(&part[..read], read == 0, &mut text);
        keep(&mut keeper, &text)?;
        if let Err(offset) = decoded {
            let line = 1 + lines(&keeper.finish()).map_err(stopped)?;
            return Err(undecodable(&input.shown(), line, offset, found));
        }
        words.see(&text);
        if keeper.length() > most {
            let packed = source.compression.map_or("", |packed| packed.name());
            return Err(too_long(&input.shown(), packed));
        }
        if read == 0 {
            return Ok((keeper.finish(), words));
        }
    }
}

/// How many lines end in a text.
fn lines(kept: &Kept) -> io::Result<u64> {
    let mut text = File::Kept(kept.clone(), 0);
    let mut part = vec![0; PART];
    let mut lines = 0;
    let mut was_return = false;
    loop {
        let read = text.read(&mut part)?;
        if read == 0 {
            return Ok(lines);
        }
        let part = &part[..read];
        // The two halves of one line end.
        lines += line_ends(part) - u64::from(was_return && part.starts_with(b"\n"));
        was_return = part.ends_with(b"\r");
    }
}

/// Letters on the way to UTF-8.
struct Decoding {
    decoder: Result<Decoder, Wide>,
    /// How many bytes came before those that are decoded.
    before: u64,
}

/// Letters of four bytes.
struct Wide {
    smallest_first: bool,
    /// The start of a letter.
    rest: Vec<u8>,
}

impl Decoding {
    fn new(letters: Letters, before: u64) -> Self {
        let decoder = match letters {
            Letters::Known(encoding) => Ok(encoding.new_decoder_without_bom_handling()),
            Letters::Utf32 { smallest_first } => Err(Wide {
                smallest_first,
                rest: Vec::new(),
            }),
        };
        Self { decoder, before }
    }

    /// Appends these bytes as UTF-8 to `out`; the error is the offset of the first that are no letter.
    fn decode(&mut self, bytes: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), u64> {
        let before = self.before;
        self.before += bytes.len() as u64;
        match &mut self.decoder {
            Ok(decoder) => known(decoder, bytes, is_last, out).map_err(|at| before.saturating_add_signed(at)),
            Err(wide) => wide.decode(bytes, is_last, out, before),
        }
    }
}

/// The same for the encodings of the standard. The offset counts from the start of these bytes, and a letter may have
/// started before them.
fn known(decoder: &mut Decoder, bytes: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), i64> {
    let mut read = 0;
    loop {
        let from = out.len();
        out.resize(from + PART, 0);
        let (result, more, written) =
            decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut out[from..], is_last);
        out.truncate(from + written);
        read += more;
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                return Err(read as i64 - i64::from(length) - i64::from(after));
            }
        }
    }
}

impl Wide {
    fn decode(&mut self, bytes: &[u8], is_last: bool, out: &mut Vec<u8>, before: u64) -> Result<(), u64> {
        let first = before - self.rest.len() as u64;
        self.rest.extend_from_slice(bytes);
        let (units, rest) = self.rest.as_chunks();
        for (index, unit) in units.iter().enumerate() {
            let number = if self.smallest_first {
                u32::from_le_bytes(*unit)
            } else {
                u32::from_be_bytes(*unit)
            };
            let letter = char::from_u32(number).ok_or(first + 4 * index as u64)?;
            out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        if is_last && !rest.is_empty() {
            return Err(first + 4 * units.len() as u64);
        }
        let used = self.rest.len() - rest.len();
        self.rest.drain(..used);
        Ok(())
    }
}

impl Words {
    /// Looks for words in a part of a text.
    fn see(&mut self, part: &[u8]) {
        if (self.any && self.shown.len() == WORDS) || part.is_ascii() {
            return;
        }
        self.any = true;
        let text = String::from_utf8_lossy(part);
        for word in text.split(|letter: char| !letter.is_alphanumeric()) {
            let is_strange = word.chars().any(|letter| !letter.is_ascii() && letter.is_alphabetic());
            if is_strange && self.shown.len() < WORDS && !self.shown.iter().any(|shown| shown == word) {
                self.shown.push(word.to_owned());
            }
        }
        // Strange letters between letters, as in `M‚xico`, are shown where nothing better is.
        if self.shown.is_empty() {
            let word = text.split_whitespace().find(|word| !word.is_ascii());
            self.shown.extend(word.map(str::to_owned));
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, SHIFT_JIS, UTF_16LE};

    use super::*;

    /// The text of these bytes, given in parts of `size`.
    fn decoded(letters: Letters, bytes: &[u8], size: usize) -> Result<String, u64> {
        let mut decoding = Decoding::new(letters, 0);
        let mut out = Vec::new();
        for part in bytes.chunks(size) {
            decoding.decode(part, false, &mut out)?;
        }
        decoding.decode(b"", true, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn parts_may_end_within_letters() {
        let text = "sex,né\r\n日本,𝄞\n";
        let wide = |bytes: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| bytes(c as u32)).collect::<Vec<u8>>();
        let narrow: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for size in 1..9 {
            let small = Letters::Utf32 { smallest_first: true };
            let large = Letters::Utf32 { smallest_first: false };
            assert_eq!(decoded(small, &wide(u32::to_le_bytes), size).unwrap(), text);
            assert_eq!(decoded(large, &wide(u32::to_be_bytes), size).unwrap(), text);
            assert_eq!(decoded(Letters::Known(UTF_16LE), &narrow, size).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_letter_is_found_at_its_first_byte() {
        for size in 1..9 {
            let small = Letters::Utf32 { smallest_first: true };
            assert_eq!(decoded(small, b"a\0\0\0\0\xd8\0\0", size), Err(4));
            assert_eq!(decoded(small, b"a\0\0\0b\0", size), Err(4));
            assert_eq!(decoded(Letters::Known(UTF_16LE), b"a\0\0\xd8b\0", size), Err(2));
            assert_eq!(decoded(Letters::Known(SHIFT_JIS), b"abc\xff\x41", size), Err(3));
            assert_eq!(decoded(Letters::Known(GB18030), b"ab\x81", size), Err(2));
        }
    }
}
