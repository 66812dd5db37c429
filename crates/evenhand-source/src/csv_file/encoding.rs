//! This module finds out how the letters of a text are stored: as declared, as its first bytes say, or by looking.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};
use evenhand_measure::Problem;
use memchr::{memchr, memmem};

use super::source::Sample;

/// How letters are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// Any way that the WHATWG Encoding Standard has.
    Known(&'static Encoding),
    /// UTF-32, which it does not have, with the smallest byte of a letter first or last.
    Utf32 { smallest_first: bool },
}

/// How that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Somebody said so.
    Declared,
    /// The text starts with the mark of it, whatever was said.
    Mark,
    /// Nothing else fits.
    Seen,
    /// It is the likeliest.
    Guessed,
}

/// How the letters of a text are stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) letters: Letters,
    pub(super) how: How,
    /// How many bytes the mark at its start has, which is no part of the text.
    pub(super) mark: usize,
    /// Where a byte is that does not go with the rest, of which there is more.
    pub(super) stray: Option<u64>,
    /// Whether it is UTF-8 whatever somebody said.
    pub(super) is_utf_8: bool,
}

impl Letters {
    pub(super) const UTF_8: Self = Self::Known(UTF_8);

    /// Its name, as `--encoding` takes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Known(encoding) => encoding.name(),
            Self::Utf32 { smallest_first: true } => "UTF-32LE",
            Self::Utf32 { smallest_first: false } => "UTF-32BE",
        }
    }

    /// The one of this name, in any of its spellings.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "utf-8-sig" => Some(Self::UTF_8),
            "utf-32" | "utf32" | "utf-32le" | "utf32le" => Some(Self::Utf32 { smallest_first: true }),
            "utf-32be" | "utf32be" => Some(Self::Utf32 { smallest_first: false }),
            // The standard's name for it has no dash after the letters of Windows.
            other => Encoding::for_label_no_replacement(other.as_bytes())
                .or_else(|| Encoding::for_label_no_replacement(other.replacen("cp", "windows-", 1).as_bytes()))
                .map(Self::Known),
        }
    }
}

/// Finds out how the letters of a text are stored, of which these are some.
///
/// # Errors
/// When what was declared is not known, or the bytes are no letters.
pub(super) fn find(name: &str, sample: &Sample, declared: Option<&str>) -> Result<Found, Problem> {
    let label = declared.unwrap_or_default();
    let declared = declared.map(|label| Letters::named(label).ok_or_else(|| unknown(name, label)));
    let declared = declared.transpose()?;
    if let Some((mark, letters)) = mark(&sample.start) {
        // Whoever names UTF-16 or UTF-32 leaves the order of the bytes to the mark.
        let says_so = |declared| declared == letters || letters.name().eq_ignore_ascii_case(&format!("{label}be"));
        let how = if declared.is_none_or(says_so) {
            How::Seen
        } else {
            How::Mark
        };
        return Ok(found(letters, how, mark.len()));
    }
    if let Some(letters) = declared {
        let seen = Seen::of(sample);
        let is_single = matches!(letters, Letters::Known(encoding) if encoding != UTF_16LE && encoding != UTF_16BE);
        return Ok(Found {
            stray: (letters == Letters::UTF_8).then_some(seen.first).flatten(),
            // Letters of other encodings hardly ever are such of UTF-8 by chance.
            is_utf_8: is_single && letters != Letters::UTF_8 && !sample.is_ascii() && seen.letters >= seen.strays,
            ..found(letters, How::Declared, 0)
        });
    }
    if memchr(0, &sample.start).is_some() {
        // Other zero bytes are refused where the text is looked at.
        let letters = by_zeros(&sample.start, sample.is_whole);
        let how = if letters.is_some() { How::Guessed } else { How::Seen };
        return Ok(found(letters.unwrap_or(Letters::UTF_8), how, 0));
    }
    let seen = Seen::of(sample);
    if seen.strays == 0 {
        // Its escapes are plain ASCII.
        let is_japanese = memmem::find(&sample.start, b"\x1b$").is_some() && guessed(sample) == ISO_2022_JP;
        return Ok(match is_japanese {
            true => found(Letters::Known(ISO_2022_JP), How::Guessed, 0),
            false => found(Letters::UTF_8, How::Seen, 0),
        });
    }
    if seen.letters >= seen.strays {
        // Somebody cut letters in two, or pasted other text in. What is read of it is checked there.
        return Ok(Found {
            stray: seen.first,
            ..found(Letters::UTF_8, How::Seen, 0)
        });
    }
    refuse_noise(name, sample)?;
    Ok(found(Letters::Known(guessed(sample)), How::Guessed, 0))
}

fn found(letters: Letters, how: How, mark: usize) -> Found {
    Found {
        letters,
        how,
        mark,
        stray: None,
        is_utf_8: false,
    }
}

/// The mark at the start of a text, and what it says.
fn mark(start: &[u8]) -> Option<(&'static [u8], Letters)> {
    const SMALL_FIRST: Letters = Letters::Utf32 { smallest_first: true };
    const LARGE_FIRST: Letters = Letters::Utf32 { smallest_first: false };
    // That of UTF-32 starts as that of UTF-16 does.
    let marks: [(&[u8], Letters); 5] = [
        (b"\xef\xbb\xbf", Letters::UTF_8),
        (b"\xff\xfe\0\0", SMALL_FIRST),
        (b"\0\0\xfe\xff", LARGE_FIRST),
        (b"\xff\xfe", Letters::Known(UTF_16LE)),
        (b"\xfe\xff", Letters::Known(UTF_16BE)),
    ];
    marks.into_iter().find(|(mark, _)| start.starts_with(mark))
}

/// What text without a mark is that has so many zero bytes, if it is text of several bytes per letter.
fn by_zeros(start: &[u8], is_whole: bool) -> Option<Letters> {
    /// So much of it tells.
    const ENOUGH: usize = 64 << 10;
    let zeros = start.iter().filter(|byte| **byte == 0).count();
    // Text of single bytes in which something left a few zero bytes.
    if zeros < 3 || (zeros * 4 < start.len() && std::str::from_utf8(start).is_ok()) {
        return None;
    }
    let bytes = &start[..start.len().min(ENOUGH)];
    let all = [
        Letters::Utf32 { smallest_first: true },
        Letters::Utf32 { smallest_first: false },
        Letters::Known(UTF_16LE),
        Letters::Known(UTF_16BE),
    ];
    let is_cut = !is_whole || bytes.len() < start.len();
    all.into_iter().find(|letters| is_table_in(*letters, bytes, is_cut))
}

/// Whether these bytes are a table of letters in these: all of them are letters, with line ends and delimiters.
fn is_table_in(letters: Letters, bytes: &[u8], is_cut: bool) -> bool {
    let units: Vec<u32> = match letters {
        Letters::Utf32 { smallest_first } => {
            let unit = |unit: &[u8; 4]| match smallest_first {
                true => u32::from_le_bytes(*unit),
                false => u32::from_be_bytes(*unit),
            };
            let (units, rest) = bytes.as_chunks();
            if !rest.is_empty() && !is_cut {
                return false;
            }
            units.iter().map(unit).collect()
        }
        Letters::Known(encoding) => {
            let unit = |unit: &[u8; 2]| match encoding == UTF_16LE {
                true => u16::from_le_bytes(*unit),
                false => u16::from_be_bytes(*unit),
            };
            let (units, rest) = bytes.as_chunks();
            if !rest.is_empty() && !is_cut {
                return false;
            }
            let decoded = char::decode_utf16(units.iter().map(unit));
            decoded
                .map(|letter| letter.map_or(u32::MAX, |letter| letter as u32))
                .collect()
        }
    };
    // Half of a letter may be left at the end.
    let last = units.len().saturating_sub(1);
    let is_letter = |(index, unit): (usize, &u32)| {
        (*unit != 0 && char::from_u32(*unit).is_some()) || (is_cut && index == last && *unit == u32::MAX)
    };
    let is_one_of = |letters: &str| units.iter().any(|unit| letters.chars().any(|one| one as u32 == *unit));
    units.iter().enumerate().all(is_letter) && is_one_of("\n\r") && is_one_of(",;\t|")
}

/// What was seen of a text that may be UTF-8.
struct Seen {
    /// Letters of several bytes.
    letters: usize,
    /// Bytes that are part of none.
    strays: usize,
    /// Where the first of those is.
    first: Option<u64>,
}

impl Seen {
    fn of(sample: &Sample) -> Self {
        let mut seen = Self {
            letters: 0,
            strays: 0,
            first: None,
        };
        let mut parts = vec![(0, sample.start.as_slice(), sample.is_whole)];
        for (from, bytes) in &sample.elsewhere {
            // The place may start within a letter.
            let within = bytes
                .iter()
                .take(3)
                .take_while(|byte| (0x80..0xc0).contains(*byte))
                .count();
            parts.push((from + within as u64, &bytes[within..], false));
        }
        // Nearly all text is good, and then nothing is counted.
        let is_odd = |(_, bytes, _): &(u64, &[u8], bool)| std::str::from_utf8(bytes).is_err();
        if parts.iter().any(is_odd) {
            parts
                .into_iter()
                .for_each(|(from, bytes, is_end)| seen.add(from, bytes, is_end));
        }
        seen
    }

    fn add(&mut self, from: u64, bytes: &[u8], is_end: bool) {
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            at += chunk.valid().len();
            self.letters += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
            let invalid = chunk.invalid();
            let is_cut = at + invalid.len() == bytes.len() && !is_end && is_start_of_letter(invalid);
            if !invalid.is_empty() && !is_cut {
                self.strays += 1;
                self.first.get_or_insert(from + at as u64);
            }
            at += invalid.len();
        }
    }
}

/// Whether more bytes could make a letter of these.
fn is_start_of_letter(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// The likeliest encoding that is not UTF-8.
fn guessed(sample: &Sample) -> &'static Encoding {
    /// So much text with strange letters tells as much as all of it.
    const ENOUGH: usize = 64 << 10;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut fed = 0;
    let parts = std::iter::once(&sample.start).chain(sample.elsewhere.iter().map(|(_, bytes)| bytes));
    for line in parts.flat_map(|bytes| bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r'))) {
        if fed > ENOUGH {
            break;
        }
        // Lines without strange letters say nothing.
        if !line.is_ascii() || line.contains(&0x1b) {
            let part = &line[..line.len().min(ENOUGH)];
            detector.feed(part, false);
            fed += part.len();
        }
    }
    detector.guess(None, Utf8Detection::Deny)
}

/// Text has hardly any control characters, and anything else many.
fn refuse_noise(name: &str, sample: &Sample) -> Result<(), Problem> {
    let is_noise = |byte: &u8| matches!(byte, 1..=8 | 14..=25 | 28..=31 | 127);
    let noise = sample.start.iter().filter(|byte| is_noise(byte)).count();
    if noise * 100 <= sample.start.len() {
        return Ok(());
    }
    let offset = sample.start.iter().position(is_noise).unwrap_or(0);
    Err(not_text(name, offset, "a control character"))
}

/// The problem of bytes that are no letters in any encoding.
pub(super) fn not_text(name: &str, offset: usize, what: &str) -> Problem {
    Problem::data(
        format!("{name} is not text: {what} at offset {offset}"),
        "save the file as \"CSV UTF-8\"; if it is UTF-16, say so with `--encoding utf-16le` or `utf-16be`",
    )
}

fn unknown(name: &str, label: &str) -> Problem {
    Problem::usage(
        format!("{name}: `{label}` is no encoding that is known"),
        "name one as the WHATWG Encoding Standard does, such as `--encoding windows-1252`, `iso-8859-2`, `utf-16le`, \
         `shift_jis` or `gb18030`",
    )
}

/// The problem of bytes at this offset that are no letters where the text is said to be in these.
pub(super) fn undecodable(name: &str, line: u64, offset: u64, found: &Found) -> Problem {
    let encoding = found.letters.name();
    let help = match found.how {
        How::Declared => format!(
            "name the encoding that it is really in; without `--encoding {encoding}`, it is found out as far as \
             possible"
        ),
        How::Mark | How::Seen => "export the file again: it is damaged".to_owned(),
        How::Guessed => format!(
            "{encoding} was guessed: name the right one with --encoding NAME; `--encoding windows-1252` reads any byte \
             as some letter"
        ),
    };
    Problem::data(
        format!("{name}, line {line}: the bytes at offset {offset} are no letter in {encoding}"),
        help,
    )
}
