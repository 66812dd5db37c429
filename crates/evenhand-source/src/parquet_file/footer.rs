//! This module reads a Parquet file's footer and says what is wrong with files that have none.

use std::io::{Read, Seek, SeekFrom};

use evenhand_measure::Problem;
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
    RowGroupMetaData,
};

use super::thrift::{I32, LIST, STRUCT, Walker};
use super::trouble::{broken_file, caught};
use crate::input::{File, Input, unreadable};

/// The four bytes at both ends of a Parquet file.
const MAGIC: &[u8; 4] = b"PAR1";
/// The same of a file whose footer is encrypted.
const ENCRYPTED: &[u8; 4] = b"PARE";
/// Length and magic at the end.
const TAIL: u64 = 8;
/// No honest footer is larger; it is read as a whole.
const LARGEST: u64 = 1 << 30;

/// A file's footer.
#[derive(Debug)]
pub(super) struct Footer {
    /// What it says.
    pub(super) metadata: ParquetMetaData,
    /// How long the file is.
    pub(super) length: u64,
}

impl Footer {
    /// Reads the footer of a file.
    pub(super) fn read(input: &Input) -> Result<Self, Problem> {
        let path = input.path();
        let unreadable = |error: std::io::Error| unreadable(path, &error);
        let mut file = input.open().map_err(unreadable)?;
        let length = file.length().map_err(unreadable)?;
        let size = footer_size(&mut file, length).map_err(unreadable)?;
        let size = size.map_err(|found| broken_file(path, found))?;
        let mut footer = Vec::new();
        file.seek(SeekFrom::Start(length - TAIL - size)).map_err(unreadable)?;
        file.take(size).read_to_end(&mut footer).map_err(unreadable)?;
        if !plausible(&footer) {
            return Err(broken_file(path, "a footer that makes no sense"));
        }
        // Statistics are never trusted, so they are not read either: wrong ones are no reason to refuse a file.
        let options = ParquetMetaDataOptions::new()
            .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
        let decode = || ParquetMetaDataReader::decode_metadata_with_options(&footer, Some(&options));
        let metadata = caught(|| Ok(without_false_dictionaries(decode()?)?));
        let metadata = metadata.map_err(|trouble| trouble.problem(path, 0))?;
        Ok(Self { metadata, length })
    }
}

/// The same without the places of dictionaries that cannot be: some writers say 0 where a chunk has none, and the
/// Parquet crate would look for pages at the start of the file.
fn without_false_dictionaries(metadata: ParquetMetaData) -> ParquetResult<ParquetMetaData> {
    let is_false = |chunk: &ColumnChunkMetaData| chunk.dictionary_page_offset() == Some(0);
    let mut chunks = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
    if !chunks.any(is_false) {
        return Ok(metadata);
    }
    let mended = |chunk: ColumnChunkMetaData| match is_false(&chunk) {
        true => chunk.into_builder().set_dictionary_page_offset(None).build(),
        false => Ok(chunk),
    };
    let mut whole = metadata.into_builder();
    let mut groups = Vec::new();
    for group in whole.take_row_groups() {
        let mut group = group.into_builder();
        let chunks: ParquetResult<Vec<_>> = group.take_columns().into_iter().map(mended).collect();
        groups.push(group.set_column_metadata(chunks?).build()?);
    }
    Ok(whole.set_row_groups(groups).build())
}

type Found = &'static str;

fn footer_size(file: &mut File, length: u64) -> std::io::Result<Result<u64, Found>> {
    if length < TAIL + MAGIC.len() as u64 {
        return Ok(Err("too few bytes for a Parquet file"));
    }
    let mut tail = [0u8; TAIL as usize];
    file.seek(SeekFrom::End(-(TAIL as i64)))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    if &magic == ENCRYPTED {
        return Ok(Err("an encrypted footer, and encrypted files cannot be read"));
    }
    if &magic != MAGIC {
        return Ok(Err("no Parquet footer at its end"));
    }
    let size = u64::from(u32::from_le_bytes([a, b, c, d]));
    if size > (length - TAIL).min(LARGEST) {
        return Ok(Err("a footer longer than the file"));
    }
    Ok(Ok(size))
}

/// Whether lists and structures nest within the footer, and no part of the schema claims more children than there are.
///
/// The Parquet crate reserves memory for as many children as are claimed.
fn plausible(footer: &[u8]) -> bool {
    Walker::new(footer).pass(STRUCT).is_some() && schema_is_plausible(footer).unwrap_or(false)
}

fn schema_is_plausible(footer: &[u8]) -> Option<bool> {
    /// The footer's list of schema elements, and an element's number of children.
    const SCHEMA: i64 = 2;
    const CHILDREN: i64 = 5;
    let mut walker = Walker::new(footer);
    let mut number = 0;
    while let Some((field, kind)) = walker.field(number)? {
        number = field;
        if (field, kind) != (SCHEMA, LIST) {
            walker.pass(kind)?;
            continue;
        }
        let (element, length) = walker.list()?;
        if element != STRUCT {
            return Some(false);
        }
        for _ in 0..length {
            let mut number = 0;
            while let Some((field, kind)) = walker.field(number)? {
                number = field;
                if (field, kind) != (CHILDREN, I32) {
                    walker.pass(kind)?;
                } else if !(0..length as i64).contains(&walker.integer()?) {
                    return Some(false);
                }
            }
        }
    }
    Some(true)
}
