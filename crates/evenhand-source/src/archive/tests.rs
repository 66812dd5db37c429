//! Tests of archives: honest ones, and those that are damaged, lie or explode.

use std::io::{Cursor, Write as _};

use evenhand_measure::policy::Data;
use tempfile::TempDir;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::dressed::{CSV, assert_same, policy, prepared, refused, survives, tally};

fn zipped(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        if name.ends_with('/') {
            writer.add_directory(*name, options).unwrap();
        } else {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

fn deflated(members: &[(&str, &[u8])]) -> Vec<u8> {
    zipped(members, CompressionMethod::Deflated)
}

const LINES: &[u8] = b"{\"sex\":\"f\",\"hired\":true,\"score\":0.9,\"n\":1,\"region\":\"x\"}\n";

#[test]
fn the_same_table_gives_the_same_tally() {
    assert_same("table.zip", &deflated(&[("table.csv", CSV.as_bytes())]));
    assert_same(
        "table.zip",
        &zipped(&[("table.csv", CSV.as_bytes())], CompressionMethod::Stored),
    );
    assert_same("named.csv", &deflated(&[("table.csv", CSV.as_bytes())]));
    assert_same(
        "table.zip",
        &deflated(&[
            ("export/", b""),
            ("export/table.CSV", CSV.as_bytes()),
            ("__MACOSX/export/._table.csv", b"\0\0"),
            ("export/.DS_Store", b"\0"),
            ("README.txt", b"Made by us."),
        ]),
    );
    assert_same("table.zip", &deflated(&[("table.txt", CSV.as_bytes())]));
}

#[test]
fn several_members_are_read_as_several_files() {
    let (header, rows) = CSV.split_once('\n').unwrap();
    let (first, rest) = rows.split_at(rows.find("m,").unwrap());
    let parts = [format!("{header}\n{first}"), format!("{header}\n{rest}")];
    let bytes = deflated(&[("b/2.csv", parts[1].as_bytes()), ("a/1.csv", parts[0].as_bytes())]);
    assert_same("table.zip", &bytes);
    let folder = TempDir::new().unwrap();
    let inputs = prepared(&folder, "x.zip", &bytes, &Data::default()).unwrap();
    let names: Vec<String> = inputs.all().iter().map(crate::Input::shown).collect();
    assert!(
        names[0].starts_with("`a/1.csv` in `") && names[1].starts_with("`b/2.csv` in `"),
        "{names:?}"
    );
    // Lines that could be taken for a tally, and a table in another format.
    let mixed = deflated(&[("1.jsonl", LINES), ("2.csv", parts[1].as_bytes())]);
    let expected = tally(&[("1.jsonl", LINES), ("2.csv", parts[1].as_bytes())], &policy());
    assert_eq!(tally(&[("x.zip", &mixed)], &policy()), expected);
}

#[test]
fn folders_in_an_archive_say_what_they_say_elsewhere() {
    let bytes = deflated(&[
        ("../../sex=f/part.csv", b"hired\nyes\nno\n".as_slice()),
        ("sex=m/part.csv", b"hired\nno\n"),
    ]);
    let mut policy = evenhand_measure::Policy::default();
    policy.roles.protected = vec!["sex".into()];
    policy.roles.prediction = Some("hired".into());
    let whole = b"sex,hired\nf,yes\nf,no\nm,no\n".as_slice();
    assert_eq!(
        tally(&[("x.zip", &bytes)], &policy),
        tally(&[("x.csv", whole)], &policy)
    );
}

#[test]
fn what_is_left_out_is_listed_once() {
    let folder = TempDir::new().unwrap();
    let csv = CSV.as_bytes();
    let bytes = deflated(&[
        ("1.csv", csv),
        ("2.csv", csv),
        ("notes.pdf", b"%PDF"),
        ("schema.json", b"{}"),
    ]);
    let inputs = prepared(&folder, "x.zip", &bytes, &Data::default()).unwrap();
    let readings: Vec<_> = inputs.all().iter().map(|input| input.reading().unwrap()).collect();
    assert_eq!(readings[0].packed, ["zip"]);
    let notes: Vec<&str> = readings
        .iter()
        .flat_map(|reading| &reading.notes)
        .map(|note| &*note.message)
        .collect();
    assert_eq!(notes.len(), 1);
    assert!(
        notes[0].ends_with("2 files more, of which nothing is read: `notes.pdf`, `schema.json`"),
        "{notes:?}"
    );
}

#[test]
fn what_has_no_table_is_refused() {
    let csv = CSV.as_bytes();
    let inner = deflated(&[("x.csv", csv)]);
    let twice: Vec<(String, &[u8])> = (0..300).map(|n| (format!("{n}.csv"), csv)).collect();
    let twice: Vec<(&str, &[u8])> = twice.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    for (bytes, words) in [
        (deflated(&[]), "without a table: it is empty"),
        (
            deflated(&[("a.pdf", b"%PDF"), ("b.zip", &inner)]),
            "without a table: it has `a.pdf`, `b.zip`",
        ),
        (deflated(&[("x.csv", &inner)]), "an archive within an archive"),
        (deflated(&[("x.csv", csv), ("x.jsonl", LINES)]), "rows may count double"),
        (deflated(&[("x.csv", b"")]), "`x.csv` in"),
        (deflated(&twice), "300 tables"),
    ] {
        let problem = refused("x.zip", &bytes, &Data::default());
        assert!(problem.message.contains(words), "{words}: {problem}");
    }
    let mut locked = deflated(&[("x.csv", csv)]);
    // The flag in the entry of the list, which is what counts.
    let entry = locked.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    locked[entry + 8] |= 1;
    assert!(
        refused("x.zip", &locked, &Data::default())
            .message
            .contains("needs a password")
    );
    let mut odd = deflated(&[("x.csv", csv)]);
    odd[8] = 14;
    odd[entry + 10] = 14;
    let problem = refused("x.zip", &odd, &Data::default());
    assert!(
        problem.message.contains("packed in a way that is not read"),
        "{problem}"
    );
}

#[test]
fn bombs_are_refused_soon() {
    let begun = std::time::Instant::now();
    let zeros = vec![b'0'; 64 << 20];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in 0..5 {
        writer
            .start_file(
                format!("{name}.csv"),
                SimpleFileOptions::default().compression_method(CompressionMethod::Deflated),
            )
            .unwrap();
        writer.write_all(&zeros).unwrap();
    }
    let honest = writer.finish().unwrap().into_inner();
    let problem = refused("x.zip", &honest, &Data::default());
    assert!(problem.message.contains("unpacks to more than 256 MB"), "{problem}");
    // The same with sizes that are lies.
    let mut lying = honest.clone();
    for entry in memchr::memmem::find_iter(&honest, b"PK\x01\x02") {
        lying[entry + 24..entry + 28].copy_from_slice(&100u32.to_le_bytes());
    }
    let problem = refused("x.zip", &lying, &Data::default());
    assert!(
        problem.message.contains("unpacks to more than 256 MB") || problem.message.contains("damaged"),
        "{problem}"
    );
    // What is no CSV is unpacked first, and this goes on for 512 megabytes.
    let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    packer.write_all(b"[").unwrap();
    let blanks = vec![b'['; 64 << 20];
    for _ in 0..8 {
        packer.write_all(&blanks).unwrap();
    }
    let problem = refused("x.json.zst", &packer.finish().unwrap(), &Data::default());
    assert!(problem.message.contains("unpacks to more than 256 MB"), "{problem}");
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn directories_that_lie_are_not_believed() {
    let whole = deflated(&[("x.csv", CSV.as_bytes())]);
    let end = whole.len() - 22;
    for (at, bytes, words) in [
        (end + 8, [0xff, 0x7f, 0xff, 0x7f].as_slice(), "32,767 members"),
        (end + 8, &[0xff, 0xff, 0xff, 0xff], "65,535 members"),
        (end + 4, &[1], "one of several parts"),
        (end + 12, &[0xff, 0xff, 0xff, 0xff], "list of them of more than 16 MB"),
        (end + 16, &[0xff, 0xff, 0xff, 0x7f], "not where it should be"),
        (end + 20, &[1], "something follows"),
        (end, b"XXXX", "without an end"),
    ] {
        let mut lying = whole.clone();
        lying[at..at + bytes.len()].copy_from_slice(bytes);
        let problem = refused("x.zip", &lying, &Data::default());
        assert!(problem.message.contains(words), "{words}: {problem}");
    }
    let problem = refused("x.zip", &[whole.as_slice(), b"more"].concat(), &Data::default());
    assert!(problem.message.contains("something follows"), "{problem}");
    // An end of its own within the comment of another.
    let problem = refused(
        "x.zip",
        &[&whole[..whole.len() - 2], &[22, 0], &whole[end..]].concat(),
        &Data::default(),
    );
    assert!(problem.message.contains("not where it should be"), "{problem}");
    // The longer end of a large archive, with a billion members.
    let mut long = whole[..end].to_vec();
    let size = end as u64 - u64::from(u32::from_le_bytes(whole[end + 16..end + 20].try_into().unwrap()));
    long.extend(b"PK\x06\x06");
    for number in [44u64, 0, 1 << 30, 1 << 30, size, end as u64 - size] {
        long.extend(number.to_le_bytes());
        if number == 44 {
            long.extend([45, 0, 45, 0]);
        }
    }
    long.extend(b"PK\x06\x07\0\0\0\0");
    long.extend((end as u64).to_le_bytes());
    long.extend(1u32.to_le_bytes());
    long.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    let problem = refused("x.zip", &long, &Data::default());
    assert!(problem.message.contains("1,073,741,824 members"), "{problem}");
}

#[test]
fn damage_is_refused_or_counted() {
    for bytes in [
        deflated(&[("x.csv", CSV.as_bytes())]),
        zipped(&[("x.csv", CSV.as_bytes())], CompressionMethod::Stored),
        deflated(&[("a.jsonl", LINES), ("b.jsonl", LINES)]),
    ] {
        let (_, refused) = survives("x.zip", &bytes, 1_500);
        assert!(refused > 500, "{refused}");
    }
}
