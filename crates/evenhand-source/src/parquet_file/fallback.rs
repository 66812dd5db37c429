//! This module reads column chunks in encodings that are rare for roles (DELTA_*, BYTE_STREAM_SPLIT) with the
//! Parquet crate's own readers, and gives their values back as PLAIN data.

use parquet::basic::Type;
use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    AsBytes, BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
};
use parquet::schema::types::ColumnDescPtr;

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
}

/// Decodes at most so many more rows.
type Decode = dyn FnMut(usize, &mut Decoded) -> Result<(), Trouble>;

/// A reader of one column chunk.
pub(super) struct Fallback(Box<Decode>);

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
        (self.0)(rows, decoded)
    }
}

fn reader<T: DataType>(column: ColumnDescPtr, pages: Box<dyn PageReader>, skipped: usize) -> Result<Fallback, Trouble> {
    let nullable = column.max_def_level() > 0;
    let prefixed = column.physical_type() == Type::BYTE_ARRAY;
    let mut chunk = ColumnReaderImpl::<T>::new(column, pages);
    if chunk.skip_records(skipped)? != skipped {
        return Err(Trouble::broken("a column that ends early"));
    }
    let mut values: Vec<T::T> = Vec::new();
    Ok(Fallback(Box::new(move |rows, decoded| {
        values.clear();
        let levels = nullable.then_some(&mut decoded.levels);
        (decoded.rows, ..) = chunk.read_records(rows, levels, None, &mut values)?;
        for value in &values {
            let bytes = value.as_bytes();
            if prefixed {
                // A value lies within a page of less than 2^31 bytes.
                decoded.data.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            }
            decoded.data.extend_from_slice(bytes);
        }
        Ok(())
    })))
}
