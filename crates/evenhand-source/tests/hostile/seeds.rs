//! This module makes whole Parquet files in the ways in which writers differ, and finds those of other writers.

use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::craft::Crafted;

/// How many rows the files have that are made here.
const ROWS: usize = 90;

/// The files' bytes, with names for messages.
pub fn seeds() -> Vec<(String, Vec<u8>)> {
    let base = || {
        WriterProperties::builder()
            .set_data_page_row_count_limit(20)
            .set_write_batch_size(10)
    };
    let v2 = || base().set_writer_version(WriterVersion::PARQUET_2_0);
    let plain = |properties: WriterPropertiesBuilder| properties.set_dictionary_enabled(false);
    let delta = |encoding: Encoding| {
        plain(v2())
            .set_column_encoding("sex".into(), encoding)
            .set_column_encoding("n".into(), Encoding::DELTA_BINARY_PACKED)
    };
    let made = [
        ("dictionary", base()),
        ("plain", plain(base())),
        ("falls back to plain", base().set_dictionary_page_size_limit(8)),
        ("snappy", base().set_compression(Compression::SNAPPY)),
        ("zstd", v2().set_compression(Compression::ZSTD(Default::default()))),
        ("gzip", base().set_compression(Compression::GZIP(Default::default()))),
        ("lz4", v2().set_compression(Compression::LZ4_RAW)),
        ("delta byte array", delta(Encoding::DELTA_BYTE_ARRAY)),
        ("delta lengths", delta(Encoding::DELTA_LENGTH_BYTE_ARRAY)),
        (
            "split bytes",
            v2().set_column_encoding("n".into(), Encoding::BYTE_STREAM_SPLIT),
        ),
    ];
    let mut files: Vec<(String, Vec<u8>)> = made
        .into_iter()
        .enumerate()
        .map(|(index, (name, properties))| (name.to_owned(), written(properties.build(), index % 2 == 0)))
        .collect();
    files.push(("by hand".to_owned(), Crafted::honest().bytes()));
    files.push(("long runs".to_owned(), Crafted::long(300_000).bytes()));
    for name in ["pyarrow", "pyarrow-v2-delta", "polars", "duckdb"] {
        let file = std::fs::read(folder().join(format!("{name}.parquet"))).unwrap();
        files.push((name.to_owned(), file));
    }
    files
}

/// Where the files of other writers are.
fn folder() -> PathBuf {
    let crates = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/evenhand-source/tests/data");
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    if here.is_dir() { here } else { crates }
}

/// Rows of `sex` (text), `hired` (text or booleans), `n` (whole numbers).
fn written(properties: WriterProperties, booleans: bool) -> Vec<u8> {
    let hired = if booleans {
        "BOOLEAN hired"
    } else {
        "BYTE_ARRAY hired (UTF8)"
    };
    let schema = format!("message rows {{ OPTIONAL BYTE_ARRAY sex (UTF8); OPTIONAL {hired}; REQUIRED INT64 n; }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
    for rows in [0..ROWS / 3 * 2, ROWS / 3 * 2..ROWS] {
        let present = |row: &usize| row % 7 != 3;
        let levels: Vec<i16> = rows.clone().map(|row| i16::from(present(&row))).collect();
        let sexes: Vec<ByteArray> = rows
            .clone()
            .filter(present)
            .map(|row| ByteArray::from(["Female", "Male", "Female, but longer"][row % 5 % 3]))
            .collect();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<ByteArrayType>()
            .write_batch(&sexes, Some(&levels), None)
            .unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let hired = rows.clone().filter(present).map(|row| row % 3 == 0);
        if booleans {
            let hired: Vec<bool> = hired.collect();
            column
                .typed::<BoolType>()
                .write_batch(&hired, Some(&levels), None)
                .unwrap();
        } else {
            let hired: Vec<ByteArray> = hired
                .map(|yes| ByteArray::from(if yes { "yes" } else { "no" }))
                .collect();
            column
                .typed::<ByteArrayType>()
                .write_batch(&hired, Some(&levels), None)
                .unwrap();
        }
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let n: Vec<i64> = rows.clone().map(|row| row as i64 % 4).collect();
        column.typed::<Int64Type>().write_batch(&n, None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    bytes
}
