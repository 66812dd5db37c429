//! A data frame, a query, a CSV file, a Parquet file and their parts give the same bytes.
#![cfg(feature = "polars")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use evenhand::{Policy, Problem, Tally, Threshold, tally};
use parquet::data_type::{BoolType, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use polars::prelude::*;
use proptest::prelude::*;

/// One row as it would stand in a spreadsheet; `None` is an empty cell.
#[derive(Clone, Debug)]
struct Row {
    group: Option<String>,
    age: Option<i64>,
    hired: Option<bool>,
    score: Option<f64>,
    people: u32,
}

fn row() -> impl Strategy<Value = Row> {
    // Quotes, delimiters, line ends, letters of other scripts: whatever a cell may hold.
    let group = prop::option::weighted(0.9, "[ABé名\", \n'x]{1,3}");
    let score = prop::option::weighted(0.9, prop_oneof![-5.0f64..5.0, Just(0.0), Just(1.0), Just(f64::NAN)]);
    (
        group,
        prop::option::weighted(0.9, 18i64..90),
        prop::option::weighted(0.9, any::<bool>()),
        score,
        0u32..5,
    )
        .prop_map(|(group, age, hired, score, people)| Row {
            // Blank text is missing on every path; a frame of nulls and a CSV of blanks are the same data.
            group: group.filter(|text| !text.trim().is_empty()),
            age,
            hired,
            score,
            people,
        })
}

fn frame(rows: &[Row]) -> DataFrame {
    df!(
        "group" => rows.iter().map(|row| row.group.clone()).collect::<Vec<_>>(),
        "age" => rows.iter().map(|row| row.age).collect::<Vec<_>>(),
        "hired" => rows.iter().map(|row| row.hired).collect::<Vec<_>>(),
        "score" => rows.iter().map(|row| row.score).collect::<Vec<_>>(),
        "people" => rows.iter().map(|row| row.people).collect::<Vec<_>>(),
        "unused" => rows.iter().map(|_| "x").collect::<Vec<_>>(),
    )
    .unwrap()
}

fn csv(rows: &[Row]) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let mut text = "group,age,hired,score,people,unused\n".to_owned();
    let cell = |value: Option<String>| value.unwrap_or_default();
    for row in rows {
        let group = cell(row.group.clone()).replace('"', "\"\"");
        let score = cell(row.score.map(|score| format!("{score:?}")));
        let (age, hired) = (
            cell(row.age.map(|age| age.to_string())),
            cell(row.hired.map(|hired| hired.to_string())),
        );
        text.push_str(&format!("\"{group}\",{age},{hired},{score},{},x\n", row.people));
    }
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn parquet(rows: &[Row]) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
    let schema = "message rows { OPTIONAL BYTE_ARRAY group (UTF8); OPTIONAL INT64 age; OPTIONAL BOOLEAN hired; \
                  OPTIONAL DOUBLE score; REQUIRED INT32 people (UINT_32); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(file.reopen().unwrap(), schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    macro_rules! column {
        ($type:ty, |$row:ident| $value:expr) => {{
            let values: Vec<_> = rows.iter().map(|$row| $value).collect();
            let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
            let present: Vec<_> = values.into_iter().flatten().collect();
            let mut column = group.next_column().unwrap().unwrap();
            column
                .typed::<$type>()
                .write_batch(&present, Some(&levels), None)
                .unwrap();
            column.close().unwrap();
        }};
    }
    column!(ByteArrayType, |row| row.group.as_deref().map(Into::into));
    column!(Int64Type, |row| row.age);
    column!(BoolType, |row| row.hired);
    column!(DoubleType, |row| row.score);
    column!(Int32Type, |row| Some(row.people as i32));
    group.close().unwrap();
    writer.close().unwrap();
    file
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned(), "age".to_owned()];
    policy.bins.insert("age".to_owned(), vec![30.0, 50.0]);
    policy.roles.label = Some("hired".to_owned());
    policy.roles.score = Some("score".to_owned());
    policy.roles.threshold = Some(0.5.into());
    policy.roles.count = Some("people".to_owned());
    policy
}

fn bytes(tally: Result<Tally, Vec<Problem>>) -> String {
    tally.unwrap().to_json()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_path_gives_the_same_bytes(rows in prop::collection::vec(row(), 1..60), cut in 0usize..60) {
        prop_assume!(rows.iter().any(|row| row.people > 0));
        let policy = policy();
        let whole = frame(&rows);
        let expected = bytes(tally(&whole, &policy));
        prop_assert_eq!(&expected, &bytes(tally(whole.clone().lazy(), &policy)));
        prop_assert_eq!(&expected, &bytes(tally(csv(&rows).path(), &policy)));
        prop_assert_eq!(&expected, &bytes(tally(parquet(&rows).path(), &policy)));
        let cut = cut.min(rows.len());
        let parts = [frame(&rows[..cut]), frame(&rows[cut..])];
        let parts: Vec<Tally> = parts.iter().map(|part| tally(part, &policy).unwrap()).collect();
        prop_assert_eq!(&expected, &parts[1].merge(&parts[0]).unwrap().to_json());
        // Several chunks in one column.
        let mut chunked = frame(&rows[..cut]);
        chunked.vstack_mut(&frame(&rows[cut..])).unwrap();
        prop_assert_eq!(&expected, &bytes(tally(&chunked, &policy)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_path_finds_the_same_median(rows in prop::collection::vec(row(), 1..60), cut in 1usize..59) {
        let has_score = |row: &Row| row.people > 0 && row.score.is_some_and(|score| !score.is_nan());
        prop_assume!(rows.iter().any(has_score));
        let mut policy = policy();
        policy.roles.threshold = Some(Threshold::Median);
        let whole = frame(&rows);
        let expected = bytes(tally(&whole, &policy));
        let is_marked = expected.starts_with("{\"version\":2,") && expected.contains("above-median");
        prop_assert!(is_marked, "{}", expected);
        prop_assert_eq!(&expected, &bytes(tally(whole.clone().lazy(), &policy)));
        prop_assert_eq!(&expected, &bytes(tally(csv(&rows).path(), &policy)));
        prop_assert_eq!(&expected, &bytes(tally(parquet(&rows).path(), &policy)));
        prop_assert_eq!(&expected, &Tally::from_json(&expected).unwrap().to_json());
        // Parts read together have the median of the whole.
        let (one, other) = rows.split_at(cut.min(rows.len()));
        for write in [csv, parquet] {
            if !one.is_empty() && !other.is_empty() {
                let files = [write(other), write(one)];
                let paths: Vec<PathBuf> = files.iter().map(|file| file.path().to_owned()).collect();
                prop_assert_eq!(&expected, &bytes(tally(paths.as_slice(), &policy)));
            }
        }
        // Where the parts have the same median, so has the whole.
        let part = tally(&whole, &policy).unwrap();
        let twice: Vec<Row> = rows.iter().chain(&rows).cloned().collect();
        prop_assert_eq!(part.merge(&part).unwrap().to_json(), bytes(tally(&frame(&twice), &policy)));
    }
}

#[test]
fn medians_of_parts_are_not_that_of_the_whole() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned()];
    policy.roles.score = Some("score".to_owned());
    policy.roles.threshold = Some(Threshold::Median);
    let part = |scores: [f64; 3]| tally(&df!("group" => ["a", "b", "b"], "score" => scores).unwrap(), &policy).unwrap();
    let mismatch = part([0.1, 0.2, 0.3]).merge(&part([0.1, 0.3, 0.3])).unwrap_err();
    assert_eq!(
        mismatch.to_string(),
        "column `score` was compared with its median in each part, 0.2 against 0.3, and from these the median of the \
         whole does not follow"
    );
}

#[test]
fn whole_numbers_and_text_have_the_same_median() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned()];
    policy.roles.score = Some("score".to_owned());
    policy.roles.threshold = Some(Threshold::Median);
    policy.values.missing = vec!["-1".to_owned()];
    let groups = ["a", "b", "a", "b", "b"];
    let whole = df!("group" => groups, "score" => [7i64, -1, 9, 8, 8]).unwrap();
    let text = df!("group" => groups, "score" => [" 7", "-1", "9.0", "8", "+8e0"]).unwrap();
    let single = df!("group" => groups, "score" => [7f32, -1.0, 9.0, 8.0, 8.0]).unwrap();
    let expected = bytes(tally(&whole, &policy));
    assert!(expected.contains("\"above-median\":8.0"), "{expected}");
    assert_eq!(expected, bytes(tally(&text, &policy)));
    assert_eq!(expected, bytes(tally(&single, &policy)));
    let bad = df!("group" => ["a", "b"], "score" => ["1", "high"]).unwrap();
    let problems = tally(&bad, &policy).unwrap_err();
    assert!(
        problems[0].message.contains("row 2, column `score`: `high`") && problems[0].help.contains("a threshold needs"),
        "{problems:?}"
    );
}

#[test]
fn types_do_not_matter_where_the_text_is_the_same() {
    let policy = {
        let mut policy = Policy::default();
        policy.roles.protected = vec!["group".to_owned()];
        policy.roles.prediction = Some("hired".to_owned());
        policy
    };
    let text = df!("group" => ["1", "2", "1"], "hired" => ["true", "false", "true"]).unwrap();
    let expected = bytes(tally(&text, &policy));
    let typed = df!("group" => [1u8, 2, 1], "hired" => [true, false, true]).unwrap();
    assert_eq!(expected, bytes(tally(&typed, &policy)));
    let wide = df!("group" => [1u64, 2, 1], "hired" => [true, false, true]).unwrap();
    assert_eq!(expected, bytes(tally(&wide, &policy)));
    let categories = text
        .lazy()
        .with_column(col("group").cast(DataType::from_categories(Categories::global())))
        .collect()
        .unwrap();
    assert_eq!(expected, bytes(tally(&categories, &policy)));
}

#[test]
fn a_float_means_its_shortest_decimal() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned()];
    policy.roles.score = Some("score".to_owned());
    policy.roles.threshold = Some(0.7.into());
    let single = df!("group" => ["a", "a", "b", "b"], "score" => [0.7f32, 0.1, 0.7, 0.2]).unwrap();
    let double = df!("group" => ["a", "a", "b", "b"], "score" => [0.7f64, 0.1, 0.7, 0.2]).unwrap();
    assert_eq!(bytes(tally(&single, &policy)), bytes(tally(&double, &policy)));
}

#[test]
fn not_a_number_is_missing_and_counted() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned()];
    policy.roles.score = Some("score".to_owned());
    policy.roles.threshold = Some(0.5.into());
    let frame = df!("group" => ["a", "a", "b"], "score" => [f64::NAN, 0.9, 0.1]).unwrap();
    let tally = tally(&frame, &policy).unwrap();
    assert_eq!(tally.readings.len(), 1);
    assert_eq!(tally.readings[0].rows, 1);
}

#[test]
fn problems_name_the_column_and_the_row() {
    let mut policy = policy();
    policy.roles.protected = vec!["gruop".to_owned()];
    policy.bins.clear();
    let problems = tally(&frame(&[]), &policy).unwrap_err();
    assert!(
        problems[0].message.contains("gruop") && problems[0].help.contains("`group`"),
        "{problems:?}"
    );

    policy.roles.protected = vec!["group".to_owned()];
    let bad = df!("group" => ["a", "b"], "hired" => [true, false], "score" => [0.1, 0.9], "people" => [1, -1]).unwrap();
    let problems = tally(&bad, &policy).unwrap_err();
    assert!(
        problems[0].message.contains("row 2") && problems[0].message.contains("people"),
        "{problems:?}"
    );

    let lists =
        df!("group" => [Series::new("".into(), ["a"]), Series::new("".into(), ["b"])], "hired" => [true, false])
            .unwrap();
    policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned()];
    policy.roles.prediction = Some("hired".to_owned());
    let problems = tally(&lists, &policy).unwrap_err();
    assert!(problems[0].message.contains("lists"), "{problems:?}");
}
