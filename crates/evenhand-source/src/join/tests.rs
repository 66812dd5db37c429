//! Tests of how tables are joined, and of what is said about keys that do not match.

use std::fs;

use evenhand_measure::Fault;
use tempfile::TempDir;

use super::*;
use crate::records::Given;

/// A folder with these tables; of `data.csv`, which is the input, there are records.
struct Room(TempDir);

impl Room {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn join(&self, file: &str, on: &str, side: Option<&str>) -> Join {
        let (on, key) = match on.split_once('=') {
            Some((on, key)) => (on, Some(key.to_owned())),
            None => (on, None),
        };
        Join {
            file: self.0.path().join(file).display().to_string().into(),
            on: on.to_owned(),
            key,
            side: side.map(str::to_owned),
        }
    }

    /// The rows of `data.csv` with these joins, and the notes.
    fn joined(&self, joins: Vec<Join>) -> Result<(Vec<String>, Vec<Note>), Problem> {
        let path = self.0.path().join("data.csv");
        let text = fs::read_to_string(&path).unwrap();
        let mut lines = text
            .lines()
            .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let columns = lines.next().unwrap();
        let cell = |text: String| (!text.is_empty()).then_some(text);
        let rows: Vec<Record> = lines.map(|line| line.into_iter().map(cell).collect()).collect();
        let given = Box::new(Given::lines(columns, rows));
        let data = Data {
            joins,
            ..Data::default()
        };
        let mut records = joined(given, &data, &Input::named(&path))?;
        let mut rows = vec![records.columns().join("/")];
        let mut record = Record::new();
        while records.next(&mut record)?.is_some() {
            let cells: Vec<&str> = record.iter().map(|cell| cell.as_deref().unwrap_or("~")).collect();
            rows.push(cells.join("/"));
        }
        Ok((rows, records.notes()))
    }

    #[track_caller]
    fn refused(&self, join: Join, words: &str) -> Problem {
        let problem = self.joined(vec![join]).unwrap_err();
        assert!(problem.message.contains(words), "{problem}");
        problem
    }
}

fn codes(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn attributes_are_added_and_keys_without_an_entry_are_counted() {
    let room = Room::new(&[
        (
            "data.csv",
            "user_id,hired\nu1,yes\n u2 ,no\nu9,no\n,yes\nu9,no\nu8,no\n",
        ),
        ("users.csv", "sex,user_id,zip\nf,u1,00501\nm,u2,\nf,u3,1\nf,u3,1\n,,7\n"),
        ("zips.csv", "code,band\n00501,high\n1,low\n"),
    ]);
    let users = room.join("users.csv", "user_id", Some("user"));
    let zips = room.join("zips.csv", "user.zip=code", None);
    let (rows, notes) = room.joined(vec![users, zips]).unwrap();
    let expected = [
        "user_id/hired/user.sex/user.zip/band",
        "u1/yes/f/00501/high",
        " u2 /no/m/~/~",
        "u9/no/~/~/~",
        "~/yes/~/~/~",
        "u9/no/~/~/~",
        "u8/no/~/~/~",
    ];
    assert_eq!(rows, expected);
    assert_eq!(
        codes(&notes),
        [
            "repeated-entries",
            "entries-without-key",
            "unmatched-keys",
            "missing-keys",
            "unused-entries",
            "missing-keys",
            "unused-entries"
        ]
    );
    let folder = room.0.path().display();
    assert_eq!(
        notes[2].message,
        format!(
            "`{folder}/data.csv`: 3 of 6 rows (2 different values of `user_id`: `u9`, `u8`) have no entry in \
             `{folder}/users.csv`; what it says is missing for them"
        )
    );
    assert_eq!(notes[2].severity, Severity::Warning);
    assert!(
        notes[3].message.contains("`user_id` is missing in 1 of 6 rows"),
        "{:?}",
        notes[3]
    );
    assert!(notes[4].message.contains("1 of 3 entries"), "{:?}", notes[4]);
}

#[test]
fn keys_that_differ_in_how_they_are_written_are_told() {
    for (data, table, words) in [
        ("501\n502\n", "00501,x\n00502,x\n", "zeros in front: `501` is `00501`"),
        ("AB\nab\n", "Ab,x\n", "the case of letters: `AB` is `Ab`"),
        ("7.0\n8.0\n", "7,x\n8,x\n", "`.0` behind a whole number: `7.0` is `7`"),
        ("0a7.0\n", "A7.0,x\n", "case, zeros in front or `.0`"),
        ("0\n", "00,x\n", "zeros in front: `0` is `00`"),
    ] {
        let room = Room::new(&[
            ("data.csv", &format!("zip\n{data}")),
            ("zips.csv", &format!("zip,band\n{table}")),
        ]);
        let (_, notes) = room.joined(vec![room.join("zips.csv", "zip", None)]).unwrap();
        let help = notes[0].help.clone().unwrap();
        assert!(help.contains(words), "{help}");
        assert_eq!(notes[0].severity, Severity::Error, "nothing was joined");
        assert!(
            notes[0].message.ends_with("nothing was joined at all"),
            "{}",
            notes[0].message
        );
    }
    let room = Room::new(&[("data.csv", "zip\n0.5\nx\n"), ("zips.csv", "zip,band\n5,low\nx,low\n")]);
    let (_, notes) = room.joined(vec![room.join("zips.csv", "zip", None)]).unwrap();
    assert!(
        notes[0]
            .help
            .as_deref()
            .unwrap()
            .contains("check that `zip` and its column `zip`"),
        "{notes:?}"
    );
}

#[test]
fn what_cannot_be_joined_is_refused_with_what_to_do() {
    let room = Room::new(&[
        ("data.csv", "user_id,sex\nu1,f\n"),
        ("users.csv", "user,sex\nu1,f\nu2,m\nu1,m\nu1,x\nu2,f\n"),
        ("same.csv", "user_id,sex\nu1,f\n"),
        ("twice.csv", "user_id,a,a\nu1,f,f\n"),
        ("other.csv", "id,age\nu1,3\n"),
    ]);
    let usage = |join: Join, words: &str, help: &str| {
        let problem = room.refused(join, words);
        assert_eq!(problem.fault, Fault::Usage, "{problem}");
        assert!(problem.help.contains(help), "{problem}");
    };
    usage(
        room.join("same.csv", "user_ids", Some("user")),
        "has no column `user_ids`",
        "write `--on user_id`",
    );
    usage(
        room.join("users.csv", "user_id", Some("user")),
        "users.csv` has no column `user_id`",
        "did you mean `user`? then write `--on user_id=user`",
    );
    usage(
        room.join("other.csv", "user_id", None),
        "has no column `user_id`",
        "as with `--lookup-on user_id=id`; it has `id`, `age`",
    );
    usage(
        room.join("same.csv", "user_id", None),
        "has a column `sex` already",
        "rename",
    );
    usage(
        room.join("data.csv", "user_id", None),
        "both an input and the table",
        "one by one",
    );
    usage(
        Join {
            file: "-".into(),
            ..room.join("x", "user_id", None)
        },
        "standard input",
        "write it to a file",
    );
    usage(
        Join {
            file: "https://example.com/users.csv".into(),
            ..room.join("x", "user_id", None)
        },
        "is an address",
        "download",
    );
    let problem = room.refused(
        room.join("users.csv", "user_id=user", Some("user")),
        "2 values of `user` have entries that differ",
    );
    assert!(
        problem
            .message
            .contains("line 4 says otherwise of `u1` in column `sex`"),
        "{problem}"
    );
    room.refused(room.join("twice.csv", "user_id", Some("user")), "two columns `a`");
    let problem = room.refused(room.join("none.csv", "user_id", None), "none.csv` does not exist");
    assert_eq!(problem.fault, Fault::Data);
    // After lists were taken apart, their column has another name.
    let data = Data {
        explode: vec!["recs".to_owned()],
        joins: vec![room.join("same.csv", "recs", Some("item"))],
        ..Data::default()
    };
    let given = Box::new(Given::lines(vec!["user_id".into(), "item".into()], Vec::new()));
    let problem = joined(given, &data, &Input::named(Path::new("x.csv"))).err().unwrap();
    assert!(problem.help.contains("write `--items-on item`"), "{problem}");
}
