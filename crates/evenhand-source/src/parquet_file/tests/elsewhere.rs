//! Files that pyarrow, polars and DuckDB wrote, by `tests/data/parquet.py`, which says what is in them.

use std::io::{Seek as _, SeekFrom};
use std::path::PathBuf;

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataWriter};

use super::*;

fn rows() -> Data {
    let rows = || 0..600i32;
    let sex = rows()
        .map(|i| ["Female", "Male"].get(i as usize % 3).map(|sex| (*sex).to_owned()))
        .collect();
    let shop = rows().map(|i| Some(i64::from(i % 7))).collect();
    let hired = rows().map(|i| (i % 11 != 0).then_some(i * i % 5 < 2)).collect();
    let score = rows()
        .map(|i| Some(if i % 13 == 0 { f64::NAN } else { f64::from(i % 4) / 4.0 }))
        .collect();
    let days = ["2024-01-31", "2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04"];
    let month = rows().map(|i| Some(days[i as usize % 5].to_owned())).collect();
    let columns = vec![
        ("sex", Values::Text(sex)),
        ("shop", Values::Int64(shop)),
        ("hired", Values::Bool(hired)),
        ("score", Values::Double(score)),
        ("month", Values::Text(month)),
    ];
    Data {
        columns,
        nullable: true,
    }
}

#[test]
fn other_writers_files_give_the_same_tally() {
    let mut policy = Policy::default();
    policy.roles.protected = ["sex", "score"].map(String::from).to_vec();
    policy.roles.strata = vec!["shop".into()];
    policy.roles.period = Some("month".into());
    policy.roles.prediction = Some("hired".into());
    let plan = Plan::from_policy(&policy).unwrap();
    let expected = rows().coded(&plan);
    assert_eq!(expected.rows, 600);
    for name in ["pyarrow", "pyarrow-v2-delta", "polars", "duckdb"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/{name}.parquet"));
        assert_eq!(columns(&path).unwrap(), ["sex", "shop", "hired", "score", "month"]);
        assert_eq!(read(&path, &plan).unwrap(), expected, "{name}");
    }
}

#[test]
fn a_dictionary_at_byte_0_is_none() {
    let sample = Data::sample(3_000, true);
    let properties = properties().set_dictionary_enabled(false).build();
    let mut file = sample.write(properties, 1_000, 3_000);
    let expected = read(file.path(), &plan()).unwrap();

    // As some writers say it, in a second footer behind the first.
    let metadata = Footer::read(&Input::named(file.path())).unwrap().metadata;
    let mut whole = metadata.into_builder();
    let groups = whole.take_row_groups().into_iter().map(|group| {
        let mut group = group.into_builder();
        let at_0 = |chunk: ColumnChunkMetaData| {
            chunk
                .into_builder()
                .set_dictionary_page_offset(Some(0))
                .build()
                .unwrap()
        };
        let chunks = group.take_columns().into_iter().map(at_0).collect();
        group.set_column_metadata(chunks).build().unwrap()
    });
    let groups = groups.collect();
    let metadata = whole.set_row_groups(groups).build();
    let mut footer = Vec::new();
    ParquetMetaDataWriter::new(&mut footer, &metadata).finish().unwrap();
    file.seek(SeekFrom::End(0)).unwrap();
    file.write_all(&footer).unwrap();
    file.flush().unwrap();
    assert_eq!(read(file.path(), &plan()).unwrap(), expected);
}
