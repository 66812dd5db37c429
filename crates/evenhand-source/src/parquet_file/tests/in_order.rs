//! The rows of a file, written down as a table, give the tally of its columns.

use evenhand_measure::tally::Found;
use parquet::basic::Encoding;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::Int96;
use parquet::file::properties::WriterVersion;
use parquet::schema::types::ColumnPath;

use super::*;
use crate::csv_file;
use crate::records::{Record, Records, write_down};

fn records(path: &Path) -> Box<dyn Records> {
    super::super::records(&Input::named(path)).unwrap()
}

/// All cells, row by row, and the notes' codes.
fn all(path: &Path) -> Result<(Vec<Record>, Vec<String>), Problem> {
    let mut records = super::super::records(&Input::named(path))?;
    let mut rows = Vec::new();
    let mut record = Record::new();
    while let Some(place) = records.next(&mut record)? {
        rows.push(record.clone());
        assert_eq!(place, rows.len() as u64);
        assert_eq!(record.len(), records.columns().len());
    }
    Ok((rows, records.notes().into_iter().map(|note| note.code).collect()))
}

fn tally_of_rows(path: &Path, plan: &Plan) -> Partial {
    let mut records = records(path);
    let columns = records.columns().to_vec();
    let (kept, first_byte, _) = write_down(records.as_mut(), "row").unwrap();
    let mut table = NamedTempFile::with_suffix(".csv").unwrap();
    std::io::copy(&mut crate::input::File::Kept(kept, 0), &mut table).unwrap();
    let head = csv_file::Head::of_plain(columns, first_byte);
    csv_file::tally(&Input::named(table.path()), &head, plan, &()).unwrap()
}

/// Values that are not a number are counted in a note in place of the tally.
#[track_caller]
fn assert_same(path: &Path, plan: &Plan) {
    let rows = tally_of_rows(path, plan);
    let mut direct = read(path, plan).unwrap();
    assert_eq!(rows.rows, direct.rows);
    direct
        .tally
        .readings
        .retain(|reading| reading.found != Found::NotANumber);
    assert!(rows.tally.to_json() == direct.tally.to_json(), "{}", path.display());
}

#[test]
fn the_written_rows_give_the_tally_of_the_columns() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for nullable in [false, true] {
            for dictionary in [false, true] {
                let data = Data::sample(5_000, nullable);
                let properties = properties()
                    .set_writer_version(version)
                    .set_dictionary_enabled(dictionary)
                    .set_data_page_size_limit(900)
                    .set_write_batch_size(64);
                let file = data.write(properties.build(), 1_777, 333);
                assert_same(file.path(), &plan());
            }
        }
    }
}

#[test]
fn files_of_other_writers_give_the_tally_of_the_columns() {
    let mut policy = Policy::default();
    policy.roles.protected = ["sex", "score", "hired"].map(String::from).to_vec();
    policy.roles.strata = vec!["shop".into()];
    policy.roles.prediction = Some("month".into());
    let plan = Plan::from_policy(&policy).unwrap();
    for name in ["pyarrow", "pyarrow-v2-delta", "polars", "duckdb"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/{name}.parquet"));
        assert_same(&path, &plan);
    }
}

/// Values with their levels, for each leaf of a schema.
enum Leaf {
    Text(&'static [&'static str]),
    Double(&'static [f64]),
    Int64(&'static [i64]),
    Int32(&'static [i32]),
}

/// Writes one row group whose leaves have these values, definition levels and repetition levels.
fn nested(schema: &str, properties: WriterProperties, leaves: &[(Leaf, &[i16], &[i16])]) -> NamedTempFile {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = NamedTempFile::with_suffix(".parquet").unwrap();
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for (leaf, definitions, repetitions) in leaves {
        let mut column = group.next_column().unwrap().unwrap();
        let (def, rep) = (Some(*definitions), Some(*repetitions));
        match leaf {
            Leaf::Text(values) => {
                let values: Vec<ByteArray> = values.iter().map(|text| ByteArray::from(*text)).collect();
                column.typed::<ByteArrayType>().write_batch(&values, def, rep).unwrap();
            }
            Leaf::Double(values) => {
                column.typed::<DoubleType>().write_batch(values, def, rep).unwrap();
            }
            Leaf::Int64(values) => {
                column.typed::<Int64Type>().write_batch(values, def, rep).unwrap();
            }
            Leaf::Int32(values) => {
                column.typed::<Int32Type>().write_batch(values, def, rep).unwrap();
            }
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    file
}

const LISTS: &str = "message rows {
    REQUIRED INT64 user;
    OPTIONAL GROUP items (LIST) { REPEATED GROUP list { OPTIONAL BYTE_ARRAY element (UTF8); } }
    OPTIONAL GROUP scores (LIST) { REPEATED GROUP list { OPTIONAL DOUBLE element; } }
    REPEATED BYTE_ARRAY tags (UTF8);
    OPTIONAL GROUP output {
        OPTIONAL GROUP pairs (LIST) { REPEATED GROUP list { REQUIRED GROUP element {
            REQUIRED BYTE_ARRAY item (UTF8);
            OPTIONAL GROUP days (LIST) { REPEATED GROUP list { REQUIRED INT32 element (DATE); } }
        } } }
    }
    REQUIRED GROUP weights (MAP) { REPEATED GROUP key_value { REQUIRED INT64 key; OPTIONAL INT32 value (DECIMAL(5, 2)); } }
    OPTIONAL GROUP old (LIST) { REPEATED INT64 array; }
}";

/// Five rows: full ones, a missing list, an empty one, and entries that are missing.
fn lists(properties: WriterProperties) -> NamedTempFile {
    nested(
        LISTS,
        properties,
        &[
            (Leaf::Int64(&[1, 2, 3, 4, 5]), &[0; 5], &[0; 5]),
            (
                Leaf::Text(&["a", "b\"", "ü, c", "d"]),
                &[3, 3, 0, 1, 3, 2, 3],
                &[0, 1, 0, 0, 0, 1, 0],
            ),
            (
                Leaf::Double(&[0.9, 7.0, f64::NAN, f64::INFINITY, -0.0]),
                &[3, 3, 0, 1, 3, 3, 3],
                &[0, 1, 0, 0, 0, 1, 0],
            ),
            (Leaf::Text(&["x", "y", "z"]), &[0, 1, 1, 0, 1, 0], &[0, 0, 1, 0, 0, 0]),
            // Row 1: two pairs; row 2: no output; row 3: output without pairs; row 4: no pairs; row 5: one pair.
            (Leaf::Text(&["p", "q", "r"]), &[3, 3, 0, 1, 2, 3], &[0, 1, 0, 0, 0, 0]),
            (
                Leaf::Int32(&[0, 1, 19_782]),
                &[5, 5, 4, 0, 1, 2, 5],
                &[0, 2, 1, 0, 0, 0, 0],
            ),
            (Leaf::Int64(&[1, 2, 3]), &[1, 1, 0, 0, 1, 0], &[0, 1, 0, 0, 0, 0]),
            (Leaf::Int32(&[90, -5]), &[2, 1, 0, 0, 2, 0], &[0, 1, 0, 0, 0, 0]),
            (Leaf::Int64(&[8, 9]), &[0, 2, 2, 1, 0, 0], &[0, 0, 1, 0, 0, 0]),
        ],
    )
}

#[test]
fn nested_columns_are_written_as_json() {
    let expected = [
        [
            "1",
            r#"["a","b\""]"#,
            "[0.9,7.0]",
            "[]",
            r#"{"pairs":[{"item":"p","days":["1970-01-01","1970-01-02"]},{"item":"q","days":[]}]}"#,
            r#"{"1":0.90,"2":null}"#,
            "",
        ],
        ["2", "", "", r#"["x","y"]"#, "", "{}", "[8,9]"],
        ["3", "[]", "[]", "[]", r#"{"pairs":null}"#, "{}", "[]"],
        [
            "4",
            r#"["ü, c",null]"#,
            r#"[null,"inf"]"#,
            r#"["z"]"#,
            r#"{"pairs":[]}"#,
            r#"{"3":-0.05}"#,
            "",
        ],
        [
            "5",
            r#"["d"]"#,
            "[0.0]",
            "[]",
            r#"{"pairs":[{"item":"r","days":["2024-02-29"]}]}"#,
            "{}",
            "",
        ],
    ];
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for dictionary in [true, false] {
            let base = properties()
                .set_writer_version(version)
                .set_dictionary_enabled(dictionary);
            let file = lists(base.build());
            let (rows, notes) = all(file.path()).unwrap();
            assert_eq!(notes, [""; 0]);
            assert_eq!(rows.len(), expected.len());
            for (row, expected) in rows.iter().zip(&expected) {
                let row: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or("")).collect();
                assert_eq!(row, expected);
            }
        }
    }
}

#[test]
fn long_lists_in_many_pages_and_texts_that_repeat() {
    const ROWS: usize = 3_000;
    let schema = "message rows { REQUIRED INT64 user;
        OPTIONAL GROUP items (LIST) { REPEATED GROUP list { OPTIONAL BYTE_ARRAY element (UTF8); } } }";
    for encoding in [
        Encoding::PLAIN,
        Encoding::DELTA_BYTE_ARRAY,
        Encoding::DELTA_LENGTH_BYTE_ARRAY,
    ] {
        let properties = properties()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_dictionary_enabled(false)
            .set_column_encoding(ColumnPath::from("items.list.element"), encoding)
            .set_data_page_row_count_limit(100)
            .set_write_batch_size(50)
            .build();
        let mut random = Random(5);
        let mut expected = Vec::new();
        let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROWS {
            let length = random.below(20);
            let items: Vec<String> = (0..length).map(|_| format!("item-{}", random.below(500))).collect();
            if items.is_empty() {
                definitions.push(1);
                repetitions.push(0);
            }
            for (rank, item) in items.iter().enumerate() {
                values.push(ByteArray::from(item.as_str()));
                definitions.push(3);
                repetitions.push(i16::from(rank > 0));
            }
            expected.push(serde_json::to_string(&items).unwrap());
        }
        let parsed = Arc::new(parse_message_type(schema).unwrap());
        let mut file = NamedTempFile::with_suffix(".parquet").unwrap();
        let mut writer = SerializedFileWriter::new(&mut file, parsed, Arc::new(properties)).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let users: Vec<i64> = (0..ROWS as i64).collect();
        column.typed::<Int64Type>().write_batch(&users, None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let (def, rep) = (Some(definitions.as_slice()), Some(repetitions.as_slice()));
        column.typed::<ByteArrayType>().write_batch(&values, def, rep).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        let (rows, _) = all(file.path()).unwrap();
        let found: Vec<String> = rows.into_iter().map(|mut row| row.remove(1).unwrap()).collect();
        assert_eq!(found, expected, "{encoding}");
    }
}

#[test]
fn types_that_are_not_read_are_left_out_with_a_note() {
    let schema = "message rows { REQUIRED INT96 moment; REQUIRED INT64 user; REQUIRED INT32 time (TIME_MILLIS); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = NamedTempFile::with_suffix(".parquet").unwrap();
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::new(properties().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    while let Some(mut column) = group.next_column().unwrap() {
        match column.untyped() {
            ColumnWriter::Int96ColumnWriter(column) => column.write_batch(&[Int96::new()], None, None),
            ColumnWriter::Int64ColumnWriter(column) => column.write_batch(&[7], None, None),
            ColumnWriter::Int32ColumnWriter(column) => column.write_batch(&[1], None, None),
            _ => unreachable!("no other types are in the schema"),
        }
        .unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    let (rows, notes) = all(file.path()).unwrap();
    assert_eq!(rows, [[Some("7".to_owned())]]);
    assert_eq!(notes, ["column-not-read", "column-not-read"]);
}

#[test]
fn damaged_rows_end_with_a_problem_that_names_the_file() {
    let file = lists(properties().build());
    let whole = std::fs::read(file.path()).unwrap();
    let copy = NamedTempFile::with_suffix(".parquet").unwrap();
    let mut refused = 0;
    for place in 4..whole.len() {
        let values = [0u8, 1, 0x7f, 0xff, whole[place] ^ 2];
        let mut bytes = whole.clone();
        bytes[place] = values[place % values.len()];
        std::fs::write(copy.path(), &bytes).unwrap();
        if let Err(problem) = all(copy.path()) {
            let name = copy.path().display().to_string();
            assert!(problem.message.contains(&name), "{problem}");
            refused += 1;
        }
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn a_row_that_claims_a_list_without_end_is_refused() {
    const ENTRIES: usize = (1 << 25) + 2;
    let mut repetitions = vec![1; ENTRIES];
    repetitions[0] = 0;
    let schema = "message rows { REPEATED INT64 items; }";
    let file = nested(schema, properties().build(), &[(Leaf::Int64(&[]), &[0], &[0])]);
    assert_eq!(all(file.path()).unwrap().0, [[Some("[]".to_owned())]]);
    let schema = "message rows { OPTIONAL GROUP a (LIST) { REPEATED GROUP list { OPTIONAL INT64 element; } } }";
    let file = nested(
        schema,
        properties().build(),
        &[(Leaf::Int64(&[]), &vec![2; ENTRIES], &repetitions)],
    );
    assert!(file.as_file().metadata().unwrap().len() < 1_000);
    let problem = all(file.path()).unwrap_err();
    assert!(problem.message.contains("entries in a list"), "{problem}");
}
