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
        (b"{\"a\":1}", "standard input: not a tally"),
        (b"PAR1 and no more", "standard input is damaged or incomplete"),
        (b"PK\x03\x04", "standard input is an Excel"),
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

#[test]
fn a_header_may_start_as_other_files_do() {
    let table = |name: &str| unequal().replace("sex", name);
    let tar =
        format!("sex,hired,{}ustar\n", "x".repeat(247)) + &unequal().replace("sex,hired\n", "").replace('\n', ",\n");
    check(&[
        case("parents", "audit a.csv --protected PARENT", 1)
            .file("a.csv", table("PARENT"))
            .says(&["FAIL"]),
        case("the mark of Parquet", "audit a.csv --protected PAR1", 1)
            .file("a.csv", table("PAR1"))
            .says(&["FAIL"]),
        case("the same, packed", "audit a.csv.gz --protected PAR1", 1)
            .file("a.csv.gz", gz(table("PAR1")))
            .says(&["FAIL"]),
        case("the mark of bzip2", "audit a.csv --protected BZh", 1)
            .file("a.csv", table("BZh"))
            .says(&["FAIL"]),
        case("the mark of tar", "audit a.csv", 1)
            .file("a.csv", tar)
            .says(&["FAIL"]),
        case("encrypted Parquet", "audit a.csv", 3)
            .file("a.csv", b"PARE\x10\0\0\0,;\n".to_vec())
            .says(&["is an encrypted Parquet file"]),
    ]);
}

#[test]
fn folders_say_what_was_not_read_of_them() {
    let room = Room::new();
    for name in ["a.csv", "b.csv.xz", "deep/README.md", "_SUCCESS", ".hidden"] {
        room.write_below(&format!("data/{name}"), unequal());
    }
    let said =
        "in the folder `data`, what is neither CSV nor Parquet nor a tally was not read: `b.csv.xz`, `README.md`";
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for command in [["audit", "data"], ["inspect", "data"]] {
        let ran = room.run(&command);
        assert!(flat(&ran.stdout).contains(said), "{}", ran.stdout);
    }
    let ran = room.run(&["tally", "data", "-o", "x.tally.json"]);
    assert!(flat(&ran.stderr).contains(said), "{}", ran.stderr);
    let ran = room.run(&["audit", "data/a.csv"]);
    assert!(!ran.stdout.contains("not read"), "{}", ran.stdout);
}

/// Of a part that is not there or not wanted nothing is read, and nothing waits for it.
#[cfg(unix)]
#[test]
fn links_pipes_and_odd_names_in_folders() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    let room = Room::new();
    room.write("whole.csv", unequal());
    let plain = tallied(&room, &["whole.csv"], &ROLES);

    // Names that are no UTF-8, and links in circles.
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9.csv");
    room.write_below("data/sub/x", "");
    std::fs::write(room.path("data/sub").join(odd), unequal()).unwrap();
    symlink(".", room.path("data/one")).unwrap();
    symlink(".", room.path("data/two")).unwrap();
    for input in [
        "data",
        "data/**/*.csv",
        "data/*b/c*.csv",
        "data/**/**/sub/**/*.csv",
        "./data/sub/../**/*.csv",
    ] {
        assert_eq!(tallied(&room, &[input], &ROLES), plain, "{input}");
    }

    // A part that is a link to nothing, and a pipe that nobody writes to.
    room.write_below("gone/a.csv", unequal());
    symlink("nowhere", room.path("gone/b.csv")).unwrap();
    for input in ["gone", "gone/*.csv"] {
        let ran = room.run(&["audit", input]);
        assert!(
            ran.status == 3 && ran.stderr.contains("`gone/b.csv` does not exist"),
            "{input}: {}",
            ran.stderr
        );
    }
    room.write_below("pipes/a.csv", unequal());
    let made = std::process::Command::new("mkfifo")
        .arg(room.path("pipes/b.csv"))
        .status();
    assert!(made.unwrap().success());
    let ran = room.run(&["audit", "pipes/*"]);
    assert!(
        ran.status == 3
            && ran
                .stderr
                .contains("matches `pipes/b.csv`, which is a pipe and no file"),
        "{}",
        ran.stderr
    );
    assert_eq!(tallied(&room, &["pipes"], &ROLES[..0]).len(), plain.len());
}

#[test]
fn no_row_counts_double_in_the_next_run() {
    let room = Room::new();
    room.write_below("data/a.csv", unequal());
    room.write_below("data/b.csv", unequal());
    let tally = |inputs: &[&str]| room.run(&[["tally"].as_slice(), inputs, &["-qo", "data/all.tally.json"]].concat());
    assert_eq!(tally(&["data/*"]).status, 0);
    let plain = room.read("data/all.tally.json");
    for (inputs, status, words) in [
        (
            ["data/*"].as_slice(),
            3,
            "the pattern `data/*` matches tables (`data/a.csv`) and tallies",
        ),
        (&["data"], 3, "the folder `data` has tables (`a.csv`) and tallies"),
        (
            &["data/a.csv", "data/all.tally.json", "data/b.csv"],
            2,
            "`data/all.tally.json` is read, and would be written over",
        ),
    ] {
        let ran = tally(inputs);
        assert!(
            ran.status == status && ran.stderr.contains(words),
            "{words}: {}",
            ran.stderr
        );
        assert_eq!(room.read("data/all.tally.json"), plain);
    }
    room.write("one.tally.json", &plain);
    let ran = room.run(&["merge", "one.tally.json", "data/all.tally.json", "-o", "one.tally.json"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("would be written over"),
        "{}",
        ran.stderr
    );
    room.write("data/a.csv.gz", gz(unequal()));
    let ran = room.run(&["audit", "data/a.*"]);
    let words = "the pattern `data/a.*` matches `data/a.csv` and `data/a.csv.gz`, so rows may count double";
    assert!(ran.status == 3 && ran.stderr.contains(words), "{}", ran.stderr);
}

#[test]
fn a_folder_does_not_say_how_many_rows_a_record_stands_for() {
    let room = Room::new();
    for folder in ["n=100", "count=3", "sample_weight=2"] {
        room.write_below(&format!("{folder}/a.csv"), "sex,hired\nM,yes\nM,no\nF,yes\nF,no\n");
        let ran = room.run(&["audit", &format!("{folder}/a.csv")]);
        assert_eq!(ran.status, 4, "{folder}: {}", ran.stderr);
    }
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
