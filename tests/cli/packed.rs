//! Text packed with gzip or zstd: whole, cut short, damaged, and made to do harm.

use std::io::Write as _;

use flate2::write::GzEncoder;

use crate::harness::{Room, case, check, unequal, with};

pub const ROLES: [&str; 4] = ["--prediction", "hired", "--protected", "sex"];

pub fn gz(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes.as_ref()).unwrap();
    packer.finish().unwrap()
}

pub fn zst(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    zstd::encode_all(bytes.as_ref(), 3).unwrap()
}

pub fn args<'a>(command: &'a str, inputs: &[&'a str], roles: &[&'a str]) -> Vec<&'a str> {
    [&[command], inputs, roles].concat()
}

/// The tally that the command makes of `inputs`, with `stdin` in a pipe.
#[track_caller]
pub fn tallied_on(room: &Room, stdin: &[u8], inputs: &[&str], roles: &[&str]) -> String {
    let mut args = args("tally", inputs, roles);
    args.extend(["-o", "made.tally.json", "--quiet"]);
    let ran = room.run_on(stdin, &args);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{inputs:?}");
    let tally = room.read("made.tally.json");
    std::fs::remove_file(room.path("made.tally.json")).unwrap();
    tally
}

#[track_caller]
pub fn tallied(room: &Room, inputs: &[&str], roles: &[&str]) -> String {
    tallied_on(room, b"", inputs, roles)
}

/// More than a block of text, with what makes blocks hard to cut.
pub fn long() -> String {
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
            inspected.stdout.contains("CSV packed with gzip"),
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
        assert_eq!(run(name, &bytes).status, 4, "nothing to judge is nothing wrong");
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
        file("a parquet file", "a.parquet.gz", gz("PAR1")).says(&["is damaged or incomplete"]),
        file("a tally", "a.tally.json.gz", gz("{}")).says(&["a tally that is compressed with gzip", "gunzip"]),
        file("a tally by name", "a.tally.json", zst("{}")).says(&["a tally that is compressed with zstd", "unzstd"]),
        file("twice", "a.csv.gz.zst", zst(gz(&text))).says(&["compressed once more", "unzstd"]),
        file("UTF-16", "a.csv.gz", gz(b"\xff\xfes\0e\0x\0,\0h\0i\0r\0e\0d\0\n\0"))
            .says(&["has a header and no records"]),
        file("nothing", "a.csv.gz", gz("")).says(&["inside is nothing"]),
        file("header only", "a.csv.gz", gz("sex,hired\n")).says(&["has a header and no records"]),
        file("zero bytes", "a.csv.gz", gz("sex,hired\n\0")).says(&["`a.csv.gz` is not text: a zero byte"]),
        file("zip", "a.zip", b"PK\x03\x04".to_vec()).says(&["a zip archive without an end"]),
        file("xz", "a.csv.xz", b"\xfd7zXZ\0".to_vec()).says(&["compressed with xz", "gzip, zstd and zip are read"]),
        file(
            "tar",
            "a.tar.gz",
            gz([vec![b'a'; 100], vec![0; 157], b"ustar".to_vec()].concat()),
        )
        .says(&["a tar archive", "tar -x"]),
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
    let names: Vec<u8> = (0..100u8)
        .flat_map(|name| [vec![b'a' + name % 26; 2 << 20 | usize::from(name)], b",yes\n".to_vec()].concat())
        .collect();
    for (name, bytes, status) in [
        ("names.zst", [zst("sex,hired\n"), zst(names)].concat(), 3),
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
