//! This module turns the records of blocks into coded rows and counts them; there is one per thread.

use std::borrow::Cow;

use evenhand_measure::Problem;
use memchr::memchr;

use super::cut::{Cutter, Quotes};
use super::fields::{FieldEnds, Table};
use super::head::Head;
use super::record::{self, Block, Ends};
use super::seen::{Key, Seen, bits};
use super::{stopped, text};
use crate::input::{Input, shown, unreadable};
use crate::kernel::{Batch, Coder, Column, Counter, Partial, Unusable};
use crate::plan::Plan;

/// The slots that each column of the file fills. Most fill none or one.
pub(super) type Targets = Vec<Vec<usize>>;

/// The slots that each of `columns` fills.
pub(super) fn columns_of(plan: &Plan, columns: &[String]) -> Targets {
    let slots = |name: &String| {
        plan.slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.is_read() && slot.column == *name)
            .map(|(index, _)| index)
            .collect()
    };
    columns.iter().map(slots).collect()
}

/// The coders and the counter of one thread.
pub(super) struct Rows<'a> {
    targets: &'a Targets,
    ends: Ends,
    coders: Vec<Coder>,
    /// What recent fields became, for each slot.
    seen: Vec<Seen>,
    counter: Counter,
    batch: Batch,
    batch_rows: usize,
    quotes: Quotes,
    field_ends: FieldEnds,
    /// The codes of a column, before it is known how much room they need.
    codes: Vec<u32>,
    /// Records read, counted apart from the counter.
    records: u64,
}

/// A record that cannot be used.
pub(super) struct Trouble {
    /// Where the record starts in its block.
    pub(super) record: usize,
    pub(super) reason: Reason,
}

/// Why a record cannot be used.
pub(super) enum Reason {
    Value(Unusable),
    Ragged {
        found: usize,
        expected: usize,
    },
    /// The block has quotes that do not quote, so counting them does not tell where records end.
    OrdinaryQuotes,
}

impl Reason {
    /// The problem, with the place where it was found.
    pub(super) fn at(&self, place: &str) -> Problem {
        match self {
            Self::Value(unusable) => unusable.at(place),
            Self::Ragged { found, expected } => ragged(place, *found, *expected),
            Self::OrdinaryQuotes => Problem::data(
                format!("{place}: there are quotes inside of unquoted fields"),
                "please report this as a defect: they should be read as ordinary letters",
            ),
        }
    }
}

pub(super) fn ragged(place: &str, found: usize, expected: usize) -> Problem {
    let fields = if found == 1 { "field" } else { "fields" };
    let fill = if found < expected {
        "; `--ragged fill` takes what is not there for missing"
    } else {
        ""
    };
    Problem::data(
        format!("{place}: the record has {found} {fields}, and the header has {expected}"),
        format!(
            "put text that holds the delimiter or a line end in quotes{fill}; `--ragged leave-out` leaves such records \
             out, and counts them; if it comes after the last record, say `--footer-rows N`, and if the header is another \
             line, `--header-row N`"
        ),
    )
}

impl<'a> Rows<'a> {
    pub(super) fn new(plan: &Plan, targets: &'a Targets, head: &Head, quotes: Quotes, batch_rows: usize) -> Self {
        Self {
            targets,
            ends: Ends::new(head.delimiter),
            coders: plan.slots.iter().map(|slot| Coder::new(slot, &plan.texts)).collect(),
            seen: vec![Seen::default(); plan.slots.len()],
            counter: Counter::new(plan),
            batch: Batch::new(plan),
            batch_rows,
            quotes,
            codes: Vec::new(),
            field_ends: FieldEnds::default(),
            records: 0,
        }
    }

    /// How many records were read.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// Codes and counts the records of a block. Where a problem is in it is only said for certain when rows are
    /// counted one by one.
    pub(super) fn read(&mut self, block: &Block) -> Result<(), Trouble> {
        if self.batch_rows == 1 {
            return self.read_one_by_one(block);
        }
        let columns = self.targets.len();
        // A record has at least one byte, so numbers from the block's place on are below the next block's.
        let mut first = block.start;
        let has_quotes = memchr(b'"', block.text()).is_some();
        let mut field_ends = std::mem::take(&mut self.field_ends);
        field_ends.restart(has_quotes);
        while field_ends.advance(block, self.ends) {
            if self.quotes == Quotes::Counted && field_ends.ordinary_quotes() {
                return Err(Trouble {
                    record: 0,
                    reason: Reason::OrdinaryQuotes,
                });
            }
            let table = field_ends
                .table(block.padded(), columns)
                .map_err(|from| self.first_ragged(block, from))?;
            let coded = if has_quotes {
                self.code::<true>(block, table)
            } else {
                self.code::<false>(block, table)
            };
            self.batch.rows = field_ends.records();
            self.batch.first = Some(first);
            first += field_ends.records() as u64;
            self.records += field_ends.records() as u64;
            coded.and_then(|()| self.flush()).map_err(|unusable| Trouble {
                record: 0,
                reason: Reason::Value(unusable),
            })?;
            field_ends.take(columns);
        }
        // The cutter does not let a block end inside of quotes.
        if !field_ends.is_closed() {
            return Err(Trouble {
                record: 0,
                reason: Reason::OrdinaryQuotes,
            });
        }
        self.field_ends = field_ends;
        Ok(())
    }

    /// Codes the columns of a table, one after the other. Columns without a slot are not looked at.
    fn code<const QUOTES: bool>(&mut self, block: &Block, table: Table<'_>) -> Result<(), Unusable> {
        let bytes = block.padded();
        for (column, slots) in self.targets.iter().enumerate() {
            for &slot in slots {
                let mut fields = Fields {
                    block,
                    ends: self.ends,
                    coder: &mut self.coders[slot],
                    seen: &mut self.seen[slot],
                    codes: &mut self.codes,
                };
                let out = &mut self.batch.columns[slot];
                if column == 0 {
                    fields.append::<QUOTES>(bytes, table.first_column(bytes), out)?;
                } else {
                    fields.append::<QUOTES>(bytes, table.column(column), out)?;
                }
            }
        }
        Ok(())
    }

    /// The first record at or after `from` that has too few or too many fields.
    fn first_ragged(&self, block: &Block, from: usize) -> Trouble {
        let expected = self.targets.len();
        let mut next = from;
        while let Some(from) = record::start(block, next) {
            match record::read(block, self.ends, from, |_, _| Ok::<(), Unusable>(())) {
                Ok(read) if read.fields == expected => next = read.next,
                Ok(read) => {
                    let reason = Reason::Ragged {
                        found: read.fields,
                        expected,
                    };
                    return Trouble { record: from, reason };
                }
                Err(unusable) => {
                    return Trouble {
                        record: from,
                        reason: Reason::Value(unusable),
                    };
                }
            }
        }
        Trouble {
            record: from,
            reason: Reason::OrdinaryQuotes,
        }
    }

    /// The same as [`Rows::read`], one record after the other.
    fn read_one_by_one(&mut self, block: &Block) -> Result<(), Trouble> {
        let expected = self.targets.len();
        let mut next = 0;
        while let Some(from) = record::start(block, next) {
            let (targets, coders, columns) = (self.targets, &mut self.coders, &mut self.batch.columns);
            let read = record::read(block, self.ends, from, |index, field| {
                for &slot in targets.get(index).map_or([].as_slice(), Vec::as_slice) {
                    columns[slot].push(coders[slot].text(&field.value)?);
                }
                Ok(())
            })
            .map_err(|unusable| self.value_or_ragged(block, from, unusable))?;
            if read.fields != expected {
                return Err(Trouble {
                    record: from,
                    reason: Reason::Ragged {
                        found: read.fields,
                        expected,
                    },
                });
            }
            self.records += 1;
            self.batch.rows += 1;
            self.batch.first = Some(block.start + from as u64);
            self.flush().map_err(|unusable| Trouble {
                record: from,
                reason: Reason::Value(unusable),
            })?;
            next = read.next;
        }
        Ok(())
    }

    /// A value that cannot be used, unless the record has too few or too many fields: then that is the reason.
    fn value_or_ragged(&self, block: &Block, record: usize, unusable: Unusable) -> Trouble {
        let expected = self.targets.len();
        let reason = match record::read(block, self.ends, record, |_, _| Ok::<(), Unusable>(())) {
            Ok(read) if read.fields != expected => Reason::Ragged {
                found: read.fields,
                expected,
            },
            _ => Reason::Value(unusable),
        };
        Trouble { record, reason }
    }

    /// The tally of all blocks.
    pub(super) fn finish(self, place: &str) -> Result<Partial, Problem> {
        let partial = self.counter.finish(self.coders)?;
        if partial.tally.records != self.records {
            return Err(Problem::data(
                format!(
                    "{place}: {} records were read and {} were counted",
                    self.records, partial.tally.records
                ),
                "this is a defect of the program, not of your data; please report it",
            ));
        }
        Ok(partial)
    }

    fn flush(&mut self) -> Result<(), Unusable> {
        self.batch.complete();
        self.counter.add(&self.batch)?;
        self.batch.clear();
        Ok(())
    }
}

/// Turns the fields of one column into codes, numbers or ids.
struct Fields<'a> {
    block: &'a Block,
    ends: Ends,
    coder: &'a mut Coder,
    seen: &'a mut Seen,
    codes: &'a mut Vec<u32>,
}

impl Fields<'_> {
    /// Appends what the fields at these places of the block become.
    fn append<const QUOTES: bool>(
        &mut self,
        bytes: &[u8],
        places: impl ExactSizeIterator<Item = (usize, usize)>,
        column: &mut Column,
    ) -> Result<(), Unusable> {
        match column {
            Column::Codes(codes) => {
                let mut words = std::mem::take(self.codes);
                words.clear();
                let coded = self.each::<QUOTES, u32>(bytes, places, &mut words, |bits| bits as u32);
                codes.append(&words);
                *self.codes = words;
                coded
            }
            Column::Counts(counts) => self.each::<QUOTES, u64>(bytes, places, counts, |bits| bits),
            Column::Weights(numbers) | Column::Numbers(numbers) => {
                self.each::<QUOTES, f64>(bytes, places, numbers, f64::from_bits)
            }
            Column::Ids(ids) => self.each::<QUOTES, u64>(bytes, places, ids, |bits| bits),
        }
    }

    #[inline(always)]
    fn each<const QUOTES: bool, T>(
        &mut self,
        bytes: &[u8],
        places: impl ExactSizeIterator<Item = (usize, usize)>,
        out: &mut Vec<T>,
        of: impl Fn(u64) -> T,
    ) -> Result<(), Unusable> {
        out.reserve(places.len());
        for (from, to) in places {
            let in_quotes = QUOTES && to - from >= 2 && bytes[from] == b'"' && bytes[to - 1] == b'"';
            let skip = usize::from(in_quotes);
            let key = Key::new(bytes, from + skip, to - skip, in_quotes);
            let bits = match key.and_then(|key| self.seen.recall(key)) {
                Some(bits) => bits,
                None => self.new_bits(from, to, in_quotes)?,
            };
            out.push(of(bits));
        }
        Ok(())
    }

    /// What a field becomes that was not seen lately. Its key is made once more rather than kept where it is
    /// hardly ever needed.
    #[cold]
    #[inline(never)]
    fn new_bits(&mut self, from: usize, to: usize, in_quotes: bool) -> Result<u64, Unusable> {
        let bytes = self.block.padded();
        let value = if bytes[from] == b'"' {
            record::field(self.block, self.ends, from).0
        } else {
            Cow::Borrowed(&bytes[from..to])
        };
        let bits = bits(self.coder.text(&value)?);
        let skip = usize::from(in_quotes);
        if let Some(key) = Key::new(bytes, from + skip, to - skip, in_quotes) {
            self.seen.keep(key, bits);
        }
        Ok(bits)
    }
}

/// Calls `take` with the fields of at most `most` records of `input`; says whether it was all of them.
pub(crate) fn sample(input: &Input, head: &Head, most: u64, mut take: impl FnMut(&[Vec<u8>])) -> Result<bool, Problem> {
    // Blocks of this size hold some thousand records, so little is read beyond the last one wanted.
    const SAMPLE_BLOCK: usize = 1 << 18;
    let path = input.path();
    let text = text::open(input, head, &()).map_err(|error| unreadable(path, &error))?;
    let mut cutter = Cutter::new(text, head.delimiter, Quotes::Followed, SAMPLE_BLOCK);
    let mut line = head.first_line;
    let mut records = 0;
    let mut fields: Vec<Vec<u8>> = Vec::with_capacity(head.columns.len());
    let mut block = Block::default();
    loop {
        block = match cutter.next(block) {
            Ok(Some(block)) => block,
            Ok(None) => return Ok(true),
            Err((stop, text)) => {
                return Err(stopped(path, &stop, line + record::line_ends(stop.before(&text))));
            }
        };
        let mut next = 0;
        while let Some(from) = record::start(&block, next) {
            if records == most {
                return Ok(false);
            }
            fields.clear();
            let read = record::read(&block, Ends::new(head.delimiter), from, |_, field| {
                fields.push(field.value.into_owned());
                Ok::<(), Problem>(())
            })?;
            if read.fields != head.columns.len() {
                let line = line + record::line_ends(&block.text()[..from]);
                return Err(ragged(
                    &format!("{}, line {line}", shown(path)),
                    read.fields,
                    head.columns.len(),
                ));
            }
            take(&fields);
            records += 1;
            next = read.next;
        }
        line += record::line_ends(block.text());
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
