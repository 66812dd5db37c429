//! What folders, patterns and the first letters of files lead to, and what they do not.

use crate::harness::{Room, case, check, unequal};
use crate::packed::{ROLES, gz, tallied};

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
    room.write_below("more/c.csv", unequal());
    room.write_below("more/c.d/e.csv", unequal());
    room.write_below("more/c/e.csv", unequal());
    let ran = room.run(&["audit", "more/c*"]);
    let said = "the pattern `more/c*` also matches folders, which were not read: `more/c`, `more/c.d`";
    assert!(flat(&ran.stdout).contains(said), "{}", ran.stdout);
    for input in ["data/a.csv", "more/*.csv", "more/**/*"] {
        let ran = room.run(&["audit", input]);
        assert!(!flat(&ran.stdout).contains("not read"), "{input}: {}", ran.stdout);
    }
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
    // Nor what happened to everybody, where the files lie in one folder.
    room.write_below("label=1/sex=F/a.csv", unequal());
    let ran = room.run(&["audit", "label=1"]);
    assert!(
        ran.status == 1 && !ran.stdout.contains("label"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    for folder in ["n=100", "count=3", "sample_weight=2"] {
        room.write_below(&format!("{folder}/a.csv"), "sex,hired\nM,yes\nM,no\nF,yes\nF,no\n");
        let ran = room.run(&["audit", &format!("{folder}/a.csv")]);
        assert_eq!(ran.status, 4, "{folder}: {}", ran.stderr);
    }
}
