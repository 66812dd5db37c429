//! This module decodes one message of an Arrow IPC file or stream, once it is known how much memory that takes.

use std::collections::{BTreeMap, HashMap};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{Message, MessageHeader};
use arrow_schema::SchemaRef;
use flatbuffers::VerifierOptions;

/// So much may all dictionaries take in memory.
const MOST_DICTIONARIES: u64 = 64 << 20;

/// The tables (in the sense of flat buffers) that as many columns take, with room for what is said about them.
const MOST_TABLES: usize = 200_000;

/// Rows without any value take no room, so any number of them might be claimed.
const MOST_EMPTY: u64 = 1 << 20;

/// What was read between two batches.
pub(super) enum Next {
    Batch(RecordBatch),
    Dictionary,
    End,
}

/// Why a message is not decoded.
pub(super) enum Fault {
    TooLarge,
    Broken(String),
}

impl From<String> for Fault {
    fn from(found: String) -> Self {
        Self::Broken(found)
    }
}

/// Decodes the batch or the dictionary in `body`, which may take so much `room` when it is unpacked.
pub(super) fn decode(
    message: &Message<'_>,
    body: &Buffer,
    schema: &SchemaRef,
    dictionaries: &mut HashMap<i64, ArrayRef>,
    known: &mut BTreeMap<i64, u64>,
    room: u64,
) -> Result<Next, Fault> {
    let version = message.version();
    let said = |error: arrow_schema::ArrowError| Fault::Broken(error.to_string());
    match message.header_type() {
        MessageHeader::RecordBatch => {
            let batch = message.header_as_record_batch().ok_or_else(|| "no batch".to_owned())?;
            let size = unpacked(&batch, body, room)?;
            let rows = u64::try_from(batch.length()).map_err(|_| "a batch of less than no rows".to_owned())?;
            if rows > MOST_EMPTY.max(size.saturating_mul(8)) {
                return Err(Fault::Broken("more rows than there is room for".to_owned()));
            }
            let batch = read_record_batch(body, batch, schema.clone(), dictionaries, None, &version);
            batch.map(Next::Batch).map_err(said)
        }
        MessageHeader::DictionaryBatch => {
            let batch = message
                .header_as_dictionary_batch()
                .ok_or_else(|| "no dictionary".to_owned())?;
            let data = batch.data().ok_or_else(|| "an empty dictionary".to_owned())?;
            let size = unpacked(&data, body, room)?.max(body.len() as u64);
            let before = known.entry(batch.id()).or_default();
            *before = if batch.isDelta() {
                before.saturating_add(size)
            } else {
                size
            };
            if known.values().fold(0u64, |sum, size| sum.saturating_add(*size)) > MOST_DICTIONARIES {
                return Err(Fault::TooLarge);
            }
            read_dictionary(body, batch, schema, dictionaries, &version).map_err(said)?;
            Ok(Next::Dictionary)
        }
        _ => Err(Fault::Broken(
            "a message that is neither a batch nor a dictionary".to_owned(),
        )),
    }
}

/// How many bytes a batch has when it is unpacked, of which all have to be there.
fn unpacked(batch: &arrow_ipc::RecordBatch<'_>, body: &Buffer, room: u64) -> Result<u64, Fault> {
    let is_packed = batch.compression().is_some();
    let mut total = 0u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let bytes = usize::try_from(buffer.offset())
            .ok()
            .zip(usize::try_from(buffer.length()).ok());
        let bytes = bytes.and_then(|(start, length)| body.get(start..start.checked_add(length)?));
        let bytes = bytes.ok_or_else(|| "a column outside of its batch".to_owned())?;
        let size = match bytes.first_chunk::<8>() {
            Some(size) if is_packed => i64::from_le_bytes(*size).max(0).unsigned_abs(),
            _ => 0,
        };
        total = total.saturating_add(size.max(bytes.len() as u64));
        if is_packed && total > room {
            return Err(Fault::TooLarge);
        }
        if !is_packed && total > body.len() as u64 {
            return Err(Fault::Broken("columns that share their bytes".to_owned()));
        }
    }
    Ok(total)
}

pub(super) fn limits() -> VerifierOptions {
    VerifierOptions {
        max_tables: MOST_TABLES,
        ..VerifierOptions::default()
    }
}
