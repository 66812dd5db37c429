//! Small Parquet files that say that they are large, or that grow when they are read.

use tempfile::tempdir;

use super::budget::within;
use super::craft::{BYTE_ARRAY, Chunk, Crafted, DELTA_BYTE_ARRAY, Page, RLE_DICTIONARY, varint};
use super::{policy, read, refused};

#[test]
fn little_that_says_it_is_much() {
    within(512, "bombs::little_that_says_it_is_much", || {
        let folder = tempdir().unwrap();
        refused(
            &folder,
            "a.parquet",
            &footer_of(&[0x19, 0xfc], 1 << 20),
            "a million columns in the footer",
        );
        refused(
            &folder,
            "a.parquet",
            &footer_of(&[0x49, 0xfc], 1 << 20),
            "a million row groups in the footer",
        );
        read(&folder, "a.parquet", &repetitive(1 << 20).bytes(), &policy()).unwrap();
        read(&folder, "a.parquet", &inflated(100 << 20), &policy()).unwrap_err();
    });
}

#[test]
fn many_rows_of_a_few_bytes_are_counted() {
    within(256, "bombs::many_rows_of_a_few_bytes_are_counted", || {
        // More rows than bytes are allowed. Threads begin in the middle of the one page that each column has.
        let rows = 300_000_000;
        let folder = tempdir().unwrap();
        let tally = read(&folder, "a.parquet", &Crafted::long(rows).bytes(), &policy()).unwrap();
        assert_eq!(tally.rows(), u64::from(rows));
    });
}

/// A footer whose list, begun by `head`, has so many empty structures.
fn footer_of(head: &[u8], length: usize) -> Vec<u8> {
    let footer = [head, &varint(length as u64), &vec![0; length + 1]].concat();
    [
        b"PAR1",
        footer.as_slice(),
        &(footer.len() as u32).to_le_bytes(),
        b"PAR1",
    ]
    .concat()
}

/// Texts that repeat the one before: each is long, and all but the first take no room.
fn repetitive(length: u32) -> Crafted {
    let count = 1_024;
    let blocks = |first: &[u8]| {
        let others = [[0, 0, 0, 0, 0].as_slice(); 7].concat();
        [first, &others].concat()
    };
    let header = |first: u64| [varint(128), varint(4), varint(count), varint(first << 1)].concat();
    // Prefixes 0, length, length, …: one step of `length` and then none.
    let mut steps = vec![0u8; 128];
    steps[..4].copy_from_slice(&length.to_le_bytes());
    let prefixes = [header(0), blocks(&[[0, 32, 0, 0, 0].as_slice(), &steps].concat())].concat();
    // Suffixes length, 0, 0, …: one step of -length, which is the least, and then 0 above which is `length`.
    let least = varint(u64::from(length) * 2 - 1);
    let steps: Vec<u8> = (0..128u32)
        .flat_map(|step| (if step == 0 { 0 } else { length }).to_le_bytes())
        .collect();
    let first = [least.as_slice(), &[32; 4], &steps].concat();
    let suffixes = [header(u64::from(length)), blocks(&first), vec![b'x'; length as usize]].concat();
    let page = Page::data(count as i32, DELTA_BYTE_ARRAY, [prefixes, suffixes].concat());
    let hired = Page::data(count as i32, RLE_DICTIONARY, [vec![0], varint(count << 1)].concat());
    let chunks = vec![
        Chunk::new("sex", BYTE_ARRAY, false, vec![page]),
        Chunk::new("hired", BYTE_ARRAY, false, vec![Page::dictionary(&["yes"]), hired]),
    ];
    Crafted::of(count as i64, chunks)
}

/// A file whose one page of `hired` is gzip that goes on for `length` bytes, many more than its header says.
fn inflated(length: usize) -> Vec<u8> {
    // RFC 1952, then RFC 1951: the last block, with the fixed code: the literal `A` and copies of 258 bytes, one back.
    let mut bits: Vec<bool> = vec![true, true, false];
    let code = |bits: &mut Vec<bool>, code: u32, width: u32| {
        bits.extend((0..width).rev().map(|bit| code >> bit & 1 == 1));
    };
    code(&mut bits, 0x30 + u32::from(b'A'), 8);
    for _ in 0..length / 258 {
        code(&mut bits, 0b1100_0101, 8);
        code(&mut bits, 0, 5);
    }
    let packed = bits
        .chunks(8)
        .map(|bits| bits.iter().rev().fold(0u8, |byte, bit| byte << 1 | u8::from(*bit)));
    let body: Vec<u8> = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        .into_iter()
        .chain(packed)
        .collect();
    let file = Crafted::honest().with(|file| {
        let hired = file.chunk("hired");
        hired.codec = 2;
        hired.pages[0].body = body;
        hired.pages[0].large = Some(104);
    });
    file.bytes()
}
