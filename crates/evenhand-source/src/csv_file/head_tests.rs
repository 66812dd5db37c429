//! Tests of finding out how texts are laid out.

use super::*;

fn read(bytes: &[u8], data: &Data) -> Result<(Head, Reading), Problem> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    head(&Input::named(file.path()), None, data).map(|(_, head, reading)| (head, reading))
}

fn head_of(bytes: &[u8]) -> Result<Head, Problem> {
    read(bytes, &Data::default()).map(|(head, _)| head)
}

#[test]
fn marks_blank_lines_and_delimiters() {
    let head = head_of(b"\xef\xbb\xbf\r\n\"a;b\";c\r\n1;2\r\n").unwrap();
    assert_eq!(
        (head.delimiter, head.columns),
        (b';', vec!["a;b".to_owned(), "c".to_owned()])
    );
    assert_eq!((head.first_byte, head.first_line), (14, 3));
    assert_eq!(head_of(b"a;b;c,d\n").unwrap().delimiter, b';');
    assert_eq!(head_of(b"a\tb\n1,2,3\n").unwrap().delimiter, b'\t');
    assert_eq!(head_of(b"a|b").unwrap().delimiter, b'|');
    assert_eq!(head_of(b"only\n1\n").unwrap().columns, ["only"]);
    assert_eq!(head_of(b"\"two\nlines\",b\n1,2\n").unwrap().first_line, 3);
}

#[test]
fn what_is_no_text_is_refused_with_its_place() {
    for (bytes, words) in [
        (b"a,b\n1,\x002\n".as_slice(), "zero byte at offset 6"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"sep=;\r\n", "is empty"),
        (b"\x01\x02\xff\xfe\x03,\n\x05", "a control character at offset 0"),
    ] {
        let problem = head_of(bytes).unwrap_err();
        assert!(problem.message.contains(words), "{problem}");
    }
    let mixed = [b"s\xe9x,".as_slice(), "gr\u{fc}p,\u{e4}\n".as_bytes()].concat();
    let problem = head_of(&mixed).unwrap_err();
    assert!(
        problem
            .message
            .contains("not UTF-8 text, as the rest of it is, at offset 1"),
        "{problem}"
    );
}

#[test]
fn a_million_columns_are_refused_at_once() {
    for name in ["c,", "abcdefgh,"] {
        let problem = head_of(name.repeat(1_000_000).as_bytes()).unwrap_err();
        assert!(problem.message.contains("10,000 columns"), "{problem}");
    }
}
