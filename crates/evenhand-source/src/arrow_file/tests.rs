//! Tests of Arrow IPC files and streams as writers write them, and of damaged and lying ones.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray, Float32Array,
    Float64Array, Int32Array, Int64Array, LargeStringArray, NullArray, RecordBatch, StringArray, StringViewArray,
    StructArray, Time32SecondArray, TimestampMicrosecondArray, UInt8Array, UInt64Array,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{DataType, Field};
use evenhand_measure::policy::Data;

use crate::dressed::{assert_same, refused, survives, table};

fn people(kind: usize) -> RecordBatch {
    let sex = [Some("f"), Some("m"), Some("f"), None, Some("m")];
    let region = [
        Some("north, upper"),
        Some("south"),
        Some(""),
        Some("süd"),
        Some("say \"no\""),
    ];
    let score = [Some(0.9), Some(0.25), Some(f64::NAN), Some(1.0), Some(1e-7)];
    let n = [1, 2, 3, 4, 5];
    let of: [(&str, ArrayRef); 5] = match kind {
        0 => [
            ("sex", Arc::new(StringArray::from(sex.to_vec()))),
            (
                "hired",
                Arc::new(BooleanArray::from(vec![true, false, false, true, true])),
            ),
            ("score", Arc::new(Float64Array::from(score.to_vec()))),
            ("n", Arc::new(Int64Array::from(n.to_vec()))),
            ("region", Arc::new(LargeStringArray::from(region.to_vec()))),
        ],
        _ => [
            ("sex", Arc::new(sex.into_iter().collect::<DictionaryArray<Int8Type>>())),
            (
                "hired",
                Arc::new(StringViewArray::from(vec!["true", "false", "false", "true", "true"])),
            ),
            (
                "score",
                Arc::new(Float32Array::from(vec![
                    Some(0.9),
                    Some(0.25),
                    None,
                    Some(1.0),
                    Some(1e-7),
                ])),
            ),
            ("n", Arc::new(UInt8Array::from(n.map(|n| n as u8).to_vec()))),
            (
                "region",
                Arc::new(BinaryArray::from(region.map(|text| text.map(str::as_bytes)).to_vec())),
            ),
        ],
    };
    RecordBatch::try_from_iter_with_nullable(of.map(|(name, column)| (name, column, true))).unwrap()
}

fn file(batch: &RecordBatch, parts: usize, packing: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(packing).unwrap();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
    for part in split(batch, parts) {
        writer.write(&part).unwrap();
    }
    writer.into_inner().unwrap()
}

fn stream(batch: &RecordBatch, parts: usize) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    for part in split(batch, parts) {
        writer.write(&part).unwrap();
    }
    writer.into_inner().unwrap()
}

fn split(batch: &RecordBatch, parts: usize) -> Vec<RecordBatch> {
    let cut = batch.num_rows() / parts;
    let part = |part: usize| {
        let end = if part + 1 == parts {
            batch.num_rows()
        } else {
            (part + 1) * cut
        };
        batch.slice(part * cut, end - part * cut)
    };
    (0..parts).map(part).collect()
}

fn of(name: &str, column: ArrayRef) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable([(name, column, true)]).unwrap()
}

#[test]
fn the_same_table_gives_the_same_tally() {
    for kind in [0, 1] {
        let batch = people(kind);
        for parts in [1, 2] {
            assert_same("table.arrow", &file(&batch, parts, None));
            assert_same("table.feather", &file(&batch, parts, Some(CompressionType::LZ4_FRAME)));
            assert_same("table.feather", &file(&batch, parts, Some(CompressionType::ZSTD)));
            assert_same("table.arrows", &stream(&batch, parts));
        }
        let packed = zstd::encode_all(stream(&batch, 1).as_slice(), 1).unwrap();
        assert_same("table.arrows.zst", &packed);
    }
}

#[test]
fn values_have_the_text_that_they_have_elsewhere() {
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.append_value([Some("a\"b"), None]);
    lists.append_null();
    let parts: Vec<(Arc<Field>, ArrayRef)> = vec![
        (
            Arc::new(Field::new("id", DataType::Int32, true)),
            Arc::new(Int32Array::from(vec![7, 8])),
        ),
        (
            Arc::new(Field::new("zip", DataType::Utf8, true)),
            Arc::new(StringArray::from(vec![Some("00501"), None])),
        ),
    ];
    let columns: [(&str, ArrayRef, &str); 10] = [
        (
            "big",
            Arc::new(UInt64Array::from(vec![u64::MAX, 0])),
            "18446744073709551615|0",
        ),
        (
            "day",
            Arc::new(Date32Array::from(vec![19_782, -1])),
            "2024-02-29|1969-12-31",
        ),
        (
            "day64",
            Arc::new(Date64Array::from(vec![1_709_164_800_000, -1])),
            "2024-02-29|1969-12-31",
        ),
        (
            "moment",
            Arc::new(TimestampMicrosecondArray::from(vec![Some(1_704_164_645_120_000), None]).with_timezone("UTC")),
            "2024-01-02T03:04:05.12Z|",
        ),
        (
            "local",
            Arc::new(TimestampMicrosecondArray::from(vec![0, -1])),
            "1970-01-01T00:00:00|1969-12-31T23:59:59.999999",
        ),
        (
            "price",
            Arc::new(
                Decimal128Array::from(vec![50, -12_345])
                    .with_precision_and_scale(10, 2)
                    .unwrap(),
            ),
            "0.50|-123.45",
        ),
        ("none", Arc::new(NullArray::new(2)), "|"),
        ("single", Arc::new(Float32Array::from(vec![0.7, -0.0])), "0.7|0.0"),
        ("items", Arc::new(lists.finish()), "[\"a\\\"b\",null]|"),
        ("user", Arc::new(StructArray::from(parts)), "7,00501|8,"),
    ];
    for (name, column, expected) in columns {
        let (text, _) = table("x.arrow", &file(&of(name, column), 1, None), &Data::default());
        let (header, rows) = text.split_once('\n').unwrap();
        assert_eq!(header, if name == "user" { "user.id,user.zip" } else { name });
        let rows: Vec<String> = rows
            .lines()
            .map(
                |row| match row.strip_prefix('"').and_then(|row| row.strip_suffix('"')) {
                    Some(row) => row.replace("\"\"", "\""),
                    None => row.to_owned(),
                },
            )
            .collect();
        assert_eq!(rows.join("|"), expected, "{name}");
    }
}

#[test]
fn a_type_that_is_not_read_is_named() {
    let batch = of("shift", Arc::new(Time32SecondArray::from(vec![1])));
    let problem = refused("x.arrow", &file(&batch, 1, None), &Data::default());
    assert!(
        problem
            .message
            .contains("`shift` is of a type that is not read: Time32"),
        "{problem}"
    );
    let batch = of("name", Arc::new(BinaryArray::from(vec![b"caf\xe9".as_slice()])));
    let problem = refused("x.arrow", &file(&batch, 1, None), &Data::default());
    assert!(
        problem
            .message
            .contains("row 1: the column `name` has bytes that are not UTF-8"),
        "{problem}"
    );
}

#[test]
fn what_is_cut_short_is_not_taken_for_whole() {
    let batch = people(1);
    let whole = file(&batch, 2, None);
    let problem = refused("x.arrow", &whole[..whole.len() - 20], &Data::default());
    assert!(problem.message.contains("end in the middle"), "{problem}");
    let whole = stream(&batch, 1);
    let problem = refused("x.arrows", &whole[..whole.len() - 100], &Data::default());
    assert!(problem.message.contains("end in the middle"), "{problem}");
    let (_, notes) = table("x.arrows", &whole[..whole.len() - 8], &Data::default());
    assert_eq!(notes, ["no-end-mark"]);
    let problem = refused("x.arrows", &[whole.clone(), whole].concat(), &Data::default());
    assert!(problem.message.contains("more data after the end"), "{problem}");
}

#[test]
fn what_claims_to_be_large_is_refused_before_it_is_believed() {
    let text = "x".repeat(100_000);
    let batch = of("a", Arc::new(StringArray::from(vec![text.as_str()])));
    let whole = file(&batch, 1, Some(CompressionType::ZSTD));
    // The size that stands before the packed text.
    let size = 100_000i64.to_le_bytes();
    let at = whole.windows(8).rposition(|bytes| bytes == size).unwrap();
    for claimed in [i64::MAX, 1 << 40, 1 << 31, 200 << 20] {
        let mut lying = whole.clone();
        lying[at..at + 8].copy_from_slice(&claimed.to_le_bytes());
        let problem = refused("x.arrow", &lying, &Data::default());
        assert!(problem.message.contains("of more than 192 MB"), "{claimed}: {problem}");
    }
    let mut lying = whole;
    lying[at..at + 8].copy_from_slice(&(1i64 << 20).to_le_bytes());
    assert!(
        refused("x.arrow", &lying, &Data::default())
            .message
            .contains("is damaged")
    );
}

#[test]
fn long_texts_in_many_rows_are_refused() {
    let long = "x".repeat(60 << 20);
    let keys = arrow_array::Int8Array::from(vec![0; 100]);
    let column = DictionaryArray::new(keys, Arc::new(StringArray::from(vec![long.as_str()])));
    let bytes = file(&of("a", Arc::new(column)), 1, Some(CompressionType::ZSTD));
    assert!(bytes.len() < 1 << 20);
    let problem = refused("x.arrow", &bytes, &Data::default());
    assert!(problem.message.contains("1000 times"), "{problem}");
}

#[test]
fn damage_is_refused_or_counted() {
    for bytes in [
        file(&people(0), 2, None),
        file(&people(1), 2, Some(CompressionType::ZSTD)),
        file(&people(1), 1, Some(CompressionType::LZ4_FRAME)),
        stream(&people(0), 1),
        stream(&people(1), 2),
    ] {
        let (_, refused) = survives("x.arrow", &bytes, 1_500);
        assert!(refused > 500, "{refused}");
    }
}
