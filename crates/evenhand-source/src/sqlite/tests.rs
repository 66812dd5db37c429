//! Tests of databases, against the same tables as CSV.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use evenhand_measure::{Fault, Policy, Problem, Tally};
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

use crate::input::{Input, Inputs, Keeper};

mod hostile;
mod in_use;

/// A database made by these statements.
fn made(folder: &TempDir, statements: &str) -> PathBuf {
    let path = folder.path().join("a.db");
    Connection::open(&path).unwrap().execute_batch(statements).unwrap();
    path
}

fn policy(protected: &[&str], prediction: &str) -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = protected.iter().map(|column| (*column).to_owned()).collect();
    policy.roles.prediction = Some(prediction.to_owned());
    policy
}

fn tally(path: &Path, policy: &Policy) -> Result<Tally, Problem> {
    crate::tally(&[path.to_owned()], policy, &()).map_err(|mut problems| problems.remove(0))
}

/// The levels and how many rows each cell has.
fn cells(tally: &Tally) -> Vec<String> {
    let cube = &tally.decisions;
    let cell = |(key, counts): (&[u32], &evenhand_measure::tally::Counts)| {
        let levels = key.iter().zip(cube.dimensions()).map(|(code, dimension)| {
            let level = &dimension.levels[*code as usize];
            level.text().unwrap_or("-").to_owned()
        });
        format!("{}: {}", levels.collect::<Vec<_>>().join(" "), counts.n)
    };
    cube.cells().map(cell).collect()
}

#[test]
fn the_only_table_is_counted() {
    let folder = TempDir::new().unwrap();
    let path = made(
        &folder,
        "CREATE TABLE \"odd \"\"name\" (id INTEGER PRIMARY KEY, \"the \"\"sex\" TEXT COLLATE NOCASE, hired, photo BLOB);
         INSERT INTO \"odd \"\"name\" (\"the \"\"sex\", hired, photo) VALUES
         ('F', 1, x'00ff'), ('f', 1, NULL), ('F', 1, NULL), ('F', 1.0, x''), (NULL, 0, NULL), ('', '1', 'text');",
    );
    let tally = tally(&path, &policy(&["the \"sex"], "hired")).unwrap();
    assert_eq!(cells(&tally), ["- 0: 1", "- 1: 1", "F 1: 2", "F 1.0: 1", "f 1: 1"]);
    let inputs = Inputs::find(&[path]).unwrap();
    let profile = inputs.profile().unwrap();
    let names: Vec<&str> = profile.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "the \"sex", "hired", "photo"]);
    assert_eq!((profile.records_seen, profile.complete), (6, true));
    assert_eq!(profile.columns[3].distinct[0], ("(binary data)".to_owned(), 2));
    assert_eq!(profile.reading.data.table.as_deref(), Some("odd \"name"));
}

#[test]
fn which_table_is_asked_and_answered() {
    let folder = TempDir::new().unwrap();
    let path = made(
        &folder,
        "CREATE TABLE people (id, sex, hired); CREATE TABLE log (line);
         CREATE VIEW both AS SELECT sex, hired AS yes FROM people; CREATE VIEW broken AS SELECT x FROM nowhere;
         INSERT INTO people VALUES (1, 'f', 'y'), (2, 'm', 'n'), (3, 'm', 'n');",
    );
    let problem = tally(&path, &policy(&["sex"], "hired")).unwrap_err();
    assert_eq!(problem.fault, Fault::Data);
    assert!(
        problem.message.ends_with(
            "has 4 tables, and which one to read is not said: `both` (a view, 2 columns), `broken` (a view, cannot be \
             read), `log` (1 column), `people` (3 columns)"
        ),
        "{problem}"
    );
    assert!(
        problem.help.contains("--table 'both'") && problem.help.contains("--query"),
        "{problem}"
    );

    let of = |table: Option<&str>, query: Option<&str>, prediction: &str| {
        let mut policy = policy(&["sex"], prediction);
        policy.data.table = table.map(str::to_owned);
        policy.data.query = query.map(str::to_owned);
        tally(&path, &policy)
    };
    let expected = ["f y: 1", "m n: 2"];
    assert_eq!(cells(&of(Some("PEOPLE"), None, "hired").unwrap()), expected);
    assert_eq!(cells(&of(Some("both"), None, "yes").unwrap()), expected);
    let query =
        "WITH given AS (SELECT * FROM people) SELECT sex, max(hired) AS h FROM given GROUP BY id; -- the end\n;";
    let query = query.replace("; -- the end\n", " -- the end\n");
    assert_eq!(cells(&of(None, Some(&query), "h").unwrap()), expected);
    let query = "SELECT column1 AS sex, column2 FROM (VALUES ('f', 'y'), ('m', 'n'), ('m', 'n'))";
    assert_eq!(cells(&of(None, Some(query), "column2").unwrap()), expected);
    let problem = of(None, Some("VALUES ('f', 'y'), ('m', 'n')"), "column2").unwrap_err();
    assert!(problem.help.contains("`column1`, `column2`"), "{problem}");

    for (table, query, fault, said) in [
        (Some("peopel"), None, Fault::Usage, "has no table or view `peopel`"),
        (Some("broken"), None, Fault::Data, "no such table: main.nowhere"),
        (
            Some("people"),
            Some("SELECT 1"),
            Fault::Usage,
            "for a table and for a query",
        ),
        (None, Some("SELECT sx FROM people"), Fault::Usage, "no such column: sx"),
        (
            None,
            Some("SELECT \"typo\" FROM people"),
            Fault::Usage,
            "no such column",
        ),
        (None, Some("SELECT 1; SELECT 2"), Fault::Usage, "cannot be run"),
        (
            None,
            Some("SELECT 1) UNION ALL SELECT * FROM (SELECT 2"),
            Fault::Usage,
            "cannot be run",
        ),
        (None, Some("DELETE FROM people"), Fault::Usage, "cannot be run"),
        (
            None,
            Some("DELETE FROM people RETURNING sex"),
            Fault::Usage,
            "cannot be run",
        ),
        (
            None,
            Some("WITH a AS (SELECT 1) DELETE FROM people"),
            Fault::Usage,
            "cannot be run",
        ),
        (None, Some("PRAGMA table_info(people)"), Fault::Usage, "cannot be run"),
        (None, Some("EXPLAIN SELECT 1"), Fault::Usage, "cannot be run"),
        (None, Some("ATTACH 'b.db' AS b"), Fault::Usage, "cannot be run"),
        (
            None,
            Some("SELECT load_extension('x') AS sex, 1 AS hired"),
            Fault::Data,
            "not authorized",
        ),
        (
            None,
            Some("SELECT sex, hired FROM people ORDER BY random()"),
            Fault::Usage,
            "random",
        ),
        (None, Some("SELECT ? AS sex"), Fault::Usage, "gives no rows by itself"),
        (None, Some(""), Fault::Usage, "cannot be run"),
        (
            None,
            Some("SELECT sex, sex, hired FROM people"),
            Fault::Usage,
            "has 2 columns called `sex`",
        ),
    ] {
        let problem = of(table, query, "hired").unwrap_err();
        assert!(problem.message.contains(said), "{table:?} {query:?}: {problem}");
        assert_eq!(problem.fault, fault, "{query:?}: {problem}");
    }
    let near = of(Some("peopel"), None, "hired").unwrap_err();
    assert_eq!(near.help, "did you mean `people`?");
}

#[test]
fn what_is_no_text_is_named_with_its_row() {
    let folder = TempDir::new().unwrap();
    let path = made(
        &folder,
        "CREATE TABLE t (sex, hired, n);
         INSERT INTO t VALUES ('m', 'y', 1), (NULL, 'y', 1), (x'4d00', 'n', 1), ('f', CAST(x'c3' AS TEXT), 1), ('f', 'y', 'x');",
    );
    for (protected, prediction, count, said) in [
        (
            "sex",
            "hired",
            None,
            "table `t`, row 3, column `sex`: 2 bytes of binary data (a BLOB)",
        ),
        (
            "n",
            "hired",
            None,
            "table `t`, row 4, column `hired`: a text that is not UTF-8",
        ),
        ("n", "sex", Some("n"), "table `t`, row 3, column `sex`"),
    ] {
        let mut policy = policy(&[protected], prediction);
        policy.roles.count = count.filter(|_| protected != "n").map(str::to_owned);
        let problem = tally(&path, &policy).unwrap_err();
        assert!(problem.message.contains(said), "{problem}");
        assert_eq!(problem.fault, Fault::Data);
    }
    let input = prepared(Input::named(&path));
    let mut records = super::records(&input).unwrap();
    let mut record = Vec::new();
    let problem = records.next(&mut record).unwrap_err();
    assert!(problem.message.contains("row 3, column `sex`"), "{problem}");
}

#[test]
fn all_records_come_in_order_and_their_end_is_said() {
    let folder = TempDir::new().unwrap();
    let path = made(
        &folder,
        "CREATE TABLE t (a INTEGER, b REAL);
         WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 5000) INSERT INTO t SELECT i, i / 4.0 FROM n;",
    );
    let database = prepared(Input::named(&path));
    let mut records = super::records(&database).unwrap();
    let mut record = Vec::new();
    for row in 1..=5000u64 {
        assert_eq!(records.next(&mut record).unwrap(), Some(row));
        assert_eq!(record, [Some(row.to_string()), Some(format!("{:?}", row as f64 / 4.0))]);
    }
    assert_eq!(records.next(&mut record).unwrap(), None);
    assert_eq!(records.next(&mut record).unwrap(), None);
    // Whoever stops listening is not waited for.
    drop(super::records(&database).unwrap());
    let mut seen = 0;
    assert!(!super::sample(&database, 10, &mut |column, _| seen += u64::from(column == 0)).unwrap());
    assert_eq!(seen, 10);
}

fn prepared(input: Input) -> super::Database {
    super::open(&input, &evenhand_measure::policy::Data::default())
        .unwrap()
        .0
}

#[test]
fn what_has_no_name_is_copied_and_the_copy_deleted() {
    use std::io::Write as _;
    let folder = TempDir::new().unwrap();
    let path = made(
        &folder,
        "CREATE TABLE t (sex, hired); INSERT INTO t VALUES ('f', 1), ('m', 0);",
    );
    let mut keeper = Keeper::default();
    keeper.write_all(&std::fs::read(&path).unwrap()).unwrap();
    let member = Input::named(Path::new("a.zip")).member("a.db", keeper.finish());
    let inputs = Inputs::from(vec![member])
        .prepared(&evenhand_measure::policy::Data::default())
        .unwrap();
    let tally = inputs.tally(&policy(&["sex"], "hired"), &()).unwrap();
    assert_eq!(cells(&tally), ["f 1: 1", "m 0: 1"]);
}

#[test]
fn rows_in_the_order_of_an_index_are_counted_by_the_database() {
    let folder = TempDir::new().unwrap();
    let path = made(
        &folder,
        "CREATE TABLE t (sex, hired, n, w);
         WITH RECURSIVE i(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM i LIMIT 30000)
         INSERT INTO t SELECT CASE WHEN i % 3 THEN 'f' ELSE 'm' END, i % 7 = 0, i % 2, 0.1 FROM i;",
    );
    let by = policy(&["sex"], "hired");
    let mut weighed = by.clone();
    weighed.roles.count = Some("n".into());
    weighed.roles.weight = Some("w".into());
    let both = || [&by, &weighed].map(|policy| tally(&path, policy).unwrap());
    let as_they_come = both();
    assert_eq!(
        as_they_come.each_ref().map(|tally| (tally.records, tally.rows())),
        [(30_000, 30_000), (30_000, 15_000)]
    );
    let is_sorted = |policy: &Policy| {
        let database = prepared(Input::named(&path));
        let plan = crate::Plan::from_policy(policy).unwrap();
        super::count::is_sorted(&database, &plan, &database.connect().unwrap()).unwrap()
    };
    assert!(!is_sorted(&by) && !is_sorted(&weighed));
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("CREATE INDEX i ON t (sex, hired, n, w)")
        .unwrap();
    assert!(is_sorted(&by) && is_sorted(&weighed));
    assert!(both() == as_they_come);
    // Equal and written otherwise.
    connection
        .execute_batch("INSERT INTO t VALUES ('f', 1.0, 1, 1)")
        .unwrap();
    let mixed = tally(&path, &by).unwrap();
    assert!(
        is_sorted(&by) && cells(&mixed).contains(&"f 1.0: 1".to_owned()),
        "{mixed:?}"
    );
}

/// A cell of a table, as SQLite keeps it.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        2 => (-3i64..4).prop_map(Value::Integer),
        1 => any::<i64>().prop_map(Value::Integer),
        2 => (-4i32..5).prop_map(|quarter| Value::Real(f64::from(quarter) / 4.0)),
        1 => any::<f64>().prop_filter("finite", |real| real.is_finite()).prop_map(Value::Real),
        1 => Just(Value::Real(-0.0)),
        4 => prop_oneof![
            Just("F"), Just("f"), Just("1"), Just("1.0"), Just(""), Just(" "), Just("a,\"b\"\nc"), Just("é"), Just("F "),
            Just("n/a"), Just("-99"),
        ].prop_map(|text| Value::Text(text.to_owned())),
    ]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        3 => (-3i64..4).prop_map(Value::Integer),
        3 => (-4i32..5).prop_map(|tenth| Value::Real(f64::from(tenth) / 10.0)),
        1 => Just(Value::Text("0.25".to_owned())),
        1 => Just(Value::Integer(-99)),
        1 => Just(Value::Real(-99.0)),
    ]
}

fn count() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0i64..5).prop_map(Value::Integer),
        Just(Value::Real(2.0)),
        Just(Value::Text("3".to_owned()))
    ]
}

fn weight() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0i64..5).prop_map(Value::Integer),
        (0.0f64..10.0).prop_map(Value::Real),
        Just(Value::Real(0.1)),
    ]
}

/// The field of a CSV file.
fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{:?}", number + 0.0),
        Value::Text(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        Value::Blob(_) => unreachable!("no table here has any"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_table_is_counted_as_its_csv_file_is(
        rows in prop::collection::vec((value(), value(), number(), number(), count(), weight()), 1..40),
        roles in 0u8..16,
        kinds in 0u8..3,
    ) {
        let folder = TempDir::new().unwrap();
        let columns = match kinds {
            0 => "g, p, s, b, n, w",
            1 => "g TEXT COLLATE NOCASE, p COLLATE RTRIM, s REAL, b NUMERIC, n INTEGER, w REAL",
            _ => "g COLLATE NOCASE PRIMARY KEY, p, s, b, n, w",
        };
        let path = made(&folder, &format!("CREATE TABLE t ({});", columns.replace(" PRIMARY KEY", "")));
        let connection = Connection::open(&path).unwrap();
        for (g, p, s, b, n, w) in &rows {
            connection.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", (g, p, s, b, n, w)).unwrap();
        }
        // What the table has made of the values, such as numbers of texts.
        let mut csv = "g,p,s,b,n,w\n".to_owned();
        let mut statement = connection.prepare("SELECT * FROM t ORDER BY rowid").unwrap();
        let mut stored = statement.query([]).unwrap();
        while let Some(row) = stored.next().unwrap() {
            let fields: Vec<String> = (0..6).map(|column| field(&row.get(column).unwrap())).collect();
            writeln!(csv, "{}", fields.join(",")).unwrap();
        }
        drop(stored);
        drop(statement);
        drop(connection);
        let other = folder.path().join("a.csv");
        std::fs::write(&other, csv).unwrap();

        let mut policy = policy(&["g"], "p");
        if roles & 1 > 0 {
            policy.roles.prediction = None;
            policy.roles.score = Some("s".into());
            policy.roles.threshold = Some(0.1.into());
        }
        if roles & 2 > 0 {
            policy.roles.strata = vec!["b".into()];
            policy.bins.insert("b".into(), vec![0.0, 0.25].into());
            policy.values.missing = vec!["n/a".into(), "-99".into()];
        }
        if roles & 4 > 0 {
            policy.roles.count = Some("n".into());
            policy.values.map = [("g".into(), [("1".into(), "F".into()), ("0.25".into(), "f".into())].into())].into();
        }
        if roles & 8 > 0 {
            policy.roles.weight = Some("w".into());
            policy.roles.cluster = Some("p".into()).filter(|_| policy.roles.score.is_some());
        }
        if kinds == 2 {
            // Then the database counts the groups itself.
            let plan = crate::Plan::from_policy(&policy).unwrap();
            let columns: Vec<String> = plan.columns().iter().map(|column| format!("{column} COLLATE BINARY")).collect();
            let index = format!("CREATE INDEX i ON t ({})", columns.join(", "));
            Connection::open(&path).unwrap().execute_batch(&index).unwrap();
        }
        match (tally(&path, &policy), tally(&other, &policy)) {
            (Ok(one), Ok(other)) => prop_assert_eq!(one.to_json(), other.to_json()),
            (Err(one), Err(other)) => prop_assert_eq!(one.fault, other.fault),
            (one, other) => prop_assert!(false, "{:?} {:?}", one.err(), other.err()),
        }
    }
}
