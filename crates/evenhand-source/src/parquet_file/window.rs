//! This module gives the Parquet crate the bytes of one column chunk, through a window that moves along it.
//!
//! The crate's own source for files moves one shared file position, which threads would fight over; it reads
//! every page header separately; and it lets a damaged header ask for any amount of memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Buf, Bytes};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use super::thrift::{I32, STRUCT, Walker};
use crate::input::File;

/// How much is read at least: large enough that a read costs little next to decoding it.
const READ: usize = 256 << 10;
/// How much of a page header is seen: the longest parts are a smallest and a largest text, and writers shorten them.
const HEADER: usize = 64 << 10;
/// A page may always decompress to this size: the largest pages that common writers make are about 100 MB.
const PAGE: u64 = 128 << 20;
/// A larger page must have one byte on disk per so many in memory.
const RATIO: u64 = 1_024;

/// The bytes of one column chunk.
#[derive(Debug)]
pub(super) struct Window {
    end: u64,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    file: Arc<File>,
    start: u64,
    bytes: Bytes,
    /// Where the page begins whose header was checked last, and whether it has any bytes.
    body: Option<(u64, bool)>,
}

impl Window {
    /// The part of `file` that ends at `end`; nobody else may use `file` at the same time.
    pub(super) fn new(file: Arc<File>, end: u64) -> Self {
        // Room is made for as many bytes as are asked for, so none beyond the file may be.
        let length = file.length().unwrap_or(end);
        Self {
            end: end.min(length),
            seen: Mutex::new(Seen {
                file,
                start: 0,
                bytes: Bytes::new(),
                body: None,
            }),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// At least `least` bytes from `start`, and what else is at hand.
    fn bytes(&self, start: u64, least: usize) -> Result<Bytes> {
        let left = self.end.saturating_sub(start);
        if (least as u64) > left {
            return Err(ParquetError::EOF(format!(
                "{least} bytes are expected at {start}, and {left} are there"
            )));
        }
        let mut seen = self.seen();
        let offset = start
            .checked_sub(seen.start)
            .and_then(|offset| usize::try_from(offset).ok());
        let at_hand = offset
            .filter(|offset| *offset <= seen.bytes.len())
            .map(|offset| seen.bytes.slice(offset..));
        if let Some(bytes) = &at_hand
            && bytes.len() >= least
        {
            return Ok(bytes.clone());
        }
        let size = left.min(least.max(READ) as u64);
        let mut buffer = Vec::with_capacity(size as usize);
        buffer.extend_from_slice(&at_hand.unwrap_or_default());
        let (next, missing) = (start + buffer.len() as u64, size - buffer.len() as u64);
        seen.file.append(next, missing, &mut buffer)?;
        if buffer.len() < least {
            return Err(ParquetError::EOF(format!("{least} bytes are expected at {start}")));
        }
        seen.start = start;
        seen.bytes = buffer.into();
        Ok(seen.bytes.clone())
    }
}

impl Length for Window {
    fn len(&self) -> u64 {
        self.end
    }
}

impl ChunkReader for Window {
    type T = bytes::buf::Reader<Bytes>;

    /// The crate calls this for page headers, and at the start of a page whose header it has, to read nothing.
    fn get_read(&self, start: u64) -> Result<Self::T> {
        let left = usize::try_from(self.end.saturating_sub(start)).unwrap_or(usize::MAX);
        let bytes = self.bytes(start, left.min(HEADER))?;
        let body = self.seen().body;
        if body == Some((start, true)) {
            return Ok(bytes.reader());
        }
        // A page without bytes, such as the dictionary of a column without values, begins where the next header does.
        // If there is no header that can be trusted, there is nothing to read.
        let is_empty = body == Some((start, false));
        match sizes(&bytes) {
            Some(Sizes { large, small, header }) if large <= PAGE.max(small.saturating_mul(RATIO)) => {
                self.seen().body = Some((start + header, small > 0));
                Ok(bytes.reader())
            }
            _ if is_empty => {
                self.seen().body = None;
                Ok(Bytes::new().reader())
            }
            Some(Sizes { large, small, .. }) => Err(ParquetError::General(format!(
                "a page of {small} bytes that claims to hold {large}"
            ))),
            None => Err(ParquetError::General("a page header that makes no sense".to_owned())),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.bytes(start, length).map(|bytes| bytes.slice(..length))
    }
}

#[derive(Debug, PartialEq)]
struct Sizes {
    /// Of the page in memory.
    large: u64,
    /// Of the page on disk.
    small: u64,
    /// Of its header.
    header: u64,
}

/// The sizes of a page: the second and third field of its header, always there and in this order.
fn sizes(bytes: &[u8]) -> Option<Sizes> {
    let mut walker = Walker::new(bytes);
    let mut fields = [0i64; 3];
    for (index, value) in fields.iter_mut().enumerate() {
        let expected = index as i64 + 1;
        if walker.field(expected - 1)? != Some((expected, I32)) {
            return None;
        }
        *value = walker.integer()?;
    }
    let mut whole = Walker::new(bytes);
    whole.pass(STRUCT)?;
    let header = (bytes.len() - whole.left()) as u64;
    Some(Sizes {
        large: u64::try_from(fields[1]).ok()?,
        small: u64::try_from(fields[2]).ok()?,
        header,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_seen_before_the_page_is() {
        let header = [0x15, 0, 0x15, 20, 0x15, 10, 0x2c, 0x15, 2, 0, 0, 99];
        assert_eq!(
            sizes(&header),
            Some(Sizes {
                large: 10,
                small: 5,
                header: 11
            })
        );
        assert_eq!(sizes(&[0x15, 0, 0x15, 1, 0x15, 10, 0]), None);
        assert_eq!(sizes(b"PAR1"), None);
    }
}
