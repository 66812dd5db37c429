//! This module reads column chunks in encodings that are rare for roles (DELTA_*, BYTE_STREAM_SPLIT) with the
//! Parquet crate's own readers, and gives their values back as PLAIN data.
//!
//! That reader makes room for as much as a page claims; [`Guarded`] looks at pages before it does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    AsBytes, BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::schema::types::ColumnDescPtr;

use super::delta::{claims_too_much, repeated_bytes};
use super::trouble::Trouble;

/// Some rows of a chunk, decoded.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// The values as PLAIN data, but booleans as bytes.
    pub(super) data: Vec<u8>,
    /// How many rows there are.
    pub(super) rows: usize,
    /// Their definition levels; empty when the column has none.
    pub(super) levels: Vec<i16>,
    /// Their repetition levels; empty when the column has none.
    pub(super) repetitions: Vec<i16>,
}

/// Decodes at most so many more rows.
type Decode = dyn FnMut(usize, &mut Decoded) -> Result<(), Trouble>;

/// A reader of one column chunk.
pub(super) struct Fallback {
    decode: Box<Decode>,
    page: Arc<Current>,
}

impl Fallback {
    /// Reads the chunk in `pages` from its row `skipped`.
    pub(super) fn new(column: ColumnDescPtr, pages: Box<dyn PageReader>, skipped: usize) -> Result<Self, Trouble> {
        Ok(match column.physical_type() {
            Type::BOOLEAN => reader::<BoolType>(column, pages, skipped)?,
            Type::INT32 => reader::<Int32Type>(column, pages, skipped)?,
            Type::INT64 => reader::<Int64Type>(column, pages, skipped)?,
            Type::FLOAT => reader::<FloatType>(column, pages, skipped)?,
            Type::DOUBLE => reader::<DoubleType>(column, pages, skipped)?,
            Type::BYTE_ARRAY => reader::<ByteArrayType>(column, pages, skipped)?,
            Type::FIXED_LEN_BYTE_ARRAY => reader::<FixedLenByteArrayType>(column, pages, skipped)?,
            other => {
                return Err(Trouble::broken(format!(
                    "an encoding that values of type {other} cannot have"
                )));
            }
        })
    }

    /// Decodes at most `rows` more rows.
    pub(super) fn read(&mut self, rows: usize, decoded: &mut Decoded) -> Result<(), Trouble> {
        decoded.data.clear();
        decoded.levels.clear();
        decoded.repetitions.clear();
        (self.decode)(rows, decoded)
    }

    /// About how many bytes its dictionary and its page take.
    pub(super) fn held(&self) -> usize {
        self.page.held.load(Ordering::Relaxed)
    }
}

fn reader<T: DataType>(column: ColumnDescPtr, pages: Box<dyn PageReader>, skipped: usize) -> Result<Fallback, Trouble> {
    let nullable = column.max_def_level() > 0;
    let repeated = column.max_rep_level() > 0;
    let physical = column.physical_type();
    let prefixed = physical == Type::BYTE_ARRAY;
    let width = match physical {
        Type::BYTE_ARRAY | Type::INT32 | Type::FLOAT => 4,
        Type::FIXED_LEN_BYTE_ARRAY => usize::try_from(column.type_length()).unwrap_or(0).max(1),
        Type::BOOLEAN => 1,
        _ => 8,
    };
    let page = Arc::new(Current::default());
    let mut pages = Guarded {
        pages,
        dictionary: None,
        width,
        repeated,
        nullable,
        page: Arc::clone(&page),
    };
    let mut left = skipped - pages.skip_whole_pages(skipped)?;
    let mut chunk = ColumnReaderImpl::<T>::new(column, Box::new(pages));
    while left > 0 {
        let passed = chunk.skip_records(page.portion(left))?;
        if passed == 0 {
            return Err(Trouble::broken("a column that ends early"));
        }
        page.took(passed);
        left -= passed;
    }
    let mut values: Vec<T::T> = Vec::new();
    let current = Arc::clone(&page);
    let decode = Box::new(move |rows: usize, decoded: &mut Decoded| {
        values.clear();
        page.passed.store(0, Ordering::Relaxed);
        let levels = nullable.then_some(&mut decoded.levels);
        let repetitions = repeated.then_some(&mut decoded.repetitions);
        let rows = page.portion(rows);
        let (read, _, entries) = chunk.read_records(rows, levels, repetitions, &mut values)?;
        decoded.rows = read;
        page.took(entries);
        for value in &values {
            let bytes = value.as_bytes();
            if prefixed {
                // A value lies within a page of less than 2^31 bytes.
                decoded.data.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            }
            decoded.data.extend_from_slice(bytes);
        }
        Ok(())
    });
    Ok(Fallback { decode, page: current })
}

/// Values that are decoded together have room for so many bytes, and one value may have more.
const ROOM: usize = 64 << 20;

/// A row of a nested column is decoded as a whole, so its pages may have so many entries, and so many bytes of texts that
/// repeat the one before them.
const ENTRIES: usize = 1 << 25;
const REPEATED: u64 = 1 << 30;

/// About what the Parquet crate needs for an entry of a dictionary besides its bytes.
const ENTRY: usize = 32;

/// The data page that is being read.
#[derive(Debug, Default)]
struct Current {
    left: AtomicUsize,
    bytes: AtomicUsize,
    /// The entries of the pages that were opened for the rows that are decoded.
    passed: AtomicUsize,
    dictionary: AtomicUsize,
    held: AtomicUsize,
}

impl Current {
    /// How many of `rows` to decode together. A text may repeat all of the one before it (DELTA_BYTE_ARRAY), so each
    /// can be as long as the page, however many there are.
    fn portion(&self, rows: usize) -> usize {
        let left = self.left.load(Ordering::Relaxed);
        let most = ROOM / self.bytes.load(Ordering::Relaxed).max(1);
        // The first row of a page brings the page.
        rows.min(left).min(most).max(1)
    }

    fn took(&self, rows: usize) {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(rows), Ordering::Relaxed);
    }
}

/// Pages that were looked at before the Parquet crate makes room for what they claim.
struct Guarded {
    pages: Box<dyn PageReader>,
    /// The dictionary, when pages behind it were passed over.
    dictionary: Option<Page>,
    /// The fewest bytes of an entry of the dictionary.
    width: usize,
    repeated: bool,
    nullable: bool,
    page: Arc<Current>,
}

impl Guarded {
    /// Passes over as many pages as have at most `rows` rows; gives how many rows they have.
    fn skip_whole_pages(&mut self, rows: usize) -> ParquetResult<usize> {
        let mut passed = 0;
        while let Some(next) = self.pages.peek_next_page()? {
            match next.num_levels {
                _ if next.is_dict => {
                    self.dictionary = None;
                    self.dictionary = self.get_next_page()?;
                }
                Some(levels) if levels <= rows - passed => {
                    self.pages.skip_next_page()?;
                    passed += levels;
                }
                _ => break,
            }
        }
        Ok(passed)
    }

    /// Levels that repeat cost nothing in a file and much in memory, and so do texts.
    fn check_nested(&self, page: &Page) -> ParquetResult<()> {
        let entries = page.num_values() as usize;
        let before = self.page.passed.fetch_add(entries, Ordering::Relaxed);
        if before.saturating_add(entries) > ENTRIES {
            return Err(ParquetError::General(format!(
                "rows with more than {ENTRIES} entries in a list"
            )));
        }
        if let Page::DataPage {
            def_level_encoding,
            rep_level_encoding,
            ..
        } = page
            && (*def_level_encoding != Encoding::RLE || *rep_level_encoding != Encoding::RLE)
        {
            return Err(ParquetError::General("lists in an encoding of old".to_owned()));
        }
        if page.encoding() != Encoding::DELTA_BYTE_ARRAY {
            return Ok(());
        }
        let start = start_of_values(page, self.repeated, self.nullable);
        match start.and_then(|start| repeated_bytes(page.buffer(), start)) {
            Some(bytes) if bytes <= REPEATED => Ok(()),
            _ => Err(ParquetError::General(
                "texts that repeat more of each other than there is memory for".to_owned(),
            )),
        }
    }
}

impl PageReader for Guarded {
    fn get_next_page(&mut self) -> ParquetResult<Option<Page>> {
        if let Some(page) = self.dictionary.take() {
            return Ok(Some(page));
        }
        let page = self.pages.get_next_page()?;
        match &page {
            Some(Page::DictionaryPage { buf, num_values, .. })
                if (*num_values as usize).saturating_mul(self.width) > buf.len() =>
            {
                return Err(ParquetError::General(format!(
                    "a dictionary of {num_values} entries in {} bytes",
                    buf.len()
                )));
            }
            Some(Page::DictionaryPage { buf, num_values, .. }) => {
                let size = (*num_values as usize).saturating_mul(ENTRY).saturating_add(buf.len());
                self.page.dictionary.store(size, Ordering::Relaxed);
            }
            None => {}
            Some(page) => {
                if self.repeated {
                    self.check_nested(page)?;
                }
                let start =
                    start_of_values(page, self.repeated, self.nullable).filter(|start| *start <= page.buffer().len());
                let count = u64::from(page.num_values());
                if start.is_some_and(|start| claims_too_much(page.buffer(), start, page.encoding(), count)) {
                    return Err(ParquetError::General(format!(
                        "a page of {count} values with lengths that are not theirs"
                    )));
                }
                self.page.left.store(page.num_values() as usize, Ordering::Relaxed);
                self.page.bytes.store(page.buffer().len(), Ordering::Relaxed);
                let dictionary = self.page.dictionary.load(Ordering::Relaxed);
                let held = page.buffer().len().saturating_add(dictionary);
                self.page.held.store(held, Ordering::Relaxed);
            }
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> ParquetResult<Option<PageMetadata>> {
        if self.dictionary.is_some() {
            return Ok(Some(PageMetadata {
                num_rows: None,
                num_levels: None,
                is_dict: true,
            }));
        }
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> ParquetResult<()> {
        match self.dictionary.take() {
            Some(_) => Ok(()),
            None => self.pages.skip_next_page(),
        }
    }

    fn at_record_boundary(&mut self) -> ParquetResult<bool> {
        self.pages.at_record_boundary()
    }
}

/// Where a data page's values start, behind its levels.
fn start_of_values(page: &Page, repeated: bool, nullable: bool) -> Option<usize> {
    match page {
        Page::DataPage {
            buf,
            def_level_encoding,
            num_values,
            ..
        } => {
            let mut start = 0;
            if repeated {
                start = behind_levels(buf, start)?;
            }
            match def_level_encoding {
                _ if !nullable => Some(start),
                Encoding::RLE => behind_levels(buf, start),
                // One bit each.
                _ => start.checked_add((*num_values as usize).div_ceil(8)),
            }
        }
        Page::DataPageV2 {
            def_levels_byte_len,
            rep_levels_byte_len,
            ..
        } => (*rep_levels_byte_len as usize).checked_add(*def_levels_byte_len as usize),
        Page::DictionaryPage { .. } => None,
    }
}

/// Where levels end that start here with their length.
fn behind_levels(page: &[u8], start: usize) -> Option<usize> {
    let (length, _) = page.get(start..)?.split_first_chunk::<4>()?;
    start.checked_add(4)?.checked_add(u32::from_le_bytes(*length) as usize)
}

impl Iterator for Guarded {
    type Item = ParquetResult<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
