//! Tests of databases that are damaged or meant to do harm.

use super::*;

fn good(folder: &TempDir) -> PathBuf {
    made(
        folder,
        "CREATE TABLE t (sex TEXT, hired INTEGER, note TEXT); CREATE INDEX i ON t (sex);
         WITH RECURSIVE i(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM i LIMIT 600)
         INSERT INTO t SELECT CASE WHEN i % 3 THEN 'f' ELSE 'm' END, i % 7 = 0, printf('note %d', i) FROM i;",
    )
}

#[test]
fn a_database_that_is_cut_off_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = good(&folder);
    let bytes = std::fs::read(&path).unwrap();
    for length in (16..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let problem = tally(&path, &policy(&["sex"], "hired")).unwrap_err();
        assert!(problem.message.contains("a.db"), "{problem}");
        assert_eq!(problem.fault, Fault::Data, "{length}: {problem}");
    }
}

#[test]
fn flipped_bits_give_a_problem_or_all_rows() {
    let folder = TempDir::new().unwrap();
    let path = good(&folder);
    let bytes = std::fs::read(&path).unwrap();
    let mut state = 7u64;
    let mut next = |below: usize| {
        // Knuth's MMIX constants.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let (mut refused, mut read) = (0, 0);
    for round in 0..600 {
        let mut damaged = bytes.clone();
        for _ in 0..=round % 4 {
            // Half of them where pages say what they hold.
            let at = if next(2) == 0 {
                next(bytes.len() / 4_096) * 4_096 + next(64)
            } else {
                next(bytes.len())
            };
            damaged[at] ^= 1 << next(8);
        }
        std::fs::write(&path, &damaged).unwrap();
        match tally(&path, &policy(&["sex"], "hired")) {
            Ok(tally) => {
                read += 1;
                assert_eq!(tally.records, 600);
            }
            Err(_) => refused += 1,
        }
        let _ = crate::profile(&path);
    }
    assert!(refused > 100 && read > 100, "{refused} {read}");
}

#[test]
fn work_without_an_end_is_stopped() {
    let folder = TempDir::new().unwrap();
    let path = made(
        &folder,
        "CREATE VIEW v AS WITH RECURSIVE i(sex) AS (VALUES (1) UNION ALL SELECT sex + 1 FROM i) SELECT sex, 1 AS hired FROM i
         WHERE sex < 0;",
    );
    for query in [
        None,
        Some("WITH RECURSIVE i(sex) AS (VALUES (1) UNION ALL SELECT 1 - sex FROM i) SELECT sex, 1 AS hired FROM i"),
    ] {
        let mut policy = policy(&["sex"], "hired");
        policy.data.query = query.map(str::to_owned);
        let problem = tally(&path, &policy).unwrap_err();
        assert!(problem.message.contains("steps, and may have no end"), "{problem}");
        assert_eq!(problem.fault, Fault::Data);
    }
}

#[test]
fn what_a_database_computes_may_fail_and_may_not_reach_out() {
    let folder = TempDir::new().unwrap();
    let path = made(
        &folder,
        "CREATE TABLE t (sex, hired, twice AS (hired || hired));
         INSERT INTO t VALUES ('f', 1), ('m', -9223372036854775807 - 1);
         CREATE VIEW failing AS SELECT sex, abs(hired) AS hired FROM t;
         CREATE VIEW big AS SELECT sex, zeroblob(200000000) AS hired FROM t;
         CREATE VIEW reaching AS SELECT sex, load_extension('x') AS hired FROM t;
         CREATE VIRTUAL TABLE words USING fts5(sex, hired);
         INSERT INTO words VALUES ('f', 'yes'), ('m', 'no');",
    );
    let of = |table: &str, prediction: &str| {
        let mut policy = policy(&["sex"], prediction);
        policy.data.table = Some(table.to_owned());
        tally(&path, &policy)
    };
    assert_eq!(cells(&of("t", "twice").unwrap()).len(), 2);
    assert_eq!(cells(&of("words", "hired").unwrap()), ["f yes: 1", "m no: 1"]);
    for (table, prediction, said) in [
        ("failing", "hired", "integer overflow"),
        ("big", "hired", "more than 100 million bytes"),
        ("reaching", "hired", "load_extension"),
        ("words_data", "block", "has no table or view"),
    ] {
        let problem = of(table, prediction).unwrap_err();
        assert!(problem.message.contains(said), "{table}: {problem}");
    }
}

#[test]
fn a_database_without_tables_or_rows_is_no_table() {
    let folder = TempDir::new().unwrap();
    let path = made(&folder, "CREATE TABLE t (sex, hired); DROP TABLE t; VACUUM;");
    let problem = tally(&path, &policy(&["sex"], "hired")).unwrap_err();
    assert!(problem.message.ends_with("has no tables"), "{problem}");
    made(&folder, "CREATE TABLE t (sex, hired);");
    let problem = tally(&path, &policy(&["sex"], "hired")).unwrap_err();
    assert!(problem.message.contains("no records"), "{problem}");
}
