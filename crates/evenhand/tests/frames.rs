//! What a data frame may hold, and what is said of one that cannot be used. That it gives the same bytes as every other
//! path is tested in `paths`.
#![cfg(feature = "polars")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use evenhand::{Policy, Problem, Tally, Threshold, tally};
use polars::prelude::*;

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned(), "age".to_owned()];
    policy.bins.insert("age".to_owned(), vec![30.0, 50.0].into());
    policy.roles.label = Some("hired".to_owned());
    policy.roles.score = Some("score".to_owned());
    policy.roles.threshold = Some(0.5.into());
    policy.roles.count = Some("people".to_owned());
    policy
}

fn bytes(tally: Result<Tally, Vec<Problem>>) -> String {
    tally.unwrap().to_json()
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
    let problems = tally(&df!("group" => ["a"], "hired" => [true]).unwrap(), &policy).unwrap_err();
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

/// Many rows in several chunks: more values than are remembered, and names too long for a view.
fn large() -> DataFrame {
    let part = |from: i64, to: i64| {
        let rows = from..to;
        df!(
            "group" => rows.clone().map(|row| format!("a group with a long name {}", row * 31 % 700)).collect::<Vec<_>>(),
            "id" => rows.clone().map(|row| format!("id {}", row * 7_919 % 5_003)).collect::<Vec<_>>(),
            "number" => rows.clone().map(|row| row * 104_729 % 9_001).collect::<Vec<_>>(),
            "hired" => rows.clone().map(|row| (row % 11 > 0).then_some(row % 3 == 0)).collect::<Vec<_>>(),
            "score" => rows.clone().map(|row| (row * 13 % 1_009) as f64 / 1_009.0).collect::<Vec<_>>(),
        )
        .unwrap()
    };
    let mut frame = part(0, 9_000);
    frame.vstack_mut(&part(9_000, 9_001)).unwrap();
    frame.vstack_mut(&part(9_001, 50_000)).unwrap();
    frame
}

#[test]
fn any_number_of_threads_gives_the_bytes_of_a_file() {
    let frame = large();
    let mut text = "group,id,number,hired,score\n".to_owned();
    for row in 0..frame.height() {
        let cells: Vec<String> = (frame.get(row).unwrap().iter())
            .map(|value| match value {
                AnyValue::Null => String::new(),
                AnyValue::Boolean(value) => value.to_string(),
                AnyValue::Int64(value) => value.to_string(),
                AnyValue::Float64(value) => format!("{value:?}"),
                value => value.get_str().unwrap().to_owned(),
            })
            .collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    for cluster in ["id", "number", "score"] {
        let mut policy = Policy::default();
        policy.roles.protected = vec!["group".to_owned()];
        policy.roles.prediction = Some("hired".to_owned());
        policy.roles.cluster = Some(cluster.to_owned());
        let expected = bytes(tally(file.path(), &policy));
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(
                expected,
                bytes(pool.install(|| tally(&frame, &policy))),
                "{cluster}, {threads}"
            );
        }
    }
}

#[test]
fn the_first_problem_is_named_however_many_threads_look() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned()];
    policy.roles.prediction = Some("hired".to_owned());
    policy.roles.count = Some("people".to_owned());
    let rows = 40_000;
    let mut people = vec![1i64; rows];
    people[9_000] = -7;
    people[9_001] = -8;
    people[35_000] = -9;
    let frame = df!("group" => vec!["a"; rows], "hired" => vec![true; rows], "people" => people).unwrap();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for query in [false, true] {
            let counted = match query {
                false => pool.install(|| tally(&frame, &policy)),
                true => pool.install(|| tally(frame.clone().lazy(), &policy)),
            };
            let problems = counted.unwrap_err();
            assert_eq!(problems.len(), 1);
            assert_eq!(
                problems[0].message,
                "the data frame, row 9001, column `people`: the count `-7` is negative"
            );
        }
    }
}

#[test]
fn a_constant_column_is_a_column() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned()];
    policy.roles.prediction = Some("hired".to_owned());
    let mut frame = df!("hired" => [true, false, true]).unwrap();
    frame
        .with_column(Column::new_scalar(
            "group".into(),
            Scalar::from(PlSmallStr::from("a")),
            3,
        ))
        .unwrap();
    let written = df!("group" => ["a", "a", "a"], "hired" => [true, false, true]).unwrap();
    assert_eq!(bytes(tally(&written, &policy)), bytes(tally(&frame, &policy)));
}

#[test]
fn a_name_is_no_pattern() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["*".to_owned(), "^a.*$".to_owned()];
    policy.roles.prediction = Some("hired".to_owned());
    let frame = df!("*" => ["x", "y"], "^a.*$" => ["p", "q"], "abc" => [1, 2], "hired" => [true, false]).unwrap();
    assert_eq!(
        bytes(tally(&frame, &policy)),
        bytes(tally(frame.clone().lazy(), &policy))
    );
}

#[test]
fn bytes_are_text_or_a_problem() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["group".to_owned()];
    policy.roles.prediction = Some("hired".to_owned());
    let of = |bytes: [&[u8]; 3]| {
        let column = Column::new("group".into(), bytes.as_slice());
        let hired = Column::new("hired".into(), ["yes", "no", "yes"]);
        tally(&DataFrame::new(3, vec![column, hired]).unwrap(), &policy)
    };
    let text = df!("group" => ["a", "é", "a"], "hired" => ["yes", "no", "yes"]).unwrap();
    assert_eq!(bytes(of([b"a", "é".as_bytes(), b"a"])), bytes(tally(&text, &policy)));
    // What is no text is not taken for missing: a file with the same bytes is refused as well.
    let problems = of([b"a", b"\xff\xfe", b"a"]).unwrap_err();
    assert!(problems[0].message.contains("`group`"), "{problems:?}");
}
