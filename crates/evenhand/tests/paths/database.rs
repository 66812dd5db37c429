//! The rows as tables of SQLite.

use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::NamedTempFile;

use super::rows::{COLUMNS, Row};
use super::{Case, Outcome, of_files};

/// Each column in the kind that it has by nature.
pub fn typed(case: &Case) -> Outcome {
    read(case, |row| {
        let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
        [
            text(&row.group),
            text(&row.place),
            row.age.map_or(Value::Null, Value::Integer),
            text(&row.hired.map(|hired| hired.to_string())),
            match row.score {
                // SQLite takes it for no value at all.
                Some(score) if score.is_nan() => Value::Text("NaN".to_owned()),
                Some(score) => Value::Real(score),
                None => Value::Null,
            },
            Value::Integer(row.people.into()),
            Value::Real(row.weight),
            Value::Text("x".to_owned()),
        ]
    })
}

pub fn text(case: &Case) -> Outcome {
    read(case, |row| {
        row.cells().map(|cell| cell.map_or(Value::Null, Value::Text))
    })
}

fn read(case: &Case, cells: impl Fn(&Row) -> [Value; 8]) -> Outcome {
    let file = NamedTempFile::new().unwrap();
    let mut connection = Connection::open(file.path()).unwrap();
    let columns = COLUMNS.map(|column| format!("\"{column}\""));
    // SQLite's own rules for what is equal must not show.
    let like = ["", " COLLATE NOCASE", " COLLATE RTRIM"][case.choose(3, 3)];
    let table = columns.clone().map(|column| format!("{column}{like}")).join(", ");
    connection
        .execute_batch(&format!("CREATE TABLE rows ({table})"))
        .unwrap();
    let transaction = connection.transaction().unwrap();
    for row in &case.rows {
        transaction
            .execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)", cells(row))
            .unwrap();
    }
    transaction.commit().unwrap();
    if case.choose(4, 2) == 0 {
        let index = format!("CREATE INDEX i ON rows ({}, {})", columns[0], columns[3]);
        connection.execute_batch(&index).unwrap();
    }
    drop(connection);
    of_files(&[file], &case.policy())
}
