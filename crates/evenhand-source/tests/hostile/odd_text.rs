//! CSV files that do not end, or not where they should.

use std::io::Write as _;

use tempfile::tempdir;

use super::budget::within;
use super::{policy, read, refused};

const LONG: usize = 72 << 20;

#[test]
fn records_that_do_not_end_are_refused_early() {
    within(512, "odd_text::records_that_do_not_end_are_refused_early", || {
        let folder = tempdir().unwrap();
        let start = b"sex,hired\nF,yes\nM,no\n".as_slice();
        let mut text = Vec::with_capacity(LONG + 100);
        let mut refusal = |begin: &[u8], piece: &[u8], words: &str| {
            text.clear();
            text.write_all(start).unwrap();
            text.write_all(begin).unwrap();
            while text.len() < LONG {
                text.write_all(piece).unwrap();
            }
            let said = refused(&folder, "a.csv", &text, words);
            assert!(said.contains(words), "{said}");
        };
        refusal(b"", b"x", "line 4: the record does not end within 64 million bytes");
        refusal(b"F,\"", b"no\nM,yes\n", "line 4: a quote is opened and never closed");
        // Whether the quote is open depends on where reading stops.
        refusal(b"F,\"", b"\"\"", "line 4: ");
        refusal(b"", b"\"a\"\"b\",\"c\nd\",", "line ");
    });
}

#[test]
fn a_record_of_a_hundred_thousand_fields() {
    let folder = tempdir().unwrap();
    let text = format!("sex,hired\nF,yes\n{}F\n", "F,".repeat(99_999));
    let said = refused(&folder, "a.csv", text.as_bytes(), "a wide record");
    assert!(
        said.contains("line 3: the record has 100000 fields, and the header has 2"),
        "{said}"
    );
    let header = format!("sex,hired{}\nF,yes\n", ",x".repeat(99_998));
    let said = refused(&folder, "a.csv", header.as_bytes(), "a wide header");
    assert!(said.contains("more than 10,000 columns"), "{said}");
}

#[test]
fn zero_bytes_are_found_in_any_column() {
    let folder = tempdir().unwrap();
    for (place, text) in [
        ("header", "se\0x,hired\nF,yes\n".to_owned()),
        ("first value", "sex,hired\nF\0,yes\n".to_owned()),
        ("unused column", "sex,hired,x\nF,yes,\0\n".to_owned()),
    ] {
        let said = refused(&folder, "a.csv", text.as_bytes(), place);
        assert!(said.contains("zero byte"), "{place}: {said}");
    }
}

#[test]
fn every_end_of_a_small_file_is_read_or_refused() {
    let folder = tempdir().unwrap();
    let text = "\u{feff}\"sex\",hired\r\n\"F \"\"é\"\"\",yes\r\r\n\n\"two\r\nlines\",no\rM,yes";
    let mut rows = Vec::new();
    for end in 0..=text.len() {
        let tally = read(&folder, "a.csv", &text.as_bytes()[..end], &policy());
        rows.push(tally.map_or(0, |tally| tally.rows()));
    }
    assert_eq!(rows.iter().max(), Some(&3));
    assert_eq!(rows.last(), Some(&3));
}
