//! What cannot be read is refused with the file, the column, the row and one thing to do.

use parquet::data_type::{Int96, Int96Type};

use super::*;

#[track_caller]
fn problem(path: &Path, policy: &Policy) -> Problem {
    let problems = read(path, &Plan::from_policy(policy).unwrap()).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].clone()
}

fn policy(prediction: &str) -> Policy {
    let mut policy = Policy::default();
    policy.roles.prediction = Some(prediction.into());
    policy
}

#[test]
fn files_that_are_no_parquet_files() {
    let problem = |bytes: &[u8]| {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        columns(file.path()).unwrap_err().message
    };
    assert!(problem(b"").contains("too few bytes"));
    assert!(problem(b"sex,hired\nFemale,yes\n").contains("no Parquet footer"));
    assert!(problem(b"PAR1\xff\xff\xff\x7fPAR1").contains("longer than the file"));
    assert!(problem(b"PAR1\0\0\0\0PARE").contains("encrypted"));
    assert!(
        columns(Path::new("/nowhere.parquet"))
            .unwrap_err()
            .message
            .contains("does not exist")
    );
    assert!(columns(&std::env::temp_dir()).is_err());
}

#[test]
fn a_value_is_named_with_its_row() {
    let rows = 20_000;
    for nullable in [false, true] {
        for dictionary in [false, true] {
            let mut sample = Data::sample(rows, nullable);
            let counts = (0..rows).map(|row| Some(if row == 17_171 { -1 } else { 1 })).collect();
            sample.columns.push(("n", Values::Int64(counts)));
            let properties = properties()
                .set_dictionary_enabled(dictionary)
                .set_data_page_row_count_limit(3_000);
            let file = sample.write(properties.build(), 9_000, rows);
            let mut policy = policy("hired");
            policy.roles.count = Some("n".into());
            let problem = problem(file.path(), &policy);
            assert!(problem.message.contains("row 17172, column `n`"), "{problem}");
        }
    }
}

#[test]
fn the_first_bad_row_is_named_whichever_thread_finds_it() {
    let rows = 2_000;
    let mut sample = Data::sample(rows, true);
    let weights = (0..rows).map(|row| (row % 100 != 55).then_some(1.0)).collect();
    sample.columns.push(("w", Values::Double(weights)));
    let file = sample.write(properties().build(), 10, rows);
    let mut policy = policy("hired");
    policy.roles.weight = Some("w".into());
    for _ in 0..20 {
        let problem = problem(file.path(), &policy);
        assert!(
            problem.message.contains("row 56, column `w`: the weight is missing"),
            "{problem}"
        );
    }
}

#[test]
fn types_that_are_not_read() {
    let schema = "message rows {
        REQUIRED INT96 moment;
        OPTIONAL GROUP tags (LIST) { REPEATED GROUP list { OPTIONAL BYTE_ARRAY element (UTF8); } }
        REQUIRED INT32 time (TIME_MILLIS);
    }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = NamedTempFile::with_suffix(".parquet").unwrap();
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::new(properties().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<Int96Type>()
        .write_batch(&[Int96::new()], None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<ByteArrayType>()
        .write_batch(&[], Some(&[0]), Some(&[0]))
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&[1], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();

    for (column, what) in [("moment", "INT96"), ("tags", "nested"), ("time", "TIME")] {
        let problem = problem(file.path(), &policy(column));
        assert!(
            problem.message.contains(&format!("column `{column}`: its type is ")),
            "{problem}"
        );
        assert!(
            problem.message.to_uppercase().contains(&what.to_uppercase()),
            "{problem}"
        );
    }
    let mut values = 0;
    let head = head(file.path(), 10, |_, _| values += 1).unwrap();
    assert_eq!(
        (head.columns, values),
        (vec!["moment".to_owned(), "tags".to_owned(), "time".to_owned()], 0)
    );
    assert!(
        problem(file.path(), &policy("other"))
            .message
            .contains("has no column `other`")
    );
}

#[test]
fn text_that_is_none() {
    let schema = Arc::new(parse_message_type("message rows { REQUIRED BYTE_ARRAY name; }").unwrap());
    for dictionary in [false, true] {
        let mut file = NamedTempFile::with_suffix(".parquet").unwrap();
        let properties = properties().set_dictionary_enabled(dictionary).build();
        let mut writer = SerializedFileWriter::new(&mut file, Arc::clone(&schema), Arc::new(properties)).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let values = [ByteArray::from("a"), ByteArray::from(vec![0xe9])];
        column
            .typed::<ByteArrayType>()
            .write_batch(&values, None, None)
            .unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        let problem = problem(file.path(), &policy("name"));
        assert!(
            problem
                .message
                .contains("row 2, column `name`: it holds bytes that are not UTF-8"),
            "{problem}"
        );
    }
}
