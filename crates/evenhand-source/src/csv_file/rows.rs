//! This module turns the records of blocks into coded rows and counts them; there is one per thread.

use evenhand_measure::Problem;
use memchr::memchr_iter;

use super::cut::{Cutter, Quotes};
use super::head::Head;
use super::record::{self, Block, Ends};
use super::{stopped, text};
use crate::input::{Input, shown, unreadable};
use crate::kernel::{Batch, Coder, Counter, Partial, Unusable};
use crate::plan::Plan;

/// The slots that each column of the file fills. Most fill none or one.
pub(super) type Targets = Vec<Vec<usize>>;

/// The slots that each of `columns` fills.
pub(super) fn columns_of(plan: &Plan, columns: &[String]) -> Targets {
    let slots = |name: &String| {
        plan.slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.column == *name)
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
    counter: Counter,
    batch: Batch,
    batch_rows: usize,
    quotes: Quotes,
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

fn ragged(place: &str, found: usize, expected: usize) -> Problem {
    let fields = if found == 1 { "field" } else { "fields" };
    Problem::data(
        format!("{place}: the record has {found} {fields}, and the header has {expected}"),
        "put text that holds the delimiter or a line end in quotes, or export the data again",
    )
}

impl<'a> Rows<'a> {
    pub(super) fn new(plan: &Plan, targets: &'a Targets, head: &Head, quotes: Quotes, batch_rows: usize) -> Self {
        Self {
            targets,
            ends: Ends::new(head.delimiter),
            coders: plan.slots.iter().map(|slot| Coder::new(slot, &plan.missing)).collect(),
            counter: Counter::new(plan),
            batch: Batch::new(plan),
            batch_rows,
            quotes,
            records: 0,
        }
    }

    /// Codes and counts the records of a block.
    pub(super) fn read(&mut self, block: &Block) -> Result<(), Trouble> {
        let expected = self.targets.len();
        let mut next = 0;
        let mut quotes = 0;
        while let Some(from) = record::start(block, next) {
            let (targets, coders, columns) = (self.targets, &mut self.coders, &mut self.batch.columns);
            let read = record::read(block, self.ends, from, |index, field| {
                for &slot in targets.get(index).map_or([].as_slice(), Vec::as_slice) {
                    let coder = &mut coders[slot];
                    let coded = match field.packed {
                        Some(packed) => coder.short_text(packed, &field.value)?,
                        None => coder.text(&field.value)?,
                    };
                    columns[slot].push(coded);
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
            if self.batch.rows >= self.batch_rows {
                self.flush().map_err(|unusable| Trouble {
                    record: from,
                    reason: Reason::Value(unusable),
                })?;
            }
            quotes += read.quotes;
            next = read.next;
        }
        if self.quotes == Quotes::Counted && quotes != memchr_iter(b'"', block.text()).count() {
            return Err(Trouble {
                record: 0,
                reason: Reason::OrdinaryQuotes,
            });
        }
        // The block's last record stands for all that were not counted yet.
        self.flush().map_err(|unusable| Trouble {
            record: 0,
            reason: Reason::Value(unusable),
        })
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
        self.counter.add(&self.batch)?;
        self.batch.clear();
        Ok(())
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
