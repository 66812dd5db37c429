//! The rows as Parquet files.

use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use tempfile::NamedTempFile;

use super::rows::Row;
use super::{Case, Outcome, of_files};

/// How the rows are laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    dictionary: bool,
    version: WriterVersion,
    compression: Compression,
    page_rows: usize,
    /// Columns without nulls are required.
    strict: bool,
}

impl Layout {
    pub fn of(case: &Case) -> Self {
        Self {
            dictionary: case.choose(1, 3) > 0,
            version: [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0][case.choose(2, 2)],
            compression: [
                Compression::UNCOMPRESSED,
                Compression::SNAPPY,
                Compression::ZSTD(ZstdLevel::default()),
            ][case.choose(3, 3)],
            page_rows: [1, 3, 8, 1_000][case.choose(4, 4)],
            strict: case.choose(5, 2) == 0,
        }
    }
}

pub fn any(case: &Case) -> Outcome {
    read(case, Layout::of(case))
}

pub fn plain(case: &Case) -> Outcome {
    read(
        case,
        Layout {
            dictionary: false,
            ..Layout::of(case)
        },
    )
}

pub fn dictionaries(case: &Case) -> Outcome {
    read(
        case,
        Layout {
            dictionary: true,
            ..Layout::of(case)
        },
    )
}

pub fn second_version(case: &Case) -> Outcome {
    read(
        case,
        Layout {
            version: WriterVersion::PARQUET_2_0,
            ..Layout::of(case)
        },
    )
}

fn read(case: &Case, layout: Layout) -> Outcome {
    of_files(&[file(&case.parts(), &layout)], &case.policy())
}

/// A file with one row group for each of `parts`.
pub fn file(parts: &[&[Row]], layout: &Layout) -> NamedTempFile {
    let file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
    let rows = || parts.iter().flat_map(|part| part.iter());
    let repetition = |has_null: bool| {
        if layout.strict && !has_null {
            "REQUIRED"
        } else {
            "OPTIONAL"
        }
    };
    let schema = format!(
        "message rows {{ {} BYTE_ARRAY group (UTF8); {} BYTE_ARRAY place (UTF8); {} INT64 age; {} BOOLEAN hired; \
         {} DOUBLE score; {} INT32 people (UINT_32); {} DOUBLE weight; {} BYTE_ARRAY unused (UTF8); }}",
        repetition(rows().any(|row| row.group.is_none())),
        repetition(rows().any(|row| row.place.is_none())),
        repetition(rows().any(|row| row.age.is_none())),
        repetition(rows().any(|row| row.hired.is_none())),
        repetition(rows().any(|row| row.score.is_none())),
        repetition(false),
        repetition(false),
        repetition(false),
    );
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(layout.dictionary)
        .set_writer_version(layout.version)
        .set_compression(layout.compression)
        .set_data_page_row_count_limit(layout.page_rows)
        .set_write_batch_size(layout.page_rows)
        .build();
    let mut writer = SerializedFileWriter::new(file.reopen().unwrap(), schema, Arc::new(properties)).unwrap();
    for part in parts {
        let mut group = writer.next_row_group().unwrap();
        macro_rules! column {
            ($type:ty, |$row:ident| $value:expr) => {{
                let values: Vec<_> = part.iter().map(|$row| $value).collect();
                let mut column = group.next_column().unwrap().unwrap();
                // A required column has no levels; given ones are not looked at.
                let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
                let present: Vec<_> = values.into_iter().flatten().collect();
                column
                    .typed::<$type>()
                    .write_batch(&present, Some(&levels), None)
                    .unwrap();
                column.close().unwrap();
            }};
        }
        column!(ByteArrayType, |row| row.group.as_deref().map(Into::into));
        column!(ByteArrayType, |row| row.place.as_deref().map(Into::into));
        column!(Int64Type, |row| row.age);
        column!(BoolType, |row| row.hired);
        column!(DoubleType, |row| row.score);
        column!(Int32Type, |row| Some(row.people as i32));
        column!(DoubleType, |row| Some(row.weight));
        column!(ByteArrayType, |_row| Some("x".into()));
        group.close().unwrap();
    }
    writer.close().unwrap();
    file
}
