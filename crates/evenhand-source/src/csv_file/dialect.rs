//! This module finds out what separates the fields of a text, and sketches its records.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use evenhand_measure::Problem;

use super::record::{self, Block, Ends};

/// What separates fields, of equally likely ones the first. A colon is in too many times of day to be guessed.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// So much of a text tells how it is laid out, and so many records where they are long.
const ENOUGH: usize = 64 << 10;
const ENOUGH_RECORDS: usize = 8;

/// A record, as a sketch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outline {
    /// Where it starts.
    pub(super) from: usize,
    /// Where the next may start.
    pub(super) next: usize,
    pub(super) fields: usize,
    /// How many fields are not empty.
    pub(super) filled: usize,
    /// Whether a blank line comes before it.
    pub(super) after_gap: bool,
}

/// The first records of a text, if this separates its fields.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    pub(super) delimiter: u8,
    pub(super) records: Vec<Outline>,
    /// How many fields most records have that have more than one.
    pub(super) usual: usize,
}

/// What an early version of Excel, and all since, take for the delimiter: the line `sep=;`. Also says where the text
/// behind it starts.
pub(super) fn announced(text: &[u8]) -> Option<(u8, usize)> {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    let line = &text[..end];
    let line = line
        .strip_prefix(b"\"")
        .and_then(|line| line.strip_suffix(b"\""))
        .unwrap_or(line);
    let (word, delimiter) = line.split_at_checked(4)?;
    let next = end + if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
    match delimiter {
        [delimiter] if word.eq_ignore_ascii_case(b"sep=") && can_delimit(*delimiter) => Some((*delimiter, next)),
        _ => None,
    }
}

fn can_delimit(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\n' | b'\r' | 0)
}

/// The delimiter that somebody declared.
pub(super) fn declared(name: &str, delimiter: char) -> Result<u8, Problem> {
    let byte = u8::try_from(delimiter).ok().filter(|byte| can_delimit(*byte));
    byte.ok_or_else(|| {
        Problem::usage(
            format!("{name}: `{}` cannot separate fields", delimiter.escape_default()),
            "give an ASCII character that is no letter, digit or quote, such as `--delimiter ';'`, or `--delimiter tab`",
        )
    })
}

/// The sketch of what comes from `from` on, with the likeliest delimiter.
pub(super) fn likeliest(block: &Block, from: usize, is_whole: bool) -> Sketch {
    let sketches = DELIMITERS.map(|delimiter| Sketch::of(block, from, is_whole, delimiter));
    let most = sketches
        .iter()
        .filter(|sketch| sketch.is_table(block))
        .map(Sketch::usual_records)
        .max();
    let best = sketches
        .iter()
        .enumerate()
        // A few records with too many or too few fields are no reason to take another delimiter.
        .filter(|(_, sketch)| sketch.is_table(block) && sketch.usual_records() * 5 >= most.unwrap_or(0) * 4)
        .min_by_key(|(place, sketch)| {
            (
                sketch.start(),
                Reverse(sketch.usual_records()),
                Reverse(sketch.usual),
                *place,
            )
        });
    // A single column has a delimiter that is not in it.
    let is_single = |sketch: &&Sketch| sketch.records.iter().all(|record| record.fields == 1);
    let best = best
        .map(|(_, sketch)| sketch)
        .or_else(|| sketches.iter().find(is_single));
    best.unwrap_or(&sketches[0]).clone()
}

impl Sketch {
    /// The records from `from` on, as far as they tell something.
    pub(super) fn of(block: &Block, from: usize, is_whole: bool, delimiter: u8) -> Self {
        let mut records = Vec::new();
        let mut next = from;
        while let Some(start) = record::start(block, next) {
            if start - from > ENOUGH && records.len() >= ENOUGH_RECORDS {
                break;
            }
            let (mut fields, mut filled) = (0, 0);
            let read = record::read(block, Ends::new(delimiter), start, |_, field| {
                fields += 1;
                filled += usize::from(!field.value.trim_ascii().is_empty());
                Ok::<(), Problem>(())
            });
            // The last may be cut.
            let Some(read) = read.ok().filter(|read| is_whole || read.next < block.text().len()) else {
                break;
            };
            records.push(Outline {
                from: start,
                next: read.next,
                fields,
                filled,
                after_gap: start > next,
            });
            next = read.next;
        }
        let usual = usual(&records);
        Self {
            delimiter,
            records,
            usual,
        }
    }

    /// The first of two records in a row that have the usual number of fields.
    fn first(&self) -> usize {
        let is_usual = |record: &Outline| record.fields == self.usual;
        let pair = self.records.windows(2).position(|pair| pair.iter().all(is_usual));
        pair.or_else(|| self.records.iter().position(is_usual)).unwrap_or(0)
    }

    /// Where that starts.
    fn start(&self) -> usize {
        self.records.get(self.first()).map_or(0, |record| record.from)
    }

    /// How many records have the usual number of fields.
    fn usual_records(&self) -> usize {
        self.records.iter().filter(|record| record.fields == self.usual).count()
    }

    /// Whether this delimiter makes a table of the text.
    fn is_table(&self, block: &Block) -> bool {
        let rest = self.records.len() - self.first();
        let has_header = self.records.first().is_some_and(|record| record.fields > 1);
        self.usual > 1 && (self.usual_records() * 2 >= rest || has_header) && !self.is_fractions(block)
    }

    /// Whether the delimiter is only found in numbers such as 0,5.
    fn is_fractions(&self, block: &Block) -> bool {
        let is_fraction = |record: &Outline| {
            let text = block.text()[record.from..record.next].trim_ascii();
            text.iter()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-'))
        };
        let mut several = self.records.iter().filter(|record| record.fields > 1);
        self.delimiter == b',' && self.usual == 2 && several.all(is_fraction)
    }
}

/// Of numbers of fields above one, the most frequent, and of equally frequent ones the first.
fn usual(records: &[Outline]) -> usize {
    let mut times: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (index, record) in records.iter().enumerate().filter(|(_, record)| record.fields > 1) {
        times.entry(record.fields).or_insert((0, index)).0 += 1;
    }
    let usual = times
        .into_iter()
        .max_by_key(|(_, (times, first))| (*times, Reverse(*first)));
    usual.map_or(1, |(fields, _)| fields)
}
