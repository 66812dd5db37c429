//! Files that pyarrow, polars and DuckDB wrote, by `tests/data/parquet.py`, which says what is in them.

use std::path::PathBuf;

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
