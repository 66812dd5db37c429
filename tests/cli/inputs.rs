//! What inputs may be: packed, through pipes, patterns, folders, parts of a partitioned table.

use std::io::Write as _;

use flate2::write::GzEncoder;

use crate::harness::{Room, case, check, repository, unequal, with};

const ROLES: [&str; 4] = ["--prediction", "hired", "--protected", "sex"];

fn gz(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes.as_ref()).unwrap();
    packer.finish().unwrap()
}

fn zst(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    zstd::encode_all(bytes.as_ref(), 3).unwrap()
}

fn args<'a>(command: &'a str, inputs: &[&'a str], roles: &[&'a str]) -> Vec<&'a str> {
    [&[command], inputs, roles].concat()
}

/// The tally that the command makes of `inputs`, with `stdin` in a pipe.
#[track_caller]
fn tallied_on(room: &Room, stdin: &[u8], inputs: &[&str], roles: &[&str]) -> String {
    let mut args = args("tally", inputs, roles);
    args.extend(["-o", "made.tally.json", "--quiet"]);
    let ran = room.run_on(stdin, &args);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{inputs:?}");
    let tally = room.read("made.tally.json");
    std::fs::remove_file(room.path("made.tally.json")).unwrap();
    tally
}

#[track_caller]
fn tallied(room: &Room, inputs: &[&str], roles: &[&str]) -> String {
    tallied_on(room, b"", inputs, roles)
}

/// More than a block of text, with what makes blocks hard to cut.
fn long() -> String {
    let rows = (0..60_000).map(|row| {
        let sex = ["F", "M", "\"other, \"\"x\"\"\nor y\""][row % 3];
        format!("{sex},{},note {row}\r\n", if row % 7 < 3 { "yes" } else { "no" })
    });
    format!("sex,hired,note\r\n{}", rows.collect::<String>())
}

#[test]
fn packed_text_gives_the_tally_of_the_text() {
    for text in [unequal(), long()] {
        let room = Room::new();
        room.write("a.csv", &text);
        let plain = tallied(&room, &["a.csv"], &ROLES);
        let (start, end) = text.as_bytes().split_at(text.len() / 3);
        // The magic bytes decide, not the name.
        let mut padded = b"\x50\x2a\x4d\x18\x04\0\0\0skip".to_vec();
        padded.extend(zst(&text));
        for (name, bytes) in [
            ("a.csv.gz", gz(&text)),
            ("a.csv.zst", zst(&text)),
            ("wrong.csv", gz(&text)),
            ("wrong.gz", zst(&text)),
            ("members.gz", [gz(start), gz(end), gz("")].concat()),
            ("frames.zst", [zst(start), zst(""), zst(end)].concat()),
            ("skipped.zst", padded),
            ("blocks.gz", text.as_bytes().chunks(60_000).flat_map(gz).collect()),
        ] {
            room.write(name, bytes);
            assert_eq!(tallied(&room, &[name], &ROLES), plain, "{name}");
        }
        let inspected = room.run(&["inspect", "a.csv.gz"]);
        assert!(
            inspected.stdout.contains("UTF-8 packed with gzip"),
            "{}",
            inspected.stdout
        );
        // Guessing reads packed text too.
        let audits = ["a.csv", "a.csv.gz"].map(|name| room.run(&["audit", name]).stdout);
        assert_eq!(audits[0], audits[1]);
    }
}

#[test]
fn packed_text_that_ends_early_is_refused_wherever_it_ends() {
    let room = Room::new();
    let text = with("note", |sex, row| format!("{}{}", sex, row * 7919 % 1000));
    let run = |name: &str, bytes: &[u8]| {
        room.write(name, bytes);
        room.run(&args("audit", &[name], &ROLES))
    };
    for (name, bytes, words) in [
        ("a.csv.gz", gz(&text), "the gzip data end in the middle"),
        ("a.csv.zst", zst(&text), "the zstd data end in the middle"),
        (
            "a.gz",
            [gz(&text), gz("M,yes,1\n")].concat(),
            "the gzip data end in the middle",
        ),
    ] {
        let whole = gz(&text).len();
        assert_eq!(run(name, &bytes).status, 0);
        for length in (4..bytes.len()).step_by(7).chain(bytes.len() - 9..bytes.len()) {
            if name == "a.gz" && length == whole {
                continue;
            }
            let ran = run(name, &bytes[..length]);
            let place = format!("error: `{name}`");
            let told = ran.status == 3 && ran.stderr.starts_with(&place) && ran.stderr.contains(words);
            assert!(told, "{name} cut at {length}: {} {}", ran.status, ran.stderr);
        }
    }
}

#[test]
fn damaged_packed_text_has_its_line() {
    let text = long();
    let mut torn = gz(&text);
    torn.truncate(torn.len() - 100);
    let mut broken = zst(&text);
    let middle = broken.len() / 2;
    broken[middle..middle + 64].fill(0x55);
    let mut other = gz(&text);
    let middle = other.len() / 2;
    other[middle..middle + 64].fill(0x55);
    let mut wrong_sum = gz(&text);
    let sum = wrong_sum.len() - 8;
    wrong_sum[sum] ^= 1;
    let roles = ROLES.join(" ");
    let file = |name, file: &str, bytes| case(name, &format!("audit {file} {roles}"), 3).file(file, bytes);
    check(&[
        file("torn", "a.gz", torn).says(&["`a.gz`, line 79", "once unpacked: the gzip data end", "gzip -t"]),
        file("broken zstd", "a.zst", broken).says(&["`a.zst`, line ", "the zstd data are damaged", "zstd -t"]),
        file("broken gzip", "a.gz", other).says(&["`a.gz`, line ", "the gzip data are damaged"]),
        file("wrong sum", "a.gz", wrong_sum).says(&["`a.gz`, line 80002 once unpacked", "are damaged"]),
        file("garbage behind", "a.gz", [gz(&text), b"garbage".to_vec()].concat()).says(&["`a.gz`, line 80002"]),
        file("a parquet file", "a.parquet.gz", gz("PAR1")).says(&["inside is a Parquet file", "gunzip"]),
        file("a tally", "a.tally.json.gz", gz("{}")).says(&["inside is JSON", "gunzip"]),
        file("a tally by name", "a.tally.json", zst("{}")).says(&["a tally that is compressed with zstd", "unzstd"]),
        file("twice", "a.csv.gz.zst", zst(gz(&text))).says(&["compressed once more", "unzstd"]),
        file("UTF-16", "a.csv.gz", gz(b"\xff\xfea\0")).says(&["inside is UTF-16 text", "CSV UTF-8"]),
        file("nothing", "a.csv.gz", gz("")).says(&["inside is nothing"]),
        file("header only", "a.csv.gz", gz("sex,hired\n")).says(&["has a header and no records"]),
        file("zero bytes", "a.csv.gz", gz("sex,hired\n\0")).says(&["`a.csv.gz` is not text: a zero byte"]),
        file("zip", "a.zip", b"PK\x03\x04".to_vec()).says(&["another zip archive"]),
        file("xz", "a.csv.xz", b"\xfd7zXZ\0".to_vec()).says(&["compressed with xz", "gzip and zstd are read"]),
        file("tar", "a.tar.gz", gz([vec![b'a'; 257], b"ustar".to_vec()].concat())).says(&["a tar archive", "tar -x"]),
        file("long window", "a.zst", {
            let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
            packer.window_log(28).unwrap();
            packer.write_all(long().as_bytes()).unwrap();
            packer.finish().unwrap()
        })
        .says(&["more memory than 128 MB"]),
    ]);
}

/// A small file that unpacks to a gigabyte.
#[test]
fn a_bomb_is_refused_or_read_in_little_memory() {
    let room = Room::new();
    let repeated = |text: &[u8], times: usize| -> Vec<u8> {
        let chunk = text.repeat((1 << 20) / text.len());
        let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
        packer.write_all(b"sex,hired\n").unwrap();
        (0..times).for_each(|_| packer.write_all(&chunk).unwrap());
        packer.finish().unwrap()
    };
    for (name, bytes, status) in [
        ("letters.zst", repeated(b"a", 1_000), 3),
        ("quote.zst", [zst("\""), repeated(b"\n", 1_000)].concat(), 3),
        ("lines.zst", repeated(b"\n", 1_000), 3),
        ("records.zst", repeated(b"F,yes\nM,no\n", 300), 1),
    ] {
        assert!(bytes.len() < 1 << 20);
        room.write(name, bytes);
        let mut command = std::process::Command::new("sh");
        // Address space, which is more than memory; two threads' stacks and a 64 MB record are well within.
        let line = format!(
            "ulimit -v 1000000; RAYON_NUM_THREADS=2 exec {} audit {name} {}",
            env!("CARGO_BIN_EXE_evenhand"),
            ROLES.join(" ")
        );
        let output = command.args(["-c", &line]).current_dir(room.path("")).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{name}: {said}");
    }
}

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
        "text (from folders), 20 missing, 3 values: ",
        "north (20)",
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
