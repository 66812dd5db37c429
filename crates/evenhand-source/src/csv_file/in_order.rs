//! This module gives the records of a text one after the other, for what cannot be counted as it stands.

use evenhand_measure::Problem;
use evenhand_measure::policy::{Data, Ragged};

use super::cut::{Cutter, Quotes};
use super::record::{self, Block, Ends, line_ends};
use super::text::{self, Text};
use super::{BLOCK, Head, stopped};
use crate::input::{Input, unreadable};
use crate::records::{Record, Records};

/// The records of `input`; what is ragged becomes what `data` says.
pub(crate) fn records(input: &Input, head: &Head, data: &Data) -> Result<Box<dyn Records>, Problem> {
    let text = text::open(input, head, &()).map_err(|error| unreadable(input.path(), &error))?;
    Ok(Box::new(InOrder {
        input: input.clone(),
        columns: head.columns.clone(),
        ends: Ends::new(head.delimiter),
        cutter: Cutter::new(text, head.delimiter, Quotes::Followed, BLOCK),
        block: Block::default(),
        at: 0,
        line: head.first_line,
        number: 0,
        ragged: data.ragged.unwrap_or_default(),
    }))
}

struct InOrder {
    input: Input,
    columns: Vec<String>,
    ends: Ends,
    cutter: Cutter<Text<'static>>,
    block: Block,
    at: usize,
    line: u64,
    number: u64,
    ragged: Ragged,
}

impl Records for InOrder {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        loop {
            let Some(start) = record::start(&self.block, self.at) else {
                self.line += line_ends(self.block.text().get(self.at..).unwrap_or_default());
                let next = self.cutter.next(std::mem::take(&mut self.block));
                match next.map_err(|(stop, text)| {
                    stopped(self.input.path(), &stop, self.line + line_ends(stop.before(&text)))
                })? {
                    Some(block) => (self.block, self.at) = (block, 0),
                    None => return Ok(None),
                }
                continue;
            };
            self.line += line_ends(self.block.text().get(self.at..start).unwrap_or_default());
            let line = self.line;
            let place = || {
                let own = self.input.place(self.number);
                own.unwrap_or_else(|| format!("{}, line {line}", self.input.shown()))
            };
            record.clear();
            let read = record::read(&self.block, self.ends, start, |_, field| {
                let text = String::from_utf8(field.value.into_owned()).map_err(|_| {
                    Problem::data(
                        format!("{}: it holds bytes that are not UTF-8 text", place()),
                        "try `--encoding windows-1252`",
                    )
                })?;
                record.push((!text.trim().is_empty()).then_some(text));
                Ok::<(), Problem>(())
            })?;
            self.line += line_ends(self.block.text().get(start..read.next).unwrap_or_default());
            self.at = read.next;
            let (found, expected) = (record.len(), self.columns.len());
            match self.ragged {
                _ if found == expected => {}
                Ragged::LeaveOut => continue,
                Ragged::Fill if found < expected => record.resize(expected, None),
                _ => {
                    return Err(Problem::data(
                        format!(
                            "{}: the record has {found} fields, and the header has {expected}",
                            place()
                        ),
                        "try `--ragged fill` or `--ragged leave-out`",
                    ));
                }
            }
            self.number += 1;
            return Ok(Some(line));
        }
    }
}
