//! Tests of databases that other programs write to, or wrote to last: nothing beside them changes.

use super::*;

/// The files in a folder, with their contents.
fn listing(folder: &TempDir) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

fn notes(path: &Path) -> Vec<String> {
    let inputs = Inputs::find(&[path.to_owned()]).unwrap();
    let inputs = inputs.prepared(&evenhand_measure::policy::Data::default()).unwrap();
    let notes = &inputs.all()[0].reading().unwrap().notes;
    notes.iter().map(|note| note.code.clone()).collect()
}

const ROWS: &str = "INSERT INTO t VALUES ('f', 1), ('m', 0)";

#[test]
fn a_database_at_rest_has_nothing_made_beside_it() {
    for mode in ["delete", "wal"] {
        let folder = TempDir::new().unwrap();
        let path = made(
            &folder,
            &format!("PRAGMA journal_mode = {mode}; CREATE TABLE t (sex, hired); {ROWS};"),
        );
        let before = listing(&folder);
        assert_eq!(before.len(), 1);
        let tally = tally(&path, &policy(&["sex"], "hired")).unwrap();
        assert_eq!(cells(&tally), ["f 1: 1", "m 0: 1"]);
        assert!(notes(&path).is_empty());
        assert!(listing(&folder) == before);
    }
}

#[test]
fn changes_that_lie_beside_a_database_are_read_with_it() {
    let folder = TempDir::new().unwrap();
    let path = made(&folder, "PRAGMA journal_mode = wal; CREATE TABLE t (sex, hired);");
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch(ROWS).unwrap();
    let names = |folder: &TempDir| listing(folder).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(&folder), ["a.db", "a.db-shm", "a.db-wal"]);
    let expected = ["f 1: 1", "m 0: 1"];
    let counted = tally(&path, &policy(&["sex"], "hired")).unwrap();
    assert_eq!(cells(&counted), expected);
    assert_eq!(notes(&path), ["changes-beside-database"]);
    assert_eq!(names(&folder), ["a.db", "a.db-shm", "a.db-wal"]);

    // Somebody sends the database and the changes, and not the index of them.
    let sent = TempDir::new().unwrap();
    for name in ["a.db", "a.db-wal"] {
        std::fs::copy(folder.path().join(name), sent.path().join(name)).unwrap();
    }
    let before = listing(&sent);
    let path = sent.path().join("a.db");
    assert_eq!(cells(&tally(&path, &policy(&["sex"], "hired")).unwrap()), expected);
    assert_eq!(notes(&path), ["changes-beside-database"]);
    assert!(listing(&sent) == before);
    #[cfg(unix)]
    {
        let link = folder.path().join("link é.db");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(cells(&tally(&link, &policy(&["sex"], "hired")).unwrap()), expected);
    }
}

#[test]
fn a_database_that_was_left_in_the_middle_of_a_change_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = made(&folder, &format!("CREATE TABLE t (sex, hired); {ROWS};"));
    let writer = Connection::open(&path).unwrap();
    // A small cache, so that pages are written before the change is complete.
    writer
        .execute_batch(
            "PRAGMA cache_size = 10; BEGIN;
             WITH RECURSIVE i(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM i LIMIT 30000)
             INSERT INTO t SELECT 'f', printf('%0100d', i) FROM i;",
        )
        .unwrap();
    let left = TempDir::new().unwrap();
    for name in ["a.db", "a.db-journal"] {
        std::fs::copy(folder.path().join(name), left.path().join(name)).unwrap();
    }
    let before = listing(&left);
    let problem = tally(&left.path().join("a.db"), &policy(&["sex"], "hired")).unwrap_err();
    assert!(
        problem.message.contains("a program that wrote to it was stopped"),
        "{problem}"
    );
    assert!(listing(&left) == before);
    // While the other program is still at it, it is not waited for either.
    let problem = tally(&path, &policy(&["sex"], "hired")).unwrap_err();
    assert!(
        problem.message.contains("is being written to by another program"),
        "{problem}"
    );
    writer.execute_batch("ROLLBACK").unwrap();
    assert_eq!(tally(&path, &policy(&["sex"], "hired")).unwrap().records, 2);
}

#[test]
fn what_is_written_meanwhile_is_noticed() {
    let folder = TempDir::new().unwrap();
    let path = made(&folder, &format!("CREATE TABLE t (sex, hired); {ROWS};"));
    let database = prepared(Input::named(&path));
    Connection::open(&path).unwrap().execute_batch(ROWS).unwrap();
    let policy = policy(&["sex"], "hired");
    let plan = crate::Plan::from_policy(&policy).unwrap();
    let problem = super::super::tally(&Input::named(&path), &database, &plan, &()).unwrap_err();
    assert!(
        problem.message.ends_with("was written to while it was read"),
        "{problem}"
    );
}
