//! What inputs may be besides files: pipes, patterns, folders, parts of a partitioned table.

use std::io::Write as _;

use crate::harness::{Room, case, check, repository, unequal, with};
use crate::packed::{ROLES, args, gz, long, tallied, tallied_on, zst};

#[test]
fn standard_input_is_an_input_like_others() {
    let room = Room::new();
    let parquet = std::fs::read(repository("crates/evenhand-source/tests/data/pyarrow.parquet")).unwrap();
    room.write("a.csv", long());
    room.write("a.parquet", &parquet);
    let plain = tallied(&room, &["a.csv"], &ROLES);
    for bytes in [long().into_bytes(), gz(long()), zst(long()), plain.clone().into_bytes()] {
        assert_eq!(tallied_on(&room, &bytes, &["-"], &ROLES), plain);
    }
    let from_parquet = tallied(&room, &["a.parquet"], &ROLES);
    assert_eq!(tallied_on(&room, &parquet, &["-"], &ROLES), from_parquet);

    // Guessing, inspecting and describing it read it once.
    let [named, piped] = [
        room.run(&["audit", "a.csv", "--format", "json"]).stdout,
        room.run_on(long().as_bytes(), &["audit", "-", "--format", "json"])
            .stdout,
    ];
    assert_eq!(
        piped,
        named.replace("\"name\": \"a.csv\"", "\"name\": \"standard input\"")
    );
    let inspected = room.run_on(&gz(unequal()), &["inspect", "-"]);
    assert!(
        inspected.stdout.starts_with("standard input: CSV"),
        "{}",
        inspected.stdout
    );

    for (stdin, words) in [
        (b"".as_slice(), "standard input is empty"),
        (b"sex,hired\n", "standard input has a header and no records"),
        (
            b"sex,hired\nM,yes\nF\n",
            "standard input, line 3: the record has 1 field",
        ),
        (b"{\"version\":1,\"records\":1}", "standard input: not a tally"),
        (b"PAR1 and no more", "standard input is damaged or incomplete"),
        (b"PK\x03\x04", "standard input is a zip archive"),
    ] {
        let ran = room.run_on(stdin, &args("audit", &["-"], &ROLES));
        assert!(ran.status == 3 && ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    let ran = room.run_on(b"", &["audit", "-", "-"]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("standard input is given twice"));
}

#[cfg(unix)]
#[test]
fn files_and_pipes_behind_standard_input_are_read() {
    let room = Room::new();
    room.write("a.csv", unequal());
    let plain = tallied(&room, &["a.csv"], &ROLES);
    let roles = ROLES.join(" ");
    let bin = env!("CARGO_BIN_EXE_evenhand");
    for line in [
        // What somebody has read of a file already is no part of the input.
        format!("{{ head -c 0; {bin} tally - {roles} -qo made.tally.json; }} < a.csv"),
        format!("cat a.csv | {bin} tally /dev/stdin {roles} -qo made.tally.json"),
        format!("mkfifo pipe; cat a.csv > pipe & {bin} tally pipe {roles} -qo made.tally.json"),
        format!("bash -c '{bin} tally <(head -n 90 a.csv) <(sed -e 1p -e 1,90d a.csv) {roles} -qo made.tally.json'"),
    ] {
        let mut shell = std::process::Command::new("sh");
        let output = shell.args(["-c", &line]).current_dir(room.path("")).output().unwrap();
        assert!(
            output.status.success(),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(room.read("made.tally.json"), plain, "{line}");
        std::fs::remove_file(room.path("made.tally.json")).unwrap();
    }
    let twice = room.run(&["audit", "pipe", "pipe"]);
    assert!(
        twice.status == 2 && twice.stderr.contains("`pipe` is given twice"),
        "{}",
        twice.stderr
    );
    // What is kept needs a folder for it; the input is not to blame.
    let line = format!("yes f,yes | head -c 20000000 | TMPDIR=/nowhere {bin} audit -");
    let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(3) && said.contains("standard input cannot be read") && said.contains("TMPDIR"),
        "{said}"
    );
    let line = format!("{bin} audit - < .");
    let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("standard input is a folder") && output.status.code() == Some(3),
        "{said}"
    );
    let device = room.run(&["audit", "/dev/null"]);
    assert!(
        device.status == 3 && device.stderr.contains("a device"),
        "{}",
        device.stderr
    );
}

/// The rows of a text whose last column is `value`, without that column.
fn part(text: &str, value: &str) -> String {
    let end = format!(",{value}\n");
    let lines = text.split_inclusive('\n').enumerate();
    let kept = lines.filter_map(|(index, line)| match index {
        0 => line.rsplit_once(',').map(|(start, _)| start),
        _ => line.strip_suffix(end.as_str()),
    });
    kept.map(|line| format!("{line}\n")).collect()
}

#[test]
fn patterns_and_folders_give_the_tally_of_their_files() {
    let room = Room::new();
    room.write("whole.csv", long());
    let plain = tallied(&room, &["whole.csv"], &ROLES);
    let text = long();
    let (header, body) = text.split_once("\r\n").unwrap();
    let records: Vec<&str> = body.split_inclusive("\r\n").collect();
    for (index, records) in records.chunks(7_001).enumerate() {
        let part = format!("{header}\r\n{}", records.concat());
        let (name, bytes) = match index % 3 {
            0 => (format!("parts/a/{index}.csv"), part.into_bytes()),
            1 => (format!("parts/b/{index}.csv.gz"), gz(part)),
            _ => (format!("parts/b/c/{index}.csv.zst"), zst(part)),
        };
        room.write_below(&name, bytes);
    }
    room.write_below("parts/_SUCCESS", "");
    room.write_below("parts/b/.part.crc", "x");
    room.write_below("parts/b/empty.csv", "sex,hired,note\r\n");
    for inputs in [
        ["parts"].as_slice(),
        &["parts/a", "parts/b"],
        &["parts/**/*.*"],
        &["parts/a/*", "parts/b"],
    ] {
        assert_eq!(tallied(&room, inputs, &ROLES), plain, "{inputs:?}");
    }
    check(&[
        case("below a file", "audit a.csv/b.csv", 3)
            .file("a.csv", unequal())
            .says(&["`a.csv/b.csv` does not exist: a folder in it is a file"]),
        case("nothing matches", "audit none-*.csv", 3).says(&["no file matches the pattern `none-*.csv`"]),
        case("given and matched", "audit a.csv *.csv", 2)
            .file("a.csv", unequal())
            .says(&["`a.csv` is given twice"]),
        case("packed beside plain", "audit .", 3)
            .file("a.csv", unequal())
            .file("a.csv.gz", gz(unequal()))
            .says(&["has `a.csv` and `a.csv.gz`, so rows may count double"]),
        case("written over", "audit *.csv --out a.csv", 2)
            .file("a.csv", unequal())
            .says(&["`a.csv` is read, and would be written over"]),
        case("only empty files", "audit *.csv --prediction hired --protected sex", 3)
            .file("a.csv", "sex,hired\n")
            .file("b.csv", "sex,hired\n")
            .says(&["none of the 2 files has any records"]),
    ]);
}

#[test]
fn names_of_folders_are_columns() {
    let text = with("region", |_, row| {
        ["north", "south", "Z\u{fc}rich/1", ""][row % 4].to_owned()
    });
    let room = Room::new();
    room.write("whole.csv", &text);
    for (folder, value) in [
        ("north", "north"),
        ("south", "south"),
        ("Z%C3%BCrich%2F1", "Z\u{fc}rich/1"),
        ("__HIVE_DEFAULT_PARTITION__", ""),
    ] {
        room.write_below(&format!("data/region={folder}/part-0.csv"), part(&text, value));
        room.write_below(&format!("packed/region={folder}/part-0.csv.gz"), gz(part(&text, value)));
        // A file's own column goes before the folder's.
        room.write_below(&format!("both/region=other{folder}/part-0.csv"), {
            let lines = text.split_inclusive('\n').enumerate();
            let end = format!(",{value}\n");
            let kept = lines.filter(|(index, line)| *index == 0 || line.ends_with(&end));
            kept.map(|(_, line)| line).collect::<String>()
        });
    }
    for roles in [
        ["--prediction", "hired", "--protected", "sex,region"].as_slice(),
        &["--prediction", "hired", "--protected", "sex", "--strata", "region"],
        &["--prediction", "hired", "--protected", "region", "--cluster", "region"],
        &[
            "--prediction",
            "hired",
            "--protected",
            "region",
            "--label",
            "region",
            "--strata",
            "region",
        ],
        &["--prediction", "region", "--protected", "sex"],
        &[
            "--prediction",
            "hired",
            "--protected",
            "sex,region",
            "--missing",
            "south",
        ],
    ] {
        let plain = tallied(&room, &["whole.csv"], roles);
        for input in ["data", "packed", "both", "data/region=*/*.csv"] {
            assert_eq!(tallied(&room, &[input], roles), plain, "{input} {roles:?}");
        }
    }
    let inspected = room.run(&["inspect", "data"]);
    let said = [
        "one of 4 files",
        "region",
        "text (from folders), 20 missing, 3 values: Z\u{fc}rich/1 (20)",
    ];
    assert!(
        said.iter().all(|said| inspected.stdout.contains(said)),
        "{}",
        inspected.stdout
    );
    let audit = room.run(&["audit", "data", "--format", "json", "--protected", "region"]);
    let names = ["region=north/part-0.csv", "region=south/part-0.csv"];
    assert!(names.iter().all(|name| audit.stdout.contains(name)), "{}", audit.stdout);

    let refused = |inputs: &[&str], roles: &[&str], status: i32, words: &str| {
        let ran = room.run(&args("audit", inputs, roles));
        assert!(
            ran.status == status && ran.stderr.contains(words),
            "{words}: {}",
            ran.stderr
        );
    };
    let other = ["--prediction", "hired", "--protected", "sex", "--count", "region"];
    refused(
        &["data"],
        &other,
        2,
        "has no column `region` (count) of its own, only a folder",
    );
    room.write_below("data/part.csv", part(&text, "north"));
    refused(
        &["data"],
        &ROLES,
        3,
        "`data/part.csv` has no column `region`, which `data/region=",
    );
}

#[test]
fn numbers_in_names_of_folders_are_numbers() {
    let text = with("score", |_, row| ["0.25", "0.5", "NaN", "7e1"][row % 4].to_owned());
    let room = Room::new();
    room.write("whole.csv", &text);
    for value in ["0.25", "0.5", "NaN", "7e1"] {
        room.write_below(&format!("data/score={value}/part-0.csv"), part(&text, value));
    }
    for roles in [
        ["--score", "score", "--threshold", "0.5", "--protected", "sex"].as_slice(),
        &["--score", "score", "--threshold", "median", "--protected", "sex"],
        &["--prediction", "hired", "--protected", "score", "--bins", "score=0.3,1"],
    ] {
        let plain = tallied(&room, &["whole.csv"], roles);
        assert_eq!(tallied(&room, &["data"], roles), plain, "{roles:?}");
    }
    room.write_below("data/score=high/part-0.csv", part(&text, "0.5"));
    let ran = room.run(&[
        "audit",
        "data",
        "--score",
        "score",
        "--threshold",
        "0.5",
        "--protected",
        "sex",
    ]);
    let place = "`data/score=high/part-0.csv`, in the name of a folder, column `score`: ";
    assert!(ran.status == 3 && ran.stderr.contains(place), "{}", ran.stderr);
}

#[test]
fn names_of_folders_are_columns_of_parquet_files() {
    let room = Room::new();
    let bytes = |writer: &str| {
        std::fs::read(repository(&format!(
            "crates/evenhand-source/tests/data/{writer}.parquet"
        )))
    };
    let mut text = "sex,hired,region\n".to_owned();
    for (writer, region) in [("pyarrow", "north"), ("duckdb", "south"), ("polars", "")] {
        room.write_below(&format!("data/region={region}/part.parquet"), bytes(writer).unwrap());
        // As `tests/data/parquet.py` makes them.
        for row in 0..600_usize {
            let sex = ["Female", "Male", ""][row % 3];
            let hired = match row % 11 {
                0 => "",
                _ if row * row % 5 < 2 => "true",
                _ => "false",
            };
            text.push_str(&format!("{sex},{hired},{region}\n"));
        }
    }
    room.write("whole.csv", text);
    for roles in [
        ["--prediction", "hired", "--protected", "sex,region"].as_slice(),
        &["--prediction", "region", "--protected", "sex"],
        &["--prediction", "hired", "--protected", "region"],
    ] {
        let plain = tallied(&room, &["whole.csv"], roles);
        assert_eq!(tallied(&room, &["data"], roles), plain, "{roles:?}");
    }
    let inspected = room.run(&["inspect", "data"]).stdout;
    assert!(inspected.contains("one of 3 files: Parquet"), "{inspected}");
}

/// A run that is ended from outside leaves nothing behind, and what was there stays.
#[cfg(unix)]
#[test]
fn an_ended_run_leaves_nothing() {
    let room = Room::new();
    room.write("old.tally.json", "old");
    let mut child = room
        .command(&[
            "tally",
            "-",
            "-o",
            "old.tally.json",
            "--prediction",
            "hired",
            "--protected",
            "sex",
        ])
        .env("TMPDIR", room.path(""))
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // More than is kept in memory, so that the file for the rest is open.
    pipe.write_all(b"sex,hired\n").unwrap();
    for _ in 0..40 {
        pipe.write_all(&b"F,yes\nM,no\n".repeat(100_000)).unwrap();
    }
    let files = |room: &Room| std::fs::read_dir(room.path("")).unwrap().count();
    assert_eq!(files(&room), 1, "the file has no name while it is used");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((files(&room), room.read("old.tally.json").as_str()), (1, "old"));
}

#[test]
fn a_folder_that_no_role_asks_about_is_only_a_folder() {
    let room = Room::new();
    room.write("a.csv", long());
    room.write_below("run=7/b.csv", long());
    let both = tallied(&room, &["a.csv", "run=7/b.csv"], &ROLES);
    room.write("b.csv", long());
    assert_eq!(both, tallied(&room, &["a.csv", "b.csv"], &ROLES));

    // Where it plays a role, all files must have it.
    let asked = room.run(&[
        "tally",
        "run=7/b.csv",
        "a.csv",
        "--protected",
        "run",
        "--prediction",
        "hired",
        "-o",
        "t.tally.json",
    ]);
    assert_eq!(asked.status, 3, "{}", asked.stderr);
    assert!(asked.stderr.contains("`a.csv` has no column `run`"), "{}", asked.stderr);
}
