//! Exports that nobody should open: addresses, and files made to take all memory, all disk or all day.

use std::io::Write as _;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};

use crate::harness::{Room, case, check, unequal};
use crate::packed::gz;

/// So much memory may a run take, whatever it is given.
const MEGABYTES: u32 = 512;

/// So long may it take; these tests are not optimised and share the computer with others.
const SECONDS: u64 = 20;

/// What a bomb unpacks to at least: more than the 256 MB that anything may, and more than memory would hold.
const BLOCKS: usize = 40;
const BLOCK: usize = 16 << 20;

#[test]
fn addresses_are_refused_before_anything_sees_them() {
    const NEVER: &str = "evenhand never uses the network";
    let file = |line: &str, address: &'static str| {
        case(address, &format!("{line} {address}"), 2)
            .file("a.csv", unequal())
            .says(&[NEVER, address])
    };
    let addresses = [
        "https://example.com/export.csv",
        "http://127.0.0.1:9/export.xlsx",
        "HTTPS://EXAMPLE.COM/EXPORT.JSON",
        "s3://bucket/part-*.parquet",
        "gs://bucket/a.csv",
        "ftp://example.com/a.zip",
        "file:///etc/passwd",
        "sqlite://a.db",
    ];
    let mut cases = Vec::new();
    for address in addresses {
        for line in ["audit", "audit a.csv", "inspect", "tally -o a.tally.json", "init"] {
            cases.push(file(line, address));
        }
        cases.push(file("audit a.csv --on sex --users", address));
        cases.push(file("audit a.csv --items-on sex --items", address));
        cases.push(file("audit a.csv --lookup-on sex --lookup", address));
    }
    check(&cases);
}

/// A stream that unpacks to `start`, `BLOCKS` times `BLOCK` bytes of `line`, and `end`, without packing all of it: after
/// a full flush the same packed bytes may follow again.
fn deflated(start: &str, line: &str, end: &str) -> Vec<u8> {
    let block = line.repeat(BLOCK / line.len());
    let packed = |text: &str, flush| {
        // The best, or a hundred times its size would be gigabytes.
        let mut packer = Compress::new(Compression::best(), false);
        let mut packed = Vec::with_capacity(text.len() / 50 + 1_024);
        packer.compress_vec(text.as_bytes(), &mut packed, flush).unwrap();
        assert_eq!(packer.total_in(), text.len() as u64);
        packed
    };
    let middle = packed(&block, FlushCompress::Full);
    [
        packed(start, FlushCompress::Full),
        middle.repeat(BLOCKS),
        packed(end, FlushCompress::Finish),
    ]
    .concat()
}

fn gzipped(deflated: &[u8]) -> Vec<u8> {
    [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", deflated].concat()
}

/// A zip archive of deflated members that are said to unpack to `size` bytes.
fn zipped(members: &[(&str, &[u8])], size: u32) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, deflated) in members {
        let offset = archive.len() as u32;
        let mut entry = Vec::new();
        // Version, flags, method, time, day, sum.
        for word in [20u16, 0, 8, 0, 0x21, 0, 0] {
            entry.write_all(&word.to_le_bytes()).unwrap();
        }
        for word in [deflated.len() as u32, size, name.len() as u32] {
            entry.write_all(&word.to_le_bytes()).unwrap();
        }
        archive.extend([b"PK\x03\x04", &entry[..], name.as_bytes(), deflated].concat());
        directory.extend(
            [
                b"PK\x01\x02\x14\0",
                &entry[..],
                &[0; 10],
                &offset.to_le_bytes(),
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    let (count, start) = (members.len() as u16, archive.len() as u32);
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    for word in [count, count] {
        archive.extend(word.to_le_bytes());
    }
    for word in [directory.len() as u32, start] {
        archive.extend(word.to_le_bytes());
    }
    archive.extend([0, 0]);
    archive
}

/// Looks at the file and tallies it, both of which have to end with status 3, in time and with little memory. The
/// message names the file and one of `words`.
#[track_caller]
fn refused(name: &str, bytes: &[u8], words: &[&str]) {
    /// What is kept until it is too much takes room on the disk, of which there may be little: one at a time.
    static DISK: Mutex<()> = Mutex::new(());
    let _alone = DISK.lock().unwrap_or_else(PoisonError::into_inner);
    let room = Room::new();
    room.write(name, bytes);
    for line in ["inspect", "tally --prediction hired --protected sex -o a.tally.json"] {
        let args: Vec<&str> = line.split(' ').chain([name]).collect();
        let start = Instant::now();
        let output = limited(&room, &args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let took = start.elapsed();
        assert_eq!(output.status.code(), Some(3), "{name}, {line}: {said}");
        assert!(took < Duration::from_secs(SECONDS), "{name}, {line}: {took:?}");
        assert!(
            said.contains(&format!("`{name}")) && said.contains("  help: "),
            "{name}: {said}"
        );
        assert!(
            words.iter().any(|word| said.contains(word)),
            "{name}: none of {words:?} in: {said}"
        );
        assert!(!said.contains("panicked") && said.len() < 4_000, "{name}: {said}");
    }
}

/// The command with a limit of the system on its memory, where there is one: an allocation beyond it ends the run.
fn limited(room: &Room, args: &[&str]) -> Command {
    let mut command = room.command(args);
    if cfg!(target_os = "linux") {
        let inner = std::mem::replace(&mut command, Command::new("sh"));
        command
            .args(["-c", "ulimit -d \"$0\" && exec \"$@\"", &(MEGABYTES * 1024).to_string()])
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(inner.get_current_dir().unwrap());
    }
    command.env("RAYON_NUM_THREADS", "2");
    command
}

#[test]
fn the_limit_on_memory_holds() {
    if !cfg!(target_os = "linux") {
        return;
    }
    // Otherwise the tests below would prove nothing about memory.
    let room = Room::new();
    room.write("a.csv", unequal());
    let mut tight = limited(&room, &["audit", "a.csv"]);
    assert_eq!(tight.output().unwrap().status.code(), Some(1));
    let mut shell = Command::new("sh");
    let grows = "ulimit -d \"$0\" && exec dd if=/dev/zero of=/dev/null bs=900M count=1";
    shell.args(["-c", grows, &(MEGABYTES * 1024).to_string()]);
    let output = shell.output().unwrap();
    assert!(!output.status.success(), "900 MB were had within {MEGABYTES} MB");
}

#[test]
fn archives_that_grow_without_end() {
    let table = deflated("sex,hired\n", "M,yes\nF,no\n", "");
    refused(
        "table.zip",
        &zipped(&[("a.csv", &table)], 0xffff_fffe),
        &["unpack", "damaged"],
    );
    refused(
        "modest.zip",
        &zipped(&[("a.csv", &table)], 1_000),
        &["unpack", "damaged"],
    );
    let many: Vec<(String, &[u8])> = (0..4).map(|part| (format!("part-{part}.csv"), &table[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, part)| (name.as_str(), *part)).collect();
    refused("parts.zip", &zipped(&many, 1_000), &["unpack", "damaged"]);
}

#[test]
fn archives_of_nothing_but_entries() {
    let small = deflated_once("sex,hired\nM,yes\n");
    let names: Vec<String> = (0..60_000).map(|part| format!("part-{part}.csv")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &small[..])).collect();
    refused("entries.zip", &zipped(&members, 16), &["60,000", "60000", "more than"]);
}

fn deflated_once(text: &str) -> Vec<u8> {
    let mut packer = Compress::new(Compression::fast(), false);
    let mut packed = Vec::with_capacity(1_024);
    packer
        .compress_vec(text.as_bytes(), &mut packed, FlushCompress::Finish)
        .unwrap();
    packed
}

#[test]
fn workbooks_that_grow_without_end() {
    let book = deflated_once("<workbook><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
    let types = deflated_once("<Types/>");
    let links = deflated_once(
        "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/></Relationships>",
    );
    let row = "<row><c t=\"str\"><v>M</v></c><c t=\"str\"><v>yes</v></c></row>";
    let sheet = deflated("<worksheet><sheetData>", row, "</sheetData></worksheet>");
    let parts: [(&str, &[u8]); 4] = [
        ("[Content_Types].xml", &types),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &links),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    refused(
        "book.xlsx",
        &zipped(&parts, 0xffff_fffe),
        &["unpack", "bytes", "MB", "GB", "damaged"],
    );
    refused(
        "modest.xlsx",
        &zipped(&parts, 1_000),
        &["unpack", "bytes", "MB", "GB", "damaged"],
    );
}

#[test]
fn packed_documents_that_grow_without_end() {
    let lines = deflated("", "{\"sex\":\"M\",\"hired\":\"yes\"}\n", "");
    refused("lines.jsonl.gz", &gzipped(&lines), &["unpack", "gzip"]);
    let cell = deflated("sex,hired\nM,", "x", "\n");
    refused("cell.csv.gz", &gzipped(&cell), &["record", "unpack", "gzip"]);
    let text = deflated("[{\"sex\":\"", "x", "\"}]");
    refused("text.json.gz", &gzipped(&text), &["unpack", "gzip", "long", "bytes"]);
}

#[test]
fn cells_of_a_gigabyte() {
    let room = Room::new();
    // What was never written is zeros and takes no room: 1 GB that a database or a crash left behind.
    for (name, start) in [("a.csv", "sex,hired\nM,"), ("a.json", "[{\"sex\":\"")] {
        let file = std::fs::File::create(room.path(name)).unwrap();
        (&file).write_all(start.as_bytes()).unwrap();
        file.set_len(1 << 30).unwrap();
        let start = Instant::now();
        let output = limited(&room, &["inspect", name]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{name}: {said}");
        assert!(said.contains(&format!("`{name}`")) && said.contains("help: "), "{said}");
        assert!(
            start.elapsed() < Duration::from_secs(SECONDS),
            "{name}: {:?}",
            start.elapsed()
        );
    }
    // More than a record may have, as text and as JSON.
    let long = "x".repeat(80 << 20);
    refused(
        "long.csv",
        format!("sex,hired\nM,{long}\n").as_bytes(),
        &["64 million bytes"],
    );
    refused(
        "long.jsonl",
        format!("{{\"sex\":\"M\",\"hired\":\"{long}\"}}\n").as_bytes(),
        &["bytes", "long", "MB"],
    );
}

#[test]
fn a_million_columns() {
    const COLUMNS: usize = 1 << 20;
    let names: Vec<String> = (0..COLUMNS).map(|column| format!("c{column}")).collect();
    let header = names.join(",");
    let values = vec!["1"; COLUMNS].join(",");
    let most = &["more than 10,000 columns", "10,000"][..];
    refused("a.csv", format!("{header}\n{values}\n").as_bytes(), most);
    refused("a.csv.gz", &gz(format!("{header}\n{values}\n")), most);
    let utf_16: Vec<u8> = format!("\u{feff}{header}\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    refused("a.tsv", &utf_16, most);
    let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":1")).collect();
    refused("a.jsonl", format!("{{{}}}\n", members.join(",")).as_bytes(), most);
    // A name each that no other record has.
    let records: Vec<String> = names
        .iter()
        .take(100_000)
        .map(|name| format!("{{\"{name}\":1}}"))
        .collect();
    refused("b.jsonl", records.join("\n").as_bytes(), most);
    refused("c.json", format!("[{}]", records.join(",")).as_bytes(), most);
}

#[test]
fn documents_without_a_ground() {
    const DEPTH: usize = 2_000_000;
    let deep = &["deep"][..];
    let lists = "[".repeat(DEPTH);
    refused("lists.json", lists.as_bytes(), &["deep", "ends", "names"]);
    refused(
        "closed.json",
        (lists.clone() + &"]".repeat(DEPTH)).as_bytes(),
        &["deep", "ends", "names"],
    );
    refused("objects.json", "{\"a\":".repeat(DEPTH).as_bytes(), deep);
    let cell = format!("{{\"sex\":\"M\",\"hired\":{lists}}}\n");
    refused("cell.jsonl", cell.as_bytes(), deep);
    refused("packed.json.gz", &gz(&lists), &["deep", "ends", "names"]);
}
