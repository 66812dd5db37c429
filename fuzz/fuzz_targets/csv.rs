//! Any text is read as the `csv` crate reads it, by a slow twin that shares no code with the reader.
#![no_main]

use evenhand_fuzz::{Counted, begin, counted, policy, scratch};
use evenhand_measure::policy::Data;
use evenhand_source::Inputs;
use libfuzzer_sys::fuzz_target;

/// Headers that get further than random bytes; the first choice leaves it to them.
const HEADERS: [&[u8]; 8] = [
    b"",
    b"sex,hired\n",
    b"hired,sex,n\r\n",
    b"\xef\xbb\xbfsex;x;\"hired\"\r",
    b"\n\r\nsex\thired\tn\n",
    b"a|\"sex\"|hired|\"n\"\n",
    b"hired,\"s\"ex,n\n\n",
    b"\"hired\",sex,\"two\nlines\",n\n",
];
/// Starts by which a file is known to be something else.
const FOREIGN: [&[u8]; 10] = [
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"\xff\xfe",
    b"\xfe\xff",
    b"{",
    b"PARE",
    b"PAR1",
];

fuzz_target!(|data: &[u8]| {
    begin();
    let Some((&choice, body)) = data.split_first() else {
        return;
    };
    let text = [HEADERS[usize::from(choice & 7)], body].concat();
    if FOREIGN.iter().any(|magic| text.starts_with(magic)) {
        return;
    }
    let mut policy = policy();
    let with_count = choice & 8 != 0;
    if with_count {
        policy.roles.count = Some("n".to_owned());
    }
    if choice & 16 != 0 {
        policy.values.missing = vec!["NA".to_owned(), "-1".to_owned()];
    }
    // How a text is laid out is told, as finding that out has a target of its own.
    let unmarked = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    policy.data = Data {
        encoding: Some("utf-8".to_owned()),
        delimiter: Some(char::from(delimiter(unmarked))),
        header_row: Some(header_row(unmarked)),
        footer_rows: Some(0),
        ..Data::default()
    };
    let path = scratch("csv");
    std::fs::write(&path, &text).expect("the folder for temporary files can be written");
    let found = evenhand_source::tally(&[path.clone()], &policy, &());
    if let Err(problems) = &found {
        assert!(
            problems
                .iter()
                .all(|problem| problem.message.contains("evenhand-fuzz-")),
            "{problems:?}"
        );
    }
    let expected = twin(&text, with_count, &policy.values.missing);
    match (found, expected) {
        (_, Twin::Unsure) => {}
        (Ok(tally), Twin::Counts(records, expected)) => {
            assert_eq!(tally.records, records);
            assert_eq!(counted(&tally), expected);
            let inputs = Inputs::find(&[path]).and_then(|inputs| inputs.prepared(&policy.data));
            inputs.and_then(|inputs| inputs.profile()).expect("what can be counted can be looked at");
        }
        (Err(_), Twin::Refused(_)) => {
            let _ = evenhand_source::profile(&path);
        }
        (found, expected) => panic!("{found:?}, and the twin has {expected:?}"),
    }
});

#[derive(Debug)]
enum Twin {
    Counts(u64, Counted),
    /// Why, for the message of a finding.
    Refused(#[allow(dead_code)] &'static str),
    /// Limits on numbers of values, which are tested elsewhere.
    Unsure,
}

fn twin(text: &[u8], with_count: bool, missing: &[String]) -> Twin {
    use Twin::{Counts, Refused, Unsure};
    if text.contains(&0) {
        return Refused("a zero byte");
    }
    let mut text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // Marks of a text's end are none of it.
    while let Some(end) = text.iter().rposition(|byte| !b"\r\n".contains(byte)).filter(|end| text[*end] == 0x1a) {
        text = &text[..end];
    }
    // If a quote is left open, this is no record of its own.
    const LAST: &[u8] = b"\n\x02";
    let whole = [text, LAST].concat();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(whole.as_slice());
    let mut records: Vec<csv::ByteRecord> = reader
        .byte_records()
        .map(|record| record.expect("bytes are read"))
        .collect();
    if records.pop().is_none_or(|last| last != vec!["\x02"]) {
        return Refused("an open quote");
    }
    let Some((header, records)) = records.split_first().filter(|(_, records)| !records.is_empty()) else {
        return Refused("no records");
    };
    if header.iter().any(|name| std::str::from_utf8(name).is_err()) {
        return Refused("a header that is no text");
    }
    // A header that comes again and a line of dashes below it are no records; which lines are that has tests of its own.
    let is_rule = |cell: &[u8]| cell.iter().all(|byte| b"-=_+| \t".contains(byte));
    let is_header = |record: &csv::ByteRecord| {
        let mut cells = record.iter().zip(header);
        record.len() == header.len()
            && (cells.all(|(cell, name)| cell.trim_ascii().eq_ignore_ascii_case(name.trim_ascii()))
                || record.iter().all(is_rule))
    };
    if records.iter().any(is_header) {
        return Unsure;
    }
    let place = |wanted: &str| {
        let mut places = (0..header.len()).filter(|place| &header[*place] == wanted.as_bytes());
        places.next().filter(|_| places.next().is_none())
    };
    let (Some(sex), Some(hired)) = (place("sex"), place("hired")) else {
        return Refused("no such columns");
    };
    let count = place("n");
    if with_count && count.is_none() {
        return Refused("no count column");
    }
    let mut counted = Counted::new();
    let mut total = 0u128;
    for record in records {
        if record.len() != header.len() {
            return Refused("a ragged record");
        }
        let value = |place: usize| {
            let text = std::str::from_utf8(&record[place]).ok()?;
            let blank = text.trim().is_empty() || missing.iter().any(|missing| missing == text.trim());
            Some((!blank).then(|| text.to_owned()))
        };
        let (Some(sex), Some(hired)) = (value(sex), value(hired)) else {
            return Refused("no text");
        };
        let n = match count.filter(|_| with_count) {
            None => 1,
            Some(place) => match value(place).flatten().and_then(|text| whole_number(text.trim())) {
                None => return Refused("no count"),
                Some(n) => n,
            },
        };
        total += u128::from(n);
        if total > u128::from(u64::MAX) {
            return Refused("too many rows");
        }
        if n > 0 {
            *counted.entry((sex, hired)).or_default() += n;
        }
    }
    if total == 0 {
        return Refused("no rows");
    }
    if counted.len() > 50 {
        return Unsure;
    }
    Counts(records.len() as u64, counted)
}

fn whole_number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let number: f64 = text.parse().ok()?;
    ((0.0..=9_007_199_254_740_992.0).contains(&number) && number.trunc() == number).then_some(number as u64)
}

/// The line of the first record, which is the header.
fn header_row(text: &[u8]) -> u64 {
    let blank = text.iter().take_while(|byte| b"\r\n".contains(byte)).count();
    let blank = &text[..blank];
    let pairs = blank.windows(2).filter(|pair| pair == b"\r\n").count();
    (blank.len() - pairs + 1) as u64
}

fn delimiter(text: &[u8]) -> u8 {
    let start = text
        .iter()
        .position(|byte| !b"\r\n".contains(byte))
        .unwrap_or(text.len());
    let mut quoted = false;
    let mut header = Vec::new();
    for &byte in &text[start..] {
        quoted ^= byte == b'"';
        if !quoted && b"\r\n".contains(&byte) {
            break;
        }
        if !quoted {
            header.push(byte);
        }
    }
    let count = |wanted: u8| header.iter().filter(|byte| **byte == wanted).count();
    if count(b',') > 0 {
        return b',';
    }
    let most = b";\t|".iter().map(|wanted| count(*wanted)).max().unwrap_or(0);
    let mut of_most = b";\t|".iter().filter(|wanted| most > 0 && count(**wanted) == most);
    of_most.next().copied().unwrap_or(b',')
}
