//! Files in every encoding and compression give the tally of the rows that were written.

use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterVersion;
use parquet::schema::types::ColumnPath;

use super::*;

const VERSIONS: [WriterVersion; 2] = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];

#[test]
fn dictionaries_and_plain_values_in_both_page_versions() {
    for version in VERSIONS {
        for nullable in [false, true] {
            for dictionary in [false, true] {
                let data = Data::sample(5_000, nullable);
                let small = properties()
                    .set_writer_version(version)
                    .set_dictionary_enabled(dictionary);
                // Pages end at different rows in different columns, and in the middle of batches.
                let paged = small.clone().set_data_page_size_limit(500).set_write_batch_size(64);
                assert_reads(&data, small.build(), 5_000, 5_000);
                assert_reads(&data, paged.build(), 1_777, 333);
            }
        }
    }
}

#[test]
fn every_compression() {
    let compressions = [
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
        Compression::LZ4_RAW,
        Compression::LZ4,
    ];
    for compression in compressions {
        for version in VERSIONS {
            let properties = properties().set_compression(compression).set_writer_version(version);
            assert_reads(&Data::sample(3_000, true), properties.build(), 2_000, 3_000);
        }
    }
}

#[test]
fn a_dictionary_that_overflows_in_the_middle_of_a_chunk() {
    for version in VERSIONS {
        for nullable in [false, true] {
            let limit = properties()
                .set_writer_version(version)
                .set_dictionary_page_size_limit(400)
                .set_data_page_row_count_limit(100)
                .set_write_batch_size(50);
            let data = Data::sample(4_000, nullable);
            let file = data.write(limit.build(), 4_000, 4_000);
            let footer = Footer::read(&Input::named(file.path())).unwrap();
            let encodings: Vec<Encoding> = footer.metadata.row_group(0).column(1).encodings().collect();
            let after = if version == WriterVersion::PARQUET_1_0 {
                Encoding::PLAIN
            } else {
                Encoding::DELTA_BYTE_ARRAY
            };
            assert!(
                encodings.contains(&Encoding::RLE_DICTIONARY) && encodings.contains(&after),
                "{encodings:?}"
            );
            assert_eq!(read(file.path(), &plan()).unwrap(), data.coded(&plan()));
        }
    }
}

#[test]
fn encodings_of_the_fallback() {
    let encodings = [
        ("sex", Encoding::DELTA_BYTE_ARRAY),
        ("shop", Encoding::DELTA_LENGTH_BYTE_ARRAY),
        ("state", Encoding::DELTA_BINARY_PACKED),
        ("zone", Encoding::DELTA_BINARY_PACKED),
        ("height", Encoding::BYTE_STREAM_SPLIT),
        ("grade", Encoding::BYTE_STREAM_SPLIT),
        ("hired", Encoding::RLE),
    ];
    for version in VERSIONS {
        for nullable in [false, true] {
            let mut properties = properties()
                .set_writer_version(version)
                .set_dictionary_enabled(false)
                .set_data_page_row_count_limit(900);
            for (column, encoding) in encodings {
                properties = properties.set_column_encoding(ColumnPath::from(column), encoding);
            }
            assert_reads(&Data::sample(4_000, nullable), properties.build(), 2_500, 4_000);
        }
    }
}

#[test]
fn large_row_groups_are_read_in_parts() {
    let data = Data::sample(300_000, true);
    for (version, dictionary) in [
        (VERSIONS[0], true),
        (VERSIONS[1], true),
        (VERSIONS[0], false),
        (VERSIONS[1], false),
    ] {
        let properties = properties()
            .set_writer_version(version)
            .set_dictionary_enabled(dictionary);
        let file = data.write(properties.build(), 300_000, 300_000);
        let parts = parts(file.path(), &Footer::read(&Input::named(file.path())).unwrap()).unwrap();
        assert!(parts.len() > 1);
        assert_eq!(parts.iter().map(|part| part.rows).sum::<usize>(), 300_000);
        assert_eq!(read(file.path(), &plan()).unwrap(), data.coded(&plan()));
    }
}

#[test]
fn columns_without_any_value() {
    for version in VERSIONS {
        let mut data = Data::sample(3_000, true);
        for (name, values) in &mut data.columns {
            match (*name, values) {
                ("zone", Values::Int64(values)) => values.fill(None),
                ("one" | "shop", Values::Text(values)) => values.fill(None),
                _ => {}
            }
        }
        assert_reads(&data, properties().set_writer_version(version).build(), 1_000, 3_000);
    }
}

#[test]
fn no_rows() {
    let data = Data::sample(0, true);
    let file = data.write(properties().build(), 1, 1);
    let partial = read(file.path(), &plan()).unwrap();
    assert_eq!((partial.rows, partial.tally.records), (0, 0));
    assert_eq!(
        columns(file.path()).unwrap(),
        ["sex", "shop", "state", "zone", "height", "grade", "hired", "one"]
    );
}

#[test]
fn the_progress_ends_at_the_length_of_the_file() {
    struct Sum(AtomicUsize);
    impl Progress for Sum {
        fn total(&self, _: u64) {}
        fn advance(&self, bytes: u64) {
            self.0.fetch_add(bytes as usize, Ordering::Relaxed);
        }
    }
    let file = Data::sample(5_000, false).write(properties().build(), 1_234, 5_000);
    let sum = Sum(AtomicUsize::new(0));
    tally_parquet(file.path(), &plan(), &sum).unwrap();
    assert_eq!(sum.0.into_inner() as u64, file.as_file().metadata().unwrap().len());
}

#[test]
fn the_head_is_the_first_rows_as_text() {
    let data = Data::sample(2_500, true);
    let file = data.write(properties().build(), 900, 2_500);
    for limit in [10, 2_000, 9_999] {
        let mut seen = vec![Vec::new(); 8];
        let head = head(file.path(), limit, |column, value| {
            seen[column].push(value.map(str::to_owned))
        })
        .unwrap();
        let rows = (limit as usize).min(2_500);
        assert_eq!(
            (head.rows, head.complete, head.columns.len()),
            (rows as u64, limit > 2_500, 8)
        );
        assert!(seen.iter().all(|column| column.len() == rows));
        for (column, (_, values)) in seen.iter().zip(&data.columns) {
            let expected: Vec<Option<String>> = (0..rows)
                .map(|row| match values {
                    Values::Text(values) => values[row].clone().filter(|text| !text.is_empty()),
                    Values::Bool(values) => values[row].map(|value| value.to_string()),
                    Values::Int32(values) => values[row].map(|value| value.to_string()),
                    Values::Int64(values) => values[row].map(|value| value.to_string()),
                    Values::Float(values) => values[row]
                        .filter(|value| !value.is_nan())
                        .map(|value| format!("{value:?}")),
                    Values::Double(values) => values[row]
                        .filter(|value| !value.is_nan())
                        .map(|value| format!("{:?}", value + 0.0)),
                })
                .collect();
            assert_eq!(*column, expected);
        }
    }
}
