//! Tests of finding fields 64 bytes at a time, against finding them one by one and against the `csv` crate.

use proptest::prelude::*;

use super::*;
use crate::csv_file::record;
use crate::csv_file::record::tests::{ODD, expected};

/// All records of a text whose quotes are closed, or those that are complete; and whether it has ordinary quotes.
fn records(text: &[u8], delimiter: u8) -> (Vec<Vec<Vec<u8>>>, bool) {
    let block = Block::new(text.to_vec());
    let ends = Ends::new(delimiter);
    let bytes = block.padded();
    let mut field_ends = FieldEnds::default();
    field_ends.restart(text.contains(&b'"'));
    while field_ends.advance(&block, ends) {}

    let mut records = Vec::new();
    let mut fields = Vec::new();
    let mut from = record::start(&block, 0).unwrap_or_default();
    for &end in &field_ends.ends[..field_ends.found] {
        let end = end as usize;
        let (value, same) = record::field(&block, ends, from);
        assert_eq!(same, end);
        fields.push(value.into_owned());
        from = end + 1;
        if bytes[end] != delimiter {
            records.push(std::mem::take(&mut fields));
            from = record::start(&block, from).unwrap_or(text.len());
        }
    }
    assert_eq!(records.len(), field_ends.records());
    if field_ends.is_closed() {
        assert_eq!(fields, Vec::<Vec<u8>>::new(), "a block ends with a record");
    }
    (records, field_ends.ordinary_quotes())
}

/// Whether there is a quote that neither opens, closes nor doubles, byte by byte.
fn has_ordinary_quotes(text: &[u8], delimiter: u8) -> bool {
    #[derive(Clone, Copy)]
    enum State {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let mut state = State::Start;
    for &byte in text {
        state = match (state, byte) {
            (State::Quoted, b'"') => State::Closed,
            (State::Quoted, _) | (State::Start | State::Closed, b'"') => State::Quoted,
            (State::Plain, b'"') => return true,
            (_, byte) if byte == delimiter || byte == b'\n' || byte == b'\r' => State::Start,
            _ => State::Plain,
        };
    }
    false
}

fn agrees(text: &[u8], delimiter: u8) -> Result<(), TestCaseError> {
    let expected = expected(text, delimiter);
    let (found, ordinary) = records(text, delimiter);
    prop_assert_eq!(ordinary, has_ordinary_quotes(text, delimiter));
    // A record that ends with the file inside of quotes is not complete.
    prop_assert!(found.len() == expected.len() || found.len() + 1 == expected.len());
    prop_assert_eq!(&found, &expected[..found.len()]);
    Ok(())
}

/// What text is made of: single bytes that matter, and stretches longer than a word.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let odd = b"ab\"\"\"\",,,;;\t|\n\n\r\x00\xc3\x80\x8a\x8d\xff".to_vec();
    let piece = prop_oneof![
        12 => prop::sample::select(odd).prop_map(|byte| vec![byte]),
        1 => (0usize..150).prop_map(|length| vec![b'x'; length]),
        1 => (0usize..150).prop_map(|length| [b"\"".as_slice(), &vec![b','; length], b"\""].concat()),
        1 => Just("\"Málaga\"\"\r\n\"".as_bytes().to_vec()),
        1 => Just(b"\r\n".to_vec()),
    ];
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_are_cut_as_the_csv_crate_cuts_them(
        text in texts(), delimiter in prop::sample::select(b",;\t|".to_vec()),
    ) {
        agrees(&text, delimiter)?;
    }

    #[test]
    fn positions_are_those_of_the_bytes(bytes in prop::array::uniform32(any::<u8>()), byte in any::<u8>()) {
        let mut word = [byte; WORD];
        word[..32].copy_from_slice(&bytes);
        let expected = (0..WORD).filter(|&index| word[index] == byte).fold(0, |bits, index| bits | 1u64 << index);
        prop_assert_eq!(positions(&word, [byte]), expected);
        let mut room = [0; WORD];
        write(expected, 7, &mut room);
        let ones = (0..64u32).filter(|index| expected >> index & 1 == 1);
        prop_assert!(ones.zip(room).all(|(index, place)| place == 7 + index));
    }
}

#[test]
fn odd_text_is_cut_alike_wherever_it_lies_in_a_word() {
    for text in ODD {
        for before in 0..2 * WORD + 2 {
            for start in ["x", "\"\"\"", "\n"] {
                let text = [start.repeat(before), ",\"y\"\n".to_owned(), (*text).to_owned()].concat();
                agrees(text.as_bytes(), b',').unwrap();
            }
        }
    }
}

#[test]
fn odd_text_is_cut_alike_wherever_a_window_ends() {
    let window = WINDOW * WORD;
    for text in ODD {
        for before in (window - text.len() - 4..=window).chain([2 * window - 3]) {
            for start in [b'x', b'\n', b','] {
                let text = [&vec![start; before], b"\n".as_slice(), text.as_bytes()].concat();
                agrees(&text, b',').unwrap();
            }
        }
    }
}

#[test]
fn only_records_of_equally_many_fields_are_a_table() {
    let table = |text: &str| {
        let block = Block::new(text.as_bytes().to_vec());
        let mut field_ends = FieldEnds::default();
        field_ends.restart(false);
        assert!(field_ends.advance(&block, Ends::new(b',')));
        field_ends.table(block.padded(), 3).map(|table| {
            let first: Vec<_> = table.first_column(block.padded()).collect();
            let third: Vec<_> = table.column(2).collect();
            (first, third)
        })
    };
    assert_eq!(
        table("\n\na,b,c\r\n\r\nd,ee,\n"),
        Ok((vec![(2, 3), (11, 12)], vec![(6, 7), (16, 16)]))
    );
    assert_eq!(table("\r\n"), Ok((vec![], vec![])));
    for ragged in [
        "a,b\n",
        "a,b,c,d\n",
        "a,b,c\na,b\na,b,c,d\n",
        "a,b,c\na,b,c,d\na,b\n",
        "a,b,c\na\n",
        "a,b,c\na,b,c,d",
        "a\nb\nc\n",
        "a,b,c,a,b,c\n",
    ] {
        assert_eq!(table(ragged), Err(0), "{ragged:?}");
    }
}
